"""The legal test bench in a real browser: by pointer and by keyboard, heard as well as seen, with no kernel."""

import re

import pytest

from casebook.bench import legal_bench
from casebook.data import load
from tests.widget_page import front_page_with
from tools.browser import violations_in_both_themes, visit

AS_CODED = "As coded in the official reading, every element of Article 4 is met. Separate doors: elements 6 and 11 met."


@pytest.fixture(scope="module")
def address(site, tmp_path_factory):
    box = legal_bench(load("cases"), load("article4_elements"), load("case_elements"), case="KAZ2022")
    return front_page_with(box, site, tmp_path_factory.mktemp("bench"))


def choose(page, name, label):
    page.get_by_role("combobox", name=name, exact=True).select_option(label=label)


def items(page, part):
    """Return the texts of one list of the bench, without what is folded away."""
    return page.locator(f".casebook-{part} > li").evaluate_all(
        "all => all.map((item) => (item.querySelector('summary') || item).textContent)"
    )


def test_a_case_and_a_reading_are_chosen_by_pointer(running, address):
    with visit(running, address) as opened:
        sentence = opened.page.locator(".casebook-bench [aria-live=polite]")
        sentence.wait_for()
        assert sentence.inner_text() == AS_CODED
        assert items(opened.page, "route")[-1] == "Door of Article 4, collective defence: reached"
        choose(opened.page, "Reading", "critical")
        assert "the route stops at element 3 (Origin of the attack)" in sentence.inner_text()
        assert items(opened.page, "route") == [
            "1 Protected state and territory: met",
            "2 Aggression or armed attack: contested",
            "3 Origin of the attack: not met or not shown (the route stops here)",
        ]
        assert items(opened.page, "beyond")[-1] == "Door of Article 4, collective defence: not reached"
        choose(opened.page, "Case", "Batken incursion, 1999")
        assert items(opened.page, "route")[4] == "5 Request by the member attacked: not required"
        assert items(opened.page, "route")[-1] == "Door of Article 4, collective defence: undecided"
        opened.page.get_by_text("About this case").click()
        opened.page.get_by_text("Collective Security Treaty; no article given in the source").wait_for()
        assert opened.wrong == []


def test_one_finding_is_switched_and_a_new_case_is_as_coded_again(running, address):
    with visit(running, address) as opened:
        sentence = opened.page.locator(".casebook-outcome")
        sentence.wait_for()
        taken = opened.page.get_by_role("combobox", name="and take it as")
        assert taken.is_disabled()
        choose(opened.page, "Reading", "critical")
        choose(opened.page, "Switch one finding", "3 Origin of the attack")
        assert sentence.inner_text().startswith(
            "With element 3 taken as met in the critical reading, the route stops at element 9"
        )
        assert "3 Origin of the attack: met (your switch)" in items(opened.page, "route")
        taken.select_option("no")
        assert sentence.inner_text().startswith(
            "With element 3 taken as not met or not shown in the critical reading, "
        )
        assert items(opened.page, "route")[-1].endswith("(your switch; the route stops here)")
        choose(opened.page, "Switch one finding", "6 Validity of the request")
        taken.select_option("yes")
        assert sentence.inner_text().endswith("Separate doors: element 6 met; element 11 contested.")
        choose(opened.page, "Case", "Tajik-Afghan border, 2021")
        assert sentence.inner_text().startswith("As coded in the critical reading, ")
        assert taken.is_disabled()
        assert opened.wrong == []


def test_everything_works_by_keyboard(running, address):
    with visit(running, address) as opened:
        sentence = opened.page.locator(".casebook-outcome")
        sentence.wait_for()
        opened.page.get_by_role("combobox", name="Case", exact=True).focus()
        opened.page.keyboard.press("ArrowDown")
        assert sentence.inner_text().startswith("As coded in the official reading, nothing stops the route")
        opened.page.keyboard.press("ArrowUp")
        assert sentence.inner_text() == AS_CODED
        opened.page.keyboard.press("Tab")
        opened.page.keyboard.press("ArrowDown")
        assert "in the critical reading" in sentence.inner_text()
        opened.page.keyboard.press("Tab")
        opened.page.keyboard.type("3")
        opened.page.keyboard.press("Tab")
        opened.page.keyboard.press("ArrowDown")
        assert sentence.inner_text().startswith("With element 3 taken as contested in the critical reading, ")
        opened.page.keyboard.press("Tab")
        opened.page.keyboard.press("Tab")
        opened.page.keyboard.press("Enter")
        opened.page.get_by_text("Was the victim a member").wait_for()
        assert opened.page.locator(".casebook-path details[open]").count() == 1


def test_an_element_unfolds_to_question_wording_finding_holder_and_sources(running, address, site):
    bibliography = (site / "bibliography.html").read_text(encoding="utf-8")
    with visit(running, address) as opened:
        opened.page.locator(".casebook-outcome").wait_for()
        choose(opened.page, "Reading", "critical")
        choose(opened.page, "Switch one finding", "3 Origin of the attack")
        third = opened.page.locator(".casebook-path > li", has_text="3 Origin of the attack")
        third.locator("summary").click()
        terms = third.locator("dt").all_inner_texts()
        assert terms == [
            "Question", "Wording of 2010", "Coded", "Finding", "Held by", "Confidence", "Sources", "To discuss",
        ]  # fmt: skip
        assert third.locator("dd").nth(2).inner_text() == "not met or not shown"
        choose(opened.page, "Reading", "official")
        assert third.locator("details[open]").count() == 1, "what the reader has opened stays open"
        for link in opened.page.locator(".casebook-path dd a").evaluate_all("all => all.map((link) => link.href)"):
            assert f'id="{link.partition("#")[2]}"' in bibliography, f"{link} leads nowhere"


def test_the_path_is_a_list_and_its_marks_differ_in_shape(running, address):
    with visit(running, address) as opened:
        opened.page.locator(".casebook-outcome").wait_for()
        choose(opened.page, "Reading", "critical")
        route = opened.page.get_by_role("list", name="Route through Article 4, wording of 2010")
        assert route.get_by_role("listitem").count() == 3
        shapes = opened.page.locator(".casebook-route svg > :first-child").evaluate_all(
            "all => all.map((shape) => shape.getAttribute('d') || shape.tagName)"
        )
        assert len(set(shapes)) == 3


def test_targets_are_large_enough_and_nothing_overflows_on_a_phone(running, address):
    with visit(running, address, 360) as opened:
        opened.page.locator(".casebook-outcome").wait_for()
        for target in opened.page.locator(".casebook-bench :is(select, summary)").all():
            assert target.bounding_box()["height"] >= 24
        assert opened.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_bench(running, address, width):
    with visit(running, address, width) as opened:
        opened.page.locator(".casebook-outcome").wait_for()
        choose(opened.page, "Reading", "critical")
        choose(opened.page, "Switch one finding", "3 Origin of the attack")
        for summary in opened.page.locator(".casebook-bench summary").all():
            summary.click()
        assert violations_in_both_themes(opened) == []


def test_without_scripts_and_on_paper_a_table_holds_every_route(running, without_scripts, address):
    page = without_scripts(address)
    assert page.locator(".casebook-fallback tbody tr").count() == 28
    assert page.locator(".casebook-fallback caption").is_visible()
    with visit(running, address) as opened:
        opened.page.locator(".casebook-outcome").wait_for()
        assert not opened.page.locator(".casebook-fallback").is_visible()
        opened.page.emulate_media(media="print")
        assert (
            opened.page.locator(".casebook-fallback").get_by_text(re.compile("1 met → 2 contested")).first.is_visible()
        )
