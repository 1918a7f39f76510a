"""Where the template of a face explains the pixels best.

Owns the geometry of a face and the search for it. Must not know colours, mouths or traits: it is told which
pixels stand out of the flat colours of the face.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks._whites import EyePairs
from punkdetect.landmarks.flat_colors import cut_boxes
from punkdetect.punks import SIDE, BoolArray, IntArray
from punkdetect.records import Record

EYE_SPACING = 5
"""Columns from an eye to the other eye, left edge to left edge, in nearly all known collections."""


class Template(Record):
    """Where a face has its eyes and its middle.

    Parameters
    ----------
    spacing : int
        Columns from the left edge of the left eye to that of the right one.
    middle : int
        Column of the nose and of the middle of the mouth, counted from the left edge of the left eye.
    """

    spacing: int
    middle: int


USUAL = Template(EYE_SPACING, 3)

ROW_SHIFTS = range(7, 16)
"""Rows searched for the upper row of the eyes (11 and 12 are the known ones)."""

COL_SHIFTS = range(5, 14)
"""Columns searched for the left edge of the left eye (9 is the known one)."""

MARGIN = 4
"""Cells added around the picture so that every placement can be scored; they count as not skin."""

NOSE_GAPS = range(3, 6)
"""Rows from the upper eye row to the nose that are searched: a taller or flatter head is found too."""

ODD_GAP_COST = (6, 0, 3)
"""Points that each nose gap must explain better than the usual one (4 in all known collections): the lower
rims of glasses look like eyes near the nose, brows like eyes further up."""

MOUTH_GAPS = range(2, 5)
"""Rows from the nose to the mouth (2 where the head is small, 3 where it is large)."""

FAR_MOUTH_POINTS = 4
"""Points that a mouth four rows under the nose must explain better than one at two or three."""

EYE_POINTS, NOSE_POINTS, SIDE_POINTS, BAR_POINTS = 1, 5, 2, 2
"""Points a pixel. The nose is a lone dark pixel on flat skin whatever else is worn, so it counts most; eyes
hide behind glasses and mouths in beards."""

FULL_SCORE = (8 + 6) * EYE_POINTS + NOSE_POINTS + 5 * SIDE_POINTS + 3 * BAR_POINTS + 6 + 4
"""Points of a face that shows everything expected."""

MOVED_EYES_POINTS = 2
"""Points that eyes which are not where the template has them must explain better."""

STEP_COST = (0.0, 0.75, 3.0, 6.0, 9.0, 12.0)
"""Points that a face so many rows (or columns) from the usual place must explain better: a pixel is common,
two are rare, and goggles look like a face that is further off."""

WHITES_POINTS = 7
"""Points of two eyes that show their whites: more than a nose nearer to the eyes than usual must explain
better."""

WHOLE_EYES_POINTS = 6
"""Points of eyes with skin all around, as those have that lie right under a fringe and nearer to the nose
than usual; with 7 sunglasses under a fringe would be taken for lower ones."""

TIE = 8
"""Units in a point of the score, so that costs may be fractions of a point."""

USUAL_PLACE = (11, 9)
"""Eye row and column that win between placements which explain the pixels equally well."""


def best_placement(
    stands_out: BoolArray, eyes: EyePairs, template: Template = USUAL
) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    """Return where a template explains most.

    Returns
    -------
    eye_row, eye_col, nose_gap : ndarray of int, shape (N,)
    points, whole : ndarray of int, shape (N,)
        In units of 1 / TIE; those of whole eyes apart. The skin's colour decides what is whole, so that says
        nothing about which of two colours is the skin's.
    """
    n = len(stands_out)
    side = SIDE + 2 * MARGIN
    # (rows, cols, N): the long axis last, so that each sum runs over the whole batch at once
    dark = np.ones((side, side, n), np.int8)
    dark[MARGIN:-MARGIN, MARGIN:-MARGIN] = stands_out.transpose(1, 2, 0)
    plain = np.int8(1) - dark
    whole = _score_whole_eyes(dark, plain, template)
    eye_points = _score_eyes(dark, plain, template) + whole
    eye_points[..., eyes.portrait] += _score_whites(eyes, template)
    below_eyes = _score_nose_and_mouth(dark, plain, template)
    rows, cols = np.arange(ROW_SHIFTS.start, ROW_SHIFTS.stop), np.arange(COL_SHIFTS.start, COL_SHIFTS.stop)
    step = np.take(STEP_COST, np.abs(rows - USUAL_PLACE[0]), mode="clip")[:, None] + np.take(
        STEP_COST, np.abs(cols - USUAL_PLACE[1]), mode="clip"
    )
    best = np.full(n, np.iinfo(np.int16).min, np.intp)
    at, nose_gap = np.zeros(n, np.intp), np.zeros(n, np.intp)
    for gap in NOSE_GAPS:
        first = gap - NOSE_GAPS.start
        points = (eye_points + below_eyes[first : first + len(rows)]).astype(np.int16) * np.int16(TIE)
        points -= np.asarray(TIE * (step + ODD_GAP_COST[first]), np.int16)[..., None]
        flat = np.ascontiguousarray(points.reshape(len(rows) * len(cols), n).T)
        here = flat.argmax(axis=1)
        value = flat[np.arange(n), here]
        better = value > best
        best, at, nose_gap = (
            np.where(better, value, best),
            np.where(better, here, at),
            np.where(better, gap, nose_gap),
        )
    row, col = np.divmod(at, len(cols))
    of_eyes = TIE * whole[row, col, np.arange(n)].astype(np.intp)
    return row + ROW_SHIFTS.start, col + COL_SHIFTS.start, nose_gap, best - of_eyes, of_eyes


def _score_eyes(dark: NDArray[np.int8], plain: NDArray[np.int8], template: Template) -> NDArray[np.int8]:
    """Score the eyes for every place of the left eye's upper left pixel: shape (rows, cols, N)."""
    rows, cols = len(ROW_SHIFTS), len(COL_SHIFTS)
    top, left = ROW_SHIFTS.start + MARGIN, COL_SHIFTS.start + MARGIN

    def part(mask: NDArray[np.int8], row: int, col: int) -> NDArray[np.int8]:
        return mask[top + row : top + row + rows, left + col : left + col + cols]

    score = np.zeros((rows, cols, dark.shape[2]), np.int8)
    other, middle = template
    for eye, inner in ((0, 2), (other, other - 1)):
        cells = [part(dark, row, eye + col) for row in range(-1, 3) for col in (0, 1)]
        score += _whole_eye(cells, [part(dark, row, inner) for row in (0, 1)])
    # plain skin between the eyes and under them, as far as glasses do not cover it
    for row, col in ((1, 2), (1, middle), (1, other - 1), (2, middle), (3, 0), (3, other)):
        score += part(plain, row, col)
    return score * np.int8(EYE_POINTS)


