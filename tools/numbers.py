"""The number rule: a number in prose is a link to the row it came from, and equals what the row says.

It holds in chapters and on the pages on teaching.

Not numbers in this sense: dates and years, article numbers, time zones such as UTC+6, numbers that the code cell just
above has computed and shown, what stands in a computed passage of a page, and the reviewed exceptions in
tests/number_exceptions.toml.
"""

import re
from functools import cache
from pathlib import Path

import nbformat

from casebook.data import DATA, load
from casebook.rows import ROW_TABLES, rows_of
from casebook.wording import number_text
from tools.exceptions import read as read_exceptions
from tools.files import ROOT
from tools.notebooks import BOX, SELF_CHECK, read
from tools.passages import without_passages

EXCEPTIONS = ROOT / "tests" / "number_exceptions.toml"

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
# fmt: off
SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
LARGE = [
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty",
    "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion",
]
# fmt: on
VALUES = dict(zip(SMALL + LARGE, [*range(1, 21), *range(30, 100, 10), 10**2, 10**3, 10**6, 10**9], strict=True))
WORDS = re.compile(rf"\b({'|'.join(VALUES)})s?(?:-\w+)?\b", re.IGNORECASE)
NOT_NUMBERS = [
    re.compile(rf"\b\d{{1,2}}(?:\s*(?:–|and|to|or)\s*\d{{1,2}})?\s+(?:{MONTHS})\b(?:\s+(?:19|20)\d{{2}}\b)?"),
    re.compile(r"\b(?:19\d\d|20[0-2]\d)(?:–(?:19|20)?\d{2})?\b"),
    re.compile(r"\bArticles?\s+\d+(?:\(\d+\))?(?:(?:,| and| or)\s+\d+(?:\(\d+\))?)*"),
    re.compile(r"\bUTC\s?[+−-]\s?\d{1,2}\b"),
    re.compile(r"\b\d+(?:st|nd|rd|th)\b"),
    re.compile(r"\bCC BY(?:-NC)? 4\.0\b"),
]
LENGTH_OF_ANSWER = re.compile(r"\b\d+ to \d+ words\b")  # in the prompt of an exercise
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)\)")
ROW_LINK = re.compile(r"(?:\.\./)?(?P<page>evidence(?:-\w+)?)\.md#(?P<row>.*)")


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
    for cell in read(chapter).cells:
        where = f"{chapter.name}, cell '{cell.id}'"
        if cell.cell_type == "code" and is_figure(cell):
            found += [f"{where}: {breach}" for breach in wrong_description(cell.metadata["mystnb"], shown)]
        elif cell.cell_type == "code":
            shown = shown_text(cell)
        elif cell.id not in (BOX, SELF_CHECK):
            prose = without_code(cell.source)
            found += [f"{where}: {breach}" for breach in wrong_links(prose, values)]
            for exception in allowed.get(cell.id, []):
                prose = prose.replace(exception, " ")
            if cell.id.startswith("ex-"):
                prose = LENGTH_OF_ANSWER.sub(" ", prose)
            found += [
                f"{where}: the number '{number}' is bare; link it to its row, as in [{number}](evidence.md#c030)."
                for number in not_shown(bare_numbers(prose), shown)
            ]
    return found


def page_problems(page: Path, data: Path = DATA) -> list[str]:
    """List every breach of the number rule on a page that people write in Markdown.

    Parameters
    ----------
    page : Path
        A Markdown file; its computed passages are left out.
    data : Path
        The folder of the data package.

    Returns
    -------
    list of str
        One sentence a breach: page, number, what to do. Empty when the rule holds.
    """
    prose = without_code(without_passages(page.read_text(encoding="utf-8")))
    bare = [
        f"the number '{number}' is bare; link it to its row, as in [{number}](../evidence.md#c030)."
        for number in bare_numbers(prose)
    ]
    return [f"{page.parent.name}/{page.name}: {breach}" for breach in wrong_links(prose, row_values(data)) + bare]


def wrong_description(figure: dict, shown: str) -> list[str]:
    """List what is wrong with the numbers of a figure's alternative text and caption.

    Parameters
    ----------
    figure : dict
        The cell's ``mystnb`` metadata.
    shown : str
        What the code cell above shows: the facts that the figure draws.
    """
    alternative, caption = figure["image"]["alt"], figure["figure"]["caption"]
    breaches = [
        f"the figure's description has '{number}', which the cell above does not show; print the facts that the figure "
        "draws, or correct it."
        for number in not_shown(bare_numbers(f"{alternative} {caption}"), shown)
    ]
    if not numbers_in(alternative):
        breaches.append("the alternative text has no number; name the finding with its number.")
    return breaches


