"""The cross-examiner: the page finds what separates two hypotheses as Python does, and answers pointer and keyboard."""

import itertools

import pytest
from bs4 import BeautifulSoup

from casebook.cross_examiner import CrossExaminer, cross_examiner, weight_words
from casebook.data import load
from casebook.errors import CasebookError
from casebook.hypotheses import code_table, item_weights, separating
from tests.widget_page import front_page_with, gives_way_on_paper, smaller_sides
from tools.browser import violations_in_both_themes, visit

TABLES = ("evidence_items", "evidence_matrix", "hypotheses")
BOX = ".casebook-measuring"


def book_box(family="streets", pair=None):
    return cross_examiner(*map(load, TABLES), family, pair)


@pytest.fixture
def address(site, tmp_path):
    return front_page_with(book_box(pair=("A1b", "A2")), site, tmp_path)


def test_an_unknown_pair_is_refused():
    with pytest.raises(CasebookError, match="There is no hypothesis 'B1' here; use one of: A1a, A1b"):
        book_box("streets", ("A2", "B1"))


def test_a_weight_is_said_in_words():
    assert weight_words(3, 2) == "credibility high, relevance medium: weight 6"


def test_the_fallback_has_the_first_pair_and_what_would_separate_it():
    evidence, wanted = BeautifulSoup(book_box(pair=("A1b", "A2")).fallback, "html.parser").find_all("table")
    assert [cell.get_text() for cell in evidence.tbody.tr.find_all("td")] == [
        "V12 Transfer of power completed",
        "neutral",
        "strongly consistent",
        "9",
    ]
    assert [row.td.get_text() for row in wanted.tbody.find_all("tr")] == ["A1b", "A2"]


def expected(family):
    """Return what Python finds for every pair of a family, both ways round."""
    items, matrix, hypotheses = map(load, TABLES)
    codes, weights = code_table(matrix, items, hypotheses, family), item_weights(items)
    return {
        pair: [[item, strength] for item, strength in separating(codes, weights, *pair)["strength"].items()]
        for pair in itertools.permutations(codes, 2)
    }


def found(in_page, family, script=CrossExaminer._esm):
    """Return what the page finds for the same pairs."""
    pairs, box = list(expected(family)), book_box(family)
    separated = in_page(script, "separating", [[box.items, *pair] for pair in pairs])
    return {
        pair: [[item["id"], item["strength"]] for item in items] for pair, items in zip(pairs, separated, strict=True)
    }


@pytest.mark.parametrize("family", ["streets", "deployment"])
def test_the_page_separates_every_pair_as_python_does(in_page, family):
    assert found(in_page, family) == expected(family)


@pytest.mark.parametrize(
    ("rule", "bent"),
    [("* weight;", "+ weight;"), ("II: -2 };", "II: -1 };"), ("strength > 0", "strength >= 0")],
)
def test_a_rule_that_differs_in_the_page_is_seen(in_page, rule, bent):
    assert CrossExaminer._esm.count(rule) == 1
    assert found(in_page, "deployment", CrossExaminer._esm.replace(rule, bent)) != expected("deployment")


def test_two_hypotheses_are_chosen_by_pointer_and_keyboard(running, address):
    with visit(running, address) as opened:
        page = opened.page
        said = page.locator(f"{BOX} [aria-live=polite]")
        said.get_by_text("10 of 17 items separate A1b and A2. Strongest: V12 (Transfer of power").wait_for()
        page.get_by_text("V12 Transfer of power completed: A1b neutral, A2 strongly consistent").click()
        assert page.get_by_text("A2, strongly consistent (contested): The quarrel had a clear winner").is_visible()
        assert page.get_by_text("Credibility high, relevance high: weight 9.").locator("visible=true").count() == 1
        assert page.get_by_text("If A2 is right, we should find: Security organs idle").is_visible()
        page.get_by_label("Another hypothesis").select_option("A3")
        said.get_by_text("items separate A1b and A3.").wait_for()
        page.get_by_label("One hypothesis").focus()
        page.keyboard.press("Home")
        said.get_by_text("items separate A1a and A3.").wait_for()
        assert page.evaluate("document.activeElement.localName") == "select"
        assert opened.wrong == []


def test_two_lists_never_show_the_same(running, address):
    with visit(running, address) as opened:
        page = opened.page
        page.get_by_label("One hypothesis").select_option("A2")
        page.get_by_text("items separate A2 and A1b.").wait_for()
        assert page.get_by_label("Another hypothesis").input_value() == "A1b"
        page.get_by_label("Another hypothesis").select_option("A2")
        page.get_by_text("items separate A1b and A2.").wait_for()
        assert opened.wrong == []


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_has_room_for_fingers_and_axe_finds_nothing(running, address, width):
    with visit(running, address, width) as opened:
        page = opened.page
        page.locator(BOX).wait_for()
        for part in page.locator(f"{BOX} details").all():
            part.evaluate("part => { part.open = true; }")
        sizes = smaller_sides(page.locator(f"{BOX} :is(select, summary)"))
        assert len(sizes) == 2 + 10
        assert min(sizes) >= 24
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert violations_in_both_themes(opened) == []


def test_without_scripts_and_on_paper_the_first_pair_stands_in_tables(running, without_scripts, address):
    page = without_scripts(address)
    assert page.locator(".casebook-fallback tbody tr").count() == 10 + 2
    with visit(running, address) as opened:
        assert gives_way_on_paper(opened.page, opened.page.locator(BOX))
