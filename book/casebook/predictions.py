"""Predictions against outcomes: the reader scores each prediction first, then sees the coded outcome, in the page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import anywidget
import pandas as pd
import traitlets

from casebook.data import blank_where_missing
from casebook.errors import CasebookError
from casebook.rows import pages_of_rows
from casebook.widgets import CSS_CLASS, script, table

OUTCOMES = {"came_about": "came about", "partly": "partly", "did_not": "did not", "open": "cannot be told"}
ORIGINS = {"printed": "printed", "derived": "derived by us, when the outcome was known"}
OUTSIDE = "Outside the interpretations"
SHOWN_AS_WRITTEN = ("statement", "would_fail_if", "outcome", "reason", "quote", "quote_lang", "confidence", "note")
NOTE = (
    "The outcomes are module coding. A tally is no probability: it counts an easy prediction like a hard one, and easy "
    "predictions are cheap. Those that we derived count for less, since we knew what came of them. Ask of each what "
    "would have made it fail, and whether another interpretation expects the same."
)


@dataclass(frozen=True)
class Tally:
    """What became of some predictions: outcome to number.

    Attributes
    ----------
    scored : dict
        What the reader says of those that he or she has scored.
    coded : dict
        What the coding says of those whose outcome has been shown.
    shown, agreed : int
        How many outcomes have been shown, and on how many of these the reader and the coding agree.
    """

    scored: dict[str, int]
    coded: dict[str, int]
    shown: int
    agreed: int


class PredictionBench(anywidget.AnyWidget):
    """A menu and a button for each prediction, a tally for each interpretation, and a sentence for each change."""

    _esm = script("predictions.js")
    groups = traitlets.List(traitlets.Dict()).tag(sync=True)
    outcomes = traitlets.Dict(OUTCOMES).tag(sync=True)
    note = traitlets.Unicode(NOTE).tag(sync=True)
    scores = traitlets.Dict().tag(sync=True)
    shown = traitlets.List(traitlets.Unicode()).tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        number = sum(len(group["items"]) for group in self.groups)
        return f"Interactive: {number} predictions in {len(self.groups)} groups, to be scored before the coding shows."


def prediction_bench(predictions: pd.DataFrame, hypotheses: pd.DataFrame) -> PredictionBench:
    """Let the reader score each prediction, and only then show the coded outcome with its reason and rows.

    Parameters
    ----------
    predictions : DataFrame
        Rows of the table ``predictions``.
    hypotheses : DataFrame
        The table ``hypotheses``, which names the interpretations and gives their order. Predictions that belong to no
        hypothesis come last.

    Returns
    -------
    PredictionBench
        The predictions by interpretation, and both tallies. `tally` holds the rule.

    Raises
    ------
    CasebookError
        If a prediction names an unknown hypothesis, outcome, origin or row.

    Examples
    --------
    >>> from casebook.data import load
    >>> prediction_bench(load("predictions").query("hypothesis_id in ['B1', 'B2']"), load("hypotheses"))
    Interactive: 6 predictions in 2 groups, to be scored before the coding shows.
    """
    rows = blank_where_missing(predictions)
    pages = pages_of_rows()
    _need_known(rows, hypotheses, pages)
    bench = PredictionBench(
        groups=[
            {"name": name, "items": [_item(row, pages) for row in own.to_dict("records")]}
            for name, own in _by_interpretation(rows, hypotheses)
        ]
    )
    bench.fallback = _fallback(bench.groups, coded_tallies(predictions, hypotheses))
    bench.add_class(CSS_CLASS)
    return bench


def tally(coded: Mapping[str, str], scores: Mapping[str, str], shown: Collection[str]) -> Tally:
    """Count what the reader says and what the coding says of the predictions of one interpretation.

    Parameters
    ----------
    coded : mapping
        Prediction to coded outcome.
    scores : mapping
        Prediction to the reader's score; it may hold other predictions too.
    shown : collection of str
        The predictions whose coded outcome has been shown; it may hold others too.
    """
    own = {prediction: scores[prediction] for prediction in coded if prediction in scores}
    seen = {prediction: outcome for prediction, outcome in coded.items() if prediction in shown}
    return Tally(
        scored={outcome: list(own.values()).count(outcome) for outcome in OUTCOMES},
        coded={outcome: list(seen.values()).count(outcome) for outcome in OUTCOMES},
        shown=len(seen),
        agreed=sum(own.get(prediction) == outcome for prediction, outcome in seen.items()),
    )


def counts_text(counts: Mapping[str, int]) -> str:
    """Write the counts of a tally in words, such as ``2 came about, 1 did not``; ``none`` where there is nothing."""
    return ", ".join(f"{number} {OUTCOMES[outcome]}" for outcome, number in counts.items() if number) or "none"


def coded_tallies(predictions: pd.DataFrame, hypotheses: pd.DataFrame) -> pd.DataFrame:
    """Count the coded outcomes of each interpretation.

    Returns
    -------
    DataFrame
        One row an interpretation, in the order of the bench; one column an outcome.
    """
    groups = _by_interpretation(blank_where_missing(predictions), hypotheses)
    counts = {name: own["outcome"].value_counts() for name, own in groups}
    return pd.DataFrame(counts).T.reindex(columns=list(OUTCOMES)).fillna(0).astype(int).rename_axis("interpretation")


def _need_known(rows: pd.DataFrame, hypotheses: pd.DataFrame, pages: Mapping[str, str]) -> None:
    known = {"hypothesis_id": ["", *hypotheses["hypothesis_id"]], "outcome": list(OUTCOMES), "origin": list(ORIGINS)}
    for row in rows.to_dict("records"):
        for column, allowed in known.items():
            if row[column] not in allowed:
                offered = ", ".join(filter(None, allowed))
                raise CasebookError(
                    f"Prediction {row['prediction_id']} has the {column} '{row[column]}'; use one of: {offered}."
                )
        for row_id in _ids(row["outcome_ids"]):
            if row_id not in pages:
                raise CasebookError(
                    f"Prediction {row['prediction_id']} names the row '{row_id}', which no table has; "
                    "correct outcome_ids."
                )


def _by_interpretation(rows: pd.DataFrame, hypotheses: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the predictions of each interpretation in the order of the hypotheses, then those that go with none."""
    titles = [*zip(hypotheses["hypothesis_id"], hypotheses["title"], strict=True), ("", OUTSIDE)]
    groups = [(title, rows[rows["hypothesis_id"] == hypothesis]) for hypothesis, title in titles]
    return [(title, own) for title, own in groups if len(own)]


