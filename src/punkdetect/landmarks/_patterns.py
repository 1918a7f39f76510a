"""Backgrounds whose edge has more than one colour: bands, blocks, checks, gradients, scenes.

Owns the kinds of patterned backgrounds. Knows the background's colours along three edges and how they go on
inwards; must not know where the face is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks._edges import (
    FRAME,
    GRADIENT_BANDS,
    LAST,
    ON_EDGE,
    read_background_edge,
    sum_difference,
)
from punkdetect.pixels import flood, lab_distance, lab_of, pack_rgb
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray
from punkdetect.vocabulary import TRAITS

SOLID, GRADIENT, SPLIT, CHECKER, STRIPES, SCENE, TRANSPARENT = range(len(TRAITS["background"]))

SIDE_FRAME = 4
"""Columns at the sides in which a banded pattern must hold."""

IN_FRAME = np.zeros((SIDE, SIDE), np.bool_)
IN_FRAME[:FRAME] = IN_FRAME[:, :SIDE_FRAME] = IN_FRAME[:, -SIDE_FRAME:] = True

MOST_MISPLACED = 0.02
"""Share of the frame that may have another band's colour than its own: banded patterns have none, scenery
has 0.05 and more. Pixels of no band's colour are figure and say nothing."""

SLANTED = 2
"""From here on, the kinds of bands are slanted: upright, level, falling, rising."""

BAND_STEP = 34.0
"""Median CIELAB distance between neighbouring bands below which five and more bands are a gradient. The
coarsest labelled gradient has 14; flags and rainbows have 40 and more."""

FINEST_STEP = 36
"""Sum of the channel differences from pixel to pixel up to which a gradient is followed to colours that the
edge does not have; larger steps would lead into the figure."""

MOST_BOUNDARIES = 4
"""Rows and columns in which the colour changes up to which a background is made of flat blocks: one of each
in quarters."""

LEAST_SMOOTH = 0.8
"""Share of the colour variance that a polynomial of the second degree in row and column explains in a smooth
gradient (labelled ones 0.74 to 0.98; scenes 0.2 to 0.72)."""

LEAST_ON_A_LINE = 0.95
"""Share of the colour variance along one line in CIELAB when a free pattern shades from one colour to
another: rays reach 0.99, a painted landscape 0.64."""

PERIODIC = 0.94
"""Share of pixels that must equal themselves one period further for a pattern to repeat."""

LONGEST_PERIOD = 12
"""Two repeats must fit into the picture."""

SURE, BANDED, FREE = 0.99, 0.96, 0.85
"""Confidence of a kind told from one colour, from bands, and from anything freer."""


def find_pattern(
    rgb: ByteArray, main: NDArray[np.int16], tolerance: NDArray[np.int16]
) -> tuple[BoolArray, IntArray, FloatArray]:
    """Find the backgrounds of portraits whose edge has several colours.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (N, 24, 24, 3)
    main : ndarray of int16, shape (N, 3)
        Most frequent colour of the edge.
    tolerance : ndarray of int16, shape (N,)
        Difference up to which two background pixels count as one colour.

    Returns
    -------
    looks : ndarray of bool, shape (N, 24, 24)
        Pixels that look like the background, connected to the edge or not.
    kind : ndarray of int, shape (N,)
    confidence : ndarray of float64, shape (N,)
    """
    looks, kind, confidence, unfit = _find_bands(rgb, main, tolerance, tall=False)
    # what fits no bands may fit them behind a hat or hair that reaches the top
    some = np.flatnonzero(unfit)
    if len(some):
        tall_looks, tall_kind, tall_confidence, still = _find_bands(
            rgb[some], main[some], tolerance[some], tall=True
        )
        looks[some], kind[some], confidence[some] = tall_looks, tall_kind, tall_confidence
        free = some[still]
        looks[free], kind[free], confidence[free] = _find_free_pattern(rgb[free], main[free], tolerance[free])
    return looks, kind, confidence


def _find_bands(
    rgb: ByteArray, main: NDArray[np.int16], tolerance: NDArray[np.int16], tall: bool
) -> tuple[BoolArray, IntArray, FloatArray, BoolArray]:
    """Fit bands to the edge; the last answer, (N,), says where none fit."""
    n = len(rgb)
    left, top, right = read_background_edge(rgb, main, tolerance, tall)
    edge = np.concatenate([left[:, :0:-1], top, right[:, 1:]], axis=1)
    bands, sequences = _banded_patterns(left, top, right)
    fits = sum_difference(bands, rgb[None]) <= tolerance[:, None, None]
    misplaced = (_like_edge(rgb, edge, tolerance) & ~fits)[:, :, IN_FRAME].mean(axis=2)
    best = misplaced.argmin(axis=0)
    row = np.arange(n)
    kind = _kind_of_bands(sequences[best, row], tolerance, slanted=best >= SLANTED)
    kind[(sum_difference(edge, main[:, None]) <= tolerance[:, None]).all(axis=1)] = SOLID
    return fits[best, row], kind, np.full(n, BANDED), misplaced[best, row] > MOST_MISPLACED


