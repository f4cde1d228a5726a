"""Re-execute the chapters and rewrite what is derived: ``make refresh``; say what is out of date: ``make check``.

A chapter is stored in one normal form, so that running this twice gives no difference and every difference in git is
one that a person made. ``--check`` executes nothing and writes nothing.
"""

import argparse
import copy
import hashlib
import json
import multiprocessing
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.output_widget import OutputWidget
from nbformat import NotebookNode

from casebook.errors import CasebookError
from tools import datapackage, keys, pages
from tools.files import BOOK, DATA, EXERCISES, chapters, write_atomic
from tools.notebooks import (
    MODEL_REFERENCE,
    STATE,
    VIEW,
    chapter_of,
    code_cells,
    first_line,
    generated_cells,
    is_word,
    models,
    reach,
    read,
    references,
    refuse_errors,
    write_generated_cells,
)

# Each returns file contents by path; in this order, because a later one reads what an earlier one wrote.
DERIVED: list[Callable[[], dict[Path, bytes]]] = [datapackage.derived, keys.derived, pages.derived]

SECONDS_PER_CELL = 120
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}
NOTEBOOK_KEYS = {"casebook", "chapter", "widgets"}
CELL_KEYS = {"casebook", "mystnb", "tags"}
KERNEL_FILE = re.compile(r"[^\s\"'<>]*ipykernel_\d+[/\\]\d+\.py")
LINK_MODELS = {"LinkModel", "DirectionalLinkModel"}


# --- Refresh ----------------------------------------------------------------------------------------------------------


def refresh(paths: list[Path], book: Path = BOOK, data: Path = DATA, exercises: Path = EXERCISES) -> list[str]:
    """Execute chapters side by side, one process a core, and write those that ran through in normal form.

    Parameters
    ----------
    paths : list of Path
        The chapters.
    book, data, exercises : Path
        Where the kernels run, where the tables are, where the exercises are described.

    Returns
    -------
    list of str
        One sentence for each chapter that failed; its file is as it was.
    """
    problems = []
    workers = min(len(paths), os.cpu_count() or 1)
    print(f"Executing {len(paths)} chapters, {workers} at a time ...", flush=True)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        jobs: dict[Future, Path] = {pool.submit(timed, refreshed, path, book, data, exercises): path for path in paths}
        for number, job in enumerate(as_completed(jobs), start=1):
            path = jobs[job]
            try:
                content, seconds = job.result()
            except CasebookError as error:
                problems.append(str(error))
                print(f"[{number}/{len(paths)}] {path.stem}: failed", flush=True)
                continue
            state = "rewritten" if write_if_changed(path, content) else "unchanged"
            print(f"[{number}/{len(paths)}] {path.stem}: {seconds:.1f} s, {state}", flush=True)
    return problems


def timed(function: Callable[..., bytes], *arguments: object) -> tuple[bytes, float]:
    """Call a function; return its result and the seconds it took."""
    started = time.perf_counter()
    return function(*arguments), time.perf_counter() - started


def refreshed(path: Path, book: Path = BOOK, data: Path = DATA, exercises: Path = EXERCISES) -> bytes:
    """Return a chapter as it should be stored: generated cells written, executed, in normal form, stamped.

    Raises
    ------
    CasebookError
        If the notebook or its metadata is wrong, or if a cell or a widget's callback raises an exception.
    """
    notebook = read(path)
    refuse_ids(notebook, path)
    hashes = table_hashes(chapter_of(notebook, path).tables, path, data)
    write_generated_cells(notebook, path, exercises)
    execute(notebook, path, book)
    refuse_errors(notebook, path)
    notebook = normalised(notebook)
    notebook.metadata.casebook = {"digest": digest(notebook), "tables": hashes}
    return as_bytes(notebook)


def refuse_ids(notebook: NotebookNode, path: Path) -> None:
    """Refuse random cell ids, which no person could find again."""
    for number, cell in enumerate(notebook.cells, start=1):
        if not is_word(cell.id):
            raise CasebookError(f"{path.name}: cell {number} has the id '{cell.id}'; give it one made of words.")


def execute(notebook: NotebookNode, path: Path, folder: Path) -> None:
    """Run every code cell in a fresh kernel of the running interpreter, started in `folder`.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place: outputs, execution counts and widget state.
    path : Path
        Where the notebook comes from, for the message.
    folder : Path
        The kernel's working directory.

    Raises
    ------
    CasebookError
        If a cell raises an exception, takes too long or ends the kernel: file, cell id and error.
    """
    notebook.metadata.pop("widgets", None)
    with tempfile.TemporaryDirectory() as private:
        client = NotebookClient(
            notebook,
            km=kernel_manager(Path(private)),
            timeout=SECONDS_PER_CELL,
            resources={"metadata": {"path": str(folder)}},
            force_raise_errors=True,
            coalesce_streams=True,
            record_timing=False,
        )
        client.widget_registry["@jupyter-widgets/output"] = {"OutputModel": SilentOutput}
        # A person's IPython start-up files must not change a chapter.
        with client.setup_kernel(cleanup_kc=True, env={**os.environ, "IPYTHONDIR": private}):
            for index, cell in enumerate(notebook.cells):
                execute_cell(client, index, cell, path)
            client.set_widgets_metadata()


