"""Read ``exercises/<slug>.toml``: the one reader, for the chapters and for the answer keys.

It checks what every exercise must have; ``tools/keys.py`` checks what each kind needs besides.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from casebook.errors import CasebookError
from tools.files import EXERCISES

HEADER: dict[str, type] = {"id": str, "objective": str, "title": str, "code": bool}


@dataclass(frozen=True)
class ExerciseHeader:
    """What a chapter needs to know of an exercise."""

    id: str
    objective: str
    title: str
    code: bool


def headers(slug: str, folder: Path = EXERCISES) -> list[ExerciseHeader]:
    """Read what a chapter needs to know of its exercises.

    Parameters
    ----------
    slug : str
        The chapter's slug, which names its file.
    folder : Path
        The folder of the specifications.

    Returns
    -------
    list of ExerciseHeader
        In the order written; none if the chapter has no file.

    Raises
    ------
    CasebookError
        If ``read`` refuses the file.
    """
    path = folder / f"{slug}.toml"
    if not path.exists():
        return []
    return [ExerciseHeader(**{name: fields[name] for name in HEADER}) for fields in read(path)]


def read(path: Path) -> list[dict]:
    """Read the fields of every exercise of one chapter.

    Parameters
    ----------
    path : Path
        A file ``<slug>.toml``.

    Returns
    -------
    list of dict
        The fields as written, one dictionary an exercise, in the order written.

    Raises
    ------
    CasebookError
        If the file is not TOML or holds anything but [[exercise]] tables, or an exercise lacks one of the fields that
        all of them have, or its id is not ``<slug>-<number>`` or is given twice.
    """
    place = f"exercises/{path.name}"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not TOML, or not UTF-8
        raise CasebookError(f"{place} is not TOML ({error}); correct it there.") from None
    tables = document.get("exercise")
    if len(document) != 1 or not tables or not _are_tables(tables):
        found = ", ".join(document) or "nothing"
        raise CasebookError(f"{place} must hold [[exercise]] tables, in double brackets, only; found: {found}.")
    ids = [fields.get("id") for fields in tables]
    for number, fields in enumerate(tables, start=1):
        here = f"{place}, {fields.get('id') or f'exercise {number}'}"
        require(here, fields, HEADER)
        if not re.fullmatch(rf"{re.escape(path.stem)}-[1-9][0-9]*", fields["id"]):
            raise refusal(here, f"the id must be {path.stem}-<number>, after the file")
        if ids.count(fields["id"]) > 1:
            raise refusal(here, "the id is given twice; number the exercises apart")
        if not _are_tables(fields.get("wrong", [])):
            raise refusal(here, "the wrong answers must be [[exercise.wrong]] tables; give each 'answer' and 'says'")
    return tables


def require(place: str, fields: dict, types: dict[str, type | tuple[type, ...]]) -> None:
    """Refuse an exercise that lacks a field, or has it in the wrong type.

    Parameters
    ----------
    place : str
        The file and the exercise, for the sentence.
    fields : dict
        The fields as written.
    types : dict
        The type of every field needed, or several.

    Raises
    ------
    CasebookError
        With the first fault found.
    """
    for name, wanted in types.items():
        value = fields.get(name)
        if value in (None, "", {}, []):
            raise refusal(place, f"the field '{name}' is missing or empty; write it")
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted not in (bool, object)):
            raise refusal(
                place, f"the field '{name}' has the wrong type ({type(value).__name__}); see exercises/README.md"
            )


def refusal(place: str, fault: str) -> CasebookError:
    """Make the one sentence that says where a specification is at fault, and how.

    Parameters
    ----------
    place : str
        The file and the exercise.
    fault : str
        What is wrong and what to do, without a full stop.

    Returns
    -------
    CasebookError
        To be raised.
    """
    return CasebookError(" ".join(f"{place}: {fault}.".split()))


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
