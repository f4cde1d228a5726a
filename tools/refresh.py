"""Re-execute the chapters and rewrite what is derived: ``make refresh``; say what is out of date: ``make check``.

A chapter is stored in one normal form, so that running this twice gives no difference.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path

from nbformat import NotebookNode

from casebook.errors import CasebookError
from tools.exchange.nbgrader_cells import write_marks
from tools.execute import execute
from tools.files import BOOK, DATA, EXERCISES, notebooks_in_toc, write_atomic
from tools.generated_cells import write_generated_cells
from tools.normal_form import as_bytes, normalised
from tools.notebooks import read, refuse_errors
from tools.stamp import stamp


def refresh(paths: list[Path], book: Path, data: Path, exercises: Path) -> list[str]:
    """Execute chapters side by side, one process a core, and write those that ran through in normal form.

    Parameters
    ----------
    paths : list of Path
        The chapters.
    book, data, exercises : Path
        Where the kernels run, where the tables are, where the exercises are described.

    Returns
    -------
    list of str
        One sentence for each chapter that failed; its file is as it was.
    """
    problems = []
    workers = min(len(paths), os.cpu_count() or 1)
    print(f"Executing {len(paths)} chapters, {workers} at a time ...", flush=True)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        jobs: dict[Future, Path] = {pool.submit(_timed, refreshed, path, book, data, exercises): path for path in paths}
        for number, job in enumerate(as_completed(jobs), start=1):
            path = jobs[job]
            try:
                content, seconds = job.result()
            except CasebookError as error:
                problems.append(str(error))
                print(f"[{number}/{len(paths)}] {path.stem}: failed", flush=True)
                continue
            state = "rewritten" if _write_if_changed(path, content) else "unchanged"
            print(f"[{number}/{len(paths)}] {path.stem}: {seconds:.1f} s, {state}", flush=True)
    return problems


def _timed(function: Callable[..., bytes], *arguments: object) -> tuple[bytes, float]:
    """Call a function; return its result and the seconds it took."""
    started = time.perf_counter()
    return function(*arguments), time.perf_counter() - started


def refreshed(path: Path, book: Path, data: Path, exercises: Path) -> bytes:
    """Return a notebook as it should be stored: executed, in normal form; a chapter with all that is generated in it.

    Parameters
    ----------
    path : Path
        The chapter; the file is only read.
    book, data, exercises : Path
        Where the kernel runs, where the tables are, where the exercises are described.

    Returns
    -------
    bytes
        The new content of the file.

    Raises
    ------
    CasebookError
        If the notebook or its metadata is wrong, or if a cell or a widget's callback raises an exception.
    """
    notebook = read(path)
    if path.parent != book:
        return _refreshed_worksheet(notebook, path)
    stamp(notebook, path, book, data)  # refuses a wrong table before the cells run
    write_generated_cells(notebook, path, exercises)
    write_marks(notebook, path, exercises)
    execute(notebook, path, book)
    refuse_errors(notebook, path)
    notebook = normalised(notebook)
    notebook.metadata.casebook = stamp(notebook, path, book, data)
    return as_bytes(notebook)


def _refreshed_worksheet(notebook: NotebookNode, path: Path) -> bytes:
    """Return a notebook that is no chapter as it should be stored: executed where it lies, in normal form."""
    execute(notebook, path, path.parent)
    refuse_errors(notebook, path)
    return as_bytes(normalised(notebook))


def _write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file unless it already has this content; tell whether it was written."""
    if path.exists() and path.read_bytes() == content:
        return False
    write_atomic(path, content)
    return True


def _write_derived(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write the derived files that are missing or out of date, and name them."""
    for path, content in files:
        if _write_if_changed(path, content):
            print(f"{path.name}: rewritten", flush=True)


def _notebooks_of_the_book() -> list[Path]:
    """List the chapters and the other notebooks, and refuse a book without chapters: it would pass every check."""
    paths = notebooks_in_toc()
    if not any(path.parent == BOOK for path in paths):
        raise CasebookError("_toc.yml names no chapter, so there is nothing to check; add one.")
    return paths


def main(arguments: list[str] | None = None) -> int:
    """Refresh everything, or with ``--check`` say what is wrong or out of date.

    Parameters
    ----------
    arguments : list of str, optional
        The command line; that of the process by default.

    Returns
    -------
    int
        The exit code: 1 if there is any problem.
    """
    from tools import check  # not above: workers import this module, and what check imports takes seconds

    parser = argparse.ArgumentParser(prog="python -m tools.refresh", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="say what is wrong; execute and write nothing")
    options = parser.parse_args(arguments)
    try:
        paths = _notebooks_of_the_book()
        if options.check:
            problems = check.problems(paths, BOOK, DATA, EXERCISES)
        else:
            _write_derived(check.derived_files())
            problems = refresh(paths, BOOK, DATA, EXERCISES)
    except CasebookError as error:
        problems = [str(error)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
