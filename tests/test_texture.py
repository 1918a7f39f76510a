"""Texture numbers agree with scikit-image and say what their docstrings say."""

from __future__ import annotations

import numpy as np
import pytest

from punkdetect.texture import (
    fourier_features,
    local_binary_patterns,
    outline_features,
    pattern_histogram,
)


def everywhere(n: int = 1) -> np.ndarray:
    return np.ones((n, 24, 24), bool)


def test_local_binary_patterns_equal_those_of_scikit_image() -> None:
    feature = pytest.importorskip("skimage.feature")
    images = np.random.default_rng(0).integers(0, 100_000, (20, 24, 24))
    ours = local_binary_patterns(images.astype(float), everywhere(20)).reshape(images.shape)
    for image, patterns in zip(images, ours, strict=True):
        np.testing.assert_array_equal(patterns, feature.local_binary_pattern(image, 8, 1, "uniform"))


def test_a_flat_region_has_only_equal_neighbors_whatever_its_brightness() -> None:
    flat = np.linspace(0.1, 254.9, 50)[:, None, None] * np.ones((1, 24, 24))
    patterns = local_binary_patterns(flat, everywhere(50)).reshape(flat.shape)
    assert (patterns[:, 1:-1, 1:-1] == 8).all()


def test_a_histogram_counts_the_pixels_of_each_mask_by_themselves() -> None:
    mask = np.zeros((3, 24, 24), bool)
    mask[1, 0, :4] = True
    mask[2, 5, 5] = True
    shares = pattern_histogram(np.array([9, 9, 0, 0, 3], np.uint8), mask)
    np.testing.assert_allclose(shares[1], [0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5])
    assert shares.sum(axis=1).tolist() == [0, 1, 1]
    assert shares[2, 3] == 1


def test_a_checkerboard_has_its_power_in_the_last_ring_and_stripes_do_not() -> None:
    row, col = np.mgrid[:24, :24]
    checker = ((row + col) % 2 * 100.0)[None]
    wide_stripes = (col // 6 % 2 * 100.0)[None]
    assert fourier_features(checker, everywhere())[0, 5] == pytest.approx(1)
    assert fourier_features(wide_stripes, everywhere())[0, :2].sum() > 0.8


def test_waves_along_rows_and_columns_fall_into_different_directions() -> None:
    _row, col = np.mgrid[:24, :24]
    across = (col % 2 * 100.0)[None]
    down = across.transpose(0, 2, 1)
    directions = [int(fourier_features(image, everywhere())[0, 6:].argmax()) for image in (across, down)]
    assert directions == [0, 2]


def test_a_flat_region_and_an_empty_mask_have_no_spectrum() -> None:
    flat = np.full((2, 24, 24), 7.0)
    mask = everywhere(2)
    mask[1] = False
    assert not fourier_features(flat, mask).any()


def test_a_jagged_outline_is_rougher_than_a_square() -> None:
    mask = np.zeros((2, 24, 24), bool)
    mask[:, 6:18, 6:18] = True
    mask[1, 5, 6:18:2] = True
    square, jagged = outline_features(mask)
    assert square[0] == pytest.approx(4.0)
    assert square[1:3].tolist() == [0, 0]
    assert square[3] == pytest.approx(4 / 48)
    assert jagged[0] > square[0]
    assert jagged[1] > 0
    assert jagged[3] > square[3]
