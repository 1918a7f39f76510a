"""What is to the right and to the left of a mouth.

Owns windows beside the mouth: which of their pixels are ink, background, or of the face, and what is
connected with the mouth without a gap of skin. Must not know what is looked for.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from punkdetect.bitrows import bits_of, flood, mask_of
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import BLACK, color_difference, cut_windows, has_hue_of
from punkdetect.pixels import TRANSPARENT, Palette, find_pixels, unpack_rgb
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray
from punkdetect.records import Record

OF_FACE = 40
"""Sum of the channel differences up to which a pixel may be skin or beard. The nearest pipe stem is 47 from
its dark skin."""

SHADE_HUE, SHADE_DEPTH = 0.012, (0.6, 1.1)
"""Largest difference of the shares of red, green and blue between the skin and its shade, and the range of
its lightness to the skin's."""

ALIKE_ON_BOTH_SIDES = 4
"""Columns from the middle of the mouth up to which what is the same on both sides is a beard."""

BEARD_ROWS, BEARD_COLS = range(-1, 3), range(2, 5)
"""Rows from the bar and columns from its middle, to both sides, in which a beard shows."""

BEHIND, INK, PLAIN, SHADE = 1, 2, 4, 8
"""Bits of what a pixel is, or has the colour of: background, ink, the face's flat colours, shades of them."""

ISLAND_ROWS = 4
"""Rows above and below the mouth in which a piece of the face's colour beside the head is something held."""

SLOPE = (-1, 0, 1)
"""Rows by which what is held may go up or down from one column to the next."""


class Mouths(Record):
    """What the search needs to know of every portrait of the batch.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette
        The different colours of every portrait.
    kinds : ndarray of uint8, shape (N, 24, 24)
        What each pixel may be, as `kinds_of_pixels` says.
    face_rgb : ndarray of uint8, shape (N, 2, 3)
        The colours that the face has: skin, and beard or mask.
    row, left_col, right_col : ndarray of int, shape (N,)
        The lower row of the bar and its ends, or where they would be.
    col : ndarray of int, shape (N,)
        The middle of the mouth as the face frame has it: an end may be taken for what is held.
    rows : ndarray of int, shape (N,)
        Rows of the bar, 1 or 2.
    """

    rgba: ByteArray
    palette: Palette
    kinds: ByteArray
    face_rgb: ByteArray
    row: IntArray
    left_col: IntArray
    right_col: IntArray
    col: IntArray
    rows: IntArray


class View(Record):
    """What is to one side of some mouths, columns counted outwards from the middle or the end of the bar.

    Parameters
    ----------
    mouths : Mouths
        Of the whole batch of N portraits.
    side : ndarray of int, shape (M,)
        Which sides of which portraits: numbers of the batch to the right of the mouth, N more to the left.
    rows_around, steps : range
        Rows from the bar, columns outwards.
    from_end : bool
        Whether columns are counted from the end of the bar instead of its middle.
    """

    mouths: Mouths
    side: IntArray
    rows_around: range
    steps: range
    from_end: bool = False

    def take(self, which: IntArray) -> View:
        """Return some of the windows, with what is known of them already."""
        taken = View(self.mouths, self.side[which], self.rows_around, self.steps, self.from_end)
        for name in ("item", "rows", "cols", "rgba", "_kinds", "held"):
            if name in vars(self):
                vars(taken)[name] = vars(self)[name][which]
        return taken

    @cached_property
    def item(self) -> IntArray:
        """Which portraits of the batch, shape (M,)."""
        return self.side % len(self.mouths.row)

    @cached_property
    def rows(self) -> IntArray:
        """Rows of the picture, shape (M, R); may be outside of it."""
        return np.asarray(self.mouths.row[self.item, None] + np.asarray(self.rows_around))

    @cached_property
    def cols(self) -> IntArray:
        """Columns of the picture, shape (M, C); may be outside of it."""
        first = [self.mouths.right_col, self.mouths.left_col] if self.from_end else [self.mouths.col] * 2
        outward = np.where(self.side < len(self.mouths.row), 1, -1)
        return np.asarray(np.concatenate(first)[self.side, None] + outward[:, None] * np.asarray(self.steps))

    def other_side(self, steps: range) -> View:
        """Return the same rows, and some columns, on the other side of the mouths."""
        n = len(self.mouths.row)
        return View(self.mouths, (self.side + n) % (2 * n), self.rows_around, steps, self.from_end)

    @cached_property
    def rgba(self) -> ByteArray:
        """The pixels, edge pixels repeated outside of the picture: shape (M, R, C, 4)."""
        return cut_windows(self.mouths.rgba, self.item, self.rows, self.cols)

    @cached_property
    def _kinds(self) -> ByteArray:
        """What each pixel may be, as `kinds_of_pixels` says; background outside: shape (M, R, C)."""
        kinds = cut_windows(self.mouths.kinds, self.item, self.rows, self.cols)
        for axis, at in ((1, self.rows), (2, self.cols)):
            outside = (at < 0) | (at >= SIDE)
            if outside.any():
                kinds |= np.expand_dims(np.where(outside, np.uint8(BEHIND), np.uint8(0)), 3 - axis)
        return kinds

    @cached_property
    def behind(self) -> BoolArray:
        """Background, or outside of the picture: shape (M, R, C)."""
        return np.asarray((self._kinds & BEHIND) > 0)

    @cached_property
    def ink(self) -> BoolArray:
        """Black pixels of the figure: shape (M, R, C)."""
        return np.asarray((self._kinds & (BEHIND | INK)) == INK)

    @cached_property
    def usable(self) -> BoolArray:
        """Pixels of the figure that are not ink: shape (M, R, C)."""
        return np.asarray((self._kinds & (BEHIND | INK)) == 0)

    @cached_property
    def plain(self) -> BoolArray:
        """Usable pixels of the colours of the face: shape (M, R, C)."""
        return np.asarray((self._kinds & (BEHIND | INK | PLAIN)) == PLAIN)

    @cached_property
    def of_face(self) -> BoolArray:
        """Usable pixels of skin, of its shades, and of beards: shape (M, R, C)."""
        return self.usable & ((self._kinds & (PLAIN | SHADE)) > 0)

    @cached_property
    def foreign(self) -> BoolArray:
        """Pixels of the figure that are neither of the face nor ink: shape (M, R, C)."""
        return np.asarray(self._kinds == 0)

    @cached_property
    def held(self) -> BoolArray:
        """Pixels connected with the mouth outwards, column by column, without a gap of skin: shape (M, R, C).

        The middle of the mouth counts, whatever it is. What is alike on both sides of it is a beard.
        """
        beard = np.zeros(self.foreign.shape, bool)
        near = slice(0, ALIKE_ON_BOTH_SIDES + 1 - self.steps.start)
        steps = self.steps[near]
        other = self.other_side(steps)
        beard[:, :, near] = color_difference(self.rgba[:, :, near], other.rgba) <= OF_FACE
        solid = ~self.behind & ~self.of_face & ~(beard & self.foreign)
        held = np.zeros(solid.shape, bool)
        row, middle = -self.rows_around.start, -self.steps.start
        held[:, row, middle : middle + 2] = True
        for col in range(middle + 1, solid.shape[2]):
            for slope in SLOPE:
                before = held[:, max(-slope, 0) : solid.shape[1] - max(slope, 0), col - 1]
                held[:, max(slope, 0) : solid.shape[1] - max(-slope, 0), col] |= before
            held[:, :, col] &= solid[:, :, col]
            if col == middle + 1:
                held[:, row, col] = True
        return held

    def put_back(self, mask: BoolArray, whole: BoolArray) -> None:
        """Mark the pixels of a mask of the window, (M, R, C), in masks of whole pictures, (N, 24, 24)."""
        view, row, col = find_pixels(mask)
        item, row, col = self.item[view], self.rows[view, row], self.cols[view, col]
        inside = (row >= 0) & (row < SIDE) & (col >= 0) & (col < SIDE)
        whole[item[inside], row[inside], col[inside]] = True


