"""The test of Article 4 as a path: the one rule that leads from findings, element by element, to where the path ends.

`bench.js` holds the same rule for the page; a test compares the two over every case, reading and switch.
"""

from collections.abc import Sequence
from typing import NamedTuple

# The codes of the table case_elements, and two more: no row in the table, and an element that is no part of the test.
FINDINGS = {
    "yes": "met",
    "no": "not met or not shown",
    "contested": "contested",
    "not_addressed": "not addressed",
    "not_reached": "not reached",
    "unclear": "unclear",
    "not_coded": "not coded",
    "not_required": "not required",
}


class Step(NamedTuple):
    """One element with its finding: number and name as in the table, role ``condition``, ``answer`` or ``door``."""

    number: int
    name: str
    role: str
    finding: str


class Route(NamedTuple):
    """Where a path ends, as places in the list of findings.

    ``stop`` is the first unmet element (``None``: nothing stops the path), ``open`` what is neither met nor unmet on
    the way there, ``again`` what would stop the path later.
    """

    stop: int | None
    open: list[int]
    again: list[int]


def route(findings: Sequence[str]) -> Route:
    """Lead from findings to the end of the path.

    Only ``no`` stops it; ``yes`` and ``not_required`` let it pass. Everything else (contested, not coded, and so on)
    neither stops it nor settles it, so the path goes on and stays open there.

    Parameters
    ----------
    findings : sequence of str
        Codes of `FINDINGS`, in the order of the test, separate doors left out.
    """
    stops = [place for place, finding in enumerate(findings) if finding == "no"]
    stop = stops[0] if stops else None
    unsettled = [place for place, finding in enumerate(findings[:stop]) if finding not in ("yes", "not_required")]
    return Route(stop, unsettled, stops[1:])


def verdict(path: Route) -> str:
    """Name the end of a path in a word: ``not reached``, ``undecided`` or ``reached`` (the door of Article 4)."""
    if path.stop is not None:
        return "not reached"
    return "undecided" if path.open else "reached"


def said(steps: Sequence[Step], reading: str, switched: int | None = None) -> str:
    """Say in words where the path through the elements ends, and how the separate doors stand.

    Parameters
    ----------
    steps : sequence of Step
        All elements of one case, in the order of the test.
    reading : str
        The reading that the findings belong to.
    switched : int, optional
        The number of the element whose finding is the reader's own.
    """
    path = [step for step in steps if step.role != "door"]
    doors = [step for step in steps if step.role == "door"]
    ends = route([step.finding for step in path])
    taken = [
        f"With element {step.number} taken as {FINDINGS[step.finding]}" for step in steps if step.number == switched
    ]
    parts = [f"{taken[0] if taken else 'As coded'} in the {reading} reading, {_end(path, ends)}"]
    if ends.stop is not None and ends.open:
        parts.append(f"Open before that: {_grouped([path[place] for place in ends.open])}.")
    if ends.again:
        parts.append(f"It would stop again at {_numbered([path[place].number for place in ends.again])}.")
    if ends.stop is not None and path[ends.stop].role == "answer":
        parts.append("What is missing there is the answer of the organisation, not a condition of Article 4.")
    if doors:
        parts.append(f"Separate doors: {_grouped(doors)}.")
    return " ".join(parts)


def _end(path: Sequence[Step], ends: Route) -> str:
    if ends.stop is not None:
        step = path[ends.stop]
        return f"the route stops at element {step.number} ({step.name}): {FINDINGS[step.finding]}."
    if ends.open:
        return f"nothing stops the route, but it stays open: {_grouped([path[place] for place in ends.open])}."
    return "every element of Article 4 is met."


def _grouped(steps: Sequence[Step]) -> str:
    """Write steps by finding: ``elements 1 and 5 contested; element 4 not coded``."""
    groups: dict[str, list[int]] = {}
    for step in steps:
        groups.setdefault(FINDINGS[step.finding], []).append(step.number)
    return "; ".join(f"{_numbered(numbers)} {label}" for label, numbers in groups.items())


def _numbered(numbers: Sequence[int]) -> str:
    first, last = numbers[:-1], numbers[-1]
    return f"elements {', '.join(map(str, first))} and {last}" if first else f"element {last}"
