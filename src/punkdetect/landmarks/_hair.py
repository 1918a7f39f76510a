"""Hair told from what is worn over it.

Owns the signs that tell hair from headwear. Knows solid pixels, bare skin and places around the face; must
not know what any trait is called.

Hair lies on the head without a gap of skin above it and runs down at the temples; a hat ends in a clean edge
across the whole forehead, and what comes out below it at the temples is the hair. Black outlines are one
pixel thin; black hair is thicker.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import (
    Bits,
    columns,
    count,
    count_bits,
    down,
    first_bit,
    flood,
    grow,
    keep,
    last_bit,
    neighbors,
)
from punkdetect.landmarks._hat_signs import (
    FACE_COLS,
    find_hat_edge,
    find_hood,
    from_side,
    has_brim,
    has_straight_sides,
    is_cool,
    is_muffled,
    like_colorful_cover,
)
from punkdetect.landmarks._places import ALL_COLS, LAST, ROWS, Places, whole_rows
from punkdetect.landmarks._shades import (
    SAME_FAMILY,
    like_glaring_skin,
    of_family,
    share_in_family,
    unlike_any,
)
from punkdetect.pixels import Palette
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray
from punkdetect.records import Record

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

LIKE_COVER = 8.0
"""CIELAB distance from a colour above the skull within which a colour near the skin's may be hair."""

MOST_SHADES = 3
"""Shades of skin that a forehead has; pale hair that is drawn in skin's colours has four and more."""

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

MOST_FOREIGN = 0.2
"""Share of other colours in what is called shaded skin all the same."""

TUFT = 2
"""Columns up to which hair is a tuft, such as a thin mohawk."""

WIDEST_FLAPS = 12
"""Pixels at the temples up to which flaps hang there, one or two wide; long hair has 16."""

CHIN = 2
"""Rows from the mouth's bar down to the chin."""


class Figure(Record):
    """Pixels of the figure; rows of bits, (N, 24).

    Parameters
    ----------
    solid : ndarray of uint32
        Opaque ones.
    bare : ndarray of uint32
        Those of them that are bare skin.
    shaded : ndarray of uint32
        Bare skin and what is connected with it and may be its shade.
    dark, near_black, glaring : ndarray of uint32
        What has such a colour, in the figure or behind it.
    """

    solid: Bits
    bare: Bits
    shaded: Bits
    dark: Bits
    near_black: Bits
    glaring: Bits


class HairSigns(Record):
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
        Share of the temples' pixels whose shade the cover above has too; 0 where no such edge is.
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


