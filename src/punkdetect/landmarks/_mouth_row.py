"""Which row under the nose is the bar of the mouth.

Owns what lips look like among moustaches, beards and chins. Must not know how the nose was found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks._placement import MOUTH_GAPS
from punkdetect.landmarks.flat_colors import DARK_LINE, SAME_COLOR, color_difference, cut_boxes
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray

BAR = range(3)
"""Columns of a bar that every mouth has."""

MUCH_WIDER = 2
"""Columns that the eyes are further apart from which a mouth may be wider than a moustache of usual heads."""

NO_BAR = -1000
"""Contrast of a row that is no bar: below that of any bar."""

ENOUGH_CONTRAST = 90
"""Sum of the channel differences above which more contrast says no more about a mouth."""

FAR_MOUTH_COST = 60
"""Contrast that a mouth four rows under the nose must have more than one at two or three."""

MUSTACHE_COST = 60
"""Contrast taken off a bar of five or more columns: a mouth may be as wide, but a moustache is."""

PALE_BAR_COST = 100
"""Contrast taken off a bar that is neither darker nor redder than the rows around it: teeth, a chin."""

SHIFTS = (0, -1, 1)
"""Columns by which the mouth may lie beside the nose; of equals the first wins."""

SHIFT_COST = 80
"""Contrast that a shifted mouth must have more: a column of skin in a bar costs it more, a patch of a beard
that looks like a bar gains 60."""

NEAR_GROUND = 40
"""Sum of the channel differences up to which a bar has a colour of the face; the faintest lips have 50."""

GROUND_COST = 400
"""Contrast taken off a bar in the colour of the face: skin between lips and chin is no mouth."""

CHIN_COST = 400
"""Contrast taken off what is under a mouth: the end of the chin, a tuft of beard below the lips."""

TUFT_REDNESS = 15
"""How much redder (2R-G-B) than the bar above it a tuft may be, as grey hair is than green lips."""

LIPS_UNDER_MUSTACHE = 0.8
"""Share of the better row's contrast from which the row under it is the mouth."""

TOOTH = 180
"""Least channel of a tooth."""


