"""`background`: what kind of picture is behind the figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punkdetect.punks import Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks


class BackgroundPattern:
    """Looks at how the colours along the top and both sides of the picture go on inwards.

    One colour is `solid`; two to four flat blocks are a `split`; five and more bands that shade into one
    another are a `gradient`, bands that come back are `stripes`; what repeats in both directions is a
    `checker`; anything else that is drawn there is a `scene`; nothing at all is `transparent`. It cannot
    see objects that touch neither the edge nor a band, such as a lone star on a plain sky.
    """

    name = "background.edge_pattern"
    version = 2
    trait = "background"
    vocabulary = TRAITS["background"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the kind of background of every portrait."""
        background = landmarks.background
        return make_column(self.trait, background.kind, background.confidence, background.mask)


DETECTORS = (BackgroundPattern(),)
