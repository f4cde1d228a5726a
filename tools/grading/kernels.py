"""Kernels for nbval: each a snapshot of the chapter, in the sandbox, watched from outside."""

import json
import os
import select
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty

import psutil
import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from nbval.kernel import RunningKernel

from casebook.data import DATA
from tools.files import BOOK
from tools.grading import sandbox
from tools.grading.sandbox import Limits

START = 60  # seconds for the chapter's own cells, and for a kernel to answer
LOOK = 0.1  # seconds to wait before looking whether a kernel still runs
WATCH = 0.25  # seconds between two looks at what a sandbox uses


class Unprepared(Exception):  # noqa: N818 - an outcome for the caller to report, not a mistake of the program
    """Our own part has failed: the sandbox did not start, or a cell of the chapter failed in it."""


class Confinement:
    """The process that runs a chapter and hands out kernels, for one student; it ends with its first breach.

    Parameters
    ----------
    folder : Path
        A folder that ``sandbox.lay_out`` has filled; its path should be short, since sockets lie in it.
    limits : Limits
        What an answer may use.
    trusted : bool
        Run without bubblewrap.
    """

    def __init__(self, folder: Path, limits: Limits, *, trusted: bool = False) -> None:
        self.folder, self.limits = folder, limits
        self.breach = ""
        self._heard = b""
        self.out_of_time = False
        self._kernel_runs = False
        command, environment, where = _unguarded(folder) if trusted else (sandbox.guarded(folder, limits), None, folder)
        self._sockets = folder / "sockets" if trusted else sandbox.SOCKETS
        with (folder / "stderr.txt").open("wb") as stderr:
            self._process = subprocess.Popen(
                command, env=environment, cwd=where, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
                start_new_session=True,
            )  # fmt: skip
        self._context = zmq.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, limits.message)
        self._context.setsockopt(zmq.RECONNECT_IVL, 5)  # milliseconds: the kernel opens its sockets when it is ready
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def start_kernel(self, exercise_id: str) -> BlockingKernelClient:
        """Start a kernel as the chapter stands at an exercise, and connect to it.

        Parameters
        ----------
        exercise_id : str
            The exercise; it must not stand before one that was asked for earlier.

        Returns
        -------
        BlockingKernelClient
            Connected to the kernel, which may still be starting.

        Raises
        ------
        Unprepared
            If the chapter's own cells fail.
        """
        name = f"{exercise_id}.json"
        _, told = write_connection_file(
            str(self.folder / "sockets" / name), ip=str(self._sockets / exercise_id), transport="ipc"
        )
        (self.folder / "sockets" / name).chmod(0o644)
        self._say([exercise_id, str(self._sockets / name)])
        if (said := self._hear(START)) != "started":
            self.end(f"The chapter could not be run for it: {said or self._last_words()}")
            raise Unprepared(self.breach)
        self._kernel_runs = True
        client = BlockingKernelClient(context=self._context)
        client.load_connection_info(told | {"ip": str(self.folder / "sockets" / exercise_id)})
        client.start_channels(stdin=False, hb=False, control=False)
        return client

    def stop_kernel(self) -> None:
        """End the kernel; the process stays, ready for the next."""
        if self.kernel_runs():
            self._say([])
            if self.kernel_runs(within=START):
                self.end("Its kernel could not be stopped.")

    def kernel_runs(self, within: float = 0) -> bool:
        """Tell whether the kernel started last is still there, after waiting for its end for some seconds."""
        if self._kernel_runs and ((said := self._hear(within)).startswith("ended") or self._process.poll() is not None):
            self._kernel_runs = False
            self.out_of_time = said == f"ended -{signal.SIGXCPU}"
        return self._kernel_runs

    def end(self, why: str = "") -> None:
        """End the process and everything in the sandbox; any thread may ask for it.

        Parameters
        ----------
        why : str
            What has happened; the first reason is kept.
        """
        self.breach = self.breach or why
        self._kernel_runs = False
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        """End the process and give back what was opened for it."""
        self.end()
        self._watching.join()
        self._context.destroy(linger=0)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()

    def _say(self, order: list[str]) -> None:
        with suppress(BrokenPipeError):  # the next look finds that it has ended
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    def _hear(self, seconds: float) -> str:
        """Return the next line that the process says within a time; it is a student's word, so no more than a line."""
        until = time.monotonic() + seconds
        while b"\n" not in self._heard:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0, until - time.monotonic()))
            if not ready or not (heard := os.read(self._process.stdout.fileno(), 4096)):
                return ""
            self._heard = (self._heard + heard)[-65_536:]
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode(errors="replace")

    def _last_words(self) -> str:
        return (self.folder / "stderr.txt").read_text(errors="replace").strip()[-300:] or "it said nothing."

    def _watch(self) -> None:
        """Look at what all processes together use, which no limit of a single process holds."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self._process.pid)
            while self._process.poll() is None:
                used = sum(_resident(child) for child in process.children(recursive=True))
                if used > self.limits.memory:
                    self.end("It used more memory than an answer may.")
                if _stored(self.folder / "sockets") > self.limits.scratch:
                    self.end("It wrote more to files than an answer may.")
                time.sleep(WATCH)


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def _stored(folder: Path) -> int:
    total = 0
    for entry in os.scandir(folder):
        with suppress(FileNotFoundError):
            total += entry.stat(follow_symlinks=False).st_blocks * 512
    return total


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
    shutil.copytree(folder / "matplotlib", home / "matplotlib")
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
        self._printed = 0
        self.kc = confinement.start_kernel(exercise_id)
        self._ensure_iopub_up()

    def _ensure_iopub_up(self) -> None:
        """Wait until the kernel's messages arrive; nbval's own way waits for a second whenever the first is missed."""
        until = time.monotonic() + START
        while time.monotonic() < until:
            message = self.kc.kernel_info()
            self.await_reply(message, START)
            with suppress(Empty):
                return self.await_idle(message, LOOK)
        raise RuntimeError(f"it did not answer within {START} seconds")

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Run a cell; each may print as much as any other."""
        self._printed = 0
        return super().execute_cell_input(cell_input, allow_stdin)

    def await_reply(self, msg_id: str, timeout: float | None = None) -> None:
        """Wait for the end of a cell, but no longer than the kernel lives."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            with suppress(Empty):
                return super().await_reply(msg_id, LOOK)
            if not self.is_alive():
                self._bury()
                raise Empty
        self.confinement.end(f"It took longer than {timeout:.0f} seconds.")
        raise Empty

    def get_message(self, stream: str, timeout: float | None = None) -> dict:
        """Return the next message, cut to what may be printed."""
        if stream == "iopub" and not self.is_alive():
            self._bury()
            raise Empty
        try:
            message = super().get_message(stream, timeout)
        except Empty:
            if stream == "iopub" and timeout > LOOK:
                self.confinement.end("Its output did not arrive: there was too much of it at once.")
            raise
        if message["msg_type"] == "stream":
            left = max(0, self.confinement.limits.output - self._printed)
            self._printed += len(message["content"]["text"])
            message["content"]["text"] = message["content"]["text"][:left]
        return message

    def _bury(self) -> None:
        """Say why the kernel has ended; the system has ended it if its time was up."""
        used = f"It used more than {self.confinement.limits.seconds} seconds of processor time."
        self.confinement.end(used if self.confinement.out_of_time else "It ended the kernel in which it ran.")

    def is_alive(self) -> bool:
        """Tell whether the kernel is still there."""
        return self.confinement.kernel_runs()

    def interrupt(self) -> None:
        """Do nothing: the sandbox has ended with the time."""

    def stop(self) -> None:
        """End the kernel and the connection."""
        self.kc.stop_channels()
        self.confinement.stop_kernel()
