"""What tells a hat from hair by itself: a clean edge, a brim, layers around the face, cloth over the mouth.

Knows solid pixels, bare skin and places around the face; must not know which pixels are hair.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import Bits, count, count_bits, down, first_bit, keep, last_bit, turn
from punkdetect.landmarks._places import LAST, ROWS, Places
from punkdetect.landmarks._shades import share_in_family
from punkdetect.pixels import Palette, lab_distance
from punkdetect.punks import SIDE, BoolArray, IntArray

NEAR_BLACK = 18.0
"""Lightness under which a colour may be a lit shade of black hair."""

FACE_COLS = (-1, 8)
"""Columns of the forehead relative to the left eye (half open)."""

LEAST_SMOOTH = 1
"""Steps that are always allowed, where glasses hide most of the forehead."""

THICK, SMOOTH = 2, 3
"""A hat covers every column of the forehead by this many rows at least, and its edge steps up and down by
no more than this in all. Labelled hats step 0 to 2, hair that leaves the temples bare 4 to 13."""

BRIM_ROWS, VISOR, BRIM, MOST_BRIM_ROWS = 3, 3, 2, 5
"""Rows above the edge in which a brim stands out; columns of a visor on one side, and of a brim on both; rows
in which anything may stand off the head there."""

COLORFUL, MAIN_SHARE = 50.0, 0.2
"""Chroma above which a cover is no usual hair, and share of it that its main colours have."""

MUFFLED_PIXELS, MUFFLED = 22, 0.95
"""Pixels around the mouth, of 24, that a balaclava covers, and share of them in the colours of the head's
cover; a full beard leaves the lips free."""

HOOD_ROWS = range(-1, 6)
"""Rows relative to the eyes in which the layers of a hood are looked for."""

LAYER_STEP = 18.0
"""CIELAB distance between a hood and what it is lined with, or the hair under it."""

LEAST_ROOM = 3
"""Pixels that two layers and an outline take."""

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

COOL_HUES, LEAST_COOL = (120, 325), 18
"""Hues in degrees, and chroma, of colours that are worn more often than they are dyed."""


def find_hat_edge(covered: Bits, bare: Bits, cool: BoolArray, places: Places) -> tuple[BoolArray, IntArray]:
    """Tell whether the head's cover ends cleanly across the whole forehead, and in which row, each (N,).

    Where eyewear touches the cover no skin shows under it: those columns say nothing.
    """
    cols = places.eye_col[:, None] + np.arange(*FACE_COLS)
    # every column as a number, its uppermost row the lowest bit
    below_top, thick = turn(bare & places.rows(-99, 2), cols), turn(covered, cols)
    below_top &= ~((thick & -thick) - np.uint32(1))  # the first skin below the top of the cover
    in_face = cols < places.face_end[:, None]
    seen = below_top > 0
    edge = np.where(seen, first_bit(below_top), places.eye_row[:, None] - 1)
    thickness = np.where(in_face, count_bits(thick & (np.uint32(1) << edge.astype(np.uint32)) - 1), SIDE)
    both = seen[:, 1:] & seen[:, :-1] & in_face[:, 1:]
    steps = np.where(both, np.abs(np.diff(edge, axis=1)), 0).sum(axis=1)
    seen_share = np.where(cool, 1.0, both.mean(axis=1))
    smooth = steps <= np.maximum(LEAST_SMOOTH, SMOOTH * seen_share)
    return (thickness.min(axis=1) >= THICK) & smooth, np.sort(edge, axis=1)[:, edge.shape[1] // 2]


def has_brim(solid: Bits, edge_row: IntArray, places: Places) -> BoolArray:
    """Whether pixels with nothing below them stand out of the head where its cover ends; shape (N,)."""
    rows_above = edge_row[:, None] - ROWS
    out = keep(solid & ~(down(solid, -1) | down(solid, -2)), (rows_above <= BRIM_ROWS) & (rows_above >= 0))
    left, right = (
        count_bits(out & side).max(axis=1) for side in (places.cols(-SIDE, -2), places.cols(9, SIDE))
    )
    # hair that stands off does so in more rows
    beside = keep(
        solid & (places.cols(-SIDE, -3) | places.cols(10, SIDE)), np.abs(rows_above) <= 2 * BRIM_ROWS
    )
    thick = (count_bits(beside) >= BRIM).sum(axis=1) > MOST_BRIM_ROWS
    brim: BoolArray = ((np.maximum(left, right) >= VISOR) | (np.minimum(left, right) >= BRIM)) & ~thick
    return brim


def like_colorful_cover(palette: Palette, on_top: IntArray) -> BoolArray:
    """Return the main colours, (N, K), of a cover that is neither grey nor dark; none of others."""
    lab = palette.lab
    colorful = (lab[..., 0] > NEAR_BLACK) & (palette.chroma > COLORFUL)
    return np.asarray(colorful & (on_top >= MAIN_SHARE * on_top.sum(axis=1, keepdims=True)))


def is_muffled(palette: Palette, covered: Bits, on_top: IntArray, places: Places) -> BoolArray:
    """Whether the place of the mouth has the colours of the head's cover, and no lips; shape (N,)."""
    around = covered & places.below_mouth(-1) & ~places.below_mouth(2) & places.cols(0, 8)
    some = np.flatnonzero(count(around) >= MUFFLED_PIXELS)  # few mouths are covered
    muffled = np.zeros(len(covered), np.bool_)
    if len(some):
        part = palette.take(some)
        muffled[some] = share_in_family(part, part.count_bits(around[some]), on_top[some]) >= MUFFLED
    return muffled


