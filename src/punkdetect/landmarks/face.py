"""Where the face is: eyes, nose and mouth bar of every portrait of a batch.

Owns the geometry of the face and a first guess of its colour. Must not know what any trait is called.

A punk's face is drawn on a fixed grid: two eyes of about 2x2 px with three columns between them, a nose of
one or two dark pixels under their middle, and a mouth bar under the nose. Collections shift it by a pixel
or two and stretch it by a row, so it is searched for: every placement is scored by what it explains
(dark eyes, nose and mouth on plain skin), and the best one is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, FloatArray, IntArray, Scalar

Window = tuple[int, int, int, int]

SKIN_WINDOW: Window = (12, 18, 9, 16)
"""Rows and columns (half open) from under the eyes to the mouth: skin in every head that a 24x24 portrait
can hold, and seldom covered. Larger windows take in beards and neck shadows and were right less often."""

NECK_WINDOW: Window = (17, 24, 7, 12)
"""The neck and the side of the jaw: skin when a mask, a VR set or a beard covers the middle of the face."""

LENS_ROWS = 2
"""Upper rows of the window that do not count for the second colour: the lenses of glasses reach there."""

LEAST_SECOND = 6
"""Pixels of the rest of the window (28) that a second flat colour needs: a beard, a stubble shade or a mask
has a dozen, lips and noses have five at most."""

SAME_COLOR = 24
"""Sum of the channel differences up to which two pixels are one flat colour: above re-encoding noise,
below the faintest two-tone shading between skin and a brow (about 50)."""

BLACK = 40
"""Sum of the channels under which a pixel is outline or ink, never skin."""

DARK_LINE = 130
"""Sum of the channels up to which a line is drawn in ink rather than in a lip colour: the mouth lines of
known collections have 0 to 124 (dark red on dark skin), the darkest painted lips 150."""

DISTINCT = 48
"""Sum of the channel differences from which a pixel stands out of the face around it. The faintest mouths
of hand-made portraits differ from their skin by 50 to 60."""

EYE_SPACING = 5
"""Columns from an eye to the other eye, left edge to left edge; the same in all known collections."""

ROW_SHIFTS = range(7, 16)
"""Rows searched for the upper row of the eyes (11 and 12 are the known ones)."""

COL_SHIFTS = range(5, 14)
"""Columns searched for the left edge of the left eye (9 is the known one)."""

MARGIN = 4
"""Cells added around the picture so that every placement can be scored; they count as not skin."""

NOSE_GAPS = range(3, 6)
"""Rows from the upper eye row to the nose that are searched: a taller or flatter head is found too."""

USUAL_NOSE_GAP = 4
"""Rows from the upper eye row to the nose in all known collections."""

ODD_GAP_COST = 6
"""Points that another nose gap must explain better than the usual one: frames of glasses look like eyes."""

MOUTH_GAPS = range(2, 5)
"""Rows from the nose to the mouth (2 where the head is small, 3 where it is large)."""

FAR_MOUTH_POINTS = 4
"""Points that a mouth four rows under the nose must explain better than one at two or three."""

EYE_POINTS, NOSE_POINTS, SIDE_POINTS, BAR_POINTS = 1, 5, 2, 2
"""Points a pixel. The nose is a lone dark pixel on flat skin whatever else is worn, so it counts most; eyes
hide behind glasses and mouths in beards."""

FULL_SCORE = (8 + 6) * EYE_POINTS + NOSE_POINTS + 5 * SIDE_POINTS + 3 * BAR_POINTS + 6 + 4
"""Points of a face that shows everything expected."""

LEAST_SCORE = 0.5
"""Share of the points under which no face is reported; labelled portraits reach 0.54 (VR set and pipe)."""

LEAST_FEATURES = 5
"""Points that eyes, nose and bar must bring of 19: a masked face has its eyes (8), one behind glasses and a
beard its nose and little else (7), a flat picture nothing."""

LEAST_PLAIN = 0.2
"""Share of the skin window that must be flat: labelled portraits have 0.28 (VR set and mask) or more, random
noise 0.07 or less."""

STEP_COST = (0.0, 0.75, 3.0, 6.0, 9.0, 12.0)
"""Points that a face so many rows (or columns) from the usual place must explain better: a pixel is common,
two are rare, and goggles look like a face that is further off."""

TIE = 8
"""Units in a point of the score, so that costs may be fractions of a point."""

ENOUGH_CONTRAST = 90
"""Sum of the channel differences above which more contrast says no more about a mouth."""

FAR_MOUTH_COST = 150
"""Contrast that a mouth four rows under the nose must have more than one at two or three."""

MUSTACHE_COST = 60
"""Contrast taken off a bar of five or more columns: a mouth may be as wide, but a moustache is."""

PALE_BAR_COST = 100
"""Contrast taken off a bar that is neither darker nor redder than the rows around it: teeth, a chin."""

USUAL_PLACE = (11, 9)
"""Eye row and column that win between placements which explain the pixels equally well."""


@dataclass(frozen=True)
class FaceFrame:
    """Rows and columns of the face, for the whole batch; -1 where no face was found.

    Parameters
    ----------
    found : ndarray of bool, shape (N,)
    eye_row : ndarray of int, shape (N,)
        Upper of the two rows of the eyes (usually the lid; the iris is in this row or the next).
    left_eye_col, right_eye_col : ndarray of int, shape (N,)
        Left column of each 2x2 eye; left and right as seen in the picture.
    nose_row, nose_col : ndarray of int, shape (N,)
        The dark pixel of the nose (the left one of two).
    mouth_row : ndarray of int, shape (N,)
        Row of the mouth bar.
    mouth_col : ndarray of int, shape (N,)
        Left column of the three columns that every mouth bar covers.
    skin_rgb : ndarray of uint8, shape (N, 3)
        The flat colour that most of the face and neck has: a first guess of the skin.
    second_rgb : ndarray of uint8, shape (N, 3)
        The other flat colour of the face, if there is one: a beard, the shade of stubble, a mask, the front
        of a VR set. Equal to `skin_rgb` where the face has one colour.
    score : ndarray of float64, shape (N,), in [0, 1]
        Share of the expected face that the pixels show.
    """

    found: BoolArray
    eye_row: IntArray
    left_eye_col: IntArray
    right_eye_col: IntArray
    nose_row: IntArray
    nose_col: IntArray
    mouth_row: IntArray
    mouth_col: IntArray
    skin_rgb: ByteArray
    second_rgb: ByteArray
    score: FloatArray

    def crop(self, pixels: NDArray[Scalar], rows: range, cols: range, anchor: str = "eye") -> NDArray[Scalar]:
        """Cut the same part of every face out of a batch, wherever each face is.

        Parameters
        ----------
        pixels : ndarray of shape (N, 24, 24, ...)
        rows, cols : range
            Rows and columns relative to the anchor. Outside of the picture the edge pixel is repeated.
        anchor : {"eye", "nose", "mouth"}
            `eye` is the upper left pixel of the left eye, `mouth` the left one of the bar's three columns.

        Returns
        -------
        ndarray of shape (N, len(rows), len(cols), ...)
            Faces that were not found are cut at the usual place.
        """
        row, col = self._anchor(anchor)
        return cut_windows(
            pixels, np.arange(len(pixels)), row[:, None] + np.asarray(rows), col[:, None] + np.asarray(cols)
        )

    def place_back(self, mask: BoolArray, rows: range, cols: range, anchor: str = "eye") -> BoolArray:
        """Put what was found in a crop back where it lies in the whole picture: the inverse of `crop`.

        Parameters
        ----------
        mask : ndarray of bool, shape (N, len(rows), len(cols))
        rows, cols, anchor
            As they were given to `crop`.

        Returns
        -------
        ndarray of bool, shape (N, 24, 24)
            What fell outside of the picture is dropped.
        """
        row, col = self._anchor(anchor)
        portrait, at_row, at_col = np.nonzero(mask)
        at_row, at_col = at_row + row[portrait] + rows.start, at_col + col[portrait] + cols.start
        inside = (at_row >= 0) & (at_row < SIDE) & (at_col >= 0) & (at_col < SIDE)
        placed = np.zeros((len(mask), SIDE, SIDE), np.bool_)
        placed[portrait[inside], at_row[inside], at_col[inside]] = True
        return placed

    def _anchor(self, anchor: str) -> tuple[IntArray, IntArray]:
        """Row and column of an anchor, shape (N,) each; the usual place where no face was found."""
        row, col = {
            "eye": (self.eye_row, self.left_eye_col),
            "nose": (self.nose_row, self.nose_col),
            "mouth": (self.mouth_row, self.mouth_col),
        }[anchor]
        usual = {"eye": (11, 9), "nose": (15, 12), "mouth": (17, 11)}[anchor]
        return np.where(self.found, row, usual[0]), np.where(self.found, col, usual[1])


def cut_windows(pixels: NDArray[Scalar], item: IntArray, rows: IntArray, cols: IntArray) -> NDArray[Scalar]:
    """Cut rows and columns out of pictures, other ones of each picture.

    Parameters
    ----------
    pixels : ndarray of shape (N, 24, 24, ...)
    item : ndarray of int, shape (M,)
        Which pictures.
    rows, cols : ndarray of int, shapes (M, R), (M, C)
        Outside of the picture its edge is repeated.

    Returns
    -------
    ndarray of shape (M, R, C, ...)
    """
    place = (
        item[:, None, None],
        np.clip(rows, 0, SIDE - 1)[:, :, None],
        np.clip(cols, 0, SIDE - 1)[:, None, :],
    )
    if pixels.dtype == np.uint8 and pixels.ndim == 4 and pixels.shape[3] == 4:
        # the four channels as one number: four times as fast
        whole = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
        return whole[place][..., None].view(pixels.dtype)
    cut: NDArray[Scalar] = pixels[place]
    return cut


def find_face(rgba: ByteArray) -> FaceFrame:
    """Find eyes, nose and mouth of every portrait.

    Every placement of the template is scored at once; where two explain the pixels equally well, the usual
    place wins. A picture of something else that happens to have dark spots in the right places on a flat
    ground is taken for a face; a flat picture, a gradient or noise is not.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)

    Returns
    -------
    FaceFrame
    """
    first, second = guess_flat_colors(rgba, SKIN_WINDOW)
    stands_out = color_difference(rgba, first[:, None, None]) >= DISTINCT
    stands_out &= color_difference(rgba, second[:, None, None]) >= DISTINCT
    stands_out |= rgba[..., 3] == 0
    eye_row, eye_col, nose_gap, points = _best_placement(stands_out)
    nose_row = eye_row + nose_gap
    mouth_row = _find_mouth_row(rgba, nose_row, eye_col + 2)
    score = np.clip(points / (TIE * FULL_SCORE), 0.0, 1.0)
    top, bottom, left, right = SKIN_WINDOW
    plain = 1.0 - stands_out[:, top:bottom, left:right].mean(axis=(1, 2))
    features = _count_features(stands_out, eye_row, eye_col, nose_row, mouth_row)
    found = (score >= LEAST_SCORE) & (plain >= LEAST_PLAIN) & (features >= LEAST_FEATURES)
    skin, other = _order_by_skin(rgba, first, second, eye_row, eye_col)

    def place(value: IntArray) -> IntArray:
        return np.where(found, value, NOT_FOUND)

    return FaceFrame(
        found=found,
        eye_row=place(eye_row),
        left_eye_col=place(eye_col),
        right_eye_col=place(eye_col + EYE_SPACING),
        nose_row=place(nose_row),
        nose_col=place(eye_col + 3),
        mouth_row=place(mouth_row),
        mouth_col=place(eye_col + 2),
        skin_rgb=skin,
        second_rgb=other,
        score=score,
    )


def color_difference(rgba: ByteArray, other: ByteArray) -> NDArray[np.int16]:
    """Sum of the absolute channel differences, in [0, 765]; alpha does not count.

    Parameters
    ----------
    rgba, other : ndarray of uint8, shapes (..., 3 or 4) that broadcast

    Returns
    -------
    ndarray of int16, shape (...)
    """
    total = np.abs(rgba[..., 0].astype(np.int16) - other[..., 0].astype(np.int16))
    for channel in (1, 2):
        total += np.abs(rgba[..., channel].astype(np.int16) - other[..., channel].astype(np.int16))
    return total


def guess_flat_colors(rgba: ByteArray, window: Window) -> tuple[ByteArray, ByteArray]:
    """Return the two flat colours that most pixels of a part of the picture share.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    window : tuple of int
        First row, end row, first column, end column.

    Returns
    -------
    first, second : ndarray of uint8, shape (N, 3)
        The pixel colour of that window with the most others within `SAME_COLOR` of it, and the most common
        under the first `LENS_ROWS` rows of those at least `DISTINCT` from it (the first again where fewer
        than `LEAST_SECOND` pixels have it). Black ink counts little for the first, never for the second.
    """
    top, bottom, left, right = window
    n = len(rgba)
    # (4, pixels, N): the long axis last, so that each comparison runs over the whole batch at once
    pixels = np.ascontiguousarray(
        rgba[:, top:bottom, left:right].reshape(n, -1, 4).transpose(2, 1, 0).astype(np.int16)
    )
    candidates = pixels[:, ::2]
    votes = np.zeros(candidates.shape[1:], np.int16)
    votes_at_eyes = np.zeros_like(votes)
    for pixel in range(pixels.shape[1]):
        if pixel == LENS_ROWS * (right - left):
            votes_at_eyes[:] = votes
        difference = np.abs(candidates[0] - pixels[0, pixel])
        difference += np.abs(candidates[1] - pixels[1, pixel])
        difference += np.abs(candidates[2] - pixels[2, pixel])
        votes += difference <= SAME_COLOR
    never_skin = (candidates[:3].sum(axis=0) < BLACK) | (candidates[3] == 0)
    votes[never_skin] //= 4
    each = np.arange(n)
    first = candidates[:3, votes.argmax(axis=0), each]
    another = np.abs(candidates[:3] - first[:, None]).sum(axis=0) >= DISTINCT
    votes -= votes_at_eyes
    votes[~another | never_skin] = 0
    runner_up = votes.argmax(axis=0)
    enough = votes[runner_up, each] >= LEAST_SECOND
    second = np.where(enough, candidates[:3, runner_up, each], first)
    return np.ascontiguousarray(first.T.astype(np.uint8)), np.ascontiguousarray(second.T.astype(np.uint8))


def _best_placement(stands_out: BoolArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return eye row, eye column, nose gap and points (in units of 1 / TIE) of the best placement."""
    n = len(stands_out)
    side = SIDE + 2 * MARGIN
    dark = np.ones((n, side, side), np.int8)
    dark[:, MARGIN:-MARGIN, MARGIN:-MARGIN] = stands_out
    plain = np.int8(1) - dark
    eyes = _score_eyes(dark, plain)
    below_eyes = _score_nose_and_mouth(dark, plain)
    rows, cols = np.arange(ROW_SHIFTS.start, ROW_SHIFTS.stop), np.arange(COL_SHIFTS.start, COL_SHIFTS.stop)
    step = np.take(STEP_COST, np.abs(rows - USUAL_PLACE[0]), mode="clip")[:, None] + np.take(
        STEP_COST, np.abs(cols - USUAL_PLACE[1]), mode="clip"
    )
    best = np.full(n, np.iinfo(np.int16).min, np.intp)
    at, nose_gap = np.zeros(n, np.intp), np.zeros(n, np.intp)
    for gap in NOSE_GAPS:
        first = gap - NOSE_GAPS.start
        points = (eyes + below_eyes[:, first : first + len(rows)]).astype(np.int16) * np.int16(TIE)
        points -= np.asarray(TIE * (step + ODD_GAP_COST * (gap != USUAL_NOSE_GAP)), np.int16)
        flat = points.reshape(n, -1)
        here = flat.argmax(axis=1)
        value = flat[np.arange(n), here]
        better = value > best
        best, at, nose_gap = (
            np.where(better, value, best),
            np.where(better, here, at),
            np.where(better, gap, nose_gap),
        )
    row, col = np.divmod(at, len(cols))
    return row + ROW_SHIFTS.start, col + COL_SHIFTS.start, nose_gap, best


