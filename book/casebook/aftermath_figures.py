"""Draw the figures of the aftermath chapter: a calendar of changes, votes as a grid, and counts that stay apart.

Each function takes tables and returns the ``Axes`` it drew on, in the style of ``casebook.figures``.
"""

import textwrap

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from casebook.errors import CasebookError
from casebook.figures import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LEGEND_ABOVE,
    ROW,
    RUST,
    WIDTH,
    LetterMark,
    Marks,
    label_above,
    letter_handle,
    letter_mark,
)
from casebook.wording import in_words, range_text

# how far a change has gone -> marker, colour, filled: shape and fill carry the difference, colour only helps
CHANGE_MARKS: Marks = {
    "done": ("o", BLUE, True),
    "partly": ("s", GREEN, False),
    "announced": (">", GREY, False),
    "reversed": ("v", RUST, True),
    "disputed": ("X", RUST, True),
    "unchanged": ("D", GREY, False),
}
VOTE_MARKS: dict[str, LetterMark] = {
    "in favour": ("Y", "o", 16, BLUE, BLUE),
    "against": ("N", "8", 16, RUST, RUST),
    "abstained": ("A", "D", 12, "white", INK),
    "did not vote": ("D", "s", 13, "white", GREY),
}
HEADING = 0.7  # height of a heading in the calendar, in rows
STEP, CLOSE = 0.36, pd.Timedelta(days=60)  # lanes: rows between marks that would touch, and how near those are
NUMBER_WIDTH, WORDS_WIDTH = 9, 38  # characters in the two columns of separate counts
LINE, GAP = 0.19, 0.14  # inches: a line of 10 to 12 points, and the room between two entries


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
    _need_marks(changes["status"], CHANGE_MARKS)
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
    _need_marks(changes["status"], CHANGE_MARKS)
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


def vote_grid(votes: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Mark how each state (rows) voted on each resolution (columns, in the order of time).

    Parameters
    ----------
    votes : DataFrame
        Rows of the table ``votes``. A place without a row stays empty, and the legend says so.
    ax : Axes, optional
        Where to draw; a new figure as high as the states need otherwise.

    Raises
    ------
    CasebookError
        If there is no vote to draw, a vote has no mark, or a state has two votes on one resolution.
    """
    _need_rows("vote_grid", votes)
    _need_marks(votes["vote"], VOTE_MARKS)
    for twice in votes[votes.duplicated(["state", "resolution"])].itertuples():
        raise CasebookError(f"vote_grid got two votes of {twice.state} on {twice.resolution}; keep one.")
    states = sorted(votes["state"].unique())
    resolutions = votes.sort_values("date", kind="stable").drop_duplicates("resolution")
    columns = list(resolutions["resolution"])
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 2.6 + ROW * len(states)))
    for vote in votes.itertuples():
        letter_mark(ax, (columns.index(vote.resolution), states.index(vote.state)), VOTE_MARKS[vote.vote])
    ax.set_yticks(range(len(states)), states)
    names = [f"{row.resolution}\n{row.date:%Y-%m-%d}" for row in resolutions.itertuples()]
    ax.set_xticks(range(len(columns)), names, rotation=90, fontsize=10, linespacing=1)
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    ax.set_xlim(-0.6, len(columns) - 0.4)
    ax.set_ylim(len(states) - 0.4, -0.6)
    ax.grid()
    ax.spines[["left", "bottom"]].set_visible(False)
    cast = set(votes["vote"])
    handles = [letter_handle(mark, vote) for vote, mark in VOTE_MARKS.items() if vote in cast]
    if len(votes) < len(states) * len(columns):
        handles.append(Line2D([], [], linestyle="", label="empty: no row"))
    ax.figure.legend(handles=handles, loc="outside upper left", ncols=2, columnspacing=1, handlelength=1)
    return ax


def separate_counts(counts: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Write numbers that count different things one below the other, each beside what it counts.

    There is no axis on purpose: one scale for people, cases and verdicts would invite a division of unlike things.

    Parameters
    ----------
    counts : DataFrame
        Rows of the claims table with a further column ``heading``, which says in a few words what a group of them is
        about. Groups stand in the order in which they come, and so do the rows of a group.
    ax : Axes, optional
        Where to write; a new figure as high as the rows need otherwise.

    Raises
    ------
    CasebookError
        If there is nothing to write.
    """
    _need_rows("separate_counts", counts)
    written, height = [], GAP
    for heading, own in counts.groupby("heading", sort=False):
        height += GAP * bool(written)
        written.append((0, height, heading, {"fontweight": "bold", "color": BLUE, "fontsize": 11}))
        height += LINE + GAP / 2
        for row in own.itertuples():
            number = textwrap.fill(range_text(row.value_low, row.value_high, status=row.status), NUMBER_WIDTH)
            who = row.attributed_to.replace(" (", ", ").split(", ")[0]
            words = textwrap.fill(f"{row.counts} ({who}, {row.as_of_date})", WORDS_WIDTH)
            written.append((0, height, number, {"fontweight": "bold", "fontsize": 12}))
            written.append((0.27, height, words, {"fontsize": 10}))
            height += max(number.count("\n"), words.count("\n")) * LINE + LINE + GAP
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, height + GAP))
    for x, y, words, style in written:
        ax.text(x, y, words, va="top", **style)
    ax.set_xlim(0, 1)
    ax.set_ylim(height, 0)
    ax.set_yticks([])
    ax.set_axis_off()
    return ax


def _need_rows(function: str, rows: pd.DataFrame) -> None:
    if rows.empty:
        raise CasebookError(f"{function} got no row; give it at least one.")


def _need_marks(kinds: pd.Series, marks: dict) -> None:
    if unknown := set(kinds) - set(marks):
        named = ", ".join(sorted(unknown))
        raise CasebookError(f"No mark is defined for {named}; add one to casebook/aftermath_figures.py.")
