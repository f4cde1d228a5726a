"""nbval as the judge: what it finds when it compares our checks with the lines that right answers print."""

import contextlib
import io
import re
import tempfile
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from casebook.errors import CasebookError
from tools.grading import overlay
from tools.grading.kernels import Confinement, SnapshotKernel
from tools.grading.overlay import Paper, Question
from tools.grading.sandbox import Limits, lay_out

TRIES = 2
REFUSED = {  # errors by which the system says that a limit is reached
    "MemoryError": "It asked for more memory than an answer may use.",
    "BlockingIOError": "It asked for more processes than an answer may use.",
}
ONE_AT_A_TIME = threading.Lock()  # pytest keeps its state in the process
# Without what pytest does for tests of its own process, such as collecting garbage several times over.
WITHOUT = ("cacheprovider", "faulthandler", "unraisableexception", "threadexception", "warnings", "logging", "capture")
OPTIONS = ["--disable-plugin-autoload", "-pnbval.plugin", *(f"-pno:{name}" for name in WITHOUT), "-q", "--color=no"]


class State(StrEnum):
    """What the gradebook says of an exercise."""

    CORRECT = "correct"
    NOT_YET = "not yet"
    NOT_ANSWERED = "not answered"
    NEEDS_REVIEW = "needs review"


@dataclass(frozen=True)
class Outcome:
    """What became of one exercise.

    Attributes
    ----------
    state : State
        For the gradebook.
    sentence : str
        What the check has printed, without the exercise's id.
    remark : str
        What else the student should know, such as the error that the answer raised.
    interrupted : bool
        Whether the run of the answer came to no end.
    """

    state: State
    sentence: str = ""
    remark: str = ""
    interrupted: bool = False


class ExerciseFile(IPyNbFile):
    """A notebook with one answer and its check, which nbval runs in a kernel of ours."""

    def setup(self) -> None:
        """Start the kernel: a snapshot of the chapter at the exercise."""
        self.kernel = SnapshotKernel(self.config.confinement, self.path.stem)

    def collect(self) -> Iterator[IPyNbCell]:
        """List the cells; no comment in an answer decides whether its check is compared."""
        for cell in super().collect():
            cell.options.clear()
            cell.options["check"] = cell.cell.id == "check"
            yield cell


class Reports:
    """A plugin of pytest: collects our notebooks, and keeps what was found.

    Parameters
    ----------
    confinement : Confinement
        Where the kernels run.
    questions : dict of str to Question
        The exercises, by id.
    """

    def __init__(self, confinement: Confinement, questions: dict[str, Question]) -> None:
        self.confinement, self.questions = confinement, questions
        self.outcomes: dict[str, Outcome] = {}
        self.interrupted: str = ""
        self._errors: dict[str, str] = {}

    def pytest_configure(self, config: pytest.Config) -> None:
        """Tell the notebooks where their kernels run."""
        config.confinement = self.confinement

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> ExerciseFile:
        """Take every notebook for an exercise's."""
        return ExerciseFile.from_parent(parent, path=file_path)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: IPyNbCell, call: pytest.CallInfo) -> Generator:
        """Keep what a cell has shown; stop with the sandbox."""
        report = yield
        exercise_id, outputs = item.path.stem, item.test_outputs or []
        if call.when == "setup" and call.excinfo and not self.confinement.breach:
            self.confinement.end(f"No kernel answered: {call.excinfo.value}")
        if error := next((output for output in outputs if output.output_type == "error"), None):
            self._errors.setdefault(exercise_id, f"{error.ename}: {error.evalue}")
            if error.ename in REFUSED:
                self.confinement.end(REFUSED[error.ename])
        if self.confinement.breach:
            self.interrupted = exercise_id
            item.session.shouldstop = self.confinement.breach
        elif call.when == "call" and item.cell.id == "check":
            self.outcomes[exercise_id] = self._outcome(self.questions[exercise_id], outputs, passed=report.passed)
        return report

    def _outcome(self, question: Question, outputs: list, *, passed: bool) -> Outcome:
        remark = _plain(self._errors.get(question.id, ""))
        if passed:
            if question.judgement:
                return Outcome(State.NEEDS_REVIEW, question.line.rpartition(" ")[0].partition(": correct. ")[2], remark)
            return Outcome(State.CORRECT, question.so_what, remark)
        printed = "".join(output.text for output in outputs if output.output_type == "stream")
        said = re.search(rf"(?m)^{question.id}: (not answered|not yet)(?:\.| yet\.) ?(.*)$", printed)
        if said and said[1] == "not answered":
            return Outcome(State.NOT_ANSWERED, "", remark)
        sentence = _plain(said[2]) if said else ""
        return Outcome(State.NEEDS_REVIEW if question.judgement else State.NOT_YET, sentence, remark)


def _plain(text: str) -> str:
    """Cut a text of a student's program to a line of printable characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:300])


def judge(paper: Paper, answers: dict[str, str], limits: Limits, *, trusted: bool = False) -> dict[str, Outcome]:
    """Judge one student's answers to a chapter.

    Parameters
    ----------
    paper : Paper
        The chapter.
    answers : dict of str to str
        The sources of the answer cells, by the exercise's id.
    limits : Limits
        What an answer may use.
    trusted : bool
        Run without a sandbox.

    Returns
    -------
    dict of str to Outcome
        By the exercise's id, in the chapter's order.
    """
    outcomes = {each.id: Outcome(State.NOT_ANSWERED) for each in paper.questions if paper.is_blank(each, answers)}
    asked = {each.id: answers[each.id] for each in paper.questions if each.id not in outcomes}
    failures = dict.fromkeys(asked, 0)
    while left := [each for each in paper.questions if each.id not in outcomes]:
        reports = _run(paper, asked, left, limits, trusted)
        outcomes |= reports.outcomes
        if (failed := reports.interrupted) and failed not in outcomes:
            failures[failed] += 1
            if failures[failed] == TRIES:
                remark = _plain(reports.confinement.breach)
                outcomes[failed] = Outcome(State.NEEDS_REVIEW, remark=remark, interrupted=True)
    return {each.id: outcomes[each.id] for each in paper.questions}


def _run(paper: Paper, answers: dict[str, str], questions: list[Question], limits: Limits, trusted: bool) -> Reports:
    """Judge exercises in one sandbox, as far as it lasts."""
    with tempfile.TemporaryDirectory(prefix="g") as name, ONE_AT_A_TIME:
        folder, notebooks = Path(name) / "s", Path(name) / "n"
        folder.mkdir()
        notebooks.mkdir()
        (notebooks / "pytest.ini").write_text("[pytest]\n")
        lay_out(folder, paper.keys, overlay.program(paper, answers), limits)
        paths = []
        for question in questions:
            paths.append(str(notebooks / f"{question.id}.ipynb"))
            nbformat.write(overlay.notebook(paper, question, answers), paths[-1])
        confinement = Confinement(folder, limits, trusted=trusted)
        reports = Reports(confinement, {question.id: question for question in questions})
        options = [*OPTIONS, "--rootdir", str(notebooks), "-c", str(notebooks / "pytest.ini")]
        try:
            with contextlib.redirect_stdout(io.StringIO()) as shown:
                pytest.main([*options, *paths], plugins=[reports])
        finally:
            confinement.close()
        if not reports.outcomes and not reports.interrupted:
            raise CasebookError(f"nbval has judged nothing: {shown.getvalue()[-2000:]}")
        return reports
