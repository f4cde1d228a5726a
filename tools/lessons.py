"""Compute the passages of the lesson plans: aims, timing and exercises of a chapter.

``teaching/lessons.toml`` says in which steps a session goes. A step with exercises takes as long as they do, and long
enough to compare answers; the other steps share what is left, by their weight.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import pandas as pd

from casebook.errors import CasebookError
from tools import exercises
from tools.exercises import headers
from tools.files import EXERCISES, ROOT
from tools.generated_cells import objectives_in_order
from tools.markdown import escaped, markdown_table
from tools.notebooks import Chapter
from tools.teaching_times import chapters_by_slug, exercise_minutes, share_out

PLANS = ROOT / "teaching" / "lessons.toml"
SESSION = 90  # minutes of a session
LEAST = 5  # minutes of a step: a class has to sit down to it, count hands and hear a reason
KINDS = {
    "choice": "choice",
    "text": "short answer",
    "number": "number",
    "set": "list",
    "table": "table",
    "function": "function",
    "judgement": "text",
}


@dataclass(frozen=True)
class Step:
    """A step of a session: what happens, how long, and the ids of the exercises done in it."""

    what: str
    minutes: int
    exercises: list[str]


@cache
def plans(path: Path = PLANS) -> dict[str, list[dict]]:
    """Read the steps of every lesson plan, by the slug of its chapter."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CasebookError(f"teaching/{path.name} is not TOML ({error}); correct it there.") from None


def lesson(chapter: Chapter, steps: list[dict], minutes: dict[str, int], session: int = SESSION) -> list[Step]:
    """Give each step of a session its minutes.

    Parameters
    ----------
    chapter : Chapter
        The chapter that is taught.
    steps : list of dict
        Each with ``what``, and with ``exercises`` (their numbers) or ``weight``.
    minutes : dict of str to int
        What the exercises of the chapter take, by id.
    session : int
        Minutes of the session.

    Returns
    -------
    list of Step
        Their minutes add up to the session's.

    Raises
    ------
    CasebookError
        If a step names an exercise that the chapter has not, or if the exercises leave too little for the other steps.
    """
    ids = [[f"{chapter.slug}-{number}" for number in step.get("exercises", [])] for step in steps]
    done_in_class = list(chain.from_iterable(ids))
    for exercise in done_in_class:
        if exercise not in minutes:
            raise CasebookError(f"teaching/lessons.toml: {chapter.slug} has no exercise '{exercise}'; name another.")
    taken = [max(LEAST, sum(minutes[exercise] for exercise in done)) if done else 0 for done in ids]
    others = [step["weight"] for step, done in zip(steps, ids, strict=True) if not done]
    left = session - sum(taken)
    shares = share_out(max(left, 0), others)
    if min(shares) < LEAST:
        raise CasebookError(
            f"teaching/lessons.toml: the session on {chapter.slug} is overfull, a step has {min(shares)} of at least "
            f"{LEAST} minutes; take out an exercise or a step."
        )
    rest = iter(shares)
    return [
        Step(step["what"], of_exercises or next(rest), done)
        for step, of_exercises, done in zip(steps, taken, ids, strict=True)
    ]


def lesson_of(slug: str) -> list[Step]:
    """Return the steps of the session on a chapter."""
    chapter = chapters_by_slug()[slug]
    if slug not in plans():
        raise CasebookError(f"teaching/lessons.toml has no steps for '{slug}'; write them.")
    return lesson(chapter, plans()[slug], exercise_minutes(chapter))


def in_class(slug: str) -> set[str]:
    """Return the ids of the exercises that are done in the session on a chapter."""
    return {exercise for step in lesson_of(slug) for exercise in step.exercises}


def aims(slug: str) -> str:
    """Write what students can do afterwards, from the chapter's objectives, with its question and its minutes."""
    chapter = chapters_by_slug()[slug]
    needs = [f"[{chapters_by_slug()[name].title}](../{name}.ipynb)" for name in chapter.needs]
    objectives = objectives_in_order(chapter, headers(slug, EXERCISES))
    return "\n".join(
        [
            f"Chapter: [{chapter.title}](../{slug}.ipynb) *{chapter.question}*\n",
            f"Own work: {chapter.read} minutes to read, {chapter.do} for all exercises. Session: {SESSION} minutes. "
            f"Read before: {', '.join(needs) or 'no other chapter'}.\n",
            "After the session and the exercises students can:\n",
            *(f"- {chapter.objectives[name]}" for name in objectives),
        ]
    )


def timing(slug: str) -> str:
    """Write the steps of a session: at which minute each begins, and how long it takes."""
    clock, rows = 0, []
    for step in lesson_of(slug):
        rows.append((clock, step.minutes, said(step, slug)))
        clock += step.minutes
    rows.append((clock, "", "The end."))
    return markdown_table(pd.DataFrame(rows, columns=["From", "Minutes", "What happens"]))


def said(step: Step, slug: str) -> str:
    """Say a step in words, with links to its exercises."""
    titles = {header.id: header.title for header in headers(slug, EXERCISES)}
    links = [f"[{titles[exercise]}](#{exercise})" for exercise in step.exercises]
    return f"{step.what} {', '.join(links)}.".replace("..", ".") if links else step.what


def exercise_table(slug: str) -> str:
    """Write every exercise of a chapter with its kind, its minutes and its place."""
    chapter = chapters_by_slug()[slug]
    minutes = exercise_minutes(chapter)
    done_in_class = in_class(slug)
    rows = [
        (
            f"[{escaped(fields['title'])}](#{fields['id']})",
            f"`{fields['id']}`",
            KINDS[fields["kind"]] + (", code" if fields["code"] else ""),
            minutes[fields["id"]],
            "class" if fields["id"] in done_in_class else "home",
        )
        for fields in exercises.read(EXERCISES / f"{slug}.toml")
    ]
    return markdown_table(pd.DataFrame(rows, columns=["Exercise", "Id", "Answer", "Minutes", "Where"]))


def chapter_table() -> str:
    """Write every chapter with its minutes, its exercises and the chapters that it needs."""
    rows = []
    for slug, chapter in chapters_by_slug().items():
        found = headers(slug, EXERCISES)
        needs = [f"*{chapters_by_slug()[name].title}*" for name in chapter.needs]
        rows.append(
            (
                f"[{chapter.title}](../{slug}.ipynb)",
                f"[plan](lesson-{slug}.md)",
                chapter.read,
                chapter.do,
                len(found),
                sum(not header.code for header in found),
                ", ".join(needs) or "none",
            )
        )
    columns = ["Chapter", "Lesson", "Read", "Do", "Exercises", "Without code", "Needs"]
    return markdown_table(pd.DataFrame(rows, columns=columns))
