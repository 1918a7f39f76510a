"""Headwear: what is worn on the head, told from hair by its edge and named by its shape.

Owns the trait `headwear`. Must not know how faces, edges and outlines are found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.detectors._headwear.rules import VALUES, decide
from punkdetect.detectors._headwear.signs import signs_of
from punkdetect.punks import NOT_FOUND, Punks, make_column

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.punks import TraitColumn


class EdgeAndShape:
    """Looks for something that ends in a line across the forehead and is no hair, or is foreign to the hair.

    A hat covers the forehead down to one straight edge, and its colours do not go on beside the face, as
    those of hair do. Its outline names it: a brim around (cowboy hat with raised sides, top hat, fedora,
    bucket, cone), on one side (cap), a tail (bandana), a bulge (beret), points (crown), lobes (ears), or a
    plain dome (beanie, tight cloth). A shell down both sides of the face is a hood. What does not cover the
    head is a ring over it, a band across it, or a coloured piece in the hair: in the middle a tiara, at the
    side, by size, a clip, a flower or a bow.

    Cannot see headwear of exactly the hair's colours without a brim, nor tell short hair with a straight edge
    in a colour that hair never has from tight cloth.
    """

    name = "headwear.edge_and_shape"
    version = 2
    trait = "headwear"
    vocabulary = VALUES

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the headwear of every portrait.

        Parameters
        ----------
        punks : Punks
            N portraits.
        landmarks : Landmarks
            Of the same portraits; palette, face, background and skin are used.

        Returns
        -------
        TraitColumn
            Not found where no face is found. Evidence is the hat or ornament; the edge of the forehead where
            nothing is worn.
        """
        face, signs = landmarks.face, signs_of(landmarks)
        decided = decide(signs)
        evidence = np.zeros_like(signs.head.figure)
        for what, where in decided.shows.items():
            evidence[where] = signs.shown(what, np.flatnonzero(where))
        codes = np.where(face.found, decided.codes, NOT_FOUND)
        return make_column(self.trait, codes, decided.confidence, signs.head.in_picture(evidence))


DETECTORS = (EdgeAndShape(),)
