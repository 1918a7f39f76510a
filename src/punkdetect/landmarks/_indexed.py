"""Pixels as numbers of their portrait's palette, and when two of them are one colour.

Owns the comparison of colours of the same portrait: in pixel art equal numbers are equal colours, and only
portraits with noise on them need their channels compared. Must not know what is drawn.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.pixels import Palette, unpack_rgb
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray
from punkdetect.records import Record

Index = NDArray[Any]
"""Colours of N portraits as numbers of their palettes, shape (N, ...)."""


def sum_difference(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.int16]:
    """Sum of the absolute channel differences of colours, shapes (..., 3) that broadcast."""
    total: NDArray[np.int16] = np.abs(one[..., 0] - other[..., 0])
    for channel in (1, 2):
        total = total + np.abs(one[..., channel] - other[..., channel])
    return total


class Indexed(Record):
    """N portraits whose colours are numbers of their palettes.

    Parameters
    ----------
    palette : Palette
    tolerance : ndarray of int16, shape (N,)
        Sum of the channel differences up to which two pixels are one colour: 0 but for noisy portraits.
    """

    palette: Palette
    tolerance: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.palette)

    @property
    def index(self) -> Index:
        """The numbers of all pixels, shape (N, 24, 24)."""
        return self.palette.index

    @cached_property
    def noisy(self) -> IntArray:
        """Which portraits have a tolerance."""
        return np.flatnonzero(self.tolerance)

    @cached_property
    def _noisy_part(self) -> Indexed:
        return self if len(self.noisy) == len(self) else self.take(self.noisy)

    @cached_property
    def _rgb(self) -> NDArray[np.int16]:
        """Channels of every colour, shape (N, K, 3)."""
        return unpack_rgb(self.palette.colors).astype(np.int16)

    def take(self, portraits: IntArray) -> Indexed:
        """Return some of the portraits."""
        return Indexed(self.palette.take(portraits), self.tolerance[portraits])

    def pick(self, rows: IntArray | int, cols: IntArray | int) -> Index:
        """Pick the same places of all portraits: (N, ...)."""
        places = np.asarray(rows) * SIDE + cols
        flat: Index = self.index.reshape(len(self), SIDE * SIDE)
        return flat[:, places]

    def rgb(self, colors: Index) -> NDArray[np.int16]:
        """Channels of some colours: (N, ...) to (N, ..., 3)."""
        return self._spread(self._rgb, colors)

    def lab(self, colors: Index) -> FloatArray:
        """CIELAB of some colours: (N, ...) to (N, ..., 3)."""
        return self.palette.lab_at(colors)

    def alike(self, one: Index, other: Index) -> BoolArray:
        """Tell which are one colour: equal, or within the tolerance; (N, ...) each, broadcast."""
        same: BoolArray = one == other
        some = self.noisy
        if len(some):
            few = self._noisy_part
            apart = sum_difference(few.rgb(one[some]), few.rgb(other[some]))
            same[some] = apart <= few.tolerance.reshape(-1, *[1] * (apart.ndim - 1))
        return same

    def is_one_of(self, pixels: Index, colors: Index) -> BoolArray:
        """Tell which pixels (N, ...) are alike to at least one of some colours (N, M)."""
        n, k = self.palette.colors.shape
        marked = np.zeros((n, k), np.bool_)
        marked.reshape(-1)[colors + (np.arange(n) * k)[:, None]] = True
        for portrait in self.noisy:
            rgb = self._rgb[portrait]
            apart = sum_difference(rgb[:, None], rgb[sorted(set(colors[portrait].tolist()))])
            marked[portrait] = (apart <= self.tolerance[portrait]).any(axis=1)
        return self._spread(marked, pixels)

    def _spread(self, values: NDArray[Any], colors: Index) -> NDArray[Any]:
        return self.palette.at(values, colors)
