"""Hold a chapter to the rules that authors agreed on."""

import ast
import json
import re
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from casebook.rows import table_of
from tools import alternative_text, exceptions
from tools.exercises import ExerciseHeader, headers
from tools.files import ROOT
from tools.notebooks import BOX, SELF_CHECK, Chapter, chapter_of, code_cells, first_line, read
from tools.tables import FRAME
from tools.widget_models import VIEW

ALLOWED = ROOT / "tests" / "allowed_tags.toml"

TAGS = {"exercise", "check", "solution", "hide-input", "hide-cell", "hide-output", "remove-input", "interactive"}
EXERCISE_TAGS = {"exercise", "check", "solution"}
CODE_CELLS = (12, 25)
MEDIAN_LINES = 4
MOST_LINES = 15
WORDS_OF_PROSE = (1_500, 2_500)
MOST_CAPTION_WORDS = 12
MOST_TABLE_CAPTION_WORDS = 14
LEAST_SHARE_WITHOUT_CODE = 1 / 3
OBJECTIVES = (3, 6)

NETWORK_MODULES = {"aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib", "urllib3"}
NBVAL_COMMENT = re.compile(r"NBVAL_\w+|PYTEST_VALIDATE_\w+")
EXERCISE_CELL = re.compile(r"ex-(?P<exercise>[a-z-]+-\d+)(?P<role>-answer|-check|-solution(-[a-z0-9-]+)?)?")
DIRECTIVE = re.compile(r"^(?:`{3,}|:{3,})\{exercise\} *(?P<title>.*)\n:label: *(?P<label>\S+)", re.MULTILINE)
ADDRESS_IN_OUTPUT = re.compile(r"\bat 0x[0-9a-f]{6,16}\b")


class Finding(NamedTuple):
    """One thing that a chapter does against the rules.

    ``what`` is set where ``tests/allowed_tags.toml`` may allow it, for a cell and with a reason.
    """

    cell: str
    message: str
    what: str = ""


class Allowance(NamedTuple):
    """One reviewed exception: this cell of this chapter may do this."""

    chapter: str
    cell: str
    what: str


def lint(path: Path, exercises: Path, allowed: set[Allowance] = frozenset()) -> list[str]:
    """Hold a chapter to every rule.

    Parameters
    ----------
    path : Path
        The chapter.
    exercises : Path
        The folder of exercise descriptions.
    allowed : set of Allowance
        The reviewed exceptions.

    Returns
    -------
    list of str
        One sentence for each problem: file, cell id, what to do; empty for a good chapter.

    Raises
    ------
    CasebookError
        If the chapter or its exercises cannot be read.
    """
    return [
        _told(path, finding)
        for finding in findings(path, exercises)
        if Allowance(path.stem, finding.cell, finding.what) not in allowed
    ]


def exercise_problems(path: Path, exercises: Path) -> list[str]:
    """Hold a chapter to the grammar of exercises alone.

    Parameters
    ----------
    path : Path
        The chapter.
    exercises : Path
        The folder of exercise descriptions.

    Returns
    -------
    list of str
        One sentence for each problem.

    Raises
    ------
    CasebookError
        If the chapter or its exercises cannot be read.
    """
    return [_told(path, finding) for finding in _exercise_cells(read(path), headers(path.stem, exercises))]


def _told(path: Path, finding: Finding) -> str:
    """Say a finding in a sentence."""
    return f"{path.name}, {f'cell {finding.cell!r}' if finding.cell else 'whole chapter'}: {finding.message}"


def findings(path: Path, exercises: Path) -> list[Finding]:
    """List what a chapter does against the rules, reviewed exceptions included.

    Parameters
    ----------
    path : Path
        The chapter.
    exercises : Path
        The folder of exercise descriptions.

    Returns
    -------
    list of Finding
        Empty for a good chapter.

    Raises
    ------
    CasebookError
        If the chapter or its exercises cannot be read.
    """
    notebook = read(path)
    chapter = chapter_of(notebook, path)
    specs = headers(chapter.slug, exercises)
    return [
        *_heading(notebook, chapter),
        *_tags(notebook),
        *_code(notebook),
        *_loaded_tables(notebook, chapter),
        *_code_sizes(notebook),
        *_prose_size(notebook),
        *_figures(notebook),
        *_table_captions(notebook),
        *_interactives(notebook),
        *_outputs(notebook),
        *_exercise_cells(notebook, specs),
        *_objectives(chapter, specs),
    ]


