"""Pages show their text before their scripts, and describe themselves."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tools import page_speed
from tools.files import chapters, page_names

PAGES = page_names()


def waiting_scripts(page):
    """Return the files of a page's scripts that hold up its text."""
    head = BeautifulSoup(page, "html.parser")
    return [
        script["src"].partition("?")[0].removeprefix("../")
        for script in head.select("script[src]:not([defer]):not([async])")
    ]


@pytest.mark.parametrize("page", PAGES)
def test_one_small_script_comes_before_the_text(site, page):
    text = (site / f"{page}.html").read_text(encoding="utf-8")
    assert waiting_scripts(text) == [page_speed.READ_AT_ONCE]
    assert not page_speed.SCRIPT_PRELOAD.search(text)


def test_a_script_that_holds_up_the_text_is_seen():
    assert waiting_scripts('<script src="a.js?v=1"></script><script defer src="b.js"></script>') == ["a.js"]
    assert page_speed.SCRIPT_PRELOAD.search('<link rel="preload" as="script" href="a.js" />')


@pytest.mark.parametrize("page", PAGES)
def test_a_page_describes_itself(site, page):
    head = BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser").head
    (described,) = head.select("meta[name=description]")
    assert 30 <= len(described["content"]) <= page_speed.LONGEST


def test_a_chapter_is_described_by_its_question():
    assert all(page_speed.description(chapter, "").endswith("?") for chapter in chapters())


def test_a_long_paragraph_is_cut_between_words():
    told = page_speed.description(Path("x.md"), f"<h1>Title</h1><p>{'word ' * 60}</p><p>Next</p>")
    assert len(told) <= page_speed.LONGEST
    assert re.fullmatch(r"(word )+word…", told)