def _score_whole_eyes(
    dark: NDArray[np.int8], plain: NDArray[np.int8], template: Template
) -> NDArray[np.int8]:
    """Score the places of the left eye where there is skin between both eyes and under them.

    Each has a lid and an eyeball, which count as four dark pixels if they are fewer. Lenses that hang from a
    bar look the same.
    """
    rows, cols = len(ROW_SHIFTS), len(COL_SHIFTS)
    top, left = ROW_SHIFTS.start + MARGIN, COL_SHIFTS.start + MARGIN

    def part(mask: NDArray[np.int8], row: int, col: int) -> NDArray[np.int8]:
        return mask[top + row : top + row + rows, left + col : left + col + cols]

    other, middle = template
    above, further, furthest = (
        part(dark, row, 2) & part(dark, row, middle) & part(dark, row, other - 1) for row in (-1, -2, -3)
    )
    lens = part(dark, -1, 2) | part(dark, -1, other - 1)
    whole = (np.int8(1) - lens) | (above & further & furthest)  # no bar and no lens, but a fringe
    for row, col in product((0, 1), range(2, other)):
        whole &= part(plain, row, col)
    missing: NDArray[np.int8] = np.zeros(whole.shape, np.int8)
    for eye, inner in ((0, 1), (other, other)):
        for row, col in product((0, 1), (0, 1)):
            missing += part(plain, row, eye + col)
        whole &= part(dark, 0, eye) | part(dark, 0, eye + 1)
        # the outer column may be that of the head's outline
        ends = [part(dark, 1, col) & part(plain, 2, col) for col in (eye, eye + 1)]
        whole &= (ends[0] | ends[1]) & part(plain, 2, inner)
    points: NDArray[np.int8] = whole * (missing + np.int8(WHOLE_EYES_POINTS))
    return points


def _score_whites(eyes: EyePairs, template: Template) -> NDArray[np.int8]:
    """Score the places of the left eye where both eyes show their whites: shape (rows, cols, M).

    They do so in the lower one of their two rows, or in both, at most a column beside their places.
    """
    near = eyes.near(template.spacing)[:, :, COL_SHIFTS.start : COL_SHIFTS.stop]
    below = near[:, ROW_SHIFTS.start + 1 : ROW_SHIFTS.stop + 1]
    return below.transpose(1, 2, 0) * np.int8(WHITES_POINTS)


