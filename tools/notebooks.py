"""Read chapters: executed notebooks in ``book/`` whose metadata key ``chapter`` says what each is for."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from casebook.errors import CasebookError
from tools.widget_models import models, reach, references

BOX = "chapter-box"  # the two cells that `make refresh` writes
SELF_CHECK = "self-check"

WORD_ID = re.compile(r"[a-z0-9-]+")
RANDOM_ID = re.compile(r"(?=.*\d)[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")


@dataclass(frozen=True)
class Chapter:
    """What a chapter says about itself, in the notebook's metadata.

    Attributes
    ----------
    slug : str
        The file name without its suffix.
    title, question : str
        The heading, and the one question that the chapter answers.
    objectives : dict of str to str
        Name of an objective to its sentence, verb first.
    read, do : int
        Minutes for reading and for the exercises.
    needs : list of str
        Slugs of the chapters to read before this one.
    tables : list of str
        Names of the tables of ``data/`` that the chapter uses.
    terms : list of str
        Key terms.
    """

    slug: str
    title: str
    question: str
    objectives: dict[str, str]
    read: int
    do: int
    needs: list[str]
    tables: list[str]
    terms: list[str]


def read(path: Path) -> NotebookNode:
    """Read a notebook, and refuse a file that is not one.

    Parameters
    ----------
    path : Path
        An ``.ipynb`` file.

    Returns
    -------
    NotebookNode
        A valid notebook of format 4.5 with at least one cell, whose cell ids are words, each used once.

    Raises
    ------
    CasebookError
        If the file is missing, is not JSON, or is not such a notebook.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text)
    except FileNotFoundError:
        raise CasebookError(f"{path.name} does not exist; restore it or take it out of _toc.yml.") from None
    except ValueError as error:
        raise CasebookError(f"{path.name} is not JSON ({error}); restore it from git.") from None
    version = (found.get("nbformat"), found.get("nbformat_minor")) if isinstance(found, dict) else None
    if version != (4, 5):
        raise CasebookError(f"{path.name} is not a notebook of format 4.5; open it in JupyterLab and save it again.")
    cells = found.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise CasebookError(f"{path.name} has no list of cells, or something else among them; restore it from git.")
    if not cells:
        raise CasebookError(f"{path.name} has no cells; write some, or restore it from git.")
    _refuse_ids([cell.get("id") for cell in cells], path)
    try:
        notebook = nbformat.v4.reads(text)
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise CasebookError(
            f"{path.name} is not a valid notebook ({first_line(error.message)}); correct it there."
        ) from None
    return notebook


def _refuse_ids(ids: list, path: Path) -> None:
    """Refuse ids that are random or used twice: people read them in messages, and find students' answers by them."""
    for number, cell_id in enumerate(ids, start=1):
        words = isinstance(cell_id, str) and WORD_ID.fullmatch(cell_id) and not RANDOM_ID.fullmatch(cell_id)
        if not words or ids.count(cell_id) > 1:
            raise CasebookError(
                f"{path.name}: cell {number} has the id '{cell_id}'; give it one of its own, "
                "made of lower-case words, digits and hyphens."
            )


def chapter_of(notebook: NotebookNode, path: Path) -> Chapter:
    """Read what a chapter says about itself.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter.
    path : Path
        Where it is, for the message and for the slug.

    Returns
    -------
    Chapter
        Its metadata.

    Raises
    ------
    CasebookError
        If the metadata key ``chapter`` lacks a part, a part has the wrong type, or the slug is not the file name.
    """
    said = notebook.metadata.get("chapter", {})
    expected = {
        "slug": str, "title": str, "question": str, "objectives": dict, "minutes": dict,
        "needs": list, "tables": list, "terms": list,
    }  # fmt: skip
    for key, kind in expected.items():
        if not isinstance(said.get(key), kind):
            raise CasebookError(f"{path.name}: metadata 'chapter' needs '{key}' as a {kind.__name__}; add it.")
    for key in ("read", "do"):
        if not isinstance(said.minutes.get(key), int):
            raise CasebookError(f"{path.name}: metadata 'chapter' needs minutes['{key}'] as a whole number; add it.")
    if said.slug != path.stem:
        raise CasebookError(f"{path.name}: metadata 'chapter' has the slug '{said.slug}'; make it '{path.stem}'.")
    return Chapter(
        slug=said.slug,
        title=said.title,
        question=said.question,
        objectives=dict(said.objectives),
        read=said.minutes.read,
        do=said.minutes.do,
        needs=list(said.needs),
        tables=list(said.tables),
        terms=list(said.terms),
    )


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """List the code cells of a notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Any notebook.

    Returns
    -------
    list of NotebookNode
        In the order in which they run.
    """
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def first_line(text: str) -> str:
    """Shorten a message that may have many lines.

    Parameters
    ----------
    text : str
        The message.

    Returns
    -------
    str
        Its first line.
    """
    return text.strip().partition("\n")[0]


def refuse_stored_errors(path: Path) -> None:
    """Refuse a notebook whose outputs show an exception, of a cell or of a widget's callback.

    Parameters
    ----------
    path : Path
        The notebook.

    Raises
    ------
    CasebookError
        If there is one: file, cell id and error.
    """
    refuse_errors(read(path), path)


def refuse_errors(notebook: NotebookNode, path: Path) -> None:
    """Do the same as :func:`refuse_stored_errors` for a notebook in memory.

    A callback's exception never reaches the cell: it stands in the state of an Output widget that the cell shows.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.
    path : Path
        Where it comes from, for the message.

    Raises
    ------
    CasebookError
        If there is one: file, cell id and error.
    """
    stored = models(notebook)
    for cell in notebook.cells:
        shown = [stored[model_id]["state"] for model_id in reach(list(references(cell.get("outputs"))), stored)]
        outputs = [*cell.get("outputs", []), *(output for state in shown for output in state.get("outputs", []))]
        for output in outputs:
            if output["output_type"] == "error":
                told = f"{output['ename']}: {first_line(output['evalue'])}"
                raise CasebookError(
                    f"{path.name}, cell '{cell.id}' shows {told}; correct the code, then run 'make refresh'."
                )
