"""Answer the student: one plain sentence for every answer, and never the answer itself."""

import functools
import json
import os
import re
import textwrap
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

from casebook.answers import Raised, Unreadable, fold, is_blank, read
from casebook.errors import CasebookError
from casebook.rows import pages_of_rows
from casebook.sealing import Part, digest, find, settle

KEYS = Path(__file__).with_name("keys.json")

HYPHENATED = re.compile(r"\w+(?:-\w+)*")  # as in C030, CST10-4-1
GRADERS = ("NBGRADER_EXECUTION", "CASEBOOK_STRICT")  # set by nbgrader while it grades or validates, or by hand
LIKE_AN_ID = re.compile(r"[A-Z]{1,2}\d{2,3}")  # as in C999, which no row has
_EARNED: dict[str, str] = {}
FORM_IS_RIGHT = "The form is right; whether the argument holds is for a person with the rubric to judge."
SLIPS = {
    -1: "Your number has the wrong sign.",
    100: "Your number is a hundred times too small, as a proportion is beside a percentage.",
    1 / 100: "Your number is a hundred times too large, as a percentage is beside a proportion.",
    1_000: "Your number is a thousand times too small: look at the unit.",
    1 / 1_000: "Your number is a thousand times too large: look at the unit.",
    1_000_000: "Your number is a million times too small: look at the unit.",
    1 / 1_000_000: "Your number is a million times too large: look at the unit.",
}


class NotCorrect(Exception):  # noqa: N818 - a verdict for the grader, not a failure of the program
    """An answer that is not correct, where a grader wants to be told by an exception."""


def check(exercise_id: str, answer: object) -> None:
    """Print one line on an answer: not answered yet, not yet (with a hint), or correct (with what follows from it).

    A mistake in the answer never raises, not even inside a function that the student wrote; only a function that never
    returns cannot be caught: interrupt the kernel then.

    Graders that give points to every cell which does not raise, as nbgrader's do, need it otherwise: where one of the
    environment variables ``NBGRADER_EXECUTION`` (nbgrader sets it) and ``CASEBOOK_STRICT`` (set it to 1 yourself) has
    a value, anything but a correct answer raises ``NotCorrect`` after the line is printed.

    Parameters
    ----------
    exercise_id : str
        The label of the exercise, such as ``"timeline-3"``.
    answer : object
        The student's answer; ``...``, None and an empty text or collection count as not answered.

    Raises
    ------
    CasebookError
        If no exercise has that id.
    NotCorrect
        If a grader asks for it and the answer is not correct.
    """
    line = reply(exercise_id, _key_of(exercise_id), answer)
    print(line)
    _EARNED.pop(exercise_id, None)
    if line.startswith(right := f"{exercise_id}: correct. "):
        _EARNED[exercise_id] = line.removeprefix(right)
    elif any(map(os.environ.get, GRADERS)):
        raise NotCorrect(line)


def earned() -> dict[str, str]:
    """Return the sentence of each exercise whose check was right when it last ran in this session, by its id."""
    return dict(_EARNED)


def _key_of(exercise_id: object) -> dict:
    if isinstance(exercise_id, str) and exercise_id in keys():
        return keys()[exercise_id]
    given = textwrap.shorten(str(exercise_id), 40, placeholder=" ...")
    chapter = given.rpartition("-")[0]
    known = [name for name in keys() if name.rpartition("-")[0] == chapter] or list(keys())
    raise CasebookError(f"There is no exercise '{given}'; use one of these ids: {', '.join(known)}.")


@functools.cache
def keys() -> dict[str, dict]:
    """Return the key of every exercise, by its id."""
    return json.loads(KEYS.read_text(encoding="utf-8"))


def reply(exercise_id: str, key: dict, answer: object) -> str:
    """Return the line that ``check`` prints.

    Parameters
    ----------
    exercise_id : str
        The label of the exercise, which salts the hashes of its key.
    key : dict
        The exercise's entry in ``keys.json``.
    answer : object
        The student's answer.

    Returns
    -------
    str
        One line, without a line break.
    """
    try:
        if is_blank(answer):
            return f"{exercise_id}: not answered yet."
        judged_by_form = key["kind"] == "judgement"
        correct, sentence = _judge_form(key, answer) if judged_by_form else _judge(exercise_id, key, answer)
    except Unreadable as problem:
        correct, sentence = False, str(problem)
    line = f"{exercise_id}: {'correct' if correct else 'not yet'}. {sentence}"
    return " ".join(line.split())  # one line, even if an error message or a column name has several


