"""Tells whether the whole outermost ring of pixels is one bright colour."""

import numpy as np

from punkdetect.punks import TraitColumn

BRIGHT = 200
"""Least value of every channel of a ring that glows."""


class RimAura:
    """A glow all around: the outermost ring of pixels has one bright colour.

    Looks at the ring of 92 pixels alone. Cannot see a glow that does not reach the edge.
    """

    name = "aura.rim"
    version = 1
    trait = "aura"
    vocabulary = ("none", "glow")

    def detect(self, punks, landmarks):
        """Return `glow` where the ring is of one bright colour, else `none`."""
        ring = np.ones((24, 24), bool)
        ring[1:-1, 1:-1] = False
        pixels = punks.rgba[:, ring]
        glows = (pixels == pixels[:, :1]).all((1, 2)) & (pixels[:, 0, :3] >= BRIGHT).all(1)
        evidence = np.broadcast_to(ring, (len(punks), 24, 24)).copy()
        return TraitColumn(self.trait, glows.astype(int), np.ones(len(punks)), evidence, self.vocabulary)


DETECTORS = (RimAura(),)