def is_cool(palette: Palette, on_top: IntArray) -> BoolArray:
    """Whether the head's cover is green, blue or purple: colours that hair seldom has; shape (N,)."""
    main = on_top.argmax(axis=1)
    _, a, b = np.moveaxis(palette.lab[np.arange(len(main)), main], -1, 0)
    hue = np.degrees(np.arctan2(b, a)) % 360
    cool: BoolArray = (np.hypot(a, b) >= LEAST_COOL) & (hue >= COOL_HUES[0]) & (hue <= COOL_HUES[1])
    return cool


def has_straight_sides(solid: Bits, places: Places) -> BoolArray:
    """Whether the outline is straight on both sides of the head; shape (N,)."""
    rows = np.clip(places.eye_row[:, None] + np.asarray(SIDE_ROWS), 0, LAST)
    figure = solid[np.arange(len(solid))[:, None], rows]
    left, right = from_side(figure, 1), from_side(figure, -1)
    steps = np.abs(np.diff(left, axis=1)).sum(axis=1) + np.abs(np.diff(right, axis=1)).sum(axis=1)
    straight: BoolArray = steps <= STRAIGHT_SIDES
    return straight


def from_side(bits: Bits, step: int) -> IntArray:
    """Count the columns from the left side (1), or from the right one (-1), to the first pixel of each row.

    0 where a row is empty.
    """
    first = first_bit(bits).astype(np.intp) if step > 0 else LAST - last_bit(bits)
    return np.where(bits > 0, first, 0)


def find_hood(
    palette: Palette, solid: Bits, bare: Bits, dark: Bits, head_top: Bits, places: Places
) -> tuple[BoolArray, Bits]:
    """Tell who wears a hood, (N,), and which of its pixels are unlike its outside, rows of bits (N, 24).

    Row after row, on both sides of the face, the colour that covers the head lies outside and another inside.
    """
    each = np.arange(len(solid))[:, None]
    rows = np.clip(places.eye_row[:, None] + np.asarray(HOOD_ROWS), 0, LAST)
    face, figure = (bits[each, rows] for bits in (bare & places.cols(-2, 10), solid))
    room = [_with_room(face, figure, step).sum(axis=1) for step in (1, -1)]
    some = np.flatnonzero(np.minimum(*room) >= LEAST_HOOD_ROWS)
    hooded, unlike = np.zeros(len(solid), np.bool_), np.zeros_like(solid)

    each, rows, palette = each[: len(some)], rows[some], palette.take(some)
    solid, dark, head_top = solid[some], dark[some], head_top[some]
    counts = palette.count_bits(head_top & ~dark)
    outside_lab = palette.lab[each, counts.argmax(axis=1)[:, None]]
    other = palette.bits_with(lab_distance(palette.lab, outside_lab) > LAYER_STEP)
    # checkered hair has its shades on its outside as well
    crust = head_top & ~dark & ~down(head_top, 2)
    one_color = count(crust & other) <= (1 - HOOD_CRUST) * count(crust)
    over_head = count(head_top & ~other & ~dark)
    around = one_color & (over_head >= HOOD_OVER_HEAD * count(head_top))
    dark_row, outside = (bits[each, rows] for bits in (dark, solid & ~other))
    for step, glasses in ((1, places.eye_col + 2), (-1, LAST - places.face_end + 5)):
        around &= _has_layers(face[some], dark_row, outside, glasses[some, None], step)
    hooded[some], unlike[some] = around, other
    return hooded, unlike


def _has_layers(face: Bits, dark: Bits, outside: Bits, glasses: IntArray, step: int) -> BoolArray:
    """Whether another layer lies between the outside and the face on one side: rows (N, R) to (N,)."""
    face_edge = from_side(face, step)
    last = np.maximum(face_edge - 1, 1)
    # a single dark pixel before the face is its outline
    last = last - (_has_pixel(dark, last, step) & ~_has_pixel(dark, last - 1, step))
    seen = _with_room(face, outside, step)
    layered = seen & ~_has_pixel(outside, last, step)
    layers = layered.sum(axis=1)
    # glasses look like a layer: the rows in which the edge of the face is seen must agree
    clear = seen & (face_edge < glasses)
    agree = (clear & layered).sum(axis=1)
    has_layers: BoolArray = (layers >= LEAST_HOOD_ROWS) & (layers >= HOOD_SHARE * seen.sum(axis=1))
    has_layers &= (agree >= 1) & (agree >= HOOD_SHARE * clear.sum(axis=1))
    return has_layers


def _with_room(face: Bits, outside: Bits, step: int) -> BoolArray:
    """Rows in which two layers and an outline fit between what is outside and the face: (N, R)."""
    room = from_side(face, step) - from_side(outside, step) >= LEAST_ROOM
    return (face > 0) & (outside > 0) & room


def _has_pixel(bits: Bits, cols: IntArray, step: int) -> BoolArray:
    """Whether each row has a pixel in its column, counted from one side; both (N, R)."""
    cols = cols if step > 0 else LAST - cols
    has: BoolArray = (bits >> cols.astype(np.uint32) & np.uint32(1)) > 0
    return has
