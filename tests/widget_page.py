"""The front page of the built site with one interactive at its end, as a chapter would show it."""

import json
from pathlib import Path

from ipywidgets import DOMWidget
from ipywidgets.embed import dependency_state


def front_page_with(widget: DOMWidget, site: Path, folder: Path) -> str:
    """Write the page beside the site's own files and return its address.

    Parameters
    ----------
    widget : DOMWidget
        Anything with a ``fallback``, such as `casebook.weighing.weigh` makes.
    site, folder : Path
        The built site, and where the page goes.
    """
    (folder / "_static").symlink_to(site / "_static")
    models = dependency_state(widget, drop_defaults=False)
    state = json.dumps({"version_major": 2, "version_minor": 0, "state": models})
    view = json.dumps({"version_major": 2, "version_minor": 0, "model_id": widget.model_id})
    shown = (
        f'<script type="application/vnd.jupyter.widget-state+json">{state}</script>'
        f'<div class="cell"><div class="cell_output docutils container">'
        f'<script type="application/vnd.jupyter.widget-view+json">{view}</script>'
        f'<div class="casebook-fallback">{widget.fallback}</div></div></div>'
        '<script defer src="_static/casebook/widgets.js"></script>'
    )
    page = folder / "page.html"
    front = (site / "index.html").read_text(encoding="utf-8")
    page.write_text(front.replace("</article>", f"{shown}</article>"), encoding="utf-8")
    return page.as_uri()