def allowances(path: Path = ALLOWED) -> set[Allowance]:
    """Read the reviewed exceptions.

    Parameters
    ----------
    path : Path
        A TOML file of ``[[allowed]]`` tables.

    Returns
    -------
    set of Allowance
        The exceptions, without their reasons.

    Raises
    ------
    CasebookError
        If an exception lacks something, such as its reason.
    """
    entries = exceptions.read(path, {"chapter", "cell", "what", "reason"})
    return {Allowance(entry["chapter"], entry["cell"], entry["what"]) for entry in entries}


def _heading(notebook: NotebookNode, chapter: Chapter) -> Iterator[Finding]:
    """Find a chapter that does not open with its title."""
    first = notebook.cells[0]
    if first.cell_type != "markdown" or first_line(first.source) != f"# {chapter.title}":
        yield Finding(first.id, f"the first line is not the title; start with '# {chapter.title}'.")


def _tags(notebook: NotebookNode) -> Iterator[Finding]:
    """Find tags that are not in the closed list; none in it switches nbval off."""
    for cell in notebook.cells:
        for tag in cell.metadata.get("tags", []):
            if tag not in TAGS:
                yield Finding(cell.id, f"the tag '{tag}' is not one of {', '.join(sorted(TAGS))}; take it off.", tag)


def _code(notebook: NotebookNode) -> Iterator[Finding]:
    """Find code that hides outputs, reaches the network or is not plain Python."""
    for cell in code_cells(notebook):
        for comment in NBVAL_COMMENT.findall(cell.source):
            yield Finding(cell.id, f"'{comment}' would switch nbval off; take it out.", comment)
        tree = _tree(cell)
        if tree is None:
            yield Finding(
                cell.id, "the code is not plain Python; take out magics (%), shell commands (!) and typing errors."
            )
            continue
        if not tree.body:
            yield Finding(cell.id, "the code cell has no code; delete it or make it Markdown.")
        for node in ast.walk(tree):
            yield from (Finding(cell.id, message, what) for message, what in _faults(node))


def _tree(cell: NotebookNode) -> ast.Module | None:
    """Parse the code of a cell; return None if it is not plain Python."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return None


def _faults(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one node of a cell's code: a message, and the name for ``allowed_tags.toml``."""
    match node:
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            yield "'import *' hides where names come from; name them.", "import *"
        case ast.Import(names=names):
            for alias in names:
                yield from _network(alias.name)
        case ast.ImportFrom(module=str(module)):
            yield from _network(module)
        case ast.keyword(arg="inplace", value=ast.Constant(value=True)):
            yield "'inplace=True' changes data behind the reader's back; assign the result.", "inplace"
        case ast.Attribute(value=ast.Name(id="warnings"), attr="filterwarnings" | "simplefilter" as name):
            yield f"'warnings.{name}' hides a warning; mend what it warns of.", "filterwarnings"
        case ast.Name(id="get_ipython"):
            yield "'get_ipython' runs magics; write plain Python.", "get_ipython"
        case ast.Call(func=ast.Name(id="load" | "cite"), args=[ast.Constant(value=str()), *_]):
            pass
        case ast.Call(func=ast.Name(id="cite")):
            yield 'write cite("...") with one row\'s id in quotes, so that the box can list its table.', "cite"
        case ast.Call(func=ast.Name(id="load")) | ast.Attribute(value=ast.Name(id="casebook"), attr="load" | "cite"):
            yield 'write load("...") with one table\'s name in quotes, so that the box can list it.', "load"
        case ast.Call(args=[ast.Constant(value=str(url)), *_]) if url.startswith(("http://", "https://", "ftp://")):
            yield "the code opens a web address; read from data/ with load().", "network"


