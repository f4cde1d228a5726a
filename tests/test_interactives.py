"""Every interactive of every chapter, driven in a real browser: each control answers to pointer and keyboard."""

import re
from itertools import chain

import anywidget
import ipywidgets
import nbformat
import pandas as pd
import pytest

from casebook.weighing import weigh
from casebook.widgets import Interactive, filter_by, frames
from tools import driving
from tools.browser import visit
from tools.driving import drive, stored_views
from tools.files import chapters
from tools.widget_models import VIEW


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.stem)
def test_every_control_answers_to_pointer_and_keyboard(running, home, chapter):
    with visit(running, f"{home}/{chapter.stem}.html") as opened:
        faults = drive(opened.page, chapter.stem)
        assert list(chain.from_iterable(faults)) == []
        assert len(faults) == stored_views(chapter), "the page has not every interactive of its notebook"
        assert opened.wrong == []


def test_every_stored_view_counts(tmp_path):
    view = nbformat.v4.new_output("display_data", {VIEW: {"model_id": "m"}, "text/plain": "Interactive"})
    cells = [nbformat.v4.new_code_cell(outputs=[view, view]), nbformat.v4.new_code_cell(outputs=[view])]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "chapter.ipynb")
    assert stored_views(tmp_path / "chapter.ipynb") == 3


DAYS = {"1 January": "<p>one</p>", "2 January": "<p>two</p>", "3 January": "<p>three</p>"}
KINDS = {kind: {phase: f"<p>{kind}, {phase}</p>" for phase in ("early", "late")} for kind in ("calm", "unrest")}
CODES = pd.DataFrame({"Street": [1, 0], "Court": [0, 2]}, index=["Video", "Verdict"])
WEIGHTS = pd.Series({"Video": 3, "Verdict": 1})


def written(html, script=""):
    """Return an interactive that shows some HTML and runs a script on it."""
    code = f"function render({{el}}) {{ el.innerHTML = `{html}`; {script} }} export default {{ render }};"
    return type("Written", (anywidget.AnyWidget,), {"_esm": code})()


SAYS = "<p>nothing</p>"
CHOICE = "<label>Case <select><option>less</option><option>more</option></select></label>"
RADIO = (
    "<label><input type='radio' name='n' id='a' checked>A</label><label><input type='radio' name='n' id='b'>B</label>"
)
TICK = "<label><input type='checkbox' id='c'>C</label>"
FOLD = (
    "<details><summary>More <b>words</b></summary><p>Text</p>"
    "<label>Case <select><option>a</option><option>b</option></select></label></details>"
)
EMPTY_FOLD = "<details><summary>Nothing</summary></details>"
SAY_WHICH = "el.onchange = ({target}) => { el.firstChild.textContent = target.id || target.value; };"
FIELD = "<label>Word <textarea></textarea></label>"
SAY_LENGTH = "el.oninput = ({target}) => { el.firstChild.textContent = `${target.value.length} letters`; };"
SAY_MORE = "el.onclick = () => { el.firstChild.append('!'); };"
REDRAW = """el.onchange = ({target}) => { const chosen = target.value; el.innerHTML = el.innerHTML;
  el.querySelector("select").value = el.firstChild.textContent = chosen; };"""
SHOW_LATE = """el.onchange = ({target}) => {
  el.lastChild.innerHTML = target.value === "more" ? "<i>more</i><button>Late</button>" : ""; };"""


def test_every_kind_of_control_is_driven(running, page_with):
    boxes = [
        frames(DAYS, "Day"),
        filter_by(KINDS, "Kind", "Phase"),
        weigh(WEIGHTS, CODES, "Weight of each item"),
        written(SAYS + RADIO + TICK, SAY_WHICH),
        written(SAYS + FOLD, SAY_WHICH),
        written(SAYS + FIELD, SAY_LENGTH),
    ]
    with visit(running, page_with(*boxes)) as opened:
        assert drive(opened.page, "page") == [[], [], [], [], [], []]
        assert opened.wrong == []


