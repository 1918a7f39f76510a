"""`skin_hex`: the exact colour that most of the visible skin has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.pixels import pack_rgb
from punkdetect.punks import NOT_FOUND, Punks, TraitColumn, make_column

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks

CLEAR = 0.6
"""Weight of a colour in the face from which it is certainly the skin; behind goggles and a beard 0.3."""


class SkinHex:
    """Takes the colour that shows in most places where a face is bare: cheeks, nose, forehead, ear, neck.

    Where a mask and goggles leave nothing bare it takes what it sees for skin.
    """

    name = "skin_hex.face_places"
    version = 4
    trait = "skin_hex"
    vocabulary: tuple[str, ...] = ()

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the skin's colour of every portrait."""
        skin = landmarks.skin
        codes = np.where(skin.found, pack_rgb(skin.rgb).astype(np.intp), NOT_FOUND)
        confidence = np.clip(0.6 + 0.39 * skin.weight / CLEAR, 0.0, 0.99)
        return make_column(self.trait, codes, confidence, skin.mask)


DETECTORS = (SkinHex(),)
