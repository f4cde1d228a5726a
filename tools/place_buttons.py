"""A Sphinx extension: on each chapter's page, where else the chapter runs and what of it can be downloaded.

Each button says in one line what will happen, and how long it took when it was last measured. A place that has no
address has no button. Addresses come from ``site/published.toml``, figures from ``site/measured.json``, which
``make places`` writes.
"""

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sphinx.application import Sphinx

from tools.downloads import DATA, FOLDER
from tools.files import ROOT
from tools.notebooks import read
from tools.published import Published, published
from tools.student_notebook import is_solution

MEASURED = ROOT / "site" / "measured.json"
TITLE = "Run it or take it with you"
NOT_MEASURED = "Not timed yet."


@dataclass(frozen=True)
class Button:
    """A link that looks like a button, and the line beside it; `file` is what it saves, if it is a download."""

    words: str
    address: str
    line: str
    file: str = ""


def setup(app: Sphinx) -> dict:
    """Connect the step; 450 puts it after the page's markup is complete."""
    app.connect("html-page-context", add_buttons, priority=450)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_buttons(app: Sphinx, page: str, _template: str, context: dict, _doctree: object) -> None:
    """Put the buttons of a chapter in front of its first section; a page is a chapter if its notebook can be had."""
    downloads = Path(app.srcdir).parent / "_build" / "page-files" / FOLDER
    sizes = {path.name: path.stat().st_size for path in downloads.glob("*")}
    if f"{page}.ipynb" not in sizes:
        return
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    solved = any(map(is_solution, read(Path(app.env.doc2path(page))).cells))
    found = buttons(page, published(), measured, sizes, context["pathto"](f"{FOLDER}/", 1), solved=solved)
    context["body"] = with_buttons(context["body"], list(found))


def buttons(
    slug: str, places: Published, measured: dict, sizes: dict[str, int], folder: str, *, solved: bool
) -> Iterator[Button]:
    """Yield the buttons of a chapter.

    Parameters
    ----------
    slug : str
        The chapter.
    places : Published
        Where the book is published.
    measured : dict
        The figures of each place: ``date``, and seconds.
    sizes : dict of str to int
        The bytes of each download.
    folder : str
        Where the downloads are, as the page sees it.
    solved : bool
        Whether the page shows solutions; one that does not has no button for Binder, which opens the repository.
    """
    if places.browser(slug):
        yield Button("Run in this browser", places.browser(slug), _browser_line(measured.get("browser")))
    if places.binder(slug) and solved:
        yield Button("Binder", places.binder(slug), _binder_line(measured.get("binder"), slug))
    if places.colab(slug):
        yield Button("Colab", places.colab(slug), _colab_line(measured.get("colab"), slug))
    name = f"{slug}.ipynb"
    yield Button(
        "Download notebook", folder + name,
        f"Saves this chapter without solutions, {_size(sizes[name])}. To run it on your computer, download the data "
        "too, unzip them, and put the chapter into the folder “book” there.", name,
    )  # fmt: skip
    yield Button(
        "Download data", folder + DATA,
        f"Saves every table, the package that chapters import, and how to start, {_size(sizes[DATA])}.", DATA,
    )  # fmt: skip


def with_buttons(body: str, found: list[Button]) -> str:
    """Return a page's main part with buttons before its first section, or at its end if it has none."""
    items = "".join(
        f'<li><a class="casebook-place" href="{html.escape(button.address)}"{_saves(button)}>'
        f"{html.escape(button.words)}</a>"
        f" <span>{html.escape(button.line)}</span></li>"
        for button in found
    )
    folded = f"<details><summary>{TITLE}</summary><ul>{items}</ul></details>"  # wide pages show it unfolded
    listed = f'<nav class="casebook-places" aria-label="{TITLE}">{folded}</nav>'
    at = body.find("<h2>")
    start = body.rfind("<section", 0, at) if at > 0 else len(body)
    return body[:start] + listed + body[start:]


def _saves(button: Button) -> str:
    return f' download="{html.escape(button.file)}"' if button.file else ""


def _size(size: int) -> str:
    """Say how large a file is, rounded as a reader needs it."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{round(size / 1000)} kB"


def _when(figures: dict) -> str:
    day = date.fromisoformat(figures["date"])
    return f"{day.day} {day:%B %Y}, {figures['cores']} cores"


def _browser_line(figures: dict | None) -> str:
    said = "Runs on a page of this site; nothing to install, and your work stays with you."
    if figures is None:
        return f"{said} {NOT_MEASURED}"
    return (
        f"{said} The first start took {figures['cold']:.0f} seconds and {figures['megabytes']:.0f} MB, "
        f"a later one {figures['warm']:.0f} ({_when(figures)})."
    )


def _binder_line(figures: dict | None, slug: str) -> str:
    said = "Opens it, solutions included, on mybinder.org; the start may take minutes, and your work is not kept."
    return f"{said} {_run_line(figures, slug)}"


def _colab_line(figures: dict | None, slug: str) -> str:
    said = "Opens a copy in your Google account; its first cell fetches the book."
    return f"{said} {_run_line(figures, slug)}"


def _run_line(figures: dict | None, slug: str) -> str:
    if figures is None or slug not in figures["seconds"]:
        return NOT_MEASURED
    return f"With its packages, the cells took {figures['seconds'][slug]:.0f} seconds ({_when(figures)})."
