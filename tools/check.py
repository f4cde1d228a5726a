"""Say everything that is wrong, out of date or out of form, without executing or writing anything: ``make check``."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from casebook.errors import CasebookError
from tools import (
    aftermath_pages,
    bibfile,
    datapackage,
    front_pages,
    glossary_page,
    interpretation_pages,
    keys,
    law_pages,
    notices,
    numbers,
    pages,
    people_page,
    rules,
    source_pages,
    starters,
    terms,
    theory_pages,
)
from tools.generated_cells import generated_cells
from tools.lint import allowances, lint
from tools.normal_form import as_bytes, normalised
from tools.notebooks import chapter_of, code_cells, read, refuse_errors
from tools.stamp import differences, stamp

# Each returns file contents by path; in this order, because a later one reads what an earlier one wrote.
DERIVED: list[Callable[[], dict[Path, bytes]]] = [
    datapackage.derived,
    keys.derived,
    pages.derived,
    law_pages.derived,
    theory_pages.derived,
    source_pages.derived,
    interpretation_pages.derived,
    aftermath_pages.derived,
    glossary_page.derived,
    bibfile.derived,
    people_page.derived,
    notices.derived,
    front_pages.derived,
]


def derived_files() -> Iterator[tuple[Path, bytes]]:
    """Yield each derived file and what it should hold."""
    for derived in DERIVED:
        yield from derived().items()


def problems(chapters: Iterable[Path], book: Path, data: Path, exercises: Path) -> list[str]:
    """Say what is wrong in derived files, in the tables and in chapters.

    Parameters
    ----------
    chapters : iterable of Path
        The chapters.
    book, data, exercises : Path
        Where the package ``casebook`` is, where the tables are, where the exercises are described.

    Returns
    -------
    list of str
        One sentence for each problem: file, cell or row where there is one, what to do.
    """
    found = [*_told(_stale_files), *_told(_invalid, data), *_told(rules.problems, data)]
    for chapter in chapters:
        found += chapter_problems(chapter, book, data, exercises)
    return found


def chapter_problems(path: Path, book: Path, data: Path, exercises: Path) -> list[str]:
    """Say what is wrong in one chapter.

    Parameters
    ----------
    path : Path
        The chapter.
    book, data, exercises : Path
        Where the package ``casebook`` is, where the tables are, where the exercises are described.

    Returns
    -------
    list of str
        One sentence for each problem, each once; only the first if the file is no chapter.
    """
    try:
        chapter_of(read(path), path)
    except CasebookError as error:
        return [str(error)]
    found = [
        *_told(staleness, path, book, data, exercises),
        *_told(lint, path, exercises, allowances()),
        *_told(starters.problems, path, exercises),
        *_told(numbers.problems, path, data),
        *_told(terms.problems, path, data),
    ]
    return list(dict.fromkeys(found))


def staleness(path: Path, book: Path, data: Path, exercises: Path) -> Iterator[str]:
    """Find out whether a chapter is as ``make refresh`` would store it.

    Parameters
    ----------
    path : Path
        The chapter.
    book, data, exercises : Path
        Where the package ``casebook`` is, where the tables are, where the exercises are described.

    Yields
    ------
    str
        One sentence for each difference.

    Raises
    ------
    CasebookError
        If the chapter or its exercises cannot be read, or if it shows an exception.
    """
    notebook = read(path)
    current = stamp(notebook, path, book, data)
    refuse_errors(notebook, path)
    texts = generated_cells(notebook, path, exercises)
    yield from _stale_cells(notebook, texts, path)
    if unexecuted := _first_wrong_count(notebook, path):
        yield unexecuted
        return  # the stamp and the form cannot be right either: the cause is told once
    yield from differences(notebook.metadata.get("casebook", {}), current, path)
    if as_bytes(normalised(notebook)) != path.read_bytes():
        yield f"{path.name} is not in normal form; run 'make refresh'."


def _told(find: Callable[..., Iterable[str]], *arguments: object) -> list[str]:
    """List what a function finds, and what stops it if something does."""
    found = []
    try:
        for problem in find(*arguments):
            found.append(problem)
    except CasebookError as error:
        found.append(str(error))
    return found


def _stale_files() -> Iterator[str]:
    """Yield a sentence for each derived file that is missing or out of date."""
    for path, content in derived_files():
        if not path.exists() or path.read_bytes() != content:
            yield f"{path.name} is out of date; run 'make refresh'."


def _invalid(data: Path) -> list[str]:
    """Validate the tables: they are valid, or the exception says what is not."""
    datapackage.validate(data)
    return []


def _stale_cells(notebook: NotebookNode, texts: dict[str, str], path: Path) -> Iterator[str]:
    """Yield a sentence for each generated cell that is missing or differs from metadata and exercises."""
    stored = {cell.id: cell.source for cell in notebook.cells}
    for cell_id, text in texts.items():
        if stored.get(cell_id) != text:
            yield f"{path.name}, cell '{cell_id}' does not say what metadata and exercises say; run 'make refresh'."


def _first_wrong_count(notebook: NotebookNode, path: Path) -> str | None:
    """Return a sentence for the first code cell that was not executed in its turn."""
    for count, cell in enumerate(code_cells(notebook), start=1):
        if cell.execution_count is None:
            return f"{path.name}, cell '{cell.id}' was not executed: nbval would compare nothing; run 'make refresh'."
        if cell.execution_count != count:
            return f"{path.name}, cell '{cell.id}' was executed out of order; run 'make refresh'."
    return None
