"""Look through everything that is handed out, for text that must not be in it: inside archives and PDFs too."""

import hashlib
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
from tools.files import pages_in_toc
from tools.keys import exercises, specifications
from tools.notebooks import read
from tools.student_notebook import for_students, is_solution, without_solutions

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


class Search:
    """A search for private text in what is handed out; a file that stands in several products is read once.

    Parameters
    ----------
    private : iterable of Private
        The text.
    """

    def __init__(self, private: Iterable[Private]) -> None:
        self._private = list(private)
        self._held: dict[tuple[str, str], list[str]] = {}

    def found(self, path: Path) -> list[str]:
        """List the places that hold text that they must not hold.

        Parameters
        ----------
        path : Path
            What is handed out: a folder or a file.

        Returns
        -------
        list of str
            One sentence for each file and exercise; empty where nothing leaks.
        """
        return [
            f"{place} holds text of the solution of {exercise_id}."
            for place, content in documents(path)
            for exercise_id in self._exercises_in(place, content)
        ]

    def refuse(self, path: Path) -> None:
        """Refuse to hand out what holds text of a solution.

        Parameters
        ----------
        path : Path
            What is handed out: a folder or a file.

        Raises
        ------
        CasebookError
            If there is any: one sentence a place.
        """
        if faults := self.found(path):
            raise CasebookError("\n".join([*faults, "Nothing of it is handed out; find out how it got there."]))

    def _exercises_in(self, place: str, content: bytes) -> list[str]:
        """Return the exercises of whose solutions a file holds text."""
        known = (PurePosixPath(place).name, hashlib.sha256(content).hexdigest())
        if known not in self._held:
            words = words_of(place, content)
            self._held[known] = list(dict.fromkeys(each.exercise_id for each in self._private if each.text in words))
        return self._held[known]


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
    texts: dict[str, set[str]] = {}
    for specification in specifications(root / "exercises"):
        lines = _solution_lines(root / "book" / f"{specification.stem}.ipynb")
        for exercise in exercises(specification):
            own = _unshared(lines.get(exercise.id, []), public)
            if not own:
                raise CasebookError(
                    f"{exercise.place}: no line of the solution stands there alone, so a leak could not be seen; "
                    "give it a longer sentence in 'so_what'."
                )
            said = [exercise.fields["so_what"], *(says for _, says in exercise.wrong)]
            texts[exercise.id] = own | _unshared(said, public)
    return [Private(exercise_id, text) for exercise_id, lines in texts.items() for text in sorted(lines)]


def _unshared(lines: Iterable[str], public: str) -> set[str]:
    """Return the lines, squeezed, that are long enough to tell and that students see nowhere."""
    return {line for line in map(squeezed, lines) if len(line) >= SHORTEST and line not in public}


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
    pages = for_students(pages_in_toc(root / "_toc.yml"))
    files = [
        *(page for page in pages if page.suffix == ".md"),
        *(root / "book" / "casebook").rglob("*.*"),
        *(root / "data").glob("*.*"),
    ]
    texts = [words_of(file.name, file.read_bytes()) for file in files if "__pycache__" not in file.parts]
    for chapter in (page for page in pages if page.suffix == ".ipynb"):
        notebook = json.dumps(without_solutions(read(chapter)), ensure_ascii=False)
        texts.append(words_of(chapter.name, notebook.encode("utf-8")))
    return " ".join(texts)
