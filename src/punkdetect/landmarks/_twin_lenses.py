"""Where the eyes are behind lenses: artists draw a lens once and put it over both eyes.

Owns the distance of eyes that something is worn over. Must not know what is worn.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks._placement import EYE_SPACING
from punkdetect.landmarks.flat_colors import DISTINCT, SAME_COLOR, color_difference, cut_boxes
from punkdetect.punks import BoolArray, ByteArray, IntArray

LIKE_LENSES, MORE_ALIKE = 13, 3
"""Pixels of 16 that two lenses must have alike to tell where the eyes are, and how many more than at the
usual distance: artists draw a lens once and put it over both eyes, so most repeat in 15 or 16."""

NEARLY_ALL = 11
"""Pixels of 12 that two plain lenses without their outer sides must have alike."""

MOVES = ((0, 0), (0, -1), (0, 1), (-1, 0), (1, 0))
"""Columns that the left and the right eye may be off their usual places; the first wins where all are
alike."""

SAME_DISTANCE = ((1, 4), (4, 1), (2, 3), (3, 2))
"""Pairs of moves that leave the eyes equally far apart."""


def settle_lenses(rgba: ByteArray, eye_row: IntArray, eye_col: IntArray) -> tuple[IntArray, IntArray]:
    """Return the columns of eyes that something is worn over, a pixel nearer or further where it shows.

    Edges say nothing there, but a lens with its rim and the eye or the glint in it comes twice. Lenses
    without anything in them could be cut anywhere and are left at the usual distance.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    eye_row, eye_col : ndarray of int, shape (N,)

    Returns
    -------
    left_eye_col, right_eye_col : ndarray of int, shape (N,)
    """
    each = np.arange(len(rgba))
    # both eyes may be moved by a pixel: two lenses of 4x4, rim to rim, cut from one window
    band = cut_boxes(rgba, each, eye_row - 1, eye_col - 2, 4, EYE_SPACING + 6)
    whole = np.zeros((len(MOVES), len(rgba)), np.int16)
    within, plain = np.zeros((2, len(MOVES), len(rgba)), np.bool_)
    for move, (left, right) in enumerate(MOVES):
        one = band[:, :, 1 + left : 5 + left]
        other = band[:, :, 1 + EYE_SPACING + right : 5 + EYE_SPACING + right]
        alike = color_difference(one, other) <= SAME_COLOR
        differ = color_difference(one[:, 1:, 1], one[:, 1:, 2]) >= DISTINCT
        within[move] = (differ & alike[:, 1:, 1] & alike[:, 1:, 2]).any(axis=1)
        # over eyes of one pixel lenses have three columns, all of which repeat
        narrow = alike[:, :, 1:].all(axis=(1, 2)) | alike[:, :, :3].all(axis=(1, 2))
        count = np.maximum(alike.sum(axis=(1, 2)), LIKE_LENSES * narrow)
        whole[move] = np.where(within[move], count, 0)
        # the outline may cut the right lens, so its outer side does not count
        even = (color_difference(one[:, :, 0], one[:, :, 3]) <= SAME_COLOR).all(axis=1)
        plain[move] = even & ~within[move] & (alike[:, :, :3].sum(axis=(1, 2)) >= NEARLY_ALL)
    best = whole.argmax(axis=0)
    most = whole[best, each]
    best = np.where((most >= LIKE_LENSES) & (most >= whole[0] + MORE_ALIKE), best, 0)
    # what seemed a lens with something in it may be the edge of a plain one beside it
    for move, beside in SAME_DISTANCE:
        best = np.where((best == move) & plain[beside], beside, best)
    left_move, right_move = np.array(MOVES)[best].T
    return eye_col + left_move, eye_col + EYE_SPACING + right_move


def has_low_bridge(
    rgba: ByteArray, skin: ByteArray, eye_row: IntArray, left_eye: IntArray, right_eye: IntArray
) -> BoolArray:
    """Whether a bridge spans the nose right under what was taken for the eyes: shape (N,).

    Then they are a row lower. Over the bridge there is skin; below it a mask or a grille would go on.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    skin : ndarray of uint8, shape (N, 3)
    eye_row, left_eye, right_eye : ndarray of int, shape (N,)
    """
    each = np.arange(len(rgba))
    left, right = (
        color_difference(cut_boxes(rgba, each, eye_row, col, 6, 3), skin[:, None, None]) >= DISTINCT
        for col in (left_eye + 1, right_eye - 2)
    )
    bridge, lower, lowest = (left[:, row].all(axis=1) & right[:, row].all(axis=1) for row in (2, 4, 5))
    over, under = left[:, 1, 2] & right[:, 1, 0], left[:, 3, 2] | right[:, 3, 0]
    # tall rims beside the nose cover a row as well
    return np.asarray(bridge & ~lowest & ~over & (under | ~lower))
