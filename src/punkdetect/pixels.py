"""Array functions on the pixels of a whole batch: palettes, colour spaces, masks that grow and flood.

Knows shapes and colours; must not know what a face, a trait or a file is.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect import bitrows
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray, Scalar

TRANSPARENT = 1 << 24
"""Packed value of a pixel that cannot be seen (alpha 0): one above every colour."""

_POSITION_BITS = 10
"""Bits that hold a position in the portrait: 24 * 24 = 576 is below 2 ** 10."""

_XYZ_OF_SRGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE_D65 = np.array([0.95047, 1.0, 1.08883])
_SRGB = np.arange(256) / 255
_LINEAR = np.where(_SRGB <= 0.04045, _SRGB / 12.92, ((_SRGB + 0.055) / 1.055) ** 2.4)
"""Light of each value of a channel."""


def pack_rgb(rgba: NDArray[np.integer[Any]]) -> NDArray[np.uint32]:
    """Write each colour as one number, 0xRRGGBB.

    Parameters
    ----------
    rgba : ndarray of int in [0, 255], shape (..., 3) or (..., 4)
        With four channels, pixels of alpha 0 become `TRANSPARENT`; other alphas do not count.

    Returns
    -------
    ndarray of uint32, shape (...)
    """
    if rgba.shape[-1] == 4 and rgba.dtype == np.uint8 and rgba.flags.c_contiguous:
        # the four channels as one number, 0xRRGGBBAA: ten times as fast
        whole = rgba.view(np.uint32)[..., 0]
        whole = whole.byteswap() if sys.byteorder == "little" else whole.copy()
        hidden = whole & np.uint32(0xFF) == 0
        whole >>= np.uint32(8)
        whole[hidden] = TRANSPARENT
        return whole
    packed = rgba[..., 0].astype(np.uint32) << np.uint32(16)
    packed |= rgba[..., 1].astype(np.uint32) << np.uint32(8)
    packed |= rgba[..., 2].astype(np.uint32)
    if rgba.shape[-1] == 4:
        packed[rgba[..., 3] == 0] = TRANSPARENT
    return packed


def has_alpha(rgba: ByteArray, least: int) -> BoolArray:
    """Tell which pixels have at least some alpha: 255 for the opaque ones, 1 for all that are seen.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (..., 4)
    least : int
        In [1, 255].

    Returns
    -------
    ndarray of bool, shape (...)
    """
    # the four channels as one number, alpha its highest byte: eight times as fast as every fourth byte
    whole = np.ascontiguousarray(rgba).view("<u4")[..., 0]
    enough: BoolArray = whole >= np.uint32(least << 24)
    return enough


def unpack_rgb(packed: NDArray[np.integer[Any]]) -> ByteArray:
    """Return the colours of packed values.

    Parameters
    ----------
    packed : ndarray of int, shape (...)

    Returns
    -------
    ndarray of uint8, shape (..., 3)
        Black where nothing is seen.
    """
    value = np.where(packed >= TRANSPARENT, 0, packed).astype(np.uint32)
    return np.stack([value >> np.uint32(16), value >> np.uint32(8), value], axis=-1).astype(np.uint8)


def lab_of(rgb: NDArray[np.integer[Any]]) -> FloatArray:
    """Return sRGB colours in CIELAB (D65, 2 degree observer).

    Parameters
    ----------
    rgb : ndarray of uint8, shape (..., 3)

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Lightness in [0, 100]; a and b about in [-128, 128].

    Notes
    -----
    CIE 15:2004, with the linearisation of IEC 61966-2-1.
    """
    # one channel at a time: each is one piece of memory then, and a matrix product may round differently for
    # another batch size
    linear = [_LINEAR.take(rgb[..., channel]) for channel in range(3)]
    x, y, z = (_compressed(linear, i) for i in range(3))
    lab = np.empty(rgb.shape)
    np.subtract(116 * y, 16, out=lab[..., 0])
    np.multiply(500, x - y, out=lab[..., 1])
    np.multiply(200, y - z, out=lab[..., 2])
    return lab


def _compressed(linear: list[FloatArray], i: int) -> FloatArray:
    """Return X, Y or Z as a share of white, compressed as the eye does."""
    share = linear[0] * _XYZ_OF_SRGB[i, 0]
    for channel in (1, 2):
        share += linear[channel] * _XYZ_OF_SRGB[i, channel]
    share /= _WHITE_D65[i]
    compressed: FloatArray = np.where(
        share > (6 / 29) ** 3, np.cbrt(share), share * (29 / 6) ** 2 / 3 + 4 / 29
    )
    return compressed


def lab_distance(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the CIE76 distance between colours in CIELAB.

    Parameters
    ----------
    one, other : ndarray of float64, shapes (..., 3) that broadcast
        With two channels, a and b alone, the lightness does not count.

    Returns
    -------
    ndarray of float64, shape (...)
        About 2.3 is the least difference that people notice.
    """
    # one channel at a time: twice as fast as all three and a sum over them
    total = _square(one[..., 0] - other[..., 0])
    for channel in range(1, one.shape[-1]):
        total += _square(one[..., channel] - other[..., channel])
    distance: FloatArray = np.sqrt(total, out=total if total.ndim else None)
    return distance


