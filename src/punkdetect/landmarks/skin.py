"""The skin: its colour, and the pixels that show it.

Owns what the skin of a portrait looks like. Knows where the face is; must not know what its colour is called.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import bits_of, flood, keep, mask_of
from punkdetect.landmarks._places import Places
from punkdetect.landmarks.background import Background
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import cut_boxes
from punkdetect.pixels import Palette, lab_distance, unpack_rgb
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray
from punkdetect.records import Record

# Rows and columns (half open) relative to the left eye, and how much each place says about the skin: for it
# where skin shows in nearly every portrait, against it where hair hangs. What shows in several of the places
# for it is the skin: goggles cover cheeks, hair foreheads, beards and masks what is below. The weights are
# those of a conditional logit (McFadden 1974) between the colours of each portrait, fitted to the exact skin
# colours of labelled and drawn portraits and of their mirror images.
_ZONES: tuple[tuple[tuple[int, int], tuple[int, int], float], ...] = (
    ((-3, 0), (-1, 8), 4.9),  # forehead
    ((-1, 2), (2, 5), 2.3),  # between the eyes
    ((1, 6), (2, 5), 4.6),  # the middle of the face, where no hair hangs
    ((3, 5), (1, 6), 3.8),  # around the nose
    ((5, 8), (-1, 8), 2.0),  # around the mouth
    ((10, 13), (-1, 4), 1.4),  # neck
    ((2, 5), (-1, 8), -2.9),  # cheeks, beyond the places above: hair frames narrow faces
    ((2, 8), (-6, -3), -2.8),  # beside the head: long hair
    ((0, 5), (-3, -1), 0.0),  # temple and ear, where no lens is
    ((-3, -1), (-1, 8), 0.0),  # forehead, above all rims
)
_FOREHEAD, _BETWEEN, _MIDDLE, _MOUTH, _NECK, _EAR, _BROW = 0, 1, 2, 4, 5, 8, 9
"""Places of zones among those."""

_WEIGHTS = np.array([weight for _, _, weight in _ZONES])
_FOR = np.maximum(_WEIGHTS, 0.0)
"""Weights of the places that speak for skin alone."""

_TOP, _LEFT = min(rows[0] for rows, _, _ in _ZONES), min(cols[0] for _, cols, _ in _ZONES)
_BITS = 5
"""Bits of a digit that counts the pixels of a zone."""

_DIGITS = np.zeros(
    [max(rows[1] for rows, _, _ in _ZONES) - _TOP, max(cols[1] for _, cols, _ in _ZONES) - _LEFT]
)
"""For each place around the face the number that a pixel there adds: 1 in the digit of each of its zones."""
for _zone, (_rows, _cols, _) in enumerate(_ZONES):
    _DIGITS[_rows[0] - _TOP : _rows[1] - _TOP, _cols[0] - _LEFT : _cols[1] - _LEFT] += 1 << _BITS * _zone

CANDIDATES = 8
"""Most frequent colours of the face that are tried."""

ONE_COLOR = 5.0
"""CIELAB distance up to which two colours are one flat colour: re-encoding moves colours by up to 4."""

SHADE = 13.0
"""CIELAB distance from the skin's colour up to which a connected pixel is shaded or lit skin. Shaded necks of
hand-made portraits are 5 to 12 away; blonde hair is 14 and more from its skin, brows 20 and more."""

DARKEST_SKIN, DARK_DOUBT = 20.0, 4.8
"""Lightness under which a colour is more likely hair over the face, and what speaks against it then, in the
units of the places' weights; the darkest labelled skin has 32."""


LENS_DOUBT, BARE = 6.0, 0.5
"""What speaks against a colour that is neither around the mouth nor on the neck nor at the ear, as the lens
of goggles, where another one is on both of the former: as much as filling the forehead and more speaks for
it. And the root of the share that it fills there."""

LIGHTEST_HAIR = 28.0
"""Lightness from which a colour below the eyes is skin rather than a veil or beard: what is only around the
eyes then is a frame or a domino mask. The darkest labelled skin has 28."""

SOME_OF_FACE, SOME_OF_MOUTH = 0.25, 0.3
"""Roots of the shares of the middle of the face and of what is around the mouth that such a skin fills: two
and three pixels."""

