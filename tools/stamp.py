"""Stamp a chapter with what it was executed with: its tables, the code that draws for it, and its own cells."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from casebook.errors import CasebookError
from tools.notebooks import chapter_of
from tools.widget_models import models

DRAWING = ("casebook/*.py", "casebook/*.js", "casebook/*.mplstyle")
BASEMAP = "basemap.geojson"


def stamp(notebook: NotebookNode, path: Path, book: Path, data: Path) -> dict:
    """Make the stamp that a chapter should carry now.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter, in normal form.
    path : Path
        Where it is, for the message.
    book, data : Path
        Where the package ``casebook`` and the tables are.

    Returns
    -------
    dict
        sha256 hashes: ``tables`` by name, ``code`` and ``digest``.

    Raises
    ------
    CasebookError
        If the metadata is wrong or names a table that does not exist.
    """
    return {"code": _code(book, data), "digest": _digest(notebook), "tables": _tables(notebook, path, data)}


def differences(carried: dict, current: dict, path: Path) -> Iterator[str]:
    """Compare the stamp that a chapter carries with the one that it should carry.

    Parameters
    ----------
    carried, current : dict
        The two stamps; `carried` may be empty.
    path : Path
        Where the chapter is, for the message.

    Yields
    ------
    str
        A sentence for each table that changed, for the code, and for the chapter itself.
    """
    before, now = carried.get("tables", {}), current["tables"]
    for table in sorted(before.keys() | now.keys()):
        if before.get(table) != now.get(table):
            yield f"{path.name}: data/{table}.csv is not what the chapter was executed with; run 'make refresh'."
    if carried.get("code") != current["code"]:
        yield f"{path.name}: book/casebook/ or data/{BASEMAP} changed since it was executed; run 'make refresh'."
    if carried.get("digest") != current["digest"]:
        yield f"{path.name}: cells or outputs changed since it was executed; run 'make refresh'."


def _code(book: Path, data: Path) -> str:
    """Return the sha256 of all files that can change what a chapter shows, besides its tables and the answer keys."""
    files = [*sorted(file for pattern in DRAWING for file in book.glob(pattern)), data / BASEMAP]
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return hashlib.sha256(json.dumps(hashes).encode("utf-8")).hexdigest()


def _digest(notebook: NotebookNode) -> str:
    """Return the sha256 of everything that a reader sees: cells, outputs and widgets."""
    content = {"cells": notebook.cells, "widgets": models(notebook)}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()


def _tables(notebook: NotebookNode, path: Path, data: Path) -> dict[str, str]:
    """Return the sha256 of each table that a chapter says it uses."""
    hashes = {}
    for table in chapter_of(notebook, path).tables:
        file = data / f"{table}.csv"
        if not file.exists():
            raise CasebookError(
                f"{path.name}: metadata 'chapter' names the table '{table}', which data/ lacks; correct the name."
            )
        hashes[table] = hashlib.sha256(file.read_bytes()).hexdigest()
    return hashes
