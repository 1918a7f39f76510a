"""Texture of masked regions of a batch of portraits: local binary patterns, Fourier spectrum, outline.

Owns numbers that describe a surface. Knows numpy and nothing of hair, traits or classifiers.

scikit-image has the same local binary patterns, one 2-D picture at a time and a third of a second to import;
these run over (N, 24, 24) at once, and the tests hold them against scikit-image's.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE, BoolArray, FloatArray

LBP_POINTS = 8
"""Neighbours compared with each pixel."""

LBP_BINS = LBP_POINTS + 2
"""Uniform patterns by number of brighter neighbours (0 to 8), and one bin for all others."""

ROUNDING = 1e-6
"""Brightness by which an interpolated neighbour may fall short of an equal pixel through rounding alone."""

FOURIER_RINGS = 6
"""Rings of spatial frequency from long waves to single-pixel checkers."""

FOURIER_SECTORS = 4
"""Directions of waves: along rows, columns and both diagonals."""


AROUND = tuple((row, col) for row in (-1, 0, 1) for col in (-1, 0, 1))
"""A pixel's neighbours and itself, as rows and columns away."""


def local_binary_patterns(image: FloatArray, mask: BoolArray) -> NDArray[np.uint8]:
    """Return the rotation-invariant uniform local binary pattern of every pixel of a mask.

    Parameters
    ----------
    image : ndarray of float64, shape (N, 24, 24)
        Any brightness; outside of the picture counts as 0.
    mask : ndarray of bool, shape (N, 24, 24)
        M pixels in all.

    Returns
    -------
    ndarray of uint8, shape (M,), in [0, 9]
        In the order of `numpy.nonzero`. Number of neighbours at least as bright as the pixel where at most
        two changes occur around it, 9 elsewhere.

    References
    ----------
    Ojala, Pietikäinen, Mäenpää: Multiresolution gray-scale and rotation invariant texture classification
    with local binary patterns. IEEE TPAMI 24(7), 2002. doi:10.1109/TPAMI.2002.1017623
    """
    side = SIDE + 2
    padded = np.zeros((len(image), side, side))
    padded[:, 1:-1, 1:-1] = image
    inside = np.zeros(padded.shape, np.bool_)
    inside[:, 1:-1, 1:-1] = mask
    place = np.flatnonzero(inside)
    around = {step: padded.reshape(-1).take(place + step[0] * side + step[1]) for step in AROUND}
    brighter = np.stack(
        [_neighbor(around, point) >= around[0, 0] - ROUNDING for point in range(LBP_POINTS)]
    ).view(np.uint8)
    changes = (brighter != np.roll(brighter, 1, axis=0)).view(np.uint8).sum(axis=0, dtype=np.uint8)
    patterns: NDArray[np.uint8] = brighter.sum(axis=0, dtype=np.uint8)
    patterns[changes > 2] = LBP_POINTS + 1
    return patterns


def _neighbor(around: Mapping[tuple[int, int], FloatArray], point: int) -> FloatArray:
    """Brightness at one of the points of the unit circle, interpolated between pixels."""
    angle = 2 * np.pi * point / LBP_POINTS
    row, col = round(-np.sin(angle), 5), round(np.cos(angle), 5)
    top, left = int(np.floor(row)), int(np.floor(col))
    down, right = row - top, col - left
    total = np.zeros(around[0, 0].shape)
    for r, weight_r in ((top, 1 - down), (top + 1, down)):
        for c, weight_c in ((left, 1 - right), (left + 1, right)):
            if weight_r * weight_c:  # every other point of the circle is a pixel
                total += weight_r * weight_c * around[r, c]
    return total


def pattern_histogram(patterns: NDArray[np.uint8], mask: BoolArray) -> FloatArray:
    """Share of each local binary pattern within a mask.

    Parameters
    ----------
    patterns : ndarray of uint8, shape (M,)
        Of the mask's pixels, as `local_binary_patterns` returns them.
    mask : ndarray of bool, shape (N, 24, 24)

    Returns
    -------
    ndarray of float64, shape (N, 10)
        Rows sum to 1, or are 0 where the mask is empty.
    """
    n = len(mask)
    portrait = np.flatnonzero(mask) // (SIDE * SIDE)
    counts = np.bincount(portrait * LBP_BINS + patterns, minlength=n * LBP_BINS).reshape(n, LBP_BINS)
    shares: FloatArray = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares


