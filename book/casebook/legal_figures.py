"""Draw the figures of the law chapter: findings by case and element, time to response, response by year.

Each function takes tables and returns the ``Axes`` it drew on, in the style of ``casebook.figures``.
"""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from casebook.article4 import FINDINGS
from casebook.errors import CasebookError
from casebook.figures import (
    BLUE,
    GREY,
    INK,
    LEGEND_ABOVE,
    ROW,
    RUST,
    WIDTH,
    LetterMark,
    Marks,
    labels_above,
    letter_handle,
    letter_mark,
    ranges,
)
from casebook.wording import with_year

# finding -> letter, marker, size in points, fill, edge: letter and shape carry the difference, colour only helps
FINDING_MARKS: dict[str, LetterMark] = {
    "yes": ("Y", "o", 16, BLUE, BLUE),
    "no": ("N", "8", 16, RUST, RUST),
    "contested": ("C", "D", 12, "white", INK),
    "not_addressed": ("A", "s", 13, "white", GREY),
    "not_reached": ("R", "s", 13, "white", GREY),
    "unclear": ("U", "s", 13, "white", GREY),
}
COUNTED_FROM: Marks = {"from the request": ("o", BLUE, True), "from the first fighting": ("D", RUST, False)}
REQUESTS: Marks = {"a request": ("o", BLUE, True), "no request found": ("D", RUST, False)}
CROWDED = 3  # years: a mark this near to the next leaves no room for a name between them

# what the organisation did, in the words of the data package: from a force down to nothing
RESPONSES = {
    "deployed": "a force was sent",
    "mission": "a mission, without a force",
    "aid": "arms, equipment or advisers",
    "force_declined": "force declined, other help planned",
    "pledge": "help promised should matters get worse",
    "consult": "consultations without a decision",
    "consult_postponed": "a session called, then put off",
    "statement": "words only",
    "not_invoked": "no formal request found, no step",
}
# the letters of case_id, spelt out under the chart
STATES = {
    "ARM": "Armenia",
    "BLR": "Belarus",
    "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan",
    "RUS": "Russia",
    "TJK": "Tajikistan",
}


