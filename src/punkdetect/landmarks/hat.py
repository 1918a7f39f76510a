"""The outline of what covers the head: crown, brim, what hangs or stands out of the head.

Owns the measures of shape by which a person tells one hat from another. Must not know what any is called.

What stands out of the head in a row or two, with the figure falling back under it, is a brim.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import Bits, count_bits
from punkdetect.landmarks.head_cover import SIDE_ROWS, Cover
from punkdetect.landmarks.head_grid import HeadGrid
from punkdetect.landmarks.head_rows import (
    C0,
    COLS,
    R0,
    ROW,
    ROWS,
    at,
    columns,
    extents,
    in_rows,
    keep,
    pieces_of,
    row_shifted,
    width_of,
)
from punkdetect.punks import BoolArray, IntArray
from punkdetect.records import Record

BRIM_ROWS, RAISED_ROWS, RAISED = range(-2, 2), range(-4, 1), 3
"""Rows around the hat's lowest one in which a brim is looked for; those of one whose sides stand up, and the
columns that such a side reaches out."""

ABOVE_BRIM = 3
"""Rows from the widest row of a brim up to the crown that it is compared with."""

LEAST_CROWN = 2
"""Rows of crown above a brim."""

LOWEST_TAIL = 5
"""Rows below the hat's lowest one down to which a tail hangs."""

LOBE_COLS, LOBE = (slice(C0 - 5, C0 + 2), slice(C0 + 2, C0 + 5), slice(C0 + 5, C0 + 12)), 2
"""Columns of the grid on the left, in the middle, on the right; rows by which ears stand over the middle."""

DOME_ROWS, WIDE_DOME = 3, 12
"""Rows under the top in which lobes stand out of a dome, and columns from one to the other."""

EMPTY = -50
"""How far a row without hat reaches out."""


class Outline(Record):
    """The shape of a cover, if it is a hat; rows are counted from the eyes.

    Parameters
    ----------
    mask : ndarray of uint32, shape (N, R)
        The hat with its brim.
    crown : ndarray of uint32, shape (N, R)
        The part of it over the head.
    width : ndarray of int, shape (N, R)
        Columns from the first to the last of every row.
    over : ndarray of int, shape (N, 2, R)
        How far every row reaches out of the head, to the left and to the right.
    top, base : ndarray of int, shape (N,)
        Its highest row; its lowest over the face.
    reach, brim : ndarray of int, shape (N, 2)
        How far its lowest rows reach out of the head on both sides, and out of the crown above them.
    brim_row : ndarray of int, shape (N, 2)
        First row that reaches so far.
    step : ndarray of int, shape (N, 2)
        Largest step outwards from one row to the next around the brim.
    clear : ndarray of bool, shape (N, 2)
        Whether the figure falls back under the brim.
    thickness, outside : ndarray of int, shape (N, 2)
        Rows, and pixels, of what stands out of the head.
    hangs : ndarray of bool, shape (N, 2)
        Whether something hangs below the last row that stands out of the head in one piece.
    bulge : ndarray of int, shape (N, 2)
        How much wider it is somewhere above than somewhere below.
    gaps, figure_gaps : ndarray of int, shape (N, R)
        Pixels of background between first and last pixel of every row, of the hat and of the whole figure.
    lobes : ndarray of bool, shape (N,)
        Whether two parts stand up on both sides of the head, or out of both sides of a dome.
    """

    mask: Bits
    crown: Bits
    width: IntArray
    over: IntArray
    top: IntArray
    base: IntArray
    reach: IntArray
    brim: IntArray
    brim_row: IntArray
    step: IntArray
    clear: BoolArray
    thickness: IntArray
    outside: IntArray
    hangs: BoolArray
    bulge: IntArray
    gaps: IntArray
    figure_gaps: IntArray
    lobes: BoolArray


