"""A chapter of three exercises, and submissions to it, honest and hostile, each with the outcome stated for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SPECIFICATION = """
[[exercise]]
id = "quiz-1"
kind = "number"
title = "Count"
objective = "count"
code = true
answer = 3
tolerance = 0.1
also = ["3.0"]
so_what = "Three it is."
hint = "Count again."
wrong = [{answer = 4, says = "One too many."}]

[[exercise]]
id = "quiz-2"
kind = "set"
title = "Choose"
objective = "count"
code = true
answer = ["a", "c"]
also = [["c", "a"]]
so_what = "Two of them."
hint = "Look at the letters."
wrong = [{answer = ["b"], says = "Not that one."}]

[[exercise]]
id = "quiz-3"
kind = "judgement"
title = "Argue"
objective = "count"
code = false
answer = "one two three four five"
also = ["six seven eight nine ten"]
so_what = "Well said."
hint = "Write."
wrong = [{answer = "one", says = "Your text has 1 of at least 5 words."}]
min_words = 5
max_words = 10
cites = 0
needs_terms = [["one", "six"]]
"""
CELLS = {  # a figure that nobody needs and that fails, and a name that changes between two exercises
    "setup": 'import pandas as pd\nfrom casebook import check\n\nletters = pd.Series(["a", "b", "c"])',
    "figure": 'raise RuntimeError("a cell that no answer needs has run")',
}
LATER = {"kept": 'letters = letters[letters != "b"]'}
STARTERS = {"quiz-1": "answer_1 = ...", "quiz-2": "answer_2 = ...", "quiz-3": 'answer_3 = "..."'}
RIGHT = {
    "quiz-1": "answer_1 = len(letters)",
    "quiz-2": "answer_2 = set(letters)",
    "quiz-3": 'answer_3 = "one two three four five"',
}


def chapter() -> nbformat.NotebookNode:
    """Return the chapter with its solutions."""
    notebook = new_notebook(metadata={"chapter": {"slug": "quiz", "title": "A quiz"}})
    notebook.cells.append(new_markdown_cell("# A quiz\n\n## First part", id="opening"))
    notebook.cells += [new_code_cell(source, id=name) for name, source in CELLS.items()]
    for number, (name, starter) in enumerate(STARTERS.items(), start=1):
        call = f'check("{name}", answer_{number})'
        notebook.cells += [
            new_markdown_cell(f"```{{exercise}} Exercise\n:label: {name}\n```", id=f"ex-{name}"),
            new_code_cell(starter, id=f"ex-{name}-answer", metadata={"tags": ["exercise"]}),
            new_code_cell(call, id=f"ex-{name}-check", metadata={"tags": ["check"]}),
            new_code_cell(f"{RIGHT[name]}\n{call}", id=f"ex-{name}-solution", metadata={"tags": ["solution"]}),
        ]
        if number == 1:
            notebook.cells += [new_code_cell(source, id=key) for key, source in LATER.items()]
    return notebook


def write_quiz(folder: Path) -> Path:
    """Write the chapter and its specification, ``quiz.ipynb`` and ``quiz.toml``."""
    nbformat.write(chapter(), folder / "quiz.ipynb")
    (folder / "quiz.toml").write_text(SPECIFICATION, encoding="utf-8")
    return folder


def handed_in(first: str = STARTERS["quiz-1"], second: str = RIGHT["quiz-2"], third: str = STARTERS["quiz-3"]) -> dict:
    """Return a student's notebook as JSON: attacks are in the first answer, and the second is right."""
    notebook = chapter()
    notebook.cells = [cell for cell in notebook.cells if not cell.id.endswith("-solution")]
    for name, source in zip(STARTERS, (first, second, third), strict=True):
        cell_of(notebook, f"ex-{name}-answer")["source"] = source
    return json.loads(nbformat.writes(notebook))


def cell_of(notebook: dict, cell_id: str) -> dict:
    """Return a cell of a notebook by its id."""
    return next(cell for cell in notebook["cells"] if cell["id"] == cell_id)


