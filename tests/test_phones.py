"""What the tests of the built site say of phones: planted faults are found, and what is right is left alone."""

from contextlib import ExitStack

import pytest

from tests.phones import TEXT, prepare, small_figures, small_targets, smallest_text, stated_sizes, stretched
from tools.browser import visit
from tools.measures import WIDTHS


@pytest.fixture
def planted(running, tmp_path):
    """Return a function that shows a piece of HTML as a phone would."""
    with ExitStack() as visits:

        def show(body):
            path = tmp_path / "page.html"
            path.write_text(f"<!doctype html><meta name=viewport content='width=device-width'>{body}", "utf-8")
            opened = visits.enter_context(visit(running, path.as_uri(), WIDTHS[0]))
            prepare(opened.page)
            opened.settle()
            return opened.page

        yield show


@pytest.mark.parametrize(
    "body",
    [
        "<button style='width: 20px; height: 20px; padding: 0'>x</button>",
        "<details><summary style='height: 12px; overflow: hidden; font-size: 10px'>Code</summary></details>",
        "<style>a { display: block; line-height: 10px; font-size: 10px }</style>"
        "<nav><a href='#a'>one</a><a href='#b'>two</a><a href='#c'>three</a></nav>",
    ],
    ids=["button", "summary", "links"],
)
def test_a_small_target_is_found(planted, body):
    assert len(small_targets(planted(body))) >= 1


def test_a_link_in_a_sentence_may_be_as_high_as_its_line(planted):
    assert small_targets(planted("<p style='line-height: 15px'>See <a href='#a'>the row</a> and its source.</p>")) == []


def test_small_text_is_found(planted):
    page = planted("<p>Large <small style='font-size: 11px'>tiny</small> <i style='display: none'>hidden</i></p>")
    assert page.evaluate("phones.smallText", TEXT) == ["tiny"]


def test_a_stretched_figure_is_found(planted, site):
    picture = next((site / "_images").glob("*.png")).as_uri()
    page = planted(f"<article><img alt='A chart' src='{picture}' width='240' height='900'></article>")
    assert stretched(page) == ["A chart"]


def test_small_text_in_a_figure_is_found(planted, site):
    picture = next((site / "_images").glob("*.png")).as_uri()
    page = planted(f"<article><img alt='A wide chart' src='{picture}' width='240'></article>")
    (found,) = small_figures(page, 9.5, 110)
    assert found.startswith("A wide chart: ")


def test_sizes_of_text_are_read_from_code():
    assert stated_sizes('ax.annotate("x", **{"fontsize": 9.5}); ax.set_title("y", fontsize=11)') == [9.5, 11]
    assert 9 <= smallest_text() <= 12
    with pytest.raises(ValueError, match="small"):
        stated_sizes("ax.text(0, 0, '', fontsize='small')")


WIDE = "<table style='width: 900px'><tr><td>wide</td></tr></table>"


@pytest.mark.parametrize(
    "body",
    [
        WIDE,
        f"<div role='region' tabindex='0' style='overflow-x: auto'>{WIDE}</div>",
        f"<div role='region' tabindex='0' aria-label=' ' style='overflow-x: auto'>{WIDE}</div>",
        f"<div role='region' aria-label='Tolls' style='overflow-x: auto'>{WIDE}</div>",
        f"<div role='region' tabindex='0' aria-label='Tolls'>{WIDE}</div>",
    ],
    ids=["no region", "no name", "empty name", "no keyboard", "no scrolling"],
)
def test_a_wide_table_without_a_proper_region_is_found(planted, body):
    assert len(planted(body).evaluate("phones.tablesWithoutRegion()")) == 1


def test_a_broken_word_is_found(planted):
    cells = "<td style='width: 3ch'>Kazakhstan</td><td>2022-01-05</td>"
    page = planted(f"<table style='table-layout: fixed; width: 6ch; overflow-wrap: anywhere'><tr>{cells}</tr></table>")
    assert "Kazakhstan" in page.evaluate("phones.brokenWords()")
