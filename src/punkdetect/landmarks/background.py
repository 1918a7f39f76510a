"""What is behind the figure: which pixels are background, and how it is patterned.

Owns the separation of figure and background. Must not know where the face is, nor any trait but `background`.

A punk stands on the bottom edge and leaves the top and both sides of the picture to the background, so the
pixels along these three edges show what it is made of. Nearly all backgrounds repeat their edge inwards:
one colour, upright or level bands, slanted bands. What equals its own band's colour and is connected to the
edge is background, and so are enclosed holes of that colour between strands of hair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks import _edges as edges
from punkdetect.landmarks import _patterns as patterns
from punkdetect.pixels import flood, label_components, pack_rgb
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray

NOISE_COLORS, MANY_COLORS = 8, 14
"""Colours along the edge from which it may be noise, or a fine gradient, and from which it is one of them if
it is restless; drawn bands have 12 at most."""

LARGEST_NOISE, LARGEST_STEP = 6, 24
"""Sums of the channel differences between neighbours up to which an edge of that many colours is restless;
above it is a pattern, drawn on purpose and exactly."""

LEAST_RESTLESS = 0.3
"""Share of neighbours that differ, on all three sides, in noise; bands are still along one side at least."""

NOISE_MARGIN, LEAST_TOLERANCE = 3, 12
"""Tolerance in multiples of the median difference between neighbours, and at least: pictures made by models
drift by up to 11 over the background though neighbours differ by 2."""

INK_DARK, INK_LIGHT = 60, 720
"""Sums of the channels below and above which enclosed pixels of the background's colour are more likely
ink, eyes or teeth than holes."""

LARGEST_HOLE = 12
"""Pixels up to which an enclosed piece of the background's colour is a hole; larger ones are clothing."""


BESIDE_HEAD = np.r_[0:6, 18:SIDE]
"""Columns beside the head; what floats over it is a halo or a hat."""

LEAST_OBJECTS = 24
"""Pixels drawn apart from the figure from which they are scenery: a sun, clouds. Smoke, halos and musical
notes have up to 23."""


@dataclass(frozen=True)
class Background:
    """The background of every portrait.

    Parameters
    ----------
    mask : ndarray of bool, shape (N, 24, 24)
        The pixels behind the figure.
    kind : ndarray of int, shape (N,)
        Index into the values of the trait `background`.
    confidence : ndarray of float64, shape (N,), in [0, 1]
        Chance that `kind` is right.
    """

    mask: BoolArray
    kind: IntArray
    confidence: FloatArray


def find_background(rgba: ByteArray) -> Background:
    """Find what is behind the figure.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)

    Returns
    -------
    Background
    """
    rgb, clear = rgba[..., :3], rgba[..., 3] == 0
    edge = edges.read_edge(rgb).astype(np.int16)
    tolerance = _noise_tolerance(edge)
    main = _most_frequent_edge_color(edge, tolerance)
    looks = _looks_like(rgba, main, tolerance)
    kind = np.full(len(rgba), patterns.SOLID, np.intp)
    confidence = np.full(len(rgba), patterns.SURE)

    see_through = edges.read_edge(clear).mean(axis=1) >= 0.5
    flat = edges.read_edge(looks).all(axis=1)
    flat &= ~edges.has_low_band(rgb, looks, tolerance) & ~edges.has_ground(rgb, looks, tolerance)
    rest = np.flatnonzero(~flat & ~see_through)
    if len(rest):
        looks[rest], kind[rest], confidence[rest] = patterns.find_pattern(
            rgb[rest], main[rest], tolerance[rest]
        )
    looks[see_through] = clear[see_through]
    kind[see_through], confidence[see_through] = patterns.TRANSPARENT, 1.0

    mask = flood(looks, np.broadcast_to(edges.ON_EDGE, looks.shape))
    enclosed = looks & ~mask & ~clear
    some = np.flatnonzero(enclosed.any(axis=(1, 2)))
    mask[some] |= _holes(enclosed[some], rgb[some])
    drawn = np.flatnonzero(~see_through)
    objects = drawn[_floating(~mask[drawn]) >= LEAST_OBJECTS]
    kind[objects], confidence[objects] = patterns.SCENE, patterns.FREE
    return Background(mask | clear, kind, confidence)


