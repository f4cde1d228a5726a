"""Write a course folder that nbgrader takes as it is: one assignment a chapter, solutions where nbgrader removes them.

In a chapter the solution has a cell of its own, which nbgrader would hand out. Here it stands in the answer cell,
between the two lines that nbgrader looks for.
"""

import copy
import shutil
from pathlib import Path

from nbformat import NotebookNode

from casebook.errors import CasebookError
from tools.exchange.nbgrader_cells import ANSWER
from tools.files import BOOK, DATA, write_atomic
from tools.normal_form import as_bytes
from tools.notebooks import code_cells, read

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = "# Write your answer here, in place of the three dots."
NOT_HANDED_OUT = shutil.ignore_patterns("__pycache__", "*.tmp", "*.ipynb")
CONFIGURATION = f'''"""Settings of nbgrader for this course; run nbgrader in this folder."""

c = get_config()
c.CourseDirectory.course_id = "casebook"
c.ClearSolutions.code_stub = {{"python": {STUB!r}}}
c.Execute.timeout = 120  # seconds a cell
'''


def assignment(chapter: NotebookNode, name: str) -> NotebookNode:
    """Turn a chapter into the instructor's version of an assignment.

    Parameters
    ----------
    chapter : NotebookNode
        A chapter whose cells are marked for nbgrader; it stays as it is.
    name : str
        Its file, for the message.

    Returns
    -------
    NotebookNode
        A copy without outputs. Each answer cell holds the starter and then the solution, between nbgrader's two marks;
        the chapter's own solution cells are gone.

    Raises
    ------
    CasebookError
        If an answer cell is not marked, or an exercise has no solution.
    """
    notebook = copy.deepcopy(chapter)
    for cell in notebook.cells:
        if ANSWER in cell.metadata.get("tags", []):
            if not cell.metadata.get("nbgrader", {}).get("solution"):
                raise CasebookError(f"{name}, cell '{cell.id}' is not marked for nbgrader; run 'make refresh'.")
            cell.source = "\n".join([cell.source, BEGIN, _solution(chapter, cell.id, name), END])
    notebook.cells = [cell for cell in notebook.cells if "solution" not in cell.metadata.get("tags", [])]
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    notebook.metadata.pop("widgets", None)
    return notebook


def _solution(chapter: NotebookNode, answer_id: str, name: str) -> str:
    """Join the code of an exercise's solution cells, without its calls of the check."""
    exercise = answer_id.removesuffix("-answer")
    (call,) = (cell.source.partition(",")[0] for cell in chapter.cells if cell.id == f"{exercise}-check")
    sources = [cell.source for cell in code_cells(chapter) if f"{cell.id}-".startswith(f"{exercise}-solution-")]
    lines = [line for source in sources for line in source.splitlines() if not line.startswith(call)]
    if not lines:
        raise CasebookError(f"{name}: the exercise '{exercise.removeprefix('ex-')}' has no solution cell; write one.")
    return "\n".join(lines).strip("\n")


def write_course(folder: Path, chapters: list[Path], book: Path = BOOK, data: Path = DATA) -> None:
    """Write the course folder afresh.

    Parameters
    ----------
    folder : Path
        Gets ``nbgrader_config.py`` and ``source/<slug>/``; what else nbgrader has put there stays.
    chapters : list of Path
        The chapters, one an assignment.
    book, data : Path
        Where package, pages and tables are: each assignment has its own copy of them, so that it runs anywhere.

    Raises
    ------
    CasebookError
        If a chapter is refused.
    """
    write_atomic(folder / "nbgrader_config.py", CONFIGURATION.encode())
    for path in chapters:
        target = folder / "source" / path.stem
        shutil.rmtree(target, ignore_errors=True)
        write_atomic(target / path.name, as_bytes(assignment(read(path), path.name)))
        shutil.copytree(book / "casebook", target / "casebook", ignore=NOT_HANDED_OUT)
        shutil.copytree(data, target / "data", ignore=NOT_HANDED_OUT)
        for page in book.glob("*.md"):
            shutil.copy(page, target / page.name)
