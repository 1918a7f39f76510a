"""What is worn in the hair or around the head without covering it: coloured pieces, bands, rings, goggles.

Owns which pixels of a head are foreign to its hair. Must not know what any of them is called.

The shades of hair lie close together, one leading to the next; what has a colour of its own was put there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from punkdetect.landmarks.head_cover import SIDE_ROWS, Cover
from punkdetect.landmarks.head_grid import (
    C0,
    COL,
    COLS,
    FACE,
    MIDDLE,
    R0,
    ROW,
    ROWS,
    HeadGrid,
    at,
    row_shifted,
)
from punkdetect.pixels import lab_distance, label_components
from punkdetect.punks import BoolArray, FloatArray, IntArray

SHADES = 16
"""Most frequent colours of the hair that are looked at; rarer ones have a pixel or two."""

STEP = 15.0
"""CIELAB distance up to which one shade of hair leads to the next; in checkered hair it is 6 to 11."""

TINT, TINT_LIGHTNESS = 15.0, 30.0
"""Difference in the a-b plane, and of lightness, up to which colours are shades of one grey or brown."""

HUE, LEAST_CHROMA, GAIN, LOSS, HUE_LIGHTNESS = 25.0, 5.0, 1.8, 6.0, 45.0
"""Degrees of hue; least chroma that has one; factor and margin up to which one may be more colourful; and
difference of lightness up to which colours are lit and shaded parts of one thing."""

SKIN_SHADE = 13.0
"""CIELAB distance from the skin up to which a pixel is lit or shaded skin."""

DARK = 12.0
"""Lightness under which a pixel may be outline or shadow."""

ZONE_ROWS = 4
"""Rows below the eyes down to which hair is looked at."""

GLASSES_ROWS, GLASSES_COLS = -2, (-3, 9)
"""First row, and columns, in which frames and lenses lie rather than ornaments."""

ACROSS = 8
"""Columns of the forehead, of nine, that a band covers."""

HIGHEST_BAND, LOWEST_BAND = -8, -2
"""Rows in which a band lies across the forehead."""

MOST_BAND, MOST_FOREIGN_BAND = 3, 4
"""Rows that a band of one colour, or of several, has at most."""

BARE, SOME_BARE = 6, 4
"""Columns of nine that are bare skin in a row above or below a band; that show there is skin below one."""

BAND_GAP = 3
"""Rows between a band and the skin above or below it: its second colour, an outline, glasses."""

CONTRAST = 20.0
"""CIELAB distance between a band and the hair above it."""

SAME_HAIR, LEAST_HAIR = 14.0, 4
"""Distance between the hair above a band and that beside the face, and pixels that it has there."""

SAME, ELSEWHERE = 10.0, 4
"""Distance within a band's colour, and pixels elsewhere up to which no other part of the hair has it."""

RING_ROW, RING_WIDTH, RING_LIGHTNESS, RING_MOST = -6, 5, 55.0, 14
"""Lowest row of a ring's upper edge; columns over the face that it covers; its lightness, as it glows; and
pixels of the row, which a hat's brim exceeds."""

GOGGLE_ROWS = range(-7, -2)
"""Rows in which the upper edge of goggles pushed up lies."""

LENS, NOT_LENS, LENS_LIGHTNESS = 6.0, 15.0, 45.0
"""CIELAB distances within both lenses and to what is around them, and the least lightness of glass."""

GOLD_LIGHTNESS, GOLD_HUE, GOLD_CHROMA = 55.0, (60.0, 105.0), 30.0
"""Gold is light, of a hue from orange to yellow (degrees), and colourful."""

EYES_MIDDLE = 2.5
"""Column between the eyes; on the wider heads the middle is 3, on the narrower 2."""

LEAST_GOLD, MOST_GOLD, OFF_CENTRE, BALD = 5, 24, 1.2, (3, 6)
"""Golden pixels of a tiara on a bald head, columns by which their mean is beside the middle of the face at
most; and the pixels beside the face, and on the head, up to which it is bald."""


