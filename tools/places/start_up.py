"""Time from the click on "Run in this browser" to the first output, cold and warm, with the floor beside it.

The reader is as quick as can be: every cell is run as soon as the page can take the command.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import BrowserType, sync_playwright

from casebook.errors import CasebookError
from tools import chromium
from tools.command import command
from tools.files import chapters, write_atomic
from tools.lite import APP, OUTPUT, SETTINGS
from tools.place_buttons import MEASURED
from tools.places.browser import CODE_CELLS, NO_NAMES, NOTEBOOK, PATIENCE
from tools.pyodide import LITE
from tools.serving import served

POLLING = 50  # milliseconds
CAN_RUN = f"() => window.jupyterapp && {NOTEBOOK}?.context?.sessionContext?.session?.kernel"
RUN = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
HAS_OUTPUT = f"() => {CODE_CELLS}.some((cell) => cell.outputs.length)"
FLOOR = """async (packages) => {
  const seconds = {};
  const timed = async (name, act) => {
    const beginning = performance.now();
    const done = await act();
    seconds[name] = (performance.now() - beginning) / 1000;
    return done;
  };
  const bytes = async (name) => (await fetch(name)).arrayBuffer();
  const lock = await (await fetch("pyodide-lock.json")).json();
  const names = Object.values(lock.packages).map((entry) => entry.file_name);
  await timed("bytes", () => Promise.all(["pyodide.asm.js", "python_stdlib.zip", ...names].map(bytes)));
  const wasm = await bytes("pyodide.asm.wasm");
  await timed("wasm compile", () => WebAssembly.compile(wasm));
  const { loadPyodide } = await import("./pyodide.mjs");
  const pyodide = await timed("Python with packages", () => loadPyodide({ packages, indexURL: "./" }));
  await timed("imports", () => pyodide.runPython("import pyodide_kernel, pandas, matplotlib.pyplot, anywidget"));
  return seconds;
}"""


@dataclass(frozen=True)
class Visit:
    """What a visit took: seconds from the click until the chapter stood there and until the first output, and bytes."""

    shown: float
    output: float
    megabytes: float

    def __str__(self) -> str:
        return f"chapter shown {self.shown:.1f} s, first output {self.output:.1f} s, {self.megabytes:.1f} MB moved"


def visits(browser: BrowserType, chapter: Path, lite: Path = OUTPUT) -> tuple[Visit, Visit]:
    """Visit a chapter twice with one profile of a browser: cold, then warm, with the browser closed in between.

    Parameters
    ----------
    browser : BrowserType
        Playwright's Chromium.
    chapter : Path
        The chapter.
    lite : Path
        What ``make lite`` has built.

    Raises
    ------
    CasebookError
        If nothing is built.
    """
    if not (lite / APP).exists():
        raise CasebookError("JupyterLite is not built; run 'make lite' first.")
    sent: list[int] = []
    with served(lite, sent.append) as home, tempfile.TemporaryDirectory() as profile:
        address = f"{home}/{APP.as_posix()}?path=book/{chapter.name}"
        return _visit(browser, profile, address, sent), _visit(browser, profile, address, sent)


def _visit(browser: BrowserType, profile: str, address: str, sent: list[int]) -> Visit:
    sent.clear()
    flags = [*chromium.FLAGS, NO_NAMES]
    running = browser.launch_persistent_context(profile, executable_path=chromium.path(), args=flags)
    page = running.new_page()
    page.set_default_timeout(PATIENCE)
    click = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(".jp-Notebook").wait_for()
    shown = time.perf_counter() - click
    page.wait_for_function(CAN_RUN, polling=POLLING)
    page.evaluate(RUN)
    page.wait_for_function(HAS_OUTPUT, polling=POLLING)
    output = time.perf_counter() - click
    running.close()
    return Visit(shown, output, sum(sent) / 1e6)


def floor(browser: BrowserType, lite: Path = OUTPUT) -> dict[str, float]:
    """Time, without any notebook, the steps that no arrangement of the page can spare; in seconds, by step."""
    settings = json.loads((LITE / SETTINGS[0]).read_text(encoding="utf-8"))["jupyter-config-data"]
    kernel = next(iter(settings["litePluginSettings"].values()))
    running = browser.launch(executable_path=chromium.path(), args=[*chromium.FLAGS, NO_NAMES])
    with served(lite) as home:
        page = running.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{home}/static/pyodide/pyodide-lock.json")
        steps = page.evaluate(FLOOR, kernel["loadPyodideOptions"]["packages"])
    running.close()
    return steps


def figures(cold: Visit, warm: Visit) -> dict:
    """Return what the buttons say of the reader's own browser."""
    return {
        "date": f"{date.today()}",
        "cores": os.cpu_count(),
        "cold": round(cold.output, 1),
        "warm": round(warm.output, 1),
        "megabytes": round(cold.megabytes, 1),
    }


def record(found: Mapping, path: Path = MEASURED) -> None:
    """Write the figures into the file from which the buttons take theirs."""
    measured = json.loads(path.read_text(encoding="utf-8"))
    write_atomic(path, (json.dumps(measured | {"browser": found}, indent=2, sort_keys=True) + "\n").encode())


@command
def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and if asked write the figures for the buttons."""
    parser = argparse.ArgumentParser(prog="python -m tools.places.start_up", description=__doc__.partition("\n")[0])
    parser.add_argument("--record", action="store_true", help=f"write the seconds into {MEASURED.name}")
    asked = parser.parse_args(arguments)
    with sync_playwright() as playwright:
        cold, warm = visits(playwright.chromium, chapters()[0])
        steps = floor(playwright.chromium)
    print(f"cold: {cold}\nwarm: {warm}")
    print("floor: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.items()))
    if asked.record:
        record(figures(cold, warm))


if __name__ == "__main__":
    sys.exit(main())
