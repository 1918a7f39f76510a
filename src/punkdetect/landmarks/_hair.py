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

from punkdetect.landmarks._places import LAST, Places
from punkdetect.pixels import Palette, flood, grow, is_near_any, lab_distance, shift
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray

INK = 4.0
"""Lightness under which a pixel may be outline: outlines are black, dark hair is 5 and lighter or thick."""

NEAR_BLACK = 18.0
"""Lightness under which a colour may be a lit shade of black hair."""

FACE_COLS = (-1, 8)
"""Columns of the forehead relative to the left eye (half open)."""

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

SAME_FAMILY = 12.0
"""CIELAB distance between shades that belong together: neighbouring shades of checkered hair are 6 to 11
apart."""

BLACK_GLASSES, MOST_BELOW_GLASSES = 8, 2
"""Black pixels around the eyes from which they are glasses, and below them up to which they are not hair:
bare eyes have pupils, lids and brows at most."""

LEAST_SMOOTH = 1
"""Steps that are always allowed, where glasses hide most of the forehead."""

JAW_ROWS = range(-2, 3)
"""Rows relative to the mouth in which the outline of the jaw is seen."""

THICK_JAW, MOST_MASSIVE = 3, 1
"""Rows of the jaw, of five on each side, that a thick outline runs along; and 3x3 blocks of outline that it
may have above the eyes, where hair has many."""

BRIM_ROWS, VISOR, BRIM, MOST_BRIM_ROWS = 3, 3, 2, 5
"""Rows above the edge in which a brim stands out; columns of a visor on one side, and of a brim on both; rows
in which anything may stand off the head there."""

COLORFUL, MAIN_SHARE = 50.0, 0.2
"""Chroma above which a cover is no usual hair, and share of it that its main colours have."""

MUFFLED_PIXELS, MUFFLED = 22, 0.95
"""Pixels around the mouth, of 24, that a balaclava covers, and share of them in the colours of the head's
cover; a full beard leaves the lips free."""

BLACK_FRAMES = 12
"""Black pixels around the eyes, thin lines too, from which they are frames."""

TUFT = 2
"""Columns up to which hair is a tuft, such as a thin mohawk."""

THICK, SMOOTH = 2, 3
"""A hat covers every column of the forehead by this many rows at least, and its edge steps up and down by
no more than this in all. Labelled hats step 0 to 2, hair that leaves the temples bare 4 to 13."""

ALIKE_TINT = 22.0
"""Distance in the a-b plane up to which a colour may be a shade of another; from brown hair to a red scarf
40, to gold 30."""

ALIKE_HUE, CHROMA_RATIO = 25.0, 2.5
"""Degrees, and times the chroma, up to which a stronger colour may be a lit shade of another."""

HOOD_ROWS = range(-1, 6)
"""Rows relative to the eyes in which the layers of a hood are looked for."""

LAYER_STEP = 18.0
"""CIELAB distance between a hood and what it is lined with, or the hair under it."""

HOOD_SHARE, LEAST_HOOD_ROWS = 0.7, 3
"""A hood shows both its layers on both sides of the face in nearly all of these rows; hair, checkered as it
may be, in two thirds at most."""

HOOD_CRUST = 0.8
"""Share of the two outermost rows of the head's cover that has the colour of a hood's outside."""

HOOD_OVER_HEAD = 0.4
"""Share of the head's cover that has the colour of a hood's outside."""

SIDE_ROWS = range(-1, 6)
"""Rows relative to the eyes in which the outline of the sides is followed."""

STRAIGHT_SIDES = 4
"""Steps of both outlines together in these rows up to which they are straight: caps with flaps have 0 to 4,
clowns' wigs 7 and more."""

WIDEST_FLAPS = 12
"""Pixels at the temples up to which flaps hang there, one or two wide; long hair has 16."""

COOL_HUES, LEAST_COOL = (120, 325), 18
"""Hues in degrees, and chroma, of colours that are worn more often than they are dyed."""

CHIN = 2
"""Rows from the mouth's bar down to the chin."""

