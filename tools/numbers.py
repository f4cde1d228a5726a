"""The number rule: a number in a chapter's prose is a link to the row it came from, and equals what the row says.

Not numbers in this sense: dates and years, article numbers, time zones such as UTC+6, numbers that the code cell just
above has computed and shown, and the reviewed exceptions in tests/number_exceptions.toml.
"""

import re
import tomllib
from pathlib import Path

import nbformat

from casebook.data import DATA, blank_where_missing, load
from tools.files import ROOT

EXCEPTIONS = ROOT / "tests" / "number_exceptions.toml"
GENERATED_CELLS = {"chapter-box", "self-check"}

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)|(?<!\w)\d+(?=-(?:day|hour|minute|year))")
CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
WORDS = re.compile(
    r"\b(?:thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundreds?|thousands?|millions?|billions?)(?:-\w+)?\b",
    re.IGNORECASE,
)
NOT_NUMBERS = [
    re.compile(rf"\b\d{{1,2}}(?:\s*(?:–|and|to|or)\s*\d{{1,2}})?\s+(?:{MONTHS})\b(?:\s+(?:19|20)\d{{2}}\b)?"),
    re.compile(r"\b(?:19|20)\d{2}(?:–(?:19|20)?\d{2})?\b"),
    re.compile(r"\bArticles?\s+\d+(?:\(\d+\))?(?:(?:,| and| or)\s+\d+(?:\(\d+\))?)*"),
    re.compile(r"\bUTC\s?[+−-]\s?\d{1,2}\b"),
    re.compile(r"\b\d+ (?:to \d+ )?words\b"),
    re.compile(r"\bCC BY(?:-NC)? 4\.0\b"),
]
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)\)")
ROW_LINK = re.compile(r"evidence\.md#([ce]\d+[a-z]?)$")


def problems(chapter: Path, data: Path = DATA, exceptions: Path = EXCEPTIONS) -> list[str]:
    """List every breach of the number rule in one chapter.

    Parameters
    ----------
    chapter : Path
        A notebook.
    data : Path
        The folder of the data package.
    exceptions : Path
        The reviewed exceptions: tables ``[[exception]]`` with ``cell``, ``text`` and ``reason``.

    Returns
    -------
    list of str
        One sentence a breach: chapter, cell, number, what to do. Empty when the rule holds.
    """
    values = row_values(data)
    allowed = reviewed(chapter.stem, exceptions)
    found, shown = [], ""
    for cell in nbformat.read(chapter, as_version=4).cells:
        if cell.cell_type == "code":
            found += [
                f"{chapter.name}, cell '{cell.id}': the alternative text has '{number}', which the cell above does not "
                "show; print the facts that the figure draws, or correct it."
                for number in not_shown(bare_numbers(alternative_text(cell)), shown)
            ]
            shown = shown_text(cell) or shown
        elif cell.get("id") not in GENERATED_CELLS:
            where = f"{chapter.name}, cell '{cell.id}'"
            prose = without_code(cell.source)
            found += [f"{where}: {breach}" for breach in wrong_links(prose, values)]
            for exception in allowed.get(cell.id, []):
                prose = prose.replace(exception, " ")
            found += [
                f"{where}: the number '{number}' is bare; link it to its row, as in [{number}](evidence.md#c030)."
                for number in not_shown(bare_numbers(prose), shown)
            ]
    return found


def row_values(data: Path = DATA) -> dict[str, set[str]]:
    """Return, for each claim and event id in lower case, the numbers that a link to it may show."""
    quantities = load("quantities", data).set_index("quantity")["unit"]
    values = {}
    for _, claim in load("claims", data).iterrows():
        ends = claim[["value_low", "value_high"]].dropna()
        shown = {written(end, quantities[claim["quantity"]]) for end in ends}
        words = " ".join(claim[["value_text", "quote", "counts"]].dropna())
        values[claim["claim_id"].lower()] = shown | set(numbers_in(words))
    for _, event in blank_where_missing(load("events", data)).iterrows():
        text = " ".join(str(event[column]) for column in ("time_local", "time_note", "summary", "quote", "note"))
        values[event["event_id"].lower()] = set(numbers_in(text)) | set(CLOCK.findall(text))
    return values


