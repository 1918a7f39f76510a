"""The head and what is around it, cut out so that the left eye always lies at the same place.

Owns where the head's sides are and which pixels of the figure belong to it. Must not know what a hat is.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect import bitrows
from punkdetect.bitrows import Bits, count_bits
from punkdetect.landmarks.background import Background
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.head_rows import (
    ALL_COLS,
    C0,
    COLS,
    R0,
    ROWS,
    clip,
    columns,
    extents,
    keep,
    lower_bits,
)
from punkdetect.landmarks.skin import Skin
from punkdetect.pixels import Palette, has_alpha, lab_distance, lab_of
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray, Scalar
from punkdetect.records import Record

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

_ROOM = 16
"""Bits added below a row while it is moved sideways: the grid begins no further from the picture's side."""

LEAST_PIECE = 20
"""Pixels above the face from which a piece that does not touch it is worn: a hat with a gap under it."""


class Place(Record):
    """Where grids lie in their portraits.

    Parameters
    ----------
    row, col : ndarray of int, shape (N,)
        Row and column of the portrait at which its grid begins; may be outside of it.
    """

    row: IntArray
    col: IntArray

    @cached_property
    def _rows(self) -> IntArray:
        """For every row of the grid its place in the portraits' rows, one after the other: (N, R)."""
        rows = self.row[:, None] + np.arange(len(ROWS))
        # an empty row follows on those of each portrait
        rows = np.where((rows >= 0) & (rows < SIDE), rows, SIDE)
        return rows + np.arange(len(rows))[:, None] * (SIDE + 1)

    @cached_property
    def _shift(self) -> NDArray[np.uint64]:
        return (_ROOM + self.col).astype(np.uint64)[:, None]

    def take(self, portraits: IntArray) -> Place:
        """Return the places of some portraits."""
        return Place(self.row[portraits], self.col[portraits])

    def into_grid(self, bits: Bits) -> Bits:
        """Cut the grid out of a mask of the pictures: rows of bits, (N, 24) to (N, R)."""
        room = np.zeros((len(bits), SIDE + 1), np.uint64)
        np.left_shift(bits, np.uint64(_ROOM), out=room[:, :SIDE])
        moved = room.reshape(-1).take(self._rows, mode="clip") >> self._shift
        cut: Bits = moved.astype(np.uint32) & np.uint32(ALL_COLS)
        return cut

    def into_picture(self, bits: Bits) -> Bits:
        """Put a mask of the grid back where it lies: rows of bits, (N, R) to (N, 24)."""
        room = np.zeros((len(bits), SIDE + 1), np.uint64)
        room.reshape(-1)[self._rows] = bits.astype(np.uint64) << self._shift
        return (room[:, :SIDE] >> np.uint64(_ROOM)).astype(np.uint32)


