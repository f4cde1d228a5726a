"""Ratings follow their thresholds, and the exact count of verdicts equals going through every combination."""

import itertools
import random
from collections import Counter
from fractions import Fraction

import pandas as pd
import pytest

from casebook.data import load
from casebook.errors import CasebookError
from casebook.robustness import (
    CHOICES,
    SCORES,
    VERDICT_FROM,
    dimension_rating,
    dimension_ratings,
    dimension_scores,
    never_changes,
    rate,
    rating_table,
    standing,
    verdict,
    verdicts,
    weighted_mean,
)


def book_table():
    return rating_table(load("indicators"), load("indicator_thresholds"), load("indicator_evidence"))


@pytest.mark.parametrize(
    ("value", "direction", "strong_at", "partial_at", "rating"),
    [
        (50, "higher_is_stronger", 50, 20, "strong"),
        (49.9, "higher_is_stronger", 50, 20, "partial"),
        (20, "higher_is_stronger", 50, 20, "partial"),
        (19.9, "higher_is_stronger", 50, 20, "weak"),
        (0, "lower_is_stronger", 0, 24, "strong"),
        (24, "lower_is_stronger", 0, 24, "partial"),
        (25, "lower_is_stronger", 0, 24, "weak"),
        (1, "higher_is_stronger", None, 1, "partial"),
        (0, "higher_is_stronger", 1, None, "weak"),
        (1, "lower_is_stronger", 0, float("nan"), "weak"),
    ],
)
def test_a_value_on_a_threshold_has_reached_it_and_a_missing_one_cannot_be_reached(
    value, direction, strong_at, partial_at, rating
):
    assert rate(value, direction, strong_at, partial_at) == rating


def test_rate_refuses_a_context_indicator_and_a_missing_value():
    with pytest.raises(CasebookError, match="rate got the direction 'context'; use higher_is_stronger or lower"):
        rate(1, "context", 1, 0)
    with pytest.raises(CasebookError, match="rate got no value; leave findings without a number out"):
        rate(float("nan"), "higher_is_stronger", 1, 0)


def test_the_latest_ratable_row_stands_and_within_a_year_the_last_of_the_table():
    evidence = load("indicator_evidence")
    rows = standing(evidence)["evidence_id"]
    assert {indicator: rows[indicator] for indicator in ("I01", "I05", "I06", "I08", "I10")} == {
        "I01": "T03",
        "I05": "T08",
        "I06": "T09",
        "I08": "T13",
        "I10": "T15",
    }
    assert "I11" not in rows, "its only row cannot be rated"
    assert "I14" not in rows, "context is not rated for or against"
    assert dict(standing(evidence, "ASEAN")["evidence_id"]) == {"I01": "T44", "I02": "T41", "I03": "T33", "I08": "T43"}
    assert list(standing(evidence, "EU")["evidence_id"]) == ["T39", "T30"], "the EAEU is another union"


def test_the_latest_clash_of_each_organisation_is_also_its_deadliest():
    evidence = load("indicator_evidence").query("indicator_id == 'I02'")
    for organisation in ("CSTO", "ASEAN"):
        own = evidence[(evidence["organisation"] == organisation) & evidence["rating"].isin(SCORES)]
        assert standing(evidence, organisation).loc["I02", "value"] == own["value"].max()


def test_the_coded_ratings_of_the_table_are_those_recorded_with_the_evidence():
    table = book_table()
    recorded = load("indicator_evidence").set_index("evidence_id")["rating"]
    known = table.dropna()
    assert list(known["as_coded"]) == list(recorded[known["evidence_id"]])
    assert list(table.index[table["value"].isna()]) == ["I11"]
    assert table.loc["I11", list(CHOICES)].isna().all()


def test_an_indicator_without_a_choice_is_named():
    thresholds = load("indicator_thresholds").query("threshold_id != 'I08S'")
    with pytest.raises(CasebookError, match="I08 has no thresholds 'strict'; add a row to indicator_thresholds"):
        rating_table(load("indicators"), thresholds, load("indicator_evidence"))


def test_a_dimension_takes_the_nearest_rating_and_a_half_goes_up():
    scores = dimension_scores(["a", "a", "b", "b", "c"], ["strong", "partial", "partial", "weak", "weak"])
    assert scores == {"a": Fraction(3, 2), "b": Fraction(1, 2), "c": 0}
    assert [dimension_rating(score) for score in scores.values()] == ["strong", "partial", "weak"]
    assert dimension_rating(Fraction(149, 100)) == "partial"
    assert dimension_rating(Fraction(49, 100)) == "weak"


