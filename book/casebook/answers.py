"""Canonical forms of answers: whatever type an answer comes in, the same answer gets the same form.

An answer is read into *parts*: one for a number, a choice or a text, one a member of a set, one a row of a table, one a
result of a function.
"""

import copy
import datetime
import io
import math
import numbers
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from decimal import Decimal
from types import FunctionType

import numpy as np
import pandas as pd

from casebook.data import load
from casebook.sealing import Part

TYPOGRAPHY = str.maketrans("‐‑‒–—−‘’ʼ“”„", "-" * 6 + "'" * 3 + '"' * 3)
SURROUNDING = " \"'`*.,;:!?()[]{}«»"


class Unreadable(Exception):  # noqa: N818 - a sentence for the student, not a failure of the program
    """An answer that has not the form asked for; the message says so in one sentence."""


class Raised(str):
    """What a student's function raised, in words, in place of a result."""

    __slots__ = ()


@contextmanager
def _failing_in_words() -> Iterator[None]:
    """Say in one sentence what an answer raises when it is looked at, as a generator may."""
    try:
        yield
    except Unreadable:
        raise
    except (Exception, SystemExit) as error:
        raise Unreadable(f"Your answer cannot be read: {type(error).__name__}: {error}.") from error


@_failing_in_words()
def is_blank(answer: object) -> bool:
    """Tell whether an answer is still the starter.

    Parameters
    ----------
    answer : object
        Anything that a student may have made.

    Returns
    -------
    bool
        True for ``...``, None, what has nothing in it, and a function that does nothing but return ``...``.

    Raises
    ------
    Unreadable
        If the answer fails when it is looked at.
    """
    if isinstance(answer, list | tuple | set | frozenset):
        return all(_is_gap(member) for member in answer)
    if isinstance(answer, Mapping | pd.Series | pd.Index | pd.DataFrame):
        return len(answer) == 0
    if isinstance(answer, np.ndarray):
        return answer.size == 0
    if isinstance(answer, FunctionType):
        return _work_of(answer) == _work_of(_starter)
    return _is_gap(answer)


def _starter() -> object:  # what a student's function does before it is written; a docstring would change its code
    return ...


def _work_of(function: FunctionType) -> tuple:
    """Return what a function does, whatever its name and parameters."""
    return function.__code__.co_code, function.__code__.co_consts


def _is_gap(value: object) -> bool:
    return value is None or value is ... or (isinstance(value, str) and not fold(value))


def fold(text: str) -> str:
    """Reduce a text to what counts.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Without case, typographic variants, and space or punctuation around it.
    """
    return _plain(text).strip(SURROUNDING)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(TYPOGRAPHY).split())


def scalar(value: object) -> str:
    """Write one value as text, the same for all types in which it can come.

    Parameters
    ----------
    value : object
        A text, number, truth value, date or missing value.

    Returns
    -------
    str
        The canonical form: 238, 238.0 and "238" are alike, and a missing value is empty.

    Raises
    ------
    Unreadable
        If the value is of another type.
    """
    if isinstance(value, str):
        return _iso_or_folded(value)
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, numbers.Real | Decimal):
        return f"{float(value) + 0.0:.12g}"  # + 0.0 makes -0.0 a plain zero; 12 digits forget the noise of sums
    if isinstance(value, np.datetime64):
        return _iso(pd.Timestamp(value))
    if isinstance(value, datetime.date):
        return _iso(value)
    raise Unreadable(f"A value of the type {type(value).__name__} cannot be compared; use words, numbers or dates.")


def _iso(moment: datetime.date) -> str:
    return moment.isoformat().removesuffix("T00:00:00")


def _iso_or_folded(text: str) -> str:
    folded = fold(text)
    if re.match(r"\d{4}-\d\d-\d\d", folded):
        try:
            return _iso(datetime.datetime.fromisoformat(folded.upper()))
        except ValueError:  # it only begins like a date
            return folded
    return folded


def _read_number(key: dict, answer: object) -> list[Part]:
    """Read one number: any numeric type, or a text such as "1,234", "32,5" or "32.5 %"."""
    if isinstance(answer, bool | np.bool_):
        raise Unreadable("A number is asked, but this is True or False.")
    if isinstance(answer, str):
        answer = _number_in(answer, key.get("unit", ""))
    if pd.api.types.is_scalar(answer) and pd.isna(answer):
        raise Unreadable("This is a missing value (NaN), not a number: look for an empty cell or a division by zero.")
    if not isinstance(answer, numbers.Real | Decimal):
        raise Unreadable(f"A single number is asked, but this is of the type {type(answer).__name__}.")
    if not math.isfinite(answer):
        raise Unreadable("This is an infinite number: look for a division by zero.")
    return [float(answer)]


