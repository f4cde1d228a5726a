"""Executing chapters into one normal form, and saying what is wrong, out of date or out of form."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from sample_chapter import PROSE, cell, code, write_sample

from casebook.errors import CasebookError
from tests.planted import copy_of_data, plant
from tools import check, execute, refresh
from tools.files import ROOT
from tools.normal_form import normalised
from tools.notebooks import read
from tools.widget_models import STATE, VIEW, models, models_in_order

LIVE = """\
@ipywidgets.interact(x=3)
def show(x):
    print("x is", x)"""
FRAMES = """\
stack = ipywidgets.Stack([ipywidgets.HTML(f"<b>{day}</b>") for day in range(3)], selected_index=0)
play = ipywidgets.Play(max=2)
link = ipywidgets.jslink((play, "value"), (stack, "selected_index"))
never_shown = ipywidgets.IntText(), ipywidgets.jslink((ipywidgets.Text(), "value"), (ipywidgets.Text(), "value"))
ipywidgets.VBox([play, stack])"""
STREAMS = """\
import sys, warnings
warnings.warn("mind the gap")
print("one")
print("error", file=sys.stderr)
print("two")"""


def lively(notebook: NotebookNode) -> None:
    """Add what makes notebooks differ from run to run: interact, linked widgets, streams, a picture, metadata."""
    notebook.cells[-1:-1] = [
        code("live", LIVE, "interactive"),
        code("frames", FRAMES, "interactive"),
        code("streams", STREAMS),
        code("picture", "ipywidgets.Image(value=b'abc')", "interactive"),
    ]
    cell(notebook, "streams").metadata.update(collapsed=False, execution={"iopub.status.busy": "2026-01-01"}, tags=[])
    notebook.metadata.update(celltoolbar="Tags", language_info={"name": "python", "version": "3.11.7"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a lively chapter as `refresh` stores it, refreshed once and never changed."""
    folder = tmp_path_factory.mktemp("refreshed")
    path = write_sample(folder, lively)
    path.write_bytes(refreshed(folder))
    return folder


@pytest.fixture
def sample(folder: Path, tmp_path: Path) -> Path:
    """Return a copy of that chapter to plant a fault in."""
    path = write_sample(tmp_path)
    path.write_bytes((folder / "book" / "sample.ipynb").read_bytes())
    return path


def refreshed(folder: Path) -> bytes:
    """Return the sample chapter of a folder as `refresh` would store it."""
    return refresh.refreshed(
        folder / "book" / "sample.ipynb", book=folder / "book", data=folder / "data", exercises=folder / "exercises"
    )


def stale(path: Path) -> list[str]:
    """Say how one chapter differs from what `refresh` would store, by the data and exercises of its folder."""
    folder = path.parents[1]
    return list(check.staleness(path, folder / "book", folder / "data", folder / "exercises"))


