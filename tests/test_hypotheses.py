"""The rule of competing hypotheses: small cases by hand, the recorded scores, and draws against every flip."""

import itertools

import pandas as pd
import pytest

from casebook.data import load
from casebook.errors import CasebookError
from casebook.hypotheses import (
    AGAINST,
    CODES,
    STEPS,
    code_table,
    diagnosticity,
    draw_scores,
    inconsistency_scores,
    item_weights,
    leave_one_out,
    matters_most,
    rank_shares,
    ranks,
    score_bounds,
    scores_of_a1,
    separating,
    steady_orders,
    turned_by_one_code,
    weight_bounds,
)

ITEMS = pd.DataFrame({"item_id": ["V01", "V02", "V03"], "credibility": [3, 2, 1], "relevance": [2, 2, 1]})
WEIGHTS = pd.Series({"V01": 6.0, "V02": 4.0, "V03": 1.0})
SMALL = pd.DataFrame({"A": ["CC", "I", "N"], "B": ["I", "N", "N"], "C": ["C", "II", "N"]}, index=["V01", "V02", "V03"])
OTHER = pd.DataFrame(
    {"A": [None, "N", None], "B": [None, None, None], "C": ["I", "I", None]}, index=SMALL.index, dtype=object
)


def book(family, column="code"):
    return code_table(load("evidence_matrix"), load("evidence_items"), load("hypotheses"), family, column)


def test_a_weight_is_credibility_times_relevance():
    assert item_weights(ITEMS).to_dict() == WEIGHTS.to_dict()


def test_a_score_adds_up_what_speaks_against_and_nothing_else():
    assert inconsistency_scores(SMALL, WEIGHTS).to_dict() == {"A": 4, "B": 6, "C": 8}
    with_gap = SMALL.astype(object).where(SMALL != "II")
    assert inconsistency_scores(with_gap, WEIGHTS)["C"] == 0


def test_equal_scores_share_the_better_rank_even_if_they_come_from_fractions():
    scores = pd.Series({"A": 0.1 + 0.2, "B": 0.3, "C": 5, "D": 0})
    assert ranks(scores).to_dict() == {"A": 2, "B": 2, "C": 4, "D": 1}


def test_diagnosticity_is_the_mean_distance_between_two_codes_times_the_weight():
    # V01: CC-I 3 steps, CC-C 1, I-C 2, mean 2, weight 6; V02: I-N 1, I-II 1, N-II 2, mean 4/3, weight 4
    assert diagnosticity(SMALL, WEIGHTS).round(6).to_dict() == {"V01": 12, "V02": round(16 / 3, 6), "V03": 0}
    assert diagnosticity(SMALL.iloc[::-1], WEIGHTS).index[0] == "V01"


def test_what_separates_two_hypotheses_comes_strongest_first_with_codes_and_weight():
    found = separating(SMALL, WEIGHTS, "A", "B")
    assert found.reset_index().to_numpy().tolist() == [["V01", "CC", "I", 6, 18], ["V02", "I", "N", 4, 4]]
    with pytest.raises(CasebookError, match="There is no hypothesis 'Z' here; use one of: A, B, C"):
        separating(SMALL, WEIGHTS, "A", "Z")
    with pytest.raises(CasebookError, match="A cannot be told apart from itself; choose two hypotheses"):
        separating(SMALL, WEIGHTS, "A", "A")


def test_leaving_an_item_out_changes_orders_and_gaps():
    # scores 4, 6, 8; without V01 they are 4, 0, 8 (A-B turns); without V02 they are 0, 6, 0 (A-C and B-C turn)
    effects = leave_one_out(SMALL, WEIGHTS)
    assert effects["pairs_changed"].to_dict() == {"V01": 1, "V02": 2, "V03": 0}
    assert effects["gap_moved"].to_dict() == {"V01": 6, "V02": 8, "V03": 0}
    assert matters_most(SMALL, WEIGHTS) == ["V02"]


