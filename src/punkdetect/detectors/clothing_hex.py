"""`clothing_hex`: the exact colour that most of the clothing has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.punks import BoolArray, Punks, TraitColumn, make_column

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks

LEAST_ON_EDGE = 2
"""Pixels of a colour of clothes on the bottom edge, which shoulders reach along the whole of."""


class ClothingHex:
    """Takes the most frequent colour below chin and neck, if it stands on the bottom edge.

    Beards, pipes and the ends of hair hang over bare necks and end above it. It finds nothing on bare
    shoulders and where long hair covers all of it.
    """

    name = "clothing_hex.most_frequent"
    version = 3
    trait = "clothing_hex"
    vocabulary: tuple[str, ...] = ()

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the clothing's colour of every portrait."""
        palette, clothing = landmarks.palette, landmarks.regions.clothing
        counts = palette.count_in(clothing)
        bottom = np.zeros_like(clothing)
        bottom[:, -1] = clothing[:, -1]
        on_edge: BoolArray = palette.count_in(bottom) >= LEAST_ON_EDGE
        worn = on_edge & (landmarks.hair_counts == 0)
        color, count = palette.main_of(np.where(worn, counts, 0))
        share = count / np.maximum(clothing.sum(axis=(1, 2)), 1)
        return make_column(self.trait, color, np.clip(0.5 + 0.45 * share, 0.0, 0.97), clothing)


DETECTORS = (ClothingHex(),)
