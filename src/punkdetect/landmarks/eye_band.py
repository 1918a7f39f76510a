"""The band across the eyes: its pixels, and which of them are bare skin.

Owns the geometry of what lies around both eyes, so that things worn there can be looked for. Must not know
what is worn there.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.face import EYE_SPACING, FaceFrame, color_difference
from punkdetect.landmarks.skin import Skin
from punkdetect.punks import BoolArray, ByteArray, IntArray
from punkdetect.records import Record

Scalar = TypeVar("Scalar", bound=np.generic)

ROWS, COLS = range(-3, 5), range(-4, 11)
"""The band, relative to the upper left pixel of the left eye: from the forehead to beside the nose."""

RIGHT_PART = 4
"""Column from which on the band follows the right eye, which may be nearer or further than usual."""

LEFT_EYE, RIGHT_EYE = 0, EYE_SPACING
"""First of the two columns of each eye in the band."""

BRIDGE = range(2, 5)
"""Columns between the eyes."""

COVERED = 30
"""Sum of the channel differences from the skin from which a pixel is not bare. The palest lens on the palest
skin differs by 37 (horned rims of CryptoPunks); flat skin by nothing, re-encoded skin by up to about 24."""

KNOWN_SKIN = 0.25
"""Weight from which the skin's colour is known; 0.27 and more in all labelled portraits, less in noisy ones,
where the first guess of the face is nearer."""

INK = 90
"""Sum of the channels up to which a pixel is black like outlines and hair, so that it says nothing."""

STUBBLE_HUE, SKIN_SPREAD = 0.08, 30
"""Largest difference of the shares of red, green and blue between a skin and the stubble on it, and the least
spread of the channels of that skin: white is rather a frame."""

FLAT = 24
"""Sum of the channel differences up to which two pixels are one colour."""


class EyeBand(Record):
    """The pixels around the eyes of every face, addressed by row and column from the left eye.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 8, 15, 4)
    differs : ndarray of bool, shape (N, 8, 15)
        Whether a pixel has another colour than the skin.
    covered : ndarray of bool, shape (N, 8, 15)
        Whether it is something other than bare skin: of another colour and no shade of the skin.
    bridged : ndarray of bool, shape (N,)
        Whether something spans the nose from eye to eye.
    bridge : ndarray of int, shape (N,)
        Row of what spans it: -1 (brows), 0 or 1.
    """

    rgba: ByteArray
    differs: BoolArray
    covered: BoolArray
    bridged: BoolArray
    bridge: IntArray

    @property
    def bridge_rgba(self) -> ByteArray:
        """Colour of what spans the nose, in its middle: shape (N, 4)."""
        middle = self.rgba[:, :, BRIDGE.start + 1 - COLS.start]
        return np.asarray(middle[np.arange(len(middle)), self.bridge - ROWS.start])

    def covers(self, row: int, *cols: int) -> BoolArray:
        """Whether all of some pixels of a row are covered: shape (N,)."""
        columns = [col - COLS.start for col in cols]
        return np.asarray(self.covered[:, row - ROWS.start, columns].all(axis=1))

    def bare(self, row: int, *cols: int) -> BoolArray:
        """Whether none of some pixels of a row is covered: shape (N,)."""
        columns = [col - COLS.start for col in cols]
        return np.asarray(~self.covered[:, row - ROWS.start, columns].any(axis=1))

    def pixel(self, row: int, col: int) -> ByteArray:
        """Return the pixels at one place: shape (N, 4)."""
        return np.asarray(self.rgba[:, row - ROWS.start, col - COLS.start])

    def eye(self, first_col: int) -> ByteArray:
        """Return the four pixels of an eye or of the middle of its lens: shape (N, 4, 4)."""
        top, left = -ROWS.start, first_col - COLS.start
        return self.rgba[:, top : top + 2, left : left + 2].reshape(-1, 4, 4)


def cut_eye_band(rgba: ByteArray, face: FaceFrame, skin: Skin) -> EyeBand:
    """Cut the band out of every portrait and tell skin from what covers it.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
    skin : Skin
        All of the same N portraits.

    Returns
    -------
    EyeBand
        Cut at the usual place where no face was found.
    """
    pixels = _cut(rgba, face)
    color = likely_skin(face, skin)[:, None, None]
    differs = (color_difference(pixels, color) >= COVERED) | (pixels[..., 3] == 0)
    shade = _cut(skin.mask, face)
    # a second tone of skin is seen on the forehead as well, or on cheeks and jaw
    forehead = pixels[:, -2 - ROWS.start, 3 - COLS.start]
    on_forehead = color_difference(pixels, forehead[:, None, None]) <= FLAT
    on_forehead &= shade[:, -2 - ROWS.start, 3 - COLS.start][:, None, None]
    elsewhere = color_difference(pixels, face.second_rgb[:, None, None]) <= FLAT
    elsewhere &= np.asarray((elsewhere & shade)[:, -1].any(axis=1))[:, None, None]
    bare = ~differs | (shade & (on_forehead | elsewhere))
    # skin that fades from row to row is skin as far as no step is larger than that of a fade
    for row in range(len(ROWS) - 2, -1, -1):
        fades = color_difference(pixels[:, row], pixels[:, row + 1]) <= FLAT
        bare[:, row] |= bare[:, row + 1] & fades & (pixels[:, row, :, 3] > 0)
    bridged, bridge = _find_bridge(differs, ~bare)
    return EyeBand(
        pixels,
        differs,
        ~bare,
        bridged
        & ~(
            _is_one_skin(pixels) | _is_lighter_skin(pixels, color[:, 0, 0]) | _is_brim(pixels, ~bare, bridge)
        ),
        bridge,
    )


def likely_skin(face: FaceFrame, skin: Skin) -> ByteArray:
    """Return the skin's colour, or the first guess of the face where that is nearer: shape (N, 3)."""
    known = skin.weight >= KNOWN_SKIN
    return np.where(known[:, None], skin.rgb, face.skin_rgb)


