"""The whites of eyes: a white pixel with an iris beside it, and the same again a few columns on.

Owns what two open eyes look like, wherever they are. Must not know where the face is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.flat_colors import SAME_COLOR, color_difference, cut_boxes
from punkdetect.pixels import Palette, unpack_rgb
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray

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


class Looking(NamedTuple):
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


class EyePairs(NamedTuple):
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


def find_eye_pairs(rgba: ByteArray, palette: Palette, distinct: BoolArray, spacing: int) -> EyePairs:
    """Find pairs of open eyes, wherever they are.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette
        Of the same portraits.
    distinct : ndarray of bool, shape (N, K)
        Colours that stand out of the face.
    spacing : int
        Columns from eye to eye; it may be one more or less.
    """
    rgb = unpack_rgb(palette.colors)
    lowest = rgb.min(axis=-1)
    white_color = (lowest >= WHITE) & (rgb.max(axis=-1) - lowest <= WHITE_SPREAD) & distinct
    portrait = np.flatnonzero(white_color.any(axis=1))
    palette = palette.take(portrait)
    white = palette.of_pixels(white_color[portrait])
    colored = palette.of_pixels(distinct[portrait] & ~white_color[portrait])
    pixels = rgba[portrait]
    alike_down = (color_difference(pixels[:, 1:], pixels[:, :-1]) <= SAME_COLOR).astype(np.int8)
    alike_right = (color_difference(pixels[:, :, 1:], pixels[:, :, :-1]) <= SAME_COLOR).astype(np.int8)
    alike: NDArray[np.int8] = np.zeros(white.shape, np.int8)
    alike[:, 1:] += alike_down
    alike[:, :-1] += alike_down
    to_left, to_right = alike.copy(), alike
    to_left[:, :, 1:] += alike_right
    to_right[:, :, :-1] += alike_right
    # iris and white, white and iris
    few_left, few_right = to_left <= MOST_ALIKE, to_right <= MOST_ALIKE
    first = (colored & few_left)[:, :, :-1] & (white & few_right)[:, :, 1:]
    second = (white & few_left)[:, :, :-1] & (colored & few_right)[:, :, 1:]
    eye = first | second
    iris = np.where(second[..., None], pixels[:, :, 1:], pixels[:, :, :-1])
    alone = np.where(second, to_right[:, :, 1:], to_left[:, :, :-1]) == 0
    eye &= alone | (_count_around(pixels, iris, eye) <= MOST_AROUND)
    surely: dict[int, BoolArray] = {}
    likely: dict[int, BoolArray] = {}
    for columns in range(spacing - 1, spacing + 2):
        one_color = color_difference(iris[:, :, :-columns], iris[:, :, columns:]) <= SAME_COLOR
        for pairs, which in ((likely, eye), (surely, eye & alone)):
            pairs[columns] = np.zeros(white.shape, np.bool_)
            pairs[columns][:, :, : -1 - columns] = one_color & which[:, :, :-columns] & which[:, :, columns:]
    return EyePairs(portrait, surely, likely)


def _count_around(pixels: ByteArray, iris: ByteArray, eye: BoolArray) -> IntArray:
    """Count the pixels of an iris' colour around an eye: a row above and below, two columns to each side."""
    count = np.zeros(eye.shape, np.intp)
    portrait, row, col = np.nonzero(eye)
    around = cut_boxes(pixels, portrait, row - 1, col - 2, 3, 6)
    count[portrait, row, col] = (
        color_difference(around, iris[portrait, row, col][:, None, None]) <= SAME_COLOR
    ).sum(axis=(1, 2))
    return count
