"""Figures draw what the data say: marks, labels and limits are compared, not pixels."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from casebook import figures
from casebook.data import load
from casebook.errors import CasebookError
from tests.contrast import contrast, linear, rgb


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def statements():
    return load("claims").set_index("claim_id").loc[["C002", "C005", "C191", "C017", "C176"]]


def texts(ax):
    """Return the values written beside the marks."""
    return [text.get_text() for text in ax.texts if text.xycoords == "data"]


def labels(ax):
    """Return the labels written above the rows."""
    return [text.get_text() for text in ax.texts if text.xycoords != "data"]


def marks(ax):
    """Return the drawn points as (x, y) pairs, legend handles left out."""
    return {(x, y) for line in ax.lines for x, y in zip(*line.get_data(), strict=True)}


def test_statement_chart_draws_points_ranges_and_bounds():
    ax = figures.statement_chart(statements(), "persons")
    assert texts(ax) == ["164", "225", "85–90", "more than 200", "at most 10"]
    assert {(164, 0), (225, 1), (85, 2), (90, 2), (200, 3), (10, 4)} == marks(ax)
    assert ax.get_xlabel() == "persons"
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_statement_chart_says_who_and_when():
    written = labels(figures.statement_chart(statements(), "persons"))
    assert written[0] == "2022-01-09, Operational HQ channel"
    assert written[1] == "2022-01-15, Prosecutor General's Office"


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
    assert labels(ax)[0] == "Russia"
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


@pytest.mark.parametrize("draw", ["statements", "phases"])
def test_labels_overlap_nothing_and_are_not_cut(draw):
    if draw == "statements":
        ax = figures.statement_chart(load("claims").query("quantity == 'csto_personnel_deployed'"), "persons")
    else:
        ax = figures.phase_chart(load("phases").query("scheme in ['module', 'hegglin2022', 'daryo2024']"))
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    assert max(box.x1 for box in boxes) <= ax.figure.bbox.x1


def test_phase_chart_draws_whole_days_and_says_where_dates_are_missing():
    phases = load("phases").set_index("phase_id").loc[["peaceful", "SY1", "SY7", "DA1", "aftermath"]]
    ax = figures.phase_chart(phases)
    assert [bar.get_width() for bar in ax.patches] == [5, 7]
    assert texts(ax) == ["no dates given", "start not given", "end not given"]
    hatches = [bar.get_hatch() for bar in ax.patches]
    assert len(set(hatches)) == 2


PALETTE = [figures.BLUE, figures.RUST, figures.GREEN, figures.GREY]


def contrast_to_paper(colour):
    return contrast(rgb(colour), rgb("#ffffff"))


def test_marks_and_text_stand_out_from_the_paper():
    colours = [colour for _, colour, _ in figures.STATEMENT_MARKS.values()] + [
        colour for _, colour in figures.EVENT_MARKS.values()
    ]
    assert min(map(contrast_to_paper, colours)) >= 3
    assert min(map(contrast_to_paper, [figures.INK, figures.GREY])) >= 4.5


def test_contrast_goes_from_1_to_21():
    assert contrast_to_paper("#ffffff") == pytest.approx(1)
    assert contrast_to_paper("#000000") == pytest.approx(21)


def test_a_status_without_a_mark_is_refused():
    with pytest.raises(CasebookError, match="No mark is defined for guessed; add one to casebook/figures.py"):
        figures.statement_chart(statements().assign(status="guessed"), "persons")


# Simulation of a full protan, deutan and tritan deficiency in linear RGB: Machado, Oliveira and Fernandes (2009),
# "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), severity 1.0.
DEFICIENCIES = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
RGB_TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
WHITE = [0.95047, 1.0, 1.08883]  # D65
JUST_APART = 15  # CIE 1976 colour difference; about 2.3 is just noticeable side by side


def lab(linear):
    """Return CIE L*a*b* of a colour in linear RGB."""
    ratio = np.array(RGB_TO_XYZ) @ np.clip(linear, 0, 1) / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_colours_stay_apart_without_full_colour_vision(deficiency):
    seen = {colour: lab(np.array(DEFICIENCIES[deficiency]) @ linear(rgb(colour))) for colour in PALETTE}
    for (one, seen_one), (other, seen_other) in itertools.combinations(seen.items(), 2):
        distance = np.linalg.norm(seen_one - seen_other)
        assert distance > JUST_APART, f"{one} and {other} look alike ({distance:.0f}) with a {deficiency} deficiency"


def test_the_simulation_sees_a_bad_palette():
    red, green = (lab(np.array(DEFICIENCIES["deutan"]) @ linear(rgb(colour))) for colour in ("#a05000", "#707000"))
    assert np.linalg.norm(red - green) < JUST_APART
