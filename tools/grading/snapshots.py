"""What runs inside the sandbox: the chapter once, and for each exercise a kernel that is a snapshot of it.

The process runs the chapter's own cells up to an exercise and forks. The child becomes the kernel in which the
student's answer runs; the parent has never seen the answer, goes on with the chapter, and forks again for the next
exercise. So every exercise finds the notebook as it stands at that place, whatever an earlier answer has done, and no
cell of the chapter runs twice.

It imports nothing of ours but what the chapter imports, and takes its orders line by line: ``[exercise, connection
file]`` starts a kernel, ``[]`` ends it. It says ``started``, ``ended`` with the exit code, or ``failed`` with the cell
and the error.
"""

import gc
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

WARM = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "tornado.queues",
)
Cell = tuple[str, str]  # id and source; an exercise's own id has no source: here its snapshot is taken


class Chapter:
    """The chapter's own cells, run in order and each once.

    Parameters
    ----------
    cells : list of Cell
        The cells that answers need, and the places of the exercises among them.
    """

    def __init__(self, cells: list[Cell]) -> None:
        self.namespace: dict = {"__name__": "__main__"}
        self._left: Iterator[Cell] = iter(cells)

    def run_to(self, exercise_id: str) -> None:
        """Run the cells that stand before an exercise and have not run yet."""
        for cell_id, source in self._left:
            if cell_id == exercise_id:
                return
            if source:
                try:
                    exec(compile(source, f"<{cell_id}>", "exec"), self.namespace)
                except Exception as error:
                    raise RuntimeError(f"{cell_id}: {type(error).__name__}: {error}") from error
        raise RuntimeError(f"{exercise_id}: this place is behind us")


def serve(chapter: Chapter, limits: dict[str, int]) -> None:
    """Take orders until the input ends.

    Parameters
    ----------
    chapter : Chapter
        The chapter at its beginning.
    limits : dict of str to int
        Names of resources, as in ``RLIMIT_CPU`` without its beginning, and how much of each a kernel may use.
    """
    _import_for_all_kernels()
    said = os.dup(1)  # what the chapter prints must not be taken for an answer of ours
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    child = 0

    def bury(*_: object) -> None:
        nonlocal child
        if child and (ended := os.waitpid(child, os.WNOHANG))[0]:  # else it was a process of the chapter's own
            child = 0
            os.write(said, f"ended {os.waitstatus_to_exitcode(ended[1])}\n".encode())

    signal.signal(signal.SIGCHLD, bury)
    for line in sys.stdin:
        if not (order := json.loads(line)):
            if child:  # it may have ended by itself
                os.killpg(child, signal.SIGKILL)
            continue
        exercise_id, connection_file = order
        try:
            chapter.run_to(exercise_id)
        except RuntimeError as failure:
            os.write(said, f"failed {failure}\n".encode())
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # until it is known whose end to wait for
        child = os.fork()
        if child == 0:
            os.close(said)
            _become_kernel(chapter.namespace, connection_file, limits)
            os._exit(0)
        os.write(said, b"started\n")
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _import_for_all_kernels() -> None:
    """Import once what every kernel would import by itself; the debugger, its larger part, is not needed at all."""
    sys.modules["debugpy"] = None
    for name in WARM:
        importlib.import_module(name)
    gc.freeze()  # what is there now stays shared between the kernels


def _become_kernel(namespace: dict, connection_file: str, limits: dict[str, int]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    os.setsid()
    for standard in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), standard)
    for name, most in limits.items():
        # The second is one more, so that a kernel which runs out of time is told by the signal for it.
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most + 1))
    kernel = IPKernelApp.instance(connection_file=connection_file, user_ns=namespace)
    kernel.config.HistoryManager.enabled = False
    kernel.initialize([])
    kernel.start()


if __name__ == "__main__":
    cells, most = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:])
    serve(Chapter(cells), most)
