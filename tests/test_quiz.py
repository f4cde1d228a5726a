"""The quiz asks what the objectives ask, repeats no exercise, and its invented answers are the same every time."""

import csv
import io

import pytest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import DescrStatsW

from casebook.errors import CasebookError
from tools import check, quiz
from tools.execute import execute
from tools.normal_form import as_bytes
from tools.notebooks import read, refuse_errors

ANALYSIS = quiz.FOLDER / "pre-post-analysis.ipynb"


def test_the_quiz_keeps_its_rules():
    assert list(quiz.problems()) == []


PLANTED = [
    ('objective = "timeline/read-tolls"', 'objective = "timeline/guess-tolls"', "Q01: no chapter has the objective"),
    ('right = "b"', 'right = "e"', "Q01 needs the options a to d, one of them right"),
    ("{ a = ", "{ x = ", "Q01 needs the options a to d"),
]


@pytest.mark.parametrize(("old", "new", "says"), PLANTED, ids=lambda text: text[:30])
def test_planted_fault_is_found(tmp_path, old, new, says):
    assert any(says in problem for problem in problems_of(tmp_path, lambda text: text.replace(old, new, 1)))


def problems_of(folder, change):
    planted = folder / "quiz.toml"
    planted.write_text(change(quiz.SOURCE.read_text(encoding="utf-8")), encoding="utf-8")
    return list(quiz.problems(planted))


def test_too_few_items_and_a_chapter_without_one_are_found(tmp_path):
    found = problems_of(tmp_path, lambda text: "[[item]]".join(text.split("[[item]]")[:11]))
    assert "The quiz has 10 items; 12 to 16 fit into twenty minutes." in found
    assert "The quiz asks nothing about the chapter aftermath; write an item." in found


def test_a_letter_that_is_right_too_often_is_found(tmp_path):
    found = problems_of(tmp_path, lambda text: text.replace('right = "a"', 'right = "c"'))
    assert any(problem.startswith("Right answers by letter: {'b': 4, 'c': 8, 'd': 4}") for problem in found)


def test_an_item_that_repeats_an_exercise_is_found(tmp_path):
    prompt = "Which sentence does the panel support?"
    stem = quiz.items()[4].stem
    found = problems_of(tmp_path, lambda text: text.replace(stem, prompt))
    assert "Q05 repeats an exercise word for word; ask for the same idea with another case." in found


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "quiz.toml").write_text('[[item]]\nstem = "x"\n', encoding="utf-8")
    with pytest.raises(CasebookError, match="teaching/quiz.toml cannot be read"):
        quiz.items(tmp_path / "quiz.toml")


def test_the_form_does_not_tell_the_answers():
    form, key = quiz.form(), quiz.key()
    for item in quiz.items():
        assert item.stem in form
        assert item.why not in form
        assert item.misconception not in form
    assert form.count("**e.** I do not know.") == len(quiz.items())
    assert all(f"| {item.id} | **{item.right}** |" in key for item in quiz.items())


def table(name):
    return list(csv.DictReader(io.StringIO(quiz.derived()[quiz.FOLDER / name].decode())))


def test_the_invented_answers_are_the_same_every_time_and_have_the_template_s_columns():
    assert quiz.invented_answers() == quiz.invented_answers()
    assert quiz.invented_answers(seed=1) != quiz.invented_answers()
    answers, template = table("quiz-answers-synthetic.csv"), table("quiz-answers-template.csv")
    assert list(answers[0]) == list(template[0]) == ["student", "occasion", *(item.id for item in quiz.items())]
    assert len(answers) == 2 * quiz.STUDENTS - len(quiz.MISSING_AFTER)
    assert {letter for row in answers for letter in list(row.values())[2:]} == set("abcde")
    assert [row["right"] for row in table("quiz-key.csv")] == [item.right for item in quiz.items()]