class SilentOutput(OutputWidget):
    """Collect what an Output widget shows without sending it back to the kernel, where nothing reads it.

    A message sent while nbclient waits for a cell can make it overlook the answer and sit out the whole time-out.
    """

    def sync_state(self) -> None:
        """Send nothing."""


def kernel_manager(folder: Path) -> AsyncKernelManager:
    """Return a manager for a kernel of the running interpreter, reached through sockets in a private folder."""
    specifications = KernelSpecManager(kernel_dirs=[])  # no directories: python3 is then always this interpreter
    address = str(folder / "kernel")
    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specifications, transport="ipc", ip=address)


def execute_cell(client: NotebookClient, index: int, cell: NotebookNode, path: Path) -> None:
    """Run one cell; say in one sentence what went wrong."""
    where = f"{path.name}, cell '{cell.id}'"
    try:
        client.execute_cell(cell, index)
    except CellExecutionError as error:
        told = f"{error.ename}: {first_line(error.evalue)}"
        raise CasebookError(f"{where} raised {told}; correct the code, then run 'make refresh'.") from None
    except CellTimeoutError:
        raise CasebookError(f"{where} took longer than {SECONDS_PER_CELL} seconds; make it faster.") from None
    except DeadKernelError:
        raise CasebookError(f"{where} ended the kernel; correct the code.") from None


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file unless it already has this content; tell whether it was written."""
    if path.exists() and path.read_bytes() == content:
        return False
    write_atomic(path, content)
    return True


# --- Normal form ------------------------------------------------------------------------------------------------------


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook in normal form; the argument stays as it is.

    Execution counts run from 1, paths of the kernel's own files are gone, metadata is what a chapter needs and nothing
    else, and widget models are numbered in the order in which the page shows them; models that no cell shows are gone.
    """
    notebook = copy.deepcopy(notebook)
    stored = models(notebook)
    names = {model_id: f"widget-{n:04d}" for n, model_id in enumerate(models_in_order(notebook), start=1)}
    kept = {names[model_id]: renamed(stored[model_id], names) for model_id in names}
    for model in kept.values():
        model["state"] = tidy_state(model["model_name"], model["state"])
    for count, cell in enumerate(code_cells(notebook), start=1):
        cell.execution_count = count
        cell.outputs = renamed(cell.outputs, names)
        tidy_outputs(cell.outputs, count)
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


def tidy_outputs(outputs: list[dict], count: int | None = None) -> None:
    """Take out of outputs what differs from run to run: the kernel's file names and its execution count."""
    for output in outputs:
        if output["output_type"] == "stream":
            output["text"] = KERNEL_FILE.sub("<cell>", output["text"])
        if output["output_type"] == "execute_result":
            output["execution_count"] = count


def tidy_state(model_name: str, state: dict) -> dict:
    """Return the state of a widget without what differs from run to run and without a layout's many empty defaults."""
    if model_name == "LayoutModel":
        return {key: value for key, value in state.items() if value is not None}
    if model_name == "OutputModel":
        tidy_outputs(state["outputs"])
        return {**state, "msg_id": ""}
    return state


def models_in_order(notebook: NotebookNode) -> list[str]:
    """List the widget models that the cells show, in reading order, and after them the links that join them.

    No widget holds its links: a link is kept when it touches a model that is shown, and brings the other one along.
    """
    stored = models(notebook)
    shown = reach(list(references([cell.get("outputs") for cell in notebook.cells])), stored)
    links = [model_id for model_id, model in stored.items() if model["model_name"] in LINK_MODELS]
    while touching := [link for link in links if link not in shown and set(reach([link], stored)) & set(shown)]:
        places = {model_id: place for place, model_id in enumerate(shown)}
        touching.sort(key=lambda link: link_place(stored[link]["state"], places))
        shown = reach([*shown, *touching], stored)
    return shown


def link_place(state: dict, places: dict[str, int]) -> list[tuple[int, str]]:
    """Return what orders a link among others: the places and traits of its two ends."""
    ends = (state["source"], state["target"])
    return [(places.get(model.removeprefix(MODEL_REFERENCE), len(places)), trait) for model, trait in ends]


def renamed(node: object, names: dict[str, str]) -> object:
    """Return a piece of JSON in which every reference to a widget model uses its new name."""
    if isinstance(node, str) and node.startswith(MODEL_REFERENCE):
        old = node.removeprefix(MODEL_REFERENCE)
        return MODEL_REFERENCE + names.get(old, old)
    if isinstance(node, list):
        return [renamed(item, names) for item in node]
    if isinstance(node, dict):
        return {
            key: {**value, "model_id": names.get(value["model_id"], value["model_id"])}
            if key == VIEW
            else renamed(value, names)
            for key, value in node.items()
        }
    return node


def as_bytes(notebook: NotebookNode) -> bytes:
    """Return a notebook as its file: sorted keys, one space of indent, real characters, a newline at the end."""
    return (nbformat.writes(notebook) + "\n").encode("utf-8")