def _judge(exercise_id: str, key: dict, answer: object) -> tuple[bool, str]:
    parts = read(key, answer)
    if so_what := find(exercise_id, key["right"], parts, key.get("tolerance")):
        return True, so_what
    if says := find(exercise_id, key["wrong"], parts, key.get("tolerance")):
        return False, says
    return False, FEEDBACK[key["kind"]](exercise_id, key, parts)


def _say_number(exercise_id: str, key: dict, parts: list[Part]) -> str:
    for factor, sentence in SLIPS.items():
        scaled = parts[0] * factor
        # What the tolerance cannot tell from zero is no slip of anything.
        if abs(scaled) > key["tolerance"] and find(exercise_id, key["right"], [scaled], key["tolerance"]):
            return f"{sentence} The answer is asked in {key['unit']}." if "unit" in key else sentence
    return key["hint"]


def _say_choice(key: dict, parts: list[Part]) -> str:
    if parts[0] in key["options"]:
        return key["hint"]
    return f"Choose one of {', '.join(key['options'])}. {key['hint']}"


def _say_set(exercise_id: str, key: dict, parts: list[Part]) -> str:
    return f"{_count({digest(exercise_id, part) for part in parts}, set(key['members']))} {key['hint']}"


def _say_table(exercise_id: str, key: dict, parts: list[Part]) -> str:
    names, *rows = parts
    return f"{_table_difference(exercise_id, key, names, rows)} {key['hint']}"


def _table_difference(exercise_id: str, key: dict, names: tuple[str, ...], rows: list[Part]) -> str:
    if missing := [name for name in key["keys"] + key["columns"] if name not in names]:
        return f"Your table has no column '{missing[0]}', which is asked for."
    if extra := [name for name in names if name not in key["keys"] + key["columns"]]:
        return f"Your table has a column '{extra[0]}', which is not asked for."
    row_digests = [digest(exercise_id, row[: len(key["keys"])]) for row in rows]
    if set(row_digests) != set(key["rows"]):
        return _count(set(row_digests), set(key["rows"]), noun="row")
    if len(row_digests) > len(key["rows"]):
        return "Your table has the right rows, but some of them more than once."
    if row_digests != key["rows"]:
        return "Your table has the right rows, but not in the order asked for."
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    differing = [name for name in key["columns"] if digest(exercise_id, columns[name]) != key["values"][name]]
    return f"Your table has the right rows, but values in the column '{differing[0]}' differ."


def _say_function(exercise_id: str, key: dict, parts: list[Part]) -> str:
    contents = settle(exercise_id, parts, key["right"][0]["phases"], key.get("tolerance"))
    digests = [digest(exercise_id, content) for content in contents]
    case = next(number for number, known in enumerate(key["results"]) if digests[number] != known)
    call = call_text(key["cases"][case])
    if isinstance(parts[case], Raised):
        return f"With ({call}) your function raised {parts[case]}."
    if parts[case] == "":
        return f"With ({call}) your function returns no value: is a return missing?"
    return f"With ({call}) your function does not return the right value. {key['hint']}"


def call_text(case: list) -> str:
    """Write the arguments of a case as they are shown to the student.

    Parameters
    ----------
    case : list
        The arguments, as the specification has them.

    Returns
    -------
    str
        Separated by commas; a table by its name.
    """
    return ", ".join(part["table"] if isinstance(part, dict) else repr(part) for part in case)


FEEDBACK: dict[str, Callable[[str, dict, list[Part]], str]] = {
    "number": _say_number,
    "choice": lambda _id, key, parts: _say_choice(key, parts),
    "text": lambda _id, key, _parts: key["hint"],
    "set": _say_set,
    "table": _say_table,
    "function": _say_function,
}


def _count(given: set[str], asked: set[str], noun: str = "") -> str:
    belong, missing = len(given & asked), len(asked - given)
    things = f" {noun if len(given) == 1 else f'{noun}s'}" if noun else ""
    return (
        f"{belong} of your {len(given)}{things} {'belongs' if belong == 1 else 'belong'}, "
        f"and {missing or 'none'} {'are' if missing > 1 else 'is'} missing."
    )


