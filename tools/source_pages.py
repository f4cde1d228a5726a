"""Write the reference page ``evidence-sources.md`` from ``data/``: core sources, errors, answers, copies, studies.

Every row is a heading, as on the evidence page. What a source gets wrong stands beside what it does best.
"""

from pathlib import Path

import pandas as pd

from casebook.data import DATA
from casebook.rows import pages_of_rows, rows_of
from casebook.wording import in_words, number_text
from tools.files import BOOK
from tools.markdown import escaped
from tools.pages import FRONT_MATTER, NOTICE, how_sure, joined, links_to_rows, quotation, sentence, small, source_links

GROUPS = {
    "M": "Dates and times",
    "F": "Facts and figures",
    "Q": "Quotation, translation and law",
    "S": "Scholarship and logic",
    "P": "Puzzles across sources",
}
STRENGTHS = {
    "A": "a better placed source says otherwise (placed, not always neutral)",
    "B": "sources contradict each other, or one contradicts itself, and it is not clear-cut",
    "C": "unsupported or misleading, and not settled here",
    "D": "looks like an error and is none",
}
COPYING = {
    "first": "First in this chain.",
    "known": "Names its text or speaker, as in step {step}:",
    "inferred": "Taken from step {step}, we infer:",
    "answers": "An answer to step {step}, not a copy:",
    "not_shown": "Later text; whence it has the figure is not shown.",
}


def derived(data: Path = DATA, book: Path = BOOK) -> dict[Path, bytes]:
    """Return the page as file content by path."""
    return {book / "evidence-sources.md": source_page(data).encode("utf-8")}


def source_page(data: Path = DATA) -> str:
    """Return the page: core sources, every known error by group, answers, chains of copies, media studies."""
    names = ("core_sources", "known_errors", "source_answers", "copying_links", "narratives")
    sources, errors, answers, copies, narratives = (rows_of(name, data).map(escaped) for name in names)
    pages = pages_of_rows(data)
    labels = dict(zip(sources["source_id"], sources["label"], strict=True))
    parts = [
        FRONT_MATTER,
        "# Evidence: sources\n",
        NOTICE,
        "What the book knows about its five core sources; every error, contradiction and false alarm that we found in "
        "them or beside them; what speakers answer to the same questions; how some figures travelled from text to "
        "text; what studies of talk have counted. A passage without a row has not been certified as correct. Kind and "
        "strength are module coding: ours. No author was asked for a reply; whoever can correct a row is invited to.\n",
        f"This page has {len(sources)} core sources, {len(errors)} rows on errors and {len(narratives)} results of "
        "media studies and surveys. The columns are explained in the [codebook](codebook.md#known_errors); the sources "
        "are listed in the [bibliography](bibliography.md).\n",
        "## Core sources\n",
        *(core_entry(row) for _, row in sources.iterrows()),
    ]
    for letter, title in GROUPS.items():
        parts.append(f"## {title}\n")
        own = errors[errors.index.str.startswith(letter)]
        parts.extend(error_entry(row, labels, pages) for _, row in own.iterrows())
    for question, own in answers.groupby("question", sort=False):
        parts.append(f"## {question}\n")
        parts.extend(answer_entry(row, pages) for _, row in own.iterrows())
    for title, own in copies.groupby("title", sort=False):
        parts.append(f"## {title}\n")
        parts.extend(copy_entry(row, pages) for _, row in own.iterrows())
    parts.append("## Media studies and a survey\n")
    parts.extend(narrative_entry(row) for _, row in narratives.iterrows())
    return "\n".join(parts)


def core_entry(source: pd.Series) -> str:
    """Return one core source as a heading and paragraphs: what it is, what it could know, what is best in it."""
    first = [f"**{source['label']}** ({source['published']}). {source['what_it_is']}", f"View: {source['view']}"]
    second = [
        f"Funding: {source['funding']}",
        f"Licence: {source['licence']}",
        f"Could know: {source['could_know']}",
        f"Could not know: {source['could_not_know']}",
        f"How it counts: {source['how_it_counts']}",
        f"Best work: {source['best_work']}",
        quotation(source["quote"], source["quote_lang"]),
        f"Source: {source_links(source['source_id'])}.",
        source["note"],
    ]
    return f"### {source['core_id']}\n\n{joined(first)}\n\n{joined(second)}\n"


