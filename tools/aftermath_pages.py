"""Write the reference page ``evidence-aftermath.md`` from ``data/``: what changed, and predictions with their outcomes.

Every row is a heading, as on the evidence page.
"""

from pathlib import Path

import pandas as pd

from casebook.data import DATA
from casebook.rows import pages_of_rows, rows_of
from casebook.wording import in_words
from tools.files import BOOK
from tools.markdown import escaped
from tools.pages import FRONT_MATTER, NOTICE, how_sure, joined, links_to_rows, quotation, sentence, source_links

BEGINS = {
    "before": "before January 2022",
    "partly": "partly before January 2022",
    "after": "in January 2022 or later",
    "constant": "no change to explain",
    "open": "cannot be told from our rows",
}
ORIGINS = {"printed": "Printed by its holder", "derived": "Derived by us from a hypothesis"}


def derived(data: Path = DATA, book: Path = BOOK) -> dict[Path, bytes]:
    """Return the page as file content by path."""
    return {book / "evidence-aftermath.md": aftermath_page(data).encode("utf-8")}


def aftermath_page(data: Path = DATA) -> str:
    """Return the page: changes by domain, then predictions by origin."""
    changes, predictions = (rows_of(name, data).map(escaped) for name in ("changes", "predictions"))
    pages = pages_of_rows(data)
    parts = [
        FRONT_MATTER,
        "# Evidence: aftermath\n",
        NOTICE,
        "The rows behind the chapter on what changed. What came after January 2022 need not have come because of it: "
        "each row says where the change begins. Status, beginnings and outcomes are module coding.\n",
        f"This page has {len(changes)} changes and things that stayed as they were, and {len(predictions)} predictions "
        "with what came of them. The columns are explained in the [codebook](codebook.md#changes); the sources are "
        "listed in the [bibliography](bibliography.md).\n",
    ]
    for domain, rows in changes.groupby("domain", sort=False):
        parts.append(f"## {in_words(domain).capitalize()}\n")
        parts.extend(change_entry(row, pages) for _, row in rows.iterrows())
    for origin, title in (
        ("printed", "Predictions printed by their holders"),
        ("derived", "Predictions derived by us"),
    ):
        parts.append(f"## {title}\n")
        parts.extend(prediction_entry(row, pages) for _, row in predictions[predictions["origin"] == origin].iterrows())
    return "\n".join(parts)


def change_entry(change: pd.Series, pages: dict[str, str]) -> str:
    """Return one change as a heading and a paragraph: before, after, where it begins, who says so."""
    sentences = [
        f"**{change['title']}, {change['date']}.**",
        f"Before: {sentence(change['before'])}",
        f"After: {sentence(change['after'])}",
        f"Says: {sentence(change['said_by'])}",
        quotation(change["quote"], change["quote_lang"]),
        f"Status (module coding): {in_words(change['status'])}.",
        f"Begins (module coding): {BEGINS[change['begins']]}. {sentence(change['begins_note'])}",
        f"Contested: {sentence(change['contested'])}" if change["contested"] else "",
        f"See also: {links_to_rows(change['row_ids'], pages)}." if change["row_ids"] else "",
        f"Source: {source_links(change['source_ids'])}.",
        how_sure(change["confidence"]),
        change["note"],
    ]
    return f"### {change['change_id']}\n\n{joined(sentences)}\n"


def prediction_entry(prediction: pd.Series, pages: dict[str, str]) -> str:
    """Return one prediction as a heading and a paragraph: whose, what, what came of it."""
    origin = ORIGINS[prediction["origin"]] + (f", {prediction['made_on']}" if prediction["made_on"] else "")
    another = prediction["alternative_outcome"]
    sentences = [
        f"**{prediction['holder']}: {sentence(prediction['statement'])}**",
        f"{origin}.",
        quotation(prediction["quote"], prediction["quote_lang"]),
        f"Would fail if: {sentence(prediction['would_fail_if'])}",
        f"Outcome (module coding): {in_words(prediction['outcome'])}. {sentence(prediction['reason'])}",
        f"Another code: {sentence(another)}" if another else "",
        f"Rows: {links_to_rows(prediction['outcome_ids'], pages)}.",
        f"Source: {source_links(prediction['source_id'])}." if prediction["source_id"] else "",
        how_sure(prediction["confidence"]),
        prediction["note"],
    ]
    return f"### {prediction['prediction_id']}\n\n{joined(sentences)}\n"
