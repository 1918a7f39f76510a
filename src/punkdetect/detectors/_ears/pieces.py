"""Pieces of one colour beside the face that could hang at an ear, whatever else they may be.

Owns which pixels make a piece, and which pieces of a side are most like jewellery. Must not know what rules
or models make of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import Bits, bits_of, count, flood, grow, mask_of
from punkdetect.detectors._ears.jewels import OWN_COLOR, TWIN_COLS, find_worn
from punkdetect.detectors._ears.signs import signs_of
from punkdetect.detectors._ears.views import (
    CHEEK_COL,
    FACE_COL,
    FAINTLY,
    INK,
    LEFT_COLS,
    ONE_PIECE,
    RIGHT_COLS,
    ROWS,
    Sides,
    difference_of,
    place_back,
    spread_of,
    within,
)
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.eye_band import from_right_eye
from punkdetect.pixels import find_pixels
from punkdetect.punks import BoolArray, FloatArray, IntArray
from punkdetect.records import Record

SEED_ROWS, SEED_COLS = range(7), range(-7, 0)
"""Rows and columns in which such a piece has its first pixel: wider than where the rules look for jewels."""

BESIDE_ROWS = range(-2, 9)
"""Rows in which a colour that comes again beside the face is that of hair, not of jewellery."""

MOST_BESIDE = 36
"""Pixels beside the face, on both sides, from which a colour is no earring's: two large rings have 32."""

LARGEST = 24
"""Pixels up to which a piece is looked at: the largest rings have 16, and may touch another thing."""

WHITE = 3 * 255
"""Sum of the channels of white, and the largest difference of two colours."""

SEEDS = 6
"""Pieces of a side that are looked at: those in the rarest colours."""

COLS = len(LEFT_COLS)
ALL_COLS = np.uint32((1 << COLS) - 1)
"""The bits of all columns of a view."""

FACE, CHEEK = FACE_COL - LEFT_COLS.start, CHEEK_COL - LEFT_COLS.start


WEIGHTS = {
    "same": -3.3, "twinned": 0.8, "known": -2.5, "lens": -5.0, "shade": -4.5, "behind": -3.0,
    "high": -3.5, "upper": -1.5, "low": -4.0, "light": 5.0, "spread": 2.5,
}  # fmt: skip
"""What speaks for and against a piece: how much of its very colour is elsewhere beside the face (a
logarithm); another one of its size at the other ear; the shares of it that have a colour of hair or forehead,
lie in a lens, are the skin's shade, or were taken for background; a first row level with the upper or the
lower row of the eyes, or below the mouth; how light, and how colourful, it is. A logistic regression on the
masks of drawn portraits and on what the rule finds rightly in others, rounded; "known" is less than there
(-2.8), for the rule knows no jewels in such colours at all."""

TIE = 1e-6
"""What size and place count for, where nothing else tells two pieces apart."""

HIGH, LOW = 1, 6
"""Rows up to, and from which, the first row of a piece is rather that of another thing."""


class Beside(Record):
    """What lies on either side of N heads: 2N views as of `Sides`, masks as bits (2N, 14).

    Parameters
    ----------
    sides : Sides
    cell : ndarray of int, shape (2N, 14, 11)
        Place of each pixel's colour in the flattened palette.
    worn, bare, figure, ink, known, lens, shade, head : ndarray of uint32, shape (2N, 14)
    rarity : ndarray of int, shape (2N, 14, 11)
        Pixels of each pixel's colour beside the face, on both sides.
    """

    sides: Sides
    cell: IntArray
    worn: Bits
    bare: Bits
    figure: Bits
    ink: Bits
    known: Bits
    lens: Bits
    shade: Bits
    head: Bits
    rarity: IntArray


