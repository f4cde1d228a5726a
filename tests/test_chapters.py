"""Every chapter of the book keeps the rules, and no run is green with nothing checked."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook, new_output
from sample_chapter import cell, code, write_sample

from tests.running import run_pytest
from tools import refresh
from tools.files import EXERCISES, ROOT, chapters, notebooks_in_toc
from tools.lint import Allowance, allowances, findings
from tools.notebooks import code_cells, read
from tools.student_notebook import for_students

CHAPTERS = chapters()
CONTROLS = ROOT / "_build" / "controls"
STUDENTS = ROOT / "_build" / "student-notebooks"


def test_the_book_has_chapters() -> None:
    assert CHAPTERS


ONLY_ON_A_SCREEN = re.compile(
    r"(?:^|[.!?*] |^\*)(?:(?:Press|Drag|Click) (?:Play|the|a)|On this page)\b[^.]*", re.MULTILINE
)


def untrue_on_paper(prose: str) -> list[str]:
    """Return the sentences of a chapter that tell the reader of a printed page to do what only the site allows."""
    return ONLY_ON_A_SCREEN.findall(prose)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_prose_is_true_on_paper_too(path: Path) -> None:
    prose = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert untrue_on_paper(prose) == []


def test_prose_that_is_true_on_a_screen_only_is_found() -> None:
    assert untrue_on_paper("*Think first. On this page, open the solution.*\nPress Play. Or not.") == [
        ". On this page, open the solution",
        "Press Play",
    ]
    assert untrue_on_paper("On the site, press Play. Press reports differ.") == []


def unneeded(allowed: set[Allowance], paths: list[Path], exercises: Path) -> set[Allowance]:
    """Return the reviewed exceptions whose cell no longer breaks a rule."""
    found = ((path, finding) for path in paths for finding in findings(path, exercises))
    return allowed - {Allowance(path.stem, finding.cell, finding.what) for path, finding in found}


def test_every_reviewed_exception_is_needed() -> None:
    assert unneeded(allowances(), CHAPTERS, EXERCISES) == set()


def test_exception_that_nothing_needs_is_noticed(tmp_path: Path) -> None:
    path = write_sample(tmp_path, lambda notebook: cell(notebook, "plot").metadata.update(tags=["nbval-skip"]))
    needed = Allowance("sample", "plot", "nbval-skip")
    stale = Allowance("sample", "setup", "nbval-skip")
    assert unneeded({needed, stale}, [path], tmp_path / "exercises") == {stale}


def test_nothing_is_wrong_or_out_of_date(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = refresh.main(["--check"])
    assert (exit_code, capsys.readouterr().err) == (0, "")


# --- nbval compares what it should ------------------------------------------------------------------------------------


def collected(*arguments: str) -> set[Path]:
    """Return the notebooks that nbval would run; the tests beside them need not be imported for that."""
    lines = run_pytest("--collect-only", "-q", "-o", "python_files=", *arguments).stdout.splitlines()
    return {ROOT / line.partition("::")[0] for line in lines if ".ipynb::" in line}


def wanted() -> set[Path]:
    """Return the notebooks that nbval has to run: those of the book, chapters as students get them, and controls."""
    handed_out = (STUDENTS / path.name for path in for_students(CHAPTERS))
    return {*notebooks_in_toc(), *handed_out, *CONTROLS.glob("**/*.ipynb")}


def test_nbval_runs_every_notebook_and_every_control() -> None:
    found = collected()
    assert list(CONTROLS.glob("**/*.ipynb"))
    assert found == wanted()


def test_notebooks_that_nbval_does_not_see_are_noticed() -> None:
    # without conftest.py, which would write the notebooks a second time
    found = collected("--noconftest", "-o", "testpaths=tests _build/controls _build/student-notebooks")
    assert wanted() - found == set(notebooks_in_toc()) > set(CHAPTERS)


@pytest.mark.parametrize(("stored", "summary"), [("2", "1 passed"), ("3", "1 failed")])
def test_nbval_compares_every_output(tmp_path: Path, stored: str, summary: str) -> None:
    output = new_output("execute_result", {"text/plain": stored}, execution_count=1)
    path = tmp_path / "planted.ipynb"
    total = code("sum", "1 + 1", outputs=[output])
    total.execution_count = 1
    nbformat.write(new_notebook(cells=[total]), path)
    assert summary in run_pytest(path).stdout


def test_nbval_agrees_with_a_refreshed_chapter(tmp_path: Path) -> None:
    path = write_sample(tmp_path)
    path.write_bytes(refresh.refreshed(path, tmp_path / "book", tmp_path / "data", tmp_path / "exercises"))
    result = run_pytest(path)
    assert f"{len(code_cells(read(path)))} passed" in result.stdout
    assert result.returncode == 0


# --- A test that does not run is a failure ----------------------------------------------------------------------------

UNRUN = {
    "skip": "import pytest\n@pytest.mark.skip\ndef test_it(): pass\n",
    "skip_inside": "import pytest\ndef test_it(): pytest.skip('later')\n",
    "expected_failure": "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n",
    "unexpected_pass": "import pytest\n@pytest.mark.xfail\ndef test_it(): pass\n",
    "no_parameters": "import pytest\n@pytest.mark.parametrize('x', [])\ndef test_it(x): pass\n",
    "whole_file": "import pytest\npytest.skip('later', allow_module_level=True)\n",
}


@pytest.mark.parametrize("workers", ["-n0", "-n1"])
def test_what_did_not_run_counts_as_failed(tmp_path: Path, workers: str) -> None:
    for name, source in UNRUN.items():
        (tmp_path / f"test_{name}.py").write_text(source, encoding="utf-8")
    result = run_pytest("-p", "tests.plugin_no_skips", "--continue-on-collection-errors", workers, tmp_path)
    assert result.returncode != 0
    for name in UNRUN:
        assert re.search(rf"test_{name}\.py\S* was skipped or marked as an expected failure; every", result.stdout), (
            name
        )


def test_what_ran_still_passes(tmp_path: Path) -> None:
    (tmp_path / "test_run.py").write_text("def test_it(): pass\n", encoding="utf-8")
    assert run_pytest("-p", "tests.plugin_no_skips", tmp_path).returncode == 0


def test_cells_after_a_time_out_count_as_failed(tmp_path: Path) -> None:
    path = tmp_path / "slow.ipynb"
    cells = [code("slow", "import time\ntime.sleep(60)"), code("never-run", "1 + 1")]
    nbformat.write(new_notebook(cells=cells), path)
    result = run_pytest("-p", "tests.plugin_no_skips", "--nbval-cell-timeout=1", path)
    assert "2 failed" in result.stdout
    assert "xfailed" not in result.stdout


def test_this_run_counts_them_too(request: pytest.FixtureRequest) -> None:
    assert request.config.pluginmanager.has_plugin("tests.plugin_no_skips")
