"""Some portraits of a batch: what is taken from the whole batch is what would be found in them alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from punkdetect.detectors.learned import SIGNS
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks._parts import landmark, take_rows
from punkdetect.punks import Punks
from punkdetect.synth import draw

SOME = np.array([1, 2, 5, 11, 12, 23, 24, 39])
ALL = [name for name, what in vars(Landmarks).items() if isinstance(what, landmark)]


@pytest.fixture(scope="module")
def punks() -> Punks:
    return Punks(draw(40, 71).rgba)


def arrays_of(found: Any) -> list[np.ndarray]:
    """All arrays of what was found; a palette by what it says of pixels, for it may be wider than needed."""
    if isinstance(found, np.ndarray):
        return [found]
    if hasattr(found, "of_pixels"):
        return [found.of_pixels(found.colors), found.of_pixels(found.counts)]
    return [array for part in found for array in arrays_of(part)]


@pytest.mark.parametrize("name", ALL)
def test_a_landmark_of_some_portraits_is_that_of_the_batch(name: str, punks: Punks) -> None:
    whole = Landmarks(punks)
    getattr(whole, name)
    taken, alone = getattr(whole.take(SOME), name), getattr(Landmarks(punks.take(SOME)), name)
    if name in ("background_counts", "hair_counts"):  # of every colour, as wide as the palette
        assert (np.sort(taken)[:, -4:] == np.sort(alone)[:, -4:]).all()
    elif name == "face":
        assert all((getattr(taken, part) == getattr(alone, part)).all() for part in vars(alone))
    else:
        pairs = list(zip(arrays_of(taken), arrays_of(alone), strict=True))
        assert pairs
        assert all((one == other).all() for one, other in pairs)


@pytest.mark.parametrize("trait", SIGNS)
@pytest.mark.parametrize("asked_before", [False, True])
def test_numbers_of_some_portraits_are_those_of_the_batch(
    trait: str, asked_before: bool, punks: Punks
) -> None:
    whole = Landmarks(punks)
    names, values = SIGNS[trait](punks, Landmarks(punks))
    if asked_before:
        SIGNS[trait](punks, whole)
    part = whole.take(SOME)
    names_of_some, some = SIGNS[trait](part.punks, part)
    assert names_of_some == names
    assert (some == values[SOME]).all()


def test_what_does_not_say_how_it_is_parted_is_refused() -> None:
    with pytest.raises(TypeError, match="dict does not say how it is parted"):
        take_rows({"rows": np.zeros(3)}, np.array([0]))
