"""A code that says: in one session every check of a chapter was right. It can be verified offline by who has the book.

What it does not prove: who typed the answers, whether they were copied, and whether a judgement is any good. Its key is
made of the sentences that right answers earn; they stand in the book's own exercise files, so that somebody who reads
those can make a code without answering. It spares typing, it is no examination.
"""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping

from casebook.checking import earned, keys
from casebook.errors import CasebookError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U, which hands and eyes confuse
LOOKALIKES = str.maketrans("ILO", "110")
GROUPS, PER_GROUP = 3, 4  # 60 bits


def completion(chapter: str, student: str) -> None:
    """Print the completion code of a chapter, or say which checks are not right yet.

    Every exercise counts whose check was right when it last ran in this session; of a judgement that is its form only.
    The code proves neither who answered nor that nothing was copied.

    Parameters
    ----------
    chapter : str
        The chapter's short name, such as ``"timeline"``.
    student : str
        The name or number under which the instructor knows you; case and spacing do not count.

    Raises
    ------
    CasebookError
        If there is no such chapter, or no name is given.
    """
    asked = exercises_of(chapter)
    if not isinstance(student, str) or not plain(student):
        raise CasebookError('completion needs your name or number as a text: completion("timeline", student="...").')
    right = earned()
    if missing := [exercise_id for exercise_id in asked if exercise_id not in right]:
        print(
            f"{chapter}: {len(missing)} of {len(asked)} checks are not right in this session yet: "
            f"{', '.join(missing)}. Run their cells, then this one again."
        )
        return
    secrets = {exercise_id: right[exercise_id] for exercise_id in asked if keys()[exercise_id]["kind"] != "judgement"}
    print(f"Completion code of {' '.join(student.split())} for {chapter}: {code(chapter, student, secrets)}")


def exercises_of(chapter: object) -> list[str]:
    """Return the ids of a chapter's exercises.

    Parameters
    ----------
    chapter : object
        The chapter's short name.

    Returns
    -------
    list of str
        In the order of the answer keys.

    Raises
    ------
    CasebookError
        If no chapter has that name.
    """
    names = list(dict.fromkeys(exercise_id.rpartition("-")[0] for exercise_id in keys()))
    if chapter not in names:
        raise CasebookError(f"There is no chapter '{chapter}'; use one of: {', '.join(names)}.")
    return [exercise_id for exercise_id in keys() if exercise_id.rpartition("-")[0] == chapter]


def code(chapter: str, student: str, sentences: Mapping[str, str]) -> str:
    """Make a completion code.

    Parameters
    ----------
    chapter, student : str
        For which chapter, and for whom.
    sentences : mapping of str to str
        The sentence that the right answer earns, by the id of each exercise that is not a judgement.

    Returns
    -------
    str
        Such as ``timeline-7Q4M-0ZKD-X8RT``.
    """
    key = json.dumps(sorted(sentences.items()), ensure_ascii=False).encode()
    made = hmac.new(key, f"{chapter}\n{plain(student)}".encode(), hashlib.sha256).digest()
    bits = int.from_bytes(made) >> (8 * len(made) - 5 * GROUPS * PER_GROUP)
    signs = [ALPHABET[bits >> 5 * place & 31] for place in reversed(range(GROUPS * PER_GROUP))]
    groups = ["".join(signs[start : start + PER_GROUP]) for start in range(0, len(signs), PER_GROUP)]
    return "-".join([chapter, *groups])


def plain(student: str) -> str:
    """Reduce a name to what counts: without case, and with single spaces.

    Parameters
    ----------
    student : str
        A name or number.

    Returns
    -------
    str
        The same for every spelling of it.
    """
    return " ".join(unicodedata.normalize("NFKC", student).casefold().split())


def same(given: str, expected: str) -> bool:
    """Tell whether a code that somebody typed is another, whatever its case, its hyphens and its look-alikes.

    Parameters
    ----------
    given, expected : str
        Two codes.

    Returns
    -------
    bool
        Only the signs after the chapter's name count: the name is there for people.
    """
    return _signs(given) == _signs(expected)


def _signs(text: str) -> str:
    kept = "".join(sign for sign in text.upper() if sign.isalnum())
    return kept[-GROUPS * PER_GROUP :].translate(LOOKALIKES)