def _square(apart: FloatArray) -> FloatArray:
    apart *= apart
    return apart


def is_near_any(
    lab: FloatArray, others: FloatArray, used: BoolArray, *reaches: float
) -> tuple[BoolArray, ...]:
    """Tell which colours are near at least one of some others.

    Parameters
    ----------
    lab : ndarray of float64, shape (N, K, 3)
    others : ndarray of float64, shape (N, M, 3)
    used : ndarray of bool, shape (N, M)
        Which of the others count.
    *reaches : float
        CIE76 distances.

    Returns
    -------
    tuple of ndarray of bool, shape (N, K)
        One for each distance.
    """
    near = tuple(np.zeros(lab.shape[:2], np.bool_) for _ in reaches)
    channels = [np.ascontiguousarray(lab[..., channel]) for channel in range(3)]
    for other in range(used.shape[1]):  # one at a time: (N, K, M) would not fit into the cache
        some = np.flatnonzero(used[:, other])
        if not len(some):
            continue
        distance = np.zeros((len(some), lab.shape[1]))
        for channel, values in enumerate(channels):
            distance += _square(values.take(some, axis=0) - others[some, other, channel, None])
        for found, reach in zip(near, reaches, strict=True):
            found[some] |= distance <= reach * reach
    return near


@dataclass(frozen=True, eq=False)
class Palette:
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


def flood(mask: BoolArray, seed: BoolArray, diagonal: bool = True) -> BoolArray:
    """Return the parts of a mask that hold at least one seed.

    Parameters
    ----------
    mask, seed : ndarray of bool, shape (N, H, W)
        W is 31 at the most.
    diagonal : bool
        Whether pixels that share only a corner are connected.

    Returns
    -------
    ndarray of bool, shape (N, H, W)
    """
    seeds = bitrows.bits_of(np.broadcast_to(seed, mask.shape))
    return bitrows.mask_of(bitrows.flood(bitrows.bits_of(mask), seeds, diagonal), mask.shape[2])


def find_pixels(mask: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return portrait, row and column of every pixel of a mask, (N, H, W), in their order.

    As `numpy.nonzero`, which takes several times as long in three dimensions.
    """
    _, height, width = mask.shape
    row_of_all, col = np.divmod(np.flatnonzero(mask), max(width, 1))
    portrait, row = np.divmod(row_of_all, max(height, 1))
    return portrait, row, col


def shift(array: NDArray[Scalar], rows: int, cols: int, fill: int | bool = 0) -> NDArray[Scalar]:
    """Move every picture of a batch; what comes in from outside is `fill`.

    Parameters
    ----------
    array : ndarray of shape (N, H, W)
    rows, cols : int
        How far down and right.

    Returns
    -------
    ndarray of shape (N, H, W)
    """
    _, height, width = array.shape
    moved = np.full_like(array, fill)
    to_rows, from_rows = (
        slice(max(rows, 0), height + min(rows, 0)),
        slice(max(-rows, 0), height - max(rows, 0)),
    )
    to_cols, from_cols = slice(max(cols, 0), width + min(cols, 0)), slice(max(-cols, 0), width - max(cols, 0))
    if abs(rows) < height and abs(cols) < width:
        moved[:, to_rows, to_cols] = array[:, from_rows, from_cols]
    return moved


def grow(mask: BoolArray, diagonal: bool = True) -> BoolArray:
    """Add the pixels that touch a mask.

    Parameters
    ----------
    mask : ndarray of bool, shape (N, H, W)
    diagonal : bool
        Whether sharing only a corner counts as touching.

    Returns
    -------
    ndarray of bool, shape (N, H, W)
    """
    grown = mask.copy()
    grown[:, 1:] |= mask[:, :-1]
    grown[:, :-1] |= mask[:, 1:]
    sideways = grown if diagonal else mask
    wide = grown.copy()
    wide[:, :, 1:] |= sideways[:, :, :-1]
    wide[:, :, :-1] |= sideways[:, :, 1:]
    return wide
