"""Facial hair: what is drawn over the skin around the mouth.

Looks for colour on the lip, the chin and both sides of the jaw where a bare face is plain skin; a darker or
greyer shade of the skin is stubble, a colour of its own is hair. The parts that are covered name the rest:
lip alone a mustache, chin a goatee (a ring around the mouth with skin on the cheeks too), the jaw out to its
outline a beard. A colour that goes on beside the nose is the face itself.

Cannot see hair of exactly the skin's colour, nor what is behind a mask.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import bits_of, flood, mask_of
from punkdetect.detectors._facial_hair.signs import signs_of
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.jaw import DISTINCT
from punkdetect.pixels import lab_distance, lab_of
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, IntArray, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

LEAST_OF_COLOR = 2
"""Pixels on lip, chin and jaw from which a colour is one of the hair's; one alone may be a corner of lips."""

BELOW_MOUTH, BESIDE_EYES = 4, 3
"""Rows below the mouth and columns beyond the eyes up to which facial hair is followed: further on is the
hair of the head, or a scarf."""


class FacialHair:
    """Which of lip, chin and jaw are covered, and whether with shade or with hair."""

    name = "facial_hair.cover"
    version = 5
    trait = "facial_hair"
    vocabulary = TRAITS["facial_hair"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the facial hair of every portrait; not found where there is no face."""
        signs, jaw = signs_of(landmarks), landmarks.jaw
        bare = signs.codes == self.vocabulary.index("none")
        evidence = np.where(bare[:, None, None], jaw.mouth_surroundings, jaw.cover)
        some = np.flatnonzero(~bare)
        evidence[some] = _follow_hair(landmarks, some)
        codes = np.where(landmarks.face.found, signs.codes, NOT_FOUND)
        return make_column(self.trait, codes, signs.confidence, evidence)


def _follow_hair(landmarks: Landmarks, some: IntArray) -> BoolArray:
    """Follow the hair of some portraits from lip, chin and jaw to its ends: shape (M, 24, 24)."""
    face, cover = landmarks.mouth.place(landmarks.face), landmarks.jaw.cover[some]
    palette, skin = landmarks.palette.take(some), lab_of(landmarks.skin.rgb[some])
    of_hair = palette.count_in(cover) >= LEAST_OF_COLOR
    of_hair &= lab_distance(palette.lab, skin[:, None]) > DISTINCT
    row, col = np.arange(SIDE)[:, None], np.arange(SIDE)
    place = [part[some, None, None] for part in (face.nose_row, face.mouth_row)]
    in_rows = (row >= place[0]) & (row <= place[1] + BELOW_MOUTH)
    place = [part[some, None, None] for part in (face.left_eye_col, face.right_eye_col)]
    in_cols = (col >= place[0] - BESIDE_EYES) & (col <= place[1] + BESIDE_EYES)
    hair = palette.of_pixels(of_hair) & in_rows & in_cols & ~landmarks.background.mask[some]
    return mask_of(flood(bits_of(hair | cover), bits_of(cover)), SIDE)


DETECTORS = (FacialHair(),)
