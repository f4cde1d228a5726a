"""Install Debian's packages for what tests need and pip has not: ``python -m tools.debian`` installs all of them."""

import os
import shutil
import subprocess
import sys

from casebook.errors import CasebookError

# By Debian's name: programs of which one is enough, and a name for sentences. Without windows, Chromium starts sooner.
CHROMIUM = "chromium-headless-shell"
NEEDED = {
    CHROMIUM: ((CHROMIUM, "chromium", "chromium-browser", "google-chrome"), "Chromium"),
    "bubblewrap": (("bwrap",), "bubblewrap"),
}


def install(package: str) -> None:
    """Install a package unless a program that will do is there already.

    Parameters
    ----------
    package : str
        Debian's name of it, one of ``NEEDED``.

    Raises
    ------
    CasebookError
        If the system is not Debian's kind, or the installation fails.
    """
    programs, name = NEEDED[package]
    if any(map(shutil.which, programs)):
        return
    if shutil.which("apt-get") is None:
        raise CasebookError(
            f"The tests need {name}: install it and make it findable as '{programs[0]}', then run again."
        )
    print(f"Installing {name} for the tests (once) ...", flush=True)
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        done = subprocess.run([*sudo, "apt-get", *command], check=False, stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            raise CasebookError(f"apt-get could not install {name} (its message is above); install it by hand.")


if __name__ == "__main__":
    try:
        for package in NEEDED:
            install(package)
    except CasebookError as error:
        sys.exit(str(error))
