"""Write the page ``people.md`` from ``data/actors.csv``: who speaks and acts in the tables, in which rows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from casebook.data import DATA
from casebook.rows import ROW_TABLES, rows_of
from tools.files import BOOK
from tools.markdown import escaped
from tools.pages import FRONT_MATTER, NOTICE, joined, small, source_links

SIDES = {
    "kazakhstan": "The state of Kazakhstan",
    "csto": "The alliance",
    "member_states": "Other members of the alliance",
    "other_states": "Other states",
    "international": "International organisations",
    "civil_society": "Rights groups, business and media",
    "research": "Scholars and commentators",
}
# the columns of other tables that say who speaks or acts
SPEAKERS = {
    "events": "actor",
    "claims": "attributed_to",
    "legal_views": "speaker",
    "two_level_games": "who",
    "theories": "authors",
}


def derived(data: Path = DATA, book: Path = BOOK) -> dict[Path, bytes]:
    """Return the page as file content by path."""
    return {book / "people.md": people_page(data).encode("utf-8")}


def people_page(data: Path = DATA) -> str:
    """Return the page: one heading an actor, by side, in the order of the table."""
    actors = rows_of("actors", data)
    speakers = dict(said_by(data))
    parts = [
        FRONT_MATTER,
        "# People and institutions\n",
        NOTICE,
        f"The {(actors['kind'] == 'person').sum()} persons and pairs of authors and the "
        f"{(actors['kind'] == 'body').sum()} bodies that speak or act by name in the tables. Each has the office held "
        "at the time of the rows, not that of today, and a link to every row. First names, and names in Russian or "
        "Kazakh, stand here only where a row has them.\n",
        "Victims are not named, nor are private persons and activists. Who stands under which heading is module "
        "coding: ours, and by office, not by opinion. The columns are explained in the "
        "[codebook](codebook.md#actors).\n",
    ]
    for side, title in SIDES.items():
        parts.append(f"## {title}\n")
        parts.extend(entry(row, speakers) for _, row in actors[actors["side"] == side].iterrows())
    return "\n".join(parts)


def said_by(data: Path = DATA) -> Iterator[tuple[str, str]]:
    """Yield each row of evidence that names who speaks or acts: its address, and the name."""
    for table, column in SPEAKERS.items():
        for row_id, name in rows_of(table, data)[column].items():
            yield f"{ROW_TABLES[table].page}.md#{row_id.lower()}", name


def rows_naming(named_as: str, speakers: dict[str, str]) -> list[str]:
    """List the addresses of the rows whose speaker or actor has one of some names, whole or with an addition."""
    forms = "|".join(map(re.escape, named_as.split(";")))
    names = re.compile(rf"(?:^|; |, )(?:{forms})(?:$|;|,| \()")
    return [address for address, name in speakers.items() if names.search(name)]


def entry(actor: pd.Series, speakers: dict[str, str]) -> str:
    """Return one actor as a heading, the role, and the rows."""
    links = ", ".join(
        f"[{address.partition('#')[2].upper()}]({address})" for address in rows_naming(actor["named_as"], speakers)
    )
    languages = [
        f'{language}: <span lang="{code}">{actor[f"name_{code}"]}</span>.'
        for code, language in (("ru", "Russian"), ("kk", "Kazakh"))
        if actor[f"name_{code}"]
    ]
    sources = f"Sources of the role: {source_links(actor['source_ids'])}."
    statement = f"{escaped(actor['role'])}."
    return (
        f"### {actor['name']}\n\n{joined([statement, *languages])}\n\nIn the tables: {links}.\n\n{small([sources])}\n"
    )
