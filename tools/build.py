"""Build the site: ``make book``."""

import gc
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from casebook.errors import CasebookError
from tools import downloads, inspection, notebooks, pagefiles
from tools.command import command
from tools.files import BOOK, ROOT, SITE, notebooks_in_toc


def build() -> None:
    """Build the site from the stored outputs.

    Raises
    ------
    CasebookError
        If a stored output is an error, of a cell or of a widget's callback, or if :func:`build_site` does.
    """
    for path in notebooks_in_toc():
        notebooks.refuse_stored_errors(path)
    build_site(ROOT, SITE)


def build_site(root: Path, site: Path, book: Path = ROOT) -> None:
    """Build the site of a checkout, or of a folder laid out like one, with every Sphinx warning an error.

    Parameters
    ----------
    root : Path
        Holds ``book/``, ``site/``, ``_config.yml`` and ``_toc.yml``.
    site : Path
        Where the site comes to stand: ``_build/html`` in `root`.
    book : Path
        The checkout, or a copy of one, from which the pages' downloads are made.

    Raises
    ------
    CasebookError
        If Sphinx fails, or if the site has faults.
    """
    pagefiles.gather(root / "_build" / "page-files")
    downloads.gather(root / "_build" / "page-files" / downloads.FOLDER, book)
    if site.exists():
        shutil.rmtree(site)  # a page of yesterday must not stand beside those of today
    extensions = {**os.environ, "PYTHONPATH": os.pathsep.join([str(BOOK), str(ROOT)])}
    result = subprocess.run([sys.executable, "-m", "tools.jupyter_book"], cwd=root, env=extensions, check=False)
    if result.returncode != 0:
        raise CasebookError("The site was not built: Sphinx's warnings above say which page and line to mend.")
    inspection.refuse_faults(site)


@command
def main() -> None:
    """Build, then say where the site is and how long it took."""
    gc.disable()  # the inspection keeps every page it has read, and looking through them took half of its time
    started = time.perf_counter()
    build()
    print(f"\nThe book is ready: open {SITE / 'index.html'}")
    print(f"It took {time.perf_counter() - started:.1f} seconds.")


if __name__ == "__main__":
    sys.exit(main())
