"""nbgrader takes the chapters as assignments: it hands them out without solutions and gives the points that are due."""

import copy
import json
import subprocess
import sys

import nbformat
import pytest

from casebook import checking
from casebook.errors import CasebookError
from tests.sample_chapter import cell, write_sample
from tools.exchange import nbgrader_overlay
from tools.exchange.nbgrader_cells import POINTS, stale_marks, write_marks
from tools.exchange.nbgrader_course import BEGIN, END, STUB, assignment, write_course
from tools.exchange.questions import chapters_with_exercises
from tools.files import BOOK, DATA, EXERCISES, ROOT
from tools.notebooks import code_cells, read

RIGHT = {2: '"b"', 7: '"Geneva"'}
WRONG = {2: '"a"', 7: '"Moscow"'}
TRIED = ("timeline-2", "timeline-7", "timeline-13")
NOTE = repr("Prosecutors said in 2023 that the number of the dead is contested (C030, C014, C005). " * 5)


def trial():
    """Return a chapter of three exercises that needs no table: a choice, a word and a judgement."""
    chapter = read(BOOK / "timeline.ipynb")
    names = tuple(f"ex-{name}{part}" for name in TRIED for part in ("", "-answer", "-check", "-solution"))
    chapter.cells = [cell for cell in chapter.cells if cell.id in names]
    start = nbformat.v4.new_code_cell("from casebook import check", id="start")
    return nbformat.from_dict({**chapter, "cells": [start, *chapter.cells]})


def submit(course, student, answers, change=lambda notebook: None):
    """Put a submission of the trial, as nbgrader would hand it out, with some answers into the course folder."""
    notebook = nbformat.read(course / "source" / "trial" / "trial.ipynb", as_version=4)
    for each in code_cells(notebook):
        if each.id.endswith("-answer"):
            number = int(each.id.split("-")[2])
            handed_out = each.source.partition(BEGIN)[0] + STUB
            each.source = f"answer_{number} = {answers[number]}" if number in answers else handed_out
    change(notebook)
    folder = course / "submitted" / student / "trial"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "trial.ipynb")


