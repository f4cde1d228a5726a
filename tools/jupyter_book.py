"""Let Jupyter Book build the site on every core; its command has no option for that, the function behind it has.

It runs in a process of its own, in the folder of a checkout, because Sphinx changes state of the process it runs in.
"""

import gc
import os
import sys
from pathlib import Path

from jupyter_book.sphinx import build_sphinx
from sphinx.application import Sphinx

NUMBERING = "sphinx_multitoc_numbering"  # comes with the table of contents, whether or not anything is numbered


def setup(app: Sphinx) -> dict:
    """Say for an extension what it does not say itself: it numbers when all pages are read, so that many may read."""
    app.extensions[NUMBERING].parallel_read_safe = True
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def main() -> int:
    """Build the book of the working directory, with every warning an error, and return 0 if there is none."""
    gc.disable()  # nearly all that a build makes it keeps to its end, and looking through it takes a fifth of the time
    root = Path.cwd()
    status = build_sphinx(
        root / "book",
        root / "_build" / "html",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides={
            "external_toc_path": str(root / "_toc.yml"),
            "nitpicky": True,
            "latex_individualpages": False,  # it must be said, as its own command does
        },
        freshenv=True,
        warningiserror=True,
        keep_going=True,
        jobs=1 + (os.cpu_count() or 1),  # Sphinx counts the process that hands the pages out
    )
    return int(status != 0)  # what went wrong is returned instead of a number


if __name__ == "__main__":
    sys.exit(main())
