"""One coding of a family of hypotheses, ours or a reader's, and the short text in which a class exchanges codings."""

from dataclasses import dataclass

import pandas as pd

from casebook.errors import CasebookError
from casebook.hypotheses import CODES, code_table, inconsistency_scores
from casebook.wording import in_words

QUALITIES = dict.fromkeys(("credibility", "relevance"), ("0", "1", "2", "3"))  # 0 leaves an item out
MULTIPLIERS = ("0", "0.5", "1", "1.5", "2")  # how often a kind of source counts
SOURCES = "Sources"  # the line of the multipliers

Lines = dict[str, dict[str, str]]
Form = dict[str, dict[str, tuple[str, ...]]]


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
        The kinds of source behind each item, in words; empty lists if sources are not told apart.
    multipliers : Series
        How often each kind counts.
    """

    family: str
    qualities: pd.DataFrame
    codes: pd.DataFrame
    kinds: dict[str, list[str]]
    multipliers: pd.Series

    def weights(self) -> pd.Series:
        """Return credibility times relevance, times the mean multiplier of the kinds of source behind each item."""
        counted = {item: self.multipliers[own].mean() if own else 1.0 for item, own in self.kinds.items()}
        return (self.qualities.prod(axis=1) * pd.Series(counted)).rename("weight")

    def scores(self) -> pd.Series:
        """Return the inconsistency score of each hypothesis."""
        return inconsistency_scores(self.codes, self.weights())

    def form(self) -> Form:
        """Return what each line of the text must have, and the values that each entry may take."""
        codes = dict.fromkeys(self.codes, tuple(CODES))
        form = dict.fromkeys(self.codes.index, QUALITIES | codes)
        if len(self.multipliers):
            form[SOURCES] = dict.fromkeys(self.multipliers.index, MULTIPLIERS)
        return form

    def lines(self) -> Lines:
        """Return what each line of the text says: for each item its qualities and codes, and the multipliers."""
        frame = self.qualities.astype(str).join(self.codes)
        lines = frame.to_dict(orient="index")
        if len(self.multipliers):
            lines[SOURCES] = {kind: f"{times:g}" for kind, times in self.multipliers.items()}
        return lines


def as_coded(
    items: pd.DataFrame,
    matrix: pd.DataFrame,
    hypotheses: pd.DataFrame,
    sources: pd.DataFrame | None = None,
    family: str = "streets",
) -> Coding:
    """Return the coding of the module, every kind of source counted once.

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
    kinds = {item: [] for item in codes.index}
    if sources is not None:
        stances = sources.set_index("source_id")["stance"]
        kinds = {item: _kinds(item, ids.split(";"), stances) for item, ids in rows["source_ids"].items()}
    every = sorted({kind for own in kinds.values() for kind in own}, key=str.lower)
    return Coding(
        family=family,
        qualities=rows[list(QUALITIES)].astype(int),
        codes=codes,
        kinds=kinds,
        multipliers=pd.Series(1.0, index=every),
    )


def write_coding(coding: Coding) -> str:
    """Write a coding as short text: a heading, a line an item, and a line for the kinds of source.

    Examples
    --------
    >>> from casebook.data import load
    >>> ours = as_coded(load("evidence_items"), load("evidence_matrix"), load("hypotheses"))
    >>> print(write_coding(ours).splitlines()[1])
    V01: credibility 3, relevance 2, A1a N, A1b N, A2 N, A3 CC, A4 C, A5 C, A6 N
    """
    lines = [
        f"{name}: " + ", ".join(f"{key} {value}" for key, value in entries.items())
        for name, entries in coding.lines().items()
    ]
    return "\n".join([heading(coding.family), *lines]) + "\n"


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
    >>> texts = [write_coding(ours), write_coding(ours).replace("V11: credibility 2", "V11: credibility 0")]
    >>> scores = pd.DataFrame([read_coding(text, ours).scores() for text in texts])
    >>> print(scores["A3"].to_list())
    [16.0, 12.0]
    """
    read = _read_lines(text, heading(pattern.family), pattern.form())
    frame = pd.DataFrame.from_dict({item: read[item] for item in pattern.codes.index}, orient="index")
    return Coding(
        family=pattern.family,
        qualities=frame[list(QUALITIES)].astype(int),
        codes=frame[list(pattern.codes)].rename_axis("item_id").rename_axis(columns="hypothesis_id"),
        kinds=pattern.kinds,
        multipliers=pd.Series(read.get(SOURCES, {}), index=pattern.multipliers.index, dtype=float),
    )


def _kinds(item: str, ids: list[str], stances: pd.Series) -> list[str]:
    for missing in set(ids) - set(stances.index):
        raise CasebookError(f"{item} names the source {missing}, which the table sources lacks; add its row.")
    return sorted({in_words(stances[source]) for source in ids}, key=str.lower)


def heading(family: str) -> str:
    """Return the first line of the text."""
    return f"Coding of the family {family}"


def _read_lines(text: str, heading: str, form: Form) -> Lines:
    """Read the lines of a coding and check each against the form; `readCoding` in hypotheses.js does the same."""
    numbered = [(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1)]
    lines = [(number, line) for number, line in numbered if line and not line.startswith("#")]
    if not lines or lines[0][1] != heading:
        raise CasebookError(f"The text does not begin with '{heading}'; paste a whole coding of this family.")
    read: Lines = {}
    for number, line in lines[1:]:
        name, colon, entries = (part.strip() for part in line.partition(":"))
        if not colon:
            raise CasebookError(f"Line {number} cannot be read; write it like 'V01: credibility 3, relevance 2, A2 N'.")
        if name not in form:
            raise CasebookError(f"Line {number}: there is no '{name}' here; take the line out.")
        if name in read:
            raise CasebookError(f"Line {number}: {name} stands twice; keep one line.")
        read[name] = _read_entries(f"Line {number}, {name}", entries, form[name])
    for name in form:
        if name not in read:
            raise CasebookError(f"The line {name} is missing; add it.")
    return read


def _read_entries(place: str, text: str, allowed: dict[str, tuple[str, ...]]) -> dict[str, str]:
    read = {}
    for entry in text.split(","):
        key, _, value = (part.strip() for part in entry.strip().rpartition(" "))
        if key not in allowed:
            raise CasebookError(f"{place}: '{entry.strip()}' cannot be read; use one of: {', '.join(allowed)}.")
        if key in read:
            raise CasebookError(f"{place}: {key} stands twice; keep one.")
        if value not in allowed[key]:
            raise CasebookError(f"{place}: {key} cannot be '{value}'; use one of: {', '.join(allowed[key])}.")
        read[key] = value
    for key in allowed:
        if key not in read:
            raise CasebookError(f"{place}: {key} is missing; add it.")
    return read