def written(value: float, unit: str) -> str:
    """Write a claim's number as prose does: ``16:30`` for a clock time, ``2,030`` for a count, ``0.14`` for a price."""
    if unit.startswith("local hour"):
        return f"{int(value):02d}:{round(value % 1 * 60):02d}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def wrong_links(prose: str, values: dict[str, set[str]]) -> list[str]:
    """List links to the evidence page whose row is missing or does not have the number that the link shows."""
    breaches = []
    for text, address in LINK.findall(prose):
        if "evidence.md#" not in address:
            continue
        row = ROW_LINK.search(address)
        if row is None or row[1] not in values:
            breaches.append(f"the link '{address}' leads to no row of the evidence page; give the id of a row.")
            continue
        clocks = CLOCK.findall(text)
        shown = clocks + numbers_in(CLOCK.sub(" ", text))
        says = ", ".join(sorted(values[row[1]])) or "no number"
        breaches += [
            f"the link shows '{number}', but row {row[1].upper()} says {says}; correct the prose or the row."
            for number in shown
            if number not in values[row[1]]
        ]
    return breaches


def bare_numbers(prose: str) -> list[str]:
    """List the numbers of a text that stand outside links to the evidence page and are no date, article or the like."""
    prose = LINK.sub(lambda link: " " if "evidence.md#" in link[2] else f" {link[1]} ", prose)
    for pattern in NOT_NUMBERS:
        prose = pattern.sub(" ", prose)
    clocks = CLOCK.findall(prose)
    prose = CLOCK.sub(" ", prose)
    return clocks + numbers_in(prose) + WORDS.findall(prose)


def numbers_in(text: str) -> list[str]:
    """List the numbers written in digits, with any trailing comma removed."""
    return [number.rstrip(",") for number in NUMBER.findall(text)]


def not_shown(numbers: list[str], shown: str) -> list[str]:
    """List the numbers that a text does not show; ``2,030``, ``2030`` and ``2030.0`` are one number."""
    values = {plain(number) for number in numbers_in(shown)}
    return [number for number in numbers if plain(number) not in values]


def plain(number: str) -> str:
    """Write a number without thousands separators and without a needless ``.0``."""
    return number.replace(",", "").removesuffix(".0")


def without_code(source: str) -> str:
    """Take code, comments and directive furniture out of a Markdown cell, and keep what a reader reads."""
    source = re.sub(r"<!--.*?-->", " ", source, flags=re.DOTALL)
    source = re.sub(r"(?m)^```(?:python|text)\n.*?^```$", " ", source, flags=re.DOTALL)
    source = re.sub(r"(?m)^:[\w-]+:.*$", " ", source)
    source = re.sub(r"(?m)^(?:`{3,}|:{3,})\{[\w-]+\}", " ", source)
    source = re.sub(r"(?m)^\s*\d+\.\s", " ", source)
    return re.sub(r"`[^`\n]+`", " ", source)


def shown_text(cell: nbformat.NotebookNode) -> str:
    """Return the text that a code cell's outputs show to a reader."""
    parts = []
    for output in cell.outputs:
        parts.append(output.get("text", ""))
        parts.append(output.get("data", {}).get("text/plain", ""))
    return "\n".join(parts)


def alternative_text(cell: nbformat.NotebookNode) -> str:
    """Return the alternative text of a figure cell, or an empty text."""
    return cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def reviewed(slug: str, exceptions: Path = EXCEPTIONS) -> dict[str, list[str]]:
    """Return the reviewed exceptions of a chapter: texts by cell id."""
    allowed: dict[str, list[str]] = {}
    for exception in tomllib.loads(exceptions.read_text(encoding="utf-8")).get("exception", []):
        if exception["chapter"] == slug:
            allowed.setdefault(exception["cell"], []).append(exception["text"])
    return allowed
