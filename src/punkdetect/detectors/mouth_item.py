"""Mouth item: what is smoked, and what covers the mouth.

Owns the trait `mouth_item`. Must not know how the face or the mouth was found, nor any other trait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from punkdetect.detectors._mouth.signs import signs_of
from punkdetect.punks import Punks, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.punks import TraitColumn


class LeavesTheMouth:
    """Looks for something that begins at the mouth and leaves the head without a gap, and for cloth over it.

    Beside a bare mouth there is skin or beard. What is held is connected with the mouth, column by column,
    until it is past the jaw, and of other colours than hair and clothes. It is a pipe if it is brown and
    hangs down or ends in a bowl, or has a black stem; a cigarette if it is pale, a cigar if it is brown, a
    vape if it is grey or glows in a cold colour. A thin diagonal line out of the jaw is a cigarette in its
    holder. A round piece of chewing-gum colour over the mouth, a stem of green, a horn and a sweet on a stick
    are something else. Cloth over nose and mouth is a mask.

    Cannot see what does not stick out of the head (a toothpick on the cheek, a chin strap), nor smoke alone.
    """

    name = "mouth_item.leaves_the_mouth"
    version = 7
    trait = "mouth_item"
    vocabulary = TRAITS["mouth_item"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return what every portrait has in or over its mouth.

        Parameters
        ----------
        punks : Punks
            N portraits.
        landmarks : Landmarks
            Of the same portraits; face, mouth and background are used.

        Returns
        -------
        TraitColumn
            Evidence is what is held, or the cloth; the mouth bar where there is none of them.
        """
        signs = signs_of(landmarks)
        return make_column(self.trait, signs.codes, signs.confidence, signs.evidence)


DETECTORS = (LeavesTheMouth(),)
