"""Salted hashes and seals: how ``keys.json`` knows an answer, and the sentence it earns, without showing either.

They guard against spoilers, not against somebody who tries out every answer.
"""

import base64
import hashlib
import itertools
import math

VERSION = 1  # part of every salt: raise it when a canonical form changes

Part = str | float | tuple[str, ...]  # what a reader of casebook.answers makes of an answer, or of a piece of it


def digest(exercise_id: str, content: object) -> str:
    """Hash something canonical for one exercise."""
    return _sha256(exercise_id, "digest", content).hex()


def seal(exercise_id: str, content: object, sentence: str) -> str:
    """Hide a sentence so that only the same content opens it again."""
    return base64.b64encode(_mask(exercise_id, content, sentence.encode())).decode()


def unseal(exercise_id: str, content: object, sealed: str) -> str:
    """Read a sentence that ``seal`` has hidden."""
    return _mask(exercise_id, content, base64.b64decode(sealed)).decode()


def phases(exercise_id: str, parts: list[Part], tolerance: float | None) -> list[float | None]:
    """Say where each number stands within its bucket, as a share of the bucket; None for what is no number.

    It centres a bucket on its number, so that the bucket is exactly what the tolerance allows.
    """
    if tolerance is None:
        return []
    return [
        round(_position(exercise_id, part, tolerance) % 1, 6) if isinstance(part, float) else None for part in parts
    ]


def settle(exercise_id: str, parts: list[Part], centres: list[float | None], tolerance: float | None) -> list[Part]:
    """Replace each number by the index of its bucket; without centres the parts stay as they are."""
    if not centres:
        return parts
    return [
        math.floor(_position(exercise_id, part, tolerance) - centre + 0.5)
        if centre is not None and isinstance(part, float)
        else part
        for part, centre in zip(parts, centres, strict=True)
    ]


def entry(exercise_id: str, parts: list[Part], tolerance: float | None, sentence: str) -> dict:
    """Make what the key keeps of one known answer: its digest, its centres, and the sealed sentence it earns."""
    centres = phases(exercise_id, parts, tolerance)
    content = settle(exercise_id, parts, centres, tolerance)
    return {
        "digest": digest(exercise_id, content),
        "phases": centres,
        "reply": seal(exercise_id, content, sentence),
    }


def find(exercise_id: str, entries: list[dict], parts: list[Part], tolerance: float | None) -> str | None:
    """Return the sentence of the first known answer that equals the parts, or None."""
    for known in entries:
        content = settle(exercise_id, parts, known["phases"], tolerance)
        if digest(exercise_id, content) == known["digest"]:
            return unseal(exercise_id, content, known["reply"])
    return None


def _sha256(exercise_id: str, purpose: str, content: object) -> bytes:
    return hashlib.sha256(f"{exercise_id}/{VERSION}|{purpose}|{content!r}".encode()).digest()


def _mask(exercise_id: str, content: object, text: bytes) -> bytes:
    blocks = (_sha256(exercise_id, f"seal {number}", content) for number in itertools.count())
    return bytes(byte ^ key for byte, key in zip(text, itertools.chain.from_iterable(blocks), strict=False))


def _position(exercise_id: str, number: float, tolerance: float) -> float:
    width = 2 * tolerance * (1 + 1e-5)  # a little wider, so that the edge itself is accepted whatever the rounding
    shift = int.from_bytes(_sha256(exercise_id, "shift", "")[:4]) / 2**32  # keeps the number's digits out of its phase
    return number / width + shift
