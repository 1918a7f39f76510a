"""What is worn in the hair or around the head without covering it: coloured pieces, bands, rings, goggles.

Owns which pixels of a head are foreign to its hair. Must not know what any of them is called.

The shades of hair lie close together, one leading to the next; what has a colour of its own was put there.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import Bits, bits_of, count, count_bits, pieces
from punkdetect.landmarks.head_bands import (
    ACROSS,
    CONTRAST,
    DARK,
    HIGHEST_BAND,
    LOWEST_BAND,
    SKIN_SHADE,
    SOME_BARE,
    bare_forehead,
    find_band_on_hair,
    find_band_on_skin,
)
from punkdetect.landmarks.head_cover import Cover
from punkdetect.landmarks.head_grid import FACE, HeadGrid
from punkdetect.landmarks.head_rows import (
    C0,
    COLS,
    R0,
    ROW,
    ROWS,
    at,
    columns,
    extents,
    keep,
    mask_of,
    row_shifted,
    span,
)
from punkdetect.pixels import lab_distance
from punkdetect.punks import BoolArray, FloatArray, IntArray
from punkdetect.records import Record

SHADES = 16
"""Most frequent colours of the hair that are looked at; rarer ones have a pixel or two."""

FEW_SHADES = 6
"""Colours up to which those of most portraits' hair come; comparing each with each is cheap there."""

STEP = 15.0
"""CIELAB distance up to which one shade of hair leads to the next; in checkered hair it is 6 to 11."""

TINT, TINT_LIGHTNESS = 15.0, 30.0
"""Difference in the a-b plane, and of lightness, up to which colours are shades of one grey or brown."""

HUE, LEAST_CHROMA, GAIN, LOSS, HUE_LIGHTNESS = 25.0, 5.0, 1.8, 6.0, 45.0
"""Degrees of hue; least chroma that has one; factor and margin up to which one may be more colourful; and
difference of lightness up to which colours are lit and shaded parts of one thing."""

ZONE_ROWS = 4
"""Rows below the eyes down to which hair is looked at."""

MOST_FOREIGN_BAND = 4
"""Rows that a band of several colours has at most."""

GLASSES_ROWS, GLASSES_COLS = -2, slice(C0 - 3, C0 + 10)
"""First row, and columns of the grid, in which frames and lenses lie rather than ornaments."""

RING_ROW, RING_WIDTH, RING_LIGHTNESS, RING_MOST = -6, 5, 55.0, 14
"""Lowest row of a ring's upper edge; columns over the face that it covers; its lightness, as it glows; and
pixels of the row, which a hat's brim exceeds."""

GOGGLE_ROWS = range(-7, -2)
"""Rows in which the upper edge of goggles pushed up lies."""

LENS, NOT_LENS, LENS_LIGHTNESS = 6.0, 15.0, 45.0
"""CIELAB distances within both lenses and to what is around them, and the least lightness of glass."""

GOLD_LIGHTNESS, GOLD_HUES, GOLD_CHROMA = (
    55.0,
    (float(np.tan(np.radians(60))), float(np.tan(np.radians(-15)))),
    30.0,
)
"""Gold is light, of a hue between orange (60 degrees in the a-b plane) and yellow (105), and colourful."""

EYES_MIDDLE = 2.5
"""Column between the eyes; on the wider heads the middle is 3, on the narrower 2."""

LEAST_GOLD, MOST_GOLD, OFF_CENTRE, BALD = 5, 24, 1.2, (3, 6)
"""Golden pixels of a tiara on a bald head, columns by which their mean is beside the middle of the face at
most; and the pixels beside the face, and on the head, up to which it is bald."""


