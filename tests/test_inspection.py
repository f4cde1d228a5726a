"""The built site has no fault that inspection knows, and each planted fault is told with page, element, what to do."""

import json
import shutil
import subprocess

import anywidget
import ipywidgets
import pytest
from ipywidgets.embed import dependency_state
from PIL import Image

from casebook.errors import CasebookError
from casebook.widgets import filter_by, frames
from tools import build, inspection
from tools.alternative_text import fault
from tools.built_pages import addresses_in_css
from tools.files import chapters
from tools.widget_models import STATE, VIEW

SAID = "Map of Kazakhstan with marks for 20 places: circles for protest only, triangles for violence in 12 of them."
PAGE = f"""\
<!doctype html>
<html lang="en">
<head><title>Places</title><link rel="stylesheet" href="look.css"><link rel="canonical" href="https://example.org/"></head>
<body>
<div class="onlyprint"><h1>Places</h1><h4>Contents</h4></div>
<main id="main">
<h1>Places</h1>
<section id="map">
<h2>The map</h2>
<figure id="fig-map"><img src="map.png" alt="{SAID}"><figcaption>
<span class="caption-number">Fig. 1 </span><span class="caption-text">Places by day</span></figcaption></figure>
<img src="line.svg" alt="" role="presentation">
<p><a href="days/other.html#first%20day">Days</a> <a href="#fig-map">The map</a> <a href="https://example.org/">More</a></p>
</section>
<!-- here -->
</main>
</body>
</html>
"""
OTHER = """\
<html lang="en"><head><title>Days</title></head>
<body><h1 id="first day">Days</h1><a href="../index.html?from=days">Back</a></body></html>
"""
DRAWING = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/></svg>'
SHEET = (
    "@import 'more.css';\nmain { background: url(map.png); mask: url('data:image/svg+xml,%3Csvg xmlns=http://x') }\n"
)


@pytest.fixture
def small(tmp_path):
    """Return the folder of a small site without a fault."""
    folder = tmp_path / "html"
    (folder / "days").mkdir(parents=True)
    write(folder / "index.html", PAGE)
    write(folder / "days" / "other.html", OTHER)
    write(folder / "line.svg", DRAWING)
    write(folder / "look.css", SHEET)
    Image.new("L", (400, 200)).save(folder / "map.png")
    return folder


def write(path, text):
    path.write_text(text, encoding="utf-8")


