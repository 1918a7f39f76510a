"""Masks whose rows are numbers: the lowest bit is the first column, and all of a row is one operation.

Owns how a mask is written as bits and what is done to bits: growing, flooding, counting. Knows numpy only;
must not know what a mask shows.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import BoolArray, IntArray

Bits = NDArray[np.uint32]
"""Masks (N, R, C) as numbers (N, R). C is 31 at the most: a bit is left for what a sum carries over."""

_BYTES, _WORDS = 4, 3
"""Bytes of a number; and numbers that hold as many rows of 24 columns as a number has bytes."""


def _count_set_bits() -> NDArray[np.uint8]:
    counts = np.zeros(1, np.uint8)
    while len(counts) < 1 << 16:  # what one more bit in front adds
        counts = np.concatenate([counts, counts + np.uint8(1)])
    return counts


_SET_BITS = _count_set_bits()
"""How many bits are set in each number of 16 bits."""

_ONE = np.uint32(1)

_MOST_COLS = 31

STEPS = 3
"""Steps of a flood from one look whether it still moves to the next: looking costs as much as half a step."""


def bits_of(mask: BoolArray) -> Bits:
    """Write every row of a mask as one number.

    Parameters
    ----------
    mask : ndarray of bool, shape (N, R, C)
        C is 31 at the most.

    Returns
    -------
    ndarray of uint32, shape (N, R)
    """
    n, rows, cols = mask.shape
    used = (cols + 7) // 8
    if cols % 8:  # whole bytes, so that all rows are one piece: several times as fast
        whole = np.zeros((n, rows, used * 8), np.bool_)
        whole[..., :cols] = mask
        mask = whole
    packed = np.packbits(np.ascontiguousarray(mask).reshape(-1), bitorder="little")
    # each row is read as four bytes, of which the last ones are the next row's: they are cut off again
    room = np.empty(len(packed) + _BYTES - used, np.uint8)
    room[: len(packed)] = packed
    overlapping = np.ndarray((n, rows), np.dtype("<u4"), room, strides=(rows * used, used))
    bits: Bits = overlapping & np.uint32((1 << 8 * used) - 1)
    return bits


def mask_of(bits: Bits, cols: int) -> BoolArray:
    """Return the mask whose rows some numbers are.

    Parameters
    ----------
    bits : ndarray of uint32, shape (N, R)
    cols : int
        Columns of the mask.

    Returns
    -------
    ndarray of bool, shape (N, R, cols)
    """
    n, rows = bits.shape
    if cols == 8 * _WORDS and bits.size % _BYTES == 0:
        packed = _pack_words(bits).astype("<u4", copy=False).view(np.uint8)
        return np.unpackbits(packed.reshape(-1), bitorder="little").view(np.bool_).reshape(n, rows, cols)
    packed = bits.astype("<u4", copy=False)[..., None].view(np.uint8)
    return np.unpackbits(packed, axis=2, count=cols, bitorder="little").view(np.bool_)


def _pack_words(bits: Bits) -> Bits:
    """Write four rows of 24 columns each as three numbers of 32 bits, without the bits that no column has."""
    first, second, third, fourth = (bits & np.uint32((1 << 8 * _WORDS) - 1)).reshape(-1, _BYTES).T
    words = np.empty((len(first), _WORDS), np.uint32)
    words[:, 0] = first | second << np.uint32(24)
    words[:, 1] = second >> np.uint32(8) | third << np.uint32(16)
    words[:, 2] = third >> np.uint32(16) | fourth << np.uint32(8)
    return words


def count_bits(bits: Bits) -> NDArray[np.uint8]:
    """Count the bits that are set in each number: the pixels of each row."""
    if hasattr(np, "bitwise_count"):
        counts: NDArray[np.uint8] = np.bitwise_count(bits)
    else:  # numpy 1
        counts = _SET_BITS[bits & 0xFFFF] + _SET_BITS[bits >> 16]
    return counts


def count(bits: Bits) -> IntArray:
    """Count the pixels of every portrait of a mask: (N, R) to (N,)."""
    pixels: IntArray = count_bits(bits).sum(axis=1, dtype=np.intp)
    return pixels


def first_bit(bits: Bits) -> NDArray[np.uint8]:
    """Column of the first pixel of each row; 32 where there is none."""
    return count_bits((bits & -bits) - _ONE)


def last_bit(bits: Bits) -> IntArray:
    """Column of the last pixel of each row; -1 where there is none."""
    # the exponent of a number is its highest bit
    last: IntArray = np.frexp(bits.astype(np.float64))[1].astype(np.intp) - 1
    return last


def turn(bits: Bits, cols: IntArray) -> Bits:
    """Write some columns of a mask as numbers, the uppermost row the lowest bit: (N, R), (N, C) to (N, C)."""
    # rows first: what is added up then are long pieces of memory
    rows = np.arange(bits.shape[1], dtype=np.uint32)[:, None, None]
    picked = bits.T[:, :, None] >> cols.astype(np.uint32)
    picked &= _ONE
    picked <<= rows
    turned: Bits = np.bitwise_or.reduce(picked, axis=0)
    return turned


def columns(first: IntArray, end: IntArray) -> Bits:
    """Return the bits of the columns from `first` up to, not including, `end`; both (N,), to (N, 1)."""
    low, high = (np.minimum(np.maximum(at, 0), _MOST_COLS) for at in (first, end))
    bits: Bits = ((1 << high) - (1 << np.minimum(low, high))).astype(np.uint32)
    return bits[:, None]


def keep(bits: Bits, rows: BoolArray) -> Bits:
    """Keep some rows of a mask: both (N, R)."""
    kept: Bits = np.where(rows, bits, np.uint32(0))
    return kept


def down(bits: Bits, rows: int) -> Bits:
    """Move a mask down by so many rows, up where negative; empty rows come in."""
    moved = np.zeros_like(bits)
    if rows >= 0:
        moved[:, rows:] = bits[:, : bits.shape[1] - rows]
    else:
        moved[:, :rows] = bits[:, -rows:]
    return moved


def grow(bits: Bits, cols: int, diagonal: bool = True) -> Bits:
    """Add the pixels that touch a mask of so many columns, or share a corner with it."""
    wide = bits | bits << _ONE | bits >> _ONE
    wide &= np.uint32((1 << cols) - 1)
    upright = wide if diagonal else bits
    grown: Bits = wide | down(upright, 1) | down(upright, -1)
    return grown


def neighbors(bits: Bits, cols: int, outside: bool = False) -> tuple[Bits, Bits, Bits]:
    """Tell how many of the four direct neighbours of each pixel are in a mask.

    Parameters
    ----------
    bits : ndarray of uint32, shape (N, R)
    cols : int
        Columns of the mask.
    outside : bool
        Whether what is outside of the picture counts as in the mask.

    Returns
    -------
    one, two, three : ndarray of uint32, shape (N, R)
        Pixels that have at least so many.
    """
    beyond = np.uint32((1 << cols) - 1 if outside else 0)
    left, right = bits << _ONE | (beyond & _ONE), bits >> _ONE | (beyond & ~(beyond >> _ONE))
    above, below = np.full_like(bits, beyond), np.full_like(bits, beyond)
    above[:, 1:], below[:, :-1] = bits[:, :-1], bits[:, 1:]
    # two pairs are added, bit by bit
    sideways, upright = left | right, above | below
    both, stacked = left & right, above & below
    one, two = sideways | upright, both | stacked | (sideways & upright)
    return one, two, (both & upright) | (stacked & sideways)


def flood(mask: Bits, seed: Bits, diagonal: bool = True) -> Bits:
    """Return the parts of a mask that hold at least one seed.

    Parameters
    ----------
    mask, seed : ndarray of uint32, shape (N, R)
    diagonal : bool
        Whether pixels that share only a corner are connected.

    Returns
    -------
    ndarray of uint32, shape (N, R)
    """
    # rows first: a step up or down then moves one piece of memory
    inside = np.ascontiguousarray(mask.T)
    reached = np.ascontiguousarray((seed & mask).T)
    flooded, some = reached, np.arange(len(mask))
    while len(some):
        before = reached
        for _ in range(STEPS):
            reached = _step(inside, reached, diagonal)
        moves = np.flatnonzero((reached != before).any(axis=0))
        if len(moves) < len(some):
            flooded[:, some] = reached
            some, inside, reached = some[moves], inside[:, moves], reached[:, moves]
    return np.ascontiguousarray(flooded.T)


def pieces(mask: Bits, diagonal: bool = True) -> Iterator[tuple[IntArray, Bits]]:
    """Yield the connected parts of masks, a part of each in turn, by their first pixels from above.

    Made for a handful of parts; who asks for few portraits waits as long as for many.

    Parameters
    ----------
    mask : ndarray of uint32, shape (N, R)
    diagonal : bool
        Whether pixels that share only a corner are connected.

    Yields
    ------
    some : ndarray of int, shape (M,)
        Which masks have another part.
    part : ndarray of uint32, shape (M, R)
        That part.
    """
    rest = mask.copy()
    some = np.flatnonzero(rest.any(axis=1))
    while len(some):
        left = rest[some]
        seed = np.zeros_like(left)
        each, row = np.arange(len(some)), (left > 0).argmax(axis=1)
        seed[each, row] = left[each, row] & -left[each, row]
        part = flood(left, seed, diagonal)
        rest[some] = left & ~part
        yield some, part
        some = some[rest[some].any(axis=1)]


def _step(inside: Bits, reached: Bits, diagonal: bool) -> Bits:
    """Go on by one row up and down and by one column, and rightwards as far as the mask goes."""
    wide = inside + reached  # what is carried runs through the bits of the mask up to its next gap
    np.invert(wide, out=wide)
    wide &= inside
    wide |= reached
    near = wide << _ONE
    near |= wide >> _ONE
    near |= wide
    upright = near if diagonal else wide
    grown = near.copy()
    grown[1:] |= upright[:-1]
    grown[:-1] |= upright[1:]
    grown &= inside
    return grown
