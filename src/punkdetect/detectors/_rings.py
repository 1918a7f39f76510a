"""Rims around both eyes: glasses whatever their bridge is like.

Owns the search for two rings of one colour. Needs no bridge: round lenses may share a rim, or meet in a
pixel.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks.eye_band import COVERED, FLAT, from_right_eye
from punkdetect.landmarks.face import EYE_SPACING, FaceFrame, color_difference
from punkdetect.landmarks.flat_colors import DISTINCT
from punkdetect.punks import BoolArray, ByteArray

ROWS, COLS = range(-3, 4), range(-2, 5)
"""What is looked at around each eye, relative to its upper left pixel."""

TOPS, BOTTOMS = (-3, -2, -1, 0), (1, 2, 3)
"""Rows of the upper and of the lower rim."""

LEAST_HEIGHT, MOST_HEIGHT = 2, 4
"""Rows between the rims: in a single one the lid over an eye might look like the side of a rim."""


def find_rings(rgba: ByteArray, face: FaceFrame, skin_rgb: ByteArray) -> tuple[BoolArray, BoolArray]:
    """Find rims of one colour over, under and on one side of both eyes, at the same places.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
    skin_rgb : ndarray of uint8, shape (N, 3)

    Returns
    -------
    found, see_through : ndarray of bool, shape (N,)
        Whether there are such rims, and whether there is skin or an eye in both: pupil or white beside an
        iris.
    """
    eyes = np.stack(
        [
            face.crop(rgba, ROWS, COLS),
            from_right_eye(face).crop(rgba, ROWS, range(COLS.start + EYE_SPACING, COLS.stop + EYE_SPACING)),
        ],
        axis=1,
    )  # (N, 2, 7, 7, 4)
    stands_out = color_difference(eyes, skin_rgb[:, None, None, None]) >= COVERED
    found, see_through = np.zeros(len(rgba), np.bool_), np.zeros(len(rgba), np.bool_)
    first = -COLS.start
    for bottom in (row - ROWS.start for row in BOTTOMS):
        lower = eyes[:, :, bottom, first : first + 2]
        rimmed = (color_difference(lower, lower[:, :1, :1]) <= FLAT).all(axis=(1, 2))
        some = np.flatnonzero(rimmed & stands_out[:, :, bottom, first : first + 2].all(axis=(1, 2)))
        part, covered = eyes[some], stands_out[some]
        rim = (color_difference(part, part[:, :1, bottom : bottom + 1, first : first + 1]) <= FLAT) & covered
        # without an upper rim: both sides of one lens at least, and the same side of the other
        sides = np.asarray(rim[:, :, bottom - 2 : bottom].all(axis=2))
        beside = [first - 2, first - 1, first + 2, first + 3]
        left, right = sides[:, :, beside[:2]].any(axis=2), sides[:, :, beside[2:]].any(axis=2)
        lens = part[:, :, bottom - 2 : bottom, first : first + 2]
        inside = ~rim[:, :, bottom - 2 : bottom, first : first + 2].any(axis=(2, 3))
        held = (left & right).any(axis=1) & sides[:, :, beside].all(axis=1).any(axis=1) & inside.all(axis=1)
        eye = (color_difference(lens[:, :, :, 0], lens[:, :, :, 1]) >= DISTINCT).any(axis=2).all(axis=1)
        found[some] |= held & eye
        see_through[some] |= held & eye
        for top in (row - ROWS.start for row in TOPS):
            if not LEAST_HEIGHT <= bottom - top - 1 <= MOST_HEIGHT:
                continue
            across = rim[:, :, top, first : first + 2].all(axis=(1, 2))
            sides = np.asarray(rim[:, :, top + 1 : bottom].all(axis=(1, 2)))
            inside = ~rim[:, :, top + 1 : bottom, first : first + 2]
            upright = sides[:, [first - 2, first - 1, first + 2, first + 3]].any(axis=1)
            here = across & upright & np.asarray(inside.any(axis=(2, 3))).all(axis=1)
            lens = part[:, :, top + 1 : bottom, first : first + 2]
            eye = color_difference(lens[:, :, :, 0], lens[:, :, :, 1]) >= DISTINCT
            eye &= inside.all(axis=3)
            bare = ~np.asarray(covered[:, :, top + 1 : bottom, first : first + 2].all(axis=3))
            # in a hole of one column the eye is over skin; a glint is over lens
            below = color_difference(lens[:, :, 1:], lens[:, :, :-1]) >= DISTINCT
            one = inside.sum(axis=3) == 1
            held = one[:, :, 1:] & one[:, :, :-1] & (below & inside[:, :, 1:] & inside[:, :, :-1]).any(axis=3)
            eye[:, :, 1:] |= held
            found[some] |= here
            see_through[some] |= here & np.asarray((eye | bare).any(axis=2)).all(axis=1)
    return found, see_through
