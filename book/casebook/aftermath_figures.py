"""Draw the figures of the aftermath chapter: a calendar of changes, named or in lanes.

Each function takes a table and returns the ``Axes`` it drew on, in the style of ``casebook.figures``.
"""

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from casebook.errors import CasebookError
from casebook.figures import (
    BLUE,
    GREEN,
    GREY,
    LEGEND_ABOVE,
    ROW,
    RUST,
    WIDTH,
    Marks,
    label_above,
)
from casebook.wording import in_words

# how far a change has gone -> marker, colour, filled: shape and fill carry the difference, colour only helps
CHANGE_MARKS: Marks = {
    "done": ("o", BLUE, True),
    "partly": ("s", GREEN, False),
    "announced": (">", GREY, False),
    "reversed": ("v", RUST, True),
    "disputed": ("X", RUST, True),
    "unchanged": ("D", GREY, False),
}
HEADING = 0.7  # height of a heading in the calendar, in rows
STEP, CLOSE = 0.36, pd.Timedelta(days=60)  # lanes: rows between marks that would touch, and how near those are


def change_calendar(changes: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Mark each change by date, one row a change with its name, under the heading of its domain.

    Parameters
    ----------
    changes : DataFrame
        Rows of the table ``changes``: best those of one domain or two, since each takes a row. Domains stand in the
        order in which they come, changes of a domain in the order of time. Where only the month or the year is known,
        a line runs from its beginning to its end.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.

    Raises
    ------
    CasebookError
        If there is no change to draw, or a status has no mark.
    """
    _need_rows("change_calendar", changes)
    _need_marks(changes["status"])
    places, height = [], 0.0
    if ax is None:
        rows = changes["domain"].nunique() + len(changes)
        _, ax = plt.subplots(figsize=(WIDTH, 1.4 + ROW * rows))
    for domain, own in _in_time(changes).groupby("domain", sort=False):
        label_above(ax, height, in_words(domain), fontweight="bold", color=BLUE)
        height += HEADING
        for change in own.itertuples():
            label_above(ax, height, f"{change.date}  {change.title}", fontsize=10)
            places.append(height)
            height += 1
    _draw_changes(ax, _in_time(changes).assign(place=places))
    ax.set_ylim(height - 0.5, -0.9)
    return ax


def change_lanes(changes: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Mark every change by date in the lane of its domain, without names: the calendar at a glance.

    Parameters
    ----------
    changes : DataFrame
        Rows of the table ``changes``. Changes of one lane that lie close together stand one below the other.
    ax : Axes, optional
        Where to draw; a new figure as high as the lanes need otherwise.

    Raises
    ------
    CasebookError
        If there is no change to draw, or a status has no mark.
    """
    _need_rows("change_lanes", changes)
    _need_marks(changes["status"])
    rows = _in_time(changes)
    places, headings, height = [], [], 0.0
    for domain, own in rows.groupby("domain", sort=False):
        headings.append((height, f"{in_words(domain)} ({len(own)})"))
        levels = _levels(own)
        places += [height + STEP * level for level in levels]
        height += 1 + STEP * max(levels)
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 1.4 + ROW * height))
    for place, words in headings:
        label_above(ax, place, words)
    _draw_changes(ax, rows.assign(place=places))
    ax.set_ylim(height - 0.5, -0.9)
    return ax


def _in_time(changes: pd.DataFrame) -> pd.DataFrame:
    """Add the first and the last day that a date allows and the day between them; sort by domain and time."""
    first = pd.to_datetime(changes["date"], format="ISO8601")
    precision = changes["date"].str.len().map({4: "Y", 7: "M", 10: "D"})
    last = [pd.Period(day, unit).end_time for day, unit in zip(first, precision, strict=True)]
    dated = changes.assign(first=first, last=pd.Series(last, changes.index).dt.normalize())
    dated["day"] = dated["first"] + (dated["last"] - dated["first"]) / 2
    order = list(changes["domain"].unique())
    return dated.sort_values("day", kind="stable").sort_values(
        "domain", key=lambda own: own.map(order.index), kind="stable"
    )


def _levels(rows: pd.DataFrame) -> list[int]:
    """Say how far below the first line of its lane each mark stands, so that none touches another or its line."""
    levels: list[int] = []
    spans = list(zip(rows["first"], rows["last"], strict=True))
    for first, last in spans:
        near = {
            level
            for level, (other_first, other_last) in zip(levels, spans, strict=False)
            if first - other_last < CLOSE and other_first - last < CLOSE
        }
        levels.append(next(level for level in range(len(spans)) if level not in near))
    return levels


def _draw_changes(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw marks, lines where a date is not a day, the axis of years and the legend."""
    for status, (marker, colour, filled) in CHANGE_MARKS.items():
        own = rows[rows["status"] == status]
        if len(own):
            style = {"color": colour, "markerfacecolor": colour if filled else "white", "markeredgewidth": 1.8}
            ax.plot(own["day"], own["place"], marker, label=f"{status} ({len(own)})", clip_on=False, zorder=3, **style)
    vague = rows[rows["first"] < rows["last"]]
    ax.hlines(vague["place"], vague["first"], vague["last"], color=GREY, linewidth=1.6)
    ax.set_xlim(pd.Timestamp(rows["first"].min().year, 1, 1), pd.Timestamp(rows["last"].max().year + 1, 1, 1))
    ax.set_yticks([])
    ax.xaxis.set_major_locator(mdates.YearLocator())
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    ax.set_xlabel("date; a year begins at its line")
    ax.grid(axis="x")
    ax.legend(**LEGEND_ABOVE)


def _need_rows(function: str, rows: pd.DataFrame) -> None:
    if rows.empty:
        raise CasebookError(f"{function} got no row; give it at least one.")


def _need_marks(statuses: pd.Series) -> None:
    if unknown := set(statuses) - set(CHANGE_MARKS):
        named = ", ".join(sorted(unknown))
        raise CasebookError(f"No mark is defined for {named}; add one to casebook/aftermath_figures.py.")
