"""Reading chapters, and their generated cells."""

import json
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output
from sample_chapter import CHAPTER, cell, sample, write_sample

from casebook.errors import CasebookError
from tools.generated_cells import generated_cells, write_generated_cells
from tools.notebooks import chapter_of, read, refuse_stored_errors
from tools.widget_models import models


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CasebookError, match=r"^none\.ipynb does not exist; restore it"):
        read(tmp_path / "none.ipynb")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<html>", r"^a\.ipynb is not JSON \(Expecting value.*\); restore it from git\.$"),
        ("[]", r"^a\.ipynb is not a notebook of format 4\.5"),
        ('{"nbformat": 4, "nbformat_minor": 4, "cells": []}', r"^a\.ipynb is not a notebook of format 4\.5"),
        ('{"nbformat": 4, "nbformat_minor": 5}', r"^a\.ipynb has no list of cells, .*; restore it from git\.$"),
        ('{"nbformat": 4, "nbformat_minor": 5, "cells": ["x"]}', r"^a\.ipynb has no list of cells, .* among them; "),
        ('{"nbformat": 4, "nbformat_minor": 5, "cells": []}', r"^a\.ipynb has no cells; write some, or restore"),
    ],
)
def test_what_is_not_a_notebook_is_told(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CasebookError, match=sentence):
        read(path)


def test_invalid_notebook_is_told(tmp_path: Path) -> None:
    path = write_sample(tmp_path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["cells"][0]["cell_type"] = "prose"
    path.write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(
        CasebookError, match=r"^sample\.ipynb is not a valid notebook \(.*prose.*\); correct it there\.$"
    ):
        read(path)


@pytest.mark.parametrize(
    "cell_id", ["chapter-box", None, 7, "Slide_1", "f3a91c07", "0b4f9c11-12ab-4c3d-9e8f-0123456789ab"]
)
def test_id_that_is_no_word_of_its_own_is_told(tmp_path: Path, cell_id: object) -> None:
    path = write_sample(tmp_path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["cells"][1]["id"] = cell_id
    stored["cells"][3]["id"] = cell_id
    path.write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(
        CasebookError, match=rf"^sample\.ipynb: cell 2 has the id '{cell_id}'; give it one of its own, "
    ):
        read(path)


def test_chapter_is_read(tmp_path: Path) -> None:
    path = write_sample(tmp_path)
    chapter = chapter_of(read(path), path)
    assert (chapter.title, chapter.read, chapter.do, chapter.tables) == ("A sample", 20, 40, ["events"])
    assert chapter.objectives == CHAPTER["objectives"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"question": None}, r"^sample\.ipynb: metadata 'chapter' needs 'question' as a str; add it\.$"),
        ({"objectives": ["a"]}, r"needs 'objectives' as a dict"),
        ({"minutes": {"read": 3}}, r"needs minutes\['do'\] as a whole number"),
        ({"slug": "other"}, r"has the slug 'other'; make it 'sample'\.$"),
    ],
)
def test_wrong_metadata_is_told(tmp_path: Path, change: dict, sentence: str) -> None:
    path = write_sample(tmp_path, lambda notebook: notebook.metadata.chapter.update(change))
    with pytest.raises(CasebookError, match=sentence):
        chapter_of(read(path), path)


def test_stored_error_of_a_cell_is_refused(tmp_path: Path) -> None:
    error = new_output("error", ename="ValueError", evalue="no\nmore", traceback=[])
    path = write_sample(tmp_path, lambda notebook: cell(notebook, "look-one").update(outputs=[error]))
    with pytest.raises(CasebookError, match=r"^sample\.ipynb, cell 'look-one' shows ValueError: no; correct the code"):
        refuse_stored_errors(path)


def test_stored_error_of_a_widget_is_refused(tmp_path: Path) -> None:
    def plant(notebook: NotebookNode) -> None:
        stored = models(notebook)
        output = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
        stored["m2"] = {"model_name": "OutputModel", "state": {"outputs": [output]}}
        stored["m1"]["state"]["children"] = ["IPY_MODEL_m2"]

    refuse_stored_errors(write_sample(tmp_path))
    with pytest.raises(CasebookError, match=r"^sample\.ipynb, cell 'slide' shows ValueError: no; correct the code"):
        refuse_stored_errors(write_sample(tmp_path, plant))


# --- Generated cells --------------------------------------------------------------------------------------------------


def test_chapter_box_says_what_the_metadata_says(tmp_path: Path) -> None:
    notebook = read(write_sample(tmp_path))
    assert notebook.cells[1].source == "\n".join(
        [
            ":::{admonition} In this chapter",
            "",
            "*What does a sample show?*",
            "",
            "By the end you can:",
            "",
            "- Count events by day.",
            "- Weigh two sources.",
            "- Argue both sides.",
            "",
            "**Time:** 20 minutes to read, 40 minutes to do.",
            "",
            "**Needs:** no other chapter.",
            "",
            "**Data:** [events](codebook.md#events).",
            "",
            "**Key terms:** Stability.",
            "",
            ":::",
        ]
    )


def test_chapter_box_links_the_chapters_it_needs(tmp_path: Path) -> None:
    write_sample(tmp_path)
    later = tmp_path / "book" / "later.ipynb"
    notebook = sample()
    notebook.metadata.chapter.update(slug="later", needs=["sample"])
    texts = generated_cells(notebook, later, tmp_path / "exercises")
    assert "**Needs:** [A sample](sample.ipynb)." in texts["chapter-box"]


def test_chapter_that_is_needed_and_missing_is_told(tmp_path: Path) -> None:
    path = write_sample(tmp_path)
    notebook = read(path)
    notebook.metadata.chapter["needs"] = ["smaple"]
    expected = r"^sample\.ipynb: metadata 'chapter' needs the chapter 'smaple', which book/ lacks; correct 'needs'\.$"
    with pytest.raises(CasebookError, match=expected):
        generated_cells(notebook, path, tmp_path / "exercises")


def test_self_check_links_the_exercises_of_each_objective(tmp_path: Path) -> None:
    path = write_sample(tmp_path)
    notebook = read(path)
    assert [c.id for c in notebook.cells[-2:]] == ["self-check", "sources"]
    *_, first, second, third, blank, code = cell(notebook, "self-check").source.splitlines()
    assert [first, second, third, blank] == [
        "- Count events by day. *Try:* [Count the days](#sample-1).",
        "- Weigh two sources. *Try:* [Weigh the sources](#sample-2).",
        "- Argue both sides. *Try:* [Argue the other side](#sample-3).",
        "",
    ]
    assert '`completion("sample", student="your name")`' in code


def test_generated_cells_keep_their_place(tmp_path: Path) -> None:
    path = write_sample(tmp_path, lambda notebook: notebook.cells.reverse())
    notebook = read(path)
    write_generated_cells(notebook, path, tmp_path / "exercises")
    assert [c.id for c in notebook.cells[:3]] == ["sources", "chapter-box", "self-check"]
    notebook.cells = [c for c in notebook.cells if c.id not in {"self-check", "sources"}]
    write_generated_cells(notebook, path, tmp_path / "exercises")
    assert notebook.cells[-1].id == "self-check"
