"""The check answers every student in one plain sentence, whatever the answer is made of."""

import datetime
import decimal
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casebook import checking
from casebook.answers import Unreadable, fold, is_blank, read, scalar
from casebook.errors import CasebookError
from casebook.sealing import _seal, _unseal, entry, find
from tests.running import FIXTURES
from tools.keys import derived

KEYS = json.loads(next(iter(derived(FIXTURES).values())))


def line(number: int, answer: object) -> str:
    """Return what the check says about an answer to one of the sample exercises, without the id."""
    exercise_id = f"sample-{number}"
    return checking.reply(exercise_id, KEYS[exercise_id], answer).removeprefix(f"{exercise_id}: ")


@pytest.fixture
def sample_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "keys.json").write_text(json.dumps(KEYS), encoding="utf-8")
    monkeypatch.setattr(checking, "KEYS", tmp_path / "keys.json")
    checking._keys.cache_clear()
    yield
    checking._keys.cache_clear()


@pytest.mark.usefixtures("sample_keys")
def test_check_prints_exactly_one_line_and_returns_nothing(capsys: pytest.CaptureFixture[str]):
    assert checking.check("sample-2", ...) is None
    assert checking.check("sample-2", 7) is None
    assert checking.check("sample-2", 2030) is None
    assert capsys.readouterr().out.splitlines() == [
        "sample-2: not answered yet.",
        "sample-2: not yet. Add up the rows.",
        "sample-2: correct. Counted twice, the number means something else.",
    ]


@pytest.mark.usefixtures("sample_keys")
def test_an_unknown_exercise_is_named_with_the_ids_of_its_chapter():
    with pytest.raises(CasebookError, match=r"no exercise 'sample-99'; use one of these ids: sample-1, .*-12\.$"):
        checking.check("sample-99", 1)
    with pytest.raises(CasebookError, match=r"no exercise 'nowhere'; use one of these ids: sample-1, "):
        checking.check("nowhere", 1)
    with pytest.raises(CasebookError, match=r"no exercise '\[1\]'; use one of these ids: sample-1, "):
        checking.check([1], "sample-1")


@pytest.mark.parametrize(
    "blank",
    [..., None, "", "  ", "...", [], (), set(), {}, [...], [None, ""],
     pd.DataFrame(), pd.Series(dtype=float), np.array([])],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("number", range(1, 13))
def test_a_blank_of_any_shape_is_not_answered_yet(number: int, blank: object):
    assert line(number, blank) == "not answered yet."


@pytest.mark.parametrize(
    "value",
    [2030, 2030.0, "2030", " 2 030 ", "2,030", "2_030", "2,030.0", "２０３０", np.int32(2030), np.float32(2030),
     pd.array([2030], dtype="Int64")[0], decimal.Decimal(2030), 2030.5, 2029.5],
    ids=repr,
)  # fmt: skip
def test_a_number_is_right_in_any_numeric_type_and_up_to_the_edge_of_its_tolerance(value: object):
    assert line(2, value).startswith("correct. ")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (2029.4, "Add up the rows."),
        (2033, "Add up the rows."),
        (-2030, "Your number has the wrong sign."),
        ("−2030", "Your number has the wrong sign."),
        (20.30, "Your number is a hundred times too small, as a proportion is beside a percentage."),
        (203_000, "Your number is a hundred times too large, as a percentage is beside a proportion."),
        (2.03, "Your number is a thousand times too small: look at the unit."),
        (2_030_000, "Your number is a thousand times too large: look at the unit."),
        (0.00203, "Your number is a million times too small: look at the unit."),
        (2.03e9, "Your number is a million times too large: look at the unit."),
        (True, "A number is asked, but this is True or False."),
        (np.True_, "A number is asked, but this is True or False."),
        ("many", "A number is asked, but this text is not one."),
        ("nan", "This is a missing value (NaN), not a number: look for an empty cell or a division by zero."),
        (pd.NA, "This is a missing value (NaN), not a number: look for an empty cell or a division by zero."),
        (np.inf, "This is an infinite number: look for a division by zero."),
        ([2030], "A single number is asked, but this is of the type list."),
        (2030 + 0j, "A single number is asked, but this is of the type complex."),
        (10**400, "Your answer cannot be read: OverflowError: int too large to convert to float."),
    ],
    ids=repr,
)
def test_a_wrong_number_is_told_what_is_wrong_with_it(value: object, sentence: str):
    assert line(2, value) == f"not yet. {sentence}"


