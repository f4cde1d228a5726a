"""The front page of the built site with interactives at its beginning, as a chapter would show them."""

import json
from collections.abc import Sequence
from pathlib import Path

from ipywidgets import DOMWidget
from ipywidgets.embed import dependency_state
from playwright.sync_api import Locator, Page

from tools.static_page import fallback
from tools.widget_models import STATE, VIEW

VERSION = {"version_major": 2, "version_minor": 0}


def front_page_with(
    shown: DOMWidget | Sequence[DOMWidget], site: Path, folder: Path, without: Sequence[DOMWidget] = ()
) -> str:
    """Write the page beside the site's own files and return its address.

    Parameters
    ----------
    shown : DOMWidget or sequence of DOMWidget
        The interactives, in order.
    site, folder : Path
        The built site, and where the page goes.
    without : sequence of DOMWidget
        Those whose state is lost.
    """
    boxes = [shown] if isinstance(shown, DOMWidget) else shown
    models = dependency_state(boxes, drop_defaults=False)
    views = [json.dumps(VERSION | {"model_id": box.model_id}) for box in boxes]
    cells = "".join(
        f'<div class="cell"><div class="cell_output docutils container"><script type="{VIEW}">{view}</script>'
        f"{fallback(view, models)}</div></div>"
        for view in views
    )
    for box in without:
        del models[box.model_id]
    added = (
        f'<script type="{STATE}">{json.dumps(VERSION | {"state": models})}</script>{cells}'
        '<script defer src="_static/casebook/widgets.js"></script>'
    )
    (folder / "_static").symlink_to(site / "_static")
    page = folder / "page.html"
    front = (site / "index.html").read_text(encoding="utf-8")
    page.write_text(front.replace("</a></h1>", f"</a></h1>{added}", 1), encoding="utf-8")
    return page.as_uri()


def smaller_sides(controls: Locator) -> list[float]:
    """Return the width or the height of each control that a reader sees, whichever is smaller, in pixels."""
    return controls.filter(visible=True).evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map((box) => Math.min(box.width, box.height))"
    )


def gives_way_on_paper(page: Page, interactive: Locator) -> bool:
    """Wait for the only interactive of a page, print the page, and say whether its fallback stands there instead."""
    fallback = page.locator(".casebook-fallback")
    interactive.wait_for()
    hidden_before = not fallback.is_visible()
    page.emulate_media(media="print")
    return hidden_before and fallback.is_visible() and not interactive.is_visible()
