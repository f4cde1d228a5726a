"""Kernels for nbval: each a snapshot of the chapter, in the sandbox, watched from outside."""

import json
import math
import os
import select
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Empty

import psutil
from nbval.kernel import RunningKernel

from casebook.data import DATA
from tools.files import BOOK
from tools.grading import sandbox
from tools.grading.sandbox import Limits

START = 60  # seconds for the sandbox and the chapter's own cells, and for a kernel to end
CLOCK = 3  # on the clock, an answer may take as many times the processor time that it may use
WATCH = 0.25  # seconds between two looks at what a sandbox uses
PACKET = 65_536  # bytes that are read at once


class Unprepared(Exception):  # noqa: N818 - an outcome for the caller to report, not a mistake of the program
    """Our own part has failed: the sandbox did not start, or a cell of the chapter failed in it."""


class Confinement:
    """The process that runs a chapter and hands out kernels, for one student; it ends with its first breach.

    Parameters
    ----------
    folder : Path
        A folder that ``sandbox.lay_out`` has filled.
    limits : Limits
        What an answer may use.
    trusted : bool
        Run without bubblewrap.
    """

    def __init__(self, folder: Path, limits: Limits, *, trusted: bool = False) -> None:
        self.folder, self.limits, self.trusted = folder, limits, trusted
        self.breach = ""
        self._kernel: socket.socket | None = None
        self._expect("", math.inf)
        command, environment, where = _unguarded(folder) if trusted else (sandbox.guarded(folder, limits), None, folder)
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, (folder / "stderr.txt").open("wb") as stderr:
            self._process = subprocess.Popen(
                command, env=environment, cwd=where, stdin=theirs, stdout=subprocess.DEVNULL, stderr=stderr,
                start_new_session=True,
            )  # fmt: skip
        self._closed = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def start_kernel(self, exercise_id: str) -> None:
        """Start a kernel as the chapter stands at an exercise.

        Parameters
        ----------
        exercise_id : str
            The exercise; it must not stand before one that was asked for earlier.

        Raises
        ------
        Unprepared
            If the chapter's own cells fail.
        """
        self._expect("The chapter could not be run for it in time.")
        self._lines, self._rest = deque(), b""
        self._kernel, theirs = socket.socketpair()
        with theirs:
            self._order([exercise_id], theirs.fileno())
        if (said := self._answer()) != "started":
            self.end(f"The chapter could not be run for it: {said or self._last_words()}")
            raise Unprepared(self.breach)
        self._expect("", math.inf)

    def run(self, source: str) -> None:
        """Let the kernel run a cell."""
        seconds = CLOCK * self.limits.seconds
        self._expect(f"It took longer than {seconds} seconds.", seconds)
        with suppress(ConnectionError):  # whoever listens finds that it has ended
            self._kernel.sendall(json.dumps(source).encode() + b"\n")

    def hear(self) -> object:
        """Return what the kernel tells next, which may be anything that JSON can say; None if it has ended."""
        while not self._lines:
            ready, _, _ = select.select([self._kernel, self._orders], [], [])
            if self._kernel not in ready or not (heard := self._kernel.recv(PACKET)):
                return self._bury()
            *lines, self._rest = (self._rest + heard).split(b"\n")
            self._lines.extend(lines)
            if len(self._rest) > self.limits.message:
                return self.end("Its output did not arrive: there was too much of it at once.")
        try:
            told = json.loads(self._lines.popleft())
        except (ValueError, RecursionError):
            return self.end("It sent what cannot be read.")
        if told == ["idle"]:
            self._expect("", math.inf)
        return told

    def stop_kernel(self) -> None:
        """End the kernel; the process stays, ready for the next."""
        if self._kernel:
            self._kernel.close()
            self._kernel = None
            self._expect("Its kernel could not be stopped.")
            self._order([])
            self._answer()
            self._expect("", math.inf)

    def end(self, why: str = "") -> None:
        """End the process and everything in the sandbox; any thread may ask for it.

        Parameters
        ----------
        why : str
            What has happened; the first reason is kept.
        """
        self.breach = self.breach or why
        if self._process.poll() is None:
            left = self._children() if self.trusted else []  # a sandbox takes along whatever runs in it
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            for process in left:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self._process.wait()

    def close(self) -> None:
        """End the process and give back what was opened for it."""
        self.end()
        self._closed.set()
        self._watching.join()
        self._orders.close()
        if self._kernel:
            self._kernel.close()

    def _expect(self, late: str, seconds: float = START) -> None:
        """Say how long something may last, and why all ends if it lasts longer."""
        self._late, self._until = late, time.monotonic() + seconds

    def _order(self, order: list[str], *descriptors: int) -> None:
        with suppress(ConnectionError):  # whoever waits for the answer finds that it has ended
            socket.send_fds(self._orders, [json.dumps(order).encode()], descriptors)

    def _answer(self) -> str:
        """Return what the process says next; nothing if it has ended."""
        with suppress(ConnectionError):
            return self._orders.recv(PACKET).decode(errors="replace")
        return ""

    def _bury(self) -> None:
        """Say why the kernel has ended; the system has ended it if its time was up."""
        used = f"It used more than {self.limits.seconds} seconds of processor time."
        self.end(used if self._answer() == f"ended -{signal.SIGXCPU}" else "It ended the kernel in which it ran.")

    def _last_words(self) -> str:
        return (self.folder / "stderr.txt").read_text(errors="replace").strip()[-300:] or "it said nothing."

    def _watch(self) -> None:
        """Look at the clock, and at what all processes together use, which no limit of a single process holds."""
        while self._process.poll() is None and not self._closed.wait(WATCH):
            if time.monotonic() > self._until:
                self.end(self._late)
            if sum(map(_resident, self._children())) > self.limits.memory:
                self.end("It used more memory than an answer may.")

    def _children(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self._process.pid).children(recursive=True)
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def _unguarded(folder: Path) -> tuple[list[str], dict[str, str], Path]:
    """Lay the course out in the folder and return the command, environment and place to run it without a sandbox.

    Only the time is limited: the other limits would count what the person's own programs use as well.
    """
    limits = json.loads((folder / "limits.json").read_text())
    (folder / "limits.json").write_text(json.dumps({"CPU": limits["CPU"]}))
    book = folder / "book"
    shutil.copytree(BOOK / "casebook", book / "casebook")
    shutil.copytree(DATA, folder / "data")
    shutil.copy(folder / "keys.json", book / "casebook" / "keys.json")
    home = folder / "home"
    (home / "matplotlib").mkdir(parents=True)
    for fonts in sandbox.lists_of_fonts():
        shutil.copy(fonts, home / "matplotlib")
    files = [sandbox.snapshots.__file__, str(folder / "cells.json"), str(folder / "limits.json")]
    environment = {**os.environ, **sandbox.environment(book, home), "PATH": os.environ["PATH"]}
    return [str(sandbox.python()), *files], environment, book


