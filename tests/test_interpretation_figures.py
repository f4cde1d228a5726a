"""The figures of the chapter on interpretations draw what the rule says; letters and numbers carry what colour does."""

import itertools

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.text import Text

from casebook.data import load
from casebook.errors import CasebookError
from casebook.hypotheses import (
    CODES,
    code_table,
    draw_scores,
    inconsistency_scores,
    item_weights,
    rank_shares,
    score_bounds,
    scores_of_a1,
    weight_bounds,
)
from casebook.interpretation_figures import CODE_LOOKS, code_heat_map, rank_chart, score_chart
from tests.contrast import contrast, rgb

FAMILIES = ["streets", "deployment"]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def codes(family, column="code"):
    return code_table(load("evidence_matrix"), load("evidence_items"), load("hypotheses"), family, column)


def titles():
    return load("evidence_items").set_index("item_id")["title"]


def labels(family):
    own = load("hypotheses").query("family == @family").set_index("hypothesis_id")["title"]
    return own.index + " " + own


def heat_map(family):
    return code_heat_map(codes(family), titles())


def scores(family):
    items, own = load("evidence_items"), codes(family)
    bounds = score_bounds(own, weight_bounds(items))
    return score_chart(bounds.assign(score=inconsistency_scores(own, item_weights(items)), label=labels(family)))


def shares(family):
    own, other = codes(family), codes(family, "alternative_code")
    return rank_chart(rank_shares(draw_scores(own, load("evidence_items"), other)), labels(family))


def a1(_family):
    found = scores_of_a1(load("evidence_matrix"), load("evidence_items"))
    return score_chart(found.rename_axis("label").reset_index())


def is_value(text):
    return text.get_transform() != text.axes.get_yaxis_transform()


def headings(ax):
    return [text.get_text().replace("\n", " ") for text in ax.texts if not is_value(text)]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_heat_map_has_a_letter_for_every_code_in_the_order_of_the_table(family):
    ax, own = heat_map(family), codes(family)
    written = [text.get_text() for text in ax.texts if is_value(text)]
    assert written == [code for _, row in own.iterrows() for code in row]
    assert headings(ax) == [f"{item} {titles()[item]}" for item in own.index]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == list(own)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_the_heat_map_leaves_a_missing_code_empty_and_refuses_an_unknown_one():
    own = codes("streets").astype(object)
    own.loc["V01", "A1a"] = None
    drawn = [text for text in code_heat_map(own, titles()).texts if is_value(text)]
    assert len(drawn) == own.size - 1
    own.loc["V01", "A1a"] = "X"
    with pytest.raises(CasebookError, match="No look is defined for X; use one of CC, C, N, I, II"):
        code_heat_map(own, titles())


def test_the_legend_spells_the_letters_out():
    (legend,) = heat_map("streets").figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [f"{code} {words}" for code, words in CODES.items()]


def test_bars_show_the_score_and_lines_the_range():
    ax = scores("streets")
    assert [bar.get_width() for bar in ax.patches] == [31, 10, 10, 16, 12, 4, 13]
    assert list(ax.lines[0].get_xdata()) == [11, 45]
    assert next(text.get_text() for text in ax.texts if is_value(text)) == "31 (11–45)"
    assert headings(ax) == [labels("streets")[name] for name in codes("streets")]


def test_the_three_codings_of_a1_are_bars_without_a_range():
    ax = a1(None)
    assert [text.get_text() for text in ax.texts if is_value(text)] == ["59", "43", "28"]
    assert headings(ax) == ["first codes", "three corrected", "all corrected"]
    assert not ax.lines
    assert ax.get_xlabel() == "inconsistency score"


def test_shares_do_not_round_to_none_or_all():
    made_up = pd.DataFrame({1: [1, 0.002, 0.5], 2: [0, 0.998, 0.5]}, index=["A", "B", "C"])
    ax = rank_chart(made_up, pd.Series({"A": "A", "B": "B", "C": "C"}))
    assert [text.get_text() for text in ax.texts if is_value(text)] == ["100", "–", "<1", ">99", "50", "50"]


EVERY = [*itertools.product([heat_map, scores, shares], FAMILIES), (a1, None)]


@pytest.mark.parametrize(("draw", "family"), EVERY)
def test_text_is_large_enough_inside_the_figure_and_does_not_overlap(draw, family):
    ax = draw(family)
    figure = ax.figure
    figure.canvas.draw()
    beyond = {tick.label1 for tick in ax.xaxis.get_major_ticks() if tick.get_loc() > ax.get_xlim()[1]}  # not drawn
    written = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible() and text not in beyond]
    assert min(text.get_fontsize() for text in written) >= 9.5
    boxes = [(text.get_text(), text.get_window_extent()) for text in written]
    for text, box in boxes:
        assert box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1, f"{text} leaves the figure"
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        assert not first.padded(-1).overlaps(second.padded(-1)), f"{one} and {other} overlap"


def test_letters_stand_out_from_their_ground():
    for ground, ink in CODE_LOOKS.values():
        names = {"white": "#ffffff"}
        assert contrast(rgb(names.get(ground, ground)), rgb(names.get(ink, ink))) >= 4.5


def test_figures_draw_on_the_axes_they_are_given():
    _, ax = plt.subplots(layout="constrained")
    assert code_heat_map(codes("streets"), titles(), ax) is ax
    assert score_chart(pd.DataFrame({"label": ["A"], "score": [0]}), ax) is ax
    assert rank_chart(pd.DataFrame({1: [1.0]}, index=["A"]), pd.Series({"A": "A"}), ax) is ax
