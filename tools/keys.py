"""Make the answer keys of the book from ``exercises/*.toml``, and refuse a specification that could not be trusted.

``exercises/README.md`` describes the grammar.
"""

import datetime
import json
import math
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from casebook.answers import Raised, Unreadable, fold, read
from casebook.checking import KEYS, reply
from casebook.data import load
from casebook.sealing import Part, digest, entry, settle
from tools.exercises import HEADER, refusal, require
from tools.exercises import read as read_fields
from tools.files import EXERCISES

REQUIRED = {
    "kind": str,
    "answer": object,
    "also": list,
    "so_what": str,
    "hint": str,
    "wrong": list,
}
REQUIRED_BY_KIND: dict[str, dict] = {
    "number": {"tolerance": (int, float)},
    "choice": {"options": dict},
    "text": {},
    "set": {},
    "table": {"keys": list, "columns": list},
    "function": {"cases": list},
    "judgement": {"min_words": int, "max_words": int, "cites": int, "needs_terms": list},
}
OPTIONAL_BY_KIND: dict[str, dict] = {
    "number": {"unit": str},
    "table": {"ordered": bool},
    "function": {"tolerance": (int, float)},
    "judgement": {"sides": dict},
}


@dataclass(frozen=True)
class Form:
    """An answer as an author wrote it: a Python expression, and its value."""

    code: str
    value: object


@dataclass(frozen=True)
class Exercise:
    """One exercise: its fields as written, the forms its check accepts, and the wrong answers with their sentences."""

    place: str
    fields: dict
    right: list[Form]
    wrong: list[tuple[Form, str]]

    @property
    def id(self) -> str:
        """The label of the exercise."""
        return self.fields["id"]

    @property
    def kind(self) -> str:
        """The kind of answer asked for."""
        return self.fields["kind"]


def derived(folder: Path = EXERCISES) -> dict[Path, bytes]:
    """Make the key file from every specification in a folder.

    Parameters
    ----------
    folder : Path
        The folder of the specifications.

    Returns
    -------
    dict
        The content of the key file, by its path.

    Raises
    ------
    CasebookError
        If a specification lacks something or contradicts itself.
    """
    keys = {exercise.id: checked_key(exercise) for path in specifications(folder) for exercise in exercises(path)}
    return {KEYS: (json.dumps(keys, ensure_ascii=False, indent=1) + "\n").encode()}


def specifications(folder: Path = EXERCISES) -> list[Path]:
    """List the specification files of a folder, one a chapter.

    Parameters
    ----------
    folder : Path
        The folder of the specifications.

    Returns
    -------
    list of Path
        By name.
    """
    return sorted(folder.glob("*.toml"))


def exercises(path: Path) -> list[Exercise]:
    """Read the exercises of one chapter, in the order written.

    Parameters
    ----------
    path : Path
        A specification file.

    Returns
    -------
    list of Exercise
        With every expression evaluated.

    Raises
    ------
    CasebookError
        If the file is refused, a field is missing, unknown or of the wrong type, or an expression fails.
    """
    return [_exercise(f"exercises/{path.name}, {fields['id']}", fields) for fields in read_fields(path)]


def _exercise(place: str, fields: dict) -> Exercise:
    _check_fields(place, fields)
    right = [_form(place, written) for written in [fields["answer"], *fields["also"]]]
    wrong = [(_form(place, item["answer"]), item["says"]) for item in fields["wrong"]]
    return Exercise(place, fields, right, wrong)


def _check_fields(place: str, fields: dict) -> None:
    require(place, fields, REQUIRED)
    kind = fields["kind"]
    if kind not in REQUIRED_BY_KIND:
        raise refusal(place, f"there is no kind '{kind}'; use one of {', '.join(REQUIRED_BY_KIND)}")
    optional = OPTIONAL_BY_KIND.get(kind, {})
    given = {name: wanted for name, wanted in optional.items() if name in fields}
    require(place, fields, REQUIRED_BY_KIND[kind] | given)
    if unknown := [name for name in fields if name not in HEADER | REQUIRED | REQUIRED_BY_KIND[kind] | optional]:
        fault = f"the field '{unknown[0]}' is unknown for the kind '{kind}'; take it out or correct its name"
        raise refusal(place, fault)
    for item in fields["wrong"]:
        if set(item) != {"answer", "says"} or not isinstance(item["says"], str) or not item["says"]:
            raise refusal(place, "every wrong answer needs exactly 'answer' and 'says'")
    for sentence in (fields["hint"], fields["so_what"], *(item["says"] for item in fields["wrong"])):
        if sentence != " ".join(sentence.split()):
            raise refusal(
                place, f"the sentence '{_short(sentence)}' has a line break or double spaces; write it in one line"
            )


