"""What lies over and around the mouth of every face, pixel by pixel: bare, shaded, ink, of the hair's colour.

Owns the cut, what is told of each pixel there, and how pixels of named places are counted. Must not know what
grows on a face.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.detectors._mouth.signs import signs_of
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.jaw import DISTINCT, INK, is_shade
from punkdetect.pixels import Palette, lab_distance, lab_of
from punkdetect.punks import BoolArray, FloatArray, IntArray
from punkdetect.records import Record

ROWS, COLS = range(-5, 7), range(-6, 9)
"""Rows from the mouth and columns from the first of its three: from beside the nose to under a long beard,
seven columns to either side of the middle."""

MIDDLE = 1 - COLS.start
"""Column of the view that goes through the middle of the mouth."""

OWN = 3, 4
"""Share, as numerator and denominator, of a colour's pixels that lie here, from which it is of here alone."""

Place = tuple[range, range]
"""Rows from the mouth, and columns from its middle, counted to both sides alike."""


class JawView(Record):
    """The lower face of every portrait; masks of shape (N, R, C).

    Parameters
    ----------
    face : FaceFrame
        With the mouth where it was found.
    palette : Palette
    index : ndarray of int, shape (N, R, C)
        The palette's number of every pixel.
    skin, lips, hair : ndarray of float64, shape (N, 3)
        CIELAB of the skin, the lips, and the hair of the head; that of the skin where there is none.
    behind, item, bar : ndarray of bool
        Background; what is held in the mouth or lies over it; the mouth itself.
    """

    face: FaceFrame
    palette: Palette
    index: NDArray[Any]
    skin: FloatArray
    lips: FloatArray
    hair: FloatArray
    behind: BoolArray
    item: BoolArray
    bar: BoolArray

    def of(self, colors: NDArray[Any]) -> NDArray[Any]:
        """Spread what is known of each colour, (N, K), over the pixels: (N, R, C)."""
        return self.palette.at(colors, self.index)

    @cached_property
    def from_skin(self) -> FloatArray:
        """CIELAB distance of every colour of the palette from the skin: (N, K)."""
        return lab_distance(self.palette.lab, self.skin[:, None])

    @cached_property
    def bare(self) -> BoolArray:
        """Pixels of the skin's colour."""
        return self.of(self.from_skin <= DISTINCT) & ~self.behind

    @cached_property
    def ink(self) -> BoolArray:
        """Pixels as dark as outlines."""
        return self.of(self.palette.lab[..., 0] <= INK) & ~self.behind

    @cached_property
    def shade(self) -> BoolArray:
        """Pixels of darker or greyer shades of the skin."""
        shade = np.zeros(self.from_skin.shape, np.bool_)
        used = self.palette.counts > 0  # angles take long, and most places of a palette are empty
        of_portrait = np.nonzero(used)[0]
        shade[used] = is_shade(self.palette.lab[used], self.skin[of_portrait])
        return self.of(shade & (self.from_skin > DISTINCT)) & ~self.behind

    @cached_property
    def own(self) -> BoolArray:
        """Pixels of colours that hardly occur elsewhere in the portrait."""
        n, k = self.palette.colors.shape
        cells = self.index.astype(np.intp) + (np.arange(n) * k)[:, None, None]
        here = np.bincount(cells.reshape(-1), minlength=n * k).reshape(n, k)
        own = np.asarray(here * OWN[1] >= self.palette.counts * OWN[0])
        return self.of(own & (self.from_skin > DISTINCT)) & ~self.behind

    @cached_property
    def foreign(self) -> BoolArray:
        """Pixels that are neither skin, outline, the mouth, what is held in it, nor behind."""
        return ~(self.bare | self.ink | self.bar | self.item | self.behind)

    @cached_property
    def covered(self) -> BoolArray:
        """Pixels that are not skin, the mouth, what is held in it, nor behind: hair may be black."""
        return ~(self.bare | self.bar | self.item | self.behind)


def cut_jaw_view(landmarks: Landmarks) -> JawView:
    """Cut the lower face; at the usual place where no face was found."""
    mouth, palette = landmarks.mouth, landmarks.inked.palette
    face = mouth.place(landmarks.face)
    skin = lab_of(landmarks.skin.rgb)
    hair = landmarks.hair_counts.argmax(axis=1)
    some = np.asarray(landmarks.hair_counts.any(axis=1))
    return JawView(
        face,
        palette,
        face.crop(palette.index, ROWS, COLS, "mouth"),
        skin,
        lab_of(mouth.lip_rgb),
        np.where(some[:, None], palette.lab[np.arange(len(hair)), hair], skin),
        face.crop(landmarks.background.mask, ROWS, COLS, "mouth"),
        face.crop(signs_of(landmarks).item, ROWS, COLS, "mouth"),
        face.crop(mouth.mask | mouth.raised | mouth.lowered, ROWS, COLS, "mouth"),
    )


def count_in(pixels: NDArray[Any], places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add up numbers of pixels in places: (N, R, C) and (R * C, P) to (N, P).

    All are small whole numbers, so the sums are exact in whatever order a matrix product takes them.
    """
    flat = pixels.reshape(len(pixels), len(ROWS) * len(COLS)).astype(np.float32)
    sums: NDArray[np.float32] = flat @ places
    return sums


def both_sides(*places: Place) -> NDArray[np.float32]:
    """Return places on both sides of the middle together, as `count_in` takes them."""
    masks = np.zeros((len(places), len(ROWS), len(COLS)), np.float32)
    for mask, (rows, cols) in zip(masks, places, strict=True):
        for side in (-1, 1):
            mask[np.ix_([row - ROWS.start for row in rows], [MIDDLE + side * col for col in cols])] = 1
    return masks.reshape(len(places), len(ROWS) * len(COLS)).T.copy()


def most_frequent(cells: NDArray[Any]) -> IntArray:
    """Return which value is the most frequent of each row; of equals the first: (N, M) to (N,)."""
    alike = (cells[:, :, None] == cells[:, None]).sum(axis=2)
    best: IntArray = cells[np.arange(len(cells)), alike.argmax(axis=1)].astype(np.intp)
    return best
