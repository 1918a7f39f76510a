"""Neckwear: a chain, pendant or choker on the neck, or a tie on a shirt.

Looks for a thin line of one colour of its own that hangs across the neck (level, slanted or V-shaped) with
skin above it, for a black band around a neck that goes on below it, and for a knot or strip, one or two
pixels wide, that lies between two pixels of a paler shirt and goes on, as narrow, in the next row. Clothes
are told from chains because their colour goes on to the shoulders or fills more than one row of a column.

Cannot tell scarves, ties without a shirt and pendants of several colours from the clothes around them: it
calls them `none`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import bits_of, down, keep, mask_of
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.face import color_difference
from punkdetect.pixels import find_pixels
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, IntArray, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS

SAME_COLOR = 30
"""Sum of the channel differences up to which links of a chain are one colour: chains have few shades."""

SKIN_COLOR = 24
"""Sum of the channel differences from the skin's colour up to which a neck is bare, also where a choker
cuts it off from the face."""

INK = 40
"""Sum of the channels under which a pixel is black: outline or choker, but no chain."""

SHINY = 150
"""Brightest channel that a chain has at least: gold, silver, pearls. Darker lines are seams, collars and the
lower edge of a beard."""

LEAST_COLUMNS = 3
"""Columns that a chain spans: necks are three to four columns wide."""

# Rows and columns are counted from the left one of the mouth's three columns.
ROWS, COLS = range(1, 8), range(-8, 7)
CHAIN_ROWS, NECK_COLS = range(3, 6), range(-4, 2)
"""Where chains lie: from the chin to the collar, and the columns that necks of both base heads have."""

BAND_ROWS, BAND_COLS = range(2, 5), range(-4, 0)
"""Rows of a choker and the first of its three columns."""

TIE_ROWS, TIE_COLS = range(3, 8), range(-2, 2)
"""Rows of a tie, from under the chin to the lower edge, and the first of its columns: under the mouth."""

TIE_WIDTHS, WIDEST = (1, 2), 3
"""Columns of what lies between the halves of the shirt, and of the widest row above or below it: three
columns in two rows are a jersey under an open shirt."""

LEAST_SHIRT = 5
"""Pixels of a shirt around a tie: fewer are dots of a pattern."""

TIE_COLOR = 45
"""Sum of the channel differences up to which a tie goes on below its knot: stripes differ this much."""

SHIRT_COLOR, PALER = 80, 150
"""Sums of the channel differences: up to the first, both sides of a collar are one shirt (checks differ by
50); by the second a shirt is lighter than the tie on it (a white shirt under a grey tie: 330)."""

CHAIN, CHOKER, TIE, NONE = 0.9, 0.95, 0.9, 0.93
"""Confidence of each answer: the share of labelled portraits, both collections alike, where it is right."""


class NeckLine:
    """A line across the neck, a band around it, or a knot on a shirt."""

    name = "neckwear.line"
    version = 2
    trait = "neckwear"
    vocabulary = TRAITS["neckwear"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the neckwear of every portrait; not found where there is no face."""
        face = landmarks.face
        rgb = face.crop(landmarks.inked.rgba, ROWS, COLS, "mouth")[..., :3]
        inside = (face.mouth_row[:, None] + np.asarray(ROWS) < SIDE)[:, :, None] & np.ones(
            (1, 1, len(COLS)), np.bool_
        )
        drawn = inside & ~face.crop(landmarks.background.mask, ROWS, COLS, "mouth")
        skin = face.crop(landmarks.skin.mask, ROWS, COLS, "mouth")
        skin |= color_difference(rgb, landmarks.skin.rgb[:, None, None]) <= SKIN_COLOR
        skin &= drawn
        ink = drawn & (color_difference(rgb, np.zeros(3, np.uint8)) < INK)
        chain = _find_chain(rgb, drawn & ~skin & (_brightest(rgb) >= SHINY), drawn & ~skin, skin)
        band = _find_band(ink, skin)
        tie, shirt = _find_tie(rgb, drawn & ~skin)
        chain[_any((shirt | tie) & chain)] = False  # both halves of a collar look like one
        tie[_any(chain)] = False
        band[_any(tie)] = False
        has_tie, has_chain, has_band = _any(tie), _any(chain), _any(band)
        found = (has_tie, has_chain | has_band)
        words = ("tie", "necklace")
        codes = np.select(found, [self.vocabulary.index(w) for w in words], self.vocabulary.index("none"))
        confidence = np.select((has_tie, has_chain, has_band), (TIE, CHAIN, CHOKER), NONE)
        bare = drawn & ~(found[0] | found[1]).reshape(-1, 1, 1)
        bare[:, :, : _col(NECK_COLS.start)] = False
        bare[:, :, _col(NECK_COLS.stop) :] = False
        evidence = face.place_back(chain | band | tie | bare, ROWS, COLS, "mouth")
        return make_column(self.trait, np.where(face.found, codes, NOT_FOUND), confidence, evidence)


