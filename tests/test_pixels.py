"""Array functions on pixels: packing, palettes, CIELAB, connected parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from punkdetect.pixels import (
    TRANSPARENT,
    find_palette,
    flood,
    grow,
    is_near_any,
    lab_distance,
    lab_of,
    pack_rgb,
    shift,
    unpack_rgb,
)

FEW_COLORS = hnp.arrays(np.uint8, (2, 24, 24, 4), elements=st.sampled_from([0, 7, 255]))


def test_colours_are_packed_as_people_write_them() -> None:
    assert pack_rgb(np.array([[0x12, 0xAB, 0xFF]], np.uint8))[0] == 0x12ABFF


def test_a_pixel_nobody_can_see_has_no_colour_but_a_faint_one_has() -> None:
    packed = pack_rgb(np.array([[9, 9, 9, 0], [9, 9, 9, 1]], np.uint8))
    assert packed.tolist() == [TRANSPARENT, 0x090909]


@settings(deadline=None, max_examples=30)
@given(hnp.arrays(np.uint8, (5, 3)))
def test_unpacking_undoes_packing(rgb: np.ndarray) -> None:
    assert (unpack_rgb(pack_rgb(rgb)) == rgb).all()


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((0, 0, 0), (0, 0, 0)),
        ((255, 255, 255), (100, 0, 0)),
        ((119, 119, 119), (50.03, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
    ],
)
def test_cielab_agrees_with_the_published_values(rgb: tuple[int, ...], lab: tuple[float, ...]) -> None:
    assert lab_of(np.array(rgb, np.uint8)) == pytest.approx(lab, abs=0.05)


def test_distance_is_the_euclidean_one() -> None:
    assert lab_distance(np.array([50.0, 3.0, 0.0]), np.array([50.0, 0.0, 4.0])) == pytest.approx(5)


@settings(deadline=None, max_examples=20)
@given(FEW_COLORS)
def test_a_palette_gives_the_picture_back(rgba: np.ndarray) -> None:
    palette = find_palette(rgba)
    assert (palette.of_pixels(palette.colors) == pack_rgb(rgba)).all()
    assert (palette.counts.sum(axis=1) == 24 * 24).all()
    assert (np.diff(palette.counts, axis=1) <= 0).all()
    assert (palette.count_in(np.ones((2, 24, 24), np.bool_)) == palette.counts).all()


@settings(deadline=None, max_examples=20)
@given(FEW_COLORS)
def test_a_palette_is_the_same_in_any_batch(rgba: np.ndarray) -> None:
    both = find_palette(rgba)
    for row in range(2):
        alone = find_palette(rgba[row : row + 1])
        width = alone.colors.shape[1]
        assert (both.colors[row, :width] == alone.colors[0]).all()
        assert (both.counts[row, width:] == 0).all()
        assert (both.index[row] == alone.index[0]).all()


def test_a_palette_of_nothing_is_empty() -> None:
    palette = find_palette(np.zeros((0, 24, 24, 4), np.uint8))
    assert len(palette) == 0
    assert palette.main_color(np.zeros((0, 24, 24), np.bool_))[0].shape == (0,)


def test_the_main_colour_is_the_most_frequent_one_inside_of_the_mask() -> None:
    rgba = np.full((1, 24, 24, 4), 255, np.uint8)
    rgba[0, 0, :3] = (10, 20, 30, 255)
    mask = np.zeros((1, 24, 24), np.bool_)
    mask[0, 0, :5] = True
    color, count = find_palette(rgba).main_color(mask)
    assert (color[0], count[0]) == (0x0A141E, 3)


@pytest.mark.parametrize("alpha", [255, 0])
def test_nothing_has_no_main_colour(alpha: int) -> None:
    rgba = np.full((1, 24, 24, 4), alpha, np.uint8)
    mask = np.full((1, 24, 24), alpha == 0)
    assert find_palette(rgba).main_color(mask)[0].tolist() == [-1]


def test_a_corner_connects_only_when_diagonals_do() -> None:
    mask = np.zeros((1, 24, 24), np.bool_)
    mask[0, 3, 3] = mask[0, 4, 4] = True
    seed = np.zeros_like(mask)
    seed[0, 3, 3] = True
    assert flood(mask, seed).sum() == 2
    assert flood(mask, seed, diagonal=False).sum() == 1


def test_a_seed_outside_of_the_mask_floods_nothing() -> None:
    mask = np.zeros((1, 24, 24), np.bool_)
    mask[0, 3, 3] = True
    assert not flood(mask, ~mask).any()


@pytest.mark.parametrize(("rows", "cols"), [(1, 0), (-2, 3), (0, -1), (30, 0)])
def test_moving_a_picture_moves_its_pixels_and_nothing_wraps_around(rows: int, cols: int) -> None:
    mask = np.zeros((1, 24, 24), np.bool_)
    mask[0, 12, 12] = True
    moved = shift(mask, rows, cols)
    expected = [[0, 12 + rows, 12 + cols]] if 12 + rows < 24 else []
    assert np.argwhere(moved).tolist() == expected


def test_growing_adds_what_touches() -> None:
    mask = np.zeros((1, 24, 24), np.bool_)
    mask[0, 0, 0] = mask[0, 12, 12] = True
    assert grow(mask).sum() == 4 + 9
    assert grow(mask, diagonal=False).sum() == 3 + 5


def test_near_any_counts_only_the_colours_in_use() -> None:
    lab = np.array([[[50.0, 0, 0], [90.0, 0, 0]]])
    others = np.array([[[52.0, 0, 0], [89.0, 0, 0]]])
    both, first = np.array([[True, True]]), np.array([[True, False]])
    assert [near.tolist() for near in is_near_any(lab, others, both, 3, 1.5)] == [
        [[True, True]],
        [[False, True]],
    ]
    assert is_near_any(lab, others, first, 3)[0].tolist() == [[True, False]]
