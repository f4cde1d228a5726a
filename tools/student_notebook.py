"""Make a student's notebook of a chapter: without its solutions, and otherwise as it is."""

from pathlib import Path

from nbformat import NotebookNode

from tools.normal_form import as_bytes, normalised
from tools.notebooks import read
from tools.stamp import stamp

SOLUTION = "solution"


def is_solution(cell: NotebookNode) -> bool:
    """Tell whether a cell is tagged as part of a solution."""
    return SOLUTION in cell.metadata.get("tags", [])


def without_solutions(notebook: NotebookNode) -> NotebookNode:
    """Take the solutions out of a chapter.

    Every other cell keeps its source and its outputs, which nbval can therefore still compare. Execution counts run
    from 1 again, and widget models that no cell shows any more are gone.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter; it stays as it is.

    Returns
    -------
    NotebookNode
        A copy in normal form.
    """
    kept = [cell for cell in notebook.cells if not is_solution(cell)]
    return normalised(NotebookNode(notebook | {"cells": kept}))


def student_notebook(path: Path, book: Path, data: Path) -> bytes:
    """Return a chapter's file as students get it.

    Parameters
    ----------
    path : Path
        The chapter.
    book, data : Path
        Where the package ``casebook`` and the tables are.

    Returns
    -------
    bytes
        The content of the file, stamped anew, so that nothing in it depends on the solutions.

    Raises
    ------
    CasebookError
        If the chapter cannot be read.
    """
    notebook = without_solutions(read(path))
    notebook.metadata.casebook = stamp(notebook, path, book, data)
    return as_bytes(notebook)
