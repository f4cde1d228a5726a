"""The source lens and the copying chains on a page of the built site: pointer, keyboard, print, phone and axe."""

import pytest

from casebook.copying import copying_chains
from casebook.data import load
from casebook.source_lens import source_lens
from tests.widget_page import front_page_with, gives_way_on_paper, smaller_sides
from tools.browser import violations_in_both_themes, visit

SAID = ".casebook-lens [aria-live=polite]"
ANSWERS = ".casebook-answers > li"


@pytest.fixture(scope="module")
def pages(site, tmp_path_factory):
    boxes = {
        "lens": source_lens(load("source_answers"), load("sources"), load("core_sources")),
        "chains": copying_chains(load("copying_links"), load("sources")),
    }
    return {name: front_page_with(box, site, tmp_path_factory.mktemp(name)) for name, box in boxes.items()}


def test_sources_are_hidden_by_pointer_and_come_back(running, pages):
    with visit(running, pages["lens"]) as opened:
        page = opened.page
        page.locator(SAID).get_by_text("All 10 answers shown.").wait_for()
        page.get_by_role("checkbox", name="Kazakh official").uncheck()
        page.get_by_role("checkbox", name="2023 and later").uncheck()
        page.locator(SAID).get_by_text("4 of 10 answers left.").wait_for()
        assert page.locator(ANSWERS).count() == 4
        assert page.locator(".casebook-dot").count() == 4
        assert page.locator(".casebook-ring").count() == 5
        words = "Numbers shown, in people: more than 200 Amnesty International; 225 Hegglin; 241 Ten rights bodies"
        assert page.get_by_role("img", name=words).count() == 1
        page.get_by_role("combobox", name="Question").select_option(label="What did the soldiers do?")
        page.locator(SAID).get_by_text("Switched off: Kazakh official, 2023 and later.").wait_for()
        assert page.locator(".casebook-strip").count() == 0
        page.get_by_role("button", name="Show all").click()
        page.locator(SAID).get_by_text("All 7 answers shown.").wait_for()
        assert page.get_by_role("checkbox", name="Kazakh official").is_checked()
        assert opened.wrong == []


def test_the_lens_works_by_keyboard(running, pages):
    with visit(running, pages["lens"]) as opened:
        page = opened.page
        page.locator(SAID).wait_for()
        page.get_by_role("combobox", name="Question").focus()
        page.keyboard.press("ArrowDown")
        page.locator(SAID).get_by_text("All 9 answers shown. Numbers: 20,000 or more than 20,000.").wait_for()
        page.keyboard.press("Tab")  # to allied officials, who speak first of all, and on to Kazakh officials
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.locator(SAID).get_by_text("4 of 9 answers left. Numbers: 20,000.").wait_for()


def test_an_answer_says_date_stance_genre_count_quotation_and_row(running, pages, site):
    with visit(running, pages["lens"]) as opened:
        page = opened.page
        first = page.locator(ANSWERS).first
        first.wait_for()
        assert first.inner_text().startswith(
            "9 January 2022, The government, in The Washington Post (Kazakh official): 164"
        )
        assert "Read in wapo_164 (news); rests on row C002; confidence" in first.inner_text()
        assert "Counts: the dead of the whole country" in first.inner_text()
        assert first.locator("q").get_attribute("lang") == "en"
        kinds = page.get_by_role("combobox", name="Question").locator("option").count()
        links = set()
        for place in range(kinds):
            page.get_by_role("combobox", name="Question").select_option(index=place)
            links |= set(page.locator(f"{ANSWERS} a").evaluate_all("all => all.map((link) => link.href)"))
        assert len(links) > 80
        for link in links:
            target, _, anchor = link.rpartition("/")[2].partition("#")
            assert f'id="{anchor}"' in (site / target).read_text(encoding="utf-8"), f"{link} leads nowhere"


def test_a_reader_steps_along_a_chain(running, pages):
    with visit(running, pages["chains"]) as opened:
        page = opened.page
        page.locator(SAID).get_by_text("Step 1 of 6, 7 January 2022, President Tokayev, address").wait_for()
        assert page.locator(ANSWERS).count() == 1
        page.get_by_role("slider", name="Step").press("ArrowRight")
        page.locator(SAID).get_by_text("Changed: a word. Bandits became terrorists.").wait_for()
        assert page.locator(f"{ANSWERS}[aria-current=step]").inner_text().startswith("2. 7 January 2022, Posts under")
        page.get_by_role("slider", name="Step").press("End")
        assert page.locator(ANSWERS).count() == 6
        page.get_by_role("combobox", name="Figure").select_option(index=3)
        page.locator(SAID).get_by_text("Step 1 of 4, 11 January 2022").wait_for()
        page.get_by_role("slider", name="Step").press("End")
        page.locator(SAID).get_by_text("Step 4 of 4, 6 January 2024, Daryo").wait_for()
        assert opened.wrong == []


@pytest.mark.parametrize("name", ["lens", "chains"])
def test_it_prints_as_tables_and_works_without_scripts(running, without_scripts, pages, name):
    with visit(running, pages[name]) as opened:
        assert gives_way_on_paper(opened.page, opened.page.locator(".casebook-lens"))
    page = without_scripts(pages[name])
    rows = len(load({"lens": "source_answers", "chains": "copying_links"}[name]))
    assert page.locator(".casebook-fallback tbody tr").count() == rows


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["lens", "chains"])
def test_it_fits_has_room_for_fingers_and_axe_finds_nothing(running, pages, name, width):
    with visit(running, pages[name], width) as opened:
        page = opened.page
        page.locator(SAID).wait_for()
        control = page.get_by_role("checkbox", name="no state body") if name == "lens" else page.get_by_role("slider")
        control.press("Space" if name == "lens" else "End")
        sizes = smaller_sides(page.locator(".casebook-lens :is(button, select, input)"))
        assert len(sizes) == {"lens": 1 + 6 + 4 + 7 + 3 + 1, "chains": 2}[name]
        assert min(sizes) >= 24
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert opened.wrong == []
        assert violations_in_both_themes(opened) == []
