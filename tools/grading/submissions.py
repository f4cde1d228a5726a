"""Read what students have handed in: the sources of answer cells, found by their ids, and nothing else."""

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from casebook.errors import CasebookError

LARGEST_FILE = 20_000_000  # bytes; our own chapters have about a tenth with all their pictures
LONGEST_ANSWER = 100_000  # characters
NOBODY = {
    ".ipynb_checkpoints",
    "__MACOSX",
    ".DS_Store",
    "Thumbs.db",
    ".git",
    ".gitignore",
}  # what programs leave behind


@dataclass
class Work:
    """What one student has handed in.

    Attributes
    ----------
    student : str
        The name of the folder or file, without what cannot be printed.
    answers : dict
        By the chapter's slug and the exercise's id, the source of the answer.
    doubts : dict of str to str
        By the exercise's id, why a person has to look at the answer instead of the program.
    unread : list of str
        A sentence for each file that could not be used.
    """

    student: str
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def read_all(folder: Path, exercises: dict[str, str]) -> list[Work]:
    """Read every submission of a folder.

    Parameters
    ----------
    folder : Path
        A folder a student, or a notebook a student; both may stand side by side.
    exercises : dict of str to str
        The slug of the chapter of every exercise's id.

    Returns
    -------
    list of Work
        By student.

    Raises
    ------
    CasebookError
        If the folder is missing or nobody has handed anything in, or two names look alike.
    """
    if not folder.is_dir():
        raise CasebookError(f"There is no folder '{folder}'; say where the submissions are: SUBMISSIONS=folder.")
    works = [
        read_work(entry, exercises)
        for entry in sorted(folder.iterdir(), key=os.fsencode)
        if entry.name not in NOBODY and not entry.name.startswith("._")
    ]
    if not works:
        raise CasebookError(f"The folder '{folder}' has no submissions; put a folder or a notebook a student there.")
    if twice := [name for name, times in Counter(work.student for work in works).items() if times > 1]:
        raise CasebookError(f"Two submissions in '{folder}' have the name '{twice[0]}'; rename one of them.")
    return works


def read_work(place: Path, exercises: dict[str, str]) -> Work:
    """Read what one student has handed in.

    Parameters
    ----------
    place : Path
        A folder, or one notebook.
    exercises : dict of str to str
        The slug of the chapter of every exercise's id.

    Returns
    -------
    Work
        With a doubt about every answer that comes twice or in a form that is not ours.
    """
    work = Work(printable(place.name if place.is_dir() else place.stem))
    for path in _notebooks(place):
        name = printable(str(path.relative_to(place))) if path != place else printable(path.name)
        try:
            cells = _cells(path)
        except CasebookError as error:
            work.unread.append(f"{name} {error}")
            continue
        found = [cell for cell in cells if _exercise_of(cell) in exercises]
        if not found:
            work.unread.append(f"{name} has no answer cell of a chapter that is graded.")
        for cell in found:
            _take(work, cell, exercises)
    return work


def _take(work: Work, cell: dict, exercises: dict[str, str]) -> None:
    """Add one answer, or the doubt about it."""
    name = _exercise_of(cell)
    answers = work.answers.setdefault(exercises[name], {})
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if name in answers:
        work.doubts[name] = "There are two answer cells for it; leave one."
    elif cell.get("cell_type") != "code" or not isinstance(source, str):
        work.doubts[name] = "Its answer cell is no longer a code cell."
    elif len(source) > LONGEST_ANSWER:
        work.doubts[name] = f"Its answer is longer than {LONGEST_ANSWER:,} characters."
    answers.setdefault(name, "" if name in work.doubts else _text(source))


def _text(source: str) -> str:
    """Write a source with our line ends, and without halves of characters, which no file can hold."""
    return source.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def _exercise_of(cell: dict) -> str:
    name = cell.get("id")
    return (
        name.removeprefix("ex-").removesuffix("-answer") if isinstance(name, str) and name.endswith("-answer") else ""
    )


def _notebooks(place: Path) -> list[Path]:
    """List the notebooks of a submission; what Jupyter keeps for itself is no part of it."""
    if not place.is_dir() or place.is_symlink():
        return [place]
    found = [
        Path(folder, name)
        for folder, _, names in os.walk(place)  # does not follow links
        for name in names
        if name.lower().endswith(".ipynb") and not NOBODY & set(Path(folder).parts)
    ]
    return sorted(found, key=os.fsencode)


def _cells(path: Path) -> list[dict]:
    """Read the cells of a notebook that nobody has checked.

    Raises
    ------
    CasebookError
        With what is wrong with the file.
    """
    if path.is_symlink() or not path.is_file():
        raise CasebookError("is a link or no plain file, and was not followed.")
    if path.suffix.lower() != ".ipynb":
        raise CasebookError("is not a notebook (.ipynb); an archive must be unpacked first.")
    with path.open("rb") as stream:
        content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise CasebookError(f"has more than {LARGEST_FILE // 1_000_000} MB and was not read.")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested beyond sense
        raise CasebookError("is not a notebook: it cannot be read as JSON.") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise CasebookError("is not a notebook: it has no list of cells.")
    return cells


def printable(name: str) -> str:
    """Write a name of a file so that every page and table can show it.

    Parameters
    ----------
    name : str
        As the system gives it, perhaps with bytes that are no text.

    Returns
    -------
    str
        With an escape for whatever is not printable.
    """
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in name)
