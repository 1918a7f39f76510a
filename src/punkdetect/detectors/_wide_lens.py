"""One lens over both eyes with a frame all around it: goggles, visors and screens.

Owns the search for that frame. Needs no skin colour: behind such a lens a face shows little of its own.
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
        frame = part[:, top, middle]
        rims = flat[:, top] & ~bare[:, top]
        for height in HEIGHTS:
            lens = slice(top + 1, top + height)
            below = color_difference(part[:, top + height, corners], frame[:, None]) <= FLAT
            # in the last row there may be a notch for the nose
            over_nose = slice(top + 1, max(top + height - 1, top + 2))
            between = color_difference(part[:, over_nose, 2:EYE_SPACING], frame[:, None, None]) >= DISTINCT
            framed = rims & below.all(axis=1) & between.all(axis=(1, 2))
            some = np.flatnonzero(framed)
            if not len(some):
                continue
            seen = part[some, over_nose, middle]
            alike = [
                (color_difference(rgba[some], seen[:, row, None, None]) < COVERED).sum(axis=(1, 2))
                - (color_difference(around[some, lens], seen[:, row, None, None]) < COVERED).sum(axis=(1, 2))
                for row in range(seen.shape[1])
            ]
            unlike_skin = ~bare[some, over_nose].any(axis=1) | (np.max(alike, axis=0) < ELSEWHERE)
            found[some] |= unlike_skin
    return found
