"""Read chapters, write their generated cells, and hold them to the rules that authors agreed on.

A chapter is an executed notebook in ``book/``. Its metadata key ``chapter`` says what it is for (:class:`Chapter`),
its exercises are described in ``exercises/<slug>.toml`` (:class:`ExerciseHeader`), and two of its cells,
``chapter-box`` and ``self-check``, are written from those by ``make refresh``.
"""

import ast
import json
import re
import statistics
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from casebook.errors import CasebookError
from tools.files import EXERCISES, ROOT

ALLOWED = ROOT / "tests" / "allowed_tags.toml"

BOX = "chapter-box"
SELF_CHECK = "self-check"

TAGS = {"exercise", "check", "solution", "hide-input", "hide-cell", "hide-output", "remove-input", "interactive"}
EXERCISE_TAGS = {"exercise", "check", "solution"}
CODE_CELLS = (12, 25)
MEDIAN_LINES = 4
MOST_LINES = 15
WORDS_OF_PROSE = (1_500, 2_500)
LEAST_ALT = 60
MOST_CAPTION_WORDS = 12
LEAST_SHARE_WITHOUT_CODE = 1 / 3
OBJECTIVES = (3, 6)

NETWORK_MODULES = {"aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib", "urllib3"}
NBVAL_COMMENT = re.compile(r"NBVAL_\w+|PYTEST_VALIDATE_\w+")
WORD_ID = re.compile(r"[a-z0-9-]+")
RANDOM_ID = re.compile(r"(?=.*\d)[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")
EXERCISE_CELL = re.compile(r"ex-(?P<exercise>[a-z-]+-\d+)(?P<role>-answer|-check|-solution(-[a-z0-9-]+)?)?")
DIRECTIVE = re.compile(r"^(?:`{3,}|:{3,})\{exercise\} *(?P<title>.*)\n:label: *(?P<label>\S+)", re.MULTILINE)
ADDRESS_IN_OUTPUT = re.compile(r"\bat 0x[0-9a-f]{6,16}\b")

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
MODEL_REFERENCE = "IPY_MODEL_"


# --- Reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chapter:
    """What a chapter says about itself, in the notebook's metadata.

    Attributes
    ----------
    slug : str
        The file name without its suffix.
    title, question : str
        The heading, and the one question that the chapter answers.
    objectives : dict of str to str
        Name of an objective to its sentence, verb first.
    read, do : int
        Minutes for reading and for the exercises.
    needs : list of str
        Slugs of the chapters to read before this one.
    tables : list of str
        Names of the tables of ``data/`` that the chapter uses.
    terms : list of str
        Key terms.
    """

    slug: str
    title: str
    question: str
    objectives: dict[str, str]
    read: int
    do: int
    needs: list[str]
    tables: list[str]
    terms: list[str]


@dataclass(frozen=True)
class ExerciseHeader:
    """What a chapter needs to know of an exercise; tools/keys.py reads and checks the rest of its description."""

    id: str
    objective: str
    title: str
    code: bool


