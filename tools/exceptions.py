"""Read the reviewed exceptions: where a chapter may break a rule, each looked at by a person, with the reason."""

import tomllib
from pathlib import Path

from casebook.errors import CasebookError


def read(path: Path, fields: set[str]) -> list[dict[str, str]]:
    """Read the only array of tables of a TOML file.

    Parameters
    ----------
    path : Path
        The file; it may be empty.
    fields : set of str
        What each exception must have, and nothing else.

    Returns
    -------
    list of dict
        The exceptions, with their fields.

    Raises
    ------
    CasebookError
        If the file is not TOML, holds more than one array, or an exception lacks a field or has one too many.
    """
    try:
        arrays = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CasebookError(f"{path.name} is not TOML ({error}); correct it there.") from None
    if len(arrays) > 1:
        raise CasebookError(f"{path.name} has {', '.join(sorted(arrays))}; keep one array of exceptions.")
    entries = [entry for array in arrays.values() for entry in array]
    for number, entry in enumerate(entries, start=1):
        for field in sorted(fields):
            if not str(entry.get(field, "")).strip():
                raise CasebookError(f"{path.name}: exception {number} has no '{field}'; add it.")
        for field in sorted(entry.keys() - fields):
            raise CasebookError(f"{path.name}: exception {number} has '{field}', which means nothing; take it out.")
    return entries
