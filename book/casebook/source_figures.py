"""The figures of the chapter on sources: known errors, and shares with intervals."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from casebook.errors import CasebookError
from casebook.figures import BLUE, GREY, INK, LEGEND_ABOVE, ROW, RUST, WIDTH, labels_above
from casebook.wording import in_words

# strength -> what it means, fill, edge, colour of its letter: the letter carries the difference, colour only helps
STRENGTHS = {
    "A": ("a better placed source says otherwise", RUST, RUST, "white"),
    "B": ("sources contradict one another or themselves", BLUE, BLUE, "white"),
    "C": ("unsupported or misleading, not settled", "white", INK, INK),
    "D": ("not an error, though it looks like one", "white", GREY, GREY),
}


def error_chart(errors: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw one square an error, with the letter of its strength, in one row a kind.

    Parameters
    ----------
    errors : DataFrame
        Columns ``kind`` (text) and ``strength`` (``A`` to ``D``), one row an error, such as the table
        ``known_errors``. The most frequent kind is drawn on top, kinds of one size in the order of the alphabet.
    ax : Axes, optional
        Where to draw; a new figure as high as the kinds need otherwise.

    Raises
    ------
    CasebookError
        If a strength has no square.
    """
    if unknown := set(errors["strength"]) - set(STRENGTHS):
        raise CasebookError(f"No square is defined for {', '.join(sorted(unknown))}; use one of A, B, C and D.")
    sizes = errors["kind"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 1.4 + 1.1 * ROW * len(sizes)))
    for row, kind in enumerate(sizes.index):
        for place, strength in enumerate(sorted(errors.loc[errors["kind"] == kind, "strength"])):
            _, fill, edge, colour = STRENGTHS[strength]
            ax.plot(place, row, "s", markersize=17, markerfacecolor=fill, markeredgecolor=edge, markeredgewidth=1.4)
            ax.annotate(strength, (place, row), ha="center", va="center", fontsize=11, color=colour)
    labels_above(ax, [f"{in_words(kind)}: {size}" for kind, size in sizes.items()], xytext=(2, 11))
    for strength, (meaning, fill, edge, _) in STRENGTHS.items():
        style = {"markerfacecolor": fill, "markeredgecolor": edge}
        ax.plot([], [], "s", markersize=9, label=f"{strength}: {meaning}", **style)
    ax.legend(**LEGEND_ABOVE | {"ncols": 1, "fontsize": 9.5, "borderpad": 0})
    ax.set_xlim(-0.6, max(sizes.max(), 10) - 0.4)
    ax.set_xticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    return ax


def share_chart(shares: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw one row a share: a point, the interval around it as a line with ends, the numbers in the label above.

    Parameters
    ----------
    shares : DataFrame
        Columns ``label`` (text of at most 30 letters), ``share``, ``low`` and ``high`` (per cent); the first is drawn
        on top.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.

    Raises
    ------
    CasebookError
        If a share lies outside its interval.
    """
    for row in shares[~shares["share"].between(shares["low"], shares["high"])].itertuples():
        raise CasebookError(f"share_chart got a share outside its interval for '{row.label}'; correct one of them.")
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 0.9 + ROW * len(shares)))
    heights = range(len(shares))
    ax.hlines(heights, shares["low"], shares["high"], color=BLUE, linewidth=2)
    for ends in (shares["low"], shares["high"]):
        ax.plot(ends, heights, "|", color=BLUE, markersize=12, markeredgewidth=2)
    ax.plot(shares["share"], heights, "o", color=BLUE, clip_on=False)
    labels = [f"{row.label}: {row.share:.0f}% ({row.low:.0f}–{row.high:.0f}%)" for row in shares.itertuples()]
    labels_above(ax, labels)
    ax.set_xlim(0, 100)
    ax.set_xlabel("per cent")
    ax.grid(axis="x")
    return ax
