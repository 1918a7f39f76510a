"""One lens over both eyes with a frame all around it: goggles, visors and screens.

Owns the search for that frame. Needs no skin colour: behind such a lens a face may show little of its own.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks.eye_band import COVERED, FLAT
from punkdetect.landmarks.face import EYE_SPACING, FaceFrame, color_difference
from punkdetect.landmarks.flat_colors import DISTINCT
from punkdetect.punks import BoolArray, ByteArray

ROWS = range(-2, 8)
"""Rows looked at, relative to the eyes: large goggles hide them, so that they are found some rows too
high."""

TOPS, HEIGHTS = range(-2, 3), range(2, 6)
"""Row of the upper rim, and rows from there to the lower one."""

BESIDE = 4
"""Columns that a lens may reach beyond the eyes."""

CLOSED_ROWS = range(-4, 8)
"""Rows looked at for a frame that is closed, as goggles worn over a brow may reach higher."""

ELSEWHERE = 3
"""Pixels outside of the lens from which on its colour is that of the skin, however the face was read."""


def find_wide_lens(rgba: ByteArray, face: FaceFrame, skin_rgb: ByteArray) -> BoolArray:
    """Whether one colour frames a single lens from eye to eye: shape (N,).

    Above it the frame goes from eye to eye, and below both eyes; over the nose it may leave a notch. Between
    the eyes there is neither frame nor skin: another colour than the skin's, or one that occurs nowhere else.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
    skin_rgb : ndarray of uint8, shape (N, 3)
    """
    around = face.crop(rgba, ROWS, range(-BESIDE, EYE_SPACING + 2 + BESIDE))
    part = around[:, :, BESIDE:-BESIDE]
    middle = EYE_SPACING // 2 + 1
    corners = [0, 1, EYE_SPACING, EYE_SPACING + 1]
    bare = color_difference(part[:, :, middle], skin_rgb[:, None]) < COVERED
    flat = np.asarray((color_difference(part, part[:, :, middle : middle + 1]) <= FLAT).all(axis=2))
    found = np.zeros(len(rgba), np.bool_)
    for top in range(TOPS.start - ROWS.start, TOPS.stop - ROWS.start):
        rimmed = np.flatnonzero(flat[:, top] & ~bare[:, top])
        below_rim = part[rimmed, top:]
        frame = below_rim[:, 0, middle]
        for height in HEIGHTS:
            # in the last row there may be a notch for the nose
            over_nose = slice(1, max(height - 1, 2))
            ends = color_difference(below_rim[:, height, corners], frame[:, None]) <= FLAT
            between = color_difference(below_rim[:, over_nose, 2:EYE_SPACING], frame[:, None, None])
            framed = np.flatnonzero(ends.all(axis=1) & (between >= DISTINCT).all(axis=(1, 2)))
            some = rimmed[framed]
            lens = around[some, top + 1 : top + height]
            seen = below_rim[framed, over_nose, middle]
            rows = slice(top + over_nose.start, top + over_nose.stop)
            unlike_skin = ~bare[some, rows].any(axis=1)
            elsewhere = [
                (color_difference(rgba[some], color) < COVERED).sum(axis=(1, 2))
                - (color_difference(lens, color) < COVERED).sum(axis=(1, 2))
                for color in (seen[:, row, None, None] for row in range(seen.shape[1]))
            ]
            found[some] |= unlike_skin | (np.max(elsewhere, axis=0) < ELSEWHERE)
    return found


def find_closed_frame(rgba: ByteArray, face: FaceFrame, skin_rgb: ByteArray) -> BoolArray:
    """Whether one line of one colour goes all around both eyes, as the frame of clear goggles does: (N,).

    Nothing of it is between the eyes, and beyond the line above and below there is something else.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
    skin_rgb : ndarray of uint8, shape (N, 3)
    """
    around = face.crop(rgba, CLOSED_ROWS, range(-BESIDE, EYE_SPACING + 2 + BESIDE))
    middle = BESIDE + EYE_SPACING // 2 + 1
    found = np.zeros(len(rgba), np.bool_)
    for top in range(1, len(CLOSED_ROWS) - HEIGHTS.stop):
        color = around[:, top, middle]
        rows = around[:, top - 1 : top + 1, BESIDE:-BESIDE]
        across = np.asarray((color_difference(rows, color[:, None, None]) <= FLAT).all(axis=2))
        begins = (color_difference(color, skin_rgb) >= COVERED) & across[:, 1] & ~across[:, 0]
        some = np.flatnonzero(begins)
        line = color_difference(around[some, top:], color[some, None, None]) <= FLAT
        across = np.asarray(line[:, :, BESIDE:-BESIDE].all(axis=2))
        for height in HEIGHTS:
            inside = line[:, 1:height]
            sides = [inside[:, :, BESIDE - 2 : BESIDE], inside[:, :, -BESIDE : 2 - BESIDE]]
            closed = np.all([np.asarray(side.any(axis=2)).all(axis=1) for side in sides], axis=0)
            between = inside[:, :, middle - 1 : middle + 2].any(axis=(1, 2))
            found[some] |= across[:, height] & ~across[:, height + 1] & closed & ~between
    return found
