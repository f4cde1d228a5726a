"""Build the site: ``make book``."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from casebook.errors import CasebookError
from tools import inspection, notebooks, pagefiles
from tools.files import ROOT, SITE, notebooks_in_toc


def build() -> None:
    """Build the site from the stored outputs, with every Sphinx warning an error.

    Raises
    ------
    CasebookError
        If a stored output is an error, of a cell or of a widget's callback, if Sphinx fails, or if the site has faults.
    """
    for path in notebooks_in_toc():
        notebooks.refuse_stored_errors(path)
    pagefiles.gather()
    if SITE.exists():
        shutil.rmtree(SITE)  # a page of yesterday must not stand beside those of today
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    toc = ROOT / "_toc.yml"  # Jupyter Book takes a relative path as relative to book/
    command = [jupyter_book, "build", "book", "--config", "_config.yml", "--toc", toc, "--path-output", "."]
    result = subprocess.run([*command, "--all", "-W", "-n", "--keep-going"], cwd=ROOT, check=False)
    if result.returncode != 0:
        raise CasebookError("The site was not built: Sphinx's warnings above say which page and line to mend.")
    inspection.refuse_faults(SITE)


def main() -> int:
    """Build, then say where the site is and how long it took."""
    started = time.perf_counter()
    try:
        build()
    except CasebookError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"\nThe book is ready: open {SITE / 'index.html'}")
    print(f"It took {time.perf_counter() - started:.1f} seconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
