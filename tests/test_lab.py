"""The interactives of every chapter answer in JupyterLab too, where a kernel has just made them."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from nbformat import v4, write

from casebook.widgets import CSS_CLASS
from tools.driving import answers_once, stored_views
from tools.files import BOOK, DATA, chapters
from tools.widget_models import VIEW

TOKEN = "only-for-this-test"
# Every output stays in the page, so that all interactives can be counted; nothing is asked of the network.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
# JupyterLab keeps the arrow keys for itself as long as a list is closed.
KEYS = {"button": ("Enter",), "combobox": ("Space", "ArrowDown", "Enter"), "slider": ("End",)}
# To open and run every chapter would take minutes: one cell a chapter runs its code and shows only its interactives.
ONE_CELL = """
from contextlib import nullcontext

import nbformat
from IPython.utils.capture import capture_output

for cell in nbformat.read("{name}", as_version=4).cells:
    if cell.cell_type == "code":
        shows = any("{view}" in output.get("data", {{}}) for output in cell.outputs)
        with nullcontext() if shows else capture_output():
            get_ipython().run_cell(cell.source)
"""
WEIGHING = """
import pandas as pd
from casebook.weighing import weigh

items = ["Video", "Verdict"]
weigh(pd.Series([3, 1], items), pd.DataFrame({"Street": [1, 0], "Court": [0, 2]}, items), "Weight of each item")
"""
DEAD = """
import ipywidgets
from casebook.widgets import Interactive

Interactive([ipywidgets.Dropdown(options=["a", "b"], description="Kind"), ipywidgets.HTML("always the same")], "dead")
"""


@pytest.fixture
def lab(tmp_path):
    """Start a JupyterLab of its own on a copy of the book, and return its address."""
    shutil.copytree(BOOK, tmp_path / "book")
    shutil.copytree(DATA, tmp_path / "data")
    cells = [ONE_CELL.format(name=chapter.name, view=VIEW) for chapter in chapters()]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(
        cells=list(map(v4.new_code_cell, [*cells, WEIGHING, DEAD])), metadata={"kernelspec": kernel}
    )
    write(notebook, tmp_path / "book" / "interactives.ipynb")
    for name, values in SETTINGS.items():
        path = tmp_path / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    private = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "share", "JUPYTER_RUNTIME_DIR": "runtime",
               "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}  # fmt: skip
    environment = {**os.environ, **{name: str(tmp_path / folder) for name, folder in private.items()}}
    options = ["--no-browser", "--allow-root", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}"]
    command = [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={tmp_path / 'book'}"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        while not (described := "".join(path.read_text() for path in (tmp_path / "runtime").glob("jpserver-*.json"))):
            assert server.poll() is None, "JupyterLab did not start"
            time.sleep(0.1)
        yield json.loads(described)["url"]
        server.terminate()


def test_every_interactive_answers_in_jupyterlab(running, lab):
    alive = sum(map(stored_views, chapters())) + 1
    page = running.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{lab}doc/tree/interactives.ipynb?token={TOKEN}")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    roots = page.locator(f".jp-OutputArea-output > .{CSS_CLASS}")
    roots.nth(alive).wait_for()
    assert [answers_once(root, KEYS) for root in roots.all()] == [True] * alive + [False]
    page.close()