@dataclass(frozen=True)
class Case:
    """A submission: a student, how the work is written into a folder, and the outcomes of the first two exercises."""

    student: str
    write: Callable[[Path], object]
    first: str
    second: str = "correct"
    remark: str = ""  # begins the remark on the first exercise, or the sentence on a file


def saved(notebook: dict | str | bytes, name: str = "quiz.ipynb") -> Callable[[Path], object]:
    """Return a function that writes a notebook into the student's folder."""
    text = json.dumps(notebook) if isinstance(notebook, dict) else notebook

    def write(place: Path) -> None:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(text.encode() if isinstance(text, str) else text)

    return write


def attack(student: str, code: str, first: str, second: str = "correct", remark: str = "") -> Case:
    """Return a case whose first answer is hostile or mistaken."""
    return Case(student, saved(handed_in(code)), first, second, remark)


def telling(*lines: str) -> str:
    """Return an answer that sends lines to the judge, past its kernel."""
    return TELLING.format(said="".join(f"{line}\n" for line in lines).encode())


def changed(change: Callable[[dict], object], first: str = RIGHT["quiz-1"]) -> Callable[[Path], object]:
    """Return a function that writes a notebook in which more than the answers is changed."""
    notebook = handed_in(first)
    change(notebook)
    return saved(notebook)


def _forge_output(notebook: dict) -> None:
    cell_of(notebook, "ex-quiz-1-check")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "quiz-1: correct. Three it is.\n"}
    ]


def _skip(notebook: dict) -> None:
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["nbval-skip", "nbval-ignore-output"]


def _double(notebook: dict) -> None:
    notebook["cells"].append(dict(cell_of(notebook, "ex-quiz-1-answer"), source="answer_1 = 4"))


def _without(cell_id: str) -> Callable[[dict], object]:
    return lambda notebook: notebook["cells"].remove(cell_of(notebook, cell_id))


def _edit(cell_id: str, **fields: object) -> Callable[[dict], object]:
    return lambda notebook: cell_of(notebook, cell_id).update(fields)


def _link(place: Path) -> None:
    place.mkdir()
    (place / "quiz.ipynb").symlink_to(Path("..", "right", "quiz.ipynb"))


def _twice(place: Path) -> None:
    saved(handed_in(RIGHT["quiz-1"]))(place)
    saved(handed_in("answer_1 = 4"), "deeper/quiz-copy.ipynb")(place)


def _with_checkpoint(place: Path) -> None:
    saved(handed_in(RIGHT["quiz-1"]))(place)
    saved(handed_in("answer_1 = 4"), ".ipynb_checkpoints/quiz-checkpoint.ipynb")(place)


PATCHED_PRINT = """
import builtins
say = print
builtins.print = lambda *_: say("quiz-1: correct. Three it is.")
answer_1 = 4"""
PATCHED_NBVAL = """
import nbval.plugin
nbval.plugin.IPyNbCell.compare_outputs = lambda *_: True
answer_1 = 4"""
PATCHED_CASEBOOK = """
import casebook.checking
casebook.checking.find = lambda *_: "Three it is."
answer_1 = 4"""
ENDLESS = """
while True:
    try:
        pass
    except BaseException:
        pass"""
FORK_BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass"""
MANY_PROCESSES = """
import os
for _ in range(500):
    os.posix_spawn("/usr/bin/sleep", ["sleep", "60"], {})"""
MEMORY_OF_MANY = """
import os, time
for _ in range(5):
    if os.fork() == 0:
        hoard = b"x" * (500 << 20)
        time.sleep(60)
time.sleep(60)"""
NO_REFERENCE = """
import os, sys
own = ("/proc", "/usr", "/sys", sys.prefix, sys.base_prefix)
names = []
for folder, folders, files in os.walk("/"):
    folders[:] = [n for n in folders if not os.path.join(folder, n).startswith(own)]
    names += [os.path.join(folder, n) for n in files]
