"""Draw the furniture of the book's figures: each function takes data and returns the ``Axes`` it drew on.

Importing the module applies ``casebook.mplstyle``, the one style of every figure.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from casebook.data import DATA
from casebook.errors import CasebookError
from casebook.wording import in_words, range_text

plt.style.use(Path(__file__).with_name("casebook.mplstyle"))

INK, BLUE, RUST, GREEN, GREY = "#22303c", "#1d3f5e", "#b3541e", "#2a8c5f", "#5b6670"
HOME, LAND, BORDER = "#f7f3ea", "#e6ebf0", "#8b98a5"
WIDTH = 4.4  # inches, as in the style file
ROW = 0.46  # inches that a row with its label above takes
SCHEMES = {"module": "Ours", "syssoyeva2023": "Syssoyeva", "hegglin2022": "Hegglin", "daryo2024": "Daryo"}
HATCHES = ["", "//", "..", "xx"]  # one a scheme, so that colour is never alone
# above the axes, and no wider than it has to be: a legend that is too wide would make the axes narrow
LEGEND_ABOVE = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": 2, "columnspacing": 1, "handlelength": 1}
FIRST_DAY, LAST_DAY = pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-25")

Marks = dict[str, tuple[str, str, bool]]
LetterMark = tuple[str, str, int, str, str]  # letter, marker, size in points, fill, edge

# what a statement is -> marker, colour, filled: shape and fill carry the difference, colour only helps
STATEMENT_MARKS = {
    "stated": ("o", BLUE, True),
    "planned": ("D", GREEN, False),
    "plan_as_outcome": ("D", GREEN, True),
    "derived": ("s", GREY, False),
    "retracted": ("X", RUST, True),
    "misreported": ("o", RUST, False),
}
CONFIDENCE_MARKS = {"high": ("o", BLUE, True), "medium": ("s", GREY, False), "low": ("D", RUST, False)}

EVENT_MARKS = {"protest": ("o", BLUE), "violence": ("^", RUST)}

# where a place's name stands on the map, in points from its mark: (right, up, alignment)
NAME_OFFSETS = {
    "Aktau": (-7, 4, "right"),
    "Aktobe": (0, -17, "center"),
    "Zhanaozen": (7, -9, "left"),
    "Atyrau": (-7, -10, "right"),
    "Kulsary": (8, -3, "left"),
    "Oral (Uralsk)": (8, 2, "left"),
    "Shymkent": (-6, -12, "right"),
    "Taraz": (-2, 8, "right"),
    "Shu": (0, 8, "center"),
    "Almaty": (6, -13, "left"),
    "Taldykorgan": (0, 8, "center"),
    "Kokshetau": (8, -2, "left"),
    "Kostanay": (-2, -15, "center"),
    "Semey": (-8, -4, "right"),
    "Oskemen (Ust-Kamenogorsk)": (0, -16, "center"),
    "Petropavl": (8, 2, "left"),
    "Nur-Sultan": (-8, -3, "right"),
    "Kyzylorda": (-8, -4, "right"),
    "Karaganda": (-8, -4, "right"),
    "Zhezkazgan": (-4, -15, "center"),
}
DEFAULT_OFFSET = (8, -3, "left")


def statement_chart(statements: pd.DataFrame, unit: str, ax: Axes | None = None) -> Axes:
    """Draw one row a statement: when and who on the left, the number or range on the right.

    Parameters
    ----------
    statements : DataFrame
        Rows of the claims table; the first is drawn on top. A replaced figure (status ``superseded``) is drawn as any
        other statement, since it was one when it was made.
    unit : str
        The label of the horizontal axis.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.
    """
    speakers = statements["attributed_to"].str.split(r", | \(", n=1, regex=True).str[0]
    labels = [f"{day}, {who}" for day, who in zip(statements["as_of_date"], speakers, strict=True)]
    kinds = statements["status"].replace("superseded", "stated")
    return ranges(labels, statements["value_low"], statements["value_high"], kinds, STATEMENT_MARKS, unit, ax)


def contingent_chart(contingents: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw one row a state: the range of its contingent, marked by confidence.

    Parameters
    ----------
    contingents : DataFrame
        Rows of the contingents table; the largest is drawn on top.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.
    """
    rows = contingents.sort_values("personnel_high", ascending=False, kind="stable")
    low, high = rows["personnel_low"].astype(float), rows["personnel_high"].astype(float)
    return ranges(rows["state"], low, high, rows["confidence"], CONFIDENCE_MARKS, "persons", ax)


