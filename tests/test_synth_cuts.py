"""Cuts of what is worn: each changes what its name says, and loses nothing at the upper edge."""

from __future__ import annotations

import numpy as np
import pytest

from punkdetect.synth import chances
from punkdetect.synth.cuts import CUTS, recut
from punkdetect.synth.dice import Dice
from punkdetect.synth.headwear import BLACK, GRIDS, MAIN, headwear_sprite
from punkdetect.synth.plan import make_plan
from punkdetect.synth.sprites import Sprite

HATS = [headwear_sprite(value, name) for value, grids in GRIDS.items() for name in grids]


def of_rows(sprite: Sprite) -> np.ndarray:
    return np.flatnonzero(sprite.grid.any(axis=1))


def cap() -> Sprite:
    return headwear_sprite("cap", "low")


def test_every_cut_that_is_drawn_is_one() -> None:
    for table in (chances.HEADWEAR_CUT, chances.EYEWEAR_CUT, chances.MOUTH_ITEM_CUT):
        assert {name for cut in table.values for name in cut.split()} <= set(CUTS)


def test_without_a_cut_a_sprite_stays_the_same() -> None:
    assert recut(cap(), "", BLACK) is cap()


def test_an_edge_lies_around_the_sprite_and_over_nothing_of_it() -> None:
    plain, edged = cap().grid, recut(cap(), "edged", BLACK).grid
    assert np.array_equal(edged[plain != 0], plain[plain != 0])
    assert set(edged[plain == 0]) == {0, BLACK}
    assert edged[of_rows(cap())[0] - 1].any()


def test_taller_and_flatter_are_a_row_more_and_less() -> None:
    rows = len(of_rows(cap()))
    assert len(of_rows(recut(cap(), "taller", BLACK))) == rows + 1
    assert len(of_rows(recut(cap(), "flatter", BLACK))) == rows - 1
    assert of_rows(recut(cap(), "taller", BLACK))[-1] == of_rows(cap())[-1]


def test_raised_and_lowered_move_by_a_row() -> None:
    assert np.array_equal(of_rows(recut(cap(), "raised", BLACK)) + 1, of_rows(cap()))
    assert np.array_equal(of_rows(recut(cap(), "lowered", BLACK)) - 1, of_rows(cap()))


def test_mirrored_twice_is_as_it_was() -> None:
    once = recut(cap(), "mirrored", BLACK)
    assert not np.array_equal(once.grid, cap().grid)
    assert np.array_equal(recut(cap(), "mirrored mirrored", BLACK).grid, cap().grid)


@pytest.mark.parametrize("cut", sorted(CUTS))
def test_no_hat_loses_its_top_in_any_cut(cut: str) -> None:
    for sprite in HATS:
        grid = recut(sprite, cut, BLACK).grid
        assert grid.shape == (24, 24)
        first = of_rows(sprite)[0]
        if cut not in ("flatter", "lowered") and (sprite.grid[first] == MAIN).any():
            assert (grid[: first + 1] == MAIN).any(), sprite.name


def test_portraits_given_in_words_are_cut_as_drawn() -> None:
    plans = [make_plan(Dice(5, i), {"headwear": "cap"}) for i in range(40)]
    assert {plan.headwear_cut for plan in plans} == {""}
    assert len({make_plan(Dice(5, i)).headwear_cut for i in range(40)}) > 3
