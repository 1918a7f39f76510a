"""Eyewear: glasses, sunglasses and other things worn over the eyes.

Owns the trait `eyewear`. Must not know how the face was found, nor any other trait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.detectors._lenses import cut_lenses, one_of_a_kind, see_through
from punkdetect.landmarks.eye_band import (
    COLS,
    FLAT,
    INK,
    LEFT_EYE,
    RIGHT_EYE,
    ROWS,
    EyeBand,
    place_eye_band,
)
from punkdetect.landmarks.face import color_difference
from punkdetect.landmarks.flat_colors import follow_color
from punkdetect.punks import NOT_FOUND, BoolArray, IntArray, Punks, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.punks import TraitColumn

NONE, GLASSES, SUNGLASSES, OTHER = range(4)
"""Codes of the values, in the order of the vocabulary."""

ONE_PIECE = 100
"""Sum of the channel differences up to which neighbours are one piece, though it may shimmer like a visor."""

ONE_DEVICE = 150
"""The same from lens to lens under the eyes, where glare may lie on a device; rims differ more from skin."""

DARK = 200
"""Sum of the channels up to which a lens is dark; the labelled visor shimmers with 400 and more."""

BEYOND, AROUND = 2, 16
"""Pixels that large lenses go on beyond the place of usual ones, and that the rim of a device is long."""

WIDEST_WINDOWS = 6
"""Columns of both windows of a frame together at most: two or three for each eye."""

SURE, LESS_SURE = 0.99, 0.9
"""Chance of being right where the pixels leave no doubt and where they are near a limit."""


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
    version = 4
    trait = "eyewear"
    vocabulary = TRAITS["eyewear"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the eyewear of every portrait.

        Parameters
        ----------
        punks : Punks
            N portraits.
        landmarks : Landmarks
            Of the same portraits; the face, the band across the eyes and the background are used.

        Returns
        -------
        TraitColumn
            Not found where no face is found.
        """
        face = landmarks.face
        band = landmarks.eye_band
        worn = band.bridged
        lenses = cut_lenses(band)
        clear, near_limit = see_through(lenses)
        one_piece = _covers_nose(band) & ~(clear & _has_two_windows(band))
        special = one_piece | one_of_a_kind(lenses) | (_has_strap(band) & ~lenses.solid.any(axis=1))
        patch = ~worn & (_find_patch(band) | _find_monocle(band))

        codes = np.where(clear, GLASSES, SUNGLASSES)
        codes = np.where(special, OTHER, codes)
        codes = np.where(worn, codes, np.where(patch, OTHER, NONE))
        doubtful = np.where(worn, ~special & near_limit, patch | _strays_between_eyes(band))
        confidence = np.where(doubtful, LESS_SURE, SURE)
        codes = np.where(face.found, codes, NOT_FOUND)
        evidence = _show_evidence(band, codes)
        # what is followed to its ends may touch a background of nearly its colour
        evidence = place_eye_band(evidence, face) & ~landmarks.background.mask
        return make_column(self.trait, codes, confidence, evidence)


def _covers_nose(band: EyeBand) -> BoolArray:
    """Whether one piece covers three rows between the eyes, where a bridge has one or two: shape (N,)."""
    both = band.covers(1, 2, 3, 4)
    upper = band.covers(-1, 2, 3, 4) & band.covers(0, 2, 3, 4)
    fringe = color_difference(band.pixel(-1, 3), band.pixel(-2, 3)) <= FLAT
    upper &= ~(fringe & band.covers(-2, 3))
    # under the eyes a device or mask goes on from lens to lens
    lower = band.covers(2, 1, 2, 3, 4, RIGHT_EYE)
    for col in range(1, RIGHT_EYE):
        lower &= color_difference(band.pixel(2, col), band.pixel(2, col + 1)) <= ONE_DEVICE
    # a tall bridge between large lenses is no piece with them
    for row in (0, 1):
        sides = [color_difference(band.pixel(row, 3), band.pixel(row, col)) > ONE_PIECE for col in (2, 4)]
        both &= ~(sides[0] & sides[1])
    # large dark lenses that meet over the nose leave a notch for it
    notch = band.bare(3, 3) & band.covers(3, 1) & band.covers(3, RIGHT_EYE)
    dark = band.pixel(1, 3)[:, :3].sum(axis=1, dtype=np.int16) <= DARK
    return np.asarray(both & (upper | (lower & ~(notch & dark))))


