"""The built site: its pages work in a real browser with nothing from elsewhere."""

import re

import pandas as pd
import pytest

from casebook.data import load
from casebook.errors import CasebookError
from casebook.measuring import measuring_bench
from casebook.weighing import weigh
from tests.browser import AXE, visit
from tests.widget_page import page_with
from tools import offline, pagefiles
from tools.files import pages_in_toc
from tools.serving import served

PAGES = [page.stem for page in pages_in_toc()]


def test_every_page_is_built(site):
    assert all((site / f"{page}.html").exists() for page in PAGES)


def test_search_finds_a_word(running, place):
    with visit(running, f"{place}/search.html?q=Zhanaozen") as opened:
        opened.page.locator("#search-results li a").first.wait_for()
        assert "timeline.html" in " ".join(
            opened.page.locator("#search-results li a").evaluate_all("all => all.map((a) => a.href)")
        )
        assert opened.wrong == []


def test_a_site_that_is_not_built_cannot_be_packed(tmp_path):
    with pytest.raises(CasebookError, match="index.html is missing; run 'make book' first"):
        offline.pack(tmp_path, tmp_path / "x.zip")


def test_an_archive_that_is_too_large_is_refused(site, tmp_path, monkeypatch):
    monkeypatch.setattr(offline, "MOST_BYTES", 1_000)
    with pytest.raises(CasebookError, match="find what grew and bring it below 1,000"):
        offline.pack(site, tmp_path / "x.zip")


def test_the_day_scrubber_moves_by_keyboard_and_by_play(running, place):
    with visit(running, f"{place}/timeline.html") as opened:
        scrubber = opened.page.locator(".casebook-interactive").first
        picture = scrubber.locator("img")
        picture.wait_for()
        first = picture.get_attribute("alt")
        assert "1 January 2022. Places with a record of protest or violence: 1." in first
        handle = scrubber.locator("[role=slider]")
        handle.focus()
        opened.page.keyboard.press("ArrowRight")
        expect_alt(picture, "up to 2 January 2022")
        opened.page.keyboard.press("End")
        expect_alt(picture, "up to 8 January 2022")
        opened.page.keyboard.press("Home")
        scrubber.get_by_role("button", name="Play").press("Enter")
        expect_alt(picture, "up to 3 January 2022")
        assert opened.wrong == []


def expect_alt(picture, words):
    """Wait until a picture's alternative text has these words."""
    picture.page.wait_for_function(
        "([words]) => document.querySelector('.casebook-interactive img')?.alt.includes(words)", arg=[words]
    )


def test_the_event_filter_narrows_the_table(running, place):
    with visit(running, f"{place}/timeline.html") as opened:
        chooser = opened.page.locator(".casebook-interactive").nth(1)
        rows = chooser.locator("tbody tr")
        chooser.locator("caption").wait_for()
        everything = rows.count()
        assert everything > 90
        chooser.get_by_label("Kind", exact=True).select_option("violence")
        chooser.get_by_text(re.compile("Kind violence, phase all: ")).wait_for()
        violent = rows.count()
        assert 0 < violent < everything
        chooser.get_by_label("Phase", exact=True).select_option("withdrawal")
        chooser.get_by_text("Kind violence, phase withdrawal: no events").wait_for()
        assert rows.count() == 0
        chooser.get_by_label("Kind", exact=True).select_option("withdrawal")
        chooser.get_by_text(re.compile("Kind withdrawal, phase withdrawal: [1-9]")).wait_for()
        assert opened.wrong == []


def test_a_weighing_computes_in_the_page(running, site, tmp_path):
    codes = pd.DataFrame({"Street": [1, 0], "Court": [0, 2]}, index=["Video", "Verdict"])
    box = weigh(pd.Series({"Video": 3, "Verdict": 1}), codes, "Weight of each item")
    with visit(running, page_with(box, site, tmp_path)) as opened:
        said = opened.page.locator(".casebook-weigh [aria-live]")
        said.wait_for()
        assert said.inner_text() == "First: Street, with 3."
        opened.page.get_by_label("Verdict").focus()
        opened.page.keyboard.press("End")
        opened.page.get_by_text("First: Court, with 10.").wait_for()
        totals = opened.page.locator(".casebook-weigh tbody td:nth-child(2)").all_inner_texts()
        assert totals == ["3", "10"]
        assert opened.wrong == []


@pytest.fixture
def bench_page(site, tmp_path):
    bench = measuring_bench(load("indicators"), load("indicator_thresholds"), load("indicator_evidence"))
    return page_with(bench, site, tmp_path)


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
        said.get_by_text("Verdict on the CSTO: not a community, 0.39").wait_for()
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


