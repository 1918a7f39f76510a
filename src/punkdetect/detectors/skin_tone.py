"""`skin_tone`: light, medium or dark skin, gray portraits, and skins of other colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.color_names import certainty, name_skin
from punkdetect.pixels import lab_of
from punkdetect.punks import NOT_FOUND, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks


class SkinTone:
    """Names the skin's main colour by its lightness and by how strong and how yellow it is.

    Skin without colour is `gray`; green, blue, purple, yellow and paper white are `other`. It sees the
    colour only: the brown face of an ape is `dark`.
    """

    name = "skin_tone.cielab"
    version = 4
    trait = "skin_tone"
    vocabulary = TRAITS["skin_tone"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the skin tone of every portrait."""
        skin = landmarks.skin
        lab = lab_of(skin.rgb)
        codes = np.where(skin.found, name_skin(lab), NOT_FOUND)
        confidence = np.clip(certainty(lab, name_skin) * (0.8 + 0.3 * skin.weight), 0.0, 0.98)
        return make_column(self.trait, codes, confidence, skin.mask)


DETECTORS = (SkinTone(),)