def _score_eyes(dark: NDArray[np.int8], plain: NDArray[np.int8]) -> NDArray[np.int8]:
    """Score the eyes for every place of the left eye's upper left pixel: shape (N, rows, cols)."""
    rows, cols = len(ROW_SHIFTS), len(COL_SHIFTS)
    top, left = ROW_SHIFTS.start + MARGIN, COL_SHIFTS.start + MARGIN
    score = np.zeros((len(dark), rows, cols), np.int8)
    for row in (0, 1):
        for col in (0, 1, EYE_SPACING, EYE_SPACING + 1):
            score += dark[:, top + row : top + row + rows, left + col : left + col + cols]
    # plain skin between the eyes and under them, as far as glasses do not cover it
    for row, col in ((1, 2), (1, 3), (1, 4), (2, 3), (3, 0), (3, 5)):
        score += plain[:, top + row : top + row + rows, left + col : left + col + cols]
    return score * np.int8(EYE_POINTS)


def _score_nose_and_mouth(dark: NDArray[np.int8], plain: NDArray[np.int8]) -> NDArray[np.int8]:
    """Score nose and mouth for every nose row that the gaps allow and every column of the left eye."""
    n, cols = len(dark), len(COL_SHIFTS)
    rows = len(ROW_SHIFTS) + len(NOSE_GAPS) - 1
    top, left = ROW_SHIFTS.start + NOSE_GAPS.start + MARGIN, COL_SHIFTS.start + MARGIN

    def nose_part(mask: NDArray[np.int8], row: int, col: int) -> NDArray[np.int8]:
        return mask[:, top + row : top + row + rows, left + col : left + col + cols]

    # dark, with skin above, below and on both sides (it may be two wide); or two nostrils
    nose = nose_part(dark, 0, 3) | (nose_part(dark, 0, 2) & nose_part(dark, 0, 4))
    score = nose * np.int8(NOSE_POINTS)
    for row, col in ((0, 2), (0, 1), (0, 5), (-1, 3), (1, 3)):
        score += nose_part(plain, row, col) * np.int8(SIDE_POINTS)
    # the bar of the mouth: three columns, skin or beard above, below and at its ends
    top += MOUTH_GAPS.start
    mouth_rows = rows + len(MOUTH_GAPS) - 1
    bar = np.zeros((n, mouth_rows, cols), np.int8)

    def bar_part(mask: NDArray[np.int8], row: int, col: int) -> NDArray[np.int8]:
        return mask[:, top + row : top + row + mouth_rows, left + col : left + col + cols]

    for col in (2, 3, 4):
        bar += bar_part(dark, 0, col) * np.int8(BAR_POINTS)
        bar += bar_part(plain, -1, col) + bar_part(plain, 1, col)
    for col in (0, 1, 5, 6):
        bar += bar_part(plain, 0, col)
    best = bar[:, :rows]
    for gap in MOUTH_GAPS[1:]:
        first = gap - MOUTH_GAPS.start
        far = np.int8(FAR_MOUTH_POINTS * (gap == MOUTH_GAPS[-1]))
        best = np.maximum(best, bar[:, first : first + rows] - far)
    return score + best


