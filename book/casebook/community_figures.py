"""Draw what the chapter on security communities measures: indicators, votes, clashes and exits, verdicts.

Each function takes data and returns the ``Axes`` it drew on, as those of `casebook.figures` do.
"""

import itertools

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from casebook.errors import CasebookError
from casebook.figures import BLUE, GREEN, GREY, HATCHES, HOME, INK, ROW, RUST, WIDTH, Marks, label_above, labels_above
from casebook.robustness import rate
from casebook.wording import measure_text, range_text, share_text

# what a mark means -> marker, colour, filled: shape and fill carry the difference, colour only helps
RATING_MARKS: Marks = {
    "weak": ("D", RUST, False),
    "partial": ("s", GREY, False),
    "strong": ("o", BLUE, True),
}
PARTIAL_LINE, STRONG_LINE, END = 1, 2, 3  # where the zones of the indicator plot begin and end
HEADING = 0.85  # height of a heading in the indicator plot, in rows
TURN_MARKS: Marks = {
    "clash": ("X", RUST, True),
    "exit": ("v", GREY, True),
    "freeze": ("s", GREY, True),
    "protest": ("s", GREY, False),
    "return": ("^", GREEN, True),
    "settlement": ("o", GREEN, False),
}
FIRST_YEAR, LAST_YEAR = 1999, 2025


def indicator_plot(indicators: pd.DataFrame, rated: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each rated indicator as a mark in one of three zones, weak, partial and strong, grouped by dimension.

    The zones are the common scale: each indicator is stretched so that its two thresholds fall on the same two lines.
    Within a zone only the nearness to the next line has a meaning: below partial it is the ratio to the partial
    threshold, between the two lines the distance is linear, above strong it is again a ratio. The thresholds are the
    coded ones; they stand at the right end of each row, partial first.

    Parameters
    ----------
    indicators : DataFrame
        The table indicators.
    rated : DataFrame
        What `casebook.robustness.rating_table` gives; a row without a value is written as a blank.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.
    """
    rows = rated[["value"]].join(indicators.set_index("indicator_id"))
    groups = [list(own) for _, own in itertools.groupby(rows.itertuples(), key=lambda row: row.dimension)]
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, ROW * (1.4 + len(rows) + HEADING * len(groups))))
    height = 0.0
    for group in groups:
        label_above(ax, height + 0.2, group[0].dimension, fontweight="bold")
        height += HEADING
        for row in group:
            _indicator(ax, height, row)
            height += 1
    for zone, (word, mark) in enumerate(RATING_MARKS.items()):
        _mark(ax, zone + 0.2, -1.7, mark)
        ax.text(zone + 0.3, -1.7, word, va="center")
    ax.text(END, -1.1, "partial | strong from", ha="right", va="center", fontsize=10, color=GREY)
    ax.set_xlim(0, END)
    ax.set_ylim(height - 0.6, -2)
    ax.set_axis_off()
    ax.set_yticks([])
    return ax


def indicator_position(value: float, direction: str, strong_at: float, partial_at: float) -> float:
    """Return where a value stands on the common scale: weak from 0, partial from 1, strong from 2 up to 3.

    Parameters
    ----------
    value, direction, strong_at, partial_at
        As for `casebook.robustness.rate`.
    """
    rating = rate(value, direction, strong_at, partial_at)
    if rating == "strong":
        return END - _nearness(value, strong_at)
    if rating == "weak":
        return _nearness(value, strong_at if pd.isna(partial_at) else partial_at)
    return PARTIAL_LINE + (0 if pd.isna(strong_at) else (value - partial_at) / (strong_at - partial_at))


def pair_matrix(votes: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw for each pair of states whether they cast the same vote; each state's own vote stands beside its name.

    Parameters
    ----------
    votes : DataFrame
        One row a state, with columns ``state`` and ``vote`` (a word such as ``abstained``). States with the same vote
        are put side by side, the larger groups last.
    ax : Axes, optional
        Where to draw; a new figure as high as the states need otherwise.

    Raises
    ------
    CasebookError
        If a state has two votes.
    """
    if votes["state"].duplicated().any():
        twice = ", ".join(votes.loc[votes["state"].duplicated(), "state"])
        raise CasebookError(f"pair_matrix got more than one vote for {twice}; give one row a state.")
    sizes = votes.groupby("vote")["state"].transform("size")
    ordered = votes.assign(size=sizes).sort_values(["size", "vote", "state"]).reset_index(drop=True)
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 0.8 + 0.5 * len(ordered)))
    for row, column in itertools.product(ordered.index, ordered.index):
        if column < row:
            same = ordered["vote"][row] == ordered["vote"][column]
            _cell(ax, column, row, "same" if same else "differ", BLUE if same else "white")
        elif column == row:
            _cell(ax, column, row, "–", HOME)
    names = [f"{row.state},\n{row.vote}" for row in ordered.itertuples()]
    ax.set_yticks(ordered.index, names)
    ax.set_xticks(ordered.index, ordered["state"], rotation=45, ha="right", rotation_mode="anchor")
    ax.set_xlim(-0.5, len(ordered) - 0.5)
    ax.set_ylim(len(ordered) - 0.5, -0.5)
    ax.tick_params(length=0)
    ax.spines[["left", "bottom"]].set_visible(False)
    return ax


