"""Write the glossary page from ``data/glossary.csv``: each term in English, Russian and Kazakh, with its definition.

Every term is a heading by its id, so that prose links to it with ordinary Markdown (``[aggression](glossary.md#g08)``).
"""

from pathlib import Path

import pandas as pd

from casebook.data import DATA
from casebook.rows import rows_of
from tools.files import BOOK, chapters
from tools.markdown import escaped
from tools.notebooks import chapter_of, read
from tools.pages import FRONT_MATTER, NOTICE, how_sure, joined, small, source_links

AWAITS_CHECK = "awaits a native speaker's check"


def derived(data: Path = DATA, book: Path = BOOK) -> dict[Path, bytes]:
    """Return the page as file content by path."""
    return {book / "glossary.md": glossary_page(data).encode("utf-8")}


def glossary_page(data: Path = DATA) -> str:
    """Return the glossary: the list of all terms, then one heading a term, in the order of the alphabet."""
    terms = rows_of("glossary", data).map(escaped).sort_values("term_en", key=by_alphabet)
    unchecked = terms["kk_confidence"].isin(["low", "medium"]).sum()
    missing = (terms["term_kk"] == "").sum()
    parts = [
        FRONT_MATTER,
        "# Glossary\n",
        NOTICE,
        f"The {len(terms)} terms that this book defines, in English, Russian and Kazakh. A chapter links a key term to "
        "its entry where the term first stands in the text. Where people disagree about a word, the entry says so.\n",
        f"Of the Kazakh terms, {unchecked} await a native speaker's check: they rest on one source, or are our own "
        f"translation. For {missing} terms we found no Kazakh form.\n",
        "## All terms\n",
        *(letter_line(letter, group) for letter, group in terms.groupby(initials(terms), sort=False)),
    ]
    used = key_term_of(chapters())
    for letter, group in terms.groupby(initials(terms), sort=False):
        parts.append(f"## {letter}\n")
        parts.extend(term_entry(term, used.get(term["term_en"], [])) for _, term in group.iterrows())
    return "\n".join(parts)


def by_alphabet(terms: pd.Series) -> pd.Series:
    """Return what terms are sorted by: their letters, whatever their case and their quotation marks."""
    return terms.str.casefold().str.replace(r"[^\w\s]", "", regex=True)


def initials(terms: pd.DataFrame) -> pd.Series:
    """Return the letter under which each term stands."""
    return terms["term_en"].str[0].str.upper()


def letter_line(letter: str, terms: pd.DataFrame) -> str:
    """Return one line of the list: a letter, and links to its terms."""
    links = (f"[{term['term_en']}](#{row_id.lower()})" for row_id, term in terms.iterrows())
    return f"**{letter}**: {', '.join(links)}.\n"


def key_term_of(paths: list[Path]) -> dict[str, list[str]]:
    """Return links to the chapters that name a term among their key terms, by the English term."""
    used: dict[str, list[str]] = {}
    for path in paths:
        chapter = chapter_of(read(path), path)
        for term in chapter.terms:
            used.setdefault(escaped(term), []).append(f"[{chapter.title}]({path.name})")
    return used


def term_entry(term: pd.Series, used: list[str]) -> str:
    """Return one term as a heading, what it means, its forms in Russian and Kazakh, and the rest in small print."""
    sentences = [
        f"Sources: {source_links(term['source_ids'])}.",
        "" if term["confidence"] == "high" else how_sure(term["confidence"]),
        f"Key term of: {', '.join(used)}." if used else "",
    ]
    contested = f"*Contested.* {term['contested_note']}" if term["contested_note"] else ""
    statement = joined([f"**{term['term_en']}.**", term["definition"], contested])
    return f"### {term['term_id']}\n\n{statement}\n\n{translations(term)}\n\n{small(sentences)}\n"


def translations(term: pd.Series) -> str:
    """Name a term in Russian and in Kazakh, each marked with its language, and say which Kazakh terms are unsure."""
    russian = f'Russian: <span lang="ru">{term["term_ru"]}</span>.'
    if not term["term_kk"]:
        return f"{russian} Kazakh: no form found."
    check = f" ({AWAITS_CHECK})" if term["kk_confidence"] in ("low", "medium") else ""
    return f'{russian} Kazakh: <span lang="kk">{term["term_kk"]}</span>{check}.'