def _count_features(
    stands_out: BoolArray, eye_row: IntArray, eye_col: IntArray, nose_row: IntArray, mouth_row: IntArray
) -> IntArray:
    """Return the points that eyes, nose and bar bring by standing out of the face: 0 to 19."""
    each = np.arange(len(stands_out))

    def count(row: IntArray, cols: tuple[int, ...]) -> IntArray:
        inside = np.clip(eye_col[:, None] + np.array(cols), 0, SIDE - 1)
        out: IntArray = stands_out[each[:, None], np.clip(row, 0, SIDE - 1)[:, None], inside].sum(axis=1)
        return out

    eyes = (0, 1, EYE_SPACING, EYE_SPACING + 1)
    return (
        EYE_POINTS * (count(eye_row, eyes) + count(eye_row + 1, eyes))
        + NOSE_POINTS * count(nose_row, (3,))
        + BAR_POINTS * count(mouth_row, (2, 3, 4))
    )


def _order_by_skin(
    rgba: ByteArray, first: ByteArray, second: ByteArray, eye_row: IntArray, eye_col: IntArray
) -> tuple[ByteArray, ByteArray]:
    """Return the two face colours, that of the brow, the cheeks and the neck first.

    A beard or a mask may cover more of the middle of the face than the skin does.
    """
    rows = np.clip(eye_row[:, None] + np.arange(-1, 4), 0, SIDE - 1)
    cols = np.clip(eye_col[:, None] + np.arange(7), 0, SIDE - 1)
    top, bottom, left, right = NECK_WINDOW
    n = len(rgba)
    around = np.concatenate(
        [
            rgba[np.arange(n)[:, None, None], rows[:, :, None], cols[:, None, :]].reshape(n, -1, 4),
            rgba[:, top:bottom, left:right].reshape(n, -1, 4),
        ],
        axis=1,
    )
    votes_first = (color_difference(around, first[:, None]) <= SAME_COLOR).sum(axis=1)
    votes_second = (color_difference(around, second[:, None]) <= SAME_COLOR).sum(axis=1)
    swap = (votes_second > votes_first)[:, None]
    return np.where(swap, second, first), np.where(swap, first, second)


