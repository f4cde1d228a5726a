"""The copies for Colab and the links for a JupyterHub say where the book is, or refuse when nobody has said so."""

from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest

from casebook.errors import CasebookError
from tools import colab, hub
from tools.files import chapters
from tools.notebooks import read
from tools.published import Published

PLACES = Published("someone/casebook", "main", "")
NOWHERE = Published("", "main", "")


def test_a_copy_begins_with_a_cell_that_fetches_the_book():
    chapter = read(chapters()[0])
    first, *others = colab.for_colab(chapter, PLACES).cells
    assert others == chapter.cells
    assert "git clone --quiet --depth 1 --branch main https://github.com/someone/casebook.git" in first.source
    assert "%pip install --quiet ipywidgets==8" in first.source


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
