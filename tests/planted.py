"""A copy of the data package in which a test plants one fault."""

import csv
import shutil
from pathlib import Path

from casebook.data import DATA, package
from tools import datapackage
from tools.files import write_atomic


def copy_of_data(folder: Path) -> Path:
    """Copy ``data/`` into a folder and return the copy."""
    return Path(shutil.copytree(DATA, folder / "data"))


def plant(data: Path, table: str, row_id: str, **cells: str) -> None:
    """Overwrite cells of one row of a table, and make the descriptor's hashes fit again."""
    path = data / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    (row,) = (row for row in rows if row[0] == row_id)
    for column, value in cells.items():
        row[header.index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    stamp(data)


def stamp(data: Path) -> None:
    """Renew the sizes and hashes in a copy's descriptor."""
    package.cache_clear()
    for path, content in datapackage.derived(data).items():
        write_atomic(path, content)
    package.cache_clear()