def test_the_unit_is_named_with_a_slip_and_may_be_written():
    assert line(1, 0.325).endswith("beside a percentage. The answer is asked in percent.")
    assert [line(1, text)[:8] for text in ("32.5%", "32.5 percent", "32,5 per cent")] == ["correct."] * 3


@pytest.mark.parametrize(
    ("text", "number"),
    [("0,125", 0.125), ("-0,125", -0.125), ("1,125", 1125), ("-12,125,000.5", -12125000.5), ("1234,125", 1234.125)],
)
def test_a_comma_parts_thousands_only_after_a_number_that_does_not_start_with_zero(text: str, number: float):
    assert read({"kind": "number"}, text) == [number]


def test_what_the_tolerance_cannot_tell_from_zero_is_no_slip():
    key = {"kind": "number", "tolerance": 0.1, "hint": "Count again.", "wrong": []}
    key["right"] = [entry("zero-1", [0.0], 0.1, "Nobody.")]
    assert checking.reply("zero-1", key, 0.0) == "zero-1: correct. Nobody."
    assert checking.reply("zero-1", key, 5.0) == "zero-1: not yet. Count again."


def test_a_choice_is_a_letter_or_the_words_of_an_option():
    assert line(3, "B.").startswith("correct. ")
    assert line(3, "it says nothing about intent").startswith("correct. ")
    assert line(3, "It disproves the intent.") == "not yet. Absence from a table is not absence from the world."
    assert line(3, "d") == "not yet. Choose one of a, b, c. Look at the axis again."
    unlisted = KEYS["sample-3"] | {"wrong": []}
    assert checking.reply("sample-3", unlisted, "a") == "sample-3: not yet. Look at the axis again."


def test_a_text_is_read_without_case_spacing_and_punctuation():
    assert fold("  «Статья  4‑БИС!» ") == "статья 4-бис"
    assert line(4, "“Collective self—defence”").startswith("correct. ")
    assert line(4, "collective") == "not yet. Leaf through the Charter once more."
    assert line(4, 51) == "not yet. Leaf through the Charter once more."


@pytest.mark.parametrize(
    "day",
    [datetime.date(2022, 1, 5), datetime.datetime(2022, 1, 5), pd.Timestamp("2022-01-05"), "2022-01-05T00:00"],
    ids=repr,
)  # fmt: skip
def test_a_date_is_the_same_day_in_any_type(day: object):
    assert line(5, day).startswith("correct. ")


def test_a_moment_is_the_same_in_any_notation():
    assert scalar("2022-01-05T18:45Z") == scalar(pd.Timestamp("2022-01-05 18:45", tz="UTC"))
    assert scalar("2022-01-99") == "2022-01-99"


def test_a_set_is_answered_in_counts_without_names():
    assert line(6, np.array(["Russia", "Belarus", "Armenia"])).startswith("correct. ")
    assert line(6, ["Russia", "Iran", "Cuba"]) == (
        "not yet. 1 of your 3 belongs, and 2 are missing. Look for a departure for each of them."
    )
    assert "2 of your 3 belong, and 1 is missing." in line(6, ["Russia", "Armenia", "Cuba"])
    assert "3 of your 4 belong, and none is missing." in line(6, ["Russia", "Armenia", "Cuba", "Belarus"])
    assert "0 of your 1 belong, and 3 are missing." in line(6, ["Cuba"])
    assert line(6, (1 / 0 for _ in "ab")) == "not yet. Your answer cannot be read: ZeroDivisionError: division by zero."
    assert line(6, {"Russia": 1}).endswith("but this is of the type dict.")


TABLE = pd.DataFrame({"state": ["A", "B", "C"], "people": [1, 2, 3], "day": ["2022-01-05", None, "2022-01-07"]})


