"""Type: which of the two base heads a portrait is drawn on.

Looks for painted lips, redder by far than the skin, and for the dark pixel with which the outline of
the narrower head steps in under the left end of the mouth, where the wider head has plain skin (or
beard). Hair on the lip or chin speaks for the wider head, as does a long way from nose to mouth above
lips without paint; where none of these shows, hair down to the shoulders speaks for the narrower.

Cannot tell a woman without lipstick, on a head without that step, from a man, nor see more than hair where a
mask, smoke or a scarf is in front of the mouth.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.regions import lowest_row
from punkdetect.pixels import lab_of
from punkdetect.punks import NOT_FOUND, BoolArray, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

LONG_LIP = 3
"""Rows from the nose to the mouth that only the wider head has."""

LONG_HAIR = 3
"""Rows below the mouth that hair reaches on the narrower head; on the wider one it comes with a beard."""

MOST = 0.6
"""Share of lip or chin from which it is covered with hair."""

PAINTED, RED = 30.0, 15.0
"""Painted lips are redder than the skin by this much of CIELAB's a*, and red in themselves: on green skin
every grey is redder. The lips of 95 % of the labelled wider heads gain 25 at most."""

CLEAR, DOUBTFUL = 0.98, 0.75
"""Confidence where a second sign agrees with the step, and where the step is all that can be seen."""


class BaseHead:
    """Whether the lips are painted, and whether the outline steps in under the mouth."""

    name = "type.lips_and_chin"
    version = 1
    trait = "type"
    vocabulary = TRAITS["type"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the base head of every portrait; not found where there is no face."""
        jaw, face, mouth = landmarks.jaw, landmarks.face, landmarks.mouth
        painted = _are_painted(landmarks)
        bearded = ((jaw.lip > MOST) | (jaw.chin > MOST)) & ~mouth.covered
        long_lip = face.mouth_row - face.nose_row >= LONG_LIP
        long_hair = lowest_row(landmarks.regions.hair) - face.mouth_row >= LONG_HAIR
        by_chin = jaw.narrow_chin & ~long_lip
        female = (painted | by_chin | (long_hair & ~long_lip)) & ~bearded
        codes = np.where(female, self.vocabulary.index("female"), self.vocabulary.index("male"))
        unsure = mouth.covered | ~(painted | jaw.narrow_chin | bearded | long_lip)
        confidence = np.where(unsure, DOUBTFUL, CLEAR)
        by_hair = female & ~by_chin & ~painted
        evidence = np.where(by_hair[:, None, None], landmarks.regions.hair, jaw.chin_step)
        evidence = np.where((female & painted)[:, None, None], mouth.mask, evidence)
        return make_column(self.trait, np.where(face.found, codes, NOT_FOUND), confidence, evidence)


def _are_painted(landmarks: Landmarks) -> BoolArray:
    """Tell lips with lipstick: shape (N,)."""
    lips, skin = lab_of(landmarks.mouth.lip_rgb), lab_of(landmarks.skin.rgb)
    painted: BoolArray = landmarks.mouth.found & (lips[:, 1] - skin[:, 1] > PAINTED) & (lips[:, 1] > RED)
    return painted


DETECTORS = (BaseHead(),)
