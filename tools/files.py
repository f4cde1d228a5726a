"""Read and write the files of the checkout without ever leaving half a file behind."""

import os
import tempfile
from pathlib import Path

import yaml

from casebook.data import DATA
from casebook.errors import CasebookError

__all__ = ["BOOK", "DATA", "EXERCISES", "ROOT", "SITE", "TOC", "chapters", "names_in", "pages_in_toc", "write_atomic"]

ROOT = Path(__file__).resolve().parents[1]
TOC = ROOT / "_toc.yml"
BOOK = ROOT / "book"
EXERCISES = ROOT / "exercises"
SITE = ROOT / "_build" / "html"


def write_atomic(path: Path, content: bytes) -> None:
    """Replace a file in one step: readers see the old content or the new, nothing between.

    Parameters
    ----------
    path : Path
        The file to write; missing parent folders are made.
    content : bytes
        The whole new content.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def pages_in_toc(toc: Path = TOC) -> list[Path]:
    """List the pages that the table of contents names, in reading order.

    Parameters
    ----------
    toc : Path
        A Jupyter Book table of contents; page names are relative to ``book/`` beside it.

    Returns
    -------
    list of Path
        Existing files, ``.ipynb`` or ``.md``.

    Raises
    ------
    CasebookError
        If a page has no file.
    """
    try:
        names = names_in(yaml.safe_load(toc.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise CasebookError(f"{toc.name} is not YAML: {' '.join(str(error).split())}; mend it.") from None
    pages = []
    for name in names:
        found = [path for suffix in (".ipynb", ".md") if (path := toc.with_name("book") / f"{name}{suffix}").exists()]
        if not found:
            raise CasebookError(
                f"{toc.name} names the page '{name}', but book/ has no such file; add it or take the line out."
            )
        pages.append(found[0])
    return pages


def names_in(node: object) -> list[str]:
    """List the pages that a table of contents, or a part of one, names.

    Parameters
    ----------
    node : object
        What YAML makes of it.

    Returns
    -------
    list of str
        Relative to ``book/``, in reading order.
    """
    if isinstance(node, dict):
        own = [node[key] for key in ("root", "file") if key in node]
        return own + [name for value in node.values() for name in names_in(value)]
    if isinstance(node, list):
        return [name for item in node for name in names_in(item)]
    return []


def chapters(toc: Path = TOC) -> list[Path]:
    """List the notebooks among the pages of the table of contents, in reading order."""
    return [page for page in pages_in_toc(toc) if page.suffix == ".ipynb"]
