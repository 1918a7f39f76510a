"""The different colours of every portrait: what is known of each is worked out once, not for every pixel."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect import bitrows
from punkdetect.pixels._colors import TRANSPARENT, lab_of, pack_rgb, unpack_rgb
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray, Scalar
from punkdetect.records import Record

_POSITION_BITS = 10
"""Bits that hold a position in the portrait: 24 * 24 = 576 is below 2 ** 10."""


class Palette(Record):
    """The different colours of every portrait, most frequent first.

    Parameters
    ----------
    index : ndarray of uint8 or uint16, shape (N, 24, 24)
        Which colour of its portrait each pixel has; one byte where no portrait has more than 256.
    colors : ndarray of uint32, shape (N, K)
        Packed colours, ordered by count and then by value; `TRANSPARENT` is one of them where it occurs.
        K is the largest number of colours in the batch.
    counts : ndarray of int, shape (N, K)
        Pixels of each colour; 0 beyond a portrait's last colour.
    """

    index: NDArray[Any]
    colors: NDArray[np.uint32]
    counts: IntArray

    def __len__(self) -> int:
        return len(self.index)

    def take(self, portraits: IntArray) -> Palette:
        """Return the palettes of some portraits."""
        taken = Palette(self.index[portraits], self.colors[portraits], self.counts[portraits])
        if "lab" in vars(self):
            vars(taken)["lab"] = self.lab[portraits]
        return taken

    def recolored(self, colors: NDArray[np.uint32]) -> Palette:
        """Return the palettes of the same pixels in other colours, (N, K)."""
        recolored = Palette(self.index, colors, self.counts)
        vars(recolored)["_cell"] = self._cell
        return recolored

    @property
    def sizes(self) -> IntArray:
        """How many colours each portrait has, shape (N,)."""
        sizes: IntArray = np.count_nonzero(self.counts, axis=1)
        return sizes

    def trimmed(self) -> Palette:
        """Return the same palettes, as wide as the largest of them needs."""
        most = int(self.sizes.max(initial=1))
        index = self.index if most > 1 << 8 else self.index.astype(np.uint8, copy=False)
        return Palette(index, self.colors[:, :most].copy(), self.counts[:, :most].copy())

    @cached_property
    def lab(self) -> FloatArray:
        """CIELAB of every colour, shape (N, K, 3); black beyond a portrait's last colour."""
        lab = np.zeros((*self.colors.shape, 3))  # which is black
        used = self.counts > 0
        lab[used] = lab_of(unpack_rgb(self.colors[used]))
        return lab

    @cached_property
    def _cell(self) -> IntArray:
        """Place of every pixel's colour in the flattened palette, shape (N, 24, 24)."""
        n, k = self.colors.shape
        cell: IntArray = self.index + (np.arange(n) * k)[:, None, None]
        return cell

    def of_pixels(self, values: NDArray[Scalar]) -> NDArray[Scalar]:
        """Spread what is known of each colour over the pixels that have it.

        Parameters
        ----------
        values : ndarray of shape (N, K, ...)

        Returns
        -------
        ndarray of shape (N, 24, 24, ...)
        """
        n, k = self.colors.shape
        # every place is inside, and "clip" spares the check for it: several times as fast as indexing
        spread: NDArray[Scalar] = values.reshape(n * k, *values.shape[2:]).take(
            self._cell, axis=0, mode="clip"
        )
        return spread

    def count_in(self, mask: BoolArray) -> IntArray:
        """Count the pixels of each colour inside of a mask.

        Parameters
        ----------
        mask : ndarray of bool, shape (N, 24, 24)

        Returns
        -------
        ndarray of int, shape (N, K)
        """
        if 2 * np.count_nonzero(mask) > mask.size:  # what is picked and counted takes the time
            return self.counts - self.count_in(~mask)
        n, k = self.colors.shape
        return np.bincount(self._cell[mask], minlength=n * k).reshape(n, k)

    @cached_property
    def chroma(self) -> FloatArray:
        """Chroma of every colour, shape (N, K)."""
        chroma = np.zeros(self.colors.shape)
        used = self.counts > 0  # a square root takes long, and most places of a palette are empty
        chroma[used] = np.hypot(self.lab[..., 1][used], self.lab[..., 2][used])
        return chroma

    def at(self, values: NDArray[Scalar], colors: NDArray[Any]) -> NDArray[Scalar]:
        """Look up what is known of each colour, (N, K, ...), for numbers of their palettes, (N, ...)."""
        n, k = self.colors.shape
        place = colors + (np.arange(n) * k).reshape(-1, *[1] * (colors.ndim - 1))
        found: NDArray[Scalar] = values.reshape(n * k, *values.shape[2:]).take(place, axis=0, mode="clip")
        return found

    def lab_at(self, colors: NDArray[Any]) -> FloatArray:
        """CIELAB of some colours, given as numbers of their palettes: (N, ...) to (N, ..., 3)."""
        return self.at(self.lab, colors)

    def bits_with(self, flags: BoolArray, seldom: bool = False) -> bitrows.Bits:
        """Return the pixels that have one of the marked colours, as rows of bits.

        Parameters
        ----------
        flags : ndarray of bool, shape (N, K)
        seldom : bool
            Whether few portraits are likely to have any marked colour: the others are then left out.

        Returns
        -------
        ndarray of uint32, shape (N, 24)
        """
        if not seldom:
            return bitrows.bits_of(self.of_pixels(flags))
        some = np.flatnonzero(flags.any(axis=1))
        bits = np.zeros((len(self), SIDE), np.uint32)
        bits[some] = bitrows.bits_of(flags.reshape(-1).take(self._cell[some], mode="clip"))
        return bits

    def bits_with_each(self, *flags: BoolArray) -> list[bitrows.Bits]:
        """Return `bits_with` for several markings, eight at the most: colours are looked up once for all."""
        marked = flags[0].astype(np.uint8)
        for bit, more in enumerate(flags[1:], 1):
            marked |= more.view(np.uint8) << np.uint8(bit)
        pixels = self.of_pixels(marked)
        return [bitrows.bits_of((pixels & np.uint8(1 << bit)).view(np.bool_)) for bit in range(len(flags))]

    def count_bits(self, bits: bitrows.Bits) -> IntArray:
        """Count the pixels of each colour inside of a mask of rows of bits: (N, 24) to (N, K)."""
        return self.count_in(bitrows.mask_of(bits, SIDE))

    def main_color(self, mask: BoolArray) -> tuple[IntArray, IntArray]:
        """Return the most frequent colour inside of a mask, (N, 24, 24); as `main_of` its counts."""
        return self.main_of(self.count_in(mask))

    def main_of(self, counts: IntArray) -> tuple[IntArray, IntArray]:
        """Return the most frequent colour of a part.

        Parameters
        ----------
        counts : ndarray of int, shape (N, K)
            Its pixels of each colour.

        Returns
        -------
        color : ndarray of int, shape (N,)
            0xRRGGBB; -1 where the part is empty or all see-through. Of equally frequent colours the one
            that the whole portrait has more of.
        count : ndarray of int, shape (N,)
            Its pixels of that colour.
        """
        counts = np.where(self.colors == TRANSPARENT, 0, counts)
        if not counts.size:
            return np.zeros(len(self), np.intp), np.zeros(len(self), np.intp)
        best = counts.argmax(axis=1)
        row = np.arange(len(self))
        count = counts[row, best]
        return np.where(count > 0, self.colors[row, best].astype(np.intp), -1), count


