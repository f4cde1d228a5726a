"""The weighing bench on a page of the built site: pointer, keyboard, text in and out, print, no scripts, phone, axe."""

import pytest

from casebook.codings import as_coded, read_coding, write_coding
from casebook.data import load
from casebook.hypotheses import CODES
from casebook.weighing_bench import WeighingBench, weighing_bench
from tests.widget_page import front_page_with, gives_way_on_paper, smaller_sides
from tools.browser import violations_in_both_themes, visit

TABLES = ("evidence_items", "evidence_matrix", "hypotheses", "sources")
BENCH = ".casebook-measuring"
IN_SIGHT = """() => {
  const heading = document.querySelector(".casebook-measuring details[open] summary").getBoundingClientRect();
  const verdict = document.querySelector(".casebook-said").getBoundingClientRect();
  return heading.top >= verdict.bottom - 1 && heading.bottom <= window.innerHeight;
}"""
OWN = [name for name in WeighingBench.class_own_traits(sync=True) if not name.startswith("_")]


def ours():
    return as_coded(*map(load, TABLES))


@pytest.fixture
def bench_page(site, tmp_path):
    return front_page_with(weighing_bench(*map(load, TABLES)), site, tmp_path)


def unfold(page, heading):
    page.locator(f"{BENCH} summary", has_text=heading).click()


def scores(page):
    """Return what the table of results says: score and rank by hypothesis."""
    rows = page.locator(f"{BENCH} table").first.locator("tbody tr").all()
    return {row.locator("th").inner_text().split(" ")[0]: row.locator("td").all_inner_texts() for row in rows}


def test_the_bench_is_the_same_on_every_run_and_starts_as_coded():
    first, second = (weighing_bench(*map(load, TABLES)).get_state(OWN) for _ in range(2))
    assert first == second
    assert first["coding"] == first["coded"] == ours().lines()


def test_the_bench_follows_the_pointer(running, bench_page):
    with visit(running, bench_page) as opened:
        page = opened.page
        said = page.locator(f"{BENCH} [aria-live=polite]")
        said.get_by_text("Least against: A5, score 4.").wait_for()
        assert scores(page)["A1a"] == ["31", "7"]
        assert page.get_by_text("What matters most: V04 (Key sites").inner_text().endswith(
            "Without it, 6 of 21 pairs of hypotheses change their order, and a gap between two moves by 6."
        )  # fmt: skip
        unfold(page, "V05")
        page.get_by_label("A2 Power struggle").locator("visible=true").select_option("N")
        said.get_by_text("V05 and A2: neutral. A2 has score 6, rank 2.").wait_for()
        said.get_by_text("Least against: A5, score 4.").wait_for()
        assert scores(page)["A2"] == ["6", "2"]
        assert scores(page)["A1b"] == ["10", "3"]
        assert "recoded" in page.locator(f"{BENCH} summary", has_text="V05").inner_text()
        page.get_by_role("button", name="Flip all contested codes").click()
        said.get_by_text("Every contested code takes its alternative").wait_for()
        page.get_by_role("button", name="As coded").click()
        said.get_by_text("Back to the codes and weights of the module.").wait_for()
        assert scores(page)["A2"] == ["10", "2"]
        assert opened.wrong == []


def test_the_bench_follows_the_keyboard(running, bench_page):
    with visit(running, bench_page) as opened:
        page = opened.page
        said = page.locator(f"{BENCH} [aria-live=polite]")
        said.wait_for()
        page.locator(f"{BENCH} summary", has_text="V06").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Home")
        said.get_by_text("V06: credibility 0, weight 0.").wait_for()
        assert scores(page)["A1a"] == ["22", "7"]
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        said.get_by_text("V06 and A1a: strongly inconsistent. A1a has score 22, rank 7.").wait_for()
        page.locator(f"{BENCH} summary", has_text="Kinds of source").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Allied official").focus()
        page.keyboard.press("End")
        said.get_by_text("Sources, allied official: times 2.").wait_for()
        assert scores(page)["A1a"] == ["25", "7"]
        assert opened.wrong == []


def test_every_item_can_be_recoded_for_every_hypothesis(running, bench_page):
    coding = ours()
    with visit(running, bench_page) as opened:
        page = opened.page
        page.locator(BENCH).wait_for()
        for item in coding.codes.index:
            unfold(page, f"{item} ")
            lists = page.locator(f"{BENCH} details[open] select")
            assert lists.evaluate_all("all => all.map((list) => list.value)") == coding.codes.loc[item].to_list()
            for place, name in enumerate(coding.codes):
                wanted = "II" if coding.codes.loc[item, name] != "II" else "N"
                lists.nth(place).select_option(wanted)
                told = f"{item} and {name}: {CODES[wanted]}."
                assert page.locator(f"{BENCH} [aria-live=polite] span").inner_text().startswith(told)
        assert {rank for _, rank in scores(page).values()} == {"1"}
        assert opened.wrong == []


