"""Write values the same way everywhere: on the evidence page, in figures and in the test of the number rule."""

from calendar import month_name

import pandas as pd

MINUTES = 60
CAPITALS = {"csto": "CSTO", "kazakh": "Kazakh", "ngo": "NGO"}


def in_words(code: str) -> str:
    """Write a code of the tables in words.

    Parameters
    ----------
    code : str
        Such as ``csto_decision``.

    Returns
    -------
    str
        Such as ``CSTO decision``.
    """
    return " ".join(CAPITALS.get(word, word) for word in code.split("_"))


def number_text(value: float, unit: str = "") -> str:
    """Write a number as prose does.

    Parameters
    ----------
    value : float
        The number; decimal hours where the unit is a clock time.
    unit : str
        The unit of the quantity; only ``local hour ...`` changes the form.

    Returns
    -------
    str
        ``2,030`` for a count, ``0.14`` for a price, ``16:30`` for a clock time.
    """
    if unit.startswith("local hour"):
        return f"{int(value):02d}:{round(value % 1 * MINUTES):02d}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def measure_text(value: float, unit: str) -> str:
    """Write the value of an indicator, or a threshold for it: ``14.6%``, ``yes``, ``0.25`` or ``104``.

    Parameters
    ----------
    value : float
        The number.
    unit : str
        The unit of the indicator; only ``percent`` and ``yes/no`` (1 or 0) change the form.
    """
    if unit == "yes/no":
        return "yes" if value else "no"
    return number_text(value) + ("%" if unit == "percent" else "")


def range_text(low: float | None, high: float | None, unit: str = "", status: str = "stated") -> str:
    """Write a point, a range or a bound in words.

    Parameters
    ----------
    low, high : float or missing
        The ends of the interval; equal for a point, one missing for a bound.
    unit : str
        Passed on to `number_text`; it is not written.
    status : str
        A derived lower bound is a sum of parts, hence ``at least``; a stated one is ``more than``.
    """
    if pd.isna(high):
        return f"{'at least' if status == 'derived' else 'more than'} {number_text(low, unit)}"
    if pd.isna(low):
        return f"at most {number_text(high, unit)}"
    first, last = number_text(low, unit), number_text(high, unit)
    return first if first == last else f"{first}–{last}"


def share_text(part: int, whole: int) -> str:
    """Write a share of a large number of cases in per cent; what is not quite none or all does not round to it."""
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "under 0.1%"
    if 99.9 < share < 100:
        return "over 99.9%"
    return "none" if part == 0 else f"{number_text(round(share, 1))}%"


def date_text(date: str) -> str:
    """Write a date of the tables in words: ``9 January 2022``, ``January 2022`` or ``2022``.

    Parameters
    ----------
    date : str
        ``2022-01-09``, ``2022-01`` or ``2022``.
    """
    year, *rest = date.split("-")
    day = f"{int(rest[1])} " if len(rest) == 2 else ""
    return f"{day}{month_name[int(rest[0])]} {year}" if rest else year


def with_year(title: str, date: str) -> str:
    """Add the year of a date to a title that does not name it: ``January events in Kazakhstan, 2022``."""
    year = date[:4]
    return title if year in title else f"{title}, {year}"
