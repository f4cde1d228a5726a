"""The interactives of every chapter answer in JupyterLab too, where a kernel has just made them."""

import sys

import pytest
from nbformat import v4, write

from tools.driving import answers_once, stored_views
from tools.files import chapters
from tools.places import jupyter
from tools.widget_models import VIEW

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
UNDRAWN = "%matplotlib agg"  # nobody looks at the other figures
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
    """Start a JupyterLab of its own on a copy of the book that has one notebook with every interactive."""
    cells = [ONE_CELL.format(name=chapter.name, view=VIEW) for chapter in chapters()]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(
        cells=list(map(v4.new_code_cell, [UNDRAWN, *cells, WEIGHING, DEAD])), metadata={"kernelspec": kernel}
    )
    book = jupyter.copy_book(tmp_path)
    write(notebook, book / "interactives.ipynb")
    with jupyter.started(sys.executable, book) as started:
        yield started


def test_every_interactive_answers_in_jupyterlab(running, lab):
    alive = sum(map(stored_views, chapters())) + 1
    page = running.new_page()
    jupyter.run_all(page, lab, "interactives.ipynb")
    roots = page.locator(jupyter.INTERACTIVES)
    roots.nth(alive).wait_for()
    assert [answers_once(root, jupyter.KEYS) for root in roots.all()] == [True] * alive + [False]
    page.close()
