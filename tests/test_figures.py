"""Figures draw what the data say: marks, labels and limits are compared, not pixels."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from casebook import aftermath_figures, community_figures, figures, legal_figures, source_figures
from casebook.data import load
from casebook.errors import CasebookError
from casebook.robustness import rating_table, verdicts
from tests.contrast import contrast, linear, rgb
from tests.sample_aftermath import changes
from tests.sample_shares import SHARES


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


@pytest.mark.parametrize("day", range(1, 9))
def test_names_on_the_map_do_not_overlap_and_stay_on_it(day):
    ax = figures.spread_map(street(), pd.Timestamp(2022, 1, day))
    ax.figure.canvas.draw()
    boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts]
    frame = ax.get_window_extent()
    for number, (name, box) in enumerate(boxes):
        assert frame.x0 <= box.x0, f"{name} is cut at the left"
        assert box.x1 <= frame.x1, f"{name} is cut at the right"
        for other, other_box in boxes[number + 1 :]:
            assert not box.overlaps(other_box), f"{name} overlaps {other}"


VOTES = pd.DataFrame(
    {
        "state": ["Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia", "Tajikistan"],
        "vote": ["abstained", "against", "abstained", "abstained", "against", "abstained"],
    }
)
TURNS = pd.DataFrame(
    [
        ("2025-03-13", "settlement", "border treaty, Kyrgyz and Tajik", None, None),
        ("1999-04-02", "exit", "Azerbaijan, Georgia, Uzbekistan", None, None),
        ("2006-08-16", "return", "Uzbekistan", None, None),
        ("2021-04-28", "clash", "Kyrgyzstan and Tajikistan", 55, 55),
        ("2022-09-14", "clash", "Kyrgyzstan and Tajikistan", 104, None),
        ("2023-01-10", "protest", "Armenia will not host an exercise", None, None),
    ],
    columns=["date", "kind", "label", "dead_low", "dead_high"],
).assign(date=lambda turns: pd.to_datetime(turns["date"]))


def book_ratings():
    return rating_table(load("indicators"), load("indicator_thresholds"), load("indicator_evidence"))


def findings():
    cases = load("cases")[["case_id", "title", "date_start"]]
    elements = load("article4_elements")[["element_id", "test_order", "element", "role"]]
    return load("case_elements").merge(cases).merge(elements)


DRAWN = {
    "statements": lambda: figures.statement_chart(
        load("claims").query("quantity == 'csto_personnel_deployed'"), "persons"
    ),
    "phases": lambda: figures.phase_chart(load("phases").query("scheme in ['module', 'hegglin2022', 'daryo2024']")),
    "indicators": lambda: community_figures.indicator_plot(load("indicators"), book_ratings()),
    "votes": lambda: community_figures.pair_matrix(VOTES),
    "turns": lambda: community_figures.clash_and_exit_chart(TURNS),
    "verdicts": lambda: community_figures.verdict_chart(verdicts(book_ratings())),
    "matrix, official": lambda: legal_figures.element_matrix(findings(), "official"),
    "matrix, critical": lambda: legal_figures.element_matrix(findings(), "critical"),
    "response times": lambda: legal_figures.response_time_chart(load("cases")),
    "responses": lambda: legal_figures.response_chart(load("cases")),
    "errors": lambda: source_figures.error_chart(load("known_errors")),
    "shares": lambda: source_figures.share_chart(SHARES),
    "calendar": lambda: aftermath_figures.change_calendar(changes()),
    "lanes": lambda: aftermath_figures.change_lanes(changes()),
}


def is_level(ax, name):
    """Tell whether a tick's name is drawn and level: the box of a slanted name is wider than its letters."""
    return ax.axison and name.get_rotation() == 0


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())
def test_labels_overlap_nothing_and_are_not_cut(draw):
    ax = draw()
    ax.figure.canvas.draw()
    first, last = ax.get_xlim()
    ticks = [name for name in ax.get_xticklabels() if first <= name.get_position()[0] <= last and is_level(ax, name)]
    legends = [text for legend in [ax.get_legend(), *ax.figure.legends] if legend for text in legend.get_texts()]
    boxes = [text.get_window_extent() for text in [*ax.texts, *ticks, *ax.get_yticklabels(), *legends]]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    assert min(box.x0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) <= ax.figure.bbox.x1
    assert max(box.y1 for box in boxes) <= ax.figure.bbox.y1


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())
def test_a_figure_is_as_wide_as_the_style_says_and_its_text_legible_on_a_phone(draw):
    figure = draw().figure
    assert figure.get_figwidth() == figures.WIDTH
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 9.5


def test_a_title_that_is_too_long_is_seen():
    cases = load("cases").assign(title="A crisis whose name runs beyond the edge of the figure")
    with pytest.raises(AssertionError):
        test_labels_overlap_nothing_and_are_not_cut(lambda: legal_figures.response_time_chart(cases))


def test_a_label_that_is_too_long_is_seen():
    turns = TURNS.assign(label="an exercise is called off by the host a day before it begins")
    with pytest.raises(AssertionError):
        test_labels_overlap_nothing_and_are_not_cut(lambda: community_figures.clash_and_exit_chart(turns))


def test_phase_chart_draws_whole_days_and_says_where_dates_are_missing():
    phases = load("phases").set_index("phase_id").loc[["peaceful", "SY1", "SY7", "DA1", "aftermath"]]
    ax = figures.phase_chart(phases)
    assert [bar.get_width() for bar in ax.patches] == [5, 7]
    assert texts(ax) == ["no dates given", "start not given", "end not given"]
    hatches = [bar.get_hatch() for bar in ax.patches]
    assert len(set(hatches)) == 2


