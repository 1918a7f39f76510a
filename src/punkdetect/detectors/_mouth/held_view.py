"""What is to the one side of a mouth where more leaves it: windows that are counted outwards from the bar.

Owns which side that is, and which pixels there are a thing, face, ink or background. Must not know what is
told of them. Heads turn either way: the window is mirrored where the thing is on the other side.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from punkdetect import bitrows
from punkdetect.bitrows import Bits, bits_of
from punkdetect.detectors._mouth.beside import BEHIND, INK, PLAIN, SHADE, Mouths, View
from punkdetect.detectors._mouth.names_of_things import Kinds, kinds_of_colors
from punkdetect.detectors._mouth.signs import MouthSigns
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.flat_colors import cut_windows
from punkdetect.pixels import unpack_rgb
from punkdetect.punks import SIDE, BoolArray, IntArray
from punkdetect.records import Record

ROWS, STEPS = range(-13, 9), range(-1, 14)
"""Rows from the bar, up to where smoke goes, and columns outwards from its middle."""

BAR, MIDDLE = -ROWS.start, -STEPS.start
"""Row and column of the window with the middle of the bar."""

HIGHEST, FIRST = -6, 2
"""Highest row of what is held, a bowl beside the cheek, and the first column: before it there are lips."""

CHEEK_ROWS = (-3, -2)
"""Rows from the bar in which the width of the head is measured: above moustaches, under glasses."""

OF_FACE = PLAIN | SHADE
"""Bits of what is of the face's colour."""

KIND = 4
"""The first bit of a pixel that says what its colour may be; before it come those of `kinds_of_pixels`."""

PLACES = {"high": 0, "above": 1, "clothes": 2, "left": 3, "right": 4}
"""Where hair, hats, clothes and earrings are, and the bits of the colours that are there."""

PLACE = KIND + len(Kinds._fields)
"""The first bit of those."""

ITEM = PLACE + len(PLACES)
"""Bit of what the rule found."""

RGB = np.uint32(0xFFFFFF)
"""The three channels of a packed colour."""

DIGIT = 10
"""Bits of a digit that counts pixels: a portrait has 576."""

COMMON = 3
"""Pixels of a colour in a place from which it is one of that place."""

HIGH_ROW, ABOVE_ROWS, ASIDE = -9, range(-9, -3), 5
"""Row from the bar over which hair and hats are; rows, and columns from the middle, where hair hangs."""

CLOTHES_ROW, CLOTHES_COLS = 5, 4
"""First row of clothes, and columns under the chin where they are seen."""

OTHER_ROWS, OTHER_COLS = range(-2, 4), 4
"""Rows and first column on either side where what hangs on both is no thing held."""


class Beside(Record):
    """What is to the one side of every mouth where more leaves it; columns as bits, (N, C), rows upwards.

    Parameters
    ----------
    view : View
        The windows.
    code : ndarray of uint32, shape (N, R, C)
        What each pixel is and what its colour may be.
    own : ndarray of uint32, shape (N, C)
        Of no colour of face, hair, clothes or the other side.
    thing : ndarray of uint32, shape (N, C)
        The part of it that is connected with the mouth.
    lined : ndarray of uint32, shape (N, C)
        What is connected with the mouth past the jaw, with all its ink.
    jaw : ndarray of int, shape (N,)
        Column of the window with the outline of the jaw.
    other : ndarray of int, shape (N, 4)
        How much of all that is on the other side.
    """

    view: View
    code: NDArray[np.uint32]
    own: Bits
    thing: Bits
    lined: Bits
    jaw: IntArray
    other: IntArray

    @cached_property
    def behind(self) -> Bits:
        """Background: (N, C)."""
        return columns_of(self.code & BEHIND > 0)


def look_beside(landmarks: Landmarks, signs: MouthSigns) -> Beside:
    """Look to both sides of every mouth and take the one on which more leaves it."""
    mouths = signs.mouths
    n = len(mouths.row)
    view = View(mouths, np.arange(2 * n), ROWS, STEPS)
    code = cut_windows(_code_of_pixels(landmarks, signs), view.item, view.rows, view.cols)
    for axis, at in ((1, view.rows), (2, view.cols)):
        outside = np.expand_dims((at < 0) | (at >= SIDE), 3 - axis)
        code = np.where(outside, np.uint32(BEHIND), code)
    color = cut_windows(mouths.palette.index, view.item, view.rows, view.cols)
    both = columns_of(color[:n] == color[n:])
    alike = np.concatenate([both, both])
    ink = columns_of(code & (BEHIND | INK) == INK)
    foreign = columns_of(code & (BEHIND | INK | OF_FACE) == 0)
    of_face = columns_of((code & OF_FACE > 0) & (code & (BEHIND | INK) == 0))
    far = np.repeat([1 << PLACE + PLACES["left"], 1 << PLACE + PLACES["right"]], n).astype(np.uint32)
    common = np.uint32(1 << PLACE + PLACES["above"] | 1 << PLACE + PLACES["clothes"])
    elsewhere = columns_of(code & (far | common)[:, None, None] > 0)
    rows = np.uint32((1 << len(ROWS)) - (1 << BAR + HIGHEST))
    own = foreign & ~elsewhere & ~alike & rows
    own[:, : MIDDLE + FIRST] = 0
    held = _follow_outwards(ink | (foreign & ~alike))
    thing = bitrows.flood(own, own & held)
    jaw = _find_jaw(of_face)
    beyond = np.arange(len(STEPS)) > jaw[:, None]
    past = np.where(beyond, (own | ink) & rows, np.uint32(0))
    lined = bitrows.flood(past, past & (held | thing))
    sizes = np.stack([bitrows.count(bits) for bits in (thing, lined, own, ink)], axis=1)
    key = sizes @ np.array([1 << 24, 1 << 16, 1 << 8, 1])
    side = np.where(key[n:] > key[:n], np.arange(n, 2 * n), np.arange(n))
    return Beside(
        View(mouths, side, ROWS, STEPS),
        code[side],
        own[side],
        thing[side],
        lined[side],
        jaw[side],
        sizes[(side + n) % (2 * n)] if n else sizes,
    )


