"""Neckwear: chains, chokers, ties, bow ties, scarves and garlands under the chin.

Looks for what has a colour of its own there, which neither the skin nor the clothes have, and for its shape.
A scarf is a band wider than the neck whose end hangs down. A tie is a strip of one to three columns between
two halves of a paler shirt that goes on below; a bow tie two wings with a knot between them. A garland or a
pleated collar changes its colour at every pixel. A choker covers the whole neck and leaves skin below it. A
chain is a thin line that hangs from the neck over skin or clothes; the thinnest ones are looked for on the
bare neck alone, with black chokers. Clothes are told from all of them because their colour goes on to the
shoulders, or fills the neck of a jacket down to the lowest row.

Cannot tell what is worn in a colour of the skin or of the clothes, scarves that cover the face, and collars
in another colour where the shoulders are hidden.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import bits_of, down, keep, mask_of
from punkdetect.detectors._neck.chains import find_chain, find_choker
from punkdetect.detectors._neck.scarves import find_garland, find_scarf
from punkdetect.detectors._neck.ties import find_bow, find_tie
from punkdetect.detectors._neck.view import REACH, NeckView, look_at_necks
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.face import color_difference
from punkdetect.pixels import find_pixels
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

CHIN = 7
"""Columns of a black line from which it is the outline of a chin."""

UNSAID_COLS, UNSAID = 4, 6
"""Columns from the middle of the neck, and pixels of a colour of its own there, from which a neck that none
of the signs is found on may yet wear something."""

SCARF, TIE, BOW, CHOKER, CHAIN, GARLAND, NONE, UNSURE = 0.95, 0.93, 0.85, 0.94, 0.85, 0.7, 0.985, 0.8
"""Confidence of each sign, and of none where nothing, or something, is left unsaid: the share of portraits of
eight collections by as many hands where it is right."""

SIGNS = (
    ("scarf", SCARF, find_scarf), ("tie", TIE, find_tie), ("tie", BOW, find_bow),
    ("other", GARLAND, find_garland), ("necklace", CHOKER, find_choker), ("necklace", CHAIN, find_chain),
)  # fmt: skip
"""Value, confidence and shape of what is looked for around the neck, the first one found holds: stripes of
scarves look like ties, and flowers like chains."""


class NeckSigns:
    """A band, a strip, a bow or a line of a colour of its own under the chin."""

    name = "neckwear.line"
    version = 4
    trait = "neckwear"
    vocabulary = TRAITS["neckwear"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the neckwear of every portrait; not found where there is no face."""
        face = landmarks.face
        view = look_at_necks(landmarks)
        codes = np.full(len(punks), self.vocabulary.index("none"))
        confidence = np.full(len(punks), NONE)
        own = view.own[:, 1:, REACH - UNSAID_COLS : REACH + UNSAID_COLS + 1]
        confidence[view.item[own.sum(axis=(1, 2)) >= UNSAID]] = UNSURE
        shown = _neck_of(landmarks)
        for value, sure, mask in reversed((*_worn(view, len(punks)), *_on_bare_necks(landmarks, view))):
            found = _any(mask)
            codes[found], confidence[found] = self.vocabulary.index(value), sure
            shown[found] = mask[found]
        return make_column(self.trait, np.where(face.found, codes, NOT_FOUND), confidence, shown)


def _worn(view: NeckView, n: int) -> list[tuple[str, float, BoolArray]]:
    """Return the value, confidence and pixels of each sign in the windows around the necks."""
    return [(value, sure, view.place(find(view), n)) for value, sure, find in SIGNS]


def _on_bare_necks(landmarks: Landmarks, view: NeckView) -> list[tuple[str, float, BoolArray]]:
    """Return the same of thin chains and black chokers, which leave the neck's skin bare above or below."""
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
    chain = _find_line(rgb, drawn & ~skin & (_brightest(rgb) >= SHINY), drawn & ~skin, skin)
    thin = face.place_back(chain, ROWS, COLS, "mouth")
    # shadows on the neck and rims of the clothes
    odd = view.place(view.own, len(thin))
    thin[_any(thin & ~odd)] = False
    band = face.place_back(_find_band(ink, skin), ROWS, COLS, "mouth")
    return [("necklace", CHAIN, thin), ("necklace", CHOKER, band)]


def _neck_of(landmarks: Landmarks) -> BoolArray:
    """Return where neckwear would be: what shows that there is none."""
    face = landmarks.face
    bare = ~face.crop(landmarks.background.mask, ROWS, COLS, "mouth")
    bare &= (face.mouth_row[:, None] + np.asarray(ROWS) < SIDE)[:, :, None]
    bare[:, :, : _col(NECK_COLS.start)] = False
    bare[:, :, _col(NECK_COLS.stop) :] = False
    return face.place_back(bare, ROWS, COLS, "mouth")


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


def _find_line(rgb: NDArray[np.uint8], possible: BoolArray, drawn: BoolArray, skin: BoolArray) -> BoolArray:
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
    starts &= ~_in_long_runs(black)
    rows = np.arange(ink.shape[1])
    starts = keep(starts, (rows >= _row(BAND_ROWS.start)) & (rows < _row(BAND_ROWS.stop)))
    return mask_of(starts | starts << one | starts << two, ink.shape[2])


def _in_long_runs(black: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the pixels of level lines as long as a chin."""
    run = black
    for _ in range(CHIN - 1):
        run = run & run >> np.uint32(1)
    whole = run
    for _ in range(CHIN - 1):
        whole = whole | whole << np.uint32(1)
    return whole


DETECTORS = (NeckSigns(),)
