"""Lips under an edge, though a thing touches them: what goggles, a cigar or a corner leave of a mouth to see.

Owns the search for lips of which one end is seen. Must not know why they are looked for.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import bits_of, mask_of
from punkdetect.landmarks._cover import PAPER, RED_LIPS, is_cloth_color
from punkdetect.landmarks._lost_lips import COLS, DARK_SKIN, DARKER, REDDER, WIDTHS
from punkdetect.landmarks._mouth_row import redness_and_darkness
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import BLACK, DARK_LINE, SAME_COLOR, color_difference, cut_windows
from punkdetect.pixels import find_pixels
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, IntArray
from punkdetect.records import Record

ROWS = 6
"""Rows from the first one in which lips may be."""

MIDDLES = (0.5, 6.5)
"""Columns from the left eye between which the middle of a mouth lies: goggles may mislead by a column."""

THROAT_ROWS, THROAT_COLS, IN_THROAT = slice(20, 24), slice(8, 16), 3
"""Where a neck shows under any head, and pixels there from which a colour is that of skin, however odd."""

UNDER_MASK = 10
"""Rows from the eyes under which no mask reaches."""

FOREHEAD_ROWS, FOREHEAD_COLS, IN_FOREHEAD = range(-6, -1), range(7), 3
"""Rows and columns from the left eye where the skin shows, and pixels there from which a colour is skin, no
lips; so many are black hair, where lips may be black."""

NO_LIPS = -1000
"""Redness that stands for the lips themselves among what is around them: corners are of their colour."""


class LipsBelow(Record):
    """Lips of some portraits, shape (M,) each; -1 where there are none.

    Parameters
    ----------
    row, col : ndarray of int, shape (M,)
        Their row, and the first of the three columns that every bar covers.
    elsewhere : ndarray of int, shape (M,)
        Pixels of their colour in the rows that were looked at, away from them.
    in_ink : ndarray of bool, shape (M,)
        Whether they are as dark as an outline.
    """

    row: IntArray
    col: IntArray
    elsewhere: IntArray
    in_ink: BoolArray


def find_lips_below(rgba: ByteArray, face: FaceFrame, item: IntArray, first: IntArray) -> LipsBelow:
    """Find the reddest bar below an edge, of some portraits.

    It is of one colour, and its neighbours in the row are of others. One of them is the face, which goes on
    above and below; the other may be what is held. Or all around it is less red by far, as in the shades of
    a checkered beard.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
        Of the same N portraits.
    item : ndarray of int, shape (M,)
    first : ndarray of int, shape (M,)
        The first row that lips may have.
    """
    n = len(item)
    rows, cols = first[:, None] - 1 + np.arange(ROWS + 2), face.left_eye_col[item, None] + np.asarray(COLS)
    part = cut_windows(rgba, item, rows, cols)
    same = color_difference(part[:, :, 1:], part[:, :, :-1]) <= SAME_COLOR
    no_face = is_cloth_color(part, PAPER) & ~_is_in_throat(rgba, face, item, part)
    no_face |= part[..., :3].sum(axis=-1, dtype=np.intp) <= BLACK
    same &= ((rows >= 0) & (rows < SIDE - 1))[:, :, None]
    bars = _find_bars(same)
    score = _score_bars(part, no_face, bars)
    # the best of each portrait; of equal ones the narrowest, then the first from the left
    order = np.lexsort((bars.row, bars.col, bars.width, -score, bars.each))
    best = order[np.diff(bars.each[order], prepend=-1) > 0]
    best = best[score[best] > 0]
    row, col, width_of = np.full(n, NOT_FOUND), np.full(n, NOT_FOUND), np.zeros(n, np.intp)
    which = bars.each[best]
    row[which], col[which] = rows[which, bars.row[best]], cols[which, bars.col[best]]
    width_of[which] = bars.width[best]
    color = rgba[item, np.clip(row, 0, None), np.clip(col, 0, SIDE - 1)]
    in_ink = np.asarray(color[:, :3].sum(axis=1, dtype=np.intp) <= DARK_LINE)
    row[~in_ink & _is_skin(rgba, face, item, color)] = NOT_FOUND
    alike = color_difference(part, color[:, None, None]) <= SAME_COLOR
    near_row = np.abs(rows - row[:, None]) <= 1
    near_col = (cols >= col[:, None] - 1) & (cols <= (col + width_of)[:, None])
    elsewhere = (alike & ~(near_row[:, :, None] & near_col[:, None])).sum(axis=(1, 2))
    col = np.where(row != NOT_FOUND, col + width_of // 2 - 1, NOT_FOUND)
    return LipsBelow(row, col, elsewhere, in_ink)


class _Bars(Record):
    """B bars of one colour; shape (B,) each.

    Parameters
    ----------
    each : ndarray of int
        Which windows they are in.
    row, col, width : ndarray of int
        Place of their first pixel there, and their columns.
    """

    each: IntArray
    row: IntArray
    col: IntArray
    width: IntArray


def _find_bars(same: BoolArray) -> _Bars:
    """Find the bars that are as wide as lips and lie as lips do, with another colour on both sides.

    `same` says where a pixel has the colour of the next, (M, R, C - 1); first and last row have no bars.
    """
    bits, one = bits_of(same), np.uint32(1)
    bits[:, 0] = bits[:, -1] = 0
    bars = []
    for width in WIDTHS:
        middles = {start: start + (width - 1) / 2 + COLS.start for start in range(1, len(COLS) - width)}
        starts = [start for start, middle in middles.items() if MIDDLES[0] <= middle <= MIDDLES[1]]
        begin = ~(bits << one) & ~(bits >> np.uint32(width - 1)) & np.uint32(sum(1 << at for at in starts))
        for step in range(width - 1):
            begin &= bits >> np.uint32(step)
        each, row, col = find_pixels(mask_of(begin, len(COLS)))
        bars.append((each, row, col, np.full(len(each), width)))
    return _Bars(*(np.concatenate(part) for part in zip(*bars, strict=True)))


def _score_bars(part: ByteArray, no_face: BoolArray, bars: _Bars) -> IntArray:
    """Return how much redder or darker than the face some bars are, (B,); 0 for what are no lips.

    Parameters
    ----------
    part : ndarray of uint8, shape (M, R, C, 4)
    no_face : ndarray of bool, shape (M, R, C)
        Pixels of a colour that no face has.
    bars : _Bars
    """
    each, row, first, width = bars
    end = first + width
    lip = part[each, row, (first + end) // 2]
    within = np.arange(max(WIDTHS)) < width[:, None]
    cols = np.minimum(first[:, None] + np.arange(max(WIDTHS)), part.shape[2] - 1)
    above, below = (part[each[:, None], row[:, None] + step, cols] for step in (-1, 1))
    beside = np.stack([part[each, row, first - 1], part[each, row, end]], axis=1)
    dyed = np.stack([no_face[each, row, first - 1], no_face[each, row, end]], axis=1)
    red, dark = redness_and_darkness(lip)
    ground_red, ground_dark = redness_and_darkness(beside)
    redder, darker = red[:, None] - ground_red, dark[:, None] - ground_dark
    flesh = -ground_dark >= DARK_SKIN
    lips = ~dyed & ((redder >= REDDER) | (darker >= DARKER) & flesh)
    for other in (above, below):
        alike = color_difference(beside[:, :, None], other[:, None]) <= SAME_COLOR
        lips &= (alike & within[:, None]).any(axis=2)
    score = np.where(lips, np.maximum(redder, darker), 0).max(axis=1)

    around = np.concatenate([beside, above, below], axis=1)
    counts = np.concatenate([np.ones(dyed.shape, np.bool_), within, within], axis=1)
    counts &= color_difference(around, lip[:, None]) > SAME_COLOR
    reddest = np.where(counts, redness_and_darkness(around)[0], NO_LIPS).max(axis=1)
    by_far = red - reddest
    scored: IntArray = np.maximum(score, np.where((by_far >= RED_LIPS) & ~dyed.any(axis=1), by_far, 0))
    return scored


def _is_in_throat(rgba: ByteArray, face: FaceFrame, item: IntArray, part: ByteArray) -> BoolArray:
    """Tell which pixels of some windows have a colour of the throat: shape (M, R, C)."""
    throat = rgba[item, THROAT_ROWS, THROAT_COLS]
    throat = throat.reshape(len(item), throat.shape[1] * throat.shape[2], 4)
    rows = np.repeat(np.arange(SIDE)[THROAT_ROWS], THROAT_COLS.stop - THROAT_COLS.start)
    alike = color_difference(part[:, :, :, None], throat[:, None, None]) <= SAME_COLOR
    alike &= (rows >= face.eye_row[item, None] + UNDER_MASK)[:, None, None]
    return np.asarray(alike.sum(axis=3) >= IN_THROAT)


def _is_skin(rgba: ByteArray, face: FaceFrame, item: IntArray, color: ByteArray) -> BoolArray:
    """Tell which colours the forehead has: shape (M,)."""
    rows, cols = face.eye_row[item, None] + FOREHEAD_ROWS, face.left_eye_col[item, None] + FOREHEAD_COLS
    alike = color_difference(cut_windows(rgba, item, rows, cols), color[:, None, None]) <= SAME_COLOR
    return np.asarray(alike.sum(axis=(1, 2)) >= IN_FOREHEAD)