def _network(module: str) -> Iterator[tuple[str, str]]:
    """Yield a fault if a module reaches the network."""
    if module.partition(".")[0] in NETWORK_MODULES:
        yield f"the module '{module}' reaches the network; read from data/ with load().", "network"


def _loaded_tables(notebook: NotebookNode, chapter: Chapter) -> Iterator[Finding]:
    """Find tables that cells load and the chapter does not name, and tables that it names and no cell loads."""
    loaded: dict[str, str] = {}
    for cell in code_cells(notebook):
        for node in ast.walk(_tree(cell) or ast.Module([], [])):
            for table in _tables_loaded_by(node):
                loaded.setdefault(table, cell.id)
    for table, cell_id in loaded.items():
        if table not in chapter.tables:
            yield Finding(cell_id, f"the cell loads '{table}'; add it to 'tables' in the metadata 'chapter'.")
    for table in chapter.tables:
        if table not in loaded:
            yield Finding("", f"no cell loads '{table}'; take it out of 'tables' in the metadata 'chapter'.")


def _tables_loaded_by(node: ast.AST) -> list[str]:
    """Return the tables that one node of a cell's code loads."""
    match node:
        case ast.Call(func=ast.Name(id="load"), args=[ast.Constant(value=str(table)), *_]):
            return [table]
        case ast.Call(func=ast.Name(id="cite"), args=[ast.Constant(value=str(row_id))]):
            return [*filter(None, [table_of(row_id)]), "sources"]
    return []


def _code_sizes(notebook: NotebookNode) -> Iterator[Finding]:
    """Find too few or too many code cells besides the exercises, and cells that are too long."""
    teaching = [cell for cell in code_cells(notebook) if not _is_exercise(cell)]
    least, most = CODE_CELLS
    if not least <= len(teaching) <= most:
        yield Finding("", f"it has {len(teaching)} code cells besides exercises; make it {least} to {most}.")
    median = statistics.median([_lines(cell) for cell in teaching] or [0])
    if median > MEDIAN_LINES:
        yield Finding(
            "", f"the median code cell has {median:g} lines; split cells until it is {MEDIAN_LINES} or fewer."
        )
    for cell in code_cells(notebook):
        if _lines(cell) > MOST_LINES:
            yield Finding(
                cell.id,
                f"the cell has {_lines(cell)} lines; split it, or move furniture into casebook ({MOST_LINES} at most).",
            )


def _lines(cell: NotebookNode) -> int:
    """Count the lines of a cell, blank ones included."""
    return len(cell.source.splitlines())


def _prose_size(notebook: NotebookNode) -> Iterator[Finding]:
    """Find too little or too much prose."""
    words = words_of_prose(notebook)
    least, most = WORDS_OF_PROSE
    if not least <= words <= most:
        yield Finding("", f"it has {words:,} words of prose; make it {least:,} to {most:,}.")


def prose_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """List the Markdown cells that a reader reads as running text: neither generated nor part of an exercise.

    Parameters
    ----------
    notebook : NotebookNode
        A chapter.

    Returns
    -------
    list of NotebookNode
        In reading order.
    """
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "markdown" and cell.id not in {BOX, SELF_CHECK} and not EXERCISE_CELL.fullmatch(cell.id)
    ]


def words_of_prose(notebook: NotebookNode) -> int:
    """Count the words that a reader reads as running text.

    Counted: Markdown cells with their headings, lists, tables and boxes. Not counted: the generated cells, the
    exercises (which students do rather than read), fence and option lines of directives, and link targets.

    Parameters
    ----------
    notebook : NotebookNode
        A chapter.

    Returns
    -------
    int
        The number of words.
    """
    text = "\n".join(cell.source for cell in prose_cells(notebook))
    text = re.sub(r"^\s*(`{3,}|:{3,})(\{[\w-]+\})?|^:[\w-]+:.*$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)", "] ", text)
    return sum(1 for token in text.split() if re.search(r"\w", token))


