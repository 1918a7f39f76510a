"""Neckwear: a chain, pendant or choker on the neck, or a tie on a shirt.

Looks for a thin line of one colour of its own that hangs across the neck (level, slanted or V-shaped) with
skin above it, for a black band around a neck that goes on below it, and for a knot or strip, one or two
pixels wide, that lies between two pixels of a paler shirt and goes on, as narrow, in the next row. Clothes
are told from chains because their colour goes on to the shoulders or fills more than one row of a column.

Cannot tell scarves, ties without a shirt and pendants of several colours from the clothes around them: it
calls them `none`.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.face import color_difference
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, Punks, TraitColumn, make_column
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
    return mask.reshape(len(mask), -1).any(axis=1)  # type: ignore[return-value]


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
    seeds = _alone(rgb, possible)
    for row in CHAIN_ROWS:
        for col in NECK_COLS:
            some = np.flatnonzero(seeds[:, _row(row), _col(col)])
            link = rgb[some, None, None, _row(row), _col(col)]
            alike = drawn[some] & (color_difference(rgb[some], link) <= SAME_COLOR)
            line = alike & neck
            in_column = line.sum(axis=1) + (line[:, _row(5)] & alike[:, _row(6)])
            is_chain = (
                (line.any(axis=1).sum(axis=1) >= LEAST_COLUMNS)
                & (in_column.max(axis=1) <= 1)
                & ~(alike & shoulders).any(axis=(1, 2))
                & (line & under_skin[some]).any(axis=(1, 2))
            )
            chain[some] |= line & is_chain[:, None, None]
    return chain


def _alone(rgb: NDArray[np.uint8], possible: BoolArray) -> BoolArray:
    """Return the pixels that may be links: those of most clothes have their own colour below."""
    alone = possible.copy()
    same = rgb[:, :-1] == rgb[:, 1:]
    alone[:, :-1] &= ~(same[..., 0] & same[..., 1] & same[..., 2])
    return alone


def _find_band(ink: BoolArray, skin: BoolArray) -> BoolArray:
    """Return three black columns across the neck where it goes on as skin two rows below."""
    band = np.zeros(ink.shape, np.bool_)
    for row in BAND_ROWS:
        for col in BAND_COLS:
            part = slice(_col(col), _col(col) + LEAST_COLUMNS)
            is_band = (
                ink[:, _row(row), part].all(axis=1)
                & skin[:, _row(row + 2), part].all(axis=1)
                & skin[:, _row(row - 1), part].any(axis=1)
            )
            band[:, _row(row), part] |= np.reshape(is_band, (-1, 1))
    return band


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
    for row, col, width in product(TIE_ROWS, TIE_COLS, TIE_WIDTHS):
        y, left, right = _row(row), _col(col - 1), _col(col + width)
        knot = slice(left + 1, right)
        darkest = np.maximum(light[:, y, left + 1], light[:, y, right - 1])
        paler = np.minimum(light[:, y, left], light[:, y, right]) - darkest >= PALER
        some = np.flatnonzero(paler & cloth[:, y, left] & cloth[:, y, right])
        edge = rgb[some, y, left]
        some = some[color_difference(rgb[some, y, right], edge) <= SHIRT_COLOR]
        ink = rgb[some, y, left + 1][:, None]
        alike = cloth[some, y, knot] & (color_difference(rgb[some, y, knot], ink) <= TIE_COLOR)
        some = some[alike.all(axis=1)]
        if not len(some):
            continue
        mine, fabric = rgb[some], cloth[some]
        rest = _goes_on(mine, fabric, y, left, right)
        shirt = fabric & (color_difference(mine, mine[:, y, left][:, None, None]) <= SHIRT_COLOR)
        around = shirt[:, max(0, y - 2) : y + 3, max(0, left - 2) : right + 3]
        fits = _any(rest) & (around.sum(axis=(1, 2)) >= LEAST_SHIRT)
        tie[some[fits], y, knot] = True
        tie[some[fits]] |= rest[fits]
        shirts[some[fits]] |= shirt[fits]
    return tie, shirts


def _goes_on(rgb: NDArray[np.uint8], cloth: BoolArray, y: int, left: int, right: int) -> BoolArray:
    """Return the pixels of a knot's colour in the next and last row where they are as narrow."""
    on = np.zeros(cloth.shape, np.bool_)
    ink = rgb[:, y, left + 1][:, None]
    for other in (y - 1, y + 1):
        if 0 <= other < rgb.shape[1]:
            place = slice(left - 1, right + 2)
            alike = cloth[:, other, place] & (color_difference(rgb[:, other, place], ink) <= TIE_COLOR)
            narrow = ~alike[:, 0] & ~alike[:, -1] & (alike.sum(axis=1) <= WIDEST)
            on[:, other, place] = alike & narrow[:, None]
    return on


DETECTORS = (NeckLine(),)
