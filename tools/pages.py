"""Write the reference pages from ``data/``: evidence, codebook and bibliography.

Every row is a heading, so that prose links to it with ordinary Markdown (``[238](evidence.md#c030)``) and the link
works in Jupyter Book, in JupyterLab and on GitHub. The pages are committed for that reason; nobody edits them.
"""

import re
from pathlib import Path

import pandas as pd

from casebook.data import DATA, blank_where_missing, codebook, load, package, tables
from casebook.rows import NO_DATE
from casebook.rows import cite_source as reference
from casebook.wording import in_words, range_text
from tools.files import BOOK, chapters
from tools.markdown import escaped, markdown_table
from tools.notebooks import chapter_of, read

# No list of contents beside the page; and no row in Sphinx's tree of headings, which it would copy for every page.
FRONT_MATTER = '---\nhtml_theme.sidebar_secondary.remove: "true"\ntocdepth: 1\n---\n'
NOTICE = "<!-- Written by `make refresh` from data/; edit the tables, not this page. -->\n"

CONFIDENCE = {
    "high": "High confidence: two independent sources, or one well placed at the time.",
    "medium": "Medium confidence: a single or partisan source, or an inferred date.",
    "low": "Low confidence: weakly sourced, or still to be verified.",
}
READ = {
    "full": "Read in full.",
    "excerpt": "Read in part.",
    "abstract": "Only the abstract or the first page was read.",
    "article_page": "One article or clause of it was read.",
    "not_read": "**Not read:** cited through another text, or from what is generally said of it.",
}
ROW_LINK = re.compile(r"\]\(evidence\.md#([ce]\d+)\)")
LANGUAGES_IN_OTHER_SCRIPTS = {"hy", "kk", "ru", "uk"}
OTHER_SCRIPT = re.compile(r"[^\W\d_\u0000-\u036f]")  # a letter that is not Latin


def derived(data: Path = DATA, book: Path = BOOK) -> dict[Path, bytes]:
    """Return the three reference pages as file contents by path."""
    pages = {
        book / "evidence.md": evidence_page(data),
        book / "codebook.md": codebook_page(data),
        book / "bibliography.md": bibliography_page(data),
    }
    return {path: text.encode("utf-8") for path, text in pages.items()}


def evidence_page(data: Path = DATA) -> str:
    """Return the evidence page: one heading a claim and one an event, each with its source."""
    claims, events = (blank_where_missing(load(name, data)).map(escaped) for name in ("claims", "events"))
    used = uses(chapters())
    quantities = load("quantities", data)
    parts = [
        FRONT_MATTER,
        "# Evidence\n",
        NOTICE,
        "Every number in the chapters links to a row on this page. A row says what was stated, by whom, when, what "
        "exactly it counts, in which words, and how sure we are. Rows that contradict each other stand side by side.\n",
        f"This page has {len(claims)} claims about quantities and {len(events)} events. The columns are explained in "
        "the [codebook](codebook.md#claims); the sources are listed in the [bibliography](bibliography.md).\n",
        "## Claims about quantities\n",
    ]
    for quantity in quantities.itertuples():
        rows = claims[claims["quantity"] == quantity.quantity]
        parts.append(f"### {quantity.label}\n\n{quantity.definition}\n")
        parts.extend(claim_entry(row, quantity.unit, used) for _, row in rows.iterrows())
    parts.append(
        "## Events\n\nDates and clock times are those of Kazakhstan; Coordinated Universal Time (UTC) is added.\n"
    )
    parts.extend(event_entry(row, used) for _, row in events.iterrows())
    return "\n".join(parts)


def uses(paths: list[Path]) -> dict[str, list[str]]:
    """Return links to the chapters that link to a row, by the id of the row; chapters in reading order."""
    used: dict[str, list[str]] = {}
    for path in paths:
        notebook = read(path)
        prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        link = f"[{chapter_of(notebook, path).title}]({path.name})"
        for anchor in dict.fromkeys(ROW_LINK.findall(prose)):
            used.setdefault(anchor.upper(), []).append(link)
    return used


def claim_entry(claim: pd.Series, unit: str, used: dict[str, list[str]]) -> str:
    """Return one claim in Markdown: a heading, the statement, and the rest in small print."""
    statement = [
        f"**{value_text(claim, unit)}**, {claim['attributed_to']}, {claim['as_of_date'] or NO_DATE}.",
        f"Counts: {claim['counts']}." if claim["counts"] else "",
        f"Status: {in_words(claim['status'])}.",
    ]
    sentences = [
        quotation(claim["quote"], claim["quote_lang"]),
        f"Source: {source_links(claim['source_id'])}.",
        CONFIDENCE[claim["confidence"]],
        f"Contested by {row_links(claim['contested_by'])}." if claim["contested_by"] else "",
        claim["note"],
        used_in(claim["claim_id"], used),
    ]
    return f"#### {claim['claim_id']}\n\n{joined(statement)}\n\n{small(sentences)}\n"


def event_entry(event: pd.Series, used: dict[str, list[str]]) -> str:
    """Return one event in Markdown: a heading, what happened, and the rest in small print."""
    clock = f", {event['time_local']} ({event['time_note']})" if event["time_local"] else ""
    part_of_day = f", {event['time_note']}" if event["time_note"] and not event["time_local"] else ""
    utc = f" [{event['datetime_utc']} UTC]".replace("Z UTC", " UTC").replace("T", " ") if event["datetime_utc"] else ""
    place = ", ".join(dict.fromkeys(part for part in (event["place"], event["country"]) if part))
    statement = f"**{event['date_local']}{clock}{part_of_day}{utc}, {place}.** {event['summary']}"
    sentences = [
        f"({event['actor']}; {in_words(event['event_type'])}; phase: {event['phase']}.)",
        quotation(event["quote"], event["quote_lang"]),
        f"Sources: {source_links(event['source_ids'])}.",
        CONFIDENCE[event["confidence"]],
        "Contested." if event["contested"] == "yes" else "",
        event["note"],
        event["phase_note"],
        used_in(event["event_id"], used),
    ]
    return f"### {event['event_id']}\n\n{statement}\n\n{small(sentences)}\n"


