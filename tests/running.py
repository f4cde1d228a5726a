"""What several tests use: the sample exercises, and pytest in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tools.files import BOOK, ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "exercises"
SAMPLE = FIXTURES / "sample.toml"


def run_pytest(*arguments: str | Path, book: Path = BOOK) -> subprocess.CompletedProcess[str]:
    """Run pytest in one process of its own, with the project's settings, without measuring coverage.

    Parameters
    ----------
    *arguments : str or Path
        Further arguments of pytest.
    book : Path
        The folder from which notebooks import ``casebook``.

    Returns
    -------
    subprocess.CompletedProcess
        With the output as text.
    """
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "no:cacheprovider", "-n0", "--no-cov"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(book), str(ROOT)])}
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
