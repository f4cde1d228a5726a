"""The bibliography file is sound BibTeX, and has of each source what the table has."""

import codecs
import re

import bibtexparser
import latexcodec  # noqa: F401 (teaches codecs to read most of LaTeX's escapes)
import pandas as pd
import pytest
from pybtex.database import parse_string

from casebook.rows import rows_of
from tests.planted import copy_of_data, plant
from tools import bibfile, pages
from tools.files import BOOK

SOURCES = rows_of("sources")


def text_of(data=None):
    (content,) = (bibfile.derived(data) if data else bibfile.derived()).values()
    return content.decode("utf-8")


def parsed(text):
    """Read a file with a parser that is not the writer's, and refuse what it refuses."""
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    return {entry.key: {field.key: plain(field) for field in entry.fields} for entry in library.entries}


def plain(field):
    """Return a field without the braces around it and, where it is no address, without LaTeX's escapes."""
    value = (
        field.value if field.key in bibfile.VERBATIM else codecs.decode(field.value, "ulatex+utf-8").replace(r"\$", "$")
    )
    return re.sub(r"^\{(.*)\}$", r"\1", value)


@pytest.fixture(scope="module")
def entries():
    """Return the entries of the file as a reader's program finds them."""
    return parsed(text_of())


def test_the_file_has_every_source_once_and_nothing_else(entries):
    assert list(entries) == list(SOURCES.index)


def test_the_writers_own_parser_reads_it_too():
    assert list(parse_string(text_of(), "bibtex").entries) == list(SOURCES.index)


@pytest.mark.parametrize(("field", "column"), [("title", "title"), ("date", "date"), ("doi", "doi"), ("url", "url")])
def test_no_letter_is_lost(entries, field, column):
    assert {key: entry.get(field, "") for key, entry in entries.items()} == SOURCES[column].to_dict()


def test_authors_come_back_as_the_table_has_them(entries):
    found = {key: re.sub(r"[{}]", "", entry.get("author", "")) for key, entry in entries.items()}
    wanted = SOURCES["author"].str.replace("; and others", "; others").str.replace("; ", " and ", regex=False)
    assert found == wanted.to_dict()


def test_a_lost_letter_would_be_noticed(tmp_path):
    data = copy_of_data(tmp_path)
    plant(data, "sources", "baribar_shalabaev", title="Қаңтар & “_x” 100% #1 $2 ~")
    assert parsed(text_of(data))["baribar_shalabaev"]["title"] == "Қаңтар & “_x” 100% #1 $2 ~"
    broken = text_of().replace("Қаңтар", "Kаңтар")
    assert {key: entry["title"] for key, entry in parsed(broken).items()} != SOURCES["title"].to_dict()


def test_a_broken_file_would_be_noticed(entries):
    broken = text_of().replace('title = "{', 'title = "', 1)
    assert bibtexparser.parse_string(broken).failed_blocks or parsed(broken) != entries


@pytest.mark.parametrize(
    ("outlet", "fields"),
    [
        (
            "Central Asian Survey, 27(2), 185-202",
            {"journal": "Central Asian Survey", "volume": "27", "number": "2", "pages": "185-202"},
        ),
        ("International Affairs, 99(3)", {"journal": "International Affairs", "volume": "99", "number": "3"}),
        ("Central Asia and the Caucasus, 2008, No. 3", {"journal": "Central Asia and the Caucasus, 2008, No. 3"}),
    ],
)
def test_an_issue_is_taken_apart_only_where_it_is_clear(outlet, fields):
    assert bibfile.place("article", outlet) == fields


def test_a_body_is_not_taken_for_a_person():
    assert 'author = "{Republic of Kazakhstan}"' in text_of()
    assert 'author = "Deutsch, Karl W. and others"' in text_of()


def test_addresses_stay_as_they_are():
    assert "\\_" not in "".join(re.findall(r"(?m)^    (?:url|doi) = .*$", text_of()))


def test_no_dollar_sign_begins_a_formula():
    assert r"{Over \$200 million in damages" in text_of()
    assert re.findall(r"(?<!\\)\$", text_of()) == []


def test_an_entry_says_what_was_not_read(entries):
    assert entries["adler_barnett1998"]["annote"].startswith("Read: not read.")


def test_the_page_has_every_entry_of_the_file(entries):
    page = (BOOK / "bibliography.md").read_text(encoding="utf-8")
    for key, entry in entries.items():
        start = page.index(f"### {key}\n")
        shown = page[start : page.find("\n### ", start)]
        for field in ("title", "date"):
            assert pages.escaped(entry.get(field, "")) in shown, key
        assert (entry.get("doi") or entry.get("url", "")) in shown, key


def test_an_entry_without_a_date_has_none():
    source = pd.Series({**SOURCES.loc["ponars"], "date": ""})
    assert {"year", "date"} & set(bibfile.entry(source).fields) == set()
