"""Look through everything that is handed out, for text that must not be in it: inside archives and PDFs too."""

import html
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pypdfium2 import PdfDocument

from casebook.errors import CasebookError
from tools.files import chapters, pages_in_toc
from tools.keys import exercises, specifications
from tools.notebooks import read
from tools.reader_kit import TEACHING
from tools.student_notebook import is_solution, without_solutions

SHORTEST = 24  # signs of a line that cannot be in two places by chance
ARCHIVES = {".zip", ".epub"}
TAG = re.compile(r"<[^<>]*>")
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
BREAK = re.compile(r"\\[nrt]")
INVENTORY_LINES = 4  # of Sphinx's inventory stand before its compressed part


@dataclass(frozen=True)
class Private:
    """Text of one exercise that only those who teach may have.

    Attributes
    ----------
    exercise_id : str
        The label of the exercise.
    text : str
        What no file may hold, squeezed as :func:`squeezed` does it.
    """

    exercise_id: str
    text: str = field(repr=False)


def squeezed(text: str) -> str:
    """Return the letters, digits and underscores of a text alone, so that no mark-up or line break hides it."""
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text)).casefold()


def documents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file under a path, and every file in the archives among them.

    Parameters
    ----------
    path : Path
        A folder or a file.

    Yields
    ------
    tuple of str and bytes
        Where it is, such as ``site.zip > book/index.html``, and its content.
    """
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            yield from _unpacked(file.relative_to(path.parent).as_posix(), file.read_bytes())


def _unpacked(place: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file, or instead of an archive every file in it."""
    if PurePosixPath(place).suffix not in ARCHIVES:
        yield place, content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            yield from _unpacked(f"{place} > {entry.filename}", archive.read(entry))


def words_of(place: str, content: bytes) -> str:
    """Return everything that a file says, squeezed: its name, its raw text, and its text as a reader sees it.

    Parameters
    ----------
    place : str
        Where the file is; the end of its name says what it is.
    content : bytes
        Its content.

    Returns
    -------
    str
        With a space between the parts.
    """
    suffix = PurePosixPath(place).suffix
    if suffix == ".pdf":
        parts = _texts_of_pdf(content)
    elif suffix == ".inv":
        parts = [zlib.decompress(content.split(b"\n", INVENTORY_LINES)[-1]).decode("utf-8")]
    else:
        raw = content.decode("utf-8", errors="replace")
        parts = [raw, _as_shown(raw)]
    return " ".join(map(squeezed, [place, *parts]))


def _texts_of_pdf(content: bytes) -> list[str]:
    """Return the text of a PDF: its pages, its bookmarks, what it says about itself, and what is attached."""
    with PdfDocument(content) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
        texts += [bookmark.get_title() for bookmark in document.get_toc()]
        texts += document.get_metadata_dict().values()
        attached = (document.get_attachment(number) for number in range(document.count_attachments()))
        return texts + [words_of(file.get_name(), bytes(file.get_data())) for file in attached]


def _as_shown(raw: str) -> str:
    """Return the text of a page, a script or a notebook without tags and escapes."""
    text = html.unescape(TAG.sub("", raw))
    return BREAK.sub(" ", ESCAPE.sub(lambda sign: chr(int(sign[1], 16)), text))


def found(path: Path, private: Iterable[Private]) -> list[str]:
    """List the places that hold text that they must not hold.

    Parameters
    ----------
    path : Path
        What is handed out: a folder or a file.
    private : iterable of Private
        The text.

    Returns
    -------
    list of str
        One sentence for each file and exercise; empty where nothing leaks.
    """
    texts, faults, seen = list(private), [], {}
    for place, content in documents(path):
        if content not in seen:
            words = words_of(place, content)
            seen[content] = dict.fromkeys(item.exercise_id for item in texts if item.text in words)
        faults += [f"{place} holds text of the solution of {exercise_id}." for exercise_id in seen[content]]
    return faults


def refuse(path: Path, private: Iterable[Private]) -> None:
    """Refuse to hand out what holds text of a solution.

    Parameters
    ----------
    path : Path
        What is handed out: a folder or a file.
    private : iterable of Private
        The text.

    Raises
    ------
    CasebookError
        If there is any: one sentence a place.
    """
    if faults := found(path, private):
        raise CasebookError("\n".join([*faults, "Nothing of it is handed out; find out how it got there."]))


def private_texts(root: Path) -> list[Private]:
    """List the lines that stand in solutions, and what checks say to right and wrong answers, and nowhere else.

    A line that students see elsewhere, in a chapter's prose or in the package, proves nothing; nor does a short one.

    Parameters
    ----------
    root : Path
        The book.

    Returns
    -------
    list of Private
        For each exercise at least one.

    Raises
    ------
    CasebookError
        If an exercise has none, so that its solution could leak unseen.
    """
    public = _public_words(root)
    texts = {}
    for specification in specifications(root / "exercises"):
        lines = _solution_lines(root / "book" / f"{specification.stem}.ipynb")
        for exercise in exercises(specification):
            said = [exercise.fields["so_what"], *(says for _, says in exercise.wrong)]
            own = {squeezed(line) for line in [*lines.get(exercise.id, []), *said]}
            texts[exercise.id] = sorted(line for line in own if len(line) >= SHORTEST and line not in public)
            if not texts[exercise.id]:
                raise CasebookError(
                    f"{exercise.place}: no line of the solution stands there alone, so a leak could not be seen; "
                    "give it a longer sentence in 'so_what'."
                )
    return [Private(exercise_id, text) for exercise_id, lines in texts.items() for text in lines]


def _solution_lines(chapter: Path) -> dict[str, list[str]]:
    """Return the lines of the solutions of a chapter and of what they print, by exercise."""
    lines: dict[str, list[str]] = {}
    for cell in filter(is_solution, read(chapter).cells):
        exercise_id = cell.id.removeprefix("ex-").partition("-solution")[0]
        printed = [output.get("text", "") for output in cell.get("outputs", [])]
        lines.setdefault(exercise_id, []).extend("\n".join([cell.source, *printed]).splitlines())
    return lines


def _public_words(root: Path) -> str:
    """Return all that students may see: chapters without solutions, pages, package and data."""
    toc = root / "_toc.yml"
    pages = [page for page in pages_in_toc(toc) if page.suffix == ".md" and page.parent.name != TEACHING]
    files = [*pages, *(root / "book" / "casebook").rglob("*.*"), *(root / "data").glob("*.*")]
    texts = [words_of(file.name, file.read_bytes()) for file in files if "__pycache__" not in file.parts]
    for chapter in chapters(toc):
        if chapter.parent.name != TEACHING:
            notebook = json.dumps(without_solutions(read(chapter)), ensure_ascii=False)
            texts.append(words_of(chapter.name, notebook.encode("utf-8")))
    return " ".join(texts)
