"""The chapters in the reader's own browser, without a network; ``make lite`` has built what is opened here."""

import nbformat
import pytest

from tools.files import chapters
from tools.places import browser
from tools.serving import served

CHAPTERS = {chapter.stem: chapter for chapter in chapters()}
WORK = "what_i_found = 238"
SOURCES = f"() => {browser.CODE_CELLS}.map((cell) => cell.sharedModel.source)"
WRITE = f"(text) => {{ {browser.CODE_CELLS}[0].sharedModel.setSource(text); }}"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    # Beside the site, so that the copy can be made of links.
    folder = browser.OUTPUT.with_name("lite-with-solutions")
    browser.shutil.rmtree(folder, ignore_errors=True)
    with served(browser.site_with_solutions(folder)) as address:
        yield address
    browser.shutil.rmtree(folder)


@pytest.fixture(scope="module")
def alone():
    with browser.cut_off() as running:
        yield running


@pytest.mark.parametrize("slug", CHAPTERS)
def test_a_chapter_runs_as_stored_in_the_browser(alone, home, slug):
    outcome = browser.run_chapter(alone, home, CHAPTERS[slug])
    assert outcome.green, outcome


def test_work_is_kept_downloaded_and_reset(alone, home, tmp_path):
    page = alone.new_page()
    chapter = next(iter(CHAPTERS.values()))
    browser.opened(page, home, chapter)
    published = page.evaluate(SOURCES)
    page.evaluate(WRITE, WORK)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my work").click()
    download.value.save_as(tmp_path / "mine.ipynb")
    assert WORK in [cell.source for cell in nbformat.read(tmp_path / "mine.ipynb", as_version=4).cells]
    browser.opened(page, home, chapter)
    assert page.evaluate(SOURCES)[0] == WORK, "the next visit has lost the work"
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.get_by_role("button", name="Reset this chapter").click()
    browser.opened(page, home, chapter)
    assert page.evaluate(SOURCES) == published
    page.close()
