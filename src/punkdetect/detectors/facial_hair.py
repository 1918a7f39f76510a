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
from punkdetect.landmarks import Jaw, Landmarks
from punkdetect.landmarks.jaw import DISTINCT
from punkdetect.pixels import lab_distance, lab_of
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, IntArray, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

MOST = 0.6
"""Share of a part from which it counts as covered: two of its three pixels."""

SOME = 0.3
"""Share of the right jaw from which a beard may reach it: one of its three pixels, where faces are narrow."""

MOST_OF_BOTH_SIDES = 1.5
"""Covered shares of both sides of the jaw together from which hair on lip or chin is a full beard."""

ROWS_APART, ROWS_APART_BOTH = 2, 4
"""Rows beside the mouth, of three on the left side and of six on both, with skin between hair and outline
from which it does not cover the jaw: labelled beards have one, or three on the shaded side alone."""

LEAST_OF_COLOR = 2
"""Pixels on lip, chin and jaw from which a colour is one of the hair's; one alone may be a corner of lips."""

BELOW_MOUTH, BESIDE_EYES = 4, 3
"""Rows below the mouth and columns beyond the eyes up to which facial hair is followed: further on is the
hair of the head, or a scarf."""

CLEAR, DOUBTFUL, HIDDEN = 0.99, 0.8, 0.93
"""Confidence where each part is all or nothing, where one is half covered, and behind a mask (of the
labelled masks, one in five lets a beard be seen at its edge)."""


class FacialHair:
    """Which of lip, chin and jaw are covered, and whether with shade or with hair."""

    name = "facial_hair.cover"
    version = 5
    trait = "facial_hair"
    vocabulary = TRAITS["facial_hair"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the facial hair of every portrait; not found where there is no face."""
        jaw, hidden = landmarks.jaw, landmarks.mouth.covered
        none = self.vocabulary.index("none")
        codes = np.where(hidden, none, self._classify(jaw))
        parts = np.stack([jaw.lip, jaw.chin, jaw.left], axis=1)
        half = ((parts > 0) & (parts < 1)).any(axis=1)
        confidence = np.where(hidden, HIDDEN, np.where(half, DOUBTFUL, CLEAR))
        evidence = np.where((codes == none)[:, None, None], jaw.mouth_surroundings, jaw.cover)
        some = np.flatnonzero(codes != none)
        evidence[some] = _follow_hair(landmarks, some)
        return make_column(self.trait, np.where(landmarks.face.found, codes, NOT_FOUND), confidence, evidence)

    def _classify(self, jaw: Jaw) -> IntArray:
        # a shadow under the chin alone is no tuft of hair
        lip, chin = jaw.lip > MOST, (jaw.chin > MOST) | ((jaw.chin_tip > MOST) & ~jaw.is_shade)
        both_sides = (jaw.left > 0) & (jaw.right > SOME)
        # a goatee is a ring around the mouth with skin on the cheeks, a beard goes on to the outline
        apart = (jaw.skin_left >= ROWS_APART) | (jaw.skin_left + jaw.skin_right >= ROWS_APART_BOTH)
        # side whiskers and chin straps leave the mouth free, but reach down both sides
        whiskers = (jaw.left == 1) & (jaw.right > MOST) & ~jaw.is_ink
        whiskers &= np.where(lip, ~apart, ~jaw.is_shade)
        hair = (jaw.left + jaw.right >= MOST_OF_BOTH_SIDES) & chin
        ring = apart & (jaw.chin > MOST) & ~jaw.around_chin
        strap = jaw.around_chin & chin & (jaw.right > MOST) & ~jaw.is_shade
        full = both_sides & ((whiskers | hair) & ~ring | (jaw.is_shade & chin)) | strap
        codes = np.full(len(lip), self.vocabulary.index("none"), np.intp)
        # each value overrules the ones before it
        codes[lip] = self.vocabulary.index("mustache")
        codes[chin] = self.vocabulary.index("goatee")
        codes[full] = self.vocabulary.index("beard")
        codes[full & jaw.is_shade & chin] = self.vocabulary.index("stubble")
        codes[jaw.is_face & ~jaw.is_shade & ~jaw.is_ink] = self.vocabulary.index("none")
        return codes


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
