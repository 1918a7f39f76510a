"""Eyewear whose two sides differ: a patch on one eye, a red lens beside a blue one.

Owns the comparison of both eyes. Needs no bridge and no bare nose, so it also sees what hides the skin.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.eye_band import COVERED, FLAT, from_right_eye
from punkdetect.landmarks.face import EYE_SPACING, FaceFrame, color_difference
from punkdetect.punks import BoolArray, ByteArray, Scalar

AROUND_ROWS, AROUND_COLS = range(-3, 7), range(-3, 5)
"""What is looked at around an eye, relative to its upper left pixel: from the brow to beside the nose."""

EYE_COLS = slice(-AROUND_COLS.start, 2 - AROUND_COLS.start)
"""The columns of an eye in what is around it."""

EYE_ROWS = range(4)
"""Rows where an eye is looked for: its two and those under it, as the brows over a patch are now and then
taken for eyes."""

PATCH_PIXELS, PATCH_HEIGHT, PATCH_WIDTH = 8, 5, 3
"""Least pixels of a patch, most of its rows, and least pixels of one of them: patches are 3x3 to 5x4, less a
glint; hair over an eye is longer, a pupil, a lid and a brow together are fewer."""

LOWEST_TOP = 4
"""Row of `AROUND_ROWS`, after the first, where a patch begins at the latest: further down begin masks."""

WITHIN, OTHER_EYE = 4, 3
"""Pixels of the eight of an eye and what is under it that a patch covers at least, and those of the other
eye that may have its colour: pupil, lid, brow."""

WARM, COOL = 60, 60
"""How much more red than green and blue a red filter is, and how much more blue than red a blue or cyan
one."""

LENS_PIXELS = 4
"""Pixels of a red or blue lens at least; an eye of that colour has two."""


def find_patch(rgba: ByteArray, face: FaceFrame, skin_rgb: ByteArray, bridged: BoolArray) -> BoolArray:
    """Whether one eye is under a flat piece larger than an eye, and the other looks out: shape (N,).

    Where something spans the nose, as the string of a patch does, there must be skin around the other eye.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
    skin_rgb : ndarray of uint8, shape (N, 3)
    bridged : ndarray of bool, shape (N,)
        Whether something spans the nose.
    """
    left, right = _both_eyes(rgba, face)
    found = np.zeros(len(rgba), np.bool_)
    for eye, other, outer in ((left, right, slice(0, 3)), (right, left, slice(-3, None))):
        color = _most_common(_eye(eye), skin_rgb)[:, None, None]
        patch = color_difference(eye, color) <= FLAT
        wide = (patch.sum(axis=2) >= PATCH_WIDTH)[:, 1:]
        height = wide.sum(axis=1)
        first, last = wide.argmax(axis=1), wide.shape[1] - 1 - wide[:, ::-1].argmax(axis=1)
        one_piece = (height >= 2) & (last - first + 1 == height) & (height <= PATCH_HEIGHT)
        one_piece &= (first > 0) & (first <= LOWEST_TOP)
        hides = _eye(patch).sum(axis=1) >= WITHIN
        patch = patch[:, 1:] & wide[:, :, None]
        one_piece &= patch.sum(axis=(1, 2)) >= PATCH_PIXELS
        # hair from the side goes on to the side
        one_piece &= 2 * patch[:, :, outer].all(axis=2).sum(axis=1) <= height
        beside = (color_difference(other, color) <= FLAT)[:, 1:] & wide[:, :, None]
        looks = beside[:, :, EYE_COLS].sum(axis=(1, 2)) <= OTHER_EYE
        seen = _eye(color_difference(other, skin_rgb[:, None, None]) >= COVERED)
        looks &= np.asarray(seen.any(axis=1)) & ~np.asarray(seen.all(axis=1))
        bare = color_difference(other, skin_rgb[:, None, None]) < COVERED
        free = np.zeros(len(rgba), np.bool_)
        at = 1 - AROUND_ROWS.start
        for col in range(EYE_COLS.start - 1, EYE_COLS.start + 2):
            eye_seen = ~bare[:, at, col : col + 2].all(axis=1) & bare[:, at + 1, col : col + 2].all(axis=1)
            free |= eye_seen & bare[:, at, col - 1] & bare[:, at, col + 2]
        found |= one_piece & hides & looks & (free | ~bridged)
    return found


def find_two_filters(rgba: ByteArray, face: FaceFrame, skin_rgb: ByteArray) -> BoolArray:
    """Whether one lens is red and the other blue or cyan: shape (N,).

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
    skin_rgb : ndarray of uint8, shape (N, 3)
    """
    red, blue = [], []
    for eye in _both_eyes(rgba, face):
        rows = slice(-1 - AROUND_ROWS.start, 4 - AROUND_ROWS.start)
        part = eye[:, rows, -1 - AROUND_COLS.start : 3 - AROUND_COLS.start]
        covers = color_difference(part, skin_rgb[:, None, None]) >= COVERED
        channels = [part[..., channel].astype(np.int16) for channel in range(3)]
        warm = channels[0] - np.maximum(channels[1], channels[2]) >= WARM
        cool = channels[2] - channels[0] >= COOL
        red.append((warm & covers).sum(axis=(1, 2)))
        blue.append((cool & covers).sum(axis=(1, 2)))
    found = np.zeros(len(rgba), np.bool_)
    for one, other in ((0, 1), (1, 0)):
        found |= (red[one] >= LENS_PIXELS) & (blue[other] >= LENS_PIXELS) & (blue[one] + red[other] == 0)
    return found


def _both_eyes(rgba: ByteArray, face: FaceFrame) -> tuple[ByteArray, ByteArray]:
    """Cut what is around each eye: shape (N, 10, 8, 4)."""
    right = range(AROUND_COLS.start + EYE_SPACING, AROUND_COLS.stop + EYE_SPACING)
    return face.crop(rgba, AROUND_ROWS, AROUND_COLS), from_right_eye(face).crop(rgba, AROUND_ROWS, right)


def _eye(around: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return the pixels of the eye and of what is under it, shape (N, 8, ...)."""
    rows = around[:, EYE_ROWS.start - AROUND_ROWS.start : EYE_ROWS.stop - AROUND_ROWS.start]
    eye = rows[:, :, EYE_COLS]
    return eye.reshape(len(eye), 2 * len(EYE_ROWS), *eye.shape[3:])


def _most_common(pixels: ByteArray, skin_rgb: ByteArray) -> ByteArray:
    """Return the pixel that most others are like, the first of several, unless it is skin: shape (N, 4)."""
    alike = (color_difference(pixels[:, :, None], pixels[:, None]) <= FLAT).sum(axis=2)
    alike[color_difference(pixels, skin_rgb[:, None]) < COVERED] = 0
    return np.asarray(pixels[np.arange(len(pixels)), alike.argmax(axis=1)])
