"""Write the answer key: every exercise with its answers, the wrong ones and their sentences, as one page to print."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from casebook.errors import CasebookError
from tools.files import chapters
from tools.keys import Exercise, Form, exercises
from tools.notebooks import Chapter, chapter_of, read
from tools.student_notebook import is_solution

LONGEST_TEXT = 240  # signs of a judgement that passes or fails by its form
TEMPLATE = Path(__file__).with_name("answer_key.html.jinja")


def answer_key(root: Path) -> str:
    """Write the page.

    Parameters
    ----------
    root : Path
        The book: its chapters and the descriptions of their exercises.

    Returns
    -------
    str
        HTML that needs nothing besides.

    Raises
    ------
    CasebookError
        If a description is refused, or names an objective that its chapter lacks.
    """
    sections = []
    for path in chapters(root / "_toc.yml"):
        specification = root / "exercises" / f"{path.stem}.toml"
        if specification.exists():
            notebook = read(path)
            chapter = chapter_of(notebook, path)
            listed = [_entry(exercise, chapter, _solution(notebook, exercise)) for exercise in exercises(specification)]
            sections.append({"slug": chapter.slug, "title": chapter.title, "exercises": listed})
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(chapters=sections, count=sum(len(section["exercises"]) for section in sections))


def _solution(notebook: dict, exercise: Exercise) -> str:
    """Return the code of an exercise's solution, without the lines that check it."""
    cells = [cell for cell in notebook.cells if is_solution(cell) and cell.cell_type == "code"]
    own = [cell for cell in cells if cell.id.partition("-solution")[0] == f"ex-{exercise.id}"]
    lines = "\n\n".join(cell.source for cell in own).splitlines()
    return "\n".join(line for line in lines if not line.startswith("check(")).strip()


def _entry(exercise: Exercise, chapter: Chapter, solution: str) -> dict:
    """Return what the page says of one exercise."""
    fields = exercise.fields
    if fields["objective"] not in chapter.objectives:
        raise CasebookError(
            f"{exercise.place}: the chapter has no objective '{fields['objective']}'; name one of its metadata."
        )
    answer, *also = exercise.right
    if callable(answer.value) and solution:
        right, solution = _code(solution), ""  # the chapter's function, not the one line that tests its check
    else:
        right = _value(answer, fields)
    return {
        "id": exercise.id,
        "title": fields["title"],
        "objective": chapter.objectives[fields["objective"]],
        "kind": exercise.kind,
        "asked": _asked(fields),
        "right": right,
        # a short answer says all; where it was worked out, the chapter's own code shows how
        "solution": solution if fields["code"] or exercise.kind == "judgement" else "",
        "also": [_written(form) for form in also],
        "so_what": fields["so_what"],
        "hint": fields["hint"],
        "wrong": [(_written(form), says) for form, says in exercise.wrong],
    }


def _asked(fields: dict) -> str:
    """Say what an exercise asks besides its kind."""
    match fields:
        case {"kind": "number"}:
            unit = f", in {fields['unit']}" if "unit" in fields else ""
            return f"{unit}, accepted within {fields['tolerance']} of the answer"
        case {"kind": "table"}:
            order = "in this order" if fields.get("ordered") else "in any order"
            return f" with the columns {', '.join(fields['keys'] + fields['columns'])}, rows {order}"
        case {"kind": "judgement"}:
            cited = f", {fields['cites']} rows cited" if fields["cites"] else ""
            return (
                f" of {fields['min_words']} to {fields['max_words']} words{cited}; "
                "the check judges the form, a person the substance"
            )
    return ""


def _value(form: Form, fields: dict) -> Markup:
    """Write a right answer as HTML: its value, or its code where it is a function."""
    if fields["kind"] == "choice":
        return escape(f"{form.value}: {fields['options'][form.value]}")
    for kind, write in VALUES.items():
        if isinstance(form.value, kind):
            return write(form.value)
    return _written(form) if callable(form.value) else escape(form.value)


def _table(frame: pd.DataFrame) -> Markup:
    """Write a table as HTML."""
    html = frame.to_html(index=False, border=0).replace("<th>", '<th scope="col">')
    return Markup(f'<div class="scroll" role="region" tabindex="0" aria-label="The right table">{html}</div>')


def _number(number: float) -> Markup:
    """Write a number with six digits at most."""
    return escape(f"{number:.6g}")


VALUES: dict[type | tuple[type, ...], Callable[[object], Markup]] = {
    pd.DataFrame: _table,
    (set, frozenset, list, tuple): lambda members: escape(", ".join(sorted(map(str, members)))),
    float: _number,
}


def _written(form: Form) -> Markup:
    """Write an answer as its author wrote it; of a long text, the beginning."""
    if isinstance(form.value, str):
        return escape(f"“{textwrap.shorten(form.value, LONGEST_TEXT, placeholder=' …')}”")
    return _code(form.code.removeprefix("(\n").removesuffix("\n)") if form.code.startswith("(\n") else form.code)


def _code(code: str) -> Markup:
    """Write code as HTML."""
    return Markup("<pre><code>{}</code></pre>").format(code)
