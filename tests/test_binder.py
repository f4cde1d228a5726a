"""What a Binder session gets: what the chapters import, at the book's versions, and nothing else."""

import pytest

from casebook.errors import CasebookError
from tools.files import ROOT
from tools.places import binder
from tools.places.imports import imported, problems, required, sources


def pins(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.partition("#")[0].strip() for line in lines if "==" in line and line[0] != "#"}


def test_binder_has_what_the_chapters_import_and_nothing_else():
    assert problems(required(binder.REQUIREMENTS), imported(sources())) == []


def test_binder_has_the_versions_of_the_book():
    assert pins(binder.REQUIREMENTS) - pins(ROOT / "requirements.txt") == set()


def test_a_missing_package_and_an_idle_one_are_named():
    listed = [name for name in required(binder.REQUIREMENTS) if name != "matplotlib"] + ["pybtex"]
    assert problems(listed, {"matplotlib", "pandas", "nltk", "ipywidgets", "anywidget"}) == [
        "The chapters import matplotlib, and no requirement brings it; add its package.",
        "Nothing imports pybtex; take it out.",
    ]


def test_imports_are_found_wherever_they_stand():
    code = "import json\nfrom casebook import load\ndef later():\n    import numpy.linalg\nfrom pandas import Series\n"
    assert imported([code]) == {"numpy", "pandas"}


def test_binder_is_asked_for_a_python_that_the_book_runs_on():
    assert binder.python_version() == "3.12"


@pytest.mark.parametrize("text", [None, "3.12", "python-2.7", ""])
def test_a_runtime_that_binder_would_pass_over_is_refused(tmp_path, text):
    path = tmp_path / "runtime.txt"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(CasebookError, match="runtime.txt must hold one line such as 'python-3.12'"):
        binder.python_version(path)


def test_another_plan_of_binder_is_refused():
    said = f"Building conda environment for python=3.12\nRUN {binder.PIP_LINE}\n"
    binder.refuse_other_plan(said, "3.12")
    with pytest.raises(CasebookError, match="does not say 'Building conda environment for python=3.12'"):
        binder.refuse_other_plan(said.replace("3.12", "3.10"), "3.12")
    with pytest.raises(CasebookError, match="does not say 'pip install"):
        binder.refuse_other_plan(said.replace("binder/", ""), "3.12")


def test_a_session_that_weighs_too_much_is_refused():
    base, session = {"jupyterlab": 40.0}, {"jupyterlab": 41.0, "pandas": 50.0}
    light, heavy = binder.weight(base, session), binder.weight(base, session | {"torch": 350.0})
    assert str(light) == "Binder: 51 MB over the base of 40 MB (most: pandas 50, jupyterlab 1)."
    binder.refuse_weight(light)
    with pytest.raises(CasebookError, match=r"adds 401 MB to Binder's image and may add 300 \(most: torch 350"):
        binder.refuse_weight(heavy)
