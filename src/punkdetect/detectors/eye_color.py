"""`eye_color`: the everyday name of the iris colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.color_names import certainty, name_eye
from punkdetect.pixels import lab_of, unpack_rgb
from punkdetect.punks import NOT_FOUND, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks

MULTICOLOR = TRAITS["eye_color"].index("multicolor")


class EyeColor:
    """Names the pixel beside the white or the black pupil of each eye, or the only one; two are `multicolor`.

    It finds nothing behind lenses that hide the eyes; behind tinted ones it names the tinted colour.
    """

    name = "eye_color.iris"
    version = 4
    trait = "eye_color"
    vocabulary = TRAITS["eye_color"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the eye colour of every portrait."""
        irises = landmarks.irises
        lab = lab_of(unpack_rgb(np.maximum(irises.color, 0)))
        names = np.where(irises.color == NOT_FOUND, NOT_FOUND, name_eye(lab))
        sure = certainty(lab, name_eye)
        left, right = names[:, 0], names[:, 1]
        one = np.where(left != NOT_FOUND, left, right)
        differ = (left != right) & (left != NOT_FOUND) & (right != NOT_FOUND)
        codes = np.where(differ, MULTICOLOR, one)
        confidence = np.where(left != NOT_FOUND, sure[:, 0], sure[:, 1]) * 0.95 * irises.clear
        return make_column(self.trait, codes, confidence, irises.mask)


DETECTORS = (EyeColor(),)
