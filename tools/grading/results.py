"""Keep results between runs, so that an interrupted run goes on where it stopped."""

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tools.files import BOOK, DATA, EXERCISES, ROOT, write_atomic
from tools.grading.judge import Outcome, State
from tools.grading.sandbox import Limits


@functools.cache
def fingerprint() -> str:
    """Return a hash of everything in the checkout that can change a grade."""
    files = [
        *BOOK.glob("*.ipynb"),
        *(path for path in (BOOK / "casebook").iterdir() if path.is_file()),
        *DATA.iterdir(),
        *EXERCISES.glob("*.toml"),
        *Path(__file__).parent.glob("*.py"),
        ROOT / "requirements.lock",
    ]
    hashes = [f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in sorted(files)]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


class Results:
    """The results in a folder, one file a result.

    Parameters
    ----------
    folder : Path
        Made when the first result comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, slug: str, answers: dict[str, str], limits: Limits, *, trusted: bool) -> Path:
        """Return the file of a result: its name is a hash of all that the result depends on."""
        inputs = [fingerprint(), slug, sorted(answers.items()), asdict(limits), trusted]
        return self.folder / f"{hashlib.sha256(json.dumps(inputs).encode()).hexdigest()}.json"

    def load(self, path: Path) -> dict[str, Outcome] | None:
        """Read a result; None if there is none yet."""
        if not path.exists():
            return None
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {name: Outcome(**(fields | {"state": State(fields["state"])})) for name, fields in stored.items()}

    def store(self, path: Path, outcomes: dict[str, Outcome]) -> None:
        """Write a result, unless an answer was interrupted: the next run tries that one again."""
        if not any(outcome.interrupted for outcome in outcomes.values()):
            stored = {name: asdict(outcome) for name, outcome in outcomes.items()}
            write_atomic(path, json.dumps(stored, ensure_ascii=False).encode())

    def keep(self, paths: Iterable[Path]) -> None:
        """Remove every result but some, so that the folder holds no more than the last run."""
        for path in set(self.folder.glob("*.json")) - set(paths):
            path.unlink()