def read(path: Path) -> NotebookNode:
    """Read a notebook, and refuse a file that is not one.

    Parameters
    ----------
    path : Path
        An ``.ipynb`` file.

    Returns
    -------
    NotebookNode
        A valid notebook of format 4.5 whose cell ids are unique.

    Raises
    ------
    CasebookError
        If the file is missing, is not JSON, or is not a valid notebook of that format.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text)
    except FileNotFoundError:
        raise CasebookError(f"{path.name} does not exist; restore it or take it out of _toc.yml.") from None
    except ValueError as error:
        raise CasebookError(f"{path.name} is not JSON ({error}); restore it from git.") from None
    version = (found.get("nbformat"), found.get("nbformat_minor")) if isinstance(found, dict) else None
    if version != (4, 5):
        raise CasebookError(f"{path.name} is not a notebook of format 4.5; open it in JupyterLab and save it again.")
    ids = [cell.get("id") for cell in found["cells"]]
    for number, cell_id in enumerate(ids, start=1):
        if cell_id is None or ids.count(cell_id) > 1:
            raise CasebookError(
                f"{path.name}: the id of cell {number} ({cell_id}) is missing or used twice; give it a word."
            )
    try:
        notebook = nbformat.v4.reads(text)
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise CasebookError(
            f"{path.name} is not a valid notebook ({first_line(error.message)}); correct it there."
        ) from None
    return notebook


def chapter_of(notebook: NotebookNode, path: Path) -> Chapter:
    """Read what a chapter says about itself.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter.
    path : Path
        Where it is, for the message and for the slug.

    Raises
    ------
    CasebookError
        If the metadata key ``chapter`` lacks a part, a part has the wrong type, or the slug is not the file name.
    """
    said = notebook.metadata.get("chapter", {})
    expected = {
        "slug": str, "title": str, "question": str, "objectives": dict, "minutes": dict,
        "needs": list, "tables": list, "terms": list,
    }  # fmt: skip
    for key, kind in expected.items():
        if not isinstance(said.get(key), kind):
            raise CasebookError(f"{path.name}: metadata 'chapter' needs '{key}' as a {kind.__name__}; add it.")
    for key in ("read", "do"):
        if not isinstance(said.minutes.get(key), int):
            raise CasebookError(f"{path.name}: metadata 'chapter' needs minutes['{key}'] as a whole number; add it.")
    if said.slug != path.stem:
        raise CasebookError(f"{path.name}: metadata 'chapter' has the slug '{said.slug}'; make it '{path.stem}'.")
    return Chapter(
        slug=said.slug,
        title=said.title,
        question=said.question,
        objectives=dict(said.objectives),
        read=said.minutes.read,
        do=said.minutes.do,
        needs=list(said.needs),
        tables=list(said.tables),
        terms=list(said.terms),
    )


def exercises_of(slug: str, folder: Path = EXERCISES) -> list[ExerciseHeader]:
    """Read the exercises of a chapter, in the order of ``exercises/<slug>.toml``.

    Raises
    ------
    CasebookError
        If the file is missing or not TOML, or an exercise has no id, objective or title.
    """
    path = folder / f"{slug}.toml"
    try:
        specs = tomllib.loads(path.read_text(encoding="utf-8")).get("exercise", [])
    except FileNotFoundError:
        raise CasebookError(f"exercises/{path.name} does not exist; add it, with one [[exercise]] each.") from None
    except tomllib.TOMLDecodeError as error:
        raise CasebookError(f"exercises/{path.name} is not TOML ({error}); correct it there.") from None
    for number, spec in enumerate(specs, start=1):
        for key in ("id", "objective", "title"):
            if not isinstance(spec.get(key), str):
                raise CasebookError(f"exercises/{path.name}: exercise {number} has no '{key}'; add it.")
    return [ExerciseHeader(spec["id"], spec["objective"], spec["title"], spec.get("code", True)) for spec in specs]


def first_line(text: str) -> str:
    """Return the first line of a message that may have many."""
    return text.strip().partition("\n")[0]


# --- Widgets ----------------------------------------------------------------------------------------------------------


def models(notebook: NotebookNode) -> dict[str, dict]:
    """Return the stored widget models of a notebook by id."""
    return notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})


def references(node: object) -> Iterator[str]:
    """Yield the ids of the widget models that a piece of JSON refers to, in a fixed order."""
    if isinstance(node, str) and node.startswith(MODEL_REFERENCE):
        yield node.removeprefix(MODEL_REFERENCE)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        for key in sorted(node):
            if key == VIEW:
                yield node[key]["model_id"]
            else:
                yield from references(node[key])


def reach(start: list[str], stored: dict[str, dict]) -> list[str]:
    """List the models that the models in `start` are made of, themselves included, each once, depth first."""
    found: dict[str, None] = {}

    def visit(model_id: str) -> None:
        if model_id in stored and model_id not in found:
            found[model_id] = None
            for part in references(stored[model_id]["state"]):
                visit(part)

    for model_id in start:
        visit(model_id)
    return list(found)


def refuse_stored_errors(path: Path) -> None:
    """Refuse a notebook whose outputs show an exception, of a cell or of a widget's callback.

    Raises
    ------
    CasebookError
        If there is one: file, cell id and error.
    """
    refuse_errors(read(path), path)


def refuse_errors(notebook: NotebookNode, path: Path) -> None:
    """Do the same as :func:`refuse_stored_errors` for a notebook in memory.

    A callback's exception never reaches the cell: it stands in the state of an Output widget that the cell shows.
    """
    stored = models(notebook)
    for cell in notebook.cells:
        shown = [stored[model_id]["state"] for model_id in reach(list(references(cell.get("outputs"))), stored)]
        outputs = [*cell.get("outputs", []), *(output for state in shown for output in state.get("outputs", []))]
        for output in outputs:
            if output["output_type"] == "error":
                told = f"{output['ename']}: {first_line(output['evalue'])}"
                raise CasebookError(
                    f"{path.name}, cell '{cell.id}' shows {told}; correct the code, then run 'make refresh'."
                )


# --- Generated cells --------------------------------------------------------------------------------------------------


def chapter_box(chapter: Chapter, exercises: list[ExerciseHeader], titles: dict[str, str]) -> str:
    """Write the box at the top of a chapter: question, objectives, time, needs, data, terms.

    Parameters
    ----------
    chapter : Chapter
        What the chapter says about itself.
    exercises : list of ExerciseHeader
        Its exercises; they give the objectives their order, which JSON metadata cannot.
    titles : dict of str to str
        Titles of the chapters that this one needs, by slug.
    """
    needs = ", ".join(f"[{titles[slug]}]({slug}.ipynb)" for slug in chapter.needs) or "no other chapter"
    tables = ", ".join(f"[{table}](codebook.md#{table})" for table in chapter.tables)
    return "\n".join(
        [
            ":::{admonition} In this chapter",
            "",
            f"*{chapter.question}*",
            "",
            "By the end you can:",
            "",
            *(f"- {chapter.objectives[name]}" for name in objectives_in_order(chapter, exercises)),
            "",
            f"**Time:** {chapter.read} minutes to read, {chapter.do} minutes to do.",
            "",
            f"**Needs:** {needs}.",
            "",
            f"**Data:** {tables}.",
            "",
            f"**Key terms:** {', '.join(chapter.terms)}.",
            "",
            ":::",
        ]
    )


def self_check(chapter: Chapter, exercises: list[ExerciseHeader]) -> str:
    """Write the self-check: each objective with links to the exercises that assess it."""
    lines = ["## Self-check", "", "Can you do each of these? The exercises beside an objective let you try.", ""]
    for name in objectives_in_order(chapter, exercises):
        links = ", ".join(f"[{exercise.title}](#{exercise.id})" for exercise in exercises if exercise.objective == name)
        lines.append(f"- {chapter.objectives[name]}" + (f" *Try:* {links}." if links else ""))
    return "\n".join(lines)


def objectives_in_order(chapter: Chapter, exercises: list[ExerciseHeader]) -> list[str]:
    """List the objectives in the order in which exercises first assess them."""
    assessed = [exercise.objective for exercise in exercises if exercise.objective in chapter.objectives]
    return list(dict.fromkeys([*assessed, *sorted(chapter.objectives)]))


def generated_cells(notebook: NotebookNode, path: Path, exercises: Path = EXERCISES) -> dict[str, str]:
    """Return the text of the two generated cells by cell id, as metadata and exercises have it now."""
    chapter = chapter_of(notebook, path)
    specs = exercises_of(chapter.slug, exercises)
    titles = {slug: title_of(path.with_name(f"{slug}.ipynb")) for slug in chapter.needs}
    return {BOX: chapter_box(chapter, specs, titles), SELF_CHECK: self_check(chapter, specs)}


def title_of(path: Path) -> str:
    """Return the title of a chapter."""
    return chapter_of(read(path), path).title


def write_generated_cells(notebook: NotebookNode, path: Path, exercises: Path = EXERCISES) -> None:
    """Put the two generated cells in: the box as second cell, the self-check where it is or before ``sources``."""
    texts = generated_cells(notebook, path, exercises)
    ids = [cell.id for cell in notebook.cells]
    if SELF_CHECK not in ids:
        place = ids.index("sources") if "sources" in ids else len(ids)
        notebook.cells.insert(place, nbformat.v4.new_markdown_cell(id=SELF_CHECK))
    notebook.cells = [cell for cell in notebook.cells if cell.id != BOX]
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(id=BOX))
    for cell in notebook.cells:
        cell.source = texts.get(cell.id, cell.source)


# --- Rules ------------------------------------------------------------------------------------------------------------


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


def lint(path: Path, exercises: Path = EXERCISES, allowed: set[Allowance] = frozenset()) -> list[str]:
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
    """
    return [
        f"{path.name}, {f'cell {finding.cell!r}' if finding.cell else 'whole chapter'}: {finding.message}"
        for finding in findings(path, exercises)
        if Allowance(path.stem, finding.cell, finding.what) not in allowed
    ]


