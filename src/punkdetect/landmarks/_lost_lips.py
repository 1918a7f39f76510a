"""Lips of faces whose place was mistaken: goggles hide eyes and nose, the mouth is not where it should be.

Owns the search for lips anywhere under the eyes. Must not know why none were found at their place.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks._cover import PAPER, is_cloth_color
from punkdetect.landmarks._mouth_row import redness_and_darkness
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import BLACK, SAME_COLOR, color_difference, cut_windows
from punkdetect.punks import NOT_FOUND, ByteArray, IntArray

ROWS, COLS = range(2, 12), range(-2, 10)
"""Rows and columns from the left eye in which lips may be, with one more on each side."""

WIDTHS = (3, 4, 5)
"""Columns of a mouth: noses and brows have two."""

MIDDLES = (1.5, 6.5)
"""Columns from the left eye between which the middle of a mouth lies."""

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
    no_face = is_cloth_color(part, PAPER) | (part[..., :3].sum(axis=-1, dtype=np.intp) <= BLACK)
    best = np.zeros(len(item), np.intp)
    row, col = np.full(len(item), NOT_FOUND), np.full(len(item), NOT_FOUND)
    for width in WIDTHS:
        for first in range(1, len(COLS) - width):
            middle = first + width // 2
            if not MIDDLES[0] <= first + (width - 1) / 2 + COLS.start <= MIDDLES[1]:
                continue
            ground, bar = part[:, 1:-1, first - 1], slice(first, first + width - 1)
            lips = same[:, 1:-1, bar].all(axis=2) & ~no_face[:, 1:-1, first - 1]
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
