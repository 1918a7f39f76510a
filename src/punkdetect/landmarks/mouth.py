"""The exact pixels of the mouth: the bar, its ends and the colour of the lips.

Owns what of the mouth can be seen and whether something covers it. Must not know what any trait is called.

A mouth is a horizontal bar of 3 to 5 px in one colour (two rows of it where the lips are full). The face
frame says in which row it is and which three columns it covers at least; here it is followed to its ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import bits_of, count, grow, mask_of
from punkdetect.landmarks._cover import find_cover
from punkdetect.landmarks._lips_below import find_lips_below
from punkdetect.landmarks._lost_lips import find_lost_lips
from punkdetect.landmarks._panel import Bar, find_panel, is_wrapped
from punkdetect.landmarks.face import DOUBTFUL, FaceFrame
from punkdetect.landmarks.flat_colors import DARK_LINE, DISTINCT, SAME_COLOR, color_difference
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, IntArray
from punkdetect.records import Record

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

LARGEST_MARK = 2
"""Pixels of a raised or lowered corner at most; all labelled ones are a single pixel."""

OUTSIDE = 999
"""Distance from the lips that stands for a pixel which cannot be seen."""

NOSE_ABOVE = 3
"""Rows from a hidden nose to lips that were found elsewhere."""

UNDER_EYES = 3
"""Rows from the eyes from which lips are looked for anywhere."""

MOST_ALIKE = 12
"""Pixels of the colour of such lips elsewhere in the lower face from which they are part of a pattern."""

PANEL_ROWS = 5
"""Rows of a mask from its upper edge, about: it goes on to the chin."""

LONGEST_SIDE = 2
"""Columns that a bar goes on to either side of its three: a longer one is a moustache or a hem."""


class MouthBar(Record):
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
    wrapped : ndarray of bool, shape (N,)
        Whether what covers it goes on around the neck: a scarf, no mask.
    panel : ndarray of bool, shape (N,)
        Whether what covers it was seen as a panel of cloth.
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
    wrapped: BoolArray
    panel: BoolArray

    def place(self, face: FaceFrame) -> FaceFrame:
        """Return the frame of the faces with the mouth where it was found: goggles may mislead the frame."""
        moved = np.flatnonzero(self.found & (self.row != face.mouth_row))
        row, col, nose = face.mouth_row.copy(), face.mouth_col.copy(), face.nose_row.copy()
        row[moved], nose[moved] = self.row[moved], np.minimum(nose[moved], self.row[moved] - NOSE_ABOVE + 1)
        col[moved] = (self.left_col[moved] + self.right_col[moved]) // 2 - 1
        return face.replace(mouth_row=row, mouth_col=col, nose_row=nose)


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
    mouth = _find_at_its_place(rgba, face)
    some = np.flatnonzero(face.found)
    bar = Bar(mouth.found, mouth.row, mouth.rows, mouth.left_col, mouth.right_col, mouth.lip_rgb)
    top = np.full(len(rgba), NOT_FOUND)
    top[some] = find_panel(rgba, face, bar, some)
    under_cloth = np.flatnonzero((top != NOT_FOUND) & ~mouth.covered)
    _cover_up(mouth, face, under_cloth, top[under_cloth])
    doubtful = (face.score < DOUBTFUL) | mouth.covered
    doubtful[under_cloth] = False
    lost = np.flatnonzero(face.found & ~mouth.found & doubtful)
    row, col = find_lost_lips(rgba, face, lost)
    # what was taken for cloth may be a face whose lips a thing touches
    covered = np.flatnonzero((row == NOT_FOUND) & mouth.covered[lost] & (top[lost] == NOT_FOUND))
    below = find_lips_below(rgba, face, lost[covered], face.eye_row[lost[covered]] + UNDER_EYES)
    clear = (below.elsewhere < MOST_ALIKE) | below.in_ink
    row[covered], col[covered] = (np.where(clear, part, NOT_FOUND) for part in (below.row, below.col))
    seen = row != NOT_FOUND
    _move(mouth, rgba, face, lost[seen], row[seen], col[seen])
    covered = np.flatnonzero(mouth.covered)
    mouth.wrapped[covered] = is_wrapped(rgba, face, mouth.cover, covered)
    mouth.panel[covered] = top[covered] != NOT_FOUND
    return mouth


def _move(
    mouth: MouthBar, rgba: ByteArray, face: FaceFrame, some: IntArray, row: IntArray, col: IntArray
) -> None:
    """Take over the mouths of some portraits, (M,), that were found elsewhere than the face frame says."""
    if not len(some):
        return
    moved = face.take(some).replace(nose_row=row - NOSE_ABOVE, mouth_row=row, mouth_col=col)
    again = _find_at_its_place(rgba[some], moved, mouth.covered[some])
    for name in MouthBar._fields:
        getattr(mouth, name)[some[again.found]] = getattr(again, name)[again.found]


def _cover_up(mouth: MouthBar, face: FaceFrame, item: IntArray, top: IntArray) -> None:
    """Note that some mouths are under cloth that begins in a row, and are not seen."""
    index = np.arange(SIDE)
    rows = (index >= top[:, None]) & (index < top[:, None] + PANEL_ROWS)
    cols = (index >= face.left_eye_col[item, None]) & (index <= face.right_eye_col[item, None] + 1)
    mouth.cover[item] = rows[:, :, None] & cols[:, None]
    mouth.covered[item], mouth.found[item] = True, False
    for part in (mouth.row, mouth.left_col, mouth.right_col):
        part[item] = NOT_FOUND
    mouth.rows[item] = 0
    for mask in (mouth.mask, mouth.raised, mouth.lowered):
        mask[item] = False


def _find_at_its_place(rgba: ByteArray, face: FaceFrame, bare: BoolArray | None = None) -> MouthBar:
    """Find the bar of the mouth in the row that the face frame says; `bare` ones are under no cloth."""
    part = face.crop(rgba, ROWS_AROUND, COLS_AROUND, anchor="mouth")
    lip = _pick_lip_color(part[:, BAR, CORE : CORE + 3])
    distance, contrast, full = _measure_lips(part, lip)
    tolerance = np.clip(contrast * LIP_SHARE, LEAST_TOLERANCE, MOST_TOLERANCE)[:, None, None]
    like = distance <= tolerance
    left, right, open_ended = _follow_bar(like[:, BAR])
    low_left, low_right, _ = _follow_bar(like[:, BAR + 1])
    low_left, low_right = np.where(full, low_left, left), np.where(full, low_right, right)
    bottom = BAR + full.astype(np.intp)
    opened = _is_open(part, left, right) & ~full
    lip = np.where(opened[:, None], part[np.arange(len(part)), BAR, left - 1, :3], lip)
    distance[opened] = color_difference(part[opened], lip[opened, None, None])
    left, right = left - opened, right + opened
    low_left, low_right = low_left - opened, low_right + opened

    cols = np.arange(like.shape[2])
    bar = np.zeros_like(like)
    bar[:, BAR] = (cols >= left[:, None]) & (cols <= right[:, None])
    bar[np.arange(len(rgba)), bottom] |= (cols >= low_left[:, None]) & (cols <= low_right[:, None])
    raised, lowered = np.zeros_like(bar), np.zeros_like(bar)
    nose = _nose_in_window(face)
    plain = np.zeros_like(bar)
    for color in (face.skin_rgb, face.second_rgb):
        plain |= color_difference(part, color[:, None, None]) <= SAME_COLOR
    for measure in (distance, _count_ink_as_lips(distance, part)):
        measure[nose] = OUTSIDE  # black noses reach down to black corners
        raised |= _find_marks(
            measure, tolerance, (bar, plain), np.full(len(rgba), BAR, np.intp), -1, left, right
        )
        lowered |= _find_marks(measure, tolerance, (bar, plain), bottom, 1, low_left, low_right)
    found = face.found & (contrast >= LEAST_CONTRAST) & ~open_ended
    cover = find_cover(rgba, face, found, (left + face.mouth_col - CORE, right + face.mouth_col - CORE))
    if bare is not None:
        cover[bare] = False
    found &= ~cover.any(axis=(1, 2))
    mask, raised, lowered = (
        face.place_back(kind & found[:, None, None], ROWS_AROUND, COLS_AROUND, anchor="mouth")
        for kind in (bar, raised, lowered)
    )
    return MouthBar(
        found=found,
        row=np.where(found, face.mouth_row, NOT_FOUND),
        rows=np.where(found, 1 + full, 0),
        left_col=np.where(found, left + face.mouth_col - CORE, NOT_FOUND),
        right_col=np.where(found, right + face.mouth_col - CORE, NOT_FOUND),
        lip_rgb=lip,
        contrast=contrast,
        mask=mask,
        raised=raised,
        lowered=lowered,
        covered=np.asarray(cover.any(axis=(1, 2))),
        cover=cover,
        wrapped=np.zeros(len(rgba), bool),
        panel=np.zeros(len(rgba), bool),
    )


def _is_open(part: ByteArray, left: IntArray, right: IntArray) -> BoolArray:
    """Tell where a dark bar is the inside of a mouth: lips of one other colour end it on both sides.

    They are single pixels: the ends of a moustache hang down.
    """
    each = np.arange(len(part))
    inside = color_difference(part[each, BAR, left], np.zeros(3, np.uint8)) <= DARK_LINE
    ends = [part[each, BAR, col] for col in (left - 1, right + 1)]
    opened = inside & (color_difference(ends[0], ends[1]) <= SAME_COLOR)
    for end, col, outward in ((ends[0], left - 1, -1), (ends[1], right + 1, 1)):
        for row, beside in ((BAR, col - outward), (BAR, col + outward), (BAR - 1, col), (BAR + 1, col)):
            opened &= color_difference(end, part[each, row, beside]) >= DISTINCT
    return np.asarray(opened)


def _measure_lips(part: ByteArray, lip: ByteArray) -> tuple[NDArray[np.int16], IntArray, BoolArray]:
    """Measure how lips stand out of the face.

    Returns
    -------
    distance : ndarray of int16, shape (N, R, C)
        From the colour of the lips.
    contrast : ndarray of int, shape (N,)
        Distance of the face above and below the lips, the nearer one.
    full : ndarray of bool, shape (N,)
        Whether the lips are two rows.
    """
    distance = color_difference(part, lip[:, None, None])
    core = distance[:, :, CORE : CORE + 3]
    full = np.asarray((core[:, BAR + 1] <= SAME_COLOR).all(axis=1))
    below = np.where(full[:, None], core[:, BAR + 2], core[:, BAR + 1])
    # two of the three columns, or the middle one: a pipe may touch the bar, and both corners may be raised
    edges = [np.maximum(np.median(edge, axis=1), edge[:, 1]) for edge in (core[:, BAR - 1], below)]
    distance[part[..., 3] == 0] = OUTSIDE
    return distance, np.minimum(*edges).astype(np.intp), full


def _count_ink_as_lips(distance: NDArray[np.int16], part: ByteArray) -> NDArray[np.int16]:
    """Return the distances with 0 for ink where the lips are drawn in ink, whatever their shades."""
    ink = (color_difference(part, np.zeros(3, np.uint8)) <= DARK_LINE) & (part[..., 3] > 0)
    drawn_in_ink = ink[:, BAR, CORE + 1] & ~ink[:, BAR - 1, CORE + 1]
    return np.where(ink & drawn_in_ink[:, None, None], np.int16(0), distance)


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


def _nose_in_window(face: FaceFrame) -> BoolArray:
    """Return where the nose lies in the window: its row and the one above, with a column to either side."""
    row = np.arange(len(ROWS_AROUND)) - BAR + (face.mouth_row - face.nose_row)[:, None]
    col = np.arange(len(COLS_AROUND)) - CORE + (face.mouth_col - face.nose_col)[:, None]
    return np.asarray(((row == 0) | (row == -1))[:, :, None] & ((col >= -1) & (col <= 2))[:, None, :])


def _find_marks(
    distance: NDArray[np.int16],
    tolerance: NDArray[np.float64],
    bar_on_face: tuple[BoolArray, BoolArray],
    bar_row: IntArray,
    direction: int,
    left: IntArray,
    right: IntArray,
) -> BoolArray:
    """Return the lone lip-coloured pixels beside one edge of the bar, at either end: shape of `distance`.

    At the end of the bar or just outside it, and connected to no more than one other pixel of that colour:
    a moustache, a second row of lips, the outline of the jaw, a cigarette and a strand of hair go on. Only a
    pixel with the face all around it is a mark although the outline of a narrow chin touches its corner.
    """
    bar, plain = bar_on_face
    around = plain | bar
    inside = np.zeros_like(bar)
    inside[:, 1:-1, 1:-1] = (
        around[:, :-2, 1:-1] & around[:, 2:, 1:-1] & around[:, 1:-1, :-2] & around[:, 1:-1, 2:]
    )
    marks = np.zeros(distance.shape, bool)
    near = bar_row + direction
    for end, outward in ((left, -1), (right, 1)):
        cols = end[:, None] + outward * np.arange(-1, 2)  # the bar's last column but one, its last, the next
        beside = distance[np.arange(len(distance))[:, None], near[:, None], cols]
        nearest = beside[:, 1:].min(axis=1)
        reach = SAME_STEP * nearest + SAME_NOISE
        some = np.flatnonzero((nearest <= tolerance[:, 0, 0]) & (beside[:, 0] > reach))
        seed = np.zeros((len(some), *distance.shape[1:]), bool)
        seed[np.arange(len(some))[:, None], near[some, None], cols[some, 1:]] = True
        same = (distance[some] <= reach[some, None, None]) & ~bar[some]
        # a larger piece is larger after so many steps already
        within, piece = bits_of(same), bits_of(seed & same)
        for _ in range(LARGEST_MARK):
            piece = grow(piece, same.shape[2]) & within
        small = (count(piece) <= LARGEST_MARK)[:, None, None]
        alone = seed & same & inside[some] & ~plain[some]
        marks[some] |= np.where(small, mask_of(piece, same.shape[2]), alone)
    return marks
