"""The figures of the aftermath chapter draw what the tables say, each kind of mark with a shape of its own."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from casebook.aftermath_figures import (
    CHANGE_MARKS,
    VOTE_MARKS,
    change_calendar,
    change_lanes,
    separate_counts,
    vote_grid,
)
from casebook.data import load
from casebook.errors import CasebookError
from tests.sample_aftermath import changes, counts, votes
from tests.test_figures import labels, marks, texts


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def heights(ax):
    """Return the day and the height of each mark, top to bottom."""
    drawn = ((f"{pd.Timestamp(day):%Y-%m-%d}", height) for day, height in marks(ax))
    return dict(sorted(drawn, key=lambda mark: mark[1]))


def test_the_calendar_names_each_change_with_its_date_under_its_domain():
    ax = change_calendar(changes())
    assert labels(ax) == [
        "constitution and elections",
        "2022-06  Amendments to the constitution",
        "2022-09-17  The president's term",
        "2026  A parliament of one chamber",
        "people",
        "2022-03-14  Complaints of torture",
        "2022-03-30  Another complaint",
    ]
    assert list(heights(ax)) == ["2022-06-15", "2022-09-17", "2026-07-02", "2022-03-14", "2022-03-30"]


def test_a_date_that_is_only_a_month_or_a_year_is_a_line():
    (lines,) = change_calendar(changes()).collections
    (month, year) = ([f"{plt.matplotlib.dates.num2date(x):%Y-%m-%d}" for x, _ in line] for line in lines.get_segments())
    assert month == ["2022-06-01", "2022-06-30"]
    assert year == ["2026-01-01", "2026-12-31"]


def test_the_legend_counts_each_status_and_shapes_tell_them_apart():
    written = [text.get_text() for text in change_calendar(changes()).get_legend().get_texts()]
    assert written == ["done (1)", "partly (2)", "announced (1)", "disputed (1)"]
    shapes = {(marker, filled) for marker, _, filled in CHANGE_MARKS.values()}
    assert len(shapes) == len({marker for marker, *_ in CHANGE_MARKS.values()}) == len(CHANGE_MARKS)


def test_lanes_have_every_change_once_and_name_their_domain_with_its_number():
    ax = change_lanes(changes())
    assert labels(ax) == ["constitution and elections (3)", "people (2)"]
    assert len(marks(ax)) == len(changes())


def test_marks_of_a_lane_that_would_touch_stand_one_below_the_other():
    found = heights(change_lanes(changes()))
    assert found["2022-03-30"] > found["2022-03-14"]
    assert found["2022-06-15"] == found["2022-09-17"] == found["2026-07-02"]


def test_the_line_of_a_vague_date_touches_no_other_mark():
    crowded = changes().assign(date=["2022", "2022-12-20", "2024-01-01", "2022-03-14", "2022-03-30"])
    found = heights(change_lanes(crowded))
    assert found["2022-12-20"] > found["2022-07-02"] == found["2024-01-01"]


def test_the_grid_has_a_letter_for_each_vote_in_the_order_of_time():
    ax = vote_grid(votes())
    assert sorted(texts(ax)) == sorted(VOTE_MARKS[vote][0] for vote in votes()["vote"])
    assert [name.get_text() for name in ax.get_xticklabels()] == ["ES-11/1\n2022-03-02", "ES-11/3\n2022-04-07"]
    assert [name.get_text() for name in ax.get_yticklabels()] == ["Armenia", "Kazakhstan", "Russia"]
    letters = {text.xy: text.get_text() for text in ax.texts}
    assert letters[0, 1] == "A"
    assert letters[1, 1] == "N"


def test_the_grid_says_when_a_place_is_empty():
    def legend(ax):
        return [text.get_text() for text in ax.figure.legends[0].get_texts()]

    assert legend(vote_grid(votes())) == ["N  against", "A  abstained", "empty: no row"]
    assert legend(vote_grid(load("votes").query("resolution == 'ES-11/1'"))) == ["N  against", "A  abstained"]


def test_votes_differ_in_letter_and_in_shape():
    letters, shapes = zip(*((letter, marker) for letter, marker, *_ in VOTE_MARKS.values()), strict=True)
    assert len(set(letters)) == len(set(shapes)) == len(VOTE_MARKS)
    assert set(load("votes")["vote"]) <= set(VOTE_MARKS)


def test_separate_counts_share_no_axis_and_each_says_what_it_counts_by_whom_and_when():
    ax = separate_counts(counts())
    assert not ax.axison
    assert marks(ax) == set()
    written = [" ".join(text.get_text().split()) for text in ax.texts]
    assert written == [
        "people killed",
        "238",
        "citizens killed during the emergency and the anti-terrorist operation (Prosecutor General Asylov, 2023-01-05)",
        "amnesty",
        "more than 1,500",
        "people covered by the amnesty (amnesty law, 2022-11-02)",
    ]


@pytest.mark.parametrize("draw", [change_calendar, change_lanes])
def test_a_status_or_a_vote_without_a_mark_is_refused(draw):
    with pytest.raises(CasebookError, match="No mark is defined for hoped; add one to casebook/aftermath_figures.py"):
        draw(changes().assign(status="hoped"))
    with pytest.raises(CasebookError, match="No mark is defined for perhaps; add one"):
        vote_grid(votes().assign(vote="perhaps"))


@pytest.mark.parametrize(
    ("draw", "frame"),
    [(change_calendar, changes), (change_lanes, changes), (vote_grid, votes), (separate_counts, counts)],
)
def test_nothing_to_draw_is_said(draw, frame):
    with pytest.raises(CasebookError, match=f"{draw.__name__} got no row; give it at least one."):
        draw(frame().iloc[:0])


def test_two_votes_of_one_state_on_one_resolution_are_refused():
    with pytest.raises(CasebookError, match="vote_grid got two votes of Armenia on ES-11/1; keep one."):
        vote_grid(pd.concat([votes(), votes().iloc[[2]]]))


def test_charts_draw_on_the_axes_they_are_given():
    for draw, frame in (
        (change_calendar, changes),
        (change_lanes, changes),
        (vote_grid, votes),
        (separate_counts, counts),
    ):
        _, ax = plt.subplots(layout="constrained")
        assert draw(frame(), ax) is ax
