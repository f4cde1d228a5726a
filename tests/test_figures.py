"""Figures draw what the data say: marks, labels and limits are compared, not pixels."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from casebook import figures
from casebook.data import load


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def statements():
    return load("claims").set_index("claim_id").loc[["C002", "C005", "C191", "C017", "C176"]]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def marks(ax):
    """Return the drawn points as (x, y) pairs, legend handles left out."""
    return {(x, y) for line in ax.lines for x, y in zip(*line.get_data(), strict=True)}


def test_statement_chart_draws_points_ranges_and_bounds():
    ax = figures.statement_chart(statements(), "persons")
    assert texts(ax) == ["164", "225", "85–90", "over 200", "up to 10"]
    assert {(164, 0), (225, 1), (85, 2), (90, 2), (200, 3), (10, 4)} == marks(ax)
    assert ax.get_xlabel() == "persons"
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_statement_chart_says_who_and_when():
    labels = [label.get_text() for label in figures.statement_chart(statements(), "persons").get_yticklabels()]
    assert labels[0].replace("\n", " ") == "2022-01-09, Operational headquarters channel and Khabar 24"
    assert labels[1].replace("\n", " ") == "2022-01-15, Prosecutor General's Office"


def test_statement_chart_tells_kinds_apart_by_shape():
    legend = figures.statement_chart(statements(), "persons").get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["stated", "planned", "retracted"]
    shapes = {(marker, filled) for marker, _, filled in figures.STATEMENT_MARKS.values()}
    assert len(shapes) == len(figures.STATEMENT_MARKS)


def test_a_chart_of_one_kind_has_no_legend():
    assert figures.statement_chart(statements().iloc[[1]], "persons").get_legend() is None


def test_charts_draw_on_the_axes_they_are_given():
    _, ax = plt.subplots()
    assert figures.statement_chart(statements(), "persons", ax) is ax
    assert figures.spread_map(street(), pd.Timestamp("2022-01-05"), ax) is ax


def test_contingent_chart_puts_the_largest_on_top():
    ax = figures.contingent_chart(load("contingents"))
    assert ax.get_yticklabels()[0].get_text() == "Russia"
    assert "1,480–1,950" in texts(ax)


def street():
    events = load("events")
    events["day"] = pd.to_datetime(events["date_local"], format="ISO8601")
    chosen = (
        events["event_type"].isin(["protest", "violence"]) & events["latitude"].notna() & (events["day"] < "2022-01-09")
    )
    return events[chosen & (events["country"] == "Kazakhstan")]


def test_events_by_day_and_place_has_a_mark_for_each_day_place_and_type():
    data = street()
    ax = figures.events_by_day_and_place(data)
    assert len(marks(ax)) == len(data.drop_duplicates(["place", "day", "event_type"]))
    assert ax.get_yticklabels()[0].get_text() == "Zhanaozen"


def test_spread_map_marks_and_names_each_place_up_to_the_day():
    data = street()
    for day, places in (("2022-01-01", 1), ("2022-01-05", data[data["day"] <= "2022-01-05"]["place"].nunique())):
        ax = figures.spread_map(data, pd.Timestamp(day))
        assert len(marks(ax)) == len(texts(ax)) == places
    assert "Oral" in texts(ax)
    bold = {text.get_text() for text in ax.texts if text.get_fontweight() == "bold"}
    assert "Almaty" in bold
    assert "Zhanaozen" not in bold


def test_names_on_the_map_do_not_overlap():
    ax = figures.spread_map(street(), pd.Timestamp("2022-01-08"))
    ax.figure.canvas.draw()
    boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts]
    frame = ax.get_window_extent()
    for number, (name, box) in enumerate(boxes):
        assert frame.x0 <= box.x0, f"{name} is cut at the left"
        assert box.x1 <= frame.x1, f"{name} is cut at the right"
        for other, other_box in boxes[number + 1 :]:
            assert not box.overlaps(other_box), f"{name} overlaps {other}"


def test_labels_of_a_statement_chart_do_not_overlap():
    ax = figures.statement_chart(load("claims").query("quantity == 'csto_personnel_deployed'"), "persons")
    ax.figure.canvas.draw()
    boxes = sorted((label.get_window_extent() for label in ax.get_yticklabels()), key=lambda box: -box.y0)
    assert all(lower.y1 <= upper.y0 for upper, lower in itertools.pairwise(boxes))


def test_phase_chart_draws_whole_days_and_says_where_dates_are_missing():
    phases = load("phases").set_index("phase_id").loc[["peaceful", "SY1", "SY7", "DA1"]]
    ax = figures.phase_chart(phases)
    assert [bar.get_width() for bar in ax.patches] == [5, 7]
    assert texts(ax) == ["no dates given", "start not given"]
    hatches = [bar.get_hatch() for bar in ax.patches]
    assert len(set(hatches)) == 2


def contrast(colour):
    """Return the contrast of a colour to white (WCAG 2.2, relative luminance)."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05)


def test_marks_and_text_stand_out_from_the_paper():
    colours = [colour for _, colour, _ in figures.STATEMENT_MARKS.values()] + [
        colour for _, colour in figures.EVENT_MARKS.values()
    ]
    assert min(map(contrast, colours)) >= 3
    assert min(map(contrast, [figures.INK, figures.GREY])) >= 4.5
    assert contrast("#ffffff") == pytest.approx(1)
