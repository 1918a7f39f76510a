"""Lips of faces whose place was mistaken: goggles hide eyes and nose, the mouth is not where it should be.

Owns the search for lips anywhere under the eyes. Must not know why none were found at their place.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks._cover import PAPER, is_cloth_color
from punkdetect.landmarks._mouth_row import redness_and_darkness
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import SAME_COLOR, color_difference, cut_windows
from punkdetect.punks import NOT_FOUND, ByteArray, IntArray

ROWS, COLS = range(2, 12), range(-2, 10)
"""Rows and columns from the left eye in which lips may be, with one more on each side."""

WIDTHS = (3, 4, 5)
"""Columns of a mouth: noses and brows have two."""

MIDDLES = (1.5, 6.5)
"""Columns from the left eye between which the middle of a mouth lies."""

NEAR_MIDDLES = (0.5, 6.5)
"""The same where the eyes themselves may be mistaken by a column."""

REDDER, DARKER, DARK_SKIN = 30, 60, 150
"""How much redder lips are than the face at least (2R-G-B), or how much darker, on a face that is not black
itself (sum of the channels)."""


def find_lost_lips(rgba: ByteArray, face: FaceFrame, item: IntArray) -> tuple[IntArray, IntArray]:
    """Return row and first column of the reddest bar on one flat colour, of some portraits: (M,) each.

    Of three to five columns, with that colour at both ends, above and below; -1 where there is none.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
        Of the same N portraits.
    item : ndarray of int, shape (M,)
    """
    rows, cols = face.eye_row[item, None] + np.asarray(ROWS), face.left_eye_col[item, None] + np.asarray(COLS)
    part = cut_windows(rgba, item, rows, cols)
    same = color_difference(part[:, :, 1:], part[:, :, :-1]) <= SAME_COLOR
    redness, darkness = redness_and_darkness(part)
    cloth = is_cloth_color(part, PAPER)
    best = np.zeros(len(item), np.intp)
    row, col = np.full(len(item), NOT_FOUND), np.full(len(item), NOT_FOUND)
    for width in WIDTHS:
        for first in range(1, len(COLS) - width):
            middle = first + width // 2
            if not MIDDLES[0] <= first + (width - 1) / 2 + COLS.start <= MIDDLES[1]:
                continue
            ground, bar = part[:, 1:-1, first - 1], slice(first, first + width - 1)
            lips = same[:, 1:-1, bar].all(axis=2) & ~cloth[:, 1:-1, first - 1]
            for other in (part[:, 1:-1, first + width], part[:, :-2, middle], part[:, 2:, middle]):
                lips &= color_difference(ground, other) <= SAME_COLOR
            redder = redness[:, 1:-1, middle] - redness[:, 1:-1, first - 1]
            darker = darkness[:, 1:-1, middle] - darkness[:, 1:-1, first - 1]
            lips &= (redder >= REDDER) | ((darker >= DARKER) & (-darkness[:, 1:-1, first - 1] >= DARK_SKIN))
            lips &= (rows[:, 1:-1] >= 0) & (rows[:, 1:-1] < rgba.shape[1])
            score = np.where(lips, np.maximum(redder, darker), 0)
            which = score.argmax(axis=1)
            found = np.flatnonzero(score.max(axis=1) > best)
            best[found] = score[found, which[found]]
            row[found] = rows[found, 1 + which[found]]
            # the three columns that every bar covers are its middle ones
            col[found] = cols[found, middle - 1]
    return row, col


BELOW = 6
"""Rows from the first one in which lips below an edge may be."""


def find_lips_below(
    rgba: ByteArray, face: FaceFrame, item: IntArray, first: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return row and first column of the reddest bar below an edge, of some portraits, though a thing touches it.

    One of its ends, and some of what is above and below, has the colour of the face; the other end may be
    what is held or a corner, but not its own colour.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
        Of the same N portraits.
    item : ndarray of int, shape (M,)
    first : ndarray of int, shape (M,)
        The first row that lips may have.

    Returns
    -------
    row, col : ndarray of int, shape (M,)
        -1 where there is none.
    pixels : ndarray of int, shape (M,)
        Pixels of the colour of the lips in those rows, away from them.
    """
    n = len(item)
    rows, cols = first[:, None] - 1 + np.arange(BELOW + 2), face.left_eye_col[item, None] + np.asarray(COLS)
    part = cut_windows(rgba, item, rows, cols)
    same = color_difference(part[:, :, 1:], part[:, :, :-1]) <= SAME_COLOR
    redness, darkness = redness_and_darkness(part)
    cloth = is_cloth_color(part, PAPER)
    best = np.zeros(n, np.intp)
    row, col, width_of = np.full(n, NOT_FOUND), np.full(n, NOT_FOUND), np.zeros(n, np.intp)
    inner = slice(1, -1)
    for width in WIDTHS:
        for start in range(1, len(COLS) - width):
            if not NEAR_MIDDLES[0] <= start + (width - 1) / 2 + COLS.start <= NEAR_MIDDLES[1]:
                continue
            middle, end = start + width // 2, start + width
            bar = same[:, inner, start : end - 1].all(axis=2)
            closed = ~same[:, inner, start - 1] & ~same[:, inner, end - 1]
            for beside in (start - 1, end):
                ground = part[:, inner, beside]
                lips = bar & closed & ~cloth[:, inner, beside]
                for other in (part[:, :-2, start:end], part[:, 2:, start:end]):
                    lips &= (color_difference(ground[:, :, None], other) <= SAME_COLOR).any(axis=2)
                redder = redness[:, inner, middle] - redness[:, inner, beside]
                darker = darkness[:, inner, middle] - darkness[:, inner, beside]
                lips &= (redder >= REDDER) | ((darker >= DARKER) & (-darkness[:, inner, beside] >= DARK_SKIN))
                lips &= (rows[:, inner] >= 0) & (rows[:, inner] < rgba.shape[1] - 1)
                score = np.where(lips, np.maximum(redder, darker), 0)
                which = score.argmax(axis=1)
                found = np.flatnonzero(score.max(axis=1) > best)
                best[found] = score[found, which[found]]
                row[found] = rows[found, 1 + which[found]]
                col[found], width_of[found] = cols[found, start], width
    each = np.arange(n)
    color = rgba[item, np.clip(row, 0, None), np.clip(col, 0, None)]
    alike = color_difference(part, color[:, None, None]) <= SAME_COLOR
    near = (np.abs(rows - row[:, None]) <= 1)[:, :, None]
    near = near & ((cols >= col[:, None] - 1) & (cols <= (col + width_of)[:, None]))[:, None]
    return row, np.where(row != NOT_FOUND, col + width_of // 2 - 1, NOT_FOUND), (alike & ~near).sum(axis=(1, 2))
