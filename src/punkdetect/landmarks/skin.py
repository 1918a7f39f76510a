"""The skin: its colour, and the pixels that show it.

Owns what the skin of a portrait looks like. Knows where the face is; must not know what its colour is called.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from punkdetect.bitrows import bits_of, count, flood, keep, mask_of
from punkdetect.landmarks._places import Places
from punkdetect.landmarks.background import Background
from punkdetect.landmarks.face import FaceFrame
from punkdetect.pixels import Palette, lab_distance, unpack_rgb
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray

# Rows and columns (half open) relative to the left eye, and how much each place says about the skin.
# Cheeks are skin in nearly every portrait; goggles cover them, hair hangs over foreheads, beards and masks
# lie below: what shows in several of these places is the skin.
_ZONES = (
    ((2, 5), (-1, 8), 3),  # cheeks and the sides of the nose
    ((1, 6), (2, 5), 2),  # the middle of the face, where no hair hangs
    ((0, 5), (-3, -1), 2),  # temple and ear
    ((5, 8), (-1, 8), 1.5),  # around the mouth
    ((-3, 0), (-1, 8), 2),  # forehead
    ((10, 13), (-1, 4), 2),  # neck
)

CANDIDATES = 8
"""Most frequent colours of the face that are tried."""

ONE_COLOR = 5.0
"""CIELAB distance up to which two colours are one flat colour: re-encoding moves colours by up to 4."""

SHADE = 13.0
"""CIELAB distance from the skin's colour up to which a connected pixel is shaded or lit skin. Shaded necks of
hand-made portraits are 5 to 12 away; blonde hair is 14 and more from its skin, brows 20 and more."""

DARKEST_SKIN, DARK_DOUBT = 20.0, 0.7
"""Lightness under which a colour is more likely hair over the face, and what is left of its weight then; the
darkest labelled skin has 32."""

INK = 12.0
"""Lightness under which a colour is outline or ink; the darkest labelled skin has 28."""


class Skin(NamedTuple):
    """The skin of every portrait.

    Parameters
    ----------
    found : ndarray of bool, shape (N,)
    rgb : ndarray of uint8, shape (N, 3)
        Its most frequent colour.
    mask : ndarray of bool, shape (N, 24, 24)
        Pixels of that colour and of its shades, connected to the face.
    weight : ndarray of float64, shape (N,), in [0, 1]
        How much of the face has that colour, weighted by place.
    """

    found: BoolArray
    rgb: ByteArray
    mask: BoolArray
    weight: FloatArray


def find_skin(palette: Palette, face: FaceFrame, background: Background) -> Skin:
    """Find the skin as the colour that most of the uncovered face has.

    Parameters
    ----------
    palette : Palette
    face : FaceFrame
    background : Background
        All of the same N portraits.

    Returns
    -------
    Skin
    """
    row = np.arange(len(palette))
    lab = palette.lab
    places = Places(face)
    figure = ~bits_of(background.mask)
    zones = [places.rows(*rows) & places.cols(*cols) for rows, cols, _ in _ZONES]
    counts = np.stack([palette.count_bits(zone & figure) for zone in zones])
    candidates = np.argsort(-counts.sum(axis=0), axis=1, kind="stable")[:, :CANDIDATES]
    counts = np.take_along_axis(counts, candidates[None], axis=2)
    lab_of_candidates = lab[row[:, None], candidates]
    alike = lab_distance(lab_of_candidates[:, :, None], lab_of_candidates[:, None]) <= ONE_COLOR
    sizes = np.stack([count(zone) for zone in zones]).clip(min=1)
    # the root of the filled share: showing in several places says more than filling one
    filled = np.sqrt((counts[:, :, None] * alike).sum(axis=3) / sizes[..., None])
    weights = np.array([weight for _, _, weight in _ZONES])
    support = (filled * weights[:, None, None]).sum(axis=0) / weights.sum()
    support[lab_of_candidates[..., 0] < INK] = 0
    support[lab_of_candidates[..., 0] < DARKEST_SKIN] *= DARK_DOUBT
    winner = support.argmax(axis=1)
    weight = support[row, winner]
    found = face.found & (weight > 0)
    # of the colours that are one, the most frequent is the skin's
    color = candidates[row, np.where(alike[row, winner], counts.sum(axis=0), -1).argmax(axis=1)]

    near = palette.bits_with(lab_distance(lab, lab[row, color][:, None]) <= SHADE) & figure
    exact = bits_of(palette.index == color[:, None, None].astype(palette.index.dtype))
    mask = flood(near, exact & places.rows(-4, 9) & places.cols(-4, 10), diagonal=False)
    return Skin(
        found=found,
        rgb=unpack_rgb(palette.colors[row, color]),
        mask=mask_of(keep(mask, found[:, None]), SIDE),
        weight=np.where(found, weight, 0.0),
    )
