"""A scan on this machine: blocks of pictures in, the records to be written out, by one process or several."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from punkdetect.errors import PictureError
from punkdetect.inputs import Item
from punkdetect.pipeline import BLOCK, Analyzer, Intake
from punkdetect.punks import ByteArray
from punkdetect.recorded import UNREAD, Entry, is_failed, line_of
from punkdetect.reports import OK, Reports
from punkdetect.writers import Format

FEW = 200
"""Pictures that one process does before others could have started: forking costs about 10 ms."""

LEAST = FEW // 2
"""Pictures that a process must have to do before it is worth starting, however many cores there are."""

NEW, CHANGED, FAILED = "new", "changed", "failed"
"""Which pictures a scan that goes on from an earlier one does: those that were not there, those whose content
is another, those that were refused."""

DONE, KEPT, LEFT_OUT = range(3)


class Earlier(NamedTuple):
    """What is known from an earlier scan, and which pictures are done again for all that.

    Parameters
    ----------
    entries : mapping of str to Entry
        By name.
    redo : frozenset of str
        Of NEW, CHANGED and FAILED. What was kept and is none of these keeps its record; what is new and is
        not asked for is left out.
    """

    entries: Mapping[str, Entry]
    redo: frozenset[str]


class Known(NamedTuple):
    """What a worker must know of a picture's earlier record."""

    digest: str
    failed: bool


class Task(NamedTuple):
    """One block of pictures.

    Parameters
    ----------
    items : list of Item
    known : list of Known or None
        Of each item; empty if there was no earlier scan.
    """

    items: list[Item]
    known: list[Known | None]


class Done(NamedTuple):
    """What comes back of one block of M pictures, K of which were done.

    Parameters
    ----------
    names : list of str, length M
    fates : list of int, length M
        DONE, KEPT or LEFT_OUT.
    text : bytes
        The records of those that were done.
    lengths : list of int, length K
        Of each record, in bytes; empty if no journal is kept.
    lines : str
        For the journal.
    statuses : list of str, length K
    refusals : list of (str, str, str)
        Image, code and message of those that were refused.
    """

    names: list[str]
    fates: list[int]
    text: bytes
    lengths: list[int]
    lines: str
    statuses: list[str]
    refusals: list[tuple[str, str, str]]


class BlockWork:
    """Reads, examines and writes down one block of pictures.

    Parameters
    ----------
    analyzer : Analyzer
    form : Format
    journaled : bool
        Whether records are to be found again by the content of their pictures.
    redo : frozenset of str
        As in `Earlier`.
    """

    def __init__(
        self, analyzer: Analyzer, form: Format, journaled: bool = False, redo: frozenset[str] = frozenset()
    ) -> None:
        self.analyzer = analyzer
        self.form = form
        self.journaled = journaled
        self.redo = redo

    def __call__(self, task: Task) -> Done:
        """Return what is to be written of these pictures."""
        intake = Intake()
        digests: list[str] = []
        fates = [DONE] * len(task.items)
        for i, item in enumerate(task.items):
            known = task.known[i] if task.known else None
            if known is None and task.known and NEW not in self.redo:
                fates[i] = LEFT_OUT
                continue
            digest = UNREAD
            try:
                content = item.read()
                if self.journaled:
                    digest = digest_of(content)
                if known is not None and self._keeps(known, digest):
                    fates[i] = KEPT
                    continue
            except PictureError as error:
                if known is not None and digest == UNREAD and self._keeps(known, digest):
                    fates[i] = KEPT
                    continue
                intake.refuse(item, error)
            else:
                intake.add(item, content)
            digests.append(digest)
        names = [item.name for item in task.items]
        return self._write_down(names, fates, self.analyzer.examine(intake.loaded()), digests)

    def _keeps(self, known: Known, digest: str) -> bool:
        """Tell whether a picture's earlier record stands."""
        if known.failed and FAILED in self.redo:
            return False
        same = known.digest == digest != UNREAD
        return same or CHANGED not in self.redo

    def _write_down(self, names: list[str], fates: list[int], reports: Reports, digests: list[str]) -> Done:
        records = [record.encode("utf-8", "backslashreplace") for record in self.form.records(reports)]
        rows = list(zip(reports.images, reports.statuses, reports.messages, strict=True))
        lines, lengths = "", []
        if self.journaled:
            lengths = [len(record) for record in records]
            lines = "".join(
                line_of(name, status, record, digest)
                for (name, status, _), record, digest in zip(rows, records, digests, strict=True)
            )
        refusals = [row for row in rows if row[1] != OK]
        return Done(names, fates, b"".join(records), lengths, lines, list(reports.statuses), refusals)


def digest_of(content: bytes | ByteArray) -> str:
    """Return the digest of a file's bytes, or of pixels, by which it is known again."""
    from hashlib import blake2b

    data = content if isinstance(content, bytes) else content.tobytes()
    return blake2b(data, digest_size=16).hexdigest()


def scan(
    analyzer: Analyzer,
    form: Format,
    items: Iterable[Item],
    total: int | None,
    jobs: int,
    *,
    journaled: bool = False,
    earlier: Earlier | None = None,
) -> Iterator[Done]:
    """Yield the records of pictures, a block at a time, in their order.

    Parameters
    ----------
    analyzer : Analyzer
    form : Format
    items : iterable of Item
    total : int or None
        How many there are; None: nobody knows.
    jobs : int
        Number of processes; fewer are used for few pictures. Records do not depend on it.
    journaled : bool
        Whether to return what a journal needs.
    earlier : Earlier, optional
        What need not be done again.
    """
    items = iter(items)
    if total is None:
        first = list(islice(items, FEW + 1))
        if len(first) <= FEW:
            total = len(first)
        items = _chain(first, items)
    if total is not None:
        jobs = 1 if total <= FEW else min(jobs, total // LEAST)
    size = _block_size(total, jobs)
    work = BlockWork(analyzer, form, journaled, earlier.redo if earlier else frozenset())
    tasks = _tasks(items, size, earlier.entries if earlier else None)
    if jobs <= 1:
        return map(work, tasks)
    from punkdetect.engines.workers import run_in_order

    # Here as well, before any fork: a pool of threads that OpenCV has started does not come along into a
    # worker, which would wait for it forever when told to do without.
    settle()
    return run_in_order(work, tasks, jobs, settle)


def _chain(first: list[Item], rest: Iterator[Item]) -> Iterator[Item]:
    yield from first
    first.clear()
    yield from rest


def _tasks(items: Iterator[Item], size: int, entries: Mapping[str, Entry] | None) -> Iterator[Task]:
    while block := list(islice(items, size)):
        yield Task(block, [] if entries is None else [_known(entries.get(item.name)) for item in block])


def _known(entry: Entry | None) -> Known | None:
    return None if entry is None else Known(entry.digest, is_failed(entry))


def _block_size(total: int | None, jobs: int) -> int:
    """Return how many pictures make a block, so that all workers get equally many."""
    if total is None:
        return BLOCK
    rounds = max(1, -(-total // (BLOCK * jobs)))
    return max(1, -(-total // (rounds * jobs)))


def settle() -> None:
    """Make a worker ready: it shares the cores with others."""
    from punkdetect.engines.workers import keep_memory

    keep_memory()
    opencv = sys.modules.get("cv2")
    if opencv is not None:  # loaded by a plug-in, or by whoever called: its threads would fight for the cores
        opencv.setNumThreads(1)
