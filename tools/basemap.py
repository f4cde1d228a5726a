"""Make data/basemap.geojson: simplified outlines of the six CSTO members from Natural Earth.

Run it with ``python -m tools.basemap`` after ``make setup``. Natural Earth is in the public domain; its 1:50 million
country outlines come as TopoJSON in the npm package ``world-atlas`` (site/package.json pins the version).
"""

import json
from pathlib import Path

from shapely import LineString

from casebook.errors import CasebookError
from tools.files import DATA, ROOT, write_atomic

ATLAS = ROOT / "site" / "node_modules" / "world-atlas" / "countries-50m.json"
OUTPUT = DATA / "basemap.geojson"
LIMIT_BYTES = 60_000

# ISO 3166 numeric code (the atlas's key) -> (alpha-3 code, tolerance of the simplification in degrees)
MEMBERS = {
    "051": ("ARM", 0.02),
    "112": ("BLR", 0.05),
    "398": ("KAZ", 0.03),
    "417": ("KGZ", 0.03),
    "643": ("RUS", 0.30),
    "762": ("TJK", 0.03),
}
SMALLEST_RING_DEGREES = 1.0  # islands whose outline is shorter than this are left out


def decode_arcs(topology: dict) -> list[list[tuple[float, float]]]:
    """Turn the delta-encoded integer arcs of a TopoJSON topology into longitude/latitude points.

    Source: TopoJSON format specification, sections 2.1.2 and 2.1.3 (transforms, arcs).
    """
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for encoded in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in encoded:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)
    return arcs


def ring(arc_numbers: list[int], arcs: list[list[tuple[float, float]]], tolerance: float) -> list[list[float]]:
    """Join simplified arcs to one closed ring; a negative number ``~n`` means arc ``n`` reversed.

    Arcs, not rings, are simplified, so that two countries that share a border keep sharing it where their
    tolerance is the same.
    """
    points: list[tuple[float, float]] = []
    for number in arc_numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        simplified = list(LineString(arc).simplify(tolerance).coords)
        points.extend(simplified[1:] if points else simplified)
    return [[round(longitude, 2), round(latitude, 2)] for longitude, latitude in points]


def outline(topology: dict, code: str) -> dict:
    """Return one member state as a GeoJSON feature with a MultiPolygon geometry (degrees, WGS 84)."""
    alpha3, tolerance = MEMBERS[code]
    arcs = decode_arcs(topology)
    geometry = next(g for g in topology["objects"]["countries"]["geometries"] if g.get("id") == code)
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    outer_rings = [ring(polygon[0], arcs, tolerance) for polygon in polygons]
    kept = [
        [points] for points in outer_rings if len(points) > 3 and LineString(points).length >= SMALLEST_RING_DEGREES
    ]
    return {
        "type": "Feature",
        "properties": {"iso3": alpha3, "name": geometry["properties"]["name"]},
        "geometry": {"type": "MultiPolygon", "coordinates": kept},
    }


def build(atlas: Path = ATLAS) -> bytes:
    """Return the base map as GeoJSON text.

    Raises
    ------
    CasebookError
        If the atlas is not installed or the result is larger than 60 kB.
    """
    if not atlas.exists():
        raise CasebookError(f"{atlas.name} is missing from site/node_modules; run 'make setup' first.")
    topology = json.loads(atlas.read_text(encoding="utf-8"))
    features = [outline(topology, code) for code in MEMBERS]
    content = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode() + b"\n"
    if len(content) > LIMIT_BYTES:
        raise CasebookError(f"basemap.geojson would have {len(content)} bytes; raise a tolerance in tools/basemap.py.")
    return content


if __name__ == "__main__":
    write_atomic(OUTPUT, build())
    print(f"wrote data/{OUTPUT.name}, {OUTPUT.stat().st_size} bytes")
