"""repo2docker itself, on this repository and on planted ones."""

import shutil

import pytest

from casebook.errors import CasebookError
from tools.places import binder


@pytest.fixture
def planted(tmp_path):
    """Return a repository that holds a copy of binder/ and nothing else."""
    shutil.copytree(binder.BINDER, tmp_path / "binder")
    return tmp_path


def test_repo2docker_names_the_python_and_the_pip_line():
    binder.refuse_other_plan(binder.dry_run(), binder.python_version())


def test_without_its_runtime_repo2docker_takes_another_python(planted):
    (planted / "binder" / "runtime.txt").unlink()
    with pytest.raises(CasebookError, match="does not say 'Building conda environment for python=3.12'"):
        binder.refuse_other_plan(binder.dry_run(planted), "3.12")


def test_without_requirements_repo2docker_installs_nothing(planted):
    (planted / "binder" / "requirements.txt").unlink()
    with pytest.raises(CasebookError, match="does not say 'pip install"):
        binder.refuse_other_plan(binder.dry_run(planted), "3.12")


def test_a_python_that_binder_does_not_have_is_refused(planted):
    (planted / "binder" / "runtime.txt").write_text("python-3.99", encoding="utf-8")
    with pytest.raises(CasebookError, match="repo2docker refuses binder/"):
        binder.dry_run(planted)


def test_the_lock_of_binder_names_jupyterlab():
    assert binder.frozen("3.12")["jupyterlab"].startswith("4.")