def test_items_that_do_as_much_are_all_named_and_items_that_do_nothing_are_not():
    twins = pd.DataFrame({"A": ["I", "I"], "B": ["N", "N"]}, index=["V01", "V02"])
    assert matters_most(twins, pd.Series({"V01": 2.0, "V02": 2.0})) == ["V01", "V02"]
    assert matters_most(twins, pd.Series({"V01": 0.0, "V02": 0.0})) == []


def test_the_recorded_scores_of_the_first_and_the_repaired_coding_come_out_again():
    matrix, items = load("evidence_matrix"), load("evidence_items")
    first = {"A1": 59, "A2": 4, "A3": 16, "A4": 12, "B1": 39, "B2": 18, "B3": 42, "B4": 9, "B5": 69}
    coded = matrix.dropna(subset=["first_code"])
    codes = coded.pivot(index="item_id", columns="hypothesis_id", values="first_code")
    assert inconsistency_scores(codes, item_weights(items, "first_credibility")).to_dict() == first
    assert inconsistency_scores(codes, item_weights(items)).to_dict() == first | {"A1": 56}, "V07 weighed more then"
    weights = item_weights(items)
    repaired = {"A1a": 31, "A1b": 10, "A2": 10, "A3": 16, "A4": 12, "A5": 4, "A6": 13}
    assert inconsistency_scores(book("streets"), weights).to_dict() == repaired
    assert inconsistency_scores(book("deployment"), weights).to_dict() == {
        "B1": 12,
        "B2": 9,
        "B3": 27,
        "B4": 9,
        "B5": 36,
    }


def test_a1_moved_with_its_coding():
    scores = scores_of_a1(load("evidence_matrix"), load("evidence_items"))
    assert scores.to_dict() == {"first codes": 59, "three corrected": 43, "all corrected": 28}


def test_with_one_of_three_overlapping_items_the_scores_are_those_of_the_description():
    weights = item_weights(load("evidence_items"))
    streets, deployment = (book(family).drop(["V07", "V09"]) for family in ("streets", "deployment"))
    assert inconsistency_scores(streets, weights)["A1a"] == 19
    assert inconsistency_scores(deployment, weights)[["B1", "B5"]].to_list() == [6, 24]


def test_a_code_table_is_complete_or_says_what_is_missing():
    tables = load("evidence_matrix"), load("evidence_items"), load("hypotheses")
    assert "V03" not in book("streets").index, "it is retired"
    assert "A1" not in book("streets")
    assert {"V06", "V07", "V09"} <= set(book("deployment").index)
    with pytest.raises(CasebookError, match="There is no active hypothesis of the family 'markets'; use streets or"):
        code_table(*tables, "markets")
    matrix = tables[0].query("not (item_id == 'V05' and hypothesis_id == 'A3')")
    with pytest.raises(CasebookError, match="V05 has no code for A3; add a row to evidence_matrix"):
        code_table(matrix, *tables[1:], "streets")


def test_alternatives_stand_where_a_code_is_contested_and_nowhere_else():
    contested = load("evidence_matrix").query("contested == 'yes' and hypothesis_id != 'A1'")
    both = [book(family, "alternative_code").notna().sum().sum() for family in ("streets", "deployment")]
    assert sum(both) == len(contested)


def test_plausible_weights_stay_between_one_and_three():
    bounds = weight_bounds(ITEMS)
    assert bounds["low"].to_dict() == {"V01": 2, "V02": 1, "V03": 1}
    assert bounds["high"].to_dict() == {"V01": 9, "V02": 9, "V03": 4}
    assert (weight_bounds(ITEMS, step=0)["low"] == item_weights(ITEMS)).all()


def test_a_score_reaches_its_bounds_with_the_worst_weights_and_codes():
    bounds = weight_bounds(ITEMS)
    assert score_bounds(SMALL, bounds).to_numpy().tolist() == [[1, 9], [2, 9], [2, 18]]
    flips = score_bounds(SMALL, weight_bounds(ITEMS, step=0), OTHER)
    assert flips.to_numpy().tolist() == [[0, 4], [6, 6], [4, 14]]


