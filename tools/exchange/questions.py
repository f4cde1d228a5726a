"""Read the exercises that a learning platform can mark by itself: choices, numbers, texts, and sets with their options.

Not among them are functions and tables, which need a kernel; judgements, which need a person; and sets whose members
the question does not list, because to list them would give half of the answer away.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from casebook.answers import SURROUNDING, Unreadable, fold, read, scalar
from casebook.errors import CasebookError
from tools import notebooks
from tools.exchange.prompts import Prompt, prompt
from tools.files import EXERCISES, ROOT, chapters
from tools.keys import Exercise, exercises

CONFIGURATION = ROOT / "_config.yml"


@dataclass(frozen=True)
class Option:
    """One option: its letter or id, its text as HTML, whether it belongs to the answer, what choosing it earns."""

    name: str
    html: str
    right: bool
    says: str = ""


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    id, title, kind : str
        As in the exercise: the kind is ``choice``, ``set``, ``number`` or ``text``.
    html : str
        What is asked.
    so_what, hint : str
        The sentence for a right answer, and the one for a wrong answer that has none of its own.
    options : tuple of Option
        Of a choice or a set, in the order shown.
    number, tolerance : float
        Of a number.
    right : tuple of str
        Of a text: every accepted form, the author's own first.
    wrong : tuple of (str, str)
        Of a number or a text: known wrong answers, each with its sentence.
    """

    id: str
    title: str
    kind: str
    html: str
    so_what: str
    hint: str
    options: tuple[Option, ...] = ()
    number: float = 0.0
    tolerance: float = 0.0
    right: tuple[str, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Bank:
    """The questions of one chapter, and the ids of its exercises that are no questions."""

    slug: str
    title: str
    questions: tuple[Question, ...]
    left_out: tuple[str, ...]


def site_address(configuration: Path = CONFIGURATION) -> str:
    """Return the address of the published site, without a slash at its end; empty if none is configured."""
    config = yaml.safe_load(configuration.read_text(encoding="utf-8"))
    return str((config.get("html") or {}).get("baseurl") or "").rstrip("/")


def chapters_with_exercises() -> list[Path]:
    """List the chapters that have exercises, in reading order."""
    return [path for path in chapters() if (EXERCISES / f"{path.stem}.toml").exists()]


def bank(path: Path, site: str = "", folder: Path = EXERCISES) -> Bank:
    """Read the questions of a chapter.

    Parameters
    ----------
    path : Path
        The chapter's notebook, which has the prompts.
    site : str
        The address of the published site; empty if there is none.
    folder : Path
        The folder of exercise descriptions, which have the answers.

    Returns
    -------
    Bank
        In the order of the descriptions.

    Raises
    ------
    CasebookError
        If chapter or exercises are refused, or do not fit each other.
    """
    notebook = notebooks.read(path)
    chapter = notebooks.chapter_of(notebook, path)
    sources = {cell.id: cell.source for cell in notebook.cells}
    questions, left_out = [], []
    for exercise in exercises(folder / f"{path.stem}.toml"):
        if f"ex-{exercise.id}" not in sources:
            raise CasebookError(f"{path.name} has no exercise '{exercise.id}'; add its cells, or take out the TOML.")
        asked = prompt(sources[f"ex-{exercise.id}"], chapter.title, chapter.slug, site)
        found = question(exercise, asked)
        questions += [found] if found else []
        left_out += [] if found else [exercise.id]
    return Bank(chapter.slug, chapter.title, tuple(questions), tuple(left_out))


def question(exercise: Exercise, asked: Prompt) -> Question | None:
    """Make a question of an exercise.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    asked : Prompt
        What the chapter asks.

    Returns
    -------
    Question or None
        None if no platform could mark the answer fairly.

    Raises
    ------
    CasebookError
        If the options of a choice are not those of the prompt.
    """
    if exercise.kind == "choice":
        parts = {"options": _choice_options(exercise, asked)}
    elif exercise.kind == "set":
        parts = {"options": _set_options(exercise, asked)}
    elif exercise.kind == "number":
        (number,) = read(exercise.fields, exercise.right[0].value)
        parts = {"number": number, "tolerance": float(exercise.fields["tolerance"]), "wrong": _wrong_numbers(exercise)}
    elif exercise.kind == "text":
        wrong = tuple((_shown(form.value), says) for form, says in exercise.wrong)
        parts = {"right": tuple(_different([_shown(form.value) for form in exercise.right])), "wrong": wrong}
    else:
        return None
    if parts.get("options") == ():
        return None
    fields = exercise.fields
    return Question(exercise.id, fields["title"], exercise.kind, asked.html, fields["so_what"], fields["hint"], **parts)


def _choice_options(exercise: Exercise, asked: Prompt) -> tuple[Option, ...]:
    letters = list(exercise.fields["options"])
    if letters != list(asked.options):
        raise CasebookError(
            f"{exercise.place}: the options are {', '.join(letters)} there and {', '.join(asked.options) or 'none'} in "
            "the notebook; make them the same."
        )
    says = {read(exercise.fields, form.value)[0]: sentence for form, sentence in exercise.wrong}
    right = exercise.fields["answer"]
    return tuple(
        Option(letter, asked.options[letter], letter == right, says.get(letter, "")) for letter in asked.options
    )


def _set_options(exercise: Exercise, asked: Prompt) -> tuple[Option, ...]:
    """List the members to choose from, if the prompt itself lists them."""
    right = {scalar(member) for member in exercise.right[0].value}
    named = {scalar(member) for form, _ in exercise.wrong for member in form.value} | right
    if named <= set(asked.options):
        return tuple(Option(letter, text, letter in right) for letter, text in asked.options.items())
    listed = asked.listed
    if named <= {fold(member) for member in listed}:
        return tuple(Option(member, member, fold(member) in right) for member in listed)
    return ()


def _wrong_numbers(exercise: Exercise) -> tuple[tuple[str, str], ...]:
    """List the wrong answers that are numbers; that a text is none, every platform says by itself."""
    found = []
    for form, says in exercise.wrong:
        try:
            (number,) = read(exercise.fields, form.value)
        except Unreadable:
            continue
        found.append((f"{number:.12g}", says))
    return tuple(found)


def _shown(value: object) -> str:
    """Write an answer as a person would type it."""
    return (value if isinstance(value, str) else scalar(value)).strip(SURROUNDING)


def _different(texts: list[str]) -> list[str]:
    """Keep the first of the texts that differ in case only: platforms compare without case, too."""
    return list({text.casefold(): text for text in reversed(texts)}.values())[::-1]
