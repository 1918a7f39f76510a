"""What is to the right and to the left of a mouth, seen from its ends.

Owns windows beside the mouth bar and which of their pixels are ink, background, or of the face. Must not know
what is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from punkdetect.landmarks.flat_colors import BLACK, color_difference, cut_windows
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray

OF_FACE = 40
"""Sum of the channel differences up to which a pixel may be skin or beard. The nearest pipe stem is 47 from
its dark skin."""


@dataclass(frozen=True)
class Mouths:
    """What the search needs to know of every portrait of the batch.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    background : ndarray of bool, shape (N, 24, 24)
    face_rgb : ndarray of uint8, shape (N, 2, 3)
        The colours that the face has: skin, and beard or mask.
    row, left_col, right_col : ndarray of int, shape (N,)
        The bar, or where it would be.
    """

    rgba: ByteArray
    background: BoolArray
    face_rgb: ByteArray
    row: IntArray
    left_col: IntArray
    right_col: IntArray


@dataclass
class View:
    """What is to one side of some mouths, columns counted outwards from the end of the bar.

    Parameters
    ----------
    mouths : Mouths
        Of the whole batch.
    item : ndarray of int, shape (M,)
        Which portraits of the batch.
    rows, cols : ndarray of int, shapes (M, R), (M, C)
        Where the window lies in the picture; may be outside of it.
    """

    mouths: Mouths
    item: IntArray
    rows: IntArray
    cols: IntArray

    @cached_property
    def rgba(self) -> ByteArray:
        """The pixels, edge pixels repeated outside of the picture: shape (M, R, C, 4)."""
        return cut_windows(self.mouths.rgba, self.item, self.rows, self.cols)

    @cached_property
    def behind(self) -> BoolArray:
        """Background, or outside of the picture: shape (M, R, C)."""
        behind = cut_windows(self.mouths.background, self.item, self.rows, self.cols)
        outside_rows, outside_cols = ((at < 0) | (at >= SIDE) for at in (self.rows, self.cols))
        return behind | outside_rows[:, :, None] | outside_cols[:, None, :]

    @cached_property
    def ink(self) -> BoolArray:
        """Visible black pixels: shape (M, R, C)."""
        black = np.zeros(3, np.uint8)
        return np.asarray((color_difference(self.rgba, black) < BLACK) & (self.rgba[..., 3] > 0))

    @cached_property
    def usable(self) -> BoolArray:
        """Pixels of the figure that are not ink: shape (M, R, C)."""
        return np.asarray(~self.behind & ~self.ink & (self.rgba[..., 3] > 0))

    @cached_property
    def foreign(self) -> BoolArray:
        """Usable pixels of no colour that the face has: shape (M, R, C)."""
        foreign = self.usable
        for which in range(self.mouths.face_rgb.shape[1]):
            color = self.mouths.face_rgb[self.item, which, None, None]
            foreign = foreign & (color_difference(self.rgba, color) > OF_FACE)
        return foreign

    @property
    def of_face(self) -> BoolArray:
        """Usable pixels of a colour that the face has: shape (M, R, C)."""
        return self.usable & ~self.foreign

    def put_back(self, mask: BoolArray, whole: BoolArray) -> None:
        """Mark the pixels of a mask of the window, (M, R, C), in masks of whole pictures, (N, 24, 24)."""
        view, row, col = np.nonzero(mask)
        item, row, col = self.item[view], self.rows[view, row], self.cols[view, col]
        inside = (row >= 0) & (row < SIDE) & (col >= 0) & (col < SIDE)
        whole[item[inside], row[inside], col[inside]] = True


def look(mouths: Mouths, item: IntArray, outward: int, rows_around: range, steps: range) -> View:
    """Look to the right (1) or to the left (-1) of some mouths."""
    end = mouths.right_col if outward > 0 else mouths.left_col
    rows = mouths.row[item, None] + np.asarray(rows_around)
    return View(mouths, item, rows, end[item, None] + outward * np.asarray(steps))
