"""The ledger counts what chapters promise and keep, and fails where they do not."""

from dataclasses import replace

import pytest
from sample_chapter import EXERCISES as SAMPLE_EXERCISES
from sample_chapter import cell, write_sample

from tools import ledger
from tools.files import DATA, chapters


@pytest.fixture(scope="module")
def accounts():
    return [ledger.account(path) for path in chapters()]


def test_the_book_keeps_what_it_promises(accounts, capsys):
    with capsys.disabled():
        print(f"\n{ledger.table(accounts)}")
    assert ledger.problems(accounts) == []


@pytest.mark.parametrize("place", range(len(chapters())), ids=[path.stem for path in chapters()])
def test_every_objective_is_assessed_and_every_number_traced(accounts, place):
    account = accounts[place]
    assert account.assessed == account.objectives > 0
    assert account.traced == account.linked > 0


def of_sample(tmp_path, plant=None, exercises=SAMPLE_EXERCISES):
    path = write_sample(tmp_path, plant)
    (tmp_path / "exercises" / "sample.toml").write_text(exercises, encoding="utf-8")
    return ledger.account(path, DATA, tmp_path / "exercises")


def test_a_good_chapter_has_no_breach(tmp_path):
    account = of_sample(tmp_path)
    assert account.breaches == []
    assert (account.objectives, account.assessed, account.exercises, account.without_code) == (3, 3, 3, 2)
    assert (account.linked, account.traced, account.terms) == (400, 400, 1)


def test_an_objective_without_an_exercise_is_noticed(tmp_path):
    account = of_sample(tmp_path, exercises=SAMPLE_EXERCISES.replace('"argue"', '"weigh"'))
    assert (account.objectives, account.assessed) == (3, 2)
    assert account.breaches == ["sample.ipynb: no exercise assesses 'argue'."]


def test_an_exercise_without_an_objective_is_noticed(tmp_path):
    account = of_sample(tmp_path, exercises=SAMPLE_EXERCISES.replace('"argue"', '"sing"'))
    assert "sample.ipynb: no objective is called 'sing'." in account.breaches


@pytest.mark.parametrize(
    ("text", "linked", "traced"),
    [("[239](evidence.md#c030)", 401, 400), ("[238](evidence.md#c999)", 401, 400), ("239", 400, 400)],
    ids=["another number", "no such row", "a bare number"],
)
def test_a_number_that_is_not_traced_is_noticed(tmp_path, text, linked, traced):
    def plant(notebook):
        cell(notebook, "sources").source += f"\n\nThere were {text}."

    account = of_sample(tmp_path, plant)
    assert (account.linked, account.traced) == (linked, traced)
    assert len(account.breaches) == 1


def test_a_term_that_is_not_linked_is_noticed(tmp_path):
    account = of_sample(tmp_path, lambda notebook: cell(notebook, "sources").update(source="## Sources"))
    assert "the key term 'Stability' is never linked" in account.breaches[0]


def test_too_few_exercises_in_a_whole_book_are_noticed(tmp_path):
    account = of_sample(tmp_path)
    assert ledger.problems([account] * 5) == []
    assert ledger.problems([account] * 6) == ["The book has 18 exercises; write 42 more."]
    assert ledger.problems([replace(account, exercises=10)] * 6) == []


def test_the_table_sums_up_the_book(tmp_path):
    account = of_sample(tmp_path)
    assert ledger.table([account, account]).splitlines()[-1].startswith("| whole book | ")
    assert "| 6 | 6 | 6 | 4 | 800 | 800 | 2 |" in ledger.table([account, account])


def test_the_command_fails_where_something_is_not_kept(tmp_path, monkeypatch, capsys):
    path = write_sample(tmp_path, lambda notebook: cell(notebook, "sources").update(source="## Sources"))
    monkeypatch.setattr(ledger, "chapters", lambda: [path])
    assert ledger.main() == 1
    assert "is never linked" in capsys.readouterr().err
