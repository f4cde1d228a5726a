"""Build the same pages with Jupyter Book as it comes, so that ``make measures`` can set its weight beside ours.

As it comes means: a configuration of title, author and stored outputs, and of our extensions only the one whose
directive the chapters use. What our other extension and theme files do is then missing, such as captions of tables and
fallbacks of interactives.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from playwright.sync_api import Route

from casebook.errors import CasebookError
from tools import build
from tools.files import BOOK, ROOT
from tools.pagefiles import MODULES, SHIPPED, WIDGETS

FOLDER = ROOT / "_build" / "stock"
CONFIG = {
    "title": "January 2022: a casebook",
    "author": "The January 2022 casebook contributors",
    "only_build_toc_files": True,
    "execute": {"execute_notebooks": "off"},
    "sphinx": {"extra_extensions": ["sphinx_exercise"]},
}
# What its pages fetch from elsewhere, and where we have the same file, in a version near to it.
ANSWERS = {
    r"https://cdn\.jsdelivr\.net/npm/@jupyter-widgets/html-manager@[^/]+/": MODULES / "@jupyter-widgets/html-manager",
    r"https://cdn\.jsdelivr\.net/npm/mathjax@3/": MODULES / "mathjax",
    r"https://cdnjs\.cloudflare\.com/ajax/libs/require\.js/[^/]+/require\.min\.js": build.SITE / WIDGETS / "require.js",
    r"https://cdn\.jsdelivr\.net/npm/anywidget@[^/]+/dist/index\.js": SHIPPED[f"{WIDGETS}/anywidget.js"],
}


def build_stock(folder: Path = FOLDER, book: Path = BOOK, toc: Path = ROOT / "_toc.yml") -> Path:
    """Build the pages of the table of contents with Jupyter Book as it comes.

    Parameters
    ----------
    folder : Path
        Where to; what was there is replaced.
    book, toc : Path
        The pages and their table of contents.

    Returns
    -------
    Path
        The built site.

    Raises
    ------
    CasebookError
        If Jupyter Book fails.
    """
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(book, folder / "book", ignore=shutil.ignore_patterns("casebook", ".ipynb_checkpoints"))
    (folder / "_config.yml").write_text(yaml.safe_dump(CONFIG), encoding="utf-8")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    options = ["--config", folder / "_config.yml", "--toc", toc, "--path-output", folder, "--all", "-q"]
    done = subprocess.run(
        [jupyter_book, "build", folder / "book", *options], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CasebookError(f"Jupyter Book could not build the stock site: {done.stderr.strip().splitlines()[-1]}")
    return folder / "_build" / "html"


def our_file(url: str) -> Path | None:
    """Return the file of ours that stands in for one from elsewhere, or nothing where we have none."""
    for pattern, source in ANSWERS.items():
        if found := re.match(pattern, url):
            rest = url[found.end() :].partition("?")[0]
            path = source / rest if rest else source
            return path if path.is_file() else None
    return None


def answer(route: Route) -> None:
    """Answer a request to elsewhere with our file, or refuse it."""
    path = our_file(route.request.url)
    if path:
        route.fulfill(path=path, headers={"Access-Control-Allow-Origin": "*"})
    else:
        route.abort()


def fate(url: str, errors: list[str]) -> str:
    """Say what became of a request to elsewhere, given the errors that the page logged.

    A page may carry the checksum of a version that is not ours; the browser then throws the answer away.
    """
    path = our_file(url)
    if path is None:
        return "not answered, weighs nothing here"
    refused = any("integrity" in error and url in error for error in errors)
    return f"answered with our {path.name}" + (", which the page's checksum refused" if refused else "")