def _looks_like(rgba: ByteArray, main: NDArray[np.int16], tolerance: NDArray[np.int16]) -> BoolArray:
    """Pixels within the tolerance of one colour for each portrait."""
    looks: BoolArray = pack_rgb(rgba) == pack_rgb(main.astype(np.uint8))[:, None, None]
    noisy = np.flatnonzero(tolerance)
    near = edges.sum_difference(rgba[noisy], main[noisy, None, None]) <= tolerance[noisy, None, None]
    looks[noisy] = near & (rgba[noisy, :, :, 3] > 0)
    return looks


def _noise_tolerance(edge: NDArray[np.int16]) -> NDArray[np.int16]:
    """Difference up to which two background pixels count as one colour: 0 for exact pixel art."""
    packed = np.sort(pack_rgb(edge), axis=1)
    colors = 1 + (packed[:, 1:] != packed[:, :-1]).sum(axis=1)
    rich = np.flatnonzero(colors >= NOISE_COLORS)
    step = edges.sum_difference(edge[rich, 1:], edge[rich, :-1])
    sides = np.split(step, [edges.EDGE_ROWS - 1, edges.EDGE_ROWS + SIDE - 2], axis=1)
    restless = np.min([(side > 0).mean(axis=1) for side in sides], axis=0) >= LEAST_RESTLESS
    # a gradient is restless along one direction more than along another, noise along all alike
    noise = np.min([np.median(side, axis=1) for side in sides], axis=0)
    restless &= noise <= np.where(colors[rich] >= MANY_COLORS, LARGEST_STEP, LARGEST_NOISE)
    tolerance = np.zeros(len(edge), np.int16)
    tolerance[rich] = np.where(restless, np.maximum(np.ceil(NOISE_MARGIN * noise), LEAST_TOLERANCE), 0)
    return tolerance


def _most_frequent_edge_color(edge: NDArray[np.int16], tolerance: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return the edge pixel that most other edge pixels are like; shape (N, 3)."""
    # the upper left corner settles nearly every portrait; the others are compared in full
    main = edge[:, edges.EDGE_ROWS - 1].copy()
    like = edges.sum_difference(edge, main[:, None]) == 0
    unsettled = np.flatnonzero(like.mean(axis=1) <= 0.5)
    some = edge[unsettled]
    votes = np.zeros(some.shape[:2], np.int16)
    for at in range(edge.shape[1]):
        # half the tolerance: in noise, the pixel in the middle of the spread wins
        votes += edges.sum_difference(some, some[:, at, None]) <= tolerance[unsettled, None] // 2
    main[unsettled] = some[np.arange(len(some)), votes.argmax(axis=1)]
    return main


def _floating(drawn: BoolArray) -> IntArray:
    """Pixels beside the head that are drawn apart from the figure, which is the largest piece; shape (N,)."""
    labels = label_components(drawn)
    sizes = np.bincount(labels.reshape(-1), minlength=1)
    sizes[0] = 0
    size = sizes[labels]
    apart = drawn & (size < size.max(axis=(1, 2), initial=0)[:, None, None])
    return np.asarray(apart[:, :, BESIDE_HEAD].sum(axis=(1, 2)), np.intp)


def _holes(enclosed: BoolArray, rgb: ByteArray) -> BoolArray:
    """Enclosed pixels of the background's colour that show the background through the figure."""
    total = rgb.sum(axis=-1, dtype=np.int16)
    labels = label_components(enclosed & (total > INK_DARK) & (total < INK_LIGHT))
    small = np.bincount(labels.reshape(-1), minlength=1) <= LARGEST_HOLE
    small[0] = False
    return small[labels]