def _number_in(text: str, unit: str) -> float:
    plain = _plain(text).removesuffix(_plain(unit))
    if unit == "percent":
        plain = plain.removesuffix("%").removesuffix("per cent")
    plain = re.sub(r"[ _]", "", plain)
    if re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", plain):  # "0,125" has no thousands
        plain = plain.replace(",", "")
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        raise Unreadable("A number is asked, but this text is not one.") from None


def _read_choice(key: dict, answer: object) -> list[Part]:
    """Read the letter of an option, given as the letter or as the option's own text."""
    (text,) = _read_text(answer)
    letters = {fold(option): letter for letter, option in key["options"].items()}
    return [letters.get(text, text)]


def _read_text(answer: object) -> list[Part]:
    """Read a word or a phrase; a number or a date is read as its text."""
    if isinstance(answer, bool | np.bool_) or not pd.api.types.is_scalar(answer):
        raise Unreadable(f"A word or a short phrase is asked, but this is of the type {type(answer).__name__}.")
    return [scalar(answer)]


def _read_set(answer: object) -> list[Part]:
    """Read a collection: order and repetition do not count."""
    if not _is_collection(answer):
        raise Unreadable(f"A list is asked, such as ['a', 'b'], but this is of the type {type(answer).__name__}.")
    return sorted({scalar(member) for member in answer})


def _is_collection(value: object) -> bool:
    return pd.api.types.is_list_like(value) and not isinstance(value, Mapping | pd.DataFrame)


def _read_table(key: dict, answer: object) -> list[Part]:
    """Read a table: its column names first, key columns leading, then its rows, sorted unless the order counts."""
    frame = _frame(key, answer)
    names = [name for name in key["keys"] if name in frame.columns]
    names += sorted(name for name in frame.columns if name not in names)
    rows = [tuple(map(scalar, row)) for row in frame[names].itertuples(index=False, name=None)]
    return [tuple(names), *(rows if key["ordered"] else sorted(rows))]


def _frame(key: dict, answer: object) -> pd.DataFrame:
    if isinstance(answer, pd.Series):
        answer = answer.to_frame(key["columns"][0] if answer.name is None else answer.name)
    if not isinstance(answer, pd.DataFrame):
        raise Unreadable(f"A table (DataFrame) is asked, but this is of the type {type(answer).__name__}.")
    levels = [name for name in key["keys"] if name in answer.index.names and name not in answer.columns]
    answer = answer.reset_index(level=levels).rename(columns=str)
    if repeated := answer.columns[answer.columns.duplicated()].tolist():
        raise Unreadable(f"The column '{repeated[0]}' stands in your table more than once.")
    return answer


def _read_function(key: dict, answer: object) -> list[Part]:
    """Call a function on every case; an exception becomes its words, and an endless loop stays endless."""
    if not callable(answer):
        raise Unreadable(f"A function is asked, not its result, but this is of the type {type(answer).__name__}.")
    return [_result(key, answer, case) for case in key["cases"]]


def _result(key: dict, function: Callable, case: list) -> Part:
    arguments = [load(part["table"]) if isinstance(part, dict) else copy.deepcopy(part) for part in case]
    with redirect_stdout(io.StringIO()):  # what the function prints is not the answer
        try:
            result = function(*arguments)
        except (Exception, SystemExit) as error:
            return Raised(" ".join(f"{type(error).__name__}: {error}".split()))
    if result is ...:  # the starter's gap, unfilled
        return ""
    if _is_collection(result):
        members = [scalar(member) for member in result]
        return tuple(sorted(members) if isinstance(result, set | frozenset) else members)
    if "tolerance" in key and _is_finite(result):
        return float(result)
    return scalar(result)


def _is_finite(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)


@_failing_in_words()
def read(key: dict, answer: object) -> list[Part]:
    """Read an answer of any kind but judgement into its parts.

    Parameters
    ----------
    key : dict
        The exercise's key, or its specification: ``kind`` and what that kind needs.
    answer : object
        Anything that a student may have made.

    Returns
    -------
    list of Part
        What counts of the answer, in canonical form.

    Raises
    ------
    Unreadable
        If the answer has not the form asked for, or fails when it is looked at.
    """
    return READERS[key["kind"]](key, answer)


READERS: dict[str, Callable[[dict, object], list[Part]]] = {
    "number": _read_number,
    "choice": _read_choice,
    "text": lambda _, answer: _read_text(answer),
    "set": lambda _, answer: _read_set(answer),
    "table": _read_table,
    "function": _read_function,
}
