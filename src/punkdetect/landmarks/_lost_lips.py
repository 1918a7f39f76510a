"""Lips of faces whose place was mistaken: goggles hide eyes and nose, the mouth is not where it should be.

Owns the search for lips anywhere under the eyes. Must not know why none were found at their place.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks._cover import PAPER, RED_LIPS, is_cloth_color
from punkdetect.landmarks._mouth_row import redness_and_darkness
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import DARK_LINE, SAME_COLOR, color_difference, cut_windows
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


THROAT_ROWS, THROAT_COLS, IN_THROAT = slice(20, 24), slice(8, 16), 3
"""Where a neck shows under any head, and pixels there from which a colour is that of skin, however odd."""

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
    throat = rgba[item, THROAT_ROWS, THROAT_COLS].reshape(n, 32, 4)
    in_throat = color_difference(part[:, :, :, None], throat[:, None, None]) <= SAME_COLOR
    cloth = is_cloth_color(part, PAPER) & (in_throat.sum(axis=3) < IN_THROAT)
    best = np.zeros(n, np.intp)
    row, col, width_of = np.full(n, NOT_FOUND), np.full(n, NOT_FOUND), np.zeros(n, np.intp)
    inner = slice(1, -1)
    in_rows = (rows[:, inner] >= 0) & (rows[:, inner] < rgba.shape[1] - 1)
    for width in WIDTHS:
        for start in range(1, len(COLS) - width):
            if not NEAR_MIDDLES[0] <= start + (width - 1) / 2 + COLS.start <= NEAR_MIDDLES[1]:
                continue
            middle, end = start + width // 2, start + width
            bar = same[:, inner, start : end - 1].all(axis=2) & in_rows
            bar &= ~same[:, inner, start - 1] & ~same[:, inner, end - 1]
            where = np.nonzero(bar)
            if not len(where[0]):
                continue
            each, at = where[0], where[1] + 1
            lip = part[each, at, middle]
            sides = part[each, at, start - 1], part[each, at, end]
            beyond = part[each, at - 1, start:end], part[each, at + 1, start:end]
            score = np.zeros(len(each), np.intp)
            for ground, dyed in zip(sides, (cloth[each, at, start - 1], cloth[each, at, end]), strict=True):
                above, below = ((color_difference(ground[:, None], part) <= SAME_COLOR).any(axis=1) for part in beyond)
                redder, darker = (
                    a - b for a, b in zip(redness_and_darkness(lip), redness_and_darkness(ground), strict=True)
                )
                lips = ~dyed & below & above
                bright = ground[:, :3].sum(axis=1, dtype=np.intp) >= DARK_SKIN
                lips &= (redder >= REDDER) | ((darker >= DARKER) & bright)
                score = np.maximum(score, np.where(lips, np.maximum(redder, darker), 0))
            around = np.concatenate([sides[0][:, None], sides[1][:, None], *beyond], axis=1)
            less_red, _ = redness_and_darkness(around)
            redder = redness_and_darkness(lip)[0] - np.where(
                color_difference(around, lip[:, None]) <= SAME_COLOR, -999, less_red
            ).max(axis=1)
            pale = cloth[each, at, start - 1] | cloth[each, at, end]
            score = np.maximum(score, np.where((redder >= RED_LIPS) & ~pale, redder, 0))
            table = np.zeros(bar.shape, np.intp)
            table[where] = score
            which = table.argmax(axis=1)
            found = np.flatnonzero(table.max(axis=1) > best)
            best[found] = table[found, which[found]]
            row[found] = rows[found, 1 + which[found]]
            col[found], width_of[found] = cols[found, start], width
    color = rgba[item, np.clip(row, 0, None), np.clip(col, 0, None)]
    up = cut_windows(rgba, item, face.eye_row[item, None] + np.arange(-6, -1), face.left_eye_col[item, None] + np.arange(7))
    of_skin = (color_difference(up, color[:, None, None]) <= SAME_COLOR).sum(axis=(1, 2)) >= 3
    of_skin &= color[:, :3].sum(axis=1, dtype=np.intp) > DARK_LINE
    row = np.where(of_skin, NOT_FOUND, row)
    alike = color_difference(part, color[:, None, None]) <= SAME_COLOR
    near = (np.abs(rows - row[:, None]) <= 1)[:, :, None]
    near = near & ((cols >= col[:, None] - 1) & (cols <= (col + width_of)[:, None]))[:, None]
    return row, np.where(row != NOT_FOUND, col + width_of // 2 - 1, NOT_FOUND), (alike & ~near).sum(axis=(1, 2))
