"""The head and what is around it, cut out so that the left eye always lies at the same place.

Owns where the head's sides are and which pixels of the figure belong to it. Must not know what a hat is.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.background import Background
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.skin import Skin
from punkdetect.pixels import Palette, flood, lab_distance, lab_of, label_components
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray, Scalar

ROWS, COLS = range(-14, 13), range(-11, 16)
"""Rows and columns of the grid, counted from the upper left pixel of the left eye; all that is worn fits."""

ROW: IntArray = np.asarray(ROWS)[None, :, None]
COL: IntArray = np.asarray(COLS)[None, None, :]
R0, C0 = -ROWS.start, -COLS.start
"""Row and column of the grid with the left eye."""

FACE = slice(C0 - 1, C0 + 8)
"""Columns of the forehead, from beside one eye to beside the other."""

MIDDLE = C0 + 3
"""A column between the eyes."""

USUAL_PLACE = (12, 9, 18)
"""Row and column of the left eye and row of the mouth that are assumed where no face was found."""

SKIN_REACH = 2.5
"""CIELAB distance from the skin's colour up to which a pixel is bare skin: foreheads are flat."""

INK = 4.0
"""Lightness under which a pixel may be outline."""

LEAST_WIDTH = 7, 6
"""Columns of the forehead, and of the cheeks, that must be bare for the head's sides to be read there."""

USUAL_SIDES = -3, 8
"""Columns of the outline on both sides of the head where no skin tells."""

MOST_SIDES = (-3, 0), (6, 9)
"""Columns between which the outlines lie in every head that was seen."""

NONE_LEFT, NONE_RIGHT = 50, -50
"""First and last column of an empty row: further in than any real one."""

LEAST_PIECE = 20
"""Pixels above the face from which a piece that does not touch it is worn: a hat with a gap under it."""


@dataclass(frozen=True)
class HeadGrid:
    """The heads of a batch; masks are bool (N, R, C) with R rows and C columns as in `ROWS` and `COLS`.

    Parameters
    ----------
    palette : Palette
        Its `index` is cut out like everything else.
    lab : ndarray of float64, shape (N, K, 3)
        CIELAB of the palette's colours.
    skin_lab : ndarray of float64, shape (N, 3)
    inside : ndarray of bool
        What lies inside of the picture.
    solid : ndarray of bool
        What is not background.
    figure : ndarray of bool
        The part of it, down to the mouth, that goes on with the face.
    floating : ndarray of bool
        The rest of it, down to the mouth.
    bare, ink : ndarray of bool
        Pixels of the figure that are bare skin, and those that may be outline.
    left, right : ndarray of int, shape (N,)
        Columns of the outline on both sides of the head.
    """

    palette: Palette
    lab: FloatArray
    skin_lab: FloatArray
    inside: BoolArray
    solid: BoolArray
    figure: BoolArray
    floating: BoolArray
    bare: BoolArray
    ink: BoolArray
    left: IntArray
    right: IntArray

    def __len__(self) -> int:
        return len(self.left)

    def take(self, portraits: IntArray) -> HeadGrid:
        """Return the heads of some portraits, so that a rare thing is looked for only where it may be."""
        whole = self.palette
        palette = Palette(whole.index[portraits], whole.colors[portraits], whole.counts[portraits])
        rest = {
            field.name: getattr(self, field.name)[portraits]
            for field in fields(self)
            if field.name != "palette"
        }
        return HeadGrid(palette=palette, **rest)

    def has(self, colors: BoolArray) -> BoolArray:
        """Pixels that have one of the marked colours: (N, K) to (N, R, C)."""
        return self.palette.of_pixels(colors)

    def lab_at(self, row: IntArray | int, col: IntArray | int) -> FloatArray:
        """CIELAB of one pixel of every portrait, counted from the left eye: shape (N, 3)."""
        each = np.arange(len(self))
        rows, cols = _clip(row, R0, len(ROWS)), _clip(col, C0, len(COLS))
        lab: FloatArray = self.lab[each, self.palette.index[each, rows, cols]]
        return lab

    def lab_of_face(self, row: IntArray) -> FloatArray:
        """CIELAB of the pixels across the forehead in one row of every portrait: shape (N, 9, 3)."""
        each = np.arange(len(self))
        index = self.palette.index[each, _clip(row, R0, len(ROWS))][:, FACE]
        lab: FloatArray = self.lab[each[:, None], index]
        return lab

    @property
    def beside(self) -> BoolArray:
        """The columns of the head's outline and all further out."""
        return (self.left[:, None, None] >= COL) | (self.right[:, None, None] <= COL)

    def beyond(self, cells: int) -> tuple[BoolArray, BoolArray]:
        """Return the columns to the left, and to the right, that are more than some cells out of the head."""
        return self.left[:, None, None] - cells > COL, self.right[:, None, None] + cells < COL

    def outward(self, mask: BoolArray) -> IntArray:
        """Count how far every row reaches out of the head: (N, 2, R), left and right, negative inside."""
        first, last = extents(mask)
        return np.stack([self.left[:, None] - first, last - self.right[:, None]], axis=1)


def extents(mask: BoolArray) -> tuple[IntArray, IntArray]:
    """First and last column, counted from the left eye, of every row of a mask: (N, R) each."""
    some = mask.any(axis=2)
    first = np.where(some, mask.argmax(axis=2) - C0, NONE_LEFT)
    last = np.where(some, len(COLS) - 1 - mask[:, :, ::-1].argmax(axis=2) - C0, NONE_RIGHT)
    return first, last