def edit(path: Path, change: Callable[[dict], object]) -> None:
    """Change the stored JSON of a notebook, keeping its form."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    change(stored)
    path.write_text(json.dumps(stored, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def stored_cell(stored: dict, cell_id: str) -> dict:
    """Return a cell of stored JSON by its id."""
    return next(c for c in stored["cells"] if c["id"] == cell_id)


# --- Normal form ------------------------------------------------------------------------------------------------------


def test_second_run_gives_no_difference(folder: Path) -> None:
    assert refreshed(folder) == (folder / "book" / "sample.ipynb").read_bytes()


def test_refreshed_chapter_passes_the_check(folder: Path) -> None:
    assert stale(folder / "book" / "sample.ipynb") == []


def test_metadata_is_minimal(folder: Path) -> None:
    notebook = read(folder / "book" / "sample.ipynb")
    assert sorted(notebook.metadata) == ["casebook", "chapter", "kernelspec", "language_info", "widgets"]
    assert "version" not in notebook.metadata.language_info
    assert notebook.metadata.kernelspec == {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert cell(notebook, "streams").metadata == {}


def test_execution_counts_run_from_one(folder: Path) -> None:
    cells = [c for c in read(folder / "book" / "sample.ipynb").cells if c.cell_type == "code"]
    assert [c.execution_count for c in cells] == list(range(1, len(cells) + 1))
    assert cell(read(folder / "book" / "sample.ipynb"), "step-one").outputs[0].execution_count == 5


def test_streams_are_merged_and_hold_no_path(folder: Path) -> None:
    out, err = cell(read(folder / "book" / "sample.ipynb"), "streams").outputs
    assert (out.name, out.text) == ("stdout", "one\ntwo\n")
    assert err.text == '<cell>:2: UserWarning: mind the gap\n  warnings.warn("mind the gap")\nerror\n'


def test_widgets_are_numbered_and_complete(folder: Path) -> None:
    text = (folder / "book" / "sample.ipynb").read_text(encoding="utf-8")
    stored = models(nbformat.reads(text, as_version=4))
    assert list(stored) == [f"widget-{number:04d}" for number in range(1, len(stored) + 1)]
    kinds = [model["model_name"] for model in stored.values()]
    assert kinds[0] == "IntSliderModel"
    assert kinds[-1] == "LinkModel"
    assert kinds.count("LinkModel") == 1
    assert "IntTextModel" not in kinds
    assert "TextModel" not in kinds
    assert next(iter(models_of_kind(stored, "ImageModel")))["buffers"][0]["data"] == "YWJj"


def models_of_kind(stored: dict, kind: str) -> list[dict]:
    """List the models of one kind."""
    return [model for model in stored.values() if model["model_name"] == kind]


def test_interact_stores_what_it_printed(folder: Path) -> None:
    (output,) = models_of_kind(models(read(folder / "book" / "sample.ipynb")), "OutputModel")
    assert output["state"]["outputs"][0]["text"] == "x is 3\n"
    assert output["state"]["msg_id"] == ""


def test_link_brings_a_hidden_model_along() -> None:
    def model(name: str, **state: object) -> dict:
        return {"model_name": name, "state": state}

    view = {"output_type": "display_data", "data": {VIEW: {"model_id": "shown"}}, "metadata": {}}
    stored = {
        "b": model("LinkModel", source=["IPY_MODEL_hidden", "value"], target=["IPY_MODEL_shown", "value"]),
        "a": model("LinkModel", source=["IPY_MODEL_other", "value"], target=["IPY_MODEL_hidden", "value"]),
        **{name: model("IntTextModel", value=0) for name in ("alone", "hidden", "other", "shown")},
    }
    notebook = nbformat.v4.new_notebook(metadata={"widgets": {STATE: {"state": stored}}})
    notebook.cells = [code("slide", "1", outputs=[nbformat.from_dict(view)])]
    assert models_in_order(notebook) == ["shown", "b", "hidden", "a", "other"]


def test_empty_attachments_are_noise(sample: Path) -> None:
    notebook = read(sample)
    notebook.cells[0].attachments = {}
    assert "attachments" not in normalised(notebook).cells[0]


# --- Failures while executing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("1 / 0", r"^sample\.ipynb, cell 'look-one' raised ZeroDivisionError: division by zero; correct the code"),
        ("raise ValueError('a\\nb')", r"raised ValueError: a; correct the code, then run 'make refresh'\.$"),
        ("import os; os._exit(1)", r"^sample\.ipynb, cell 'look-one' ended the kernel; correct the code\.$"),
        (
            "@ipywidgets.interact(x=3)\ndef show(x):\n    raise ValueError(f'no {x}')",
            r"^sample\.ipynb, cell 'look-one' shows ValueError: no 3; correct the code",
        ),
    ],
    ids=["exception", "long message", "kernel ends", "callback"],
)
def test_failure_is_one_sentence(tmp_path: Path, source: str, sentence: str) -> None:
    write_sample(tmp_path, only(source, "title", "setup"))
    with pytest.raises(CasebookError, match=sentence):
        refreshed(tmp_path)


def test_a_slow_cell_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "SECONDS_PER_CELL", 2)
    write_sample(tmp_path, only("import time; time.sleep(9)", "title"))  # no set-up: its imports may be slow as well
    with pytest.raises(CasebookError, match=r"^sample\.ipynb, cell 'look-one' took longer than 2 seconds; make it fas"):
        refreshed(tmp_path)


def only(source: str, *others: str) -> Callable[[NotebookNode], None]:
    """Return a change that leaves one cell with this source, and the other cells that are named."""

    def change(notebook: NotebookNode) -> None:
        cell(notebook, "look-one").update(source=source)
        notebook.cells = [c for c in notebook.cells if c.id in {*others, "look-one"}]
        cell(notebook, "look-one").metadata.tags = ["raises-exception"]

    return change


def test_person_s_startup_files_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("total = 99", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))

    def plant(notebook: NotebookNode) -> None:
        notebook.cells = [notebook.cells[0], code("look-one", "'total' in globals()")]

    write_sample(tmp_path, plant)
    notebook = nbformat.reads(refreshed(tmp_path).decode("utf-8"), as_version=4)
    assert cell(notebook, "look-one").outputs[0].data["text/plain"] == "False"


def test_chapters_run_side_by_side_and_a_failed_one_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = write_sample(tmp_path)
    bad = good.with_name("bad.ipynb")
    notebook = nbformat.read(good, as_version=4)
    notebook.metadata.chapter.slug = "bad"
    cell(notebook, "look-one").source = "1 / 0"
    nbformat.write(notebook, bad)
    before = bad.read_bytes()
    folders = (tmp_path / "book", tmp_path / "data", tmp_path / "exercises")
    (problem,) = refresh.refresh([good, bad], *folders)
    assert problem.startswith("bad.ipynb, cell 'look-one' raised ZeroDivisionError: division by zero;")
    assert bad.read_bytes() == before
    assert stale(good) == []
    said = capsys.readouterr().out
    assert "bad: failed" in said
    assert "s, rewritten" in said
    assert refresh.refresh([good], *folders) == []
    assert "s, unchanged" in capsys.readouterr().out


# --- Check ------------------------------------------------------------------------------------------------------------


def strip(stored: dict) -> None:
    """Plant a notebook without outputs."""
    for each in stored["cells"]:
        if each["cell_type"] == "code":
            each.update(outputs=[], execution_count=None)


def test_stripped_chapter_is_told(sample: Path) -> None:
    edit(sample, strip)
    expected = "sample.ipynb, cell 'setup' was not executed: nbval would compare nothing; run 'make refresh'."
    assert stale(sample) == [expected]


def test_outputs_without_counts_are_told(sample: Path) -> None:
    edit(sample, lambda stored: stored_cell(stored, "plot").update(execution_count=None))
    assert stale(sample) == [
        "sample.ipynb, cell 'plot' was not executed: nbval would compare nothing; run 'make refresh'."
    ]


def test_disorder_is_told(sample: Path) -> None:
    edit(sample, lambda stored: stored_cell(stored, "plot").update(execution_count=9))
    assert stale(sample) == ["sample.ipynb, cell 'plot' was executed out of order; run 'make refresh'."]


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored["cells"][0]["source"].append("A word by hand."),
        lambda stored: stored_cell(stored, "look-one").update(outputs=[]),
        lambda stored: stored_cell(stored, "look-one")["outputs"][0].update(text=["2\n"]),
        lambda stored: stored_cell(stored, "look-one").update(source=["print(total + 0)"]),
        lambda stored: stored["metadata"]["widgets"][STATE]["state"]["widget-0001"]["state"].update(value=4),
        lambda stored: stored["metadata"].pop("casebook"),
    ],
    ids=["prose", "output gone", "output changed", "code", "widget", "stamp gone"],
)
def test_edit_by_hand_is_told(sample: Path, change: Callable[[dict], object]) -> None:
    edit(sample, change)
    assert "sample.ipynb: cells or outputs changed since it was executed; run 'make refresh'." in stale(sample)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.rstrip("\n"),
        lambda text: json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n",
        lambda text: json.dumps(json.loads(text), indent=1, ensure_ascii=True) + "\n",
        lambda text: text.replace('"display_name": "Python 3"', '"display_name": "Python 3 (mine)"'),
        lambda text: text.replace('"metadata": {\n  "casebook"', '"metadata": {\n  "a": 1,\n  "casebook"'),
    ],
    ids=["no newline", "indent", "escapes", "kernel name", "metadata"],
)
def test_other_form_is_told(sample: Path, change: Callable[[str], str]) -> None:
    before = sample.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    sample.write_text(after, encoding="utf-8")
    assert stale(sample) == ["sample.ipynb is not in normal form; run 'make refresh'."]


def test_changed_table_is_told(sample: Path) -> None:
    (sample.parents[1] / "data" / "events.csv").write_text("event_id,day\nE001,2\n", encoding="utf-8")
    expected = "sample.ipynb: data/events.csv is not what the chapter was executed with; run 'make refresh'."
    assert stale(sample) == [expected]


@pytest.mark.parametrize("file", ["book/casebook/figures.py", "book/casebook/weigh.js", "data/basemap.geojson"])
def test_changed_code_is_told(sample: Path, file: str) -> None:
    (sample.parents[1] / file).write_text("changed", encoding="utf-8")
    expected = "sample.ipynb: book/casebook/ or data/basemap.geojson changed since it was executed; run 'make refresh'."
    assert stale(sample) == [expected]


def test_changed_keys_leave_a_chapter_as_it_is(sample: Path) -> None:
    (sample.parent / "casebook" / "keys.json").write_text("{}", encoding="utf-8")
    assert stale(sample) == []


def test_table_that_the_chapter_no_longer_names_is_told(sample: Path) -> None:
    edit(sample, lambda stored: stored["metadata"]["chapter"].update(tables=[]))
    assert "sample.ipynb: data/events.csv is not what the chapter was executed with; run 'make refresh'." in stale(
        sample
    )


def test_unknown_table_is_told(sample: Path) -> None:
    edit(sample, lambda stored: stored["metadata"]["chapter"].update(tables=["evnts"]))
    expected = "sample.ipynb: metadata 'chapter' names the table 'evnts', which data/ lacks; correct the name."
    with pytest.raises(CasebookError, match=expected):
        stale(sample)


def test_stale_generated_cells_are_told(sample: Path) -> None:
    edit(sample, lambda stored: stored["metadata"]["chapter"]["objectives"].update(weigh="Weigh three sources."))
    assert stale(sample) == [
        "sample.ipynb, cell 'chapter-box' does not say what metadata and exercises say; run 'make refresh'.",
        "sample.ipynb, cell 'self-check' does not say what metadata and exercises say; run 'make refresh'.",
    ]


def test_missing_generated_cell_is_told(sample: Path) -> None:
    edit(sample, lambda stored: stored["cells"].pop(1))
    expected = "sample.ipynb, cell 'chapter-box' does not say what metadata and exercises say; run 'make refresh'."
    assert expected in stale(sample)


def test_stored_error_is_told(sample: Path) -> None:
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
    edit(sample, lambda stored: stored_cell(stored, "look-one").update(outputs=[error]))
    expected = "sample.ipynb, cell 'look-one' shows ValueError: no; correct the code, then run 'make refresh'."
    with pytest.raises(CasebookError, match=expected):
        stale(sample)


def test_check_writes_nothing(sample: Path) -> None:
    edit(sample, strip)
    folder = sample.parents[1]
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    stale(sample)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


# --- Everything together ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a good chapter beside the book's own tables, refreshed once and never changed."""
    folder = tmp_path_factory.mktemp("checked")
    copy_of_data(folder)
    path = write_sample(folder, table=False)
    path.write_bytes(refreshed(folder))
    return folder