@dataclass(frozen=True)
class Ornaments:
    """Pieces worn on the head that are no hats.

    Parameters
    ----------
    foreign : ndarray of bool, shape (N, R, C)
        Pixels in colours that the hair has not.
    piece : ndarray of bool, shape (N, R, C)
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
    gold : ndarray of bool, shape (N, R, C)
        Golden pixels on the forehead of a bald head, if that is all it wears.
    """

    foreign: BoolArray
    piece: BoolArray
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
    gold: BoolArray


def is_gold(lab: FloatArray) -> BoolArray:
    """Tell whether colours may be gold.

    Parameters
    ----------
    lab : ndarray of float64, shape (..., 3)

    Returns
    -------
    ndarray of bool, shape (...)
    """
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    gold: BoolArray = (hue > GOLD_HUE[0]) & (hue < GOLD_HUE[1]) & (lab[..., 0] > GOLD_LIGHTNESS)
    return gold & (np.hypot(lab[..., 1], lab[..., 2]) > GOLD_CHROMA)


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
    some = np.flatnonzero(foreign.any(axis=(1, 2)))
    piece[some] = _largest_piece(foreign[some], (head.figure & ~head.bare)[some])
    first_row, last_row = _span(np.asarray(piece.any(axis=2)), ROWS.start)
    first_col, last_col = _span(np.asarray(piece.any(axis=1)), COLS.start)
    used = head.palette.count_in(piece) > 0
    darkest = np.where(used, head.lab[..., 0], np.inf).min(axis=1, initial=np.inf)
    lightest = np.where(used, head.lab[..., 0], 0).max(axis=1, initial=0)

    top = np.where(head.figure.any(axis=(1, 2)), head.figure.any(axis=2).argmax(axis=1) - R0, 0)
    bare = head.bare[:, :, FACE].sum(axis=2)
    on_skin = _find_band_on_skin(head, bare)
    on_hair = _find_band_on_hair(head, cover, bare, top)
    row = ROW[:, :, 0]
    across = (foreign[:, :, FACE].sum(axis=2) >= ACROSS) & (row <= LOWEST_BAND) & (row > top[:, None] + 1)
    skin = bare >= SOME_BARE
    below = row_shifted(skin, -1, False) | row_shifted(skin, -2, False)
    in_foreign = (across.sum(axis=1) <= MOST_FOREIGN_BAND) & (across & below).any(axis=1)
    ring, ring_row = _find_ring(head)
    goggles, goggle_row = _find_goggles(head)
    return Ornaments(
        foreign=foreign,
        piece=piece,
        size=piece.sum(axis=(1, 2)),
        all_size=foreign.sum(axis=(1, 2)),
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


def _find_foreign(head: HeadGrid) -> BoolArray:
    """Pixels above the eyes in colours that are no shades of the hair nor of the skin."""
    in_front = (GLASSES_COLS[0] <= COL) & (GLASSES_COLS[1] >= COL) & (ROW >= GLASSES_ROWS)
    zone = head.figure & ~head.bare & ~head.ink & (ROW < ZONE_ROWS) & ~in_front
    counts = head.palette.count_in(zone)
    index = np.argsort(-counts, axis=1, kind="stable")[:, :SHADES]
    counts = np.take_along_axis(counts, index, axis=1)
    lab = np.take_along_axis(head.lab, index[..., None], axis=1)
    linked = are_shades(lab[:, :, None], lab[:, None]) & (counts > 0)[:, :, None] & (counts > 0)[:, None]
    hair = _family(linked, counts)
    skin = head.skin_lab[:, None]
    skin_shade = lab_distance(lab, skin) <= SKIN_SHADE
    skin_shade |= are_shades(lab, skin) & (lab[..., 0] < skin[..., 0])
    own = (counts > 0) & ~hair & ~skin_shade & (lab[..., 0] >= DARK)
    flags = np.zeros(head.lab.shape[:2], np.bool_)
    np.put_along_axis(flags, index, own, axis=1)
    foreign: BoolArray = zone & head.has(flags) & (ROW < 0)
    return foreign


def _family(linked: BoolArray, counts: IntArray) -> BoolArray:
    """Mark the colours, (N, T), of the largest family: all that links, (N, T, T), lead to from one of it."""
    best, best_size = np.zeros(counts.shape, np.bool_), np.zeros(len(counts), np.intp)
    left = counts.copy()
    for _ in range(2):  # the family of the most frequent colour, and that of the first one outside of it
        family = np.zeros(counts.shape, np.bool_)
        if counts.shape[1]:
            family[np.arange(len(counts)), left.argmax(axis=1)] = True
        for _step in range(5):  # longer chains of shades do not occur
            family = np.asarray((linked & family[:, None]).any(axis=2))
        size = (counts * family).sum(axis=1)
        better = size > best_size
        best[better], best_size[better] = family[better], size[better]
        left = np.where(family, 0, left)
    return best


def _largest_piece(foreign: BoolArray, cover: BoolArray) -> BoolArray:
    """Keep the largest connected part; a single pixel between two of its pixels does not part it."""
    joined = foreign.copy()
    joined[:, :, 1:-1] |= foreign[:, :, :-2] & foreign[:, :, 2:] & cover[:, :, 1:-1]
    labels = label_components(joined, diagonal=False) * foreign
    size = np.bincount(labels.reshape(-1), minlength=1)
    size[0] = 0
    flat = labels.reshape(len(labels), len(ROWS) * len(COLS))
    largest = flat[np.arange(len(flat)), size[flat].argmax(axis=1)]
    piece: BoolArray = foreign & (labels == largest[:, None, None])
    return piece


def _span(mask: BoolArray, start: int) -> tuple[IntArray, IntArray]:
    """First and last marked place of every row of a mask (N, M), counted from the eyes: (N,) each."""
    return mask.argmax(axis=1) + start, mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1) + start


