"""The reader's own browser: chapters run in JupyterLite by a real Chromium that can reach nothing but the site."""

import os
import shutil
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from playwright.sync_api import Browser, Locator, Page, Request, sync_playwright

from casebook.errors import CasebookError
from tools import chromium
from tools.driving import CONTROLS, answers_once, controls_of, pointer_fault, stored_views, tab_to
from tools.files import chapters
from tools.lite import APP, OUTPUT
from tools.notebooks import code_cells
from tools.places.jupyter import INTERACTIVES, KEYS, directives_left, without_outputs
from tools.places.outcomes import Outcome, compared
from tools.pyodide import LITE
from tools.serving import served

NO_NAMES = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PATIENCE = 300_000  # milliseconds for a chapter on a busy machine
NOTEBOOK = "[...window.jupyterapp.shell.widgets('main')][0]"
KERNEL_IS = f"(status) => window.jupyterapp && {NOTEBOOK}?.context?.sessionContext?.session?.kernel?.status === status"
# A cell that has run has a number; after an error no further cell runs.
CODE_CELLS = (
    f"[...{NOTEBOOK}.content.model.cells].filter((cell) => cell.type === 'code' && cell.sharedModel.source.trim())"
)
FIRST_HAS_RUN = f"() => {CODE_CELLS}.some((cell) => cell.executionCount)"
HAVE_RUN = f"""() => {CODE_CELLS}.every((cell) => cell.executionCount)
  || {CODE_CELLS}.some((cell) => cell.outputs.toJSON().some((output) => output.output_type === "error"))"""
# When a control takes the focus, the notebook scrolls to its cell; a list that opens before that is closed again.
SETTLED = """async (control) => {
  let before;
  do {
    before = control.getBoundingClientRect().top;
    await new Promise((resolve) => setTimeout(resolve, 300));
  } while (control.getBoundingClientRect().top !== before);
}"""
CONTENT = f"() => {NOTEBOOK}.content.model.toJSON()"


@dataclass
class Traffic:
    """What a page asks for: of other hosts."""

    elsewhere: list[str] = field(default_factory=list)


@contextmanager
def cut_off() -> Iterator[Browser]:
    """Start a Chromium for which no name exists but this machine's own address, for as long as a block runs."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.path(), args=[*chromium.FLAGS, NO_NAMES])
        yield running
        running.close()


def site_with_solutions(target: Path, lite: Path = OUTPUT) -> Path:
    """Copy a built JupyterLite whose chapters have their solutions and no outputs: what runs there can be compared.

    Parameters
    ----------
    target : Path
        Where the copy goes; it does not exist yet.
    lite : Path
        What ``make lite`` has built.

    Returns
    -------
    Path
        The copy.

    Raises
    ------
    CasebookError
        If nothing is built.
    """
    if not (lite / APP).exists():
        raise CasebookError("JupyterLite is not built; run 'make lite' first.")
    shutil.copytree(lite, target, copy_function=os.link)
    for chapter in chapters():
        copy = target / "files" / "book" / chapter.name
        for path in (copy, *copy.parent.glob(f"{copy.name}.*")):
            path.unlink()
        nbformat.write(without_outputs(chapter), copy)
    return target


def opened(page: Page, home: str, chapter: Path) -> None:
    """Open a chapter and wait until Python is ready."""
    page.set_default_timeout(PATIENCE)
    page.goto(f"{home}/{APP.as_posix()}?path=book/{chapter.name}")
    page.locator(".jp-Notebook").wait_for()
    page.wait_for_function(KERNEL_IS, arg="idle", polling=200)


def run_all(page: Page) -> tuple[float, float]:
    """Run all cells from the menu; return the seconds until the first and until the last had run."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    beginning = time.perf_counter()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(FIRST_HAS_RUN, polling=100)
    first = time.perf_counter() - beginning
    page.wait_for_function(HAVE_RUN, polling=200)
    return first, time.perf_counter() - beginning


def watched(page: Page, home: str) -> Traffic:
    """Watch what a page and its workers ask for."""
    traffic = Traffic()

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{home}/", "data:", "blob:")):
            traffic.elsewhere.append(request.url)

    page.context.on("request", asked)
    return traffic


def run_chapter(running: Browser, home: str, chapter: Path) -> Outcome:
    """Run a chapter, operate its interactives by pointer and keyboard, and compare it with what is stored.

    Parameters
    ----------
    running : Browser
        A Chromium.
    home : str
        The address of a JupyterLite, without a slash at its end.
    chapter : Path
        The chapter as it is stored.
    """
    context = running.new_context()
    page = context.new_page()
    traffic = watched(page, home)
    opened(page, home, chapter)
    _, seconds = run_all(page)
    ran = without_known_differences(nbformat.from_dict(page.evaluate(CONTENT)))
    shown = page.locator(INTERACTIVES).all()
    dead = [f"{chapter.stem}, interactive {n}{fault}" for n, root in enumerate(shown, 1) if (fault := _fault(root))]
    faults = [*dead, *directives_left(page), *(f"request to elsewhere: {url}" for url in traffic.elsewhere)]
    context.close()
    stored = nbformat.read(chapter, as_version=4)
    alive, interactives = len(shown) - len(dead), max(stored_views(chapter), len(shown))
    outcome = compared(chapter.stem, stored, ran, alive, interactives, seconds)
    return replace(outcome, faults=(*outcome.faults, *faults))


def without_known_differences(notebook: NotebookNode) -> NotebookNode:
    """Return what the browser has run without the messages that are listed, with reasons, as its own."""
    listed = tomllib.loads((LITE / "differences.toml").read_text(encoding="utf-8"))["differences"]
    known = {difference["text"] for difference in listed}
    for cell in code_cells(notebook):
        cell.outputs = [output for output in cell.outputs if output.get("text", "").strip() not in known]
    return notebook


def _fault(root: Locator) -> str:
    """Operate an interactive by keyboard and then by pointer, and say what is wrong, or nothing."""
    root.locator(CONTROLS).first.wait_for()
    first = controls_of(root)[0].at
    tab_to(root, first)
    first.evaluate(SETTLED)
    if not answers_once(root, KEYS):
        return " does not answer the keyboard."
    # What the keyboard has chosen, the pointer cannot choose again: any other control will do.
    if all(pointer_fault(root, control) for control in controls_of(root) if control.role in KEYS):
        return " does not answer the pointer."
    return ""


def run_book(folder: Path) -> list[Outcome]:
    """Run every chapter.

    Parameters
    ----------
    folder : Path
        An empty folder for the copy of the site.
    """
    site = site_with_solutions(folder / "lite")
    with served(site) as home, cut_off() as running:
        return [run_chapter(running, home, chapter) for chapter in chapters()]
