"""`background_hex`: the exact colour that most background pixels have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.pixels import has_alpha
from punkdetect.punks import Punks, TraitColumn, make_column

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks


class BackgroundHex:
    """Takes the most frequent colour of the pixels behind the figure.

    Several colours of a gradient may be about equally frequent; the confidence then says so. It finds
    nothing behind transparent portraits.
    """

    name = "background_hex.most_frequent"
    version = 1
    trait = "background_hex"
    vocabulary: tuple[str, ...] = ()

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the background's colour of every portrait."""
        mask = landmarks.background.mask & has_alpha(punks.rgba, 1)
        counts = landmarks.background_counts
        color, count = landmarks.palette.main_of(counts)
        share = count / np.maximum(counts.sum(axis=1), 1)
        return make_column(self.trait, color, np.clip(0.5 + share / 2, 0.0, 0.99), mask)


DETECTORS = (BackgroundHex(),)
