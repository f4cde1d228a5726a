"""The built site: it builds without a warning, and its pages work in a real browser with nothing from elsewhere."""

import re

import pytest

from casebook.errors import CasebookError
from tests.site import browser, served, visit
from tools import build, pagefiles
from tools.files import pages_in_toc

PAGES = [page.stem for page in pages_in_toc()]


@pytest.fixture(scope="module")
def site():
    build.build()
    return build.SITE


@pytest.fixture(scope="module")
def running():
    with browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def home(site):
    with served(site) as address:
        yield address


def test_every_page_is_built(site):
    assert all((site / f"{page}.html").exists() for page in PAGES)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nobody_else_and_fits_its_window(running, home, page, width):
    with visit(running, f"{home}/{page}.html", width) as opened:
        opened.page.wait_for_load_state("networkidle")
        overflow = opened.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert opened.wrong == []
        assert overflow <= 0, f"{page} scrolls sideways by {overflow} pixels at {width}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chapter_works_from_disk(running, site, theme):
    with visit(running, (site / "timeline.html").as_uri(), theme=theme) as opened:
        opened.page.locator(".casebook-interactive").nth(1).wait_for()
        assert opened.page.locator(".casebook-interactive").count() == 2
        assert opened.wrong == []


def test_the_day_scrubber_moves_by_keyboard_and_by_play(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
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
    assert words in picture.get_attribute("alt")


def test_the_event_filter_narrows_the_table(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
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
        chooser.get_by_text("Kind violence, phase withdrawal: 0 events").wait_for()
        assert rows.count() == 0
        chooser.get_by_label("Kind", exact=True).select_option("withdrawal")
        chooser.get_by_text(re.compile("Kind withdrawal, phase withdrawal: [1-9]")).wait_for()
        assert opened.wrong == []


def test_a_linked_number_leads_to_its_row(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.page.locator("a[href='evidence.html#c122']").first.click()
        opened.page.wait_for_url("**/evidence.html#c122")
        assert opened.page.locator("#c122").is_visible()
        assert "2,030 persons" in opened.page.locator("#c122").inner_text()


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
