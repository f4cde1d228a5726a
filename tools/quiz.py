"""The quiz for before and after: read ``teaching/quiz.toml``, write its form, its key and the tables for its answers.

The answers of sixty invented students are drawn with a fixed seed, so that the analysis has something to run on. They
say nothing about any real class.
"""

import csv
import io
import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from casebook.errors import CasebookError
from tools.files import BOOK, ROOT, chapters
from tools.notebooks import chapter_of, read

SOURCE = ROOT / "teaching" / "quiz.toml"
FOLDER = BOOK / "teaching"
ITEMS = (12, 16)
UNKNOWN = "e"  # the letter of "I do not know"
OCCASIONS = ("pre", "post")

SEED = 2022
STUDENTS = 60
MISSING_AFTER = {7, 19, 23, 38, 52}  # invented students who did not come to the second quiz


@dataclass(frozen=True)
class Item:
    """One question of the quiz."""

    id: str
    objective: str
    misconception: str
    stem: str
    options: dict[str, str]
    right: str
    why: str


@cache
def items(path: Path = SOURCE) -> list[Item]:
    """Read the items of the quiz, named Q01 and so on in their order.

    Raises
    ------
    CasebookError
        If the file is not TOML, or an item lacks a field.
    """
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))["item"]
        return [Item(id=f"Q{number:02}", **fields) for number, fields in enumerate(written, start=1)]
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise CasebookError(f"teaching/{path.name} cannot be read ({error}); correct it there.") from None


def objectives() -> dict[str, str]:
    """Return the sentence of every objective of the book, by ``<chapter>/<objective>``."""
    found = [chapter_of(read(path), path) for path in chapters()]
    return {f"{chapter.slug}/{key}": sentence for chapter in found for key, sentence in chapter.objectives.items()}


def problems(path: Path = SOURCE) -> Iterator[str]:
    """Yield a sentence for each thing in the quiz that breaks its rules."""
    found, known, asked = items(path), objectives(), prompts()
    if not ITEMS[0] <= len(found) <= ITEMS[1]:
        yield f"The quiz has {len(found)} items; {ITEMS[0]} to {ITEMS[1]} fit into twenty minutes."
    for slug in sorted({key.partition("/")[0] for key in known} - {item.objective.partition("/")[0] for item in found}):
        yield f"The quiz asks nothing about the chapter {slug}; write an item."
    for item in found:
        if item.objective not in known:
            yield f"{item.id}: no chapter has the objective '{item.objective}'; correct it."
        if list(item.options) != ["a", "b", "c", "d"] or item.right not in item.options:
            yield f"{item.id} needs the options a to d, one of them right; it has {', '.join(item.options)}."
        if plain(item.stem) in asked:
            yield f"{item.id} repeats an exercise word for word; ask for the same idea with another case."
    times = Counter(item.right for item in found)
    if any(not 2 <= times[letter] <= len(found) / 3 for letter in "abcd"):
        yield f"Right answers by letter: {dict(sorted(times.items()))}; spread them, or one letter is a good guess."


def prompts() -> str:
    """Return the prompts of all exercises as one plain text."""
    cells = (cell for path in chapters() for cell in read(path).cells if cell.id.startswith("ex-"))
    return " ".join(plain(cell.source) for cell in cells if cell.cell_type == "markdown")


def plain(text: str) -> str:
    """Return the words of a text in lower case."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


def form() -> str:
    """Return the questions as a student sees them, without anything that tells the answers."""
    return "\n".join(
        "\n".join(
            [
                f"## Question {number}\n",
                f"{item.stem}\n",
                *(f"- **{letter}.** {option}" for letter, option in item.options.items()),
                f"- **{UNKNOWN}.** I do not know.\n",
            ]
        )
        for number, item in enumerate(items(), start=1)
    )


def key() -> str:
    """Return the key: the right answer of each item, why, what the wrong ones tempt, and its objective."""
    known = objectives()
    lines = [
        f"| {item.id} | **{item.right}** | {item.why} | {item.misconception} | {known[item.objective]} |"
        for item in items()
    ]
    header = ["| Item | Right | Why | Misconception | Objective |", "|---|---|---|---|---|"]
    return "\n".join([*header, *lines])


def derived(folder: Path = FOLDER) -> dict[Path, bytes]:
    """Return the tables of the quiz as file contents by path: key, empty template, invented answers."""
    names = [item.id for item in items()]
    key_rows = [[item.id, item.objective, item.right] for item in items()]
    template = [["S01", occasion, *[""] * len(names)] for occasion in OCCASIONS]
    return {
        folder / "quiz-key.csv": as_csv(["item", "objective", "right"], key_rows),
        folder / "quiz-answers-template.csv": as_csv(["student", "occasion", *names], template),
        folder / "quiz-answers-synthetic.csv": as_csv(["student", "occasion", *names], invented_answers()),
    }


def as_csv(header: list[str], rows: list[list[str]]) -> bytes:
    """Write a table as CSV."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    return written.getvalue().encode("utf-8")


def invented_answers(seed: int = SEED) -> list[list[str]]:
    """Invent the answers of a class: abler students and easier items give more right answers, and most have learnt.

    Parameters
    ----------
    seed : int
        The same seed gives the same answers.

    Returns
    -------
    list of list of str
        Student, occasion, and a letter for each item.
    """
    draw = random.Random(seed)
    difficulties = [draw.gauss(0.4, 0.9) for _ in items()]
    rows = []
    for number in range(1, STUDENTS + 1):
        ability = draw.gauss(0, 0.9)
        learnt = draw.gauss(0.9, 0.5)
        for occasion, level in zip(OCCASIONS, (ability, ability + learnt), strict=True):
            letters = [
                _answer(draw, item, level - difficulty) for item, difficulty in zip(items(), difficulties, strict=True)
            ]
            if occasion == "pre" or number not in MISSING_AFTER:
                rows.append([f"S{number:02}", occasion, *letters])
    return rows


def _answer(draw: random.Random, item: Item, advantage: float) -> str:
    """Draw one answer: the right one, or one of the others and "I do not know" by chance."""
    if draw.random() < 1 / (1 + exp(-advantage)):
        return item.right
    return draw.choice([letter for letter in [*item.options, UNKNOWN] if letter != item.right])
