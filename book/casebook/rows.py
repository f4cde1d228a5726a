"""The rows that prose can link to and a text can cite: their tables, their ids, and the page on which each stands."""

import functools
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casebook.data import DATA, blank_where_missing, load, package, table_hash
from casebook.errors import CasebookError


@dataclass(frozen=True)
class RowTable:
    """What is known of one table whose rows are evidence.

    Attributes
    ----------
    page : str
        The reference page, without ``.md``, on which each row is a heading; empty if none shows them.
    lead : tuple of str
        The columns that say whose or which row it is; ``cite`` starts with them.
    said : tuple of str
        The columns whose numbers a link to the row may show.
    words : str
        The column that ``cite`` gives where a row has no quotation; empty if none.
    """

    page: str
    lead: tuple[str, ...]
    said: tuple[str, ...]
    words: str = ""


ROW_TABLES = {
    "claims": RowTable("evidence", ("attributed_to", "as_of_date"), ("value_text", "quote", "counts")),
    "events": RowTable("evidence", ("date_local", "place"), ("time_local", "time_note", "summary", "quote", "note")),
    "provisions": RowTable(
        "evidence-law",
        ("instrument", "version", "text_status"),
        ("version", "in_force", "article", "paragraph", "text", "note"),
        "text",
    ),
    "article4_elements": RowTable(
        "evidence-law",
        ("element",),
        ("test_order", "question", "basis_1992", "basis_2010", "change_note", "note"),
        "question",
    ),
    "cases": RowTable(
        "evidence-law",
        ("title", "date_start"),
        (
            "title",
            "date_start",
            "threat",
            "response",
            "days_to_response_low",
            "days_to_response_high",
            "timing_note",
            "argument",
            "quote",
            "note",
        ),
        "response",
    ),
    "case_elements": RowTable("evidence-law", ("reading_holder", "finding"), ("reason",), "reason"),
    "legal_views": RowTable("evidence-law", ("speaker", "forum", "date"), ("date", "says", "quote", "note"), "says"),
    "indicators": RowTable(
        "evidence-theory", ("question",), ("measure", "strong_at", "partial_at", "threshold_note", "note"), "measure"
    ),
    "indicator_thresholds": RowTable(
        "evidence-theory", ("indicator_id", "choice"), ("strong_at", "partial_at", "reason"), "reason"
    ),
    "indicator_evidence": RowTable(
        "evidence-theory", ("organisation", "year_end"), ("value", "value_text", "quote", "note"), "value_text"
    ),
    "ruptures": RowTable("evidence-theory", ("starts", "states"), ("label", "deaths", "quote", "note"), "label"),
    "votes": RowTable("evidence-theory", ("state", "vote", "resolution"), ("resolution", "quote", "note")),
    "interviews": RowTable("evidence-theory", ("state", "month", "mode"), ("quote", "note")),
    "two_level_games": RowTable(
        "evidence-theory",
        ("capital", "level", "date"),
        ("who", "had_to_accept", "outcome", "quote", "note"),
        "outcome",
    ),
    "theories": RowTable(
        "evidence-theory",
        ("lens", "authors"),
        ("main_claim", "predicts", "would_surprise", "awkward_fact", "quote", "note"),
        "main_claim",
    ),
    "narratives": RowTable(
        "evidence-sources",
        ("author", "metric"),
        ("value", "value_text", "period_start", "period_end", "quote", "note"),
        "value_text",
    ),
    "core_sources": RowTable(
        "evidence-sources",
        ("label", "published"),
        ("what_it_is", "licence", "could_know", "could_not_know", "how_it_counts", "best_work", "quote", "note"),
        "what_it_is",
    ),
    "source_answers": RowTable(
        "evidence-sources",
        ("speaker", "question", "date"),
        ("answer", "value_low", "value_high", "counts", "quote", "note"),
        "answer",
    ),
    "copying_links": RowTable(
        "evidence-sources", ("title", "speaker", "date"), ("title", "says", "change", "quote", "note"), "says"
    ),
    "known_errors": RowTable(
        "evidence-sources",
        ("title", "strength"),
        ("title", "source_says", "quote", "better_supported", "why", "note"),
        "better_supported",
    ),
    "hypotheses": RowTable(
        "evidence-interpretations",
        ("title",),
        ("title", "statement", "advocate", "predicts", "counts_against", "note"),
        "statement",
    ),
    "evidence_items": RowTable(
        "evidence-interpretations",
        ("title",),
        ("description", "credibility", "relevance", "retired_because", "note"),
        "description",
    ),
    "evidence_matrix": RowTable("evidence-interpretations", ("code",), ("justification",), "justification"),
    "changes": RowTable(
        "evidence-aftermath", ("title", "date"), ("date", "before", "after", "quote", "contested", "note"), "after"
    ),
    "predictions": RowTable(
        "evidence-aftermath",
        ("holder", "made_on"),
        ("statement", "would_fail_if", "reason", "alternative_outcome", "quote", "note"),
        "statement",
    ),
}