def find_hair(palette: Palette, figure: Figure, places: Places) -> tuple[Bits, Bits, HairSigns]:
    """Find what covers the head, which of it is hair, and what told them apart.

    Parameters
    ----------
    palette : Palette
    figure : Figure
    places : Places

    Returns
    -------
    head_top, hair : ndarray of uint32, shape (N, 24)
    signs : HairSigns
    """
    solid, bare, shaded, dark, near_black, glaring = figure
    bare = bare | _shaded_side(palette, shaded & ~bare, solid & _above_skull(bare, places), places)
    cover = solid & ~bare & ~_thick_outline(near_black, solid, bare, places)
    # black with dark hair on two sides at least is a shade of it, not outline
    among_dark_hair = neighbors(cover & ~dark & near_black, SIDE)[1]
    cover &= ~dark | thick_parts(cover & dark) | among_dark_hair
    head_top = cover & places.rows(-99, -1) & ~np.bitwise_or.accumulate(bare, axis=1)
    head_top = _without_specks(head_top)
    on_top = palette.count_bits(head_top)

    cool = is_cool(palette, on_top)
    # freckles and spots do not break the line in which a hat ends
    spotted = bare | (shaded & (bare << np.uint32(1)) & (bare >> np.uint32(1)))
    hat_edge, edge_row = find_hat_edge(solid & ~spotted, spotted, cool, places)
    below_edge = whole_rows(edge_row[:, None] <= ROWS)
    between = cover & places.between_eyes()
    eyes = between & places.rows(-1, 3)
    # colours that glasses have in front of the eyes and the head's cover has not
    lenses = palette.bits_with((palette.count_bits(eyes) >= 3) & (on_top < 2))
    beside_forehead, near = _beside(bare & places.rows(*FOREHEAD_ROWS) & places.cols(-3, 11), places)
    # what only sticks out, with nothing below it, is a brim
    standing = cover & down(cover, -1)
    loose = flood(cover & places.rows(-99, 5), head_top) & beside_forehead & ~lenses
    loose &= places.rows(-1, 5) | (places.rows(-2, -1) & standing)
    # black glasses reach as far to the sides as black hair does, but not below the eyes
    hanging_over = count(between & dark & places.rows(3, 5)) > MOST_BELOW_GLASSES
    black_eyes = count(eyes & dark) >= BLACK_GLASSES
    lenses |= whole_rows((black_eyes & ~hanging_over)[:, None]) & dark & places.rows(-1, 3)
    sideburns = cover & below_edge & places.rows(-9, 3) & near & ~lenses
    beside_cheeks, near_cheeks = _beside(bare & places.rows(*CHEEK_ROWS) & places.cols(-3, 11), places)
    hanging = cover & places.rows(*CHEEK_ROWS) & near_cheeks & ~lenses
    hangs_in_row = count_bits(hanging) >= 2
    frames = _black_frames(dark, near_black, solid, head_top, places)
    lenses, sideburns, hanging = lenses | frames, sideburns & ~frames, hanging & ~frames
    long = count(hanging) >= LONG_TEMPLES
    temples = np.where(long[:, None], hanging, sideburns)
    brimmed = hat_edge & has_brim(solid, edge_row, places)
    # a hat's own colour below its brim is its lining; black and brown hair may have it too
    lined = brimmed[:, None] & like_colorful_cover(palette, on_top)
    temples &= ~palette.bits_with(lined, seldom=True)
    sides = count(temples & places.cols(-SIDE, 3)), count(temples & places.cols(3, SIDE))
    colored = temples & ~dark
    # outlines and black glasses beside flaps say nothing about their colour
    colored = np.where((count(colored) >= LEAST_TEMPLE_HAIR)[:, None], colored, temples)
    hooded, lining = find_hood(palette, solid, bare, dark, head_top, places)
    related = np.zeros(len(palette))
    some = np.flatnonzero(hat_edge)
    part, above_edge = palette.take(some), head_top[some] & ~below_edge[some]
    related[some] = share_in_family(part, part.count_bits(colored[some]), part.count_bits(above_edge))
    signs = HairSigns(
        hat_edge=hat_edge,
        edge_row=edge_row,
        above=count(head_top & _above_skull(bare, places)),
        temples=count(temples),
        one_sided=np.minimum(*sides) < LEAST_TEMPLE_HAIR,
        loose=count(loose),
        related=related,
        hanging=hangs_in_row.sum(axis=1) == CHEEK_ROWS[1] - CHEEK_ROWS[0],
        hooded=hooded,
        brimmed=brimmed,
        muffled=is_muffled(palette, solid & ~bare, on_top, places),
        capped=cool & has_straight_sides(solid, places),
    )

    beside_eyes = places.rows(-5, -1) | places.rows(3, 5)  # glasses lie between
    lining &= cover & ~dark & beside_eyes
    only_temples = _only_temples(signs)
    # a shaded cheek beside the forehead is no hair that comes out under a hat
    shade = shaded.copy()
    some = np.flatnonzero((bare & glaring).any(axis=1))
    part = palette.take(some)
    shade[some] |= part.bits_with(like_glaring_skin(part, part.count_bits(bare[some])))
    foreign_to_skin, in_color = count(temples & ~dark & ~shade), count(temples & ~dark)
    skin_only = only_temples & (in_color > 0) & (foreign_to_skin <= MOST_FOREIGN * in_color)
    clearly = np.where(hooded[:, None], lining, keep(temples, ~skin_only[:, None]))
    told = count(clearly) >= LEAST_HAIR
    unlike_hair = unlike_any(palette, palette.count_bits(keep(clearly, told[:, None])))
    foreign = keep(palette.bits_with(unlike_hair), told[:, None])
    seeds = np.where((hooded | only_temples)[:, None], clearly, temples | (head_top & ~foreign))
    seeds = keep(seeds, (_shows_hair(signs) & (count(seeds) >= LEAST_TEMPLE_HAIR))[:, None])
    # below the chin the next shade may be clothing
    kin, close = of_family(palette, palette.count_bits(seeds), SAME_FAMILY, SAME_FAMILY / 2)
    near, far = palette.bits_with_each(close, kin)
    family = near | (far & ~places.below_mouth(CHIN))
    outside_face = places.rows(-99, -1) | beside_cheeks | beside_forehead
    outside_face &= ~(shaded & places.rows(-1, 99) & places.cols(*FACE_COLS))
    under_brim = below_edge | whole_rows(~brimmed[:, None])
    hair = flood(cover & family & ~foreign & ~lenses & outside_face & under_brim, seeds)
    # half of a tuft two pixels wide is its outline
    tuft = count_bits(hair).max(axis=1) <= TUFT
    hair |= keep(grow(hair, SIDE, diagonal=False) & dark & solid, tuft[:, None])
    return head_top, hair, signs


def _black_frames(dark: Bits, near_black: Bits, solid: Bits, head_top: Bits, places: Places) -> Bits:
    """Return the black pixels of glasses, down to their lower edge, on heads whose cover is not black."""
    black = solid & dark & places.rows(-1, 4)
    framed = count(black & places.between_eyes()) >= BLACK_FRAMES
    framed &= count(head_top & near_black) < MOST_BLACK_TOP * count(head_top)
    return keep(black, framed[:, None])


