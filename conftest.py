"""Make the control notebooks before pytest collects them."""

import os

import pytest

from casebook.errors import CasebookError
from tools.controls import write_controls
from tools.files import BOOK, ROOT

pytest_plugins = ["tests.plugin_no_skips"]


def pytest_configure(config: pytest.Config) -> None:
    """Write the controls afresh, once a run: only where nbval is on, and not again in every worker."""
    # Kernels do not see pytest's own `pythonpath`, and the controls do not lie beside the package.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(BOOK), os.environ.get("PYTHONPATH")]))
    if hasattr(config, "workerinput") or not config.getoption("nbval", default=False):
        return
    try:
        write_controls(ROOT / "_build" / "controls")
    except CasebookError as error:
        raise pytest.UsageError(str(error)) from None
    if config.args_source == config.ArgsSource.TESTPATHS:
        config.args = config.getini("testpaths")  # pytest has left out _build/controls if it was not there yet
