"""Write the reference page ``evidence-interpretations.md`` from ``data/``: hypotheses, items of evidence, and codes.

Every row is a heading, as on the evidence page; the codes of an item stand under it, one hypothesis each.
"""

from pathlib import Path

import pandas as pd

from casebook.data import DATA
from casebook.rows import rows_of
from tools.files import BOOK
from tools.markdown import escaped
from tools.pages import FRONT_MATTER, NOTICE, joined, sentence, source_links

FAMILIES = {"streets": "What happened in the streets", "deployment": "What the deployment was"}
CODES = {
    "CC": "strongly consistent",
    "C": "consistent",
    "N": "neutral or not applicable",
    "I": "inconsistent",
    "II": "strongly inconsistent",
}


def derived(data: Path = DATA, book: Path = BOOK) -> dict[Path, bytes]:
    """Return the page as file content by path."""
    return {book / "evidence-interpretations.md": interpretations_page(data).encode("utf-8")}


def interpretations_page(data: Path = DATA) -> str:
    """Return the page: hypotheses by family, then items of evidence, each with its codes."""
    names = ("hypotheses", "evidence_items", "evidence_matrix")
    hypotheses, items, codes = (rows_of(name, data).map(escaped) for name in names)
    parts = [
        FRONT_MATTER,
        "# Evidence: interpretations\n",
        NOTICE,
        "The hypotheses, the items of evidence and the codes behind the chapter on competing stories. A hypothesis is "
        "told by its advocate: neither the statement nor the case for it is a finding of ours. Credibility, relevance "
        "and every code are module coding: ours, and a reader may code otherwise.\n",
        f"This page has {len(hypotheses)} hypotheses, {len(items)} items and {len(codes)} codes, retired ones "
        "included. The columns are explained in the [codebook](codebook.md#hypotheses); the sources are listed in the "
        "[bibliography](bibliography.md).\n",
    ]
    for family, title in FAMILIES.items():
        parts.append(f"## {title}\n")
        parts.extend(hypothesis_entry(row) for _, row in hypotheses[hypotheses["family"] == family].iterrows())
    parts.append("## Items of evidence and their codes\n")
    for item_id, item in items.iterrows():
        parts.append(item_entry(item))
        own = codes[codes["item_id"] == item_id]
        parts.extend(code_entry(row, hypotheses.loc[row["hypothesis_id"]]) for _, row in own.iterrows())
    return "\n".join(parts)


def hypothesis_entry(hypothesis: pd.Series) -> str:
    """Return one hypothesis: a heading, the claim, the advocate's case, and how the hypothesis is tested."""
    paragraphs = [
        joined([f"**{sentence(hypothesis['title'])}** {hypothesis['statement']}", retired_hypothesis(hypothesis)]),
        f"*Its advocate says:* {hypothesis['advocate']}" if hypothesis["advocate"] else "",
        joined(
            [
                f"Held by: {sentence(hypothesis['proponents'])}",
                f"Predicts: {sentence(hypothesis['predicts'])}",
                f"Would count against it: {sentence(hypothesis['counts_against'])}",
                hypothesis["note"],
                f"Sources: {source_links(hypothesis['source_ids'])}.",
            ]
        ),
    ]
    return f"### {hypothesis['hypothesis_id']}\n\n" + "\n\n".join(filter(None, paragraphs)) + "\n"


def retired_hypothesis(hypothesis: pd.Series) -> str:
    """Say what took the place of a retired hypothesis, or nothing."""
    if hypothesis["status"] == "active":
        return ""
    followers = " and ".join(f"[{row}](#{row.lower()})" for row in hypothesis["replaced_by"].split(";"))
    return f"Retired; replaced by {followers}."


def item_entry(item: pd.Series) -> str:
    """Return one item of evidence as a heading and a paragraph: what it is, its weight, whether it still counts."""
    weight = item["credibility"] * item["relevance"]
    first = item["first_credibility"]
    sentences = [
        f"**{sentence(item['title'])}** {item['description']}",
        f"Weight (module coding): credibility {item['credibility']} times relevance {item['relevance']} is {weight}.",
        f"First coding: credibility {first}." if first not in ("", item["credibility"]) else "",
        f"Retired. {sentence(item['retired_because'])}" if item["status"] == "retired" else "",
        item["note"],
        f"Sources: {source_links(item['source_ids'])}.",
    ]
    return f"### {item['item_id']}\n\n{joined(sentences)}\n"


def code_entry(code: pd.Series, hypothesis: pd.Series) -> str:
    """Return one code as a heading and a paragraph: how the item fits the hypothesis, why, and the other code."""
    first, other = code["first_code"], code["alternative_code"]
    sentences = [
        f"**{CODES[code['code']].capitalize()} ({code['code']})** with [{code['hypothesis_id']}]"
        f"(#{code['hypothesis_id'].lower()}), {hypothesis['title']}.",
        code["justification"],
        f"Contested: a reasonable coder may choose {CODES[other]} ({other})." if code["contested"] == "yes" else "",
        f"First coding: {first}." if first not in ("", code["code"]) else "",
    ]
    return f"#### {code.name}\n\n{joined(sentences)}\n"
