"""The prediction bench holds what the page needs, and the page counts exactly as Python does."""

import random

import pytest
from bs4 import BeautifulSoup

from casebook.errors import CasebookError
from casebook.predictions import (
    NOTE,
    OUTCOMES,
    OUTSIDE,
    PredictionBench,
    Tally,
    coded_tallies,
    counts_text,
    prediction_bench,
    tally,
)
from tests.sample_predictions import HYPOTHESES, predictions

OWN = [name for name in PredictionBench.class_own_traits(sync=True) if not name.startswith("_")]


def bench():
    return prediction_bench(predictions(), HYPOTHESES)


def test_the_bench_says_in_one_sentence_what_it_holds():
    assert repr(bench()) == "Interactive: 4 predictions in 3 groups, to be scored before the coding shows."


def test_the_bench_is_the_same_on_every_run_and_starts_without_a_score():
    first, second = (bench().get_state(OWN) for _ in range(2))
    assert first == second
    assert (first["scores"], first["shown"]) == ({}, [])


def test_interpretations_keep_the_order_of_the_hypotheses_and_the_rest_comes_last():
    groups = bench().groups
    assert [group["name"] for group in groups] == ["Power struggle", "Russian power", OUTSIDE]
    assert [item["id"] for item in groups[1]["items"]] == ["P01", "P02"]


def test_a_prediction_says_who_made_it_when_and_whether_it_is_printed():
    (printed, derived) = bench().groups[1]["items"]
    assert printed["by"] == "Somebody, 2022-02-08, printed"
    assert derived["by"] == "Somebody, derived by us, when the outcome was known"
    assert printed["other"] == "Partly: it may yet come."
    assert printed["rows"] == [["E108", "evidence"], ["E112", "evidence"]]
    assert derived["rows"] == []


def test_the_fallback_has_every_prediction_with_its_outcome_and_the_tallies():
    first, second = BeautifulSoup(bench().fallback, "html.parser").find_all("table")
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in first.tbody.find_all("tr")]
    assert rows[1] == [
        "P01",
        "Somebody, 2022-02-08, printed",
        "Russian power: Something will change. What would make it fail: Nothing changes.",
        "Coded: did not. A law was signed. Rows: E108, E112.",
        "Where the coding could differ: Partly: it may yet come.",
    ]
    assert [row[0] for row in rows] == ["P03", "P01", "P02", "P04"]
    assert "Russian power" in second.get_text()
    assert "1 did not, 1 cannot be told" in second.get_text()
    assert bench().fallback.endswith(f"<p>{NOTE}</p>")


def test_the_coded_tallies_are_a_table_that_a_chapter_can_print():
    counts = coded_tallies(predictions(), HYPOTHESES)
    assert list(counts.columns) == list(OUTCOMES)
    assert counts.loc["Russian power"].to_dict() == {"came_about": 0, "partly": 0, "did_not": 1, "open": 1}
    assert counts.to_numpy().sum() == len(predictions())


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("hypothesis_id", "Z9", "Prediction P01 has the hypothesis_id 'Z9'; use one of: A2, B4, B5."),
        ("outcome", "maybe", "Prediction P01 has the outcome 'maybe'; use one of: came_about, partly, did_not, open."),
        ("origin", "guessed", "Prediction P01 has the origin 'guessed'; use one of: printed, derived."),
        ("outcome_ids", "E108;X1", "Prediction P01 names the row 'X1', which no table has; correct outcome_ids."),
    ],
)
def test_bad_input_gets_one_sentence(column, value, said):
    wrong = predictions()
    wrong.loc[0, column] = value
    with pytest.raises(CasebookError) as refused:
        prediction_bench(wrong, HYPOTHESES)
    assert str(refused.value) == said


def test_a_tally_counts_scores_outcomes_shown_and_agreement():
    coded = {"P01": "partly", "P02": "open", "P03": "did_not"}
    counted = tally(coded, {"P01": "partly", "P02": "partly", "P09": "open"}, ["P01", "P02", "P08"])
    assert counted == Tally(
        scored={"came_about": 0, "partly": 2, "did_not": 0, "open": 0},
        coded={"came_about": 0, "partly": 1, "did_not": 0, "open": 1},
        shown=2,
        agreed=1,
    )
    assert counts_text(counted.coded) == "1 partly, 1 cannot be told"
    assert counts_text(dict.fromkeys(OUTCOMES, 0)) == "none"


def readings(number):
    """Make up codings, scores and what has been shown: from nothing to everything, strangers among them."""
    chance = random.Random(1)
    ids = [f"P{place:02}" for place in range(12)]
    for _ in range(number):
        coded = {name: chance.choice(list(OUTCOMES)) for name in chance.sample(ids, chance.randint(0, 10))}
        scores = {name: chance.choice(list(OUTCOMES)) for name in chance.sample(ids, chance.randint(0, 12))}
        yield coded, scores, chance.sample(ids, chance.randint(0, 12))


def test_python_and_the_page_count_alike(in_page):
    made = list(readings(500))
    counted = [tally(*one) for one in made]
    calls = [[*one, OUTCOMES] for one in made]
    assert in_page(PredictionBench._esm, "tally", calls) == [vars(one) for one in counted]
    words = in_page(PredictionBench._esm, "countsText", [[one.coded, OUTCOMES] for one in counted])
    assert words == [counts_text(one.coded) for one in counted]
    assert max(one.agreed for one in counted) > 2


def test_a_rule_that_differs_in_the_page_is_seen(in_page):
    rule, bent = "scores[id] === outcome", "scores[id] !== outcome"
    assert rule in PredictionBench._esm
    calls = [[*one, OUTCOMES] for one in readings(20)]
    right = in_page(PredictionBench._esm, "tally", calls)
    assert in_page(PredictionBench._esm.replace(rule, bent), "tally", calls) != right
