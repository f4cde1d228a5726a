"""Pack the book for its readers into one EPUB for e-readers: ``make epub``.

The pages are the site's own, as in the PDF (tools/pdf.py): the same figures, alternative texts, tables and fallbacks of
interactives, without scripts, controls, solutions and folded code.
"""

import html
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml
from bs4 import BeautifulSoup, Tag
from ebooklib import epub
from sphinx_external_toc.parsing import parse_toc_yaml

from casebook.errors import CasebookError
from tools import build
from tools.command import command
from tools.files import ROOT
from tools.pagefiles import THEME
from tools.reader_kit import pages_for_readers

OUTPUT = ROOT / "_build" / "book.epub"
IDENTIFIER = "urn:uuid:5f2b7c0e-6d0b-4c55-9d7e-0b6f3f1a2022"  # of every version, so that a reader keeps one copy
STYLESHEET = "epub.css"
LEFT_OUT = (
    "script, .headerlink, .toctree-wrapper, .tag_solution, .tag_check, details.hide, .casebook-places, "
    ".casebook-fallback:has(+ .casebook-paper)"  # the first state, where all states follow
)
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="{language}" xml:lang="{language}">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="{stylesheet}"/></head>
<body><main>{body}</main></body>
</html>
"""
ACCESSIBILITY = {
    "accessMode": ["textual", "visual"],
    "accessModeSufficient": ["textual", "textual,visual"],
    "accessibilityFeature": [
        "alternativeText", "displayTransformability", "readingOrder", "structuralNavigation", "tableOfContents",
    ],
    "accessibilityHazard": ["none"],
    "accessibilitySummary": [
        "Every figure has alternative text, and its numbers stand in a table nearby. Tables have header cells, "
        "quotations carry their language. No person who uses a screen reader has tested the book yet."
    ],
}  # fmt: skip


def pack(site: Path = build.SITE, output: Path = OUTPUT) -> None:
    """Write the pages for readers of a built site, in the order of the table of contents, into one EPUB 3.

    Parameters
    ----------
    site : Path
        A built site.
    output : Path
        The EPUB file to write.

    Raises
    ------
    CasebookError
        If the site is not built.
    """
    if not (site / "index.html").exists():
        raise CasebookError(f"{site.name}/index.html is missing; run 'make book' first.")
    articles = {name: article(site / f"{name}.html") for name in pages_for_readers()}
    unlink_others(articles)
    book = described()
    book.spine = [book.add_item(page(name, content, book.language)) for name, content in articles.items()]
    for picture in pictures(articles):
        book.add_item(epub.EpubImage(file_name=picture, content=(site / picture).read_bytes()))
    book.add_item(epub.EpubItem(file_name=STYLESHEET, content=(THEME / STYLESHEET).read_bytes()))
    contents = epub.EpubNav(title="Contents")
    contents.add_link(href=STYLESHEET)
    book.add_item(contents)
    book.add_item(epub.EpubNcx())  # the same contents for readers made before EPUB 3
    book.toc = navigation(articles)
    epub.write_epub(output, book, {"mtime": datetime.now(UTC), "raise_exceptions": True})


def described() -> epub.EpubBook:
    """Return a book without pages that says what it is, who wrote it and how accessible it is."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    book = epub.EpubBook()
    book.set_identifier(IDENTIFIER)
    book.set_title(config["title"])
    book.set_language(config["sphinx"]["config"]["language"])
    book.add_author(config["author"])
    book.add_metadata("DC", "description", citation["abstract"])
    book.add_metadata("DC", "rights", ", ".join(citation["license"]))
    for name, values in ACCESSIBILITY.items():
        for value in values:
            book.add_metadata(None, "meta", value, {"property": f"schema:{name}"})
    return book


def article(path: Path, suffix: str = ".xhtml") -> Tag:
    """Return what an e-reader shows of a page of the site, with its links leading to pages with the given suffix."""
    found = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select_one("article.bd-article")
    for part in found.select(LEFT_OUT):
        part.decompose()
    for section in found.select("[id='exercise-content']"):
        del section["id"]  # every exercise has it, and no two parts of a page may have one id
    for image in found.find_all("img"):
        del image["loading"]
    for part in found.select("pre span:not([lang])"):
        part.unwrap()  # code in one colour
    for cell in found.select("th, td"):
        for name in cell.find_all(string=re.compile("_")):  # a long name of a column may break after its low lines
            name.replace_with(BeautifulSoup(html.escape(name).replace("_", "_<wbr/>"), "html.parser"))
    for link in found.select("a.download"):
        link.unwrap()  # an e-reader has nowhere to put the file
    for link in found.select("a[href]:not([href*=':'])"):
        link["href"] = re.sub(r"\.html(?=#|$)", suffix, link["href"])
    return found


def unlink_others(articles: dict[str, Tag]) -> None:
    """Leave only the words of links to pages that are not packed."""
    for name, content in articles.items():
        for link in content.select("a[href*='.xhtml']:not([href*=':'])"):
            target = os.path.normpath(Path(name).parent / link["href"].partition("#")[0])
            if target.removesuffix(".xhtml") not in articles:
                link.unwrap()


def page(name: str, content: Tag, language: str) -> epub.EpubItem:
    """Return a page as the XHTML file that the EPUB holds."""
    written = PAGE.format(
        language=language,
        title=html.escape(content.h1.get_text()),
        stylesheet=os.path.relpath(STYLESHEET, Path(name).parent),
        body=content.decode_contents(),
    )
    return epub.EpubItem(file_name=f"{name}.xhtml", media_type="application/xhtml+xml", content=written.encode())


def pictures(articles: dict[str, Tag]) -> list[str]:
    """List the picture files that pages show, as paths inside the site."""
    shown = ((name, image["src"]) for name, content in articles.items() for image in content.find_all("img"))
    return sorted({os.path.normpath(Path(name).parent / source) for name, source in shown})


def navigation(articles: dict[str, Tag]) -> list:
    """Return the table of contents with its parts, their pages and the sections of each page, as ebooklib takes it."""
    contents = parse_toc_yaml(ROOT / "_toc.yml")
    front = contents.root.docname

    def entry(name: str) -> epub.Link | tuple:
        address, title = f"{name}.xhtml", articles[name].h1.get_text()
        sections = {heading.parent["id"]: heading.get_text() for heading in articles[name].find_all("h2")}
        below = [epub.Link(f"{address}#{part}", text, identifier(f"{name}-{part}")) for part, text in sections.items()]
        below += [entry(child) for child in contents[name].child_files() if name != front]
        return (epub.Section(title, address), below) if below else epub.Link(address, title, identifier(name))

    parts = [
        (epub.Section(part.caption, f"{part.files()[0]}.xhtml"), [entry(name) for name in part.files()])
        for part in contents.root.subtrees
        if part.files()[0] in articles
    ]
    return [entry(front), *parts]


def identifier(name: str) -> str:
    """Return the name of a page as XML allows it for an id."""
    return name.replace("/", "-")


@command
def main() -> None:
    """Build the site, pack it, and say where the EPUB is."""
    build.build()
    pack()
    print(f"\nPacked: {OUTPUT} ({OUTPUT.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    sys.exit(main())
