"""Build JupyterLite beside the book: the chapters run in the reader's own browser (``make lite``).

Everything comes from the book's own address: JupyterLite, Pyodide, and the students' chapters with package and data.
"""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from casebook.errors import CasebookError
from tools import precompress, pyodide
from tools.command import command
from tools.files import BOOK, ROOT, SITE, chapters
from tools.notebooks import code_cells, read
from tools.places.environments import environment
from tools.places.imports import OWN, imported
from tools.pyodide import LITE
from tools.reader_kit import lay_out

OUTPUT = SITE / "lite"
WORKSHOP = ROOT / "_build" / "lite"
PYODIDE = "static/pyodide"  # where JupyterLite's kernel looks for it
PYODIDE_URL = "./static/pyodide/pyodide.js"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
KERNEL_WHEELS = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
SETTINGS = ("jupyter-lite.json", "overrides.json")
FOR_DESKTOPS = ("README.md", "requirements.txt", "constraints.txt")
TOOLBAR = ("toolbar.js", "toolbar.css")
APP = Path("notebooks") / "index.html"
HEAD_END = "</head>"
PACKAGE = Path("book") / OWN
START = "browser_start.py"
IPYTHON = "ipython_config.json"


def build(source: str, output: Path = OUTPUT) -> None:
    """Build the site.

    Parameters
    ----------
    source : str
        Where Pyodide's packages come from, as `tools.pyodide.gather` takes it.
    output : Path
        Where to write; what is there is replaced.

    Raises
    ------
    CasebookError
        If a file of the distribution is wrong or missing, if a chapter imports what it lacks, or if JupyterLite fails.
    """
    python = environment("lite", sys.executable, ["--require-hashes", "--requirement", LITE / "requirements.lock"])
    shutil.rmtree(
        WORKSHOP, ignore_errors=True
    )  # JupyterLite keeps a record of what it has done, and would not do it again
    shutil.rmtree(output, ignore_errors=True)
    contents = WORKSHOP / "contents"
    lay_out(ROOT, contents, solutions=False)
    for name in FOR_DESKTOPS:
        (contents / name).unlink()
    pyodide.gather(WORKSHOP / PYODIDE, source, kernel_wheels(python) | book_wheel(contents))
    refuse_imports(code_by_file(), pyodide.importable(WORKSHOP / PYODIDE))
    shutil.rmtree(contents / PACKAGE)
    for name in SETTINGS:
        shutil.copy(LITE / name, WORKSHOP)
    _jupyter_lite(python, contents, output)
    refuse_stale(output)
    add_toolbar(output)
    precompress.compress(output)


