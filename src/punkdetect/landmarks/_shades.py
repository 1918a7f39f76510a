"""Families of colours: shades that belong together, and what is no shade of any of them.

Owns nothing but colours of regions; must not know what a region is.
"""

from __future__ import annotations

import numpy as np

from punkdetect.pixels import Palette, is_near_any
from punkdetect.punks import BoolArray, FloatArray, IntArray

SAME_FAMILY = 12.0
"""CIELAB distance between shades that belong together: neighbouring shades of checkered hair are 6 to 11
apart."""

ALIKE_TINT = 22.0
"""Distance in the a-b plane up to which a colour may be a shade of another; from brown hair to a red scarf
40, to gold 30."""

ALIKE_HUE, CHROMA_RATIO = 25.0, 2.5
"""Degrees, and times the chroma, up to which a stronger colour may be a lit shade of another."""

TRIED_COLORS = 16
"""Most frequent colours of a region that are compared with another's."""


def top_colors(palette: Palette, mask: BoolArray, least: int) -> tuple[IntArray, FloatArray]:
    """Return counts (0 where below `least`) and CIELAB of a region's most frequent colours, (N, 16, ...)."""
    row = np.arange(len(palette))[:, None]
    counts = palette.count_in(mask)
    index = np.argsort(-counts, axis=1, kind="stable")[:, :TRIED_COLORS]
    count = counts[row, index]
    return np.where(count >= least, count, 0), palette.lab[row, index]


def share_in_family(palette: Palette, part: BoolArray, whole: BoolArray) -> FloatArray:
    """Share of a region's pixels whose shade occurs in another region too; shape (N,)."""
    count, lab = top_colors(palette, part, 1)
    other_count, other_lab = top_colors(palette, whole, 2)
    shared = is_near_any(lab, other_lab, other_count > 0, SAME_FAMILY)
    share: FloatArray = (count * shared).sum(axis=1) / np.maximum(count.sum(axis=1), 1)
    return share


def of_family(palette: Palette, seeds: BoolArray, reach: float) -> BoolArray:
    """Pixels whose colour is, or is near, a colour of the seeds."""
    count, lab = top_colors(palette, seeds, 1)
    near = is_near_any(palette.lab, lab, count > 0, reach)
    return palette.of_pixels(near | (palette.count_in(seeds) > 0))


def unlike_any(palette: Palette, hair: BoolArray) -> BoolArray:
    """Return the pixels whose colour is no shade of any of the hair: crowns, scarves, black hats on red."""
    count, lab = top_colors(palette, hair, 1)
    a, b = (np.ascontiguousarray(palette.lab[..., i]) for i in (1, 2))
    chroma = np.hypot(a, b)
    alike = np.zeros(a.shape, np.bool_)
    for other in np.flatnonzero((count > 0).any(axis=0)):
        hair_a, hair_b = lab[:, other, 1, None], lab[:, other, 2, None]
        hair_chroma = np.hypot(hair_a, hair_b)
        tint = (a - hair_a) ** 2 + (b - hair_b) ** 2 <= ALIKE_TINT**2
        same_hue = a * hair_a + b * hair_b > np.cos(np.radians(ALIKE_HUE)) * chroma * hair_chroma
        lit = same_hue & (chroma <= CHROMA_RATIO * hair_chroma)
        alike |= (tint | lit) & (count[:, other, None] > 0)
    return palette.of_pixels(~alike)
