"""The measurement bench holds what the page needs, and the page rates and judges exactly as Python does."""

import itertools
import random

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from casebook.data import load
from casebook.errors import CasebookError
from casebook.measuring import MeasuringBench, measuring_bench, threshold_words
from casebook.robustness import (
    CHOICES,
    VERDICT_FROM,
    dimension_rating,
    dimension_scores,
    rate,
    rating_table,
    verdict,
    verdicts,
    weighted_mean,
)
from casebook.wording import measure_text, share_text

OWN = [name for name in MeasuringBench.class_own_traits(sync=True) if not name.startswith("_")]


def book_ratings():
    return rating_table(load("indicators"), load("indicator_thresholds"), load("indicator_evidence"))


def book_bench():
    return measuring_bench(load("indicators"), load("indicator_thresholds"), load("indicator_evidence"))


def test_the_bench_says_in_one_sentence_what_it_holds():
    assert repr(book_bench()) == (
        "Interactive: thresholds of 13 indicators and weights of 9 dimensions; 93.8% of 1,594,323 combinations of "
        "thresholds give 'nascent'."
    )


def test_the_bench_is_the_same_on_every_run_and_starts_as_coded():
    first, second = (book_bench().get_state(OWN) for _ in range(2))
    assert first == second
    assert set(first["chosen"].values()) == {"as_coded"}
    assert first["weights"] == [1] * 9
    assert first["blanks"] == ["Negative posts online"]
    assert first["steady"] == ["Sense of community among experts (weak)"]


def cells(table):
    """Return the body of an HTML table as rows of text."""
    return [[cell.get_text() for cell in row.find_all("td")] for row in table.tbody.find_all("tr")]


def test_the_fallback_has_every_indicator_every_choice_and_the_spread():
    first, second = BeautifulSoup(book_bench().fallback, "html.parser").find_all("table")
    ratings = {label: rest for label, *rest in cells(first)}
    assert list(ratings) == list(load("indicators").query("direction != 'context'")["label"])
    assert ratings["Trade inside the bloc"] == [
        "14.6%",
        "strict: weak (strong from 60%, partial from 30%)",
        "as coded: weak (strong from 50%, partial from 20%)",
        "lenient: partial (strong from 20%, partial from 10%)",
    ]
    assert ratings["Negative posts online"] == ["blank, cannot be rated", "", "", ""]
    counts = verdicts(book_ratings())
    assert cells(second) == [[word, share_text(count, counts.sum())] for word, count in counts.items()]
    assert first.caption.get_text().endswith("as coded it is nascent")
    assert "1,594,323 combinations" in second.caption.get_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("higher_is_stronger", 50, 20, "percent"), "strong from 50%, partial from 20%"),
        (("lower_is_stronger", 0, float("nan"), "clashes"), "strong up to 0, nothing partial"),
        (("higher_is_stronger", float("nan"), 1, "yes/no"), "nothing strong, partial if yes"),
    ],
)
def test_thresholds_are_said_in_words(arguments, words):
    assert threshold_words(*arguments) == words


def test_values_are_written_with_their_unit():
    assert [measure_text(*pair) for pair in ((66.7, "percent"), (0, "yes/no"), (1, "yes/no"), (104, "deaths"))] == [
        "66.7%",
        "no",
        "yes",
        "104",
    ]


def test_bad_input_gets_one_sentence():
    evidence = load("indicator_evidence")
    with pytest.raises(CasebookError, match="measuring_bench found no evidence on the CSTO to rate; give it ratable"):
        measuring_bench(load("indicators"), load("indicator_thresholds"), evidence.query("organisation == 'ASEAN'"))
    with pytest.raises(CasebookError, match="I08 has no thresholds 'lenient'; add a row to indicator_thresholds"):
        thresholds = load("indicator_thresholds").query("threshold_id != 'I08L'")
        measuring_bench(load("indicators"), thresholds, evidence)


def threshold_calls():
    """List arguments of ``rate`` around every threshold of the book and with each of the two missing."""
    directions = load("indicators").set_index("indicator_id")["direction"]
    for row in load("indicator_thresholds").itertuples():
        lines = [None if pd.isna(line) else line for line in (row.strong_at, row.partial_at)]
        edges = {line + step for line in lines if line is not None for step in (-1, -1e-9, 0, 1e-9, 1)}
        for value, strong_at, partial_at in itertools.product(edges, {lines[0], None}, {lines[1], None}):
            yield [value, directions[row.indicator_id], strong_at, partial_at]