TRIED_COLORS = 16
"""Most frequent colours of a region that are compared with another's."""


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

    cool = _is_cool(palette, head_top)
    hat_edge, edge_row = _find_hat_edge(solid & ~bare, bare, cool, places)
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
    brimmed = hat_edge & _has_brim(solid, edge_row, places)
    # a hat's own colour below its brim is its lining; black and brown hair may have it too
    temples &= ~(brimmed[:, None, None] & _like_colorful_cover(palette, head_top))
    sides = (
        (temples & places.cols(-SIDE, 3)).sum(axis=(1, 2)),
        (temples & places.cols(3, SIDE)).sum(axis=(1, 2)),
    )
    colored = temples & ~dark
    # outlines and black glasses beside flaps say nothing about their colour
    colored = np.where((colored.sum(axis=(1, 2)) >= LEAST_TEMPLE_HAIR)[:, None, None], colored, temples)
    hooded, lining = _find_hood(palette, solid, bare, dark, head_top, places)
    related = _share_in_family(palette, colored, head_top & ~below_edge)
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
        muffled=_is_muffled(palette, solid, bare, head_top, places),
        capped=cool & _has_straight_sides(solid, places),
    )

    beside_eyes = places.rows(-5, -1) | places.rows(3, 5)  # glasses lie between
    lining = lining & cover & ~dark & beside_eyes
    hooded_2d, only_temples = signs.hooded[:, None, None], _only_temples(signs)[:, None, None]
    # a shaded cheek beside the forehead is no hair that comes out under a hat
    skin_only = only_temples & ~(temples & ~shaded).any(axis=(1, 2))[:, None, None]
    clearly = np.where(hooded_2d, lining, temples & ~skin_only)
    foreign = _foreign(palette, clearly) & (clearly.sum(axis=(1, 2)) >= LEAST_HAIR)[:, None, None]
    seeds = np.where(hooded_2d | only_temples, clearly, temples | (head_top & ~foreign))
    some = _shows_hair(signs) & (seeds.sum(axis=(1, 2)) >= LEAST_TEMPLE_HAIR)
    seeds &= some[:, None, None]
    # below the chin the next shade may be clothing
    family = _of_family(palette, seeds, SAME_FAMILY) & ~places.below_mouth(CHIN)
    family |= _of_family(palette, seeds, SAME_FAMILY / 2)
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
    framed &= 5 * (head_top & near_black).sum(axis=(1, 2)) < head_top.sum(axis=(1, 2))
    return black & framed[:, None, None]


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


def _has_brim(solid: BoolArray, edge_row: IntArray, places: Places) -> BoolArray:
    """Whether pixels with nothing below them stand out of the head where its cover ends; shape (N,)."""
    below = shift(solid, -1, 0) | shift(solid, -2, 0)
    rows_above = edge_row[:, None, None] - np.arange(SIDE)[:, None]
    out = solid & ~below & (rows_above <= BRIM_ROWS) & (rows_above >= 0)
    sides = places.cols(-SIDE, -2), places.cols(9, SIDE)
    left, right = ((out & side).sum(axis=2).max(axis=1) for side in sides)
    # hair that stands off does so in more rows
    beside = (places.cols(-SIDE, -3) | places.cols(10, SIDE)) & (np.abs(rows_above) <= 2 * BRIM_ROWS)
    thick = ((solid & beside).sum(axis=2) >= BRIM).sum(axis=1) > MOST_BRIM_ROWS
    brim: BoolArray = ((np.maximum(left, right) >= VISOR) | (np.minimum(left, right) >= BRIM)) & ~thick
    return brim


def _like_colorful_cover(palette: Palette, head_top: BoolArray) -> BoolArray:
    """Pixels in the main colours of a cover that is neither grey nor dark; of others none."""
    counts, lab = palette.count_in(head_top), palette.lab
    colorful = (lab[..., 0] > NEAR_BLACK) & (np.hypot(lab[..., 1], lab[..., 2]) > COLORFUL)
    return palette.of_pixels(colorful & (counts >= MAIN_SHARE * head_top.sum(axis=(1, 2))[:, None]))


