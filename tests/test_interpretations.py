"""The chapter on interpretations hears every advocate, and calculates what the module for its interactives does."""

import numpy as np
import pytest

from casebook import hypotheses as ach
from casebook.data import load
from tools import rules
from tools.files import BOOK
from tools.interpretation_pages import interpretations_page
from tools.notebooks import code_cells, read


def test_each_advocate_speaks_about_as_long_as_the_others(capsys):
    lengths = rules.words_of_advocates(load("hypotheses"))
    shares = lengths / lengths.mean()
    with capsys.disabled():
        print("\n" + lengths.to_frame().assign(share_of_mean=shares.round(2)).to_string())
    assert len(lengths) == 12
    assert ((shares - 1).abs() <= 0.25).all()


@pytest.mark.parametrize(
    ("said", "noticed"), [("Short.", "has 1 words"), ("word " * 120, "has 120 words"), (None, "has 0 words")]
)
def test_an_advocate_who_is_cut_short_or_runs_on_is_noticed(said, noticed):
    hypotheses = load("hypotheses")
    hypotheses.loc[hypotheses["hypothesis_id"] == "A3", "advocate"] = said
    found = list(rules.advocates_are_heard_alike({"hypotheses": hypotheses}))
    assert any(f"row A3: the advocate {noticed}" in problem for problem in found)


@pytest.mark.parametrize(
    ("row", "other"),
    [(("V06", "A1b"), "I"), (("V06", "A1a"), None), (("V06", "A1a"), "I")],
    ids=["another code where none is contested", "none where one is", "the same code again"],
)
def test_a_contested_code_without_another_is_noticed(row, other):
    matrix = load("evidence_matrix").set_index(["item_id", "hypothesis_id"])
    matrix.loc[row, "alternative_code"] = other
    (problem,) = rules.contested_codes_have_another({"evidence_matrix": matrix.reset_index()})
    assert f"row {'-'.join(row)}: a contested code" in problem


# --- What the chapter calculates in the open is what its interactives calculate ---------------------------------------

FAMILIES = ("streets", "deployment")
ONCE = ["V07", "V09"]


@pytest.fixture(scope="module")
def chapter():
    """Run the cells of the chapter that calculate, and return their names."""
    cells = {cell.id: cell.source for cell in code_cells(read(BOOK / "interpretations.ipynb"))}
    names = {}
    for cell_id in ("setup", "told", "scores", "grid", "steady", "draws", "ranks"):
        exec(compile(cells[cell_id], cell_id, "exec"), names)
    return names


def coded(family, column="code"):
    return ach.code_table(load("evidence_matrix"), load("evidence_items"), load("hypotheses"), family, column)


@pytest.mark.parametrize("family", FAMILIES)
def test_scores_and_diagnosticity_of_the_chapter_are_those_of_the_module(chapter, family):
    weights = ach.item_weights(load("evidence_items"))
    scores = ach.inconsistency_scores(coded(family), weights)
    assert chapter["scores"][family].to_dict() == scores.to_dict()
    found = chapter["diagnosticity"](family).sort_index().astype(float).to_dict()
    assert found == pytest.approx(ach.diagnosticity(coded(family), weights).sort_index().to_dict())


@pytest.mark.parametrize("left_out", [[], ONCE], ids=["three items", "V06 alone"])
@pytest.mark.parametrize("family", FAMILIES)
def test_orders_that_always_hold_are_those_of_the_module(chapter, family, left_out):
    steady = ach.steady_orders(coded(family).drop(index=left_out), ach.weight_bounds(load("evidence_items")))
    expected = {f"{row.less_against} below {row.more_against}" for row in steady.itertuples()}
    assert set(chapter["orders"](family, left_out).split(", ")) == expected


def test_the_orders_that_hold_both_ways_are_the_five_that_the_chapter_names_and_one_code_turns_each():
    bounds, lost = ach.weight_bounds(load("evidence_items")), {}
    for family in FAMILIES:
        codes, other = coded(family), coded(family, "alternative_code")
        turns = ach.turned_by_one_code(codes.drop(index=ONCE), bounds, other.drop(index=ONCE))
        both = {f"{row.less_against} below {row.more_against}" for row in ach.steady_orders(codes, bounds).itertuples()}
        lost |= {order: found for order, found in turns.items() if order in both}
    named = {
        "A5 below A3": "V11",
        "A5 below A6": "V11",
        "B4 below B3": "V19",
        "B1 below B5": "V17",
        "B4 below B5": "V17",
    }
    assert lost.keys() == named.keys()
    assert all(item in lost[order] for order, item in named.items())


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("left_out", [[], ONCE], ids=["three items", "V06 alone"])
@pytest.mark.parametrize("family", FAMILIES)
def test_ranks_drawn_in_the_chapter_are_those_of_the_module(chapter, family, left_out, flip):
    other = coded(family, "alternative_code").drop(index=left_out) if flip else None
    drawn = ach.draw_scores(coded(family).drop(index=left_out), load("evidence_items"), other)
    shares = chapter["draw_ranks"](family, left_out, flip)
    assert np.allclose(shares, ach.rank_shares(drawn)[shares.columns])


def test_a_chapter_that_takes_another_code_is_noticed(chapter):
    changed = chapter["pairs"].copy()
    changed.loc[(changed["item_id"] == "V06") & (changed["hypothesis_id"] == "A1a"), "against"] = 0
    scores = changed.groupby(["family", "hypothesis_id"])["against"].sum()
    assert scores["streets"].to_dict() != chapter["scores"]["streets"].to_dict()


def test_the_first_scores_stand_in_the_chapter_as_the_module_calculates_them():
    cell = next(cell for cell in code_cells(read(BOOK / "interpretations.ipynb")) if cell.id == "lesson-scores")
    printed = [int(line.rpartition(" ")[2]) for line in cell.outputs[0].text.splitlines()]
    assert printed == list(ach.scores_of_a1(load("evidence_matrix"), load("evidence_items"))) == [59, 43, 28]


def test_the_page_says_which_item_weighed_otherwise_in_the_first_coding():
    entries = interpretations_page().split("\n### ")
    told = [entry.split("\n")[0] for entry in entries if "First coding: credibility" in entry]
    assert told == ["V07"]
