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

PUPIL_DARKER = 9.0
"""Lightness that a lens's darkest pixel is below the next one when an eye looks through: at least 10 in
clear glasses of all labelled portraits, at most 7 in sunglasses, but for tints (`TINTED`)."""

SURE_PUPIL = 18.0
"""Lightness difference of a pupil that nobody doubts; below it the answer is less certain."""

TINTED = 36.0
"""Spread of the channels (largest less smallest) from which even a faint pupil has the colour of the lens, so
that the lens is strongly tinted. Faint pupils seen through clear glass have up to 30."""

CLEAR_LIGHTNESS = 60.0
"""Lightness from which a flat lens is clear glass rather than dark: 78 and more in clear glasses, up to 57 in
sunglasses."""

CLEAR_SPREAD = 110
"""Spread of the channels up to which a light flat lens is glass, and not a coloured filter."""


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

    def bare_in_eye(self, first_col: int) -> BoolArray:
        """Whether bare skin is seen where an eye or the middle of its lens is: shape (N,)."""
        top, left = -ROWS.start, first_col - COLS.start
        return np.asarray(~self.covered[:, top : top + 2, left : left + 2].all(axis=(1, 2)))


class FramesAroundEyes:
    """Looks for a frame that spans the nose from eye to eye, and at what its lenses let through.

    Between the eyes of a bare face there is nothing but skin. Whatever is worn over both eyes has a bridge
    there: three covered pixels side by side in one of the two rows of the eyes, or in the row of the brows
    with the rims of both lenses under it. What also covers the root of the nose under the eyes is a VR set,
    3D glasses, a mask or goggles: `other`. So is a patch: one eye under a flat, wider piece while the other
    looks out. Through clear lenses one sees an eye (a single pixel in each lens is clearly the darkest, and
    not tinted) or light glass; all else is sunglasses.

    Cannot see rimless lenses without a bridge, nor tell ski goggles shaped like glasses from glasses.
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
        over_nose = band.covers(1, 2, 3, 4) & (band.covers(2, 2, 3, 4) | _spans_three_rows(band))
        patch = ~worn & _find_patch(band)
        see_through, certainty = _judge_lenses(band)

        codes = np.where(see_through, GLASSES, SUNGLASSES)
        codes = np.where(over_nose, OTHER, codes)
        codes = np.where(worn, codes, np.where(patch, OTHER, NONE))
        confidence = np.where(worn & ~over_nose, certainty, SURE)
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


def _spans_three_rows(band: _Band) -> BoolArray:
    """Whether three rows between the eyes are covered, where a bridge has one or two: shape (N,)."""
    rows = band.covers(-1, 2, 3, 4) & band.covers(0, 2, 3, 4) & band.covers(1, 2, 3, 4)
    fringe = color_difference(band.pixel(-1, 3), band.pixel(-2, 3)) <= FLAT
    return rows & ~(fringe & band.covers(-2, 3))


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


def _judge_lenses(band: _Band) -> tuple[BoolArray, FloatArray]:
    """Judge whether lenses let the eyes be seen: see-through (N,), and the chance that this is right (N,)."""
    from punkdetect.pixels import lab_of

    lens = np.stack([band.eye(0), band.eye(EYE_SPACING)], axis=1)[..., :3]  # (N, 2, 4, 3)
    lightness = lab_of(lens)[..., 0]
    spread = lens.max(axis=-1).astype(np.int16) - lens.min(axis=-1)
    darkest = lightness.argmin(axis=-1)
    ordered = np.sort(lightness, axis=-1)
    gap = (ordered[..., 1] - ordered[..., 0]).min(axis=-1)
    pupil_spread = np.take_along_axis(spread, darkest[..., None], axis=-1)[..., 0].max(axis=-1)
    eye_seen = (gap >= PUPIL_DARKER) & ((pupil_spread < TINTED) | (gap >= SURE_PUPIL))

    # an upright pupil beside its white: the same in both rows, in both lenses
    beside = np.abs(lightness[..., ::2] - lightness[..., 1::2]).min(axis=(1, 2))
    upright = np.abs(lightness[..., :2] - lightness[..., 2:]).max(axis=(1, 2)) < PUPIL_DARKER
    eye_seen |= (beside >= SURE_PUPIL) & upright
    skin_seen = band.bare_in_eye(0) & band.bare_in_eye(EYE_SPACING)

    range_ = (ordered[..., -1] - ordered[..., 0]).max(axis=-1)
    mean, mean_spread = lightness.mean(axis=(1, 2)), spread.mean(axis=(1, 2))
    glass = (range_ < PUPIL_DARKER) & (mean >= CLEAR_LIGHTNESS) & (mean_spread <= CLEAR_SPREAD)
    see_through = eye_seen | skin_seen | glass

    clear_cut = np.where(
        eye_seen | skin_seen,
        np.maximum(gap, beside) >= SURE_PUPIL,
        np.abs(mean - CLEAR_LIGHTNESS) >= SURE_PUPIL,
    )
    clear_cut &= ~(~see_through & (gap >= PUPIL_DARKER / 2))
    return see_through, np.where(clear_cut, SURE, LESS_SURE)


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
