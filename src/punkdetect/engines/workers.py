"""A function run over many tasks by several processes, with the results in the order of the tasks.

Where the system can fork, workers are forked: they start in milliseconds with all that is imported and loaded
already. They must be forked before this process starts a thread. Elsewhere a pool of fresh processes does
it, each of which imports everything anew. Knows nothing of pictures.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, Generic, TypeVar

from punkdetect.errors import EnvironmentUnusableError

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 4
"""Results for each worker that may wait for their turn: bounds what is held when one task takes long."""


def count_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Tell whether workers can be forked: not on Windows, nor on macOS, whose libraries do not survive it."""
    import threading

    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1


def keep_memory() -> None:
    """Let the C library keep memory that was given back, rather than ask the system for it again and again.

    Blocks of portraits take arrays of megabytes, which glibc would map and unmap for every operation: a tenth
    of the time of a scan.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    set_option(_MMAP_THRESHOLD, 1 << 30)
    set_option(_TRIM_THRESHOLD, (1 << 31) - 1)


_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h


def run_in_order(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    jobs: int,
    prepare: Callable[[], None] | None = None,
) -> Iterator[Result]:
    """Yield `work(task)` for every task, in the order of the tasks.

    Parameters
    ----------
    work : callable
        Must not depend on which process runs it; can be pickled where the system cannot fork.
    tasks : iterable
        Taken as workers become free; their elements can be pickled.
    jobs : int
        Number of processes; 1: everything happens in this one.
    prepare : callable, optional
        Called once in every process that works, before its first task.

    Raises
    ------
    EnvironmentUnusableError
        If a worker was ended from outside, as the system does when memory runs out.
    Exception
        Whatever `work` raised.
    """
    if jobs <= 1:
        if prepare is not None:
            prepare()
        for task in tasks:
            yield work(task)
    elif can_fork():
        yield from _forked(work, tasks, jobs, prepare)
    else:
        yield from _spawned(work, tasks, jobs, prepare)


def _forked(
    work: Callable[[Task], Result], tasks: Iterable[Task], jobs: int, prepare: Callable[[], None] | None
) -> Iterator[Result]:
    import select

    numbered = enumerate(tasks)
    workers: list[_Worker[Task, Result]] = []
    poll = select.poll()
    try:
        for _ in range(jobs):
            workers.append(_Worker(work, prepare, workers))
            poll.register(workers[-1].results, select.POLLIN)
        of_file = {worker.results.fileno(): worker for worker in workers}
        idle = deque(workers)
        waiting: dict[int, Result] = {}
        given = taken = 0

        def hand_out() -> int:
            """Give every idle worker a task, unless too many results wait already."""
            n = 0
            for number, task in islice(numbered, max(0, min(len(idle), jobs * AHEAD - (given - taken)))):
                idle.popleft().give(number, task)
                n += 1
            return n

        while True:
            given += hand_out()
            if given == taken:
                return
            if len(idle) < jobs:
                for file, _ in poll.poll():
                    worker = of_file[file]
                    number, result = worker.take()
                    waiting[number] = result
                    idle.append(worker)
            while taken in waiting:
                given += hand_out()  # before anybody waits for the caller
                taken += 1
                yield waiting.pop(taken - 1)
    finally:
        for worker in workers:
            worker.end()


class _Worker(Generic[Task, Result]):
    """A forked process that takes tasks from one pipe and puts results into another.

    Parameters
    ----------
    work, prepare : callable
        As in `run_in_order`.
    siblings : list of _Worker
        Forked before: their pipes are no business of this one, and must close when the parent closes them.
    """

    def __init__(
        self,
        work: Callable[[Task], Result],
        prepare: Callable[[], None] | None,
        siblings: list[_Worker[Task, Result]],
    ) -> None:
        tasks_out, tasks_in = os.pipe()
        results_out, results_in = os.pipe()
        with warnings.catch_warnings():
            # Libraries' own threads only wait for numbers to add, and are not there in the child.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process = os.fork()
        if not self.process:
            try:
                os.close(tasks_in)
                os.close(results_out)
                for sibling in siblings:
                    sibling.close()
                _serve(work, prepare, os.fdopen(tasks_out, "rb"), os.fdopen(results_in, "wb"))
            finally:
                os._exit(0)
        os.close(tasks_out)
        os.close(results_in)
        self.tasks = os.fdopen(tasks_in, "wb")
        self.results = os.fdopen(results_out, "rb")

    def give(self, number: int, task: Task) -> None:
        """Send a task; the worker must be idle."""
        import pickle

        try:
            pickle.dump((number, task), self.tasks, pickle.HIGHEST_PROTOCOL)
            self.tasks.flush()
        except BrokenPipeError:
            raise self._gone() from None

    def take(self) -> tuple[int, Result]:
        """Wait for the result of the task at hand; raises what the work raised."""
        import pickle

        try:
            number, result, error = pickle.load(self.results)  # noqa: S301  (of our own child)
        except EOFError:
            raise self._gone() from None
        if error is not None:
            raise error
        return number, result

    def _gone(self) -> EnvironmentUnusableError:
        return EnvironmentUnusableError(
            "a worker process was ended from outside, perhaps because memory ran out: try fewer --jobs"
        )

    def close(self) -> None:
        """Close the pipes."""
        import contextlib

        for file in (self.results, self.tasks):
            with contextlib.suppress(OSError):  # what could not be sent to a worker that is gone
                file.close()

    def end(self) -> None:
        """End the process; what it works on is lost."""
        self.close()
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def _serve(
    work: Callable[[Any], Any], prepare: Callable[[], None] | None, tasks: BinaryIO, results: BinaryIO
) -> None:
    """Be a worker: do tasks until there are no more, or the parent is gone."""
    import gc
    import pickle

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C strikes all; the parent decides what it means
    gc.freeze()  # what the parent made stays, and its pages stay shared
    ready = False
    while True:
        try:
            number, task = pickle.load(tasks)  # noqa: S301  (of our own parent)
        except EOFError:
            return
        result: Any = None
        error: Exception | None = None
        try:
            if prepare is not None and not ready:
                prepare()
            ready = True
            result = work(task)
        except Exception as fault:
            error = fault
        try:
            pickle.dump((number, result, error), results, pickle.HIGHEST_PROTOCOL)
            results.flush()
        except BrokenPipeError:
            return


def _spawned(
    work: Callable[[Task], Result], tasks: Iterable[Task], jobs: int, prepare: Callable[[], None] | None
) -> Iterator[Result]:
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_settle, initargs=(work, prepare))
    try:
        running: deque[Future[Result]] = deque()
        for task in tasks:
            running.append(pool.submit(_do, task))
            if len(running) >= jobs * 2:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    except BrokenProcessPool:
        raise EnvironmentUnusableError(
            "a worker process was ended from outside, perhaps because memory ran out: try fewer --jobs"
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_work: Callable[[Any], Any] | None = None  # of a spawned worker: sent once, not with every task


def _settle(work: Callable[[Any], Any], prepare: Callable[[], None] | None) -> None:
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = work
    if prepare is not None:
        prepare()


def _do(task: Any) -> Any:
    assert _work is not None
    return _work(task)
