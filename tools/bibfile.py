"""Write ``book/references.bib`` from ``data/sources.csv``, for readers who cite from it.

The table is the home of what is known of a source; the file is the same in BibTeX, with UTF-8 letters, and with the
fields ``date`` and ``langid`` of BibLaTeX where BibTeX has none.
"""

import re
from io import StringIO
from pathlib import Path

import pandas as pd
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output import bibtex

from casebook.data import DATA
from casebook.rows import rows_of
from casebook.wording import in_words
from tools.files import BOOK

KINDS = {"journal_article": "article", "book": "book", "chapter": "incollection"}  # all others are "misc"
PLACES = {"article": "journal", "book": "publisher", "incollection": "booktitle"}  # else "howpublished"
ISSUE = re.compile(r"(?P<journal>.+?), (?P<volume>\d+)(?:\((?P<number>[^)]+)\))?(?:, (?P<pages>\d+-\d+))?")
VERBATIM = ("url", "doi")


class Writer(bibtex.Writer):
    """Writes BibTeX as its parent does, but leaves addresses as they are, and lets no dollar sign begin a formula."""

    def _write_field(self, stream: StringIO, name: str, value: str) -> None:
        if name in VERBATIM:
            stream.write(f",\n    {name} = {self.quote(value)}")
        else:
            super()._write_field(stream, name, value.replace("$", r"\$"))


def derived(data: Path = DATA, book: Path = BOOK) -> dict[Path, bytes]:
    """Return the file's content by path."""
    entries = {source_id: entry(source) for source_id, source in rows_of("sources", data).iterrows()}
    return {book / "references.bib": Writer(encoding="UTF-8").to_string(BibliographyData(entries)).encode("utf-8")}


def entry(source: pd.Series) -> Entry:
    """Return one source as an entry; the title in braces, so that no style changes its capitals."""
    kind = KINDS.get(source["type"], "misc")
    fields = {
        "title": f"{{{source['title']}}}",
        **place(kind, source["outlet"]),
        "year": source["date"][:4],
        "date": source["date"],
        "doi": source["doi"],
        "url": source["url"],
        "langid": source["language"].replace(";", ", "),
        "keywords": f"{in_words(source['type'])}, {in_words(source['stance'])}",
        "annote": " ".join(filter(None, [f"Read: {in_words(source['read_level'])}.", source["reliability"]])),
    }
    return Entry(kind, {name: text for name, text in fields.items() if text}, {"author": authors(source["author"])})


def place(kind: str, outlet: str) -> dict[str, str]:
    """Return the fields that say where a source was published; of an article, the volume where it is clear."""
    issue = ISSUE.fullmatch(outlet) if kind == "article" else None
    if issue:
        return {name: text for name, text in issue.groupdict().items() if text}
    return {PLACES.get(kind, "howpublished"): outlet}


def authors(names: str) -> list[Person]:
    """Return the authors; a name without a comma is that of a body, in braces so that no style takes it apart."""
    return [person(name) for name in names.split("; ") if name]


def person(name: str) -> Person:
    """Return one author, written "Surname, Given name", or a body, or the others who are not named."""
    if name == "and others":
        return Person("others")
    return Person(name if "," in name else f"{{{name}}}")
