"""A Sphinx extension: what a page needs to show its text soon on a slow phone, and to be found.

- Scripts wait until the page is there, except the one that later parts of the page read at once.
- Every page describes itself in a sentence, for search engines.
- Menus and tooltips do not come before the text: the theme asks for their scripts ahead of everything else.
"""

import html
import re
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from sphinx.application import Sphinx

READ_AT_ONCE = "_static/documentation_options.js"
LONGEST = 160  # characters of a description: search engines show no more
SCRIPT_PRELOAD = re.compile(r'<link rel="preload" as="script"[^>]*>\s*')


def setup(app: Sphinx) -> dict:
    """Connect the two steps; 900 puts each after those of every other extension."""
    app.connect("html-page-context", quicken, priority=900)
    app.connect("build-finished", drop_preloads, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def quicken(app: Sphinx, page: str, _template: str, context: dict, _doctree: object) -> None:
    """Let the scripts of a page wait, and describe the page."""
    if page not in app.env.all_docs:
        return  # the search page has scripts of its own, which do not wait for the common ones
    context["script_files"] = [
        type(script)(script.filename, priority=script.priority, **{"defer": "defer"} | script.attributes)
        if script.filename not in (None, READ_AT_ONCE)
        else script
        for script in context["script_files"]
    ]
    described = description(Path(app.env.doc2path(page)), context["body"])
    context["metatags"] += f'<meta name="description" content="{html.escape(described)}">'


def description(source: Path, body: str) -> str:
    """Describe a page: a chapter by its question, any other page by the beginning of its first paragraph.

    Parameters
    ----------
    source : Path
        The notebook or Markdown file.
    body : str
        The HTML that Sphinx made of it.
    """
    if source.suffix == ".ipynb" and (chapter := nbformat.read(source, as_version=4).metadata.get("chapter")):
        return chapter.question
    beginning, _, _ = body.partition("</p>")
    text = " ".join(BeautifulSoup(beginning, "html.parser").find("p").get_text().split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rpartition(" ")[0] + "…"


def drop_preloads(app: Sphinx, failure: Exception | None) -> None:
    """Take the preloads of scripts out of the pages of a finished site; the pages load them later all the same."""
    if failure is not None or app.builder.name != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        page.write_text(SCRIPT_PRELOAD.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
