"""The irises: where they are, whether they can be seen, and their colour.

Owns what of the eyes themselves is visible. Must not know what eyewear or an eye's colour is called.

An eye is drawn as 2x2 px: a lid of one or two shades above, and below it the black pupil with the iris to its
right. Lenses that hide the eyes paint over all four; lenses that show them only tint them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from punkdetect.landmarks.face import FaceFrame, color_difference
from punkdetect.pixels import lab_of
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, FloatArray, IntArray

DARKER_PUPIL = 5.0
"""Lightness by which a pupil is darker than its iris. The darkest labelled iris is 12 lighter than its
pupil; the two halves of a dark lens differ by 4."""

INK = 8.0
"""Lightness under which a pixel is drawn in black: a pupil, a frame."""

WHITE = 90.0
"""Lightness over which a pixel is the white of an eye or a glint."""

SAME = 24
"""Sum of the channel differences up to which two irises have one colour."""


@dataclass(frozen=True)
class Irises:
    """The irises of every portrait.

    Parameters
    ----------
    found : ndarray of bool, shape (N,)
        Whether at least one iris can be seen.
    color : ndarray of int, shape (N, 2)
        0xRRGGBB of the left and the right iris as seen in the picture; -1 where it cannot be seen.
    mask : ndarray of bool, shape (N, 24, 24)
        The pixels of the visible irises.
    clear : ndarray of float64, shape (N,), in [0, 1]
        How clearly they are eyes: 1 with black pupils and an uncovered lid.
    """

    found: BoolArray
    color: IntArray
    mask: BoolArray
    clear: FloatArray


def find_irises(rgba: ByteArray, face: FaceFrame) -> Irises:
    """Find the irises.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
        Of the same N portraits.

    Returns
    -------
    Irises
    """
    n = len(rgba)
    row = np.arange(n)
    color = np.full((n, 2), NOT_FOUND, np.intp)
    clear = np.zeros((n, 2))
    mask = np.zeros((n, SIDE, SIDE), np.bool_)
    for side, eye_col in enumerate((face.left_eye_col, face.right_eye_col)):
        top = np.clip(np.where(face.found, face.eye_row, 0), 0, SIDE - 2)
        left = np.clip(np.where(face.found, eye_col, 0), 0, SIDE - 2)
        lid, lid_right = rgba[row, top, left], rgba[row, top, left + 1]
        pupil, iris = rgba[row, top + 1, left], rgba[row, top + 1, left + 1]
        light = lab_of(np.stack([lid, lid_right, pupil, iris], axis=1)[..., :3])[..., 0]
        # an eye whose pupil looks to the right, or between whites, has its iris on the left
        turned = ((light[:, 3] < INK) | (light[:, 3] > WHITE)) & (light[:, 2] >= INK) & (light[:, 2] <= WHITE)
        iris, pupil = np.where(turned[:, None], pupil, iris), np.where(turned[:, None], iris, pupil)
        light[turned, 2:] = light[turned, :1:-1]
        has_pupil = light[:, 3] - light[:, 2] >= DARKER_PUPIL
        # a glint on a black lens: black above the white as well
        glint = (light[:, 1] < INK) & (light[:, 3] > WHITE)
        # the white of an eye lies beside the iris; a glint is a lone pixel of a lens of one colour
        in_white = (light[:, 2] > WHITE) & ((light[:, 1] > WHITE) | (color_difference(lid, iris) > SAME))
        bare = _is_bare(rgba, face, top, left)
        seen = face.found & (iris[:, 3] > 0) & (has_pupil & ~glint | in_white & turned | bare)
        seen &= color_difference(iris, face.skin_rgb) > SAME
        color[:, side] = np.where(seen, (iris[:, :3] @ np.array([1 << 16, 1 << 8, 1])), NOT_FOUND)
        clear[:, side] = np.where(seen, np.where((light[:, 2] < INK) & (light[:, 1] >= INK), 1.0, 0.7), 0.0)
        mask[row, top + 1, left + ~turned] |= seen
    return Irises((color != NOT_FOUND).any(axis=1), color, mask, clear.max(axis=1))


def _is_bare(rgba: ByteArray, face: FaceFrame, top: IntArray, left: IntArray) -> BoolArray:
    """Whether there is skin above and below an eye, where a frame would be; shape (N,)."""
    row = np.arange(len(rgba))
    bare = np.ones(len(rgba), np.bool_)
    for at in (top - 1, top + 2):
        for col in (left, left + 1):
            here = rgba[row, np.clip(at, 0, SIDE - 1), np.clip(col, 0, SIDE - 1)]
            bare &= color_difference(here, face.skin_rgb) <= SAME
    return bare