def element_matrix(findings: pd.DataFrame, reading: str, ax: Axes | None = None) -> Axes:
    """Mark the finding for each case (rows, in the order of time) and element (columns, separate doors apart).

    Parameters
    ----------
    findings : DataFrame
        The table ``case_elements`` with ``title`` and ``date_start`` of the case and ``test_order``, ``element`` and
        ``role`` of the element joined to it. A place without a row stays empty.
    reading : str
        Which reading to draw: ``official`` or ``critical``.
    ax : Axes, optional
        Where to draw; a new figure as high as the cases need otherwise.

    Raises
    ------
    CasebookError
        If there is nothing to draw for the reading, or a finding has no mark.
    """
    chosen = findings[findings["reading"] == reading]
    if chosen.empty:
        raise CasebookError(f"element_matrix found no row of the reading '{reading}'; use one that the table has.")
    if unknown := set(chosen["finding"]) - set(FINDING_MARKS):
        raise CasebookError(
            f"No mark is defined for {', '.join(sorted(unknown))}; add one to casebook/legal_figures.py."
        )
    cases = findings.drop_duplicates("case_id").sort_values("date_start", kind="stable").set_index("case_id")
    elements = findings.drop_duplicates("test_order").sort_values("test_order")
    elements = pd.concat([elements[elements["role"] != "door"], elements[elements["role"] == "door"]])
    doors = (elements["role"] == "door").to_numpy()
    columns = dict(zip(elements["test_order"], range(len(elements)) + 0.6 * doors, strict=True))
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 2.9 + 0.5 * len(cases)))
    for row in chosen.itertuples():
        place = columns[row.test_order], cases.index.get_loc(row.case_id)
        letter_mark(ax, place, FINDING_MARKS[row.finding])
    labels_above(ax, [with_year(case.title, case.date_start) for case in cases.itertuples()])
    names = [f"{element.test_order} {element.element}" for element in elements.itertuples()]
    ax.set_xlim(-0.6, max(columns.values()) + 0.6)
    ax.set_xticks(list(columns.values()), [textwrap.fill(name, 20) for name in names], fontsize=10)
    ax.tick_params(axis="x", rotation=90, top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    for name in ax.get_xticklabels():
        name.set(multialignment="left", linespacing=0.95)
    ax.spines[["left", "bottom"]].set_visible(False)
    if doors.any():
        line = min(columns[number] for number in elements["test_order"][doors]) - 0.8
        rows = np.arange(len(cases))
        ax.vlines(np.full(len(cases), line), rows - 0.22, rows + 0.22, color=GREY, linewidth=1.6)
        ax.set_xlabel("right of the line: separate doors", loc="right", fontsize=11)
    ax.figure.legend(
        handles=_finding_handles(chosen["finding"]), loc="outside upper left", ncols=2, columnspacing=1, handlelength=1
    )
    return ax


def _finding_handles(findings: pd.Series) -> list[Line2D]:
    """Return a handle of the legend for each finding that is drawn, and one for the empty places."""
    drawn = set(findings)
    handles = [letter_handle(mark, FINDINGS[code]) for code, mark in FINDING_MARKS.items() if code in drawn]
    return [*handles, Line2D([], [], linestyle="", label="empty: not coded")]


def response_time_chart(cases: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the days to the first collective step, one row a case in the order of time, as a range.

    Parameters
    ----------
    cases : DataFrame
        Rows of the table ``cases``. Where nobody had asked and the organisation reacted all the same, the days count
        from the first fighting and have a mark of their own; where there was nothing to count, the row says so.
    ax : Axes, optional
        Where to draw; a new figure as high as the cases need otherwise.
    """
    rows = cases.sort_values("date_start", kind="stable").reset_index(drop=True)
    low, high = rows["days_to_response_low"].astype(float), rows["days_to_response_high"].astype(float)
    asked = rows["formally_invoked"].ne("no").map({True: "from the request", False: "from the first fighting"})
    labels = [with_year(case.title, case.date_start) for case in rows.itertuples()]
    counted = asked.where(low.notna() | high.notna())
    return ranges(labels, low, high, counted, COUNTED_FROM, "days to the first collective step", ax, "nothing to count")


def response_chart(cases: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Mark each case by year and by what the organisation did, with the state beside the mark.

    Parameters
    ----------
    cases : DataFrame
        Rows of the table ``cases``. The letters of ``case_id`` name the states; a key under the axis spells them out.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Raises
    ------
    CasebookError
        If a response has no row in the chart, or a state no name in the key.
    """
    if unknown := set(cases["response_code"]) - set(RESPONSES):
        raise CasebookError(
            f"No row is defined for {', '.join(sorted(unknown))}; add one to casebook/legal_figures.py."
        )
    letters = cases["case_id"].str.findall("[A-Z]{3}")
    if nameless := set(letters.explode()) - set(STATES):
        raise CasebookError(
            f"No state is named for {', '.join(sorted(nameless))}; add it to casebook/legal_figures.py."
        )
    kinds = [kind for kind in RESPONSES if kind in set(cases["response_code"])]
    if ax is None:
        _, ax = plt.subplots(figsize=(WIDTH, 1.6 + ROW * len(kinds)))
    points = cases.assign(
        year=cases["date_start"].str[:4].astype(int),
        row=cases["response_code"].map(kinds.index),
        request=cases["formally_invoked"].ne("no").map({True: "a request", False: "no request found"}),
        state=letters.str.join("/"),
    ).sort_values("date_start", kind="stable")
    points["below"] = 0.28 * points.groupby(["row", "year"]).cumcount()  # two of one year stand one below the other
    for kind, (marker, colour, filled) in REQUESTS.items():
        own = points[points["request"] == kind]
        style = {"color": colour, "markerfacecolor": colour if filled else "white", "markeredgewidth": 1.8}
        ax.plot(own["year"], own["row"] + own["below"], marker, label=f"{kind} ({len(own)})", **style)
    for (row, year), group in points.groupby(["row", "year"]):
        place = _beside(year, points.loc[points["row"] == row, "year"])
        middle = row + group["below"].mean()
        ax.annotate(", ".join(group["state"]), (year, middle), textcoords="offset points", fontsize=10, **place)
    labels_above(ax, [RESPONSES[kind] for kind in kinds])
    ax.set_xlim(points["year"].min() - 1, points["year"].max() + 3)
    key = ", ".join(
        f"{code}\N{NO-BREAK SPACE}{name}" for code, name in STATES.items() if code in set(letters.explode())
    )
    ax.set_xlabel(f"year in which the crisis began\n{textwrap.fill(key, 44)}")
    ax.grid(axis="x")
    ax.legend(**LEGEND_ABOVE)
    return ax


def _beside(year: int, years: pd.Series) -> dict:
    """Say where a name stands beside a mark: right of it, left where the next mark is near, above where both are."""
    near_after = years.between(year + 1, year + CROWDED).any()
    near_before = years.between(year - CROWDED, year - 1).any()
    if near_after and near_before:
        return {"xytext": (0, 8), "ha": "center", "va": "bottom"}
    if near_after:
        return {"xytext": (-8, 0), "ha": "right", "va": "center"}
    return {"xytext": (8, 0), "ha": "left", "va": "center"}
