"""Make the control and the student notebooks before pytest collects them, and print what tests have measured."""

import gc
import os

import pytest

from casebook.errors import CasebookError
from tools.controls import write_controls
from tools.files import BOOK, DATA, ROOT, chapters
from tools.student_notebook import write_student_notebooks

pytest_plugins = ["tests.plugin_no_skips"]


def pytest_configure(config: pytest.Config) -> None:
    """Write the notebooks afresh, once a run: only where nbval is on, and not again in every worker.

    Parameters
    ----------
    config : pytest.Config
        The settings of the run, given by pytest.

    Raises
    ------
    pytest.UsageError
        If a specification or a chapter is refused.
    """
    # Kernels do not see pytest's own `pythonpath`, and these notebooks do not lie beside the package.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(BOOK), os.environ.get("PYTHONPATH")]))
    if hasattr(config, "workerinput") or not config.getoption("nbval", default=False):
        return
    try:
        write_controls(ROOT / "_build" / "controls")
        write_student_notebooks(ROOT / "_build" / "student-notebooks", chapters(), BOOK, DATA)
    except CasebookError as error:
        raise pytest.UsageError(str(error)) from None
    if config.args_source == config.ArgsSource.TESTPATHS:
        config.args = config.getini("testpaths")  # pytest has left out what was not there yet


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that drive a browser or grade: they are the longest, and no worker should end alone.

    Parameters
    ----------
    items : list of pytest.Item
        What pytest has collected; put into another order in place.
    """
    long = {item.path for item in items if {"running", "graded"} & set(getattr(item, "fixturenames", ()))}
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    """Look for garbage seldom: thousands of tests and pages stay, and looking through them took a third of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have recorded, such as the mutation score: a worker's own output would be lost.

    Parameters
    ----------
    terminalreporter : pytest.TerminalReporter
        What pytest prints with.
    """
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                terminalreporter.write_line(f"{name}: {value}")
