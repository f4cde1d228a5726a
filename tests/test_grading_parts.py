"""The parts of the grading, one by one, without a sandbox."""

from dataclasses import replace
from queue import Empty
from xml.etree import ElementTree

import pytest

from casebook.checking import FORM_IS_RIGHT
from casebook.errors import CasebookError
from tests.hostile_submissions import FORGED, RIGHT, handed_in, saved, telling, write_quiz
from tools.browser import violations_on
from tools.grading import __main__ as command
from tools.grading import benchmark, feedback, kernels, overlay, run, scheduling
from tools.grading.gradebook import Graded, as_csv, as_junit
from tools.grading.judge import Outcome, State, judge
from tools.grading.kernels import SnapshotKernel
from tools.grading.names import names_of, needed, parts
from tools.grading.overlay import Paper
from tools.grading.sandbox import Limits
from tools.grading.snapshots import Chapter
from tools.grading.submissions import printable, read_all


@pytest.fixture
def quiz(tmp_path):
    (tmp_path / "quiz").mkdir()
    return write_quiz(tmp_path / "quiz")


@pytest.fixture
def paper(quiz):
    return overlay.paper("quiz", b"secret", quiz, quiz)


@pytest.fixture
def judged(quiz, monkeypatch):
    """Put a judge in the place of nbval that takes every answer for right, and list what it was asked."""
    asked = []

    def judge(paper, answers, limits, *, trusted):
        asked.append(answers)
        return {
            each.id: Outcome(State.NEEDS_REVIEW, FORM_IS_RIGHT)
            if each.judgement
            else Outcome(State.CORRECT, each.so_what)
            for each in paper.questions
        }

    monkeypatch.setattr(run, "_slugs", lambda _: dict.fromkeys(RIGHT, "quiz"))
    monkeypatch.setattr(run, "_papers", lambda _, secret: [overlay.paper("quiz", secret, quiz, quiz)])
    monkeypatch.setattr(run, "judge", judge)
    return asked


@pytest.fixture
def submissions(tmp_path):
    for number in range(4):
        saved(handed_in(f"answer_1 = {number}"))(tmp_path / "submissions" / f"student {number}")
    return tmp_path / "submissions"


def chosen(cells, wanted):
    return [
        name for name, taken in zip(cells, needed(list(map(names_of, cells)), frozenset(wanted)), strict=True) if taken
    ]


def test_only_the_cells_are_run_that_an_answer_needs():
    cells = ["import pandas as pd", "a = 1", "b = a + 1", "c = 5", "pd.set_option('x', 1)", "print(a)"]
    assert chosen(cells, {"b"}) == ["a = 1", "b = a + 1"]
    assert chosen(cells, {"pd"}) == ["import pandas as pd"]
    assert chosen(cells, {"unknown"}) == []


def test_of_a_cell_only_the_imports_are_run_that_are_needed():
    cell = "import numpy as np, pandas as pd\n@f\ndef a():\n    return pd  # a comment\nfrom b import c, d\nd(a)"
    cells = parts(cell)
    assert len(cells) == 6
    assert "import numpy as np" in cells
    assert chosen(cells, {"a"}) == ["import pandas as pd", "@f\ndef a():\n    return pd", "from b import d", "d(a)"]
    assert chosen(["from x import *", "import y"], {"a"}) == ["from x import *"]


def test_what_every_judgement_needs_is_read_before_the_first_snapshot(paper):
    number, judgement = paper.questions[0].id, paper.questions[2].id
    assert overlay.program(paper, {judgement: "answer_3 = 'one'"})[0] == overlay.EVIDENCE
    assert overlay.EVIDENCE not in overlay.program(paper, {number: "answer_1 = 1"})
    Chapter([overlay.EVIDENCE, ("quiz-3", "")]).run_to("quiz-3")


