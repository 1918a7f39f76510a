"""Small heads, whose mouth was taken for a nose, and whose brows for eyes.

Owns what tells a mouth near the eyes from a wide nose, and eyes of a pixel or two from brows. Must not know
how the template of a face is placed.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from punkdetect.landmarks._mouth_row import (
    ENOUGH_CONTRAST,
    GROUND_COST,
    NEAR_GROUND,
    SHIFT_COST,
    SHIFTS,
    is_ground,
    score_rows,
)
from punkdetect.landmarks.flat_colors import SAME_COLOR, color_difference, cut_boxes
from punkdetect.punks import BoolArray, ByteArray, IntArray
from punkdetect.records import Record

LEAST_BAR = 250
"""Contrast from which a bar in the row of the nose may be the mouth: of 309 mouths there 281 have it."""

LIP_ROWS = range(2)
"""Rows from what was taken for the nose where the lips may be."""

FAR_GAP = 3
"""Rows from such a bar down to what was taken for the mouth that tell: lips are mostly two under a nose."""

NARROW = 5
"""Columns of face, of eleven, that there are at most under the end of a chin; under a mouth are more."""

WIDE_APART = 6
"""Columns between eyes from which a head is large, and its mouth far below them."""

NEAR_EYES = 3
"""Rows from the eyes to the bar that even the mouth of a small head seldom has."""

LEAST_SIGNS = 2
"""How many more of three signs (far from what is under it, no face at the ends of that, little face below)
speak for the mouth than for a wide nose: with three 243 mouths of five collections are in a wrong row, with
two 154, with one 146 but more of those whose heads are large."""

NOSE_ROWS = range(-3, -1)
"""Rows over such a mouth where its nose is looked for."""

WIDEST_NOSE = 3
"""Columns of a nose at most."""


BELOW = range(2, 4)
"""Rows under what was taken for the eyes where they are looked for."""

LEAST_EYE = 150
"""Difference from the skin that one pixel of an eye has; blush and freckles have less."""


class Eyes(Record):
    """Upper rows of both eyes, and the left columns of each: shape (N,) each."""

    row: IntArray
    left: IntArray
    right: IntArray

    def take(self, which: IntArray) -> Eyes:
        """Return those of some faces."""
        return Eyes(self.row[which], self.left[which], self.right[which])


class Mouths(Record):
    """Mouths and the noses over them: shape (N,) each."""

    mouth_row: IntArray
    mouth_col: IntArray
    nose_row: IntArray
    nose_col: IntArray

    def take(self, which: IntArray) -> Mouths:
        """Return those of some faces."""
        return Mouths(*(part[which] for part in self))


def settle_small_heads(
    rgba: ByteArray,
    colors: tuple[ByteArray, ...],
    some: IntArray,
    eyes: Eyes,
    mouths: Mouths,
    looking: BoolArray,
) -> None:
    """Put the eyes, noses and mouths of some heads where they are if those are small, in place.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    colors : ndarrays of uint8, shape (N, 3)
        The skin, and the flat colours of the face.
    some : ndarray of int, shape (M,)
        Which heads may be small.
    eyes, mouths : Eyes, Mouths
        As they were found where the usual face has them.
    looking : ndarray of bool, shape (N,)
        Whether the eyes show their whites, so that there is no doubt about them.
    """
    low = some[~looking[some]]
    if len(low):
        lower = find_low_eyes(rgba[low], colors[0][low], eyes.take(low), mouths.nose_row[low])
        for part, settled in zip(eyes, lower, strict=True):
            part[low] = settled
    if len(some):
        grounds = tuple(color[some] for color in colors[1:])
        near = find_near_mouths(rgba[some], grounds, eyes.take(some), mouths.take(some))
        for part, settled in zip(mouths, near, strict=True):
            part[some] = settled


def find_near_mouths(rgba: ByteArray, grounds: tuple[ByteArray, ...], eyes: Eyes, below: Mouths) -> Mouths:
    """Return the mouths and noses, those that were taken for a nose and a mouth put where they are.

    The usual face has its mouth six rows under the eyes, a small one four: then the lips are where that one
    has its nose, and the outline of the chin or the shadow on the neck where it has its mouth. But a nose is
    one or two pixels, lips three and more; lips have the face at both ends, what is under a chin has not.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    grounds : ndarrays of uint8, shape (N, 3)
        The flat colours of the face.
    eyes : Eyes
    below : Mouths
        As they were found where the usual face has them.
    """
    each = np.arange(len(rgba))
    under = _is_face(cut_boxes(rgba, each, below.mouth_row, below.mouth_col - 4, 2, 11), grounds)
    ends = under[:, 0, 1:4].any(axis=1) & under[:, 0, 7:10].any(axis=1)
    signs = (~ends).astype(np.intp) + (under[:, 1].sum(axis=1) <= NARROW)
    signs -= eyes.right - eyes.left >= WIDE_APART
    some = np.flatnonzero(signs + (below.mouth_row - below.nose_row >= FAR_GAP) >= LEAST_SIGNS)
    mouths = Mouths(*(part.copy() for part in below))
    if not len(some):
        return mouths
    rgba, grounds = rgba[some], tuple(color[some] for color in grounds)
    contrast, shift, down = _find_lips(rgba, grounds, below.nose_row[some], below.mouth_col[some])
    row = below.nose_row[some] + down
    signs = signs[some] + (below.mouth_row[some] - row >= FAR_GAP) - (row - eyes.row[some] <= NEAR_EYES)
    # right under a nose may be a moustache
    near = np.flatnonzero((contrast >= LEAST_BAR) & (signs - down >= LEAST_SIGNS))
    row, col, item = row[near], (below.mouth_col[some] + shift)[near], some[near]
    mouths.mouth_row[item], mouths.mouth_col[item] = row, col
    mouths.nose_row[item], mouths.nose_col[item] = _find_nose(
        rgba[near], tuple(color[near] for color in grounds), row, col
    )
    return mouths


def find_low_eyes(rgba: ByteArray, skin: ByteArray, eyes: Eyes, nose_row: IntArray) -> Eyes:
    """Return the eyes, where they are for those for which brows or hair were taken.

    Below them are two pieces of one or two columns and rows, skin all around; rims of glasses go on at their
    ends, and what is on cheeks is beside the nose and paler.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    skin : ndarray of uint8, shape (N, 3)
    eyes : Eyes
    nose_row : ndarray of int, shape (N,)
    """
    each = np.arange(len(rgba))
    eye_row, left_eye, right_eye = (part.copy() for part in eyes)
    tops, cols, strong = [], [], []
    tall = np.zeros((len(rgba), len(BELOW)), np.bool_)
    for col in (left_eye, right_eye):
        part = cut_boxes(rgba, each, eye_row + BELOW.start - 1, col - 2, len(BELOW) + 3, 6)
        differs = color_difference(part, skin[:, None, None])
        bare = differs <= NEAR_GROUND
        dark = ~bare[:, 1:-2]
        clear = bare[:, :-3] & (bare[:, 2:-1] | bare[:, 3:])
        # one pixel or two, at one of three places
        start = dark[:, :, 1:4] & ~dark[:, :, :3] & clear[:, :, 1:4]
        start &= ~dark[:, :, 2:5] | (~dark[:, :, 3:6] & clear[:, :, 2:5])
        most = np.maximum(differs[:, 1:-2, 1:4], np.where(dark[:, :, 2:5], differs[:, 1:-2, 2:5], 0))
        start &= most >= LEAST_EYE
        tops.append(start.any(axis=2))
        cols.append(col[:, None] - 1 + start.argmax(axis=2))
        tall |= (start & ~bare[:, 2:-1, 1:4]).any(axis=2)
        strong.append(np.where(start, most, 0).max(axis=2))
    both = tops[0] & tops[1] & (np.abs(strong[0] - strong[1]) <= NEAR_GROUND)
    # a mask may seem the skin, but it does not go on between the brows
    over = cut_boxes(rgba, each, eye_row - 1, (left_eye + right_eye) // 2, 2, 2)
    both &= np.any(color_difference(over, skin[:, None, None]) <= NEAR_GROUND, axis=(1, 2), keepdims=True)[
        :, 0
    ]
    both &= nose_row[:, None] >= eye_row[:, None] + np.array(BELOW) + 2
    some = np.flatnonzero(both.any(axis=1))
    down = both[some].argmax(axis=1)
    eye_row[some] += down + BELOW.start - 1 + tall[some, down]
    left_eye[some], right_eye[some] = cols[0][some, down], cols[1][some, down]
    return Eyes(eye_row, left_eye, right_eye)


def _find_lips(
    rgba: ByteArray, grounds: tuple[ByteArray, ...], row: IntArray, col: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Find the best bar of one colour and three columns in some rows: its contrast, columns and rows off."""
    part = cut_boxes(rgba, np.arange(len(rgba)), row - 1, col - 4, len(LIP_ROWS) + 3, 11)
    face = _is_face(part, grounds)
    step = np.minimum(color_difference(part[:, 1:], part[:, :-1]), ENOUGH_CONTRAST)
    # all shifts of all portraits at once: (shifts * N, ...)
    wide = np.concatenate([part[:, :, 2 + move : 9 + move] for move in SHIFTS])
    step = np.concatenate([step[:, :, 4 + move : 7 + move] for move in SHIFTS])
    face = np.concatenate([face[:, 1:-2, 1 + move : 10 + move] for move in SHIFTS])
    score = score_rows(wide, step)
    score -= GROUND_COST * is_ground(face[:, :, 3:6])
    score -= SHIFT_COST * np.repeat(np.abs(SHIFTS), len(rgba))[:, None]
    bar = wide[:, 1:-2, 2:5]
    line = (color_difference(bar[:, :, 1:], bar[:, :, :-1]) <= SAME_COLOR).all(axis=2)
    line &= (face[:, :, :3] | face[:, :, 6:]).any(axis=2)
    by_shift = np.where(line, score, 0).reshape(len(SHIFTS), len(rgba), len(LIP_ROWS))
    by_row = by_shift.transpose(1, 2, 0).reshape(len(rgba), -1)
    best = by_row.argmax(axis=1)
    down, shift = np.divmod(best, len(SHIFTS))
    return by_row[np.arange(len(rgba)), best], np.take(SHIFTS, shift), down


