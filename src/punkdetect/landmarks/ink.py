"""The ink: the dark colour that a portrait's outline is drawn in.

Owns which colour outlines the figure. Knows skin and background; must not know what is drawn with it.

Most 24x24 portraits are outlined in black; others in dark brown, in navy or in a dark shade of their own.
All that is said of black lines elsewhere is said of these, so landmarks look at a copy in which the outline
is black.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import bits_of, down
from punkdetect.landmarks.background import Background
from punkdetect.landmarks.skin import Skin
from punkdetect.pixels import Palette, lab_distance, lab_of, shift
from punkdetect.punks import BoolArray, ByteArray
from punkdetect.records import Record

LEAST_LINE = 4
"""Places where one pixel of the outline parts skin from background: a bare jaw and neck have ten and more,
those among hair and clothes at least these."""

MAIN_SHARE = 0.6
"""Share of such places that the ink has at least: strands of shaded hair change their colour."""

LIGHTEST, BLACK_ENOUGH = 45.0, 1.0
"""Lightness from which a line is no ink, and under which it is black already."""

MOST_BLACK = 0.05
"""Share of the outer edge that may be black all the same: where there is black, black is the ink."""

DARKER = 0.7
"""Share of the skin's lightness that the ink has at most."""

ONE_INK = 4.0
"""CIELAB distance up to which colours are that ink: re-encoding moves them by as much."""


class Inked(Record):
    """Portraits whose outlines are black, whatever ink they are drawn in.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette
        Its index is that of the portraits' own palette.
    """

    rgba: ByteArray
    palette: Palette


def find_ink(palette: Palette, skin: Skin, background: Background) -> BoolArray:
    """Find the colours of each portrait that are the ink of its outline and not black.

    Where a single pixel parts skin from what is behind the figure, it is outline: along the jaw, the ear and
    the neck there is nothing else.

    Parameters
    ----------
    palette : Palette
    skin : Skin
    background : Background
        All of the same N portraits.

    Returns
    -------
    ndarray of bool, shape (N, K)
        All False where the outline is black, and where there is none.
    """
    behind, skin_bits = bits_of(background.mask), bits_of(skin.mask)
    one = np.uint32(1)
    parts = np.bitwise_or(
        np.bitwise_and(behind >> one, skin_bits << one),
        np.bitwise_and(behind << one, skin_bits >> one),
    )
    parts |= down(behind, -1) & down(skin_bits, 1)
    counts = palette.count_bits(parts & ~behind & ~skin_bits)
    each, main = np.arange(len(palette)), counts.argmax(axis=1)
    most, lightness = counts[each, main], palette.lab[each, main, 0]
    drawn = (most >= LEAST_LINE) & (most >= MAIN_SHARE * counts.sum(axis=1))
    drawn &= (lightness < np.minimum(LIGHTEST, DARKER * lab_of(skin.rgb)[:, 0])) & (lightness > BLACK_ENOUGH)
    some = np.flatnonzero(drawn)  # most outlines are black
    few = palette.take(some)
    edge = few.count_in(_outer_edge(few, background.mask[some]))
    black = (edge * (few.lab[..., 0] <= BLACK_ENOUGH)).sum(axis=1)
    some = some[black <= MOST_BLACK * edge.sum(axis=1)]
    ink = np.zeros(palette.colors.shape, np.bool_)
    ink[some] = lab_distance(palette.lab[some], palette.lab[some, main[some], None]) <= ONE_INK
    return ink & (palette.counts > 0)


def _outer_edge(palette: Palette, behind: BoolArray) -> BoolArray:
    """Pixels of the figure between what is behind it and a lighter pixel: (N, 24, 24)."""
    figure, light = ~behind, palette.of_pixels(palette.lab[..., 0])
    edge = np.zeros(figure.shape, np.bool_)
    for rows, cols in ((0, 1), (0, -1), (1, 0)):
        lighter = shift(figure, rows, cols) & (shift(light, rows, cols) > light)
        edge |= shift(behind, -rows, -cols) & lighter
    return edge & figure


def blacken(rgba: ByteArray, palette: Palette, ink: BoolArray) -> Inked:
    """Draw the outlines of portraits in black.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette
    ink : ndarray of bool, shape (N, K)
        The colours of the ink; none where the outline is black already.

    Returns
    -------
    Inked
        The very arrays that were given where there is nothing to change.
    """
    some = np.flatnonzero(ink.any(axis=1))
    if not len(some):
        return Inked(rgba, palette)
    n, height, width = palette.index[some].shape
    drawn = np.take_along_axis(ink[some], palette.index[some].reshape(n, height * width), axis=1)
    blackened = rgba.copy()
    blackened[some, ..., :3] = np.where(drawn.reshape(n, height, width, 1), np.uint8(0), rgba[some, ..., :3])
    return Inked(blackened, palette.recolored(np.where(ink, np.uint32(0), palette.colors)))