def _figures(notebook: NotebookNode) -> Iterator[Finding]:
    """Find figures without a name to refer to, a short caption, or a text that says what they show."""
    names = []
    for cell in code_cells(notebook):
        if not {"image/png", "image/svg+xml"} & {kind for output in cell.outputs for kind in output.get("data", {})}:
            continue
        said = cell.metadata.get("mystnb", {})
        name = said.get("figure", {}).get("name", "")
        caption = said.get("figure", {}).get("caption", "").split()
        if not name.startswith("fig-") or name in names:
            yield Finding(
                cell.id, "the figure needs mystnb.figure.name, 'fig-...', unlike any other; add it to the metadata."
            )
        if not 0 < len(caption) <= MOST_CAPTION_WORDS:
            yield Finding(
                cell.id,
                f"the figure needs mystnb.figure.caption of 1 to {MOST_CAPTION_WORDS} words; it has {len(caption)}.",
            )
        if fault := alternative_text.fault(said.get("image", {}).get("alt", ""), " ".join(caption)):
            yield Finding(cell.id, f"mystnb.image.alt {fault}")
        names.append(name)


def _table_captions(notebook: NotebookNode) -> Iterator[Finding]:
    """Find tables outside exercises without a short caption, which people who cannot see the page need."""
    for cell in code_cells(notebook):
        shows = any(f'class="{FRAME}"' in output.get("data", {}).get("text/html", "") for output in cell.outputs)
        words = len(cell.metadata.get("casebook", {}).get("caption", "").split())
        if shows and not _is_exercise(cell) and not 0 < words <= MOST_TABLE_CAPTION_WORDS:
            yield Finding(
                cell.id,
                f"the table needs casebook.caption of 1 to {MOST_TABLE_CAPTION_WORDS} words in the metadata; "
                f"it has {words}.",
            )


def _is_exercise(cell: NotebookNode) -> bool:
    """Tell whether a cell is tagged as part of an exercise."""
    return bool(EXERCISE_TAGS & set(cell.metadata.get("tags", [])))


def _interactives(notebook: NotebookNode) -> Iterator[Finding]:
    """Find interactives without the tag ``interactive``, and the tag without an interactive."""
    for cell in code_cells(notebook):
        shows = any(VIEW in output.get("data", {}) for output in cell.outputs)
        tagged = "interactive" in cell.metadata.get("tags", [])
        if shows and not tagged:
            yield Finding(cell.id, "the cell shows an interactive; give it the tag 'interactive'.")
        if tagged and not shows:
            yield Finding(cell.id, "the tag 'interactive' stands on a cell that shows none; take it off.")


def _outputs(notebook: NotebookNode) -> Iterator[Finding]:
    """Find outputs that differ from one run to the next."""
    for cell in code_cells(notebook):
        if ADDRESS_IN_OUTPUT.search(json.dumps(cell.outputs)):
            yield Finding(cell.id, "an output shows a memory address; end the cell with plt.show() or a value.")


def _exercise_cells(notebook: NotebookNode, specs: list[ExerciseHeader]) -> Iterator[Finding]:
    """Find exercises that are not prompt, answer, check and solution in a row, or not in the TOML file."""
    found: dict[str, list[NotebookNode]] = {}
    previous = ""
    for cell in notebook.cells:
        name = EXERCISE_CELL.fullmatch(cell.id)
        exercise = name["exercise"] if name else ""
        if exercise in found and exercise != previous:
            yield Finding(cell.id, "the cell stands apart from its exercise; move it there.")
        if exercise:
            found.setdefault(exercise, []).append(cell)
        elif _is_exercise(cell):
            yield Finding(
                cell.id, "the cell is tagged as part of an exercise; name it 'ex-<slug>-<n>-<part>' or untag it."
            )
        previous = exercise
    described = {spec.id: spec for spec in specs}
    for exercise in sorted(described.keys() - found.keys()):
        yield Finding("", f"the exercise '{exercise}' of the TOML file is not in the notebook; add its cells.")
    for exercise, cells in found.items():
        if exercise in described:
            yield from _grammar(described[exercise], cells)
        else:
            yield Finding(cells[0].id, f"the exercise '{exercise}' is not in the TOML file; describe it there.")


