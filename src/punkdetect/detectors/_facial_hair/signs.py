"""What the rule of `facial_hair` says of every lower face, and how sure that is.

Owns which covered parts make which value. Must not know who asks, nor how hair is followed to its ends.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._once import once
from punkdetect.landmarks import Jaw, Landmarks
from punkdetect.punks import FloatArray, IntArray
from punkdetect.records import Record
from punkdetect.vocabulary import TRAITS

VALUES = TRAITS["facial_hair"]

MOST = 0.6
"""Share of a part from which it counts as covered: two of its three pixels."""

SOME = 0.3
"""Share of the right jaw from which a beard may reach it: one of its three pixels, where faces are narrow."""

MOST_OF_BOTH_SIDES = 1.5
"""Covered shares of both sides of the jaw together from which hair on lip or chin is a full beard."""

ROWS_APART, ROWS_APART_BOTH = 2, 4
"""Rows beside the mouth, of three on the left side and of six on both, with skin between hair and outline
from which it does not cover the jaw: labelled beards have one, or three on the shaded side alone."""

CLEAR, DOUBTFUL, HIDDEN = 0.99, 0.8, 0.93
"""Confidence where each part is all or nothing, where one is half covered, and behind a mask (of the
labelled masks, one in five lets a beard be seen at its edge)."""


class CoverSigns(Record):
    """What the rule says of N portraits, whether a face was found or not.

    Parameters
    ----------
    codes : ndarray of int, shape (N,)
    confidence : ndarray of float64, shape (N,), in [0, 1]
    """

    codes: IntArray
    confidence: FloatArray


@once
def signs_of(landmarks: Landmarks) -> CoverSigns:
    """Name what covers the lower faces of a batch."""
    jaw, hidden = landmarks.jaw, landmarks.mouth.covered
    parts = np.stack([jaw.lip, jaw.chin, jaw.left], axis=1)
    half = ((parts > 0) & (parts < 1)).any(axis=1)
    confidence = np.where(hidden, HIDDEN, np.where(half, DOUBTFUL, CLEAR))
    return CoverSigns(np.where(hidden, VALUES.index("none"), _classify(jaw)), confidence)


def _classify(jaw: Jaw) -> IntArray:
    """Return the codes of what covers every lower face: shape (N,)."""
    # a shadow under the chin alone is no tuft of hair
    lip, chin = jaw.lip > MOST, (jaw.chin > MOST) | ((jaw.chin_tip > MOST) & ~jaw.is_shade)
    both_sides = (jaw.left > 0) & (jaw.right > SOME)
    # a goatee is a ring around the mouth with skin on the cheeks, a beard goes on to the outline
    apart = (jaw.skin_left >= ROWS_APART) | (jaw.skin_left + jaw.skin_right >= ROWS_APART_BOTH)
    # side whiskers and chin straps leave the mouth free, but reach down both sides
    whiskers = (jaw.left == 1) & (jaw.right > MOST) & ~jaw.is_ink
    whiskers &= np.where(lip, ~apart, ~jaw.is_shade)
    hair = (jaw.left + jaw.right >= MOST_OF_BOTH_SIDES) & chin
    ring = apart & (jaw.chin > MOST) & ~jaw.around_chin
    strap = jaw.around_chin & chin & (jaw.right > MOST) & ~jaw.is_shade
    full = both_sides & ((whiskers | hair) & ~ring | (jaw.is_shade & chin)) | strap
    codes = np.full(len(lip), VALUES.index("none"), np.intp)
    # each value overrules the ones before it
    codes[lip] = VALUES.index("mustache")
    codes[chin] = VALUES.index("goatee")
    codes[full] = VALUES.index("beard")
    codes[full & jaw.is_shade & chin] = VALUES.index("stubble")
    codes[jaw.is_face & ~jaw.is_shade & ~jaw.is_ink] = VALUES.index("none")
    return codes
