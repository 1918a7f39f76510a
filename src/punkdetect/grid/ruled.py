"""Clean enlargements with lines drawn between their cells, as editors show and save them.

Owns the test: 23 lines, evenly spaced, and nothing that changes anywhere else, so that every cell is one
colour to the last bit. The lines may have any colour, or let the cells shine through; around all there may be
one line more, and a plain border. Knows nothing of blur or noise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from punkdetect.grid.box import Box
from punkdetect.grid.clean import CleanGrid, Lines
from punkdetect.punks import SIDE, IntArray

INNER = SIDE - 1
"""Lines between the cells."""

LEAST_CELL = 2.7
"""Pixels of the smallest cell with its line: two of its own and one of the line, less what is not counted
where no line is around all."""

WIDEST_LINE = 0.4
"""Widest line, as a share of the cell with its line: of wider ones the line would be the cell."""

OFF = 1.01
"""Pixels by which a line may lie beside its place, as it is drawn on whole pixels."""


OUTER_SHARE = 0.5
"""Least part of the first and the last cell that shows: a line around all may be drawn over them."""

MOST_CHANGES = 3
"""Changes a line at most: where it begins, where it ends, and between them the cells under a line that lets
them shine through."""


class _Ruled(NamedTuple):
    """One axis: where the first cell begins and the last one ends, with their lines; a pixel in each cell."""

    start: float
    end: float
    middles: IntArray


def find_ruled_grid(lines: Lines) -> CleanGrid | None:
    """Return where 24 x 24 pure cells lie between drawn lines; None if they do not.

    Parameters
    ----------
    lines : Lines
    """
    height, width = lines.pixels.shape
    rows = _find_ruled(lines.rows, height)
    columns = None if rows is None else _find_ruled(lines.columns, width)
    if rows is None or columns is None:
        return None
    box = Box(rows.start, rows.end, columns.start, columns.end)
    return CleanGrid(box, rows.middles, columns.middles) if box.is_square() else None


def _find_ruled(changes: IntArray, size: int) -> _Ruled | None:
    """Return the cells of one axis, given the pixels at which something changes.

    A line is two changes, where it begins and where it ends. Before and after the 23 lines there may be one
    change or line more: where a line around all ends, or the border does.
    """
    if not 2 * INNER <= len(changes) <= MOST_CHANGES * (SIDE + 1):
        return None
    pitch = float(changes[-1] - changes[0]) / SIDE  # of 22 to 24 cells, which is near enough to part them
    if pitch < LEAST_CELL:
        return None
    split = np.flatnonzero(np.diff(changes) > WIDEST_LINE * pitch) + 1
    begin = changes[np.concatenate([[0], split])]
    end = changes[np.concatenate([split - 1, [len(changes) - 1]])]
    for before in (0, 1):
        after = len(begin) - INNER - before
        if after in (0, 1):
            left = int(end[0]) if before else 0
            right = int(begin[-1]) if after else size
            inner = slice(before, before + INNER)
            found = _between(begin[inner], end[inner], left, right)
            if found is not None:
                return found
    return None


def _between(begin: IntArray, end: IntArray, left: int, right: int) -> _Ruled | None:
    """Return the cells between 23 lines, from `left` to `right`; None if they are not evenly spaced."""
    line = end - begin
    starts, ends = np.append(left, end), np.append(begin, right)
    width = ends - starts
    middle = (begin + end) / 2
    cell = float(middle[-1] - middle[0]) / (INNER - 1)
    is_even = (
        line.min() >= 1
        and np.ptp(line) <= 1
        and np.abs(middle - (middle[0] + cell * np.arange(INNER))).max() < OFF
        and np.ptp(width[1:-1]) < 2 * OFF
        and width.min() >= OUTER_SHARE * width[1:-1].min()
        and width.max() < width[1:-1].min() + 2 * OFF
    )
    if not is_even:
        return None
    return _Ruled(float(middle[0] - cell), float(middle[-1] + cell), (starts + ends) // 2)