def _any(mask: BoolArray) -> BoolArray:
    """Say which portraits have any of these pixels."""
    return np.asarray(mask.any(axis=(1, 2)))


def _brightest(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the brightest channel of each pixel."""
    bright: NDArray[np.uint8] = np.maximum(np.maximum(rgb[..., 0], rgb[..., 1]), rgb[..., 2])
    return bright


def _row(row: int) -> int:
    """Index of a row in the crop."""
    return row - ROWS.start


def _col(col: int) -> int:
    """Index of a column in the crop."""
    return col - COLS.start


def _find_chain(rgb: NDArray[np.uint8], possible: BoolArray, drawn: BoolArray, skin: BoolArray) -> BoolArray:
    """Return the pixels of a thin line of one colour across the neck.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (N, rows, cols, 3)
    possible, drawn, skin : ndarray of bool, shape (N, rows, cols)
        Pixels that may be part of a chain; those of neither skin nor background; skin.

    Returns
    -------
    ndarray of bool, shape (N, rows, cols)
    """
    chain = np.zeros(possible.shape, np.bool_)
    neck = np.zeros(possible.shape[1:], np.bool_)
    neck[_row(2) : _row(6), _col(NECK_COLS.start) : _col(NECK_COLS.stop)] = True
    shoulders = np.zeros(possible.shape[1:], np.bool_)
    shoulders[_row(3) :] = True
    shoulders[:, _col(NECK_COLS.start) : _col(NECK_COLS.stop)] = False
    under_skin = np.zeros(possible.shape, np.bool_)
    under_skin[:, 1:] = skin[:, :-1]
    seeds = np.zeros(possible.shape, np.bool_)
    rows, cols = (
        slice(at(part.start), at(part.stop)) for at, part in ((_row, CHAIN_ROWS), (_col, NECK_COLS))
    )
    seeds[:, rows, cols] = _alone(rgb, possible)[:, rows, cols]
    item, row, col = find_pixels(seeds)
    alike = drawn[item] & (color_difference(rgb[item], rgb[item, row, col][:, None, None]) <= SAME_COLOR)
    line = alike & neck
    in_column = line.sum(axis=1) + (line[:, _row(5)] & alike[:, _row(6)])
    is_chain = (
        (line.any(axis=1).sum(axis=1) >= LEAST_COLUMNS)
        & (in_column.max(axis=1) <= 1)
        & ~(alike & shoulders).any(axis=(1, 2))
        & (line & under_skin[item]).any(axis=(1, 2))
    )
    for link in np.flatnonzero(is_chain):  # few necks have any
        chain[item[link]] |= line[link]
    return chain


def _alone(rgb: NDArray[np.uint8], possible: BoolArray) -> BoolArray:
    """Return the pixels that may be links: those of most clothes have their own colour below."""
    alone = possible.copy()
    same = rgb[:, :-1] == rgb[:, 1:]
    alone[:, :-1] &= ~(same[..., 0] & same[..., 1] & same[..., 2])
    return alone


def _find_band(ink: BoolArray, skin: BoolArray) -> BoolArray:
    """Return three black columns across the neck where it goes on as skin two rows below."""
    one, two = np.uint32(1), np.uint32(2)
    black, bare = bits_of(ink), bits_of(skin)
    three_black, three_bare = (bits & bits >> one & bits >> two for bits in (black, bare))
    some_bare = bare | bare >> one | bare >> two
    starts = three_black & down(three_bare, -2) & down(some_bare, 1)
    starts &= np.uint32(sum(1 << _col(col) for col in BAND_COLS))
    rows = np.arange(ink.shape[1])
    starts = keep(starts, (rows >= _row(BAND_ROWS.start)) & (rows < _row(BAND_ROWS.stop)))
    return mask_of(starts | starts << one | starts << two, ink.shape[2])


def _find_tie(rgb: NDArray[np.uint8], cloth: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Return the pixels of a strip in a paler shirt that goes on below or above, and those of the shirt.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (N, rows, cols, 3)
    cloth : ndarray of bool, shape (N, rows, cols)
        Pixels of neither skin nor background.

    Returns
    -------
    tie, shirt : ndarray of bool, shape (N, rows, cols)
    """
    tie, shirts = np.zeros(cloth.shape, np.bool_), np.zeros(cloth.shape, np.bool_)
    light = rgb[..., 0].astype(np.int16) + rgb[..., 1] + rgb[..., 2]
    rows = slice(_row(TIE_ROWS.start), _row(TIE_ROWS.stop))
    for width in TIE_WIDTHS:
        # every place of the knot at once: what is beside it on both sides, its first and last column
        left, first, last, right = (
            slice(_col(TIE_COLS.start) + step, _col(TIE_COLS.stop) + step)
            for step in (-1, 0, width - 1, width)
        )
        darkest = np.maximum(light[:, rows, first], light[:, rows, last])
        paler = np.minimum(light[:, rows, left], light[:, rows, right]) - darkest >= PALER
        item, y, x = find_pixels(paler & cloth[:, rows, left] & cloth[:, rows, right])
        knot = _Knot(item, y + rows.start, x + first.start, width)
        knot = knot.only(color_difference(*(rgb[knot.at(step)] for step in (-1, width))) <= SHIRT_COLOR)
        for step in range(width):
            knot = knot.only(
                cloth[knot.at(step)] & (color_difference(rgb[knot.at(step)], rgb[knot.at(0)]) <= TIE_COLOR)
            )
        mine, fabric = rgb[knot.item], cloth[knot.item]
        rest = _goes_on(mine, fabric, knot)
        edge = rgb[knot.at(-1)]
        shirt = fabric & (color_difference(mine, edge[:, None, None]) <= SHIRT_COLOR)
        fits = _any(rest) & ((shirt & knot.around(cloth.shape)).sum(axis=(1, 2)) >= LEAST_SHIRT)
        for which in np.flatnonzero(fits):  # few wear one
            at = knot.item[which]
            tie[at] |= rest[which]
            tie[at, knot.y[which], knot.x[which] : knot.x[which] + width] = True
            shirts[at] |= shirt[which]
    return tie, shirts


class _Knot(NamedTuple):
    """Places where knots of ties may be: item, row and first column, shapes (M,), and their width."""

    item: IntArray
    y: IntArray
    x: IntArray
    width: int

    def at(self, step: int) -> tuple[IntArray, IntArray, IntArray]:
        """Return the index of the pixel so many columns to the right of the first one."""
        return self.item, self.y, self.x + step

    def only(self, which: BoolArray) -> _Knot:
        """Return some of the places."""
        return _Knot(self.item[which], self.y[which], self.x[which], self.width)

    def around(self, shape: tuple[int, ...]) -> BoolArray:
        """Return the pixels two rows and three columns around each knot: (M, rows, cols)."""
        rows, cols = np.arange(shape[1]), np.arange(shape[2]) - self.x[:, None]
        near: BoolArray = (np.abs(rows - self.y[:, None]) <= 2)[:, :, None] & (
            (cols >= -3) & (cols <= self.width + 2)
        )[:, None, :]
        return near


def _goes_on(rgb: NDArray[np.uint8], cloth: BoolArray, knot: _Knot) -> BoolArray:
    """Return the pixels of a knot's colour in the next and last row where they are as narrow."""
    on = np.zeros(cloth.shape, np.bool_)
    each = np.arange(len(cloth))[:, None]
    cols = knot.x[:, None] + np.arange(-2, knot.width + 2)
    ink = rgb[each[:, 0], knot.y, knot.x][:, None]
    for step in (-1, 1):
        row = knot.y[:, None] + step
        inside = (row >= 0) & (row < rgb.shape[1])
        row = np.clip(row, 0, rgb.shape[1] - 1)
        alike = cloth[each, row, cols] & (color_difference(rgb[each, row, cols], ink) <= TIE_COLOR)
        narrow = ~alike[:, :1] & ~alike[:, -1:] & (alike.sum(axis=1, keepdims=True) <= WIDEST)
        on[each, row, cols] |= alike & narrow & inside
    return on


DETECTORS = (NeckLine(),)
