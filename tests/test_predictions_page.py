"""The prediction bench on a page of the built site: pointer, keyboard, print, no scripts, phone, axe and the driver."""

import pytest

from casebook.predictions import prediction_bench
from tests.sample_predictions import HYPOTHESES, predictions
from tests.widget_page import front_page_with, gives_way_on_paper, smaller_sides
from tools.browser import violations_in_both_themes, visit


@pytest.fixture
def bench_page(site, tmp_path):
    return front_page_with(prediction_bench(predictions(), HYPOTHESES), site, tmp_path)


def said(page):
    return bench(page).locator("[aria-live=polite]")


def bench(page):
    return page.locator(".casebook-predictions")


def unfold(page):
    said(page).wait_for()
    for group in bench(page).locator("details").all():
        group.evaluate("group => { group.open = true; }")


def score(page, number, words):
    page.get_by_label(f"Your score of {number}").select_option(label=words)


def tally_of(page, name):
    row = bench(page).locator("table").get_by_role("row", name=name)
    return row.locator("td").all_inner_texts()


def test_an_outcome_is_hidden_until_its_prediction_is_scored_and_the_reader_asks(running, bench_page):
    with visit(running, bench_page) as opened:
        page = opened.page
        unfold(page)
        outcome = bench(page).get_by_text("Coded: did not.")
        button = page.get_by_role("button", name="Show the coded outcome of P01")
        assert button.is_disabled()
        score(page, "P01", "partly")
        assert "P01: you say partly." in said(page).inner_text()
        assert not outcome.is_visible()
        assert tally_of(page, "Russian power") == ["1 partly", "none"]
        button.click()
        assert outcome.is_visible()
        assert "P01: you said partly; the coding says did not." in said(page).inner_text()
        assert tally_of(page, "Russian power") == ["1 partly", "1 did not; you agree on 0 of 1"]
        assert page.get_by_role("link", name="E108").first.get_attribute("href").endswith("evidence.html#e108")
        assert opened.wrong == []


def test_a_score_stands_once_its_outcome_has_been_seen(running, bench_page):
    with visit(running, bench_page) as opened:
        page = opened.page
        unfold(page)
        menu = page.get_by_label("Your score of P03")
        score(page, "P03", "partly")
        score(page, "P03", "came about")
        page.get_by_role("button", name="Show the coded outcome of P03").click()
        assert "P03: you said came about; so does the coding." in said(page).inner_text()
        assert "you and the coding agree on 1 of 1 shown" in said(page).inner_text()
        assert menu.is_disabled()
        page.get_by_role("button", name="Hide the coded outcome of P03").click()
        assert not bench(page).get_by_text("Coded: came about.").is_visible()
        assert menu.is_disabled()
        page.get_by_role("button", name="Start again").click()
        assert menu.input_value() == ""
        assert menu.is_enabled()
        assert tally_of(page, "Power struggle") == ["none", "none"]
        assert "Scored 0 of 4 predictions; no coded outcome shown yet." in said(page).inner_text()


def test_the_words_of_a_prediction_have_their_language_and_the_warning_is_in_words(running, bench_page):
    with visit(running, bench_page) as opened:
        unfold(opened.page)
        assert bench(opened.page).locator("q[lang=de]").inner_text() == "der Einfluss wird wachsen"
        assert bench(opened.page).get_by_text("A tally is no probability").is_visible()
        summary = bench(opened.page).locator("summary", has_text="Russian power")
        assert summary.inner_text() == "Russian power: 0 of 2 scored"


def test_the_bench_follows_the_keyboard(running, bench_page):
    with visit(running, bench_page) as opened:
        page = opened.page
        said(page).wait_for()
        page.get_by_label("Your score of P03").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        bench(page).get_by_text("Coded: came about.").wait_for()
        assert page.get_by_role("button", name="Hide the coded outcome of P03").evaluate(
            "button => button === document.activeElement"
        )


def test_the_bench_prints_as_a_table_with_every_outcome_and_works_without_scripts(running, without_scripts, bench_page):
    with visit(running, bench_page) as opened:
        assert gives_way_on_paper(opened.page, bench(opened.page))
    page = without_scripts(bench_page)
    assert page.get_by_text("Coded: did not. A law was signed.").is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_bench_fits_has_room_for_fingers_and_axe_finds_nothing(running, bench_page, width):
    with visit(running, bench_page, width) as opened:
        page = opened.page
        unfold(page)
        score(page, "P01", "did not")
        page.get_by_role("button", name="Show the coded outcome of P01").click()
        sizes = smaller_sides(bench(page).locator(":is(button, select, summary)"))
        assert len(sizes) == 4 + 4 + 3 + 1
        assert min(sizes) >= 24
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert opened.wrong == []
        assert violations_in_both_themes(opened) == []