def events_by_day_and_place(events: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Mark each day on which a place saw protest or violence.

    Parameters
    ----------
    events : DataFrame
        Rows of the events table with columns ``place``, ``day`` (datetime) and ``event_type``
        (``protest`` or ``violence``). Places are listed in the order of their first day.
    ax : Axes, optional
        Where to draw; a new figure as high as the places need otherwise.
    """
    order = events.groupby("place", sort=False)["day"].min().sort_values(kind="stable").index
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.27 * len(order)))
    shift = {"protest": -0.13, "violence": 0.13}
    for event_type, (marker, colour) in EVENT_MARKS.items():
        chosen = events[events["event_type"] == event_type]
        height = [list(order).index(place) for place in chosen["place"]]
        days = mdates.date2num(chosen["day"]) + shift[event_type]
        ax.plot(days, height, marker, color=colour, label=event_type)
    ax.set_yticks(range(len(order)), [place.partition(" (")[0] for place in order])
    ax.set_ylim(len(order) - 0.4, -0.6)
    ax.xaxis.set_major_locator(mdates.DayLocator())
    ax.xaxis.set_major_formatter(_day_number)
    ax.set_xlabel("January 2022, day in Kazakhstan")
    ax.grid()
    ax.legend(**LEGEND_ABOVE)
    return ax


def base_map(ax: Axes) -> Axes:
    """Draw the outlines of Kazakhstan and its CSTO neighbours, zoomed to Kazakhstan (longitude and latitude)."""
    features = json.loads((DATA / "basemap.geojson").read_text(encoding="utf-8"))["features"]
    for feature in sorted(features, key=lambda feature: feature["properties"]["iso3"] == "KAZ"):
        home = feature["properties"]["iso3"] == "KAZ"
        style = {"facecolor": HOME, "edgecolor": BORDER} if home else {"facecolor": LAND, "edgecolor": "white"}
        for (ring,) in feature["geometry"]["coordinates"]:
            longitude, latitude = zip(*ring, strict=True)
            ax.fill(longitude, latitude, linewidth=1, **style)
    ax.set_xlim(45, 88.5)
    ax.set_ylim(36.2, 56)
    ax.set_aspect(1.45)
    ax.set_axis_off()
    return ax


def spread_map(events: pd.DataFrame, day: pd.Timestamp, ax: Axes | None = None) -> Axes:
    """Mark the places with recorded protest or violence up to a day; that day's own are larger and named in bold.

    Parameters
    ----------
    events : DataFrame
        Rows of the events table with columns ``place``, ``longitude``, ``latitude``, ``day`` (datetime) and
        ``event_type`` (``protest`` or ``violence``).
    day : Timestamp
        The last day shown.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    """
    if ax is None:
        # a map fills its figure, so that it does not move from day to day
        figure = plt.figure(figsize=(WIDTH, 3.2), layout="none")
        ax = figure.add_axes((0, 0, 1, 1))
    base_map(ax)
    for place, rows in events[events["day"] <= day].groupby("place"):
        today = (rows["day"] == day).any()
        marker, colour = EVENT_MARKS["violence" if (rows["event_type"] == "violence").any() else "protest"]
        position = rows["longitude"].iloc[0], rows["latitude"].iloc[0]
        ax.plot(*position, marker, color=colour, markersize=10 if today else 6)
        right, up, align = NAME_OFFSETS.get(place, DEFAULT_OFFSET)
        name = {"xytext": (right, up), "textcoords": "offset points", "ha": align, "fontsize": 9.5}
        weight = {"fontweight": "bold", "color": INK} if today else {"color": GREY}
        ax.annotate(place.partition(" (")[0], position, **name, **weight)
    for kind, label in (("protest", "protest only"), ("violence", "violence")):
        marker, colour = EVENT_MARKS[kind]
        ax.plot([], [], marker, color=colour, label=label)
    title = f"Recorded from 1 to {day.day} January 2022" if day.day > 1 else "Recorded on 1 January 2022"
    ax.legend(loc="lower left", ncols=2, title=title, alignment="left", columnspacing=1)
    return ax


def phase_chart(phases: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the phases of several schemes as bars over the days of January 2022, one scheme below the other.

    Parameters
    ----------
    phases : DataFrame
        Columns ``scheme`` (text), ``label`` (text), ``starts`` and ``ends`` (datetime, whole days, both included;
        missing where the scheme gives no date, which is then said in words).
    ax : Axes, optional
        Where to draw; a new figure as high as the phases need otherwise.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 0.9 + ROW * len(phases)))
    schemes = list(dict.fromkeys(phases["scheme"]))
    labels = [f"{SCHEMES.get(phase.scheme, phase.scheme)}: {phase.label}" for phase in phases.itertuples()]
    for row, phase in enumerate(phases.itertuples()):
        if pd.isna(phase.ends) and pd.notna(phase.starts):
            ax.annotate("end not given", (phase.starts, row), va="center", fontsize=10)
        elif pd.isna(phase.ends):
            ax.annotate("no dates given", (FIRST_DAY, row), va="center", fontsize=10)
        elif pd.isna(phase.starts):
            ax.annotate("start not given", (phase.ends, row), va="center", fontsize=10)
        else:
            _phase_bar(ax, row, phase.starts, phase.ends, schemes.index(phase.scheme))
    labels_above(ax, labels)
    ax.xaxis.set_major_locator(mdates.DayLocator(interval=4))
    ax.xaxis.set_major_formatter(_day_number)
    ax.set_xlim(FIRST_DAY, LAST_DAY)
    ax.set_xlabel("January 2022, day in Kazakhstan")
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    return ax


def labels_above(ax: Axes, labels: list[str], **style: object) -> None:
    """Write each row's label above its mark: beside it, it would take half the width of a phone.

    Row 0 is on top; the axis is turned and scaled to fit, and loses its ticks. `style` is that of a text.
    """
    for row, label in enumerate(labels):
        label_above(ax, row, label, **style)
    ax.set_yticks([])
    ax.set_ylim(len(labels) - 0.5, -0.9)


def label_above(ax: Axes, row: float, label: str, **style: object) -> None:
    """Write one label above its mark, from the left edge of the axes; `style` is that of a text."""
    place = {"xytext": (2, 9), "textcoords": "offset points", "va": "bottom", "fontsize": 11}
    ax.annotate(label, (0, row), xycoords=("axes fraction", "data"), **place | style)


def letter_mark(ax: Axes, place: tuple[float, float], mark: LetterMark) -> None:
    """Draw a mark with its letter in it: letter and shape carry the difference, colour only helps."""
    letter, marker, size, fill, edge = mark
    ax.plot(*place, marker, markersize=size, markerfacecolor=fill, markeredgecolor=edge, markeredgewidth=1.6)
    ink = INK if fill == "white" else "white"
    ax.annotate(letter, place, color=ink, fontsize=10, fontweight="bold", ha="center", va="center_baseline")


def letter_handle(mark: LetterMark, words: str) -> Line2D:
    """Return the handle of a legend for a mark with a letter."""
    letter, marker, size, fill, edge = mark
    style = {"markersize": 0.6 * size, "markerfacecolor": fill, "markeredgecolor": edge}
    return Line2D([], [], linestyle="", marker=marker, label=f"{letter}  {words}", **style)


def _phase_bar(ax: Axes, row: int, starts: pd.Timestamp, ends: pd.Timestamp, scheme: int) -> None:
    colour = [BLUE, RUST, GREEN, GREY][scheme % 4]
    style = {"facecolor": "white", "edgecolor": colour, "hatch": HATCHES[scheme % 4], "linewidth": 1.6}
    ax.barh(row, (ends - starts).days + 1, left=mdates.date2num(starts), height=0.4, **style)


def _day_number(position: float, _tick: int) -> str:
    return str(mdates.num2date(position).day)


def ranges(
    labels: Iterable[str],
    low: pd.Series,
    high: pd.Series,
    kinds: pd.Series,
    marks: Marks,
    unit: str,
    ax: Axes | None = None,
    nothing: str = "",
) -> Axes:
    """Draw one row a range: its label above, its ends as marks, its words beside.

    Parameters
    ----------
    labels : iterable of str
        One a row; the first is drawn on top.
    low, high : Series
        The ends. Where one is missing the other is a bound; where both are, there is no mark.
    kinds : Series
        What each range is, as a key of ``marks``; missing where there is no mark.
    marks : dict
        Kind to marker, colour, and whether the marker is filled.
    unit : str
        The label of the horizontal axis.
    ax : Axes, optional
        Where to draw; a new figure as high as the rows need otherwise.
    nothing : str
        What to write in a row without a mark.

    Raises
    ------
    CasebookError
        If a kind has no mark.
    """
    labels = list(labels)
    if unknown := set(kinds.dropna()) - set(marks):
        raise CasebookError(f"No mark is defined for {', '.join(sorted(unknown))}; add one to casebook/figures.py.")
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 1.2 + ROW * len(labels)))
    start, end = low.fillna(high).to_numpy(), high.fillna(low).to_numpy()
    for kind, (marker, colour, filled) in marks.items():
        rows = [row for row, own in enumerate(kinds) if own == kind]
        style = {"color": colour, "markerfacecolor": colour if filled else "white", "markeredgewidth": 1.8, "zorder": 3}
        if rows:
            ax.hlines(rows, start[rows], end[rows], color=colour, linewidth=3)
            ends = [*start[rows], *end[rows]], [*rows, *rows]
            ax.plot(*ends, marker, label=in_words(kind), clip_on=False, **style)
    beside = {"xytext": (9, 0), "textcoords": "offset points", "va": "center"}
    for row, (first, last) in enumerate(zip(low, high, strict=True)):
        if pd.isna(end[row]):
            ax.annotate(nothing, (0, row), color=GREY, fontsize=10, **beside)
        else:
            ax.annotate(range_text(first, last), (end[row], row), **beside)
    labels_above(ax, labels)
    ax.set_xlim(0, np.nanmax(end) * 1.25)
    ax.set_xlabel(unit)
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    if len(set(kinds.dropna())) > 1:
        ax.legend(**LEGEND_ABOVE)
    return ax
