"""The exact pixels of the mouth: the bar, its ends and the colour of the lips.

Owns what of the mouth can be seen and whether something covers it. Must not know what any trait is called.

A mouth is a horizontal bar of 3 to 5 px in one colour (two rows of it where the lips are full). The face
frame says in which row it is and which three columns it covers at least; here it is followed to its ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import DARK_LINE, DISTINCT, SAME_COLOR, color_difference
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, IntArray

ROWS_AROUND = range(-4, 6)
"""Rows of the window around the bar: up to the nose and down to the chin."""

COLS_AROUND = range(-6, 9)
"""Columns of the window around the bar, counted from the first of the three that it always covers."""

BAR, CORE = -ROWS_AROUND.start, -COLS_AROUND.start
"""Row and first column of the bar's three columns in the window."""

LIP_SHARE = 0.4
"""A pixel is lip-coloured when it is at most this share of the way from the lips to the face around them:
nearer to the lips than a half-and-half shade, further than noise goes."""

LEAST_TOLERANCE, MOST_TOLERANCE = 8, 60
"""Bounds of that distance (sum of the channel differences): re-encoding moves a pixel by a few units, and a
mole or a nose beside vivid lips is 100 away at least."""

LEAST_CONTRAST = 24
"""Sum of the channel differences between lips and face from which a bar is seen; the faintest labelled
mouth (dark lips in a brown beard) has 32."""

SAME_STEP, SAME_NOISE = 1.6, 12
"""A neighbour belongs with a raised pixel when it is no further from the lips than the pixel itself times the
first, plus the second: exact art tells lips from skin 30 units away, noisy art only from clearer skin."""

PALE = 300
"""Sum of the channels above which a flat lower face that is not skin is taken for cloth, not for a beard."""

SOME_SKIN = (0.15, 0.65)
"""Shares of the place of the mouth between which skin shows in part: no mask. Labelled masks have 0 to 0.05,
or 0.7 and more where the mask itself was taken for the skin; faces that are mislaid behind VR sets 0.2 to
0.6."""

NOSE_CONTRAST = 90
"""Sum of the channel differences from which a nose is seen where no mouth is; the pleats of a paper mask
have 60, the faintest nose (an alien's) 99."""

LONGEST_SIDE = 2
"""Columns that a bar goes on to either side of its three: a longer one is a moustache or a hem."""


@dataclass(frozen=True)
class MouthBar:
    """The mouth of every portrait; -1 where there is no bar.

    Parameters
    ----------
    found : ndarray of bool, shape (N,)
        Whether a bar can be seen.
    row : ndarray of int, shape (N,)
        Row of the bar, the upper one of two.
    rows : ndarray of int, shape (N,)
        Rows of the bar: 1, or 2 where the lips are full; 0 without a bar.
    left_col, right_col : ndarray of int, shape (N,)
        Its first and its last column.
    lip_rgb : ndarray of uint8, shape (N, 3)
        The colour of the bar, that of one of its pixels.
    contrast : ndarray of int, shape (N,)
        Sum of the channel differences between the lips and the face above and below, whichever is nearer.
    mask : ndarray of bool, shape (N, 24, 24)
        The pixels of the bar.
    raised, lowered : ndarray of bool, shape (N, 24, 24)
        Lone lip-coloured pixels in the row above (below) the bar, at one of its ends or just outside.
    covered : ndarray of bool, shape (N,)
        Whether cloth hides the mouth: a face was found, but neither its nose nor a bar.
    cover : ndarray of bool, shape (N, 24, 24)
        The block from the nose to below the mouth, where it is covered.
    """

    found: BoolArray
    row: IntArray
    rows: IntArray
    left_col: IntArray
    right_col: IntArray
    lip_rgb: ByteArray
    contrast: IntArray
    mask: BoolArray
    raised: BoolArray
    lowered: BoolArray
    covered: BoolArray
    cover: BoolArray