def test_the_analysis_says_that_its_answers_are_invented_and_is_as_refresh_stores_it():
    notebook = read(ANALYSIS)
    assert "The answers here are invented" in notebook.cells[0].source
    described = [str(cell.metadata) for cell in notebook.cells if "caption" in str(cell.metadata)]
    assert described
    assert all("invented" in text for text in described)
    assert list(check.worksheet_problems(ANALYSIS)) == []


def test_the_analysis_runs_on_a_part_of_the_quiz_that_everybody_has_right_in_the_end(tmp_path):
    header, *rows = csv.reader(io.StringIO(quiz.derived()[quiz.FOLDER / "quiz-answers-synthetic.csv"].decode()))
    part, right = len(header) - 2, quiz.items()[0].right
    lines = [[*row[:2], right if row[1] == "post" else row[2], *row[3:part]] for row in rows]
    (tmp_path / "quiz-answers-synthetic.csv").write_text(
        "\n".join(",".join(line) for line in [header[:part], *lines]), encoding="utf-8"
    )
    (tmp_path / "quiz-key.csv").write_bytes(quiz.derived()[quiz.FOLDER / "quiz-key.csv"])
    notebook = read(ANALYSIS)
    execute(notebook, tmp_path / ANALYSIS.name, tmp_path)
    refuse_errors(notebook, ANALYSIS)
    said = {cell.id: str(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"}
    assert f"invented answers: {part - 2} questions" in said["setup"]
    assert "none" in said["item-table"]
    assert "Q16" not in said["item-table"]


def analysed(monkeypatch, old="", new=""):
    """Run what the analysis computes, perhaps with other code in a place, and return its names."""
    monkeypatch.chdir(ANALYSIS.parent)
    names: dict = {}
    for cell in read(ANALYSIS).cells:
        if cell.cell_type == "code" and cell.id != "figure":
            exec(cell.source.replace(old, new) if old else cell.source, names)
    return names


def differences(names):
    """Name what the analysis computes otherwise than statsmodels."""
    for students in (10, 15, 25, 55, 300):
        sample = names["difference"].sample(students, replace=True, random_state=1)
        low, high = DescrStatsW(sample).tconfint_mean(alpha=0.05)
        if names["student_t"](students - 1) * sample.sem() != pytest.approx((high - low) / 2, rel=0.002):
            yield f"interval of {students}"
    gained_and_lost = [*names["changes"][["to right", "to wrong"]].itertuples(index=False), (0, 0), (0, 9), (30, 8)]
    exact = [mcnemar([[0, gained], [lost, 0]], exact=True).pvalue for gained, lost in gained_and_lost]
    if [names["exact_p"](*counts) for counts in gained_and_lost] != pytest.approx(exact):
        yield "exact"
    corrected = multipletests(exact[: len(names["changes"])], method="holm")[1]
    if list(names["changes"]["p, corrected"]) != pytest.approx(list(corrected)):
        yield "corrected"


def test_the_analysis_computes_what_a_statistics_library_computes(monkeypatch):
    assert list(differences(analysed(monkeypatch))) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("(z**3 + z) / (4 * freedom)", "0", "interval of 300"),
        ("16 * z**3", "0", "interval of 10"),
        ("min(1, 2 * tail)", "tail", "exact"),
        (".cummax()", "", "corrected"),
        ("ascending=False", "ascending=True", "corrected"),
    ],
)
def test_another_statistic_in_the_analysis_is_found(monkeypatch, old, new, found):
    assert found in differences(analysed(monkeypatch, old, new))


def test_a_notebook_that_was_not_refreshed_is_found(tmp_path):
    notebook = read(ANALYSIS)
    path = tmp_path / ANALYSIS.name
    path.write_bytes(as_bytes(notebook) + b"\n")
    assert list(check.worksheet_problems(path)) == [
        "pre-post-analysis.ipynb is not in normal form; run 'make refresh'."
    ]
    next(cell for cell in notebook.cells if cell.cell_type == "code").execution_count = None
    path.write_bytes(as_bytes(notebook))
    (found,) = check.worksheet_problems(path)
    assert "cell 'setup' was not executed" in found
