"""Lay out an edition as a folder that a reader unzips and runs: notebooks, pages, package, data, and how to start."""

import re
import shutil
from pathlib import Path

import yaml

from casebook.data import package
from casebook.errors import CasebookError
from tools.files import ROOT, names_in, pages_in_toc, write_atomic
from tools.notebooks import read
from tools.student_notebook import TEACHING, student_notebook

# Of requirements.txt, what running the chapters takes; building and checking the book takes far more.
PACKAGES = [
    "pandas", "matplotlib", "ipywidgets", "anywidget", "nltk", "ipykernel", "jupyterlab", "jupyterlab-myst",
]  # fmt: skip
PAPERS = ("LICENSE", "LICENSE-CONTENT", "CITATION.cff")
NOT_SHIPPED = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
PIN = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s#]+)(?:#[^()\s]*)?\)")

README = """\
# January 2022: a casebook, {name} edition

You need Python 3.11, 3.12 or 3.13, and a network the first time. In this folder, type:

```sh
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
.venv/bin/jupyter lab book
```

On Windows: `py -m venv .venv`, `.venv\\Scripts\\pip install -r requirements.txt`, `.venv\\Scripts\\jupyter lab book`.

The second command takes one to three minutes. The third opens JupyterLab in your browser; next time it is enough.

## The chapters, in order

{chapters}

Open a chapter and run its cells from the top with Shift+Enter. An exercise is a cell with a gap, such as
`answer_1 = ...`. Put your answer there, run the cell, then run the `check(...)` below it. It says *not answered yet*,
*not yet* with a hint, or *correct* with what follows from it. Save with Ctrl+S; to hand in, send the `.ipynb` file. If
you are asked for it without outputs: *Edit*, *Clear Outputs of All Cells*, then save.

Nothing is fetched while you work: the tables are in `data/`. `book/index.md` says what the book is, and the pages
beside it hold the evidence. For a fresh start, unzip the file again into another folder.
{solutions}
Code is under the MIT licence (`LICENSE`); text and the book's own data are CC BY 4.0 (`LICENSE-CONTENT`).
"""
SOLUTIONS = """
This edition is for those who teach. Each exercise has its solution below its check, in a cell that the site folds.
`answer-key.html` lists every answer with the wrong ones and their hints. Please do not pass it on.
"""


def lay_out(root: Path, folder: Path, *, solutions: bool) -> None:
    """Write the folder.

    Parameters
    ----------
    root : Path
        The book: ``book/``, ``data/``, ``_toc.yml``, the requirements and the licences.
    folder : Path
        Where to write; it does not exist yet.
    solutions : bool
        Whether the edition has solutions and the pages for those who teach.

    Raises
    ------
    CasebookError
        If a chapter is refused or links to a page that the edition leaves out, or if a package is not pinned.
    """
    names = names_in(contents(root, solutions=solutions))
    shutil.copytree(root / "book" / "casebook", folder / "book" / "casebook", ignore=NOT_SHIPPED)
    for bibliography in (root / "book").glob("*.bib"):
        shutil.copy(bibliography, folder / "book")
    if solutions and (root / "book" / TEACHING).exists():
        shutil.copytree(root / "book" / TEACHING, folder / "book" / TEACHING, ignore=NOT_SHIPPED)
    _write_pages(root, folder, names, solutions=solutions)
    for resource in package(root / "data")["resources"]:
        write_atomic(folder / "data" / resource["path"], (root / "data" / resource["path"]).read_bytes())
    shutil.copy(root / "data" / "datapackage.json", folder / "data")
    for paper in PAPERS:
        shutil.copy(root / paper, folder)
    for name, text in _start(root, names, solutions=solutions).items():
        write_atomic(folder / name, text.encode("utf-8"))


