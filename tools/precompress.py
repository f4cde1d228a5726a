"""Write compressed copies beside the files of a site, for hosts that serve them as they are."""

import gzip
from pathlib import Path

import brotli

SUFFIXES = {
    ".css",
    ".csv",
    ".geojson",
    ".html",
    ".ipynb",
    ".js",
    ".json",
    ".md",
    ".mjs",
    ".py",
    ".svg",
    ".wasm",
    ".zip",
}
LEAST = 1_000  # bytes; a smaller file travels in one packet anyway
BROTLI_QUALITY = 9  # the best, 11, takes ten times as long and saves a twelfth more
ENDINGS = {".br": lambda content: brotli.compress(content, quality=BROTLI_QUALITY), ".gz": gzip.compress}


def compress(folder: Path) -> None:
    """Compress every file for which it pays, with Brotli and with gzip.

    Parameters
    ----------
    folder : Path
        The site.
    """
    for path in originals(folder):
        content = path.read_bytes()
        for ending, squeezed in ENDINGS.items():
            smaller = squeezed(content)
            if len(smaller) < len(content):
                path.with_name(path.name + ending).write_bytes(smaller)


def originals(folder: Path) -> list[Path]:
    """List the files of a site that are worth compressing."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if path.suffix in SUFFIXES and path.stat().st_size >= LEAST]


def weights(folder: Path) -> str:
    """Say what a site weighs, as it is and as a host sends it that serves Brotli."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in ENDINGS]
    plain = sum(path.stat().st_size for path in files)
    sent = sum(
        (best if (best := path.with_name(path.name + ".br")).exists() else path).stat().st_size for path in files
    )
    return f"{len(files)} files, {plain / 1e6:.1f} MB, {sent / 1e6:.1f} MB compressed"