def _code_of_pixels(landmarks: Landmarks, signs: MouthSigns) -> NDArray[np.uint32]:
    """Tell of every pixel what it is and what its colour may be: (N, 24, 24)."""
    mouths, palette = signs.mouths, landmarks.inked.palette
    rgb = unpack_rgb(palette.colors)
    ink = palette.colors & RGB == 0
    code = np.zeros(palette.colors.shape, np.uint32)
    for bit, kind in enumerate(kinds_of_colors(rgb, ink)):
        code |= kind.astype(np.uint32) << np.uint32(KIND + bit)
    for bit, common in enumerate(_common_in_places(mouths)):
        code |= common.astype(np.uint32) << np.uint32(PLACE + bit)
    pixels = palette.of_pixels(code)
    pixels |= mouths.kinds
    pixels |= signs.item.astype(np.uint32) << np.uint32(ITEM)
    return pixels


def _common_in_places(mouths: Mouths) -> list[BoolArray]:
    """Tell which colours are in which of the `PLACES`: (N, K) each."""
    index, n = np.arange(SIDE), len(mouths.row)
    rows, cols = (index - place[:, None] for place in (mouths.row, mouths.col))
    aside = np.abs(cols)
    near = (rows >= OTHER_ROWS.start) & (rows < OTHER_ROWS.stop)
    above = (rows >= ABOVE_ROWS.start) & (rows < ABOVE_ROWS.stop)
    places = (
        (rows < HIGH_ROW, np.ones_like(aside, bool)),
        (above, aside >= ASIDE),
        (rows >= CLOTHES_ROW, aside <= CLOTHES_COLS),
        (near, cols <= -OTHER_COLS),
        (near, cols >= OTHER_COLS),
    )
    digits = np.zeros((n, SIDE, SIDE), np.int64)
    for place, (in_row, in_col) in enumerate(places):
        digits += (in_row[:, :, None] & in_col[:, None]).astype(np.int64) << place * DIGIT
    digits[mouths.kinds & (OF_FACE | BEHIND | INK) > 0] = 0
    k = mouths.palette.colors.shape[1]
    cell = mouths.palette.index + (np.arange(n) * k)[:, None, None]
    # all places at once, as digits of one number
    number = np.bincount(cell.reshape(-1), digits.reshape(-1), minlength=n * k).astype(np.int64)
    number = number.reshape(n, k)
    return [(number >> place * DIGIT) % (1 << DIGIT) >= COMMON for place in range(len(places))]


def columns_of(mask: BoolArray) -> Bits:
    """Write every column of windows as one number: (N, R, C) to (N, C)."""
    return bits_of(np.ascontiguousarray(mask.transpose(0, 2, 1)))


def _follow_outwards(solid: Bits) -> Bits:
    """Return what is connected with the mouth outwards, column by column, without a gap: (M, C)."""
    held = np.zeros_like(solid)
    bar = np.uint32(1 << BAR)
    held[:, MIDDLE : MIDDLE + 2] = bar
    for col in range(MIDDLE + 2, solid.shape[1]):
        before = held[:, col - 1]
        held[:, col] = (before | before << np.uint32(1) | before >> np.uint32(1)) & solid[:, col]
    return held


def _find_jaw(of_face: Bits) -> IntArray:
    """Return the first column outwards in which the face has ended in the rows of the cheeks: (M,)."""
    jaw = np.zeros(len(of_face), np.intp)
    for row in CHEEK_ROWS:
        outside = (of_face >> np.uint32(BAR + row) & np.uint32(1)) == 0
        outside[:, : MIDDLE + 1] = False
        jaw = np.maximum(jaw, np.where(outside.any(axis=1), outside.argmax(axis=1), len(STEPS) - 1))
    return jaw