MASK_DOUBT, OVER_MASK = 6.0, 1.0
"""What speaks against a colour that fills what is around the mouth and is neither on the forehead nor between
the eyes nor on the neck, as that of a mask, where another one is all about the eyes, and for that one: the
rims of glasses over a mask may have 0.3 more."""

MOST_OF_MOUTH, SOME_OF_EYES = 0.75, 0.55
"""Roots of the shares that a mask fills around the mouth, and the skin over it between the eyes: three
pixels."""

STUBBLE_HUE, LEAST_COLOR = 35.0, 8.0
"""Degrees of hue between a skin and the stubble on it, and chroma that such a skin has at least."""

INK, INK_DOUBT = 12.0, 4.7
"""Lightness under which a colour is outline or ink, and what speaks against it besides; the darkest labelled
skin has 28."""


class Skin(Record):
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
    figure = ~background.mask
    counts, sizes = _count_in_zones(palette, figure, places)
    often = counts[_FOR > 0].sum(axis=0)
    candidates = np.argsort(-often, axis=1, kind="stable")[:, :CANDIDATES]
    counts = np.take_along_axis(counts, candidates[None], axis=2)
    lab_of_candidates = palette.lab_at(candidates)
    alike = lab_distance(lab_of_candidates[:, :, None], lab_of_candidates[:, None]) <= ONE_COLOR
    in_color = np.zeros_like(counts)
    for other in range(candidates.shape[1]):
        in_color += counts[:, :, other, None] * alike[:, other]
    # the root of the filled share: showing in several places says more than filling one
    filled = np.sqrt(in_color / sizes[..., None])
    # zone by zone: the order of a sum within numpy depends on how many portraits there are
    support = np.zeros(candidates.shape)
    for zone, zone_weight in enumerate(_WEIGHTS):
        support += zone_weight * filled[zone]
    lightness = lab_of_candidates[..., 0]
    support -= DARK_DOUBT * (lightness < DARKEST_SKIN) + INK_DOUBT * (lightness < INK)
    lens = (filled[[_MOUTH, _NECK, _EAR]] == 0).all(axis=0)
    bare = (filled[_MOUTH] >= BARE) & (filled[_NECK] >= BARE)
    support -= LENS_DOUBT * (lens & bare.any(axis=1, keepdims=True))
    frame = (filled[[_MOUTH, _NECK, _BROW]] == 0).all(axis=0)
    below = (filled[_MOUTH] >= SOME_OF_MOUTH) & (filled[_MIDDLE] >= SOME_OF_FACE)
    below &= ((filled[_NECK] > 0) | (filled[_BETWEEN] > 0)) & (lightness >= LIGHTEST_HAIR)
    support -= LENS_DOUBT * (frame & below.any(axis=1, keepdims=True))
    mask = (filled[[_FOREHEAD, _BETWEEN, _NECK]] == 0).all(axis=0) & (filled[_MOUTH] >= MOST_OF_MOUTH)
    over_mask = (filled[_BETWEEN] >= SOME_OF_EYES) & (filled[_BROW] > 0) & (lightness >= LIGHTEST_HAIR)
    over_mask &= (filled[_NECK] > 0) | (filled[_EAR] > 0)
    support -= MASK_DOUBT * (mask & over_mask.any(axis=1, keepdims=True))
    support += OVER_MASK * (over_mask & mask.any(axis=1, keepdims=True))
    winner = support.argmax(axis=1)
    weight = np.zeros(len(row))
    for zone, zone_weight in enumerate(_FOR):
        weight += zone_weight / _FOR.sum() * filled[zone, row, winner]
    found = face.found & (weight > 0)
    # of the colours that are one, the most frequent is the skin's
    color = candidates[
        row, np.where(alike[row, winner], np.take_along_axis(often, candidates, axis=1), -1).argmax(axis=1)
    ]

    color = _over_stubble(palette, face, color)
    near = palette.bits_with(lab_distance(lab, lab[row, color][:, None]) <= SHADE) & bits_of(figure)
    exact = bits_of(palette.index == color[:, None, None].astype(palette.index.dtype))
    shaded = flood(near, exact & places.rows(-4, 9) & places.cols(-4, 10), diagonal=False)
    return Skin(
        found=found,
        rgb=unpack_rgb(palette.colors[row, color]),
        mask=mask_of(keep(shaded, found[:, None]), SIDE),
        weight=np.where(found, weight, 0.0),
    )


