"""A chapter run elsewhere is compared with what is stored, and every difference shows in the table."""

import json
import subprocess
import sys
from pathlib import Path
from threading import Barrier

import pandas as pd
import pytest
from nbformat import v4
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from casebook.errors import CasebookError
from tools.places import __main__ as command
from tools.places import environments
from tools.places.__main__ import main, record, try_all
from tools.places.jupyter import directives_left
from tools.places.outcomes import Outcome, compared, table


def chapter(*outputs, number=1):
    cell = v4.new_code_cell("check(...)", id="ex-a-1-solution", execution_count=number, outputs=list(outputs))
    return v4.new_notebook(cells=[v4.new_markdown_cell("text", id="text"), cell])


def line(text):
    return v4.new_output("stream", name="stdout", text=text)


def outcome(ran, stored=None, alive=1):
    return compared("a", stored or chapter(line("a-1: correct. So it is.\n")), ran, alive, 1, 2.0)


def test_a_chapter_that_shows_the_same_is_green():
    ran = outcome(chapter(line("a-1: correct. "), line("So it is.\n"), number=7))
    assert ran.green
    assert (ran.ran, ran.cells, ran.right, ran.checks) == (1, 1, 1, 1)


def test_another_text_is_told_with_its_first_line():
    ran = outcome(chapter(line("a-1: not yet. Look again.\n")))
    assert not ran.green
    assert (ran.right, ran.checks) == (0, 1)
    assert ran.faults == (
        "a, cell 'ex-a-1-solution' shows other text than the stored chapter: "
        "'stdout: a-1: correct. So it is.' became 'stdout: a-1: not yet. Look again.'.",
    )


def test_a_cell_that_raised_is_told():
    error = v4.new_output("error", ename="ImportError", evalue="No module named 'pandas'\nmore", traceback=[])
    ran = outcome(chapter(error))
    assert (ran.ran, ran.green) == (0, False)
    assert ran.faults == ("a, cell 'ex-a-1-solution' raised ImportError: No module named 'pandas'.",)


def test_a_cell_that_never_ran_does_not_count():
    assert outcome(chapter(number=None)).ran == 0


def test_a_warning_is_another_text():
    warning = v4.new_output("stream", name="stderr", text="DeprecationWarning\n")
    ran = outcome(chapter(line("a-1: correct. So it is.\n"), warning))
    assert ran.faults[0].endswith("'nothing' became 'stderr: DeprecationWarning'.")


def test_a_picture_counts_by_being_there():
    drawn, anew = (v4.new_output("display_data", data={"image/png": data}) for data in ("iVBO", "R0lG"))
    assert outcome(chapter(anew), chapter(drawn)).green
    assert not outcome(chapter(), chapter(drawn)).green


def test_a_dead_interactive_is_not_green():
    assert not outcome(chapter(line("a-1: correct. So it is.\n")), alive=0).green


@pytest.mark.parametrize(("faults", "state"), [((), "green"), (("Something.",), "RED")])
def test_the_table_names_place_and_state(faults, state):
    row = table({"Binder": [Outcome("a", 3, 3, 1, 1, 2, 2, 4.25, faults)]}).splitlines()[2]
    assert [part.strip() for part in row.strip("|").split("|")] == [
        "Binder", "a", "3 / 3", "1 / 1", "2 / 2", "4.2", state,
    ]  # fmt: skip


def test_exercises_that_nothing_has_rendered_are_told(running):
    page = running.new_page()
    cell = "<div class='jp-MarkdownCell'><div class='jp-RenderedHTMLCommon'>{}</div></div>"
    page.set_content(cell.format("<pre><code>:label: ex-a-1\nHow many?</code></pre>") + cell.format("<code>a</code>"))
    assert directives_left(page) == ["1 exercises stand as raw text; jupyterlab-myst is not there."]
    page.set_content(cell.format("<aside><p>How many?</p></aside>"))
    assert directives_left(page) == []
    page.close()


def test_places_that_cannot_be_had_are_told_and_the_others_run(capsys):
    def gone(_folder, _say):
        raise CasebookError("No such machine; build one.")

    def there(folder, say):
        assert folder.is_dir()
        say("there: 3 MB.")
        return [Outcome("a", 1, 1, 1, 1, 1, 1, 0.5)]

    def hangs(_folder, _say):
        raise PlaywrightTimeoutError("Timeout 180000ms exceeded.\nCall log")

    tried = try_all(["gone", "hangs", "there"], {"gone": gone, "hangs": hangs, "there": there})
    assert not tried.green
    assert tried.report().splitlines()[-3:] == [
        "- there: 3 MB.", "- gone: No such machine; build one.", "- hangs: Timeout 180000ms exceeded.",
    ]  # fmt: skip
    assert try_all(["there"], {"there": there}).green


def test_places_run_side_by_side_unless_seconds_count(monkeypatch):
    meeting = Barrier(2)

    def meets(_folder, _say):
        meeting.wait(timeout=60)
        return [Outcome("a", 1, 1, 1, 1, 1, 1, 0.5)]

    assert try_all(["here", "there"], {"here": meets, "there": meets}, at_once=2).green
    asked = []
    monkeypatch.setattr(command, "try_all", lambda _names, at_once: asked.append(at_once) or command.Tried())
    monkeypatch.setattr(command, "record", lambda _outcomes: None)
    monkeypatch.setattr(command, "write_atomic", lambda *_: None)
    assert (main(["desktop"]), main(["desktop", "--record"])) == (0, 0)
    assert asked == [2, 1]


def test_a_place_that_is_not_green_keeps_its_old_figures(tmp_path):
    path = tmp_path / "measured.json"
    path.write_text('{"colab": {"date": "2026-01-01"}}', encoding="utf-8")
    good = Outcome("a", 1, 1, 1, 1, 0, 0, 12.34)
    record({"binder": [good], "colab": [good, Outcome("b", 0, 1, 0, 0, 0, 0, 1.0)], "desktop": [good]}, path)
    measured = json.loads(path.read_text(encoding="utf-8"))
    assert measured["binder"]["seconds"] == {"a": 12.3}
    assert measured["colab"] == {"date": "2026-01-01"}
    assert set(measured) == {"binder", "colab"}


def test_an_unknown_place_is_named(capsys):
    assert main(["moon"]) == 1
    assert "'moon' is no place; choose from desktop, newest, binder, colab, browser" in capsys.readouterr().err


def test_an_environment_is_made_once_and_again_when_its_recipe_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(environments, "KEPT", tmp_path)
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    asked = []

    def uv(*command, **_):
        asked.append(command[0])
        (tmp_path / "a").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(environments, "_uv", uv)
    wanted = tmp_path / "wanted.txt"
    for text in ("pandas", "pandas", "numpy"):
        wanted.write_text(text, encoding="utf-8")
        environments.environment("a", "python", ["--requirement", wanted])
    assert asked == ["venv", "pip", "venv", "pip"]


def test_an_environment_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(environments, "KEPT", tmp_path)
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(
        environments, "_uv", lambda *_, **__: subprocess.CompletedProcess([], 1, "", "no such\n package")
    )
    with pytest.raises(CasebookError, match="The environment 'a' was not made: no such package; look at"):
        environments.environment("a", "python", ["nothing"])


def test_what_is_newest_differs_from_the_lock_by_name():
    assert environments.versions(Path(sys.executable))["pandas"] == pd.__version__