def findings(path: Path, exercises: Path = EXERCISES) -> list[Finding]:
    """List what a chapter does against the rules, reviewed exceptions included."""
    notebook = read(path)
    chapter = chapter_of(notebook, path)
    specs = exercises_of(chapter.slug, exercises)
    return [
        *heading(notebook, chapter),
        *cell_ids(notebook),
        *tags(notebook),
        *code(notebook),
        *code_sizes(notebook),
        *prose_size(notebook),
        *figures(notebook),
        *interactives(notebook),
        *outputs(notebook),
        *exercise_cells(notebook, specs),
        *objectives(chapter, specs),
    ]


def allowances(path: Path = ALLOWED) -> set[Allowance]:
    """Read the reviewed exceptions.

    Raises
    ------
    CasebookError
        If an exception has no reason.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["allowed"]
    for number, entry in enumerate(entries, start=1):
        if set(entry) != {"chapter", "cell", "what", "reason"} or not entry["reason"].strip():
            raise CasebookError(
                f"{path.name}: entry {number} needs chapter, cell, what and a reason; add what is missing."
            )
    return {Allowance(entry["chapter"], entry["cell"], entry["what"]) for entry in entries}


def heading(notebook: NotebookNode, chapter: Chapter) -> Iterator[Finding]:
    """Find a chapter that does not open with its title."""
    first = notebook.cells[0]
    if first.cell_type != "markdown" or first_line(first.source) != f"# {chapter.title}":
        yield Finding(first.id, f"the first line is not the title; start with '# {chapter.title}'.")


def cell_ids(notebook: NotebookNode) -> Iterator[Finding]:
    """Find ids that are not words: people read them in messages, and students' answers are found by them."""
    for cell in notebook.cells:
        if not is_word(cell.id):
            yield Finding(cell.id, "the id is not made of words; use lower-case words, digits and hyphens.")


