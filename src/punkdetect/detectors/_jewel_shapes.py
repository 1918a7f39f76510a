"""Shapes of jewels: points, lines, and what bends around a gap.

Owns which shape is called what. Must not know colours nor places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import BoolArray, IntArray

NONE, STUD, HOOP, DROP = range(4)
"""Codes of the values, in the order of the vocabulary."""


TONES = 10
"""Sum of the channel differences from which one pixel over the other is lit."""

LIT, OFF_TINT = 0.75, 30
"""How far the lit pixel of one stone is on the way from the other to white at most, and how far off it: half
way and 12 in those known. A pearl over a coloured gem is at 0.9, metal over a gem far off."""


def extent(piece: BoolArray) -> tuple[IntArray, IntArray]:
    """Return how many rows and how many columns pieces take: (M,) each."""
    return np.asarray(piece.any(axis=2)).sum(axis=1), np.asarray(piece.any(axis=1)).sum(axis=1)


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
    above, below = _after(piece, 1), _after(piece[:, ::-1], 1)[:, ::-1]
    outside, inside = _after(piece, 2), _after(piece[:, :, ::-1], 2)[:, :, ::-1]
    upright, level = above & below & ~piece, outside & inside & ~piece
    return (
        np.asarray((level & (above | below)).any(axis=(1, 2))),
        np.asarray((upright & outside & ~inside).any(axis=(1, 2))),
        np.asarray((upright & inside & ~outside).any(axis=(1, 2))),
    )


def count_enclosed(piece: BoolArray) -> IntArray:
    """Count the pixels that have some of a piece on all four sides: (M,)."""
    upright = _after(piece, 1) & _after(piece[:, ::-1], 1)[:, ::-1]
    level = _after(piece, 2) & _after(piece[:, :, ::-1], 2)[:, :, ::-1]
    return np.asarray((upright & level & ~piece).sum(axis=(1, 2)))


def _after(mask: BoolArray, axis: int) -> BoolArray:
    """Whether a pixel of the mask comes earlier along an axis."""
    return np.asarray(np.logical_or.accumulate(mask, axis=axis), np.bool_)
