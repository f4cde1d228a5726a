"""The rule of terms: the glossary defines a chapter's key terms, and the chapter links each where it first uses it.

A use is the term without what it has in brackets, its short form in brackets, or what its links show. Headings, quoted
blocks, exercises, the words of other links and the generated cells do not count: a link there would be in the way.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from casebook.data import DATA, load
from tools.lint import prose_cells
from tools.notebooks import chapter_of, read
from tools.numbers import without_code

TERM_LINK = re.compile(r"\[([^\]]*)\]\(glossary\.md#(g\d+)\)")
OTHER_LINK = re.compile(r"!?\[[^\]]*\]\((?!glossary\.md#)[^)]*\)")
HEADING_OR_QUOTED = re.compile(r"(?m)^(?:#|>).*$")
IN_BRACKETS = re.compile(r"\s*\(([^)]*)\)")
LETTERS_OF_A_STEM = 4


def problems(chapter: Path, data: Path = DATA) -> list[str]:
    """List every breach of the rule of terms in one chapter.

    Parameters
    ----------
    chapter : Path
        A notebook.
    data : Path
        The folder of the data package.

    Returns
    -------
    list of str
        One sentence a breach: chapter, cell or term, what to do. Empty when the rule holds.
    """
    notebook = read(chapter)
    ids = load("glossary", data).set_index("term_en")["term_id"].str.lower().to_dict()
    prose = {cell.id: running_text(cell.source) for cell in prose_cells(notebook)}
    found = []
    for term in chapter_of(notebook, chapter).terms:
        if term not in ids:
            found.append(f"{chapter.name}: the key term '{term}' is not in data/glossary.csv; define it there.")
        elif breach := wrong_first_use(term, ids, prose):
            found.append(f"{chapter.name}{breach}")
    return found


def running_text(source: str) -> str:
    """Keep the text of a cell in which a term can be linked, without emphasis."""
    return OTHER_LINK.sub(" ", HEADING_OR_QUOTED.sub(" ", without_code(source))).replace("*", "")


def wrong_first_use(term: str, ids: dict[str, str], prose: dict[str, str]) -> str | None:
    """Return what is wrong with the first use of a term, or None.

    Parameters
    ----------
    term : str
        As the glossary has it in English.
    ids : dict of str to str
        Anchors, such as ``g13``, of all terms of the glossary.
    prose : dict of str to str
        Running text by id of the cell, in reading order.
    """
    wanted = f"[{headword(term).lower()}](glossary.md#{ids[term]})"
    shown = [text for source in prose.values() for text, anchor in TERM_LINK.findall(source) if anchor == ids[term]]
    if not shown:
        return f": the key term '{term}' is never linked; link its first use, as in {wanted}."
    for text in shown:
        if not stems(text) & stems(term):
            return f": a link to the key term '{term}' shows '{text}'; let it show the term."
    use = pattern([headword(term), *short_forms(term), *shown], longer=map(headword, ids))
    cell_id, source = next((cell_id, source) for cell_id, source in prose.items() if use.search(source))
    first = use.search(source)
    links = [link.span() for link in TERM_LINK.finditer(source) if link[2] == ids[term]]
    if any(start < first.start() < end for start, end in links):
        return None
    return f", cell '{cell_id}': '{first[0]}' is the first use of '{term}' and no link; link it, as in {wanted}."


def headword(term: str) -> str:
    """Return a term without what it has in brackets."""
    return IN_BRACKETS.sub("", term)


def short_forms(term: str) -> list[str]:
    """Return what a term has in brackets if it is a short form in capitals, such as CSTO."""
    return [text for text in IN_BRACKETS.findall(term) if text.isupper()]


def stems(text: str) -> set[str]:
    """Return the first letters of each word, which singular and plural, noun and adjective share."""
    return {word[:LETTERS_OF_A_STEM] for word in re.findall(r"\w+", text.casefold())}


def pattern(forms: list[str], longer: Iterable[str] = ()) -> re.Pattern:
    """Return what finds any of some forms as whole words, in singular and plural, unless a longer term begins there.

    The Collective Security Treaty Organization is no use of the Collective Security Treaty.
    """
    words = "|".join(re.sub(r"y$", "(?:y|ies)", re.escape(form)) for form in sorted(forms, key=len, reverse=True))
    others = "|".join(re.escape(term) for term in longer if any(term.startswith(f"{form} ") for form in forms))
    return re.compile(rf"\b{f'(?!{others})' if others else ''}(?:{words})s?\b", re.IGNORECASE)
