"""What the rules of `headwear` ask about a head: whether something is worn, and how its outline runs.

Owns the signs that several rules share, and the pixels that show them. Must not know the order of the rules.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from punkdetect.bitrows import Bits
from punkdetect.detectors._once import once
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.hat import Outline, find_outline
from punkdetect.landmarks.head_cover import Cover, find_cover
from punkdetect.landmarks.head_grid import FACE, HeadGrid, cut_head
from punkdetect.landmarks.head_rows import ROW, ROWS, at, columns, in_rows, keep, pieces_of
from punkdetect.landmarks.hood import Hood, find_hood
from punkdetect.landmarks.ornaments import Ornaments, are_shades, find_ornaments
from punkdetect.pixels import lab_distance
from punkdetect.punks import BoolArray, IntArray
from punkdetect.records import Record

LEAST_COVER = 8
"""Pixels over the forehead from which something covers it."""

BRIM, SMALL_BRIM = 2, 3
"""Columns that a brim stands out on each side, or on both together with at least one each."""

LOPSIDED = 2
"""Columns by which the two sides of a brim differ when it is a visor."""

JAGGED, JAGGED_ROWS = 3, 3
"""Pieces of one of the first rows of a crown, from which its top is jagged."""

POINT = 4
"""Columns of the top of a cone at most."""

COLORFUL, SKIN_STEP = 4.0, 8.0
"""Least chroma of a cover that is skin shaded by short hair, and CIELAB distance up to which it is so."""

RING_ROWS, RING_LIKE, MIDDLE = 2, 15.0, 3
"""Rows under the upper edge of a ring that are its own, CIELAB distance within it; a column over the face."""


class Signs(Record):
    """What the rules ask about every head; arrays of shape (N,) unless said otherwise."""

    head: HeadGrid
    cover: Cover
    hat: Outline
    hood: Hood
    ornaments: Ornaments

    @cached_property
    def worn(self) -> BoolArray:
        """Whether the cover ends like a hat: in a straight edge, and its colours do not go on as hair."""
        worn: BoolArray = self.cover.straight & self.cover.ends & (self.cover.pixels >= LEAST_COVER)
        return worn

    @cached_property
    def lopsided(self) -> BoolArray:
        """Whether only one side of the brim begins with a step."""
        apart = np.abs(self.hat.brim[:, 0] - self.hat.brim[:, 1]) >= LOPSIDED
        stepped = (self.hat.step.min(axis=1) <= 1) & (self.hat.step.max(axis=1) >= BRIM)
        lopsided: BoolArray = apart & stepped
        return lopsided

    @cached_property
    def all_around(self) -> BoolArray:
        """Whether a brim stands out on both sides."""
        brim = self.hat.brim
        alike = np.abs(brim[:, 0] - brim[:, 1]) <= LOPSIDED
        around: BoolArray = (brim.min(axis=1) >= BRIM) & alike & ~self.lopsided
        return around

    @cached_property
    def brim_row(self) -> IntArray:
        """First row of the brim; of the hat's last row where there is none."""
        rows = np.where(self.hat.brim >= BRIM, self.hat.brim_row, ROWS.stop).min(axis=1)
        first: IntArray = np.where((self.hat.brim >= BRIM).any(axis=1), rows, self.hat.base)
        return first

    @cached_property
    def crown_pieces(self) -> IntArray:
        """Pieces of every row of the crown: (N, R)."""
        return pieces_of(self.hat.crown)

    @cached_property
    def jagged(self) -> BoolArray:
        """Whether the top has several points."""
        last = np.minimum(self.brim_row - 1, self.hat.top + JAGGED_ROWS)
        jagged: BoolArray = in_rows(self.crown_pieces, self.hat.top, last, 0).max(axis=1) >= JAGGED
        return jagged

    @cached_property
    def height(self) -> IntArray:
        """Rows from the top to the edge."""
        return self.cover.edge - self.hat.top

    @cached_property
    def top_width(self) -> IntArray:
        """Columns of the highest row."""
        return at(self.hat.width, self.hat.top)

    @cached_property
    def shade_of_skin(self) -> BoolArray:
        """Whether the cover is skin darkened by short hair."""
        main, skin = self.cover.main, self.head.skin_lab
        colorful = np.hypot(main[:, 1], main[:, 2]) > COLORFUL
        return are_shades(main, skin, SKIN_STEP) & (main[:, 0] < skin[:, 0]) & colorful

    def narrows_upwards(self, rows: tuple[tuple[int, int], ...]) -> BoolArray:
        """Whether the outline is within a cone: some rows below the top it has at most some columns."""
        fits = [at(self.hat.width, self.hat.top + below) <= most for below, most in rows]
        inside: BoolArray = np.logical_and.reduce([self.top_width <= POINT, *fits])
        return inside

    def shown(self, what: str, some: IntArray) -> Bits:
        """Pixels that decided about some portraits: (M, R)."""
        if what == "hat":
            return self.hat.mask[some]
        if what == "piece":
            return self.ornaments.piece[some]
        if what == "gold":
            return self.ornaments.gold[some]
        edge, cover = self.cover.edge[some, None], self.head.cover[some]
        over_head = ~self.head.outside(0)[some]
        if what == "hood":
            shell = keep(self.hood.shell[some], self.hat.top[some, None] <= ROW)
            return shell | keep(cover, edge > ROW)
        if what == "band":
            return keep(cover & over_head, self.ornaments.band_rows[some])
        if what == "goggles":
            row = self.ornaments.goggle_row[some, None]
            return keep(cover & over_head, (row - 1 <= ROW) & (row + 2 >= ROW))
        if what == "ring":
            return self._ring(some)
        return keep(self.head.figure[some] & columns(FACE), (edge - 1 <= ROW) & (edge >= ROW))

    def _ring(self, some: IntArray) -> Bits:
        """Pixels of a ring over the head, in the colour of its upper edge: (M, R)."""
        head, row = self.head.take(some), self.ornaments.ring_row[some]
        light = lab_distance(head.lab, head.lab_at(row, MIDDLE)[:, None]) <= RING_LIKE
        near = (row[:, None] <= ROW) & (row[:, None] + RING_ROWS >= ROW)
        return keep((head.figure | head.floating) & head.has(light), near)


@once
def signs_of(landmarks: Landmarks) -> Signs:
    """Measure every head of a batch."""
    inked = landmarks.inked
    head = cut_head(inked.rgba, inked.palette, landmarks.face, landmarks.background, landmarks.skin)
    cover = find_cover(head)
    hat = find_outline(head, cover)
    return Signs(head, cover, hat, find_hood(head, cover.pixels), find_ornaments(head, cover))
