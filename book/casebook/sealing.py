"""Salted hashes and seals: how ``keys.json`` knows an answer, and the sentence it earns, without showing either.

They guard against spoilers, not against somebody who tries out every answer.

A number with a tolerance is hashed as the index of the bucket that it falls into:

    position = number / width + shift,  width = 2 × tolerance,  shift from the exercise's id
    bucket = floor(position − centre + ½),  centre = the known answer's position, modulo 1

so that the known answer stands in the middle of its bucket, and the bucket reaches a tolerance to either side.
"""

import base64
import hashlib
import itertools
import math

VERSION = 1  # part of every salt: raise it when a canonical form changes

Part = str | float | tuple[str, ...]  # what a reader of casebook.answers makes of an answer, or of a piece of it


def digest(exercise_id: str, content: object) -> str:
    """Hash something canonical for one exercise.

    Parameters
    ----------
    exercise_id : str
        The label of the exercise, which salts the hash.
    content : object
        What counts; its ``repr`` is hashed.

    Returns
    -------
    str
        The hash in hexadecimal digits.
    """
    return _sha256(exercise_id, "digest", content).hex()


def _seal(exercise_id: str, content: object, sentence: str) -> str:
    """Hide a sentence so that only the same content opens it again."""
    return base64.b64encode(_mask(exercise_id, content, sentence.encode())).decode()


def _unseal(exercise_id: str, content: object, sealed: str) -> str:
    """Read a sentence that ``_seal`` has hidden."""
    return _mask(exercise_id, content, base64.b64decode(sealed)).decode()


def settle(exercise_id: str, parts: list[Part], centres: list[float | None], tolerance: float | None) -> list[Part]:
    """Replace each number by the index of its bucket.

    Parameters
    ----------
    exercise_id : str
        The label of the exercise.
    parts : list of Part
        An answer as it was read.
    centres : list of float or None
        The ``phases`` of a known answer; with an empty list the parts stay as they are.
    tolerance : float or None
        How far a number may be off.

    Returns
    -------
    list of Part
        What is no number, and a number too large for any bucket, stays as it is.
    """
    if not centres:
        return parts
    positions = [_position(exercise_id, part, tolerance) for part in parts]
    return [
        part if centre is None or position is None else math.floor(position - centre + 0.5)
        for part, centre, position in zip(parts, centres, positions, strict=True)
    ]


def entry(exercise_id: str, parts: list[Part], tolerance: float | None, sentence: str) -> dict:
    """Make what the key keeps of one known answer.

    Parameters
    ----------
    exercise_id : str
        The label of the exercise.
    parts : list of Part
        The known answer as it was read.
    tolerance : float or None
        How far a number may be off.
    sentence : str
        What the answer earns.

    Returns
    -------
    dict
        ``digest``, ``phases`` (the centres) and ``reply`` (the sealed sentence).
    """
    centres = _phases(exercise_id, parts, tolerance)
    content = settle(exercise_id, parts, centres, tolerance)
    return {
        "digest": digest(exercise_id, content),
        "phases": centres,
        "reply": _seal(exercise_id, content, sentence),
    }


def find(exercise_id: str, entries: list[dict], parts: list[Part], tolerance: float | None) -> str | None:
    """Look an answer up among the known ones.

    Parameters
    ----------
    exercise_id : str
        The label of the exercise.
    entries : list of dict
        The known answers, from ``entry``.
    parts : list of Part
        The answer as it was read.
    tolerance : float or None
        How far a number may be off.

    Returns
    -------
    str or None
        The sentence of the first known answer that equals it.
    """
    for known in entries:
        content = settle(exercise_id, parts, known["phases"], tolerance)
        if digest(exercise_id, content) == known["digest"]:
            return _unseal(exercise_id, content, known["reply"])
    return None


def _phases(exercise_id: str, parts: list[Part], tolerance: float | None) -> list[float | None]:
    """Say where each number stands within its bucket, as a share of the bucket; None for what has no bucket."""
    if tolerance is None:
        return []
    positions = [_position(exercise_id, part, tolerance) for part in parts]
    return [None if position is None else round(position % 1, 6) for position in positions]


def _position(exercise_id: str, part: Part, tolerance: float) -> float | None:
    """Measure a number in buckets; None for what is no number, or too large a one."""
    if not isinstance(part, float):
        return None
    width = 2 * tolerance * (1 + 1e-5)  # a little wider, so that the edge itself is accepted whatever the rounding
    shift = int.from_bytes(_sha256(exercise_id, "shift", "")[:4]) / 2**32  # keeps the number's digits out of its phase
    position = part / width + shift
    return position if math.isfinite(position) else None


def _sha256(exercise_id: str, purpose: str, content: object) -> bytes:
    return hashlib.sha256(f"{exercise_id}/{VERSION}|{purpose}|{content!r}".encode()).digest()


def _mask(exercise_id: str, content: object, text: bytes) -> bytes:
    blocks = (_sha256(exercise_id, f"seal {number}", content) for number in itertools.count())
    return bytes(byte ^ key for byte, key in zip(text, itertools.chain.from_iterable(blocks), strict=False))