def test_a_solution_is_known_by_its_tag_and_is_no_cell_of_the_chapter(paper):
    assert [each.solution.partition("\n")[0] for each in paper.questions] == list(RIGHT.values())
    assert not [source for _, source in paper.cells if "answer_" in source]


@pytest.mark.parametrize(
    "change",
    ["a['x'] = 1", "a.x = 1", "a.b().append(1)", "shuffle(a)", "del a['x']", "for a in b: pass", "def a(): pass"],
)
def test_a_cell_that_changes_a_name_is_run_too(change):
    assert change in chosen(["a = {}", change], {"a"})


def test_an_answer_that_hides_its_names_gets_every_cell():
    cells = ["a = 1", "b = 2", "x = eval('a')"]
    assert chosen(cells, {"x"}) == cells
    assert names_of("= no Python").used == frozenset()  # it does not run at all
    assert "x" in names_of("%matplotlib inline\nx = 1").made


def test_an_answer_gets_the_earlier_answers_whose_names_only_they_make(paper):
    second = paper.questions[1]
    helped = {"quiz-1": "helper = 1\nletters = 0\nanswer_1 = 3", "quiz-2": "answer_2 = helper"}
    assert overlay.earlier(paper, second, helped) == ["quiz-1"]
    assert overlay.earlier(paper, second, {**helped, "quiz-2": "answer_2 = letters"}) == []
    assert overlay.earlier(paper, second, {**helped, "quiz-2": "helper = 2\nanswer_2 = helper"}) == []
    assert overlay.earlier(paper, second, {**helped, "quiz-2": "answer_2 = = helper"}) == []
    assert [cell.id for cell in overlay.notebook(paper, second, helped).cells] == ["earlier-quiz-1", "answer", "check"]


def test_the_code_of_a_right_answer_differs_between_runs_and_exercises(quiz):
    lines = [
        question.line for secret in (b"1", b"2") for question in overlay.paper("quiz", secret, quiz, quiz).questions
    ]
    assert len({line.rpartition(" ")[2] for line in lines}) == 6


def test_a_chapter_runs_each_cell_once_and_up_to_the_exercise():
    chapter = Chapter([("one", "ran = ['one']"), ("quiz-1", ""), ("two", "ran.append('two')"), ("quiz-2", "")])
    chapter.run_to("quiz-1")
    assert chapter.namespace["ran"] == ["one"]
    chapter.run_to("quiz-2")
    assert chapter.namespace["ran"] == ["one", "two"]
    with pytest.raises(RuntimeError, match="quiz-1: this place is behind us"):
        chapter.run_to("quiz-1")
    with pytest.raises(RuntimeError, match="bad: ZeroDivisionError"):
        Chapter([("bad", "1 / 0"), ("quiz-1", "")]).run_to("quiz-1")


class Told:
    """In the place of a sandbox: a kernel that has told something, and is told why it is ended."""

    limits, breach = Limits(output=10), ""

    def __init__(self, *told):
        self.start_kernel = self.run = lambda _: None
        self.hear = iter(told).__next__
        self.end = lambda why: setattr(self, "breach", why)


def test_what_a_kernel_tells_becomes_messages_of_jupyter_and_too_much_of_it_is_passed_over():
    many = [["stream", "stdout", "123456"], ["display", "789012"], ["stream", "stderr", "3"]]
    kernel = SnapshotKernel(Told(*many, ["error", "E", "why"], ["idle"]), "quiz-1")
    number = kernel.execute_cell_input("1")
    messages = [kernel.get_message("iopub") for _ in range(4)]
    assert {message["parent_header"]["msg_id"] for message in messages} == {number}
    assert [message["content"] for message in messages] == [
        {"name": "stdout", "text": "123456"},
        {"data": {"text/plain": "7890"}, "metadata": {}},
        {"ename": "E", "evalue": "why", "traceback": []},
        {"execution_state": "idle"},
    ]


