"""`clothing_hex`: the exact colour that most of the clothing has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.punks import Punks, TraitColumn, make_column

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks


class ClothingHex:
    """Takes the most frequent colour below chin and neck, down to the bottom edge.

    It finds nothing on bare shoulders and where long hair covers all of it.
    """

    name = "clothing_hex.most_frequent"
    version = 1
    trait = "clothing_hex"
    vocabulary: tuple[str, ...] = ()

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the clothing's colour of every portrait."""
        clothing = landmarks.regions.clothing
        color, count = landmarks.palette.main_color(clothing)
        share = count / np.maximum(clothing.sum(axis=(1, 2)), 1)
        return make_column(self.trait, color, np.clip(0.5 + 0.45 * share, 0.0, 0.97), clothing)


DETECTORS = (ClothingHex(),)