def plant(path, old, new):
    """Replace a part of a page, which must be there, by a faulty one."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    write(path, text.replace(old, new, 1))


def test_the_built_site_has_no_fault(site):
    found = inspection.problems(site)
    assert not found, "\n".join(found)


def test_a_small_site_without_fault_gives_no_sentence(small):
    assert inspection.problems(small) == []
    inspection.refuse_faults(small)


MAP = f'<img src="map.png" alt="{SAID}">'
HERE = "<!-- here -->"
TO_DAYS = 'href="days/other.html#first%20day"'
TO_MAP = 'href="#fig-map"'
X = "https://example.invalid/x"
IN_FIGURE = '<img src="map.png"> in #fig-map'
NO_FILE = "leads to no file of the site; correct the address."
NO_ID = "leads to no id of that page; correct the part after '#'."
NO_TEXT = 'it has no alternative text; say what it shows, or give decoration alt="" and role="presentation".'
FILE_OR_HASH = "its alternative text holds a file name or a hash; say what the figure shows."


def foreign(address):
    return f"it loads '{address}' from elsewhere; ship the file with the site, or take it out."


# what to replace in the small page, by what, and the sentence in two halves: the element, what to do
FAULTS = {
    "no alternative text": (MAP, '<img src="map.png">', IN_FIGURE, NO_TEXT),
    "an empty alternative text": (
        MAP,
        '<img src="map.png" alt="">',
        IN_FIGURE,
        'its alternative text is empty; say what it shows, or add role="presentation".',
    ),
    "a file name as alternative text": (MAP, '<img src="map.png" alt="map.png">', IN_FIGURE, FILE_OR_HASH),
    "a hash as alternative text": (
        MAP,
        '<img src="map.png" alt="2f0e27977ac5fe125ce637113fa49c518a3d3f221c097b5a0b0580144364bf2a">',
        IN_FIGURE,
        FILE_OR_HASH,
    ),
    "'image of'": (
        SAID,
        f"An image of a {SAID}",
        IN_FIGURE,
        "its alternative text starts with 'figure of' or the like; start with the kind of figure.",
    ),
    "a short alternative text": (
        SAID,
        "Map of places",
        IN_FIGURE,
        "its alternative text has 13 characters; say kind, axes and finding in 60 or more.",
    ),
    "the caption as alternative text": (
        SAID,
        "places  by Day.",
        IN_FIGURE,
        "its alternative text repeats the caption; say what the figure shows.",
    ),
    "one alternative text for two pictures": (
        HERE,
        f'<img src="line.svg" alt="{SAID}">',
        '<img src="line.svg"> in #main',
        "it has the alternative text of another picture; say in it what differs.",
    ),
    "a drawing in the page without a name": (
        HERE,
        '<svg><text>x</text></svg><svg aria-hidden="true"></svg><svg aria-labelledby="map"></svg>',
        "<svg> 'x' in #main",
        'it has no alternative text; give it role="img" and an aria-label, or aria-hidden="true".',
    ),
    "a foreign picture": (
        HERE,
        f'<img src="{X}" alt="{SAID} 2">',
        f'<img src="{X}"> in #main',
        foreign(X),
    ),
    "a foreign picture for sharp screens": (
        'src="map.png"',
        'src="map.png" srcset="map.png 1x, //example.invalid/x.png 2x"',
        IN_FIGURE,
        foreign("//example.invalid/x.png"),
    ),
    "a foreign script": (HERE, f'<script src="{X}"></script>', f'<script src="{X}"> in #main', foreign(X)),
    "a script that names a foreign address": (
        HERE,
        f'<script id="own">const svg = "http://www.w3.org/2000/svg"; import("{X}")</script>',
        '<script id="own"> in #main',
        foreign(X),
    ),
    "a foreign stylesheet": (
        HERE,
        f'<link rel="stylesheet" href="{X}">',
        f'<link href="{X}"> in #main',
        foreign(X),
    ),
    "a foreign frame": (
        HERE,
        f'<iframe title="x" src="{X}"></iframe>',
        f'<iframe src="{X}"> in #main',
        foreign(X),
    ),
    "a foreign film": (
        HERE,
        f'<video><source src="{X}"></video>',
        f'<source src="{X}"> in #main',
        foreign(X),
    ),
    "a foreign object": (HERE, f'<object data="{X}">text</object>', "<object> 'text' in #main", foreign(X)),
    "a foreign part of a drawing": (
        HERE,
        f'<svg aria-label="x"><image xlink:href="{X}"/></svg>',
        "<image> in #main",
        foreign(X),
    ),
    "a foreign background": (
        '<section id="map">',
        f"""<section id="map" style="background: url( '{X}' )">""",
        '<section id="map"> in #main',
        foreign(X),
    ),
    "a foreign import in a page's styles": (
        HERE,
        f"<style>@import '{X}';</style>",
        f"<style> '@import '{X}';' in #main",
        foreign(X),
    ),
    "a file of one machine": (
        HERE,
        '<script src="file:///x.js"></script>',
        '<script src="file:///x.js"> in #main',
        foreign("file:///x.js"),
    ),
    "an address that is none": (
        HERE,
        '<script src="http://[x"></script>',
        '<script src="http://[x"> in #main',
        foreign("http://[x"),
    ),
    "a dead link": (TO_DAYS, 'href="days/missing.html"', "<a> 'Days' in #map", f"'days/missing.html' {NO_FILE}"),
    "a link to a folder": (TO_DAYS, 'href="days/"', "<a> 'Days' in #map", f"'days/' {NO_FILE}"),
    "a link out of the site": (TO_DAYS, 'href="../secret.html"', "<a> 'Days' in #map", f"'../secret.html' {NO_FILE}"),
    "a dead anchor of another page": (
        TO_DAYS,
        'href="days/other.html#second"',
        "<a> 'Days' in #map",
        f"'days/other.html#second' {NO_ID}",
    ),
    "a dead anchor of the same page": (TO_MAP, 'href="#fig-none"', "<a> 'The map' in #map", f"'#fig-none' {NO_ID}"),
    "a link to nowhere": (
        TO_MAP,
        'href="#"',
        "<a> 'The map' in #map",
        "its link '#' leads nowhere; name a page or an id.",
    ),
    "a script as a link": (
        TO_MAP,
        'href="javascript:void(0)"',
        "<a> 'The map' in #map",
        "its link 'javascript:void(0)' is none that every reader can follow; name a page, or use https.",
    ),
    "a link without a scheme": (
        '<a href="https://example.org/">',
        '<a href="//example.org/">',
        "<a> 'More' in #map",
        "its link '//example.org/' is none that every reader can follow; name a page, or use https.",
    ),
    "a missing stylesheet": ('href="look.css"', 'href="x.css"', '<link href="x.css">', f"'x.css' {NO_FILE}"),
    "an id that stands twice": (
        HERE,
        '<p id="map">Again</p>',
        '<section id="map"> in #main',
        "its id stands 2 times on the page; make each its own.",
    ),
    "no language": (' lang="en"', "", "whole page", "it does not name its language; set 'language' in _config.yml."),
    "no title": (
        "<title>Places</title>",
        "<title> </title>",
        "whole page",
        "it has no title; start the source with a heading.",
    ),
    "no heading of the first level": (
        '<main id="main">\n<h1>Places</h1>',
        '<main id="main">',
        "whole page",
        "it has no heading of the first level; start the source with '# ' and its title.",
    ),
    "a skipped level": (
        HERE,
        "<h4>Deep</h4>",
        "<h4> 'Deep' in #main",
        "the heading follows one of level 2; make it level 3.",
    ),
}


@pytest.mark.parametrize(("old", "new", "element", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_told_in_one_sentence(small, old, new, element, message):
    plant(small / "index.html", old, new)
    assert inspection.problems(small) == [f"index.html, {element}: {message}"]


def test_a_foreign_address_in_a_stylesheet_is_told(small):
    write(small / "look.css", f'{SHEET} nav {{ background: URL( "{X}" ) }}')
    assert inspection.problems(small) == [f"look.css, stylesheet: {foreign(X)}"]


@pytest.mark.parametrize(
    "css",
    [
        f"@import '{X}';",
        f"@import url({X});",
        f"p {{ cursor: url('{X}'), auto }}",
        f'p {{ background: image-set("{X}" 1x) }}',
    ],
)
def test_every_way_to_name_an_address_in_css_is_known(css):
    assert addresses_in_css(css) == [X]


def test_a_foreign_address_in_a_drawing_is_told(small):
    write(small / "line.svg", DRAWING.replace("#a", X))
    assert inspection.problems(small) == [f'line.svg, <use href="{X}">: {foreign(X)}']


def too_heavy(path):
    size = path.stat().st_size
    return f"the picture has {size:,} bytes; draw it with less until it has 100,000 or fewer."


def test_a_picture_of_too_many_bytes_is_told(small):
    Image.effect_noise((400, 300), 90).save(small / "map.png")
    assert inspection.problems(small) == [f"index.html, {IN_FIGURE}: {too_heavy(small / 'map.png')}"]


def test_a_drawing_of_too_many_bytes_is_told(small):
    write(small / "line.svg", DRAWING + " " * 100_000)
    assert inspection.problems(small) == [f'index.html, <img src="line.svg"> in #map: {too_heavy(small / "line.svg")}']


def test_a_drawing_in_the_page_of_too_many_bytes_is_told(small):
    plant(small / "index.html", HERE, f'<svg aria-label="{SAID}"><path d="{"M0 0" * 25_000}"></path></svg>')
    (found,) = inspection.problems(small)
    assert found.startswith("index.html, <svg> in #main: the picture has 100,")


def test_a_picture_within_an_address_is_weighed_and_measured(small):
    plant(small / "index.html", 'src="line.svg"', f'src="data:image/svg+xml,%3Csvg{"x" * 100_000}"')
    (found,) = inspection.problems(small)
    assert "the picture has 100,004 bytes" in found


@pytest.mark.parametrize(
    ("attribute", "shown"), [("", 854), ('width="90"', 90), ('style="width: 95px;"', 95), ('width="80%"', 854)]
)
def test_a_picture_of_too_many_pixels_is_told(small, attribute, shown):
    plant(small / "index.html", "<img src", f"<img {attribute} src")
    Image.new("L", (2 * shown, 10)).save(small / "map.png")
    assert inspection.problems(small) == []
    Image.new("L", (2 * shown + 1, 10)).save(small / "map.png")
    assert inspection.problems(small) == [
        f"index.html, {IN_FIGURE}: the picture is {2 * shown + 1} pixels wide and shown at {shown}; "
        f"make it {2 * shown} or fewer."
    ]


def test_a_file_that_is_no_picture_is_told(small):
    write(small / "map.png", "map")
    assert inspection.problems(small) == [f"index.html, {IN_FIGURE}: the file is no picture; draw it again."]


@pytest.mark.parametrize("address", ["data:,", "data:image/png;base64,a"])
def test_an_address_that_holds_no_picture_is_told(small, address):
    plant(small / "index.html", 'src="line.svg"', f'src="{address}"')
    assert inspection.problems(small) == [
        f'index.html, <img src="{address}"> in #map: the file is no picture; draw it again.'
    ]


def test_a_good_alternative_text_has_no_fault():
    assert fault(SAID, "Places by day") is None


def show(folder, *widgets):
    """Put widgets into the small page, as Sphinx does."""
    state = {"version_major": 2, "version_minor": 0, "state": dependency_state(widgets, drop_defaults=False)}
    views = [
        f'<script type="{VIEW}">{json.dumps({"model_id": widget.model_id, "version_major": 2})}</script>'
        for widget in widgets
    ]
    plant(folder / "index.html", HERE, f'<script type="{STATE}">{json.dumps(state)}</script>{"".join(views)}')


def test_interactives_that_live_in_the_page_have_no_fault(small):
    states = {kind: {phase: f"<p>{kind} {phase}</p>" for phase in ("x", "y")} for kind in ("a", "b")}
    progress, slider = ipywidgets.IntProgress(), ipywidgets.IntSlider(description="Sum")
    directed = ipywidgets.jsdlink((slider, "value"), (progress, "value"))
    show(
        small,
        frames({"1 January": "<p>one</p>", "2 January": "<p>two</p>"}, "Day"),
        filter_by(states, "Kind", "Phase"),
        ipywidgets.VBox([slider, progress]),
    )
    assert directed.source
    assert inspection.problems(small) == []


DEAD_CONTROL = "it changes nothing on the page; link it with 'jslink', or use 'frames' or 'filter_by'."


def test_a_control_that_is_linked_to_nothing_is_told(small):
    show(small, ipywidgets.VBox([ipywidgets.IntSlider(description="Weight")]))
    assert inspection.problems(small) == [f"index.html, IntSlider 'Weight' in #main: {DEAD_CONTROL}"]


def test_controls_that_only_move_each_other_are_told(small):
    play, slider = ipywidgets.Play(description="Run"), ipywidgets.IntSlider(description="Day")
    link = ipywidgets.jslink((play, "value"), (slider, "value"))
    show(small, ipywidgets.HBox([play, slider, ipywidgets.HTML("<p>1</p>")]))
    assert link.source
    assert inspection.problems(small) == [
        f"index.html, Play 'Run' in #main: {DEAD_CONTROL}",
        f"index.html, IntSlider 'Day' in #main: {DEAD_CONTROL}",
    ]


def test_a_link_works_in_its_direction_only(small):
    slider, text = ipywidgets.IntSlider(description="Day"), ipywidgets.HTML("<p>1</p>")
    link = ipywidgets.jsdlink((text, "value"), (slider, "description"))
    show(small, ipywidgets.HBox([slider, text]))
    assert link.source
    assert inspection.problems(small) == [f"index.html, IntSlider 'Day' in #main: {DEAD_CONTROL}"]


def test_an_output_widget_is_told(small):
    output = ipywidgets.Output()
    show(small, output)
    assert inspection.problems(small) == [
        f"index.html, Output '{output.model_id}' in #main: an Output is filled by a kernel; draw the states "
        "beforehand, with 'frames'."
    ]


def test_a_widget_of_a_module_that_is_not_shipped_is_told(small):
    text = ipywidgets.HTML("<p>1</p>")
    show(small, text)
    plant(small / "index.html", '"model_module": "@jupyter-widgets/controls"', '"model_module": "jupyter-leaflet"')
    found = inspection.problems(small)
    assert len(found) == 1
    assert "the pages do not ship 'jupyter-leaflet'; use casebook.widgets or casebook.weighing." in found[0]


def test_a_widget_without_its_model_is_told(small):
    plant(small / "index.html", HERE, f'<script type="{VIEW}">{{"model_id": "widget-0001"}}</script>')
    assert inspection.problems(small) == [
        "index.html, widget-0001 in #main: the page has no such model; run 'make refresh'."
    ]


def test_a_state_of_an_interactive_is_inspected_like_the_page(small):
    linked = f'<img src="map.png" alt="{SAID}"><a href="#fig-none">x</a>'
    show(small, filter_by({"a": linked, "b": f'<img src="{X}" alt="">'}, "Kind"))
    assert inspection.problems(small) == [
        f'index.html, <img src="{X}"> in #main: its alternative text is empty; say what it shows, or add '
        'role="presentation".',
        f'index.html, <img src="{X}"> in #main: {foreign(X)}',
        f"index.html, <a> 'x' in #main: '#fig-none' {NO_ID}",
    ]


def test_an_image_widget_is_told_because_it_cannot_say_what_it_shows(small):
    image = ipywidgets.Image(value=b"")
    show(small, image)
    assert inspection.problems(small) == [
        f"index.html, Image '{image.model_id}' in #main: it can have no alternative text; show "
        "casebook.widgets.picture instead."
    ]


class Fetching(anywidget.AnyWidget):
    """An anywidget whose script and stylesheet come from elsewhere."""

    _esm = f'import * as d3 from "{X}.js"; export default {{ render() {{}} }}'
    _css = f"@import '{X}.css';"


def test_an_anywidget_that_fetches_code_is_told(small):
    widget = Fetching()
    show(small, widget)
    place = f"index.html, Any '{widget.model_id}' in #main"
    assert inspection.problems(small) == [f"{place}: {foreign(f'{X}.{kind}')}" for kind in ("js", "css")]


@pytest.fixture
def copied(site, tmp_path):
    """Return a copy of the built site."""
    return shutil.copytree(site, tmp_path / "copy")


def test_faults_planted_in_the_built_pages_are_told_and_nothing_else(copied):
    name = f"{chapters()[0].stem}.html"
    chapter, heavy = copied / name, copied / "_images" / "heavy.png"
    Image.effect_noise((400, 300), 90).save(heavy)
    dead = {"model_module": "@jupyter-widgets/controls", "model_name": "IntSliderModel", "state": {"description": "N"}}
    plant(chapter, '"state": {', f'"state": {{"dead": {json.dumps(dead)}, ')
    plant(
        chapter,
        "</article>",
        f"""<section id="planted">