def find_mouth(rgba: ByteArray, face: FaceFrame) -> MouthBar:
    """Find the bar of the mouth and the pixels raised or lowered at its ends.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
        Of the same N portraits.

    Returns
    -------
    MouthBar
    """
    each = np.arange(len(rgba))
    part = face.crop(rgba, ROWS_AROUND, COLS_AROUND, anchor="mouth")
    lip = _pick_lip_color(part[:, BAR, CORE : CORE + 3])
    distance = color_difference(part, lip[:, None, None])
    core = distance[:, :, CORE : CORE + 3]
    full = np.asarray((core[:, BAR + 1] <= SAME_COLOR).all(axis=1))
    below = np.where(full[:, None], core[:, BAR + 2], core[:, BAR + 1])
    # the middle one of three columns: a pipe may touch the bar from below
    contrast = np.minimum(np.median(core[:, BAR - 1], axis=1), np.median(below, axis=1)).astype(np.intp)
    ink = part[..., :3].sum(axis=-1, dtype=np.intp) <= DARK_LINE
    drawn_in_ink = ink[:, BAR, CORE + 1] & ~ink[:, BAR - 1, CORE + 1]
    distance[ink & drawn_in_ink[:, None, None]] = 0
    tolerance = np.clip(contrast * LIP_SHARE, LEAST_TOLERANCE, MOST_TOLERANCE)[:, None, None]
    like = distance <= tolerance

    left, right, open_ended = _follow_bar(like[:, BAR])
    low_left, low_right, _ = _follow_bar(like[:, BAR + 1])
    low_left, low_right = np.where(full, low_left, left), np.where(full, low_right, right)
    bottom = BAR + full.astype(np.intp)
    cols = np.arange(like.shape[2])
    bar = np.zeros_like(like)
    bar[:, BAR] = (cols >= left[:, None]) & (cols <= right[:, None])
    bar[each, bottom] |= (cols >= low_left[:, None]) & (cols <= low_right[:, None])
    raised = _find_marks(distance, tolerance, np.full(len(rgba), BAR, np.intp), -1, left, right)
    lowered = _find_marks(distance, tolerance, bottom, 1, low_left, low_right)
    found = face.found & (contrast >= LEAST_CONTRAST) & ~open_ended
    mask, raised, lowered = (_place(kind & found[:, None, None], face) for kind in (bar, raised, lowered))
    offset = face.mouth_col - CORE
    cover = _around_mouth(face)
    covered = face.found & ~found & (_is_pale_cloth(part, face.skin_rgb) | ~_nose_visible(rgba, face))
    covered &= ~_shows_some_skin(rgba, face, cover)

    return MouthBar(
        found=found,
        row=np.where(found, face.mouth_row, NOT_FOUND),
        rows=np.where(found, 1 + full, 0),
        left_col=np.where(found, left + offset, NOT_FOUND),
        right_col=np.where(found, right + offset, NOT_FOUND),
        lip_rgb=lip,
        contrast=contrast,
        mask=mask,
        raised=raised,
        lowered=lowered,
        covered=covered,
        cover=cover & covered[:, None, None],
    )


def _pick_lip_color(bar: ByteArray) -> ByteArray:
    """Return the colour that the three columns of the bar have most in common, or that between two teeth."""
    first, middle, last = (bar[:, col, :3] for col in range(3))
    first_to_middle = color_difference(first, middle)
    middle_to_last = color_difference(middle, last)
    first_to_last = color_difference(first, last)
    total = np.stack(
        [first_to_middle + first_to_last, first_to_middle + middle_to_last, middle_to_last + first_to_last]
    )
    pick = np.where(total[1] <= total.min(axis=0), 1, total.argmin(axis=0))
    gap_in_teeth = (middle.sum(axis=1, dtype=np.intp) <= DARK_LINE) & (first_to_last <= SAME_COLOR)
    pick[gap_in_teeth] = 1
    return bar[np.arange(len(bar)), pick, :3]


def _follow_bar(like: BoolArray) -> tuple[IntArray, IntArray, BoolArray]:
    """Return first and last column of the bar in a row of the window; whether it goes on to both sides."""
    core = like[:, CORE : CORE + 3]
    left = CORE + core.argmax(axis=1)
    right = CORE + 2 - core[:, ::-1].argmax(axis=1)
    going_left, going_right = left == CORE, right == CORE + 2
    for step in range(1, LONGEST_SIDE + 1):
        going_left = going_left & like[:, CORE - step]
        going_right = going_right & like[:, CORE + 2 + step]
        left, right = left - going_left, right + going_right
    going_left = going_left & like[:, CORE - LONGEST_SIDE - 1]
    going_right = going_right & like[:, CORE + 3 + LONGEST_SIDE]
    return left, right, going_left & going_right