@pytest.mark.parametrize(
    "told", [None, 1, {}, [], ["idle", ""], ["stream", "stdin", ""], ["display", 1], ["error", "E"], "idle"]
)
def test_what_no_kernel_tells_ends_the_run(told):
    kernel = SnapshotKernel(Told(told), "quiz-1")
    with pytest.raises(Empty):
        kernel.get_message("iopub")
    assert kernel.confinement.breach == "It sent what no kernel sends."
    assert not kernel.is_alive()


@pytest.mark.parametrize(
    ("answer", "state", "remark"),
    [
        ("answer_1 = len(letters)", "correct", ""),
        ("answer_1 = 1 / 0", "not yet", "ZeroDivisionError: division by zero"),
        ("import time\ntime.sleep(60)", "needs review", "It took longer than 3 seconds."),
        ("import os\nos._exit(0)", "needs review", "It ended the kernel in which it ran."),
        ("print('x' * 100_000)", "needs review", "Its output did not arrive: there was too much of it at once."),
        (telling(*FORGED), "not yet", ""),
        (telling("{"), "needs review", "It sent what cannot be read."),
    ],
)
def test_an_answer_gets_its_outcome_and_the_next_is_run(paper, answer, state, remark):
    answers = {"quiz-1": answer, "quiz-2": RIGHT["quiz-2"]}
    outcomes = judge(paper, answers, Limits(seconds=1, message=20_000), trusted=True)
    assert (outcomes["quiz-1"].state, outcomes["quiz-1"].remark) == (state, remark)
    assert outcomes["quiz-2"].state == State.CORRECT


def test_an_answer_that_never_ends_uses_up_its_processor_time(paper, monkeypatch):
    monkeypatch.setattr(kernels, "CLOCK", 120)  # however busy the machine is
    answers = {"quiz-1": "while True: pass", "quiz-2": RIGHT["quiz-2"]}
    outcomes = judge(paper, answers, Limits(seconds=1), trusted=True)
    assert outcomes["quiz-1"].state == State.NEEDS_REVIEW
    assert outcomes["quiz-1"].remark == "It used more than 1 seconds of processor time."
    assert outcomes["quiz-2"].state == State.CORRECT


def test_a_chapter_that_fails_is_no_fault_of_the_answer(paper):
    broken = replace(paper, cells=(("setup", "letters = 1 / 0"), *paper.cells[3:]))
    outcome = judge(broken, {"quiz-1": "answer_1 = letters"}, Limits(), trusted=True)["quiz-1"]
    assert outcome.state == State.NEEDS_REVIEW
    assert outcome.remark == "The chapter could not be run for it: failed setup: ZeroDivisionError: division by zero"


def test_names_of_files_can_be_shown():
    assert printable("Жанна\u202e\x07\udcff") == "Жанна\\u202e\\x07\\udcff"


def test_a_folder_without_submissions_is_named(tmp_path):
    with pytest.raises(CasebookError, match="There is no folder"):
        read_all(tmp_path / "nowhere", {})
    (tmp_path / ".DS_Store").touch()
    with pytest.raises(CasebookError, match="has no submissions"):
        read_all(tmp_path, {})
    (tmp_path / "a").mkdir()
    (tmp_path / "a.ipynb").touch()
    with pytest.raises(CasebookError, match="Two submissions in .* have the name 'a'"):
        read_all(tmp_path, {})


def test_nothing_is_written_unless_our_own_answers_score_full_marks(submissions, judged, monkeypatch, tmp_path):
    right = run.judge

    def strict(paper, answers, limits, *, trusted):
        outcomes = right(paper, answers, limits, trusted=trusted)
        return outcomes | ({"quiz-2": Outcome(State.NOT_YET, "No.")} if answers == paper.solutions() else {})

    monkeypatch.setattr(run, "judge", strict)
    with pytest.raises(CasebookError, match=r"Our own answer to quiz-2 is 'not yet' \(No\.\), so nothing was written"):
        run.grade(submissions, tmp_path / "grades", workers=1, trusted=True)
    assert not (tmp_path / "grades").exists()


