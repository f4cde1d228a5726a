"""Write the two cells of a chapter that come from its metadata and its exercises: its box and its self-check."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from casebook.errors import CasebookError
from tools.exercises import ExerciseHeader, headers
from tools.notebooks import BOX, SELF_CHECK, Chapter, chapter_of, read

COMPLETION = (
    "Does your course ask for a completion code? Once every check is right in one session, run "
    '`from casebook import completion` and `completion("{slug}", student="your name")`.'
)


def generated_cells(notebook: NotebookNode, path: Path, exercises: Path) -> dict[str, str]:
    """Return what the two generated cells should say, as metadata and exercises have it now.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter.
    path : Path
        Where it is; the chapters that it needs are beside it.
    exercises : Path
        The folder of exercise descriptions.

    Returns
    -------
    dict of str to str
        Text by cell id.

    Raises
    ------
    CasebookError
        If metadata or exercises are wrong, or a chapter that this one needs does not exist.
    """
    chapter = chapter_of(notebook, path)
    specs = headers(chapter.slug, exercises)
    titles = {slug: _title_of(slug, path) for slug in chapter.needs}
    return {BOX: _chapter_box(chapter, specs, titles), SELF_CHECK: _self_check(chapter, specs)}


def write_generated_cells(notebook: NotebookNode, path: Path, exercises: Path) -> None:
    """Put the two generated cells in: the box as second cell, the self-check where it is or before ``sources``.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter; changed in place.
    path : Path
        Where it is; the chapters that it needs are beside it.
    exercises : Path
        The folder of exercise descriptions.

    Raises
    ------
    CasebookError
        If :func:`generated_cells` does.
    """
    texts = generated_cells(notebook, path, exercises)
    ids = [cell.id for cell in notebook.cells]
    if SELF_CHECK not in ids:
        place = ids.index("sources") if "sources" in ids else len(ids)
        notebook.cells.insert(place, nbformat.v4.new_markdown_cell(id=SELF_CHECK))
    notebook.cells = [cell for cell in notebook.cells if cell.id != BOX]
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(id=BOX))
    for cell in notebook.cells:
        cell.source = texts.get(cell.id, cell.source)


def _title_of(needed: str, path: Path) -> str:
    """Return the title of a chapter that the chapter at `path` needs."""
    other = path.with_name(f"{needed}.ipynb")
    if not other.exists():
        raise CasebookError(
            f"{path.name}: metadata 'chapter' needs the chapter '{needed}', which book/ lacks; correct 'needs'."
        )
    return chapter_of(read(other), other).title


def _chapter_box(chapter: Chapter, exercises: list[ExerciseHeader], titles: dict[str, str]) -> str:
    """Write the box at the top of a chapter: question, objectives, time, needs, data, terms."""
    needs = ", ".join(f"[{titles[slug]}]({slug}.ipynb)" for slug in chapter.needs) or "no other chapter"
    tables = ", ".join(f"[{table}](codebook.md#{table})" for table in chapter.tables)
    return "\n".join(
        [
            ":::{admonition} In this chapter",
            "",
            f"*{chapter.question}*",
            "",
            "By the end you can:",
            "",
            *(f"- {chapter.objectives[name]}" for name in objectives_in_order(chapter, exercises)),
            "",
            f"**Time:** {chapter.read} minutes to read, {chapter.do} minutes to do.",
            "",
            f"**Needs:** {needs}.",
            "",
            f"**Data:** {tables}.",
            "",
            f"**Key terms:** {', '.join(chapter.terms)}.",
            "",
            ":::",
        ]
    )


def _self_check(chapter: Chapter, exercises: list[ExerciseHeader]) -> str:
    """Write the self-check: each objective with links to the exercises that assess it, and how to get the code."""
    lines = ["## Self-check", "", "Can you do each of these? The exercises beside an objective let you try.", ""]
    for name in objectives_in_order(chapter, exercises):
        links = ", ".join(f"[{exercise.title}](#{exercise.id})" for exercise in exercises if exercise.objective == name)
        lines.append(f"- {chapter.objectives[name]}" + (f" *Try:* {links}." if links else ""))
    if exercises:
        lines += ["", COMPLETION.format(slug=chapter.slug)]
    return "\n".join(lines)


def objectives_in_order(chapter: Chapter, exercises: list[ExerciseHeader]) -> list[str]:
    """List the objectives in the order in which exercises first assess them, which JSON metadata cannot keep."""
    assessed = [exercise.objective for exercise in exercises if exercise.objective in chapter.objectives]
    return list(dict.fromkeys([*assessed, *sorted(chapter.objectives)]))
