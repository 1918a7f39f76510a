"""`eyes_hex`: the exact colour of the iris."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.punks import NOT_FOUND, Punks, TraitColumn, make_column

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks


class EyesHex:
    """Takes the pixel beside the black pupil of an eye.

    The left eye as seen in the picture answers, the right one where the left is covered. It finds nothing
    behind lenses that hide the eyes.
    """

    name = "eyes_hex.iris"
    version = 4
    trait = "eyes_hex"
    vocabulary: tuple[str, ...] = ()

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the iris colour of every portrait."""
        irises = landmarks.irises
        left, right = irises.color[:, 0], irises.color[:, 1]
        codes = np.where(left != NOT_FOUND, left, right)
        confidence = 0.97 * irises.clear * np.where((left == right) | (right == NOT_FOUND), 1.0, 0.7)
        return make_column(self.trait, codes, confidence, irises.mask)


DETECTORS = (EyesHex(),)
