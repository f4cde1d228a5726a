"""Count a test that did not run as a failure.

A skipped test, and the cells that nbval marks as expected failures after a time-out, would leave a run green with
nothing checked. Register it in the root ``conftest.py``: ``pytest_plugins = ["tests.plugin_no_skips"]``.
"""

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the report of a skipped or expectedly failing test into a failure."""
    return failed_if_skipped((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the report of a skipped file into a failure."""
    return failed_if_skipped((yield))


def failed_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> pytest.TestReport | pytest.CollectReport:
    """Return the report, failed if the test was skipped or was marked as an expected failure."""
    expected_failure = vars(report).pop("wasxfail", None)
    if report.skipped or expected_failure is not None:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped or marked as an expected failure; every test has to run."
    return report
