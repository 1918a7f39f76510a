"""Where the face is: eyes, nose and mouth bar of every portrait of a batch.

Owns the geometry of the face and a first guess of its colour. Must not know what any trait is called.

A punk's face is drawn on a fixed grid: two eyes of about 2x2 px with three columns between them, a nose of
one or two dark pixels under their middle, and a mouth bar under the nose. Collections shift it by a pixel
or two and stretch it by a row, so it is searched for: every placement is scored by what it explains
(dark eyes, nose and mouth on plain skin), and the best one is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, FloatArray, IntArray

Window = tuple[int, int, int, int]

SKIN_WINDOW: Window = (12, 18, 9, 16)
"""Rows and columns (half open) from under the eyes to the mouth: skin in every head that a 24x24 portrait
can hold, and seldom covered. Larger windows take in beards and neck shadows and were right less often."""

NECK_WINDOW: Window = (17, 24, 7, 12)
"""The neck and the side of the jaw: skin when a mask, a VR set or a beard covers the middle of the face."""

DOUBTFUL = 0.85
"""Score under which the face is searched again with the neck's colour as skin; what explains more wins."""

SAME_COLOR = 24
"""Sum of the channel differences up to which two pixels are one flat colour: above re-encoding noise,
below the faintest two-tone shading between skin and a brow (about 50)."""

BLACK = 40
"""Sum of the channels under which a pixel is outline or ink, never skin."""

DISTINCT = 48
"""Sum of the channel differences from which a pixel stands out of the skin around it. The faintest mouths
of hand-made portraits differ from their skin by 50 to 60."""

EYE_SPACING = 5
"""Columns from an eye to the other eye, left edge to left edge; the same in all known collections."""

ROW_SHIFTS = range(7, 16)
"""Rows searched for the upper row of the eyes (11 and 12 are the known ones)."""

COL_SHIFTS = range(5, 14)
"""Columns searched for the left edge of the left eye (9 is the known one)."""

USUAL_NOSE_GAP = 4
"""Rows from the upper eye row to the nose in all known collections."""

NOSE_GAPS = (3, 4, 5)
"""Nose gaps searched, so that a taller or flatter head is found too."""

ODD_GAP_COST = 5
"""Points that another nose gap must explain better than the usual one: frames of glasses look like eyes."""

MOUTH_GAPS = (2, 3, 4)
"""Rows from the nose to the mouth (2 where the head is small, 3 where it is large)."""

EYE_WEIGHT, NOSE_WEIGHT, SIDE_WEIGHT = 1, 5, 2
"""The nose is a lone dark pixel on flat skin whatever else is worn, so it counts most; eyes hide behind
glasses and mouths in beards."""

LEAST_SCORE = 12
"""Score under which no face is reported; every labelled portrait reaches 17, flat pictures 0."""

FULL_SCORE = 8 + 6 + 5 + 4 * 2 + 3 + 3
"""Score of a face that shows everything expected."""

TIE = 8
"""Units in a point of the score, so that costs may be fractions of a point."""

STEP_COST = (0.0, 0.75, 3.0, 5.0, 7.0, 9.0)
"""Points that a face so many rows (or columns) from the usual place must explain better: a pixel is common,
two are rare, and goggles look like a face that is further off."""

ENOUGH_CONTRAST = 90
"""Sum of the channel differences above which more contrast says no more about a mouth."""

FAR_MOUTH_COST = 150
"""Contrast that a mouth four rows under the nose must have more than one at two or three."""

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
        The flat colour that most of the face has: a first guess of the skin.
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
    score: FloatArray

    def crop(
        self, pixels: NDArray[np.generic], rows: range, cols: range, anchor: str = "eye"
    ) -> NDArray[np.generic]:
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
        row, col = {
            "eye": (self.eye_row, self.left_eye_col),
            "nose": (self.nose_row, self.nose_col),
            "mouth": (self.mouth_row, self.mouth_col),
        }[anchor]
        usual = {"eye": (11, 9), "nose": (15, 12), "mouth": (17, 11)}[anchor]
        row, col = np.where(self.found, row, usual[0]), np.where(self.found, col, usual[1])
        r = np.clip(row[:, None] + np.asarray(rows), 0, SIDE - 1)
        c = np.clip(col[:, None] + np.asarray(cols), 0, SIDE - 1)
        cut: NDArray[np.generic] = pixels[np.arange(len(pixels))[:, None, None], r[:, :, None], c[:, None, :]]
        return cut