def test_an_item_that_unfolds_stays_in_sight_while_another_folds_above_it(running, bench_page):
    with visit(running, bench_page, 360) as opened:
        page = opened.page
        page.locator(BENCH).wait_for()
        unfold(page, "V06")
        unfold(page, "V12")
        page.locator(f"{BENCH} details[open]", has_text="V12").wait_for()
        assert page.locator(f"{BENCH} details[open]").count() == 1
        page.wait_for_function(IN_SIGHT)


def field(page):
    return page.get_by_label("Text of a coding")


def test_a_coding_goes_out_as_text_and_comes_in_again(running, bench_page):
    with visit(running, bench_page) as opened:
        page = opened.page
        said = page.locator(f"{BENCH} [aria-live=polite]")
        page.locator(BENCH).wait_for()
        unfold(page, "V11")
        page.get_by_label("A3 Social protest").locator("visible=true").select_option("C")
        unfold(page, "Your coding as text")
        page.get_by_role("button", name="Write my coding").click()
        said.get_by_text("Your coding stands in the field").wait_for()
        text = field(page).input_value()
        read = read_coding(text, ours())
        assert read.codes.loc["V11", "A3"] == "C"
        assert write_coding(read) == text
        page.get_by_role("button", name="As coded").click()
        assert scores(page)["A3"] == ["16", "6"]
        page.get_by_role("button", name="Apply the field").click()
        said.get_by_text("The coding in the field is applied.").wait_for()
        assert scores(page)["A3"] == ["12", "4"]
        assert opened.wrong == []


def test_a_bad_text_gets_one_sentence_and_loses_nothing(running, bench_page):
    bad = write_coding(ours()).replace(
        "V05: credibility 2, relevance 2, A1a I", "V05: credibility 2, relevance 2, A1a X"
    )
    with visit(running, bench_page) as opened:
        page = opened.page
        said = page.locator(f"{BENCH} [aria-live=polite]")
        page.locator(BENCH).wait_for()
        unfold(page, "V11")
        page.get_by_label("A3 Social protest").locator("visible=true").select_option("C")
        before = scores(page)
        unfold(page, "Your coding as text")
        field(page).fill(bad)
        said.get_by_text("The field has changed. It counts once you apply it.").wait_for()
        page.get_by_role("button", name="Apply the field").click()
        told = "Nothing has changed. Line 5, V05: A1a cannot be 'X'; use one of: CC, C, N, I, II."
        said.get_by_text(told).wait_for()
        assert scores(page) == before
        assert field(page).input_value() == bad
        assert page.get_by_label("A3 Social protest").locator("visible=true").input_value() == "C"
        assert opened.wrong == []


@pytest.mark.parametrize(
    ("clipboard", "told"),
    [
        ("{ writeText: (text) => { window.copied = text; return Promise.resolve(); } }", "The text is copied."),
        ("{ writeText: () => Promise.reject(new Error('no')) }", "The browser does not let the page copy."),
        ("undefined", "The browser does not let the page copy."),
    ],
)
def test_the_text_is_copied_or_the_reader_is_told_what_to_do(running, bench_page, clipboard, told):
    with visit(running, bench_page) as opened:
        page = opened.page
        page.locator(BENCH).wait_for()
        page.evaluate(f"Object.defineProperty(navigator, 'clipboard', {{ value: {clipboard} }})")
        unfold(page, "Your coding as text")
        page.get_by_role("button", name="Write my coding").click()
        page.get_by_role("button", name="Copy the field").click()
        page.locator(f"{BENCH} [aria-live=polite]").get_by_text(told).wait_for()
        assert page.evaluate("window.copied ?? null") in (None, field(page).input_value())


def test_the_bench_prints_as_tables_and_works_without_scripts(running, without_scripts, bench_page):
    with visit(running, bench_page) as opened:
        assert gives_way_on_paper(opened.page, opened.page.locator(BENCH))
    page = without_scripts(bench_page)
    assert page.locator(".casebook-fallback tbody tr").count() == 7 + 17
    assert page.get_by_text("CC strongly consistent, C consistent, N neutral").first.is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_bench_fits_has_room_for_fingers_and_axe_finds_nothing(running, bench_page, width):
    with visit(running, bench_page, width) as opened:
        page = opened.page
        page.locator(BENCH).wait_for()
        for heading in ("V06", "Kinds of source", "Your coding as text"):
            unfold(page, heading)
        sizes = smaller_sides(page.locator(f"{BENCH} :is(button, select, input, summary, textarea)"))
        assert len(sizes) == 5 + 7 + (2 + 6) + 19 + 1
        assert min(sizes) >= 24
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert opened.wrong == []
        assert violations_in_both_themes(opened) == []