def is_word(cell_id: str) -> bool:
    """Tell whether a cell id was chosen by a person: lower-case words, not a random number."""
    return bool(WORD_ID.fullmatch(cell_id)) and not RANDOM_ID.fullmatch(cell_id)


def tags(notebook: NotebookNode) -> Iterator[Finding]:
    """Find tags that are not in the closed list; none in it switches nbval off."""
    for cell in notebook.cells:
        for tag in cell.metadata.get("tags", []):
            if tag not in TAGS:
                yield Finding(cell.id, f"the tag '{tag}' is not one of {', '.join(sorted(TAGS))}; take it off.", tag)


def code(notebook: NotebookNode) -> Iterator[Finding]:
    """Find code that hides outputs, reaches the network or is not plain Python."""
    for cell in code_cells(notebook):
        for comment in NBVAL_COMMENT.findall(cell.source):
            yield Finding(cell.id, f"'{comment}' would switch nbval off; take it out.", comment)
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            yield Finding(
                cell.id, "the code is not plain Python; take out magics (%), shell commands (!) and typing errors."
            )
            continue
        if not tree.body:
            yield Finding(cell.id, "the code cell has no code; delete it or make it Markdown.")
        for node in ast.walk(tree):
            yield from (Finding(cell.id, message, what) for message, what in faults(node))