def find_face(rgba: ByteArray) -> FaceFrame:
    """Find eyes, nose and mouth of every portrait.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)

    Returns
    -------
    FaceFrame
    """
    face = _find_face_on(rgba, guess_skin_color(rgba, SKIN_WINDOW))
    doubtful = np.flatnonzero(face.score < DOUBTFUL)
    if len(doubtful):
        again = _find_face_on(rgba[doubtful], guess_skin_color(rgba[doubtful], NECK_WINDOW))
        better = again.score > face.score[doubtful]
        for part in fields(FaceFrame):
            getattr(face, part.name)[doubtful[better]] = getattr(again, part.name)[better]
    return face


def _find_face_on(rgba: ByteArray, skin_rgb: ByteArray) -> FaceFrame:
    """Find the face that stands out of one skin colour a portrait."""
    stands_out = color_difference(rgba, skin_rgb[:, None, None]) >= DISTINCT
    stands_out |= rgba[..., 3] == 0
    best = np.full(len(rgba), -1, np.int16)
    eye_row, eye_col, nose_gap = (np.full(len(rgba), NOT_FOUND, np.intp) for _ in range(3))
    for gap in NOSE_GAPS:
        score = _score_placements(stands_out, gap)
        flat = score.reshape(len(rgba), -1)
        at = flat.argmax(axis=1)
        value = flat[np.arange(len(rgba)), at]
        better = value > best
        row, col = np.unravel_index(at, score.shape[1:])
        best = np.where(better, value, best)
        eye_row = np.where(better, row + ROW_SHIFTS.start, eye_row)
        eye_col = np.where(better, col + COL_SHIFTS.start, eye_col)
        nose_gap = np.where(better, gap, nose_gap)
    mouth_row = _find_mouth_row(rgba, eye_row + nose_gap, eye_col + 2)
    found = best // TIE >= LEAST_SCORE

    def place(value: IntArray) -> IntArray:
        return np.where(found, value, NOT_FOUND)

    return FaceFrame(
        found=found,
        eye_row=place(eye_row),
        left_eye_col=place(eye_col),
        right_eye_col=place(eye_col + EYE_SPACING),
        nose_row=place(eye_row + nose_gap),
        nose_col=place(eye_col + 3),
        mouth_row=place(mouth_row),
        mouth_col=place(eye_col + 2),
        skin_rgb=skin_rgb,
        score=np.clip(best // TIE / FULL_SCORE, 0.0, 1.0),
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


def guess_skin_color(rgba: ByteArray, window: Window) -> ByteArray:
    """Return the colour that most pixels of a part of the picture share.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    window : tuple of int
        First row, end row, first column, end column.

    Returns
    -------
    ndarray of uint8, shape (N, 3)
        The pixel colour of that window with the most others within `SAME_COLOR` of it.
    """
    top, bottom, left, right = window
    n = len(rgba)
    # (4, pixels, N): the long axis last, so that each comparison runs over the whole batch at once
    pixels = np.ascontiguousarray(
        rgba[:, top:bottom, left:right].reshape(n, -1, 4).transpose(2, 1, 0).astype(np.int16)
    )
    candidates = pixels[:, ::2]
    votes = np.zeros(candidates.shape[1:], np.int16)
    for pixel in range(pixels.shape[1]):
        difference = np.abs(candidates[0] - pixels[0, pixel])
        difference += np.abs(candidates[1] - pixels[1, pixel])
        difference += np.abs(candidates[2] - pixels[2, pixel])
        votes += difference <= SAME_COLOR
    never_skin = (candidates[:3].sum(axis=0) < BLACK) | (candidates[3] == 0)
    votes[never_skin] //= 4
    return np.ascontiguousarray(candidates[:3, votes.argmax(axis=0), np.arange(n)].T.astype(np.uint8))


def _score_placements(stands_out: BoolArray, nose_gap: int) -> NDArray[np.int16]:
    """Score every place of the left eye's upper left pixel: shape (N, rows, cols).

    The score is TIE times what the pixels show of a face, less a cost for the distance from the usual place.
    """
    dark, plain = stands_out, ~stands_out
    expected: list[tuple[BoolArray, int, int, int]] = [
        # eyes: two rows by two columns, twice
        *((dark, r, c, EYE_WEIGHT) for r in (0, 1) for c in (0, 1, EYE_SPACING, EYE_SPACING + 1)),
        # plain skin between the eyes and under them, as far as glasses do not cover it
        *((plain, r, c, EYE_WEIGHT) for r, c in ((1, 2), (1, 3), (1, 4), (2, 3), (3, 0), (3, 5))),
        # the nose: dark, with skin above and on both sides (it may be two wide)
        (dark, nose_gap, 3, NOSE_WEIGHT),
        *(
            (plain, r, c, SIDE_WEIGHT)
            for r, c in ((nose_gap, 2), (nose_gap, 1), (nose_gap, 5), (nose_gap - 1, 3))
        ),
        # the bar of the mouth, two or three rows below
        *((dark, nose_gap + 2, c, EYE_WEIGHT) for c in (2, 3, 4)),
        *((dark, nose_gap + 3, c, EYE_WEIGHT) for c in (2, 3, 4)),
        *((plain, nose_gap + 1, c, EYE_WEIGHT) for c in (2, 3, 4)),
    ]
    shape = (len(stands_out), len(ROW_SHIFTS), len(COL_SHIFTS))
    score = np.zeros(shape, np.int16)
    for mask, row, col, weight in expected:
        top, left = ROW_SHIFTS.start + row, COL_SHIFTS.start + col
        score += mask[:, top : top + shape[1], left : left + shape[2]] * np.int16(weight * TIE)
    row_distance = np.abs(np.arange(ROW_SHIFTS.start, ROW_SHIFTS.stop) - USUAL_PLACE[0])[:, None]
    col_distance = np.abs(np.arange(COL_SHIFTS.start, COL_SHIFTS.stop) - USUAL_PLACE[1])[None, :]
    cost = (
        np.take(STEP_COST, row_distance)
        + np.take(STEP_COST, col_distance)
        + ODD_GAP_COST * (nose_gap != USUAL_NOSE_GAP)
    )
    return score - np.asarray(TIE * cost, np.int16)


def _find_mouth_row(rgba: ByteArray, nose_row: IntArray, mouth_col: IntArray) -> IntArray:
    """Return the row under the nose in which three columns differ most from what is above, below and beside.

    A moustache differs from above and below too, but goes on to the sides further than a mouth does.
    """
    n = np.arange(len(rgba))
    best = np.full(len(rgba), -1, np.int32)
    found = np.full(len(rgba), NOT_FOUND, np.intp)

    def pixel(row: IntArray, col: IntArray) -> ByteArray:
        return rgba[n, np.clip(row, 0, SIDE - 1), np.clip(col, 0, SIDE - 1)]

    for gap in MOUTH_GAPS:
        row = nose_row + gap
        contrast = np.zeros(len(rgba), np.int32)
        for col in (mouth_col, mouth_col + 1, mouth_col + 2):
            bar = pixel(row, col)
            above = color_difference(bar, pixel(row - 1, col))
            below = color_difference(bar, pixel(row + 1, col))
            contrast += np.minimum(np.minimum(above, below), ENOUGH_CONTRAST)
        bar = pixel(row, mouth_col + 1)
        for near, far in ((-1, -2), (3, 4)):
            beside = color_difference(bar, pixel(row, mouth_col + near))
            beyond = color_difference(bar, pixel(row, mouth_col + far))
            contrast += np.minimum(beside, ENOUGH_CONTRAST) + np.minimum(beyond, ENOUGH_CONTRAST) // 2
        contrast -= FAR_MOUTH_COST * (gap == MOUTH_GAPS[-1])
        better = contrast > best
        best = np.where(better, contrast, best)
        found = np.where(better, row, found)
    return found