@pytest.mark.parametrize(
    "table",
    [
        TABLE.set_index("state"),
        TABLE.set_index(["state", "day"]).drop(columns="people").reset_index().merge(TABLE),
        TABLE.astype({"people": "float64"}).assign(day=pd.to_datetime(TABLE["day"])),
        TABLE.astype({"people": "str"})[["day", "people", "state"]].sample(frac=1, random_state=1),
        TABLE.assign(state=TABLE["state"].astype("category")).set_index(["state", pd.Index([7, 8, 9], name="row")]),
    ],
)
def test_a_table_is_right_in_any_type_and_order_and_with_its_key_as_index(table: pd.DataFrame):
    assert line(7, table) == "correct. The sum hides the days."


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (TABLE.drop(columns="people"), "Your table has no column 'people', which is asked for."),
        (TABLE.assign(**{"my\nown": 1}), "Your table has a column 'my own', which is not asked for."),
        (TABLE.assign(state=["A", "B", "D"]), "2 of your 3 rows belong, and 1 is missing."),
        (TABLE.head(1), "1 of your 1 row belongs, and 2 are missing."),
        (pd.concat([TABLE, TABLE]), "Your table has the right rows, but some of them more than once."),
        (TABLE.assign(people=[1, 2, 4]), "Your table has the right rows, but values in the column 'people' differ."),
        (TABLE.assign(day=["2022-01-05"] * 3), "Your table has the right rows, but values in the column 'day' differ."),
    ],
)
def test_a_wrong_table_is_told_columns_first_then_rows_then_values(table: pd.DataFrame, sentence: str):
    assert line(7, table) == f"not yet. {sentence} Group by state first."


def test_the_order_of_rows_counts_where_it_is_asked():
    table = pd.DataFrame({"state": ["A", "B", "C"], "people": [1, 2, 3]})
    assert line(8, table) == "not yet. Your table has the right rows, but not in the order asked for. Sort by size."
    assert line(8, table.sort_values("people", ascending=False)).startswith("correct. ")


def test_a_function_is_called_on_every_case_in_silence(capsys: pytest.CaptureFixture[str]):
    def share(part: float, whole: float) -> float:
        print("working ...")
        return 100 * part / whole

    assert line(9, share).startswith("correct. ")
    assert capsys.readouterr().out == ""


def test_an_exception_in_a_function_is_reported_in_words():
    def fails(*_: float) -> float:
        raise ValueError("two\nlines")

    def leaves(*_: float) -> float:
        raise SystemExit(1)

    assert line(9, fails) == "not yet. With (10, 40) your function raised ValueError: two lines."
    assert line(9, leaves) == "not yet. With (10, 40) your function raised SystemExit: 1."
    with pytest.raises(KeyboardInterrupt):
        line(9, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))


def test_a_function_that_is_still_the_starter_is_not_answered_yet():
    def share(part, whole):
        return ...

    assert line(9, share) == "not answered yet."
    assert line(9, lambda part, whole: part and ...).startswith("not yet. With (10, 40) your function returns no value")


def test_a_function_is_told_the_first_case_that_fails():
    assert line(9, lambda part, _: 25.0 if part == 10 else 7.0) == (
        "not yet. With (3, 4) your function does not return the right value. Try it by hand with 10 of 40."
    )
    assert line(9, lambda part, _: 25.0 if part == 10 else None) == (
        "not yet. With (3, 4) your function returns no value: is a return missing?"
    )
    assert line(9, lambda *_: True).startswith("not yet. With (10, 40) your function does not return")


def test_a_function_cannot_spoil_the_cases_and_may_take_a_table():
    key = {"kind": "function", "cases": [[[3, 1]], [{"table": "phases"}]]}
    assert read(key, lambda rows: rows.clear() if isinstance(rows, list) else {"b", "a"}) == ["", ("a", "b")]
    assert key["cases"][0] == [[3, 1]]
    assert checking.call_text(key["cases"][1]) == "phases"


def test_a_judgement_is_checked_for_form_and_says_who_judges_the_rest():
    passes = "The alliance counts E001 and C001 apart, which leaves me in doubt."
    assert line(11, passes) == f"correct. {checking.FORM_IS_RIGHT} Precision is not reliability."
    assert line(11, passes.replace("E001", "E999")).endswith("the id of its row: found 1, needed 2.")
    assert line(11, "[1](evidence.md#c001) " + passes.replace("C001", "it")).startswith("correct. ")


