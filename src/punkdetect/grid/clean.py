"""Clean enlargements: every cell one colour, down to the last bit.

Owns the exact test. A nearest-neighbour enlargement changes from one row (or column) to the next only where
a cell ends, so the lines where it changes say everything: they must lie on a lattice of 24 cells, and on none
of fewer. Knows nothing of blur or noise.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from punkdetect.grid.box import (
    ALONE,
    STEP,
    WIDEST,
    WIDEST_RING,
    Box,
    down_to_clothes,
    outline_share,
    whole,
)
from punkdetect.punks import SIDE, ByteArray, IntArray

LEAST_CELL = 1.5
"""Pixels of the smallest cell that is not exactly one pixel. Below it nearly every line lies on some lattice
of 24: a 28x28 portrait with a plain backdrop would pass."""

LEAST_CELL_IN_BORDER = 3.0
"""The same inside a border whose width is searched; there the search itself finds a lattice for few lines."""

LOOSE_CELL = 8.0
"""Pixels of the smallest cell at which lines may be rounded in a way of their own (an enlargement of an
enlargement): there one pixel either way still rules out five positions of eight."""

MOST_CELLS = 100
"""Most cells along a side of a picture that may be told to hold another count."""


MOST_FRAMES = 3
"""Plain frames, one in another, that a portrait may lie in: a rim, a mat, the page."""


class Lines(NamedTuple):
    """Where a picture changes.

    Parameters
    ----------
    pixels : ndarray of uint32, shape (H, W)
        The picture, a number for each colour; every colour that cannot be seen is 0.
    rows, columns : ndarray of int
        Rows (columns) that differ from the one before.
    """

    pixels: NDArray[np.uint32]
    rows: IntArray
    columns: IntArray


def pack_rgba(rgba: ByteArray) -> NDArray[np.uint32]:
    """Return one number a pixel, shape (H, W); 0 for all that cannot be seen."""
    pixels = np.ascontiguousarray(rgba).view(np.uint32)[..., 0]
    hidden = rgba[..., 3] == 0
    return np.where(hidden, np.uint32(0), pixels) if hidden.any() else pixels


def find_lines(rgba: ByteArray) -> Lines:
    """Find the rows and columns at which a picture changes.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    """
    return _lines_of(pack_rgba(rgba))


def _lines_of(pixels: NDArray[np.uint32]) -> Lines:
    rows = np.flatnonzero((pixels[1:] != pixels[:-1]).any(axis=1)) + 1
    columns = np.flatnonzero((pixels[:, 1:] != pixels[:, :-1]).any(axis=0)) + 1
    return Lines(pixels, rows, columns)


def find_lattice(lines: IntArray, start: float, end: float, count: int = SIDE) -> IntArray | None:
    """Return the pixels at which `count` equal cells from `start` to `end` begin, if all lines are such.

    Parameters
    ----------
    lines : ndarray of int
    start, end : float
        In pixels; both count as boundaries.
    count : int

    Returns
    -------
    ndarray of int, shape (count + 1,), or None
        The last entry is where the last cell ends.

    Notes
    -----
    A program that enlarges takes for each pixel the cell under its middle, its first edge or its last edge; a
    boundary at 21.33 becomes line 21, 22 or 21 then. All lines must be rounded alike, unless cells are so
    large (`LOOSE_CELL`) that a pixel either way means nothing.
    """
    cell = (end - start) / count
    ideal = start + cell * np.arange(count + 1)
    if cell >= LOOSE_CELL:
        away = (lines - start) / cell
        near = bool((np.abs(away - np.round(away)) * cell < 1.01).all())
        return np.round(ideal).astype(np.intp) if near else None
    tiny = 1e-6  # so that a boundary that is a whole number but for the last bits is not rounded away
    for rounded in (np.ceil(ideal - 0.5 - tiny), np.ceil(ideal - tiny), np.floor(ideal + tiny)):
        begin: IntArray = rounded.astype(np.intp)
        if np.isin(lines, begin).all():
            return begin
    return None


def is_coarser(lines: Lines, box: Box) -> bool:
    """Tell whether fewer than 24 cells explain every line, on both axes; they need not agree on the count.

    Of a portrait in its own 24 x 24 pixels, one row that is as the row before makes 23 cells explain every
    line: there only cells of `LEAST_CELL` pixels say something.
    """

    def coarser(axis_lines: IntArray, start: float, end: float) -> bool:
        inside = axis_lines[(axis_lines > start) & (axis_lines < end)]
        most = SIDE - 1 if end - start > SIDE else int(SIDE / LEAST_CELL)
        return any(find_lattice(inside, start, end, count) is not None for count in range(1, most + 1))

    return coarser(lines.rows, *box.span(0)) and coarser(lines.columns, *box.span(1))


def other_count(lines: Lines) -> int | None:
    """Return the smallest count of cells above 24 that a whole picture is cleanly enlarged from, if one is.

    Parameters
    ----------
    lines : Lines
    """
    full = whole(lines.pixels.shape)
    most = int(min(MOST_CELLS, full.bottom / 2, full.right / 2))
    if max(len(lines.rows), len(lines.columns)) >= most:
        return None
    for count in range(SIDE + 1, most + 1):
        if _lattices(lines, full, count) is not None:
            return count
    return None


class CleanGrid(NamedTuple):
    """Where 24 x 24 pure cells lie.

    Parameters
    ----------
    box : Box
    rows, columns : ndarray of int, shape (24,)
        A pixel inside each row (column) of cells.
    """

    box: Box
    rows: IntArray
    columns: IntArray


def find_clean_grid(lines: Lines) -> CleanGrid | None:
    """Return where 24 x 24 pure cells lie; None if they do not, or if fewer cells would do.

    Parameters
    ----------
    lines : Lines
    """
    return _find_inside(lines, MOST_FRAMES)


def _find_inside(lines: Lines, frames: int) -> CleanGrid | None:
    """Return where cells lie inside so many plain frames at most, one in another."""
    if max(len(lines.rows), len(lines.columns)) > SIDE - 1 + 2 * frames:
        return None
    for box in _candidates(lines):
        found = _lattices(lines, box, SIDE)
        if found is not None and not is_coarser(lines, box):
            return CleanGrid(box, *((begin[:-1] + begin[1:]) // 2 for begin in found))
        if found is not None:
            return None
    inner = _told_by_color(lines) if frames > 1 else None
    if inner is None:
        return None
    top, bottom, left, right = (int(edge) for edge in inner)
    framed = _find_inside(_lines_of(lines.pixels[top:bottom, left:right]), frames - 1)
    if framed is None:
        return None
    box = Box(*(a + b for a, b in zip(framed.box, (top, top, left, left), strict=True)))
    return CleanGrid(box, framed.rows + top, framed.columns + left)


def _told_by_color(lines: Lines) -> Box | None:
    """Return what lies inside a frame that goes all around and has another colour; None if nothing does."""
    height, width = lines.pixels.shape
    inner = _content(lines, lines.pixels[0, 0]) if len(lines.rows) and len(lines.columns) else None
    if inner is None or min(inner.top, inner.left, height - inner.bottom, width - inner.right) <= 0:
        return None
    return inner if outline_share(lines.pixels != lines.pixels[0, 0], inner) >= ALONE else None


def _lattices(lines: Lines, box: Box, count: int) -> tuple[IntArray, IntArray] | None:
    """Return where cells begin along both axes, if all lines say so."""
    rows = find_lattice(lines.rows, *box.span(0), count)
    columns = None if rows is None else find_lattice(lines.columns, *box.span(1), count)
    return None if rows is None or columns is None else (rows, columns)


def _candidates(lines: Lines) -> Iterator[Box]:
    """Yield boxes that may hold the portrait, the likeliest first."""
    height, width = lines.pixels.shape
    full = whole(lines.pixels.shape)
    if full.cells_of(LEAST_CELL):
        yield full
    if not len(lines.rows) or not len(lines.columns):
        return
    color = lines.pixels[0, 0]
    inner = _content(lines, color)
    if inner is None:
        return
    told = outline_share(lines.pixels != color, inner)
    if not (told >= ALONE and inner.is_square()):
        for box in chain(_rings(full), _same_on_all_sides(inner, height, width)):
            # Where the backdrop is as the border, only the shoulders say where the portrait ends: a figure
            # that ends above is no portrait's, or nobody could say how wide the border is.
            stands = told >= STEP or box.bottom < inner.bottom + 1
            if stands and box.holds(inner):
                yield box
    if told >= STEP:
        some = [inner]
        if inner.bottom < height:  # clothes of the border's colour may hide the lower edge
            some.append(down_to_clothes(inner, height))
        yield from (box for box in some if box.cells_of(LEAST_CELL))


def _rings(full: Box) -> Iterator[Box]:
    """Yield boxes inside a ring of whole cells that was enlarged together with the portrait."""
    for ring in range(1, WIDEST_RING + 1):
        box = full.inside_ring(ring)
        if box.cells_of(LEAST_CELL_IN_BORDER):
            yield box


def _same_on_all_sides(inner: Box, height: int, width: int) -> Iterator[Box]:
    """Yield boxes inside a border of equal width on all sides, around all that differs from it."""
    widest = min(inner.top, height - inner.bottom, inner.left, width - inner.right)
    widths = np.arange(1, int(min(widest, WIDEST * min(height, width))) + 1)
    whole_pixels = (height - 2 * widths) % SIDE == 0  # likelier than any other size of a cell
    for w in np.concatenate([widths[whole_pixels], widths[~whole_pixels]]).tolist():
        box = Box(float(w), float(height - w), float(w), float(width - w))
        if box.cells_of(LEAST_CELL_IN_BORDER):
            yield box


def _content(lines: Lines, color: np.uint32) -> Box | None:
    """Return the box around all that differs from a border's colour; None where there is no border."""
    height, width = lines.pixels.shape
    if not (lines.pixels[[0, -1]][:, [0, -1]] == color).all():
        return None
    plain_rows = [bool((lines.pixels[row] == color).all()) for row in (0, -1)]
    plain_columns = [bool((lines.pixels[:, column] == color).all()) for column in (0, -1)]
    if not (all(plain_rows) or all(plain_columns)):
        return None
    return Box(
        float(lines.rows[0]) if plain_rows[0] else 0.0,
        float(lines.rows[-1]) if plain_rows[1] else float(height),
        float(lines.columns[0]) if plain_columns[0] else 0.0,
        float(lines.columns[-1]) if plain_columns[1] else float(width),
    )