def _whole_eye(cells: list[NDArray[np.int8]], inner: list[NDArray[np.int8]]) -> NDArray[np.int8]:
    """Count the dark pixels of an eye of 2x2; a point or a dash in one row of it alone counts as all of them.

    Parameters
    ----------
    cells : list of ndarray of int8
        Whether each pixel of the eye's two columns is dark, row by row from above the eye to below it.
    inner : list of ndarray of int8
        The same for the two pixels beside it, towards the nose.
    """
    above, upper, lower, below = (cells[first] | cells[first + 1] for first in range(0, 8, 2))
    alone = (upper ^ lower) & (np.int8(1) - (above | below | inner[0] | inner[1]))
    points: NDArray[np.int8] = np.maximum(cells[2] + cells[3] + cells[4] + cells[5], np.int8(4) * alone)
    return points


def _score_nose_and_mouth(
    dark: NDArray[np.int8], plain: NDArray[np.int8], template: Template
) -> NDArray[np.int8]:
    """Score nose and mouth for every nose row that the gaps allow and every column of the left eye."""
    n, cols = dark.shape[2], len(COL_SHIFTS)
    rows = len(ROW_SHIFTS) + len(NOSE_GAPS) - 1
    top, left = ROW_SHIFTS.start + NOSE_GAPS.start + MARGIN, COL_SHIFTS.start + MARGIN
    left += template.middle - USUAL.middle

    def nose_part(mask: NDArray[np.int8], row: int, col: int) -> NDArray[np.int8]:
        return mask[top + row : top + row + rows, left + col : left + col + cols]

    # dark, with skin above, below and on both sides (it may be two wide); or two nostrils
    # a line of three is the bar of a mouth
    wide = (nose_part(dark, 0, 2) & nose_part(dark, 0, 4)) | (nose_part(dark, 0, 1) & nose_part(dark, 0, 2))
    wide |= nose_part(dark, 0, 4) & nose_part(dark, 0, 5)
    lone = nose_part(dark, 0, 3) & (np.int8(1) - wide)
    nose = lone | (nose_part(dark, 0, 2) & nose_part(dark, 0, 4))
    score = nose * np.int8(NOSE_POINTS)
    for row, col in ((0, 2), (0, 1), (0, 5), (-1, 3), (1, 3)):
        score += nose_part(plain, row, col) * np.int8(SIDE_POINTS)
    # the bar of the mouth: three columns, skin or beard above, below and at its ends
    top += MOUTH_GAPS.start
    mouth_rows = rows + len(MOUTH_GAPS) - 1
    bar = np.zeros((mouth_rows, cols, n), np.int8)

    def bar_part(mask: NDArray[np.int8], row: int, col: int) -> NDArray[np.int8]:
        return mask[top + row : top + row + mouth_rows, left + col : left + col + cols]

    for col in (2, 3, 4):
        bar += bar_part(dark, 0, col) * np.int8(BAR_POINTS)
        bar += bar_part(plain, -1, col) + bar_part(plain, 1, col)
    for col in (0, 1, 5, 6):
        bar += bar_part(plain, 0, col)
    best = bar[:rows]
    for gap in MOUTH_GAPS[1:]:
        first = gap - MOUTH_GAPS.start
        far = np.int8(FAR_MOUTH_POINTS * (gap == MOUTH_GAPS[-1]))
        best = np.maximum(best, bar[first : first + rows] - far)
    return score + best