def clash_and_exit_chart(turns: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw clashes between members, exits, protests, returns and the like on one line of years, one row each.

    Parameters
    ----------
    turns : DataFrame
        Columns ``date`` (datetime), ``kind`` (``clash``, ``exit``, ``freeze``, ``protest``, ``return`` or
        ``settlement``), ``label`` (text of at most 35 letters; year and kind are put before it), and ``dead_low`` and
        ``dead_high`` (numbers, both missing where nobody was reported killed, one of them for a bound). The earliest
        is drawn on top.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.

    Raises
    ------
    CasebookError
        If a kind has no mark.
    """
    if unknown := set(turns["kind"]) - set(TURN_MARKS):
        raise CasebookError(f"No mark is defined for {', '.join(sorted(unknown))}; use one of {', '.join(TURN_MARKS)}.")
    rows = turns.sort_values("date", kind="stable").reset_index(drop=True)
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 0.8 + ROW * len(rows)))
    for turn in rows.itertuples():
        _mark(ax, turn.date, turn.Index, TURN_MARKS[turn.kind])
        if pd.notna(turn.dead_low) or pd.notna(turn.dead_high):
            place = {"xytext": (-9, 0), "textcoords": "offset points", "va": "center", "ha": "right"}
            ax.annotate(f"{range_text(turn.dead_low, turn.dead_high)} dead", (turn.date, turn.Index), **place)
    labels_above(ax, [f"{turn.date.year}, {turn.kind}: {turn.label}" for turn in rows.itertuples()])
    ax.set_xlim(pd.Timestamp(FIRST_YEAR - 1, 7, 1), pd.Timestamp(LAST_YEAR + 1, 1, 1))
    ax.xaxis.set_major_locator(mdates.YearLocator(5))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    ax.grid(axis="x")
    return ax


def verdict_chart(distribution: pd.Series, ax: Axes | None = None) -> Axes:
    """Draw the share of all combinations of threshold choices that gives each verdict.

    Parameters
    ----------
    distribution : Series
        What `casebook.robustness.verdicts` gives: combinations by verdict; the first is drawn on top.
    ax : Axes, optional
        Where to draw; a new figure as high as the verdicts need otherwise.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 0.9 + ROW * len(distribution)))
    whole = distribution.sum()
    for row, count in enumerate(distribution):
        share = 100 * count / whole
        style = {"facecolor": "white", "edgecolor": [BLUE, GREEN, GREY, RUST][row % 4], "hatch": HATCHES[row % 4]}
        ax.barh(row, share, height=0.4, linewidth=1.6, **style)
        place = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
        ax.annotate(share_text(count, whole), (share, row), **place)
    labels_above(ax, list(distribution.index))
    ax.set_xlim(0, 130)
    ax.set_xticks(range(0, 101, 25))
    ax.set_xlabel("per cent of combinations")
    ax.grid(axis="x")
    return ax


def _indicator(ax: Axes, height: float, row: tuple) -> None:
    """Draw one row of the indicator plot: label, value and thresholds above, the mark between the lines below."""
    if pd.isna(row.value):
        label_above(ax, height, f"{row.label}: blank, cannot be rated", color=GREY)
        return
    scale = (row.direction, row.strong_at, row.partial_at)
    label_above(ax, height, f"{row.label}: {measure_text(row.value, row.unit)}")
    sign = "≥ " if row.direction == "higher_is_stronger" else "≤ "
    partial, strong = ("–" if pd.isna(at) else measure_text(at, row.unit) for at in (row.partial_at, row.strong_at))
    lines = f"{partial} | {strong}"
    ends = {"xytext": (0, 9), "textcoords": "offset points", "ha": "right", "va": "bottom"}
    ax.annotate(lines if row.unit == "yes/no" else sign + lines, (END, height), fontsize=10, color=GREY, **ends)
    ax.hlines(height, 0, END, color=GREY, linewidth=0.6, zorder=0)
    ax.vlines([PARTIAL_LINE, STRONG_LINE], height - 0.18, height + 0.18, colors=GREY, linewidth=1.6)
    _mark(ax, indicator_position(row.value, *scale), height, RATING_MARKS[rate(row.value, *scale)])


def _mark(ax: Axes, x: float, y: float, mark: tuple[str, str, bool]) -> None:
    marker, colour, filled = mark
    style = {"color": colour, "markerfacecolor": colour if filled else "white", "markeredgewidth": 1.8}
    ax.plot(x, y, marker, clip_on=False, zorder=3, **style)


def _cell(ax: Axes, x: float, y: float, word: str, face: str) -> None:
    ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=face, edgecolor=GREY))
    ax.annotate(word, (x, y), ha="center", va="center", fontsize=11, color="white" if face == BLUE else INK)


def _nearness(value: float, threshold: float) -> float:
    """Return the ratio of the smaller to the larger: 1 where they are the same, 0 where one of them is nothing."""
    return 1 if value == threshold else min(value, threshold) / max(value, threshold)