def _form(place: str, written: object) -> Form:
    code = repr(written)
    if isinstance(written, str) and written.startswith("="):
        code = written[1:].strip()
        code = f"(\n{code}\n)" if "\n" in code else code
    try:
        return Form(code, evaluate(code))
    except Exception as error:
        fault = f"the expression {_short(code)} fails with {type(error).__name__}: {error}; correct it"
        raise refusal(place, fault) from error


def evaluate(code: str) -> object:
    """Evaluate an author's expression, with the names that the control notebooks import as well.

    Parameters
    ----------
    code : str
        A Python expression.

    Returns
    -------
    object
        Its value.
    """
    return eval(code, {"datetime": datetime, "np": np, "pd": pd, "load": load})


def _short(code: str) -> str:
    return textwrap.shorten(code, 60, placeholder=" ...")


def checked_key(exercise: Exercise) -> dict:
    """Make the key of an exercise, after proving that it treats every listed answer as the author says.

    Parameters
    ----------
    exercise : Exercise
        One exercise.

    Returns
    -------
    dict
        Its key, from ``make_key``.

    Raises
    ------
    CasebookError
        With the first fault found.
    """
    try:
        if fault := _fault_of_form(exercise) or _fault_of_kind(exercise):
            raise refusal(exercise.place, fault)
        key = make_key(exercise)
    except Unreadable as problem:
        raise refusal(exercise.place, f"a right answer cannot be read ({problem}); correct it") from None
    if fault := _fault_of_key(exercise, key):
        raise refusal(exercise.place, fault)
    return key


def _fault_of_form(exercise: Exercise) -> str | None:
    says = [sentence for _, sentence in exercise.wrong]
    needed = min(4, len(exercise.fields["options"]) - 1) if exercise.kind == "choice" else 4
    if len(says) < needed:
        return f"{len(says)} wrong answers are too few; add [[exercise.wrong]] until there are {needed}"
    if repeated := [sentence for sentence in says if says.count(sentence) > 1]:
        return f"two wrong answers share the sentence '{repeated[0]}'; give each its own"
    if exercise.fields["hint"] in says:
        return "a wrong answer has the general hint as its sentence; give it its own"
    if exercise.right[0].code in [form.code for form in exercise.right[1:]]:
        return "'also' repeats the answer; write it in another correct form"
    return None


def _fault_of_kind(exercise: Exercise) -> str | None:
    fault_of = FAULTS_OF_KIND.get(exercise.kind)
    return fault_of(exercise.fields, exercise.right[0].value) if fault_of else None


def _fault_of_number(fields: dict, answer: object) -> str | None:
    (number,) = read(fields, answer)
    if not 0 < fields["tolerance"] < math.inf:
        return "the tolerance must be above zero; use 0.1 for a whole number"
    if number and fields["tolerance"] > abs(number) / 2:
        return "the tolerance is more than half the answer; make it narrower"
    return None


def _fault_of_choice(fields: dict, answer: object) -> str | None:
    if not _are_texts(fields["options"].values()):
        return "the options must be texts; put each in quotation marks"
    if answer not in list(fields["options"]):
        return "the answer is not the letter of an option; correct it"
    if any(letter != letter.casefold() for letter in fields["options"]):
        return "the letters of the options must be lower case; correct them"
    return None


def _fault_of_table(fields: dict, answer: object) -> str | None:
    asked = fields["keys"] + fields["columns"]
    if not _are_texts(asked):
        return "the keys and columns must be names of columns; put each in quotation marks"
    if not isinstance(answer, pd.DataFrame) or sorted(map(str, answer.columns)) != sorted(asked):
        return f"the answer must be a DataFrame with exactly the columns {', '.join(asked)}; correct it"
    if answer.duplicated(fields["keys"]).any():
        return "the key columns do not tell the rows of the answer apart; add a key column"
    return None


def _fault_of_function(fields: dict, answer: object) -> str | None:
    if not all(isinstance(case, list) for case in fields["cases"]):
        return "every case must be a list of arguments; put it in brackets"
    try:
        json.dumps(fields["cases"])
    except TypeError as error:
        return f"the cases must be numbers, texts, lists or {{table = ...}} ({error}); write a date as text"
    results = read(fields, answer)
    if any(isinstance(part, Raised) for part in results):
        return "the right function raises on a case; correct it"
    if "tolerance" in fields and not (
        0 < fields["tolerance"] < math.inf and all(isinstance(part, float) for part in results)
    ):
        return "a tolerance must be above zero and needs results that are all numbers; correct it or take it out"
    return None


