"""The checkout as a whole: style, set-up, and nothing in it that belongs to one machine."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook, new_output

from casebook.errors import CasebookError
from tools import build, chromium, debian
from tools.benchmark import table
from tools.files import ROOT, pages_in_toc, write_atomic

RUFF = Path(sys.executable).with_name("ruff")


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", [("check",), ("format", "--check")], ids=["lint", "format"])
def test_code_and_cells_are_clean(command):
    result = run(RUFF, *command, ".")
    assert result.returncode == 0, result.stdout


def test_a_second_set_up_installs_nothing():
    result = run("make", "--question", "setup")
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_direct_dependency_is_pinned_and_explained():
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    assert len(lines) > 15
    for line in lines:
        assert re.fullmatch(r"[\w.-]+==[\w.]+ +# .{15,}", line), line


def test_the_lock_holds_every_direct_dependency_with_hashes():
    lock = (ROOT / "requirements.lock").read_text()
    for name, version in re.findall(r"(?m)^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text()):
        assert re.search(rf"(?m)^{re.escape(name)}=={re.escape(version)}[ ;\\].*\n? +--hash=sha256:", lock), name


def test_nothing_belongs_to_one_machine():
    tracked = run("git", "ls-files", "--cached", "--others", "--exclude-standard").stdout.splitlines()
    assert "Makefile" in tracked
    links = [line for line in run("git", "ls-files", "--stage").stdout.splitlines() if line.startswith("120000")]
    assert links == []
    machine = re.compile(r"/(?:home|Users|root|work)/|/tmp/[a-z]+[_-]|\bnpmjs\b|\bpypi\.org\b|files\.pythonhosted")
    own = "tests/test_repository.py"
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name in tracked
        if name != own and not name.endswith((".csv", "evidence.md", "bibliography.md"))
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1)
        if machine.search(line)
    ]
    assert found == []


def test_the_citation_names_what_the_readme_names():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert (ROOT / "README.md").read_text(encoding="utf-8").startswith(f"# {citation['title']}")
    assert citation["version"] in (ROOT / "book" / "index.md").read_text(encoding="utf-8")


def test_the_readme_begins_with_the_two_commands():
    first = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[0]
    assert "`make book`" in first
    assert "`make test`" in first


def test_a_page_without_a_file_is_named(tmp_path):
    toc = tmp_path / "_toc.yml"
    toc.write_text("format: jb-book\nroot: nowhere\n", encoding="utf-8")
    with pytest.raises(CasebookError, match="_toc.yml names the page 'nowhere', but book/ has no such file"):
        pages_in_toc(toc)


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.txt"
    write_atomic(path, b"old")
    with pytest.raises(TypeError):
        write_atomic(path, "not bytes")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def stored_error():
    return new_output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=["1/0"])


def test_the_build_refuses_an_error_in_a_stored_output(monkeypatch, tmp_path, capsys):
    broken = tmp_path / "broken.ipynb"
    cell = new_code_cell("1/0", id="bad", execution_count=1, outputs=[stored_error()])
    nbformat.write(new_notebook(cells=[cell]), broken)
    monkeypatch.setattr(build, "notebooks_in_toc", lambda: [broken])
    assert build.main() == 1
    assert "broken.ipynb, cell 'bad'" in capsys.readouterr().err


def test_the_build_refuses_an_error_in_a_stored_callback(monkeypatch, tmp_path):
    broken = tmp_path / "broken.ipynb"
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "m", "version_major": 2, "version_minor": 0}}
    cell = new_code_cell("interact()", id="bad", execution_count=1, outputs=[new_output("display_data", data=view)])
    model = {
        "model_name": "OutputModel",
        "model_module": "@jupyter-widgets/output",
        "state": {"outputs": [stored_error()]},
    }
    state = {"version_major": 2, "version_minor": 0, "state": {"m": model}}
    metadata = {"widgets": {"application/vnd.jupyter.widget-state+json": state}}
    nbformat.write(new_notebook(cells=[cell], metadata=metadata), broken)
    monkeypatch.setattr(build, "notebooks_in_toc", lambda: [broken])
    with pytest.raises(CasebookError, match="broken.ipynb, cell 'bad'"):
        build.build()


def test_the_build_says_when_sphinx_refuses(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "SITE", tmp_path / "html")
    monkeypatch.setattr(build, "notebooks_in_toc", list)
    monkeypatch.setattr(build.pagefiles, "gather", lambda _: None)
    monkeypatch.setattr(build.downloads, "gather", lambda *_: None)
    monkeypatch.setattr(build.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1))
    with pytest.raises(CasebookError, match="The site was not built"):
        build.build()


def test_a_missing_chromium_is_named(monkeypatch):
    monkeypatch.setattr(chromium.shutil, "which", lambda _: None)
    with pytest.raises(CasebookError, match="Chromium is not installed"):
        chromium.path()
    with pytest.raises(CasebookError, match="install it and make it findable as 'chromium-headless-shell'"):
        chromium.install()


def test_a_debian_package_is_installed_only_where_it_is_missing(monkeypatch):
    asked = []
    succeeds = subprocess.CompletedProcess([], 0)
    monkeypatch.setattr(debian.subprocess, "run", lambda command, **_: asked.append(command) or succeeds)
    chromium.install()
    assert asked == []
    monkeypatch.setattr(chromium.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    chromium.install()
    debian.install("bubblewrap")
    assert [command[-1] for command in asked] == ["-qq", "chromium-headless-shell", "-qq", "bubblewrap"]


def test_a_failing_installation_is_named(monkeypatch):
    monkeypatch.setattr(chromium.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(debian.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 100))
    with pytest.raises(CasebookError, match="apt-get could not install Chromium"):
        chromium.install()


def test_a_table_of_contents_that_is_not_yaml_is_named(tmp_path):
    toc = tmp_path / "_toc.yml"
    toc.write_text("root: [", encoding="utf-8")
    with pytest.raises(CasebookError, match="_toc.yml is not YAML"):
        pages_in_toc(toc)


def test_the_benchmark_prints_ratios_to_its_floor():
    lines = table({"start a kernel": 1.0, "import": 3.0, "make book": 8.0}).splitlines()
    assert lines[0].split() == ["step", "seconds", "x", "floor"]
    assert lines[3].split() == ["make", "book", "8.0", "2.0"]
