"""Write the reference page ``evidence-law.md`` from ``data/``: provisions, elements of Article 4, cases and views.

Every row is a heading, as on the evidence page; the findings of a case stand under it, under both readings.
"""

from pathlib import Path

import pandas as pd

from casebook.data import DATA
from casebook.rows import is_wording, rows_of
from casebook.wording import range_text
from tools.files import BOOK
from tools.markdown import escaped
from tools.pages import CONFIDENCE, FRONT_MATTER, NOTICE, how_sure, joined, quotation, row_links, sentence, source_links

TEXT_STATUS = {
    "verbatim": "Word for word, from an official publication or a legal database",
    "verbatim_secondary": "Word for word, as quoted or reprinted elsewhere, or in an unofficial translation",
    "verbatim_partial": "Word for word, but the copy breaks off or part is left out",
    "official_summary": "Not the wording: what an official body says it contains",
    "secondary_summary": "Not the wording: our summary of what a report or study says",
    "module_translation": "Our own translation",
    "own_rendering": "Not the treaty: our rendering, made to compare two versions",
}
FORMALLY = {
    "yes": "formally invoked",
    "no": "not formally invoked",
    "indirect": "invoked indirectly",
    "reported": "invoked, as reported",
    "other_instrument": "another instrument invoked",
}
SUBJECTS = {
    "deployment": "Views on the deployment of January 2022",
    "drafting": "Views on the wording of Article 4",
    "peacekeeping": "Views on the rules for peacekeeping",
    "comparator": "Views on the Gulf troops in Bahrain, 2011",
}
DOORS = {
    "article_4": "Article 4 or a like clause",
    "consent": "consent",
    "peacekeeping": "peacekeeping",
    "charter": "the UN Charter",
}
POSITIONS = {
    "for": "holds",
    "against": "does not hold",
    "doubts": "is doubted",
    "open": "is left open",
    "for_wide": "supports a wording that reaches trouble at home",
    "against_wide": "opposes a wording that reaches trouble at home",
}
UN_NOTICE = {
    "yes": "The Security Council was told.",
    "not_found": "No notice to the Security Council was found.",
    "not_applicable": "No notice to the Security Council was due.",
}


def derived(data: Path = DATA, book: Path = BOOK) -> dict[Path, bytes]:
    """Return the page as file content by path."""
    return {book / "evidence-law.md": law_page(data).encode("utf-8")}


def law_page(data: Path = DATA) -> str:
    """Return the page: provisions by instrument, elements, and each case with its findings."""
    names = ("provisions", "article4_elements", "cases", "case_elements", "legal_views")
    provisions, elements, cases, findings, views = (rows_of(name, data).map(escaped) for name in names)
    read_levels = rows_of("sources", data)["read_level"].str.replace("_", " ")
    parts = [
        FRONT_MATTER,
        "# Evidence: law\n",
        NOTICE,
        "The texts, the test and the cases behind the chapter on the legal basis. Each text says how close it is to "
        "the instrument. The elements, and the findings on them, are module coding: ours, from what each side said.\n",
        f"This page has {len(provisions)} provisions, {len(elements)} elements, {len(cases)} cases with "
        f"{len(findings)} findings, and {len(views)} legal views. The columns are explained in the "
        "[codebook](codebook.md#provisions); the sources are listed in the [bibliography](bibliography.md).\n",
        "## Provisions\n",
    ]
    for instrument, rows in provisions.groupby("instrument", sort=False):
        parts.append(f"### {instrument}\n")
        parts.extend(provision_entry(row) for _, row in rows.iterrows())
    parts.append("## Elements of Article 4\n")
    parts.extend(element_entry(row) for _, row in elements.iterrows())
    parts.append("## Cases\n")
    for _, case in cases.sort_values("date_start", kind="stable").iterrows():
        parts.append(case_entry(case))
        own = findings[findings["case_id"] == case["case_id"]]
        parts.extend(finding_entry(row_id, row, elements) for row_id, row in own.iterrows())
    for subject, heading in SUBJECTS.items():
        parts.append(f"## {heading}\n")
        rows = views[views["subject"] == subject]
        parts.extend(view_entry(view, read_levels[view["source_id"]]) for _, view in rows.iterrows())
    return "\n".join(parts)


