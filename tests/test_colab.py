"""The copies for Colab and the links for a JupyterHub say where the book is, or refuse when nobody has said so."""

from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from nbformat import NotebookNode, v4

from casebook.errors import CasebookError
from tools import colab, hub
from tools.execute import execute
from tools.files import chapters
from tools.notebooks import read
from tools.places.colab import repository, stand_in
from tools.published import Published

PLACES = Published("someone/casebook", "main", "")
NOWHERE = Published("", "main", "")


def test_a_copy_begins_with_a_cell_that_fetches_the_book():
    chapter = read(chapters()[0])
    first, *others = colab.for_colab(chapter, PLACES).cells
    assert others == chapter.cells
    assert "git clone --quiet --depth 1 --branch main https://github.com/someone/casebook.git" in first.source
    assert "%pip install --quiet ipywidgets==8" in first.source


PROBE = "import os\nimport casebook.data as data\nprint(os.path.realpath(data.__file__), len(data.load('claims')) > 0)"


def run_copy(folder, clone, monkeypatch):
    """Run the first cell and one more where nothing of the book is, and return what the second shows."""
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    start = folder / "content"
    stand_in(start)
    chapter = NotebookNode(read(chapters()[0]) | {"cells": [v4.new_code_cell(PROBE, id="probe")]})
    copy = colab.for_colab(chapter, PLACES, clone, start)
    execute(copy, chapters()[0], start)
    return copy.cells[1].outputs[0].text


def test_the_first_cell_brings_package_and_tables(tmp_path, monkeypatch):
    clone = repository(tmp_path / "repository")
    package = tmp_path / "content" / "casebook-january-2022" / "book" / "casebook" / "data.py"
    for _ in range(2):  # the second time, the book is there already
        assert run_copy(tmp_path, clone, monkeypatch) == f"{package.resolve()} True\n"


def test_the_first_cell_fails_where_the_book_cannot_be_fetched(tmp_path, monkeypatch):
    with pytest.raises(CasebookError, match="cell 'colab' raised FileNotFoundError: .*casebook-january-2022/book"):
        run_copy(tmp_path, (tmp_path / "nowhere").as_uri(), monkeypatch)


def test_copies_are_written_as_students_get_them(tmp_path, monkeypatch):
    monkeypatch.setattr(colab, "TARGET", tmp_path)
    monkeypatch.setattr(colab, "published", lambda: PLACES)
    assert colab.main() == 0
    for chapter in chapters():
        copy = nbformat.read(tmp_path / chapter.name, as_version=4)
        nbformat.validate(copy)
        assert copy.cells[0].id == "colab"
        assert not any("solution" in cell.metadata.get("tags", []) for cell in copy.cells)


def test_without_a_repository_no_copy_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(colab, "TARGET", tmp_path)
    monkeypatch.setattr(colab, "published", lambda: NOWHERE)
    assert colab.main() == 1
    assert "site/published.toml names no repository; set it to owner/name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_hub_gets_one_link_a_chapter(monkeypatch, capsys):
    monkeypatch.setattr(hub, "published", lambda: PLACES)
    assert hub.main(["https://hub.example.edu/"]) == 0
    links = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert len(links) == len(chapters())
    asked = urlsplit(links[0])
    assert f"{asked.scheme}://{asked.netloc}{asked.path}" == "https://hub.example.edu/hub/user-redirect/git-pull"
    assert parse_qs(asked.query) == {
        "repo": ["https://github.com/someone/casebook.git"],
        "branch": ["main"],
        "urlpath": ["lab/tree/casebook/book/timeline.ipynb"],
    }


@pytest.mark.parametrize(
    ("arguments", "places", "sentence"),
    [
        ([], PLACES, "Name the hub: make hub HUB=https://hub.example.edu"),
        (["hub.example.edu"], PLACES, "'hub.example.edu' is no address of a hub"),
        (["https://hub.example.edu"], NOWHERE, "site/published.toml names no repository"),
    ],
)
def test_a_link_that_cannot_be_made_is_refused(monkeypatch, capsys, arguments, places, sentence):
    monkeypatch.setattr(hub, "published", lambda: places)
    assert hub.main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_only_a_published_book_can_be_cloned():
    with pytest.raises(CasebookError, match="names no repository"):
        colab.for_colab(read(chapters()[0]), NOWHERE)