def _find_marks(
    distance: NDArray[np.int16],
    tolerance: NDArray[np.float64],
    bar_row: IntArray,
    direction: int,
    left: IntArray,
    right: IntArray,
) -> BoolArray:
    """Return the lone lip-coloured pixels beside one edge of the bar, at either end: shape of `distance`.

    One or two pixels, at the end of the bar or just outside it. They must end within two pixels to every
    side: a moustache and a second row of lips go on towards the middle, an outline and a cigarette outwards,
    a fold or a strand of hair upwards.
    """
    each = np.arange(len(distance))
    marks = np.zeros(distance.shape, bool)
    near, far, beyond = bar_row + direction, bar_row + 2 * direction, bar_row + 3 * direction
    for end, outward in ((left, -1), (right, 1)):
        # from inside to outside: the bar's last column but one, its last, and three beyond it
        cols = end[:, None] + outward * np.arange(-1, 4)
        beside, over, above_that = (
            distance[each[:, None], row[:, None], cols] for row in (near, far, beyond)
        )
        nearest = beside[:, 1:3].min(axis=1, keepdims=True)
        reach = SAME_STEP * nearest + SAME_NOISE
        same, same_over, same_above = beside <= reach, over <= reach, above_that <= reach
        lone = nearest[:, 0] <= tolerance[:, 0, 0]
        lone &= ~same[:, 0] & (same[:, 1:4].sum(axis=1) <= 2) & ~(same[:, 3] & same[:, 4])
        folds = same_over[:, 1:].sum(axis=1)
        lone &= (folds == 0) | ((folds == 1) & ~same_above[:, 1:].any(axis=1))
        marks[each[:, None], near[:, None], cols[:, 1:4]] |= same[:, 1:4] & lone[:, None]
    return marks


def _is_pale_cloth(part: ByteArray, skin_rgb: ByteArray) -> BoolArray:
    """Tell whether the place of the mouth is one flat pale colour but not the skin's: a mask, not a beard."""
    patch = part[:, BAR - 1 : BAR + 2, CORE - 1 : CORE + 4]
    middle = patch[:, 1, 2]
    flat = (color_difference(patch, middle[:, None, None]) <= SAME_COLOR).all(axis=(1, 2))
    pale = middle[:, :3].sum(axis=1, dtype=np.intp) > PALE
    cloth: BoolArray = flat & pale & (color_difference(middle, skin_rgb) >= DISTINCT)
    return cloth


def _shows_some_skin(rgba: ByteArray, face: FaceFrame, cover: BoolArray) -> BoolArray:
    """Tell whether skin and other things share the place of the mouth, so that no cloth can lie over it."""
    skin = (color_difference(rgba, face.skin_rgb[:, None, None]) <= SAME_COLOR) & cover
    share = skin.sum(axis=(1, 2)) / np.maximum(cover.sum(axis=(1, 2)), 1)
    return np.asarray((share > SOME_SKIN[0]) & (share < SOME_SKIN[1]))


def _nose_visible(rgba: ByteArray, face: FaceFrame) -> BoolArray:
    """Tell whether a pixel stands out of what is above, below and beside it where the nose is."""
    part = face.crop(rgba, range(-1, 2), range(-1, 3), anchor="nose")
    nose = part[:, 1, 1]
    visible = np.ones(len(rgba), bool)
    for row, col in ((0, 1), (2, 1), (1, 0), (1, 3)):
        visible &= color_difference(nose, part[:, row, col]) >= NOSE_CONTRAST
    return visible


def _around_mouth(face: FaceFrame) -> BoolArray:
    """Return the block of five columns from the nose to below the mouth of every face."""
    index = np.arange(SIDE)
    rows = (index >= face.nose_row[:, None]) & (index <= face.mouth_row[:, None] + 1)
    cols = (index >= face.mouth_col[:, None] - 1) & (index <= face.mouth_col[:, None] + 3)
    return np.asarray(rows[:, :, None] & cols[:, None, :])


def _place(mask: BoolArray, face: FaceFrame) -> BoolArray:
    """Put a mask of the window back into the whole picture."""
    whole = np.zeros((len(mask), SIDE, SIDE), bool)
    item, row, col = np.nonzero(mask)
    row = row + face.mouth_row[item] + ROWS_AROUND.start
    col = col + face.mouth_col[item] + COLS_AROUND.start
    inside = (row >= 0) & (row < SIDE) & (col >= 0) & (col < SIDE)
    whole[item[inside], row[inside], col[inside]] = True
    return whole
