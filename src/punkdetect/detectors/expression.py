"""Expression: the one pixel at the corner of the mouth.

Owns the trait `expression`. Must not know how the face or the mouth was found, nor any other trait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.landmarks.flat_colors import BLACK
from punkdetect.punks import NOT_FOUND, BoolArray, Punks, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.punks import TraitColumn

NEUTRAL, SMILE, FROWN, HIDDEN = range(4)
"""Codes of the values, in the order of the vocabulary."""

SURE = 0.995
"""Confidence where the lips stand out clearly: no such mouth of the labelled portraits is read wrongly."""

FAINT_LIPS, FAINT = 40, 0.95
"""Sum of the channel differences between lips and face under which a corner pixel is easily lost, and the
confidence then. Few labelled portraits are that faint."""

IN_BLACK_BEARD = 0.96
"""Confidence of `neutral` in a black beard: a corner drawn in black ink cannot be seen there. 12 of the 290
such CryptoPunks have one."""

ODD_FACES = ((0.8, 0.98), (0.7, 0.85), (0.6, 0.6))
"""Scores of faces under which less of what is expected is seen (VR sets, masks), and the confidence then at
most: in drawn portraits of many styles 0.97, 0.77 and half of the answers are right there."""

CROOKED = 0.6
"""Confidence when one corner is raised and one lowered: read as a smile, but people may differ."""

UNSEEN = 0.5
"""Confidence of `hidden` where nothing is known to cover the mouth, but no bar is seen."""

COVERED = 0.95
"""Confidence of `hidden`: all labelled masks and scarves are found, with one portrait of another kind."""


class MouthCurvature:
    """Looks for one extra pixel in the colour of the lips above or below an end of the mouth.

    The bar of the mouth is followed to its ends. A lone lip-coloured pixel in the row above, at an end or
    just outside it, makes a smile; one in the row below a frown; neither is neutral. Where cloth covers the
    mouth or no bar is seen, the expression is hidden. A mole of another colour, a moustache, the outline of
    the jaw and what is smoked are no such pixel: they have another colour or go on.

    Cannot see a corner drawn in the very colour of the beard around it, nor a smile of teeth alone.
    """

    name = "expression.mouth_curvature"
    version = 5
    trait = "expression"
    vocabulary = TRAITS["expression"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the expression of every portrait.

        Parameters
        ----------
        punks : Punks
            N portraits.
        landmarks : Landmarks
            Of the same portraits; face and mouth are used.

        Returns
        -------
        TraitColumn
            Evidence is the mouth bar with its raised or lowered pixels, or the cloth where a mouth would be.
        """
        face, mouth = landmarks.face, landmarks.mouth
        raised, lowered = mouth.raised.any(axis=(1, 2)), mouth.lowered.any(axis=(1, 2))
        codes = np.full(len(punks), NEUTRAL)
        codes[lowered] = FROWN
        codes[raised] = SMILE
        codes[~mouth.found] = HIDDEN
        codes[~face.found] = NOT_FOUND

        confidence = np.full(len(punks), SURE)
        confidence[mouth.contrast < FAINT_LIPS] = FAINT
        confidence[(codes == NEUTRAL) & _in_black(punks, landmarks)] = IN_BLACK_BEARD
        confidence[raised & lowered] = CROOKED
        confidence[mouth.covered] = COVERED
        confidence[~mouth.found & ~mouth.covered] = UNSEEN
        for score, at_most in ODD_FACES:
            confidence[face.score < score] = np.minimum(confidence[face.score < score], at_most)

        evidence = mouth.mask | np.where((codes == FROWN)[:, None, None], mouth.lowered, mouth.raised)
        evidence |= mouth.cover
        return make_column(self.trait, codes, confidence, evidence)


def _in_black(punks: Punks, landmarks: Landmarks) -> BoolArray:
    """Tell whether the mouth is in a black beard: ink above, below and beside the bar."""
    around = landmarks.face.crop(landmarks.inked.rgba, range(-1, 2), range(-1, 4), anchor="mouth")
    dark = around[..., :3].sum(axis=-1, dtype=np.intp) < BLACK
    return np.asarray(dark[:, (0, 2), 1:4].all(axis=(1, 2)) & dark[:, 1, 0])


DETECTORS = (MouthCurvature(),)
