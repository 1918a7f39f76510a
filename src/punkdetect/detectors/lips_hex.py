"""`lips_hex`: the exact colour of the mouth bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.punks import Punks, TraitColumn, make_column

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks

CLEAR_CONTRAST = 80
"""Sum of the channel differences between lips and face from which they are certainly lips."""


class LipsHex:
    """Takes the most frequent colour of the bar under the nose.

    It finds nothing where a mask or a scarf covers the mouth.
    """

    name = "lips_hex.mouth_bar"
    version = 1
    trait = "lips_hex"
    vocabulary: tuple[str, ...] = ()

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the lips' colour of every portrait."""
        mouth = landmarks.mouth
        mask = mouth.mask & (mouth.found & ~mouth.covered)[:, None, None]
        color, _ = landmarks.palette.main_color(mask)
        clear = np.clip(mouth.contrast / CLEAR_CONTRAST, 0.0, 1.0)
        return make_column(self.trait, color, 0.7 + 0.28 * clear, mask)


DETECTORS = (LipsHex(),)
