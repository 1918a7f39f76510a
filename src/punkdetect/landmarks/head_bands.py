"""Bands across the forehead: of any kind over skin, of one colour over hair.

Owns how such a band differs from the rows above and below it. Must not know what it is called.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import count, count_bits
from punkdetect.landmarks.head_cover import SIDE_ROWS, Cover
from punkdetect.landmarks.head_grid import FACE, MIDDLE, HeadGrid
from punkdetect.landmarks.head_rows import R0, ROW, ROWS, at, columns, keep, row_shifted, span
from punkdetect.pixels import lab_distance
from punkdetect.punks import BoolArray, IntArray

MIDDLE_BIT = columns(slice(MIDDLE, MIDDLE + 1))
"""A column between the eyes."""

SKIN_SHADE = 13.0
"""CIELAB distance from the skin up to which a pixel is lit or shaded skin."""

DARK = 12.0
"""Lightness under which a pixel may be outline or shadow."""

ONE_COLOR = 12.0
"""CIELAB distance between pixels of a band of one colour."""

HIGHEST_BAND, LOWEST_BAND = -8, -2
"""Rows in which a band lies across the forehead."""

MOST_BAND = 3
"""Rows that a band of one colour has at most."""

BARE, SOME_BARE = 6, 4
"""Columns of nine that are bare skin in a row above or below a band; that show there is skin below one."""

BAND_GAP = 3
"""Rows between a band and the skin above or below it: its second colour, an outline, glasses."""

CONTRAST = 20.0
"""CIELAB distance between a band and the hair above it."""

SAME_HAIR, LEAST_HAIR = 14.0, 4
"""Distance between the hair above a band and that beside the face, and pixels that it has there."""

SAME, ELSEWHERE = 10.0, 4
"""Distance within a band's colour, and pixels elsewhere up to which no other part of the hair has it."""

ACROSS = 8
"""Columns of the forehead, of nine, that a band covers."""


def bare_forehead(head: HeadGrid) -> IntArray:
    """Count the columns of the forehead, of nine, that are bare skin in every row: (N, R)."""
    return count_bits(head.bare & columns(FACE)).astype(np.intp)


def find_band_on_skin(head: HeadGrid, bare: IntArray) -> BoolArray:
    """Rows of a band with bare skin above and below it: (N, R)."""
    skin, ink = bare >= BARE, count_bits(head.ink & columns(FACE)) >= BARE
    above, below = np.zeros_like(skin), np.zeros_like(skin)
    for gap in range(1, BAND_GAP + 1):
        above |= row_shifted(skin, gap, False)
        below |= row_shifted(skin | ink, -gap, False)
    covered = count_bits(head.cover & ~head.ink & columns(FACE)) >= ACROSS
    band: BoolArray = covered & above & below & (ROW >= HIGHEST_BAND) & (ROW <= LOWEST_BAND)
    return band


def find_band_on_hair(head: HeadGrid, cover: Cover, bare: IntArray) -> BoolArray:
    """Rows of a band of one colour, with the same hair above it and beside the face: (N, R)."""
    first = R0 + HIGHEST_BAND + 1
    rows = slice(first, R0 + LOWEST_BAND + 1)
    index = head.index[:, rows, FACE]
    middle = head.whole.lab_at(index[:, :, MIDDLE - FACE.start])
    uniform = (lab_distance(middle, head.skin_lab[:, None]) > SKIN_SHADE) & (middle[..., 0] > DARK)
    uniform &= (head.figure[:, rows] & MIDDLE_BIT) > 0
    which, row = np.nonzero(uniform)
    across = head.lab[which[:, None], index[which, row]]
    uniform[which, row] = (lab_distance(across, middle[which, row, None]) <= ONE_COLOR).sum(axis=1) >= ACROSS
    band = np.zeros(bare.shape, np.bool_)
    band[:, rows] = uniform
    rows_of_it = band.sum(axis=1)
    begin, end = span(band, ROWS.start)
    good = (rows_of_it >= 1) & (rows_of_it <= MOST_BAND) & (end - begin == rows_of_it - 1)
    good &= (begin > head.top) & at((head.figure & MIDDLE_BIT) > 0, begin - 1)
    skin = bare >= SOME_BARE
    good &= at(skin, end + 1) | at(skin, end + 2) | ~cover.known
    some = np.flatnonzero(good)
    good[some] = _is_band_on_hair(head.take(some), begin[some], end[some])
    band &= good[:, None]
    return band


def _is_band_on_hair(head: HeadGrid, begin: IntArray, end: IntArray) -> BoolArray:
    """Tell whether hair like that above a band hangs beside the face, and none like the band's: (N,)."""
    here, above = head.lab_at(begin, 3), head.lab_at(begin - 1, 3)
    hair = lab_distance(head.lab, above[:, None]) <= SAME_HAIR
    like = lab_distance(head.lab, here[:, None]) <= SAME
    cloth = keep(head.cover, ROW < SIDE_ROWS)
    beside = count(keep(cloth & head.outside(0) & head.has(hair), end[:, None] + 2 <= ROW))
    within = (begin[:, None] <= ROW) & (end[:, None] >= ROW)
    elsewhere = count(keep(cloth & head.has(like), ~within))
    contrast = lab_distance(here, above) > CONTRAST
    return np.asarray((elsewhere <= ELSEWHERE) & (beside >= LEAST_HAIR) & contrast)