class SnapshotKernel(RunningKernel):
    """What nbval takes for a running kernel.

    Parameters
    ----------
    confinement : Confinement
        Where the kernel runs.
    exercise_id : str
        The exercise that is judged.
    """

    def __init__(self, confinement: Confinement, exercise_id: str) -> None:
        self.confinement = confinement
        self._cell, self._left = 0, 0
        confinement.start_kernel(exercise_id)

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Run a cell; each may print as much as any other."""
        self._cell, self._left = self._cell + 1, self.confinement.limits.output
        self.confinement.run(cell_input)
        return str(self._cell)

    def await_reply(self, msg_id: str, timeout: float | None = None) -> None:
        """Do nothing: the messages say when the cell ends, and the confinement ends it if it lasts too long."""

    def get_message(self, stream: str, timeout: float | None = None) -> dict:
        """Return what the cell shows next, as a message of Jupyter's; what is too much is passed over."""
        while True:
            match self.confinement.hear():
                case ["idle"]:
                    return self._message("status", execution_state="idle")
                case ["error", str(name), str(value)]:
                    return self._message("error", ename=name, evalue=value, traceback=[])
                case ["stream", "stdout" | "stderr" as name, str(text)]:
                    if noticed := self._noticed(text):
                        return self._message("stream", name=name, text=noticed)
                case ["display", str(text)]:
                    if noticed := self._noticed(text):
                        return self._message("display_data", data={"text/plain": noticed}, metadata={})
                case _:
                    self.confinement.end("It sent what no kernel sends.")
                    raise Empty

    def _noticed(self, text: str) -> str:
        """Cut a text to what may still be printed."""
        noticed = text[: self._left]
        self._left -= len(noticed)
        return noticed

    def _message(self, kind: str, **content: object) -> dict:
        return {"msg_type": kind, "parent_header": {"msg_id": str(self._cell)}, "content": content}

    def is_alive(self) -> bool:
        """Tell whether the kernel may be asked; if it has ended, the answer says so."""
        return not self.confinement.breach

    def interrupt(self) -> None:
        """Do nothing: the sandbox has ended with the time."""

    def stop(self) -> None:
        """End the kernel."""
        self.confinement.stop_kernel()
