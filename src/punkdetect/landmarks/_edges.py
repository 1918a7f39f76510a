"""The pixels along the left, top and right edges: what of them is background.

Owns the edge, where the figure meets it and how it goes on downwards. Must not know what kinds of backgrounds
there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, Scalar

EDGE_ROWS = 17
"""Rows from the top in which the left and right edges are read. Shoulders reach the sides below; in 144
hand-made portraits nothing of the figure reaches them above."""

LAST = SIDE - 1
_EDGE = np.array(
    [
        *((row, 0) for row in range(EDGE_ROWS - 1, 0, -1)),
        *((0, col) for col in range(SIDE)),
        *((row, LAST) for row in range(1, EDGE_ROWS)),
    ]
)
"""Row and column of each edge pixel, walked from the lower left up, along the top and down the right."""

_TOP = slice(EDGE_ROWS - 1, EDGE_ROWS - 1 + SIDE)
_ON_TOP = np.zeros(len(_EDGE), np.bool_)
_ON_TOP[_TOP] = True

ON_EDGE = np.zeros((SIDE, SIDE), np.bool_)
ON_EDGE[_EDGE[:, 0], _EDGE[:, 1]] = True

FRAME = 3
"""Rows or columns from the edge inwards in which a band must look the same; hats and hair do not."""

_OUTER_COLS = np.array([*range(FRAME), *range(SIDE - FRAME, SIDE)])

LEAST_MAIN_SHARE = 0.7
"""Share of the edge from which one colour is the background, and another that meets it may be wide hair.
Labelled hats leave 0.9, labelled patterns of two colours 0.5."""

CENTRE_COLS = slice(8, 16)
HEAD_ROWS = slice(7, 12)
"""Where every head is, whatever its size."""

CORNER = 2
"""Columns at both upper corners that no figure reaches."""

MOST_FIGURE_RUNS = 6
"""Places in which a figure may touch the edge; patterns touch it more often."""

NARROW_TOP, NARROW_SIDE = 4, 2
"""Pixels of a lone run on the edge up to which it is no band: a tuft at the top, a beam or a cigarette at a
side."""

LOWER_HALF = slice(12, SIDE)
"""Rows in which a band behind the figure shows again, beside the neck."""

MIDDLE = EDGE_ROWS - 1 + SIDE // 2
"""Place on the edge of the middle of the top."""

SHADE = 30
"""Sum of the channel differences up to which a pixel on the edge may be a shade of hair on the head."""

GRADIENT_BANDS = 5
"""Bands from which small steps make a gradient; `split` is two to four flat blocks."""

GRADIENT_SLACK = 1.5
"""How much larger than the largest step so far the next step of a gradient may be."""

GROUND_ROWS = 4
"""Rows from the bottom that ground fills at both sides, in colours that the middle of the bottom has not."""


def read_edge(pixels: NDArray[Scalar]) -> NDArray[Scalar]:
    """Read the pixels along the left, top and right edges.

    Parameters
    ----------
    pixels : ndarray of shape (N, 24, 24, ...)

    Returns
    -------
    ndarray of shape (N, 56, ...)
    """
    return pixels[:, _EDGE[:, 0], _EDGE[:, 1]]


def sum_difference(one: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]]) -> NDArray[np.int16]:
    """Sum of the absolute channel differences of colours, shapes (..., 3) that broadcast."""
    total: NDArray[np.int16] = np.abs(one[..., 0] - other[..., 0].astype(np.int16))
    for channel in (1, 2):
        total = total + np.abs(one[..., channel] - other[..., channel].astype(np.int16))
    return total


def has_low_band(rgb: ByteArray, looks: BoolArray, tolerance: NDArray[np.int16]) -> BoolArray:
    """Whether another band begins straight across below `EDGE_ROWS`, on both sides of the figure; shape (N,).

    Parameters
    ----------
    rgb : ndarray of uint8, shape (N, 24, 24, 3)
    looks : ndarray of bool, shape (N, 24, 24)
        Pixels that look like the edge above.
    tolerance : ndarray of int16, shape (N,)
    """
    sides: BoolArray = looks[:, EDGE_ROWS - 1 :][:, :, _OUTER_COLS]
    full, some_of_it = np.all(sides, axis=2), np.any(sides, axis=2)
    begins = full[:, :-1] & ~some_of_it[:, 1:]
    some = np.flatnonzero(begins.any(axis=1))
    band = np.zeros(len(rgb), np.bool_)
    row = EDGE_ROWS + begins[some].argmax(axis=1)
    outer = rgb[some[:, None], row[:, None], _OUTER_COLS]
    band[some] = (sum_difference(outer.astype(np.int16), outer[:, :1]) <= tolerance[some, None]).all(axis=1)
    return band


def has_ground(rgb: ByteArray, looks: BoolArray, tolerance: NDArray[np.int16]) -> BoolArray:
    """Whether ground rises at both sides below `EDGE_ROWS`; shape (N,).

    Its colours lie in the lower corners and not in the middle of the bottom, where clothing is.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (N, 24, 24, 3)
    looks : ndarray of bool, shape (N, 24, 24)
        Pixels that look like the edge above.
    tolerance : ndarray of int16, shape (N,)
    """
    low = slice(SIDE - GROUND_ROWS, SIDE)
    ground: BoolArray = ~np.any(looks[:, low, 0] | looks[:, low, LAST], axis=1)
    some = np.flatnonzero(ground)
    if not len(some):
        return ground
    middle = rgb[some, low, CENTRE_COLS].reshape(len(some), -1, 3).astype(np.int16)
    limit = tolerance[some, None]
    for col in (0, LAST):
        corner = rgb[some, SIDE - 2, col].astype(np.int16)
        flat = (sum_difference(rgb[some, low, col][:, 1:], corner[:, None]) <= limit).all(axis=1)
        ground[some] &= flat & ~(sum_difference(middle, corner[:, None]) <= limit).any(axis=1)
    return ground


def read_background_edge(
    rgb: ByteArray, main: NDArray[np.int16], tolerance: NDArray[np.int16], tall: bool
) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]:
    """Read the background's colours along three edges, past what of the figure touches them.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (N, 24, 24, 3)
    main : ndarray of int16, shape (N, 3)
        Most frequent colour of the edge.
    tolerance : ndarray of int16, shape (N,)
    tall : bool
        Whether to take what widens below the middle of the top edge for the figure.

    Returns
    -------
    left, top, right : ndarray of int16, shape (N, 24, 3)
    """
    edge = read_edge(rgb).astype(np.int16)
    figure = _hair_on_edge(rgb, edge, main, tolerance)
    figure |= _lone_runs(rgb, edge, tolerance)
    if tall:
        figure |= _tall_figure(rgb, tolerance)
    edge = _fill(edge, figure)
    looks = sum_difference(rgb, main[:, None, None]) <= tolerance[:, None, None]
    ground = has_ground(rgb, looks, tolerance)
    left = _continue_downwards(edge[:, EDGE_ROWS - 1 :: -1], edge, rgb, tolerance, ground, 0)
    right = _continue_downwards(edge[:, -EDGE_ROWS:], edge, rgb, tolerance, ground, LAST)
    return left, edge[:, _TOP], right


def _fill(edge: NDArray[np.int16], figure: BoolArray) -> NDArray[np.int16]:
    """Give the figure's edge pixels the colour of the nearest other one towards their corner."""
    length = edge.shape[1]
    at = np.arange(length)
    before = np.maximum.accumulate(np.where(figure, -1, at), axis=1)
    after = np.minimum.accumulate(np.where(figure, length, at)[:, ::-1], axis=1)[:, ::-1]
    wanted = np.where((at < length // 2) & (before >= 0) | (after >= length), before, after)
    wanted = np.where((wanted < 0) | (wanted >= length), at, wanted)
    filled: NDArray[np.int16] = edge[np.arange(len(edge))[:, None], wanted]
    return filled


def _tall_figure(rgb: ByteArray, tolerance: NDArray[np.int16]) -> BoolArray:
    """Edge pixels of a hat or hair that widens below the top edge, before any background; shape (N, 56).

    Upright bands go straight down; where only the middle does not, the figure stands in it.
    """
    n = len(rgb)
    top = rgb[:, :FRAME].astype(np.int16)
    bent = np.any(sum_difference(top[:, 1:], top[:, :1]) > tolerance[:, None, None], axis=1)
    bent[:, 1:] |= bent[:, :-1].copy()
    bent[:, :-1] |= bent[:, 1:].copy()
    first, last = bent.argmax(axis=1), LAST - bent[:, ::-1].argmax(axis=1)
    central = (first < CENTRE_COLS.stop) & (last >= CENTRE_COLS.start)
    tall = bent.any(axis=1) & (first >= CORNER) & (last <= LAST - CORNER) & central
    cols = np.arange(SIDE)
    # the neighbours of the bent columns were only touched
    inside = tall[:, None] & (cols > first[:, None]) & (cols < last[:, None])
    figure = np.zeros((n, len(_EDGE)), np.bool_)
    figure[:, _TOP] = inside
    return figure


def _lone_runs(rgb: ByteArray, edge: NDArray[np.int16], tolerance: NDArray[np.int16]) -> BoolArray:
    """Edge pixels of narrow runs that one colour frames and that come only once; shape (N, 56)."""
    n, length = edge.shape[:2]
    at = np.arange(length)
    each = np.arange(n)[:, None]
    change = sum_difference(edge[:, 1:], edge[:, :-1]) > tolerance[:, None]
    starts = np.concatenate([np.ones((n, 1), np.bool_), change], axis=1)
    ends = np.concatenate([change, np.ones((n, 1), np.bool_)], axis=1)
    start = np.maximum.accumulate(np.where(starts, at, 0), axis=1)
    end = np.minimum.accumulate(np.where(ends, at, length)[:, ::-1], axis=1)[:, ::-1]
    before, after = edge[each, np.maximum(start - 1, 0)], edge[each, np.minimum(end + 1, length - 1)]
    framed = (start > 0) & (end < length - 1) & (sum_difference(before, after) <= tolerance[:, None])
    like = np.zeros((n, length), np.int16)
    for other in range(length):
        like += sum_difference(edge, edge[:, other, None]) <= tolerance[:, None]
    size = end - start + 1
    middle = _EDGE[(start + end) // 2, 1]
    central = (middle >= CENTRE_COLS.start) & (middle < CENTRE_COLS.stop)
    on_top = (start >= _TOP.start + CORNER) & (end < _TOP.stop - CORNER)
    at_side = (end < _TOP.start) | (start >= _TOP.stop)
    # a band goes on down to the feet, beside the neck; a hat that reaches the top does not
    low = rgb[:, LOWER_HALF].reshape(n, (SIDE - LOWER_HALF.start) * SIDE, 3)
    middle_top = edge[:, MIDDLE]
    ends_above = ~np.any(sum_difference(low, middle_top[:, None]) <= tolerance[:, None], axis=1)
    over_middle = (start <= MIDDLE) & (end >= MIDDLE)
    narrow = np.where(
        on_top,
        central & ((size <= NARROW_TOP) | (over_middle & ends_above[:, None])),
        at_side & (size <= NARROW_SIDE),
    )
    lone: BoolArray = framed & narrow & (like == size)
    return lone


def _hair_on_edge(
    rgb: ByteArray, edge: NDArray[np.int16], main: NDArray[np.int16], tolerance: NDArray[np.int16]
) -> BoolArray:
    """Edge pixels that are a hat or hair on a background of otherwise one colour; shape (N, 56).

    A band goes straight inwards from the edge; a hat widens and hair is ragged. At the sides, scenery is
    ragged as well, but only hair has its colour on the head too.
    """
    n, length = edge.shape[:2]
    odd = sum_difference(edge, main[:, None]) > tolerance[:, None]
    inward = np.where(_ON_TOP[:, None], [1, 0], np.where(_EDGE[:, 1:] == 0, [0, 1], [0, -1]))
    bent = np.zeros((n, length), np.bool_)
    for step in range(1, FRAME):
        at = _EDGE + step * inward
        bent |= sum_difference(edge, rgb[:, at[:, 0], at[:, 1]]) > tolerance[:, None]
    # the pixels next to a run tell whether it widens, but not around the corner
    sideways = bent & ~np.isin(np.arange(length), [EDGE_ROWS - 1, EDGE_ROWS + SIDE - 2])
    bent[:, 1:] |= sideways[:, :-1]
    bent[:, :-1] |= sideways[:, 1:]

    starts = np.diff(odd, axis=1, prepend=False)
    run = np.cumsum(starts, axis=1) + length * np.arange(n)[:, None]

    def total_of_run(flags: BoolArray) -> FloatArray:
        total: FloatArray = np.bincount(run.reshape(-1), flags.reshape(-1), minlength=n * length + 1)[run]
        return total

    head = rgb[:, HEAD_ROWS, CENTRE_COLS].astype(np.int16)
    on_head = np.zeros((n, length), np.bool_)
    for row, col in np.ndindex(head.shape[1:3]):
        on_head |= sum_difference(edge, head[:, None, row, col]) <= SHADE
    central = _ON_TOP & (_EDGE[:, 1] >= CENTRE_COLS.start) & (_EDGE[:, 1] < CENTRE_COLS.stop)
    belongs = np.where(_ON_TOP, central, on_head) & odd
    mostly = total_of_run(belongs) >= 0.5 * total_of_run(odd)
    few = (~odd).mean(axis=1) >= LEAST_MAIN_SHARE
    few &= (starts & odd).sum(axis=1) <= MOST_FIGURE_RUNS
    figure: BoolArray = odd & (total_of_run(bent) > 0) & mostly & few[:, None]
    return figure


def _continue_downwards(
    side: NDArray[np.int16],
    edge: NDArray[np.int16],
    rgb: ByteArray,
    tolerance: NDArray[np.int16],
    ground: BoolArray,
    col: int,
) -> NDArray[np.int16]:
    """Background colours along a side, shape (N, 24, 3), past the rows where shoulders may hide it.

    A pixel there is background if it has a colour of the edge above, if it goes on with a gradient, if a new
    band begins straight across on both sides, or if there is ground; otherwise the last colour is repeated.
    """
    colors = list(side.transpose(1, 0, 2))
    steps = sum_difference(side[:, 1:], side[:, :-1])
    shades = (steps > tolerance[:, None]).sum(axis=1) >= GRADIENT_BANDS - 1
    for row in range(EDGE_ROWS, SIDE):
        here = rgb[:, row, col].astype(np.int16)
        known = (sum_difference(edge, here[:, None]) <= tolerance[:, None]).any(axis=1)
        step = sum_difference(here, colors[-1])
        known |= (step <= tolerance) | (shades & (step <= GRADIENT_SLACK * steps.max(axis=1)))
        band = (sum_difference(rgb[:, row, _OUTER_COLS], here[:, None]) <= tolerance[:, None]).all(axis=1)
        above = rgb[:, row - 1, _OUTER_COLS].astype(np.int16)
        level = (sum_difference(above, above[:, :1]) <= tolerance[:, None]).all(axis=1)
        known |= ground | band & level & (sum_difference(above[:, 0], colors[-1]) <= tolerance)
        colors.append(np.where(known[:, None], here, colors[-1]))
    return np.stack(colors, axis=1)
