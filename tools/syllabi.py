"""Compute timetables from the chapters' minutes: what is read before, done in class, and left for home.

``teaching/syllabi.toml`` names the meetings and their chapters. Every exercise of a chapter is either done in class, by
its lesson plan, or at home before the next meeting.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casebook.errors import CasebookError
from tools.files import ROOT
from tools.lessons import SESSION, Step, lesson_of
from tools.markdown import markdown_table
from tools.notebooks import Chapter
from tools.teaching_times import chapters_by_slug, exercise_minutes

SYLLABI = ROOT / "teaching" / "syllabi.toml"


@dataclass(frozen=True)
class Slot:
    """A stretch of work: when, whether in class, what, and how many minutes."""

    when: str
    in_class: bool
    what: str
    minutes: int


def syllabi(path: Path = SYLLABI) -> dict[str, dict]:
    """Read the syllabi: for each ``home``, the most minutes between two meetings, and its ``meetings``."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CasebookError(f"teaching/{path.name} is not TOML ({error}); correct it there.") from None


def timetable(
    name: str, syllabus: dict, chapters: Mapping[str, Chapter], lessons: Mapping[str, list[Step]]
) -> list[Slot]:
    """Lay out the work of a syllabus.

    Parameters
    ----------
    name : str
        Of the syllabus, for the message.
    syllabus : dict
        ``home`` and ``meetings``, each with ``when`` and ``chapter``.
    chapters : mapping of str to Chapter
        By slug.
    lessons : mapping of str to list of Step
        The sessions on the chapters, by slug.

    Returns
    -------
    list of Slot
        In order of time: work at home before each meeting, the meeting, and work after the last.

    Raises
    ------
    CasebookError
        If a meeting lasts longer than a session, if there is more to do at home than ``home`` allows, or if a chapter
        comes before one that it needs.
    """
    slots: list[Slot] = []
    left, done = ("", 0), []
    for meeting in syllabus["meetings"]:
        chapter = chapters[meeting["chapter"]]
        if missing := [slug for slug in chapter.needs if slug not in done]:
            raise CasebookError(
                f"teaching/syllabi.toml, {name}: {chapter.slug} needs {missing[0]} before it; change the order."
            )
        reading = f"read [{chapter.title}](../{chapter.slug}.ipynb)"
        work = "; ".join(filter(None, [left[0], reading]))
        slots.append(Slot(f"before {meeting['when']}", False, work, left[1] + chapter.read))
        steps = lessons[chapter.slug]
        slots.append(
            Slot(
                meeting["when"],
                True,
                f"[session](lesson-{chapter.slug}.md) on *{chapter.title}*",
                sum(step.minutes for step in steps),
            )
        )
        in_class = {exercise for step in steps for exercise in step.exercises}
        rest = {key: share for key, share in exercise_minutes(chapter).items() if key not in in_class}
        left = (f"the other {len(rest)} exercises of *{chapter.title}*", sum(rest.values()))
        done.append(chapter.slug)
    slots.append(Slot("afterwards", False, *left))
    for slot in slots:
        most = SESSION if slot.in_class else syllabus["home"]
        if slot.minutes > most:
            raise CasebookError(
                f"teaching/syllabi.toml, {name}, {slot.when}: {slot.minutes} minutes are more than {most}; "
                "take something out, or add a meeting."
            )
    return slots


def timetable_passage(name: str) -> str:
    """Write the timetable of a syllabus, with its totals."""
    known = chapters_by_slug()
    syllabus = syllabi()[name]
    lessons = {meeting["chapter"]: lesson_of(meeting["chapter"]) for meeting in syllabus["meetings"]}
    slots = timetable(name, syllabus, known, lessons)
    rows = [(slot.when, slot.what, slot.minutes) for slot in slots]
    totals = {place: sum(slot.minutes for slot in slots if slot.in_class == place) for place in (True, False)}
    table = markdown_table(pd.DataFrame(rows, columns=["When", "What", "Minutes"]))
    most = max(slot.minutes for slot in slots)
    return f"{table}\nIn class {totals[True]} minutes, at home {totals[False]}; never more than {most} at a time.\n"
