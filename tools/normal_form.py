"""Store a chapter in one normal form, so that every difference in git is one that a person made.

Execution counts run from 1, paths of the kernel's own files are gone, metadata is what a chapter needs and nothing
else, and widget models are numbered in the order in which the page shows them; models that no cell shows are gone.
"""

import copy
import re

import nbformat
from nbformat import NotebookNode

from tools.notebooks import code_cells
from tools.widget_models import STATE, models, models_in_order, renamed

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}
NOTEBOOK_KEYS = {"casebook", "chapter", "widgets"}
CELL_KEYS = {"casebook", "mystnb", "nbgrader", "tags"}
KERNEL_FILE = re.compile(r"[^\s\"'<>]*ipykernel_\d+[/\\]\d+\.py")


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Put a notebook into normal form.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook; it stays as it is.

    Returns
    -------
    NotebookNode
        A copy in normal form.
    """
    notebook = copy.deepcopy(notebook)
    stored = models(notebook)
    names = {model_id: f"widget-{n:04d}" for n, model_id in enumerate(models_in_order(notebook), start=1)}
    kept = {names[model_id]: renamed(stored[model_id], names) for model_id in names}
    for model in kept.values():
        model["state"] = _tidy_state(model["model_name"], model["state"])
    for count, cell in enumerate(code_cells(notebook), start=1):
        cell.execution_count = count
        cell.outputs = renamed(cell.outputs, names)
        _tidy_outputs(cell.outputs, count)
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in CELL_KEYS and value}
        if not cell.get("attachments", True):
            del cell["attachments"]
    notebook.metadata = {key: value for key, value in notebook.metadata.items() if key in NOTEBOOK_KEYS}
    notebook.metadata |= {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    notebook.metadata.pop("widgets", None)
    if kept:
        notebook.metadata["widgets"] = {STATE: {"state": kept, "version_major": 2, "version_minor": 0}}
    return nbformat.from_dict(notebook)


def as_bytes(notebook: NotebookNode) -> bytes:
    """Write a notebook as its file: sorted keys, one space of indent, real characters, a newline at the end.

    Parameters
    ----------
    notebook : NotebookNode
        Any notebook.

    Returns
    -------
    bytes
        The content of the file.
    """
    return (nbformat.writes(notebook) + "\n").encode("utf-8")


def _tidy_outputs(outputs: list[dict], count: int | None = None) -> None:
    """Take out of outputs what differs from run to run: the kernel's file names and its execution count."""
    for output in outputs:
        if output["output_type"] == "stream":
            output["text"] = KERNEL_FILE.sub("<cell>", output["text"])
        if output["output_type"] == "execute_result":
            output["execution_count"] = count


def _tidy_state(model_name: str, state: dict) -> dict:
    """Return the state of a widget without what differs from run to run and without a layout's many empty defaults."""
    if model_name == "LayoutModel":
        return {key: value for key, value in state.items() if value is not None}
    if model_name == "OutputModel":
        _tidy_outputs(state["outputs"])
        return {**state, "msg_id": ""}
    return state