@pytest.mark.parametrize(
    ("weights", "mean", "word"),
    [
        (None, Fraction(1), "ascendant"),
        ({"a": 3, "b": 1}, Fraction(3, 2), "mature"),
        ({"a": 1, "b": 3}, Fraction(1, 2), "nascent"),
        ({"a": 0, "b": 2}, Fraction(0), "not a community"),
    ],
)
def test_a_verdict_on_its_cut_point_has_reached_it(weights, mean, word):
    scores = {"a": Fraction(2), "b": Fraction(0)}
    assert weighted_mean(scores, weights) == mean
    assert verdict(scores, weights) == word


@pytest.mark.parametrize("weights", [{"a": 0, "b": 0}, {"a": 2, "b": -1}])
def test_weights_that_weigh_nothing_are_refused(weights):
    with pytest.raises(CasebookError, match="A weight is below 0, or every weight is 0; give weights from 0"):
        verdict({"a": Fraction(2), "b": Fraction(0)}, weights)


def test_weights_of_other_dimensions_are_refused():
    with pytest.raises(CasebookError, match="The weights and the rated dimensions differ in b, c; give one weight"):
        verdict({"a": Fraction(2), "b": Fraction(0)}, {"a": 1, "c": 1})


def one_by_one(table, weights):
    """Go through every combination of choices: the verdicts, and the ratings of each dimension."""
    known = table.dropna()
    found, ratings = Counter(), {dimension: Counter() for dimension in known["dimension"]}
    for combination in itertools.product(CHOICES, repeat=len(known)):
        words = [row[choice] for (_, row), choice in zip(known.iterrows(), combination, strict=True)]
        scores = dimension_scores(known["dimension"], words)
        found[verdict(scores, weights)] += 1
        for dimension, score in scores.items():
            ratings[dimension][dimension_rating(score)] += 1
    return found, ratings


def invented(seed):
    """Make up ratings of seven indicators in three dimensions, one of them a blank, and weights."""
    chance = random.Random(seed)
    dimensions = ["peace", "trade", "peace", "votes", "trade", "peace", "votes"]
    table = pd.DataFrame({choice: [chance.choice(list(SCORES)) for _ in dimensions] for choice in CHOICES})
    table.insert(0, "dimension", dimensions)
    table.loc[6, list(CHOICES)] = None
    return table, {"peace": chance.randint(1, 5), "trade": chance.randint(0, 5), "votes": chance.randint(0, 5)}


@pytest.mark.parametrize("seed", range(8))
def test_the_exact_count_equals_going_through_every_combination(seed):
    table, weights = invented(seed)
    found, ratings = one_by_one(table, weights)
    counted = verdicts(table, weights)
    assert list(counted.index) == list(VERDICT_FROM)
    assert counted.to_dict() == {word: found[word] for word in VERDICT_FROM}
    assert counted.sum() == 3**6
    per_dimension = dimension_ratings(table)
    totals = {"peace": 27, "trade": 9, "votes": 3}
    for dimension, counts in ratings.items():
        scaled = {word: counts[word] * totals[dimension] // 3**6 for word in SCORES}
        assert per_dimension.loc[dimension].to_dict() == scaled
    steady = {dimension: max(counts) for dimension, counts in ratings.items() if len(counts) == 1}
    assert never_changes(table).to_dict() == steady


def test_the_exact_count_equals_going_through_every_combination_of_half_the_book():
    half = book_table().iloc[:7]
    found, _ = one_by_one(half, None)
    assert verdicts(half).to_dict() == {word: found[word] for word in VERDICT_FROM}


def test_a_dimension_that_one_choice_moves_is_not_called_steady():
    table = pd.DataFrame(
        [["moved", "weak", "weak", "partial"], ["steady", "weak", "weak", "weak"]], columns=["dimension", *CHOICES]
    )
    assert never_changes(table).to_dict() == {"steady": "weak"}
    assert never_changes(table.iloc[:1]).empty


def test_every_combination_of_the_book_is_counted_once():
    table = book_table()
    assert verdicts(table).sum() == 3 ** table["value"].notna().sum()


def test_other_cut_points_move_combinations_between_the_verdicts_that_they_divide():
    table = pd.DataFrame(
        [["a", "weak", "partial", "strong"], ["b", "weak", "weak", "weak"]], columns=["dimension", *CHOICES]
    )
    assert verdicts(table).to_dict() == {"mature": 0, "ascendant": 3, "nascent": 3, "not a community": 3}
    on_the_point = verdicts(table, words=VERDICT_FROM | {"ascendant": Fraction(1, 2)})
    assert on_the_point.to_dict() == {"mature": 0, "ascendant": 6, "nascent": 0, "not a community": 3}
    above_it = verdicts(table, words=VERDICT_FROM | {"ascendant": Fraction(101, 100)})
    assert above_it.to_dict() == {"mature": 0, "ascendant": 0, "nascent": 6, "not a community": 3}