<img src="_images/heavy.png">
<img src="{X}" alt="{SAID}">
<script type="{VIEW}">{{"model_id": "dead"}}</script>
<a href="missing.html">page</a> <a href="index.html#c000">row</a>
</section></article>""",
    )
    sheet = copied / "_static" / "casebook" / "casebook.css"
    write(sheet, f"{sheet.read_text(encoding='utf-8')} @import url(//example.invalid/x.css);")
    assert inspection.problems(copied) == [
        f'{name}, <img src="_images/heavy.png"> in #planted: {NO_TEXT}',
        f'{name}, <img src="_images/heavy.png"> in #planted: {too_heavy(heavy)}',
        f'{name}, <img src="{X}"> in #planted: {foreign(X)}',
        f"{name}, IntSlider 'N' in #planted: {DEAD_CONTROL}",
        f"{name}, <a> 'page' in #planted: 'missing.html' {NO_FILE}",
        f"{name}, <a> 'row' in #planted: 'index.html#c000' {NO_ID}",
        f"_static/casebook/casebook.css, stylesheet: {foreign('//example.invalid/x.css')}",
    ]


def test_the_command_says_that_the_site_has_no_fault(monkeypatch, small, capsys):
    monkeypatch.setattr(inspection, "SITE", small)
    assert inspection.main() == 0
    assert "The built site has no fault" in capsys.readouterr().out


def test_the_command_lists_every_fault(monkeypatch, small, capsys):
    monkeypatch.setattr(inspection, "SITE", small)
    plant(small / "index.html", HERE, "<h4>Deep</h4><a href='#'>Up</a>")
    assert inspection.main() == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert told[-1] == "Faults of the built site: 2; mend them in the sources."


def test_a_site_that_is_not_built_cannot_be_inspected(tmp_path):
    with pytest.raises(CasebookError, match="index.html is missing; run 'make book' first"):
        inspection.problems(tmp_path)


def test_the_build_fails_where_the_site_has_a_fault(monkeypatch, small, tmp_path, capsys):
    faulty = tmp_path / "faulty"
    monkeypatch.setattr(build, "SITE", faulty)
    monkeypatch.setattr(build, "notebooks_in_toc", list)
    monkeypatch.setattr(build.pagefiles, "gather", lambda _: None)
    monkeypatch.setattr(build.downloads, "gather", lambda *_: None)
    plant(small / "index.html", HERE, '<a href="missing.html">Missing</a>')

    def sphinx(*_, **__):
        shutil.copytree(small, faulty)
        return subprocess.CompletedProcess([], 0)

    monkeypatch.setattr(build.subprocess, "run", sphinx)
    assert build.main() == 1
    assert "index.html, <a> 'Missing' in #main: 'missing.html' leads to no file" in capsys.readouterr().err
