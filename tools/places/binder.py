"""Binder, without Docker: what repo2docker would build, and an environment of the same versions to run chapters in.

Binder's image holds JupyterLab and its like in the versions that repo2docker has frozen; on top of them comes exactly
``binder/requirements.txt``. Both come here from a package registry instead of conda-forge, so what is emulated is the
versions, not the compilers.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from casebook.errors import CasebookError
from tools.command import command
from tools.files import ROOT
from tools.places.environments import environment, megabytes, python_for

BINDER = ROOT / "binder"
REQUIREMENTS = BINDER / "requirements.txt"
REPO2DOCKER = Path(__file__).with_name("repo2docker.lock")
PIP_LINE = 'pip install --no-cache-dir -r "binder/requirements.txt"'
MOST_MEGABYTES = 300  # over Binder's own image
# Of what repo2docker installs for itself: what serves a session. The rest, such as Node, serves no notebook.
BASE = ("jupyterlab", "notebook", "jupyter_server", "jupyterhub", "ipykernel", "ipywidgets")
CONDA_NAMES = {"jupyterhub-base": "jupyterhub"}
FROZEN = re.compile(r"/(?P<name>[\w.-]+)-(?P<version>\d[\w.]*)-[^-/]+\.(?:conda|tar\.bz2)#")


def python_version(runtime: Path = BINDER / "runtime.txt") -> str:
    """Return the version of Python that Binder is asked for.

    Raises
    ------
    CasebookError
        If the file is missing or names none.
    """
    found = re.fullmatch(r"python-(3\.\d+)", runtime.read_text(encoding="utf-8").strip()) if runtime.exists() else None
    if not found:
        raise CasebookError(f"{runtime.name} must hold one line such as 'python-3.12'; Binder takes an old one else.")
    return found[1]


def repo2docker() -> Path:
    """Return the Python of an environment that holds repo2docker."""
    return environment("repo2docker", sys.executable, ["--require-hashes", "--requirement", REPO2DOCKER])


def dry_run(repository: Path = ROOT) -> str:
    """Return what repo2docker says that it would build of a repository, Dockerfile included.

    Raises
    ------
    CasebookError
        If it refuses.
    """
    command = [repo2docker().with_name("jupyter-repo2docker"), "--no-build", "--debug", repository]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CasebookError(f"repo2docker refuses binder/: {done.stderr.strip().splitlines()[-1]}; mend it there.")
    return done.stderr + done.stdout


def refuse_other_plan(said: str, version: str) -> None:
    """Refuse a build that would have another Python, or would not install binder/requirements.txt.

    Parameters
    ----------
    said : str
        What :func:`dry_run` returned.
    version : str
        The version of Python that is wanted.

    Raises
    ------
    CasebookError
        If the plan is another one.
    """
    python = f"Building conda environment for python={version}"
    for line in (python, PIP_LINE):
        if line not in said:
            raise CasebookError(f"repo2docker does not say '{line}'; mend binder/runtime.txt or requirements.txt.")


def frozen(version: str) -> dict[str, str]:
    """Return the packages and versions that Binder's image holds for a Python, as repo2docker has frozen them."""
    packages = next((repo2docker().parent.parent / "lib").glob("python3.*/site-packages/repo2docker"))
    lock = (packages / "buildpacks" / "conda" / f"environment.py-{version}-linux-64.lock").read_text(encoding="utf-8")
    found = {CONDA_NAMES.get(line["name"], line["name"]): line["version"] for line in FROZEN.finditer(lock)}
    if missing := [name for name in BASE if name not in found]:
        raise CasebookError(f"repo2docker's lock has no {missing[0]}; look at its new form and adapt {__name__}.")
    return found


def emulation() -> tuple[Path, Path]:
    """Make Binder's image and a session on it as environments, and return the Python of each.

    Raises
    ------
    CasebookError
        If repo2docker would build something else.
    """
    version = python_version()
    refuse_other_plan(dry_run(), version)
    pins = [f"{name}=={value}" for name, value in frozen(version).items() if name in BASE]
    python = python_for(version)
    base = environment("binder-base", python, pins)
    return base, environment("binder", python, pins, ["--requirement", REQUIREMENTS])


@dataclass(frozen=True)
class Weight:
    """What a session weighs over Binder's image.

    Attributes
    ----------
    base, over : float
        Megabytes of the image, and those that come on top.
    most : str
        The five packages that add most.
    """

    base: float
    over: float
    most: str

    def __str__(self) -> str:
        return f"Binder: {self.over:.0f} MB over the base of {self.base:.0f} MB (most: {self.most})."


def weight(base: dict[str, float], session: dict[str, float]) -> Weight:
    """Weigh a session against the image, both given as megabytes of each package."""
    more = {name: size - base.get(name, 0) for name, size in session.items()}
    heaviest = sorted(more.items(), key=lambda item: -item[1])[:5]
    most = ", ".join(f"{name} {size:.0f}" for name, size in heaviest)
    return Weight(sum(base.values()), sum(session.values()) - sum(base.values()), most)


def refuse_weight(found: Weight) -> None:
    """Refuse a session that is more than a new Binder machine should have to fetch.

    Raises
    ------
    CasebookError
        If it is.
    """
    if found.over > MOST_MEGABYTES:
        raise CasebookError(
            f"binder/requirements.txt adds {found.over:.0f} MB to Binder's image and may add {MOST_MEGABYTES} "
            f"(most: {found.most}); do without one of them."
        )


@command
def main() -> None:
    """Try what Binder would build, make the emulation, and print what it weighs."""
    base, session = emulation()
    print(f"repo2docker: Python {python_version()}; {PIP_LINE}")
    print(found := weight(megabytes(base), megabytes(session)))
    refuse_weight(found)


if __name__ == "__main__":
    sys.exit(main())
