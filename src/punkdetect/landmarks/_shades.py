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

GLARING = 55.0
"""Chroma that painted faces and their shades have; natural skin has 35 at most, and hair seldom more."""

TRIED_COLORS = 16
"""Most frequent colours of a region that are compared with another's."""


def top_colors(palette: Palette, counts: IntArray, least: int) -> tuple[IntArray, FloatArray]:
    """Return counts (0 where below `least`) and CIELAB of a region's most frequent colours, (N, 16, ...)."""
    index = np.argsort(-counts, axis=1, kind="stable")[:, :TRIED_COLORS]
    count = np.take_along_axis(counts, index, axis=1)
    return np.where(count >= least, count, 0), palette.lab_at(index)


def share_in_family(palette: Palette, part: IntArray, whole: IntArray) -> FloatArray:
    """Share of a region's pixels whose shade occurs in another region too; shape (N,).

    Both are given as pixels of each colour, (N, K), as are the regions below.
    """
    count, lab = top_colors(palette, part, 1)
    other_count, other_lab = top_colors(palette, whole, 2)
    (shared,) = is_near_any(lab, other_lab, other_count > 0, SAME_FAMILY)
    share: FloatArray = (count * shared).sum(axis=1) / np.maximum(count.sum(axis=1), 1)
    return share


def of_family(palette: Palette, seeds: IntArray, *reaches: float) -> tuple[BoolArray, ...]:
    """Colours that are, or are near, a colour of the seeds: (N, K), for each of some distances."""
    count, lab = top_colors(palette, seeds, 1)
    return tuple(near | (seeds > 0) for near in is_near_any(palette.lab, lab, count > 0, *reaches))


def unlike_any(palette: Palette, hair: IntArray) -> BoolArray:
    """Return the colours, (N, K), that are no shade of any of the hair: of crowns, black hats on red."""
    count, lab = top_colors(palette, hair, 1)
    a, b = np.ascontiguousarray(palette.lab[..., 1]), np.ascontiguousarray(palette.lab[..., 2])
    chroma = palette.chroma
    alike = np.zeros(a.shape, np.bool_)
    for other in range(count.shape[1]):
        some = np.flatnonzero(count[:, other])
        hair_a, hair_b = lab[some, other, 1, None], lab[some, other, 2, None]
        hair_chroma = np.hypot(hair_a, hair_b)
        part_a, part_b = a[some], b[some]
        tint = (part_a - hair_a) ** 2 + (part_b - hair_b) ** 2 <= ALIKE_TINT**2
        along = part_a * hair_a + part_b * hair_b
        same_hue = along > np.cos(np.radians(ALIKE_HUE)) * chroma[some] * hair_chroma
        alike[some] |= tint | (same_hue & (chroma[some] <= CHROMA_RATIO * hair_chroma))
    return ~alike


def like_glaring_skin(palette: Palette, bare: IntArray) -> BoolArray:
    """Return the colours, (N, K), that are glaring and of the hue of a face that glares as well."""
    skin = palette.lab[np.arange(len(palette)), bare.argmax(axis=1), 1:]
    a, b = palette.lab[..., 1], palette.lab[..., 2]
    chroma, skin_chroma = palette.chroma, np.hypot(skin[:, 0], skin[:, 1])[:, None]
    along = a * skin[:, 0, None] + b * skin[:, 1, None]
    same_hue = along > np.cos(np.radians(ALIKE_HUE)) * chroma * skin_chroma
    glaring: BoolArray = same_hue & (chroma >= GLARING) & (skin_chroma >= GLARING)
    return glaring