def find_bar(
    rgba: ByteArray,
    grounds: tuple[ByteArray, ...],
    nose_row: IntArray,
    mouth_col: IntArray,
    wider: IntArray,
) -> tuple[IntArray, IntArray]:
    """Find the row under the nose that looks most like the bar of a mouth, and three of its columns.

    A bar is three columns of one colour that differ from what is above and below, and from what is at their
    ends; it is darker or redder than what is above and below. Full lips are two such rows: the upper one is
    returned. A moustache goes on to both sides, a beard differs from one row to the next without being of
    one colour, a shade has no lower edge. Between equals the lower row wins: lips are under the moustache.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    grounds : ndarrays of uint8, shape (N, 3)
        The flat colours of the face: skin, beard, stubble.
    nose_row, mouth_col : ndarray of int, shape (N,)
        Row of the nose, and the first of the three columns under it.
    wider : ndarray of int, shape (N,)
        Columns that the eyes are further apart than usual: a large head may have as much wider a mouth.

    Returns
    -------
    mouth_row, mouth_col : ndarray of int, shape (N,)
    """
    row, col, contrast = _best_bar(rgba, grounds, nose_row, mouth_col)
    large = np.flatnonzero(wider >= MUCH_WIDER)
    if len(large):
        more, some = wider[large], tuple(color[large] for color in grounds)
        first = mouth_col[large] - more // 2  # where the bar begins, if it is as much wider
        left_out = first + len(BAR) - 1
        place = np.arange(SIDE)
        narrowed = np.where(place < left_out[:, None], place, np.minimum(place + more[:, None], SIDE - 1))
        as_usual = np.take_along_axis(rgba[large], narrowed[:, None, :, None], axis=2)
        large_row, large_col, large_contrast = _best_bar(as_usual, some, nose_row[large], first)
        better = np.flatnonzero(large_contrast > contrast[large])
        row[large[better]], col[large[better]] = large_row[better], (large_col + (more + 1) // 2)[better]
    return row, col


def _best_bar(
    rgba: ByteArray, grounds: tuple[ByteArray, ...], nose_row: IntArray, mouth_col: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Find the best bar of three columns: its row, its first column, and its contrast."""
    each = np.arange(len(rgba))
    part = cut_boxes(rgba, each, nose_row + MOUTH_GAPS.start - 1, mouth_col - 3, len(MOUTH_GAPS) + 3, 9)
    step = np.minimum(color_difference(part[:, 1:], part[:, :-1]), ENOUGH_CONTRAST)  # from row to row
    # all shifts of all portraits at once: (shifts * N, ...)
    wide = np.concatenate([part[:, :, 1 + shift : 8 + shift] for shift in SHIFTS])
    step = np.concatenate([step[:, :, 3 + shift : 6 + shift] for shift in SHIFTS])
    face = np.zeros(part.shape[:3], bool)
    for color in grounds:
        face |= color_difference(part, color[:, None, None]) <= NEAR_GROUND
    face = np.concatenate([face[:, :, 1 + shift : 8 + shift] for shift in SHIFTS])
    chin, tuft = _is_below_mouth(wide, face)
    contrast = score_rows(wide, step)
    contrast[:, -1] -= FAR_MOUTH_COST * (contrast[:, -1] > NO_BAR)
    contrast -= SHIFT_COST * np.repeat(np.abs(SHIFTS), len(rgba))[:, None]
    contrast -= GROUND_COST * is_ground(face[:, 1:-2, 2:5])
    contrast -= CHIN_COST * chin
    by_shift = contrast.reshape(len(SHIFTS), len(rgba), len(MOUTH_GAPS))
    by_shift -= CHIN_COST * tuft.reshape(by_shift.shape).any(axis=0)
    best = by_shift.max(axis=0)
    row = len(MOUTH_GAPS) - 1 - best[:, ::-1].argmax(axis=1)
    # two bars, one under the other: a moustache and lips
    lower = np.minimum(row + 1, len(MOUTH_GAPS) - 1)
    row = np.where(best[each, lower] >= LIPS_UNDER_MUSTACHE * best[each, row], lower, row)
    shift = np.take(SHIFTS, by_shift[:, each, row].argmax(axis=0))
    return nose_row + MOUTH_GAPS.start + row, mouth_col + shift, best[each, row]


def _is_below_mouth(part: ByteArray, face: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Tell which bars are the end of the chin, and which a tuft of beard under the lips: (N, gaps) each.

    Under the chin the face does not go on: its outline is ink, or what is there goes on to a side. A tuft
    reaches down two rows or to the chin, and is no redder than the bar of one row above it.

    Parameters
    ----------
    part : ndarray of uint8, shape (N, gaps + 3, 7, 4)
        From the row above the first bar to two below the last.
    face : ndarray of bool, shape (N, gaps + 3, 7)
        Where it has a flat colour of the face.
    """
    middle, of_face = part[:, :, 2:5], face[:, :, 2:5]
    some_face = of_face[:, :, 0] | of_face[:, :, 1] | of_face[:, :, 2]
    all_face = of_face[:, :, 0] & of_face[:, :, 1] & of_face[:, :, 2]
    drawn = ~some_face
    same = color_difference(middle[:, 1:], middle[:, :-1]) <= SAME_COLOR
    thick = same[:, :, 0] & same[:, :, 1] & same[:, :, 2]
    below = np.where(thick[:, 1:-1], some_face[:, 3:], some_face[:, 2:-1])
    ink = _ink(middle)
    line = ink[:, :, 1] & (ink[:, :, 0] | ink[:, :, 2])
    sides = [face[:, :, first] | face[:, :, first + 1] for first in (0, 5)]
    for side in sides:
        line[:, :-1] |= drawn[:, :-1] & ~(side[:, :-1] | side[:, 1:])
    chin = line[:, 1:-2] & all_face[:, :-3] & ~below
    redness, _ = redness_and_darkness(part[:, :, 3])
    tuft = drawn[:, 1:-2] & (thick[:, 1:-1] | line[:, 2:-1]) & drawn[:, :-3] & ~thick[:, :-2]
    tuft &= (sides[0] & sides[1])[:, :-3]  # stubble goes on to both sides
    # under a mouth drawn in ink any tuft is redder; but lips are two rows high at most
    in_ink = (ink[:, :-3, 0] & ink[:, :-3, 1] & ink[:, :-3, 2]) & ~ink[:, 1:-2, 1]
    in_ink &= thick[:, 1:-1] & same[:, 2:, 1]
    tuft &= (redness[:, 1:-2] <= redness[:, :-3] + TUFT_REDNESS) | in_ink
    tuft[:, 1:] &= of_face[:, :-4, 1]  # over the middle of the bar there is skin, no moustache
    return np.asarray(chin), np.asarray(tuft)


def is_ground(ground: BoolArray) -> BoolArray:
    """Tell of which bars, (N, gaps, 3), the middle or both ends have a colour of the face: (N, gaps)."""
    return np.asarray(ground[:, :, 1] | (ground[:, :, 0] & ground[:, :, 2]))


def score_rows(part: ByteArray, step: NDArray[np.int16]) -> IntArray:
    """Score each row that may be the bar: shape (N, gaps).

    Parameters
    ----------
    part : ndarray of uint8, shape (N, gaps + 3, 7, 4)
        From the row above the first that may be the bar to two below the last; the bar is in the middle.
    step : ndarray of int16, shape (N, gaps + 2, 3)
        Difference of the middle columns from each row to the next.
    """
    bar = part[:, 1:-2]
    above, below, next_below = step[:, :-2], step[:, 1:-1], step[:, 2:]
    full = np.all(below <= SAME_COLOR, axis=2)
    vertical = 3 * np.minimum(_edge(above), np.where(full, _edge(next_below), _edge(below))).astype(np.intp)
    first, middle, last = bar[:, :, 2], bar[:, :, 3], bar[:, :, 4]
    uneven = np.minimum(color_difference(first, middle), color_difference(middle, last))
    gap = color_difference(first, last) <= SAME_COLOR
    gap &= _is_tooth(middle) | (_ink(middle) & _is_tooth(first))
    vertical -= 3 * np.where(gap, 0, np.minimum(uneven, ENOUGH_CONTRAST))
    vertical = np.maximum(vertical, 0)

    beside = np.minimum(color_difference(bar, middle[:, :, None]), ENOUGH_CONTRAST).astype(np.intp)
    ends = beside[:, :, 1] + beside[:, :, 5] + (beside[:, :, 0] + beside[:, :, 6]) // 2
    contrast = vertical + np.minimum(ends, vertical)
    contrast -= MUSTACHE_COST * ((beside[:, :, 1] < SAME_COLOR) & (beside[:, :, 5] < SAME_COLOR))
    pale = np.ones(contrast.shape, bool)
    for lip in redness_and_darkness(part[:, :, 3]):
        pale &= 2 * lip[:, 1:-2] <= lip[:, :-3] + lip[:, 2:-1]
    contrast -= PALE_BAR_COST * pale
    # where no row is a bar at all (a mask), the one nearest to the nose
    scored: IntArray = np.where(vertical > 0, contrast, NO_BAR - np.arange(contrast.shape[1]))
    return scored


def _edge(step: NDArray[np.int16]) -> NDArray[np.int16]:
    """How clear the upper or lower edge of a bar is: two of its columns count, or the middle one.

    A pipe may touch the bar in one column, and both corners may be raised.
    """
    # the median of three is at least the middle one, or the lesser of both others
    middle: NDArray[np.int16] = np.maximum(np.minimum(step[:, :, 0], step[:, :, 2]), step[:, :, 1])
    return middle


def _ink(rgba: ByteArray) -> BoolArray:
    return np.asarray(color_difference(rgba, np.zeros(3, np.uint8)) <= DARK_LINE)


def _is_tooth(rgba: ByteArray) -> BoolArray:
    return np.asarray((rgba[..., 0] >= TOOTH) & (rgba[..., 1] >= TOOTH) & (rgba[..., 2] >= TOOTH))


def redness_and_darkness(rgba: ByteArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return how much redder than grey colours are (2R-G-B), and how dark (less the sum of the channels)."""
    red, green, blue = (rgba[..., channel].astype(np.intp) for channel in range(3))
    return 2 * red - green - blue, -(red + green + blue)
