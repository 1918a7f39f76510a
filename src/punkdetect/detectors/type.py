"""Type: which of the two base heads a portrait is drawn on.

Looks for the dark pixel with which the outline of the narrower head steps in under the left end of the
mouth, where the wider head has plain skin (or beard). Hair on the lip or chin and a long way from nose to
mouth speak for the wider head; where none of these shows, hair down to the shoulders speaks for the narrower.

Cannot tell a head without outline and hair, nor see the step behind a mask, smoke or a scarf.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.regions import lowest_row
from punkdetect.punks import NOT_FOUND, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

LONG_LIP = 3
"""Rows from the nose to the mouth that only the wider head has."""

LONG_HAIR = 3
"""Rows below the mouth that hair reaches on the narrower head; on the wider one it comes with a beard."""

MOST = 0.6
"""Share of lip or chin from which it is covered with hair."""

CLEAR, DOUBTFUL = 0.98, 0.75
"""Confidence where a second sign agrees with the step, and where the step is all that can be seen."""


class BaseHead:
    """Whether the outline steps in under the mouth."""

    name = "type.chin_step"
    version = 3
    trait = "type"
    vocabulary = TRAITS["type"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the base head of every portrait; not found where there is no face."""
        jaw, face = landmarks.jaw, landmarks.face
        bearded = (jaw.lip > MOST) | (jaw.chin > MOST)
        long_lip = face.mouth_row - face.nose_row >= LONG_LIP
        long_hair = lowest_row(landmarks.regions.hair) - face.mouth_row >= LONG_HAIR
        female = (jaw.narrow_chin | long_hair) & ~bearded & ~long_lip
        codes = np.where(female, self.vocabulary.index("female"), self.vocabulary.index("male"))
        unsure = landmarks.mouth.covered | ~(jaw.narrow_chin | bearded | long_lip)
        confidence = np.where(unsure, DOUBTFUL, CLEAR)
        by_hair = female & ~jaw.narrow_chin
        evidence = np.where(by_hair[:, None, None], landmarks.regions.hair, jaw.chin_step)
        return make_column(self.trait, np.where(face.found, codes, NOT_FOUND), confidence, evidence)


DETECTORS = (BaseHead(),)
