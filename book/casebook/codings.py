"""One coding of a family of hypotheses, ours or a reader's, and the short text in which a class exchanges codings."""

import re
from dataclasses import dataclass

import pandas as pd

from casebook.errors import CasebookError
from casebook.hypotheses import code_table, inconsistency_scores

HIGHEST = 3  # credibility and relevance go from 0, leave it out, to 3
MULTIPLIERS = (0, 0.5, 1, 1.5, 2)  # how often a kind of source counts
ITEM_LINE = re.compile(r"([A-Za-z0-9]+) +([0-9]+) *[x×] *([0-9]+) *: *(.*)")
SOURCES_LINE = re.compile(r"Sources *: *(.*)")
ITEM_FORM = "write an item like 'V01 3x2: A2 N, A3 CC'"


@dataclass(frozen=True)
class Coding:
    """Weights and codes of the items of a family, and how often each kind of source counts.

    Attributes
    ----------
    family : str
        ``streets`` or ``deployment``.
    qualities : DataFrame
        ``credibility`` and ``relevance``, from 0 to 3, by item.
    codes : DataFrame
        One row an item, one column a hypothesis.
    kinds : dict
        The kinds of source behind each item, in words; no kinds if sources are not told apart.
    multipliers : dict
        How often each kind counts.
    """

    family: str
    qualities: pd.DataFrame
    codes: pd.DataFrame
    kinds: dict[str, tuple[str, ...]]
    multipliers: dict[str, float]

    def weights(self) -> pd.Series:
        """Return credibility times relevance times the mean multiplier of the kinds of source behind each item."""
        counted = [
            sum(self.multipliers[kind] for kind in kinds) / len(kinds) if kinds else 1.0
            for kinds in (self.kinds[item] for item in self.qualities.index)
        ]
        return self.qualities["credibility"] * self.qualities["relevance"] * counted

    def scores(self) -> pd.Series:
        """Return the inconsistency score of each hypothesis."""
        return inconsistency_scores(self.codes, self.weights())


def as_coded(
    items: pd.DataFrame,
    matrix: pd.DataFrame,
    hypotheses: pd.DataFrame,
    sources: pd.DataFrame | None = None,
    family: str = "streets",
) -> Coding:
    """Return the coding of the module.

    Parameters
    ----------
    items, matrix, hypotheses : DataFrame
        The tables evidence_items, evidence_matrix and hypotheses.
    sources : DataFrame, optional
        The table sources, whose stances are the kinds of source.
    family : str
        ``streets`` or ``deployment``.

    Raises
    ------
    CasebookError
        If a pair has no code, or a source of an item is not in `sources`.
    """
    codes = code_table(matrix, items, hypotheses, family)
    rows = items.set_index("item_id").loc[codes.index]
    kinds = {item: _kinds(item, rows.loc[item, "source_ids"], sources) for item in codes.index}
    every = sorted({kind for own in kinds.values() for kind in own}, key=str.lower)
    return Coding(
        family=family,
        qualities=rows[["credibility", "relevance"]].astype(int),
        codes=codes,
        kinds=kinds,
        multipliers=dict.fromkeys(every, 1.0),
    )


def write_coding(coding: Coding) -> str:
    """Write a coding as short text: a heading, a line an item, and a line for the kinds of source.

    Examples
    --------
    >>> from casebook.data import load
    >>> ours = as_coded(load("evidence_items"), load("evidence_matrix"), load("hypotheses"))
    >>> print(write_coding(ours).splitlines()[1])
    V01 3x2: A1a N, A1b N, A2 N, A3 CC, A4 C, A5 C, A6 N
    """
    lines = [_heading(coding.family)]
    for item, codes in coding.codes.iterrows():
        credibility, relevance = coding.qualities.loc[item, ["credibility", "relevance"]]
        pairs = ", ".join(f"{hypothesis} {code}" for hypothesis, code in codes.items())
        lines.append(f"{item} {credibility}x{relevance}: {pairs}")
    if coding.multipliers:
        lines.append("Sources: " + ", ".join(f"{kind} {times:g}" for kind, times in coding.multipliers.items()))
    return "\n".join(lines) + "\n"


def read_coding(text: str, pattern: Coding) -> Coding:
    """Read a coding that a reader has exported from the weighing bench or written by hand.

    Parameters
    ----------
    text : str
        What `write_coding` or the bench writes. Empty lines do not count, nor lines that begin with ``#``, which have
        room for a name.
    pattern : Coding
        The coding that says which items, hypotheses and kinds of source there must be, such as `as_coded` gives.

    Returns
    -------
    Coding
        With everything in the order of `pattern`.

    Raises
    ------
    CasebookError
        If the text is not a complete coding; the sentence names the line.

    Examples
    --------
    A lecturer adds up the codings of a class:

    >>> from casebook.data import load
    >>> ours = as_coded(load("evidence_items"), load("evidence_matrix"), load("hypotheses"))
    >>> texts = [write_coding(ours), write_coding(ours).replace("V11 2x2", "V11 0x2")]
    >>> scores = pd.DataFrame([read_coding(text, ours).scores() for text in texts])
    >>> print(scores["A3"].to_list())
    [16.0, 12.0]
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if not lines or lines[0][1] != _heading(pattern.family):
        raise CasebookError(f"The text does not begin with '{_heading(pattern.family)}'; paste a whole coding of it.")
    qualities, codes, multipliers = {}, {}, {}
    for number, line in lines[1:]:
        if found := SOURCES_LINE.fullmatch(line):
            multipliers = _read_pairs(f"Line {number}", found[1], list(pattern.multipliers), multipliers)
        elif found := ITEM_LINE.fullmatch(line):
            item, *values, rest = found.groups()
            _need(item in pattern.codes.index, f"Line {number}: there is no item {item} here; take the line out.")
            _need(item not in codes, f"Line {number}: {item} stands twice; keep one line.")
            qualities[item] = [int(value) for value in values]
            _need(
                max(qualities[item]) <= HIGHEST,
                f"Line {number}, {item}: credibility and relevance go from 0 to {HIGHEST}; correct them.",
            )
            codes[item] = _read_pairs(f"Line {number}, {item}", rest, list(pattern.codes), {})
        else:
            raise CasebookError(f"Line {number} cannot be read; {ITEM_FORM}.")
    return None


def _heading(family: str) -> str:
    return f"Coding of the family {family}"
