"""Read the pages of the built site as they are shipped: their elements, their widgets, what they load and link to."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from casebook.errors import CasebookError
from tools.widget_models import STATE, VIEW, named, reach

ADDRESSES = {"src", "href", "xlink:href", "data", "poster", "action", "background"}
CHOICES = {"srcset", "imagesrcset"}  # several addresses, for screens of different sharpness
NAVIGATION = {"a", "area"}
NOT_LOADED = {"canonical", "alternate", "author", "license"}  # relations of <link> that a browser does not fetch
CODE = {"_esm", "_css"}  # traits in which an anywidget keeps its script and its stylesheet
IN_CSS = re.compile(r"""(?:url\(|image-set\(|@import\s)\s*(?:url\()?\s*["']?\s*([^"')\s;]+)""", re.IGNORECASE)
IN_SCRIPT = re.compile(r"""["'`]((?:https?:)?//(?!www\.w3\.org/)[^"'`\s]+)""")  # at w3.org are names of languages
TAG = re.compile(r"<[a-z]", re.IGNORECASE)
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
ONLY_PRINT = "onlyprint"  # the theme repeats title and contents for paper under this class, on every page
LONGEST_NAME = 60


class Element(NamedTuple):
    """Something on a page that can be at fault.

    Attributes
    ----------
    tag : Tag
        Its tag.
    shown_at : Tag, optional
        The place of the interactive, if the tag is part of a state; a state has no place of its own.
    name : str
        What to call it, if not by its tag.
    """

    tag: Tag
    shown_at: Tag | None = None
    name: str = ""

    def __str__(self) -> str:
        """Name the element, and the nearest id around it, so that its author finds it."""
        around = (self.shown_at or self.tag).find_parent(id=True)
        return (self.name or self._tag_name()) + (f" in #{around['id']}" if around else "")

    def _tag_name(self) -> str:
        """Return the name of the tag with what tells it from others."""
        tag = self.tag
        for attribute in ("id", "src"):
            if tag.get(attribute):
                return f'<{tag.name} {attribute}="{_short(tag[attribute])}">'
        if text := _short(tag.get_text()):
            return f"<{tag.name}> '{text}'"
        return f'<{tag.name} href="{_short(tag["href"])}">' if tag.get("href") else f"<{tag.name}>"


class Address(NamedTuple):
    """An address on a page: the element that has it, the attribute (none in code and stylesheets), the address."""

    element: Element
    attribute: str
    value: str


@dataclass(frozen=True)
class Page:
    """A page of the site, or a picture that is made of tags.

    Attributes
    ----------
    path : Path
        Its file.
    soup : BeautifulSoup
        Its HTML.
    """

    path: Path
    soup: BeautifulSoup = field(repr=False)

    @cached_property
    def models(self) -> dict[str, dict]:
        """The stored models of the page's widgets, by id."""
        state = self.soup.find("script", type=STATE)
        return json.loads(state.string)["state"] if state else {}

    @cached_property
    def widgets(self) -> list[tuple[str, Tag]]:
        """The widgets that the page shows: the id of a model, and its place."""
        return [(json.loads(view.string)["model_id"], view) for view in self.soup.find_all("script", type=VIEW)]

    @cached_property
    def shown_models(self) -> list[tuple[str, Tag]]:
        """The models of which the page's widgets are made, each with the place of its widget."""
        return [(model_id, view) for shown, view in self.widgets for model_id in reach([shown], self.models)]

    @cached_property
    def elements(self) -> list[Element]:
        """Every tag of the page and of the states of its interactives."""
        found = [Element(tag) for tag in self.soup.find_all(True)]
        for model_id, view in self.shown_models:
            for trait, text in self.models[model_id]["state"].items():
                if isinstance(text, str) and trait not in CODE and TAG.search(text):
                    found += [Element(tag, view) for tag in BeautifulSoup(text, "html.parser").find_all(True)]
        return found

    @cached_property
    def ids(self) -> Counter[str]:
        """How often each id stands on the page."""
        return Counter(element.tag["id"] for element in self.elements if element.tag.get("id") and not element.shown_at)

    @cached_property
    def headings(self) -> list[Tag]:
        """The headings of the page in order, without those for paper only."""
        tags = [element.tag for element in self.elements if element.tag.name in HEADINGS and not element.shown_at]
        return [tag for tag in tags if not tag.find_parent(class_=ONLY_PRINT)]

    @cached_property
    def links(self) -> list[Address]:
        """The addresses that a reader can follow."""
        return [
            address
            for element in self.elements
            if element.tag.name in NAVIGATION
            for address in _in_attributes(element)
        ]

    @cached_property
    def loads(self) -> list[Address]:
        """The addresses that a browser fetches when it shows the page and the states of its interactives."""
        found = []
        for element in self.elements:
            if element.tag.name not in NAVIGATION and not NOT_LOADED & set(element.tag.get("rel", [])):
                found += [*_in_attributes(element), *_in_code(element)]
        for model_id, view in self.shown_models:
            state = self.models[model_id]["state"]
            element = Element(view, name=named(model_id, self.models[model_id]))
            code = [*IN_SCRIPT.findall(state.get("_esm", "")), *addresses_in_css(state.get("_css", ""))]
            found += [Address(element, "", address) for address in code]
        return found

    def target(self, address: str) -> Path:
        """Return the file to which an address on the page leads."""
        path = unquote(parts_of(address).path)
        return (self.path.parent / path).resolve() if path else self.path


class Site:
    """A built site.

    Parameters
    ----------
    folder : Path
        Where it is.

    Raises
    ------
    CasebookError
        If it is not built.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "index.html").exists():
            raise CasebookError(f"{folder.name}/index.html is missing; run 'make book' first.")
        self.folder = folder.resolve()
        self.pages = {page.path: page for page in self._read("html")}

    def drawings(self) -> list[Page]:
        """Read the pictures that are made of tags."""
        return self._read("svg")

    def stylesheets(self) -> Iterator[tuple[Path, str]]:
        """Yield each stylesheet, and where it is."""
        for path in sorted(self.folder.rglob("*.css")):
            yield path, path.read_text(encoding="utf-8")

    def _read(self, kind: str) -> list[Page]:
        """Read every file of a kind."""
        texts = {path: path.read_text(encoding="utf-8") for path in sorted(self.folder.rglob(f"*.{kind}"))}
        return [Page(path, BeautifulSoup(XML_DECLARATION.sub("", text), "html.parser")) for path, text in texts.items()]


def parts_of(address: str) -> SplitResult:
    """Split an address; one that is none counts as one of an unknown scheme."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("malformed", "", address, "", "")


def addresses_in_css(css: str) -> list[str]:
    """List the addresses that a stylesheet names, those in its comments included."""
    return IN_CSS.findall(css)


def _in_attributes(element: Element) -> Iterator[Address]:
    """Yield the addresses in the attributes of an element."""
    for attribute in ADDRESSES & element.tag.attrs.keys():
        yield Address(element, attribute, element.tag[attribute].strip())
    for attribute in CHOICES & element.tag.attrs.keys():
        for choice in re.split(r",\s+", element.tag[attribute].strip()):
            yield Address(element, attribute, choice.partition(" ")[0])


def _in_code(element: Element) -> Iterator[Address]:
    """Yield the addresses in the style of an element, and in the stylesheet or the script that it holds."""
    tag, inside = element.tag, element.tag.string or ""
    found = addresses_in_css(tag.get("style", ""))
    if tag.name == "style":
        found += addresses_in_css(inside)
    if tag.name == "script" and tag.get("type") not in {STATE, VIEW}:
        found += IN_SCRIPT.findall(inside)
    yield from (Address(element, "", address) for address in found)


def _short(text: str) -> str:
    """Return a text on one line, cut where it becomes long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME else f"{line[:LONGEST_NAME]}…"