def test_indicator_plot_puts_each_mark_into_the_zone_of_its_rating():
    rated = book_ratings()
    ax = community_figures.indicator_plot(load("indicators"), rated)
    zones = {"weak": (0, 1), "partial": (1, 2), "strong": (2, 3)}
    drawn = [line for line in ax.lines if line.get_ydata()[0] > 0]
    for line, rating in zip(drawn, rated["as_coded"].dropna(), strict=True):
        lowest, end = zones[rating]
        assert lowest <= line.get_xdata()[0] < end
        marker, _, filled = community_figures.RATING_MARKS[rating]
        assert line.get_marker() == marker
        assert (line.get_markerfacecolor() != "white") == filled
    shapes = {marker for marker, _, _ in community_figures.RATING_MARKS.values()}
    assert len(shapes) == len(zones)


def test_indicator_plot_says_value_thresholds_and_blanks():
    ax = community_figures.indicator_plot(load("indicators"), book_ratings())
    written = [text.get_text() for text in ax.texts]
    assert {"Trade inside the bloc: 14.6%", "≥ 20% | 50%", "≤ 24 | 0", "Treaty clause against force: yes"} <= {*written}
    assert "Negative posts online: blank, cannot be rated" in written
    assert written.count("Sense of community") == 1


@pytest.mark.parametrize(
    ("value", "direction", "strong_at", "partial_at", "position"),
    [
        (104, "lower_is_stronger", 0, 24, 24 / 104),
        (12, "lower_is_stronger", 0, 24, 1.5),
        (0, "lower_is_stronger", 0, 24, 2),
        (0, "lower_is_stronger", 24, 999, 3),
        (10, "higher_is_stronger", 50, 20, 0.5),
        (20, "higher_is_stronger", 50, 20, 1),
        (100, "higher_is_stronger", 50, 20, 2.5),
        (0, "higher_is_stronger", 1, None, 0),
        (1, "higher_is_stronger", None, 1, 1),
    ],
)
def test_the_common_scale_puts_every_threshold_on_one_line(value, direction, strong_at, partial_at, position):
    assert community_figures.indicator_position(value, direction, strong_at, partial_at) == pytest.approx(position)


def test_pair_matrix_says_in_words_which_pairs_agree():
    ax = community_figures.pair_matrix(VOTES.sample(frac=1, random_state=3))
    words = texts(ax)
    assert (words.count("same"), words.count("differ"), words.count("–")) == (7, 8, 6)
    states = [label.get_text() for label in ax.get_yticklabels()]
    assert states[:3] == ["Belarus,\nagainst", "Russia,\nagainst", "Armenia,\nabstained"]
    with pytest.raises(CasebookError, match="pair_matrix got more than one vote for Russia; give one row a state"):
        community_figures.pair_matrix(pd.concat([VOTES, VOTES.query("state == 'Russia'")]))


def test_clash_and_exit_chart_is_in_order_of_time_and_says_kinds_and_dead():
    ax = community_figures.clash_and_exit_chart(TURNS)
    assert labels(ax)[0] == "1999, exit: Azerbaijan, Georgia, Uzbekistan"
    assert labels(ax)[-1] == "2025, settlement: border treaty, Kyrgyz and Tajik"
    assert texts(ax) == ["55 dead", "more than 104 dead"]
    assert len(marks(ax)) == len(TURNS)
    shapes = {(marker, filled) for marker, _, filled in community_figures.TURN_MARKS.values()}
    assert len(shapes) == len(community_figures.TURN_MARKS)
    with pytest.raises(
        CasebookError, match="No mark is defined for quarrel; use one of clash, exit, freeze, protest, return"
    ):
        community_figures.clash_and_exit_chart(TURNS.assign(kind="quarrel"))


def test_verdict_chart_draws_shares_and_says_what_rounds_away():
    counts = pd.Series({"mature": 0, "ascendant": 1, "nascent": 998, "not a community": 1_999_001})
    ax = community_figures.verdict_chart(counts)
    assert texts(ax) == ["none", "under 0.1%", "under 0.1%", "over 99.9%"]
    assert labels(ax) == list(counts.index)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(list(100 * counts / 2_000_000))
    assert texts(community_figures.verdict_chart(pd.Series({"mature": 1, "nascent": 3}))) == ["25%", "75%"]


PALETTE = [figures.BLUE, figures.RUST, figures.GREEN, figures.GREY]


def contrast_to_paper(colour):
    return contrast(rgb(colour), rgb("#ffffff"))


def test_marks_and_text_stand_out_from_the_paper():
    marked = figures.STATEMENT_MARKS | community_figures.RATING_MARKS | community_figures.TURN_MARKS
    colours = [colour for _, colour, _ in marked.values()] + [colour for _, colour in figures.EVENT_MARKS.values()]
    colours += [edge for _, _, edge, _ in source_figures.STRENGTHS.values()]
    colours += [colour for _, colour, _ in aftermath_figures.CHANGE_MARKS.values()]
    lettered = legal_figures.FINDING_MARKS.values()
    colours += [edge for *_, edge in lettered]
    filled = [fill for *_, fill, _ in lettered if fill != "white"]
    assert min(map(contrast_to_paper, colours)) >= 3
    assert min(map(contrast_to_paper, filled)) >= 4.5
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
