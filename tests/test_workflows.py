"""The workflows for whoever publishes the book: linted, thin, with least permissions and pinned actions."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.files import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ZIZMOR = Path(sys.executable).with_name("zizmor")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
GOOD = WORKFLOWS[0].read_text(encoding="utf-8")


def lint(path):
    command = [ZIZMOR, "--offline", "--pedantic", "--no-progress", "--quiet", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def steps(path):
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


def test_there_is_a_workflow_for_each_promise():
    assert {path.stem for path in WORKFLOWS} == {"test", "pages", "release", "canary", "links"}


def test_the_linter_finds_nothing():
    found = lint(ROOT / ".github" / "workflows")
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("sound", "faulty", "rule"),
    [
        ("permissions: {}", "permissions: write-all", "excessive-permissions"),
        (r"@[0-9a-f]{40}  # v5\.0\.0", "@v4", "unpinned-uses"),
        ("run: make canary", 'run: echo "${{ github.event.issue.title }}"', "template-injection"),
        ("persist-credentials: false", "fetch-depth: 1", "artipacked"),
    ],
)
def test_the_linter_sees_planted_faults(tmp_path, sound, faulty, rule):
    planted, changed = re.subn(sound, lambda _: faulty, GOOD, count=1)
    assert changed
    path = tmp_path / "planted.yml"
    path.write_text(planted, encoding="utf-8")
    found = lint(path)
    assert found.returncode != 0
    assert rule in found.stdout


def not_thin(step):
    """Say what is wrong with a step that is neither a pinned action nor one word of the Makefile."""
    if "uses" in step:
        return "" if re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"]) else "an action that is not pinned"
    word = re.fullmatch(r"make ([\w-]+)", step["run"])
    if not word:
        return "more than one word of the Makefile"
    return "" if re.search(rf"(?m)^{word[1]}:", MAKEFILE) else f"the Makefile has no word {word[1]}"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_step_is_one_word_of_the_makefile_or_a_pinned_action(path):
    assert [fault for step in steps(path) if (fault := not_thin(step))] == []


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ({"uses": "actions/checkout@v4"}, "an action that is not pinned"),
        ({"uses": f"someone/checkout@{'0' * 40}"}, "an action that is not pinned"),
        ({"run": "make book && make test"}, "more than one word of the Makefile"),
        ({"run": "make tea"}, "the Makefile has no word tea"),
    ],
)
def test_a_step_of_another_kind_is_seen(step, fault):
    assert not_thin(step) == fault


WRITES = {
    ("canary", "canary"): {"issues"},
    ("pages", "deploy"): {"pages", "id-token"},
    ("pages", "colab"): {"contents"},
    ("release", "release"): {"contents"},
}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_job_may_write_only_what_it_publishes(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(workflow["permissions"].values()) <= {"read"}
    for name, job in workflow["jobs"].items():
        written = {scope for scope, access in job.get("permissions", {}).items() if access != "read"}
        assert written == WRITES.get((path.stem, name), set())
