"""Shapes of jewels: points, lines, and what bends around a gap.

Owns which shape is called what. Must not know colours nor places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import Bits, bits_of, count, count_bits
from punkdetect.punks import BoolArray, IntArray

NONE, STUD, HOOP, DROP = range(4)
"""Codes of the values, in the order of the vocabulary."""


TONES = 10
"""Sum of the channel differences from which one pixel over the other is lit."""

LIT, OFF_TINT = 0.75, 30
"""How far the lit pixel of one stone is on the way from the other to white at most, and how far off it: half
way and 12 in those known. A pearl over a coloured gem is at 0.9, metal over a gem far off."""


CLOSED_RING, FILLED = 7, 0.75
"""Pixels from which what goes all around a gap is a hoop though hair may come near its colour, and the share
of its box that ring and gap take at least: rings take 0.84, strands that happen to bend 0.67."""


def extent(piece: BoolArray) -> tuple[IntArray, IntArray]:
    """Return how many rows and how many columns pieces take: (M,) each."""
    return extent_of(bits_of(piece))


def extent_of(bits: Bits) -> tuple[IntArray, IntArray]:
    """Return how many rows and how many columns pieces take: (M, R) to (M,) each."""
    cols: IntArray = count_bits(np.bitwise_or.reduce(bits, axis=1)).astype(np.intp)
    return (bits > 0).sum(axis=1), cols


def name_kinds(jewels: BoolArray, rgb: NDArray[np.int16]) -> IntArray:
    """Say which kind of earring the pixels of each view make: value codes (2N,)."""
    kind = np.full(len(jewels), NONE, np.intp)
    some = np.flatnonzero(jewels.any(axis=(1, 2)))
    jewels = jewels[some]
    size = jewels.sum(axis=(1, 2))
    height, width = extent(jewels)
    around, bends_out, bends_in = find_bends(jewels)
    chain = bends_out & bends_in
    hangs = ~around & ~bends_out & ~bends_in & (height >= 3)
    block = (size == 4) & (height == 2) & (width == 2)
    pairs = np.flatnonzero((size == 2) & (height == 2) & (width == 1))
    lit = _is_lit_above(rgb[:, some[pairs]])
    stone = np.zeros(len(some), np.bool_)
    stone[pairs] = (lit & jewels[pairs, 1:] & jewels[pairs, :-1]).any(axis=(1, 2))
    line = (width == 1) & (height >= 2) & ~stone
    kind[some] = np.where(line | chain | hangs, DROP, np.where((size <= 2) | block, STUD, HOOP))
    return kind


def _is_lit_above(rgb: NDArray[np.int16]) -> BoolArray:
    """Whether pixels are a lit shade of those under them: some way towards white, (M, 13, 11)."""
    upper, lower = rgb[:, :, :-1], rgb[:, :, 1:]
    step, room = (upper - lower).astype(np.float64), 255.0 - lower
    way = step.sum(axis=0) / np.maximum(room.sum(axis=0), 1)
    off = np.abs(step - way * room).sum(axis=0)
    return np.asarray((step.sum(axis=0) >= TONES) & (way <= LIT) & (off <= OFF_TINT))


def find_bends(piece: BoolArray) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Whether pieces go around a gap, or bend around one on the outer or the inner side only: (M,) each."""
    return bends_of(bits_of(piece), piece.shape[2])


def bends_of(bits: Bits, cols: int) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Whether pieces in so many columns go around a gap, or bend around one on one side: (M, R) to (M,)."""
    above, below, outside, inside = _sides(bits, cols)
    upright, level = above & below & ~bits, outside & inside & ~bits
    around, bends_out = level & (above | below), upright & outside & ~inside
    bends_in = upright & inside & ~outside
    around_any, out_any, in_any = (np.asarray(b.any(axis=1)) for b in (around, bends_out, bends_in))
    return around_any, out_any, in_any


def count_enclosed(piece: BoolArray) -> IntArray:
    """Count the pixels that have some of a piece on all four sides: (M,)."""
    return enclosed_of(bits_of(piece), piece.shape[2])


def enclosed_of(bits: Bits, cols: int) -> IntArray:
    """Count the pixels that have some of a piece, in so many columns, on all four sides: (M, R) to (M,)."""
    above, below, outside, inside = _sides(bits, cols)
    return count(above & below & outside & inside & ~bits)


def is_closed_ring(piece: BoolArray) -> BoolArray:
    """Whether pieces are rings, a shape that strands of hair do not have: (M,)."""
    return is_ring_of(bits_of(piece), piece.shape[2])


def is_ring_of(bits: Bits, cols: int) -> BoolArray:
    """Whether pieces in so many columns are rings: (M, R) to (M,)."""
    size, gap = count(bits), enclosed_of(bits, cols)
    height, width = extent_of(bits)
    return np.asarray((size >= CLOSED_RING) & (gap > 0) & (size + gap >= FILLED * height * width))


def _sides(bits: Bits, cols: int) -> tuple[Bits, Bits, Bits, Bits]:
    """Pixels of a piece, and those that have some of it above, below, before, or behind them in their row."""
    one = np.uint32(1)
    above = np.bitwise_or.accumulate(bits, axis=1)
    below = np.bitwise_or.accumulate(bits[:, ::-1], axis=1)[:, ::-1]
    # all from the lowest bit on; and all up to the highest one
    outside = ~((bits & -bits) - one) & np.uint32((1 << cols) - 1)
    inside = bits.copy()
    for step in (1, 2, 4, 8, 16):
        inside |= inside >> np.uint32(step)
    return above, below, outside, inside
