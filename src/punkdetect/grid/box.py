"""The part of a picture that is taken for the portrait, and what is known of the border around it.

Owns the geometry that the exact and the tolerant search share; looks at no colour.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from punkdetect.punks import SIDE, BoolArray, FloatArray

WIDEST = 0.3
"""Widest border, as a share of the picture's side, that is looked for where its colour does not tell it."""

WIDEST_RING = 5
"""Cells of the widest ring that is looked for around a portrait enlarged with it: 15 % of the side."""

STEP = 0.6
"""Share of the portrait's outline (but for the lower edge) that must differ from the border for its colour to
tell where it ends. The box around a figure before a plain backdrop, mistaken for a portrait, has 0.3."""

ALONE = 0.9
"""Share from which nothing but the colour is asked, if the box is square. Between the two, a part of the
portrait's backdrop may have the border's colour: a border that is the same on all sides comes first, then."""


class Box(NamedTuple):
    """A rectangle in source pixels; fractions of a pixel are meant.

    Parameters
    ----------
    top, bottom, left, right : float
        The first row and the one after the last, the first column and the one after the last.
    """

    top: float
    bottom: float
    left: float
    right: float

    def span(self, axis: int) -> tuple[float, float]:
        """Return where the box begins and ends along an axis (0: rows, 1: columns)."""
        return (self.top, self.bottom) if axis == 0 else (self.left, self.right)

    def with_span(self, axis: int, start: float, end: float) -> Box:
        """Return the box with another span along an axis."""
        return self._replace(top=start, bottom=end) if axis == 0 else self._replace(left=start, right=end)

    def is_centered(self, shape: tuple[int, ...]) -> bool:
        """Tell whether a picture of some shape has a border around the box that is the same on all sides."""
        sides = (self.top, shape[0] - self.bottom, self.left, shape[1] - self.right)
        return min(sides) > 0 and max(sides) - min(sides) < 0.01

    def cell(self, axis: int) -> float:
        """Return the size in source pixels of one of 24 cells along an axis."""
        start, end = self.span(axis)
        return (end - start) / SIDE

    def cells_of(self, least: float) -> bool:
        """Tell whether cells are exactly one pixel, or so many at least, along both axes."""
        return all(self.cell(axis) == 1 or self.cell(axis) >= least for axis in (0, 1))

    def is_square(self) -> bool:
        """Tell whether the box is as high as wide, to a quarter of a cell."""
        return abs(self.cell(0) - self.cell(1)) * SIDE <= 0.25 * min(self.cell(0), self.cell(1))

    def holds(self, other: Box) -> bool:
        """Tell whether another box lies inside this one, but for a rounded pixel."""
        return (
            other.top > self.top - 1
            and other.left > self.left - 1
            and other.bottom < self.bottom + 1
            and other.right < self.right + 1
        )

    def inside_ring(self, ring: int) -> Box:
        """Return the box of 24 x 24 cells inside a ring so many cells wide."""
        down, over = (self.cell(axis) * SIDE / (SIDE + 2 * ring) * ring for axis in (0, 1))
        return Box(self.top + down, self.bottom - down, self.left + over, self.right - over)

    def boundaries(self, axis: int) -> FloatArray:
        """Return the 25 boundaries of 24 cells along an axis, in source pixels."""
        start, end = self.span(axis)
        return np.linspace(start, end, SIDE + 1)


def whole(shape: tuple[int, ...]) -> Box:
    """Return the box of a whole picture, given the shape of its array."""
    return Box(0.0, float(shape[0]), 0.0, float(shape[1]))


def outline_share(differs: BoolArray, box: Box, depth: tuple[int, int] = (0, 0)) -> float:
    """Return how much of a box's outline, where a border lies beside it, differs from the border.

    The lower edge does not count: clothes of the border's colour may hide all of it.

    Parameters
    ----------
    differs : ndarray of bool, shape (H, W)
        Where the picture differs from the border.
    box : Box
        On whole pixels.
    depth : tuple of int
        Rows and columns inside the box at which it is looked at.
    """
    top, bottom, left, right = (int(edge) for edge in box)
    inside = differs[top:bottom, left:right]
    lines = (
        (inside[depth[0]], box.top > 0),
        (inside[:, depth[1]], box.left > 0),
        (inside[:, -1 - depth[1]], box.right < differs.shape[1]),
    )
    shares = [float(line.mean()) for line, bordered in lines if bordered]
    return sum(shares) / max(1, len(shares))


def down_to_clothes(box: Box, height: int) -> Box:
    """Return a box made square by its lower edge, which clothes of the border's colour may hide."""
    return box._replace(bottom=min(float(height), box.top + box.right - box.left))
