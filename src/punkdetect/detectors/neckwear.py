"""Neckwear: a chain, pendant or choker on the neck.

Looks for a thin line of one colour of its own that hangs across the neck (level, slanted or V-shaped) with
skin above it, and for a black band around a neck that goes on below it. Clothes are told from
chains because their colour goes on to the shoulders or fills more than one row of a column.

Cannot tell ties, scarves and pendants of several colours from the clothes around them: it calls them `none`.
"""

from __future__ import annotations

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

LEAST_COLUMNS = 3
"""Columns that a chain spans: necks are three to four columns wide."""

# Rows and columns are counted from the left one of the mouth's three columns.
ROWS, COLS = range(1, 8), range(-8, 7)
CHAIN_ROWS, NECK_COLS = range(3, 6), range(-4, 2)
"""Where chains lie: from the chin to the collar, and the columns that necks of both base heads have."""

BAND_ROWS, BAND_COLS = range(2, 5), range(-4, 0)
"""Rows of a choker and the first of its three columns."""

CHAIN, CHOKER, NONE = 0.9, 0.95, 0.93
"""Confidence of each answer: the share of labelled portraits, both collections alike, where it is right."""


class NeckLine:
    """A line across the neck, or a band around it."""

    name = "neckwear.line"
    version = 1
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
        chain = _find_chain(rgb, drawn & ~skin & ~ink, drawn & ~skin, skin)
        band = _find_band(ink, skin)
        has_chain, has_band = chain.any(axis=(1, 2)), band.any(axis=(1, 2))
        codes = np.where(
            has_chain | has_band, self.vocabulary.index("necklace"), self.vocabulary.index("none")
        )
        confidence = np.where(has_chain, CHAIN, np.where(has_band, CHOKER, NONE))
        bare = drawn & ~(has_chain | has_band).reshape(-1, 1, 1)
        bare[:, :, : _col(NECK_COLS.start)] = False
        bare[:, :, _col(NECK_COLS.stop) :] = False
        evidence = face.place_back(chain | band | bare, ROWS, COLS, "mouth")
        return make_column(self.trait, np.where(face.found, codes, NOT_FOUND), confidence, evidence)


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
    for row in CHAIN_ROWS:
        for col in NECK_COLS:
            some = np.flatnonzero(possible[:, _row(row), _col(col)])  # few necks are more than skin here
            link = rgb[some, None, None, _row(row), _col(col)]
            alike = drawn[some] & (color_difference(rgb[some], link) <= SAME_COLOR)
            line = alike & neck
            in_column = line.sum(axis=1)
            is_chain = (
                ((in_column > 0).sum(axis=1) >= LEAST_COLUMNS)
                & (in_column.max(axis=1) <= 1)
                & ~(alike & shoulders).any(axis=(1, 2))
                & (line & under_skin[some]).any(axis=(1, 2))
            )
            chain[some] |= line & is_chain[:, None, None]
    return chain


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


DETECTORS = (NeckLine(),)
