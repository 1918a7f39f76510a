"""A scan on this machine: blocks of pictures in, the text of their records out, by one process or several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from punkdetect.engines.workers import keep_memory, run_in_order
from punkdetect.inputs import Item
from punkdetect.pipeline import BLOCK, Analyzer, load
from punkdetect.reports import OK
from punkdetect.writers import Format

FEW = 200
"""Pictures that one process does before others could have started: forking costs about 10 ms."""


class Done(NamedTuple):
    """What comes back of one block of pictures.

    Parameters
    ----------
    text : str
        Their records.
    statuses : list of str
        Of each picture.
    refusals : list of (str, str, str)
        Image, code and message of those that were refused.
    """

    text: str
    statuses: list[str]
    refusals: list[tuple[str, str, str]]


class BlockWork:
    """Reads, examines and writes down one block of pictures.

    Parameters
    ----------
    analyzer : Analyzer
    form : Format
    """

    def __init__(self, analyzer: Analyzer, form: Format) -> None:
        self.analyzer = analyzer
        self.form = form

    def __call__(self, items: Sequence[Item]) -> Done:
        """Return what is to be written of these pictures."""
        reports = self.analyzer.examine([load(item) for item in items])
        rows = zip(reports.images, reports.statuses, reports.messages, strict=True)
        return Done(
            "".join(self.form.records(reports)),
            list(reports.statuses),
            [row for row in rows if row[1] != OK],
        )


def scan(
    analyzer: Analyzer, form: Format, items: Iterable[Item], total: int | None, jobs: int
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
    """
    items = iter(items)
    if total is None:
        first = list(islice(items, FEW + 1))
        total_known = len(first) if len(first) <= FEW else None
        items = _chain(first, items)
    else:
        total_known = total
    if total_known is not None and total_known <= FEW:
        jobs = 1
    size = _block_size(total_known, jobs)
    blocks = iter(lambda: list(islice(items, size)), [])
    return run_in_order(BlockWork(analyzer, form), blocks, jobs, None if jobs == 1 else settle)


def _chain(first: list[Item], rest: Iterator[Item]) -> Iterator[Item]:
    yield from first
    first.clear()
    yield from rest


def _block_size(total: int | None, jobs: int) -> int:
    """Return how many pictures make a block, so that all workers get equally many."""
    if total is None:
        return BLOCK
    rounds = max(1, -(-total // (BLOCK * jobs)))
    return max(1, -(-total // (rounds * jobs)))


def settle() -> None:
    """Make a worker ready: it shares the cores with others."""
    from punkdetect.pixels import use_one_thread

    keep_memory()
    use_one_thread()