def _find_band_on_skin(head: HeadGrid, bare: IntArray) -> BoolArray:
    """Rows of a band with bare skin above and below it: (N, R)."""
    skin, ink = bare >= BARE, head.ink[:, :, FACE].sum(axis=2) >= BARE
    above, below = np.zeros_like(skin), np.zeros_like(skin)
    for gap in range(1, BAND_GAP + 1):
        above |= row_shifted(skin, gap, False)
        below |= row_shifted(skin | ink, -gap, False)
    covered = (head.figure & ~head.bare & ~head.ink)[:, :, FACE].sum(axis=2) >= ACROSS
    row = ROW[:, :, 0]
    band: BoolArray = covered & above & below & (row >= HIGHEST_BAND) & (row <= LOWEST_BAND)
    return band


def _find_band_on_hair(head: HeadGrid, cover: Cover, bare: IntArray, top: IntArray) -> BoolArray:
    """Rows of a band of one colour, with the same hair above it and beside the face: (N, R)."""
    first = R0 + HIGHEST_BAND + 1
    rows = slice(first, R0 + LOWEST_BAND + 1)
    each = np.arange(len(head))
    face = head.lab[each[:, None, None], head.palette.index[:, rows, FACE]]
    middle = face[:, :, MIDDLE - FACE.start]
    uniform = (lab_distance(face, middle[:, :, None]) <= STEP - 3).sum(axis=2) >= ACROSS
    uniform &= (lab_distance(middle, head.skin_lab[:, None]) > SKIN_SHADE) & (middle[..., 0] > DARK)
    band = np.zeros(bare.shape, np.bool_)
    band[:, rows] = uniform & head.figure[:, rows, MIDDLE]
    count = band.sum(axis=1)
    begin, end = _span(band, ROWS.start)
    good = (count >= 1) & (count <= MOST_BAND) & (end - begin == count - 1)
    good &= (begin > top) & at(head.figure[:, :, MIDDLE], begin - 1)
    skin = bare >= SOME_BARE
    good &= at(skin, end + 1) | at(skin, end + 2) | ~cover.known
    some = np.flatnonzero(good)
    good[some] = _is_band_on_hair(head.take(some), begin[some], end[some])
    band &= good[:, None]
    return band


