"""Hair told from what is worn over it.

Owns the signs that tell hair from headwear. Knows solid pixels, bare skin and places around the face; must
not know what any trait is called.

Hair lies on the head without a gap of skin above it and runs down at the temples; a hat ends in a clean edge
across the whole forehead, and what comes out below it at the temples is the hair. Black outlines are one
pixel thin; black hair is thicker.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from punkdetect.landmarks._hat_signs import (
    FACE_COLS,
    NEAR_BLACK,
    find_hat_edge,
    find_hood,
    has_brim,
    has_straight_sides,
    is_cool,
    is_muffled,
    like_colorful_cover,
)
from punkdetect.landmarks._places import LAST, Places
from punkdetect.landmarks._shades import SAME_FAMILY, of_family, share_in_family, unlike_any
from punkdetect.pixels import Palette, flood, grow, shift
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray

INK = 4.0
"""Lightness under which a pixel may be outline: outlines are black, dark hair is 5 and lighter or thick."""

FOREHEAD_ROWS = (-3, 0)
"""Rows relative to the eyes in which the width of the forehead is read, above the ears."""

LEAST_FOREHEAD = 6
"""Columns of forehead that must be bare for its width to be read; behind goggles it is taken as usual."""

CHEEK_ROWS = (1, 5)
"""Rows relative to the eyes in which hair hangs beside the cheeks."""

NEAR = 2
"""Columns beside the skin in which hair lies that comes out under a hat; further off are knots and brims."""

LEAST_TUFT = 3
"""Pixels above the skull from which there is hair on it; bald heads have none there."""

LEAST_HAIR = 5
"""Pixels of hair at the temples from which other colours are told from it."""

LEAST_TEMPLE_HAIR = 3
"""Pixels of one colour family at the temples from which hair comes out under a hat: sideburns one wide."""

LONG_TEMPLES = 8
"""Pixels at the temples from which hair certainly hangs there, not a sideburn."""

LOOSE_HAIR = 10
"""Pixels anywhere beside the eyes that go on with the head's cover, from which it is hair: pigtails have 12,
the knot of a bandana 6, the visor of a cap 4."""

RELATED = 0.5
"""Share of the hair at the temples whose shades the cover of the head has too, from which they are one."""

BLACK_GLASSES, MOST_BELOW_GLASSES = 8, 2
"""Black pixels around the eyes from which they are glasses, and below them up to which they are not hair:
bare eyes have pupils, lids and brows at most."""

JAW_ROWS = range(-2, 3)
"""Rows relative to the mouth in which the outline of the jaw is seen."""

THICK_JAW, MOST_MASSIVE = 3, 1
"""Rows of the jaw, of five on each side, that a thick outline runs along; and 3x3 blocks of outline that it
may have above the eyes, where hair has many."""

BLACK_FRAMES, MOST_BLACK_TOP = 12, 0.2
"""Black pixels around the eyes, thin lines too, from which they are frames; and share of black pixels on the
head up to which black beside the eyes is no hair."""

TUFT = 2
"""Columns up to which hair is a tuft, such as a thin mohawk."""

WIDEST_FLAPS = 12
"""Pixels at the temples up to which flaps hang there, one or two wide; long hair has 16."""

CHIN = 2
"""Rows from the mouth's bar down to the chin."""


@dataclass(frozen=True)
class HairSigns:
    """What told hair from headwear; arrays of shape (N,).

    Parameters
    ----------
    hat_edge : ndarray of bool
        Whether the head's cover ends in a clean edge across the whole forehead.
    edge_row : ndarray of int
        Row of that edge in most columns.
    above : ndarray of int
        Pixels of cover above the highest bare skin of the head: bands and tiaras lie below it.
    temples : ndarray of int
        Pixels of cover beside the face, below that edge.
    loose : ndarray of int
        Pixels anywhere beside the head that go on with its cover.
    one_sided : ndarray of bool
        Whether they lie on one side only: the shaded side of a face.
    related : ndarray of float
        Share of the temples' pixels whose shade the cover above has too.
    hanging : ndarray of bool
        Whether something hangs down beside both cheeks, row after row.
    hooded : ndarray of bool
        Whether two layers lie around the face.
    brimmed : ndarray of bool
        Whether a brim or a visor stands out of that edge.
    muffled : ndarray of bool
        Whether the cover goes on over the mouth: a balaclava.
    capped : ndarray of bool
        Whether the cover has smooth sides and a colour that hair seldom has: a helmet, a knitted cap.
    """

    hat_edge: BoolArray
    edge_row: IntArray
    above: IntArray
    temples: IntArray
    one_sided: BoolArray
    loose: IntArray
    related: FloatArray
    hanging: BoolArray
    hooded: BoolArray
    brimmed: BoolArray
    muffled: BoolArray
    capped: BoolArray


