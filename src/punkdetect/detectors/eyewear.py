"""Eyewear: glasses, sunglasses and other things worn over the eyes.

Owns the trait `eyewear`. Must not know how the face was found, nor any other trait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.face import EYE_SPACING, FaceFrame, color_difference
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, FloatArray, IntArray, Punks, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.landmarks.skin import Skin
    from punkdetect.punks import TraitColumn

NONE, GLASSES, SUNGLASSES, OTHER = range(4)
"""Codes of the values, in the order of the vocabulary."""

ROWS, COLS = range(-3, 5), range(-4, 11)
"""The eyes and what is worn on them, relative to the upper left pixel of the left eye."""

COVERED = 30
"""Sum of the channel differences from the skin from which a pixel is not bare. The palest lens on the palest
skin differs by 37 (horned rims of CryptoPunks); flat skin by nothing, re-encoded skin by up to about 24."""

KNOWN_SKIN = 0.25
"""Weight from which the skin's colour is known; 0.27 and more in all labelled portraits, less in noisy ones,
where the first guess of the face is nearer."""

FLAT = 24
"""Sum of the channel differences up to which two pixels of a lens are one colour."""

PUPIL_DARKER = 8.0
"""Lightness that a lens's darkest pixel is below the next one when an eye looks through: at least 10 in
clear glasses of all labelled portraits, at most 7 in sunglasses, but for tints (`TINTED`)."""

SURE_PUPIL = 18.0
"""Lightness difference of a pupil that nobody doubts; below it the answer is less certain."""

TINTED = 70.0
"""Spread of the channels (largest less smallest) from which even a faint pupil has the colour of the lens, so
that the lens is strongly tinted: 141 in the one labelled. Faint pupils behind clear glass have up to 30."""

CLEAR_LIGHTNESS = 60.0
"""Lightness from which a flat lens is clear glass rather than dark: 78 and more in clear glasses, up to 57 in
sunglasses."""

CLEAR_SPREAD = 110
"""Spread of the channels up to which a light flat lens is glass, and not a coloured filter."""


ONE_PIECE = 100
"""Sum of the channel differences up to which neighbours are one piece, though it may shimmer like a visor."""

INK = 90
"""Sum of the channels up to which a pixel is black like outlines and hair, so that it says nothing."""

WARM = 60
"""How much more red than green and blue a red filter is, and how much less a blue or cyan one."""

MOST_LIGHT = 100.0
"""Lightness of white."""

SURE, LESS_SURE = 0.99, 0.9
"""Chance of being right where the pixels leave no doubt and where they are near a limit."""


@dataclass(frozen=True)
class _Band:
    """The pixels around the eyes of every face, addressed by row and column from the left eye.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 8, 15, 4)
    differs : ndarray of bool, shape (N, 8, 15)
        Whether a pixel has another colour than the skin.
    covered : ndarray of bool, shape (N, 8, 15)
        Whether it is something other than bare skin: of another colour and no shade of the skin.
    """

    rgba: ByteArray
    differs: BoolArray
    covered: BoolArray

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


class FramesAroundEyes:
    """Looks for a frame that spans the nose from eye to eye, and at what its lenses let through.

    Between the eyes of a bare face there is nothing but skin. Whatever is worn over both eyes has a bridge
    there: three covered pixels side by side in one of the two rows of the eyes, or in the row of the brows
    with the rims of both lenses under it. One piece over three rows there is a VR set, a mask or goggles:
    `other`; so are a red lens beside a blue one, a strap two rows thick, and a patch or a ring on one eye
    while the other looks out. Through clear lenses one sees skin, an eye (in each lens the darkest pixel
    is darker than all of the column beside it, as a pupil is and a glint leaves nothing), or light glass; all
    else is sunglasses.

    Cannot see rimless lenses without a bridge, nor tell goggles shaped like glasses from glasses.
    """

    name = "eyewear.frames"
    version = 1
    trait = "eyewear"
    vocabulary = TRAITS["eyewear"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the eyewear of every portrait.

        Parameters
        ----------
        punks : Punks
            N portraits.
        landmarks : Landmarks
            Of the same portraits; face and skin are used.

        Returns
        -------
        TraitColumn
            Not found where no face is found.
        """
        face = landmarks.face
        band = _cut_band(punks.rgba, face, landmarks.skin)
        worn, bridge = _find_bridge(band)
        lenses = _cut_lenses(band, bridge)
        see_through, certainty = _judge_lenses(lenses)
        special = _covers_nose(band) | _differ(lenses) | (_has_strap(band) & ~lenses.solid.any(axis=1))
        patch = ~worn & (_find_patch(band) | _find_monocle(band))

        codes = np.where(see_through, GLASSES, SUNGLASSES)
        codes = np.where(special, OTHER, codes)
        codes = np.where(worn, codes, np.where(patch, OTHER, NONE))
        confidence = np.where(worn & ~special, certainty, SURE)
        confidence = np.where(patch | (~worn & _strays_between_eyes(band)), LESS_SURE, confidence)
        codes = np.where(face.found, codes, NOT_FOUND)
        evidence = _show_evidence(band, codes, bridge)
        return make_column(self.trait, codes, confidence, _place_back(evidence, face))