def test_the_bench_prints_as_tables_and_works_without_scripts(running, bench_page):
    with visit(running, bench_page) as opened:
        bench, fallback = (opened.page.locator(f".casebook-{part}") for part in ("measuring", "fallback"))
        bench.wait_for()
        assert not fallback.is_visible()
        opened.page.emulate_media(media="print")
        assert fallback.is_visible()
        assert not bench.is_visible()
    context = running.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(bench_page)
    assert page.get_by_text("strict: weak (strong from 60%, partial from 30%)").is_visible()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_bench_fits_has_room_for_fingers_and_axe_finds_nothing(running, bench_page, width, theme):
    with visit(running, bench_page, width, theme) as opened:
        page = opened.page
        page.locator(".casebook-measuring").wait_for()
        for group in page.locator(".casebook-measuring details").all():
            group.evaluate("group => { group.open = true; }")
        sizes = page.locator(".casebook-measuring :is(button, select, input, summary)").evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect()).map((box) => Math.min(box.width, box.height))"
        )
        assert len(sizes) == 4 + 13 + 9 + 9
        assert min(sizes) >= 24
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert opened.wrong == []
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found] == []


def test_a_page_works_without_scripts(running, home):
    context = running.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/timeline.html")
    pictures = page.locator(".casebook-fallback img")
    assert pictures.first.is_visible()
    assert "1 January 2022" in pictures.first.get_attribute("alt")
    assert page.locator(".casebook-fallback tbody tr").count() > 90
    context.close()


def test_paper_shows_every_state_and_no_control(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.page.locator(".casebook-interactive").nth(1).wait_for()
        opened.page.emulate_media(media="print")
        states = opened.page.locator(".casebook-paper figure")
        assert states.count() == 8
        assert states.last.is_visible()
        assert not opened.page.locator(".casebook-interactive").first.is_visible()
        fallbacks = opened.page.locator(".casebook-fallback")
        assert [fallbacks.nth(place).is_visible() for place in (0, 1)] == [False, True]


ELSEWHERE = "https://example.invalid/x"
FOREIGN = {
    "a script": f"document.head.append(Object.assign(document.createElement('script'), {{src: '{ELSEWHERE}.js'}}))",
    "a style": f"document.head.insertAdjacentHTML('beforeend', '<link rel=stylesheet href={ELSEWHERE}.css>')",
    "a picture": f"document.body.insertAdjacentHTML('beforeend', '<img alt=x src={ELSEWHERE}.png>')",
    "a request": f"fetch('{ELSEWHERE}').catch(() => 0)",
    "a frame": f"document.body.insertAdjacentHTML('beforeend', '<iframe src={ELSEWHERE}></iframe>')",
}


@pytest.mark.parametrize("planted", FOREIGN.values(), ids=FOREIGN.keys())
def test_the_policy_refuses_what_comes_from_elsewhere(running, home, planted):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.page.evaluate(f"() => {{ {planted} }}")
        opened.page.wait_for_timeout(300)
        assert any("Content Security Policy" in wrong or "content security policy" in wrong for wrong in opened.wrong)


def test_the_widget_runtime_waits_for_its_turn(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        early = opened.page.evaluate(
            "performance.getEntriesByType('resource').filter((e) => e.name.includes('embed-amd')).length"
        )
        assert early == 0
        opened.page.locator(".casebook-fallback").first.scroll_into_view_if_needed()
        opened.page.locator(".casebook-interactive").first.wait_for()


def test_a_linked_number_leads_to_its_row(running, place):
    with visit(running, f"{place}/timeline.html") as opened:
        opened.page.locator("a[href='evidence.html#c122']").first.click()
        opened.page.wait_for_url("**/evidence.html#c122")
        assert opened.page.locator("#c122").is_visible()
        assert "2,030 persons" in opened.page.locator("#c122").inner_text()


@pytest.mark.parametrize(("side", "width"), [("primary", 360), ("secondary", 360), ("primary", 1280)])
def test_the_menu_buttons_open_and_close_their_menus(running, home, side, width):
    with visit(running, f"{home}/timeline.html", width) as opened:
        menu = opened.page.locator(f"#pst-{side}-sidebar-modal" if width == 360 else f"#pst-{side}-sidebar")
        before = menu.is_visible()
        opened.page.locator(f".bd-header-article .{side}-toggle").click()
        opened.page.wait_for_timeout(600)
        assert menu.is_visible() != before
        assert opened.wrong == []


def test_solutions_stay_folded(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        folded = opened.page.locator("details", has_text="Show a solution")
        assert folded.count() >= 10
        assert opened.page.locator("details[open]", has_text="Show a solution").count() == 0


def test_a_planted_request_to_elsewhere_is_seen(running, site, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<img src='https://example.invalid/x.png'><script>undefinedFunction()</script>", encoding="utf-8")
    with served(tmp_path) as address, visit(running, f"{address}/page.html") as opened:
        opened.page.wait_for_load_state("networkidle")
        assert any("request to elsewhere: https://example.invalid" in wrong for wrong in opened.wrong)
        assert any("undefinedFunction is not defined" in wrong for wrong in opened.wrong)


def test_page_files_need_their_packages(monkeypatch, tmp_path):
    monkeypatch.setitem(pagefiles.SHIPPED, "x.js", tmp_path / "missing.js")
    with pytest.raises(CasebookError, match="missing.js is not installed; run 'make setup'"):
        pagefiles.gather(tmp_path / "target")
    assert not (tmp_path / "target").exists()
