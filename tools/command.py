"""Let a command of the Makefile end with a sentence, not with a traceback, when its input is at fault."""

import functools
import sys
from collections.abc import Callable

from casebook.errors import CasebookError


def command(work: Callable[..., int | None]) -> Callable[..., int]:
    """Say what is wrong if the work of a command refuses its input, and return the exit code.

    Parameters
    ----------
    work : callable
        What the command does; it may return an exit code of its own.

    Returns
    -------
    callable
        The same, which returns that code or 0, or 1 after the sentence of a `CasebookError`.
    """

    @functools.wraps(work)
    def told(*arguments: object) -> int:
        try:
            return work(*arguments) or 0
        except CasebookError as error:
            print(error, file=sys.stderr)
            return 1

    return told
