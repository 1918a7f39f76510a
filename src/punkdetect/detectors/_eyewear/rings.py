"""Rims around both eyes: glasses whatever their bridge is like.

Owns the search for two rings, or lower halves of rings, of one colour. Needs no bridge: round lenses may
share a rim, or meet in a pixel.
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

FIRST = -COLS.start
"""First of the two columns of an eye in what is looked at."""

SIDES = [FIRST - 2, FIRST - 1, FIRST + 2, FIRST + 3]
"""Columns where the sides of a rim are."""

LEAST_HEIGHT, MOST_HEIGHT = 2, 4
"""Rows between the rims: in a single one the lid over an eye might look like the side of a rim."""


def find_rings(rgba: ByteArray, face: FaceFrame, skin_rgb: ByteArray) -> tuple[BoolArray, BoolArray]:
    """Find rims of one colour under, on one side of and over both eyes, at the same places.

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
    for bottom in (row - ROWS.start for row in BOTTOMS):
        lower = eyes[:, :, bottom, FIRST : FIRST + 2]
        rimmed = (color_difference(lower, lower[:, :1, :1]) <= FLAT).all(axis=(1, 2))
        some = np.flatnonzero(rimmed & stands_out[:, :, bottom, FIRST : FIRST + 2].all(axis=(1, 2)))
        part, covered = eyes[some], stands_out[some]
        rim = (color_difference(part, part[:, :1, bottom : bottom + 1, FIRST : FIRST + 1]) <= FLAT) & covered
        half = _are_half_rims(part, rim, bottom)
        found[some] |= half
        see_through[some] |= half
        for top in (row - ROWS.start for row in TOPS):
            if not LEAST_HEIGHT <= bottom - top - 1 <= MOST_HEIGHT:
                continue
            lens = np.s_[:, :, top + 1 : bottom, FIRST : FIRST + 2]
            across = rim[:, :, top, FIRST : FIRST + 2].all(axis=(1, 2))
            upright = np.asarray(rim[:, :, top + 1 : bottom].all(axis=(1, 2)))[:, SIDES].any(axis=1)
            inside = ~rim[lens]
            here = across & upright & np.asarray(inside.any(axis=(2, 3))).all(axis=1)
            seen = _show_eyes(part[lens], inside) | ~np.asarray(covered[lens].all(axis=3))
            found[some] |= here
            see_through[some] |= here & np.asarray(seen.any(axis=2)).all(axis=1)
    return found, see_through


def _show_eyes(lens: ByteArray, inside: BoolArray) -> BoolArray:
    """Whether rows of what the rims enclose, (N, 2, rows, 2, 4), hold an eye: shape (N, 2, rows).

    That is two different pixels side by side. In a hole of one column the eye is over skin, as a glint is
    over more of the lens.
    """
    eye = (color_difference(lens[:, :, :, 0], lens[:, :, :, 1]) >= DISTINCT) & inside.all(axis=3)
    differ = (color_difference(lens[:, :, 1:], lens[:, :, :-1]) >= DISTINCT) & inside[:, :, 1:]
    hole = inside.sum(axis=3) == 1
    over = np.asarray((differ & inside[:, :, :-1]).any(axis=3)) & hole[:, :, 1:] & hole[:, :, :-1]
    eye[:, :, 1:] |= over
    return np.asarray(eye)


def _are_half_rims(part: ByteArray, rim: BoolArray, bottom: int) -> BoolArray:
    """Whether the rims over a lower one hold eyes without any over them: shape (N,).

    Both sides of one lens at least, and the same side of the other; lids and brows hide what is above.
    """
    rows = slice(bottom - LEAST_HEIGHT, bottom)
    sides = np.asarray(rim[:, :, rows].all(axis=2))[:, :, SIDES]
    left, right = np.asarray(sides[:, :, :2].any(axis=2)), np.asarray(sides[:, :, 2:].any(axis=2))
    held = np.asarray((left & right).any(axis=1))
    held = held & np.asarray(sides.all(axis=1)).any(axis=1)
    lens = part[:, :, rows, FIRST : FIRST + 2]
    eye = np.asarray((color_difference(lens[:, :, :, 0], lens[:, :, :, 1]) >= DISTINCT).any(axis=2))
    return np.asarray(held & eye.all(axis=1) & ~rim[:, :, rows, FIRST : FIRST + 2].any(axis=(1, 2, 3)))
