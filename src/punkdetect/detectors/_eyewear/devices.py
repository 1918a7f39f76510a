"""Whether what spans the nose is one device or two lenses that meet there.

Owns the shape of what is worn over both eyes. Must not know what is seen through it.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks.eye_band import BRIDGE, COLS, FLAT, LEFT_EYE, RIGHT_EYE, ROWS, EyeBand
from punkdetect.landmarks.face import color_difference
from punkdetect.punks import BoolArray

ONE_DEVICE = 150
"""Sum of the channel differences from lens to lens under the eyes, where glare may lie on a device, up to
which it is one; rims differ more from skin."""

ONE_PIECE = 100
"""Sum of the channel differences up to which neighbours are one piece, though it may shimmer like a visor."""

DARK = 200
"""Sum of the channels up to which a lens is dark; the labelled visor shimmers with 400 and more."""

WIDEST_WINDOWS = 6
"""Columns of both windows of a frame together at most: two or three for each eye."""


def covers_nose(band: EyeBand) -> BoolArray:
    """Whether one piece covers three rows between the eyes, where a bridge has one or two: shape (N,)."""
    both = band.covers(1, 2, 3, 4)
    upper = band.covers(-1, 2, 3, 4) & band.covers(0, 2, 3, 4)
    fringe = color_difference(band.pixel(-1, 3), band.pixel(-2, 3)) <= FLAT
    upper &= ~(fringe & band.covers(-2, 3))
    # under the eyes a device or mask goes on from lens to lens; on one side a glint may lie there
    under, lowest = (_goes_on(band, row) for row in (2, 3))
    lower = under.all(axis=0) | ((under[:2].all(axis=0) | under[2:].all(axis=0)) & lowest.all(axis=0))
    lower &= band.covers(2, 1, 2, 3, 4, RIGHT_EYE)
    # a tall bridge between large lenses is no piece with them
    for row in (0, 1):
        sides = [color_difference(band.pixel(row, 3), band.pixel(row, col)) > ONE_PIECE for col in (2, 4)]
        both &= ~(sides[0] & sides[1])
    # large dark lenses that meet over the nose leave a notch for it
    notch = band.bare(3, 3) & band.covers(3, 1) & band.covers(3, RIGHT_EYE)
    dark = band.pixel(1, 3)[:, :3].sum(axis=1, dtype=np.int16) <= DARK
    return np.asarray(both & (upper | (lower & ~(notch & dark))))


def _goes_on(band: EyeBand, row: int) -> BoolArray:
    """Whether each step of a row from lens to lens stays within one device: shape (4, N)."""
    cols = range(1, RIGHT_EYE)
    steps = [color_difference(band.pixel(row, col), band.pixel(row, col + 1)) <= ONE_DEVICE for col in cols]
    return np.array(steps) & band.covers(row, *cols, RIGHT_EYE)


def leaves_nose(band: EyeBand) -> BoolArray:
    """Whether skin shows between the eyes in the row under them, where a device goes on: shape (N,)."""
    lens_below = band.covers(3, 1) & band.covers(3, RIGHT_EYE)
    return band.bare(2, 2) | band.bare(2, 3) | band.bare(2, 4) | (band.bare(3, 3) & lens_below)


def has_two_bottoms(band: EyeBand) -> BoolArray:
    """Whether what covers the nose ends below in two parts, one under each eye, wide apart: shape (N,).

    So do lenses that meet over the nose; devices leave a notch of a pixel at most.
    """
    found = np.zeros(len(band.rgba), np.bool_)
    for row in (2, 3):
        ends = band.bare(row, 2, 3) | band.bare(row, 3, 4)
        for eye in (LEFT_EYE, RIGHT_EYE):
            ends &= ~band.bare(row, eye, eye + 1)
        found |= ends & band.covers(row - 1, 2, 3, 4)
    return found


def is_dark_bar(band: EyeBand) -> BoolArray:
    """Whether one dark colour fills both rows of the eyes, but for a glint in each lens: shape (N,).

    A glint is one pixel of a row; an eye in a thick frame is two.
    """
    color = band.bridge_rgba
    bar = color[:, :3].sum(axis=1, dtype=np.int16) <= DARK
    glint = color_difference(band.rgba[:, -ROWS.start : 2 - ROWS.start], color[:, None, None]) > FLAT
    for first in (LEFT_EYE, RIGHT_EYE - 1):
        lens = glint[:, :, first - COLS.start : first + 3 - COLS.start].sum(axis=2)
        bar &= np.asarray(lens.max(axis=1) == 1)
    return np.asarray(bar)


def has_two_windows(band: EyeBand) -> BoolArray:
    """Whether a thick frame has a window for each eye and ends with their rims: shape (N,).

    A mask goes on to the sides of the head; a device has no windows, or a single one.
    """
    frame = color_difference(band.rgba, band.bridge_rgba[:, None, None]) <= FLAT
    first, last = -2 - COLS.start, RIGHT_EYE + 3 - COLS.start
    found = np.zeros(len(frame), np.bool_)
    for at in (-ROWS.start, 1 - ROWS.start):
        row = frame[:, at, first : last + 1]
        before = np.logical_or.accumulate(row, axis=1)
        after = np.logical_or.accumulate(row[:, ::-1], axis=1)[:, ::-1]
        inside = before & after & ~row
        windows = (inside[:, 1:] & ~inside[:, :-1]).sum(axis=1) == 2
        windows &= (inside.sum(axis=1) >= 2) & (inside.sum(axis=1) <= WIDEST_WINDOWS)
        beyond = frame[:, [at - 1, at + 1]][:, :, [first, last]]
        found |= windows & ~np.asarray(beyond.any(axis=1)).all(axis=1)
    return found


def has_strap(band: EyeBand) -> BoolArray:
    """Whether a strap two rows thick and not dark holds the lenses, as that of goggles does: shape (N,)."""
    strap = band.covers(0, 2, 3, 4) & band.covers(1, 2, 3, 4)
    strap &= band.pixel(0, 3)[:, :3].sum(axis=1, dtype=np.int16) > DARK
    for row in (0, 1):
        for col in (-2, -1, 3):
            strap &= color_difference(band.pixel(0, 3), band.pixel(row, col)) <= FLAT
    return strap


def is_domino(band: EyeBand) -> BoolArray:
    """Whether one colour goes from eye to eye but for the eyes themselves, as in a domino mask: shape (N,).

    It is three rows high, with a notch for the nose at most, and goes on to the sides of the face; lenses
    have a row of skin or glass over or under the eyes, or skin between them, or beside a thick frame.
    """
    found = np.zeros(len(band.rgba), np.bool_)
    first, end = LEFT_EYE - COLS.start, RIGHT_EYE + 2 - COLS.start
    eyes = [0, 1, RIGHT_EYE, RIGHT_EYE + 1]
    middle = BRIDGE.start + 1
    beside = [col for col in range(end - first) if col not in eyes]
    but_notch = [col for col in range(end - first) if col != middle]
    for eye_row in (0, 1):
        at = eye_row - ROWS.start
        color = band.rgba[:, at, first + middle]
        mask = (color_difference(band.rgba, color[:, None, None]) <= FLAT) & band.covered
        over, row, under = (mask[:, at + step, first:end] for step in (-1, 0, 1))
        whole = over.all(axis=1) & under[:, but_notch].all(axis=1) & row[:, beside].all(axis=1)
        sides = band.bare(eye_row, -2) | band.bare(eye_row, RIGHT_EYE + 3)
        found |= np.asarray(whole & ~row[:, eyes].any(axis=1) & ~sides)
    return found