def digest(notebook: NotebookNode) -> str:
    """Return the sha256 of everything that a reader sees: cells, outputs and widgets."""
    content = {"cells": notebook.cells, "widgets": models(notebook)}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()


def table_hashes(tables: Iterable[str], path: Path, data: Path = DATA) -> dict[str, str]:
    """Return the sha256 of each table that a chapter says it uses.

    Raises
    ------
    CasebookError
        If there is no such table.
    """
    hashes = {}
    for table in tables:
        file = data / f"{table}.csv"
        if not file.exists():
            raise CasebookError(
                f"{path.name}: metadata 'chapter' names the table '{table}', which data/ lacks; correct the name."
            )
        hashes[table] = hashlib.sha256(file.read_bytes()).hexdigest()
    return hashes


# --- Check ------------------------------------------------------------------------------------------------------------


def check(paths: list[Path], data: Path = DATA, exercises: Path = EXERCISES) -> list[str]:
    """Say what is out of date or out of form in chapters, without executing or writing anything.

    Returns
    -------
    list of str
        One sentence for each problem: file, cell id where there is one, what to do.
    """
    return [problem for path in paths for problem in check_chapter(path, data, exercises)]


def check_chapter(path: Path, data: Path = DATA, exercises: Path = EXERCISES) -> list[str]:
    """Do for one chapter what :func:`check` does for all."""
    try:
        notebook = read(path)
        refuse_ids(notebook, path)
        hashes = table_hashes(chapter_of(notebook, path).tables, path, data)
        refuse_errors(notebook, path)
        texts = generated_cells(notebook, path, exercises)
    except CasebookError as error:
        return [str(error)]
    stamp = notebook.metadata.get("casebook", {})
    problems = [*stale_cells(notebook, texts, path), *stale_tables(stamp.get("tables", {}), hashes, path)]
    if unexecuted := list(wrong_counts(notebook, path)):
        return [*unexecuted, *problems]  # the digest and the form cannot be right either: the cause is told once
    if stamp.get("digest") != digest(notebook):
        problems.append(f"{path.name}: cells or outputs changed since it was executed; run 'make refresh'.")
    if as_bytes(normalised(notebook)) != path.read_bytes():
        problems.append(f"{path.name} is not in normal form; run 'make refresh'.")
    return problems


def wrong_counts(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """Yield a sentence for the first code cell that was not executed in its turn."""
    for count, cell in enumerate(code_cells(notebook), start=1):
        if cell.execution_count is None:
            yield f"{path.name}, cell '{cell.id}' was not executed: nbval would compare nothing; run 'make refresh'."
            return
        if cell.execution_count != count:
            yield f"{path.name}, cell '{cell.id}' was executed out of order; run 'make refresh'."
            return


def stale_cells(notebook: NotebookNode, texts: dict[str, str], path: Path) -> Iterator[str]:
    """Yield a sentence for each generated cell that is missing or differs from metadata and exercises."""
    stored = {cell.id: cell.source for cell in notebook.cells}
    for cell_id, text in texts.items():
        if stored.get(cell_id) != text:
            yield f"{path.name}, cell '{cell_id}' does not say what metadata and exercises say; run 'make refresh'."


def stale_tables(stamped: dict[str, str], hashes: dict[str, str], path: Path) -> Iterator[str]:
    """Yield a sentence for each table that changed after the chapter was executed."""
    for table in sorted(stamped.keys() | hashes.keys()):
        if stamped.get(table) != hashes.get(table):
            yield f"{path.name}: data/{table}.csv is not what the chapter was executed with; run 'make refresh'."


# --- Derived files ----------------------------------------------------------------------------------------------------


def derived_files() -> Iterator[tuple[Path, bytes]]:
    """Yield each derived file and what it should hold."""
    for derived in DERIVED:
        yield from derived().items()


def write_derived(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write the derived files that are missing or out of date, and name them."""
    for path, content in files:
        if write_if_changed(path, content):
            print(f"{path.name}: rewritten", flush=True)


def check_derived(files: Iterable[tuple[Path, bytes]]) -> list[str]:
    """Return one sentence for each derived file that is missing or out of date."""
    return [
        f"{path.name} is out of date; run 'make refresh'."
        for path, content in files
        if not path.exists() or path.read_bytes() != content
    ]


# --- Command ----------------------------------------------------------------------------------------------------------


def chapters_of_the_book() -> list[Path]:
    """List the chapters, and refuse an empty list: it would pass every check.

    Raises
    ------
    CasebookError
        If the table of contents names no notebook.
    """
    paths = chapters()
    if not paths:
        raise CasebookError("_toc.yml names no chapter, so there is nothing to check; add one.")
    return paths


def main(arguments: list[str] | None = None) -> int:
    """Refresh everything, or with ``--check`` say what is out of date; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.refresh", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="say what is out of date; execute and write nothing")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            problems = check_derived(derived_files()) + check(chapters_of_the_book())
        else:
            write_derived(derived_files())
            problems = refresh(chapters_of_the_book())
    except CasebookError as error:
        problems = [str(error)]
    print(*problems, sep="\n", file=sys.stderr, end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
