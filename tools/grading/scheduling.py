"""Run the same job for every submission: on the cores of this machine, or on the workers of a Dask scheduler."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from queue import SimpleQueue
from typing import TypeVar

from casebook.errors import CasebookError

PATIENCE = 10  # seconds in which a scheduler has to answer
TRIES = 2  # how often a job is done over which a process ends: at first, something else may have ended it
Job = TypeVar("Job")
Result = TypeVar("Result")


def run(
    work: Callable[[Job], Result], jobs: list[Job], *, workers: int | None = None, scheduler: str | None = None
) -> Iterator[tuple[Job, Result | None]]:
    """Run a function for every job, side by side.

    Parameters
    ----------
    work : callable
        A function of a module; it and the jobs are sent to other processes.
    jobs : list
        What it is called with.
    workers : int, optional
        How many processes of this machine; as many as it has cores if not given. With one, this process does the work.
    scheduler : str, optional
        The address of a Dask scheduler, whose workers then do the work.

    Yields
    ------
    tuple
        A job and its result, in the order in which they end; None if every process that did it has ended over it.

    Raises
    ------
    CasebookError
        If no scheduler answers at the address.
    """
    if scheduler:
        return _on_dask(work, jobs, scheduler)
    if workers == 1:
        return ((job, work(job)) for job in jobs)
    return _on_cores(work, jobs, max(1, min(workers or os.cpu_count() or 1, len(jobs))))


def _on_cores(work: Callable[[Job], Result], jobs: list[Job], workers: int) -> Iterator[tuple[Job, Result | None]]:
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, work.__module__])  # imported once for all processes
    idle = SimpleQueue()
    for _ in range(workers):
        idle.put(_Process(context))

    def do(job: Job) -> Result | None:
        for _ in range(TRIES):
            process = idle.get()
            try:
                result = process.do(work, job)
            finally:
                idle.put(process if process.alive else _Process(context))
            if process.alive:
                return result
        return None

    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(do, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)
            for _ in range(workers):
                idle.get().end()


class _Process:
    """A process that does one job after the other, until one of them ends it: the others are not lost with it."""

    def __init__(self, context: ForkServerContext) -> None:
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,))
        self._process.start()
        theirs.close()
        self.alive = True

    def do(self, work: Callable[[Job], Result], job: Job) -> Result | None:
        """Return the result of a job, or None if the process ends over it; raise what the job raises."""
        try:
            self._pipe.send((work, job))
            result, error = self._pipe.recv()
        except (EOFError, ConnectionError):
            self.end()
            return None
        if error:
            raise error
        return result

    def end(self) -> None:
        """Let the process end."""
        self._pipe.close()
        self._process.join()
        self.alive = False


def _serve(pipe: Connection) -> None:
    with suppress(EOFError):  # nothing is left to do
        while True:
            work, job = pipe.recv()
            try:
                done = work(job), None
            except Exception as error:  # raised again by who asked for the job
                done = None, error
            pipe.send(done)


def _on_dask(work: Callable[[Job], Result], jobs: list[Job], scheduler: str) -> Iterator[tuple[Job, Result | None]]:
    from distributed import Client, KilledWorker  # takes half a second, which only those pay who use it
    from distributed import as_completed as as_dask_completed

    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CasebookError(f"No Dask scheduler answers at '{scheduler}' ({error}); start one or correct it.") from None
    with client:
        futures = {client.submit(work, job, pure=False): job for job in jobs}
        for future in as_dask_completed(futures, loop=client.loop):
            lost = isinstance(future.exception(), KilledWorker)
            yield futures[future], None if lost else future.result()