def _is_one_skin(pixels: ByteArray) -> BoolArray:
    """Whether forehead and nose are one colour and no ink: skin, whatever was taken for it. Shape (N,)."""
    nose = pixels[:, : len(ROWS) - 2, BRIDGE.start - COLS.start : BRIDGE.stop - COLS.start]
    color = nose[:, -ROWS.start, 1][:, None, None]
    light = color[..., :3].sum(axis=-1, dtype=np.int16)[:, 0, 0]
    return np.asarray((color_difference(nose, color) <= FLAT).all(axis=(1, 2)) & (light > INK))


def _is_brim(pixels: ByteArray, covered: BoolArray, bridge: IntArray) -> BoolArray:
    """Whether what spans the nose is the lower edge of a hat or fringe: shape (N,).

    No skin shows over it, and beside the eyes under it nothing else does: no rims, no lenses.
    """
    each = np.arange(len(covered))
    row = bridge - ROWS.start
    between = slice(BRIDGE.start - COLS.start, BRIDGE.stop - COLS.start)
    over = np.arange(len(ROWS)) < row[:, None]
    hidden = np.asarray((covered[:, :, between].all(axis=2) | ~over).all(axis=1))
    bare = ~np.asarray(covered[:, :, [col - COLS.start for col in BRIDGE]].any(axis=2))
    # the outline or hair may be beside one of the eyes
    temples = ~np.asarray(covered[:, :, [-1 - COLS.start, RIGHT_EYE + 2 - COLS.start]].all(axis=2))
    eyes = [col - COLS.start for col in (LEFT_EYE, LEFT_EYE + 1, RIGHT_EYE, RIGHT_EYE + 1)]
    lenses = (color_difference(pixels[each, row + 1][:, eyes], pixels[each, row][:, eyes]) <= FLAT).all(
        axis=1
    )
    return np.asarray(hidden & bare[each, row + 1] & bare[each, row + 2] & temples[each, row + 1] & ~lenses)


