"""What covers the head, hair or hat: where it ends over the face and whether its colours go on beside it.

Owns the difference between a hat and hair as far as edge and colour tell it. Must not know any kind of hat.

A hat ends in one line across the whole forehead, and its colours do not go on beside the face. Hair goes on
there, or its line is uneven.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import Bits, count, count_bits, first_bit, turn
from punkdetect.landmarks.head_grid import FACE, INK, HeadGrid
from punkdetect.landmarks.head_rows import C0, R0, ROW, ROWS, at, columns, keep
from punkdetect.pixels import is_near_any, lab_distance
from punkdetect.punks import BoolArray, FloatArray, IntArray
from punkdetect.records import Record

LEAST_SEEN = 3
"""Columns of the forehead, of seven, that must show skin under the cover for its edge to be known."""

USUAL_EDGE = -1
"""Row of the edge, counted from the eyes, where eyewear hides it."""

STRAIGHT, EVEN = 1, 2
"""Rows by which the edge of a hat may step up and down; and of one that has an opening or a knot in front."""

THICK = 2
"""Rows of cover that every column of the forehead has at least."""

LIKE = 12.0
"""CIELAB distance between shades of one colour."""

TRIED = 8
"""Most frequent colours of the cover that are its own."""

LEAST_COUNT, LEAST_SHARE = 2, 0.07
"""Pixels, and share of the cover, that each of its colours has; less is hair behind a crown's points."""

MOSTLY = 0.5
"""Share of outline black from which black is the cover's own colour."""

SIDE_REACH, SIDE_ROWS = 4, 6
"""Columns beside the head's outline, and rows below the eyes, in which hair goes on."""

FEW, FEW_BLACK, FEW_SHARE = 2, 4, 0.2
"""Pixels of the cover's colours beside the face up to which they do not go on there; for black covers, where
ears have outlines; and the share of all that is there (a brim hangs a little)."""

ONE_SIDED = 6
"""Pixels on one side alone up to which they are the tail of a bandana, in a colour that hair has not."""

STREAKS = 0.8
"""Share of the cover in shades of its main colour from which it is of one colour."""

SIDE_HAIR, SIDE_COLORS, SIDE_LIKE = 4, 6, 8.0
"""Pixels that a colour of the hair beside the face has at least, how many are looked at, and the distance up
to which another belongs to it."""

FRINGE, MOST_FRINGE = 5, 3
"""Columns of the forehead with hair from which a row is a fringe under the hat, and rows it may have."""

NATURAL_HUE, NATURAL_CHROMA, GRAY, DARK = (20, 100), 72, 12, (18, 25)
"""Hair by nature is grey or white (chroma up to 12), nearly black (lightness, chroma up to 18 and 25), or
of a hue between red and yellow (degrees) that is not glaring (chroma)."""

CONTRASTING_HAIR = 8
"""Pixels of another colour beside the face from which a plain natural cover is no hair."""

PLAIN = 0.9
"""Share of the cover in shades of its main colour from which no pattern tells it from hair."""


class Cover(Record):
    """What covers the head, hair or hat.

    Parameters
    ----------
    known : ndarray of bool, shape (N,)
        Whether the edge over the face is seen.
    edge : ndarray of int, shape (N,)
        First row below it, counted from the eyes; above a fringe of hair.
    fringe : ndarray of int, shape (N,)
        Rows of hair between it and the face.
    straight, even : ndarray of bool, shape (N,)
        Whether the edge is a line across the forehead (or hidden); whether it is nearly one.
    pixels : ndarray of int, shape (N,)
        Size of the part that the colours were read from.
    main : ndarray of float64, shape (N, 3)
        CIELAB of its most frequent colour.
    uniform : ndarray of float64, shape (N,), in [0, 1]
        Share of it in shades of that colour.
    natural : ndarray of bool, shape (N,)
        Whether hair may have that colour by nature.
    own : ndarray of uint32, shape (N, R)
        Pixels anywhere in the colours of the cover.
    side_hair : ndarray of uint32, shape (N, R)
        Pixels in the colours of what hangs beside the face, other than the cover's.
    beside : ndarray of int, shape (N,)
        Pixels that hang beside the face, of any colour.
    ends : ndarray of bool, shape (N,)
        Whether the colours of the cover do not go on beside the face.
    """

    known: BoolArray
    edge: IntArray
    fringe: IntArray
    straight: BoolArray
    even: BoolArray
    pixels: IntArray
    main: FloatArray
    uniform: FloatArray
    natural: BoolArray
    own: Bits
    side_hair: Bits
    beside: IntArray
    ends: BoolArray

    @property
    def plain(self) -> BoolArray:
        """Whether neither colour nor pattern, nor hair of another colour, tells the cover from hair."""
        return self.natural & (self.uniform >= PLAIN) & ~(self.ends & (self.beside >= CONTRASTING_HAIR))


def is_natural(lab: FloatArray) -> BoolArray:
    """Tell whether hair may have colours by nature.

    Parameters
    ----------
    lab : ndarray of float64, shape (..., 3)

    Returns
    -------
    ndarray of bool, shape (...)
    """
    chroma, hue = np.hypot(lab[..., 1], lab[..., 2]), np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    dark = (lab[..., 0] < DARK[0]) & (chroma < DARK[1])
    earthen = (hue > NATURAL_HUE[0]) & (hue < NATURAL_HUE[1]) & (chroma < NATURAL_CHROMA)
    natural: BoolArray = (chroma < GRAY) | dark | earthen
    return natural


