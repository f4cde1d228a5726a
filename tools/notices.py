"""Write the page of third-party notices: what the built site ships that others made, and under which licence."""

import json
from importlib.metadata import metadata
from pathlib import Path

import pandas as pd

from casebook.errors import CasebookError
from tools.files import BOOK
from tools.markdown import markdown_table
from tools.pagefiles import MODULES

# Python packages whose stylesheets and scripts Sphinx copies into the site, or whose file we ship
SHIPPED_BY_SPHINX = [
    "sphinx",
    "pydata-sphinx-theme",
    "sphinx-book-theme",
    "myst-nb",
    "sphinx-copybutton",
    "sphinx-exercise",
]
SHIPPED_BY_US = ["anywidget"]
# parts of those packages that have a licence of their own
PARTS = [
    ("Bootstrap, in pydata-sphinx-theme", "MIT"),
    ("Font Awesome Free 6, in pydata-sphinx-theme", "icons CC BY 4.0, font SIL OFL 1.1, code MIT"),
    ("clipboard.js, in sphinx-copybutton", "MIT"),
    ("Natural Earth outlines, in the maps", "public domain"),
]
DEVELOPMENT_ONLY = {"axe-core", "terser", "world-atlas"}

TEXT = """# Third-party notices

<!-- Written by `make refresh` from the installed packages; do not edit. -->
The text and the data of this book are under CC BY 4.0, its code under the MIT licence. The built pages also ship work
of others, listed here with its licence. Nothing of it is fetched from elsewhere when you read.

## What Sphinx and its extensions bring

{python}
## What runs the interactives and the formulas

The widget runtime is one file made from these packages.

{javascript}"""


def derived(book: Path = BOOK, modules: Path = MODULES) -> dict[Path, bytes]:
    """Return the page of notices as file content by path.

    Raises
    ------
    CasebookError
        If the packages are not installed.
    """
    if not modules.exists():
        raise CasebookError("site/node_modules is missing; run 'make setup', then 'make refresh'.")
    text = TEXT.format(
        python=markdown_table(python_packages()), javascript=markdown_table(javascript_packages(modules))
    )
    return {book / "notices.md": text.encode("utf-8")}


def python_packages() -> pd.DataFrame:
    """List the Python packages that leave files in the site, and parts of them with a licence of their own."""
    rows = [(f"{name} {metadata(name)['Version']}", licence_of(name)) for name in SHIPPED_BY_SPHINX + SHIPPED_BY_US]
    return pd.DataFrame(rows + PARTS, columns=["Package", "Licence"])


def licence_of(name: str) -> str:
    """Return the licence that a Python package names: an expression, a short text, or a classifier."""
    described = metadata(name)
    classifiers = [
        line.rpartition(" :: ")[2] for line in described.get_all("Classifier", []) if line.startswith("License")
    ]
    short = described.get("License", "").strip().partition("\n")[0]
    return described.get("License-Expression") or (short if 0 < len(short) < 40 else ", ".join(classifiers))


def javascript_packages(modules: Path) -> pd.DataFrame:
    """List the npm packages that the site's scripts are made from, those for development left out."""
    lock = json.loads((modules.parent / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    rows = []
    for path, entry in lock.items():
        name = path.rpartition("node_modules/")[2]
        if path and not entry.get("dev") and name not in DEVELOPMENT_ONLY:
            rows.append((f"{name} {entry['version']}", entry.get("license") or older_form(modules.parent / path)))
    return pd.DataFrame(sorted(set(rows)), columns=["Package", "Licence"])


def older_form(package: Path) -> str:
    """Return the licences of an npm package that states them in the form of before 2015, as a list."""
    described = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return " or ".join(licence["type"] for licence in described["licenses"])
