"""The interactives hold every state, are linked in the page, and refuse what they cannot show."""

import doctest

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from casebook import (
    codings,
    copying,
    cross_examiner,
    hypotheses,
    intervals,
    predictions,
    source_lens,
    weighing,
    weighing_bench,
    widgets,
)
from casebook.errors import CasebookError
from casebook.widgets import filter_by, frames, picture, table


def linked(box):
    return {(link.source[0].__class__.__name__, link.source[1], link.target[1]) for link in box.links}


def test_frames_link_play_slider_and_stack():
    box = frames({"1 January": "<p>one</p>", "2 January": "<p>two</p>"}, "Day")
    assert linked(box) == {("Play", "value", "index"), ("SelectionSlider", "index", "selected_index")}
    assert [state.value for state in box.children[1].children] == ["<p>one</p>", "<p>two</p>"]
    assert repr(box) == "Interactive: Day from 1 January to 2 January, 2 states."


def test_filter_by_one_list():
    box = filter_by({"all": "<p>both</p>", "a": "<p>a</p>"}, "Kind")
    assert linked(box) == {("Dropdown", "index", "selected_index")}
    assert repr(box) == "Interactive: choose Kind (2 choices)."


def test_filter_by_two_lists_nests_the_states():
    states = {kind: {phase: f"<p>{kind} {phase}</p>" for phase in ("x", "y", "z")} for kind in ("a", "b")}
    box = filter_by(states, "Kind", "Phase")
    assert len(box.links) == 3
    assert [[leaf.value for leaf in inner.children] for inner in box.children[1].children][1][2] == "<p>b z</p>"
    assert repr(box) == "Interactive: choose Kind (2 choices) and Phase (3 choices)."


def test_a_choice_of_one_is_refused():
    with pytest.raises(CasebookError, match="frames needs at least two states to choose from and got 1; add states"):
        frames({"1 January": ""}, "Day")
    with pytest.raises(CasebookError, match="filter_by needs at least two states"):
        filter_by({}, "Kind")


def test_labels_must_fit_the_nesting():
    with pytest.raises(CasebookError, match=r"filter_by got 2 label\(s\) for 1 level\(s\) of states; give one each"):
        filter_by({"a": "", "b": ""}, "Kind", "Phase")


def test_a_picture_is_the_same_on_every_run_and_carries_its_text():
    def draw():
        figure, ax = plt.subplots()
        ax.plot([1, 2])
        return picture(figure, 'A line from "1" to 2')

    assert draw() == draw()
    assert draw().startswith('<img alt="A line from &quot;1&quot; to 2" src="data:image/png;base64,')
    assert plt.get_fignums() == []


def test_a_table_has_caption_scopes_and_escaped_text():
    html = table(pd.DataFrame({"Where": ["<b>", None]}), "Two & more")
    assert "<caption>Two &amp; more</caption>" in html
    assert '<th scope="col">Where</th>' in html
    assert "&lt;b&gt;" in html
    assert 'role="region" tabindex="0" aria-label="Two &amp; more"' in html


def test_nested_states_must_have_the_same_options():
    with pytest.raises(CasebookError, match="filter_by needs the same inner options for every 'Kind'"):
        filter_by({"a": {"x": "", "y": ""}, "b": {"z": "", "y": ""}}, "Kind", "Phase")


@pytest.mark.parametrize(
    ("module", "least"),
    [
        (widgets, 2),
        (weighing, 3),
        (source_lens, 3),
        (copying, 2),
        (hypotheses, 4),
        (codings, 8),
        (weighing_bench, 2),
        (cross_examiner, 2),
        (predictions, 2),
        (intervals, 2),
    ],
)
def test_the_documented_examples_are_true(module, least):
    failed, tried = doctest.testmod(module)
    assert failed == 0
    assert tried >= least


def test_a_wrong_example_is_seen():
    example = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "planted", None, 0)
    assert doctest.DocTestRunner(verbose=False).run(example, out=lambda _: None).failed == 1
