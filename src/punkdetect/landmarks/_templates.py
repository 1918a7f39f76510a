"""Where templates of a face fit best on the flat colours that a face is drawn on.

Owns which templates there are, and how well each explains what stands out. Must not know what is made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks._placement import (
    FULL_SCORE,
    TIE,
    USUAL,
    Template,
    best_placement,
)
from punkdetect.landmarks._whites import Looking, find_eye_pairs
from punkdetect.landmarks.flat_colors import (
    DISTINCT,
    SAME_COLOR,
    Window,
    color_difference,
    cut_boxes,
    guess_flat_colors,
)
from punkdetect.pixels import TRANSPARENT, Palette, pack_rgb, unpack_rgb
from punkdetect.punks import BoolArray, ByteArray, FloatArray, IntArray
from punkdetect.records import Record

OTHER_TEMPLATES = (Template(4, 2), Template(6, 3), Template(3, 2), Template(7, 4), Template(8, 4))
"""Heads whose eyes are nearer or further apart than usual."""

LEAST_GROUND = 9
"""Pixels of the window from which its second colour is surely not that of the lips: wide lips with both
corners raised have seven, two rows of them eight."""


class Grounds(Record):
    """What a face is drawn on; shapes (N, 3), and (N,)."""

    first: ByteArray
    second: ByteArray
    large: BoolArray
    """Whether the second colour covers too much to be that of the lips."""

    def take(self, which: IntArray) -> Grounds:
        """Return the grounds of some faces."""
        return Grounds(self.first[which], self.second[which], self.large[which])

    def has_colors_of(self, other: Grounds) -> BoolArray:
        """Tell which have the same two colours, in whatever order."""
        first, second, third, fourth = map(pack_rgb, (self.first, self.second, other.first, other.second))
        same: BoolArray = (first == third) & (second == fourth) | (first == fourth) & (second == third)
        return same


class Placed(Record):
    """Where a template of a face explains best what stands out, shape (N, 24, 24), of two flat colours.

    `spacing` and `middle` are those of the template, `whole` tells where the eyes are whole.
    """

    stands_out: BoolArray
    eye_row: IntArray
    eye_col: IntArray
    nose_row: IntArray
    spacing: IntArray
    middle: IntArray
    score: FloatArray
    whole: BoolArray
    looking: Looking

    def take(self, which: IntArray) -> Placed:
        """Return the places of some faces."""
        return Placed(
            self.stands_out[which],
            self.eye_row[which],
            self.eye_col[which],
            self.nose_row[which],
            self.spacing[which],
            self.middle[which],
            self.score[which],
            self.whole[which],
            self.looking.take(which),
        )


def join_places(parts: Sequence[Placed]) -> Placed:
    """Put places of some faces after those of others."""

    def join(of: Sequence[Record], name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in of])

    looking = Looking(*(join([placed.looking for placed in parts], name) for name in Looking._fields))
    return Placed(**{name: join(parts, name) for name in Placed._fields[:-1]}, looking=looking)


def find_grounds(rgba: ByteArray, *windows: Window) -> Grounds:
    """Find the flat colours of windows of one size, all portraits' first one, then their next."""
    part = np.concatenate([rgba[:, top:bottom, left:right] for top, bottom, left, right in windows])
    first, second = guess_flat_colors(part)
    alike = color_difference(part, second[:, None, None]) <= SAME_COLOR
    return Grounds(first, second, np.asarray(alike.sum(axis=(1, 2)) >= LEAST_GROUND))


def place_template(rgba: ByteArray, palette: Palette, ground: Grounds) -> Placed:
    """Find the best place of the usual template."""
    (placed,) = place_templates(rgba, palette, ground, (USUAL,))
    return placed


def place_templates(
    rgba: ByteArray, palette: Palette, ground: Grounds, templates: Sequence[Template]
) -> list[Placed]:
    """Find the best place of each of some templates."""
    colors = unpack_rgb(palette.colors)
    distinct = color_difference(colors, ground.first[:, None]) >= DISTINCT
    distinct &= color_difference(colors, ground.second[:, None]) >= DISTINCT
    stands_out = palette.of_pixels(distinct | (palette.colors == TRANSPARENT))
    spacings = [template.spacing for template in templates]
    eyes = find_eye_pairs(rgba, palette, distinct, range(min(spacings) - 1, max(spacings) + 2))
    out = []
    for template in templates:
        eye_row, eye_col, nose_gap, points, whole = best_placement(stands_out, eyes, template)
        looking = eyes.settle(eye_row, eye_col, template.spacing)
        score = np.clip(points / (TIE * FULL_SCORE), 0.0, 1.0)
        spacing, middle = (np.full(len(rgba), part) for part in template)
        nose_row = eye_row + nose_gap
        out.append(Placed(stands_out, eye_row, eye_col, nose_row, spacing, middle, score, whole > 0, looking))
    return out


def shows_eyes(rgba: ByteArray, placed: Placed) -> BoolArray:
    """Tell where there are surely eyes, and not the lenses or the visor that may lie at any distance.

    Eyes show their whites, or are whole, with skin around; lenses go on outwards in their colour.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    placed : Placed

    Returns
    -------
    ndarray of bool, shape (N,)
    """
    each = np.arange(len(rgba))
    wide = np.ones((len(rgba), 2), np.bool_)
    for col in (placed.eye_col - 1, placed.eye_col + placed.spacing + 1):
        pair = cut_boxes(rgba, each, placed.eye_row, col, 2, 2)
        drawn = cut_boxes(placed.stands_out, each, placed.eye_row, col, 2, 2).all(axis=2)
        wide &= drawn & (color_difference(pair[:, :, 0], pair[:, :, 1]) <= SAME_COLOR)
    return np.asarray((placed.whole | placed.looking.seen) & ~wide.any(axis=1))
