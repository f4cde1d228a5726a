"""A few made-up predictions for tests, with rows of the book as their outcomes."""

import pandas as pd

HYPOTHESES = pd.DataFrame(
    {"hypothesis_id": ["A2", "B4", "B5"], "title": ["Power struggle", "Russian power", "Collective defence"]}
)
COLUMNS = {
    "holder": "Somebody", "hypothesis_id": "", "origin": "printed", "made_on": "2022-02-08",
    "statement": "Something will change.", "would_fail_if": "Nothing changes.", "outcome_ids": "E108;E112",
    "outcome": "came_about", "reason": "A law was signed.", "alternative_outcome": "", "quote": "", "quote_lang": "",
    "source_id": "hegglin2022", "confidence": "high", "note": "",
}  # fmt: skip
ROWS = [
    {"prediction_id": "P01", "hypothesis_id": "B4", "outcome": "did_not",
     "alternative_outcome": "Partly: it may yet come.", "quote": "der Einfluss wird wachsen", "quote_lang": "de"},
    {"prediction_id": "P02", "hypothesis_id": "B4", "outcome": "open", "outcome_ids": "", "origin": "derived",
     "made_on": ""},
    {"prediction_id": "P03", "hypothesis_id": "A2", "statement": "One side ends up stronger.", "note": "Not alone."},
    {"prediction_id": "P04", "holder": "Two scholars", "outcome": "partly"},
]  # fmt: skip


def predictions() -> pd.DataFrame:
    """Return predictions of two hypotheses and of one holder who stands for none; empty cells are missing."""
    return pd.DataFrame([COLUMNS | row for row in ROWS]).replace("", None)
