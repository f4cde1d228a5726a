"""The chapter on interpretations hears every advocate, and calculates what the module for its interactives does."""

import pytest

from casebook.data import load
from tools import rules


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