def _find_mouth_row(rgba: ByteArray, nose_row: IntArray, mouth_col: IntArray) -> IntArray:
    """Return the row under the nose that looks most like the bar of a mouth.

    A bar is three columns of one colour that differ from what is above and below, and from what is at their
    ends; it is darker or redder than what is above and below. Full lips are two such rows: the upper one is
    returned. A moustache goes on to both sides, a beard differs from one row to the next without being of
    one colour, a shade has no lower edge. Between equals the lower row wins: lips are under the moustache.
    """
    rows = np.clip(nose_row[:, None] + np.arange(MOUTH_GAPS.start - 1, MOUTH_GAPS.stop + 2), 0, SIDE - 1)
    cols = np.clip(mouth_col[:, None] + np.arange(-2, 5), 0, SIDE - 1)
    part = rgba[np.arange(len(rgba))[:, None, None], rows[:, :, None], cols[:, None, :]]
    step = color_difference(part[:, 1:, 2:5], part[:, :-1, 2:5])  # from each row to the next
    enough = np.minimum(step, ENOUGH_CONTRAST)
    # the middle one of the three columns: a pipe may touch the bar from below
    vertical = 3 * np.median(np.minimum(enough[:, :-2], enough[:, 1:-1]), axis=2).astype(np.intp)
    full_lips = 3 * np.median(np.minimum(enough[:, :-2], enough[:, 2:]), axis=2).astype(np.intp)
    full_lips *= (step[:, 1:-1] <= SAME_COLOR).all(axis=2)
    bar = part[:, 1:-2]
    along = color_difference(bar[:, :, 2:4], bar[:, :, 3:5]).min(axis=2)
    along[_ink(bar[:, :, 3]) & (color_difference(bar[:, :, 2], bar[:, :, 4]) <= SAME_COLOR)] = 0  # teeth
    vertical = np.maximum(vertical, full_lips) - 3 * np.minimum(along, ENOUGH_CONTRAST)
    vertical = np.maximum(vertical, 0)
    beside = np.minimum(color_difference(bar, bar[:, :, 3:4]), ENOUGH_CONTRAST).astype(np.intp)
    ends = beside[:, :, 1] + beside[:, :, 5] + (beside[:, :, 0] + beside[:, :, 6]) // 2
    contrast = vertical + np.minimum(ends, vertical)
    contrast -= MUSTACHE_COST * ((beside[:, :, 1] < SAME_COLOR) & (beside[:, :, 5] < SAME_COLOR))
    pale = np.ones(contrast.shape, bool)
    for lip in _redness_and_darkness(part[:, :, 3]):
        pale &= 2 * lip[:, 1:-2] <= lip[:, :-3] + lip[:, 2:-1]
    contrast -= PALE_BAR_COST * pale
    contrast[:, -1] -= FAR_MOUTH_COST
    found: IntArray = nose_row + MOUTH_GAPS.stop - 1 - contrast[:, ::-1].argmax(axis=1)
    return found


def _ink(rgba: ByteArray) -> BoolArray:
    ink: BoolArray = rgba[..., :3].sum(axis=-1, dtype=np.intp) <= DARK_LINE
    return ink


def _redness_and_darkness(rgba: ByteArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    red, green, blue = (rgba[..., channel].astype(np.intp) for channel in range(3))
    return 2 * red - green - blue, -(red + green + blue)
