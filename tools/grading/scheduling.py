"""Run the same job for every submission: on the cores of this machine, or on the workers of a Dask scheduler."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from casebook.errors import CasebookError

PATIENCE = 10  # seconds in which a scheduler has to answer
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
        A job and its result, in the order in which they end; None if the job has ended every process that took it.

    Raises
    ------
    CasebookError
        If no scheduler answers at the address.
    """
    if scheduler:
        return _on_dask(work, jobs, scheduler)
    if workers == 1:
        return ((job, work(job)) for job in jobs)
    return _on_cores(work, jobs, workers or os.cpu_count() or 1)


def _on_cores(work: Callable[[Job], Result], jobs: list[Job], workers: int) -> Iterator[tuple[Job, Result | None]]:
    left = dict(enumerate(jobs))
    for number, result in _in_pool(work, left, workers):
        yield left.pop(number), result
    for number, job in left.items():  # a process was killed: one job after the other shows which one does it
        yield job, next((result for _, result in _in_pool(work, {number: job}, 1)), None)


def _in_pool(work: Callable[[Job], Result], jobs: dict[int, Job], workers: int) -> Iterator[tuple[int, Result]]:
    """Run jobs in new processes, and leave out those that are lost with one of them."""
    context = get_context("forkserver")
    context.set_forkserver_preload([work.__module__])  # imported once for all of them
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        futures = {pool.submit(work, job): number for number, job in jobs.items()}
        try:
            for future in as_completed(futures):
                if not isinstance(future.exception(), BrokenProcessPool):
                    yield futures[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)


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