def _jupyter_lite(python: Path, contents: Path, output: Path) -> None:
    """Run JupyterLite's own builder."""
    options = ["--lite-dir", WORKSHOP, "--contents", contents, "--output-dir", output, "--no-sourcemaps"]
    command = [python, "-m", "jupyterlite_core", "build", *options, "--apps", "notebooks", "--apps", "lab"]
    done = subprocess.run(command, cwd=WORKSHOP, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CasebookError(f"JupyterLite was not built: {' '.join(done.stderr.split())[-300:]}")


def kernel_wheels(python: Path) -> dict[str, bytes]:
    """Return the wheels, by file name, that come with JupyterLite's kernel in an environment."""
    found = sorted((python.parent.parent / KERNEL_WHEELS).glob("*.whl"))
    return {path.name: path.read_bytes() for path in found if not path.name.startswith("widgetsnbextension")}


def book_wheel(contents: Path) -> dict[str, bytes]:
    """Pack package, tables and the kernel's settings as a wheel, for Pyodide to unpack; return it by its name.

    The name follows the content: a browser that has kept another version must not take that for this one.

    Parameters
    ----------
    contents : Path
        The book as readers get it.
    """
    files = {f"{OWN}/{path.name}": path.read_bytes() for path in sorted((contents / PACKAGE).iterdir())}
    files |= {f"data/{path.name}": path.read_bytes() for path in sorted((contents / "data").iterdir())}
    files |= {START: (LITE / START).read_bytes()}
    digest = hashlib.sha256(b"".join(name.encode() + content for name, content in files.items())).hexdigest()
    version = f"0.{int(digest[:8], 16)}"
    files[f"{OWN}-{version}.data/data/etc/ipython/{IPYTHON}"] = (LITE / IPYTHON).read_bytes()  # for the whole system
    files[f"{OWN}-{version}.dist-info/METADATA"] = f"Metadata-Version: 2.1\nName: {OWN}\nVersion: {version}\n".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(zipfile.ZipInfo(name), content)
    return {f"{OWN}-{version}-py3-none-any.whl": packed.getvalue()}


def code_by_file() -> dict[str, str]:
    """Return the code of every chapter and of every module of the package, by file name."""
    cells = {path.name: "\n".join(cell.source for cell in code_cells(read(path))) for path in chapters()}
    modules = sorted((BOOK / "casebook").glob("*.py"))
    return cells | {f"casebook/{path.name}": path.read_text(encoding="utf-8") for path in modules}


def refuse_alone(site: Path = SITE) -> None:
    """Refuse to build where the book is not: its own build empties the folder.

    Raises
    ------
    CasebookError
        If the book is not built.
    """
    if not (site / "index.html").exists():
        raise CasebookError(
            "The book is not built, and its build would delete what is made here; run 'make book' first."
        )


def refuse_imports(codes: dict[str, str], there: set[str]) -> None:
    """Refuse code that imports what the browser's Python lacks.

    Parameters
    ----------
    codes : dict of str to str
        Code by file name.
    there : set of str
        The names that can be imported, besides Python's own modules.

    Raises
    ------
    CasebookError
        If a file imports something else.
    """
    for name, code in codes.items():
        if lacking := sorted(imported([code]) - there):
            raise CasebookError(
                f"{name} imports {lacking[0]}, which Pyodide lacks as site/lite/pyodide.toml describes it; "
                "add its package there, or do without it."
            )


def refuse_stale(output: Path) -> None:
    """Refuse a site that would fetch Pyodide from elsewhere.

    JupyterLite writes the address only when it believes that something has changed; without it, browsers go to a host
    that the reader may not reach.

    Raises
    ------
    CasebookError
        If the address of Pyodide is not the site's own.
    """
    path = output / "jupyter-lite.json"
    settings = json.loads(path.read_text(encoding="utf-8"))["jupyter-config-data"].get("litePluginSettings", {})
    if settings.get(KERNEL, {}).get("pyodideUrl") != PYODIDE_URL or not (output / PYODIDE_URL).exists():
        raise CasebookError(
            f"{output.name}/{path.name} does not point to the Pyodide beside it, as in an output folder that an older "
            "build has left; delete the folder and run 'make lite' again."
        )


def add_toolbar(output: Path) -> None:
    """Put our toolbar onto the page that shows a chapter.

    Raises
    ------
    CasebookError
        If the page has no head to put it in.
    """
    page = output / APP
    text = page.read_text(encoding="utf-8")
    if HEAD_END not in text:
        raise CasebookError(f"{APP} has no '{HEAD_END}', so the toolbar has no place; look at JupyterLite's new page.")
    for name in TOOLBAR:
        shutil.copy(LITE / name, page.parent)
    tags = '<link rel="stylesheet" href="./toolbar.css"><script type="module" src="./toolbar.js"></script>'
    page.write_text(text.replace(HEAD_END, f"{tags}{HEAD_END}", 1), encoding="utf-8")


@command
def main(arguments: list[str] | None = None) -> None:
    """Build, then say where the site is, what it weighs and how long it took."""
    parser = argparse.ArgumentParser(prog="python -m tools.lite", description=__doc__.partition("\n")[0])
    parser.add_argument("--pyodide", default="release", help="'release' (upstream's own), 'registry', or a folder")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    refuse_alone()
    build(options.pyodide)
    print(f"\nJupyterLite is ready: {OUTPUT / APP} (serve {SITE} over http; browsers refuse it from disk)")
    print(f"{precompress.weights(OUTPUT)}; it took {time.perf_counter() - started:.1f} seconds.")


if __name__ == "__main__":
    sys.exit(main())