def colors_of_faces(rgba: ByteArray, face: FaceFrame) -> ByteArray:
    """Return the two colours of every face: shape (N, 2, 3).

    The second one is a beard only if it is on both sides of the mouth; else it is the skin once more.
    """
    every = np.arange(len(rgba))
    rows = face.mouth_row[:, None] + np.asarray(BEARD_ROWS)
    on_side = []
    for outward in (1, -1):
        cols = face.mouth_col[:, None] + 1 + outward * np.asarray(BEARD_COLS)
        part = cut_windows(rgba, every, rows, cols)
        alike = color_difference(part, face.second_rgb[:, None, None]) <= OF_FACE
        on_side.append(np.asarray(alike.any(axis=(1, 2))))
    second = np.where((on_side[0] & on_side[1])[:, None], face.second_rgb, face.skin_rgb)
    return np.stack([face.skin_rgb, second], axis=1)


def kinds_of_pixels(palette: Palette, background: BoolArray, face_rgb: ByteArray) -> ByteArray:
    """Return what each pixel may be: bits of `BEHIND`, `INK`, `PLAIN` and `SHADE`, shape (N, 24, 24)."""
    rgb = unpack_rgb(palette.colors)
    kinds = INK * (color_difference(rgb, np.zeros(3, np.uint8)) < BLACK).astype(np.uint8)
    each, of_face = rgb[:, None], face_rgb[:, :, None]
    plain = color_difference(each, of_face) <= OF_FACE
    shade = has_hue_of(each, of_face, SHADE_HUE, SHADE_DEPTH)
    kinds |= PLAIN * plain.any(axis=1).astype(np.uint8) | SHADE * shade.any(axis=1).astype(np.uint8)
    kinds[palette.colors == TRANSPARENT] |= BEHIND
    return palette.of_pixels(kinds) | BEHIND * background.astype(np.uint8)


def free_islands(kinds: ByteArray, face: FaceFrame) -> ByteArray:
    """Return the kinds without the face's colors where they are not connected with the face: (N, 24, 24).

    Wood may have the colour of a dark skin or of a beard; the outline of the head lies between them.
    """
    flesh = ((kinds & (PLAIN | SHADE)) > 0) & (kinds & (BEHIND | INK) == 0)
    index = np.arange(SIDE)
    rows = (index >= face.eye_row[:, None] - 1) & (index <= face.mouth_row[:, None] + 1)
    cols = (index >= face.left_eye_col[:, None]) & (index <= face.right_eye_col[:, None] + 1)
    seed = flesh & rows[:, :, None] & cols[:, None, :]
    apart = flesh & ~mask_of(flood(bits_of(flesh), bits_of(seed)), SIDE)
    near = (index >= face.mouth_row[:, None] - ISLAND_ROWS) & (index <= face.mouth_row[:, None] + ISLAND_ROWS)
    aside = (index < face.left_eye_col[:, None] - 1) | (index > face.right_eye_col[:, None] + 2)
    apart &= near[:, :, None]
    apart = mask_of(flood(bits_of(apart), bits_of(apart & aside[:, None])), SIDE)
    return np.where(apart, np.uint8(0), kinds)
