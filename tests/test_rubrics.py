"""Every judgement exercise has a rubric, and exemplars that pass its check, cite real rows and earn their marks."""

import ast
import re
import shutil

import pytest
from sample_chapter import cell

from casebook.errors import CasebookError
from tools import rubrics
from tools.files import chapters
from tools.notebooks import read

SLUGS = [path.stem for path in chapters() if rubrics.judgements(path.stem)]


def test_every_judgement_exercise_has_a_rubric_and_sound_exemplars():
    assert list(rubrics.problems()) == []


def test_every_exemplar_was_looked_at():
    exemplars = [exemplar for slug in SLUGS for rubric in rubrics.rubrics(slug) for exemplar in rubric.exemplars]
    exercises = [exercise for slug in SLUGS for exercise in rubrics.judgements(slug)]
    assert len(exemplars) >= 3 * len(exercises) > 0


@pytest.mark.parametrize("exercise", ["legal-basis-14", "interpretations-10", "aftermath-11"])
def test_where_two_answers_are_open_both_can_be_strong(exercise):
    (rubric,) = [rubric for rubric in rubrics.rubrics(exercise.rpartition("-")[0]) if rubric.exercise == exercise]
    strong = [exemplar for exemplar in rubric.exemplars if exemplar.level == "strong"]
    assert len({exemplar.verdict for exemplar in strong}) == 2
    assert len({exemplar.total for exemplar in strong}) == 1


def unmarked(notebook, exercise):
    """List the passages of a chapter's own solution of a judgement that the description of the exercise has not."""
    described = [" ".join(text.split()) for text in (exercise["answer"], *exercise["also"])]
    solutions = [
        cell.source for cell in notebook.cells if cell.get("id", "").startswith(f"ex-{exercise['id']}-solution")
    ]
    written = [node.value for source in solutions for node in ast.walk(ast.parse(source)) if is_text(node)]
    passages = [" ".join(text.split()) for text in written if len(text.split()) > 3]
    assert passages
    return [passage for passage in passages if not any(passage in text for text in described)]


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("path", [path for path in chapters() if path.stem in SLUGS], ids=lambda path: path.stem)
def test_the_solution_that_a_chapter_prints_is_the_text_that_was_checked_and_marked(path):
    notebook = read(path)
    assert [found for fields in rubrics.judgements(path.stem).values() for found in unmarked(notebook, fields)] == []


def test_a_solution_that_was_corrected_in_one_place_only_is_seen():
    path = next(path for path in chapters() if path.stem == "timeline")
    notebook = read(path)
    changed = cell(notebook, "ex-timeline-13-solution")
    changed.source = changed.source.replace("241", "240")
    (found,) = unmarked(notebook, rubrics.judgements("timeline")["timeline-13"])
    assert "quoted 240 from the same office" in found


PLANTED = [
    (
        "timeline",
        "[[rubric]]\nexercise",
        '[[rubric]]\nexercise = "sources-3"\nold',
        "exercise.*'sources-3'|'sources-3'",
    ),
    ("timeline", "(C030). Earlier", "(C999). Earlier", "no row of evidence has the id C999"),
    ("timeline", "gave 238 as", "gave 239 as", "no row that it cites has the number 239"),
    ("sources", "headline_words = 12", "headline_words = 10", "its headline has 11 words, more than 10"),
    ("timeline", "points = [1, 1, 1, 1]", "points = [1, 1, 1]", "do not fit the criteria"),
    ("timeline", "points = [1, 1, 1, 1]", "points = [1, 1, 1, 3]", "do not fit the criteria"),
    ("timeline", "points = [1, 0, 0, 0]", "points = [2, 2, 2, 2]", "8 of 8 points are not those of a weak answer"),
    ("timeline", 'level = "weak"\npoints = [1, 0', 'level = "middling"\npoints = [1, 2', "has no weak exemplar"),
    (
        "timeline",
        "Rights groups also published 241 (C014). The figure is\ntherefore contested. ",
        "",
        "its form does not",
    ),
    (
        "aftermath",
        '[[rubric]]\nexercise = "aftermath-10"',
        '[[rubric]]\nexercise = "aftermath-4"',
        "aftermath-10 has no",
    ),
]


@pytest.mark.parametrize(("slug", "old", "new", "says"), PLANTED, ids=[says for *_, says in PLANTED])
def test_planted_fault_is_found(tmp_path, slug, old, new, says):
    folder = tmp_path / "rubrics"
    shutil.copytree(rubrics.FOLDER, folder)
    file = folder / f"{slug}.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        found = list(rubrics.problems([slug], folder))
    except CasebookError as error:
        found = [str(error)]
    assert any(re.search(says, problem) for problem in found), found


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(
        CasebookError, match=r"rubrics/timeline.toml is missing; write one rubric for each of timeline-13"
    ):
        list(rubrics.problems(["timeline"], tmp_path))


def test_a_page_links_every_row_and_marks_every_answer():
    page = rubrics.entries("timeline")
    assert "[C030](../evidence.md#c030)" in page
    assert page.count("### Weak answer") == 2
    assert "**4 of 8** (who counted, and when: 1; " in page
    assert "(rubrics-aftermath.md)" in rubrics.table()
    assert rubrics.entries("sources").count("Its headline has 11 words.") == 3