def test_a_memo_has_its_rows_on_the_side_where_they_count():
    memo = "For: C001 and C002 agree. Against: E001 differs in its place. Judgement: a doubt stays."
    assert line(12, memo).startswith(f"correct. {checking.FORM_IS_RIGHT}")
    assert line(12, memo.replace("E001", "E001, CST10-4-1, PK07-3 and ES-11")).startswith("correct. ")
    assert line(12, memo.replace("stays", "stays over C002")).startswith("correct. ")
    assert line(12, memo.replace("Against:", "Against this:")).endswith("no part that begins with 'Against:'.")
    assert line(12, f"C001 C002 {memo}".replace("For: C001 and", "For:")).endswith("by id; found 1.")
    assert line(12, f"{memo} For: E001.").endswith("and under 'Against:': decide on which side it counts.")
    assert checking.parts_of("To be for: a. Against: b. For: c.", ["for", "against"]) == {
        "for": " a.  c.",
        "against": " b. ",
    }


class Hostile:
    """An object that fails whenever it is touched."""

    def __iter__(self):
        raise RuntimeError("no")

    def __float__(self):
        raise RuntimeError("no")


class HostileMapping(Hostile, Mapping):
    """A mapping that ends the program when it is looked at."""

    def __len__(self):
        raise SystemExit(1)

    def __getitem__(self, key):
        raise KeyError(key)


def leaving() -> Iterator[str]:
    """Yield something, and end the program."""
    yield "a"
    raise SystemExit(1)


ZOO = [
    0, 1.5, -1, 1e305, 1e308, -1e308, 1j, True, np.bool_(False), np.nan, pd.NA, pd.NaT, np.float64(1),
    np.datetime64("NaT", "ns"), b"bytes", "text",
    "b", decimal.Decimal("NaN"), datetime.date(2022, 1, 5), datetime.time(1), pd.Period("2022-01"), pd.Timedelta("1D"),
    [1, [2]], [pd.NA, None], (1, "a"), {1, 2}, frozenset({"a"}), {"a": 1}, range(3), iter([1]), (n for n in "ab"),
    np.array(5), np.ones((2, 2)), pd.Series([1, 2]), pd.Series([1], name=("a", "b")), pd.Index(["a"]),
    pd.DataFrame({0: [1]}), pd.DataFrame([[1, 2]], columns=["state", "state"]),
    pd.DataFrame({("a", "b"): [1], ("c", "d"): [2]}), pd.DataFrame({"state": [[1], {}], "people": [1, 2]}),
    pd.DataFrame({"state": [None, "A"], "people": [np.nan, 1]}),
    pd.DataFrame({"state": ["A"]}, index=pd.Index([1], name="state")),
    Hostile(), Hostile, HostileMapping(), object(), len, print, lambda: 1, lambda *args: args, lambda *_: Hostile(),
    lambda *_: 1e308, int, pd,
]  # fmt: skip


@pytest.mark.parametrize("number", range(1, 13))
def test_no_object_makes_the_check_raise_or_say_more_than_a_line(number: int, capsys: pytest.CaptureFixture[str]):
    for answer in [*ZOO, leaving()]:
        said = line(number, answer)
        assert said.startswith(("not yet. ", "correct. ")), (answer, said)
        assert "\n" not in said
        assert said.endswith((".", "?")), (answer, said)
    assert capsys.readouterr().out == ""


def test_a_reader_names_the_type_that_it_cannot_compare():
    with pytest.raises(Unreadable, match="A value of the type list cannot be compared; use words, numbers or dates"):
        read({"kind": "set"}, [[1], [2]])


def test_is_blank_leaves_a_falsy_answer_alone():
    assert not any(map(is_blank, (0, 0.0, False, [0], "0")))


def test_a_seal_opens_with_its_own_content_only():
    sealed = _seal("sample-1", ["content"], "Präzise, и точка.")
    assert _unseal("sample-1", ["content"], sealed) == "Präzise, и точка."
    with pytest.raises(UnicodeDecodeError):
        _unseal("sample-2", ["content"], sealed).encode()


@pytest.mark.parametrize("tolerance", [1e-4, 0.1, 0.5, 3.0, 250.0])
@pytest.mark.parametrize("answer", [0.0, 0.3, 238.0, -2030.0, 123456.789])
def test_a_bucket_is_exactly_what_the_tolerance_allows(answer: float, tolerance: float):
    known = [entry("sample-1", [answer], tolerance, "Yes.")]

    def accepts(number: float) -> bool:
        return find("sample-1", known, [number], tolerance) is not None

    assert all(accepts(answer + share * tolerance) for share in (-1, -0.99, -0.5, 0, 0.5, 0.99, 1))
    assert not any(accepts(answer + share * tolerance) for share in (-10, -2, -1.01, 1.01, 2, 10))