def _is_muffled(
    palette: Palette, solid: BoolArray, bare: BoolArray, head_top: BoolArray, places: Places
) -> BoolArray:
    """Whether the place of the mouth has the colours of the head's cover, and no lips; shape (N,)."""
    place = places.below_mouth(-1) & ~places.below_mouth(2) & places.cols(0, 8)
    covered = solid & ~bare & place
    some = np.flatnonzero(covered.sum(axis=(1, 2)) >= MUFFLED_PIXELS)  # few mouths are covered
    muffled = np.zeros(len(solid), np.bool_)
    if len(some):
        part = palette.take(some)
        muffled[some] = _share_in_family(part, covered[some], head_top[some]) >= MUFFLED
    return muffled


def _is_cool(palette: Palette, head_top: BoolArray) -> BoolArray:
    """Whether the head's cover is green, blue or purple: colours that hair seldom has; shape (N,)."""
    main = palette.count_in(head_top).argmax(axis=1)
    _, a, b = np.moveaxis(palette.lab[np.arange(len(main)), main], -1, 0)
    hue = np.degrees(np.arctan2(b, a)) % 360
    cool: BoolArray = (np.hypot(a, b) >= LEAST_COOL) & (hue >= COOL_HUES[0]) & (hue <= COOL_HUES[1])
    return cool


def _has_straight_sides(solid: BoolArray, places: Places) -> BoolArray:
    """Whether the outline is straight on both sides of the head; shape (N,)."""
    each = np.arange(len(solid))[:, None]
    rows = np.clip(places.eye_row[:, None] + np.asarray(SIDE_ROWS), 0, LAST)
    figure = solid[each, rows]
    left, right = figure.argmax(axis=2), figure[:, :, ::-1].argmax(axis=2)
    steps = np.abs(np.diff(left, axis=1)).sum(axis=1) + np.abs(np.diff(right, axis=1)).sum(axis=1)
    straight: BoolArray = steps <= STRAIGHT_SIDES
    return straight


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


