"""What lies around both eyes of every face, pixel by pixel, each eye seen from its temple towards the nose.

Owns the cut and what is told of each pixel there. Must not know which things are worn over eyes.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.eye_band import from_right_eye, likely_skin
from punkdetect.landmarks.face import EYE_SPACING
from punkdetect.pixels import Palette, lab_of
from punkdetect.punks import BoolArray, IntArray
from punkdetect.records import Record

ROWS, COLS = range(-4, 7), range(-4, 4)
"""What is looked at, relative to the upper outer pixel of an eye: from the forehead to the nose's end, and
from beside the head (negative) to the middle between the eyes."""

MIDDLE = COLS.stop - 1
"""The column between the eyes, which both eyes see."""

BARE, ALIKE = 9, 8
"""CIELAB distance from the skin up to which a pixel is bare, and between two pixels of one colour."""

DARK, LIGHT, PALE, VIVID = 30, 84, 16, 36
"""Lightness under which a pixel is dark, from which it may be white, chroma up to which it is white then, and
chroma from which a colour is strong."""

OWN = 3, 4
"""Share, as numerator and denominator, of a colour's pixels that lie here, from which it is of here alone."""


class EyeView(Record):
    """Both eyes of every face, shape (N, 2, R, C): left and right eye, rows, columns towards the nose.

    Parameters
    ----------
    palette : Palette
    index : ndarray of int
        The palette's number of every pixel.
    lab : ndarray of int16, shape (N, K, 3)
        CIELAB of the palette's colours in whole numbers, so that sums are exact in any order.
    skin : ndarray of int16, shape (N, 3)
        CIELAB of the skin.
    """

    palette: Palette
    index: NDArray[Any]
    lab: NDArray[np.int16]
    skin: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.index)

    @cached_property
    def pixels(self) -> NDArray[np.int16]:
        """CIELAB of every pixel: (N, 2, R, C, 3)."""
        pixels: NDArray[np.int16] = self.palette.at(self.lab, self.index)
        return pixels

    @cached_property
    def counts(self) -> IntArray:
        """Pixels of each colour here, the middle column counted once: (N, K)."""
        n, k = self.lab.shape[:2]
        cells = self.index.astype(np.intp) + (np.arange(n) * k)[:, None, None, None]
        seen = np.concatenate([cells[:, 0].reshape(-1), cells[:, 1, :, :-1].reshape(-1)])
        return np.bincount(seen, minlength=n * k).reshape(n, k)

    @cached_property
    def chroma2(self) -> NDArray[np.int32]:
        """Square of the chroma of every colour of the palette: (N, K)."""
        ab = self.lab[..., 1:].astype(np.int32)
        return ab[..., 0] ** 2 + ab[..., 1] ** 2

    @cached_property
    def from_skin(self) -> NDArray[np.int32]:
        """Square of the CIELAB distance of every colour of the palette from the skin: (N, K)."""
        return apart2(self.lab, self.skin[:, None])

    def of(self, colors: NDArray[Any]) -> NDArray[Any]:
        """Spread what is known of each colour, (N, K), over the pixels: (N, 2, R, C)."""
        return self.palette.at(colors, self.index)

    @cached_property
    def covered(self) -> BoolArray:
        """Pixels that are no bare skin."""
        return self.of(self.from_skin > BARE**2)

    @cached_property
    def dark(self) -> BoolArray:
        """Pixels that are nearly black."""
        return self.of(self.lab[..., 0] < DARK) & self.covered

    @cached_property
    def white(self) -> BoolArray:
        """Pixels that may be the white of an eye, a glint, or white plastic."""
        white = (self.lab[..., 0] >= LIGHT) & (self.chroma2 <= PALE**2) & (self.from_skin > BARE**2)
        return self.of(white)

    @cached_property
    def vivid(self) -> BoolArray:
        """Pixels of strong colours that are not the skin's."""
        return self.of((self.chroma2 >= VIVID**2) & (self.from_skin > BARE**2))

    @cached_property
    def own(self) -> BoolArray:
        """Pixels whose colour hardly occurs elsewhere in the portrait, and is not bare skin."""
        here = self.counts * OWN[1] >= self.palette.counts * OWN[0]
        return self.of(here & (self.from_skin > BARE**2))

    def like(self, lab: NDArray[np.int16]) -> BoolArray:
        """Pixels of one colour, given in CIELAB: (N, 3) to (N, 2, R, C)."""
        return self.of(apart2(self.lab, lab[:, None]) <= ALIKE**2)


def cut_eye_view(landmarks: Landmarks) -> EyeView:
    """Cut what lies around both eyes; at the usual place where no face was found."""
    palette, face = landmarks.inked.palette, landmarks.face
    left = face.crop(palette.index, ROWS, COLS)
    mirrored = range(EYE_SPACING + 2 - COLS.stop, EYE_SPACING + 2 - COLS.start)
    right = from_right_eye(face).crop(palette.index, ROWS, mirrored)[:, :, ::-1]
    skin = lab_of(likely_skin(face, landmarks.skin))
    whole = (np.rint(each).astype(np.int16) for each in (palette.lab, skin))
    return EyeView(palette, np.stack([left, right], axis=1), *whole)


def apart2(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.int32]:
    """Return the square of the CIELAB distance of colours in whole numbers."""
    total = (one[..., 0].astype(np.int32) - other[..., 0]) ** 2
    for channel in (1, 2):
        total += (one[..., channel].astype(np.int32) - other[..., channel]) ** 2
    return total