def _shaded_side(palette: Palette, shaded: Bits, above_skull: Bits, places: Places) -> Bits:
    """Return skin in shade or light, as on the far side of a face: nothing like it covers the head."""
    shaded = shaded & ~(places.rows(-2, 3) & places.between_eyes())  # brows and lids
    some = np.flatnonzero(shaded.any(axis=1))
    palette = palette.take(some)
    (like_cover,) = of_family(palette, palette.count_bits(above_skull[some]), LIKE_COVER)
    side = shaded[some] & ~palette.bits_with(like_cover)
    shades = (palette.count_bits(side & places.rows(-99, -1)[some]) > 0).sum(axis=1)
    shaded[some] = keep(side, (shades <= MOST_SHADES)[:, None])
    return shaded


def _above_skull(bare: Bits, places: Places) -> Bits:
    """Return the rows above the highest bare skin of the head; shape (N, 24)."""
    return whole_rows(np.bitwise_or.accumulate(bare & places.cols(*FACE_COLS), axis=1) == 0)


def _shows_hair(signs: HairSigns) -> BoolArray:
    """Whether any of the head's cover is hair; shape (N,)."""
    bare_temples = (signs.temples < LEAST_TEMPLE_HAIR) & ((signs.loose < LOOSE_HAIR) | signs.brimmed)
    bald = (signs.above < LEAST_TUFT) & ((signs.temples < LONG_TEMPLES) | signs.one_sided)
    flaps = signs.capped & (signs.related >= RELATED)
    flaps &= np.where(signs.hanging, signs.temples <= WIDEST_FLAPS, signs.temples < LEAST_HAIR)
    covered = np.where(signs.hat_edge, bare_temples | flaps | signs.muffled, bald)
    shows: BoolArray = signs.hooded | ~covered
    return shows


def _only_temples(signs: HairSigns) -> BoolArray:
    """Whether the hair comes out under something else that covers the head; shape (N,)."""
    under = signs.brimmed | (signs.hat_edge & (signs.related < RELATED))
    only: BoolArray = under & (signs.temples >= LEAST_TEMPLE_HAIR)
    return only


def thick_parts(mask: Bits) -> Bits:
    """Return the pixels of a mask that are no thin line: part of a 2x2 block, or of a checker."""
    one = np.uint32(1)
    block = mask & mask >> one
    block &= down(block, -1)
    block |= block << one
    above, below = down(mask, 1), down(mask, -1)
    a, b, c, d = above << one, above >> one, below << one, below >> one
    # a stair of an outline has two diagonal neighbours at most, a checker four
    checker = (a & b & (c | d)) | (c & d & (a | b))
    return block | down(block, 1) | (mask & checker)


def _thick_outline(near_black: Bits, solid: Bits, bare: Bits, places: Places) -> Bits:
    """Return the outlines that are two pixels thick, around the crown as along the jaw."""
    drawn = solid & near_black
    rows = np.clip(places.mouth_row[:, None] + np.asarray(JAW_ROWS), 0, LAST)
    figure, dark = (bits[np.arange(len(solid))[:, None], rows] for bits in (solid, drawn))
    thick = np.ones(len(solid), np.bool_)
    for step, two_of_three in ((1, 0b011), (-1, 0b110)):
        first = np.minimum(from_side(figure, step), LAST - 2)
        first = first if step > 0 else LAST - 2 - first
        from_edge = dark >> first.astype(np.uint32) & np.uint32(0b111)
        thick &= (from_edge == two_of_three).sum(axis=1) >= THICK_JAW
    thick_drawn = np.zeros_like(drawn)
    some = np.flatnonzero(thick)  # nearly all outlines are thin
    crown = drawn[some] & ~bare[some] & places.rows(-99, -1)[some]
    across = crown & crown >> np.uint32(1) & crown >> np.uint32(2)
    massive = across & down(across, -1) & down(across, -2)
    some = some[count(massive) <= MOST_MASSIVE]
    thick_drawn[some] = drawn[some]
    return thick_drawn


def _without_specks(mask: Bits) -> Bits:
    """Return a mask without its lone pixels."""
    one = np.uint32(1)
    sideways = mask << one | mask >> one
    wide = mask | sideways
    return mask & (sideways | down(wide, 1) | down(wide, -1))


def _beside(skin: Bits, places: Places) -> tuple[Bits, Bits]:
    """Return the columns on both sides of some skin: all of them, and the nearest; shapes (N, 1)."""
    cols = np.bitwise_or.reduce(skin, axis=1)
    left, right = first_bit(cols).astype(np.intp), last_bit(cols)
    seen = (cols > 0) & (right - left + 1 >= LEAST_FOREHEAD)
    left = np.where(seen, left, places.eye_col + FACE_COLS[0] - 1)
    right = np.where(seen, right, places.eye_col + FACE_COLS[1])
    beside = ALL_COLS & ~columns(left, right + 1)
    return beside, beside & columns(left - NEAR, right + NEAR + 1)
