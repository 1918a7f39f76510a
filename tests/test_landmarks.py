"""Every landmark is found in any batch, and the same whoever else is in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import pytest

from drawn_faces import batch, draw
from fakes import parts_of
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks
from punkdetect.synth.drawn import draw as draw_portraits

NAMES = [name for name, kind in vars(Landmarks).items() if isinstance(kind, cached_property)]

COUNTS = ("background_counts", "hair_counts")
"""Pixels by colour of a palette, which has room for as many as the portrait with most colours."""


def arrays(value: object, name: str) -> Iterator[tuple[str, np.ndarray]]:
    """Yield every array that a landmark is made of; numbers of a palette depend on the batch's size."""
    if isinstance(value, np.ndarray):
        yield name, value
        return
    for part in parts_of(value):
        if part != "palette":
            yield from arrays(getattr(value, part), f"{name}.{part}")


@pytest.mark.parametrize("name", NAMES)
def test_every_landmark_is_found_in_an_empty_batch(name: str) -> None:
    marks = Landmarks(Punks(np.zeros((0, 24, 24, 4), np.uint8)))
    assert all(len(array) == 0 for _, array in arrays(getattr(marks, name), name))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "palette"])
def test_a_landmark_does_not_depend_on_the_other_portraits(name: str) -> None:
    nothing = np.zeros((2, 24, 24, 4), np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, (2, 24, 24, 4), np.uint8)
    rgba = np.concatenate([draw_portraits(12, 5).rgba, batch(draw()), nothing, noise])
    together = dict(arrays(getattr(Landmarks(Punks(rgba)), name), name))
    for row in range(len(rgba)):
        alone = Landmarks(Punks(rgba[row : row + 1]))
        for part, array in arrays(getattr(alone, name), name):
            known, more = (
                np.split(together[part][row], [len(array[0])]) if part in COUNTS else (together[part][row], 0)
            )
            np.testing.assert_array_equal(array[0], known, part)
            assert not np.any(more), part