def _find_nose(
    rgba: ByteArray, grounds: tuple[ByteArray, ...], mouth_row: IntArray, mouth_col: IntArray
) -> tuple[IntArray, IntArray]:
    """Find the dark pixel over a mouth that has skin under it and on both sides, or take the usual place.

    The lower one of two rows wins, the column nearest to the middle of the mouth of one row.
    """
    n = len(rgba)
    part = cut_boxes(rgba, np.arange(n), mouth_row + NOSE_ROWS.start, mouth_col - 2, len(NOSE_ROWS) + 1, 8)
    bare = _is_face(part, grounds)
    row, col = mouth_row + NOSE_ROWS[-1], mouth_col + 1
    for up, first in product(range(len(NOSE_ROWS)), (1, 5, 2, 4, 3)):
        here = bare[:, up]
        lone = ~here[:, first] & here[:, first - 1] & bare[:, up + 1 :, first].all(axis=1)
        lone &= here[:, first + 1 : first + 1 + WIDEST_NOSE].any(axis=1)
        row = np.where(lone, mouth_row + NOSE_ROWS[up], row)
        col = np.where(lone, mouth_col - 2 + first, col)
    return row, col


def _is_face(part: ByteArray, grounds: tuple[ByteArray, ...]) -> BoolArray:
    """Whether pixels, (N, R, C, 4), have a flat colour of the face."""
    face = np.zeros(part.shape[:3], np.bool_)
    for color in grounds:
        face |= color_difference(part, color[:, None, None]) <= NEAR_GROUND
    return face
