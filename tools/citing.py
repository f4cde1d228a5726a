"""Find the ids of rows in texts that people write, link them, and hold the texts' numbers to what the rows say."""

import functools
import re
from collections.abc import Iterable, Iterator

from casebook.rows import pages_of_rows
from tools import numbers

ROW_ID = re.compile(r"\b[A-Z]{1,4}\d[A-Za-z0-9]*(?:-[A-Za-z0-9]+)*\b|\b(?:CH|UNC|ILC|FA10|PK07|CR10)-[A-Z0-9-]+\b")


def rows_with_numbers() -> dict[str, set[str]]:
    """Return the numbers that each row of evidence says, without commas, by the id of the row."""
    values = numbers.row_values()
    return {
        row_id: {number.replace(",", "") for number in values[f"{page}.md#{row_id.lower()}"]}
        for row_id, page in pages_of_rows().items()
        if page
    }


def faults(text: str, rows: dict[str, set[str]], own_numbers: Iterable[str] = ()) -> Iterator[str]:
    """Yield a sentence for each id in a text that no row has, and for each number that no cited row says.

    Parameters
    ----------
    text : str
        A text that cites rows by id.
    rows : dict of str to set of str
        What `rows_with_numbers` returns.
    own_numbers : iterable of str
        Numbers that the writer brings along.
    """
    cited = set(ROW_ID.findall(text))
    yield from (f"no row of evidence has the id {row_id}; correct it." for row_id in sorted(cited - rows.keys()))
    said = set().union(own_numbers, *(rows[row_id] for row_id in cited & rows.keys()))
    for number in numbers.bare_numbers(ROW_ID.sub(" ", text)):
        if number[0].isdigit() and number.replace(",", "") not in said:
            yield f"no row that it cites has the number {number}; correct it, or name it as the writer's own."


def with_links(text: str) -> str:
    """Turn every id of a row in a text into a link to the row, as pages on teaching write it."""
    pages = _pages()

    def link(found: re.Match) -> str:
        row_id = found[0]
        return f"[{row_id}](../{pages[row_id]}.md#{row_id.lower()})" if row_id in pages else row_id

    return ROW_ID.sub(link, text)


@functools.cache
def _pages() -> dict[str, str]:
    """Read once on which page each row stands: a page of rubrics has hundreds of links."""
    return pages_of_rows()
