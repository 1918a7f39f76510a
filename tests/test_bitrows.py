"""Rows of bits say the same as masks do."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from punkdetect import bitrows
from punkdetect.pixels import grow, shift

RNG = np.random.default_rng(0)


def masks(cols: int = 24, share: float = 0.5, n: int = 40) -> np.ndarray:
    """Return masks with lines and blocks, (N, 24, cols), an empty and a full one among them."""
    noise = RNG.random((n, 24, cols)) < share
    blocks = np.kron(RNG.random((n, 12, (cols + 1) // 2)) < share, np.ones((2, 2), bool))[..., :cols]
    masks = np.concatenate([noise, blocks, noise & blocks])
    masks[0], masks[1] = False, True
    return masks


@pytest.mark.parametrize("cols", [5, 24, 27, 31])
def test_a_mask_is_the_same_after_being_written_as_bits(cols: int) -> None:
    mask = masks(cols)
    np.testing.assert_array_equal(bitrows.mask_of(bitrows.bits_of(mask), cols), mask)


def test_counts_and_ends_of_rows_are_those_of_the_mask() -> None:
    mask = masks(share=0.1)
    bits = bitrows.bits_of(mask)
    np.testing.assert_array_equal(bitrows.count_bits(bits), mask.sum(axis=2))
    np.testing.assert_array_equal(bitrows.count(bits), mask.sum(axis=(1, 2)))
    some = mask.any(axis=2)
    np.testing.assert_array_equal(bitrows.first_bit(bits)[some], mask.argmax(axis=2)[some])
    np.testing.assert_array_equal(bitrows.last_bit(bits)[some], 23 - mask[:, :, ::-1].argmax(axis=2)[some])
    assert (bitrows.first_bit(bits)[~some] == 32).all()
    assert (bitrows.last_bit(bits)[~some] == -1).all()


def test_bits_are_counted_alike_by_old_and_new_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    bits = RNG.integers(0, 1 << 32, (50, 24), np.uint32)
    new = bitrows.count_bits(bits)
    monkeypatch.delattr(np, "bitwise_count", raising=False)
    np.testing.assert_array_equal(bitrows.count_bits(bits), new)


def label_components(mask: NDArray[np.bool_], diagonal: bool) -> NDArray[np.int32]:
    """Number the connected parts of every mask, as OpenCV sees them; no two portraits share a number."""
    n, height, width = mask.shape
    tall = np.pad(mask, ((0, 0), (0, 1), (0, 0))).reshape(-1, width)  # an empty row between portraits
    _, labels = cv2.connectedComponents(tall.astype(np.uint8), connectivity=8 if diagonal else 4)
    return labels.reshape(n, height + 1, width)[:, :height]


@pytest.mark.parametrize("diagonal", [True, False])
def test_a_flood_reaches_the_parts_that_hold_a_seed(diagonal: bool) -> None:
    mask, seed = masks(27), masks(27, share=0.03)
    labels = label_components(mask, diagonal)
    expected = np.isin(labels, labels[seed & mask]) & mask
    flooded = bitrows.flood(bitrows.bits_of(mask), bitrows.bits_of(seed), diagonal)
    np.testing.assert_array_equal(bitrows.mask_of(flooded, 27), expected)


@pytest.mark.parametrize("diagonal", [True, False])
def test_pieces_are_the_connected_parts_each_once(diagonal: bool) -> None:
    mask = masks(share=0.3, n=8)
    labels = label_components(mask, diagonal)
    seen = np.zeros(mask.shape, int)
    for turn, (some, part) in enumerate(bitrows.pieces(bitrows.bits_of(mask), diagonal), start=1):
        seen[some] += turn * bitrows.mask_of(part, 24)
        for which, piece in zip(some, bitrows.mask_of(part, 24), strict=True):
            assert len(np.unique(labels[which][piece])) == 1
    for which in range(len(mask)):
        assert seen[which].max() == len(np.unique(labels[which][mask[which]]))
    assert ((seen > 0) == mask).all()


def test_a_flood_follows_a_winding_path_to_its_end() -> None:
    snake = np.zeros((1, 24, 24), bool)
    snake[:, ::2] = True
    snake[:, 1::4, -1] = snake[:, 3::4, 0] = True
    seed = np.zeros_like(snake)
    seed[0, 0, 0] = True
    flooded = bitrows.flood(bitrows.bits_of(snake), bitrows.bits_of(seed), diagonal=False)
    np.testing.assert_array_equal(bitrows.mask_of(flooded, 24), snake)


@pytest.mark.parametrize("diagonal", [True, False])
def test_growing_adds_what_touches(diagonal: bool) -> None:
    mask = masks(share=0.2)
    grown = bitrows.grow(bitrows.bits_of(mask), 24, diagonal)
    np.testing.assert_array_equal(bitrows.mask_of(grown, 24), grow(mask, diagonal))


@pytest.mark.parametrize("outside", [True, False])
def test_neighbors_are_counted_with_the_outside_as_told(outside: bool) -> None:
    mask = masks()
    total = sum(
        shift(mask, rows, cols, outside).astype(int) for rows, cols in ((0, 1), (1, 0), (0, -1), (-1, 0))
    )
    for least, bits in enumerate(bitrows.neighbors(bitrows.bits_of(mask), 24, outside), start=1):
        np.testing.assert_array_equal(bitrows.mask_of(bits, 24), total >= least)


def test_rows_are_moved_and_columns_cut() -> None:
    mask = masks()
    bits = bitrows.bits_of(mask)
    for rows in (-2, 0, 3):
        np.testing.assert_array_equal(bitrows.mask_of(bitrows.down(bits, rows), 24), shift(mask, rows, 0))
    cols = bitrows.columns(np.array([-3, 2, 30]), np.array([4, 2, 40]))
    assert cols.tolist() == [[0b1111], [0], [1 << 30]]


def test_turned_columns_are_numbers_from_above() -> None:
    mask = masks()
    picked = RNG.integers(0, 24, (len(mask), 3))
    turned = bitrows.turn(bitrows.bits_of(mask), picked)
    columns = np.take_along_axis(mask, picked[:, None], axis=2).transpose(0, 2, 1)
    np.testing.assert_array_equal(turned, bitrows.bits_of(columns))
