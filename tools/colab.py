"""Write the chapters for Google Colab, with a first cell that brings package and tables along: ``make colab``.

Colab opens one notebook of a GitHub repository and nothing beside it. The workflow that publishes the site puts what
this writes on a branch of its own.
"""

import sys
from pathlib import Path

from nbformat import NotebookNode, v4

from tools.command import command
from tools.files import ROOT, chapters, write_atomic
from tools.normal_form import as_bytes
from tools.notebooks import read
from tools.places.imports import pin_of
from tools.published import Published, published
from tools.student_notebook import without_solutions

TARGET = ROOT / "_build" / "colab"
# Colab comes with ipywidgets 7, which cannot show one state of several (Stack).
FIRST_CELL = """\
# Added for Colab: fetches the book, with its tables and its package. Run this cell first.
%pip install --quiet {widgets}
![ -d {folder} ] || git clone --quiet --depth 1 --branch {branch} {clone} {folder}
import os
import sys

from google.colab import output

os.chdir("{folder}/book")  # fails if git could not fetch the book; git says above why
sys.path.insert(0, ".")
output.enable_custom_widget_manager()"""
HOME = "/content"  # where Colab starts


def for_colab(notebook: NotebookNode, places: Published, clone: str = "", home: str | Path = HOME) -> NotebookNode:
    """Return a copy of a chapter with the first cell.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter; it stays as it is.
    places : Published
        Where the book is published.
    clone : str
        From where git fetches it; by default from its published repository.
    home : str or Path
        The folder into which git fetches it.

    Raises
    ------
    CasebookError
        If no repository is set.
    """
    code = FIRST_CELL.format(
        widgets=pin_of("ipywidgets"),
        folder=f"{home}/casebook-january-2022",
        branch=places.branch,
        clone=clone or places.clone(),
    )
    first = v4.new_code_cell(code, id="colab", metadata={"tags": ["colab"]})
    return NotebookNode(notebook | {"cells": [first, *notebook.cells]})


@command
def main() -> None:
    """Write a copy of every chapter, as students get it, and say where."""
    places = published()
    for chapter in chapters():
        write_atomic(TARGET / chapter.name, as_bytes(for_colab(without_solutions(read(chapter)), places)))
    print(f"The copies for Colab are in {TARGET}.")


if __name__ == "__main__":
    sys.exit(main())