def _is_lighter_skin(pixels: ByteArray, skin: ByteArray) -> BoolArray:
    """Whether brows, eyes and temples lie on a lighter shade of what was taken for the skin: shape (N,).

    Then that was stubble, which may cover more of the face than the skin does.
    """
    top, left = -ROWS.start, -COLS.start
    color = pixels[:, top, left + BRIDGE.start + 1]
    between = pixels[:, top - 1 : top + 2, left + BRIDGE.start : left + BRIDGE.stop]
    temples = pixels[:, top - 1 : top + 2, [left - 1, left + RIGHT_EYE + 2]]
    flat = (color_difference(between, color[:, None, None]) <= FLAT).all(axis=(1, 2))
    beside = np.asarray((color_difference(temples, color[:, None, None]) <= FLAT).all(axis=1))
    flat &= beside[:, 0] | beside[:, 1]
    for eye in (LEFT_EYE, RIGHT_EYE):  # a device shows none
        cells = pixels[:, top : top + 2, left + eye : left + eye + 2]
        flat &= (color_difference(cells, color[:, None, None]) > FLAT).any(axis=(1, 2))
    one, other = (rgb[:, :3].astype(np.float64) for rgb in (color, skin))
    light, own = np.maximum(one.sum(axis=1), 1), np.maximum(other.sum(axis=1), 1)
    hue = np.abs(one / light[:, None] - other / own[:, None]).max(axis=1)
    colorful = np.ptp(one, axis=1) >= SKIN_SPREAD
    return np.asarray(flat & (light > own) & colorful & (hue <= STUBBLE_HUE))


def _find_bridge(differs: BoolArray, covered: BoolArray) -> tuple[BoolArray, IntArray]:
    """Find what spans the nose from eye to eye: whether there is something (N,), and its row (N,).

    All of a row is covered between the eyes; over the brows, where hair may hang, with rims under it.
    """
    between = slice(BRIDGE.start - COLS.start, BRIDGE.stop - COLS.start)
    brows = -ROWS.start - 1
    rows = covered[:, brows : brows + 3, between]
    whole = np.asarray(rows.all(axis=2))
    rims = np.asarray(rows[:, 1, ::2].all(axis=1))
    # a frame in nearly the colour of the skin is no shade of it when it is a line of one row
    line = differs[:, brows : brows + 3, between]
    faint = line[:, 1].all(axis=1) & ~line[:, 0].any(axis=1) & ~line[:, 2].any(axis=1)
    upper, lower = whole[:, 1] | faint, whole[:, 2]
    row = np.where(upper, 0, np.where(lower, 1, -1)).astype(np.intp)
    return upper | lower | (whole[:, 0] & rims), row


def place_eye_band(mask: BoolArray, face: FaceFrame) -> BoolArray:
    """Put a mask of the band back where the band was cut.

    Parameters
    ----------
    mask : ndarray of bool, shape (N, 8, 15)
    face : FaceFrame

    Returns
    -------
    ndarray of bool, shape (N, 24, 24)
    """
    parts = RIGHT_PART - COLS.start
    left = face.place_back(mask[:, :, :parts], ROWS, range(COLS.start, RIGHT_PART))
    return left | from_right_eye(face).place_back(mask[:, :, parts:], ROWS, range(RIGHT_PART, COLS.stop))


def from_right_eye(face: FaceFrame) -> FaceFrame:
    """Return the faces as if their left eyes were at the usual distance from the right ones."""
    return face.replace(left_eye_col=face.right_eye_col - EYE_SPACING)


def _cut(pixels: NDArray[Scalar], face: FaceFrame) -> NDArray[Scalar]:
    """Cut the band, its left part as the left eye lies and its right part as the right eye lies."""
    left = face.crop(pixels, ROWS, range(COLS.start, RIGHT_PART))
    right = from_right_eye(face).crop(pixels, ROWS, range(RIGHT_PART, COLS.stop))
    return np.concatenate([left, right], axis=2)
