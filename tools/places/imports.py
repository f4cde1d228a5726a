"""What chapters and package import, against a list of requirements: nothing missing, nothing that nobody needs."""

import ast
import re
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions, requires
from pathlib import Path

from tools.files import BOOK, ROOT, chapters
from tools.notebooks import code_cells, read

OWN = "casebook"
FOR_THE_EYE = {"jupyterlab-myst": "shows boxes and exercises, which chapters hold as MyST"}  # nobody imports it
NAME = re.compile(r"^[\w.-]+")


def sources() -> list[str]:
    """Return the code of every chapter and of every module of the package."""
    cells = ["\n".join(cell.source for cell in code_cells(read(path))) for path in chapters()]
    return cells + [path.read_text(encoding="utf-8") for path in sorted((BOOK / OWN).glob("*.py"))]


def imported(codes: Iterable[str]) -> set[str]:
    """Return the names of the modules, outside Python's own and the package, that some code imports."""
    names: set[str] = set()
    for code in codes:
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Import):
                names |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {OWN}


def required(path: Path) -> list[str]:
    """Return the names of the packages that a requirements file lists."""
    return [found[0].lower() for line in path.read_text(encoding="utf-8").splitlines() if (found := NAME.match(line))]


def problems(listed: list[str], modules: set[str]) -> list[str]:
    """List what is missing from requirements, and what nobody needs, in sentences.

    A package counts as there if a listed one requires it, as pandas does with NumPy.

    Parameters
    ----------
    listed : list of str
        The names of the required packages.
    modules : set of str
        What code imports.
    """
    installed = packages_distributions()
    homes = {module: [name.lower() for name in installed.get(module, [])] for module in modules}
    brought = {name: _requires(name) for name in listed}
    there = set(listed).union(*brought.values())
    missing = [
        f"The chapters import {module}, and no requirement brings it; add its package."
        for module, names in sorted(homes.items())
        if not there & set(names)
    ]
    needed = {name for names in homes.values() for name in names}
    idle = [
        f"Nothing imports {name}; take it out." for name in listed if name not in needed and name not in FOR_THE_EYE
    ]
    return missing + idle


def _requires(name: str) -> set[str]:
    """Return what an installed package requires in any case."""
    return {NAME.match(line)[0].lower() for line in requires(name) or [] if "extra ==" not in line}


def pin_of(name: str, path: Path = ROOT / "requirements.txt") -> str:
    """Return the line, without its reason, by which the book pins a package."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(line.partition("#")[0].strip() for line in lines if line.startswith(f"{name}=="))