def find_cover(head: HeadGrid) -> Cover:
    """Find the edge and the colours of what covers each head.

    Parameters
    ----------
    head : HeadGrid

    Returns
    -------
    Cover
    """
    seen, first, thick = _find_edge(head)
    some = seen.sum(axis=1)
    known = some >= LEAST_SEEN
    rows = np.where(seen, first, ROWS.stop)
    lowest, highest = np.where(seen, first, ROWS.start).max(axis=1), rows.min(axis=1)
    middle = np.take_along_axis(np.sort(rows, axis=1), (np.maximum(some, 1) - 1)[:, None] // 2, axis=1)[:, 0]
    uneven = np.where(known, lowest - highest, 0)
    covered = np.where(seen, thick, ROWS.stop).min(axis=1) >= THICK
    straight = ~known | ((uneven <= STRAIGHT) & covered)

    end = np.maximum(np.where(known, highest, USUAL_EDGE - 1) - 1, head.top + 2)
    part = keep(head.cover & columns(FACE), end[:, None] > ROW)
    pixels, colors, own_colors, is_black = _find_colors(head, part)
    main, counts = colors
    alike = counts * (lab_distance(main, main[:, :1]) <= LIKE)
    uniform = alike.sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
    natural = is_natural(main[:, 0])
    own = head.cover & head.has(own_colors)

    start = np.where(known, lowest, USUAL_EDGE)[:, None]
    hanging = keep(
        head.cover & head.outside(-1) & ~head.outside(SIDE_REACH), (start <= ROW) & (SIDE_ROWS > ROW)
    )
    hanging &= ~keep(np.broadcast_to(head.outside(1), hanging.shape), start + 1 >= ROW)
    # black hair cannot be told from the outline there
    apart: Bits = np.where(is_black[:, None], head.outside(0), ~head.ink)
    going_on = hanging & own & apart
    on_left = count(going_on & head.left_of(-1))
    on_right = count(going_on) - on_left
    beside = count(hanging & ~head.ink)
    few = np.maximum(np.where(is_black, FEW_BLACK, FEW), FEW_SHARE * beside)
    tail = (np.minimum(on_left, on_right) <= 1) & ~natural & (uniform > STREAKS)
    tail &= count(going_on & ~head.outside(1)) <= FEW  # sideburns lie at the head, tails reach out
    ends = (on_left + on_right <= few) | (tail & (on_left + on_right <= ONE_SIDED))

    edge = np.where(known, middle, USUAL_EDGE)
    side_hair = _find_side_hair(head, own, own_colors, edge)
    fringe = _count_fringe(side_hair, edge) * (known | (some == 0))
    return Cover(
        known=known,
        edge=edge - fringe,
        fringe=fringe,
        straight=straight,
        even=straight | (known & (uneven <= EVEN) & covered),
        pixels=pixels,
        main=main[:, 0],
        uniform=uniform,
        natural=natural,
        own=own,
        side_hair=side_hair,
        beside=beside,
        ends=ends,
    )


def _find_edge(head: HeadGrid) -> tuple[BoolArray, IntArray, IntArray]:
    """Find, in seven columns of the forehead, whether skin is seen under a cover, where, how thick it is."""
    cols = np.broadcast_to(np.arange(C0, C0 + 7), (len(head), 7))
    # every column as a number, its uppermost row the lowest bit
    bare, covered = (turn(part[:, : R0 + 1], cols) for part in (head.bare, head.cover))
    one = np.uint32(1)
    under = np.where(covered > 0, bare & ~((covered & -covered) - one), np.uint32(0))
    seen = under > 0
    thick = count_bits(covered & ((under & -under) - one)).astype(np.intp)
    return seen, np.where(seen, first_bit(under).astype(np.intp), 0) - R0, thick


def _find_colors(
    head: HeadGrid, part: Bits
) -> tuple[IntArray, tuple[FloatArray, IntArray], BoolArray, BoolArray]:
    """Read the colours of a part.

    Returns its size, its most frequent colours with their counts, all colours like them (N, K), and whether
    it is mostly black: outline counts only where it is.
    """
    counts = head.count_colors(part)
    ink = head.lab[..., 0] < INK
    pixels = counts.sum(axis=1)
    is_black = (counts * ink).sum(axis=1) >= MOSTLY * np.maximum(pixels, 1)
    counts = np.where(ink & ~is_black[:, None], 0, counts)
    index = np.argsort(-counts, axis=1, kind="stable")[:, :TRIED]
    most = np.take_along_axis(counts, index, axis=1)
    lab = np.take_along_axis(head.lab, index[..., None], axis=1)
    used = most >= np.maximum(LEAST_COUNT, LEAST_SHARE * pixels)[:, None]
    return pixels, (lab, most), is_near_any(head.lab, lab, used, LIKE)[0], is_black


def _find_side_hair(head: HeadGrid, own: Bits, own_colors: BoolArray, edge: IntArray) -> Bits:
    """Pixels in the colours of the hair that comes out under a hat beside the face."""
    below = (edge[:, None] <= ROW) & (SIDE_ROWS > ROW)
    counts = head.count_colors(keep(head.cover & head.outside(-1) & ~own & ~head.ink, below))
    index = np.argsort(-counts, axis=1, kind="stable")[:, :SIDE_COLORS]
    lab = np.take_along_axis(head.lab, index[..., None], axis=1)
    used = np.take_along_axis(counts, index, axis=1) >= SIDE_HAIR
    return head.cover & head.has(is_near_any(head.lab, lab, used, SIDE_LIKE)[0] & ~own_colors, seldom=True)


def _count_fringe(side_hair: Bits, edge: IntArray) -> IntArray:
    """Rows right above the edge in which hair like that of the sides covers the forehead."""
    hair = count_bits(side_hair & columns(FACE)) >= FRINGE
    rows = np.stack([at(hair, edge - step) for step in range(1, MOST_FRINGE + 1)], axis=1)
    fringe: IntArray = np.logical_and.accumulate(rows, axis=1).sum(axis=1)
    return fringe
