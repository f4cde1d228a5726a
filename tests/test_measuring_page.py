"""The measurement bench on a page of the built site: pointer, keyboard, print, no scripts, phone and axe."""

import pytest

from casebook.data import load
from casebook.measuring import measuring_bench
from tests.widget_page import front_page_with, gives_way_on_paper, smaller_sides
from tools.browser import violations_in_both_themes, visit


@pytest.fixture
def bench_page(site, tmp_path):
    bench = measuring_bench(load("indicators"), load("indicator_thresholds"), load("indicator_evidence"))
    return front_page_with(bench, site, tmp_path)


def result(page, name):
    """Return the cells of one row of the bench's results: mean and rating."""
    return page.locator(".casebook-measuring table").first.get_by_role("row", name=name).locator("td").all_inner_texts()


def test_the_bench_follows_the_pointer(running, bench_page):
    with visit(running, bench_page) as opened:
        page = opened.page
        said = page.locator(".casebook-measuring [aria-live=polite]")
        said.get_by_text("Verdict on the CSTO: nascent, 0.76 on a scale from 0 to 2.").wait_for()
        assert result(page, "Transactions") == ["0.50", "partial"]
        page.locator("summary", has_text="Transactions").click()
        page.get_by_label("What part of their trade").select_option("lenient")
        said.get_by_text("Trade inside the bloc: partial. Transactions: partial.").wait_for()
        assert result(page, "Transactions") == ["1.00", "partial"]
        assert page.get_by_text(
            "Value: 14.6% (row T13). Strong from 20%, partial from 10%. Rating: partial."
        ).is_visible()
        assert page.get_by_text("Why: Exporters of fuels and metals").is_visible()
        page.get_by_role("button", name="All lenient").click()
        said.get_by_text("Verdict on the CSTO: ascendant, 1.20").wait_for()
        assert result(page, "Transactions") == ["1.50", "strong"]
        page.get_by_role("button", name="All strict").click()
        said.get_by_text("Verdict on the CSTO: not a community, 0.28").wait_for()
        assert page.locator("summary", has_text="Rules on force").inner_text().startswith("Rules on force: partial")
        page.get_by_role("button", name="As coded").click()
        said.get_by_text("Verdict on the CSTO: nascent, 0.76").wait_for()
        assert page.get_by_label("What part of their trade").input_value() == "as_coded"
        assert opened.wrong == []


def test_the_bench_follows_the_keyboard(running, bench_page):
    with visit(running, bench_page) as opened:
        page = opened.page
        said = page.locator(".casebook-measuring [aria-live=polite]")
        said.wait_for()
        page.get_by_label("Have members fought one another").focus()
        page.keyboard.press("ArrowDown")
        said.get_by_text("Armed clashes between members: partial. Dependable expectations").wait_for()
        page.locator("summary", has_text="Institutions").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        said.get_by_text("Institutions: weight 5.").wait_for()
        assert page.locator("summary", has_text="Institutions").inner_text() == "Institutions: strong, weight\xa05"
        for group in page.locator(".casebook-measuring details").all():
            group.evaluate("group => { group.open = true; }")
            group.get_by_role("slider").focus()
            page.keyboard.press("Home")
        said.get_by_text("Every weight is 0: give at least one dimension a weight above 0.").wait_for()
        assert result(page, "Verdict") == ["", "none"]
        page.get_by_role("button", name="Equal weights").press("Enter")
        said.get_by_text("Verdict on the CSTO: nascent").wait_for()
        assert opened.wrong == []


def test_the_bench_shows_the_spread_over_all_choices_and_what_never_changes(running, bench_page):
    with visit(running, bench_page) as opened:
        spread = opened.page.locator(".casebook-measuring table").nth(1)
        spread.wait_for()
        assert "1,594,323 combinations" in spread.locator("caption").inner_text()
        assert spread.locator("td").all_inner_texts() == ["none", "3.2%", "93.8%", "3%"]
        outcome = opened.page.locator(".casebook-columns > :last-child").inner_text()
        assert "whatever thresholds are chosen: Sense of community among experts (weak)." in outcome
        assert "Blank, since no evidence can be rated: Negative posts online." in outcome
        assert "the verdict is mature from 1.5, ascendant from 1, nascent from 0.5, not a community from 0" in outcome


def test_the_bench_prints_as_tables_and_works_without_scripts(running, without_scripts, bench_page):
    with visit(running, bench_page) as opened:
        assert gives_way_on_paper(opened.page, opened.page.locator(".casebook-measuring"))
    page = without_scripts(bench_page)
    assert page.get_by_text("strict: weak (strong from 60%, partial from 30%)").is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_bench_fits_has_room_for_fingers_and_axe_finds_nothing(running, bench_page, width):
    with visit(running, bench_page, width) as opened:
        page = opened.page
        page.locator(".casebook-measuring").wait_for()
        for group in page.locator(".casebook-measuring details").all():
            group.evaluate("group => { group.open = true; }")
        sizes = smaller_sides(page.locator(".casebook-measuring :is(button, select, input, summary)"))
        assert len(sizes) == 4 + 13 + 9 + 9
        assert min(sizes) >= 24
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert opened.wrong == []
        assert violations_in_both_themes(opened) == []
