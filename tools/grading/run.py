"""Grade a folder of submissions: read, judge, and write the gradebook, but only if our own answers score full marks."""

import secrets
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tqdm import tqdm

from casebook.errors import CasebookError
from tools import exercises
from tools.files import ROOT, chapters, write_atomic
from tools.grading import feedback, gradebook, sandbox, scheduling
from tools.grading.gradebook import Graded
from tools.grading.judge import Outcome, State, judge
from tools.grading.overlay import Paper, paper
from tools.grading.results import Job, Results, fingerprint
from tools.grading.sandbox import Limits
from tools.grading.submissions import Work, printable, read_all
from tools.notebooks import first_line

OUTPUT = ROOT / "_build" / "grading"
LOST = Outcome(State.NEEDS_REVIEW, remark="The program that graded it was ended from outside.", interrupted=True)


def work(job: Job) -> dict[str, Outcome]:
    """Do one job; this is what the processes of this machine and Dask's workers call.

    Parameters
    ----------
    job : Job
        One student's answers to one chapter.

    Returns
    -------
    dict of str to Outcome
        By the exercise's id.

    Raises
    ------
    CasebookError
        If the worker's checkout is not the one that the job comes from.
    """
    if job.checkout != fingerprint():
        raise CasebookError("A worker's checkout differs from this one; give all machines the same commit.")
    try:
        return judge(job.paper, job.answers, job.limits, trusted=job.trusted)
    except Exception as error:  # one student's work must not cost the others theirs, whatever nobody has thought of
        told = f"The grading itself failed with {type(error).__name__}: {first_line(str(error))[:300]}"
        lost = Outcome(State.NEEDS_REVIEW, remark=printable(told), interrupted=True)
        return {question.id: lost for question in job.paper.questions}


def grade(
    submissions: Path,
    output: Path = OUTPUT,
    *,
    only: Iterable[str] = (),
    workers: int | None = None,
    scheduler: str | None = None,
    trusted: bool = False,
    site: str = "",
    limits: Limits | None = None,
    resume: bool = True,
) -> list[Graded]:
    """Grade every submission of a folder, and write ``gradebook.csv``, ``junit.xml`` and a page for every student.

    Parameters
    ----------
    submissions : Path
        A folder a student, or a notebook a student.
    output : Path
        The folder to write to.
    only : iterable of str
        Slugs of the chapters to grade; if empty, the chapters of which somebody has handed in an answer cell.
    workers : int, optional
        How many submissions at a time; as many as the machine has cores if not given.
    scheduler : str, optional
        The address of a Dask scheduler, for a class that outgrows one machine.
    trusted : bool
        Run the submissions without a sandbox: only for work that you would run on your own machine anyway.
    site : str
        The address of the site, for the links on the students' pages; the site built here if empty.
    limits : Limits, optional
        What an answer may use.
    resume : bool
        Take results over that an earlier run has stored for the same inputs.

    Returns
    -------
    list of Graded
        By student.

    Raises
    ------
    CasebookError
        If there is nothing to grade, no sandbox, or our own answers do not score full marks; nothing is written then.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tools.grading import grade
    >>> for each in grade(Path("submissions"), Path("grades")):  # doctest: +SKIP
    ...     print(each.student, each.counts())
    """
    if not trusted:
        sandbox.bubblewrap()
    limits = limits or Limits()
    slug_of = _slugs(tuple(only))
    handed_in = read_all(submissions, slug_of)
    slugs = [
        slug for slug in dict.fromkeys(slug_of.values()) if only or any(slug in work.answers for work in handed_in)
    ]
    if not slugs:
        raise CasebookError(f"No notebook in '{submissions}' has an answer cell of ours; nothing was graded.")
    papers = _papers(slugs, secrets.token_bytes(32))
    results = Results(output / "results")
    canaries = [Job(None, each, each.solutions(), limits, trusted, fingerprint()) for each in papers]
    jobs = [
        Job(work.student, each, _certain(work, each), limits, trusted, fingerprint())
        for work in handed_in
        for each in papers
        if each.slug in work.answers
    ]
    stored = {job: results.load(job) if resume else None for job in jobs}
    found = {(job.student, job.paper.slug): outcomes for job, outcomes in stored.items() if outcomes}
    left = [job for job in jobs if not stored[job]]
    for job, outcomes in _judged(canaries, left, workers, scheduler):
        results.store(job, outcomes)
        found[job.student, job.paper.slug] = outcomes
    graded = [_graded(work, papers, found) for work in handed_in]
    _write(output, graded, papers, site)
    results.keep(jobs)
    return graded