def error_entry(error: pd.Series, labels: dict[str, str], pages: dict[str, str]) -> str:
    """Return one known error as a heading and paragraphs: kind and strength, what is said, what is better supported.

    Parameters
    ----------
    error : Series
        A row of the table known_errors.
    labels : dict of str to str
        The short name of each core source, by its id.
    pages : dict of str to str
        The page of each row of evidence, by its id.
    """
    core = error["core_source_ids"]
    concerned = ", ".join(labels[source] for source in core.split(";")) if core else "a text outside the core sources"
    what = [
        f"**{error['title']}** {sentence(in_words(error['kind']).capitalize())}",
        f"Strength {error['strength']}: {STRENGTHS[error['strength']]}. Concerns {concerned}.",
    ]
    said = [
        f"*It says:* {sentence(error['source_says'])}",
        quotation(error["quote"], error["quote_lang"]),
        f"({source_links(error['quote_source_id'])})",
    ]
    better = [f"*Better supported:* {sentence(error['better_supported'])}", f"*Why:* {sentence(error['why'])}"]
    rest = [
        f"Sources: {source_links(error['source_ids'])}.",
        f"Rows: {links_to_rows(facts_of(error), pages)}." if facts_of(error) else "",
        error["note"],
    ]
    paragraphs = "\n\n".join([joined(what), joined(said), joined(better), small(rest)])
    return f"### {error['error_id']}\n\n{paragraphs}\n"


def narrative_entry(result: pd.Series) -> str:
    """Return one result of a study as a heading and a paragraph."""
    value = number_text(result["value"]) if result["value"] != "" else ""
    shown = result["value_text"] if result["unit"] == "label" else f"{value} {result['unit']}"
    period = "–".join(dict.fromkeys(filter(None, [result["period_start"], result["period_end"]])))
    sentences = [
        f"**{shown}**: {result['metric']}; {result['subject']}, {result['platform']}, {period}.",
        f"{result['author'].capitalize() if result['author'] == 'module' else result['author']} ({result['study']}).",
        "Our arithmetic." if result["counted_by"] == "derived" else "",
        quotation(result["quote"], result["quote_lang"]),
        f"Source: {source_links(result['source_id'])}.",
        how_sure(result["confidence"]),
        result["note"],
    ]
    return f"### {result['narrative_id']}\n\n{joined(sentences)}\n"


def answer_entry(answer: pd.Series, pages: dict[str, str]) -> str:
    """Return one answer to a question as a heading and a paragraph."""
    sentences = [
        f"**{answer['speaker']}, {answer['date']}.** {answer['answer']}",
        f"Counts: {answer['counts']}." if answer["counts"] else "",
        quotation(answer["quote"], answer["quote_lang"]),
        f"Position of the speaker: {in_words(answer['stance'])}.",
        *said_where(answer, pages),
        how_sure(answer["confidence"]),
        answer["note"],
    ]
    return f"### {answer['answer_id']}\n\n{joined(sentences)}\n"


def copy_entry(step: pd.Series, pages: dict[str, str]) -> str:
    """Return one step of a chain of copies as a heading and a paragraph."""
    link = COPYING[step["copying"]].format(step=number_text(step["copied_from"] or 0))
    sentences = [
        f"**Step {step['step']}: {step['speaker']}, {step['date']}.** {step['says']}",
        quotation(step["quote"], step["quote_lang"]),
        f"{link} {sentence(step['change'])}",
        *said_where(step, pages),
        step["note"],
    ]
    return f"### {step['link_id']}\n\n{joined(sentences)}\n"


def said_where(row: pd.Series, pages: dict[str, str]) -> list[str]:
    """Return the source of a row, and the row of evidence on which it rests."""
    rests = row["rests_on"]
    return [
        f"Source: {source_links(row['source_id'])}.",
        f"Rests on {links_to_rows(rests, pages)}." if rests else "Read in the core source itself.",
    ]


def facts_of(error: pd.Series) -> str:
    """Return the ids of the claims and events of a known error."""
    return ";".join(filter(None, [error["claim_ids"], error["event_ids"]]))