def _cut_band(rgba: ByteArray, face: FaceFrame, skin: Skin) -> _Band:
    """Cut the pixels around the eyes out of every portrait and tell skin from what covers it."""
    pixels = np.asarray(face.crop(rgba, ROWS, COLS))
    color = np.where((skin.weight >= KNOWN_SKIN)[:, None], skin.rgb, face.skin_rgb)[:, None, None]
    differs = (color_difference(pixels, color) >= COVERED) | (pixels[..., 3] == 0)
    shade = np.asarray(face.crop(skin.mask, ROWS, COLS))
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
    return _Band(pixels, differs, ~bare)


def _find_bridge(band: _Band) -> tuple[BoolArray, IntArray]:
    """Find what spans the nose from eye to eye: whether there is one (N,), and its row (N,)."""
    on_brows = band.covers(-1, 2, 3, 4) & band.covers(0, 2, 4)
    upper, lower = band.covers(0, 2, 3, 4), band.covers(1, 2, 3, 4)
    # a frame in nearly the colour of the skin is no shade of it when it is a line of one row
    line = band.differs[:, -ROWS.start - 1 : 2 - ROWS.start, 2 - COLS.start : 5 - COLS.start]
    upper |= line[:, 1].all(axis=1) & ~line[:, 0].any(axis=1) & ~line[:, 2].any(axis=1)
    row = np.where(upper, 0, np.where(lower, 1, -1)).astype(np.intp)
    return upper | lower | on_brows, row


def _covers_nose(band: _Band) -> BoolArray:
    """Whether one piece covers three rows between the eyes, where a bridge has one or two: shape (N,)."""
    both = band.covers(1, 2, 3, 4)
    upper = band.covers(-1, 2, 3, 4) & band.covers(0, 2, 3, 4)
    fringe = color_difference(band.pixel(-1, 3), band.pixel(-2, 3)) <= FLAT
    upper &= ~(fringe & band.covers(-2, 3))
    lower = band.covers(2, 2, 3, 4)
    # a tall bridge between large lenses is no piece with them
    for row in (0, 1):
        sides = [color_difference(band.pixel(row, 3), band.pixel(row, col)) > ONE_PIECE for col in (2, 4)]
        both &= ~(sides[0] & sides[1])
    return both & (upper | lower)


def _has_strap(band: _Band) -> BoolArray:
    """Whether frame and arms are two rows thick, as those of goggles: shape (N,)."""
    strap = band.covers(0, 2, 3, 4) & band.covers(1, 2, 3, 4)
    strap &= band.pixel(0, 3)[:, :3].sum(axis=1, dtype=np.int16) > INK
    for row in (0, 1):
        for col in (-2, -1, 3):
            strap &= color_difference(band.pixel(0, 3), band.pixel(row, col)) <= FLAT
    return strap


def _find_monocle(band: _Band) -> BoolArray:
    """Whether a ring of one colour is around one eye only: shape (N,)."""
    found = np.zeros(len(band.rgba), np.bool_)
    for eye, other in ((0, EYE_SPACING), (EYE_SPACING, 0)):
        inner, across = (2, 4) if eye == 0 else (4, 2)
        ring = band.covers(1, inner) & band.covers(2, eye, eye + 1)
        for row, col in ((2, eye), (2, eye + 1), (0, inner)):
            ring &= color_difference(band.pixel(1, inner), band.pixel(row, col)) <= FLAT
        found |= ring & band.bare(1, across) & band.bare(2, other, other + 1)
    return found


def _strays_between_eyes(band: _Band) -> BoolArray:
    """Whether something that is no bridge covers most of a row between the eyes: shape (N,)."""
    rows, cols = slice(-ROWS.start, 2 - ROWS.start), slice(2 - COLS.start, 5 - COLS.start)
    return np.asarray((band.covered[:, rows, cols].sum(axis=2) >= 2).any(axis=1))