def test_an_interrupted_run_goes_on_where_it_stopped(submissions, judged, monkeypatch, tmp_path):
    right = run.judge

    def interrupted(paper, answers, limits, *, trusted):
        if len(judged) == 3:
            raise KeyboardInterrupt
        return right(paper, answers, limits, trusted=trusted)

    monkeypatch.setattr(run, "judge", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.grade(submissions, tmp_path / "grades", workers=1, trusted=True)
    assert not (tmp_path / "grades" / "gradebook.csv").exists()
    monkeypatch.setattr(run, "judge", right)
    judged.clear()
    run.grade(submissions, tmp_path / "grades", workers=1, trusted=True)
    assert [answers["quiz-1"] for answers in judged[1:]] == ["answer_1 = 2", "answer_1 = 3"]  # after our own
    gradebook = (tmp_path / "grades" / "gradebook.csv").read_bytes()
    judged.clear()
    run.grade(submissions, tmp_path / "grades", workers=1, trusted=True, resume=False)
    assert len(judged) == 5
    assert (tmp_path / "grades" / "gradebook.csv").read_bytes() == gradebook


def test_what_was_interrupted_is_tried_again_and_pages_of_those_who_left_go(submissions, judged, monkeypatch, tmp_path):
    def killed(paper, answers, limits, *, trusted):
        outcomes = judge(paper, answers, limits, trusted=trusted)
        return outcomes if answers == paper.solutions() else outcomes | {"quiz-1": run.LOST}

    judge = run.judge
    monkeypatch.setattr(run, "judge", killed)
    grades = tmp_path / "grades"
    assert run.grade(submissions, grades, workers=1, trusted=True)[0].outcomes["quiz-1"].state == State.NEEDS_REVIEW
    monkeypatch.setattr(run, "judge", judge)
    (submissions / "student 3").rename(tmp_path / "left")
    assert run.grade(submissions, grades, workers=1, trusted=True)[0].outcomes["quiz-1"].state == State.CORRECT
    assert len(list((grades / "feedback").iterdir())) == len(list((grades / "results").iterdir())) == 3


def test_a_worker_with_another_checkout_is_refused(paper):
    job = run.Job("a", paper, {}, run.Limits(), trusted=True, checkout="another")
    with pytest.raises(CasebookError, match="A worker's checkout differs"):
        run.work(job)


def test_a_failure_of_the_grading_costs_one_student_only(submissions, judged, monkeypatch, tmp_path):
    def failing(paper, answers, limits, *, trusted):
        if answers["quiz-1"] == "answer_1 = 2":
            raise ValueError("a case of which nobody\nhas thought")
        return judge(paper, answers, limits, trusted=trusted)

    judge = run.judge
    monkeypatch.setattr(run, "judge", failing)
    graded = run.grade(submissions, tmp_path / "grades", workers=1, trusted=True)
    firsts = [each.outcomes["quiz-1"] for each in graded]
    assert [first.state for first in firsts] == ["correct", "correct", "needs review", "correct"]
    assert firsts[2].remark == "The grading itself failed with ValueError: a case of which nobody"


def test_only_the_chapters_are_prepared_of_which_somebody_hands_in_an_answer(submissions, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(run, "_slugs", lambda _: {"timeline-1": "timeline", **dict.fromkeys(RIGHT, "quiz")})
    monkeypatch.setattr(run, "_papers", lambda slugs, _: asked.extend(slugs) or [])
    run.grade(submissions, tmp_path / "grades", workers=1, trusted=True)
    run.grade(submissions, tmp_path / "grades", only=["quiz", "timeline"], workers=1, trusted=True)
    assert asked == ["quiz", "timeline", "quiz"]


def test_every_exercise_belongs_to_a_chapter():
    slugs = run._slugs(())
    assert next(iter(slugs.values())) == "timeline"
    assert set(run._slugs(("aftermath",))) == {name for name, slug in slugs.items() if slug == "aftermath"}


def test_nothing_to_grade_is_named(submissions, tmp_path, judged, monkeypatch):
    saved("{}")(tmp_path / "others" / "a")
    with pytest.raises(CasebookError, match="has an answer cell of ours"):
        run.grade(tmp_path / "others", tmp_path / "grades", workers=1, trusted=True)
    monkeypatch.undo()
    with pytest.raises(CasebookError, match="There is no chapter 'quiz' with exercises; use some of: timeline"):
        run.grade(submissions, tmp_path / "grades", only=["quiz"], workers=1, trusted=True)


def test_a_job_that_kills_its_process_costs_only_itself():
    kill = "__import__('os')._exit(1)"
    assert dict(scheduling.run(eval, ["10", kill, "20"], workers=2)) == {"10": 10, kill: None, "20": 20}


def test_however_many_jobs_kill_their_process_the_others_are_done():
    jobs = [job for number in range(8) for job in (f"__import__('os')._exit({number})", str(number))]
    done = dict(scheduling.run(eval, jobs, workers=3))
    assert done == {job: None if job.startswith("__") else int(job) for job in jobs}


def test_a_job_is_done_again_if_something_else_ended_its_process(tmp_path):
    path = str(tmp_path / "ended")
    job = f"__import__('os').path.exists({path!r}) or (open({path!r}, 'w'), __import__('os')._exit(1))"
    assert list(scheduling.run(eval, [job], workers=2)) == [(job, True)]


@pytest.mark.parametrize("jobs", [[], ["10"]])
def test_no_more_processes_start_than_there_are_jobs(jobs, monkeypatch):
    started = []
    process = scheduling._Process
    monkeypatch.setattr(scheduling, "_Process", lambda context: started.append(context) or process(context))
    assert len(list(scheduling.run(eval, jobs, workers=3))) == len(jobs)
    assert len(started) == 1


def test_what_a_job_raises_is_raised_here():
    with pytest.raises(ZeroDivisionError):
        list(scheduling.run(eval, ["1 / 0", "10"], workers=2))


def test_a_scheduler_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(scheduling, "PATIENCE", 0.2)
    with pytest.raises(CasebookError, match="No Dask scheduler answers at 'tcp://127.0.0.1:1'"):
        list(scheduling.run(len, [""], scheduler="tcp://127.0.0.1:1"))


def test_the_command_says_where_the_gradebook_is_or_what_is_wrong(submissions, judged, tmp_path, capsys):
    words = [str(submissions), "--output", str(tmp_path / "grades"), "--workers", "1", "--trusted"]
    assert command.main(words) == 0
    assert f"{tmp_path / 'grades' / 'gradebook.csv'}, " in capsys.readouterr().out
    assert command.main([str(tmp_path / "nowhere"), "--trusted"]) == 1
    assert "There is no folder" in capsys.readouterr().err


def a_class(paper: Paper) -> list[Graded]:
    states = [
        Outcome(State.CORRECT, "So."),
        Outcome(State.NOT_YET, "No.", "NameError: x"),
        Outcome(State.NEEDS_REVIEW, "Form."),
    ]
    outcomes = dict(zip((question.id for question in paper.questions), states, strict=True))
    return [
        Graded("Ada & Бек", outcomes, ["a.ipynb is a <link>."]),
        Graded("-1", dict.fromkeys(outcomes, Outcome(State.NOT_ANSWERED))),
    ]


def test_gradebook_and_junit_count_the_states(paper):
    lines = as_csv(a_class(paper), [paper]).decode("utf-8-sig").splitlines()
    assert lines[1] == "Ada & Бек,correct,not yet,needs review,1,1,0,1,a.ipynb is a <link>. quiz-2: NameError: x"
    assert lines[2] == "'-1,not answered,not answered,not answered,0,0,3,0,"
    suite = ElementTree.fromstring(as_junit(a_class(paper), [paper]))[0]
    assert suite.attrib == {"name": "Ada & Бек", "tests": "3", "failures": "1", "errors": "1", "skipped": "0"}
    assert suite[1][0].get("message") == "No. NameError: x"


def test_a_page_tells_all_and_links_to_the_exercise_and_axe_finds_nothing(paper, running):
    pages = feedback.pages(a_class(paper), [paper], "https://example.org/book/")
    assert len(pages) == 2
    page = running.new_page()
    page.set_content(pages[feedback.file_name("Ada & Бек")].decode())
    assert page.title() == "Feedback for Ada & Бек"
    assert page.get_by_role("heading", level=3).all_inner_texts() == ["Count", "Choose", "Argue"]
    texts = page.locator("article").all_inner_texts()
    assert "Not yet: No.\n\nRemark: NameError: x" in texts[1]
    assert "a person reads the text" in texts[2]
    link = page.get_by_role("link", name="Exercise quiz-1, under “First part”")
    assert link.get_attribute("href") == "https://example.org/book/quiz.html#quiz-1"
    assert page.get_by_text("a.ipynb is a <link>.").count() == 1
    assert violations_on(page) == []
    page.close()


def test_the_benchmark_hands_in_the_same_in_every_run_and_no_more_than_the_grading_runs():
    paper = overlay.paper("aftermath", b"")
    edition = benchmark.student_edition("aftermath")
    answers = benchmark.answers_of(paper, 7)
    assert answers == benchmark.answers_of(paper, 7) != benchmark.answers_of(paper, 8)
    lean = benchmark.lean(benchmark.handed_in(edition, answers), paper)
    assert 0 < len(lean.cells) < len(edition.cells)
    assert "load" in lean.cells[0].source
    assert [cell.id for cell in edition.cells if "matplotlib" in cell.source] == [lean.cells[0].id]
    assert not [cell for cell in lean.cells if "matplotlib" in cell.source]
    graded = [cell for cell in benchmark.with_points(lean).cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert len(graded) == len(paper.questions)
    assert all("assert" in cell.source for cell in graded)


def test_the_benchmark_prints_rates_and_ratios_and_only_what_was_run(monkeypatch, capsys):
    monkeypatch.setattr(benchmark.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(benchmark, "nbclient", lambda _notebook, _paper, number: 5 * number)
    monkeypatch.setattr(benchmark, "nbgrader", lambda _folder, _notebook, _paper, number: 10 * number)
    monkeypatch.setattr(benchmark, "ours", lambda _folder, _edition, _paper, number, workers: 6 * number / workers)
    benchmark.main(["20", "100", "--nbgrader", "20"])
    lines = [line.split()[-6:] for line in capsys.readouterr().out.splitlines()[1:]]
    assert lines[:4] == [
        ["20", "100", "5.00", "12.0", "-", "1.0"],
        ["20", "200", "10.00", "6.0", "1.0", "0.5"],
        ["20", "120", "6.00", "10.0", "1.7", "0.8"],
        ["20", "60", "3.00", "20.0", "3.3", "1.7"],
    ]
    assert lines[4:] == [["100", "600", "6.00", "10.0", "-", "-"], ["100", "300", "3.00", "20.0", "-", "-"]]


def test_the_benchmark_grades_with_our_command(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(benchmark.subprocess, "run", lambda command, **_: asked.append(command))
    paper = overlay.paper("aftermath", b"")
    assert benchmark.ours(tmp_path, benchmark.student_edition("aftermath"), paper, 2, 1) >= 0
    assert len(list((tmp_path / "submissions").glob("*/aftermath.ipynb"))) == 2
    assert asked[0][1:4] == ["-m", "tools.grading", tmp_path / "submissions"]