def width_of(mask: BoolArray) -> IntArray:
    """Columns from the first to the last of every row: (N, R)."""
    first, last = extents(mask)
    width: IntArray = np.maximum(last - first + 1, 0)
    return width


def pieces_of(mask: BoolArray) -> IntArray:
    """Separate pieces of every row of a mask: (N, R)."""
    starts = mask.copy()
    starts[:, :, 1:] &= ~mask[:, :, :-1]
    count: IntArray = starts.sum(axis=2)
    return count


def at(values: NDArray[Scalar], row: IntArray | int) -> NDArray[Scalar]:
    """Pick one row, counted from the left eye, of every portrait: (N, R, ...) to (N, ...)."""
    picked: NDArray[Scalar] = values[np.arange(len(values)), _clip(row, R0, len(ROWS))]
    return picked


def in_rows(values: IntArray, first: IntArray, last: IntArray, otherwise: int) -> IntArray:
    """Values (N, R) where the row is between two of each portrait, both included; another value elsewhere."""
    row = ROW[:, :, 0]
    chosen: IntArray = np.where((row >= first[:, None]) & (row <= last[:, None]), values, otherwise)
    return chosen


def row_shifted(values: NDArray[Scalar], down: int, fill: int | bool) -> NDArray[Scalar]:
    """For every row (N, R) the value of the row that is some rows further up."""
    moved = np.full_like(values, fill)
    moved[:, max(down, 0) : len(ROWS) + min(down, 0)] = values[:, max(-down, 0) : len(ROWS) + min(-down, 0)]
    return moved


def cut_head(
    rgba: ByteArray, palette: Palette, face: FaceFrame, background: Background, skin: Skin
) -> HeadGrid:
    """Cut the head and the space around it out of every portrait.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette
    face : FaceFrame
    background : Background
    skin : Skin
        All of the same N portraits.

    Returns
    -------
    HeadGrid
    """
    eye_row, eye_col, mouth_row = (
        np.where(face.found, place, usual)[:, None]
        for place, usual in zip((face.eye_row, face.left_eye_col, face.mouth_row), USUAL_PLACE, strict=True)
    )
    rows, cols = eye_row + np.asarray(ROWS), eye_col + np.asarray(COLS)
    inside = ((rows >= 0) & (rows < SIDE))[:, :, None] & ((cols >= 0) & (cols < SIDE))[:, None, :]

    def cut(pixels: NDArray[Scalar]) -> NDArray[Scalar]:
        return face.crop(pixels, ROWS, COLS)

    solid = ~background.mask & (rgba[..., 3] == 255)
    figure, rest = _split_figure(solid, face, eye_row, eye_col, mouth_row)
    view = Palette(cut(palette.index), palette.colors, palette.counts)
    skin_lab = lab_of(skin.rgb)
    figure = cut(figure) & inside
    bare = figure & view.of_pixels(lab_distance(palette.lab, skin_lab[:, None]) <= SKIN_REACH)
    left, right = _find_sides(bare)
    return HeadGrid(
        palette=view,
        lab=palette.lab,
        skin_lab=skin_lab,
        inside=inside,
        solid=cut(solid) & inside,
        figure=figure,
        floating=cut(rest) & inside,
        bare=bare,
        ink=figure & view.of_pixels(palette.lab[..., 0] < INK),
        left=left,
        right=right,
    )


def _split_figure(
    solid: BoolArray, face: FaceFrame, eye_row: IntArray, eye_col: IntArray, mouth_row: IntArray
) -> tuple[BoolArray, BoolArray]:
    """Part what is above the mouth into what goes on with the face, with hats over a gap, and the rest."""
    cell = np.arange(SIDE)
    upper = solid & (cell <= mouth_row)[:, :, None]
    seed = face.place_back(np.ones((len(solid), 6, 5), np.bool_), range(6), range(1, 6))
    figure = flood(upper, seed)
    rest = upper & ~figure
    some = np.flatnonzero(rest.any(axis=(1, 2)))
    labels = label_components(rest[some])
    large = np.bincount(labels.reshape(-1), minlength=1) >= LEAST_PIECE
    over = (cell < eye_row[some] - 2)[:, :, None]
    over = over & ((cell > eye_col[some]) & (cell < eye_col[some] + 6))[:, None, :]
    above = np.zeros(len(large), np.bool_)
    above[labels[over]] = True
    above[0] = False
    worn = (above & large)[labels] & (cell < eye_row[some])[:, :, None]
    figure[some] |= worn
    rest[some] &= ~worn
    return figure, rest


def _find_sides(bare: BoolArray) -> tuple[IntArray, IntArray]:
    """Columns of the outline on both sides: beside the bare forehead, else the cheeks, else as usual."""
    sides = [np.full(len(bare), usual) for usual in USUAL_SIDES]
    for rows, least in ((slice(R0 + 2, R0 + 5), LEAST_WIDTH[1]), (slice(R0 - 3, R0), LEAST_WIDTH[0])):
        cols = np.asarray(bare[:, rows, C0 - 4 : C0 + 11].any(axis=1))
        wide = cols.sum(axis=1) >= least
        sides[0] = np.where(wide, cols.argmax(axis=1) - 5, sides[0])
        sides[1] = np.where(wide, 11 - cols[:, ::-1].argmax(axis=1), sides[1])
    return np.clip(sides[0], *MOST_SIDES[0]), np.clip(sides[1], *MOST_SIDES[1])


def _clip(place: IntArray | int, zero: int, size: int) -> Any:
    return np.clip(np.asarray(place) + zero, 0, size - 1)