def find_palette(rgba: ByteArray) -> Palette:
    """Find the different colours of every portrait.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)

    Returns
    -------
    Palette
    """
    n, cells = len(rgba), SIDE * SIDE
    if n == 0:
        empty = np.zeros((0, 1), np.intp)
        return Palette(np.zeros((0, SIDE, SIDE), np.uint8), empty.astype(np.uint32), empty)
    # colour and position in one number: a single sort then brings equal colours together
    keys = pack_rgb(rgba).reshape(n, cells).astype(np.uint64)
    keys <<= np.uint64(_POSITION_BITS)
    keys |= np.arange(cells, dtype=np.uint64)
    keys.sort(axis=1)
    color = (keys >> np.uint64(_POSITION_BITS)).astype(np.uint32)
    keys &= np.uint64((1 << _POSITION_BITS) - 1)
    keys += (np.arange(n, dtype=np.uint64) * np.uint64(cells))[:, None]
    starts = np.ones((n, cells), np.bool_)
    np.not_equal(color[:, 1:], color[:, :-1], out=starts[:, 1:])

    first = np.flatnonzero(starts)
    count = np.diff(first, append=n * cells)
    portrait, value = first // cells, color.reshape(-1)[first]
    how_many = np.bincount(portrait, minlength=n)
    rank = np.arange(len(first)) - np.repeat(np.cumsum(how_many) - how_many, how_many)
    # within a portrait the colours lie in the order of their values, and a stable sort keeps it
    by_frequency = np.argsort(portrait * (cells + 1) - count, kind="stable")

    colors = np.zeros((n, int(how_many.max())), np.uint32)
    counts = np.zeros(colors.shape, np.intp)
    colors[portrait, rank], counts[portrait, rank] = value[by_frequency], count[by_frequency]
    rank_of = np.empty(len(first), np.uint8 if colors.shape[1] <= 1 << 8 else np.uint16)
    rank_of[by_frequency] = rank
    index = np.empty(n * cells, rank_of.dtype)
    index[keys.reshape(-1).view(np.intp)] = np.repeat(rank_of, count)
    return Palette(index.reshape(n, SIDE, SIDE), colors, counts)