def find_hair(
    palette: Palette, solid: BoolArray, bare: BoolArray, shaded: BoolArray, places: Places
) -> tuple[BoolArray, BoolArray, HairSigns]:
    """Find what covers the head, which of it is hair, and what told them apart.

    Parameters
    ----------
    palette : Palette
    solid : ndarray of bool, shape (N, 24, 24)
        Opaque pixels of the figure.
    bare : ndarray of bool, shape (N, 24, 24)
        Those of them that are bare skin.
    shaded : ndarray of bool, shape (N, 24, 24)
        Bare skin and what is connected with it and may be its shade.
    places : Places

    Returns
    -------
    head_top, hair : ndarray of bool, shape (N, 24, 24)
    signs : HairSigns
    """
    dark = palette.of_pixels(palette.lab[..., 0] < INK)
    cover = solid & ~bare & ~_thick_outline(palette, solid, bare, places)
    cover &= ~dark | thick_parts(cover & dark) | _among_dark_hair(palette, cover & ~dark)
    head_top = cover & places.rows(-99, -1) & ~np.logical_or.accumulate(bare, axis=1)
    head_top = _without_specks(head_top)

    cool = is_cool(palette, head_top)
    hat_edge, edge_row = find_hat_edge(solid & ~bare, bare, cool, places)
    below_edge = np.arange(SIDE)[:, None] >= edge_row[:, None, None]
    between = cover & places.between_eyes()
    eyes = between & places.rows(-1, 3)
    lenses = _like_lenses(palette, eyes, head_top)
    beside_forehead, near = _beside(bare & places.rows(*FOREHEAD_ROWS) & places.cols(-3, 11), places)
    # what only sticks out, with nothing below it, is a brim
    standing = cover & shift(cover, -1, 0)
    loose = flood(cover & places.rows(-99, 5), head_top) & beside_forehead & ~lenses
    loose &= places.rows(-1, 5) | (places.rows(-2, -1) & standing)
    # black glasses reach as far to the sides as black hair does, but not below the eyes
    hanging_over = (between & dark & places.rows(3, 5)).sum(axis=(1, 2)) > MOST_BELOW_GLASSES
    black_eyes = ((eyes & dark).sum(axis=(1, 2)) >= BLACK_GLASSES)[:, None, None]
    lenses |= black_eyes & ~hanging_over[:, None, None] & dark & places.rows(-1, 3)
    sideburns = cover & below_edge & places.rows(-9, 3) & near & ~lenses
    beside_cheeks, near_cheeks = _beside(bare & places.rows(*CHEEK_ROWS) & places.cols(-3, 11), places)
    hanging = cover & places.rows(*CHEEK_ROWS) & near_cheeks & ~lenses
    hangs_in_row = hanging.sum(axis=2) >= 2
    frames = _black_frames(palette, solid, head_top, places)
    lenses, sideburns, hanging = lenses | frames, sideburns & ~frames, hanging & ~frames
    long = hanging.sum(axis=(1, 2)) >= LONG_TEMPLES
    temples = np.where(long[:, None, None], hanging, sideburns)
    brimmed = hat_edge & has_brim(solid, edge_row, places)
    # a hat's own colour below its brim is its lining; black and brown hair may have it too
    temples &= ~(brimmed[:, None, None] & like_colorful_cover(palette, head_top))
    sides = (
        (temples & places.cols(-SIDE, 3)).sum(axis=(1, 2)),
        (temples & places.cols(3, SIDE)).sum(axis=(1, 2)),
    )
    colored = temples & ~dark
    # outlines and black glasses beside flaps say nothing about their colour
    colored = np.where((colored.sum(axis=(1, 2)) >= LEAST_TEMPLE_HAIR)[:, None, None], colored, temples)
    hooded, lining = find_hood(palette, solid, bare, dark, head_top, places)
    related = share_in_family(palette, colored, head_top & ~below_edge)
    signs = HairSigns(
        hat_edge=hat_edge,
        edge_row=edge_row,
        above=(head_top & _above_skull(bare, places)).sum(axis=(1, 2)),
        temples=temples.sum(axis=(1, 2)),
        one_sided=np.minimum(*sides) < LEAST_TEMPLE_HAIR,
        loose=loose.sum(axis=(1, 2)),
        related=related,
        hanging=hangs_in_row.sum(axis=1) == CHEEK_ROWS[1] - CHEEK_ROWS[0],
        hooded=hooded,
        brimmed=brimmed,
        muffled=is_muffled(palette, solid, bare, head_top, places),
        capped=cool & has_straight_sides(solid, places),
    )

    beside_eyes = places.rows(-5, -1) | places.rows(3, 5)  # glasses lie between
    lining = lining & cover & ~dark & beside_eyes
    hooded_2d, only_temples = signs.hooded[:, None, None], _only_temples(signs)[:, None, None]
    # a shaded cheek beside the forehead is no hair that comes out under a hat
    skin_only = only_temples & ~np.any(temples & ~shaded, axis=(1, 2))[:, None, None]
    clearly = np.where(hooded_2d, lining, temples & ~skin_only)
    foreign = unlike_any(palette, clearly) & (clearly.sum(axis=(1, 2)) >= LEAST_HAIR)[:, None, None]
    seeds = np.where(hooded_2d | only_temples, clearly, temples | (head_top & ~foreign))
    some = _shows_hair(signs) & (seeds.sum(axis=(1, 2)) >= LEAST_TEMPLE_HAIR)
    seeds &= some[:, None, None]
    # below the chin the next shade may be clothing
    family = of_family(palette, seeds, SAME_FAMILY) & ~places.below_mouth(CHIN)
    family |= of_family(palette, seeds, SAME_FAMILY / 2)
    outside_face = places.rows(-99, -1) | beside_cheeks | beside_forehead
    outside_face = outside_face & ~(shaded & places.rows(-1, 99) & places.cols(*FACE_COLS))
    under_brim = below_edge | ~signs.brimmed[:, None, None]
    hair = flood(cover & family & ~foreign & ~lenses & outside_face & under_brim, seeds)
    # half of a tuft two pixels wide is its outline
    tuft = (hair.sum(axis=2).max(axis=1) <= TUFT)[:, None, None]
    hair |= grow(hair, diagonal=False) & dark & solid & tuft
    return head_top, hair, signs


