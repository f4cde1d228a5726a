"""A chapter that keeps every rule, made in a temporary folder, for tests to plant one fault in."""

from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.generated_cells import write_generated_cells
from tools.widget_models import STATE, VIEW

CHAPTER = {
    "slug": "sample",
    "title": "A sample",
    "question": "What does a sample show?",
    "objectives": {"weigh": "Weigh two sources.", "count": "Count events by day.", "argue": "Argue both sides."},
    "minutes": {"read": 20, "do": 40},
    "needs": [],
    "tables": ["events"],
    "terms": ["Stability"],
}
MYSTNB = {
    "figure": {"caption": "Events by day", "name": "fig-events"},
    "image": {
        "alt": "Line chart of the number of events against the day of January 2022: it rises steadily from 1 to 4."
    },
}
EXERCISES = """
[[exercise]]
id = "sample-1"
kind = "number"
objective = "count"
title = "Count the days"
code = true

[[exercise]]
id = "sample-2"
kind = "number"
objective = "weigh"
title = "Weigh the sources"
code = false

[[exercise]]
id = "sample-3"
kind = "number"
objective = "argue"
title = "Argue the other side"
code = false
"""
SETUP = """\
import ipywidgets
import matplotlib.pyplot as plt
import pandas as pd

def load(name):
    return pd.read_csv(f"../data/{name}.csv")

def check(name, answer):
    print(f"{name}: not answered yet." if answer is ... else f"{name}: correct. So it is.")"""
PROSE = "Some words [238](evidence.md#c030) more. " * 400
ROWS = 'print("1 to 4")\nload("events")[["event_id"]].head(1)'
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="


def markdown(cell_id: str, source: str) -> NotebookNode:
    """Return a Markdown cell."""
    return new_markdown_cell(source, id=cell_id)


def code(cell_id: str, source: str, *tags: str, **more: object) -> NotebookNode:
    """Return a code cell with tags, and with outputs or further metadata where given."""
    outputs = more.pop("outputs", [])
    metadata = {"tags": list(tags)} if tags else {}
    return new_code_cell(source, id=cell_id, metadata={**metadata, **more}, outputs=outputs)


def printed(text: str) -> NotebookNode:
    """Return the output of a cell that printed a text."""
    return new_output("stream", name="stdout", text=text)


def exercise(number: int, title: str) -> list[NotebookNode]:
    """Return the cells of one exercise."""
    label, answer = f"sample-{number}", f"answer_{number}"
    call = f'check("{label}", {answer})'
    unanswered, correct = printed(f"{label}: not answered yet.\n"), printed(f"{label}: correct. So it is.\n")
    return [
        markdown(f"ex-{label}", f"```{{exercise}} {title}\n:label: {label}\n\nDo it.\n```"),
        code(f"ex-{label}-answer", f"{answer} = ...", "exercise"),
        code(f"ex-{label}-check", call, "check", outputs=[unanswered]),
        code(f"ex-{label}-solution", f"{answer} = 1\n{call}", "solution", "hide-cell", outputs=[correct]),
    ]


def sample() -> NotebookNode:
    """Return the notebook, with outputs written by hand; it also runs."""
    figure = new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"})
    table = new_output("display_data", {"text/html": '<table class="dataframe"></table>', "text/plain": "E001"})
    slider = new_output("display_data", {VIEW: {"model_id": "m1", "version_major": 2, "version_minor": 0}})
    model = {"model_name": "IntSliderModel", "model_module": "@jupyter-widgets/controls", "state": {"value": 3}}
    notebook = new_notebook(
        metadata={
            "chapter": CHAPTER,
            "widgets": {STATE: {"state": {"m1": model}, "version_major": 2, "version_minor": 0}},
        }
    )
    notebook.cells = [
        markdown("title", f"# A sample\n\n{PROSE}"),
        code("setup", SETUP),
        code("rows", ROWS, casebook={"caption": "The first event"}, outputs=[printed("1 to 4\n"), table]),
        code("plot", "plt.plot([1, 4])\nplt.show()", mystnb=MYSTNB, outputs=[figure]),
        code("slide", "ipywidgets.IntSlider(3)", "interactive", outputs=[slider]),
        *(code(f"step-{word}", "total = 1\ntotal") for word in ("one", "two", "three", "four", "five")),
        *(code(f"look-{word}", "print(total)") for word in ("one", "two", "three", "four", "five")),
        *exercise(1, "Count the days"),
        *exercise(2, "Weigh the sources"),
        *exercise(3, "Argue the other side"),
        markdown("sources", "## Sources\n\nThey say what [stability](glossary.md#g13) is."),
    ]
    return notebook


def write_sample(folder: Path, plant: Callable[[NotebookNode], object] | None = None, *, table: bool = True) -> Path:
    """Write the sample chapter with its table, its exercises and a stand-in for ``casebook``.

    Parameters
    ----------
    folder : Path
        Gets ``book/``, ``data/`` and ``exercises/``.
    plant : callable, optional
        Changes the notebook before it is written, to plant a fault.
    table : bool
        Whether to write ``data/`` at all; False if the folder has its own.

    Returns
    -------
    Path
        The notebook.
    """
    for name in ("book/casebook", "data", "exercises"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "book" / "casebook" / "figures.py").write_text("", encoding="utf-8")
    if table:
        (folder / "data" / "basemap.geojson").write_text("{}", encoding="utf-8")
        (folder / "data" / "events.csv").write_text("event_id,day\nE001,1\n", encoding="utf-8")
    (folder / "exercises" / "sample.toml").write_text(EXERCISES, encoding="utf-8")
    path = folder / "book" / "sample.ipynb"
    notebook = sample()
    write_generated_cells(notebook, path, folder / "exercises")
    if plant:
        plant(notebook)
    nbformat.write(notebook, path)
    return path


def cell(notebook: NotebookNode, cell_id: str) -> NotebookNode:
    """Return a cell by its id."""
    return next(cell for cell in notebook.cells if cell.id == cell_id)
