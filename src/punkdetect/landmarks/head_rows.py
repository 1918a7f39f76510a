"""The grid that heads are cut into, and its rows as numbers: what is asked of one row, or of all at once.

Owns how far the grid reaches around the left eye. Must not know what is drawn in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect import bitrows
from punkdetect.bitrows import Bits, count_bits, first_bit, last_bit
from punkdetect.punks import BoolArray, IntArray, Scalar

ROWS, COLS = range(-14, 13), range(-11, 16)
"""Rows and columns of the grid, counted from the upper left pixel of the left eye; all that is worn fits."""

ROW: IntArray = np.asarray(ROWS)[None, :]
R0, C0 = -ROWS.start, -COLS.start
"""Row and column of the grid with the left eye."""

ALL_COLS = (1 << len(COLS)) - 1
"""The bits of all columns."""

NONE_LEFT, NONE_RIGHT = 50, -50
"""First and last column of an empty row: further in than any real one."""


def lower_bits(count: IntArray) -> Bits:
    """Return numbers with so many of their lowest bits set: the columns before one."""
    bits: Bits = ((1 << np.minimum(np.maximum(count, 0), len(COLS))) - 1).astype(np.uint32)
    return bits


def mask_of(bits: Bits) -> BoolArray:
    """Return the mask whose rows some numbers are: (N, R) to (N, R, C)."""
    return bitrows.mask_of(bits, len(COLS))


def columns(cols: slice) -> np.uint32:
    """Return the bits of some columns of the grid."""
    return np.uint32((1 << cols.stop) - (1 << cols.start))


def keep(bits: Bits, rows: BoolArray) -> Bits:
    """Keep some rows of a mask: both (N, R)."""
    kept: Bits = np.where(rows, bits, np.uint32(0))
    return kept


def extents(bits: Bits) -> tuple[IntArray, IntArray]:
    """First and last column, counted from the left eye, of every row: each of the shape of the bits."""
    some = bits > 0
    lowest, highest = first_bit(bits).astype(np.intp) - C0, last_bit(bits) - C0
    return np.where(some, lowest, NONE_LEFT), np.where(some, highest, NONE_RIGHT)


def width_of(bits: Bits) -> IntArray:
    """Columns from the first to the last of every row: (N, R)."""
    first, last = extents(bits)
    width: IntArray = np.maximum(last - first + 1, 0)
    return width


def pieces_of(bits: Bits) -> IntArray:
    """Separate pieces of every row of a mask: (N, R)."""
    return count_bits(bits & ~(bits << np.uint32(1))).astype(np.intp)


def span(mask: BoolArray, start: int) -> tuple[IntArray, IntArray]:
    """First and last marked place of every row of a mask (N, M), counted from a start: (N,) each."""
    first: IntArray = mask.argmax(axis=1) + start
    last: IntArray = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1) + start
    return first, last


def at(values: NDArray[Scalar], row: IntArray | int) -> NDArray[Scalar]:
    """Pick one row, counted from the left eye, of every portrait: (N, R, ...) to (N, ...)."""
    picked: NDArray[Scalar] = values[np.arange(len(values)), clip(row, R0, len(ROWS))]
    return picked


def in_rows(values: IntArray, first: IntArray, last: IntArray, otherwise: int) -> IntArray:
    """Values (N, R) where the row is between two of each portrait, both included; another value elsewhere."""
    chosen: IntArray = np.where((first[:, None] <= ROW) & (last[:, None] >= ROW), values, otherwise)
    return chosen


def row_shifted(values: NDArray[Scalar], down: int, fill: int | bool) -> NDArray[Scalar]:
    """For every row (N, R) the value of the row that is some rows further up."""
    moved = np.full_like(values, fill)
    moved[:, max(down, 0) : len(ROWS) + min(down, 0)] = values[:, max(-down, 0) : len(ROWS) + min(-down, 0)]
    return moved


def clip(place: IntArray | int, zero: int, size: int) -> Any:
    """Return places counted from the left eye as places of the grid, the nearest there are."""
    return np.minimum(np.maximum(np.asarray(place) + zero, 0), size - 1)
