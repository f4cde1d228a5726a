"""Grade the same submissions here and with nbgrader, and execute them with nbclient alone, in one run.

``python -m tools.grading.benchmark 20 100`` prints a line for every way and number of submissions; ``--nbgrader 20``
limits nbgrader, which is slow, to the numbers named. nbgrader and nbclient get notebooks that hold no more of the
chapter than what our grading runs as well; with ``--whole`` they get the chapter as it is handed out. nbgrader is
installed into an environment of its own under ``_build``, with the same versions of everything that a chapter imports.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tools.benchmark import seconds
from tools.files import BOOK, ROOT
from tools.grading import overlay
from tools.grading.overlay import Paper
from tools.notebooks import read

NBGRADER = "nbgrader==0.9.6"
IMPORTED = "pandas|matplotlib|ipywidgets|anywidget|nltk|ipykernel"  # by chapters and kernels
FOLDER = ROOT / "_build" / "grading-benchmark"
CONFIGURATION = "c = get_config()\nc.CourseDirectory.course_id = 'benchmark'\nc.ExecutePreprocessor.timeout = 120\n"
POINT = """import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as said:
    {check}
assert ": correct." in said.getvalue()"""


def answers_of(paper: Paper, student: int) -> dict[str, str]:
    """Answer like a student of whom much is right, some is wrong and some is left out; the same in every run."""
    chance = random.Random(student)
    kinds = {each.id: chance.choices(("right", "wrong", "blank"), (70, 20, 10))[0] for each in paper.questions}
    sources = {"right": paper.solutions(), "wrong": {each.id: _wrong(each.starter) for each in paper.questions}}
    starters = {each.id: each.starter for each in paper.questions}
    return {name: sources.get(kind, starters)[name] for name, kind in kinds.items()}


def _wrong(starter: str) -> str:
    return f"{starter.partition('=')[0]}= 'something else'"


def handed_in(notebook: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    """Return a copy of a student's notebook with answers in it."""
    copy = nbformat.from_dict(notebook)
    for cell in copy.cells:
        if cell.id.endswith("-answer"):
            cell.source = answers[cell.id.removeprefix("ex-").removesuffix("-answer")]
    return copy


def student_edition(slug: str) -> NotebookNode:
    """Return a chapter without its solutions."""
    notebook = read(BOOK / f"{slug}.ipynb")
    notebook.cells = [cell for cell in notebook.cells if "solution" not in cell.metadata.get("tags", [])]
    return notebook


def lean(notebook: NotebookNode, paper: Paper) -> NotebookNode:
    """Return a chapter with no more of its own code than our grading runs for right answers."""
    run: dict[str, list[str]] = {}
    for name, source in overlay.program(paper, paper.solutions()):
        run.setdefault(name, []).append(source)
    copy = nbformat.from_dict(notebook)
    copy.cells = [cell for cell in copy.cells if cell.id in run or overlay.OURS & set(cell.metadata.get("tags", []))]
    for cell in copy.cells:
        cell.source = "\n".join(run.get(cell.id, [cell.source]))
    return copy


def write_submissions(folder: Path, notebook: NotebookNode, paper: Paper, number: int, name: str) -> None:
    """Write one folder a student, with the notebook under a name."""
    shutil.rmtree(folder, ignore_errors=True)
    for student in range(number):
        path = folder / f"student-{student:03}" / name
        path.parent.mkdir(parents=True)
        nbformat.write(handed_in(notebook, answers_of(paper, student)), path)


def with_points(notebook: NotebookNode) -> NotebookNode:
    """Mark the answer and check cells as nbgrader does, and let a check that accepts the answer earn a point."""
    copy = nbformat.from_dict(notebook)
    for cell in copy.cells:
        tags = cell.metadata.get("tags", [])
        graded = "check" in tags
        if graded or "exercise" in tags:
            cell.metadata.nbgrader = {
                "grade_id": cell.id, "grade": graded, "locked": graded, "solution": not graded, "task": False,
                "schema_version": 3, **({"points": 1} if graded else {}),
            }  # fmt: skip
        if graded:
            cell.source = POINT.format(check=cell.source)
    return copy


