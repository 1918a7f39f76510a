"""The colour of each cell, and how pure it was.

Owns the reading of cells once their grid is known: the middle of a cell where cells are flat, and where the
enlargement smoothed them, the 24 x 24 colours that give the picture when enlarged in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from punkdetect.grid.box import Box
from punkdetect.grid.evidence import is_opaque, premultiply
from punkdetect.grid.kernels import point_weights
from punkdetect.punks import SIDE, ByteArray, FloatArray, IntArray

PLACES = 8
"""Places across a cell at which it is looked at."""

MIDDLE = slice(2, 6)
"""Those of them that a colour is read from: the middle half."""

NEAR = 10
"""Levels in each channel within which a pixel counts as having the colour of its cell."""

SPREAD = 0.1
"""Cells from a cell's middle at which a pixel counts for 0.6 of one in the middle. There the kernels of
enlargement agree best, and overshoot is not cut off at black and white: of 0.08, 0.12 and 0.18 the smaller
two read 0.998 of cells even with a wrong kernel, but compression wants many pixels."""

LEAST_SPREAD = 0.3
"""The same in pixels, for small cells."""

LINES_COMPARED = 48
"""Rows of the picture that are made again to find the kernel that comes nearest."""


def sample_cells(rgba: ByteArray, box: Box) -> ByteArray:
    """Return pixels spread evenly over each cell, shape (24, 8, 24, 8, 4)."""
    picked = []
    for axis in (0, 1):
        start, end = box.span(axis)
        places = start + (np.arange(SIDE * PLACES) + 0.5) * ((end - start) / (SIDE * PLACES))
        picked.append(np.clip(places.astype(np.intp), 0, rgba.shape[axis] - 1))
    found: ByteArray = rgba[picked[0][:, None], picked[1]].reshape(SIDE, PLACES, SIDE, PLACES, 4)
    found[found[..., 3] == 0] = 0
    return found


def read_middles(samples: ByteArray) -> ByteArray:
    """Return the median of each channel in the middle of each cell: always a value that occurs there.

    Parameters
    ----------
    samples : ndarray of uint8, shape (24, 8, 24, 8, 4)

    Returns
    -------
    ndarray of uint8, shape (24, 24, 4)
    """
    middles = samples[:, MIDDLE, :, MIDDLE].transpose(0, 2, 1, 3, 4).reshape(SIDE, SIDE, -1, 4)
    ordered: ByteArray = np.sort(middles, axis=2)
    return ordered[:, :, (ordered.shape[2] - 1) // 2]


def find_purity(samples: ByteArray, cells: ByteArray) -> FloatArray:
    """Return the share of each cell's samples that have the colour it was given, shape (24, 24)."""
    away = np.abs(samples.astype(np.int16) - cells[:, None, :, None].astype(np.int16)).max(axis=-1)
    share: FloatArray = (away <= NEAR).mean(axis=(1, 3))
    return share


def solve_cells(rgba: ByteArray, box: Box, kernels: tuple[str, ...], count: int = SIDE) -> ByteArray:
    """Return the colours that give the picture when they are enlarged in the way it was.

    With each kernel in turn the colours are solved for, by least squares in which pixels near the middle of a
    cell count most, then enlarged again; the kernel whose result comes nearest to the picture is right.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    box : Box
    kernels : tuple of str
        Of `kernels.KERNELS`, without `box`; at least one.
    count : int
        Cells along each axis.

    Returns
    -------
    ndarray of uint8, shape (count, count, 4)
    """
    axes = [_Places.of(box.span(axis), rgba.shape[axis], count) for axis in (0, 1)]
    opaque = is_opaque(rgba)
    values = premultiply(rgba[axes[0].near[:, None], axes[1].near], opaque)
    step = max(1, len(axes[0].all) // LINES_COMPARED)
    compared = premultiply(rgba[axes[0].all[::step][:, None], axes[1].all], opaque)
    best, least = None, np.inf
    for kernel in kernels:
        rows, columns = (axis.inverse(kernel) for axis in axes)
        solved = np.clip(np.einsum("rh,hwc,kw->rkc", rows, values, columns, optimize=True), 0, 255)
        if len(kernels) > 1:
            down = point_weights(kernel, axes[0].cells(axes[0].all[::step]), count).astype(np.float32)
            over = point_weights(kernel, axes[1].cells(axes[1].all), count).astype(np.float32)
            made = np.clip(np.einsum("hr,rkc,wk->hwc", down, solved, over, optimize=True), 0, 255)
            away = float(np.abs(made - compared).mean())
        else:
            away = 0.0
        if away < least:
            best, least = solved, away
    assert best is not None, "at least one kernel"
    return _to_bytes(best)


@dataclass(frozen=True)
class _Places:
    """Pixels along one axis of a box.

    Parameters
    ----------
    start, cell : float
        Where the first cell begins and how large cells are, in pixels.
    all, near : ndarray of int
        Pixels of the box; those of them near the middle of a cell.
    count : int
        Cells.
    """

    start: float
    cell: float
    all: IntArray
    near: IntArray
    count: int

    @classmethod
    def of(cls, span: tuple[float, float], size: int, count: int) -> _Places:
        start, end = span
        cell = (end - start) / count
        pixels = np.arange(max(0, int(np.ceil(start))), min(size, int(np.floor(end))))
        away = np.abs((pixels + 0.5 - start) / cell % 1 - 0.5)
        near = pixels[away <= max(2.5 * SPREAD, 1.01 / cell)]
        return cls(start, cell, pixels, near, count)

    def cells(self, pixels: IntArray) -> FloatArray:
        """Return the middles of pixels in cells."""
        return np.asarray((pixels + 0.5 - self.start) / self.cell, np.float64)

    def inverse(self, kernel: str) -> NDArray[np.float32]:
        """Return the matrix that gives cells from the pixels near their middles, shape (count, pixels)."""
        cells = self.cells(self.near)
        spread = max(SPREAD, LEAST_SPREAD / self.cell)
        trust = np.exp(-0.5 * ((cells % 1 - 0.5) / spread) ** 2)
        made = point_weights(kernel, cells, self.count)
        trusted = made.T * trust**2
        return np.linalg.solve(trusted @ made, trusted).astype(np.float32)


def _to_bytes(solved: NDArray[np.float32]) -> ByteArray:
    """Turn premultiplied floats in [0, 255] into straight bytes."""
    cells = np.full((*solved.shape[:2], 4), 255, np.uint8)
    if solved.shape[2] == 4:
        alpha = solved[..., 3:].copy()
        alpha[alpha < NEAR] = 0
        alpha[alpha > 255 - NEAR] = 255
        cells[..., 3:] = np.round(alpha)
        straight = solved[..., :3] * (255 / np.maximum(alpha, 1)) * (alpha > 0)
        cells[..., :3] = np.round(np.clip(straight, 0, 255))
    else:
        cells[..., :3] = np.round(np.clip(solved, 0, 255))
    return cells
