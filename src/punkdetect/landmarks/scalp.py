"""The scalp of heads without a body of hair: strands, a shaved shade, or nothing.

Owns what is drawn on the crown within the head's own outline. Knows face, skin and regions; must not know
what any trait is called.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import bits_of, count, count_bits, down, keep, mask_of
from punkdetect.landmarks._places import Places
from punkdetect.landmarks.background import Background
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.regions import Regions
from punkdetect.landmarks.skin import Skin
from punkdetect.pixels import Palette, lab_distance, lab_of
from punkdetect.punks import SIDE, BoolArray, FloatArray
from punkdetect.records import Record

SCALP_COLS = (-1, 7)
"""Columns of the crown relative to the left eye (half open), without the outline on either side."""

DISTINCT = 5.0
"""CIELAB distance from the skin at which a scalp pixel is drawn over."""

LEAST_STRANDS = 5
"""Drawn pixels of a bald crown from which they are strands of hair; a highlight has 4 and fewer."""

MOST_IN_ROW = 5
"""Drawn pixels in one row of the crown up to which they are strands; a band across it has all eight."""

HEAD_TOP, HEAD_COLS = -5, (-2, 7)
"""Highest row and outermost columns, relative to the left eye, that a cover as tight as a shaved shade
reaches; every cap and cloth of the labelled portraits reaches further on one side at least."""

SAME_HUE = 0.6
"""Radians by which the hue of a shaved shade may differ from the skin's; grey cloths have no hue at all."""

LEAST_CHROMA = 2.0
"""Chroma under which a cover is grey: cloth, not the shade of skin."""


class Scalp(Record):
    """The crowns of heads without a body of hair; bool arrays.

    Parameters
    ----------
    shorn : ndarray, shape (N,)
        Whether strands or a shaved shade are all the hair there is.
    mask : ndarray, shape (N, 24, 24)
        The pixels that show it.
    """

    shorn: BoolArray
    mask: BoolArray


def find_scalp(
    palette: Palette, face: FaceFrame, background: Background, skin: Skin, regions: Regions
) -> Scalp:
    """Find strands and shaved shades.

    Parameters
    ----------
    palette : Palette
    face : FaceFrame
    background : Background
    skin : Skin
    regions : Regions
        All of the same N portraits.

    Returns
    -------
    Scalp
    """
    skin_lab = lab_of(skin.rgb)
    places = Places(face)
    behind, head_top = bits_of(background.mask), bits_of(regions.head_top)
    drawn = palette.bits_with(lab_distance(palette.lab, skin_lab[:, None]) > DISTINCT) & ~behind
    crown = places.rows(-SIDE, -1) & places.cols(*SCALP_COLS) & down(~behind, 1)
    no_hair = face.found & ~regions.hair.any(axis=(1, 2))
    strands = drawn & crown
    strands = keep(strands, count_bits(strands) <= MOST_IN_ROW)
    no_cover = count(head_top) < LEAST_STRANDS
    has_strands = no_hair & no_cover & (count(strands) >= LEAST_STRANDS)

    inside = places.rows(HEAD_TOP, SIDE) & places.cols(HEAD_COLS[0], HEAD_COLS[1] + 1)
    tight = head_top.any(axis=1) & ~(head_top & ~inside).any(axis=1)
    shaved = no_hair & tight
    some = np.flatnonzero(shaved)  # few heads are: most have hair or a hat
    lab = np.take_along_axis(
        palette.lab[some], palette.index[some].reshape(len(some), SIDE * SIDE, 1), axis=1
    )
    shaved[some] = _is_shade(lab.reshape(len(some), SIDE, SIDE, 3), regions.head_top[some], skin_lab[some])
    bits = keep(strands, has_strands[:, None]) | keep(head_top, shaved[:, None])
    return Scalp(has_strands | shaved, mask_of(bits, SIDE))


def _is_shade(lab: FloatArray, cover: BoolArray, skin: FloatArray) -> BoolArray:
    """Whether a cover is darker than the skin and of its hue: shape (N,)."""
    count = np.maximum(cover.sum(axis=(1, 2)), 1)
    mean = (lab * cover[..., None]).sum(axis=(1, 2)) / count[:, None]
    hue = np.arctan2(mean[:, 2], mean[:, 1]) - np.arctan2(skin[:, 2], skin[:, 1])
    hue = np.abs((hue + np.pi) % (2 * np.pi) - np.pi)
    chroma = np.hypot(mean[:, 1], mean[:, 2])
    shade: BoolArray = (mean[:, 0] < skin[:, 0]) & (hue < SAME_HUE) & (chroma > LEAST_CHROMA)
    return shade