def settle_eyes(
    stands_out: BoolArray, bridge: BoolArray, eye_row: IntArray, eye_col: IntArray, spacing: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Move each eye by up to a pixel where that explains the pixels clearly better.

    The template has its eyes so many columns apart and `USUAL_NOSE_GAP` above the nose; other heads have them
    a pixel nearer, further, higher or lower. Not where there is a bridge between the eyes: whatever is worn
    over them has edges that look more like eyes than eyes do.

    Returns
    -------
    eye_row, left_eye_col, right_eye_col : ndarray of int, shape (N,)
    """
    each = np.arange(len(stands_out))
    left = _score_eye(cut_boxes(stands_out, each, eye_row - 1, eye_col - 2, 6, 7), inner=2)
    right = _score_eye(cut_boxes(stands_out, each, eye_row - 1, eye_col + spacing - 3, 6, 7), inner=-1)
    # every pair in one row: shape (N, row, left col, right col), each -1, 0, 1 from the template
    points = left[:, :, :, None] + right[:, :, None, :]
    points[:, 1, 1, 1] += MOVED_EYES_POINTS
    points[:, :, 2, 0] = points[:, :, 0, 2] = 0  # two pixels nearer or further: lenses
    points[bridge, 1, 1, 1] = np.iinfo(points.dtype).max
    best = points.reshape(len(points), 27).argmax(axis=1)
    row, pair = np.divmod(best, 9)
    left_col, right_col = np.divmod(pair, 3)
    return eye_row + row - 1, eye_col + left_col - 1, eye_col + spacing + right_col - 1


def settle_nose(
    stands_out: BoolArray, nose_row: IntArray, nose_col: IntArray, mouth_row: IntArray
) -> tuple[IntArray, IntArray]:
    """Move the nose by a pixel to a dark one with skin on both sides, where the template has none.

    Not into the row over the mouth: what is there is a raised corner.

    Returns
    -------
    nose_row, nose_col : ndarray of int, shape (N,)
    """
    each = np.arange(len(stands_out))
    part = cut_boxes(stands_out, each, nose_row - 1, nose_col - 2, 3, 6)
    # dark at -1, 0, 1 columns, with skin to the left and, as it may be two wide, to the right or next but one
    lone = part[:, :, 1:4] & ~part[:, :, 0:3] & ~(part[:, :, 2:5] & part[:, :, 3:6])
    lone[:, 2] &= (nose_row + 2 < mouth_row)[:, None]
    order = np.array([4, 1, 7, 3, 5, 0, 2, 6, 8])  # the template's place, then the nearest
    places = lone.reshape(len(lone), 9)[:, order]
    pick = np.where(places.any(axis=1) & ~part[:, 1, 2], order[places.argmax(axis=1)], order[0])
    down, right = np.divmod(pick, 3)
    return nose_row + down - 1, nose_col + right - 1


def _score_eye(part: BoolArray, inner: int) -> NDArray[np.int8]:
    """Score a 2x2 eye at each of 3x3 places of a window of 6x7 cells: shape (N, 3, 3).

    The window begins one row above and two (left eye) or three (right eye) columns before the first place.
    """
    dark = part.astype(np.int8)
    plain = np.int8(1) - dark
    first = 1 if inner > 0 else 2

    def at(mask: NDArray[np.int8], row: int, col: int) -> NDArray[np.int8]:
        return mask[:, row : row + 3, first + col : first + col + 3]

    score = 2 * at(dark, 0, 0) + 2 * at(dark, 1, 0) + at(dark, 0, 1) + at(dark, 1, 1)
    # skin between the eyes and under the eye
    score += at(plain, 0, inner) + at(plain, 1, inner) + at(plain, 2, 0) + at(plain, 2, 1)
    return score


def count_features(
    stands_out: BoolArray, placed: tuple[IntArray, ...], nose_row: IntArray, mouth_row: IntArray
) -> IntArray:
    """Return the points that eyes, nose and bar bring by standing out of the face: 0 to 19.

    Parameters
    ----------
    stands_out : ndarray of bool, shape (N, 24, 24)
    placed : four ndarrays of int, shape (N,)
        Eye row and column, spacing and middle.
    nose_row, mouth_row : ndarray of int, shape (N,)
    """
    eye_row, eye_col, spacing, middle = placed
    each = np.arange(len(stands_out))

    def count(row: IntArray, cols: tuple[int, ...]) -> IntArray:
        inside = np.clip((eye_col + middle)[:, None] + np.array(cols), 0, SIDE - 1)
        out: IntArray = stands_out[each[:, None], np.clip(row, 0, SIDE - 1)[:, None], inside].sum(axis=1)
        return out

    eyes = np.zeros(len(stands_out), np.intp)
    # each eye with the column towards the nose
    for col, first, inner in ((eye_col, 0, 2), (eye_col + spacing - 1, 1, 0)):
        part = cut_boxes(stands_out, each, eye_row - 1, col, 4, 3).astype(np.int8)
        cells = [part[:, row, first + right] for row in range(4) for right in (0, 1)]
        eyes += _whole_eye(cells, [part[:, row, inner] for row in (1, 2)])
    features: IntArray = EYE_POINTS * eyes
    return features + NOSE_POINTS * count(nose_row, (0,)) + BAR_POINTS * count(mouth_row, (-1, 0, 1))