def without_checks(notebook):
    for each in code_cells(notebook):
        if each.id.endswith("-check"):
            each.source = "print('timeline: correct.')"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return the course folder of the whole book with one more assignment, released and graded by nbgrader."""
    folder = tmp_path_factory.mktemp("course")
    small = tmp_path_factory.mktemp("chapter") / "trial.ipynb"
    nbformat.write(trial(), small)
    write_course(folder, [small, *chapters_with_exercises()])
    submit(folder, "right", RIGHT | {13: NOTE})
    submit(folder, "wrong", WRONG)
    submit(folder, "blank", {})
    submit(folder, "edits the checks", WRONG, without_checks)
    return folder


@pytest.fixture(scope="module")
def result(course):
    command = [sys.executable, str(ROOT / "tests" / "run_nbgrader.py"), str(course)]
    done = subprocess.run(
        command, env=nbgrader_overlay.environment(), cwd=course, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def released(course, name):
    return nbformat.read(course / "release" / name / f"{name}.ipynb", as_version=4)


def test_every_cell_of_an_exercise_is_marked_and_no_other():
    for path in chapters_with_exercises():
        for each in read(path).cells:
            tags = set(each.metadata.get("tags", []))
            assert bool(tags & {"exercise", "check"}) == ("nbgrader" in each.metadata), each.id


def test_each_exercise_has_its_points_in_one_cell():
    for path in chapters_with_exercises():
        marks = [each.metadata.nbgrader for each in read(path).cells if "nbgrader" in each.metadata]
        graded = [mark.grade_id.removesuffix("-answer").removesuffix("-check") for mark in marks if mark.grade]
        assert len(graded) == len(set(graded)) == len(marks) / 2
        assert {mark.points for mark in marks if mark.grade} == {POINTS}


def test_a_person_gives_the_points_of_a_judgement():
    notebook = read(BOOK / "timeline.ipynb")
    assert cell(notebook, "ex-timeline-13-answer").metadata.nbgrader.grade
    assert not cell(notebook, "ex-timeline-13-check").metadata.nbgrader.grade
    assert cell(notebook, "ex-timeline-1-check").metadata.nbgrader.grade


@pytest.mark.parametrize(
    ("cell_id", "mark"),
    [("ex-timeline-1-check", None), ("ex-timeline-1-answer", {"grade": True}), ("title", {"grade": False})],
    ids=["taken off", "changed", "added"],
)
def test_a_mark_that_is_not_what_the_exercise_asks_is_found(cell_id, mark):
    path = BOOK / "timeline.ipynb"
    notebook = read(path)
    assert list(stale_marks(notebook, path, EXERCISES)) == []
    planted = notebook.cells[0] if cell_id == "title" else cell(notebook, cell_id)
    planted.metadata.pop("nbgrader", None)
    if mark:
        planted.metadata["nbgrader"] = mark
    assert list(stale_marks(notebook, path, EXERCISES)) == [
        f"timeline.ipynb, cell '{planted.id}' is not marked for nbgrader as its exercise asks; run 'make refresh'."
    ]
    write_marks(notebook, path, EXERCISES)
    assert list(stale_marks(notebook, path, EXERCISES)) == []


def test_a_chapter_without_exercises_has_no_marks(tmp_path):
    path = write_sample(tmp_path)
    (tmp_path / "exercises" / "sample.toml").unlink()
    notebook = read(path)
    notebook.cells = notebook.cells[:3]
    assert list(stale_marks(notebook, path, tmp_path / "exercises")) == []


def test_the_solution_stands_between_the_marks_of_nbgrader_and_nowhere_else():
    made = assignment(read(BOOK / "legal-basis.ipynb"), "legal-basis.ipynb")
    source = cell(made, "ex-legal-basis-14-answer").source
    assert source.startswith(f'answer_14 = "..."\n{BEGIN}\n')
    assert source.endswith(END)
    assert source.count("# If you hold that") == 2  # two worked answers, one for each side
    assert "check(" not in source
    assert not [each.id for each in made.cells if "solution" in each.id]
    assert not [each.id for each in code_cells(made) if each.outputs or each.execution_count]


def test_a_chapter_without_marks_is_refused():
    chapter = read(BOOK / "timeline.ipynb")
    del cell(chapter, "ex-timeline-1-answer").metadata["nbgrader"]
    with pytest.raises(CasebookError, match="cell 'ex-timeline-1-answer' is not marked for nbgrader; run 'make refre"):
        assignment(chapter, "timeline.ipynb")


def test_an_exercise_without_a_solution_is_refused():
    chapter = read(BOOK / "timeline.ipynb")
    chapter.cells = [each for each in chapter.cells if each.id != "ex-timeline-1-solution"]
    with pytest.raises(CasebookError, match="timeline.ipynb: the exercise 'timeline-1' has no solution cell"):
        assignment(chapter, "timeline.ipynb")


def test_nbgrader_releases_every_chapter(course, result):
    assert result["released"] == {path.stem: True for path in chapters_with_exercises()} | {"trial": True}
    for path in chapters_with_exercises():
        ids = [each.id for each in released(course, path.stem).cells]
        assert ids == [each.id for each in read(path).cells if "solution" not in each.metadata.get("tags", [])]


def test_what_nbgrader_hands_out_holds_no_line_of_a_solution(course, result):
    for path in chapters_with_exercises():
        handed_out = "\n".join(each.source for each in released(course, path.stem).cells)
        answers = [each for each in assignment(read(path), path.name).cells if f"\n{BEGIN}\n" in each.source]
        assert len(answers) > 10
        for each in answers:
            starter, _, solution = each.source.partition(f"\n{BEGIN}\n")
            assert solution.removesuffix(f"\n{END}") not in handed_out
            assert f"{starter}\n{STUB}" in handed_out


def test_a_solution_outside_the_marks_would_be_handed_out(course):
    """Plant the leak that the marks prevent, and see that the comparison above would find it."""
    source = cell(assignment(trial(), "trial.ipynb"), "ex-timeline-7-answer").source
    solution = source.partition(f"\n{BEGIN}\n")[2].removesuffix(f"\n{END}")
    leaking = copy.deepcopy(released(course, "trial"))
    cell(leaking, "ex-timeline-7-answer").source += f"\n{solution}"
    assert solution in "\n".join(each.source for each in leaking.cells)


def test_the_points_of_nbgrader_are_those_that_are_due(result):
    checks = ["ex-timeline-2-check", "ex-timeline-7-check"]
    points = {student: [scores[name][0] for name in checks] for student, scores in result["scores"].items()}
    assert points == {"right": [1, 1], "wrong": [0, 0], "blank": [0, 0], "edits the checks": [0, 0]}


def test_every_submission_is_graded(result):
    assert result["graded"] == dict.fromkeys(["right", "wrong", "blank", "edits the checks"], True)


def test_nbgrader_leaves_a_judgement_to_a_person_unless_it_is_blank(result):
    judged = {student: scores["ex-timeline-13-answer"] for student, scores in result["scores"].items()}
    assert judged["right"] == [None, True]
    assert judged["blank"][0] == 0


def test_nbgrader_validates_the_solutions_and_says_which_checks_a_blank_fails(result):
    assert result["validated"]["source"] == []
    assert result["validated"]["release"][:2] == ['check("timeline-2", answer_2)', 'check("timeline-7", answer_7)']


@pytest.mark.parametrize("grader", checking.GRADERS)
def test_the_check_raises_where_a_grader_asks_for_it(monkeypatch, capsys, grader):
    checking.check("timeline-2", "a")
    monkeypatch.setenv(grader, "1")
    checking.check("timeline-2", "b")
    for answer in ("a", "..."):
        with pytest.raises(checking.NotCorrect, match="timeline-2: not "):
            checking.check("timeline-2", answer)
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_a_folder_handed_out_with_one_chapter_finds_its_own_tables(course, result):
    code = "from casebook.data import DATA; print(DATA)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=course / "release" / "timeline", env={"PYTHONPATH": "."},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == str(course / "release" / "timeline" / "data")
    assert sorted(path.name for path in (course / "release" / "timeline" / "data").glob("*.csv")) == sorted(
        path.name for path in DATA.glob("*.csv")
    )


def test_an_installation_that_fails_is_told_in_one_sentence(tmp_path):
    pins = tmp_path / "pins.txt"
    pins.write_text("nbgrader==0.0.0 --hash=sha256:0000\n", encoding="utf-8")
    with pytest.raises(CasebookError, match=r"nbgrader could not be installed from pins\.txt \(.+\); mend that"):
        nbgrader_overlay.environment(tmp_path / "overlay", pins)
