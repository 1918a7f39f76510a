"""`hair_hex`: the exact colour that most of the hair has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.punks import Punks, TraitColumn, make_column

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks


class HairHex:
    """Takes the most frequent colour of the hair.

    It finds nothing on bald heads and where a hat covers all hair. Checkered hair has two or three colours
    of about equal weight; the confidence then says so.
    """

    name = "hair_hex.most_frequent"
    version = 1
    trait = "hair_hex"
    vocabulary: tuple[str, ...] = ()

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the hair's colour of every portrait."""
        hair = landmarks.regions.hair
        counts = landmarks.hair_counts
        color, count = landmarks.palette.main_of(counts)
        share = count / np.maximum(counts.sum(axis=1), 1)
        return make_column(self.trait, color, np.clip(0.6 + 0.4 * share, 0.0, 0.97), hair)


DETECTORS = (HairHex(),)
