"""Write the reference page ``evidence-theory.md`` from ``data/``: theories, indicators with their findings, and cases.

Every row is a heading, as on the evidence page; the findings for an indicator stand under it.
"""

from pathlib import Path

import pandas as pd

from casebook.data import DATA
from casebook.rows import rows_of
from casebook.wording import number_text
from tools.files import BOOK
from tools.markdown import escaped
from tools.pages import FRONT_MATTER, NOTICE, how_sure, joined, quotation, row_links, sentence, source_links

GROUPS = {
    "community": "Security communities",
    "domestic": "Theories that start inside states",
    "rival": "Rival readings",
}
RATINGS = {"not_ratable": "not ratable", "context": "context, without a rating"}
LEVELS = {"abroad": "abroad (level I)", "home": "at home (level II)"}


def derived(data: Path = DATA, book: Path = BOOK) -> dict[Path, bytes]:
    """Return the page as file content by path."""
    return {book / "evidence-theory.md": theory_page(data).encode("utf-8")}


def theory_page(data: Path = DATA) -> str:
    """Return the page: indicators with findings, ruptures, votes, interviews, the two tables, and theories."""
    names = ("indicators", "indicator_thresholds", "indicator_evidence", "theories")
    indicators, choices, findings, theories = (rows_of(name, data).map(escaped) for name in names)
    parts = [
        FRONT_MATTER,
        "# Evidence: theory\n",
        NOTICE,
        "The measures and the findings behind the chapter on what kind of thing the CSTO is. Questions, thresholds, "
        "ratings and what a theory would expect are module coding: ours, not the theorists'.\n",
        f"This page has {len(indicators)} indicators with {len(findings)} findings, and {len(theories)} theories. The "
        "columns are explained in the [codebook](codebook.md#indicators); the sources are listed in the "
        "[bibliography](bibliography.md).\n",
        "## Indicators and findings\n",
    ]
    for indicator_id, indicator in indicators.iterrows():
        parts.append(indicator_entry(indicator))
        parts.extend(choice_entry(row) for _, row in choices[choices["indicator_id"] == indicator_id].iterrows())
        own = findings[findings["indicator_id"] == indicator_id]
        parts.extend(finding_entry(row, indicator["unit"]) for _, row in own.iterrows())
    for title, name, entry in (
        ("Clashes, exits and repairs", "ruptures", rupture_entry),
        ("Votes", "votes", vote_entry),
        ("Interviews", "interviews", interview_entry),
        ("Two tables in six capitals", "two_level_games", move_entry),
    ):
        parts.append(f"## {title}\n")
        parts.extend(entry(row) for _, row in rows_of(name, data).map(escaped).iterrows())
    for group, title in GROUPS.items():
        parts.append(f"## {title}\n")
        parts.extend(theory_entry(row) for _, row in theories[theories["group"] == group].iterrows())
    return "\n".join(parts)


def indicator_entry(indicator: pd.Series) -> str:
    """Return one indicator as a heading and a paragraph: dimension, question, measure, thresholds."""
    sentences = [
        f"**{indicator['question']}** {sentence(indicator['dimension'])}",
        f"Measure: {sentence(indicator['measure'])}",
        f"Module coding: {indicator['threshold_note']}",
        f"Theory: {source_links(indicator['theory_source_ids'])}.",
        indicator["note"],
    ]
    return f"### {indicator['indicator_id']}\n\n{joined(sentences)}\n"


def choice_entry(choice: pd.Series) -> str:
    """Return one choice of thresholds as a heading and a paragraph: the lines, and why one may draw them there."""
    lines = [(name, choice[f"{name}_at"]) for name in ("strong", "partial")]
    drawn = ", ".join(f"{name} at {number_text(line)}" for name, line in lines if line != "")
    sentences = [f"**Thresholds {choice['choice'].replace('_', ' ')}: {drawn}.**", choice["reason"]]
    return f"#### {choice['threshold_id']}\n\n{joined(sentences)}\n"


def finding_entry(finding: pd.Series, unit: str) -> str:
    """Return one finding for an indicator as a heading and a paragraph."""
    rating = RATINGS.get(finding["rating"], finding["rating"])
    sentences = [
        f"**{finding['organisation']}, {years(finding)}: {finding['value_text']}.**",
        f"Value: {number_text(finding['value'])} ({unit})." if finding["value"] != "" else "",
        f"Rating (module coding): {rating}.",
        *evidence(finding),
    ]
    return f"#### {finding['evidence_id']}\n\n{joined(sentences)}\n"


def rupture_entry(rupture: pd.Series) -> str:
    """Return one clash, exit or repair as a heading and a paragraph."""
    dates = " to ".join(filter(None, [rupture["starts"], rupture["ends"]]))
    sentences = [
        f"**{dates}, {listed(rupture['states'])}.** {sentence(rupture['label'])}",
        f"Deaths: {rupture['deaths']}." if rupture["deaths"] != "" else "",
        f"Findings: {row_links(rupture['evidence_ids'])}.",
        *evidence(rupture),
    ]
    return f"### {rupture['rupture_id']}\n\n{joined(sentences)}\n"


def vote_entry(vote: pd.Series) -> str:
    """Return one vote as a heading and a paragraph."""
    sentences = [f"**{vote['state']} {vote['vote']}**, resolution {vote['resolution']}, {vote['date']:%Y-%m-%d}."]
    return f"### {vote['vote_id']}\n\n{joined([*sentences, *evidence(vote)])}\n"


def interview_entry(interview: pd.Series) -> str:
    """Return one interview as a heading and a paragraph; nobody is named."""
    sentences = [
        f"**{interview['state']}, {interview['month']}**: {interview['mode']}, {interview['place']}; "
        f"employer: {interview['employer']} (module coding).",
        *evidence(interview),
    ]
    return f"### {interview['interview_id']}\n\n{joined(sentences)}\n"


def move_entry(move: pd.Series) -> str:
    """Return one move at one of Putnam's tables as a heading and a paragraph."""
    sentences = [
        f"**{move['capital']}, {LEVELS[move['level']]}, {move['date']}: {move['who']}.**",
        f"Had to accept: {sentence(move['had_to_accept'])}",
        f"Outcome: {sentence(move['outcome'])}",
        *evidence(move),
    ]
    return f"### {move['move_id']}\n\n{joined(sentences)}\n"


def theory_entry(theory: pd.Series) -> str:
    """Return one theory as a heading and a paragraph: claim, expectation, surprise, awkward fact."""
    sentences = [
        f"**{theory['lens']}** ({theory['authors']}; about {theory['unit']}).",
        theory["main_claim"],
        f"Expects of January 2022: {sentence(theory['predicts'])}",
        f"Would be surprised by: {sentence(theory['would_surprise'])}",
        f"Awkward fact: {sentence(theory['awkward_fact'])}",
        f"Sources of that: {source_links(theory['awkward_source_ids'])}.",
        *evidence(theory),
    ]
    return f"### {theory['theory_id']}\n\n{joined(sentences)}\n"


def evidence(row: pd.Series) -> list[str]:
    """Return what every row ends with: quotation, sources, confidence, note."""
    sources = source_links(row.get("source_ids") or row["source_id"])
    return [
        quotation(row["quote"], row["quote_lang"]),
        f"Source: {sources}.",
        how_sure(row["confidence"]),
        row["note"],
    ]


def years(finding: pd.Series) -> str:
    """Write the years that a finding covers."""
    return "–".join(dict.fromkeys(str(year) for year in finding[["year_start", "year_end"]]))


def listed(states: str) -> str:
    """Write a list of states in words."""
    return states.replace(";", " and ")