def _find_hat_edge(
    covered: BoolArray, bare: BoolArray, cool: BoolArray, places: Places
) -> tuple[BoolArray, IntArray]:
    """Tell whether the head's cover ends cleanly across the whole forehead, and in which row, each (N,).

    Where eyewear touches the cover no skin shows under it: those columns say nothing.
    """
    cols = np.clip(places.eye_col[:, None] + np.arange(*FACE_COLS), 0, SIDE - 1)
    covered = np.take_along_axis(covered, cols[:, None], axis=2)
    bare = np.take_along_axis(bare & places.rows(-99, 2), cols[:, None], axis=2)
    # the first skin below the top of the cover, column by column
    below_top: BoolArray = bare & np.logical_or.accumulate(covered, axis=1)
    in_face = cols < places.face_end[:, None]
    seen = np.any(below_top, axis=1)
    edge = np.where(seen, below_top.argmax(axis=1), places.eye_row[:, None] - 1)
    thickness = (covered & (np.arange(SIDE)[:, None] < edge[:, None])).sum(axis=1)
    thickness = np.where(in_face, thickness, SIDE)
    both = seen[:, 1:] & seen[:, :-1] & in_face[:, 1:]
    steps = np.where(both, np.abs(np.diff(edge, axis=1)), 0).sum(axis=1)
    seen_share = np.where(cool, 1.0, both.mean(axis=1))
    smooth = steps <= np.maximum(LEAST_SMOOTH, SMOOTH * seen_share)
    return (thickness.min(axis=1) >= THICK) & smooth, np.sort(edge, axis=1)[:, edge.shape[1] // 2]


def _top_colors(palette: Palette, mask: BoolArray, least: int) -> tuple[IntArray, FloatArray]:
    """Return counts (0 where below `least`) and CIELAB of a region's most frequent colours, (N, 16, ...)."""
    row = np.arange(len(palette))[:, None]
    counts = palette.count_in(mask)
    index = np.argsort(-counts, axis=1, kind="stable")[:, :TRIED_COLORS]
    count = counts[row, index]
    return np.where(count >= least, count, 0), palette.lab[row, index]


def _share_in_family(palette: Palette, part: BoolArray, whole: BoolArray) -> FloatArray:
    """Share of a region's pixels whose shade occurs in another region too; shape (N,)."""
    count, lab = _top_colors(palette, part, 1)
    other_count, other_lab = _top_colors(palette, whole, 2)
    shared = is_near_any(lab, other_lab, other_count > 0, SAME_FAMILY)
    share: FloatArray = (count * shared).sum(axis=1) / np.maximum(count.sum(axis=1), 1)
    return share


def _of_family(palette: Palette, seeds: BoolArray, reach: float) -> BoolArray:
    """Pixels whose colour is, or is near, a colour of the seeds."""
    count, lab = _top_colors(palette, seeds, 1)
    near = is_near_any(palette.lab, lab, count > 0, reach)
    return palette.of_pixels(near | (palette.count_in(seeds) > 0))


def _foreign(palette: Palette, hair: BoolArray) -> BoolArray:
    """Return the pixels whose colour is no shade of any of the hair: crowns, scarves, black hats on red."""
    count, lab = _top_colors(palette, hair, 1)
    a, b = (np.ascontiguousarray(palette.lab[..., i]) for i in (1, 2))
    chroma = np.hypot(a, b)
    alike = np.zeros(a.shape, np.bool_)
    for other in np.flatnonzero((count > 0).any(axis=0)):
        hair_a, hair_b = lab[:, other, 1, None], lab[:, other, 2, None]
        hair_chroma = np.hypot(hair_a, hair_b)
        tint = (a - hair_a) ** 2 + (b - hair_b) ** 2 <= ALIKE_TINT**2
        same_hue = a * hair_a + b * hair_b > np.cos(np.radians(ALIKE_HUE)) * chroma * hair_chroma
        lit = same_hue & (chroma <= CHROMA_RATIO * hair_chroma)
        alike |= (tint | lit) & (count[:, other, None] > 0)
    return palette.of_pixels(~alike)


def _find_hood(
    palette: Palette, solid: BoolArray, bare: BoolArray, dark: BoolArray, head_top: BoolArray, places: Places
) -> tuple[BoolArray, BoolArray]:
    """Tell who wears a hood, (N,), and which pixels are unlike its outside, (N, 24, 24).

    Row after row, on both sides of the face, the colour that covers the head lies outside and another inside.
    """
    each = np.arange(len(solid))[:, None]
    counts = palette.count_in(head_top & ~dark)
    outside_lab = palette.lab[each, counts.argmax(axis=1)[:, None]]
    unlike = palette.of_pixels(lab_distance(palette.lab, outside_lab) > LAYER_STEP)
    rows = np.clip(places.eye_row[:, None] + np.asarray(HOOD_ROWS), 0, LAST)
    face = places.cols(-2, 10)
    # checkered hair has its shades on its outside as well
    crust = head_top & ~dark & ~shift(head_top, 2, 0)
    one_color = (crust & unlike).sum(axis=(1, 2)) <= (1 - HOOD_CRUST) * crust.sum(axis=(1, 2))
    over_head = (head_top & ~unlike & ~dark).sum(axis=(1, 2))
    hooded = one_color & (over_head >= HOOD_OVER_HEAD * head_top.sum(axis=(1, 2)))
    glasses = {1: places.eye_col + 2, -1: LAST - places.face_end + 5}
    for step in (1, -1):
        bare_row, dark_row = (bare & face)[each, rows][..., ::step], dark[each, rows][..., ::step]
        outside = (solid & ~unlike)[each, rows][..., ::step]
        first, face_edge = outside.argmax(axis=2)[..., None], bare_row.argmax(axis=2)[..., None]
        last = np.maximum(face_edge - 1, 1)
        # a single dark pixel before the face is its outline
        at_last, before = (np.take_along_axis(dark_row, last - back, axis=2) for back in (0, 1))
        last = last - (at_last & ~before)
        # both layers and an outline must fit in
        seen = bare_row.any(axis=2) & outside.any(axis=2) & (face_edge - first >= 3)[..., 0]
        layered = ~np.take_along_axis(outside, last, axis=2)[..., 0]
        count = (seen & layered).sum(axis=1)
        hooded &= (count >= LEAST_HOOD_ROWS) & (count >= HOOD_SHARE * seen.sum(axis=1))
        # glasses look like a layer: the rows in which the edge of the face is seen must agree
        clear = seen & (face_edge[..., 0] < glasses[step][:, None])
        agree = (clear & layered).sum(axis=1)
        hooded &= (agree >= 1) & (agree >= HOOD_SHARE * clear.sum(axis=1))
    return hooded, unlike
