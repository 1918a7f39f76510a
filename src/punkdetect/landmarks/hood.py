"""Hoods: what goes around the whole head, down both sides of the face.

Owns the difference between a hood and long hair. Must not know what it is called.

A hood is one smooth shell around the head. Either something else lies between shell and face, all around (a
lining, the hair), or the shell closes under the chin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from punkdetect.landmarks.head_grid import C0, COL, COLS, R0, SKIN_REACH, HeadGrid
from punkdetect.pixels import lab_distance
from punkdetect.punks import BoolArray, FloatArray, IntArray

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

ALL, NEARLY_ALL, MOST, MANY = 0.85, 0.8, 0.7, 0.6
"""Shares of the rows in which the shell is smooth; has its colour; stands out of the head; has something
between it and the face (glasses hide that in four rows)."""

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


@dataclass(frozen=True)
class Hood:
    """Shells around the head.

    Parameters
    ----------
    lined, closed : ndarray of bool, shape (N,)
        Whether something lies between it and the face; whether it closes under the chin.
    shell : ndarray of bool, shape (N, R, C)
        Pixels beside the face in its colour.
    """

    lined: BoolArray
    closed: BoolArray
    shell: BoolArray


def find_hood(head: HeadGrid, top: IntArray, covered: IntArray) -> Hood:
    """Find a shell that goes around the head.

    Parameters
    ----------
    head : HeadGrid
    top : ndarray of int, shape (N,)
        Highest row of the figure, counted from the eyes.
    covered : ndarray of int, shape (N,)
        Pixels that cover the top of the head.

    Returns
    -------
    Hood
    """
    each = np.arange(len(head))
    rows = np.asarray(head.inside[:, BAND].any(axis=2))
    count = rows.sum(axis=1)
    solid = head.solid[:, BAND]
    ink = solid & head.has(head.lab[..., 0] < OUTLINE)[:, BAND]
    shell_first, shell_last = _ends(solid & ~ink)
    index = head.palette.index[:, BAND]
    lab_first, lab_last = (
        head.lab[each[:, None], np.take_along_axis(index, place[..., None], axis=2)[..., 0]]
        for place in (shell_first, shell_last)
    )
    color = lab_first[:, REFERENCE]
    out_left = head.left[:, None] - (shell_first - C0)
    out_right = (shell_last - C0) - head.right[:, None]
    on_left = _of_color(lab_first, color) & (out_left >= 0) & rows
    on_right = _of_color(lab_last, color) & (out_right >= 0) & rows
    around = (on_left.sum(axis=1) >= NEARLY_ALL * count) & (on_right.sum(axis=1) >= NEARLY_ALL * count)
    around &= lab_distance(color, head.skin_lab) > NOT_SKIN

    own = lab_distance(head.lab, color[:, None]) <= SAME
    own &= lab_distance(head.lab, head.skin_lab[:, None]) > NOT_SKIN
    shell = head.solid & head.has(own & (head.lab[..., 0] >= OUTLINE))
    under = slice(C0, C0 + 6)
    chin = shell[:, CHIN_ROWS, under].sum(axis=(1, 2))
    room = np.maximum(head.inside[:, CHIN_ROWS, under].sum(axis=(1, 2)), 6)
    closed = around & (chin >= CLOSED * room) & (covered >= LEAST_COVER)

    first, last = _ends(solid)
    smooth = [
        ((np.abs(np.diff(end, axis=1)) <= 1) & rows[:, 1:]).sum(axis=1) >= ALL * (count - 1)
        for end in (first, last)
    ]
    stands_out = ((out_left >= 1) & (out_right >= 1) & rows).sum(axis=1) >= MOST * count
    lined = around & smooth[0] & smooth[1] & stands_out & (top <= HIGH)
    lined &= _is_lined(head, shell[:, BAND], shell_first, shell_last, rows)
    return Hood(lined, closed, shell & head.beside)


def _ends(mask: BoolArray) -> tuple[IntArray, IntArray]:
    """First and last column of the grid that is marked in every row: (N, B) each."""
    return mask.argmax(axis=2), len(COLS) - 1 - mask[:, :, ::-1].argmax(axis=2)


def _of_color(lab: FloatArray, color: FloatArray) -> BoolArray:
    near: BoolArray = lab_distance(lab, color[:, None]) <= ONE_SHELL
    return near


def _is_lined(
    head: HeadGrid, shell: BoolArray, first: IntArray, last: IntArray, rows: BoolArray
) -> BoolArray:
    """Tell whether, on both sides, something of another colour lies between the shell and the face."""
    solid = head.solid[:, BAND]
    on_face = (COL >= -2) & (COL <= 9)
    skin = solid & on_face & head.has(lab_distance(head.lab, head.skin_lab[:, None]) <= SKIN_REACH)[:, BAND]
    face_first, face_last = _ends(skin)
    seen = skin.any(axis=2)
    face_first, face_last = np.where(seen, face_first, C0 - 1), np.where(seen, face_last, C0 + 8)
    col = COL + C0
    between_left = (col > first[..., None]) & (col < face_first[..., None])
    between_right = (col < last[..., None]) & (col > face_last[..., None])
    left, right = solid & ~shell & between_left, solid & ~shell & between_right
    again_left = np.logical_or.accumulate(left, axis=2) & shell & between_left
    again_right = np.logical_or.accumulate(right[:, :, ::-1], axis=2)[:, :, ::-1] & shell & between_right
    thin = np.minimum(left.sum(axis=2), right.sum(axis=2))
    lined = ((thin >= LAYER) & rows).sum(axis=1) >= DEEP_ROWS
    lined &= ((thin >= 1) & rows).sum(axis=1) >= MANY * rows.sum(axis=1)
    returns = ((again_left.any(axis=2) | again_right.any(axis=2)) & rows).sum(axis=1)
    return np.asarray(lined & (returns <= RETURNS))
