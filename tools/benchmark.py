"""Time the build and the tests, with the floor beside them: ``make benchmark``.

The floor is what any run of this kind pays on the same machine: starting a kernel and importing what chapters import.
Machines differ and are noisy, so the figures to compare between machines are the ratios, all taken in one run.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from tools.files import ROOT

IMPORTS = "import matplotlib.pyplot, pandas, ipywidgets"
REPEATS = 3


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes, in seconds of wall time."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def run(command: Sequence[str | Path]) -> None:
    """Run a command in the checkout and keep its output to ourselves; a failure stops the benchmark."""
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start_and_stop_kernel() -> None:
    """Start a kernel, wait until it answers, and stop it."""
    manager, client = start_new_kernel()
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def measure() -> dict[str, float]:
    """Return the seconds of each step: the floor first, then the build, the refresh and the tests."""
    python = sys.executable
    floor = {
        "start a kernel": statistics.median(seconds(start_and_stop_kernel) for _ in range(REPEATS)),
        "import pandas, matplotlib, ipywidgets": statistics.median(
            seconds(lambda: run([python, "-c", IMPORTS])) for _ in range(REPEATS)
        ),
    }
    return floor | {
        "make book, set-up done": seconds(lambda: run([python, "-m", "tools.build"])),
        "make refresh, set-up done": seconds(lambda: run([python, "-m", "tools.refresh"])),
        "pytest, site built (make test without the build)": seconds(lambda: run([python, "-m", "pytest"])),
    }


def table(measured: dict[str, float]) -> str:
    """Write the figures as a table: step, seconds, and the multiple of the floor (kernel start plus imports)."""
    floor = sum(list(measured.values())[:2])
    lines = [f"{'step':<52}{'seconds':>9}{'x floor':>9}"]
    lines += [f"{step:<52}{value:>9.1f}{value / floor:>9.1f}" for step, value in measured.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure()))
