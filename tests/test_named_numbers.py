"""The tables of named numbers that models weigh: put together in one way, and of each portrait alone."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import batch, draw
from punkdetect import synth
from punkdetect.detectors._named_numbers import more_and_less, table_of, what_is_said, where_some
from punkdetect.detectors.learned import DESCRIBE, SIGNS
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks

every_kind = pytest.mark.parametrize("kind", DESCRIBE)


def noise(seed: int) -> np.ndarray:
    """Return a portrait of many colours: the others' palettes grow with it."""
    rgba = np.random.default_rng(seed).integers(0, 256, (24, 24, 4), np.uint8)
    rgba[..., 3] = 255
    return rgba


def table(kind: str, rgba: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    punks = Punks(rgba)
    return DESCRIBE[kind](punks, Landmarks(punks))


@every_kind
def test_every_number_has_a_name_of_its_own_and_is_finite(kind: str) -> None:
    names, values = table(kind, batch(draw(), noise(1), *synth.draw(10, 2).rgba))
    assert len(set(names)) == len(names) == values.shape[1]
    assert np.isfinite(values).all()


@every_kind
def test_a_portrait_has_the_same_numbers_in_any_company(kind: str) -> None:
    # those drawn wear all that people wear
    portraits = batch(draw(), noise(1), *synth.draw(40, 3).rgba, noise(2))
    names, together = table(kind, portraits)
    for i in range(len(portraits)):
        _, alone = table(kind, portraits[i : i + 1])
        # small networks weigh signs in whole steps, so nothing may be lost; a sum of shares may be rounded
        most_apart = 0 if kind in SIGNS else 1e-9
        unlike = [names[j] for j in np.flatnonzero(np.abs(together[i] - alone[0]) > most_apart)]
        assert not unlike, f"portrait {i}"


@every_kind
def test_no_portraits_have_no_numbers(kind: str) -> None:
    names, values = table(kind, np.zeros((0, 24, 24, 4), np.uint8))
    assert values.shape == (0, len(names))


def test_a_name_that_stands_for_several_numbers_is_counted_through() -> None:
    names, values = table_of(
        {"size": np.array([3, 4])}, {"lab": np.array([[5, 6], [7, 8]]), "gold": np.array([True, False])}
    )
    assert names == ("size", "lab_0", "lab_1", "gold")
    assert values.dtype == np.float64
    assert values.tolist() == [[3, 5, 6, 1], [4, 7, 8, 0]]


def test_sides_are_told_as_more_and_less_number_by_number() -> None:
    told = more_and_less("brim", np.array([[1, 9], [5, 5]]), np.array([[4, 2], [5, 6]]))
    assert told["brim_most"].tolist() == [[4, 9], [5, 6]]
    assert told["brim_least"].tolist() == [[1, 2], [5, 5]]


def test_nothing_is_told_of_what_is_not_there() -> None:
    some = np.array([True, False])
    assert where_some(some, np.array([7, 7])).tolist() == [7, 0]
    assert where_some(some, np.array([[7, 8], [7, 8]])).tolist() == [[7, 8], [0, 0]]


def test_a_rule_is_sure_of_the_one_value_that_it_says_and_of_none_where_it_finds_nothing() -> None:
    said = what_is_said("says", ("none", "cap"), np.array([1, -1, 0]), np.array([0.9, 0.5, 0.7]))
    assert {name: numbers.tolist() for name, numbers in said.items()} == {
        "says_none": [0, 0, 0.7],
        "says_cap": [0.9, 0, 0],
    }