def provision_entry(provision: pd.Series) -> str:
    """Return one provision as a heading and a paragraph; a summary never looks like a wording."""
    own = provision["text"]
    article = f"Article {provision['article']}" if provision["article"] else ""
    paragraph = f"paragraph {provision['paragraph']}" if provision["paragraph"] else ""
    place = ", ".join(filter(None, [provision["version"], article, paragraph]))
    force = f", in force from {provision['in_force']}" if provision["in_force"] else ""
    sentences = [
        f"**{place}{force}.**",
        f"{TEXT_STATUS[provision['text_status']]}:",
        quotation(own, provision["text_lang"]) if is_wording(provision) else marked(own, provision["text_lang"]),
        f"Source: {source_links(provision['source_id'])}.",
        CONFIDENCE[provision["confidence"]],
        provision["note"],
    ]
    return f"#### {provision['provision_id']}\n\n{joined(sentences)}\n"


def marked(text: str, language: str) -> str:
    """Mark the language of a text that is not English, so that a screen reader changes its voice."""
    return text if language == "en" else f'<span lang="{language}">{text}</span>'


def element_entry(element: pd.Series) -> str:
    """Return one element of the test as a heading and a paragraph."""
    sentences = [
        f"**{element['element']}.** {element['question']}",
        f"Text of 1992: {sentence(element['basis_1992'])}",
        f"Text of 2010: {sentence(element['basis_2010'])}",
        f"Change: {element['change'].replace('_', ' ')}. {element['change_note']}",
        f"Basis: {sentence(element['legal_basis'])}",
        f"Provisions: {row_links(element['provision_ids'])}." if element["provision_ids"] else "",
        f"Sources: {source_links(element['source_ids'])}.",
        element["note"],
    ]
    return f"### {element['element_id']}\n\n{joined(sentences)}\n"


def case_entry(case: pd.Series) -> str:
    """Return one case as a heading and a paragraph."""
    days = (
        f"Days to the response: {range_text(case['days_to_response_low'], case['days_to_response_high'])}."
        if case["days_to_response_high"] != ""
        else ""
    )
    dates = " to ".join(dict.fromkeys(filter(None, [case["date_start"], case["date_end"]])))
    sentences = [
        f"**{case['title']}, {dates}.**",
        f"{sentence(case['threat'])}",
        f"Request: {sentence(case['requesting_state'])} Basis named: {case['provision_invoked']} "
        f"({FORMALLY[case['formally_invoked']]}).",
        f"Response: {sentence(case['response'])}",
        days,
        case["timing_note"],
        UN_NOTICE[case["un_notice"]],
        f"Argument: {sentence(case['argument'])}",
        quotation(case["quote"], case["quote_lang"]),
        f"Sources: {source_links(case['source_ids'])}.",
        CONFIDENCE[case["confidence"]],
        case["note"],
    ]
    return f"### {case['case_id']}\n\n{joined(sentences)}\n"


def finding_entry(row_id: str, finding: pd.Series, elements: pd.DataFrame) -> str:
    """Return the finding of one reading on one element of a case as a heading and a paragraph."""
    element = elements.loc[finding["element_id"], "element"]
    sentences = [
        f"{element}, {finding['reading']} reading ({finding['reading_holder']}): "
        f"**{finding['finding'].replace('_', ' ')}**.",
        finding["reason"],
        f"Sources: {source_links(finding['source_ids'])}.",
        how_sure(finding["confidence"]),
    ]
    return f"#### {row_id}\n\n{joined(sentences)}\n"


def view_entry(view: pd.Series, read_level: str) -> str:
    """Return one legal view as a heading and a paragraph, with how much of its source was read."""
    doors = ", ".join(DOORS[door] for door in view["doors"].split(";"))
    sentences = [
        f"**{view['speaker']}**, {view['forum']}, {view['date']}.",
        view["says"],
        quotation(view["quote"], view["quote_lang"]),
        f"Our coding: {doors}; {POSITIONS[view['position']]}.",
        f"Source: {source_links(view['source_id'])} (read: {read_level}).",
        how_sure(view["confidence"]),
        view["note"],
    ]
    return f"### {view['view_id']}\n\n{joined(sentences)}\n"
