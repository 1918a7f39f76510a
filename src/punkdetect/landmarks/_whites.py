"""The whites of eyes: a white pixel with an iris beside it, and the same again a few columns on.

Owns what two open eyes look like, wherever they are. Must not know where the face is.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import Bits, mask_of
from punkdetect.landmarks.flat_colors import SAME_COLOR, color_difference, cut_boxes
from punkdetect.pixels import Palette, find_pixels
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray
from punkdetect.records import Record

WHITE, WHITE_SPREAD = 205, 30
"""Least channel of the white of an eye, and the most that its channels differ."""

MOST_ALIKE = 1
"""Neighbours of an iris, above, below and away from its white, that may have its colour, and as many of the
white: the lid, or the eye's second row; a lens or a white frame goes on in two or three directions."""

MOST_AROUND = 6
"""Pixels around an eye that may have the colour of an iris with such a neighbour; a dark lens beside its
glint has a dozen."""

MOVES = ((0, 0), (-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (1, 1))
"""Columns that the left and the right eye may be off their usual places, the nearest first. Both may be off
by one, but not one to the left and the other to the right: so far apart are hair and ears."""


class Looking(Record):
    """Where both eyes show their whites; shape (N,) each.

    Parameters
    ----------
    seen : ndarray of bool
        Whether they do.
    eye_row, left_eye, right_eye : ndarray of int
        Upper row of both eyes, and the left column of each.
    """

    seen: BoolArray
    eye_row: IntArray
    left_eye: IntArray
    right_eye: IntArray

    def take(self, which: IntArray) -> Looking:
        """Return those of some faces."""
        return Looking(self.seen[which], self.eye_row[which], self.left_eye[which], self.right_eye[which])


class EyePairs(Record):
    """Pairs of eyes with their white on one side and something else, the iris, on the other.

    Parameters
    ----------
    portrait : ndarray of int, shape (M,)
        Which portraits have any white, in their order.
    surely, likely : dict of int to ndarray of bool, shape (M, 24, 24)
        By the columns from eye to eye, the left pixels of left eyes: where no neighbour of either iris has
        its colour, and where one may have it.
    """

    portrait: IntArray
    surely: dict[int, BoolArray]
    likely: dict[int, BoolArray]

    def near(self, spacing: int) -> BoolArray:
        """Whether there is such a pair at most a column off places so far apart: shape (M, 24, 24)."""
        found = np.zeros((len(self.portrait), SIDE, SIDE), np.bool_)
        for left, right in MOVES:
            here = self.likely[spacing + right - left]
            if left < 0:
                found[:, :, 1:] |= here[:, :, :-1]
            elif left > 0:
                found[:, :, :-1] |= here[:, :, 1:]
            else:
                found |= here
        return found

    def settle(self, row: IntArray, col: IntArray, spacing: int) -> Looking:
        """Find the pair nearest to the usual places.

        Parameters
        ----------
        row, col : ndarray of int, shape (N,)
            Upper left pixel of the left eye; its white is looked for in the row below, and the eye is a row
            lower where it shows it in two.
        spacing : int
            Columns from it to the right one.
        """
        seen, eye_row, left_col, right_col = (
            np.zeros(len(row), np.bool_),
            row.copy(),
            col.copy(),
            col + spacing,
        )
        each, row, col = np.arange(len(self.portrait)), row[self.portrait], col[self.portrait]
        ways = [(pairs, move) for pairs in (self.surely, self.likely) for move in MOVES]
        there = [pairs[spacing + right - left][each, row + 1, col + left] for pairs, (left, right) in ways]
        best = np.argmax(there, axis=0)
        some = np.flatnonzero(np.any(there, axis=0))
        move = np.array([move for _, move in ways])[best[some]]
        portrait = self.portrait[some]
        seen[portrait] = True
        left_col[portrait] += move[:, 0]
        right_col[portrait] += move[:, 1]
        for columns, pairs in self.likely.items():
            here = pairs[some, :, left_col[portrait]]  # (M, 24)
            above, below = (here[np.arange(len(some)), row[some] + step] for step in (0, 2))
            eye_row[portrait] += below & ~above & (right_col - left_col == columns)[portrait]
        return Looking(seen, eye_row, left_col, right_col)


def find_eye_pairs(rgba: ByteArray, palette: Palette, distinct: BoolArray, spacings: range) -> EyePairs:
    """Find pairs of open eyes, wherever they are.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette
        Of the same portraits.
    distinct : ndarray of bool, shape (N, K)
        Colours that stand out of the face.
    spacings : range
        Columns from eye to eye that are looked for.
    """
    channels = [palette.colors >> np.uint32(shift) & np.uint32(0xFF) for shift in (0, 8, 16)]
    lowest, highest = np.minimum.reduce(channels), np.maximum.reduce(channels)
    white_color = (lowest >= WHITE) & (highest - lowest <= WHITE_SPREAD) & distinct
    portrait = np.flatnonzero(white_color.any(axis=1))
    white, colored = palette.take(portrait).bits_with_each(
        white_color[portrait], distinct[portrait] & ~white_color[portrait]
    )
    eyes = _find_eyes(rgba[portrait], white, colored, spacings)
    number = np.full((len(portrait), SIDE, SIDE + spacings.stop), -1)
    number[eyes.item, eyes.row, eyes.col] = np.arange(len(eyes.item))
    surely: dict[int, BoolArray] = {}
    likely: dict[int, BoolArray] = {}
    for columns in spacings:
        other = number[eyes.item, eyes.row, eyes.col + columns]
        left = np.flatnonzero(other >= 0)
        left = left[color_difference(eyes.iris[left], eyes.iris[other[left]]) <= SAME_COLOR]
        alone = left[eyes.alone[left] & eyes.alone[other[left]]]
        for pairs, some in ((likely, left), (surely, alone)):
            pairs[columns] = np.zeros((len(portrait), SIDE, SIDE), np.bool_)
            pairs[columns][eyes.item[some], eyes.row[some], eyes.col[some]] = True
    return EyePairs(portrait, surely, likely)


class _Eyes(Record):
    """M eyes that show their white, each two pixels of a row.

    Parameters
    ----------
    item, row, col : ndarray of int, shape (M,)
        Portrait, and place of the left pixel.
    iris : ndarray of uint8, shape (M, 4)
        Its colour.
    alone : ndarray of bool, shape (M,)
        Whether none of the three pixels above, below and beside the iris has its colour.
    """

    item: IntArray
    row: IntArray
    col: IntArray
    iris: ByteArray
    alone: BoolArray


def _find_eyes(pixels: ByteArray, white: Bits, colored: Bits, spacings: range) -> _Eyes:
    """Find eyes that show their white, if there is another so many columns beside them.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (N, 24, 24, 4)
    white, colored : ndarray of uint32, shape (N, 24)
        White pixels, and others that stand out of the face.
    spacings : range
    """
    one = np.uint32(1)
    # iris and white, white and iris: their left pixels
    iris_first = colored & white >> one
    eye = iris_first | (white & colored >> one)
    # whites of shirts and hats mostly have no other one beside them
    paired: Bits = eye & np.bitwise_or.reduce(
        [eye >> np.uint32(apart) | eye << np.uint32(apart) for apart in spacings]
    )
    item, row, col = find_pixels(mask_of(paired, SIDE))
    first = (iris_first[item, row] >> col.astype(np.uint32) & one) > 0
    around = cut_boxes(pixels, item, row - 1, col - 2, 3, 6)
    iris = np.where(first[:, None], around[:, 1, 2], around[:, 1, 3])
    left, right = (_count_alike(around, row, col, at, outwards) for at, outwards in ((2, -1), (3, 1)))
    alone = np.where(first, left, right) == 0
    in_color = (color_difference(around, iris[:, None, None]) <= SAME_COLOR).sum(axis=(1, 2))
    few = (left <= MOST_ALIKE) & (right <= MOST_ALIKE) & (alone | (in_color <= MOST_AROUND))
    some = np.flatnonzero(few)
    return _Eyes(item[some], row[some], col[some], iris[some], alone[some])


def _count_alike(around: ByteArray, row: IntArray, col: IntArray, at: int, outwards: int) -> IntArray:
    """Count the pixels above, below and beside one pixel of each eye that have its colour: shape (M,).

    `around` is what lies around the eyes, shape (M, 3, 6, 4); `at` is the pixel's column in it.
    """
    alike = np.zeros(len(around), np.intp)
    for down, right in ((-1, 0), (1, 0), (0, outwards)):
        there_row, there_col = row + down, col + at - 2 + right
        inside = (there_row >= 0) & (there_row < SIDE) & (there_col >= 0) & (there_col < SIDE)
        other = around[:, 1 + down, at + right]
        alike += inside & (color_difference(around[:, 1, at], other) <= SAME_COLOR)
    return alike