def faults(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one node of a cell's code: a message, and the name for ``allowed_tags.toml``."""
    match node:
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            yield "'import *' hides where names come from; name them.", "import *"
        case ast.Import(names=names):
            for alias in names:
                yield from network(alias.name)
        case ast.ImportFrom(module=str(module)):
            yield from network(module)
        case ast.keyword(arg="inplace", value=ast.Constant(value=True)):
            yield "'inplace=True' changes data behind the reader's back; assign the result.", "inplace"
        case ast.Attribute(value=ast.Name(id="warnings"), attr="filterwarnings" | "simplefilter" as name):
            yield f"'warnings.{name}' hides a warning; mend what it warns of.", "filterwarnings"
        case ast.Name(id="get_ipython"):
            yield "'get_ipython' runs magics; write plain Python.", "get_ipython"
        case ast.Call(args=[ast.Constant(value=str(url)), *_]) if url.startswith(("http://", "https://", "ftp://")):
            yield "the code opens a web address; read from data/ with load().", "network"


def network(module: str) -> Iterator[tuple[str, str]]:
    """Yield a fault if a module reaches the network."""
    if module.partition(".")[0] in NETWORK_MODULES:
        yield f"the module '{module}' reaches the network; read from data/ with load().", "network"


def code_sizes(notebook: NotebookNode) -> Iterator[Finding]:
    """Find too few or too many code cells besides the exercises, and cells that are too long."""
    teaching = [cell for cell in code_cells(notebook) if not EXERCISE_TAGS & set(cell.metadata.get("tags", []))]
    least, most = CODE_CELLS
    if not least <= len(teaching) <= most:
        yield Finding("", f"it has {len(teaching)} code cells besides exercises; make it {least} to {most}.")
    median = statistics.median([lines(cell) for cell in teaching] or [0])
    if median > MEDIAN_LINES:
        yield Finding(
            "", f"the median code cell has {median:g} lines; split cells until it is {MEDIAN_LINES} or fewer."
        )
    for cell in code_cells(notebook):
        if lines(cell) > MOST_LINES:
            yield Finding(
                cell.id,
                f"the cell has {lines(cell)} lines; split it, or move furniture into casebook ({MOST_LINES} at most).",
            )


def lines(cell: NotebookNode) -> int:
    """Count the lines of a cell, blank ones included."""
    return len(cell.source.splitlines())


def prose_size(notebook: NotebookNode) -> Iterator[Finding]:
    """Find too little or too much prose."""
    words = words_of_prose(notebook)
    least, most = WORDS_OF_PROSE
    if not least <= words <= most:
        yield Finding("", f"it has {words:,} words of prose; make it {least:,} to {most:,}.")


def words_of_prose(notebook: NotebookNode) -> int:
    """Count the words that a reader reads as running text.

    Counted: Markdown cells with their headings, lists, tables and boxes. Not counted: the generated cells, the
    exercises (which students do rather than read), fence and option lines of directives, and link targets.
    """
    prose = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown" and cell.id not in {BOX, SELF_CHECK} and not EXERCISE_CELL.fullmatch(cell.id)
    ]
    text = "\n".join(prose)
    text = re.sub(r"^\s*(`{3,}|:{3,})(\{[\w-]+\})?|^:[\w-]+:.*$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)", "] ", text)
    return sum(1 for token in text.split() if re.search(r"\w", token))


def figures(notebook: NotebookNode) -> Iterator[Finding]:
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
        yield from (Finding(cell.id, fault) for fault in alt_faults(said.get("image", {}).get("alt", "")))
        names.append(name)


