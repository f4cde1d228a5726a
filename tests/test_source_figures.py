"""The figures of the chapter on sources draw every row they are given, and refuse what they cannot draw."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from casebook.data import load, package
from casebook.errors import CasebookError
from casebook.source_figures import STANCE_MARKS, STRENGTHS, answer_chart, error_chart, share_chart
from tests.sample_shares import SHARES
from tests.test_figures import labels, marks, texts


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_every_error_is_a_square_with_the_letter_of_its_strength():
    errors = load("known_errors")
    ax = error_chart(errors)
    letters = [text for text in texts(ax) if len(text) == 1]
    assert sorted(letters) == sorted(errors["strength"])
    assert len(marks(ax)) == len(errors)
    sizes = errors["kind"].value_counts()
    assert labels(ax)[0] == f"date: {sizes['date']}"
    assert len(labels(ax)) == len(sizes)
    assert [text.get_text()[0] for text in ax.get_legend().get_texts()] == list(STRENGTHS)


def test_a_share_says_its_interval_and_is_drawn_in_it():
    ax = share_chart(SHARES)
    assert labels(ax) == ["as if 61 posts were drawn: 77% (65–86%)", "as if 16 accounts were: 77% (53–91%)"]
    assert ax.get_xlim() == (0, 100)
    assert (77.0, 0) in marks(ax)


def test_numbers_are_drawn_in_order_of_time_and_marked_by_stance():
    ax = answer_chart(load("source_answers").query("topic == 'deaths'"))
    assert labels(ax)[0] == "9 January 2022: The government"
    assert labels(ax)[-1] == "6 January 2024: Daryo"
    assert "more than 200" in texts(ax)
    shown = [text.get_text() for text in ax.get_legend().get_texts()]
    assert shown == ["Kazakh official", "allied official", "independent", "scholarly", "advocacy"]


def test_a_figure_refuses_what_it_cannot_draw():
    answers = load("source_answers")
    with pytest.raises(CasebookError, match="No square is defined for E; use one of A, B, C and D"):
        error_chart(pd.DataFrame({"kind": ["date"], "strength": ["E"]}))
    with pytest.raises(
        CasebookError, match="got a share outside its interval for 'as if 61 posts were drawn'; correct"
    ):
        share_chart(SHARES.assign(low=90))
    with pytest.raises(CasebookError, match="needs numbers on one question and got: deaths, troops; choose one topic"):
        answer_chart(answers.query("topic in ['deaths', 'troops']"))
    with pytest.raises(CasebookError, match="needs numbers on one question and got: none; choose one topic"):
        answer_chart(answers.query("topic == 'request'"))


def test_charts_draw_on_the_axes_they_are_given():
    _, ax = plt.subplots(layout="constrained")
    assert share_chart(SHARES, ax) is ax
    assert error_chart(load("known_errors"), ax) is ax
    assert answer_chart(load("source_answers").query("topic == 'damage'"), ax) is ax


def test_every_stance_has_a_mark_that_differs_in_shape_or_fill():
    (resource,) = (one for one in package()["resources"] if one["name"] == "source_answers")
    (field,) = (one for one in resource["schema"]["fields"] if one["name"] == "stance")
    assert list(STANCE_MARKS) == field["constraints"]["enum"]
    assert len({(marker, filled) for marker, _, filled in STANCE_MARKS.values()}) == len(STANCE_MARKS)