def _fault_of_judgement(fields: dict, _answer: object) -> str | None:
    if not 2 <= fields["min_words"] < fields["max_words"]:
        return "min_words must be at least 2 and below max_words; correct them"
    if not all(isinstance(group, list) and group and _are_texts(group) for group in fields["needs_terms"]):
        return "needs_terms must be a list of lists of words, none of them empty; put each group in brackets"
    sides = fields.get("sides", {})
    if not all(isinstance(needed, int) and needed >= 0 and name == name.casefold() for name, needed in sides.items()):
        return "sides must give each part, in lower case, the number of rows that it cites; correct it"
    if sum(sides.values()) > fields["cites"]:
        return f"the sides ask for {sum(sides.values())} rows and cites for {fields['cites']}; raise cites"
    return None


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) and fold(value) for value in values)


FAULTS_OF_KIND: dict[str, Callable[[dict, object], str | None]] = {
    "number": _fault_of_number,
    "choice": _fault_of_choice,
    "table": _fault_of_table,
    "function": _fault_of_function,
    "judgement": _fault_of_judgement,
}


def make_key(exercise: Exercise) -> dict:
    """Make the key of an exercise: what its check needs, with every answer and its sentence hashed and sealed.

    Parameters
    ----------
    exercise : Exercise
        One exercise.

    Returns
    -------
    dict
        Its entry in ``keys.json``.

    Raises
    ------
    Unreadable
        If a right answer has not the form asked for.
    """
    fields = exercise.fields
    shown = set(REQUIRED_BY_KIND[exercise.kind]) | set(OPTIONAL_BY_KIND.get(exercise.kind, {})) | {"kind", "hint"}
    key = {name: value for name, value in fields.items() if name in shown}
    if exercise.kind == "judgement":
        return key | {"so_what": fields["so_what"]}
    if exercise.kind == "table":
        key["ordered"] = fields.get("ordered", False)
    tolerance = fields.get("tolerance")
    right = [read(key, form.value) for form in exercise.right]
    wrong = [(parts, says) for form, says in exercise.wrong if (parts := _read_or_none(key, form)) is not None]
    key["right"] = _entries(exercise, [(parts, fields["so_what"]) for parts in right])
    key["wrong"] = _entries(exercise, wrong)
    return key | _pieces(exercise.id, key, settle(exercise.id, right[0], key["right"][0]["phases"], tolerance))


def _read_or_none(key: dict, form: Form) -> list[Part] | None:
    try:
        return read(key, form.value)
    except Unreadable:  # the check says why; checked_key compares that with the author's sentence
        return None


def _entries(exercise: Exercise, known: list[tuple[list[Part], str]]) -> list[dict]:
    made = [entry(exercise.id, parts, exercise.fields.get("tolerance"), sentence) for parts, sentence in known]
    return list({each["digest"]: each for each in reversed(made)}.values())[::-1]


def _pieces(exercise_id: str, key: dict, parts: list[Part]) -> dict:
    """Hash the pieces of the answer that the feedback counts or points to."""
    if key["kind"] == "set":
        return {"members": [digest(exercise_id, part) for part in parts]}
    if key["kind"] == "function":
        return {"results": [digest(exercise_id, part) for part in parts]}
    if key["kind"] == "table":
        names, *rows = parts
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        return {
            "rows": [digest(exercise_id, row[: len(key["keys"])]) for row in rows],
            "values": {name: digest(exercise_id, columns[name]) for name in key["columns"]},
        }
    return {}


def _fault_of_key(exercise: Exercise, key: dict) -> str | None:
    for form in exercise.right:
        if not _line(exercise, key, form).startswith(f"{exercise.id}: correct. "):
            return f"the correct form {_short(form.code)} is rejected; correct it"
    for form, says in exercise.wrong:
        line = _line(exercise, key, form)
        if line.startswith(f"{exercise.id}: correct. "):
            return f"the wrong answer {_short(form.code)} is accepted; make it wrong or take it out"
        if line != f"{exercise.id}: not yet. {says}":
            return (
                f"the wrong answer {_short(form.code)} gets '{line}' instead of its own sentence; change one of the two"
            )
    return None


def _line(exercise: Exercise, key: dict, form: Form) -> str:
    return reply(exercise.id, key, form.value)
