"""Write the control notebooks: every answer a check must accept or reject, with the exact line it must print.

nbval runs them like chapters. Besides the answers that the authors list, each exercise gets probes made from its right
answer: the edges of a tolerance, other types, a spoilt row, column or case.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import nbformat
from nbformat import v4

from casebook.answers import read
from casebook.checking import FORM_IS_RIGHT, SLIPS, call_text, either, evidence_ids, mentions
from casebook.sealing import find
from tools.files import EXERCISES, write_atomic
from tools.keys import Exercise, checked_key, evaluate, exercises, specifications

SETUP = """import datetime

import numpy as np
import pandas as pd
from casebook.checking import check
from casebook.data import load"""
BLANKS = ("...", "None", "'  '", "[]")

Probe = tuple[str, str | None]  # an expression, and the sentence it must get; None if it must be accepted


@dataclass(frozen=True)
class Control:
    """One cell of a control notebook: the answer as an expression, and the line that ``check`` must print."""

    exercise_id: str
    name: str
    code: str
    line: str


def write_controls(folder: Path, specs: Path = EXERCISES) -> list[Path]:
    """Write one control notebook a chapter, and remove the notebooks of chapters that are gone.

    Parameters
    ----------
    folder : Path
        Where the notebooks go, as ``<slug>-controls.ipynb``.
    specs : Path
        The folder of the specifications.

    Returns
    -------
    list of Path
        The notebooks written.

    Raises
    ------
    CasebookError
        If a specification is refused.
    """
    written = []
    for path in specifications(specs):
        notebook = _notebook(control for exercise in exercises(path) for control in controls(exercise))
        target = folder / f"{path.stem}-controls.ipynb"
        write_atomic(target, nbformat.writes(notebook).encode())
        written.append(target)
    for stale in set(folder.glob("*-controls.ipynb")) - set(written):
        stale.unlink()
    return written


def _notebook(all_controls: Iterable[Control]) -> nbformat.NotebookNode:
    cells = [v4.new_code_cell(SETUP, id="setup", execution_count=1)]
    for number, control in enumerate(all_controls, start=2):
        cells.append(
            v4.new_code_cell(
                f"answer = {control.code}\ncheck({control.exercise_id!r}, answer)",
                id=f"{control.exercise_id}-{control.name}",
                execution_count=number,
                outputs=[v4.new_output("stream", name="stdout", text=f"{control.line}\n")],
            )
        )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def controls(exercise: Exercise) -> list[Control]:
    """List the controls of one exercise.

    Parameters
    ----------
    exercise : Exercise
        One exercise.

    Returns
    -------
    list of Control
        Right forms, blanks, wrong answers and probes, numbered within each group.

    Raises
    ------
    CasebookError
        If the specification is refused.
    """
    accepted = exercise.fields["so_what"]
    if exercise.kind == "judgement":
        accepted = f"{FORM_IS_RIGHT} {accepted}"
    groups: dict[str, list[tuple[str, str]]] = {
        "right": [(form.code, f"correct. {accepted}") for form in exercise.right],
        "blank": [(code, "not answered yet.") for code in BLANKS],
        "wrong": [(form.code, f"not yet. {says}") for form, says in exercise.wrong],
        "probe": [
            (code, f"correct. {accepted}" if sentence is None else f"not yet. {sentence}")
            for code, sentence in _probes(exercise)
        ],
    }
    return [
        Control(exercise.id, f"{group}-{number}", code, f"{exercise.id}: {line}")
        for group, members in groups.items()
        for number, (code, line) in enumerate(members, start=1)
    ]


def _probes(exercise: Exercise) -> Iterator[Probe]:
    """Make the probes, without those that the author has already listed among the right or wrong answers."""
    key = checked_key(exercise)
    for code, sentence in PROBES[exercise.kind](exercise):
        if sentence is None or not _is_listed(exercise, key, evaluate(code)):
            yield code, sentence


def _is_listed(exercise: Exercise, key: dict, value: object) -> bool:
    if exercise.kind == "judgement":
        return False
    parts = read(key, value)
    return any(find(exercise.id, key[group], parts, key.get("tolerance")) for group in ("right", "wrong"))


def _probe_number(exercise: Exercise) -> Iterator[Probe]:
    (answer,), tolerance = read(exercise.fields, exercise.right[0].value), exercise.fields["tolerance"]
    hint, unit = exercise.fields["hint"], exercise.fields.get("unit")
    outwards = math.copysign(tolerance, answer)  # a step away from zero can never look like a slip
    yield repr(str(answer)), None
    for inside in (-1, -0.9, 0.9, 1):
        yield repr(answer + inside * tolerance), None
    for outside in (-1.5, 1.5, 3, 6):
        yield repr(answer + outside * outwards), hint
    yield "1e308", hint
    for factor, sentence in SLIPS.items():
        if answer:
            yield repr(answer / factor), f"{sentence} The answer is asked in {unit}." if unit else sentence


def _probe_choice(exercise: Exercise) -> Iterator[Probe]:
    letter, options = exercise.right[0].value, exercise.fields["options"]
    yield repr(f" ({letter.upper()})"), None
    yield repr(options[letter].upper()), None
    yield repr("none of these"), f"Choose one of {', '.join(options)}. {exercise.fields['hint']}"


def _probe_text(exercise: Exercise) -> Iterator[Probe]:
    yield repr(f"  «{str(exercise.right[0].value).upper()}». "), None
    yield repr("something else altogether"), exercise.fields["hint"]


def _probe_set(exercise: Exercise) -> Iterator[Probe]:
    code, size = f"({exercise.right[0].code})", len(set(exercise.right[0].value))
    yield f"[*list({code})[::-1], *{code}]", None
    count = f"{size} of your {size + 1} {'belongs' if size == 1 else 'belong'}, and none is missing."
    yield f"[*{code}, 'something else']", f"{count} {exercise.fields['hint']}"


def _probe_table(exercise: Exercise) -> Iterator[Probe]:
    code, fields, size = f"({exercise.right[0].code})", exercise.fields, len(exercise.right[0].value)
    hint = fields["hint"]
    yield f"{code}.set_index({fields['keys']!r})", None
    if size > 1:
        unordered = "Your table has the right rows, but not in the order asked for."
        yield f"{code}.iloc[::-1]", f"{unordered} {hint}" if fields.get("ordered") else None
        rows = f"{size - 1} of your {size - 1} {'row belongs' if size == 2 else 'rows belong'}, and 1 is missing."
        yield f"{code}.iloc[1:]", f"{rows} {hint}"
    yield f"pd.concat([{code}] * 2)", f"Your table has the right rows, but some of them more than once. {hint}"
    yield f"{code}.assign(remark=1)", f"Your table has a column 'remark', which is not asked for. {hint}"
    for name in fields["columns"]:
        missing = f"Your table has no column '{name}', which is asked for."
        yield f"{code}.drop(columns=[{name!r}])", f"{missing} {hint}"
        spoilt = f"Your table has the right rows, but values in the column '{name}' differ."
        yield f"{code}.assign(**{{{name!r}: 'something else'}})", f"{spoilt} {hint}"


def _probe_function(exercise: Exercise) -> Iterator[Probe]:
    code, fields = f"({exercise.right[0].code})", exercise.fields
    differs = "your function does not return the right value."
    for case in fields["cases"]:
        spoilt = f"lambda *args: 'spoilt' if repr(args) == repr(({_arguments(case)},)) else {code}(*args)"
        yield spoilt, f"With ({call_text(case)}) {differs} {fields['hint']}"
        raising = f"lambda *args: {{}}['gap'] if repr(args) == repr(({_arguments(case)},)) else {code}(*args)"
        yield raising, f"With ({call_text(case)}) your function raised KeyError: 'gap'."
    if "tolerance" in fields:
        tolerance, first = fields["tolerance"], call_text(fields["cases"][0])
        yield f"lambda *args: {code}(*args) + {0.9 * tolerance!r}", None
        yield f"lambda *args: {code}(*args) + {1.5 * tolerance!r}", f"With ({first}) {differs} {fields['hint']}"


def _arguments(case: list) -> str:
    return ", ".join(f"load({part['table']!r})" if isinstance(part, dict) else repr(part) for part in case)


def _probe_judgement(exercise: Exercise) -> Iterator[Probe]:
    fields = exercise.fields
    least, most, cites = fields["min_words"], fields["max_words"], fields["cites"]
    yield "11", f"A text in quotation marks is asked, but this is of the type int. {fields['hint']}"
    yield f"'word ' * {least - 1}", f"Your text has {least - 1} of at least {least} words."
    yield f"'word ' * {most + 1}", f"Your text has {most + 1} words; keep to {most}."
    ids = sorted(evidence_ids())[:cites]
    if cites:
        few = " ".join([*ids[1:], *["word"] * least][: max(least, cites)])
        yield repr(few), f"Cite evidence by the id of its row: found {cites - 1}, needed {cites}."
    for group in fields["needs_terms"]:
        others = [other[0] for other in fields["needs_terms"] if other != group]
        text = " ".join([*ids, *others])
        text += " word" * (least - len(text.split()))
        if not mentions(text, group):
            yield repr(text), f"Your text does not mention {either(group)} yet."
    if "sides" in fields:
        yield from _probe_sides(fields)


def _probe_sides(fields: dict) -> Iterator[Probe]:
    """Leave out each part of a good text, take one row from it, and put one row of each side on the other."""
    sides = fields["sides"]
    rows = iter(sorted(evidence_ids()))
    ids = {name: [next(rows) for _ in range(needed)] for name, needed in sides.items()}
    others = [next(rows) for _ in range(fields["cites"])]  # enough rows before any part begins
    terms = [group[0] for group in fields["needs_terms"]]

    def text(parts: dict[str, list[str]]) -> str:
        written = " ".join([*terms, *others, *(f"{name}: {' '.join(cited)}" for name, cited in parts.items())])
        return repr(" ".join(["word"] * (fields["min_words"] - len(written.split())) + [written]))

    yield text(ids), None
    for name, needed in sides.items():
        without = {other: cited for other, cited in ids.items() if other != name}
        yield text(without), f"Your text has no part that begins with '{name.capitalize()}:'."
        if needed:
            fewer = ids | {name: ids[name][1:]}
            yield text(fewer), f"Under '{name.capitalize()}:' cite {needed} rows by id; found {needed - 1}."
    for one, other in combinations([name for name, needed in sides.items() if needed], 2):
        shared = ids | {other: [*ids[other], ids[one][0]]}
        said = f"{ids[one][0].upper()} stands under '{one.capitalize()}:' and under '{other.capitalize()}:'"
        yield text(shared), f"{said}: decide on which side it counts."


PROBES: dict[str, Callable[[Exercise], Iterator[Probe]]] = {
    "number": _probe_number,
    "choice": _probe_choice,
    "text": _probe_text,
    "set": _probe_set,
    "table": _probe_table,
    "function": _probe_function,
    "judgement": _probe_judgement,
}
