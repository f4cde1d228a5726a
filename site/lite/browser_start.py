"""What the browser's Python does last when it starts: the imports of every chapter.

`ipython_config.json` names it, and keeps IPython from putting the current folder on the path before.
"""

import gc
import sys
from importlib import import_module

MODULES = ("casebook.figures", "casebook.widgets")  # with pandas, Matplotlib, and the widgets
OBJECTS_BEFORE_COLLECTING = 700  # Python's usual number, which sitecustomize.py has raised


def load_ipython_extension(_shell: object) -> None:
    """Import, and let a reader's own modules be found from now on."""
    for name in MODULES:
        import_module(name)
    gc.freeze()  # what is imported stays: no collection need look at it again
    gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
    sys.path.append("")