def nbgrader(folder: Path, notebook: NotebookNode, paper: Paper, number: int) -> float:
    """Return the seconds of nbgrader's autograde; making the assignment is not counted."""
    shutil.rmtree(folder, ignore_errors=True)
    name = f"{paper.slug}.ipynb"
    (folder / "source" / "work").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIGURATION)
    nbformat.write(with_points(notebook), folder / "source" / "work" / name)
    environment = _environment_of_nbgrader()
    _nbgrader(folder, environment, "generate_assignment", "work")
    released = read(folder / "release" / "work" / name)
    write_submissions(folder / "submitted", released, paper, number, f"work/{name}")
    return seconds(lambda: _nbgrader(folder, environment, "autograde", "work"))


def _nbgrader(folder: Path, environment: Path, *words: str) -> None:
    # It calls alembic by name, so its programs must be on the path; no setting of the project's Jupyter may reach it.
    private = {f"JUPYTER_{kind}_DIR": str(environment / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    path = os.pathsep.join([str(environment / "bin"), os.environ["PATH"]])
    variables = {
        **os.environ,
        **private,
        "PATH": path,
        "PYTHONPATH": str(BOOK),
        "IPYTHONDIR": str(environment / "ipython"),
    }
    done = subprocess.run(["nbgrader", *words], cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"nbgrader {' '.join(words)} failed: {done.stderr[-2000:]}")


def _environment_of_nbgrader() -> Path:
    environment = ROOT / "_build" / "nbgrader"
    if not (environment / "bin" / "nbgrader").exists():
        print("Installing nbgrader (once) ...", flush=True)
        pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
        versions = re.findall(rf"(?m)^(?:{IMPORTED})==\S+", pinned)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", NBGRADER, *versions], check=True)
    return environment


def nbclient(notebook: NotebookNode, paper: Paper, number: int) -> float:
    """Return the seconds that nbclient takes to execute every submission, one after the other."""

    def execute() -> None:
        for student in range(number):
            submission = handed_in(notebook, answers_of(paper, student))
            resources = {"metadata": {"path": str(BOOK)}}
            NotebookClient(
                submission, timeout=120, allow_errors=True, kernel_name="python3", resources=resources
            ).execute()

    return seconds(execute)


def ours(folder: Path, notebook: NotebookNode, paper: Paper, number: int, workers: int) -> float:
    """Return the seconds of our command, with its start, our own answers and all pages."""
    write_submissions(folder / "submissions", notebook, paper, number, f"{paper.slug}.ipynb")
    command = [sys.executable, "-m", "tools.grading", folder / "submissions", "--output", folder / "grades"]
    command += ["--again", "--workers", str(workers)]
    return seconds(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True))


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, grade in every way, and print each line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tools.grading.benchmark", description=__doc__)
    parser.add_argument("numbers", type=int, nargs="*", default=[20], help="how many submissions")
    parser.add_argument(
        "--nbgrader", type=int, nargs="*", help="how many for nbgrader and nbclient; as many if not given"
    )
    parser.add_argument("--chapter", default="aftermath")
    parser.add_argument("--whole", action="store_true", help="nbgrader and nbclient execute the whole chapter")
    chosen = parser.parse_args(arguments)
    paper = overlay.paper(chosen.chapter, b"")
    edition = student_edition(chosen.chapter)
    theirs = edition if chosen.whole else lean(edition, paper)
    cores = os.cpu_count() or 1
    ways: dict[str, Callable[[int], float]] = {
        "nbclient alone (the floor), one process": lambda number: nbclient(theirs, paper, number),
        "nbgrader autograde, one process": lambda number: nbgrader(FOLDER / "course", theirs, paper, number),
        "this, one process": lambda number: ours(FOLDER, edition, paper, number, 1),
        f"this, {cores} processes": lambda number: ours(FOLDER, edition, paper, number, cores),
    }
    heading = f"{'chapter ' + chosen.chapter:<42}{'submissions':>12}{'seconds':>9}{'s each':>8}{'a minute':>10}"
    print(f"{heading}{'x nbgrader':>12}{'x floor':>9}", flush=True)
    for number in chosen.numbers:
        rates: dict[str, float] = {}
        for name, way in ways.items():
            if name.startswith("nb") and number not in (chosen.nbgrader or chosen.numbers):
                continue
            taken = way(number)
            rates[name.partition(" ")[0]] = rate = 60 * number / taken
            ratios = [f"{rate / rates[other]:.1f}" if other in rates else "-" for other in ("nbgrader", "nbclient")]
            figures = f"{number:>12}{taken:>9.0f}{taken / number:>8.2f}{rate:>10.1f}{ratios[0]:>12}{ratios[1]:>9}"
            print(f"{name:<42}{figures}", flush=True)


if __name__ == "__main__":
    main()
