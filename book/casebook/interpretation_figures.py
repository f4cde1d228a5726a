"""Draw what the chapter on interpretations weighs: the matrix of codes, scores with their ranges, shares of ranks.

Each function takes data and returns the ``Axes`` it drew on, as those of `casebook.figures` do.
"""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from casebook.errors import CasebookError
from casebook.figures import BLUE, GREY, INK, RUST, WIDTH
from casebook.hypotheses import CODES
from casebook.wording import number_text

PALE = "#dbe7f2"
# what a code is drawn as -> ground, ink: dark grounds are strong codes; the letters carry the difference
CODE_LOOKS = {
    "CC": (BLUE, "white"),
    "C": (PALE, INK),
    "N": ("white", GREY),
    "I": ("#f8e0d0", INK),
    "II": (RUST, "white"),
}
LETTERS = 52  # that a line above a row holds
LINE, BAND, GAP = 0.19, 0.27, 0.08  # inches: a line of text, the cells or the bar below it, the space to the next row
SHADES = ((0.5, BLUE, "white"), (0.1, PALE, INK), (0.0, "white", GREY))  # from which share -> ground, ink


def code_heat_map(codes: pd.DataFrame, titles: pd.Series, ax: Axes | None = None) -> Axes:
    """Draw the codes of each item for each hypothesis as lettered cells, the title of the item above them.

    Parameters
    ----------
    codes : DataFrame
        What `casebook.hypotheses.code_table` gives; the first item is drawn on top. A missing code stays empty.
    titles : Series
        Short title by item.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.

    Raises
    ------
    CasebookError
        If a code has no look.
    """
    if unknown := set(codes.to_numpy().ravel()) - {*CODE_LOOKS, None, np.nan}:
        raise CasebookError(f"No look is defined for {', '.join(sorted(unknown))}; use one of {', '.join(CODE_LOOKS)}.")
    ax, tops = _rows([f"{item} {titles[item]}" for item in codes.index], 1.1, ax)
    for top, (_, own) in zip(tops, codes.iterrows(), strict=True):
        for column, code in enumerate(own):
            if pd.notna(code):
                _cell(ax, column, top, code, *CODE_LOOKS[code])
    ax.set_xlim(-0.5, len(codes.columns) - 0.5)
    ax.set_xticks(range(len(codes.columns)), codes.columns)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    handles = [Rectangle((0, 0), 1, 1, facecolor=ground, edgecolor=GREY) for ground, _ in CODE_LOOKS.values()]
    words = [f"{code} {text}" for code, text in CODES.items()]
    ax.figure.legend(handles, words, loc="outside lower left", ncols=2, columnspacing=1, handlelength=1)
    return ax


def score_chart(standing: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the score of each hypothesis as a bar, and the range that it can reach as a line across the bar.

    Parameters
    ----------
    standing : DataFrame
        Columns ``label``, ``score``, ``low`` and ``high``; the first is drawn on top. Without ``low`` and ``high``
        only the bars are drawn, as for the codings of one hypothesis.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.
    """
    ax, tops = _rows(list(standing["label"]), 0.7, ax)
    ranged = "low" in standing
    for top, row in zip(tops, standing.itertuples(), strict=True):
        middle = top + BAND / 2
        ax.barh(middle, row.score, height=BAND * 0.8, facecolor=PALE, edgecolor=BLUE, linewidth=1.2)
        end, text = row.score, number_text(row.score)
        if ranged:
            ax.plot([row.low, row.high], [middle, middle], color=INK, linewidth=2, marker="|", markersize=11)
            end, text = max(row.high, row.score), f"{text} ({number_text(row.low)}–{number_text(row.high)})"
        ax.annotate(text, (end, middle), xytext=(7, 0), textcoords="offset points", va="center")
    furthest = standing[["score", "high"] if ranged else ["score"]].to_numpy(dtype=float).max()
    ax.set_xlim(0, 1.5 * furthest if furthest else 1)
    ax.set_xlabel("inconsistency score (range)" if ranged else "inconsistency score")
    ax.grid(axis="x")
    return ax


def rank_chart(shares: pd.DataFrame, labels: pd.Series, ax: Axes | None = None) -> Axes:
    """Draw how often each hypothesis takes each rank, as cells with the share in per cent.

    Parameters
    ----------
    shares : DataFrame
        What `casebook.hypotheses.rank_shares` gives; the first hypothesis is drawn on top.
    labels : Series
        What to write above each row, by hypothesis.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.
    """
    ax, tops = _rows([labels[name] for name in shares.index], 0.7, ax)
    for top, (_, own) in zip(tops, shares.iterrows(), strict=True):
        for place, share in own.items():
            ground, ink = next((ground, ink) for least, ground, ink in SHADES if share >= least)
            _cell(ax, place, top, _percent(share), ground, ink)
    ax.set_xlim(0.5, len(shares.columns) + 0.5)
    ax.set_xticks(list(shares.columns))
    ax.set_xlabel("rank, 1 is least against; cells in per cent")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def _rows(labels: list[str], margin: float, ax: Axes | None) -> tuple[Axes, list[float]]:
    """Write labels above rows whose unit is the inch, wrapped where they are long; return where each band begins."""
    headings = [textwrap.wrap(label, LETTERS) for label in labels]
    height = sum(LINE * len(lines) + BAND + GAP for lines in headings)
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, height + margin))
    tops, top = [], 0.0
    for lines in headings:
        band = top + LINE * len(lines)
        style = {"va": "bottom", "fontsize": 10, "transform": ax.get_yaxis_transform(), "in_layout": False}
        ax.text(0, band - 0.03, "\n".join(lines), **style)
        tops.append(band)
        top = band + BAND + GAP
    ax.set_ylim(height, 0)
    ax.set_yticks([])
    return ax, tops


def _cell(ax: Axes, column: float, top: float, text: str, ground: str, ink: str) -> None:
    ax.add_patch(Rectangle((column - 0.5, top), 1, BAND, facecolor=ground, edgecolor=GREY, clip_on=False))
    ax.annotate(text, (column, top + BAND / 2), ha="center", va="center", color=ink)


def _percent(share: float) -> str:
    """Write a share in per cent; what is not quite none or all does not round to it."""
    if 0 < share < 0.005:
        return "<1"
    if 0.995 < share < 1:
        return ">99"
    return f"{100 * share:.0f}" if share else "–"