def _has_two_windows(band: EyeBand) -> BoolArray:
    """Whether a thick frame has a window for each eye and ends with their rims: shape (N,).

    A mask goes on to the sides of the head; a device has no windows, or a single one.
    """
    frame = color_difference(band.rgba, band.bridge_rgba[:, None, None]) <= FLAT
    first, last = -2 - COLS.start, RIGHT_EYE + 3 - COLS.start
    found = np.zeros(len(frame), np.bool_)
    for at in (-ROWS.start, 1 - ROWS.start):
        row = frame[:, at, first : last + 1]
        before = np.logical_or.accumulate(row, axis=1)
        after = np.logical_or.accumulate(row[:, ::-1], axis=1)[:, ::-1]
        inside = before & after & ~row
        windows = (inside[:, 1:] & ~inside[:, :-1]).sum(axis=1) == 2
        windows &= (inside.sum(axis=1) >= 2) & (inside.sum(axis=1) <= WIDEST_WINDOWS)
        beyond = frame[:, [at - 1, at + 1]][:, :, [first, last]]
        found |= windows & ~np.asarray(beyond.any(axis=1)).all(axis=1)
    return found


def _has_strap(band: EyeBand) -> BoolArray:
    """Whether a strap two rows thick and not dark holds the lenses, as that of goggles does: shape (N,)."""
    strap = band.covers(0, 2, 3, 4) & band.covers(1, 2, 3, 4)
    strap &= band.pixel(0, 3)[:, :3].sum(axis=1, dtype=np.int16) > DARK
    for row in (0, 1):
        for col in (-2, -1, 3):
            strap &= color_difference(band.pixel(0, 3), band.pixel(row, col)) <= FLAT
    return strap


def _find_monocle(band: EyeBand) -> BoolArray:
    """Whether a ring of one colour is around one eye only: shape (N,)."""
    found = np.zeros(len(band.rgba), np.bool_)
    for eye, other in ((LEFT_EYE, RIGHT_EYE), (RIGHT_EYE, LEFT_EYE)):
        inner, across = (2, 4) if eye == LEFT_EYE else (4, 2)
        ring = band.covers(1, inner) & band.covers(2, eye, eye + 1)
        for row, col in ((2, eye), (2, eye + 1), (0, inner)):
            ring &= color_difference(band.pixel(1, inner), band.pixel(row, col)) <= FLAT
        found |= ring & band.bare(1, across) & band.bare(2, other, other + 1)
    return found


def _strays_between_eyes(band: EyeBand) -> BoolArray:
    """Whether something that is no bridge covers most of a row between the eyes: shape (N,)."""
    rows, cols = slice(-ROWS.start, 2 - ROWS.start), slice(2 - COLS.start, 5 - COLS.start)
    return np.asarray((band.covered[:, rows, cols].sum(axis=2) >= 2).any(axis=1))


def _find_patch(band: EyeBand) -> BoolArray:
    """Whether one eye is under a flat piece that is wider than an eye, with bare skin around: shape (N,)."""
    found = np.zeros(len(band.rgba), np.bool_)
    for eye, other in ((LEFT_EYE, RIGHT_EYE), (RIGHT_EYE, LEFT_EYE)):
        patch, looking = band.eye(eye), band.eye(other)
        color = patch[:, :1]
        flat = (color_difference(patch, color) <= FLAT).all(axis=1)
        unlike = (color_difference(looking, color) > FLAT).sum(axis=1) >= 2
        inner, across = (2, 4) if eye == LEFT_EYE else (4, 2)
        wider = color_difference(band.pixel(0, inner), color[:, 0]) <= FLAT
        wider &= color_difference(band.pixel(1, inner), color[:, 0]) <= FLAT
        between = [band.bare(row, col) for row in (0, 1) for col in (3, across)]
        skin_around = (sum(between) >= 2) & band.bare(3, eye, eye + 1)
        found |= band.covers(0, eye, eye + 1) & flat & unlike & wider & skin_around
    return found


def _show_evidence(band: EyeBand, codes: IntArray) -> BoolArray:
    """Return the pixels of the band that decided: what covers the eyes, or the bare bridge of the nose."""
    rows = np.arange(ROWS.start, ROWS.stop)[:, None]
    cols = np.arange(COLS.start, COLS.stop)
    lenses = (cols >= -1) & (cols <= RIGHT_EYE + 2)
    # over the eyes there may be hair: there only what has the colour of the bridge
    of_frame = color_difference(band.rgba, band.bridge_rgba[:, None, None]) <= FLAT
    around = lenses & (((rows >= 0) & (rows <= 2)) | ((rows == -1) & of_frame))
    bare = (rows >= 0) & (rows <= 1) & (cols >= 2) & (cols <= 4)
    worn = codes > NONE
    evidence = np.where(worn[:, None, None], around & band.covered, bare & ~band.covered)
    some = np.flatnonzero(worn)
    steps = np.where(codes[some] == OTHER, AROUND, BEYOND)
    rgba = band.rgba[some]
    # a black frame goes on in hair and outlines, so ink says nothing
    colored = band.covered[some] & (rgba[..., :3].sum(axis=-1, dtype=np.int16) > INK)
    evidence[some] = follow_color(rgba, colored, evidence[some], ONE_DEVICE, steps)
    return evidence


DETECTORS = (FramesAroundEyes(),)