class Ornaments(Record):
    """Pieces worn on the head that are no hats.

    Parameters
    ----------
    foreign : ndarray of uint32, shape (N, R)
        Pixels in colours that the hair has not.
    piece : ndarray of uint32, shape (N, R)
        The largest connected part of them.
    size, all_size : ndarray of int, shape (N,)
        Pixels of the piece, and of all.
    first_row, last_row, first_col, last_col : ndarray of int, shape (N,)
        What the piece spans, counted from the eyes.
    two_toned : ndarray of bool, shape (N,)
        Whether it has parts that differ in lightness.
    band_on_skin, band_on_hair, foreign_band : ndarray of bool, shape (N,)
        Whether a band crosses the forehead with skin above it; in one colour with hair above and beside it;
        in colours foreign to the hair.
    band_rows : ndarray of bool, shape (N, R)
        The rows of such a band.
    ring : ndarray of bool, shape (N,)
        Whether a glowing bar hangs over the head with background under it.
    ring_row : ndarray of int, shape (N,)
        Row of that bar.
    goggles : ndarray of bool, shape (N,)
        Whether two lenses lie on the forehead.
    goggle_row : ndarray of int, shape (N,)
        Their upper row.
    gold : ndarray of uint32, shape (N, R)
        Golden pixels on the forehead of a bald head, if that is all it wears.
    """

    foreign: Bits
    piece: Bits
    size: IntArray
    all_size: IntArray
    first_row: IntArray
    last_row: IntArray
    first_col: IntArray
    last_col: IntArray
    two_toned: BoolArray
    band_on_skin: BoolArray
    band_on_hair: BoolArray
    foreign_band: BoolArray
    band_rows: BoolArray
    ring: BoolArray
    ring_row: IntArray
    goggles: BoolArray
    goggle_row: IntArray
    gold: Bits


def is_gold(lab: FloatArray) -> BoolArray:
    """Tell whether colours may be gold.

    Parameters
    ----------
    lab : ndarray of float64, shape (..., 3)

    Returns
    -------
    ndarray of bool, shape (...)
    """
    red, yellow = lab[..., 1], lab[..., 2]
    hue = (yellow > GOLD_HUES[0] * red) & (red > GOLD_HUES[1] * yellow) & (yellow > 0)
    gold: BoolArray = hue & (lab[..., 0] > GOLD_LIGHTNESS) & (red**2 + yellow**2 > GOLD_CHROMA**2)
    return gold


def are_shades(one: FloatArray, other: FloatArray, step: float = STEP) -> BoolArray:
    """Tell whether colours are lit and shaded parts of one thing.

    Parameters
    ----------
    one, other : ndarray of float64, shapes (..., 3) that broadcast
    step : float
        CIELAB distance up to which they are in any case.

    Returns
    -------
    ndarray of bool, shape (...)
    """
    lightness = np.abs(one[..., 0] - other[..., 0])
    tint = (one[..., 1] - other[..., 1]) ** 2 + (one[..., 2] - other[..., 2]) ** 2
    chroma, other_chroma = np.hypot(one[..., 1], one[..., 2]), np.hypot(other[..., 1], other[..., 2])
    low, high = np.minimum(chroma, other_chroma), np.maximum(chroma, other_chroma)
    along = one[..., 1] * other[..., 1] + one[..., 2] * other[..., 2]
    one_hue = (along >= np.cos(np.radians(HUE)) * low * high) & (low >= LEAST_CHROMA)
    one_hue &= (high <= GAIN * low + LOSS) & (lightness <= HUE_LIGHTNESS)
    near = (lightness**2 + tint <= step * step) | ((tint <= TINT * TINT) & (lightness <= TINT_LIGHTNESS))
    shades: BoolArray = near | one_hue
    return shades


