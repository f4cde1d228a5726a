"""Virtual environments for the places, each made by uv in a folder of its own and kept for the next run."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path

from casebook.errors import CasebookError
from tools.files import ROOT, write_atomic

KEPT = ROOT / "_build" / "places"
UV = Path(sys.executable).with_name("uv")
# pyenv hides a Python that is there unless it is asked for; uv must not fetch one from elsewhere.
FOUND_HERE = {"UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON_PREFERENCE": "only-system"}


def python_for(wanted: str) -> str:
    """Return a Python of a wanted version on this machine, or the one that runs this where there is none.

    Parameters
    ----------
    wanted : str
        Such as ``"3.12"``.

    Returns
    -------
    str
        The path of the interpreter.
    """
    asked = _uv("python", "find", wanted, more={"PYENV_VERSION": wanted} if shutil.which("pyenv") else {})
    return asked.stdout.strip() if asked.returncode == 0 else sys.executable


def environment(name: str, python: str, *steps: Sequence[str | Path]) -> Path:
    """Make a virtual environment, unless it is there already and made in the same way.

    Parameters
    ----------
    name : str
        Of its folder.
    python : str
        The interpreter.
    *steps : sequence of str or Path
        What ``uv pip install`` is given, one call after the other.

    Returns
    -------
    Path
        The environment's own Python.

    Raises
    ------
    CasebookError
        If a package cannot be installed.
    """
    folder = KEPT / name
    files = [Path(part).read_bytes() for step in steps for part in step if Path(part).is_file()]
    recipe = json.dumps([python, [list(map(str, step)) for step in steps]]).encode() + b"".join(files)
    made, ready = hashlib.sha256(recipe).hexdigest(), folder / ".ready"
    own = folder / "bin" / "python"
    if ready.exists() and ready.read_text(encoding="utf-8") == made:
        return own
    print(f"Making the environment '{name}' in {folder.relative_to(ROOT)} (once) ...", flush=True)
    for command in (["venv", "--clear", "--python", python, folder], *(_install(own, step) for step in steps)):
        done = _uv(*command)
        if done.returncode != 0:
            said = " ".join(done.stderr.split())[-300:]
            raise CasebookError(f"The environment '{name}' was not made: {said}; look at what it asks for.")
    write_atomic(ready, made.encode())
    return own


def megabytes(python: Path) -> dict[str, float]:
    """Return what the packages of an environment weigh, by name, largest first: the files that each one installed."""
    site = next((python.parent.parent / "lib").glob("python3.*/site-packages"))
    sizes = {found.name: sum(file.size or 0 for file in found.files or []) for found in distributions(path=[str(site)])}
    return {name: size / 1e6 for name, size in sorted(sizes.items(), key=lambda item: -item[1])}


def _install(python: Path, step: Sequence[str | Path]) -> list[str | Path]:
    return ["pip", "install", "--python", python, *step]


def _uv(*command: str | Path, more: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **FOUND_HERE, **(more or {})}
    return subprocess.run([UV, *command], env=environment, capture_output=True, text=True, check=False)