def contents(root: Path, *, solutions: bool) -> dict:
    """Return the table of contents of an edition.

    Parameters
    ----------
    root : Path
        The book.
    solutions : bool
        Whether the edition is for those who teach; another lacks each part that has pages for them.

    Returns
    -------
    dict
        What ``_toc.yml`` holds.
    """
    content = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    if not solutions:
        content["parts"] = [part for part in content["parts"] if not any(map(_is_for_teachers, names_in(part)))]
    return content


def pages_for_readers(root: Path = ROOT) -> list[str]:
    """List the pages of the book but those for people who teach, as their addresses name them, in reading order."""
    return names_in(contents(root, solutions=False))


def _is_for_teachers(name: str) -> bool:
    """Tell whether a page is one for those who teach."""
    return name.startswith(f"{TEACHING}/")


def _write_pages(root: Path, folder: Path, names: list[str], *, solutions: bool) -> None:
    """Write the pages of an edition; students get theirs without solutions and dead links."""
    book, data = root / "book", root / "data"
    pages = _pages(root)
    left_out = {page.resolve() for name, page in pages.items() if name not in names}
    for name in names:
        page = pages[name]
        content = page.read_bytes()
        if not solutions and page.suffix == ".ipynb":
            _refuse_links(page, left_out)
            content = student_notebook(page, book, data)
        elif not solutions:
            content = _unlinked(content.decode("utf-8"), page.parent, left_out).encode("utf-8")
        write_atomic(folder / "book" / page.relative_to(book), content)


def _pages(root: Path) -> dict[str, Path]:
    """Return every page of the book by the name that its table of contents has for it."""
    pages = pages_in_toc(root / "_toc.yml")
    return {page.relative_to(root / "book").with_suffix("").as_posix(): page for page in pages}


def _unlinked(text: str, place: Path, left_out: set[Path]) -> str:
    """Return Markdown in which a link to a page that is left out is its words only."""
    return LINK.sub(lambda link: link[1] if (place / link[2]).resolve() in left_out else link[0], text)


def _refuse_links(chapter: Path, left_out: set[Path]) -> None:
    """Refuse a chapter with a link to a page that is left out: a chapter is handed out as it is."""
    for cell in read(chapter).cells:
        if cell.cell_type == "markdown" and _unlinked(cell.source, chapter.parent, left_out) != cell.source:
            raise CasebookError(
                f"{chapter.name}, cell '{cell.id}' links to a page for those who teach, which students do not get; "
                "take the link out."
            )


def _start(root: Path, names: list[str], *, solutions: bool) -> dict[str, str]:
    """Return the files that say and hold what a reader needs to start, by name."""
    pages = _pages(root)
    chapters = [pages[name] for name in names if pages[name].suffix == ".ipynb" and not _is_for_teachers(name)]
    titles = [f"{n}. `{path.name}`: {read(path).metadata.chapter.title}" for n, path in enumerate(chapters, start=1)]
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    pins = [f"{name}=={version}" + (f" ; {where}" if where else "") for name, version, where in PIN.findall(lock)]
    return {
        "README.md": README.format(
            name="instructor" if solutions else "student",
            chapters="\n".join(titles),
            solutions=SOLUTIONS if solutions else "",
        ),
        "requirements.txt": requirements((root / "requirements.txt").read_text(encoding="utf-8")),
        "constraints.txt": "\n".join(["# The versions that the chapters were run with.", *pins, ""]),
    }


def requirements(text: str, packages: list[str] = PACKAGES) -> str:
    """Return the requirements of a reader, taken from those of the book.

    Parameters
    ----------
    text : str
        The book's ``requirements.txt``.
    packages : list of str
        What a reader needs.

    Returns
    -------
    str
        A file for pip, held to the versions in ``constraints.txt``.

    Raises
    ------
    CasebookError
        If a package is not in `text`.
    """
    lines = {line.partition("==")[0]: line.partition("#")[0].strip() for line in text.splitlines() if "==" in line}
    if missing := [name for name in packages if name not in lines]:
        raise CasebookError(f"requirements.txt does not pin {missing[0]}, which readers need; pin it there.")
    return "\n".join(["-c constraints.txt", *(lines[name] for name in packages), ""])
