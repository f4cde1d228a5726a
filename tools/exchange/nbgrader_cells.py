"""Mark the cells of exercises for nbgrader, in the form that version 0.9.6 writes (schema version 3).

``make refresh`` writes the marks into the chapters, so that every edition carries them. The answer cell is the
student's, the check cell gives the points. Of a judgement the check sees the form only: there the answer cell has the
points, and a person gives them.
"""

from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from tools.exercises import read

SCHEMA_VERSION = 3
POINTS = 1  # all exercises count alike; an instructor may weigh them in nbgrader
ANSWER, CHECK = "exercise", "check"  # the tags of the two cells


def judgements(slug: str, exercises: Path) -> set[str]:
    """List the exercises of a chapter that a person judges.

    Parameters
    ----------
    slug : str
        The chapter's slug.
    exercises : Path
        The folder of exercise descriptions.

    Returns
    -------
    set of str
        Their ids; none if the chapter has no exercises.
    """
    path = exercises / f"{slug}.toml"
    if not path.exists():
        return set()
    return {fields["id"] for fields in read(path) if fields.get("kind") == "judgement"}


def marks(notebook: NotebookNode, judged: set[str]) -> dict[str, dict]:
    """Return the marks of a chapter's cells.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter.
    judged : set of str
        The ids of the exercises that a person judges.

    Returns
    -------
    dict
        The metadata ``nbgrader`` by cell id.
    """
    return dict(_marks(notebook, judged))


def _marks(notebook: NotebookNode, judged: set[str]) -> Iterator[tuple[str, dict]]:
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if not tags & {ANSWER, CHECK}:
            continue
        answer = ANSWER in tags
        by_hand = cell.id.removeprefix("ex-").removesuffix("-answer").removesuffix("-check") in judged
        graded = answer == by_hand
        mark = {
            "grade": graded,
            "grade_id": cell.id,
            "locked": not answer,
            "schema_version": SCHEMA_VERSION,
            "solution": answer,
            "task": False,
        }
        yield cell.id, mark | ({"points": POINTS} if graded else {})


def write_marks(notebook: NotebookNode, path: Path, exercises: Path) -> None:
    """Put the marks into a chapter, and take them off every other cell.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter; changed in place.
    path : Path
        Where it is, for its slug.
    exercises : Path
        The folder of exercise descriptions.
    """
    wanted = marks(notebook, judgements(path.stem, exercises))
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
        if cell.id in wanted:
            cell.metadata["nbgrader"] = wanted[cell.id]


def stale_marks(notebook: NotebookNode, path: Path, exercises: Path) -> Iterator[str]:
    """Find cells whose marks are not what tags and exercises ask for.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter.
    path : Path
        Where it is.
    exercises : Path
        The folder of exercise descriptions.

    Yields
    ------
    str
        One sentence for each such cell.
    """
    wanted = marks(notebook, judgements(path.stem, exercises))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader") != wanted.get(cell.id):
            yield f"{path.name}, cell '{cell.id}' is not marked for nbgrader as its exercise asks; run 'make refresh'."
