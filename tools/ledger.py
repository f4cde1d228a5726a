"""Count what the chapters promise and keep, and print the table: ``python -m tools.ledger``, and in ``make measures``.

Objectives that an exercise assesses, exercises that serve an objective, numbers that lead to their row, and key terms
that lead to the glossary.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tools import numbers, terms
from tools.command import command
from tools.exercises import headers
from tools.files import DATA, EXERCISES, chapters
from tools.lint import words_of_prose
from tools.markdown import markdown_table
from tools.notebooks import BOX, SELF_CHECK, chapter_of, read

CHAPTERS_OF_THE_BOOK = 6
LEAST_EXERCISES = 60  # over the whole book


@dataclass(frozen=True)
class Account:
    """What one chapter promises, and how much of it is kept; ``breaches`` says what is not."""

    chapter: str
    words: int
    objectives: int
    assessed: int
    exercises: int
    without_code: int
    linked: int
    traced: int
    terms: int
    breaches: list[str]


def account(path: Path, data: Path = DATA, exercises: Path = EXERCISES) -> Account:
    """Count one chapter.

    Parameters
    ----------
    path : Path
        The chapter.
    data, exercises : Path
        Where the tables are, where the exercises are described.
    """
    notebook = read(path)
    chapter = chapter_of(notebook, path)
    specs = headers(chapter.slug, exercises)
    served = {spec.objective for spec in specs}
    linked, traced = links_to_rows(path, data)
    breaches = [
        *(f"{path.name}: no exercise assesses '{name}'." for name in sorted(chapter.objectives.keys() - served)),
        *(f"{path.name}: no objective is called '{name}'." for name in sorted(served - chapter.objectives.keys())),
        *numbers.problems(path, data),
        *terms.problems(path, data),
    ]
    return Account(
        chapter=chapter.slug,
        words=words_of_prose(notebook),
        objectives=len(chapter.objectives),
        assessed=len(chapter.objectives.keys() & served),
        exercises=len(specs),
        without_code=sum(not spec.code for spec in specs),
        linked=linked,
        traced=traced,
        terms=len(chapter.terms),
        breaches=breaches,
    )


def links_to_rows(path: Path, data: Path = DATA) -> tuple[int, int]:
    """Count the numbers that links to rows show in a chapter's prose, and those of them that the row bears out."""
    values = numbers.row_values(data)
    prose = "\n".join(
        numbers.without_code(cell.source)
        for cell in read(path).cells
        if cell.cell_type == "markdown" and cell.id not in (BOX, SELF_CHECK)
    )
    shown = [
        (number, address)
        for text, address in numbers.LINK.findall(prose)
        if numbers.ROW_LINK.fullmatch(address)
        for number in numbers.numbers_shown(text)
    ]
    return len(shown), sum(number in values.get(address, ()) for number, address in shown)


def problems(accounts: list[Account]) -> list[str]:
    """List what is not kept, of every chapter and of the book."""
    found = [breach for account in accounts for breach in account.breaches]
    exercises = sum(account.exercises for account in accounts)
    if len(accounts) >= CHAPTERS_OF_THE_BOOK and exercises < LEAST_EXERCISES:
        found.append(f"The book has {exercises} exercises; write {LEAST_EXERCISES - exercises} more.")
    return found


def table(accounts: list[Account]) -> str:
    """Write the table, with a last row for the whole book."""
    frame = pd.DataFrame(accounts).drop(columns="breaches")
    total = frame.drop(columns="chapter").sum()
    frame.loc[len(frame)] = {"chapter": "whole book", **total}
    return markdown_table(frame.rename(columns=lambda name: name.replace("_", " ")))


@command
def main() -> int:
    """Print the table, and fail if something is not kept."""
    accounts = [account(path) for path in chapters()]
    print(table(accounts))
    found = problems(accounts)
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
