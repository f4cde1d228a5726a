"""The reader's own browser, without a network; ``make lite`` has built what is opened here.

That every chapter runs there is said by the table of places (``make places``); here, that it would tell if one did not.
"""

import shutil

import nbformat
import pytest

from tools.files import chapters
from tools.places import browser, start_up
from tools.places.jupyter import without_outputs
from tools.serving import served
from tools.widget_models import VIEW

CHAPTER = chapters()[0]
WORK = "what_i_found = 238"
SOURCES = f"() => {browser.CODE_CELLS}.map((cell) => cell.sharedModel.source)"
WRITE = f"(text) => {{ {browser.CODE_CELLS}[0].sharedModel.setSource(text); }}"
IS_SAVED = f"() => !{browser.NOTEBOOK}.context.model.dirty"
DEAD = """
import ipywidgets
from casebook.widgets import Interactive

Interactive([ipywidgets.Dropdown(options=["a", "b"], description="Kind"), ipywidgets.HTML("always the same")], "dead")
"""


@pytest.fixture
def site():
    folder = browser.OUTPUT.with_name("lite-with-solutions")  # beside the site, so that the copy can be made of links
    shutil.rmtree(folder, ignore_errors=True)
    yield browser.site_with_solutions(folder)
    shutil.rmtree(folder)


@pytest.fixture
def home(site):
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def alone():
    with browser.cut_off() as running:
        yield running


def test_other_text_a_dead_interactive_and_an_exception_are_told(alone, home, site, tmp_path):
    cells = [nbformat.v4.new_code_cell(source) for source in ('print("two")', DEAD, "raise ValueError('planted')")]
    cells[0].outputs = [nbformat.v4.new_output("stream", text="one\n")]
    cells[1].outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "dead", VIEW: {}})]
    metadata = nbformat.read(CHAPTER, as_version=4).metadata
    planted = tmp_path / CHAPTER.name
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), planted)
    nbformat.write(without_outputs(planted), site / "files" / "book" / CHAPTER.name)
    outcome = browser.run_chapter(alone, home, planted)
    assert (outcome.ran, outcome.alive, outcome.interactives, outcome.green) == (2, 0, 1, False)
    told = " ".join(outcome.faults)
    assert "shows other text than the stored chapter: 'stdout: one' became 'stdout: two'." in told
    assert "interactive 1 does not answer the keyboard." in told
    assert "raised <class 'ValueError'>: planted." in told


def test_work_is_kept_downloaded_and_reset(alone, home, tmp_path):
    page = alone.new_page()
    browser.opened(page, home, CHAPTER)
    published = page.evaluate(SOURCES)
    page.evaluate(WRITE, WORK)
    page.wait_for_function(IS_SAVED)  # by itself: no reader is asked to save
    browser.opened(page, home, CHAPTER)
    assert page.evaluate(SOURCES)[0] == WORK, "the next visit has lost the work"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my work").click()
    download.value.save_as(tmp_path / "mine.ipynb")
    assert WORK in [cell.source for cell in nbformat.read(tmp_path / "mine.ipynb", as_version=4).cells]
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.get_by_role("button", name="Reset this chapter").click()
    browser.opened(page, home, CHAPTER)
    assert page.evaluate(SOURCES) == published
    page.close()


def test_a_second_visit_fetches_next_to_nothing(alone):
    cold, warm = start_up.visits(alone.browser_type, CHAPTER)
    assert cold.megabytes > 10
    assert warm.megabytes < 1
