"""Hold each answer cell that a student starts from to the shape of its solution: the names, the signature, the gap."""

import ast
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from tools.exercises import read as read_fields
from tools.exercises import require
from tools.files import EXERCISES
from tools.notebooks import read

TEXT, VALUE = ('"..."',), ("...",)
GAPS = {
    "choice": TEXT,
    "text": TEXT,
    "judgement": TEXT,
    "number": VALUE,
    "table": VALUE,
    "set": ("...", "{...}", "set()"),
}
FUNCTION_GAP = "return ..."


def problems(path: Path, exercises: Path = EXERCISES) -> Iterator[str]:
    """Compare every answer cell of a chapter with its solution.

    Parameters
    ----------
    path : Path
        The chapter, whose cells keep the grammar of exercises.
    exercises : Path
        The folder of exercise descriptions.

    Yields
    ------
    str
        One sentence for each answer cell of another shape.
    """
    notebook = read(path)
    specification = exercises / f"{path.stem}.toml"
    for fields in read_fields(specification) if specification.exists() else []:
        require(f"exercises/{specification.name}, {fields['id']}", fields, {"kind": str})
        name = f"ex-{fields['id']}"
        starter, solution = _code(notebook, f"{name}-answer"), _code(notebook, f"{name}-solution")
        if fault := _fault(fields, starter, solution):
            yield f"{path.name}, cell '{name}-answer': {fault}"


def _code(notebook: NotebookNode, beginning: str) -> str:
    """Return the code of the cells whose ids begin in one way."""
    cells = (cell for cell in notebook.cells if cell.cell_type == "code" and cell.id.startswith(beginning))
    return "\n".join(cell.source for cell in cells)


def _fault(fields: dict, starter: str, solution: str) -> str | None:
    """Return what differs between an answer cell and its solution."""
    answer = f"answer_{fields['id'].rpartition('-')[2]}"
    try:
        given, solved = _forms(starter), _forms(solution)
    except SyntaxError:
        return "it or its solution is not plain Python; correct the code."
    if answer not in solved:
        return f"its solution gives '{answer}' no value; let the solution set it."
    for name in dict.fromkeys([answer, *given]):
        if given.get(name) != solved.get(name):
            return (
                f"it has {_said(given, name)} and its solution {_said(solved, name)}; "
                "let both set the same names, in the same form."
            )
    gaps = (FUNCTION_GAP,) if solved[answer] else GAPS.get(fields["kind"], VALUE)
    if _gap(starter) not in gaps:
        return f"the gap is {_gap(starter)}; for the kind '{fields['kind']}' write {' or '.join(gaps)}."
    return None


def _forms(source: str) -> dict[str, str]:
    """Return what code gives values to: the parameters of a function by its name, and nothing by another name.

    A name that is set to a function has the form of that function.
    """
    forms: dict[str, str] = {}
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name=name, args=parameters):
                forms[name] = f"({ast.unparse(parameters)})"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)):
                forms[name] = forms.get(other, "")
            case ast.Assign(targets=targets):
                names = (part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
                forms |= dict.fromkeys(names, "")
    return forms


def _said(forms: dict[str, str], name: str) -> str:
    """Say in which form code gives a value to a name."""
    if name not in forms:
        return f"no '{name}'"
    return f"the function '{name}{forms[name]}'" if forms[name] else f"the value '{name}'"


def _gap(starter: str) -> str:
    """Return what an answer cell leaves open, as code: the body of its function, or the value that it sets."""
    first = ast.parse(starter).body[0]
    if isinstance(first, ast.FunctionDef):
        return "; ".join(map(ast.unparse, first.body))
    return ast.get_source_segment(starter, first.value) if isinstance(first, ast.Assign) else ast.unparse(first)
