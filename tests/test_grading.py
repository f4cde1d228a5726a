"""Grading a whole class at once, with everything that students have ever tried: nobody is harmed, nobody gains."""

import csv
import os
import signal
import socket
from pathlib import Path
from xml.etree import ElementTree

import pytest
from distributed import LocalCluster

from casebook.errors import CasebookError
from tests.hostile_submissions import RIGHT, handed_in, hostile, saved, write_quiz
from tools.files import EXERCISES, ROOT, chapters
from tools.grading import overlay, run, sandbox
from tools.grading.judge import State, judge
from tools.grading.results import Results
from tools.grading.sandbox import MEGABYTE, Limits

SMALL = Limits(seconds=2, memory=1536 * MEGABYTE, processes=48, file_size=8 * MEGABYTE, scratch=16 * MEGABYTE)


@pytest.fixture(scope="module")
def codes():
    """Collect the codes of right answers of all runs."""
    return set()


@pytest.fixture(scope="module")
def quiz(tmp_path_factory, codes):
    """Let the grading find one small chapter instead of the book's."""
    folder = write_quiz(tmp_path_factory.mktemp("quiz"))

    def papers(_, secret):
        paper = overlay.paper("quiz", secret, folder, folder)
        codes.update(question.line.rpartition(" ")[2] for question in paper.questions)
        return [paper]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "_slugs", lambda _: dict.fromkeys(RIGHT, "quiz"))
        patch.setattr(run, "_papers", papers)
        yield folder


@pytest.fixture(scope="module")
def private(tmp_path_factory):
    return tmp_path_factory.mktemp("private")


@pytest.fixture(scope="module")
def cases(quiz, private):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        places = [ROOT / "Makefile", EXERCISES, quiz, private, private / "submissions", private / "results"]
        yield hostile(places, listening.getsockname()[1])


@pytest.fixture(scope="module")
def graded(cases, private):
    submissions = private / "submissions"
    submissions.mkdir()
    for case in cases:
        case.write(submissions / case.student)
    found = run.grade(submissions, private / "results", workers=2, limits=SMALL)
    return {each.student: each for each in found}


@pytest.fixture(scope="module")
def few(quiz, tmp_path_factory):
    """Return the submissions of four students, and their gradebook as this process writes it."""
    folder = tmp_path_factory.mktemp("few")
    firsts = [RIGHT["quiz-1"], "answer_1 = 4", "answer_1 = ...", "answer_1 = 1 / 0"]
    for number, first in enumerate(firsts):
        saved(handed_in(first, third=RIGHT["quiz-3"]))(folder / "submissions" / f"student {number}")
    run.grade(folder / "submissions", folder / "here", workers=1)
    return folder


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_everybody_gets_the_outcome_stated_and_nobody_else_suffers(cases, graded):
    assert len({case.student for case in cases}) >= 50
    assert len(graded) == len(cases)
    wrong = []
    for case in cases:
        each = graded[case.student]
        first, second = each.outcomes["quiz-1"], each.outcomes["quiz-2"]
        if (first.state, second.state) != (case.first, case.second) or not first.remark.startswith(case.remark):
            wrong.append(f"{case.student}: {first}, {second}, {each.unread}")
    assert wrong == []


def test_a_judgement_is_looked_at_for_its_form_and_always_left_to_a_person(graded):
    outcome = graded["right"].outcomes["quiz-3"]
    assert outcome.state == State.NEEDS_REVIEW
    assert outcome.sentence.startswith("The form is right")
    assert graded["wrong"].outcomes["quiz-3"].state == State.NOT_ANSWERED


def test_gradebook_and_junit_have_everybody_and_no_formula(cases, graded, private):
    rows = list(csv.reader((private / "results" / "gradebook.csv").read_text("utf-8-sig").splitlines()))
    header = ["student", "quiz-1", "quiz-2", "quiz-3", "correct", "not yet", "not answered", "needs review", "remarks"]
    assert rows[0] == header
    assert len(rows) == len(cases) + 1
    assert all(sum(map(int, row[4:8])) == 3 for row in rows[1:])
    assert "'=HYPERLINK(1)" in [row[0] for row in rows]
    suites = ElementTree.parse(private / "results" / "junit.xml").getroot()
    assert {suite.get("name") for suite in suites} == {case.student for case in cases}
    for suite in suites:
        for element, count in {"failure": "failures", "error": "errors", "skipped": "skipped"}.items():
            assert len(suite.findall(f"testcase/{element}")) == int(suite.get(count))


def test_the_pages_show_names_as_text_and_stay_in_their_folder(cases, graded, private):
    pages = content(private / "results" / "feedback")
    assert len(pages) == len(cases)
    page = next(page.decode() for page in pages.values() if b"onerror" in page)
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert {path.parts[0] for path in content(private)} == {"results", "submissions"}


def test_no_code_of_the_run_is_in_anything_written(graded, private, codes):
    written = b"".join(content(private / "results").values()).decode()
    assert "Three it is." in written
    assert len(codes) >= 3
    assert not [code for code in codes if code in written]


def test_what_the_sandbox_gets_holds_no_solution_and_no_line_of_a_right_answer(quiz, tmp_path):
    paper = overlay.paper("quiz", b"secret", quiz, quiz)
    sandbox.lay_out(tmp_path, paper.keys, overlay.program(paper, paper.solutions()), Limits())
    given = b"".join(content(tmp_path).values()).decode()
    for question in paper.questions[:2]:  # a judgement's key has no secret: a person reads it
        assert question.line.rpartition(" ")[2] not in given
        assert question.solution not in given
        assert question.so_what not in given


def test_the_gradebook_is_the_same_from_other_processes(few):
    run.grade(few / "submissions", few / "there", workers=2)
    assert content(few / "there") == content(few / "here")


def test_a_dask_worker_killed_in_the_middle_loses_nothing(few, monkeypatch):
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        victims = [cluster.workers[0].pid]
        store = Results.store

        def store_and_kill(self, job, outcomes):
            store(self, job, outcomes)
            if victims:
                os.kill(victims.pop(), signal.SIGKILL)

        monkeypatch.setattr(Results, "store", store_and_kill)
        run.grade(few / "submissions", few / "dask", scheduler=cluster.scheduler_address)
    assert victims == []
    assert content(few / "dask") == content(few / "here")


def test_without_a_sandbox_the_outcomes_are_the_same_for_honest_work(few, monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda _: None)
    with pytest.raises(CasebookError, match="run in a sandbox only, but bubblewrap is not installed"):
        run.grade(few / "submissions", few / "refused", workers=1)
    assert not (few / "refused").exists()
    run.grade(few / "submissions", few / "trusted", workers=1, trusted=True)
    assert (few / "trusted" / "gradebook.csv").read_bytes() == (few / "here" / "gradebook.csv").read_bytes()


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_our_own_answers_score_full_marks(path: Path):
    paper = overlay.paper(path.stem, b"secret")
    outcomes = judge(paper, paper.solutions(), Limits())
    for question in paper.questions:
        outcome = outcomes[question.id]
        assert outcome.state == (State.NEEDS_REVIEW if question.judgement else State.CORRECT), outcome
        assert not outcome.interrupted
        if question.judgement:
            assert outcome.sentence.startswith("The form is right")
