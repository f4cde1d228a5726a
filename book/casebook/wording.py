"""Write values the same way everywhere: on the evidence page, in figures and in the test of the number rule."""

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
