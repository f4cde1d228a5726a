"""Each answer cell has the shape of its solution, and one of another shape is named."""

from pathlib import Path

import pytest
from sample_chapter import EXERCISES, cell, write_sample

from tools.files import chapters
from tools.starters import problems


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_every_answer_cell_has_the_shape_of_its_solution(path: Path) -> None:
    assert list(problems(path)) == []


def told(folder: Path, starter: str, solution: str, kind: str = "number") -> str:
    """Return what is said of the first exercise of the sample chapter, with one starter and one solution."""

    def plant(notebook) -> None:
        cell(notebook, "ex-sample-1-answer").source = starter
        cell(notebook, "ex-sample-1-solution").source = f'{solution}\ncheck("sample-1", answer_1)'

    path = write_sample(folder, plant)
    exercises = folder / "exercises"
    (exercises / "sample.toml").write_text(EXERCISES.replace('"number"', f'"{kind}"', 1), encoding="utf-8")
    return "\n".join(problems(path, exercises)).removeprefix("sample.ipynb, cell 'ex-sample-1-answer': ")


FUNCTION = "def answer_1(part, whole):\n    return "
NAMED = "def share(part, whole):\n    return {}\n\n\nanswer_1 = share"


@pytest.mark.parametrize(
    ("starter", "solution", "kind"),
    [
        ("answer_1 = ...", "answer_1 = 1", "number"),
        ("answer_1 = ...", "rows = 3\nanswer_1 = rows", "number"),
        ("answer_1 = ...", "answer_1 = load('events')", "table"),
        ('answer_1 = "..."', 'answer_1 = "b"', "choice"),
        ('answer_1 = "..."', 'part = "x"\nanswer_1 = part + "y"', "judgement"),
        ("answer_1 = set()", "answer_1 = {1}", "set"),
        ("answer_1 = {...}", "answer_1 = {1}", "set"),
        (f"{FUNCTION}...", f"{FUNCTION}part / whole", "function"),
        (NAMED.format("..."), NAMED.format("part / whole"), "function"),
        ("answer_1 = ...", "answer_1 = lambda part, whole: part / whole", "function"),
    ],
)
def test_a_starter_of_the_same_shape_is_fine(tmp_path: Path, starter: str, solution: str, kind: str) -> None:
    assert told(tmp_path, starter, solution, kind) == ""


@pytest.mark.parametrize(
    ("starter", "solution", "kind", "sentence"),
    [
        ("answer_2 = ...", "answer_1 = 1", "number", "it has no 'answer_1' and its solution the value 'answer_1';"),
        ("answer_1 = ...", "answer = 1", "number", "its solution gives 'answer_1' no value; let the solution set it."),
        ("rows = ...\nanswer_1 = ...", "answer_1 = 1", "number", "it has the value 'rows' and its solution no 'rows';"),
        (
            f"{FUNCTION.replace('whole', 'total')}...",
            f"{FUNCTION}part / whole",
            "function",
            "it has the function 'answer_1(part, total)' and its solution the function 'answer_1(part, whole)';",
        ),
        (
            "answer_1 = ...",
            NAMED.format("part / whole"),
            "function",
            "it has the value 'answer_1' and its solution the function 'answer_1(part, whole)';",
        ),
        (
            f"{FUNCTION}...",
            "answer_1 = 1",
            "number",
            "it has the function 'answer_1(part, whole)' and its solution the",
        ),
        (f"{FUNCTION}part", f"{FUNCTION}part / whole", "function", "the gap is return part; for the kind 'function'"),
        ('answer_1 = "..."', "answer_1 = 1", "number", "the gap is \"...\"; for the kind 'number' write ...."),
        ("answer_1 = {...}", "answer_1 = load('events')", "table", "the gap is {...}; for the kind 'table' write ...."),
        ("answer_1 = ...", 'answer_1 = "b"', "choice", "the gap is ...; for the kind 'choice' write \"...\"."),
        ("answer_1 = []", "answer_1 = {1}", "set", "the gap is []; for the kind 'set' write ... or {...} or set()."),
        ("answer_1 = = 1", "answer_1 = 1", "number", "it or its solution is not plain Python; correct the code."),
    ],
)
def test_a_starter_of_another_shape_is_named(
    tmp_path: Path, starter: str, solution: str, kind: str, sentence: str
) -> None:
    assert told(tmp_path, starter, solution, kind).startswith(sentence)
