"""What is behind the figure: which pixels are background, and how it is patterned.

Owns the separation of figure and background. Must not know where the face is, nor any trait but `background`.

A punk stands on the bottom edge and leaves the top and both sides of the picture to the background, so the
pixels along these three edges show what it is made of. Nearly all backgrounds repeat their edge inwards:
one colour, upright or level bands, slanted bands. What equals its own band's colour and is connected to the
edge is background, and so are enclosed holes of that colour between strands of hair.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect import bitrows
from punkdetect.bitrows import Bits, keep
from punkdetect.landmarks import _edges as edges
from punkdetect.landmarks import _patterns as patterns
from punkdetect.landmarks._edges import LAST
from punkdetect.landmarks._indexed import Index, Indexed, sum_difference
from punkdetect.pixels import Palette, find_palette, has_alpha
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray
from punkdetect.records import Record

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

INVISIBLE = 3
"""Sum of the channel differences up to which nobody sees that two pixels of a drawn background differ."""

INK_DARK, INK_LIGHT = 60, 720
"""Sums of the channels below and above which enclosed pixels of the background's colour are more likely
ink, eyes or teeth than holes."""

LARGEST_HOLE = 12
"""Pixels up to which an enclosed piece of the background's colour is a hole; larger ones are clothing."""


ALL_COLS = np.uint32((1 << SIDE) - 1)

BESIDE_HEAD = ALL_COLS & ~np.uint32((1 << 18) - (1 << 6))
"""Bits of the columns beside the head; what floats over it is a halo or a hat."""

SIDES = np.uint32(1 | 1 << (SIDE - 1))
"""Bits of the leftmost and the rightmost column."""

LEAST_OBJECTS = 24
"""Pixels drawn apart from the figure from which they are scenery: a sun, clouds. Smoke, halos and musical
notes have up to 23."""


class Background(Record):
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


def find_background(rgba: ByteArray, palette: Palette | None = None) -> Background:
    """Find what is behind the figure.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette, optional
        Of the same portraits, where it was found before.

    Returns
    -------
    Background
    """
    palette = find_palette(rgba) if palette is None else palette
    clear = ~has_alpha(rgba, 1)
    picture = Indexed(palette, _noise_tolerance(palette))
    main = _most_frequent_edge_color(picture)
    looks = picture.alike(palette.index, main[:, None, None])
    kind = np.full(len(rgba), patterns.SOLID, np.intp)
    confidence = np.full(len(rgba), patterns.SURE)

    see_through = edges.read_edge(clear).mean(axis=1) >= 0.5
    flat: BoolArray = np.all(edges.read_edge(looks), axis=1)
    some = np.flatnonzero(flat)
    few = picture.take(some)
    flat[some] = ~edges.has_low_band(few, looks[some]) & ~edges.has_ground(few, looks[some])
    rest = np.flatnonzero(~flat & ~see_through)
    if len(rest):
        looks[rest], kind[rest], confidence[rest] = patterns.find_pattern(picture.take(rest), main[rest])
    looks[see_through] = clear[see_through]
    kind[see_through], confidence[see_through] = patterns.TRANSPARENT, 1.0

    bits, unseen = bitrows.bits_of(looks), bitrows.bits_of(clear)
    mask = bitrows.flood(bits, edges.EDGE_BITS | _cut_off(bits))
    enclosed = bits & ~mask & ~unseen
    some = np.flatnonzero(enclosed.any(axis=1))
    if len(some):
        mask[some] |= _holes(enclosed[some], rgba[some])
    objects = ~see_through & _has_objects(ALL_COLS & ~mask)
    kind[objects], confidence[objects] = patterns.SCENE, patterns.FREE
    return Background(bitrows.mask_of(mask | unseen, SIDE), kind, confidence)


def _cut_off(looks: Bits) -> Bits:
    """Return the edge pixels under what is held and touches a side: (N, 24) to (N, 24).

    They have the colour of the background above it, in the rows that clothes may have.
    """
    sides = looks & SIDES
    seen = sides[:, : edges.EDGE_ROWS]
    cut = np.bitwise_or.reduce(SIDES & ~seen[:, edges.HELD_ROWS], axis=1)
    below = np.zeros_like(looks)
    below[:, edges.EDGE_ROWS :] = sides[:, edges.EDGE_ROWS :] & cut[:, None]
    return below


