"""The printed book: the site's pages for readers, one after the other, and none for those who teach.

The page that Chromium prints is looked at whole, and so is the PDF of a short book. Printed as a whole is the book of
the students' edition (test_editions.py).
"""

import re

import pytest
import yaml
from pypdfium2 import PdfDocument

from casebook.errors import CasebookError
from tools import pdf
from tools.reader_kit import pages_for_readers

ANSWERS = re.compile(r"Rubrics and exemplar answers|Strong answer|This page holds the key")
FOR_TEACHERS = ["teaching/index", "teaching/rubrics-timeline", "teaching/quiz"]
LOCAL_LINKS = """() => [...document.links].map((link) => link.getAttribute("href"))
  .filter((address) => new URL(address, location.href).host === location.host)
  .filter((address) => !address.startsWith("#") || !document.getElementById(decodeURIComponent(address.slice(1))))"""


@pytest.fixture(scope="module")
def whole(running, site):
    """Return what is printed: the whole book as one page in Chromium."""
    with pdf.whole_book(running, site) as page:
        yield page


def test_what_is_printed_are_the_pages_for_readers_in_their_order(whole):
    articles = whole.evaluate("[...document.querySelectorAll('main > article')].map((article) => article.id)")
    assert articles == pages_for_readers()
    assert not [name for name in FOR_TEACHERS if name in articles]


def test_exercises_are_printed_without_their_solutions(whole):
    text = whole.locator("article#timeline").text_content()
    assert "Exercise 14" in text
    assert "answer_8 = 100 *" not in text
    assert "timeline-8: correct" not in text


def test_readers_get_no_answer_for_those_who_teach(whole, running, site, monkeypatch):
    assert not ANSWERS.search(whole.locator("main").text_content())
    monkeypatch.setattr(pdf, "pages_for_readers", lambda _: FOR_TEACHERS)
    with pdf.whole_book(running, site) as planted:
        assert set(ANSWERS.findall(planted.locator("main").text_content())) == set(ANSWERS.pattern.split("|"))


def test_links_within_the_book_stay_within_what_is_printed(whole):
    assert whole.evaluate(LOCAL_LINKS) == []
    assert whole.locator("a[href^='#']").count() > 1000
    whole.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<a href=\"method.html\">a</a><a href=\"#gone\">b</a>')"
    )
    assert whole.evaluate(LOCAL_LINKS) == ["method.html", "#gone"]


def test_the_pdf_of_a_short_book_has_the_pages_for_readers_alone(running, site, tmp_path):
    parts = {"What happened": ["timeline"], "Teaching": FOR_TEACHERS}
    contents = [{"caption": part, "chapters": [{"file": name} for name in names]} for part, names in parts.items()]
    toc = {"format": "jb-book", "root": "index", "parts": contents}
    (tmp_path / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    path = tmp_path / "book.pdf"
    pdf.print_book(running, site, path, tmp_path)
    assert b"127.0.0.1" not in path.read_bytes()
    with PdfDocument(path) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        pages = [bookmark.get_title() for bookmark in document.get_toc() if bookmark.level == 0]
    assert len(pages) == 2
    assert pages[1] == "What happened, and how sure are we?"
    assert "Exercise 14" in text
    assert not ANSWERS.search(text)


def test_a_site_that_is_not_built_cannot_be_printed(running, tmp_path):
    with pytest.raises(CasebookError, match="index.html is missing; run 'make book' first"):
        pdf.print_book(running, tmp_path, tmp_path / "x.pdf")
