"""Hoods: what goes around the whole head, down both sides of the face.

Owns the difference between a hood and long hair. Must not know what it is called.

A hood is one smooth shell around the head. Either something else lies between shell and face, all around (a
lining, the hair), or the shell closes under the chin.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import Bits, count, count_bits
from punkdetect.landmarks.head_grid import SKIN_REACH, HeadGrid
from punkdetect.landmarks.head_rows import C0, COLS, R0, columns, extents, lower_bits
from punkdetect.pixels import lab_distance
from punkdetect.punks import BoolArray, FloatArray, IntArray
from punkdetect.records import Record

BAND = slice(R0 - 1, R0 + 10)
"""Rows of the grid in which the shell is followed: from the brows to below the mouth."""

REFERENCE = 4
"""Row of the band whose outermost pixel gives the colour of the shell: beside the cheek."""

ONE_SHELL, SAME = 25.0, 18.0
"""CIELAB distances within the outermost pixels of a shell, which may fade, and from its colour inwards."""

NOT_SKIN = 8.0
"""Distance from the skin from which a shell is no cheek: rose cloth on pale faces has 12."""

OUTLINE = 6.0
"""Lightness under which a pixel is outline, not shell."""

ALL, MOST, MANY = 0.85, 0.7, 0.6
"""Shares of the rows in which the shell is smooth; stands out of the head; has something between it and the
face (glasses hide that in four rows)."""

HALF, MOST_ROWS = 0.5, 0.75
"""Shares of the rows in which it has its colour on either side, and on both together: smoke hides some."""

LAYER, DEEP_ROWS, RETURNS = 2, 2, 2
"""Pixels of lining on both sides in the rows where it is deep, how many such rows there are at least, and in
how many rows the shell's colour may come again further in, as it does in checkered hair."""

CHIN_ROWS = slice(R0 + 9, R0 + 12)
"""Rows of the grid under the chin."""

CLOSED = 0.6
"""Share of the pixels under the chin that have the shell's colour where it closes there."""

LEAST_COVER = 12
"""Pixels that cover the top of the head at least."""

HIGH = -7
"""Row, counted from the eyes, that the top of a lined hood reaches at least; hair alone is lower."""


class Hood(Record):
    """Shells around the head.

    Parameters
    ----------
    lined, closed : ndarray of bool, shape (N,)
        Whether something lies between it and the face; whether it closes under the chin.
    shell : ndarray of uint32, shape (N, R)
        Pixels beside the face in its colour.
    """

    lined: BoolArray
    closed: BoolArray
    shell: Bits


def find_hood(head: HeadGrid, covered: IntArray) -> Hood:
    """Find a shell that goes around the head.

    Parameters
    ----------
    head : HeadGrid
    covered : ndarray of int, shape (N,)
        Pixels that cover the top of the head.

    Returns
    -------
    Hood
    """
    around, color = _goes_around(head)
    lined, closed, shell = np.zeros_like(around), np.zeros_like(around), np.zeros_like(head.solid)
    some = np.flatnonzero(around)
    part, color = head.take(some), color[some]
    own = lab_distance(part.lab, color[:, None]) <= SAME
    own &= lab_distance(part.lab, part.skin_lab[:, None]) > NOT_SKIN
    shell[some] = part.solid & part.has(own & (part.lab[..., 0] >= OUTLINE))
    under = columns(slice(C0, C0 + 6))
    chin = count(shell[some, CHIN_ROWS] & under)
    room = np.maximum(count(part.inside[:, CHIN_ROWS] & under), 6)
    closed[some] = (chin >= CLOSED * room) & (covered[some] >= LEAST_COVER)
    lined[some] = (part.top <= HIGH) & _is_lined(part, shell[some, BAND])
    return Hood(lined, closed, shell & head.outside(-1))


def _goes_around(head: HeadGrid) -> tuple[BoolArray, FloatArray]:
    """Tell whether one colour is outermost on both sides of the face, (N,), and which: CIELAB (N, 3)."""
    rows = head.inside[:, BAND] > 0
    needed = rows.sum(axis=1)
    ends = extents(head.solid[:, BAND] & ~_outline(head))
    each, index = np.arange(len(head))[:, None], head.index[:, BAND]
    lab_first, lab_last = (
        head.lab[
            each, np.take_along_axis(index, np.clip(end + C0, 0, len(COLS) - 1)[..., None], axis=2)[..., 0]
        ]
        for end in ends
    )
    color = lab_first[:, REFERENCE]
    around = lab_distance(color, head.skin_lab) > NOT_SKIN
    both = np.zeros(len(head), np.intp)
    for lab, out in ((lab_first, head.left[:, None] - ends[0]), (lab_last, ends[1] - head.right[:, None])):
        shell = (lab_distance(lab, color[:, None]) <= ONE_SHELL) & (out >= 0) & rows
        around &= shell.sum(axis=1) >= HALF * needed
        both += shell.sum(axis=1)
    return around & (both >= 2 * MOST_ROWS * needed), color


def _outline(head: HeadGrid) -> Bits:
    """Pixels beside the face that may be outline: (N, B)."""
    return head.has(head.lab[..., 0] < OUTLINE)[:, BAND]


def _is_lined(head: HeadGrid, shell: Bits) -> BoolArray:
    """Tell whether the shell is smooth, with something else between it and the face on both sides: (N,)."""
    rows = head.inside[:, BAND] > 0
    needed = rows.sum(axis=1)
    solid = head.solid[:, BAND]
    lined = np.ones(len(head), np.bool_)
    for end in extents(solid):
        smooth = (np.abs(np.diff(end, axis=1)) <= 1) & rows[:, 1:]
        lined &= smooth.sum(axis=1) >= ALL * (needed - 1)
    first, last = extents(solid & ~_outline(head))
    stands_out = (head.left[:, None] - first >= 1) & (last - head.right[:, None] >= 1) & rows
    lined &= stands_out.sum(axis=1) >= MOST * needed

    is_skin = lab_distance(head.lab, head.skin_lab[:, None]) <= SKIN_REACH
    skin = solid & columns(slice(C0 - 2, C0 + 10)) & head.has(is_skin)[:, BAND]
    face_first, face_last = extents(skin)
    face_first, face_last = np.where(skin > 0, face_first, -1), np.where(skin > 0, face_last, 8)
    before = lower_bits(face_first + C0) & ~lower_bits(first + C0 + 1)
    after = lower_bits(last + C0) & ~lower_bits(face_last + C0 + 1)
    left, right = solid & ~shell & before, solid & ~shell & after
    # the shell again, further in than something else
    again = (shell & before & ~lower_bits(extents(left)[0] + C0)) | (
        shell & after & lower_bits(extents(right)[1] + C0)
    )
    thin = np.minimum(count_bits(left), count_bits(right))
    lined &= ((thin >= LAYER) & rows).sum(axis=1) >= DEEP_ROWS
    lined &= ((thin >= 1) & rows).sum(axis=1) >= MANY * needed
    return np.asarray(lined & (((again > 0) & rows).sum(axis=1) <= RETURNS))
