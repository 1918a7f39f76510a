"""Lips under an edge, though a thing touches them: what goggles, a cigar or a corner leave of a mouth to see.

Owns the search for lips of which one end is seen. Must not know why they are looked for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from punkdetect.landmarks._cover import PAPER, RED_LIPS, is_cloth_color
from punkdetect.landmarks._lost_lips import COLS, DARK_SKIN, DARKER, REDDER, WIDTHS
from punkdetect.landmarks._mouth_row import redness_and_darkness
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import BLACK, DARK_LINE, SAME_COLOR, color_difference, cut_windows
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, IntArray

ROWS = 6
"""Rows from the first one in which lips may be."""

MIDDLES = (0.5, 6.5)
"""Columns from the left eye between which the middle of a mouth lies: goggles may mislead by a column."""

THROAT_ROWS, THROAT_COLS, IN_THROAT = slice(20, 24), slice(8, 16), 3
"""Where a neck shows under any head, and pixels there from which a colour is that of skin, however odd."""

UNDER_MASK = 10
"""Rows from the eyes under which no mask reaches."""

FOREHEAD_ROWS, FOREHEAD_COLS, IN_FOREHEAD = range(-6, -1), range(7), 3
"""Rows and columns from the left eye where the skin shows, and pixels there from which a colour is skin, no
lips; so many are black hair, where lips may be black."""

NO_LIPS = -1000
"""Redness that stands for the lips themselves among what is around them: corners are of their colour."""


class LipsBelow(NamedTuple):
    """Lips of some portraits, shape (M,) each; -1 where there are none.

    Parameters
    ----------
    row, col : ndarray of int, shape (M,)
        Their row, and the first of the three columns that every bar covers.
    elsewhere : ndarray of int, shape (M,)
        Pixels of their colour in the rows that were looked at, away from them.
    in_ink : ndarray of bool, shape (M,)
        Whether they are as dark as an outline.
    """

    row: IntArray
    col: IntArray
    elsewhere: IntArray
    in_ink: BoolArray


def find_lips_below(rgba: ByteArray, face: FaceFrame, item: IntArray, first: IntArray) -> LipsBelow:
    """Find the reddest bar below an edge, of some portraits.

    It is of one colour, and its neighbours in the row are of others. One of them is the face, which goes on
    above and below; the other may be what is held. Or all around it is less red by far, as in the shades of
    a checkered beard.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
        Of the same N portraits.
    item : ndarray of int, shape (M,)
    first : ndarray of int, shape (M,)
        The first row that lips may have.
    """
    n = len(item)
    rows, cols = first[:, None] - 1 + np.arange(ROWS + 2), face.left_eye_col[item, None] + np.asarray(COLS)
    part = cut_windows(rgba, item, rows, cols)
    same = color_difference(part[:, :, 1:], part[:, :, :-1]) <= SAME_COLOR
    no_face = is_cloth_color(part, PAPER) & ~_is_in_throat(rgba, face, item, part)
    no_face |= part[..., :3].sum(axis=-1, dtype=np.intp) <= BLACK
    inside = (rows[:, 1:-1] >= 0) & (rows[:, 1:-1] < SIDE - 1)
    best, width_of = np.zeros(n, np.intp), np.zeros(n, np.intp)
    row, col = np.full(n, NOT_FOUND), np.full(n, NOT_FOUND)
    for width in WIDTHS:
        for start in range(1, len(COLS) - width):
            if not MIDDLES[0] <= start + (width - 1) / 2 + COLS.start <= MIDDLES[1]:
                continue
            end = start + width
            bar = same[:, 1:-1, start : end - 1].all(axis=2) & inside
            bar &= ~same[:, 1:-1, start - 1] & ~same[:, 1:-1, end - 1]
            each, at = np.nonzero(bar)
            if not len(each):
                continue
            score = np.zeros(bar.shape, np.intp)
            score[each, at] = _score_bars(part, no_face, each, at + 1, slice(start, end))
            which = score.argmax(axis=1)
            found = np.flatnonzero(score.max(axis=1) > best)
            best[found] = score[found, which[found]]
            row[found] = rows[found, 1 + which[found]]
            col[found], width_of[found] = cols[found, start], width
    color = rgba[item, np.clip(row, 0, None), np.clip(col, 0, SIDE - 1)]
    in_ink = np.asarray(color[:, :3].sum(axis=1, dtype=np.intp) <= DARK_LINE)
    row[~in_ink & _is_skin(rgba, face, item, color)] = NOT_FOUND
    alike = color_difference(part, color[:, None, None]) <= SAME_COLOR
    near_row = np.abs(rows - row[:, None]) <= 1
    near_col = (cols >= col[:, None] - 1) & (cols <= (col + width_of)[:, None])
    elsewhere = (alike & ~(near_row[:, :, None] & near_col[:, None])).sum(axis=(1, 2))
    col = np.where(row != NOT_FOUND, col + width_of // 2 - 1, NOT_FOUND)
    return LipsBelow(row, col, elsewhere, in_ink)


def _score_bars(part: ByteArray, no_face: BoolArray, each: IntArray, at: IntArray, bar: slice) -> IntArray:
    """Return how much redder or darker than the face some bars are, (B,); 0 for what are no lips.

    Parameters
    ----------
    part : ndarray of uint8, shape (M, R, C, 4)
    no_face : ndarray of bool, shape (M, R, C)
        Pixels of a colour that no face has.
    each, at : ndarray of int, shape (B,)
        Which windows, and the rows of the bars in them.
    bar : slice
        Their columns.
    """
    lip = part[each, at, (bar.start + bar.stop) // 2]
    above, below = part[each, at - 1, bar], part[each, at + 1, bar]
    red, dark = redness_and_darkness(lip)
    score = np.zeros(len(each), np.intp)
    pale = np.zeros(len(each), bool)
    for beside in (bar.start - 1, bar.stop):
        ground, dyed = part[each, at, beside], no_face[each, at, beside]
        ground_red, ground_dark = redness_and_darkness(ground)
        lips = ~dyed & (
            (red - ground_red >= REDDER) | (dark - ground_dark >= DARKER) & (-ground_dark >= DARK_SKIN)
        )
        for other in (above, below):
            lips &= (color_difference(ground[:, None], other) <= SAME_COLOR).any(axis=1)
        score = np.maximum(score, np.where(lips, np.maximum(red - ground_red, dark - ground_dark), 0))
        pale |= dyed
    ends = part[each, at, bar.start - 1, None], part[each, at, bar.stop, None]
    around = np.concatenate([*ends, above, below], axis=1)
    of_lips = color_difference(around, lip[:, None]) <= SAME_COLOR
    redder = red - np.where(of_lips, NO_LIPS, redness_and_darkness(around)[0]).max(axis=1)
    return np.maximum(score, np.where((redder >= RED_LIPS) & ~pale, redder, 0))


def _is_in_throat(rgba: ByteArray, face: FaceFrame, item: IntArray, part: ByteArray) -> BoolArray:
    """Tell which pixels of some windows have a colour of the throat: shape (M, R, C)."""
    throat = rgba[item, THROAT_ROWS, THROAT_COLS]
    throat = throat.reshape(len(item), throat.shape[1] * throat.shape[2], 4)
    rows = np.repeat(np.arange(SIDE)[THROAT_ROWS], THROAT_COLS.stop - THROAT_COLS.start)
    alike = color_difference(part[:, :, :, None], throat[:, None, None]) <= SAME_COLOR
    alike &= (rows >= face.eye_row[item, None] + UNDER_MASK)[:, None, None]
    return np.asarray(alike.sum(axis=3) >= IN_THROAT)


def _is_skin(rgba: ByteArray, face: FaceFrame, item: IntArray, color: ByteArray) -> BoolArray:
    """Tell which colours the forehead has: shape (M,)."""
    rows, cols = face.eye_row[item, None] + FOREHEAD_ROWS, face.left_eye_col[item, None] + FOREHEAD_COLS
    alike = color_difference(cut_windows(rgba, item, rows, cols), color[:, None, None]) <= SAME_COLOR
    return np.asarray(alike.sum(axis=(1, 2)) >= IN_FOREHEAD)
