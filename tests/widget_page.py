"""A page beside the site's own files that holds nothing but one interactive."""

import json
from pathlib import Path

from bs4 import BeautifulSoup
from ipywidgets import DOMWidget
from ipywidgets.embed import dependency_state


def write_widget_page(site: Path, folder: Path, box: DOMWidget) -> str:
    """Write the page into a folder: the frame, styles and policy of the site's first page around one interactive.

    Parameters
    ----------
    site : Path
        The built site.
    folder : Path
        An empty folder.
    box : DOMWidget
        An interactive with a trait ``fallback``.

    Returns
    -------
    str
        The page's address.
    """
    (folder / "_static").symlink_to(site / "_static")
    state = json.dumps({"version_major": 2, "version_minor": 0, "state": dependency_state(box, drop_defaults=False)})
    view = json.dumps({"version_major": 2, "version_minor": 0, "model_id": box.model_id})
    soup = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    section = soup.select_one("article.bd-article > section")
    for part in section.find_all(True, recursive=False):
        if part.name != "h1":
            part.decompose()
    for link in soup.select(".bd-sidebar-secondary a[href^='#']"):
        link.decompose()  # what it leads to is gone
    section.append(
        BeautifulSoup(
            f'<script type="application/vnd.jupyter.widget-state+json">{state}</script>'
            '<div class="cell_output"><div class="output">'
            f'<script type="application/vnd.jupyter.widget-view+json">{view}</script>'
            f'<div class="casebook-fallback">{box.fallback}</div></div></div>'
            '<script defer src="_static/casebook/widgets.js"></script>',
            "html.parser",
        )
    )
    page = folder / "page.html"
    page.write_text(str(soup), encoding="utf-8")
    return page.as_uri()
