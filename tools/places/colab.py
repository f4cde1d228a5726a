"""Colab, as far as it can be had: its documented packages, its first cell, and a stand-in for its own package.

Its front end cannot be had, so interactives are made but not driven.
"""

import shutil
import subprocess
import time
from pathlib import Path

from nbformat import NotebookNode

from tools.colab import for_colab
from tools.execute import execute
from tools.files import chapters
from tools.notebooks import read
from tools.places.environments import environment, python_for
from tools.places.jupyter import copy_book, without_outputs
from tools.places.outcomes import Outcome, compared
from tools.published import Published

PACKAGES = Path(__file__).with_name("colab.txt")
PYTHON = "3.12"
STAND_IN = "def enable_custom_widget_manager():\n    pass\n"


def run_book(folder: Path) -> list[Outcome]:
    """Run every chapter as its copy for Colab would: from a folder where nothing but the notebook is.

    Parameters
    ----------
    folder : Path
        An empty folder.
    """
    python = environment("colab", python_for(PYTHON), ["--requirement", PACKAGES])
    stand_in(next((python.parent.parent / "lib").glob("python3.*/site-packages")))
    clone = repository(folder / "repository")
    return [run_chapter(chapter, clone, python, folder / chapter.stem) for chapter in chapters()]


def stand_in(folder: Path) -> None:
    """Write what the first cell imports of Colab's own package into a folder from which a kernel imports."""
    module = folder / "google" / "colab" / "output.py"
    module.parent.mkdir(parents=True, exist_ok=True)
    module.write_text(STAND_IN, encoding="utf-8")


def repository(folder: Path) -> str:
    """Make a repository with the book as it stands now, and return the address from which git fetches it."""
    copy_book(folder)
    git = ["git", "-C", folder, "-c", "user.name=book", "-c", "user.email=book@example.org"]
    for command in (["init", "--quiet", "--initial-branch", "main"], ["add", "."], ["commit", "--quiet", "-m", "Book"]):
        subprocess.run([*git, *command], check=True)
    return folder.as_uri()


def run_chapter(chapter: Path, clone: str, python: Path, folder: Path) -> Outcome:
    """Run the Colab copy of a chapter, solutions included, and compare it with what is stored.

    Parameters
    ----------
    chapter : Path
        The chapter as it is stored.
    clone : str
        Where its first cell finds the book.
    python : Path
        The environment's Python.
    folder : Path
        Where the kernel starts; it does not exist yet.
    """
    folder.mkdir()
    copy = for_colab(without_outputs(chapter), Published("owner/name", "main", ""), clone, folder)
    beginning = time.perf_counter()
    execute(copy, chapter, folder, python)
    seconds = time.perf_counter() - beginning
    ran = NotebookNode(copy | {"cells": copy.cells[1:]})
    shutil.rmtree(folder)
    return compared(chapter.stem, read(chapter), ran, 0, 0, seconds)
