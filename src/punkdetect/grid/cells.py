"""The colour of each cell, and how pure it was.

Owns the reading of cells once their grid is known: the middle of a cell where cells are flat, and where the
enlargement smoothed them, the 24 x 24 colours that give the picture when enlarged in the same way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

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

COMPARED = 97
"""Rows and columns that are made again to find the kernel that comes nearest: a prime number, so that they
lie at all parts of a cell."""


def pick_pixels(rgba: ByteArray, rows: IntArray, columns: IntArray) -> ByteArray:
    """Return the pixels of some rows and columns, shape (len(rows), len(columns), 4)."""
    packed = np.ascontiguousarray(rgba).view(np.uint32)[..., 0]  # one number a pixel: three times as fast
    picked: ByteArray = packed[rows[:, None], columns].view(np.uint8)
    return picked.reshape(len(rows), len(columns), 4)


def sample_cells(rgba: ByteArray, box: Box) -> ByteArray:
    """Return pixels spread evenly over each cell, shape (24, 8, 24, 8, 4)."""
    picked = []
    for axis in (0, 1):
        start, end = box.span(axis)
        places = start + (np.arange(SIDE * PLACES) + 0.5) * ((end - start) / (SIDE * PLACES))
        picked.append(np.clip(places.astype(np.intp), 0, rgba.shape[axis] - 1))
    found = pick_pixels(rgba, picked[0], picked[1]).reshape(SIDE, PLACES, SIDE, PLACES, 4)
    hidden = found[..., 3] == 0
    if hidden.any():
        found[hidden] = 0
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
    given = np.broadcast_to(cells[:, None, :, None], samples.shape)
    near = np.maximum(samples, given) - np.minimum(samples, given) <= NEAR
    all_channels = near.view(np.uint32)[..., 0] == 0x01010101  # four bools at once: ten times as fast
    share: FloatArray = all_channels.mean(axis=(1, 3))
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
    opaque = is_opaque(rgba)
    lines = [
        [_line(kernel, *box.span(axis), rgba.shape[axis], count) for axis in (0, 1)] for kernel in kernels
    ]
    rows, columns = lines[0]
    values = premultiply(pick_pixels(rgba, rows.near, columns.near), opaque)
    compared = premultiply(pick_pixels(rgba, rows.some, columns.some), opaque)
    best, least = None, np.inf
    for rows, columns in lines:
        solved = np.clip(_both(rows.inverse, values, columns.inverse), 0, 255)
        made = _both(rows.weights, solved, columns.weights)
        away = float(np.abs(np.clip(made, 0, 255) - compared).mean())
        if away < least:
            best, least = solved, away
    assert best is not None, "at least one kernel"
    return _to_bytes(best)


def _both(
    rows: NDArray[np.float32], values: NDArray[np.float32], columns: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Apply one matrix to the rows of a picture and one to its columns; channels stay apart."""
    width, channels = values.shape[1:]
    down = (rows @ values.reshape(len(values), -1)).reshape(len(rows), width, channels)
    across = columns @ down.swapaxes(0, 1).reshape(width, -1)
    return across.reshape(len(columns), len(rows), channels).swapaxes(0, 1)


class _Line(NamedTuple):
    """One axis of a box, for one kernel.

    Parameters
    ----------
    near, some : ndarray of int
        Pixels of the box: those near the middle of a cell; some that are spread over it.
    inverse : ndarray of float32, shape (count, len(near))
        Gives cells from the pixels `near`.
    weights : ndarray of float32, shape (len(some), count)
        Gives the pixels `some` from cells.
    """

    near: IntArray
    some: IntArray
    inverse: NDArray[np.float32]
    weights: NDArray[np.float32]


@lru_cache(maxsize=64)
def _line(kernel: str, start: float, end: float, size: int, count: int) -> _Line:
    """Return one axis of a box from `start` to `end` in a picture of `size` pixels; kept, as sizes repeat."""
    cell = (end - start) / count
    pixels = np.arange(max(0, int(np.ceil(start))), min(size, int(np.floor(end))))
    places: FloatArray = np.asarray((pixels + 0.5 - start) / cell, np.float64)
    away = np.abs(places % 1 - 0.5)
    near = away <= max(2.5 * SPREAD, 1.01 / cell)
    trust = np.exp(-0.5 * (away[near] / max(SPREAD, LEAST_SPREAD / cell)) ** 2)
    made = point_weights(kernel, places[near], count)
    trusted = made.T * trust**2
    inverse = np.linalg.solve(trusted @ made, trusted)
    some = np.linspace(0, len(pixels) - 1, min(COMPARED, len(pixels))).astype(np.intp)
    weights = point_weights(kernel, places[some], count)
    return _Line(pixels[near], pixels[some], inverse.astype(np.float32), weights.astype(np.float32))


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