NO_DATE = "no date"  # the only thing that the lead of a row, or a source, may lack
SOURCE_COLUMNS = ("quote_source_id", "source_id", "source_ids", "theory_source_ids")  # the first that is filled counts


def rows_of(name: str, folder: Path = DATA) -> pd.DataFrame:
    """Return a table by the ids of its rows, with empty texts where a value is missing.

    Parameters
    ----------
    name : str
        A table of the data package.
    folder : Path
        The folder of the data package.

    Returns
    -------
    DataFrame
        The index is the primary key; where that has several columns they are joined by hyphens, as in
        ``KAZ2022-E03-official``.
    """
    return _rows(name, folder, table_hash(name, folder)).copy()


@functools.cache
def _rows(name: str, folder: Path, _state: str) -> pd.DataFrame:
    """Read a table by the ids of its rows, once for each state of its file."""
    frame = blank_where_missing(load(name, folder))
    resource = next(resource for resource in package(folder)["resources"] if resource["name"] == name)
    key = resource["schema"]["primaryKey"]
    ids = frame[key] if isinstance(key, str) else frame[key].agg("-".join, axis=1)
    return frame.set_index(ids.rename("row_id"))


def table_of(row_id: str, folder: Path = DATA) -> str | None:
    """Return the name of the table that has a row of this id, ``sources`` included, or None."""
    return next((name for name in [*ROW_TABLES, "sources"] if row_id in rows_of(name, folder).index), None)


def pages_of_rows(folder: Path = DATA) -> dict[str, str]:
    """Return the page on which each row of evidence stands, by the row's id; an empty text if none shows it."""
    return {row_id: table.page for name, table in ROW_TABLES.items() for row_id in rows_of(name, folder).index}


def cite(row_id: str, folder: Path = DATA) -> str:
    """Say in one line who stated a fact, when, in which words, and where.

    Parameters
    ----------
    row_id : str
        The id of a claim (``"C030"``), an event (``"E058"``), a provision (``"CST10-4-1"``), a case (``"KAZ2022"``),
        or of any other row of evidence, or of a source (``"hegglin2022"``).

    Raises
    ------
    CasebookError
        If no row has that id.
    """
    name = table_of(row_id, folder)
    if name is None:
        raise CasebookError(
            f"No row of evidence and no source has the id '{row_id}'; the evidence pages list every id."
        )
    row = rows_of(name, folder).loc[row_id]
    return cite_source(row) if name == "sources" else _cite_row(row, ROW_TABLES[name], folder)


def cite_source(source: pd.Series) -> str:
    """Format one row of the sources table as a reference: author, title, outlet, date, address."""
    address = source.get("doi") or source.get("url")
    parts = [source["author"], f"“{source['title']}”", source["outlet"], source["date"] or NO_DATE, address]
    return ", ".join(str(part) for part in parts if part) + "."


def is_wording(provision: pd.Series) -> bool:
    """Tell whether a provision's text is the instrument's own wording, in some copy or translation, not a summary."""
    return provision["text_status"].startswith("verbatim")


def _cite_row(row: pd.Series, table: RowTable, folder: Path) -> str:
    lead = ", ".join(str(row[column]).replace("_", " ") or NO_DATE for column in table.lead)
    quoted = row.get("quote") or (row["text"] if "text_status" in row and is_wording(row) else "")
    own = row[table.words] if table.words else ""
    said = f": “{quoted}”" if quoted else f": {own}" if own else ""
    sources = next((row[column] for column in SOURCE_COLUMNS if row.get(column)), "")
    return f"{lead}{said} ({cite(sources.split(';')[0], folder)})" if sources else f"{lead}{said}"
