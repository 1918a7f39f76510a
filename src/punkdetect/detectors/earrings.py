"""Earrings: studs, hoops and drops at either side of the head.

Owns the trait `earrings`. Must not know how face, skin and background were found, nor any other trait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.detectors._ears.seeds import LOBE_COLS, LOBE_ROWS
from punkdetect.detectors._ears.shapes import NONE
from punkdetect.detectors._ears.signs import signs_of
from punkdetect.detectors._ears.views import LEFT_COLS, ROWS, place_back, within
from punkdetect.landmarks.flat_colors import color_difference
from punkdetect.punks import NOT_FOUND, BoolArray, ByteArray, Punks, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.punks import TraitColumn


SAME_METAL = 70
"""Sum of the channel differences up to which a neighbour is a shade of the same metal."""


class LonePixelsAtTheEars:
    """Looks for a few pixels beside the face, at the ear lobes, in a colour that nothing else there has.

    Hair is shaded with colours that come again and again, the outline is black, skin is skin; an earring is a
    point, a ring or a line of its own colour, lighter than what is around it or more colourful than the skin.
    So each pixel at the lobes that stands out of its neighbours is grown to the piece of its colour; a small
    piece whose colour comes nowhere near on either side of the face, nor in hair, background or a mask,
    is an earring, unless it is an arm or the strap of glasses, a dot or loop of a mask, a tie around a braid,
    floats like smoke or belongs to what is held in the mouth. The ear's own shading, the skin's colour taken
    darker, is none. A stone of another colour set into it belongs to it. One or two pixels, or a block of
    four, are a stud; what bends around something is a hoop; a line downwards, or metal over a gem, is a drop.

    Cannot see earrings in the colour of the hair, nor tell one from a lone bead in the hair.
    """

    name = "earrings.lone_pixels"
    version = 9
    trait = "earrings"
    vocabulary = TRAITS["earrings"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the earrings of every portrait.

        Parameters
        ----------
        punks : Punks
            N portraits.
        landmarks : Landmarks
            Of the same portraits; face, eye band, mouth, skin, regions and background are used.

        Returns
        -------
        TraitColumn
            Not found where no face is found.
        """
        face, signs = landmarks.face, signs_of(landmarks)
        jewels = signs.jewels
        codes = np.where(face.found, signs.codes, NOT_FOUND)
        looked_at = np.zeros(jewels.shape, np.bool_)
        looked_at[:, within(LOBE_ROWS, ROWS), within(LOBE_COLS, LEFT_COLS)] = True
        none = np.tile(codes == NONE, 2)[:, None, None]
        evidence = place_back(jewels | (looked_at & none), face)
        worn = np.flatnonzero(codes > NONE)
        evidence[worn] = _with_shades(punks.rgba[worn], evidence[worn])
        return make_column(self.trait, codes, signs.confidence, evidence)


def _with_shades(rgba: ByteArray, jewels: BoolArray) -> BoolArray:
    """Add the neighbours that are another shade of the same metal: it is lit on one side."""
    grown = jewels.copy()
    for here, there in (
        (np.s_[:, 1:], np.s_[:, :-1]),
        (np.s_[:, :-1], np.s_[:, 1:]),
        (np.s_[:, :, 1:], np.s_[:, :, :-1]),
        (np.s_[:, :, :-1], np.s_[:, :, 1:]),
    ):
        grown[there] |= jewels[here] & (color_difference(rgba[here], rgba[there]) <= SAME_METAL)
    return grown


DETECTORS = (LonePixelsAtTheEars(),)
