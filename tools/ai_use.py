"""Compute the tables of the page on AI: exercise by exercise, from ``teaching/ai-use.toml``."""

import tomllib
from pathlib import Path

import pandas as pd

from casebook.errors import CasebookError
from tools.exercises import headers
from tools.files import EXERCISES, ROOT
from tools.lessons import in_class
from tools.markdown import escaped, markdown_table

GUIDANCE = ROOT / "teaching" / "ai-use.toml"
RULES = {
    "open": "**Open.** Use what you like; say nothing.",
    "say": "**Say so.** Use it, and write in two lines what you asked and what you changed.",
    "first": "**You first.** Write your own answer, hand it in or show it, then compare with the tool's.",
    "without": "**Without.** In the room, on paper or aloud; no tool.",
}
FIELDS = {"does", "rule", "instead"}


def guidance(path: Path = GUIDANCE, folder: Path = EXERCISES) -> dict[str, dict[str, str]]:
    """Read what a language model does to each exercise, which rule we advise, and another way to set it.

    Parameters
    ----------
    path : Path
        A TOML file with one table an exercise.
    folder : Path
        The folder of the specifications, whose exercises must all be there.

    Returns
    -------
    dict of str to dict
        By the id of the exercise: ``does``, ``rule`` (a key of ``RULES``) and ``instead``.

    Raises
    ------
    CasebookError
        If an exercise has no guidance, guidance has no exercise, or an entry is not as said.
    """
    place = f"teaching/{path.name}"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CasebookError(f"{place} is not TOML ({error}); correct it there.") from None
    known = [header.id for file in sorted(folder.glob("*.toml")) for header in headers(file.stem, folder)]
    for exercise in known:
        if exercise not in found:
            raise CasebookError(f"{place} says nothing of {exercise}; judge it and add it.")
    for exercise, entry in found.items():
        if exercise not in known:
            raise CasebookError(f"{place} speaks of {exercise}, which is no exercise; take it out.")
        if entry.keys() != FIELDS or not all(isinstance(text, str) and text.strip() for text in entry.values()):
            raise CasebookError(f"{place}, {exercise}: give {', '.join(sorted(FIELDS))}, each a text.")
        if entry["rule"] not in RULES:
            raise CasebookError(f"{place}, {exercise}: the rule is one of {', '.join(RULES)}; choose one.")
    return found


def ai_table(slug: str) -> str:
    """Write the guidance of a chapter's exercises as a table.

    Raises
    ------
    CasebookError
        If the rule is ``without`` for an exercise that is done at home, where nobody can keep it.
    """
    found = guidance()
    done_in_class = in_class(slug)
    for header in headers(slug, EXERCISES):
        if found[header.id]["rule"] == "without" and header.id not in done_in_class:
            raise CasebookError(
                f"teaching/{GUIDANCE.name}: {header.id} is done at home, where no tool can be kept out; choose another "
                "rule, or take it into the session in teaching/lessons.toml."
            )
    rows = [
        (
            f"[{escaped(header.title)}](#{header.id})",
            found[header.id]["does"],
            RULES[found[header.id]["rule"]].partition(".**")[0].strip("*"),
            found[header.id]["instead"],
        )
        for header in headers(slug, EXERCISES)
    ]
    return markdown_table(pd.DataFrame(rows, columns=["Exercise", "What a model does to it", "Rule", "Set it so"]))


def rule_list() -> str:
    """Write the rules, and for how many exercises each is advised."""
    found = [entry["rule"] for entry in guidance().values()]
    return "\n".join(f"- {text} ({found.count(rule)} exercises)" for rule, text in RULES.items())