def _judge_form(key: dict, answer: object) -> tuple[bool, str]:
    if not isinstance(answer, str):
        raise Unreadable(
            f"A text in quotation marks is asked, but this is of the type {type(answer).__name__}. {key['hint']}"
        )
    if fault := _fault_of_form(key, answer):
        return False, fault
    return True, f"{FORM_IS_RIGHT} {key['so_what']}"


def _fault_of_form(key: dict, text: str) -> str | None:
    words = len(text.split())
    if words < key["min_words"]:
        return f"Your text has {words} of at least {key['min_words']} words."
    if words > key["max_words"]:
        return f"Your text has {words} words; keep to {key['max_words']}."
    cited = cited_in(text)
    if len(cited) < key["cites"]:
        return f"Cite evidence by the id of its row: found {len(cited)}, needed {key['cites']}."
    for group in key["needs_terms"]:
        if not mentions(text, group):
            return f"Your text does not mention {either(group)} yet."
    return _fault_of_sides(key["sides"], text) if "sides" in key else None


def _fault_of_sides(sides: dict[str, int], text: str) -> str | None:
    named = filter(LIKE_AN_ID.fullmatch, possible_ids(text))
    if unknown := sorted(word for word in named if word.casefold() not in evidence_ids()):
        return f"No row of evidence has the id {unknown[0]}: look it up on its page."
    parts = parts_of(text, sides)
    cited = {name: cited_in(part) for name, part in parts.items()}
    for name, needed in sides.items():
        if name not in parts:
            return f"Your text has no part that begins with '{name.capitalize()}:'."
        if len(cited[name]) < needed:
            return f"Under '{name.capitalize()}:' cite {needed} rows by id; found {len(cited[name])}."
    for one, other in combinations([name for name, needed in sides.items() if needed], 2):
        if twice := sorted(cited[one] & cited[other]):
            return (
                f"{twice[0].upper()} stands under '{one.capitalize()}:' and under '{other.capitalize()}:': decide on "
                "which side it counts."
            )
    return None


def parts_of(text: str, names: Iterable[str]) -> dict[str, str]:
    """Cut a text into the parts that begin with a name and a colon, such as ``For:`` and ``Against:``.

    Parameters
    ----------
    text : str
        A student's text.
    names : iterable of str
        The names of the parts, in lower case.

    Returns
    -------
    dict of str to str
        Each part that is there, in lower case, without its name; a part that is begun twice is joined.
    """
    _, *pieces = re.split(rf"\b({'|'.join(names)}):", text.casefold())
    parts: dict[str, str] = {}
    for name, piece in zip(pieces[::2], pieces[1::2], strict=True):
        parts[name] = parts.get(name, "") + piece
    return parts


def mentions(text: str, terms: list[str]) -> bool:
    """Tell whether a text has one of the terms, from a word's start on: "ally" is in "allying", not in "really".

    Parameters
    ----------
    text : str
        A student's text.
    terms : list of str
        Alternatives.

    Returns
    -------
    bool
        True if one of them is there, in any case.
    """
    return any(re.search(rf"\b{re.escape(fold(term))}", fold(text)) for term in terms)


def either(words: list[str]) -> str:
    """Join alternatives for a sentence.

    Parameters
    ----------
    words : list of str
        At least one.

    Returns
    -------
    str
        ``"a"``, ``"a or b"``, ``"a, b or c"``.
    """
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def cited_in(text: str) -> set[str]:
    """List the rows of evidence that a text cites, by their ids in lower case."""
    return possible_ids(text.casefold()) & evidence_ids()


def possible_ids(text: str) -> set[str]:
    """List the words of a text that may be ids of evidence.

    Parameters
    ----------
    text : str
        A text.

    Returns
    -------
    set of str
        A hyphenated word as a whole where it is an id (``cst10-4-1``), else its parts (``c030-c032``).
    """
    words = HYPHENATED.findall(text)
    return {part for word in words for part in ([word] if word.casefold() in evidence_ids() else word.split("-"))}


@functools.cache
def evidence_ids() -> frozenset[str]:
    """Return the id of every row that a text can cite as evidence, in lower case."""
    return frozenset(row_id.casefold() for row_id in pages_of_rows())