def fourier_features(image: FloatArray, mask: BoolArray) -> FloatArray:
    """Share of the spectrum's power by ring of frequency and by direction, within a mask.

    The region's mean is taken away and everything outside of it is 0, so that only its own pattern counts:
    smooth sheets have long waves, checkered curls the shortest ones there are.

    Parameters
    ----------
    image : ndarray of float64, shape (N, 24, 24)
    mask : ndarray of bool, shape (N, 24, 24)

    Returns
    -------
    ndarray of float64, shape (N, 10)
        Six rings, then four directions; both parts sum to 1, or are 0 where nothing varies.
    """
    area = np.maximum(mask.sum(axis=(1, 2)), 1)
    mean = np.where(mask, image, 0.0).sum(axis=(1, 2)) / area
    pattern = np.where(mask, image - mean[:, None, None], 0.0)
    ring, sector, weight = _frequency_bins()
    power = (_power_spectrum(pattern) * weight).reshape(len(image), ring.size)
    total = np.maximum(power.sum(axis=1, keepdims=True), 1e-9)
    rings = np.stack([power[:, (ring == i).ravel()].sum(axis=1) for i in range(FOURIER_RINGS)], axis=1)
    sectors = np.stack([power[:, (sector == i).ravel()].sum(axis=1) for i in range(FOURIER_SECTORS)], axis=1)
    shares: FloatArray = np.concatenate([rings, sectors], axis=1) / total
    return shares


def _power_spectrum(image: FloatArray) -> FloatArray:
    """Squared magnitudes of the real Fourier transform: (N, 24, 24) to (N, 24, 13).

    Two products with waves written out: at this size they take two thirds of the time of a fast transform,
    whose library would have to be loaded as well.
    """
    angle = np.outer(np.arange(SIDE), np.arange(SIDE)) * (2 * np.pi / SIDE)
    cos, sin = np.cos(angle), np.sin(angle)
    half = SIDE // 2 + 1
    waves = np.concatenate([cos, sin]) @ (image @ np.concatenate([cos[:, :half], sin[:, :half]], axis=1))
    cos_cos, cos_sin = waves[:, :SIDE, :half], waves[:, :SIDE, half:]
    sin_cos, sin_sin = waves[:, SIDE:, :half], waves[:, SIDE:, half:]
    power: FloatArray = (cos_cos - sin_sin) ** 2 + (cos_sin + sin_cos) ** 2
    return power


def _frequency_bins() -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray]:
    """Ring and direction of every coefficient that is computed, and how often the full spectrum holds it."""
    col = np.arange(SIDE // 2 + 1)[None, :] * (1 / SIDE)
    row = ((np.arange(SIDE) + SIDE // 2) % SIDE - SIDE // 2)[:, None] * (1 / SIDE)
    radius = np.hypot(row, col) / np.hypot(0.5, 0.5)
    ring = np.minimum((radius * FOURIER_RINGS).astype(np.intp), FOURIER_RINGS - 1)
    angle = np.arctan2(row, col)
    sector = np.round(angle / (np.pi / FOURIER_SECTORS)).astype(np.intp) % FOURIER_SECTORS
    weight = np.where((col > 0) & (col < 0.5), 2.0, 1.0) * np.ones((SIDE, 1))
    weight[0, 0] = 0.0
    return ring, sector, weight


def outline_features(mask: BoolArray) -> FloatArray:
    """Describe how rough the outline of a region is.

    Parameters
    ----------
    mask : ndarray of bool, shape (N, 24, 24)

    Returns
    -------
    ndarray of float64, shape (N, 4)
        Outline length over the square root of the area; share of pixels that hang on one neighbour or none
        (tips); share that touch the rest only across a corner; corners per outline edge.
    """
    padded = np.pad(mask, ((0, 0), (1, 1), (1, 1)))
    up, down = padded[:, :-2, 1:-1], padded[:, 2:, 1:-1]
    left, right = padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]
    neighbors = up.astype(np.int8) + down + left + right
    area = np.maximum(mask.sum(axis=(1, 2)), 1)
    edges = ((4 - neighbors) * mask).sum(axis=(1, 2))
    tips = (mask & (neighbors == 1)).sum(axis=(1, 2))
    loose = (mask & (neighbors == 0)).sum(axis=(1, 2))
    a, b, c, d = padded[:, :-1, :-1], padded[:, :-1, 1:], padded[:, 1:, :-1], padded[:, 1:, 1:]
    in_window = a.astype(np.int8) + b + c + d
    corners = ((in_window == 1) | (in_window == 3)).sum(axis=(1, 2))
    corners += 2 * ((in_window == 2) & (a == d)).sum(axis=(1, 2))
    return np.stack(
        [edges / np.sqrt(area), tips / area, loose / area, corners / np.maximum(edges, 1)], axis=1
    ).astype(np.float64)