class HeadGrid(Record):
    """The heads of a batch; masks are numbers (N, R) with a bit for each column, R rows as in `ROWS`.

    Parameters
    ----------
    whole : Palette
        Of the portraits that the heads were cut out of.
    place : Place
        Where in its portrait each grid lies.
    index : ndarray of int, shape (N, R, C)
        The palette's number of every pixel; 0 outside of the picture.
    lab : ndarray of float64, shape (N, K, 3)
        CIELAB of the palette's colours.
    skin_lab : ndarray of float64, shape (N, 3)
    inside : ndarray of uint32, shape (N, R)
        What lies inside of the picture.
    solid : ndarray of uint32, shape (N, R)
        What is not background.
    figure : ndarray of uint32, shape (N, R)
        The part of it, down to the mouth, that goes on with the face.
    floating : ndarray of uint32, shape (N, R)
        The rest of it, down to the mouth.
    bare, ink : ndarray of uint32, shape (N, R)
        Pixels of the figure that are bare skin, and those that may be outline.
    left, right : ndarray of int, shape (N,)
        Columns of the outline on both sides of the head.
    """

    whole: Palette
    place: Place
    index: NDArray[Any]
    lab: FloatArray
    skin_lab: FloatArray
    inside: Bits
    solid: Bits
    figure: Bits
    floating: Bits
    bare: Bits
    ink: Bits
    left: IntArray
    right: IntArray

    def __len__(self) -> int:
        return len(self.left)

    @cached_property
    def cover(self) -> Bits:
        """What is no bare skin: (N, R)."""
        return self.figure & ~self.bare

    @cached_property
    def top(self) -> IntArray:
        """Highest row of the figure, counted from the eyes: shape (N,)."""
        rows = self.figure > 0
        top: IntArray = np.where(rows.any(axis=1), rows.argmax(axis=1) - R0, 0)
        return top

    def take(self, portraits: IntArray) -> HeadGrid:
        """Return the heads of some portraits, so that a rare thing is looked for only where it may be."""
        whole, place, *rest = self
        return HeadGrid(whole.take(portraits), place.take(portraits), *(part[portraits] for part in rest))

    def has(self, colors: BoolArray, seldom: bool = False) -> Bits:
        """Pixels that have one of the marked colours, as `Palette.bits_with`: (N, K) to (N, R)."""
        return self.place.into_grid(self.whole.bits_with(colors, seldom))

    def count_colors(self, bits: Bits) -> IntArray:
        """Count the pixels of each colour inside of a mask: (N, R) to (N, K)."""
        return self.whole.count_in(self.in_picture(bits))

    def in_picture(self, bits: Bits) -> BoolArray:
        """Return a mask where it lies in the picture: (N, R) to (N, 24, 24)."""
        return bitrows.mask_of(self.place.into_picture(bits), SIDE)

    def lab_at(self, row: IntArray | int, col: IntArray | int) -> FloatArray:
        """CIELAB of one pixel of every portrait, counted from the left eye: shape (N, 3)."""
        each = np.arange(len(self))
        rows, cols = clip(row, R0, len(ROWS)), clip(col, C0, len(COLS))
        lab: FloatArray = self.lab[each, self.index[each, rows, cols]]
        return lab

    def take_lab(self, portraits: IntArray, row: int, col: int) -> FloatArray:
        """CIELAB of one pixel of some portraits, counted from the left eye: shape (M, 3)."""
        lab: FloatArray = self.lab[portraits, self.index[portraits, R0 + row, C0 + col]]
        return lab

    def lab_of_face(self, row: IntArray) -> FloatArray:
        """CIELAB of the pixels across the forehead in one row of every portrait: shape (N, 9, 3)."""
        each = np.arange(len(self))
        index = self.index[each, clip(row, R0, len(ROWS))][:, FACE]
        lab: FloatArray = self.lab[each[:, None], index]
        return lab

    def left_of(self, cells: int) -> Bits:
        """Return the columns to the left of the outline, but for some cells next to it: (N, 1)."""
        return lower_bits(self.left - cells + C0)[:, None]

    def right_of(self, cells: int) -> Bits:
        """Return the columns to the right of the outline, but for some cells next to it: (N, 1)."""
        return np.uint32(ALL_COLS) & ~lower_bits(self.right + cells + 1 + C0)[:, None]

    def outside(self, cells: int) -> Bits:
        """Return the columns on both sides of the head, but for some cells: (N, 1); -1 adds the outline."""
        return self.left_of(cells) | self.right_of(cells)

    def outward(self, bits: Bits) -> IntArray:
        """Count how far every row reaches out of the head: (N, 2, R), left and right, negative inside."""
        first, last = extents(bits)
        return np.stack([self.left[:, None] - first, last - self.right[:, None]], axis=1)


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
        np.where(face.found, place, usual)
        for place, usual in zip((face.eye_row, face.left_eye_col, face.mouth_row), USUAL_PLACE, strict=True)
    )
    place = Place(eye_row + ROWS.start, eye_col + COLS.start)
    solid = bitrows.bits_of(~background.mask & has_alpha(rgba, 255))
    figure, rest = _split_figure(solid, eye_row, eye_col, mouth_row)
    skin_lab = lab_of(skin.rgb)
    is_skin = lab_distance(palette.lab, skin_lab[:, None]) <= SKIN_REACH
    kind = palette.of_pixels(is_skin + 2 * (palette.lab[..., 0] < INK).astype(np.uint8))
    everywhere = np.full_like(solid, (1 << SIDE) - 1)
    inside, whole, head, floating, bare, ink = (
        place.into_grid(bits)
        for bits in (
            everywhere,
            solid,
            figure,
            rest,
            figure & bitrows.bits_of((kind & 1) > 0),
            figure & bitrows.bits_of(kind > 1),
        )
    )
    left, right = _find_sides(bare)
    return HeadGrid(
        whole=palette,
        place=place,
        index=_cut(palette.index, place),
        lab=palette.lab,
        skin_lab=skin_lab,
        inside=inside,
        solid=whole,
        figure=head,
        floating=floating,
        bare=bare,
        ink=ink,
        left=left,
        right=right,
    )


