"""`hair_color`: the everyday name of the hair's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.color_names import between, certainty, name_hair, polar
from punkdetect.pixels import lab_of
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, FloatArray, IntArray, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks

NONE, MULTICOLOR = (TRAITS["hair_color"].index(name) for name in ("none", "multicolor"))

DARK, PALE = 35.0, 70.0
"""Lightness under which hair without colour is black, and over which it is white."""

COLORLESS, VIVID = 14.0, 25.0
"""Chroma under which a pixel has no colour of its own, and from which its colour is dyed or red."""

LEAST_HALF, LEAST_STREAK = 0.25, 0.12
"""Shares of the hair: black and white halves, and streaks of several vivid colours, from which it is
multicolor. Labelled black hair with blonde strands has 0.12 of them, gray hair 0.2 of black and of white."""

MOST_BETWEEN = 0.2
"""Share of gray between black and white halves; salt-and-pepper hair has more."""

APART = 45.0
"""Degrees of hue between vivid colours that are two, not one in light and shade."""

LEAST_BELOW = 6
"""Pixels of hair beside the face that tell its colour alone."""

HAT_DOUBT = 0.85
"""Confidence left where the cover of the head ends as cleanly as a hat does."""

FLESH_HUES, SAME_TINT = (0.0, 100.0), 25.0
"""Hues of natural skin; and degrees within which skin and hair of a portrait in one tint agree."""


class HairColor:
    """Names the average colour of the hair that can be seen.

    The average, because hair is drawn as a checker of lit and shaded pixels that no single one stands for.
    Hair half black and half white, or with streaks of several vivid colours, is `multicolor`; in a portrait
    painted in one tint, hair of the skin's own tint is black, gray or white. It finds nothing of what a hat
    covers, and takes a hat with flaps for hair if it has a colour that hair may have.
    """

    name = "hair_color.cielab"
    version = 2
    trait = "hair_color"
    vocabulary = TRAITS["hair_color"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the hair colour of every portrait."""
        palette, regions = landmarks.palette, landmarks.regions
        hair, counts = _without_other_cover(landmarks)
        size = counts.sum(axis=1)
        share = _shares(counts)
        mean = (share[..., None] * palette.lab).sum(axis=1)
        mean = _without_tint(mean, lab_of(landmarks.skin.rgb))
        codes, confidence = name_hair(mean), certainty(mean, name_hair)
        mixed = _is_mixed(share, palette.lab)
        codes = np.where(mixed, MULTICOLOR, codes)
        confidence = np.where(mixed, 0.75, confidence)
        # a hat may hide the hair, and hair may be taken for a hat
        doubt = np.where(regions.signs.hat_edge, HAT_DOUBT, 1.0)
        codes = np.where(size > 0, codes, NONE)
        confidence = np.where(size > 0, confidence, 1.0) * doubt
        codes = np.where(landmarks.face.found, codes, NOT_FOUND)
        # what covers the head shows that there is no hair
        evidence = np.where((size > 0)[:, None, None], hair, regions.head_top)
        return make_column(self.trait, codes, 0.97 * confidence, evidence)


def _without_other_cover(landmarks: Landmarks) -> tuple[BoolArray, IntArray]:
    """Return the hair and its pixels of each colour, without what over a hat's edge mixes its colours.

    Above the edge may be a hat that was taken for hair: beside the face the hair is of one colour then.
    """
    palette, regions, counts = landmarks.palette, landmarks.regions, landmarks.hair_counts
    some = np.flatnonzero(regions.signs.hat_edge)
    some = some[_is_mixed(_shares(counts[some]), palette.lab[some])]
    edge_row = regions.signs.edge_row[some, None, None]
    below = regions.hair[some] & (np.arange(SIDE)[:, None] >= edge_row)
    part = palette.take(some)
    fewer = part.count_in(below)
    one_color = (fewer.sum(axis=1) >= LEAST_BELOW) & ~_is_mixed(_shares(fewer), part.lab)
    hair, changed = regions.hair.copy(), some[one_color]
    hair[changed] = below[one_color]
    counts = counts.copy()
    counts[changed] = fewer[one_color]
    return hair, counts


def _shares(counts: IntArray) -> FloatArray:
    """Return the share of each colour, (N, K)."""
    shares: FloatArray = counts / np.maximum(counts.sum(axis=1), 1)[:, None]
    return shares


def _without_tint(hair: FloatArray, skin: FloatArray) -> FloatArray:
    """Take the chroma off hair that has the tint of a skin that is no flesh colour; shapes (N, 3)."""
    _, skin_chroma, skin_hue = polar(skin)
    _, chroma, hue = polar(hair)
    tinted = ~between(skin_hue, *FLESH_HUES) & (chroma <= skin_chroma + SAME_TINT / 2)
    tinted &= np.abs((hue - skin_hue + 180) % 360 - 180) <= SAME_TINT
    return np.where(tinted[:, None], hair * np.array([1.0, 0.0, 0.0]), hair)


def _is_mixed(share: FloatArray, lab: FloatArray) -> BoolArray:
    """Whether hair has two colours that are not shades of one; shape (N,)."""
    # angles take long, and few of a palette's colours are in the hair
    some = share > 0
    light, chroma, hue = (np.zeros(share.shape) for _ in range(3))
    light[some], chroma[some], hue[some] = polar(lab[some])

    def part(where: BoolArray) -> FloatArray:
        total: FloatArray = (share * where).sum(axis=1)
        return total

    black, white = part((chroma < COLORLESS) & (light < DARK)), part((chroma < COLORLESS) & (light > PALE))
    gray = part((chroma < COLORLESS) & (light >= DARK) & (light <= PALE))
    halves = (black >= LEAST_HALF) & (white >= LEAST_HALF) & (gray <= MOST_BETWEEN)
    vivid = np.where(chroma >= VIVID, share, 0.0)
    # hue of most of the vivid hair, and what lies apart from it
    main = np.take_along_axis(hue, vivid.argmax(axis=1)[:, None], axis=1)
    apart = np.abs((hue - main + 180) % 360 - 180) > APART
    streak = (vivid * apart).sum(axis=1)
    mixed: BoolArray = halves | ((streak >= LEAST_STREAK) & ((vivid * ~apart).sum(axis=1) >= LEAST_STREAK))
    return mixed


DETECTORS = (HairColor(),)