found = [n for n in names if n.endswith(".toml") and "quiz" in n or n.endswith("quiz-1.ipynb")]
found += [n for n in os.environ if "SECRET" in n]
answer_1 = found or (3 if "/course/cells.json" in names else names)"""
NO_PROCESSES = """
import os
others = [n for n in os.listdir("/proc") if n.isdigit()]
answer_1 = 3 if len(others) < 10 else others"""
TELLING = """
import os, stat
def is_socket(number):
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False
for number in filter(is_socket, range(256)):
    os.write(number, {said!r})
answer_1 = 4"""
FORGED = ['["stream", "stdout", "quiz-1: correct. Three it is.\\n"]', '["idle"]']
UNSEEN = """
from pathlib import Path
found = []
for place in {places!r}:
    try:
        found += [place] if Path(place).exists() else []
    except OSError:
        pass
answer_1 = found or 3"""
REFUSED = """
import os, socket
done = []
def attempt(name, action):
    try:
        action()
        done.append(name)
    except OSError:
        pass
{attempts}
answer_1 = done or 3"""
WRITTEN = {  # bytes, by the file
    "/x": 1,
    "/usr/x": 1,
    "/dev/x": 1,
    "/etc/x": 1,
    "/course/book/casebook/keys.json": 1,
    "/course/data/claims.csv": 1,
    "../junit.xml": 1,
    "/tmp/large": 40 << 20,
    "/dev/shm/large": 40 << 20,
}


def hostile(private: list[Path], port: int) -> list[Case]:
    """List the submissions.

    Parameters
    ----------
    private : list of Path
        Places of this machine that no submission may see.
    port : int
        Where something listens on this machine.

    Returns
    -------
    list of Case
        Each with the outcome stated for it.
    """
    right, starter = RIGHT["quiz-1"], STARTERS["quiz-1"]
    forged = changed(_edit("ex-quiz-1-check", source='print("quiz-1: correct. Three it is.")'), "answer_1 = 4")
    writes = [f"attempt({name!r}, lambda: open({name!r}, 'wb').write(b'x' * {size}))" for name, size in WRITTEN.items()]
    calls = [
        f"attempt({address!r}, lambda: socket.create_connection({address!r}, 2))"
        for address in (("127.0.0.1", port), ("192.0.2.1", 80))
    ]
    lines = json.dumps(handed_in("x = 3\r\nanswer_1 = x\r\n"), indent=1)
    both = {"first": "needs review", "second": "needs review"}
    return [
        Case("right", saved(handed_in(*RIGHT.values())), "correct"),
        attack("wrong", "answer_1 = 4", "not yet"),
        attack("blank", starter, "not answered"),
        attack("emptied cell", "", "not answered"),
        Case("forged output", changed(_forge_output, "answer_1 = 4"), "not yet"),
        Case("edited check", forged, "not yet"),
        Case("deleted check", changed(_without("ex-quiz-1-check")), "correct"),
        Case("skip tags", changed(_skip, "answer_1 = 4"), "not yet"),
        attack("skip comment", "# NBVAL_SKIP\nanswer_1 = 4", "not yet"),
        attack("skip comment on a right answer", "# NBVAL_SKIP\nanswer_1 = 3", "correct"),
        attack("ignore comment", "# NBVAL_IGNORE_OUTPUT\nanswer_1 = 4", "not yet"),
        attack("patched print", PATCHED_PRINT, "not yet"),
        attack("patched check", "check = lambda *_: print('quiz-1: correct. Three it is.')\nanswer_1 = 4", "not yet"),
        attack("patched casebook", PATCHED_CASEBOOK, "not yet"),
        attack("patched nbval", PATCHED_NBVAL, "not yet"),
        attack("spoilt names", "letters[:] = 'z'\npd = letters = check = None\nanswer_1 = 3", "not yet"),
        attack("endless loop", ENDLESS, "needs review", remark="It "),  # by the clock or by the processor, as it comes
        attack("long sleep", "import time\ntime.sleep(600)", "needs review", remark="It took longer than 6 seconds"),
        attack("fork bomb", FORK_BOMB, "needs review"),
        attack("many processes", MANY_PROCESSES, "needs review", remark="It asked for more processes"),
        attack("memory bomb", "answer_1 = len(bytearray(8 << 30))", "needs review", remark="It asked for more memory"),
        attack("memory of many", MEMORY_OF_MANY, "needs review", remark="It used more memory"),
        attack("flood", "for _ in range(200_000):\n    print('again')\nanswer_1 = 3", "correct"),
        attack("one long line", "print('x' * (50 << 20))\nanswer_1 = 3", "needs review", remark="Its output did not"),
        attack("kernel death", "import os\nos._exit(1)", "needs review", remark="It ended the kernel"),
        attack("parricide", "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(60)", "needs review"),
        attack("exit", "import sys\nsys.exit()", "not yet", remark="SystemExit"),
        attack("forged messages", telling(*FORGED), "not yet"),
        attack("no message", telling("[" * 9_000), "needs review", remark="It sent what cannot"),
        attack("no kernel's message", telling('["error", 1]'), "needs review", remark="It sent what no"),
        attack("deaf kernel", "import os\nos.closerange(0, 256)", "needs review", remark="It ended the kernel"),
        attack("exit of a notebook", "exit()\nanswer_1 = 3", "correct"),
        attack("question to the keyboard", "answer_1 = input()", "not yet", remark="StdinNotImplementedError"),
        attack("file writes", REFUSED.format(attempts="\n".join(writes)), "correct"),
        attack("reading others' files", UNSEEN.format(places=[str(place) for place in private]), "correct"),
        attack("looking for the reference", NO_REFERENCE, "correct"),
        attack("looking for other processes", NO_PROCESSES, "correct"),
        attack("network", REFUSED.format(attempts="\n".join(calls)), "correct"),
        attack("renamed variable", "answer_one = 3", "not yet", remark="NameError: name 'answer_1'"),
        attack("mistake", "answer_1 = 1 / 0", "not yet", remark="ZeroDivisionError"),
        attack("no Python", "answer_1 = = 3", "not yet", remark="SyntaxError"),
        attack("magic", "!cat /etc/passwd /etc/shadow\n%who\nanswer_1 = 3", "correct"),
        attack("half a character", "answer_1 = 3  # \ud800", "correct"),
        attack("zero byte", "answer_1 = 3\x00", "not yet", remark="SyntaxError"),
        Case("deleted answer", changed(_without("ex-quiz-1-answer")), "not answered", remark="Its answer cell is"),
        Case("duplicated id", changed(_double), "needs review", remark="There are two answer cells"),
        Case("answer as text", changed(_edit("ex-quiz-1-answer", cell_type="markdown")), "needs review"),
        Case("source of no text", changed(_edit("ex-quiz-1-answer", source={"a": 1})), "needs review"),
        attack("longest answer", f"answer_1 = 3{'#' * 200_000}", "needs review", remark="Its answer is longer"),
        Case("two notebooks", _twice, **both),
        Case("checkpoint", _with_checkpoint, "correct"),
        Case("wrong notebook", saved({"cells": [], "metadata": {}, "nbformat": 4}), **both),
        Case("no JSON", saved("a letter to the teacher"), **both),
        Case("JSON without end", saved("[" * 100_000), **both),
        Case("a list", saved("[1, 2]"), **both),
        Case("fifty megabytes", saved(b" " * 50_000_000), **both),
        Case("essay", lambda place: place.with_suffix(".docx").touch(), **both),
        Case("one file", lambda place: saved(handed_in(right), "one file.ipynb")(place.parent), "correct"),
        Case("link to another", _link, **both),
        Case("empty folder", Path.mkdir, "not answered", "not answered"),
        Case("..%2f..%2f$(touch x);-rf", saved(handed_in(right)), "correct"),
        Case("=HYPERLINK(1)", saved(handed_in(right), "..\\..\\quiz.ipynb"), "correct"),
        Case("<img src=x onerror=alert(1)>", saved(handed_in(right)), "correct"),
        Case("Windows", saved(lines.replace("\n", "\r\n")), "correct"),
        Case("byte order mark", saved(b"\xef\xbb\xbf" + json.dumps(handed_in(right)).encode()), "correct"),
        Case("Жанна Әлі 学生 🙂", saved(handed_in(right), "жауап.ipynb"), "correct"),
    ]