def _find_free_pattern(
    rgb: ByteArray, main: NDArray[np.int16], tolerance: NDArray[np.int16]
) -> tuple[BoolArray, IntArray, FloatArray]:
    """Find backgrounds that are made of the edge's colours in any other way."""
    left, top, right = read_background_edge(rgb, main, tolerance, tall=False)
    edge = np.concatenate([left[:, :0:-1], top, right[:, 1:]], axis=1)
    looks = _like_edge_or_near(rgb, _like_edge(rgb, edge, tolerance), _fine_step(edge, tolerance))
    return looks, _kind_of_free_pattern(rgb, looks, tolerance), np.full(len(rgb), FREE)


def _banded_patterns(
    left: NDArray[np.int16], top: NDArray[np.int16], right: NDArray[np.int16]
) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Predict the picture from its edge for four kinds of bands: upright, level, falling and rising.

    Returns
    -------
    pictures : ndarray of int16, shape (4, N, 24, 24, 3)
    sequences : ndarray of int16, shape (4, N, 47, 3)
        Colours across the bands; the last one repeated at the end.
    """
    rows, cols = np.indices((SIDE, SIDE))
    falling = np.concatenate([left[:, :0:-1], top], axis=1)
    rising = np.concatenate([top, right[:, 1:]], axis=1)
    # level bands may be others on the left and on the right: the halves meet where the top changes
    change = sum_difference(top[:, 1:], top[:, :-1]) > 0
    meet = np.where(change.sum(axis=1) == 1, 1 + change.argmax(axis=1), SIDE // 2)
    on_left = (cols < meet[:, None, None])[..., None]
    pictures = [
        top[:, cols],
        np.where(on_left, left[:, rows], right[:, rows]),
        falling[:, cols - rows + LAST],
        rising[:, cols + rows],
    ]
    sequences = [np.concatenate([s, np.repeat(s[:, -1:], LAST, axis=1)], axis=1) for s in (top, left)]
    return np.stack(pictures), np.stack([*sequences, falling, rising])


def _kind_of_bands(sequence: NDArray[np.int16], tolerance: NDArray[np.int16], slanted: BoolArray) -> IntArray:
    """Tell the kinds of banded backgrounds apart by the order, width and steps of bands; shape (N,)."""
    n, length = sequence.shape[:2]
    across = np.where(slanted, length, SIDE)
    change = sum_difference(sequence[:, 1:], sequence[:, :-1]) > tolerance[:, None]
    bands = 1 + change.sum(axis=1)
    starts = np.concatenate([np.ones((n, 1), np.bool_), change], axis=1)
    same = sum_difference(sequence[:, :, None], sequence[:, None]) <= tolerance[:, None, None]
    seen_before = (same & np.tri(length, k=-1, dtype=np.bool_)).any(axis=2)
    colors = (starts & ~seen_before).sum(axis=1)

    lab = lab_of(sequence)
    step = np.where(change, lab_distance(lab[:, 1:], lab[:, :-1]), 0.0)
    # the median of the steps: they are sorted, zeros first
    middle = length - 1 - np.maximum(bands // 2, 1)
    small_steps = np.sort(step, axis=1)[np.arange(n), middle] < BAND_STEP
    # bands that the picture's edge does not cut
    position = np.where(change, np.arange(1, length), 0)
    previous = np.maximum.accumulate(
        np.concatenate([np.zeros((n, 1), np.intp), position[:, :-1]], axis=1), axis=1
    )
    whole = change & (previous > 0)
    widest = np.where(whole, position - previous, 0).max(axis=1)
    narrowest = np.where(whole, position - previous, length).min(axis=1)
    first = np.where(change, np.arange(1, length), length).min(axis=1)
    cut = np.maximum(first, across - position.max(axis=1))
    even = (widest - narrowest <= 1) & (cut <= widest + 1)

    kind = np.full(n, SCENE, np.intp)
    kind[even | (bands > colors)] = STRIPES
    kind[(bands <= 3) | ((bands == 4) & (colors == 4))] = SPLIT
    kind[(colors >= GRADIENT_BANDS) & small_steps] = GRADIENT
    kind[bands == 1] = GRADIENT  # the steps drown in the tolerance, but the edge is not of one colour
    kind[slanted & (colors == 2) & (widest == 1)] = CHECKER  # slanted bands of one pixel
    return kind


def _like_edge(rgb: ByteArray, edge: NDArray[np.int16], tolerance: NDArray[np.int16]) -> BoolArray:
    """Pixels that have a colour of the edge; shape (N, 24, 24)."""
    packed, packed_edge = pack_rgb(rgb), pack_rgb(edge)
    like = np.zeros(rgb.shape[:3], np.bool_)
    for at in range(edge.shape[1]):
        like |= packed == packed_edge[:, at, None, None]
    noisy = np.flatnonzero(tolerance)
    for at in range(edge.shape[1]) if len(noisy) else ():
        like[noisy] |= sum_difference(rgb[noisy], edge[noisy, at, None, None]) <= tolerance[noisy, None, None]
    return like


def _fine_step(edge: NDArray[np.int16], tolerance: NDArray[np.int16]) -> NDArray[np.int16]:
    """Largest step from pixel to pixel of a fine gradient, 0 where the edge shows none; shape (N,)."""
    step = sum_difference(edge[:, 1:], edge[:, :-1])
    largest = step.max(axis=1)
    fine = (largest <= FINEST_STEP) & ((step > tolerance[:, None]).sum(axis=1) >= GRADIENT_BANDS - 1)
    return np.where(fine, np.maximum(largest * 3 // 2, tolerance), tolerance)  # slanted steps are longer


def _like_edge_or_near(rgb: ByteArray, like_edge: BoolArray, limits: NDArray[np.int16]) -> BoolArray:
    """Pixels that have a colour of the edge, or are reached from there by steps within the limit (N,)."""
    looks = like_edge.copy()
    fine = np.flatnonzero(limits)
    if not len(fine):
        return looks
    reached = flood(looks[fine], np.broadcast_to(ON_EDGE, looks[fine].shape))
    part, limit = rgb[fine].astype(np.int16), limits[fine, None, None]
    sideways = sum_difference(part[:, :, 1:], part[:, :, :-1]) <= limit
    upright = sum_difference(part[:, 1:], part[:, :-1]) <= limit
    grown = False
    while not grown:
        more = reached.copy()
        more[:, :, 1:] |= reached[:, :, :-1] & sideways
        more[:, :, :-1] |= reached[:, :, 1:] & sideways
        more[:, 1:] |= reached[:, :-1] & upright
        more[:, :-1] |= reached[:, 1:] & upright
        grown = bool((more == reached).all())
        reached = more
    looks[fine] |= reached
    return looks


def _kind_of_free_pattern(rgb: ByteArray, looks: BoolArray, tolerance: NDArray[np.int16]) -> IntArray:
    """Tell blocks, checks, smooth gradients and scenes apart; shape (N,)."""
    mask = flood(looks, np.broadcast_to(ON_EDGE, looks.shape))
    limit = tolerance[:, None, None]
    color = rgb.astype(np.int16)
    sideways = mask[:, :, 1:] & mask[:, :, :-1] & (sum_difference(color[:, :, 1:], color[:, :, :-1]) > limit)
    upright = mask[:, 1:] & mask[:, :-1] & (sum_difference(color[:, 1:], color[:, :-1]) > limit)
    boundaries = sideways.any(axis=1).sum(axis=1) + upright.any(axis=2).sum(axis=1)

    repeats_sideways = np.zeros(len(rgb), np.bool_)
    repeats_upright = np.zeros(len(rgb), np.bool_)
    for period in range(2, LONGEST_PERIOD + 1):
        repeats_sideways |= _agreement(color, mask, 0, period, limit) >= PERIODIC
        repeats_upright |= _agreement(color, mask, period, 0, limit) >= PERIODIC
    kind = np.full(len(rgb), SCENE, np.intp)
    kind[_is_smooth(rgb, mask)] = GRADIENT
    kind[repeats_sideways & repeats_upright & sideways.any(axis=(1, 2)) & upright.any(axis=(1, 2))] = CHECKER
    kind[(tolerance == 0) & (boundaries <= MOST_BOUNDARIES)] = SPLIT
    return kind


def _agreement(
    color: NDArray[np.int16], mask: BoolArray, rows: int, cols: int, limit: NDArray[np.int16]
) -> FloatArray:
    """Share of the background pixels that equal the background pixel so many rows and columns further."""
    height, width = SIDE - rows, SIDE - cols
    both = mask[:, rows:, cols:] & mask[:, :height, :width]
    same = both & (sum_difference(color[:, rows:, cols:], color[:, :height, :width]) <= limit)
    share: FloatArray = same.sum(axis=(1, 2)) / np.maximum(both.sum(axis=(1, 2)), 1)
    return share


def _is_smooth(rgb: ByteArray, mask: BoolArray) -> BoolArray:
    """Whether many colours lie on a smooth surface over the picture, or on one line in CIELAB; shape (N,)."""
    row, col = (np.indices((SIDE, SIDE)) - LAST / 2) / LAST
    terms = np.stack([np.ones_like(row), row, col, row * col, row**2, col**2], axis=-1).reshape(-1, 6)
    lab = lab_of(rgb).reshape(len(rgb), SIDE * SIDE, 3)
    packed = pack_rgb(rgb).reshape(len(rgb), SIDE * SIDE)
    smooth = np.zeros(len(rgb), np.bool_)
    for i, inside in enumerate(mask.reshape(len(rgb), SIDE * SIDE)):  # few portraits ever get here
        colors = lab[i, inside]
        if len(np.unique(packed[i, inside])) < GRADIENT_BANDS:
            continue
        fit, *_ = np.linalg.lstsq(terms[inside], colors, rcond=None)
        unexplained = ((colors - terms[inside] @ fit) ** 2).sum()
        along = np.linalg.eigvalsh(np.cov(colors.T))
        total = ((colors - colors.mean(axis=0)) ** 2).sum()
        smooth[i] = unexplained <= (1 - LEAST_SMOOTH) * total or along[-1] >= LEAST_ON_A_LINE * along.sum()
    return smooth
