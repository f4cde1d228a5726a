"""Inspect the built site for what would fail its readers, one sentence a fault: ``python -m tools.inspection``.

The pages are read as they are shipped, the states of their interactives included; no browser is needed. Each rule is a
generator over one page that yields an element and what to do.
"""

import base64
import io
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from bs4 import Tag
from PIL import Image, UnidentifiedImageError

from casebook.errors import CasebookError
from tools import alternative_text, widget_models
from tools.built_pages import Element, Page, Site, addresses_in_css, parts_of
from tools.command import command
from tools.files import SITE

MOST_BYTES = 100_000  # of one picture; the largest of our own has 42 kB, and six such fill the budget of a page
COLUMN = 854  # pixels: the widest that a page's text becomes, and so a picture without a width of its own
SHARPEST = 2  # pixels of a picture for each pixel of the page that it fills
WIDTH = re.compile(r"\s*(\d+)(?:px)?\s*|(?:.*;)?\s*width:\s*(\d+)px.*")

PICTURES = {"img", "source", "image"}
DECORATION = {"presentation", "none", "decorative"}  # roles, or our class, of a picture that says nothing
NAVIGABLE = {"http", "https", "mailto"}
OF_THE_PAGE = {"", "data", "blob"}

Finding = tuple[Element, str]


def problems(folder: Path) -> list[str]:
    """List what is wrong on the pages of a built site.

    Parameters
    ----------
    folder : Path
        The site.

    Returns
    -------
    list of str
        One sentence for each fault: page, element, what to do; empty for a good site.

    Raises
    ------
    CasebookError
        If the site is not built.
    """
    site = Site(folder)
    found = [(page.path, *finding) for page in site.pages.values() for rule in RULES for finding in rule(page)]
    found += [(page.path, *finding) for page in site.pages.values() for finding in dead_links(page, site)]
    found += [(drawing.path, *finding) for drawing in site.drawings() for finding in foreign_addresses(drawing)]
    found += [
        (path, "stylesheet", _foreign(address))
        for path, css in site.stylesheets()
        for address in addresses_in_css(css)
        if _is_foreign(address)
    ]
    told = (f"{path.relative_to(site.folder).as_posix()}, {element}: {message}" for path, element, message in found)
    return list(dict.fromkeys(told))


def refuse_faults(folder: Path) -> None:
    """Refuse a site with faults.

    Parameters
    ----------
    folder : Path
        The site.

    Raises
    ------
    CasebookError
        If there are any: every sentence, one a line.
    """
    if found := problems(folder):
        raise CasebookError("\n".join([*found, f"Faults of the built site: {len(found)}; mend them in the sources."]))


def unsaid_pictures(page: Page) -> Iterator[Finding]:
    """Yield pictures without a text that stands for them; a picture that stands in several places is told once."""
    judged = set()
    others: dict[str, str] = {}
    for element in page.elements:
        tag = element.tag
        picture = (tag.get("src"), tag.get("alt"))
        named = tag.get("aria-label") or tag.get("aria-labelledby") or tag.get("aria-hidden") == "true"
        if tag.name == "svg" and not named:
            yield element, 'it has no alternative text; give it role="img" and an aria-label, or aria-hidden="true".'
        if tag.name == "img" and picture not in judged:
            judged.add(picture)
            if fault := _alternative_fault(tag, others):
                yield element, fault
    for model_id, view in page.shown_models:
        model = page.models[model_id]
        if model["model_name"] == "ImageModel":
            name = widget_models.named(model_id, model)
            yield Element(view, name=name), "it can have no alternative text; show casebook.widgets.picture instead."


def _alternative_fault(picture: Tag, others: dict[str, str]) -> str | None:
    """Return what is wrong with the alternative text of a picture, and note it down for those that follow."""
    alternative, source = picture.get("alt"), picture.get("src")
    if alternative is None:
        return 'it has no alternative text; say what it shows, or give decoration alt="" and role="presentation".'
    if not alternative:
        marked = DECORATION & {picture.get("role"), *picture.get("class", [])}
        return None if marked else 'its alternative text is empty; say what it shows, or add role="presentation".'
    if others.setdefault(alternative, source) != source:
        return "it has the alternative text of another picture; say in it what differs."
    figure = picture.find_parent("figure")
    caption = figure and (figure.select_one(".caption-text") or figure.find("figcaption"))
    fault = alternative_text.fault(alternative, caption.get_text() if caption else "")
    return fault and f"its alternative text {fault}"


def heavy_pictures(page: Page) -> Iterator[Finding]:
    """Yield pictures of too many bytes, or with more pixels than a sharp screen can show."""
    judged = set()
    for element, attribute, address in page.loads:
        shown = _shown_width(element.tag)
        if element.tag.name not in PICTURES or not attribute or (address, shown) in judged:
            continue
        judged.add((address, shown))
        if (content := _content(page, address)) is not None:
            yield from ((element, message) for message in _weight_faults(content))
            yield from ((element, message) for message in _pixel_faults(content, shown))
    for element in page.elements:
        if element.tag.name == "svg":
            yield from ((element, message) for message in _weight_faults(str(element.tag).encode()))