def test_an_order_is_steady_only_if_nothing_plausible_turns_it():
    assert steady_orders(SMALL, weight_bounds(ITEMS, 0)).to_numpy().tolist() == [
        ["A", "B", 2],
        ["A", "C", 4],
        ["B", "C", 2],
    ]
    # over plausible weights A keeps ahead of C, at weight 1 of V02 by 1; B may fall behind
    assert steady_orders(SMALL, weight_bounds(ITEMS)).to_numpy().tolist() == [["A", "C", 1]]
    # the flips of V02 can level A and C
    assert steady_orders(SMALL, weight_bounds(ITEMS, 0), OTHER).to_numpy().tolist() == [["A", "B", 2]]


def test_an_order_names_each_contested_code_that_alone_would_end_it():
    assert turned_by_one_code(SMALL, weight_bounds(ITEMS, 0), OTHER).to_dict() == {
        "A below B": "",
        "A below C": "V02-C",  # the other code of V02 lets C fall from 8 to 4, where A stands
        "B below C": "V02-C",
    }
    assert turned_by_one_code(SMALL, weight_bounds(ITEMS), OTHER).to_dict() == {"A below C": "V02-C"}
    assert turned_by_one_code(SMALL[["B"]], weight_bounds(ITEMS), OTHER[["B"]]).empty


@pytest.mark.parametrize("family", ["streets", "deployment"])
def test_steady_orders_hold_in_every_draw_and_draws_stay_within_the_bounds(family):
    codes, others, items = book(family), book(family, "alternative_code"), load("evidence_items")
    for alternatives, step in ((None, 1), (others, 0), (others, 1)):
        scores = draw_scores(codes, items, alternatives, step=step, draws=2_000)
        bounds = score_bounds(codes, weight_bounds(items, step), alternatives)
        assert (scores.min() >= bounds["low"]).all()
        assert (scores.max() <= bounds["high"]).all()
        for row in steady_orders(codes, weight_bounds(items, step), alternatives).itertuples():
            assert (scores[row.less_against] < scores[row.more_against]).all()


def every_flip(codes, alternatives, weights):
    """Go through every flip of the contested codes, one by one."""
    places = [place for place in itertools.product(codes.index, codes.columns) if pd.notna(alternatives.loc[place])]
    for flips in itertools.product((False, True), repeat=len(places)):
        flipped = codes.copy()
        for place, flip in zip(places, flips, strict=True):
            if flip:
                flipped.loc[place] = alternatives.loc[place]
        yield inconsistency_scores(flipped, weights)


def some_flips():
    """Return the codes of the deployment with a few of its contested codes: few enough to go through every flip."""
    some = book("deployment", "alternative_code")
    some.loc["V18":] = None
    return book("deployment"), load("evidence_items"), some


@pytest.mark.parametrize("case", [lambda: (SMALL, ITEMS, OTHER), some_flips], ids=["small", "deployment"])
def test_draws_come_near_the_shares_of_going_through_every_flip(case):
    codes, items, alternatives = case()
    listed = pd.DataFrame(every_flip(codes, alternatives, item_weights(items))).reset_index(drop=True)
    assert len(listed) == 2 ** alternatives.notna().sum().sum() >= 8
    drawn = draw_scores(codes, items, alternatives, step=0)
    assert rank_shares(drawn).to_numpy() == pytest.approx(rank_shares(listed).to_numpy(), abs=0.02)


def test_draws_are_the_same_for_the_same_seed_and_for_no_other():
    drawn = draw_scores(SMALL, ITEMS)
    assert drawn.equals(draw_scores(SMALL, ITEMS))
    assert not drawn.equals(draw_scores(SMALL, ITEMS, seed=1))


def test_every_code_of_the_data_has_words_a_penalty_and_a_step():
    assert set(load("evidence_matrix")["code"]) == set(CODES) == set(AGAINST) == set(STEPS)