def _black_frames(palette: Palette, solid: BoolArray, head_top: BoolArray, places: Places) -> BoolArray:
    """Return the black pixels of glasses, down to their lower edge, on heads whose cover is not black."""
    ink, near_black = (palette.of_pixels(palette.lab[..., 0] < most) for most in (INK, NEAR_BLACK))
    black = solid & ink & places.rows(-1, 4)
    framed = (black & places.between_eyes()).sum(axis=(1, 2)) >= BLACK_FRAMES
    framed &= (head_top & near_black).sum(axis=(1, 2)) < MOST_BLACK_TOP * head_top.sum(axis=(1, 2))
    frames: BoolArray = black & framed[:, None, None]
    return frames


def _above_skull(bare: BoolArray, places: Places) -> BoolArray:
    """Return the rows above the highest bare skin of the head; shape (N, 24, 1)."""
    rows = np.any(bare & places.cols(*FACE_COLS), axis=2)
    top = np.where(rows.any(axis=1), rows.argmax(axis=1), SIDE)
    above: BoolArray = np.arange(SIDE)[None, :, None] < top[:, None, None]
    return above


def _shows_hair(signs: HairSigns) -> BoolArray:
    """Whether any of the head's cover is hair; shape (N,)."""
    bare_temples = (signs.temples < LEAST_TEMPLE_HAIR) & ((signs.loose < LOOSE_HAIR) | signs.brimmed)
    bald = (signs.above < LEAST_TUFT) & ((signs.temples < LONG_TEMPLES) | signs.one_sided)
    flaps = signs.capped & (signs.related >= RELATED)
    flaps &= signs.hanging & (signs.temples <= WIDEST_FLAPS)
    covered = np.where(signs.hat_edge, bare_temples | flaps | signs.muffled, bald)
    shows: BoolArray = signs.hooded | ~covered
    return shows


def _only_temples(signs: HairSigns) -> BoolArray:
    """Whether the hair comes out under something else that covers the head; shape (N,)."""
    under = signs.brimmed | (signs.hat_edge & (signs.related < RELATED))
    only: BoolArray = under & (signs.temples >= LEAST_TEMPLE_HAIR)
    return only