def find_outline(head: HeadGrid, cover: Cover) -> Outline:
    """Measure the outline of what covers each head.

    Parameters
    ----------
    head : HeadGrid
    cover : Cover

    Returns
    -------
    Outline
    """
    edge, base = cover.edge[:, None], cover.edge - 1
    worn = head.cover & ~cover.side_hair
    over_face = keep(worn, edge > ROW)
    low_brim = keep(worn & head.outside(1) & (cover.own | head.ink), (edge <= ROW) & (edge + 1 >= ROW))
    mask = over_face | low_brim
    crown = over_face & ~head.outside(2)
    width, over = width_of(mask), np.maximum(head.outward(mask), EMPTY)
    some = width > 0
    top = np.where(some.any(axis=1), some.argmax(axis=1) - R0, 0)

    rows = (edge <= ROW) & (edge + SIDE_ROWS > ROW) & cover.ends[:, None]
    whole = mask | keep(worn & head.outside(-1) & (cover.own | (head.ink & head.outside(1))), rows)
    figure_over = head.outward(head.figure)
    sides = []
    for side, out in enumerate((head.left_of(1), head.right_of(1))):
        brim = _measure_brim(over[:, side], top, base)
        reach, _, row, _ = brim
        falls_to = np.minimum(at(figure_over[:, side], row + 2), at(figure_over[:, side], row + 3))
        outside = keep(whole & out, base[:, None] - 4 <= ROW)
        pixels = count_bits(outside)
        hangs = _hangs(head, whole | worn, outside, base, side)
        sides.append((*brim, falls_to <= reach - 2, (pixels > 0).sum(axis=1), pixels.sum(axis=1), hangs))
    reach, brim_, row, step, clear, thickness, outside_, hangs_ = (
        np.stack(part, axis=1) for part in zip(*sides, strict=True)
    )
    bulge = np.stack([_bulge(over[:, side], top, base) for side in range(2)], axis=1)
    return Outline(
        mask=whole,
        crown=crown,
        width=width,
        over=over,
        top=top,
        base=base,
        reach=reach,
        brim=brim_,
        brim_row=row,
        step=step,
        clear=clear,
        thickness=thickness,
        outside=outside_,
        hangs=hangs_,
        bulge=bulge,
        gaps=width - count_bits(mask),
        figure_gaps=width_of(head.figure) - count_bits(head.figure),
        lobes=_has_lobes(head, over_face, crown, top),
    )


def _measure_brim(
    over: IntArray, top: IntArray, base: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Measure one side, (N,) each: how far it is out of the head, out of the crown, where, in what steps."""
    low = in_rows(over, base + BRIM_ROWS.start, base + BRIM_ROWS.stop - 1, EMPTY)
    raised = in_rows(over, base + RAISED_ROWS.start, base + RAISED_ROWS.stop - 1, EMPTY)
    raised[raised < RAISED] = EMPTY
    reach = np.maximum(low.max(axis=1), raised.max(axis=1))
    rows = in_rows(over, base + RAISED_ROWS.start, base + BRIM_ROWS.stop - 1, EMPTY - 1)
    row = (rows == reach[:, None]).argmax(axis=1) - R0
    crown = in_rows(over, top, row - ABOVE_BRIM, EMPTY).max(axis=1)
    brim = np.where((row - top >= LEAST_CROWN) & (reach >= 1), reach - np.maximum(crown, 0), 0)
    steps = over - np.maximum(row_shifted(over, 1, EMPTY), -1)
    step = in_rows(steps, np.maximum(row - 1, top + 2), row + 1, 0).max(axis=1)
    return reach, brim, row, step


def _hangs(head: HeadGrid, cover: Bits, outside: Bits, base: IntArray, side: int) -> BoolArray:
    """Tell whether something lies outside of the head below the last row that reaches there in one piece."""
    if side == 0:
        gap = np.maximum(extents(~cover & head.left_of(0))[1], COLS.start - 1)
        piece = head.left[:, None] - 1 - gap
    else:
        gap = np.minimum(extents(~cover & head.right_of(0))[0], COLS.stop)
        piece = gap - head.right[:, None] - 1
    whole_rows = in_rows(piece, base - 4, base + LOWEST_TAIL - 1, 0) >= 2
    last = np.where(whole_rows, ROW, ROWS.start - 1).max(axis=1)
    below = (outside > 0) & (last[:, None] < ROW)
    hangs: BoolArray = whole_rows.any(axis=1) & below.any(axis=1)
    return hangs


def _bulge(over: IntArray, top: IntArray, base: IntArray) -> IntArray:
    """How much further out a row reaches than one below it: (N,)."""
    widest = np.maximum.accumulate(np.where(top[:, None] <= ROW, over, EMPTY), axis=1)
    fall = np.where((top[:, None] < ROW) & (base[:, None] >= ROW), widest - np.maximum(over, 0), 0)
    most: IntArray = fall.max(axis=1)
    return most


def _has_lobes(head: HeadGrid, mask: Bits, crown: Bits, top: IntArray) -> BoolArray:
    """Tell whether two parts stand up beside the middle, or two stand out of a dome between them: (N,)."""
    left, middle, right = (_top_of(head.figure & columns(cols)) for cols in LOBE_COLS)
    ears = (middle - left >= LOBE) & (middle - right >= LOBE) & (np.abs(left - right) <= 1)
    three = (pieces_of(mask) == 3) & ((top + DOME_ROWS)[:, None] >= ROW)
    three &= (crown & columns(LOBE_COLS[1])) == columns(LOBE_COLS[1])
    beside_dome = (three & (width_of(mask) >= WIDE_DOME)).any(axis=1)
    lobes: BoolArray = ears | beside_dome
    return lobes


def _top_of(bits: Bits) -> IntArray:
    """Highest row of a mask, counted from the eyes: (N,); below the grid where it is empty."""
    rows = bits > 0
    return np.where(rows.any(axis=1), rows.argmax(axis=1) - R0, ROWS.stop)