class Pieces(Record):
    """M pieces, and how much they are like jewels.

    Parameters
    ----------
    view, row, col : ndarray of int, shape (M,)
        Of the uppermost pixel.
    bits : ndarray of uint32, shape (M, 14)
    difference : ndarray of int16, shape (M, 14, 11)
        Of every pixel of the view from that one.
    size : ndarray of int, shape (M,)
    repeats, same : ndarray of int, shape (M,)
        Pixels of nearly the same colour, and of the very same, beside the face and in no twin of the piece.
    twin : ndarray of int, shape (M,)
        Pixels of such a colour where the other ear would have the same earring.
    score : ndarray of float64, shape (M,)
    """

    view: IntArray
    row: IntArray
    col: IntArray
    bits: Bits
    difference: NDArray[np.int16]
    size: IntArray
    repeats: IntArray
    same: IntArray
    twin: IntArray
    score: FloatArray

    def take(self, some: IntArray | BoolArray) -> Pieces:
        """Return some of the pieces."""
        return Pieces(
            self.view[some],
            self.row[some],
            self.col[some],
            self.bits[some],
            self.difference[some],
            self.size[some],
            self.repeats[some],
            self.same[some],
            self.twin[some],
            self.score[some],
        )


def look_beside(sides: Sides, landmarks: Landmarks) -> Beside:
    """Mark what lies beside every head, and count its colours there."""
    cell = _cut_cells(landmarks)
    ink = sides.figure & (sides.light <= INK)
    beside = sides.seen & ~sides.bare & ~ink
    beside[:, BESIDE_ROWS.stop - ROWS.start :] = False
    beside[:, :, FACE:] = False
    counts = np.bincount(cell[beside], minlength=landmarks.inked.palette.colors.size)
    return Beside(
        sides,
        cell,
        worn=bits_of(find_worn(sides)),
        bare=bits_of(sides.bare),
        figure=bits_of(sides.figure),
        ink=bits_of(ink),
        known=bits_of(sides.known),
        lens=bits_of(sides.lens),
        shade=bits_of(sides.shade),
        head=bits_of(sides.head),
        rarity=counts[cell],
    )


def _cut_cells(landmarks: Landmarks) -> IntArray:
    face, palette = landmarks.face, landmarks.inked.palette
    left = face.crop(palette.index, ROWS, LEFT_COLS)
    right = from_right_eye(face).crop(palette.index, ROWS, range(RIGHT_COLS[-1], RIGHT_COLS[0] + 1))[
        :, :, ::-1
    ]
    n, k = palette.colors.shape
    first = np.tile(np.arange(n) * k, 2)[:, None, None]
    cells: IntArray = np.concatenate([left, right]) + first
    return cells


def find_pieces(beside: Beside) -> Pieces:
    """Find the pieces that could be earrings, of every view those in the rarest colours."""
    sides = beside.sides
    view, row, col = _find_seeds(beside)
    color = sides.rgb[:, view, row, col][:, :, None, None]
    difference = difference_of(sides.rgb[:, view], color)
    may_belong = (bits_of(sides.seen) & ~beside.bare & ~beside.ink)[view]
    # the eye, whose white is like pearl
    may_belong[:, : 2 - ROWS.start] &= np.uint32((1 << CHEEK) - 1)
    seed = np.zeros_like(may_belong)
    seed[np.arange(len(view)), row] = np.uint32(1) << col.astype(np.uint32)
    piece = flood(bits_of(difference <= ONE_PIECE) & may_belong, seed)
    # what several seeds belong to is told of once, and what is large not at all
    size = count(piece)
    kept = (size <= LARGEST) & ~_seen_before(view, piece)
    view, row, col, piece, size = view[kept], row[kept], col[kept], piece[kept], size[kept]
    difference, color = difference[kept], color[:, kept]
    other = sides.other(view)
    across = difference_of(sides.rgb[:, other], color)
    window = twin_window(piece)
    repeats, same = (
        count(bits_of(difference <= most) & beside.worn[view] & ~piece)
        + count(bits_of(across <= most) & beside.worn[other] & ~window)
        for most in (OWN_COLOR, FAINTLY)
    )
    there = beside.figure & ~beside.bare & ~beside.ink
    twin = count(bits_of(across <= ONE_PIECE) & there[other] & window)
    pieces = Pieces(view, row, col, piece, difference, size, repeats, same, twin, np.zeros(len(view)))
    return pieces.replace(score=_score(beside, pieces))


def pieces_of(landmarks: Landmarks) -> tuple[Beside, Pieces]:
    """Return what lies beside the heads of a batch, and the pieces of it that could be earrings."""
    beside = look_beside(signs_of(landmarks).sides, landmarks)
    return beside, find_pieces(beside)