def _find_patch(band: _Band) -> BoolArray:
    """Whether one eye is under a flat piece that is wider than an eye, with bare skin around: shape (N,)."""
    found = np.zeros(len(band.rgba), np.bool_)
    for eye, other in ((0, EYE_SPACING), (EYE_SPACING, 0)):
        patch, looking = band.eye(eye), band.eye(other)
        color = patch[:, :1]
        flat = (color_difference(patch, color) <= FLAT).all(axis=1)
        unlike = (color_difference(looking, color) > FLAT).sum(axis=1) >= 2
        inner, across = (2, 4) if eye == 0 else (4, 2)
        wider = color_difference(band.pixel(0, inner), color[:, 0]) <= FLAT
        wider &= color_difference(band.pixel(1, inner), color[:, 0]) <= FLAT
        between = [band.bare(row, col) for row in (0, 1) for col in (3, across)]
        skin_around = (sum(between) >= 2) & band.bare(3, eye, eye + 1)
        found |= band.covers(0, eye, eye + 1) & flat & unlike & wider & skin_around
    return found


@dataclass(frozen=True)
class _Lenses:
    """The middle of both lenses: three rows from the eyes down, two columns each.

    Parameters
    ----------
    rgb : ndarray of int16, shape (N, 2, 3, 2, 3)
        Portrait, lens, row, column, channel.
    lightness : ndarray of float64, shape (N, 2, 3, 2)
        CIELAB.
    filled : ndarray of bool, shape (N, 2, 3, 2)
        Rows of a lens, or of an eye: neither frame nor bare skin from side to side.
    skin_seen : ndarray of bool, shape (N,)
        Whether bare skin shows under the upper rim of both lenses.
    solid : ndarray of bool, shape (N, 2)
        Whether a lens has the colour of the frame in the first row under the upper rim.
    """

    rgb: NDArray[np.int16]
    lightness: FloatArray
    filled: BoolArray
    skin_seen: BoolArray
    solid: BoolArray


def _cut_lenses(band: _Band, bridge: IntArray) -> _Lenses:
    """Cut what is seen through both lenses, or of them."""
    from punkdetect.pixels import lab_of

    n = np.arange(len(bridge))
    rows, cols = slice(-ROWS.start, 4 - ROWS.start), np.array([[0, 1], [EYE_SPACING, EYE_SPACING + 1]])
    middle = band.rgba[:, rows][:, :, cols - COLS.start].swapaxes(1, 2)  # (N, lens, row, column, 4)
    bare = ~band.covered[:, rows][:, :, cols - COLS.start].swapaxes(1, 2)
    frame = band.rgba[n, bridge - ROWS.start, 3 - COLS.start][:, None, None, None]
    of_frame = np.asarray(color_difference(middle, frame) <= FLAT)
    solid = np.asarray(of_frame.all(axis=3))  # (N, lens, row)
    open_ = np.asarray(bare.all(axis=(1, 3)))
    some_bare = np.asarray(np.asarray(bare.any(axis=3)).all(axis=1))
    # rims are single solid rows over and under what is seen; two solid rows are a dark lens
    start = np.maximum(bridge, 0)
    first = np.where(np.asarray(solid.all(axis=1))[n, start], start + 1, start)
    above = np.arange(3) < first[:, None]
    rim = solid[:, :, :3] & (above[:, None] | ~solid[:, :, 1:])
    filled = ~rim & ~open_[:, None, :3]
    return _Lenses(
        middle[:, :, :3, :, :3].astype(np.int16),
        lab_of(middle[:, :, :3, :, :3])[..., 0],
        np.broadcast_to(filled[..., None], middle[:, :, :3, :, 0].shape),
        some_bare[n, first],
        solid[n, :, first],
    )