def _cut(pixels: NDArray[Scalar], place: Place) -> NDArray[Scalar]:
    """Cut a grid out of every picture, (N, 24, 24) to (N, R, C); 0 outside of it.

    Faces lie at few different places: one copy for each is faster than picking pixel by pixel.
    """
    cut = np.zeros((len(pixels), len(ROWS), len(COLS)), pixels.dtype)
    # both may be negative, by less than the picture's side
    corners = (place.row + SIDE) * (2 * SIDE) + place.col + SIDE
    for corner in np.flatnonzero(np.bincount(corners)):
        those = np.flatnonzero(corners == corner)
        row, col = int(place.row[those[0]]), int(place.col[those[0]])
        rows, cols = (
            range(max(first, 0), min(first + size, SIDE))
            for first, size in ((row, len(ROWS)), (col, len(COLS)))
        )
        part = pixels[those, rows.start : rows.stop, cols.start : cols.stop]
        cut[those, rows.start - row : rows.stop - row, cols.start - col : cols.stop - col] = part
    return cut


def _split_figure(
    solid: Bits, eye_row: IntArray, eye_col: IntArray, mouth_row: IntArray
) -> tuple[Bits, Bits]:
    """Part what is above the mouth into what goes on with the face, with hats over a gap, and the rest."""
    cell = np.arange(SIDE)
    upper = keep(solid, cell <= mouth_row[:, None])
    face_rows = (cell >= eye_row[:, None]) & (cell < eye_row[:, None] + 6)
    face_cols = (np.uint32(0b11111) << (eye_col + 1).astype(np.uint32))[:, None]
    figure = bitrows.flood(upper, keep(np.broadcast_to(face_cols, upper.shape), face_rows))
    rest = upper & ~figure
    over = keep(rest & face_cols, cell < eye_row[:, None] - 2)
    some = np.flatnonzero(over.any(axis=1) & (bitrows.count(rest) >= LEAST_PIECE))
    worn = np.zeros_like(rest)
    for which, piece in bitrows.pieces(rest[some]):
        at = some[which]
        large = (piece & over[at]).any(axis=1) & (bitrows.count(piece) >= LEAST_PIECE)
        worn[at] |= keep(piece, large[:, None] & (cell < eye_row[at, None]))
    return figure | worn, rest & ~worn


def _find_sides(bare: Bits) -> tuple[IntArray, IntArray]:
    """Columns of the outline on both sides: beside the bare forehead, else the cheeks, else as usual."""
    sides = [np.full(len(bare), usual) for usual in USUAL_SIDES]
    for rows, least in ((slice(R0 + 2, R0 + 5), LEAST_WIDTH[1]), (slice(R0 - 3, R0), LEAST_WIDTH[0])):
        cols = np.bitwise_or.reduce(bare[:, rows], axis=1) & columns(slice(C0 - 4, C0 + 11))
        wide = count_bits(cols) >= least
        first, last = extents(cols)
        sides[0] = np.where(wide, first - 1, sides[0])
        sides[1] = np.where(wide, last + 1, sides[1])
    return np.clip(sides[0], *MOST_SIDES[0]), np.clip(sides[1], *MOST_SIDES[1])
