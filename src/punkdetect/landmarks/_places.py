"""Places relative to the face, as rows of bits: so many rows above the eyes, so many columns beside them.

Owns nothing but arithmetic; must not know what is looked for in those places.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import Bits, columns
from punkdetect.landmarks.face import FaceFrame
from punkdetect.punks import SIDE, BoolArray, IntArray

LAST = SIDE - 1

ROWS = np.arange(SIDE)

ALL_COLS = np.uint32((1 << SIDE) - 1)
"""A row with all its pixels."""

USUAL_EYES = (11, 9)
"""Eye row and column that are assumed where no face was found."""

USUAL_SPACING = 5
"""Columns from eye to eye that are assumed where no face was found."""

USUAL_MOUTH_GAP = 6
"""Rows from the eyes to the mouth that are assumed where no face was found."""


class Places:
    """Rows and columns counted from the upper left pixel of the left eye of every portrait.

    Parameters
    ----------
    face : FaceFrame
        Of N portraits.

    Attributes
    ----------
    eye_row, eye_col : ndarray of int, shape (N,)
        Where the left eye is, or usually is.
    face_end : ndarray of int, shape (N,)
        First column to the right of the face: two beyond the right eye.
    mouth_row : ndarray of int, shape (N,)
        Where the mouth's bar is, or usually is.
    """

    def __init__(self, face: FaceFrame) -> None:
        self.eye_row: IntArray = np.where(face.found, face.eye_row, USUAL_EYES[0])
        self.eye_col: IntArray = np.where(face.found, face.left_eye_col, USUAL_EYES[1])
        right_eye: IntArray = np.where(face.found, face.right_eye_col, USUAL_EYES[1] + USUAL_SPACING)
        self.face_end: IntArray = right_eye + 3
        self.mouth_row: IntArray = np.where(face.found, face.mouth_row, USUAL_EYES[0] + USUAL_MOUTH_GAP)
        # small numbers: they are compared again and again
        self._row = (ROWS - self.eye_row[:, None]).astype(np.int8)
        self._below_mouth = (ROWS - self.mouth_row[:, None]).astype(np.int8)

    def rows(self, first: int, end: int) -> Bits:
        """Return the rows from `first` up to, not including, `end`; shape (N, 24)."""
        return whole_rows((self._row >= first) & (self._row < end))

    def cols(self, first: int, end: int) -> Bits:
        """Return the columns from `first` up to, not including, `end`; shape (N, 1)."""
        return columns(self.eye_col + first, np.minimum(self.eye_col + end, SIDE))

    def between_eyes(self) -> Bits:
        """Return the columns from the left eye's first to the right eye's last; shape (N, 1)."""
        return columns(self.eye_col, np.minimum(self.face_end - 1, SIDE))

    def below_mouth(self, rows: int) -> Bits:
        """Return the rows from so many below the mouth's bar down; shape (N, 24)."""
        return whole_rows(self._below_mouth >= rows)


def whole_rows(rows: BoolArray) -> Bits:
    """Return all pixels of some rows: (N, 24) to (N, 24)."""
    whole: Bits = np.where(rows, ALL_COLS, np.uint32(0))
    return whole
