"""One planted fault for every rule that a chapter must keep, and the reviewed exceptions."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output
from sample_chapter import EXERCISES, cell, code, markdown, printed, sample, write_sample

from casebook.errors import CasebookError
from tools import exceptions
from tools.lint import Allowance, allowances, lint, words_of_prose

Plant = Callable[[NotebookNode], object]


def source(cell_id: str, text: str) -> Plant:
    """Return a fault: other source in a cell."""
    return lambda notebook: cell(notebook, cell_id).update(source=text)


def tag(cell_id: str, *tags: str) -> Plant:
    """Return a fault: other tags on a cell."""
    return lambda notebook: cell(notebook, cell_id).metadata.update(tags=list(tags))


def alt(text: str) -> Plant:
    """Return a fault: another text alternative of the figure."""
    return lambda notebook: cell(notebook, "plot").metadata.mystnb["image"].update(alt=text)


def figure(**said: str) -> Plant:
    """Return a fault: another caption or name of the figure."""
    return lambda notebook: cell(notebook, "plot").metadata.mystnb["figure"].update(said)


def shown(cell_id: str, text: str) -> Plant:
    """Return a fault: a cell printed another text."""
    return lambda notebook: cell(notebook, cell_id).update(outputs=[printed(text)])


def remove(cell_id: str) -> Plant:
    """Return a fault: a cell is missing."""
    return lambda notebook: notebook.cells.remove(cell(notebook, cell_id))


def only_markdown(notebook: NotebookNode) -> None:
    """Plant a chapter that has no code besides its exercises."""
    notebook.cells = [c for c in notebook.cells if c.cell_type == "markdown" or c.id.startswith("ex-")]


def move_away(notebook: NotebookNode) -> None:
    """Plant an exercise whose check stands elsewhere."""
    notebook.cells.append(notebook.cells.pop(notebook.cells.index(cell(notebook, "ex-sample-3-check"))))


def second_figure(notebook: NotebookNode) -> None:
    """Plant two figures of one name."""
    twin = nbformat.from_dict({**cell(notebook, "plot"), "id": "plot-again"})
    notebook.cells.insert(6, twin)


def caption_as_alt(notebook: NotebookNode) -> None:
    """Plant a figure whose text alternative says only what its caption says."""
    caption = "Announcements concerning governmental decisions throughout Kazakhstan, January 2022"
    figure(caption=caption)(notebook)
    alt(f"{caption}.")(notebook)


FAULTS: dict[str, tuple[Plant, str]] = {
    "no title": (
        lambda notebook: cell(notebook, "title").update(source=cell(notebook, "title").source[1:]),
        "sample.ipynb, cell 'title': the first line is not the title; start with '# A sample'.",
    ),
    "skip tag": (tag("look-one", "nbval-skip"), "cell 'look-one': the tag 'nbval-skip' is not one of"),
    "ignored output": (tag("look-one", "nbval-ignore-output"), "the tag 'nbval-ignore-output' is not one of"),
    "expected exception": (tag("look-one", "raises-exception"), "the tag 'raises-exception' is not one of"),
    "unknown tag": (tag("look-one", "fancy"), "the tag 'fancy' is not one of"),
    "nbval comment": (source("look-one", "# NBVAL_SKIP\nprint(1)"), "'NBVAL_SKIP' would switch nbval off"),
    "nbval comment in a string": (
        source("look-one", 'print("""\n# NBVAL_IGNORE_OUTPUT\n""")'),
        "'NBVAL_IGNORE_OUTPUT' would switch nbval off",
    ),
    "old nbval comment": (
        source("look-one", "# PYTEST_VALIDATE_IGNORE_OUTPUT\nprint(1)"),
        "'PYTEST_VALIDATE_IGNORE_OUTPUT' would switch nbval off",
    ),
    "capture": (source("look-one", "%%capture\nprint(1)"), "cell 'look-one': the code is not plain Python"),
    "magic": (source("look-one", "%matplotlib inline"), "the code is not plain Python"),
    "shell": (source("look-one", "files = !ls"), "the code is not plain Python"),
    "magic as a call": (source("look-one", "get_ipython()"), "'get_ipython' runs magics"),
    "no code": (source("look-one", "# nothing"), "the code cell has no code"),
    "import star": (source("look-one", "from math import *"), "'import *' hides where names come from"),
    "inplace": (source("look-one", "events.drop(columns='a', inplace=True)"), "'inplace=True' changes data"),
    "hidden warning": (
        source("look-one", "import warnings\nwarnings.filterwarnings('ignore')"),
        "'warnings.filterwarnings' hides a warning",
    ),
    "network import": (source("look-one", "import urllib.request"), "the module 'urllib.request' reaches the network"),
    "network import from": (
        source("look-one", "from requests import get"),
        "the module 'requests' reaches the network",
    ),
    "web address": (source("look-one", "pd.read_csv('https://example.org/a.csv')"), "the code opens a web address"),
    "too few code cells": (
        lambda notebook: [remove(f"step-{word}")(notebook) for word in ("one", "two", "three")],
        "sample.ipynb, whole chapter: it has 11 code cells besides exercises; make it 12 to 25.",
    ),
    "too many code cells": (
        lambda notebook: notebook.cells.extend(code(f"more-{n}", "1") for n in range(20)),
        "it has 34 code cells besides exercises",
    ),
    "only Markdown": (only_markdown, "it has 0 code cells besides exercises"),
    "long cells": (
        lambda notebook: [
            source(c.id, "\n".join("12345"))(notebook) for c in notebook.cells if c.id[:4] in ("step", "look")
        ],
        "the median code cell has 5 lines",
    ),
    "one long cell": (source("look-one", "1\n" * 16), "cell 'look-one': the cell has 16 lines"),
    "long solution": (
        source("ex-sample-1-solution", "1\n" * 16 + 'answer_1 = 1\ncheck("sample-1", answer_1)'),
        "cell 'ex-sample-1-solution': the cell has 18 lines",
    ),
    "too little prose": (
        source("title", "# A sample\n\nTwo words."),
        "it has 10 words of prose; make it 1,500 to 2,500.",
    ),
    "too much prose": (source("title", "# A sample\n\n" + "word " * 2_600), "it has 2,608 words of prose"),
    "no alt": (alt(""), "cell 'plot': mystnb.image.alt has 0 characters"),
    "short alt": (alt("Line chart."), "mystnb.image.alt has 11 characters"),
    "lazy alt": (alt("A plot of " + "events " * 10), "mystnb.image.alt starts with 'figure of'"),
    "file name as alt": (alt("Line chart of events by day, stored as events.png for all readers"), "holds a file name"),
    "hash as alt": (
        alt("Line chart of events by day 0123456789abcdef0123456789abcdef ok"),
        "holds a file name or a hash",
    ),
    "caption as alt": (caption_as_alt, "mystnb.image.alt repeats the caption; say what the figure shows."),
    "no caption": (figure(caption=""), "mystnb.figure.caption of 1 to 12 words; it has 0."),
    "long caption": (figure(caption="word " * 13), "mystnb.figure.caption of 1 to 12 words; it has 13."),
    "no figure name": (figure(name="events"), "cell 'plot': the figure needs mystnb.figure.name"),
    "one name twice": (second_figure, "cell 'plot-again': the figure needs mystnb.figure.name"),
    "untagged interactive": (tag("slide"), "cell 'slide': the cell shows an interactive; give it the tag"),
    "tagged without widget": (tag("look-one", "interactive"), "the tag 'interactive' stands on a cell that shows none"),
    "memory address": (
        lambda notebook: cell(notebook, "look-one").update(outputs=[new_output("stream", text="<A at 0x7f00aabbcc>")]),
        "cell 'look-one': an output shows a memory address",
    ),
    "check missing": (
        remove("ex-sample-1-check"),
        "cell 'ex-sample-1': the exercise has the cells ex-sample-1, ex-sample-1-answer, ex-sample-1-solution; make",
    ),
    "check elsewhere": (move_away, "cell 'ex-sample-3-check': the cell stands apart from its exercise"),
    "tag outside": (tag("look-one", "check"), "cell 'look-one': the cell is tagged as part of an exercise; name it"),
    "not in the TOML file": (
        lambda notebook: notebook.cells.append(markdown("ex-sample-9", "Do.")),
        "cell 'ex-sample-9': the exercise 'sample-9' is not in the TOML file",
    ),
    "not in the notebook": (
        lambda notebook: [remove(f"ex-sample-2{part}")(notebook) for part in ("", "-answer", "-check", "-solution")],
        "whole chapter: the exercise 'sample-2' of the TOML file is not in the notebook",
    ),
    "no directive": (source("ex-sample-1", "Do it."), "cell 'ex-sample-1': the prompt needs an {exercise} directive"),
    "other label": (
        source("ex-sample-1", "```{exercise} Count the days\n:label: sample-2\n```"),
        "the prompt needs an {exercise} directive with ':label: sample-1'",
    ),
    "other title": (
        source("ex-sample-1", "```{exercise} Count nights\n:label: sample-1\n```"),
        "the title is not that of the TOML file; make it 'Count the days'.",
    ),
    "answer untagged": (tag("ex-sample-1-answer"), "the answer cell is code with the tag 'exercise'"),
    "no answer": (source("ex-sample-1-answer", "answer_2 = ..."), "the answer cell is code with the tag 'exercise'"),
    "other check": (source("ex-sample-1-check", 'check("sample-2", answer_1)'), "the check cell is code with the tag"),
    "solution unchecked": (
        source("ex-sample-1-solution", "answer_1 = 1"),
        "the solution does not set 'answer_1' and end",
    ),
    "solution open": (tag("ex-sample-1-solution", "solution"), "the solution cell lacks the tag"),
    "solution untagged": (tag("ex-sample-1-solution", "hide-cell"), "the solution cell lacks the tag 'solution'"),
    "solution that does not run": (
        lambda notebook: cell(notebook, "ex-sample-1-solution").update(outputs=[]),
        "cell 'ex-sample-1-solution': the solution is not correct by its own check",
    ),
    "wrong solution": (
        shown("ex-sample-1-solution", "sample-1: not yet. Count again.\n"),
        "cell 'ex-sample-1-solution': the solution is not correct by its own check",
    ),
    "answer in the starter": (
        shown("ex-sample-1-check", "sample-1: correct. So it is.\n"),
        "cell 'ex-sample-1-check': the starter does not count as unanswered; empty it",
    ),
    "check of another exercise": (
        shown("ex-sample-1-check", "sample-2: not answered yet.\n"),
        "cell 'ex-sample-1-check': the starter does not count as unanswered",
    ),
    "table not named": (
        source("look-one", 'load("claims")'),
        "cell 'look-one': the cell loads 'claims'; add it to 'tables'",
    ),
    "cited table not named": (
        source("look-one", 'print(cite("E071"))'),
        "cell 'look-one': the cell loads 'sources'; add it to 'tables'",
    ),
    "cited row under a variable name": (source("look-one", "cite(row_id)"), "cell 'look-one': write cite"),
    "table not loaded": (
        source("rows", "1"),
        "sample.ipynb, whole chapter: no cell loads 'events'; take it out of 'tables'",
    ),
    "table under a variable name": (source("look-one", "load(name)"), "cell 'look-one': write load"),
    "table loaded by the package's name": (
        source("look-one", 'casebook.load("events")'),
        "cell 'look-one': write load",
    ),
    "no table caption": (
        lambda notebook: cell(notebook, "rows").metadata.pop("casebook"),
        "cell 'rows': the table needs casebook.caption of 1 to 14 words in the metadata; it has 0.",
    ),
    "long table caption": (
        lambda notebook: cell(notebook, "rows").metadata.casebook.update(caption="word " * 15),
        "cell 'rows': the table needs casebook.caption of 1 to 14 words in the metadata; it has 15.",
    ),
    "two objectives": (
        lambda notebook: notebook.metadata.chapter.objectives.pop("weigh"),
        "cell 'ex-sample-2': the objective 'weigh' is not one of the chapter's",
    ),
    "few objectives": (
        lambda notebook: notebook.metadata.chapter.objectives.pop("weigh"),
        "it has 2 objectives; make it 3 to 6.",
    ),
    "objective not assessed": (
        lambda notebook: notebook.metadata.chapter.objectives.update(more="Say more."),
        "no exercise assesses the objective 'more'",
    ),
}