def find_ornaments(head: HeadGrid, cover: Cover) -> Ornaments:
    """Find what is worn on each head besides hats.

    Parameters
    ----------
    head : HeadGrid
    cover : Cover

    Returns
    -------
    Ornaments
    """
    foreign = _find_foreign(head)
    piece = np.zeros_like(foreign)
    all_size = count(foreign)
    some = np.flatnonzero(all_size)
    piece[some] = _largest_piece(foreign[some], head.cover[some])
    first_row, last_row = span(piece > 0, ROWS.start)
    first_col, last_col = extents(np.bitwise_or.reduce(piece, axis=1))
    lightest, darkest = np.zeros(len(head)), np.zeros(len(head))
    part = head.take(some)
    used = part.count_colors(piece[some]) > 0
    darkest[some] = np.where(used, part.lab[..., 0], np.inf).min(axis=1, initial=np.inf)
    lightest[some] = np.where(used, part.lab[..., 0], 0).max(axis=1, initial=0)

    bare = bare_forehead(head)
    on_skin = find_band_on_skin(head, bare)
    on_hair = find_band_on_hair(head, cover, bare)
    across = (count_bits(foreign & columns(FACE)) >= ACROSS) & (ROW <= LOWEST_BAND)
    across &= head.top[:, None] + 1 < ROW
    skin = bare >= SOME_BARE
    below = row_shifted(skin, -1, False) | row_shifted(skin, -2, False)
    in_foreign = (across.sum(axis=1) <= MOST_FOREIGN_BAND) & (across & below).any(axis=1)
    ring, ring_row = _find_ring(head)
    goggles, goggle_row = _find_goggles(head)
    return Ornaments(
        foreign=foreign,
        piece=piece,
        size=count(piece),
        all_size=all_size,
        first_row=first_row,
        last_row=last_row,
        first_col=first_col,
        last_col=last_col,
        two_toned=lightest - darkest > CONTRAST,
        band_on_skin=np.asarray(on_skin.any(axis=1)),
        band_on_hair=np.asarray(on_hair.any(axis=1)),
        foreign_band=in_foreign,
        band_rows=on_skin | on_hair | across,
        ring=ring,
        ring_row=ring_row,
        goggles=goggles,
        goggle_row=goggle_row,
        gold=_find_gold(head, cover),
    )


def _find_foreign(head: HeadGrid) -> Bits:
    """Pixels above the eyes in colours that are no shades of the hair nor of the skin."""
    front = np.where(ROW >= GLASSES_ROWS, columns(GLASSES_COLS), np.uint32(0))
    zone = keep(head.cover & ~head.ink & ~front, ROW < ZONE_ROWS)
    counts = head.count_colors(zone)
    index = np.argsort(-counts, axis=1, kind="stable")[:, :SHADES]
    counts = np.take_along_axis(counts, index, axis=1)
    lab = np.take_along_axis(head.lab, index[..., None], axis=1)
    hair = np.zeros(counts.shape, np.bool_)
    many = (counts > 0).sum(axis=1) > FEW_SHADES
    for rows, most in ((~many, FEW_SHADES), (many, SHADES)):
        hair[rows, :most] = _family(lab[rows, :most], counts[rows, :most])
    skin = head.skin_lab[:, None]
    skin_shade = lab_distance(lab, skin) <= SKIN_SHADE
    skin_shade |= are_shades(lab, skin) & (lab[..., 0] < skin[..., 0])
    own = (counts > 0) & ~hair & ~skin_shade & (lab[..., 0] >= DARK)
    flags = np.zeros(head.lab.shape[:2], np.bool_)
    np.put_along_axis(flags, index, own, axis=1)
    return keep(zone & head.has(flags, seldom=True), ROW < 0)


def _family(lab: FloatArray, counts: IntArray) -> BoolArray:
    """Mark the colours, (N, T, 3), of the largest family: all that shades lead to from one of it: (N, T)."""
    used = counts > 0
    linked = are_shades(lab[:, :, None], lab[:, None]) & used[:, :, None] & used[:, None]
    # all that a colour is linked with as the bits of one number
    links = bits_of(linked)
    best, best_size = np.zeros(counts.shape, np.bool_), np.zeros(len(counts), np.intp)
    left = counts.copy()
    for _ in range(2):  # the family of the most frequent colour, and that of the first one outside of it
        family = np.zeros(counts.shape, np.bool_)
        if counts.shape[1]:
            family[np.arange(len(counts)), left.argmax(axis=1)] = True
        for _step in range(5):  # longer chains of shades do not occur
            family = (links & bits_of(family[:, None])) > 0
        size = (counts * family).sum(axis=1)
        better = size > best_size
        best[better], best_size[better] = family[better], size[better]
        left = np.where(family, 0, left)
    return best


