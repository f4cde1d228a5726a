"""What runs inside the sandbox: the chapter once, and for each exercise a kernel that is a snapshot of it.

The process runs the chapter's own cells up to an exercise and forks. The child becomes the kernel in which the
student's answer runs; the parent has never seen the answer, goes on with the chapter, and forks again for the next
exercise. So every exercise finds the notebook as it stands at that place, whatever an earlier answer has done, and no
cell of the chapter runs twice.

It imports nothing of ours but what the chapter imports. Its standard input is a socket, from which it takes orders, one
a packet: the id of an exercise, with a socket for the new kernel, starts a kernel; an empty list ends it. It says
``started``, ``ended`` with the exit code, or ``failed`` with the cell and the error. A kernel is the shell of ipykernel
without 0MQ and its threads, which are most of what a kernel costs: it takes cells from its socket, one a line, and
tells in lines what they show.
"""

import builtins
import gc
import io
import json
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

Cell = tuple[str, str]  # id and source; an exercise's own id has no source: here its snapshot is taken
PACKET = 4096  # bytes, more than any order has
CHUNK = 65_536  # characters printed that are told at once
SETTINGS = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"xmode": "Minimal"}})


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


class Teller(Session):
    """Tells what a cell shows, instead of sending it as a message over 0MQ.

    Parameters
    ----------
    channel : socket
        To whom it is told.
    """

    def __init__(self, channel: socket.socket) -> None:
        super().__init__()
        self._channel, self._one_at_a_time = channel, threading.Lock()

    def tell(self, *words: str) -> None:
        """Send a line: what it is about, and what is to be known of it."""
        with self._one_at_a_time:
            self._channel.sendall(json.dumps(words).encode() + b"\n")

    def send(self, _: object, message: str | dict, content: dict | None = None, *__: object, **___: object) -> None:
        """Tell what a message says, as far as a judge takes notice of it."""
        kind = message["msg_type"] if isinstance(message, dict) else message
        content = message["content"] if isinstance(message, dict) else content
        if kind == "error":
            self.tell(kind, content["ename"], content["evalue"])
        elif kind in ("display_data", "execute_result"):
            self.tell("display", content["data"].get("text/plain", ""))


class Shown(io.TextIOBase):
    """A standard stream of which the judge is told."""

    encoding = "UTF-8"

    def __init__(self, name: str, teller: Teller) -> None:
        self._name, self._teller = name, teller
        self._text = io.StringIO()

    def write(self, text: str) -> int:
        """Keep a text until there is enough of it, or the cell ends."""
        written = self._text.write(text)
        if self._text.tell() > CHUNK:
            self.flush()
        return written

    def flush(self) -> None:
        """Tell what is kept."""
        text, self._text = self._text.getvalue(), io.StringIO()
        if text:
            self._teller.tell("stream", self._name, text)


class Shell(ZMQInteractiveShell):
    """The shell of ipykernel, where no kernel surrounds it."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there are no windows."""

    def ask_exit(self) -> None:
        """Do nothing: the judge ends the kernel."""


def _no_input(*_: object) -> str:
    raise StdinNotImplementedError("There is no keyboard where an answer is graded.")


def serve(chapter: Chapter, limits: dict[str, int]) -> None:
    """Take orders until there are no more.

    Parameters
    ----------
    chapter : Chapter
        The chapter at its beginning.
    limits : dict of str to int
        Names of resources, as in ``RLIMIT_CPU`` without its beginning, and how much of each a kernel may use.
    """
    gc.disable()  # imports make hardly any garbage, but collecting it would take a sixth of their time
    orders = socket.socket(fileno=os.dup(0))
    shell = Shell.instance(user_ns=chapter.namespace, config=SETTINGS)
    shell.run_cell("", store_history=False)  # imports what every kernel would import by itself
    child = 0

    def bury(*_: object) -> None:
        nonlocal child
        if child and (ended := os.waitpid(child, os.WNOHANG))[0]:  # else it was a process of the chapter's own
            child = 0
            orders.send(f"ended {os.waitstatus_to_exitcode(ended[1])}".encode())

    signal.signal(signal.SIGCHLD, bury)
    while received := (packet := socket.recv_fds(orders, PACKET, 1))[0]:
        if not (order := json.loads(received)):
            if child:  # it may have ended by itself
                os.killpg(child, signal.SIGKILL)
            continue
        with socket.socket(fileno=packet[1][0]) as channel:
            try:
                chapter.run_to(*order)
            except RuntimeError as failure:
                orders.send(f"failed {failure}".encode())
                return
            gc.freeze()  # what is there now stays shared between the kernels
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # until it is known whose end to wait for
            child = os.fork()
            if child == 0:
                try:
                    orders.close()
                    _become_kernel(shell, channel, limits)
                finally:
                    os._exit(0)
        orders.send(b"started")
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _become_kernel(shell: Shell, channel: socket.socket, limits: dict[str, int]) -> None:
    """Run the cells that come through a socket until it is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    gc.enable()
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    for name, most in limits.items():
        # The second is one more, so that a kernel which runs out of time is told by the signal for it.
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most + 1))
    teller = Teller(channel)
    shell.displayhook.session = shell.display_pub.session = teller
    sys.stdout, sys.stderr = streams = Shown("stdout", teller), Shown("stderr", teller)
    builtins.input = _no_input
    for line in channel.makefile("rb"):
        shell.run_cell(json.loads(line), store_history=False)
        for stream in streams:
            stream.flush()
        teller.tell("idle")


if __name__ == "__main__":
    cells, most = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:])
    serve(Chapter(cells), most)