NOTHING = "changes nothing that a reader sees; link it to something, or take it out."
TWO_STATES = [ipywidgets.HTML(SAYS), ipywidgets.HTML(SAYS)]
PLANTED = {
    "a list linked to nothing": (
        Interactive([ipywidgets.Dropdown(options=["a", "b"], description="Kind"), ipywidgets.HTML(SAYS)], "x"),
        [f', combobox "Kind": {act} {NOTHING}' for act in ("the pointer", "the keyboard")],
    ),
    "a slider that changes only its own readout": (
        Interactive([ipywidgets.SelectionSlider(options=["a", "b"], description="Day"), *TWO_STATES], "x"),
        [f', slider "Day": {act} {NOTHING}' for act in ("the pointer", "the keyboard")],
    ),
    "a control without a name": (
        frames(DAYS, ""),
        [", slider 1: it has no accessible name; label it."],
    ),
    "an interactive without a control": (
        written(SAYS),
        [" has no control; show a figure or a table instead."],
    ),
    "a button out of the keyboard's reach": (
        written(SAYS + "<button tabindex='-1'>More</button>", SAY_MORE),
        [', button "More": the Tab key does not reach it; make it focusable.'],
    ),
    "an interactive that redraws its controls": (
        written(SAYS + CHOICE, REDRAW),
        [', combobox "Case": its keys take the focus away from it; keep the element when the interactive redraws.'],
    ),
    "a button that is never enabled": (
        written(SAYS + "<button disabled>Later</button>"),
        [', button "Later": nothing enables it; take it out.'] * 2,
    ),
    "a field to type in that nothing reads": (
        written(SAYS + "<label>Word <input></label>"),
        [f', textbox "Word": {act} {NOTHING}' for act in ("the pointer", "the keyboard")],
    ),
    "a field for numbers": (
        written(SAYS + "<input type='number' aria-label='Count'>", SAY_MORE),
        [', spinbutton "Count": tools/driving.py does not know the keys of this role; add them.'],
    ),
    "a dead control that shows late": (
        written(SAYS + CHOICE + "<div></div>", SHOW_LATE),
        [f', button "Late": the pointer {NOTHING}'],
    ),
    "a part that unfolds to nothing": (
        written(SAYS + EMPTY_FOLD),
        [f', summary "Nothing": {act} {NOTHING}' for act in ("the pointer", "the keyboard")],
    ),
    "a dead list in a part that unfolds": (
        written(SAYS + FOLD),
        [f', combobox "Case": {act} {NOTHING}' for act in ("the pointer", "the keyboard")],
    ),
    "an interactive that moves by itself": (
        written(SAYS + "<button>Go</button>", "setInterval(() => { el.firstChild.append('!'); }, 100);"),
        [" moves by itself; let it wait for the reader."],
    ),
}


def test_planted_faults_are_named_with_page_interactive_and_control(running, page_with, monkeypatch):
    monkeypatch.setattr(driving, "PATIENCE", 500)
    with visit(running, page_with(*(box for box, _ in PLANTED.values()))) as opened:
        found = drive(opened.page, "page")
    assert dict(zip(PLANTED, found, strict=True)) == {
        name: [f"page, interactive {number}{fault}" for fault in faults]
        for number, (name, (_, faults)) in enumerate(PLANTED.items(), start=1)
    }


def test_an_interactive_that_never_appears_is_named(running, page_with):
    lost, there = frames(DAYS, "Day"), frames(DAYS, "Day")
    with visit(running, page_with(lost, there, without=[lost])) as opened:
        opened.page.set_default_timeout(3_000)
        assert drive(opened.page, "page") == [
            ["page, interactive 1 never appears; the browser's console says why."],
            [],
        ]


def test_an_item_that_counts_for_nothing_is_a_dead_slider(running, page_with, monkeypatch):
    monkeypatch.setattr(driving, "PATIENCE", 500)
    box = weigh(WEIGHTS, CODES.mul([1, 0], axis=0), "Weight of each item")
    with visit(running, page_with(box)) as opened:
        (faults,) = drive(opened.page, "page")
    assert len(faults) == 2
    assert all(fault.startswith('page, interactive 1, slider "Verdict') for fault in faults)


def test_the_day_scrubber_shows_the_day_chosen(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.give_sign()
        scrubber = opened.page.locator(".casebook-interactive").first
        scrubber.get_by_alt_text(
            re.compile("1 January 2022. Places with a record of protest or violence: 1.")
        ).wait_for()
        for key, day in (("ArrowRight", 2), ("End", 8), ("ArrowLeft", 7), ("Home", 1)):
            scrubber.get_by_role("slider").press(key)
            scrubber.get_by_alt_text(re.compile(f"up to {day} January 2022")).wait_for()


def test_the_event_filter_shows_the_rows_chosen(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.give_sign()
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


def test_a_weighing_says_who_comes_first(running, page_with):
    with visit(running, page_with(weigh(WEIGHTS, CODES, "Weight of each item"))) as opened:
        said = opened.page.locator(".casebook-weigh [aria-live]")
        said.wait_for()
        assert said.inner_text() == "First: Street, with 3."
        opened.page.get_by_label("Verdict").press("End")
        opened.page.get_by_text("First: Court, with 10.").wait_for()
        totals = opened.page.locator(".casebook-weigh tbody td:nth-child(2)").all_inner_texts()
        assert totals == ["3", "10"]
