"""Say how long each exercise takes: a chapter's minutes, shared out among its exercises by their kinds.

A chapter states its minutes as a whole. What an exercise of a kind usually takes is our estimate; only the proportions
count, because the shares of a chapter always add up to its minutes.
"""

from functools import cache
from pathlib import Path

from tools import exercises
from tools.files import EXERCISES, chapters
from tools.notebooks import Chapter, chapter_of, read

USUAL = {"choice": 3, "text": 4, "number": 5, "set": 5, "table": 8, "function": 10}  # minutes
WORDS_A_MINUTE = 8  # of a judgement, with the looking up


@cache
def chapters_by_slug() -> dict[str, Chapter]:
    """Return what every chapter says of itself, in the order of the book."""
    return {path.stem: chapter_of(read(path), path) for path in chapters()}


def usual_minutes(exercise: dict) -> float:
    """Return what an exercise of this kind, and of this length of text, usually takes.

    Parameters
    ----------
    exercise : dict
        Its fields in ``exercises/<slug>.toml``.
    """
    if exercise["kind"] == "judgement":
        return (exercise["min_words"] + exercise["max_words"]) / 2 / WORDS_A_MINUTE
    return USUAL[exercise["kind"]]


def exercise_minutes(chapter: Chapter, folder: Path = EXERCISES) -> dict[str, int]:
    """Share a chapter's minutes out among its exercises.

    Parameters
    ----------
    chapter : Chapter
        With its minutes for the exercises.
    folder : Path
        The folder of the specifications.

    Returns
    -------
    dict of str to int
        Whole minutes by the id of the exercise, in the order of the chapter; they add up to the chapter's.
    """
    found = exercises.read(folder / f"{chapter.slug}.toml")
    minutes = share_out(chapter.do, [usual_minutes(exercise) for exercise in found])
    return {exercise["id"]: share for exercise, share in zip(found, minutes, strict=True)}


def share_out(total: int, weights: list[float]) -> list[int]:
    """Share a whole number out by weights, in whole numbers that add up to it (the method of largest remainders)."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares
