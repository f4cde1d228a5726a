"""Gather what the built pages ship besides Sphinx's own files, so that no page asks another host for anything.

The scripts come from the npm packages that site/package.json pins, the stylesheet and small scripts from site/theme.
"""

import shutil
import sys
from pathlib import Path

from casebook.errors import CasebookError
from tools.files import ROOT

MODULES = ROOT / "site" / "node_modules"
THEME = ROOT / "site" / "theme"
TARGET = ROOT / "_build" / "page-files"

WIDGETS = "_static/vendor/widgets"
MATHJAX = "_static/vendor/mathjax"
# where in the site -> the file or folder it comes from
SHIPPED = {
    f"{WIDGETS}/embed-amd.js": MODULES / "@jupyter-widgets/html-manager/dist/embed-amd.js",
    f"{WIDGETS}/1551f4f60c37af51121f.woff2": MODULES / "@jupyter-widgets/html-manager/dist/1551f4f60c37af51121f.woff2",
    f"{WIDGETS}/require.js": MODULES / "requirejs/require.js",
    f"{WIDGETS}/anywidget.js": Path(sys.prefix) / "share/jupyter/nbextensions/anywidget/index.js",
    f"{WIDGETS}/config.js": THEME / "widgets-config.js",
    f"{MATHJAX}/tex-mml-chtml.js": MODULES / "mathjax/es5/tex-mml-chtml.js",
    f"{MATHJAX}/output/chtml/fonts/woff-v2": MODULES / "mathjax/es5/output/chtml/fonts/woff-v2",
    "_static/casebook/casebook.css": THEME / "casebook.css",
    "_static/casebook/accessibility.js": THEME / "accessibility.js",
}
# The theme's icon script (1.5 MB) swaps icons under the widgets' feet and stops their Play button; the theme's icon
# font shows the same icons without it.
ICON_SCRIPT = "_static/scripts/fontawesome.js"
ICON_SCRIPT_NOTE = (
    "/* Not shipped: the icon font draws the icons, and this script breaks the widgets' Play button. */\n"
)


def gather(target: Path = TARGET) -> Path:
    """Fill a folder with everything the pages ship, replacing what was there.

    Raises
    ------
    CasebookError
        If a package is not installed.
    """
    for source in SHIPPED.values():
        if not source.exists():
            raise CasebookError(f"{source.name} is not installed; run 'make setup' to fetch the pages' JavaScript.")
    shutil.rmtree(target, ignore_errors=True)
    for name, source in SHIPPED.items():
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, destination)
        else:
            shutil.copyfile(source, destination)
    icon_script = target / ICON_SCRIPT
    icon_script.parent.mkdir(parents=True, exist_ok=True)
    icon_script.write_text(ICON_SCRIPT_NOTE, encoding="utf-8")
    return target