def codebook_page(data: Path = DATA) -> str:
    """Return the codebook page: every table and column in the words of ``datapackage.json``."""
    described = {resource["name"]: resource for resource in package(data)["resources"]}
    parts = [
        FRONT_MATTER,
        "# Codebook\n",
        NOTICE,
        f"{package(data)['description']}\n",
        f"Missing values are empty cells. Licence: {package(data)['licenses'][0]['title']}.\n",
    ]
    for name in tables(data):
        resource = described[name]
        parts += [
            f"## {name}\n",
            f"**{resource['title']}** ({len(load(name, data))} rows). {resource['description']}\n",
            f"*Where it comes from.* {resource['provenance']}\n",
            f"*Known limits.* {' '.join(map(sentence, resource['limits']))}\n",
            f"*Silences.* {' '.join(map(sentence, resource['silences']))}\n",
            markdown_table(codebook(name, data).map(escaped)),
        ]
    return "\n".join(parts)


def bibliography_page(data: Path = DATA) -> str:
    """Return the bibliography page: one heading a source, by the first letter of its id."""
    sources = blank_where_missing(load("sources", data)).map(escaped)
    unread = sources.loc[sources["read_level"] == "not_read", "source_id"]
    parts = [
        FRONT_MATTER,
        "# Bibliography\n",
        NOTICE,
        f"The {len(sources)} sources that the tables cite. Most web pages were read only in their opening passages; "
        "each entry says how much was read, who publishes it and how far it can be trusted.\n",
        f"{len(unread)} were not read at all: {source_links(';'.join(unread))}.\n",
        "To cite them in a text of your own, download all entries for your reference manager: "
        "[references.bib](references.bib), in BibTeX with UTF-8 letters.\n",
    ]
    for letter, group in sources.groupby(sources["source_id"].str[0].str.upper(), sort=False):
        parts.append(f"## {letter}\n")
        parts.extend(source_entry(source, data) for _, source in group.iterrows())
    return "\n".join(parts)


def source_entry(source: pd.Series, data: Path = DATA) -> str:
    """Return one source in Markdown: a heading, the reference, and the rest in small print."""
    cited = source.drop(["doi", "url"])  # without its address, which follows as a link
    cited["title"] = title_in_its_language(source)
    sentences = [
        f"({in_words(source['type'])}; {in_words(source['stance'])}.)",
        READ[source["read_level"]],
        source["reliability"],
        "Bibliographic details still to be verified." if source["confidence"] == "low" else "",
    ]
    return f"### {source['source_id']}\n\n{joined([reference(cited), address_link(source)])}\n\n{small(sentences)}\n"


def title_in_its_language(source: pd.Series) -> str:
    """Mark the language of a title that is neither English nor, being in brackets, our own."""
    title, language = source["title"], source["language"]
    ours = language == "en" or title.startswith("\\[")
    if ours or (language in LANGUAGES_IN_OTHER_SCRIPTS and not OTHER_SCRIPT.search(title)):
        return title
    return f'<span lang="{language}">{title}</span>'


def address_link(source: pd.Series) -> str:
    """Link to a source: by its DOI where it has one, else by its address, else nothing."""
    address = f"https://doi.org/{source['doi']}" if source["doi"] else source["url"]
    return f"<{address}>" if address else ""


def value_text(claim: pd.Series, unit: str) -> str:
    """Say a claim's value in words: a number, range or bound with its unit, or the unquantified text."""
    low, high = (None if end == "" else end for end in (claim["value_low"], claim["value_high"]))
    if low is None and high is None:
        return str(claim["value_text"])
    return f"{range_text(low, high, unit, claim['status'])} {unit}"


def quotation(quote: str, language: str) -> str:
    """Mark a quotation with its language, so that a screen reader changes its voice."""
    return f'<q lang="{language}">{quote}</q>' if quote else ""


def source_links(source_ids: str) -> str:
    """Turn a list of source ids into links to the bibliography."""
    return ", ".join(f"[{source}](bibliography.md#{source.lower()})" for source in source_ids.split(";"))


def row_links(row_ids: str) -> str:
    """Turn a list of row ids into links within the evidence page."""
    return ", ".join(f"[{row}](#{row.lower()})" for row in row_ids.split(";"))


def links_to_rows(row_ids: str, pages: dict[str, str]) -> str:
    """Turn a list of row ids of any table into links to the page of each; a row that no page shows is named only."""
    linked = ((row_id, pages[row_id]) for row_id in row_ids.split(";"))
    return ", ".join(f"[{row_id}]({page}.md#{row_id.lower()})" if page else row_id for row_id, page in linked)


def how_sure(confidence: str) -> str:
    """Say in two words how sure we are of a row."""
    return CONFIDENCE[confidence].partition(":")[0] + "."


def used_in(row_id: str, used: dict[str, list[str]]) -> str:
    """Link back to the chapters that use a row."""
    return f"Used in: {', '.join(used[row_id])}." if row_id in used else ""


def small(sentences: list[str]) -> str:
    """Set sentences in small print."""
    return f"<small>{joined(sentences)}</small>"


def sentence(text: str) -> str:
    """Make sure that a text ends with a full stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def joined(sentences: list[str]) -> str:
    """Join the sentences that are not empty."""
    return " ".join(text for text in sentences if text)
