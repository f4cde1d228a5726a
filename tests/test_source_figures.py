"""The figures of the chapter on sources draw every row they are given, and refuse what they cannot draw."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from casebook.data import load
from casebook.errors import CasebookError
from casebook.source_figures import STRENGTHS, error_chart, share_chart
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


def test_a_figure_refuses_what_it_cannot_draw():
    with pytest.raises(CasebookError, match="No square is defined for E; use one of A, B, C and D"):
        error_chart(pd.DataFrame({"kind": ["date"], "strength": ["E"]}))
    with pytest.raises(
        CasebookError, match="got a share outside its interval for 'as if 61 posts were drawn'; correct"
    ):
        share_chart(SHARES.assign(low=90))


def test_charts_draw_on_the_axes_they_are_given():
    _, ax = plt.subplots(layout="constrained")
    assert share_chart(SHARES, ax) is ax
    assert error_chart(load("known_errors"), ax) is ax
