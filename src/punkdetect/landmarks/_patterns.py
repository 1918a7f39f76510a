"""Backgrounds whose edge has more than one colour: bands, blocks, checks, gradients, scenes.

Owns the kinds of patterned backgrounds. Knows the background's colours along three edges and how they go on
inwards; must not know where the face is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks import _two_tones as two_tones
from punkdetect.landmarks._edges import (
    FIGURE_COLS,
    FIGURE_ROWS,
    FRAME,
    GRADIENT_BANDS,
    LAST,
    ON_EDGE,
    Sides,
    find_figure_on_edge,
    find_tall_figure,
    is_wide_figure,
    read_sides,
)
from punkdetect.landmarks._indexed import Index, Indexed, sum_difference
from punkdetect.pixels import flood, lab_distance
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray
from punkdetect.vocabulary import TRAITS

SOLID, GRADIENT, SPLIT, CHECKER, STRIPES, SCENE, TRANSPARENT = range(len(TRAITS["background"]))

SIDE_FRAME = 4
"""Columns at the sides in which a banded pattern must hold."""

_IN_FRAME = np.zeros((SIDE, SIDE), np.bool_)
_IN_FRAME[:FRAME] = _IN_FRAME[:, :SIDE_FRAME] = _IN_FRAME[:, -SIDE_FRAME:] = True
_FRAME_ROWS, _FRAME_COLS = np.nonzero(_IN_FRAME)
"""Places in which a banded pattern must hold."""

_OF_HEAD, _AROUND_HEAD = np.zeros((2, SIDE, SIDE), np.bool_)
_OF_HEAD[FIGURE_ROWS, FIGURE_COLS] = True
_AROUND_HEAD[: FIGURE_ROWS.stop] = ~_OF_HEAD[: FIGURE_ROWS.stop]
"""Where the head is, and what lies around it above the shoulders: outlines and hats are more often in the
first, what is behind them in the other."""

MOST_MISPLACED = 0.02
"""Share of the frame that may have another band's colour than its own: banded patterns have none, scenery
has 0.05 and more. Pixels of no band's colour are figure and say nothing."""

KINDS_OF_BANDS = 4
UPRIGHT, LEVEL, FALLING, RISING = range(KINDS_OF_BANDS)
SLANTED = FALLING
"""From here on, the kinds of bands are slanted."""

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


def find_pattern(picture: Indexed, main: Index) -> tuple[BoolArray, IntArray, FloatArray]:
    """Find the backgrounds of portraits whose edge has several colours.

    Parameters
    ----------
    picture : Indexed
        N portraits.
    main : ndarray of int, shape (N,)
        Most frequent colour of the edge, as a number of the palette.

    Returns
    -------
    looks : ndarray of bool, shape (N, 24, 24)
        Pixels that look like the background, connected to the edge or not.
    kind : ndarray of int, shape (N,)
    confidence : ndarray of float64, shape (N,)
    """
    figure = find_figure_on_edge(picture, main)
    sides = read_sides(picture, main, figure)
    looks, kind, misplaced = _find_bands(picture, main, sides)
    confidence = np.full(len(picture), BANDED)
    # what fits no bands may fit them behind a hat or hair that reaches the top
    some = np.flatnonzero(misplaced)
    if len(some):
        few = picture.take(some)
        behind = read_sides(few, main[some], figure[some] | find_tall_figure(few))
        looks[some], kind[some], still = _find_bands(few, main[some], behind)
        free = some[still]
        if len(free):
            looks[free], kind[free] = _find_without_bands(
                picture.take(free), main[free], sides.take(free).all
            )
            confidence[free] = FREE
    return looks, kind, confidence


def _find_bands(picture: Indexed, main: Index, sides: Sides) -> tuple[BoolArray, IntArray, BoolArray]:
    """Fit bands to the edge; the last answer, (N,), says where none fit."""
    frame = picture.pick(_FRAME_ROWS, _FRAME_COLS)
    like_edge = picture.is_one_of(frame, sides.all)
    misplaced = np.stack(
        [
            (like_edge & ~picture.alike(frame, _predict(kind, sides, _FRAME_ROWS, _FRAME_COLS))).mean(axis=1)
            for kind in range(KINDS_OF_BANDS)
        ]
    )
    best = misplaced.argmin(axis=0)
    predicted = np.empty_like(picture.index)
    sequence = np.empty((len(best), 2 * SIDE - 1), predicted.dtype)
    for kind in range(KINDS_OF_BANDS):
        some = np.flatnonzero(best == kind)
        predicted[some] = _predict(kind, sides.take(some), *np.indices((SIDE, SIDE)))
        sequence[some] = _across_bands(kind, sides.take(some))
    kinds = _kind_of_bands(picture, sequence, slanted=best >= SLANTED)
    kinds[picture.alike(sides.all, main[:, None]).all(axis=1)] = SOLID
    return picture.alike(picture.index, predicted), kinds, misplaced.min(axis=0) > MOST_MISPLACED


