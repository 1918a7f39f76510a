"""Takes the noise out of portraits that passed a codec or were drawn by a model, and leaves art alone.

Owns the difference between a shade and noise. Knows numpy and nothing of faces or traits.

In pixel art neighbouring pixels of one area are equal to the bit; an image model makes them all a little
different, and "the same colour" means nothing any more. Such a portrait is recognised by its neighbours, and
each of its pixels takes the colour of the densest spot of the picture's own colours around it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray

ALIKE = 30
"""Sum of the channel differences up to which neighbours may be one area with noise on it."""

NOISY_SHARE = 0.6
"""Share of the alike neighbours that differ at all, from which a portrait is noisy. All but one of the
hand-made portraits stay under 0.45 (one has a gradient every way); noise on every pixel makes it 1."""

LEAST_PAIRS = 60
"""Alike neighbours that a portrait must have for its noise to be judged."""

SPREAD = 3.0
"""Reach of a colour in medians of the difference between alike neighbours: covers nearly all of the noise."""

LEAST_REACH, MOST_REACH = 6.0, 42.0
"""Bounds of that reach (sum of the channel differences)."""

FACE_WINDOW = (7, 21, 6, 18)
"""First row, end row, first column and end column of where faces lie."""

MOST_EQUAL = 0.3
"""Share of equal neighbours in that window under which nothing there is drawn flat; the least flat face
of the labelled portraits has 0.4, model-made ones less than 0.2."""

MOST_CHANGE = 13.0
"""Mean sum of the channel differences by which calming may change that window. Model-made pictures change by
5 at the most, the one hand-made one that counts as noisy by 12.8, most photos shrunk to 24x24 by 14 to 60."""

SETTLED_SHARE = 0.9
"""Share of alike neighbours that differ by no more than the noise: the rest are shades that were drawn."""

SETTLED_REACH = (4.0, 12.0)
"""Bounds of what is taken for one colour in a recovered portrait (sum of the channel differences). Of
144 Bespoke Punks enlarged 20x and saved as JPEG of quality 75, 88 in 100 then have all answers of their
originals, not 55; enlarged 10x, 74 and not 21. A reach of 24 merges shades: a tenth to a fifth less."""

CLIMBS = 3
"""Times that each pixel moves on to a denser colour within reach."""


def is_noisy(rgba: ByteArray) -> tuple[BoolArray, FloatArray]:
    """Tell portraits with noise on their areas, and how much.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)

    Returns
    -------
    noisy : ndarray of bool, shape (N,)
    reach : ndarray of float64, shape (N,)
        Sum of the channel differences within which two pixels are one colour.
    """
    noisy, reach = np.zeros(len(rgba), np.bool_), np.full(len(rgba), LEAST_REACH)
    some = np.flatnonzero(_may_be_noisy(rgba))
    if not len(some):
        return noisy, reach
    differences = np.concatenate([_neighbors(rgba[some], 1), _neighbors(rgba[some], 2)], axis=1)
    alike = differences <= ALIKE
    pairs = alike.sum(axis=1)
    differing = (alike & (differences > 0)).sum(axis=1)
    noisy[some] = (pairs >= LEAST_PAIRS) & (differing > NOISY_SHARE * pairs)
    for portrait, difference, counts in zip(some, differences, alike, strict=True):
        if noisy[portrait]:
            reach[portrait] = np.clip(SPREAD * np.median(difference[counts]), LEAST_REACH, MOST_REACH)
    return noisy, reach


def _may_be_noisy(rgba: ByteArray) -> BoolArray:
    """Tell whether few enough neighbours are equal to the bit: shape (N,).

    Of a noisy portrait's alike neighbours the larger part differ; where more than the rest of all neighbours
    are equal it cannot be one. That is nearly always so, and costs a fraction of measuring differences.
    """
    # the four channels as one number, alpha its highest byte, and all rows as one
    whole = np.ascontiguousarray(rgba).view("<u4").reshape(len(rgba), SIDE * SIDE)
    seen = whole >= np.uint32(1 << 24)
    equal, pairs = np.zeros(len(rgba), np.intp), np.zeros(len(rgba), np.intp)
    for step in (1, SIDE):
        both = seen[:, step:] & seen[:, :-step]
        if step == 1:
            both[:, SIDE - 1 :: SIDE] = False  # from the end of one row to the next
        pairs += np.count_nonzero(both, axis=1)
        equal += np.count_nonzero(both & (whole[:, step:] == whole[:, :-step]), axis=1)
    few: BoolArray = equal <= (1 - NOISY_SHARE) * pairs
    return few


def _neighbors(rgba: ByteArray, axis: int) -> NDArray[np.int16]:
    """Channel differences of neighbours along one axis: shape (N, pairs); large where one is see-through."""
    first = rgba[:, :-1] if axis == 1 else rgba[:, :, :-1]
    second = rgba[:, 1:] if axis == 1 else rgba[:, :, 1:]
    total: NDArray[np.int16] = np.abs(first[..., :3].astype(np.int16) - second[..., :3]).sum(
        axis=-1, dtype=np.int16
    )
    total[(first[..., 3] == 0) | (second[..., 3] == 0)] = np.iinfo(np.int16).max
    return total.reshape(len(rgba), -1)


def calm(rgba: ByteArray) -> ByteArray:
    """Give every area of a noisy portrait one colour; return all others unchanged.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)

    Returns
    -------
    ndarray of uint8, shape (N, 24, 24, 4)
        Every colour is one that the portrait had. The array itself where nothing is noisy.
    """
    noisy, reach = is_noisy(rgba)
    if not noisy.any():
        return rgba
    calmed = rgba.copy()
    for portrait in np.flatnonzero(noisy):
        calmed[portrait] = _climb(rgba[portrait], float(reach[portrait]))
    return calmed


def settle(rgba: ByteArray) -> ByteArray:
    """Give the same colour to pixels of one recovered portrait that differ by what enlarging has left.

    An artist's palette has few colours, well apart; what smoothing and JPEG leave lies close around them, and
    shows between neighbours along both axes, where a backdrop that shades shows along one.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (24, 24, 4)

    Returns
    -------
    ndarray of uint8, shape (24, 24, 4)
        Every colour is one that the portrait had.
    """
    left = []
    for axis in (1, 2):
        differences = _neighbors(rgba[None], axis)[0]
        alike = differences[differences <= ALIKE]
        left.append(float(np.quantile(alike, SETTLED_SHARE)) if len(alike) else 0.0)
    return _climb(rgba, float(np.clip(1 + min(left), *SETTLED_REACH)))


def is_drawn(rgba: ByteArray, calmed: ByteArray) -> BoolArray:
    """Tell pixel art, noisy or not, from photos shrunk to its size.

    Parameters
    ----------
    rgba, calmed : ndarray of uint8, shape (N, 24, 24, 4)
        Portraits before and after `calm`.

    Returns
    -------
    ndarray of bool, shape (N,)
        False where the middle of the picture has no flat areas, not even noisy ones.
    """
    drawn = np.ones(len(rgba), np.bool_)
    if calmed is rgba:
        return drawn
    top, bottom, left, right = FACE_WINDOW
    before = rgba[:, top:bottom, left:right]
    after = calmed[:, top:bottom, left:right]
    change = np.abs(before[..., :3].astype(np.int16) - after[..., :3]).sum(axis=-1).mean(axis=(1, 2))
    for portrait in np.flatnonzero(change > MOST_CHANGE):
        part = before[portrait : portrait + 1]
        pairs = np.concatenate([_neighbors(part, 1), _neighbors(part, 2)], axis=1)
        drawn[portrait] = (pairs == 0).mean() >= MOST_EQUAL
    return drawn


def _climb(rgba: ByteArray, reach: float) -> ByteArray:
    """Move each pixel of one portrait to the densest colour within reach, a few times."""
    pixels = rgba.reshape(-1, 4)
    rgb = pixels[:, :3].astype(np.int16)
    distance = np.abs(rgb[:, None] - rgb[None]).sum(axis=2, dtype=np.int16)
    near = (distance <= reach) & (pixels[:, None, 3] == pixels[None, :, 3])
    # nearer pixels count more, so that the top of a hill is a single pixel
    density = (near * (reach + 1 - distance)).sum(axis=1)
    uphill = np.where(near, density, -1.0).argmax(axis=1)
    at = uphill
    for _ in range(CLIMBS - 1):
        at = uphill[at]
    climbed: ByteArray = pixels[at].reshape(rgba.shape)
    return climbed
