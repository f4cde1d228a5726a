"""Find the Chromium that the browser tests drive, and install Debian's where there is none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from casebook.errors import CasebookError
from tools import debian

# No background traffic: the tests must see only what the pages themselves ask for.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


def path() -> str:
    """Return the path of an installed Chromium.

    Raises
    ------
    CasebookError
        If there is none.
    """
    found = next(filter(None, map(shutil.which, debian.NEEDED[debian.CHROMIUM][0])), None)
    if found is None:
        raise CasebookError(
            f"Chromium is not installed; run 'make test', which installs it, or 'apt-get install {debian.CHROMIUM}'."
        )
    return found


def install() -> None:
    """Install Debian's package of it unless a Chromium is there already."""
    debian.install(debian.CHROMIUM)


@contextmanager
def started() -> Iterator[Browser]:
    """Start the installed Chromium without a window, for as long as a block runs.

    Yields
    ------
    Browser
        Playwright's handle on it.

    Raises
    ------
    CasebookError
        If no Chromium is installed.
    """
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path(), args=FLAGS)
        yield running
        running.close()
