"""What the rule of `earrings` finds beside a face: both sides, the jewels on them, and how sure that is.

Owns what is read of a batch. Must not know who asks.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._ears.jewels import find_jewels
from punkdetect.detectors._ears.shapes import NONE, name_kinds
from punkdetect.detectors._ears.views import Sides, cut_sides
from punkdetect.detectors._once import once
from punkdetect.landmarks import Landmarks
from punkdetect.punks import BoolArray, FloatArray, IntArray
from punkdetect.records import Record


class EarSigns(Record):
    """What the rule finds on N heads.

    Parameters
    ----------
    sides : Sides
        Both sides of every head: 2N views.
    jewels : ndarray of bool, shape (2N, 14, 11)
        The earring of each view.
    codes : ndarray of int, shape (N,)
        What it is: the side that shows more of one says so.
    confidence : ndarray of float64, shape (N,)
    """

    sides: Sides
    jewels: BoolArray
    codes: IntArray
    confidence: FloatArray

    def take(self, heads: IntArray) -> EarSigns:
        """Return the signs of some heads."""
        views = np.concatenate([heads, heads + len(self.codes)])
        return EarSigns(self.sides.take(views), self.jewels[views], self.codes[heads], self.confidence[heads])


@once
def signs_of(landmarks: Landmarks) -> EarSigns:
    """Find the jewels of a batch."""
    sides = cut_sides(landmarks.inked.rgba, landmarks)
    jewels, sure = find_jewels(sides)
    n = len(jewels) // 2
    shown = jewels.sum(axis=(1, 2)).reshape(2, n).argmax(axis=0) * n + np.arange(n)
    codes = name_kinds(jewels, sides.rgb)[shown]
    confidence = np.where(codes > NONE, sure[shown], sure.reshape(2, n).min(axis=0))
    return EarSigns(sides, jewels, codes, confidence)