def _grammar(spec: ExerciseHeader, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Yield what is wrong with the cells of one exercise."""
    name, answer = f"ex-{spec.id}", f"answer_{spec.id.rpartition('-')[2]}"
    order = [cell.id for cell in cells[:4]]
    expected = [name, f"{name}-answer", f"{name}-check", f"{name}-solution"]
    if order != expected:
        yield Finding(cells[0].id, f"the exercise has the cells {', '.join(order)}; make them {', '.join(expected)}.")
        return
    prompt, starter, checker, *solution = cells
    call = f'check("{spec.id}", {answer})'
    directive = DIRECTIVE.search(prompt.source)
    if prompt.cell_type != "markdown" or not directive or directive["label"] != spec.id:
        yield Finding(prompt.id, f"the prompt needs an {{exercise}} directive with ':label: {spec.id}'; add it.")
    elif directive["title"].strip() != spec.title:
        yield Finding(prompt.id, f"the title is not that of the TOML file; make it '{spec.title}'.")
    if not _is_code(starter, {"exercise"}) or not _assigns(starter.source, answer):
        yield Finding(starter.id, f"the answer cell is code with the tag 'exercise' and '{answer} = ...'; make it so.")
    if not _is_code(checker, {"check"}) or checker.source.strip() != call:
        yield Finding(checker.id, f"the check cell is code with the tag 'check' and only '{call}'; make it so.")
    elif _printed(checker) != f"{spec.id}: not answered yet.\n":
        yield Finding(checker.id, "the starter does not count as unanswered; empty it, then run 'make refresh'.")
    worked = [cell for cell in solution if cell.cell_type == "code"]
    source = "\n".join(cell.source for cell in worked)
    if not _assigns(source, answer) or not source.rstrip().endswith(call):
        yield Finding(solution[0].id, f"the solution does not set '{answer}' and end with '{call}'; make it so.")
    elif not (_printed(worked[-1]).splitlines() or [""])[-1].startswith(f"{spec.id}: correct. "):
        yield Finding(worked[-1].id, "the solution is not correct by its own check; mend it, then run 'make refresh'.")
    for cell in solution:
        own = set(cell.metadata.get("tags", []))
        if "solution" not in own or not own & {"hide-input", "hide-cell"}:
            yield Finding(
                cell.id, "the solution cell lacks the tag 'solution', or one of 'hide-input' and 'hide-cell'; add it."
            )


def _printed(cell: NotebookNode) -> str:
    """Return all text that a cell printed."""
    return "".join(output.get("text", "") for output in cell.outputs)


def _is_code(cell: NotebookNode, tagged: set[str]) -> bool:
    """Tell whether a cell is code with these tags."""
    return cell.cell_type == "code" and tagged <= set(cell.metadata.get("tags", []))


def _assigns(source: str, name: str) -> bool:
    """Tell whether code gives a value to a name, by assignment or as a function."""
    return bool(re.search(rf"^({name}\s*(:[^=\n]+)?=(?!=)|def {name}\()", source, flags=re.MULTILINE))


def _objectives(chapter: Chapter, specs: list[ExerciseHeader]) -> Iterator[Finding]:
    """Find objectives that are not assessed, exercises that name none, and too few exercises without code."""
    least, most = OBJECTIVES
    if not least <= len(chapter.objectives) <= most:
        yield Finding("", f"it has {len(chapter.objectives)} objectives; make it {least} to {most}.")
    for spec in specs:
        if spec.objective not in chapter.objectives:
            yield Finding(
                f"ex-{spec.id}", f"the objective '{spec.objective}' is not one of the chapter's; name one of them."
            )
    for name in sorted(chapter.objectives.keys() - {spec.objective for spec in specs}):
        yield Finding("", f"no exercise assesses the objective '{name}'; add one or drop the objective.")
    without_code = [spec for spec in specs if not spec.code]
    if len(without_code) < LEAST_SHARE_WITHOUT_CODE * len(specs):
        yield Finding("", f"{len(without_code)} of {len(specs)} exercises need no code; make it a third or more.")
