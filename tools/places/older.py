"""The browser's versions on a desktop: every chapter run under Pyodide's own pandas, NumPy and Matplotlib."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat

from casebook.errors import CasebookError
from tools.command import command
from tools.execute import execute
from tools.files import BOOK, ROOT

PYTHON = "3.12"
SHARED = (  # with IPython, which shows the figures
    "contourpy", "cycler", "ipython", "kiwisolver", "matplotlib", "matplotlib-inline", "numpy", "pandas", "pillow",
    "pyparsing", "python-dateutil", "pytz", "traitlets",
)  # fmt: skip
RUNNERS = ("ipykernel==7.4.0", "nbclient==0.11.0", "nbformat==5.11.1", "pyyaml")  # they run cells


def pins() -> list[str]:
    """Return the requirements of an environment with the browser's versions, and of what runs cells in it."""
    from tools import pyodide  # not above: the older environment, which runs this module, has no use for it

    wanted = pyodide.settings()
    content = (pyodide.npm_package() / pyodide.LOCK).read_bytes()
    lock = pyodide.read_lock(content, wanted["lock_sha256"])["packages"]
    shared = [f"{name}=={lock[name]['version']}" for name in SHARED]
    return [*shared, *(wheel["requirement"] for wheel in wanted["wheels"]), *RUNNERS]


def run_with(python: Path, chapter: Path, target: Path) -> nbformat.NotebookNode:
    """Run a chapter with the Python of another environment, and return it with its new outputs.

    Parameters
    ----------
    python : Path
        The other environment's Python.
    chapter : Path
        The chapter, which stays as it is.
    target : Path
        Where the run chapter is written.

    Raises
    ------
    CasebookError
        If a cell fails.
    """
    where = {"PYTHONPATH": os.pathsep.join([str(BOOK), str(ROOT)])}
    command = [python, "-m", "tools.places.older", chapter, target]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **where}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CasebookError(f"Under the browser's versions: {done.stderr.strip().splitlines()[-1]}")
    return nbformat.read(target, as_version=4)


@command
def main(chapter: Path, target: Path) -> None:
    """Run a chapter with this Python, and write it with its outputs."""
    notebook = nbformat.read(chapter, as_version=4)
    execute(notebook, chapter, BOOK)
    nbformat.write(notebook, target)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
