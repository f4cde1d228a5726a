"""What came of running a chapter somewhere: compared with what is stored, and shown as a table."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from nbformat import NotebookNode

from tools.markdown import markdown_table
from tools.notebooks import code_cells, first_line

TEXTS = ("text/plain", "text/html")
CORRECT = re.compile(r"^[\w-]+: correct\.", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What came of one chapter in one place.

    Attributes
    ----------
    chapter : str
        Its slug.
    ran, cells : int
        Code cells that ran to their end, and all.
    right, checks : int
        Solutions that their check called correct, and all.
    alive, interactives : int
        Interactives that answered a reader, and all.
    seconds : float
        From the command to run every cell until the last one had run.
    faults : tuple of str
        What else is wrong, in sentences.
    """

    chapter: str
    ran: int
    cells: int
    right: int
    checks: int
    alive: int
    interactives: int
    seconds: float
    faults: tuple[str, ...] = ()

    @property
    def green(self) -> bool:
        """Whether everything ran, was right, answered, and looked as it is stored."""
        counts = (self.ran, self.right, self.alive) == (self.cells, self.checks, self.interactives)
        return counts and not self.faults


def compared(
    slug: str, stored: NotebookNode, ran: NotebookNode, alive: int, interactives: int, seconds: float
) -> Outcome:
    """Compare what a place made of a chapter with what is stored.

    Parameters
    ----------
    slug : str
        The chapter.
    stored, ran : NotebookNode
        The chapter as it is stored, and as the place left it; it had no outputs before.
    alive, interactives : int
        Interactives that answered, and all.
    seconds : float
        How long the cells took.

    Returns
    -------
    Outcome
        With one sentence for each cell whose text differs.
    """
    pairs = list(zip(code_cells(stored), code_cells(ran), strict=True))
    finished = [(old, new) for old, new in pairs if new.execution_count is not None and not _error(new)]
    faults = [f"{slug}, cell '{new.id}' raised {error}." for _, new in pairs if (error := _error(new))]
    faults += [
        f"{slug}, cell '{old.id}' shows other text than the stored chapter: {difference(old, new)}"
        for old, new in finished
        if texts(old) != texts(new)
    ]
    return Outcome(
        slug, len(finished), len(pairs), correct(new for _, new in pairs), correct(old for old, _ in pairs),
        alive, interactives, seconds, tuple(faults),
    )  # fmt: skip


def texts(cell: NotebookNode) -> list[tuple[str, str]]:
    """List the texts that a code cell shows, with their kind; a picture counts by being there."""
    shown: list[tuple[str, str]] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            if shown and shown[-1][0] == output.name:  # a stream may come in pieces
                shown[-1] = (output.name, shown[-1][1] + output.text)
            else:
                shown.append((output.name, output.text))
        else:
            data = output.get("data", {})
            shown += [(kind, data[kind]) for kind in TEXTS if kind in data]
            shown += [(kind, "") for kind in data if kind not in TEXTS]
    return shown


def difference(stored: NotebookNode, ran: NotebookNode) -> str:
    """Show the first line in which the texts of two cells differ."""
    old, new = (
        "\n".join(f"{kind}: {text.rstrip()}" for kind, text in texts(cell)).splitlines() for cell in (stored, ran)
    )
    at = next((n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new)))
    was, now = (lines[at] if at < len(lines) else "nothing" for lines in (old, new))
    return f"'{was[:120]}' became '{now[:120]}'."


def correct(cells: Iterable[NotebookNode]) -> int:
    """Count the answers that a check called correct."""
    return sum(len(CORRECT.findall(text)) for cell in cells for kind, text in texts(cell) if kind == "stdout")


def _error(cell: NotebookNode) -> str:
    """Return the exception that a cell shows, or nothing."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return f"{errors[0].ename}: {first_line(errors[0].evalue)}" if errors else ""


def table(tried: dict[str, list[Outcome]]) -> str:
    """Write chapters by places as a Markdown table.

    Parameters
    ----------
    tried : dict of str to list of Outcome
        The outcomes of each place.
    """
    rows = [
        {
            "place": place,
            "chapter": outcome.chapter,
            "cells run": f"{outcome.ran} / {outcome.cells}",
            "checks right": f"{outcome.right} / {outcome.checks}",
            "interactives alive": f"{outcome.alive} / {outcome.interactives}",
            "seconds": f"{outcome.seconds:.1f}",
            "state": "green" if outcome.green else "RED",
        }
        for place, outcomes in tried.items()
        for outcome in outcomes
    ]
    return markdown_table(pd.DataFrame(rows))
