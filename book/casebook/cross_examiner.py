"""The cross-examiner: two hypotheses of a family, the evidence that separates them, and what would if it were known."""

import anywidget
import pandas as pd
import traitlets

from casebook.data import blank_where_missing
from casebook.hypotheses import CODES, code_table, item_weights, separating
from casebook.widgets import CSS_CLASS, script, table
from casebook.wording import number_text

QUALITY_WORDS = {1: "low", 2: "medium", 3: "high"}


class CrossExaminer(anywidget.AnyWidget):
    """Two lists of hypotheses; the items that tell the two apart, strongest first; what each of them predicts."""

    _esm = script("hypotheses.js", "cross_examiner.js")
    hypotheses = traitlets.List(traitlets.Dict()).tag(sync=True)
    items = traitlets.List(traitlets.Dict()).tag(sync=True)
    words = traitlets.Dict(CODES).tag(sync=True)
    pair = traitlets.List(traitlets.Unicode()).tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        names = ", ".join(hypothesis["id"] for hypothesis in self.hypotheses)
        return f"Interactive: evidence that separates two of {names}; first {' and '.join(self.pair)}."


def cross_examiner(
    items: pd.DataFrame,
    matrix: pd.DataFrame,
    hypotheses: pd.DataFrame,
    family: str = "streets",
    pair: tuple[str, str] | None = None,
) -> CrossExaminer:
    """Let the reader choose two hypotheses and see what evidence tells them apart, and what else would.

    Parameters
    ----------
    items, matrix, hypotheses : DataFrame
        The tables evidence_items, evidence_matrix and hypotheses.
    family : str
        ``streets`` or ``deployment``.
    pair : tuple of str, optional
        The two hypotheses shown first; the first two of the family otherwise.

    Returns
    -------
    CrossExaminer
        Two lists, a sentence, and the items with codes, reasons and weights in words. An item is the stronger, the
        further apart its two codes stand on the scale, times its weight.

    Raises
    ------
    CasebookError
        If the pair is not two hypotheses of the family.

    Examples
    --------
    >>> from casebook.data import load
    >>> cross_examiner(load("evidence_items"), load("evidence_matrix"), load("hypotheses"), "deployment", ("B1", "B2"))
    Interactive: evidence that separates two of B1, B2, B3, B4, B5; first B1 and B2.
    """
    codes = code_table(matrix, items, hypotheses, family)
    one, other = pair or codes.columns[:2]
    found = separating(codes, item_weights(items), one, other)
    described = blank_where_missing(items).set_index("item_id")
    rows = blank_where_missing(matrix).set_index(["item_id", "hypothesis_id"])
    own = hypotheses.set_index("hypothesis_id").loc[list(codes)]
    widget = CrossExaminer(
        hypotheses=[
            {"id": row.Index, "title": row.title, "predicts": row.predicts, "counts_against": row.counts_against}
            for row in own.itertuples()
        ],
        items=[
            {
                "id": item,
                "title": described.loc[item, "title"],
                "description": described.loc[item, "description"],
                "weight": int(described.loc[item, "credibility"] * described.loc[item, "relevance"]),
                "weight_words": weight_words(*described.loc[item, ["credibility", "relevance"]]),
                "codes": dict(codes.loc[item]),
                "reasons": {name: rows.loc[(item, name), "justification"] for name in codes},
                "contested": [name for name in codes if rows.loc[(item, name), "contested"] == "yes"],
            }
            for item in codes.index
        ],
        pair=[one, other],
        fallback=_fallback(found, described, own),
    )
    widget.add_class(CSS_CLASS)
    return widget


def weight_words(credibility: int, relevance: int) -> str:
    """Say a weight in words, such as ``credibility high, relevance medium: weight 6``."""
    words = f"credibility {QUALITY_WORDS[credibility]}, relevance {QUALITY_WORDS[relevance]}"
    return f"{words}: weight {credibility * relevance}"


def _fallback(found: pd.DataFrame, described: pd.DataFrame, own: pd.DataFrame) -> str:
    """Return the first pair as two tables: what separates it, and what would separate it."""
    one, other = found.columns[:2]
    evidence = pd.DataFrame({"Item": [f"{item} {described.loc[item, 'title']}" for item in found.index]})
    for name in (one, other):
        evidence[name] = [CODES[code] for code in found[name]]
    evidence["Weight"] = [number_text(weight) for weight in found["weight"]]
    wanted = own.loc[[one, other], ["predicts", "counts_against"]].reset_index()
    wanted.columns = ["Hypothesis", "If it is right, we should find", "What would weaken it"]
    return table(evidence, f"Evidence that separates {one} and {other}, strongest first") + table(
        wanted, f"What would separate {one} and {other} if it were known"
    )
