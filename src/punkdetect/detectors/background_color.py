"""`background_color`: the basic colour that most of the background has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect import color_names as names
from punkdetect.pixels import has_alpha
from punkdetect.punks import NOT_FOUND, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks

NEUTRALS = (names.BLACK, names.GRAY, names.WHITE)
NEUTRAL_WEIGHT = 0.8
"""Of a colour and a neutral on about equal areas, people name the colour."""

NEIGHBORS = (
    (names.CYAN, names.GREEN),
    (names.CYAN, names.BLUE),
    (names.BLUE, names.PURPLE),
    (names.PURPLE, names.PINK),
    (names.PINK, names.RED),
    (names.RED, names.ORANGE),
    (names.RED, names.BROWN),
    (names.ORANGE, names.YELLOW),
    (names.ORANGE, names.BROWN),
    (names.ORANGE, names.BEIGE),
    (names.YELLOW, names.GREEN),
    (names.YELLOW, names.BEIGE),
    (names.BROWN, names.BEIGE),
)
"""Names that shade into each other: together on one background they are called by the larger one."""

RIVAL_SHARE = 0.7
"""Area, in parts of the largest colour's, from which an unrelated second colour makes it multicolor."""

MULTICOLOR = TRAITS["background_color"].index("multicolor")


class DominantBackgroundColor:
    """Names every background pixel's colour and takes the name that covers most.

    Two strong colours that do not shade into each other, on about equal areas, are `multicolor`. It cannot
    see a colour behind transparent portraits.
    """

    name = "background_color.dominant_name"
    version = 1
    trait = "background_color"
    vocabulary = TRAITS["background_color"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the colour of every background."""
        palette, counts = landmarks.palette, landmarks.background_counts
        n = len(punks)
        row = np.arange(n)
        used = counts > 0
        lab = palette.lab[used]  # the figure has many more colours, which nobody asked for
        named = names.name_basic(lab)
        portrait = np.nonzero(used)[0]
        area = np.bincount(
            portrait * len(names.BASIC) + named, counts[used], minlength=n * len(names.BASIC)
        ).reshape(n, len(names.BASIC))
        share = area / np.maximum(area.sum(axis=1), 1)[:, None]
        weight = share.copy()
        weight[:, NEUTRALS] *= NEUTRAL_WEIGHT
        first = weight.argmax(axis=1)
        rivals = np.where(_related()[first], 0.0, share)
        mixed = ~np.isin(first, NEUTRALS) & (rivals.max(axis=1) >= RIVAL_SHARE * share[row, first])

        # sure if most of the area is, by far, of that name
        main = named == first[portrait]
        chance = np.zeros(len(lab))
        chance[main] = names.certainty(lab[main], names.name_basic)
        certain = np.zeros(counts.shape)
        certain[used] = chance
        alike = (counts * certain).sum(axis=1)
        confidence = np.clip(alike / np.maximum(counts.sum(axis=1), 1) + 0.1, 0.3, 0.98)
        confidence = np.where(mixed, 0.7, confidence)
        codes = np.where(mixed, MULTICOLOR, first)
        codes = np.where(counts.any(axis=1), codes, NOT_FOUND)
        visible = landmarks.background.mask & has_alpha(punks.rgba, 1)
        return make_column(self.trait, codes, confidence, visible)


def _related() -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Names that make no contrast with another name: itself, its neighbours and the neutrals."""
    related = np.eye(len(names.BASIC), dtype=np.bool_)
    related[:, NEUTRALS] = True
    for one, other in NEIGHBORS:
        related[one, other] = related[other, one] = True
    return related


DETECTORS = (DominantBackgroundColor(),)
