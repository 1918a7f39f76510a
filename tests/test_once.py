"""What is found once: by the first who asks, and gone with what it was found in."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from punkdetect.detectors._once import once


class Batch:
    """Something that is asked about."""


def test_who_asks_again_gets_what_was_found_and_another_batch_something_of_its_own() -> None:
    asked: list[int] = []

    @once
    def find(batch: Batch) -> list[int]:
        asked.append(id(batch))
        return []

    one, other = Batch(), Batch()
    assert find(one) is find(one)
    assert find(other) is not find(one)
    assert asked == [id(one), id(other)]


def test_what_was_found_goes_with_what_it_was_found_in() -> None:
    found: list[str] = []

    class Finding:
        def __del__(self) -> None:
            found.append("gone")

    @once
    def find(batch: Batch) -> Finding:
        return Finding()

    batch = Batch()
    find(batch)
    assert not found
    del batch
    gc.collect()
    assert found == ["gone"]


def test_threads_that_ask_at_the_same_time_share_one_answer() -> None:
    together, asked = Barrier(4), []

    @once
    def find(batch: Batch) -> object:
        asked.append(batch)
        return object()

    def ask(batch: Batch) -> object:
        together.wait()
        return find(batch)

    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(ask, [Batch()] * 4))
    assert len(answers) == len(asked) == 1
