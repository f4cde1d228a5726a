"""Find the Chromium that the browser tests drive, and install Debian's where there is none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from casebook.errors import CasebookError

NAMES = ("chromium", "chromium-browser", "google-chrome")
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
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise CasebookError(
            "Chromium is not installed; run 'make test', which installs it, or 'apt-get install chromium'."
        )
    return found


def install() -> None:
    """Install Debian's chromium package unless a Chromium is there already."""
    if any(map(shutil.which, NAMES)):
        return
    if shutil.which("apt-get") is None:
        raise CasebookError(
            "The browser tests need Chromium: install it and make it findable as 'chromium', then run again."
        )
    print("Installing Chromium for the browser tests (once) ...", flush=True)
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run([*sudo, "apt-get", *command], check=False, stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            raise CasebookError("apt-get could not install Chromium (its message is above); install it by hand.")


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


if __name__ == "__main__":
    try:
        install()
    except CasebookError as error:
        sys.exit(str(error))
