"""A function run over many tasks by several processes, with the results in the order of the tasks.

Where the system can fork, workers are forked: they start in milliseconds with all that is imported and loaded
already. They must be forked before this process starts a thread. Elsewhere fresh processes do it, each of
which imports everything anew. Knows nothing of pictures.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import IO, Any, Generic, TypeVar

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
        return
    yield from (_forked if can_fork() else _spawned)(work, tasks, jobs, prepare)


def _share_out(
    tasks: Iterable[Task],
    workers: Sequence[_Worker[Task, Result]],
    wait: Callable[[], Iterable[_Worker[Task, Result]]],
) -> Iterator[Result]:
    """Yield the results of tasks in their order; `wait` returns workers that have one."""
    numbered = enumerate(tasks)
    idle = deque(workers)
    waiting: dict[int, Result] = {}
    given = taken = 0
    ahead = len(workers) * AHEAD

    def hand_out() -> int:
        """Give every idle worker a task, unless too many results wait already."""
        n = 0
        for number, task in islice(numbered, max(0, min(len(idle), ahead - (given - taken)))):
            idle.popleft().give(number, task)
            n += 1
        return n

    while True:
        given += hand_out()
        if given == taken:
            return
        if len(idle) < len(workers):
            for worker in wait():
                number, result = worker.take()
                waiting[number] = result
                idle.append(worker)
        while taken in waiting:
            given += hand_out()  # before anybody waits for the caller
            taken += 1
            yield waiting.pop(taken - 1)


class _Worker(Generic[Task, Result]):
    """A process that takes tasks from one pipe and puts results into another."""

    def give(self, number: int, task: Task) -> None:
        """Send a task; the worker must be idle."""
        try:
            self._send((number, task))
        except OSError:  # a broken pipe, whatever a system calls it
            raise self._gone() from None

    def take(self) -> tuple[int, Result]:
        """Wait for the result of the task at hand; raises what the work raised."""
        try:
            number, result, error = self._receive()
        except (EOFError, OSError):
            raise self._gone() from None
        if error is not None:
            raise error
        return number, result

    def _gone(self) -> EnvironmentUnusableError:
        return EnvironmentUnusableError(
            "a worker process was ended from outside, perhaps because memory ran out: try fewer --jobs"
        )

    def _send(self, message: Any) -> None:
        raise NotImplementedError

    def _receive(self) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        """Close what it is spoken to through: it ends by itself then, when its task is done."""
        raise NotImplementedError

    def end(self) -> None:
        """End the process; what it works on is lost."""
        raise NotImplementedError


class _Forked(_Worker[Task, Result]):
    """A worker that begins as a copy of this process.

    Parameters
    ----------
    work, prepare : callable
        As in `run_in_order`.
    siblings : sequence of _Worker
        Forked before: their pipes are no business of this one, and must close when the parent closes them.
    """

    def __init__(
        self,
        work: Callable[[Task], Result],
        prepare: Callable[[], None] | None,
        siblings: Sequence[_Worker[Task, Result]],
    ) -> None:
        with _refusals():
            tasks_out, tasks_in = os.pipe()
            results_out, results_in = os.pipe()
        with _refusals(), warnings.catch_warnings():
            # Libraries' own threads only wait for numbers to add, and are not there in the child.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process = os.fork()
        if not self.process:
            try:
                os.close(tasks_in)
                os.close(results_out)
                for sibling in siblings:
                    sibling.close()
                tasks, results = os.fdopen(tasks_out, "rb"), os.fdopen(results_in, "wb")
                _serve(work, prepare, partial(_load, tasks), partial(_dump, results))
            finally:
                os._exit(0)
        os.close(tasks_out)
        os.close(results_in)
        self.tasks = os.fdopen(tasks_in, "wb")
        self.results = os.fdopen(results_out, "rb")

    def _send(self, message: Any) -> None:
        _dump(self.tasks, message)

    def _receive(self) -> Any:
        return _load(self.results)

    def close(self) -> None:
        """Close its pipes."""
        for file in (self.results, self.tasks):
            with contextlib.suppress(OSError):  # what could not be sent to a worker that is gone
                file.close()

    def end(self) -> None:
        """End the process; what it works on is lost."""
        self.close()
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the system refuses into words."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise EnvironmentUnusableError(
            f"cannot start as many processes as asked for: {reason}: try fewer --jobs"
        ) from None


def _load(file: IO[bytes]) -> Any:
    import pickle

    return pickle.load(file)  # noqa: S301  (of our own parent or child)


def _dump(file: IO[bytes], message: Any) -> None:
    import pickle

    pickle.dump(message, file, pickle.HIGHEST_PROTOCOL)
    file.flush()


def _forked(
    work: Callable[[Task], Result], tasks: Iterable[Task], jobs: int, prepare: Callable[[], None] | None
) -> Iterator[Result]:
    import select

    workers: list[_Forked[Task, Result]] = []
    try:
        for _ in range(jobs):
            workers.append(_Forked(work, prepare, workers))
        poll = select.poll()
        of_file = {}
        for worker in workers:
            poll.register(worker.results, select.POLLIN)
            of_file[worker.results.fileno()] = worker
        yield from _share_out(tasks, workers, lambda: [of_file[file] for file, _ in poll.poll()])
    finally:
        _end(workers)


class _Spawned(_Worker[Task, Result]):
    """A worker that begins as a fresh interpreter; `work` and `prepare` can be pickled.

    No pool of the standard library: the workers of those do not notice when their parent is killed.
    """

    def __init__(self, work: Callable[[Task], Result], prepare: Callable[[], None] | None) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")
        with _refusals():
            ours, theirs = context.Pipe()
            self.process = context.Process(target=_serve_spawned, args=(work, prepare, theirs), daemon=True)
            self.process.start()
        theirs.close()
        self.connection = ours

    def _send(self, message: Any) -> None:
        self.connection.send(message)

    def _receive(self) -> Any:
        return self.connection.recv()

    def close(self) -> None:
        """Close its pipe."""
        self.connection.close()

    def end(self) -> None:
        """End the process; what it works on is lost."""
        self.close()
        self.process.kill()
        self.process.join()


def _spawned(
    work: Callable[[Task], Result], tasks: Iterable[Task], jobs: int, prepare: Callable[[], None] | None
) -> Iterator[Result]:
    from multiprocessing.connection import wait

    workers: list[_Spawned[Task, Result]] = []
    try:
        with _interrupts_held_back():  # a fresh interpreter would tell at length where it was interrupted
            workers.extend(_Spawned(work, prepare) for _ in range(jobs))
        of_connection: dict[Any, _Worker[Task, Result]] = {worker.connection: worker for worker in workers}
        yield from _share_out(tasks, workers, lambda: [of_connection[c] for c in wait(of_connection)])
    finally:
        _end(workers)


def _end(workers: Sequence[_Worker[Task, Result]]) -> None:
    """End all workers; that takes milliseconds, and a second Ctrl-C in them has nothing to add."""
    import threading

    # only the main thread is interrupted, and only there can it be turned off
    ours = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if ours else None
    try:
        for worker in workers:
            worker.end()
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let Ctrl-C wait, here until the end, and in processes that are started meanwhile for ever."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # started later, with the first process, it would let interrupts through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve_spawned(work: Callable[[Any], Any], prepare: Callable[[], None] | None, connection: Any) -> None:
    _serve(work, prepare, connection.recv, connection.send)


def _serve(
    work: Callable[[Any], Any],
    prepare: Callable[[], None] | None,
    receive: Callable[[], Any],
    send: Callable[[Any], None],
) -> None:
    """Be a worker: do tasks until there are no more, or the parent is gone."""
    import gc

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C strikes all; the parent decides what it means
    gc.freeze()  # what the parent made stays, and its pages stay shared
    ready = False
    while True:
        try:
            number, task = receive()
        except (EOFError, OSError):
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
            send((number, result, error))
        except OSError:  # nobody is there any more
            return
