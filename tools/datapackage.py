"""Keep ``data/datapackage.json`` true: fill in sizes and sha256, and validate the package."""

import hashlib
import json
from pathlib import Path

from frictionless import Package

from casebook.data import DATA, package
from casebook.errors import CasebookError

PLACES = {"row": "rowNumber", "column": "fieldName"}  # our word for a place -> Frictionless's


def derived(data: Path = DATA) -> dict[Path, bytes]:
    """Return the descriptor with each file's size and sha256 as they are now."""
    descriptor = package(data)
    resources = []
    for resource in descriptor["resources"]:
        content = (data / resource["path"]).read_bytes()
        resources.append({**resource, "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"})
    text = json.dumps({**descriptor, "resources": resources}, ensure_ascii=False, indent=1) + "\n"
    return {data / "datapackage.json": text.encode("utf-8")}


def validate(data: Path = DATA) -> None:
    """Validate types, constraints, keys, sizes and hashes with Frictionless.

    Raises
    ------
    CasebookError
        If anything is wrong: one sentence with file, row, column and what Frictionless says.
    """
    for resource in package(data)["resources"]:
        if not (data / resource["path"]).exists():
            raise CasebookError(f"data/{resource['path']} is missing; restore it from the repository.")
    report = Package(str(data / "datapackage.json")).validate()
    for error in report.errors:
        raise CasebookError(f"data/datapackage.json: {error.note}; correct it.")
    for task in report.tasks:
        for error in task.errors:
            place = error.to_dict()
            where = "".join(f", {name} {place[key]}" for name, key in PLACES.items() if key in place)
            fault = f"{error.title}, {error.note}"
            raise CasebookError(f"data/{Path(task.place).name}{where}: {fault}; correct it and run 'make refresh'.")
