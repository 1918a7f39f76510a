"""Eyewear: glasses, sunglasses and other things worn over the eyes.

Owns the trait `eyewear`. Must not know how the face was found, nor any other trait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.detectors._eyewear.devices import ONE_DEVICE
from punkdetect.detectors._eyewear.signs import NONE, OTHER, signs_of
from punkdetect.landmarks.eye_band import (
    COLS,
    FLAT,
    INK,
    RIGHT_EYE,
    ROWS,
    EyeBand,
    place_eye_band,
)
from punkdetect.landmarks.face import color_difference
from punkdetect.landmarks.flat_colors import follow_color
from punkdetect.pixels import grow
from punkdetect.punks import NOT_FOUND, BoolArray, IntArray, Punks, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.punks import TraitColumn

BEYOND, AROUND = 2, 16
"""Pixels that large lenses go on beyond the place of usual ones, and that the rim of a device is long."""


class FramesAroundEyes:
    """Looks for a frame that spans the nose from eye to eye, and at what its lenses let through.

    Between the eyes of a bare face there is nothing but skin. Whatever is worn over both eyes has a bridge
    there: three covered pixels side by side in one of the two rows of the eyes, or in the row of the brows
    with the rims of both lenses under it. One piece over three rows there is a VR set, a mask or goggles:
    `other`, unless it ends in two lenses below or shows the same glint in both; so are a red lens beside a
    blue one, one lens with a frame all around it, a strap two rows thick, a domino mask with nothing but the
    eyes in it, and a patch or a ring on one eye while the other looks out. Rims of one colour around both
    eyes, or under and beside them, are glasses without any bridge. Through clear lenses one sees skin, an eye
    (in each lens the darkest pixel is darker than all of the column beside it, as a pupil is and a glint
    leaves nothing), or light glass; all else is sunglasses.

    Cannot see rimless lenses without a bridge, nor tell goggles shaped like glasses from glasses.
    """

    name = "eyewear.frames"
    version = 9
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
        face, band, signs = landmarks.face, landmarks.eye_band, signs_of(landmarks)
        codes = np.where(face.found, signs.codes, NOT_FOUND)
        evidence = _show_evidence(band, codes)
        # a black frame is not followed, but it is around the lens
        framed = np.flatnonzero((signs.closed | signs.wide) & face.found)
        evidence[framed] = grow(evidence[framed]) & band.covered[framed]
        # what is followed to its ends may touch a background of nearly its colour
        evidence = place_eye_band(evidence, face) & ~landmarks.background.mask
        return make_column(self.trait, codes, signs.confidence, evidence)


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
