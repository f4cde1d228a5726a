"""Keep results between runs, so that an interrupted run goes on where it stopped."""

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.files import BOOK, DATA, EXERCISES, ROOT, write_atomic
from tools.grading.judge import Outcome, State
from tools.grading.overlay import Paper
from tools.grading.sandbox import Limits


@dataclass(frozen=True, eq=False)
class Job:
    """One student's answers to one chapter, with all that a worker on another machine needs besides its checkout.

    Attributes
    ----------
    student : str or None
        None for our own answers.
    paper : Paper
        The chapter.
    answers : dict of str to str
        The sources of the answers, by the exercise's id.
    limits : Limits
        What an answer may use.
    trusted : bool
        Whether to run without a sandbox.
    checkout : str
        The fingerprint of the checkout from which the job comes.
    """

    student: str | None
    paper: Paper
    answers: dict[str, str]
    limits: Limits
    trusted: bool
    checkout: str


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

    def load(self, job: Job) -> dict[str, Outcome] | None:
        """Read the result of a job; None if there is none yet."""
        path = self._path(job)
        if not path.exists():
            return None
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {name: Outcome(**(fields | {"state": State(fields["state"])})) for name, fields in stored.items()}

    def store(self, job: Job, outcomes: dict[str, Outcome]) -> None:
        """Write the result of a job, unless an answer was interrupted: the next run tries that one again."""
        if not any(outcome.interrupted for outcome in outcomes.values()):
            stored = {name: asdict(outcome) for name, outcome in outcomes.items()}
            write_atomic(self._path(job), json.dumps(stored, ensure_ascii=False).encode())

    def keep(self, jobs: Iterable[Job]) -> None:
        """Remove every result but those of some jobs, so that the folder holds no more than the last run."""
        for path in set(self.folder.glob("*.json")) - {self._path(job) for job in jobs}:
            path.unlink()

    def _path(self, job: Job) -> Path:
        """Name the file of a result after a hash of all that the result depends on."""
        inputs = [job.checkout, job.paper.slug, sorted(job.answers.items()), asdict(job.limits), job.trusted]
        return self.folder / f"{hashlib.sha256(json.dumps(inputs).encode()).hexdigest()}.json"