def _content(page: Page, address: str) -> bytes | None:
    """Return the bytes of a picture that the page brings along; None if it comes from elsewhere or is missing."""
    parts = parts_of(address)
    if parts.scheme == "data":
        head, _, body = parts.path.partition(",")
        try:
            return base64.b64decode(body) if head.endswith(";base64") else unquote(body).encode()
        except ValueError:
            return body.encode()  # it says base64 and is not
    target = page.target(address)
    return target.read_bytes() if not _is_foreign(address) and target.is_file() else None


def _weight_faults(content: bytes) -> Iterator[str]:
    """Yield a message for a picture of too many bytes."""
    if len(content) > MOST_BYTES:
        yield f"the picture has {len(content):,} bytes; draw it with less until it has {MOST_BYTES:,} or fewer."


def _pixel_faults(content: bytes, shown: int) -> Iterator[str]:
    """Yield a message for a picture of more pixels than it needs, or for one that is neither pixels nor tags (SVG)."""
    if content.lstrip().startswith(b"<"):
        return
    try:
        width = Image.open(io.BytesIO(content)).width
    except UnidentifiedImageError:
        yield "the file is no picture; draw it again."
        return
    if width > SHARPEST * shown:
        yield f"the picture is {width} pixels wide and shown at {shown}; make it {SHARPEST * shown} or fewer."


def _shown_width(picture: Tag) -> int:
    """Return how wide a picture can become on the page, in pixels."""
    widths = [WIDTH.fullmatch(picture.get(attribute, "")) for attribute in ("width", "style")]
    return min([COLUMN, *(int(found[1] or found[2]) for found in widths if found)])


def foreign_addresses(page: Page) -> Iterator[Finding]:
    """Yield what a page would fetch from elsewhere; a link that the reader may follow is none of it."""
    for element, _, address in page.loads:
        if _is_foreign(address):
            yield element, _foreign(address)


def _is_foreign(address: str) -> bool:
    """Tell whether an address leads out of the site."""
    parts = parts_of(address)
    return bool(parts.netloc) or parts.scheme not in OF_THE_PAGE


def _foreign(address: str) -> str:
    """Say that something comes from elsewhere."""
    return f"it loads '{address}' from elsewhere; ship the file with the site, or take it out."


def widgets_that_need_a_kernel(page: Page) -> Iterator[Finding]:
    """Yield widgets, and parts of widgets, that would be dead on the page."""
    for shown, view in page.widgets:
        for name, message in widget_models.kernel_needs(shown, page.models):
            yield Element(view, name=name), message


def repeated_ids(page: Page) -> Iterator[Finding]:
    """Yield ids that stand more than once: a link finds the first only, and so does a label."""
    for name, times in page.ids.items():
        if times > 1:
            yield Element(page.soup.find(id=name)), f"its id stands {times} times on the page; make each its own."


def unnamed_page(page: Page) -> Iterator[Finding]:
    """Yield what a page lacks that a screen reader says first: language, title, heading."""
    whole = Element(page.soup, name="whole page")
    if not page.soup.html or not page.soup.html.get("lang"):
        yield whole, "it does not name its language; set 'language' in _config.yml."
    title = page.soup.select_one("head > title")
    if not title or not title.get_text(strip=True):
        yield whole, "it has no title; start the source with a heading."
    if not any(heading.name == "h1" for heading in page.headings):
        yield whole, "it has no heading of the first level; start the source with '# ' and its title."


def skipped_levels(page: Page) -> Iterator[Finding]:
    """Yield headings that lie more than one level under the heading before."""
    for before, heading in pairwise(page.headings):
        level = int(before.name[1])
        if int(heading.name[1]) > level + 1:
            yield Element(heading), f"the heading follows one of level {level}; make it level {level + 1}."


def dead_links(page: Page, site: Site) -> Iterator[Finding]:
    """Yield addresses of links and of files to load that lead to no file of the site, or to no id."""
    for element, _, address in page.links:
        parts = parts_of(address)
        if address == "#":
            yield element, "its link '#' leads nowhere; name a page or an id."
        elif (parts.scheme or parts.netloc) and parts.scheme not in NAVIGABLE:
            yield element, f"its link '{address}' is none that every reader can follow; name a page, or use https."
        elif not parts.scheme:
            yield from ((element, message) for message in _dead(address, page, site))
    for element, attribute, address in page.loads:
        if attribute and not _is_foreign(address) and not parts_of(address).scheme:
            yield from ((element, message) for message in _dead(address, page, site))


def _dead(address: str, page: Page, site: Site) -> Iterator[str]:
    """Yield a message if an address within the site leads nowhere."""
    target, anchor = page.target(address), unquote(parts_of(address).fragment)
    if not (target.is_file() and target.is_relative_to(site.folder)):
        yield f"'{address}' leads to no file of the site; correct the address."
    elif anchor and target in site.pages and anchor not in site.pages[target].ids:
        yield f"'{address}' leads to no id of that page; correct the part after '#'."


RULES: list[Callable[[Page], Iterator[Finding]]] = [
    unsaid_pictures,
    heavy_pictures,
    foreign_addresses,
    widgets_that_need_a_kernel,
    repeated_ids,
    unnamed_page,
    skipped_levels,
]


@command
def main() -> None:
    """Inspect the built site, say what is wrong, and how long it took."""
    started = time.perf_counter()
    refuse_faults(SITE)
    print(f"The built site has no fault; inspecting it took {time.perf_counter() - started:.1f} seconds.")


if __name__ == "__main__":
    sys.exit(main())