def _slugs(only: tuple[str, ...]) -> dict[str, str]:
    """Return the slug of the chapter of every exercise's id, in the order of the book."""
    ids = {path.stem: [each.id for each in exercises.headers(path.stem)] for path in chapters()}
    slugs = [slug for slug in ids if ids[slug]]
    if unknown := [slug for slug in only if slug not in slugs]:
        raise CasebookError(f"There is no chapter '{unknown[0]}' with exercises; use some of: {', '.join(slugs)}.")
    return {name: slug for slug in slugs for name in ids[slug] if not only or slug in only}


def _papers(slugs: list[str], secret: bytes) -> list[Paper]:
    return [paper(slug, secret) for slug in slugs]


def _judged(
    canaries: list[Job], jobs: list[Job], workers: int | None, scheduler: str | None
) -> Iterator[tuple[Job, dict[str, Outcome]]]:
    """Do all jobs, show how many are left, and give no result away before every canary has full marks."""
    done = scheduling.run(work, [*canaries, *jobs], workers=workers, scheduler=scheduler)
    bar = tqdm(done, desc="Grading", total=len(canaries) + len(jobs), unit="notebook", file=sys.stderr)
    waiting, unsung = [], len(canaries)
    for job, outcomes in bar:
        outcomes = outcomes or {question.id: LOST for question in job.paper.questions}
        if job.student is None:
            _refuse_less_than_full_marks(job.paper, outcomes)
            unsung -= 1
        else:
            waiting.append((job, outcomes))
        if not unsung:
            yield from waiting
            waiting.clear()


def _refuse_less_than_full_marks(paper: Paper, outcomes: dict[str, Outcome]) -> None:
    """Stop if one of our own answers is not accepted: then something is wrong here, and not with the students."""
    for question in paper.questions:
        outcome = outcomes[question.id]
        if question.judgement:
            full = outcome.state == State.NEEDS_REVIEW and question.line.startswith(
                f"{question.id}: correct. {outcome.sentence} "
            )
        else:
            full = outcome.state == State.CORRECT
        if not full:
            told = " ".join(filter(None, [outcome.sentence, outcome.remark]))
            raise CasebookError(
                f"Our own answer to {question.id} is '{outcome.state}' ({told}), so nothing was written; "
                "look for what differs between this machine and one on which 'make test' passes."
            )


def _certain(work: Work, paper: Paper) -> dict[str, str]:
    """Return the answers to a chapter about which there is no doubt."""
    return {name: source for name, source in work.answers[paper.slug].items() if name not in work.doubts}


def _graded(work: Work, papers: list[Paper], found: dict[tuple[str, str], dict[str, Outcome]]) -> Graded:
    outcomes = {}
    for each in papers:
        handed_in = work.answers.get(each.slug)
        for question in each.questions:
            if question.id in work.doubts:
                outcome = Outcome(State.NEEDS_REVIEW, remark=work.doubts[question.id])
            elif handed_in is not None:
                outcome = found[work.student, each.slug][question.id]
                if question.id not in handed_in:
                    outcome = Outcome(State.NOT_ANSWERED, remark="Its answer cell is missing.")
            elif work.unread:
                outcome = Outcome(State.NEEDS_REVIEW, remark="It may stand in a file that could not be used.")
            else:
                outcome = Outcome(State.NOT_ANSWERED)
            outcomes[question.id] = outcome
    return Graded(work.student, outcomes, work.unread)


def _write(output: Path, graded: list[Graded], papers: list[Paper], site: str) -> None:
    """Write everything, and remove the pages of students who are no longer there."""
    pages = {output / "feedback" / name: page for name, page in feedback.pages(graded, papers, site).items()}
    written = pages | {
        output / "gradebook.csv": gradebook.as_csv(graded, papers),
        output / "junit.xml": gradebook.as_junit(graded, papers),
    }
    for path, content in written.items():
        write_atomic(path, content)
    for stale in set((output / "feedback").glob("*.html")) - set(pages):
        stale.unlink()