def _judge_lenses(lenses: _Lenses) -> tuple[BoolArray, FloatArray]:
    """Judge whether lenses let the eyes be seen: see-through (N,), and how sure that is (N,)."""
    n = len(lenses.lightness)
    filled = lenses.filled.reshape(n, 2, 6)
    light = np.where(filled, lenses.lightness.reshape(n, 2, 6), np.inf)
    darkest = light.argmin(axis=-1)
    least = np.minimum(light.min(axis=-1), MOST_LIGHT)
    gap = _find_pupils(lenses).min(axis=-1)
    rows = filled[..., ::2]
    low = ((darkest // 2 > rows.argmax(axis=-1)) | (rows.sum(axis=-1) == 1)).all(axis=-1)
    rgb = lenses.rgb.reshape(n, 2, 6, 3)
    spread = rgb.max(axis=-1) - rgb.min(axis=-1)
    tint = np.take_along_axis(spread, darkest[..., None], axis=-1).max(axis=(1, 2))
    seen = (gap >= SURE_PUPIL) | ((gap >= PUPIL_DARKER) & low & (tint < TINTED))

    count = np.maximum(filled.sum(axis=(1, 2)), 1)
    mean = np.where(filled, light, 0.0).sum(axis=(1, 2)) / count
    mean_spread = (spread * filled).sum(axis=(1, 2)) / count
    brightest = np.where(filled, light, 0.0).max(axis=-1)
    even = (brightest - least < PUPIL_DARKER).all(axis=-1)
    glass = even & (mean >= CLEAR_LIGHTNESS) & (mean_spread <= CLEAR_SPREAD)
    see_through = seen | lenses.skin_seen | glass
    near_limit = np.where(seen, gap < SURE_PUPIL, np.abs(mean - CLEAR_LIGHTNESS) < SURE_PUPIL)
    near_limit |= ~see_through & (gap >= PUPIL_DARKER / 2)
    return see_through, np.where(near_limit & ~lenses.skin_seen, LESS_SURE, SURE)


def _find_pupils(lenses: _Lenses) -> FloatArray:
    """Lightness that the darkest pixel of each lens is below all of the other column: shape (N, 2).

    So a pupil is found, single or upright, and no glint: that leaves dark lens in both columns.
    """
    light = np.where(lenses.filled, lenses.lightness, np.inf)
    left, right = light[..., 0].min(axis=-1), light[..., 1].min(axis=-1)
    found = np.isfinite(left) & np.isfinite(right)
    return np.asarray(np.abs(np.where(found, left, 0.0) - np.where(found, right, 0.0)), np.float64)


def _differ(lenses: _Lenses) -> BoolArray:
    """Whether one lens is red and the other blue, or one eye looks out and the other does not: shape (N,)."""
    count = np.maximum(lenses.filled.sum(axis=(2, 3)), 1)
    red, green, blue = ((lenses.rgb[..., i] * lenses.filled).sum(axis=(2, 3)) / count for i in range(3))
    warmth = red - np.maximum(green, blue)
    two_filters = (warmth.max(axis=1) >= WARM) & (warmth.min(axis=1) <= -WARM)
    looks = _find_pupils(lenses) >= SURE_PUPIL
    one_shut = (looks & ~lenses.solid & lenses.solid[:, ::-1]).any(axis=1)
    return np.asarray(two_filters | one_shut)


def _show_evidence(band: _Band, codes: IntArray, bridge: IntArray) -> BoolArray:
    """Return the pixels of the band that decided: what covers the eyes, or the bare bridge of the nose."""
    rows = np.arange(ROWS.start, ROWS.stop)[:, None]
    cols = np.arange(COLS.start, COLS.stop)
    lenses = (cols >= -1) & (cols <= EYE_SPACING + 2)
    # over the eyes there may be hair: there only what has the colour of the bridge
    frame = band.rgba[np.arange(len(codes)), bridge - ROWS.start, 3 - COLS.start]
    of_frame = color_difference(band.rgba, frame[:, None, None]) <= FLAT
    around = lenses & (((rows >= 0) & (rows <= 2)) | ((rows == -1) & of_frame))
    bare = (rows >= 0) & (rows <= 1) & (cols >= 2) & (cols <= 4)
    worn = codes > NONE
    return np.where(worn[:, None, None], around & band.covered, bare & ~band.covered)


def _place_back(mask: BoolArray, face: FaceFrame) -> BoolArray:
    """Put a mask of the band where the band was cut: shape (N, 24, 24)."""
    whole: NDArray[np.bool_] = np.zeros((len(mask), SIDE, SIDE), np.bool_)
    n, row, col = np.nonzero(mask)
    row = row + face.eye_row[n] + ROWS.start
    col = col + face.left_eye_col[n] + COLS.start
    inside = (row >= 0) & (row < SIDE) & (col >= 0) & (col < SIDE)
    whole[n[inside], row[inside], col[inside]] = True
    return whole


DETECTORS = (FramesAroundEyes(),)