def test_good_chapter_has_no_problem(tmp_path: Path) -> None:
    assert lint(write_sample(tmp_path), tmp_path / "exercises") == []


@pytest.mark.parametrize(("plant", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_planted_fault_is_found(tmp_path: Path, plant: Plant, sentence: str) -> None:
    problems = lint(write_sample(tmp_path, plant), tmp_path / "exercises")
    assert [problem for problem in problems if sentence in problem], problems
    assert all(problem.startswith("sample.ipynb, ") and problem.endswith(".") for problem in problems)


def test_a_third_of_the_exercises_need_no_code(tmp_path: Path) -> None:
    path = write_sample(tmp_path)
    (tmp_path / "exercises" / "sample.toml").write_text(EXERCISES.replace("false", "true"), encoding="utf-8")
    expected = "sample.ipynb, whole chapter: 0 of 3 exercises need no code; make it a third or more."
    assert lint(path, tmp_path / "exercises") == [expected]


def test_solution_may_have_further_cells(tmp_path: Path) -> None:
    def explain(notebook: NotebookNode) -> None:
        place = notebook.cells.index(cell(notebook, "ex-sample-1-solution"))
        why = markdown("ex-sample-1-solution-why", "Because.")
        why.metadata.tags = ["solution", "hide-cell"]
        notebook.cells.insert(place + 1, why)

    assert lint(write_sample(tmp_path, explain), tmp_path / "exercises") == []


def test_allowed_fault_is_not_told(tmp_path: Path) -> None:
    path = write_sample(tmp_path, tag("look-one", "nbval-ignore-output"))
    allowed = {Allowance("sample", "look-one", "nbval-ignore-output")}
    assert lint(path, tmp_path / "exercises", allowed) == []
    assert len(lint(path, tmp_path / "exercises", {Allowance("sample", "look-two", "nbval-ignore-output")})) == 1


def test_reviewed_exceptions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "allowed.toml"
    path.write_text('[[allowed]]\nchapter = "a"\ncell = "b"\nwhat = "c"\nreason = "because"\n', encoding="utf-8")
    assert allowances(path) == {Allowance("a", "b", "c")}


@pytest.mark.parametrize("content", ["", "allowed = []\n"])
def test_there_may_be_no_exceptions(tmp_path: Path, content: str) -> None:
    path = tmp_path / "allowed.toml"
    path.write_text(content, encoding="utf-8")
    assert exceptions.read(path, {"cell", "reason"}) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[[allowed]\n", r"^allowed\.toml is not TOML \(.*\); correct it there\.$"),
        ("[[allowed]]\n[[allwed]]\n", r"^allowed\.toml has allowed, allwed; keep one array of exceptions\.$"),
        ('[[allowed]]\ncell = "a"\nreason = " "\n', r"^allowed\.toml: exception 1 has no 'reason'; add it\.$"),
        ('[[allowed]]\nreason = "r"\n', r"^allowed\.toml: exception 1 has no 'cell'; add it\.$"),
        (
            '[[allowed]]\ncell = "a"\nreason = "r"\ntag = "t"\n',
            r"^allowed\.toml: exception 1 has 'tag', which means nothing; take it out\.$",
        ),
    ],
)
def test_wrong_exception_is_told(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "allowed.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CasebookError, match=sentence):
        exceptions.read(path, {"cell", "reason"})


def test_words_of_prose_leaves_out_what_nobody_reads_as_text() -> None:
    notebook = sample()
    notebook.cells = [
        markdown("text", ":::{note} Mind\n:class: tip\nTwo [words](https://example.org/a-b) — *here*.\n:::\n\n- one"),
        markdown("chapter-box", "not counted"),
        markdown("ex-sample-1", "not counted either"),
    ]
    assert words_of_prose(notebook) == 5