def _is_band_on_hair(head: HeadGrid, begin: IntArray, end: IntArray) -> BoolArray:
    """Tell whether hair like that above a band hangs beside the face, and none like the band's: (N,)."""
    here, above = head.lab_at(begin, 3), head.lab_at(begin - 1, 3)
    hair = lab_distance(head.lab, above[:, None]) <= SAME_HAIR
    like = lab_distance(head.lab, here[:, None]) <= SAME
    cloth = head.figure & ~head.bare & (ROW < SIDE_ROWS)
    outside = (head.left[:, None, None] > COL) | (head.right[:, None, None] < COL)
    beside = (cloth & (end[:, None, None] + 2 <= ROW) & outside & head.has(hair)).sum(axis=(1, 2))
    within = (begin[:, None, None] <= ROW) & (end[:, None, None] >= ROW)
    elsewhere = (cloth & ~within & head.has(like)).sum(axis=(1, 2))
    contrast = lab_distance(here, above) > CONTRAST
    return np.asarray((elsewhere <= ELSEWHERE) & (beside >= LEAST_HAIR) & contrast)


def _find_ring(head: HeadGrid) -> tuple[BoolArray, IntArray]:
    """Find a light bar over the head, background right under its middle: whether, and its row; (N,) each."""
    solid = head.figure | head.floating
    over_face = solid[:, :, C0 : C0 + 7].sum(axis=2) >= RING_WIDTH
    row = np.where(over_face.any(axis=1), over_face.argmax(axis=1), 0) - R0
    inner = solid[:, :, C0 + 1 : C0 + 5].sum(axis=2)
    open_under = np.minimum(at(inner, row + 1), at(inner, row + 2)) == 0
    glows = head.lab_at(row, 3)[:, 0] > RING_LIGHTNESS
    ring = over_face.any(axis=1) & (row <= RING_ROW) & open_under & glows
    return ring & (at(solid.sum(axis=2), row) <= RING_MOST), row


def _find_goggles(head: HeadGrid) -> tuple[BoolArray, IntArray]:
    """Find two lenses on the forehead, in one light colour that neither bridge nor frame has: (N,) each."""
    found, found_row = np.zeros(len(head), np.bool_), np.zeros(len(head), np.intp)
    for row in GOGGLE_ROWS:
        glass = head.lab_at(row, 0)
        lenses = head.figure[:, R0 + row, C0] & ~head.bare[:, R0 + row, C0] & (glass[:, 0] > LENS_LIGHTNESS)
        for rows, col in ((row, 1), (row, 5), (row, 6), (row + 1, 0), (row + 1, 6)):
            lenses &= lab_distance(head.lab_at(rows, col), glass) <= LENS
        for rows, col in ((row, 2), (row, 3), (row + 1, 3), (row + 2, 1), (row - 1, 1)):
            lenses &= lab_distance(head.lab_at(rows, col), glass) > NOT_LENS
        framed = [lab_distance(head.lab_at(row, col), glass) > NOT_LENS for col in (-2, 8)]
        lenses &= framed[0] | framed[1]
        found_row[lenses & ~found] = row
        found |= lenses
    return found, found_row


def _find_gold(head: HeadGrid, cover: Cover) -> BoolArray:
    """Golden pixels around the middle of a bald head's forehead; none where there is anything else."""
    tiara = np.zeros_like(head.figure)
    some = np.flatnonzero(cover.beside <= BALD[0])
    part = head.take(some)
    gold = is_gold(part.lab) & ~are_shades(part.lab, part.skin_lab[:, None], SKIN_SHADE / 2)
    worn = part.figure & ~part.bare & ~part.ink & (ROW <= LOWEST_BAND)
    on_forehead = (FACE.start - C0 - 1 <= COL) & (FACE.stop - C0 >= COL) & (ROW > HIGHEST_BAND)
    spot = worn & part.has(gold) & on_forehead
    size = spot.sum(axis=(1, 2))
    column = (spot * COL).sum(axis=(1, 2)) / np.maximum(size, 1)
    good = (size >= LEAST_GOLD) & (size <= MOST_GOLD) & (np.abs(column - EYES_MIDDLE) <= OFF_CENTRE)
    good &= worn.sum(axis=(1, 2)) - size <= BALD[1]
    tiara[some] = spot & good[:, None, None]
    return tiara