def test_python_and_the_page_rate_alike(in_page):
    calls = list(threshold_calls())
    assert len(calls) > 500
    assert in_page(MeasuringBench._esm, "rate", calls) == [rate(*call) for call in calls]


def judgements(bench, number):
    """Make up choices and weights, the extremes first, and judge them in Python."""
    chance = random.Random(1)
    rated = book_ratings().dropna()
    names = [dimension["name"] for dimension in bench.dimensions]
    for turn in range(number):
        chosen = dict.fromkeys(rated.index, CHOICES[turn % 3])
        if turn > 2:
            chosen = {indicator: chance.choice(CHOICES) for indicator in rated.index}
        weights = [chance.randint(0, bench.most) for _ in names] if turn > 2 else bench.weights
        scores = dimension_scores(
            rated["dimension"], [rated.loc[indicator, chosen[indicator]] for indicator in rated.index]
        )
        weighed = dict(zip(names, weights, strict=True))
        said = [dimension_rating(scores[name]) for name in names]
        yield chosen, weights, said, verdict(scores, weighed), float(weighted_mean(scores, weighed))


def judge_calls(bench, made):
    return [[bench.dimensions, chosen, weights, bench.scales] for chosen, weights, *_ in made]


def test_python_and_the_page_judge_alike(in_page):
    bench = book_bench()
    made = list(judgements(bench, 400))
    judged = in_page(MeasuringBench._esm, "judge", judge_calls(bench, made))
    for (*_, ratings, word, mean), found in zip(made, judged, strict=True):
        assert [own["rating"] for own in found["rated"]] == ratings
        assert found["verdict"] == word
        assert found["mean"] == pytest.approx(mean)
    assert {word for *_, word, _ in made} == {"ascendant", "nascent", "not a community"}


def indicator(number, rating):
    """Make up an indicator that has a rating whatever is chosen."""
    value = {"strong": 2, "partial": 1, "weak": 0}[rating]
    lines = {"strong_at": 2, "partial_at": 1}
    choices = dict.fromkeys(CHOICES, lines)
    return {"id": str(number), "value": value, "direction": "higher_is_stronger", "choices": choices}


def test_a_mean_on_a_cut_point_is_on_it_in_the_page_too(in_page):
    """Sums of thirds and halves are exact on paper and not in floating point."""
    scales, weights, words = book_bench().scales, {"a": 3, "b": 1, "c": 5}, ("weak", "partial", "strong")
    calls, expected, on_the_line = [], [], 0
    for ratings in itertools.product(words, repeat=6):
        parts = {"a": ratings[:3], "b": ratings[3:5], "c": ratings[5:]}
        dimensions = [
            {"name": name, "indicators": [indicator(f"{name}{place}", rating) for place, rating in enumerate(own)]}
            for name, own in parts.items()
        ]
        chosen = {own["id"]: "strict" for dimension in dimensions for own in dimension["indicators"]}
        calls.append([dimensions, chosen, list(weights.values()), scales])
        scores = dimension_scores([name for name, own in parts.items() for _ in own], ratings)
        expected.append(verdict(scores, weights))
        on_the_line += weighted_mean(scores, weights) in VERDICT_FROM.values()
    assert on_the_line > 20
    assert [found["verdict"] for found in in_page(MeasuringBench._esm, "judge", calls)] == expected


def test_the_page_gives_no_verdict_when_nothing_weighs(in_page):
    bench = book_bench()
    (found,) = in_page(MeasuringBench._esm, "judge", [[bench.dimensions, bench.chosen, [0] * 9, bench.scales]])
    assert found["verdict"] is None


@pytest.mark.parametrize(
    ("name", "rule", "bent"),
    [
        ("rate", "value >= threshold", "value > threshold"),
        ("rate", "value <= threshold", "value < threshold"),
        ("judge", "lowest * count", "lowest * (count + 1)"),
        ("judge", "weights[place] * own.total", "own.total"),
    ],
)
def test_a_rule_that_differs_in_the_page_is_seen(in_page, name, rule, bent):
    bench = book_bench()
    calls = list(threshold_calls()) if name == "rate" else judge_calls(bench, judgements(bench, 60))
    assert rule in MeasuringBench._esm
    bent_script = MeasuringBench._esm.replace(rule, bent)
    assert in_page(bent_script, name, calls) != in_page(MeasuringBench._esm, name, calls)
