"""Hair length: how far down the hair hangs beside the face.

Looks for the lowest row in which at least two pixels of hair lie, counted from the mouth: above it the hair
is short, about as low as the mouth it is of medium length, from the chin down it is long. Hair that stands
far out on both sides counts as medium too, as a mane is. Strands and shaved heads are short.

Cannot tell how long hair is that is pinned up or tucked under a hat.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import bits_of, columns, count, keep, mask_of
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.regions import lowest_row
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, IntArray, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

MEDIUM, LONG = -3, 3
"""Rows below the mouth (negative: above) from which hair is of medium length, and long. Ears end four rows
above the mouth, chins lie two to three below."""

MANE_LEFT, MANE_RIGHT, MANE_PIXELS = -7, 10, 28
"""Columns relative to the left eye to which a mane reaches on both sides, and its least pixels beside the
face: short hair of labelled portraits stays a column inside of them."""

CLEAR, NEAR_A_LIMIT, HIDDEN = 0.95, 0.75, 0.9
"""Confidence two rows and more away from a limit, nearer to it, and where no hair can be seen."""


class LowestRow:
    """Where the hair ends, relative to the mouth."""

    name = "hair_length.lowest_row"
    version = 1
    trait = "hair_length"
    vocabulary = TRAITS["hair_length"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the length of everyone's hair; not found where there is no face."""
        face, hair, scalp = landmarks.face, landmarks.regions.hair, landmarks.scalp
        lowest = lowest_row(hair) - face.mouth_row
        has_hair = np.asarray(hair.any(axis=(1, 2)))
        codes = np.full(len(punks), self.vocabulary.index("short"), np.intp)
        medium = (lowest >= MEDIUM) | _is_mane(hair, face.left_eye_col, face.eye_row)
        codes[medium] = self.vocabulary.index("medium")
        codes[lowest >= LONG] = self.vocabulary.index("long")
        codes[~has_hair & ~scalp.shorn] = self.vocabulary.index("none")
        codes[~has_hair & scalp.shorn] = self.vocabulary.index("short")
        near = np.minimum(np.abs(lowest - MEDIUM + 0.5), np.abs(lowest - LONG + 0.5)) < 1
        confidence = np.where(has_hair, np.where(near, NEAR_A_LIMIT, CLEAR), HIDDEN)
        crown = np.arange(SIDE)[None, :, None] < (face.eye_row - 1)[:, None, None]
        bald = crown & ~landmarks.background.mask & ~(has_hair | scalp.shorn)[:, None, None]
        evidence = hair | scalp.mask | bald
        return make_column(self.trait, np.where(face.found, codes, NOT_FOUND), confidence, evidence)


def _is_mane(hair: BoolArray, eye_col: IntArray, eye_row: IntArray) -> BoolArray:
    """Whether hair stands far out on both sides of the head: shape (N,)."""
    bits = bits_of(hair)
    cols = mask_of(np.bitwise_or.reduce(bits, axis=1)[:, None], SIDE)[:, 0]
    left = cols.argmax(axis=1) - eye_col
    right = SIDE - 1 - cols[:, ::-1].argmax(axis=1) - eye_col
    beside = keep(bits & ~columns(eye_col - 1, eye_col + 8), np.arange(SIDE) < eye_row[:, None])
    mane: BoolArray = (
        cols.any(axis=1) & (left <= MANE_LEFT) & (right >= MANE_RIGHT) & (count(beside) >= MANE_PIXELS)
    )
    return mane


DETECTORS = (LowestRow(),)