def _item(row: dict, pages: Mapping[str, str]) -> dict:
    """Return what the page needs of one prediction."""
    return {
        **{field: row[field] for field in SHOWN_AS_WRITTEN},
        "id": row["prediction_id"],
        "page": pages.get(row["prediction_id"], ""),
        "by": ", ".join(filter(None, (row["holder"], row["made_on"], ORIGINS[row["origin"]]))),
        "other": row["alternative_outcome"] or "No other code is serious.",
        "rows": [[row_id, pages[row_id]] for row_id in _ids(row["outcome_ids"])],
    }


def _ids(text: str) -> list[str]:
    return text.split(";") if text else []


def _fallback(groups: list[dict], counts: pd.DataFrame) -> str:
    """Return every prediction with its coded outcome, and the tally of each interpretation, as two tables."""
    lines = [
        {
            "Number": item["id"],
            "Who and when": item["by"],
            "Prediction": f"{group['name']}: {item['statement']} What would make it fail: {item['would_fail_if']}",
            "Outcome": f"Coded: {OUTCOMES[item['outcome']]}. {item['reason']} Rows: {_row_ids(item)}.",
            "Other coding": f"Where the coding could differ: {item['other']}",
        }
        for group in groups
        for item in group["items"]
    ]
    words = [counts_text(own) for own in counts.to_dict("records")]
    summary = pd.DataFrame({"Interpretation": counts.index, "Coded": words})
    return (
        table(pd.DataFrame(lines), "Predictions and their coded outcomes")
        + table(summary, "Coded outcomes of each interpretation")
        + f"<p>{NOTE}</p>"
    )


def _row_ids(item: dict) -> str:
    return ", ".join(row_id for row_id, _ in item["rows"]) or "none"