def alt_faults(alt: str) -> Iterator[str]:
    """Yield what is wrong with the text alternative of a figure."""
    if len(alt) < LEAST_ALT:
        yield f"mystnb.image.alt has {len(alt)} characters; say kind, axes and finding in {LEAST_ALT} or more."
    if re.match(r"(an? |the )?(figure|plot|image|picture) of", alt, flags=re.IGNORECASE):
        yield "mystnb.image.alt starts with 'figure of' or the like; start with the kind of figure."
    if re.search(r"\.(png|svg|jpe?g|ipynb|csv)\b|\b[0-9a-f]{16,}\b", alt, flags=re.IGNORECASE):
        yield "mystnb.image.alt holds a file name or a hash; say what the figure shows."


def interactives(notebook: NotebookNode) -> Iterator[Finding]:
    """Find interactives without the tag ``interactive``, and the tag without an interactive."""
    for cell in code_cells(notebook):
        shows = any(VIEW in output.get("data", {}) for output in cell.outputs)
        tagged = "interactive" in cell.metadata.get("tags", [])
        if shows and not tagged:
            yield Finding(cell.id, "the cell shows an interactive; give it the tag 'interactive'.")
        if tagged and not shows:
            yield Finding(cell.id, "the tag 'interactive' stands on a cell that shows none; take it off.")


def outputs(notebook: NotebookNode) -> Iterator[Finding]:
    """Find outputs that differ from one run to the next."""
    for cell in code_cells(notebook):
        if ADDRESS_IN_OUTPUT.search(json.dumps(cell.outputs)):
            yield Finding(cell.id, "an output shows a memory address; end the cell with plt.show() or a value.")


def exercise_cells(notebook: NotebookNode, specs: list[ExerciseHeader]) -> Iterator[Finding]:
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
        elif EXERCISE_TAGS & set(cell.metadata.get("tags", [])):
            yield Finding(
                cell.id, "the cell is tagged as part of an exercise; name it 'ex-<slug>-<n>-<part>' or untag it."
            )
        previous = exercise
    described = {spec.id: spec for spec in specs}
    for exercise in sorted(described.keys() - found.keys()):
        yield Finding("", f"the exercise '{exercise}' of the TOML file is not in the notebook; add its cells.")
    for exercise, cells in found.items():
        if exercise in described:
            yield from grammar(described[exercise], cells)
        else:
            yield Finding(cells[0].id, f"the exercise '{exercise}' is not in the TOML file; describe it there.")


def grammar(spec: ExerciseHeader, cells: list[NotebookNode]) -> Iterator[Finding]:
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
    if not is_code(starter, {"exercise"}) or not assigns(starter.source, answer):
        yield Finding(starter.id, f"the answer cell is code with the tag 'exercise' and '{answer} = ...'; make it so.")
    if not is_code(checker, {"check"}) or checker.source.strip() != call:
        yield Finding(checker.id, f"the check cell is code with the tag 'check' and only '{call}'; make it so.")
    worked = "\n".join(cell.source for cell in solution if cell.cell_type == "code")
    if not assigns(worked, answer) or not worked.rstrip().endswith(call):
        yield Finding(solution[0].id, f"the solution does not set '{answer}' and end with '{call}'; make it so.")
    for cell in solution:
        own = set(cell.metadata.get("tags", []))
        if "solution" not in own or not own & {"hide-input", "hide-cell"}:
            yield Finding(
                cell.id, "the solution cell lacks the tag 'solution', or one of 'hide-input' and 'hide-cell'; add it."
            )


def is_code(cell: NotebookNode, tagged: set[str]) -> bool:
    """Tell whether a cell is code with these tags."""
    return cell.cell_type == "code" and tagged <= set(cell.metadata.get("tags", []))


def assigns(source: str, name: str) -> bool:
    """Tell whether code gives a value to a name, by assignment or as a function."""
    return bool(re.search(rf"^({name}\s*(:[^=\n]+)?=(?!=)|def {name}\()", source, flags=re.MULTILINE))


def objectives(chapter: Chapter, specs: list[ExerciseHeader]) -> Iterator[Finding]:
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


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """List the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
