"""Install nbgrader beside the locked packages, not among them: in ``.venv`` its extensions would load into JupyterLab.

Only tests and benchmarks need it. ``nbgrader.txt`` beside this file pins it, and the few packages that the lock lacks.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from casebook.errors import CasebookError
from tools.files import ROOT, write_atomic

PINS = Path(__file__).with_name("nbgrader.txt")
FOLDER = ROOT / "_build" / "nbgrader-overlay"


def environment(folder: Path = FOLDER, pins: Path = PINS) -> dict[str, str]:
    """Return the environment in which this interpreter finds nbgrader; install it first where it is missing.

    Parameters
    ----------
    folder : Path
        Where it is installed.
    pins : Path
        The requirements, with hashes.

    Returns
    -------
    dict of str to str
        The environment of this process, with the folder in front of ``PATH`` and ``PYTHONPATH``.

    Raises
    ------
    CasebookError
        If it cannot be installed.
    """
    ready, wanted = folder / ".ready", hashlib.sha256(pins.read_bytes()).hexdigest()
    if not ready.exists() or ready.read_text() != wanted:
        _install(folder, pins)
        write_atomic(ready, wanted.encode())
    first = {"PATH": folder / "bin", "PYTHONPATH": folder}
    return os.environ | {
        name: os.pathsep.join(filter(None, [str(path), os.environ.get(name)])) for name, path in first.items()
    }


def _install(folder: Path, pins: Path) -> None:
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
    done = subprocess.run(
        [*uv, "--no-deps", "--require-hashes", "--target", str(folder), "--requirement", str(pins)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        told = " ".join(done.stderr.split())[-300:]
        raise CasebookError(f"nbgrader could not be installed from {pins.name} ({told}); mend that and try again.")
