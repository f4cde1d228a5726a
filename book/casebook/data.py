"""Load and describe the tables in ``data/``: the only home of the book's facts."""

import csv
import functools
import hashlib
import json
from pathlib import Path

import pandas as pd

from casebook.errors import CasebookError


def _data_folder() -> Path:
    """Return ``data/`` beside ``book/``, or, in a folder that was handed out with one chapter, beside the package."""
    package = Path(__file__).resolve().parent
    handed_out = package.with_name("data")
    return handed_out if handed_out.is_dir() else package.parents[1] / "data"


DATA = _data_folder()


@functools.cache
def package(folder: Path = DATA) -> dict:
    """Return the Frictionless Data Package descriptor, ``datapackage.json``, of a folder.

    Raises
    ------
    CasebookError
        If the descriptor is missing or is not JSON.
    """
    path = folder / "datapackage.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CasebookError(f"{path.name} is missing from {folder.name}/; restore it from the repository.") from None
    except json.JSONDecodeError as error:
        raise CasebookError(f"{path.name}, line {error.lineno}, is not JSON: {error.msg}; mend that line.") from None


def tables(folder: Path = DATA) -> list[str]:
    """Return the names of all tables, in the order of the data package."""
    return [resource["name"] for resource in package(folder)["resources"] if "schema" in resource]


def table_path(name: str, folder: Path = DATA) -> Path:
    """Return the CSV file of a table."""
    return folder / _resource(name, folder)["path"]


def table_hash(name: str, folder: Path = DATA) -> str:
    """Return the sha256 of a table's file, as 64 hexadecimal digits."""
    return hashlib.sha256(table_path(name, folder).read_bytes()).hexdigest()


def load(name: str, folder: Path = DATA) -> pd.DataFrame:
    """Load one table with the types that its schema gives.

    Parameters
    ----------
    name : str
        A table of the data package, such as ``"events"``; ``codebook(name)`` describes its columns.
    folder : Path
        The folder that holds ``datapackage.json``.

    Returns
    -------
    DataFrame
        One row a record, in file order. Numbers are ``float64``, integers ``Int64``, dates ``datetime64``;
        everything else is text, and an empty cell is missing. Lists of ids are text joined by ``;``.

    Raises
    ------
    CasebookError
        If the table is unknown, a column is missing, or a cell does not fit its type.

    Examples
    --------
    >>> load("claims").columns[0]
    'claim_id'
    """
    fields = _resource(name, folder)["schema"]["fields"]
    path = table_path(name, folder)
    names, rows = _read_rows(path)
    expected = [field["name"] for field in fields]
    for column in expected:
        if column not in names:
            raise CasebookError(
                f"data/{path.name} has no column '{column}'; the data package asks for it, so add it back."
            )
    texts = pd.DataFrame(rows, columns=names)[expected]
    frame = texts.where(texts.ne(""))
    for field in fields:
        frame[field["name"]] = _typed(frame[field["name"]], field["type"], path.name)
    return frame


def codebook(name: str, folder: Path = DATA) -> pd.DataFrame:
    """Describe the columns of a table in the words of the data package.

    Returns
    -------
    DataFrame
        One row a column: ``column``, ``type``, ``unit``, ``definition`` and ``allowed`` values.
    """
    return pd.DataFrame(
        [
            {
                "column": field["name"],
                "type": field["type"],
                "unit": field.get("unit", ""),
                "definition": field["description"],
                "allowed": ", ".join(field.get("constraints", {}).get("enum", [])),
            }
            for field in _resource(name, folder)["schema"]["fields"]
        ]
    )


def blank_where_missing(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of plain objects in which a missing value is an empty text."""
    return frame.astype(object).where(frame.notna(), "")


def _resource(name: str, folder: Path) -> dict:
    for resource in package(folder)["resources"]:
        if resource["name"] == name and "schema" in resource:
            return resource
    raise CasebookError(f"There is no table '{name}'; use one of: {', '.join(tables(folder))}.")


def _read_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    except FileNotFoundError:
        raise CasebookError(f"data/{path.name} is missing; restore it from the repository.") from None
    except UnicodeDecodeError as error:
        raise CasebookError(f"data/{path.name} is not UTF-8 at byte {error.start}; save it as UTF-8.") from None
    if not rows:
        raise CasebookError(f"data/{path.name} is empty; restore its header row.")
    header = rows[0]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise CasebookError(
                f"data/{path.name}, row {number}, has {len(row)} cells instead of {len(header)}; "
                "look for a missing comma or an unquoted one."
            )
    return header, rows[1:]


def _typed(column: pd.Series, kind: str, file_name: str) -> pd.Series:
    if kind == "date":
        typed = pd.to_datetime(column, format="%Y-%m-%d", errors="coerce")
    elif kind in ("number", "integer"):
        typed = pd.to_numeric(column, errors="coerce").astype("float64")
    else:
        return column
    wrong = typed.isna() & column.notna()
    if kind == "integer":
        wrong |= typed.notna() & (typed % 1 != 0)
    if wrong.any():
        place = wrong.idxmax()
        cell = f"data/{file_name}, row {place + 2}: '{column[place]}' in '{column.name}'"
        raise CasebookError(f"{cell} is not a {kind}; correct the cell.")
    return typed.astype("Int64") if kind == "integer" else typed