def _largest_piece(foreign: Bits, cover: Bits) -> Bits:
    """Keep the largest connected part; a single pixel between two of its pixels does not part it."""
    between = (foreign << np.uint32(1)) & (foreign >> np.uint32(1)) & cover
    largest, most = np.zeros_like(foreign), np.zeros(len(foreign), np.intp)
    for some, part in pieces(foreign | between, diagonal=False):
        own = part & foreign[some]
        size = count(own)
        better = np.flatnonzero(size > most[some])
        largest[some[better]], most[some[better]] = own[better], size[better]
    return largest


def _find_ring(head: HeadGrid) -> tuple[BoolArray, IntArray]:
    """Find a light bar over the head, background right under its middle: whether, and its row; (N,) each."""
    solid = head.figure | head.floating
    over_face = count_bits(solid & columns(slice(C0, C0 + 7))) >= RING_WIDTH
    row = np.where(over_face.any(axis=1), over_face.argmax(axis=1), 0) - R0
    inner = solid & columns(slice(C0 + 1, C0 + 5))
    open_under = (at(inner, row + 1) == 0) | (at(inner, row + 2) == 0)
    glows = head.lab_at(row, 3)[:, 0] > RING_LIGHTNESS
    ring = over_face.any(axis=1) & (row <= RING_ROW) & open_under & glows
    return ring & (count_bits(at(solid, row)) <= RING_MOST), row


def _find_goggles(head: HeadGrid) -> tuple[BoolArray, IntArray]:
    """Find two lenses on the forehead, in one light colour that neither bridge nor frame has: (N,) each."""
    found, found_row = np.zeros(len(head), np.bool_), np.zeros(len(head), np.intp)
    lens_cols = columns(slice(C0, C0 + 1)) | columns(slice(C0 + 6, C0 + 7))
    for row in GOGGLE_ROWS:
        some = np.flatnonzero(((head.cover[:, R0 + row] & lens_cols) == lens_cols) & ~found)
        some = some[head.take_lab(some, row, 0)[:, 0] > LENS_LIGHTNESS]
        for rows, col, inside in _around_lenses(row):
            apart = lab_distance(head.take_lab(some, rows, col), head.take_lab(some, row, 0))
            some = some[apart <= LENS] if inside else some[apart > NOT_LENS]
        glass = head.take_lab(some, row, 0)
        framed = [lab_distance(head.take_lab(some, row, col), glass) > NOT_LENS for col in (-2, 8)]
        some = some[framed[0] | framed[1]]
        found[some], found_row[some] = True, row
    return found, found_row


def _around_lenses(row: int) -> list[tuple[int, int, bool]]:
    """Places to compare with a lens whose upper edge is in a row: row, column, whether it is glass too."""
    glass = [(row, 1), (row, 5), (row, 6), (row + 1, 0), (row + 1, 6)]
    frame = [(row, 2), (row, 3), (row + 1, 3), (row + 2, 1), (row - 1, 1)]
    return [*((*place, True) for place in glass), *((*place, False) for place in frame)]


def _find_gold(head: HeadGrid, cover: Cover) -> Bits:
    """Golden pixels around the middle of a bald head's forehead; none where there is anything else."""
    tiara = np.zeros_like(head.figure)
    some = np.flatnonzero(cover.beside <= BALD[0])
    part = head.take(some)
    gold = is_gold(part.lab) & ~are_shades(part.lab, part.skin_lab[:, None], SKIN_SHADE / 2)
    worn = keep(part.cover & ~part.ink, ROW <= LOWEST_BAND)
    spot = keep(worn & part.has(gold) & columns(slice(FACE.start - 1, FACE.stop + 1)), ROW > HIGHEST_BAND)
    size = count(spot)
    column = (mask_of(spot) * np.asarray(COLS)).sum(axis=(1, 2)) / np.maximum(size, 1)
    good = (size >= LEAST_GOLD) & (size <= MOST_GOLD) & (np.abs(column - EYES_MIDDLE) <= OFF_CENTRE)
    good &= count(worn) - size <= BALD[1]
    tiara[some] = keep(spot, good[:, None])
    return tiara