def _noise_tolerance(palette: Palette) -> NDArray[np.int16]:
    """Difference up to which two background pixels count as one colour: 0 for exact pixel art."""
    ordered = np.sort(edges.read_edge(palette.index), axis=1)
    colors = 1 + (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1)
    tolerance = np.zeros(len(palette), np.int16)
    rich = np.flatnonzero(colors >= NOISE_COLORS)
    few = Indexed(palette.take(rich), tolerance[rich])
    edge = few.rgb(edges.read_edge(few.index))
    step = sum_difference(edge[:, 1:], edge[:, :-1])
    sides = np.split(step, [edges.EDGE_ROWS - 1, edges.EDGE_ROWS + SIDE - 2], axis=1)
    restless = np.min([(side > 0).mean(axis=1) for side in sides], axis=0) >= LEAST_RESTLESS
    # a gradient is restless along one direction more than along another, noise along all alike
    noise = np.min([np.median(side, axis=1) for side in sides], axis=0)
    restless &= noise <= np.where(colors[rich] >= MANY_COLORS, LARGEST_STEP, LARGEST_NOISE)
    tolerance[rich] = np.where(restless, np.maximum(np.ceil(NOISE_MARGIN * noise), LEAST_TOLERANCE), 0)
    plain = np.flatnonzero((colors > 1) & (colors < NOISE_COLORS))
    few = Indexed(palette.take(plain), tolerance[plain])
    edge = edges.read_edge(few.index)
    corner = edge[:, [edges.EDGE_ROWS - 1]]
    near = (sum_difference(few.rgb(edge), few.rgb(corner)) <= INVISIBLE) & (edge != corner)
    # a fine gradient has several such shades
    shade = np.where(near, edge, 0).max(axis=1, keepdims=True)
    one = near.any(axis=1) & (~near | (edge == shade)).all(axis=1)
    tolerance[plain] = np.where(one, INVISIBLE, 0)
    return tolerance


def _most_frequent_edge_color(picture: Indexed) -> Index:
    """Return the colour of the edge pixel that most other edge pixels are like; shape (N,)."""
    edge = edges.read_edge(picture.index)
    # the upper left corner settles nearly every portrait; the others are compared in full
    main = edge[:, edges.EDGE_ROWS - 1].copy()
    unsettled = np.flatnonzero((edge == main[:, None]).mean(axis=1) <= 0.5)
    few = picture.take(unsettled)
    some, rgb = edge[unsettled], few.rgb(edge[unsettled])
    n, k = few.palette.colors.shape
    place = some + (np.arange(n) * k)[:, None]
    votes = np.bincount(place.reshape(-1), minlength=n * k)[place]
    for row in few.noisy:
        # half the tolerance: in noise, the pixel in the middle of the spread wins
        apart = sum_difference(rgb[row], rgb[row, :, None])
        votes[row] = (apart <= few.tolerance[row] // 2).sum(axis=1)
    main[unsettled] = some[np.arange(len(some)), votes.argmax(axis=1)]
    return main


def _has_objects(drawn: Bits) -> BoolArray:
    """Whether scenery is drawn apart from the figure, which is the largest piece; (N, 24) to (N,)."""
    objects = np.zeros(len(drawn), np.bool_)
    enough = np.flatnonzero(bitrows.count(drawn & BESIDE_HEAD) >= LEAST_OBJECTS)  # figures alone seldom have
    drawn = drawn[enough]
    # nearly always all is one piece, which holds the first pixel of the bottom row
    seed = np.zeros_like(drawn)
    seed[:, LAST] = drawn[:, LAST] & -drawn[:, LAST]
    figure = bitrows.flood(drawn, seed)
    apart = drawn & ~figure
    many = bitrows.count(apart & BESIDE_HEAD) >= LEAST_OBJECTS
    # pixels of the largest piece, and those beside the head of all that are as large
    largest, beside = bitrows.count(figure), bitrows.count(figure & BESIDE_HEAD)
    some = np.flatnonzero(bitrows.count(apart) >= largest)  # few: the figure is the largest nearly always
    largest, beside, left = largest[some], beside[some], bitrows.count(apart[some])
    for which, piece in bitrows.pieces(apart[some]):
        size, there = bitrows.count(piece), bitrows.count(piece & BESIDE_HEAD)
        better, equal = size > largest[which], size == largest[which]
        beside[which] = np.where(better, there, beside[which] + there * equal)
        largest[which] = np.maximum(size, largest[which])
        left[which] -= size
        if (left < largest).all():  # no other piece can be as large: stars and noise have very many
            break
    many[some] = bitrows.count(drawn[some] & BESIDE_HEAD) - beside >= LEAST_OBJECTS
    objects[enough] = many
    return objects


def _holes(enclosed: Bits, rgba: ByteArray) -> Bits:
    """Enclosed pixels of the background's colour that show the background through the figure."""
    # channel by channel: a sum over the last axis takes five times as long
    total = rgba[..., 0].astype(np.int16) + rgba[..., 1] + rgba[..., 2]
    colored = enclosed & bitrows.bits_of((total > INK_DARK) & (total < INK_LIGHT))
    holes = keep(colored, bitrows.count(colored)[:, None] <= LARGEST_HOLE)
    large = np.flatnonzero((colored != holes).any(axis=1))
    for which, piece in bitrows.pieces(colored[large]):
        holes[large[which]] |= keep(piece, bitrows.count(piece)[:, None] <= LARGEST_HOLE)
    return holes
