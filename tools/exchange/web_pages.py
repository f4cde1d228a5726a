"""Reduce pages of the built site to what a learning platform can show: their content, without scripts and solutions."""

import html
import os
import re
from pathlib import Path
from urllib.parse import unquote

from bs4 import Tag

from casebook.errors import CasebookError
from tools.epub import STYLESHEET, article
from tools.pagefiles import THEME

SUFFIX = ".html"
FOR_THE_NOTEBOOK = "To try the checks, "
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{stylesheet}"><style>main {{ max-width: 48rem; margin: 0 auto; }}</style>
</head>
<body><main>{body}</main></body>
</html>
"""


def contents(site: Path, chapters: list[str]) -> dict[str, Tag]:
    """Read the chapters, and every page beside them to which one links, in the order in which they are first named.

    Parameters
    ----------
    site : Path
        The built site.
    chapters : list of str
        The slugs of the chapters.

    Returns
    -------
    dict of str to Tag
        The content by the page's name; links to pages that are not among them, such as those for instructors in a
        folder of their own, have become plain words.

    Raises
    ------
    CasebookError
        If the site is not built, or lacks a chapter.
    """
    for name in chapters:
        if not (site / f"{name}{SUFFIX}").exists():
            raise CasebookError(f"{site.name}/{name}{SUFFIX} is missing; run 'make book' first.")
    found = {name: _content(site, name) for name in chapters}
    linked = list(dict.fromkeys(target for page in found.values() for target in _targets(page)))
    for name in linked:
        if name not in found and "/" not in name and (site / f"{name}{SUFFIX}").exists():
            found[name] = _content(site, name)
    for page in found.values():
        for link in page.select("a[href]:not([href*=':'])"):
            if (target := _target(link)) and target not in found:
                link.unwrap()
    return found


def files(site: Path, page: Tag) -> dict[str, bytes]:
    """Return the files that a page shows.

    Parameters
    ----------
    site : Path
        The built site.
    page : Tag
        The content of a page at its root.

    Returns
    -------
    dict of str to bytes
        Contents by path inside the site.
    """
    names = sorted({os.path.normpath(unquote(image["src"])) for image in page.find_all("img", src=_is_a_file)})
    return {name: (site / name).read_bytes() for name in names}


def stylesheet() -> bytes:
    """Return the stylesheet of the pages, which is that of the EPUB."""
    return (THEME / STYLESHEET).read_bytes()


def document(page: Tag) -> bytes:
    """Write the content of a page as a file."""
    title = html.escape(page.h1.get_text())
    return PAGE.format(title=title, stylesheet=STYLESHEET, body=page.decode_contents()).encode()


def _content(site: Path, name: str) -> Tag:
    """Reduce a page; what is said or shown for a notebook alone goes, too."""
    page = article(site / f"{name}{SUFFIX}", SUFFIX)
    for part in page.select(".tag_exercise"):
        part.decompose()
    for part in page.select(".exercise p"):
        if part.get_text().startswith(FOR_THE_NOTEBOOK):
            part.decompose()
    return page


def _is_a_file(address: str | None) -> bool:
    return bool(address) and not re.match(r"[a-z]+:", address)


def _targets(page: Tag) -> list[str]:
    return list(filter(None, (_target(link) for link in page.select("a[href]:not([href*=':'])"))))


def _target(link: Tag) -> str:
    """Return the name of the page to which a link leads; empty within its own page."""
    return link["href"].partition("#")[0].removesuffix(SUFFIX)