@pytest.fixture
def project(checked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the command work on a copy of that folder, with one derived file that is up to date."""
    folder = tmp_path / "project"
    shutil.copytree(checked, folder)
    derived = folder / "book" / "evidence.md"
    derived.write_bytes(b"# Evidence\n")
    monkeypatch.setattr(check, "DERIVED", [lambda: {derived: b"# Evidence\n"}])
    monkeypatch.setattr(refresh, "notebooks_in_toc", lambda: [folder / "book" / "sample.ipynb"])
    for name in ("book", "data", "exercises"):
        monkeypatch.setattr(refresh, name.upper(), folder / name)
    return folder


def test_command_is_content_with_a_good_project(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.exists()
    assert refresh.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_command_tells_every_problem_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "book" / "sample.ipynb"
    (project / "book" / "evidence.md").write_bytes(b"by hand")
    plant(project / "data", "claims", "C031", as_of_date="soon", value_low="9", value_high="8")
    edit(path, lambda stored: stored["cells"][0].update(source=["# A sample\n", "\n", PROSE + "There were 238."]))
    edit(path, lambda stored: stored_cell(stored, "step-one")["metadata"].update(tags=["fancy"]))
    assert refresh.main(["--check"]) == 1
    expected = [
        "evidence.md is out of date; run 'make refresh'.",
        "data/claims.csv, row 32, column as_of_date: ",
        "data/claims.csv, row C031: value_low is above value_high; ",
        "sample.ipynb: cells or outputs changed since it was executed; run 'make refresh'.",
        "sample.ipynb, cell 'step-one': the tag 'fancy' is not one of ",
        "sample.ipynb, cell 'title': the number '238' is bare; ",
    ]
    for sentence, start in zip(capsys.readouterr().err.splitlines(), expected, strict=True):
        assert sentence.startswith(start)
    assert (project / "book" / "evidence.md").read_bytes() == b"by hand"


def test_command_mends_both(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / "book" / "sample.ipynb").read_bytes()
    (project / "book" / "evidence.md").unlink()
    edit(project / "book" / "sample.ipynb", strip)
    assert refresh.main([]) == 0
    assert (project / "book" / "evidence.md").read_bytes() == b"# Evidence\n"
    assert (project / "book" / "sample.ipynb").read_bytes() == before
    assert "evidence.md: rewritten" in capsys.readouterr().out


def test_one_broken_chapter_does_not_hide_another(project: Path) -> None:
    sample, broken = project / "book" / "sample.ipynb", project / "book" / "broken.ipynb"
    edit(sample, lambda stored: stored["metadata"]["chapter"].update(tables=["evnts"]))
    broken.write_text("{", encoding="utf-8")
    told = check.problems([broken, sample], project / "book", project / "data", project / "exercises")
    assert [problem.partition(" ")[0] for problem in told] == [
        "broken.ipynb",
        *["sample.ipynb:"],
        *["sample.ipynb,"] * 2,
    ]


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_command_tells_what_stops_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    def fail() -> list[Path]:
        raise CasebookError("_toc.yml names the page 'x', but book/ has no such file; add it.")

    monkeypatch.setattr(refresh, "notebooks_in_toc", fail)
    assert refresh.main(arguments) == 1
    assert capsys.readouterr().err == "_toc.yml names the page 'x', but book/ has no such file; add it.\n"


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_command_refuses_a_book_without_chapters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.setattr(refresh, "notebooks_in_toc", list)
    assert refresh.main(arguments) == 1
    assert capsys.readouterr().err == "_toc.yml names no chapter, so there is nothing to check; add one.\n"


def test_workers_do_not_import_what_only_the_check_needs() -> None:
    code = "import sys, tools.refresh; sys.exit(str({'frictionless', 'tools.check'} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.stderr.strip() == "set()"