@cache
def row_values(data: Path = DATA) -> dict[str, set[str]]:
    """Return the numbers that a link to a row may show.

    Parameters
    ----------
    data : Path
        The folder of the data package.

    Returns
    -------
    dict of str to set of str
        By address, such as ``evidence.md#c030`` or ``evidence-law.md#cst10-4-1``.
    """
    units = load("quantities", data).set_index("quantity")["unit"]
    values = {}
    for name, table in ROW_TABLES.items():
        if table.page:
            for row_id, row in rows_of(name, data).to_dict("index").items():
                values[f"{table.page}.md#{row_id.lower()}"] = numbers_of_row(row, table.said)
                if name == "claims":
                    values[f"{table.page}.md#{row_id.lower()}"] |= ends_of_claim(row, units[row["quantity"]])
    return values


def numbers_of_row(row: dict[str, object], columns: tuple[str, ...]) -> set[str]:
    """Return the numbers of some cells of a row, with clock times and the numbers written in words."""
    cells = [row[column] for column in columns]
    cells = [number_text(cell) if isinstance(cell, float | int) else str(cell) for cell in cells]
    text = " ".join(cells)
    return numbers_of(text) | set(CLOCK.findall(text))


def ends_of_claim(claim: dict[str, object], unit: str) -> set[str]:
    """Return the ends of a claim's interval as prose writes them."""
    return {number_text(end, unit) for end in (claim["value_low"], claim["value_high"]) if end != ""}


def numbers_of(text: str) -> set[str]:
    """Return the numbers of a text, those in words included, as digits."""
    return set(numbers_in(text)) | {word_value(word) for word in WORDS.findall(text)}


def word_value(word: str) -> str:
    """Write a number word in digits: ``six`` is ``6``."""
    return str(VALUES[word.lower()])


def wrong_links(prose: str, values: dict[str, set[str]]) -> list[str]:
    """List links to evidence whose row is missing or does not have the number that the link shows."""
    breaches = []
    for text, address in LINK.findall(prose):
        link = ROW_LINK.fullmatch(address)
        if link is None:
            continue
        address = address.removeprefix("../")
        if address not in values:
            breaches.append(f"the link '{address}' leads to no row of that page; give the id of a row.")
            continue
        says = ", ".join(sorted(values[address])) or "no number"
        breaches += [
            f"the link shows '{number}', but row {link['row'].upper()} says {says}; correct the prose or the row."
            for number in numbers_shown(text)
            if number not in values[address]
        ]
    return breaches


def numbers_shown(text: str) -> list[str]:
    """List the numbers that the text of a link shows: clock times, digits, and words as digits."""
    digits = CLOCK.findall(text) + numbers_in(CLOCK.sub(" ", text))
    return digits + [word_value(word) for word in WORDS.findall(text)]


def bare_numbers(prose: str) -> list[str]:
    """List the numbers of a text that stand outside links to rows and are no date, article or the like."""
    prose = LINK.sub(lambda link: " " if ROW_LINK.fullmatch(link[2]) else f" {link[1]} ", prose)
    for pattern in NOT_NUMBERS:
        prose = pattern.sub(" ", prose)
    clocks = CLOCK.findall(prose)
    prose = CLOCK.sub(" ", prose)
    return clocks + numbers_in(prose) + [word for word in WORDS.findall(prose) if word.lower() in LARGE]


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


def is_figure(cell: nbformat.NotebookNode) -> bool:
    """Tell whether a code cell draws a figure with a description."""
    return "image" in cell.metadata.get("mystnb", {})


def reviewed(slug: str, exceptions: Path = EXCEPTIONS) -> dict[str, list[str]]:
    """Return the reviewed exceptions of a chapter: texts by cell id."""
    allowed: dict[str, list[str]] = {}
    for exception in read_exceptions(exceptions, {"chapter", "cell", "text", "reason"}):
        if exception["chapter"] == slug:
            allowed.setdefault(exception["cell"], []).append(exception["text"])
    return allowed
