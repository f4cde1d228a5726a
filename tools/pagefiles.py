"""Gather what the built pages ship besides Sphinx's own files, so that no page asks another host for anything.

The scripts come from the npm packages that site/package.json pins, the stylesheet and small scripts from site/theme.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from casebook.errors import CasebookError
from tools.files import ROOT
from tools.fonts import keep_characters

MODULES = ROOT / "site" / "node_modules"
THEME = ROOT / "site" / "theme"

WIDGETS = "_static/vendor/widgets"
WIDGET_ICONS = "1551f4f60c37af51121f.woff2"  # the name under which the widget runtime asks for its icon font
ICONS_OF_PLAY = "\uf04b\uf04c\uf04d\uf079"  # play, pause, stop, repeat: the only icons that our controls show
MATHJAX = "_static/vendor/mathjax"
# where in the site -> the file or folder it comes from
SHIPPED = {
    f"{WIDGETS}/embed-amd.js": MODULES / "@jupyter-widgets/html-manager/dist/embed-amd.js",
    f"{WIDGETS}/{WIDGET_ICONS}": MODULES / "@jupyter-widgets/html-manager/dist" / WIDGET_ICONS,
    f"{WIDGETS}/require.js": MODULES / "requirejs/require.js",
    f"{WIDGETS}/anywidget.js": Path(sys.prefix) / "share/jupyter/nbextensions/anywidget/index.js",
    f"{MATHJAX}/tex-mml-chtml.js": MODULES / "mathjax/es5/tex-mml-chtml.js",
    f"{MATHJAX}/output/chtml/fonts/woff-v2": MODULES / "mathjax/es5/output/chtml/fonts/woff-v2",
    "_static/casebook/casebook.css": THEME / "casebook.css",
    "_static/casebook/accessibility.js": THEME / "accessibility.js",
    "_static/casebook/widgets.js": THEME / "widgets.js",
}
# The theme's icon script (1.5 MB) swaps icons under the widgets' feet and stops their Play button; the theme's icon
# font shows the same icons without it.
ICON_SCRIPT = "_static/scripts/fontawesome.js"
ICON_SCRIPT_NOTE = (
    "/* Not shipped: the icon font draws the icons, and this script breaks the widgets' Play button. */\n"
)


# The widget runtime carries the widgets of ten years ago as well; no chapter uses them.
LEGACY_FROM, LEGACY_TO = 'define("@jupyter-widgets/base7"', 'define("@jupyter-widgets/html-manager"'
# Its stylesheets carry their source maps with them, a tenth of its weight; only a debugger reads these.
STYLE_MAP = re.compile(
    r',\{version:3,sources:\[[^\]]*\],names:\[\],mappings:"[^"]*",sourcesContent:\[.*?\],sourceRoot:""\}', re.DOTALL
)


def gather(target: Path) -> None:
    """Fill a folder with everything the pages ship, replacing what was there.

    Parameters
    ----------
    target : Path
        The folder.

    Raises
    ------
    CasebookError
        If a package is not installed.
    """
    for source in SHIPPED.values():
        if not source.exists():
            raise CasebookError(f"{source.name} is not installed; run 'make setup' to fetch the pages' JavaScript.")
    if target.exists():
        shutil.rmtree(target)
    for name, source in SHIPPED.items():
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, destination)
        else:
            shutil.copyfile(source, destination)
    keep_characters(target / WIDGETS / WIDGET_ICONS, ICONS_OF_PLAY)
    trim(target / f"{WIDGETS}/embed-amd.js")
    minify(target / f"{WIDGETS}/require.js")
    icon_script = target / ICON_SCRIPT
    icon_script.parent.mkdir(parents=True, exist_ok=True)
    icon_script.write_text(ICON_SCRIPT_NOTE, encoding="utf-8")


def trim(runtime: Path) -> None:
    """Cut the legacy widgets, the source maps of stylesheets and the pointer to its own out of the widget runtime.

    Raises
    ------
    CasebookError
        If the runtime is not made as expected, so that a new version is looked at before it ships.
    """
    code = runtime.read_text(encoding="utf-8")
    start, end = code.find(LEGACY_FROM), code.find(LEGACY_TO)
    if not 0 < start < end:
        raise CasebookError(
            f"{runtime.name} has no legacy part to cut; look at the new version and adapt tools/pagefiles.py."
        )
    code, maps = STYLE_MAP.subn("", code[:start] + code[end:])
    if not maps:
        raise CasebookError(
            f"{runtime.name} has no source maps of stylesheets to cut; look at the new version and adapt "
            "tools/pagefiles.py."
        )
    code = re.sub(r"(?m)^//# sourceMappingURL=.*$", "", code)
    runtime.write_text(code, encoding="utf-8")


def minify(script: Path) -> None:
    """Rewrite a script without comments and long names."""
    terser = [Path(sys.prefix) / "bin" / "node", MODULES / "terser/bin/terser"]
    subprocess.run([*terser, script, "--compress", "--mangle", "--output", script], check=True)