def _over_stubble(palette: Palette, face: FaceFrame, color: IntArray) -> IntArray:
    """Return the skin's colour, where that of stubble was taken for it: index in the palette, shape (N,).

    Stubble may cover more of a face than its skin does. Over it, around both eyes, lies a lighter shade of
    nearly its hue, and none of the stubble; eyes are drawn on that shade.
    """
    each = np.arange(len(palette))
    middle = (face.left_eye_col + face.right_eye_col) // 2 + 1
    upper = palette.index[each, np.maximum(face.eye_row, 0), np.maximum(middle, 0)].astype(np.intp)
    lab, other = palette.lab[each, upper], palette.lab[each, color]
    hue = np.abs(np.arctan2(lab[:, 2], lab[:, 1]) - np.arctan2(other[:, 2], other[:, 1]))
    shade = face.found & (lab[:, 0] > other[:, 0]) & (np.degrees(hue) <= STUBBLE_HUE)
    shade &= (palette.chroma[each, upper] >= LEAST_COLOR) & (lab_distance(lab, other) > SHADE)
    some = np.flatnonzero(shade)
    if not len(some):
        return color
    which = palette.take(some)
    parts = []
    for one in (lab[some], other[some]):
        alike = which.of_pixels(lab_distance(which.lab, one[:, None]) <= ONE_COLOR)
        item, top = np.arange(len(some)), face.eye_row[some] - 1
        left = cut_boxes(alike, item, top, face.left_eye_col[some] - 1, 3, 6)
        right = cut_boxes(alike, item, top, face.right_eye_col[some] - 3, 3, 6)
        parts.append((left, right))
    (left, right), below = parts
    flat = left[:, :, 3:].all(axis=(1, 2)) & right[:, :, :3].all(axis=(1, 2))
    flat &= left[:, :, 0].all(axis=1) | right[:, :, -1].all(axis=1)
    flat &= ~left[:, 1:, 1:3].all(axis=(1, 2)) & ~right[:, 1:, 3:5].all(axis=(1, 2))
    flat &= ~np.any(below, axis=(0, 2, 3))
    color = color.copy()
    color[some[flat]] = upper[some[flat]]
    return color


def _count_in_zones(palette: Palette, figure: BoolArray, places: Places) -> tuple[IntArray, IntArray]:
    """Count the figure's pixels of each colour in each zone, (Z, N, K), and all that it could have, (Z, N).

    All zones are counted in one go, as digits of one number of base 32: the largest zone has 27 pixels.
    """
    top, left = places.eye_row + _TOP, places.eye_col + _LEFT
    rows, cols = _DIGITS.shape
    each = np.arange(len(palette))
    in_rows, in_cols = (
        (first[:, None] + np.arange(size) >= 0) & (first[:, None] + np.arange(size) < SIDE)
        for first, size in ((top, rows), (left, cols))
    )
    seen = cut_boxes(figure, each, top, left, rows, cols) & in_rows[:, :, None] & in_cols[:, None]
    color = cut_boxes(palette.index, each, top, left, rows, cols)
    n, k = palette.colors.shape
    cell = np.where(seen, color + (each * k)[:, None, None], n * k)  # one more place for what does not count
    digits = np.broadcast_to(_DIGITS, cell.shape)
    number = np.bincount(cell.reshape(-1), digits.reshape(-1), minlength=n * k + 1)[:-1].astype(np.int64)
    shifts = _BITS * np.arange(len(_ZONES))[:, None]
    counts: IntArray = (number >> shifts & ((1 << _BITS) - 1)).reshape(len(_ZONES), n, k)
    sizes = [
        in_rows[:, slice(*(row - _TOP for row in zone_rows))].sum(axis=1)
        * in_cols[:, slice(*(col - _LEFT for col in zone_cols))].sum(axis=1)
        for zone_rows, zone_cols, _ in _ZONES
    ]
    return counts, np.stack(sizes).clip(min=1)