def thick_parts(mask: BoolArray) -> BoolArray:
    """Return the pixels of a mask that are no thin line: part of a 2x2 block, or of a checker."""
    block = mask[:, :-1, :-1] & mask[:, 1:, :-1] & mask[:, :-1, 1:] & mask[:, 1:, 1:]
    thick = np.zeros_like(mask)
    for rows, cols in ((0, 0), (0, 1), (1, 0), (1, 1)):
        thick[:, rows : SIDE - 1 + rows, cols : SIDE - 1 + cols] |= block
    diagonal = np.zeros(mask.shape, np.int8)
    for rows, cols in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        diagonal += shift(mask, rows, cols)
    # a stair of an outline has two diagonal neighbours at most, a checker four
    return thick | (mask & (diagonal >= 3))


def _thick_outline(palette: Palette, solid: BoolArray, bare: BoolArray, places: Places) -> BoolArray:
    """Return the outlines that are two pixels thick, around the crown as along the jaw."""
    drawn = solid & palette.of_pixels(palette.lab[..., 0] < NEAR_BLACK)
    each = np.arange(len(solid))[:, None]
    rows = np.clip(places.mouth_row[:, None] + np.asarray(JAW_ROWS), 0, LAST)
    figure, dark = solid[each, rows], drawn[each, rows]
    thick = np.ones(len(solid), np.bool_)
    for step in (1, -1):
        first = figure[..., ::step].argmax(axis=2)[..., None]
        from_edge = np.take_along_axis(dark[..., ::step], np.minimum(first + np.arange(3), LAST), axis=2)
        thick &= (from_edge == (True, True, False)).all(axis=2).sum(axis=1) >= THICK_JAW
    thick_drawn = np.zeros_like(drawn)
    some = np.flatnonzero(thick)  # nearly all outlines are thin
    crown = drawn[some] & ~bare[some] & places.rows(-99, -1)[some]
    across = crown[:, :-2] & crown[:, 1:-1] & crown[:, 2:]
    massive = across[:, :, :-2] & across[:, :, 1:-1] & across[:, :, 2:]
    some = some[massive.sum(axis=(1, 2)) <= MOST_MASSIVE]
    thick_drawn[some] = drawn[some]
    return thick_drawn


def _among_dark_hair(palette: Palette, colored: BoolArray) -> BoolArray:
    """Return the pixels with dark hair on two sides at least: black in it is a shade of it, not outline."""
    near_black = colored & palette.of_pixels(palette.lab[..., 0] < NEAR_BLACK)
    sides = np.zeros(colored.shape, np.int8)
    for rows, cols in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        sides += shift(near_black, rows, cols)
    return sides >= 2


def _without_specks(mask: BoolArray) -> BoolArray:
    """Return a mask without its lone pixels."""
    neighbors = np.zeros(mask.shape, np.int8)
    padded = np.pad(mask, ((0, 0), (1, 1), (1, 1)))
    for rows in range(3):
        for cols in range(3):
            neighbors += padded[:, rows : rows + SIDE, cols : cols + SIDE]
    return mask & (neighbors > 1)


def _like_lenses(palette: Palette, eye_zone: BoolArray, head_top: BoolArray) -> BoolArray:
    """Pixels with a colour that glasses have in front of the eyes and the head's cover has not."""
    in_eyes, on_top = palette.count_in(eye_zone), palette.count_in(head_top)
    return palette.of_pixels((in_eyes >= 3) & (on_top < 2))


def _beside(skin: BoolArray, places: Places) -> tuple[BoolArray, BoolArray]:
    """Return the columns on both sides of some skin: all of them, and the nearest; shapes (N, 1, 24)."""
    cols = np.any(skin, axis=1)
    left, right = np.argmax(cols, axis=1), LAST - np.argmax(np.flip(cols, axis=1), axis=1)
    seen = cols.any(axis=1) & (right - left + 1 >= LEAST_FOREHEAD)
    left = np.where(seen, left, places.eye_col + FACE_COLS[0] - 1)[:, None]
    right = np.where(seen, right, places.eye_col + FACE_COLS[1])[:, None]
    cell = np.arange(SIDE)
    beside = (cell < left) | (cell > right)
    near = beside & (cell >= left - NEAR) & (cell <= right + NEAR)
    return beside[:, None], near[:, None]