def likeliest_piece(landmarks: Landmarks) -> BoolArray:
    """Mark the piece of every head that is most like an earring; none where there is none: (N, 24, 24)."""
    _, pieces = pieces_of(landmarks)
    n = len(landmarks.face.found)
    head = pieces.view % n
    order = np.lexsort((-pieces.score, head))
    best = order[np.flatnonzero(np.diff(head[order], prepend=-1))]
    bits = np.zeros((2 * n, len(ROWS)), np.uint32)
    bits[pieces.view[best]] = pieces.bits[best]
    return place_back(mask_of(bits, COLS), landmarks.face)


def _find_seeds(beside: Beside) -> tuple[IntArray, IntArray, IntArray]:
    """Find the first pixels of pieces in rare colours: view, row and column of each."""
    sides = beside.sides
    place = np.zeros(sides.figure.shape[1:], np.bool_)
    place[within(SEED_ROWS, ROWS), within(SEED_COLS, LEFT_COLS)] = True
    candidates = place & sides.seen & ~sides.bare & (sides.light > INK) & (beside.rarity <= MOST_BESIDE)
    view, row, col = find_pixels(candidates)
    cell = beside.cell
    own = cell[view, row, col]
    earlier = np.zeros(len(view), np.bool_)
    for up, before in ((1, 1), (1, 0), (1, -1), (0, 1)):
        there = (view, row - up, col - before)
        earlier |= (cell[there] == own) & candidates[there]
    view, row, col = view[~earlier], row[~earlier], col[~earlier]
    # the likeliest first, and of equally likely ones the uppermost
    at = (view, row, col)
    worse = WEIGHTS["same"] * -np.log1p(beside.rarity[at] / 2) - WEIGHTS["light"] * sides.light[at] / WHITE
    for name in ("known", "lens", "shade"):
        worse -= WEIGHTS[name] * getattr(sides, name)[at]
    worse -= WEIGHTS["behind"] * ~sides.figure[at] + WEIGHTS["upper"] * (row + ROWS.start <= HIGH)
    order = np.lexsort((worse, view))
    view, row, col = view[order], row[order], col[order]
    first = np.searchsorted(view, view)
    kept = np.arange(len(view)) - first < SEEDS
    return view[kept], row[kept], col[kept]


def _seen_before(view: IntArray, piece: Bits) -> BoolArray:
    """Tell which pieces are among those before them in the same view: (M,)."""
    seen = np.zeros(len(view), np.bool_)
    for back in range(1, SEEDS):
        same = (view[back:] == view[:-back]) & (piece[back:] == piece[:-back]).all(axis=1)
        seen[back:] |= same
    return seen


def twin_window(piece: Bits) -> Bits:
    """Mark where on the other side a twin would hang: a row up or down, some columns further in or out."""
    rows = grow(piece, COLS) > 0
    cols = np.bitwise_or.reduce(piece, axis=1)
    for _ in range(TWIN_COLS + 1):
        cols |= cols << np.uint32(1) | cols >> np.uint32(1)
    cols &= ALL_COLS
    window: Bits = np.where(rows, cols[:, None], np.uint32(0))
    return window


def is_twinned(pieces: Pieces) -> BoolArray:
    """Tell which pieces have one of about their size and colour at the other ear: (M,)."""
    twinned: BoolArray = np.abs(pieces.twin - pieces.size) <= 1
    return twinned


def _score(beside: Beside, pieces: Pieces) -> FloatArray:
    """Tell how much pieces are like jewels: (M,)."""
    sides, view, size = beside.sides, pieces.view, pieces.size
    row, at = pieces.row + ROWS.start, (view, pieces.row, pieces.col)
    of_piece: dict[str, NDArray[Any]] = {
        "same": np.log1p(pieces.same),
        "twinned": is_twinned(pieces),
        "high": row <= HIGH - 1,
        "upper": row <= HIGH,
        "low": row >= LOW,
        "light": sides.light[at] / WHITE,
        "spread": spread_of(sides.rgb[(slice(None), *at)]) / 255,
    }
    for name in ("known", "lens", "shade"):
        of_piece[name] = count(pieces.bits & getattr(beside, name)[view]) / size
    of_piece["behind"] = count(pieces.bits & ~beside.figure[view]) / size
    score = sum(weight * of_piece[name] for name, weight in WEIGHTS.items())
    # so that a mirrored portrait has the same order
    return np.asarray(score + TIE * (size * 1e2 + row * 10.0 + pieces.col))
