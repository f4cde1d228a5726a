"""The figures of the aftermath chapter draw what the tables say, each kind of mark with a shape of its own."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from casebook.aftermath_figures import (
    CHANGE_MARKS,
    change_calendar,
    change_lanes,
)
from casebook.errors import CasebookError
from tests.sample_aftermath import changes
from tests.test_figures import labels, marks


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


@pytest.mark.parametrize("draw", [change_calendar, change_lanes])
def test_a_status_without_a_mark_is_refused(draw):
    with pytest.raises(CasebookError, match="No mark is defined for hoped; add one to casebook/aftermath_figures.py"):
        draw(changes().assign(status="hoped"))


@pytest.mark.parametrize("draw", [change_calendar, change_lanes])
def test_nothing_to_draw_is_said(draw):
    with pytest.raises(CasebookError, match=f"{draw.__name__} got no row; give it at least one."):
        draw(changes().iloc[:0])


def test_charts_draw_on_the_axes_they_are_given():
    for draw in (change_calendar, change_lanes):
        _, ax = plt.subplots(layout="constrained")
        assert draw(changes(), ax) is ax
