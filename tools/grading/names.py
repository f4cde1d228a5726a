"""Find out which names a cell needs and which it makes, so that only the cells that an answer needs are run."""

import ast
import functools
import itertools
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

SHOWS = {"print", "display"}  # called on a name, these leave it as it is
OPAQUE = {"eval", "exec", "globals", "locals", "vars"}  # with these a cell may use any name without naming it


@dataclass(frozen=True)
class Names:
    """The names of one cell.

    Attributes
    ----------
    used : frozenset of str or None
        The names that it reads; None if it cannot be known, so that it may be any.
    made : frozenset of str
        The names that it binds or changes.
    imported : frozenset of str
        Those of them that it imports.
    """

    used: frozenset[str] | None
    made: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()


NONE = Names(frozenset())
IMPORTS = (ast.Import, ast.ImportFrom)
ALL = "*"  # what `from ... import *` imports: nobody knows what it makes


@functools.lru_cache(maxsize=1024)
def names_of(source: str) -> Names:
    """Read the names of a cell from its source, without running it.

    Parameters
    ----------
    source : str
        Python, perhaps with mistakes, and with IPython's own commands.

    Returns
    -------
    Names
        None at all if the source cannot be parsed: then it does not run either.
    """
    try:
        nodes = list(ast.walk(ast.parse(TransformerManager().transform_cell(source))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the parser's words for a source it cannot take
        return NONE
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    imported = {name for node in nodes for name in _imported_by(node)}
    made = {name for node in nodes for name in _made_by(node)} | imported
    return Names(None if used & OPAQUE else frozenset(used), frozenset(made), frozenset(imported))


def parts(source: str) -> list[str]:
    """Cut a cell of our own into parts that may be needed without the others.

    Parameters
    ----------
    source : str
        Python without mistakes.

    Returns
    -------
    list of str
        Each imported name is a part, for imports are what costs most time; so is whatever stands between imports.
    """
    found = []
    for imports, nodes in itertools.groupby(ast.parse(source).body, lambda node: isinstance(node, IMPORTS)):
        if imports:
            found += [type(node)(**vars(node) | {"names": [alias]}) for node in nodes for alias in node.names]
        else:
            found.append(ast.Module(list(nodes), type_ignores=[]))
    return [ast.unparse(node) for node in found]


def _imported_by(node: ast.AST) -> list[str]:
    aliases = node.names if isinstance(node, IMPORTS) else []
    return [(alias.asname or alias.name).partition(".")[0] for alias in aliases]


def _made_by(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
            return _root(node)  # as in events["day"] = ...
        case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):
            return _root(method)  # as in rows.append(...)
        case ast.Expr(value=ast.Call(func=ast.Name(id=function), args=arguments)) if function not in SHOWS:
            return [name for argument in arguments for name in _root(argument)]  # as in shuffle(rows)
    return []


def _root(node: ast.AST) -> list[str]:
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return [node.id] if isinstance(node, ast.Name) else []


def needed(cells: list[Names], wanted: frozenset[str]) -> list[bool]:
    """Choose the cells that somebody who wants certain names has to run.

    Parameters
    ----------
    cells : list of Names
        Cells in the order in which they run.
    wanted : frozenset of str
        The names wanted after the last of them.

    Returns
    -------
    list of bool
        For each cell, whether it is needed: it makes a name that is wanted, or that a needed cell after it uses. What a
        cell calls on something imported, such as ``plt.show()``, does not make it anew.
    """
    modules = frozenset().union(*(cell.imported for cell in cells))
    chosen, open_to_all = [], False
    for cell in reversed(cells):
        made = cell.made - (modules - cell.imported)
        take = open_to_all or bool(made & (wanted | {ALL}))
        if take:
            open_to_all |= cell.used is None
            wanted |= cell.used or frozenset()
        chosen.append(take)
    return chosen[::-1]
