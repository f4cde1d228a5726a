"""An interactive that computes in the page: thresholds and weights, the ratings and the verdict that follow."""

import anywidget
import pandas as pd
import traitlets

from casebook.errors import CasebookError
from casebook.robustness import (
    CHOICES,
    RATING_FROM,
    SCORES,
    VERDICT_FROM,
    dimension_scores,
    never_changes,
    rating_table,
    verdict,
    verdicts,
)
from casebook.widgets import CSS_CLASS, script, table
from casebook.wording import measure_text, share_text

ORGANISATION = "CSTO"


class MeasuringBench(anywidget.AnyWidget):
    """A choice of thresholds for each indicator, a weight for each dimension, and the verdict that follows."""

    _esm = script("measuring.js")
    organisation = traitlets.Unicode().tag(sync=True)
    dimensions = traitlets.List(traitlets.Dict()).tag(sync=True)
    blanks = traitlets.List(traitlets.Unicode()).tag(sync=True)
    scales = traitlets.Dict().tag(sync=True)
    spread = traitlets.List().tag(sync=True)
    combinations = traitlets.Int().tag(sync=True)
    steady = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True)
    weights = traitlets.List(traitlets.Int()).tag(sync=True)
    most = traitlets.Int(5).tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        likeliest, share, _ = max(self.spread, key=lambda row: row[2])
        return (
            f"Interactive: thresholds of {len(self.chosen)} indicators and weights of {len(self.weights)} dimensions; "
            f"{share} of {self.combinations:,} combinations of thresholds give '{likeliest}'."
        )


def measuring_bench(indicators: pd.DataFrame, thresholds: pd.DataFrame, evidence: pd.DataFrame) -> MeasuringBench:
    """Let the reader move thresholds and weights and see what becomes of the verdict on the CSTO.

    Everything is computed in the page, by the same rules as in `casebook.robustness`. The spread of verdicts over all
    choices of thresholds is computed here, with every dimension counted once.

    Parameters
    ----------
    indicators, thresholds, evidence : DataFrame
        The tables indicators, indicator_thresholds and indicator_evidence.

    Returns
    -------
    MeasuringBench
        Lists, sliders and buttons, the rating of each dimension, the verdict in a sentence, and the spread.

    Raises
    ------
    CasebookError
        If an indicator lacks a choice of thresholds, or nothing can be rated.
    """
    rated = rating_table(indicators, thresholds, evidence, ORGANISATION)
    rows = rated.join(indicators.set_index("indicator_id").drop(columns="dimension"))
    known = rows.dropna(subset=["value"])
    if known.empty:
        raise CasebookError(f"measuring_bench found no evidence on the {ORGANISATION} to rate; give it ratable rows.")
    lines = thresholds.merge(indicators[["indicator_id", "direction", "unit"]], on="indicator_id")
    lines["words"] = [
        threshold_words(row.direction, row.strong_at, row.partial_at, row.unit) for row in lines.itertuples()
    ]
    spread = verdicts(known)
    widget = MeasuringBench(
        organisation=ORGANISATION,
        dimensions=[
            {"name": name, "indicators": [_indicator(row, lines) for row in own.itertuples()]}
            for name, own in known.groupby("dimension", sort=False)
        ],
        blanks=list(rows.loc[rows["value"].isna(), "label"]),
        scales={
            "choices": {choice: choice.replace("_", " ") for choice in CHOICES},
            "scores": SCORES,
            "rating_from": [[word, float(lowest)] for word, lowest in RATING_FROM.items()],
            "verdict_from": [[word, float(lowest)] for word, lowest in VERDICT_FROM.items()],
        },
        spread=[[word, share_text(count, spread.sum()), float(count / spread.sum())] for word, count in spread.items()],
        combinations=int(spread.sum()),
        steady=[f"{name} ({rating})" for name, rating in never_changes(known).items()],
        chosen=dict.fromkeys(known.index, "as_coded"),
        weights=[1] * known["dimension"].nunique(),
        fallback=_fallback(rows, lines, spread),
    )
    widget.add_class(CSS_CLASS)
    return widget


def threshold_words(direction: str, strong_at: float, partial_at: float, unit: str) -> str:
    """Say two thresholds in words, such as ``strong from 50%, partial from 20%``.

    Parameters
    ----------
    direction, strong_at, partial_at
        As for `casebook.robustness.rate`.
    unit : str
        The unit of the indicator.
    """
    reach = "if" if unit == "yes/no" else "from" if direction == "higher_is_stronger" else "up to"
    return ", ".join(
        f"nothing {rating}" if pd.isna(threshold) else f"{rating} {reach} {measure_text(threshold, unit)}"
        for rating, threshold in (("strong", strong_at), ("partial", partial_at))
    )


def _indicator(row: tuple, lines: pd.DataFrame) -> dict:
    """Return what the page needs of one indicator; a missing threshold is ``None``, since JSON has no NaN."""
    own = lines[lines["indicator_id"] == row.Index].set_index("choice")
    own = own[["strong_at", "partial_at", "words", "reason"]].astype(object)
    return {
        "id": row.Index,
        **{field: getattr(row, field) for field in ("label", "question", "measure", "direction", "value")},
        "finding": f"{measure_text(row.value, row.unit)} (row {row.evidence_id})",
        "choices": own.where(own.notna(), None).to_dict(orient="index"),
    }


def _fallback(rows: pd.DataFrame, lines: pd.DataFrame, spread: pd.Series) -> str:
    """Return the bench as two tables: every rating under every choice, and the spread of verdicts."""
    words = lines.set_index(["indicator_id", "choice"])["words"]
    known = rows["value"].notna()
    ratings = pd.DataFrame({"Indicator": rows["label"], "Value": "blank, cannot be rated"})
    ratings.loc[known, "Value"] = [measure_text(row.value, row.unit) for row in rows[known].itertuples()]
    for choice in CHOICES:
        name = choice.replace("_", " ")
        ratings[name.capitalize()] = [
            f"{name}: {rating} ({words[indicator, choice]})" if known[indicator] else ""
            for indicator, rating in rows[choice].items()
        ]
    as_coded = verdict(dimension_scores(rows.loc[known, "dimension"], rows.loc[known, "as_coded"]))
    shares = pd.DataFrame({"Verdict": spread.index, "Share": [share_text(count, spread.sum()) for count in spread]})
    return table(
        ratings, f"Ratings of the {ORGANISATION} under three choices of thresholds; as coded it is {as_coded}"
    ) + table(shares, f"Verdicts over all {spread.sum():,} combinations of thresholds, each dimension counted once")