def _find_without_bands(picture: Indexed, main: Index, edge: Index) -> tuple[BoolArray, IntArray]:
    """Find what is behind a figure that hides the edge, or is made of the edge's colours in any other way."""
    looks, kind = _find_free_pattern(picture, edge)
    tones, of_two = two_tones.find_two_tones(picture)
    plain = is_wide_figure(picture, main) & (of_two != GRADIENT)
    looks[plain] = picture.alike(picture.index, main[:, None, None])[plain]
    kind[plain] = SOLID
    told = (kind == SCENE) & (of_two != two_tones.NONE)
    looks[told], kind[told] = tones[told], of_two[told]
    return looks, kind


def _find_free_pattern(picture: Indexed, edge: Index) -> tuple[BoolArray, IntArray]:
    """Find backgrounds that are made of the edge's colours in any other way."""
    looks = picture.is_one_of(picture.index, edge) & ~_is_of_figure(picture)
    looks = _like_edge_or_near(picture, looks, _fine_step(picture, edge))
    return looks, _kind_of_free_pattern(picture, looks)


def _predict(kind: int, sides: Sides, rows: IntArray, cols: IntArray) -> Index:
    """Continue the edge inwards to some places, (...,), in one kind of bands: shape (N, ...)."""
    if kind == UPRIGHT:
        return sides.top[:, cols]
    if kind == LEVEL:
        # level bands may be others on the left and on the right: the halves meet where the top changes
        change = sides.top[:, 1:] != sides.top[:, :-1]
        meet = np.where(change.sum(axis=1) == 1, 1 + change.argmax(axis=1), SIDE // 2)
        on_left = cols < meet.reshape(-1, *[1] * cols.ndim)
        return np.where(on_left, sides.left[:, rows], sides.right[:, rows])
    return _across_bands(kind, sides)[:, cols - rows + LAST if kind == FALLING else cols + rows]


def _across_bands(kind: int, sides: Sides) -> Index:
    """Colours across one kind of bands, the last one repeated at the end: shape (N, 47)."""
    if kind in (UPRIGHT, LEVEL):
        side = sides.top if kind == UPRIGHT else sides.left
        return np.concatenate([side, np.repeat(side[:, -1:], LAST, axis=1)], axis=1)
    if kind == FALLING:
        return np.concatenate([sides.left[:, :0:-1], sides.top], axis=1)
    return np.concatenate([sides.top, sides.right[:, 1:]], axis=1)


def _kind_of_bands(picture: Indexed, sequence: Index, slanted: BoolArray) -> IntArray:
    """Tell the kinds of banded backgrounds apart by the order, width and steps of bands; shape (N,)."""
    n, length = sequence.shape
    across = np.where(slanted, length, SIDE)
    change = ~picture.alike(sequence[:, 1:], sequence[:, :-1])
    bands = 1 + change.sum(axis=1)
    starts = np.concatenate([np.ones((n, 1), np.bool_), change], axis=1)
    same = picture.alike(sequence[:, :, None], sequence[:, None])
    seen_before = (same & np.tri(length, k=-1, dtype=np.bool_)).any(axis=2)
    colors = (starts & ~seen_before).sum(axis=1)

    lab = picture.lab(sequence)
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


def _fine_step(picture: Indexed, edge: Index) -> NDArray[np.int16]:
    """Largest step from pixel to pixel of a fine gradient, 0 where the edge shows none; shape (N,)."""
    rgb, tolerance = picture.rgb(edge), picture.tolerance
    step = sum_difference(rgb[:, 1:], rgb[:, :-1])
    largest = step.max(axis=1)
    fine = (largest <= FINEST_STEP) & ((step > tolerance[:, None]).sum(axis=1) >= GRADIENT_BANDS - 1)
    return np.where(fine, np.maximum(largest * 3 // 2, tolerance), tolerance)  # slanted steps are longer


def _like_edge_or_near(picture: Indexed, like_edge: BoolArray, limits: NDArray[np.int16]) -> BoolArray:
    """Pixels that have a colour of the edge, or are reached from there by steps within the limit (N,)."""
    looks = like_edge.copy()
    fine = np.flatnonzero(limits)
    if not len(fine):
        return looks
    reached = flood(looks[fine], np.broadcast_to(ON_EDGE, looks[fine].shape))
    few, limit = picture.take(fine), limits[fine, None, None]
    rgb = few.rgb(few.index)
    sideways = sum_difference(rgb[:, :, 1:], rgb[:, :, :-1]) <= limit
    upright = sum_difference(rgb[:, 1:], rgb[:, :-1]) <= limit
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


def _is_of_figure(picture: Indexed) -> BoolArray:
    """Mark pixels of colours that are more often where the head is than around it; shape (N, 24, 24)."""
    inside, around = (
        picture.palette.count_in(np.broadcast_to(zone, picture.index.shape))
        for zone in (_OF_HEAD, _AROUND_HEAD)
    )
    figure: BoolArray = picture.palette.at(inside > around, picture.index)
    figure &= (picture.tolerance == 0)[:, None, None]
    return figure


def _kind_of_free_pattern(picture: Indexed, looks: BoolArray) -> IntArray:
    """Tell blocks, checks, smooth gradients and scenes apart; shape (N,)."""
    mask = flood(looks, np.broadcast_to(ON_EDGE, looks.shape))
    index = picture.index
    sideways = mask[:, :, 1:] & mask[:, :, :-1] & ~picture.alike(index[:, :, 1:], index[:, :, :-1])
    upright = mask[:, 1:] & mask[:, :-1] & ~picture.alike(index[:, 1:], index[:, :-1])
    changing_cols, changing_rows = sideways.any(axis=1).sum(axis=1), upright.any(axis=2).sum(axis=1)

    blocks = (picture.tolerance == 0) & (changing_cols + changing_rows <= MOST_BOUNDARIES)
    checks = ~blocks & (changing_cols > 0) & (changing_rows > 0)
    some = np.flatnonzero(checks)
    checks[some] = _repeats(picture.take(some), mask[some])
    kind = np.full(len(mask), SCENE, np.intp)
    kind[blocks], kind[checks] = SPLIT, CHECKER
    some = np.flatnonzero(kind == SCENE)
    kind[some[_is_smooth(picture.take(some), mask[some])]] = GRADIENT
    return kind


def _repeats(picture: Indexed, mask: BoolArray) -> BoolArray:
    """Whether a background repeats itself along the rows and along the columns; shape (N,)."""
    both = np.ones(len(mask), np.bool_)
    for axis in (1, 0):
        some = np.flatnonzero(both)
        few, part = picture.take(some), mask[some]
        repeats = np.zeros(len(some), np.bool_)
        for period in range(2, LONGEST_PERIOD + 1):
            repeats |= _agreement(few, part, *((period, 0) if axis == 0 else (0, period))) >= PERIODIC
        both[some] = repeats
    return both


def _agreement(picture: Indexed, mask: BoolArray, rows: int, cols: int) -> FloatArray:
    """Share of the background pixels that equal the background pixel so many rows and columns further."""
    height, width = SIDE - rows, SIDE - cols
    both = mask[:, rows:, cols:] & mask[:, :height, :width]
    same = both & picture.alike(picture.index[:, rows:, cols:], picture.index[:, :height, :width])
    share: FloatArray = same.sum(axis=(1, 2)) / np.maximum(both.sum(axis=(1, 2)), 1)
    return share


def _is_smooth(picture: Indexed, mask: BoolArray) -> BoolArray:
    """Whether many colours lie on a smooth surface over the picture, or on one line in CIELAB; shape (N,)."""
    row, col = (np.indices((SIDE, SIDE)) - LAST / 2) / LAST
    terms = np.stack([np.ones_like(row), row, col, row * col, row**2, col**2], axis=-1)
    smooth: BoolArray = (picture.palette.count_in(mask) > 0).sum(axis=1) >= GRADIENT_BANDS
    for i in np.flatnonzero(smooth):  # few portraits ever get here
        colors, at = picture.palette.lab[i, picture.index[i, mask[i]]], terms[mask[i]]
        fit, *_ = np.linalg.lstsq(at, colors, rcond=None)
        unexplained = ((colors - at @ fit) ** 2).sum()
        total = ((colors - colors.mean(axis=0)) ** 2).sum()
        smooth[i] = unexplained <= (1 - LEAST_SMOOTH) * total or _lie_on_a_line(colors)
    return smooth


def _lie_on_a_line(colors: FloatArray) -> bool:
    """Whether colours in CIELAB, (M, 3), shade along one line."""
    along = np.linalg.eigvalsh(np.cov(colors.T))
    return bool(along[-1] >= LEAST_ON_A_LINE * along.sum())
