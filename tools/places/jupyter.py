"""A real JupyterLab on a copy of the book, and a chapter opened and run in it by a real browser."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Page

from casebook.errors import CasebookError
from casebook.widgets import CSS_CLASS
from tools.driving import answers_once, stored_views
from tools.files import BOOK, DATA, chapters
from tools.notebooks import code_cells
from tools.places.outcomes import Outcome, compared

TOKEN = "only-for-this-test"
# Every output stays in the page, so that all interactives can be counted; nothing is asked of the network.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
# JupyterLab keeps the arrow keys for itself as long as a list is closed.
KEYS = {"button": ("Enter",), "combobox": ("Space ArrowDown Enter",), "slider": ("End",)}
NOT_COPIED = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
PATIENCE = 180_000  # milliseconds for a chapter on a busy machine
INTERACTIVES = f".jp-OutputArea-output > .{CSS_CLASS}"
# A cell that has run has a number; after an error JupyterLab runs no further cell.
HAS_RUN = """() => document.querySelector('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]')
  || [...document.querySelectorAll(".jp-CodeCell")].every((cell) =>
    !cell.querySelector(".cm-content")?.innerText.trim()
    || /\\d/.test(cell.querySelector(".jp-InputPrompt").innerText))"""


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs: its address, and the folder whose files it shows."""

    address: str
    folder: Path

    def page_of(self, name: str) -> str:
        """Return the address at which it opens a file, and only that."""
        return f"{self.address}doc/tree/{name}?token={TOKEN}"


def copy_book(folder: Path) -> Path:
    """Copy the book and its data, as a repository has them, and return the copy of ``book/``."""
    shutil.copytree(DATA, folder / "data")
    return Path(shutil.copytree(BOOK, folder / "book", ignore=NOT_COPIED))


@contextmanager
def started(python: str | Path, folder: Path) -> Iterator[Lab]:
    """Start the JupyterLab of an environment, with settings of its own, for as long as a block runs.

    Parameters
    ----------
    python : str or Path
        The environment's Python.
    folder : Path
        What it shows.

    Yields
    ------
    Lab
        Where it is.

    Raises
    ------
    CasebookError
        If it does not start.
    """
    with tempfile.TemporaryDirectory() as private:
        home = Path(private)
        for name, values in SETTINGS.items():
            path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(values), encoding="utf-8")
        folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "share", "JUPYTER_RUNTIME_DIR": "runtime",
                   "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}  # fmt: skip
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment |= {name: str(home / folder) for name, folder in folders.items()}
        options = [
            "--no-browser",
            "--allow-root",
            f"--ServerApp.port={free_port()}",
            f"--IdentityProvider.token={TOKEN}",
        ]
        command = [python, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={folder}"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                yield Lab(_address(home / "runtime", server), folder)
            finally:
                server.terminate()


def free_port() -> int:
    """Return a port that nobody uses just now: not every version of the server says which one it took by itself."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def _address(runtime: Path, server: subprocess.Popen) -> str:
    """Wait until a server has said where it is."""
    while not (said := "".join(path.read_text(encoding="utf-8") for path in runtime.glob("jpserver-*.json"))):
        if server.poll() is not None:
            raise CasebookError("JupyterLab did not start; run 'python -m jupyterlab' in that environment to see why.")
        time.sleep(0.1)
    return json.loads(said)["url"]


def run_all(page: Page, lab: Lab, name: str) -> float:
    """Open a notebook, wait until its kernel is idle, run all cells, and return the seconds until the last had run.

    Parameters
    ----------
    page : Page
        A page of a browser.
    lab : Lab
        Where the notebook is.
    name : str
        The file.
    """
    page.set_default_timeout(PATIENCE)
    page.goto(lab.page_of(name))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    beginning = time.perf_counter()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(HAS_RUN, polling=200)
    return time.perf_counter() - beginning


def run_chapter(running: Browser, lab: Lab, chapter: Path) -> Outcome:
    """Run a chapter, operate its interactives, and compare what it shows with what is stored.

    Parameters
    ----------
    running : Browser
        A Chromium, as `tools.chromium.started` gives it.
    lab : Lab
        A JupyterLab whose folder has the book's own files.
    chapter : Path
        The chapter as it is stored.
    """
    stored = nbformat.read(chapter, as_version=4)
    copy = lab.folder / chapter.name
    nbformat.write(without_outputs(chapter), copy)
    page = running.new_page()
    seconds = run_all(page, lab, chapter.name)
    shown = page.locator(INTERACTIVES).all()
    alive = sum(answers_once(root, KEYS) for root in shown)
    ran = saved(page, copy)
    faults = directives_left(page)
    page.close()
    outcome = compared(chapter.stem, stored, ran, alive, max(stored_views(chapter), len(shown)), seconds)
    return Outcome(**{**vars(outcome), "faults": (*outcome.faults, *faults)})


def directives_left(page: Page) -> list[str]:
    """List the boxes and exercises that JupyterLab shows as raw text: nothing has rendered them."""
    raw = page.locator(".jp-MarkdownCell .jp-RenderedHTMLCommon code").filter(has_text=":label:").count()
    return [f"{raw} exercises stand as raw text; jupyterlab-myst is not there."] if raw else []


def without_outputs(chapter: Path) -> nbformat.NotebookNode:
    """Return a chapter with nothing run, so that whatever it shows later has come from where it ran."""
    notebook = nbformat.read(chapter, as_version=4)
    notebook.metadata.pop("widgets", None)
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    return notebook


def saved(page: Page, path: Path) -> nbformat.NotebookNode:
    """Save the open notebook as a reader does, and read the file."""
    with page.expect_response(lambda response: response.request.method == "PUT" and path.name in response.url):
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.get_by_text("Save Notebook", exact=True).click()
    return nbformat.read(path, as_version=4)


def run_book(running: Browser, python: str | Path, folder: Path) -> list[Outcome]:
    """Run every chapter in the JupyterLab of an environment.

    Parameters
    ----------
    running : Browser
        A Chromium.
    python : str or Path
        The environment's Python.
    folder : Path
        An empty folder for the copy of the book.
    """
    with started(python, copy_book(folder)) as lab:
        return [run_chapter(running, lab, chapter) for chapter in chapters()]
