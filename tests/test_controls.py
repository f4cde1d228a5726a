"""The control notebooks hold every known answer to its exact line, and nbval fails when one differs."""

import importlib.util
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from casebook.data import DATA
from tests.running import FIXTURES, SAMPLE, run_pytest
from tools.controls import controls, write_controls
from tools.files import BOOK, ROOT, write_atomic
from tools.keys import derived, exercises


def test_the_controls_hold_right_forms_blanks_wrong_answers_and_probes():
    number = exercises(SAMPLE)[1]
    made = controls(number)
    assert [control.name for control in made[:5]] == ["right-1", "right-2", "right-3", "right-4", "blank-1"]
    lines = {control.code: control.line for control in made}
    assert lines["2030"] == "sample-2: correct. Counted twice, the number means something else."
    assert lines["..."] == "sample-2: not answered yet."
    assert lines["1970"] == "sample-2: not yet. That is one state short."
    assert lines["2029.25"] == "sample-2: not yet. Add up the rows."


def test_a_probe_that_the_author_has_answered_is_left_out():
    codes = [control.code for control in controls(exercises(SAMPLE)[1])]
    assert "2030.75" not in codes  # within the tolerance of the wrong answer 2031


def test_functions_and_tables_appear_as_code(tmp_path: Path):
    (path,) = write_controls(tmp_path, FIXTURES)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    sources = {cell["id"]: cell["source"] for cell in notebook.cells}
    assert sources["sample-9-wrong-1"] == "answer = lambda part, whole: part / whole\ncheck('sample-9', answer)"
    assert sources["sample-8-right-2"].startswith("answer = pd.Series(")
    assert notebook.cells[0]["id"] == "setup"
    assert notebook.cells[0]["outputs"] == []


def test_stale_controls_are_removed_and_nothing_else(tmp_path: Path):
    (tmp_path / "gone-controls.ipynb").write_text("{}", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("kept", encoding="utf-8")
    assert [path.name for path in write_controls(tmp_path, FIXTURES)] == ["sample-controls.ipynb"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "sample-controls.ipynb"]


def test_writing_twice_changes_nothing(tmp_path: Path):
    (path,) = write_controls(tmp_path, FIXTURES)
    before = path.read_bytes()
    write_controls(tmp_path, FIXTURES)
    assert path.read_bytes() == before


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a small checkout whose package has the keys of the sample exercises.

    The package does not lie in ``book/``: nbval would measure its coverage as if it were the book's own.
    """
    shutil.copytree(BOOK / "casebook", tmp_path / "copy" / "casebook", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "data").symlink_to(DATA)
    (content,) = derived(FIXTURES).values()
    write_atomic(tmp_path / "copy" / "casebook" / "keys.json", content)
    write_controls(tmp_path, FIXTURES)
    return tmp_path


def test_nbval_passes_the_controls_and_fails_on_one_planted_line(checkout: Path):
    path = checkout / "sample-controls.ipynb"
    notebook = nbformat.read(path, as_version=4)
    planted = next(cell for cell in notebook.cells if cell["id"] == "sample-2-wrong-1")
    planted["outputs"][0]["text"] = "sample-2: not yet. Add up the rows.\n"
    (checkout / "planted-controls.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    finished = run_pytest(checkout, book=checkout / "copy")
    assert finished.returncode == 1, finished.stdout + finished.stderr
    assert f"1 failed, {2 * len(notebook.cells) - 1} passed" in finished.stdout
    assert "FAILED planted-controls.ipynb" in finished.stdout
    assert "That is one state short." in finished.stdout


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch):
    """Return the configure hook of the checkout, with the writing of notebooks only recorded."""
    spec = importlib.util.spec_from_file_location("root_conftest", ROOT / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written: list[Path] = []
    monkeypatch.setattr(module, "write_controls", written.append)
    monkeypatch.setattr(module, "write_student_notebooks", lambda folder, *_: written.append(folder))
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    return SimpleNamespace(module=module, written=written)


def config(nbval: bool, source: str = "testpaths", **more: object) -> SimpleNamespace:
    return SimpleNamespace(
        getoption=lambda _, default: nbval or default,
        getini=lambda _: ["tests", "_build/controls"],
        args=["tests"],
        args_source=source,
        ArgsSource=SimpleNamespace(TESTPATHS="testpaths"),
        **more,
    )


def test_controls_and_student_notebooks_are_written_before_collection_and_collected(hook: SimpleNamespace):
    run = config(nbval=True)
    hook.module.pytest_configure(run)
    assert hook.written == [ROOT / "_build" / "controls", ROOT / "_build" / "student-notebooks"]
    assert run.args == ["tests", "_build/controls"]


def test_paths_given_by_hand_are_kept(hook: SimpleNamespace):
    run = config(nbval=True, source="args")
    hook.module.pytest_configure(run)
    assert run.args == ["tests"]


@pytest.mark.parametrize("run", [config(nbval=False), config(nbval=True, workerinput={})], ids=["no nbval", "worker"])
def test_neither_a_worker_nor_a_run_without_nbval_writes_controls(hook: SimpleNamespace, run: SimpleNamespace):
    hook.module.pytest_configure(run)
    assert hook.written == []


def test_kernels_find_the_package(hook: SimpleNamespace):
    hook.module.pytest_configure(config(nbval=False))
    assert hook.module.os.environ["PYTHONPATH"].split(hook.module.os.pathsep) == [str(BOOK), "elsewhere"]


def test_a_refused_specification_stops_the_run_with_its_sentence(
    hook: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    def refuse(_: Path) -> None:
        raise hook.module.CasebookError(
            "exercises/plain.toml, plain-1: the id is given twice; number the exercises apart."
        )

    monkeypatch.setattr(hook.module, "write_controls", refuse)
    with pytest.raises(pytest.UsageError, match="plain-1: the id is given twice"):
        hook.module.pytest_configure(config(nbval=True))


@pytest.mark.parametrize("workers", ["-n0", "-n1"])
def test_what_a_test_records_is_printed_whoever_runs_it(tmp_path: Path, workers: str):
    source = "def test_it(record_property):\n    record_property('score', '9 of 9')\n    assert {}\n"
    (tmp_path / "test_good.py").write_text(source.format(True), encoding="utf-8")
    (tmp_path / "test_bad.py").write_text(source.format(False), encoding="utf-8")
    finished = run_pytest("-o", "addopts=", "-p", "conftest", workers, tmp_path)
    assert "1 failed, 1 passed" in finished.stdout
    assert re.findall(r"^score: 9 of 9$", finished.stdout, flags=re.MULTILINE) == ["score: 9 of 9"] * 2
