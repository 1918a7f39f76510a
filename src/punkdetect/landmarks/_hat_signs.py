"""What tells a hat from hair by itself: a clean edge, a brim, layers around the face, cloth over the mouth.

Knows solid pixels, bare skin and places around the face; must not know which pixels are hair.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks._places import LAST, Places
from punkdetect.landmarks._shades import share_in_family
from punkdetect.pixels import Palette, lab_distance, shift
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


def find_hat_edge(
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


def has_brim(solid: BoolArray, edge_row: IntArray, places: Places) -> BoolArray:
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


def like_colorful_cover(palette: Palette, head_top: BoolArray) -> BoolArray:
    """Pixels in the main colours of a cover that is neither grey nor dark; of others none."""
    counts, lab = palette.count_in(head_top), palette.lab
    colorful = (lab[..., 0] > NEAR_BLACK) & (np.hypot(lab[..., 1], lab[..., 2]) > COLORFUL)
    return palette.of_pixels(colorful & (counts >= MAIN_SHARE * head_top.sum(axis=(1, 2))[:, None]))


def is_muffled(
    palette: Palette, solid: BoolArray, bare: BoolArray, head_top: BoolArray, places: Places
) -> BoolArray:
    """Whether the place of the mouth has the colours of the head's cover, and no lips; shape (N,)."""
    place = places.below_mouth(-1) & ~places.below_mouth(2) & places.cols(0, 8)
    covered = solid & ~bare & place
    some = np.flatnonzero(covered.sum(axis=(1, 2)) >= MUFFLED_PIXELS)  # few mouths are covered
    muffled = np.zeros(len(solid), np.bool_)
    if len(some):
        part = palette.take(some)
        muffled[some] = share_in_family(part, covered[some], head_top[some]) >= MUFFLED
    return muffled


def is_cool(palette: Palette, head_top: BoolArray) -> BoolArray:
    """Whether the head's cover is green, blue or purple: colours that hair seldom has; shape (N,)."""
    main = palette.count_in(head_top).argmax(axis=1)
    _, a, b = np.moveaxis(palette.lab[np.arange(len(main)), main], -1, 0)
    hue = np.degrees(np.arctan2(b, a)) % 360
    cool: BoolArray = (np.hypot(a, b) >= LEAST_COOL) & (hue >= COOL_HUES[0]) & (hue <= COOL_HUES[1])
    return cool


def has_straight_sides(solid: BoolArray, places: Places) -> BoolArray:
    """Whether the outline is straight on both sides of the head; shape (N,)."""
    each = np.arange(len(solid))[:, None]
    rows = np.clip(places.eye_row[:, None] + np.asarray(SIDE_ROWS), 0, LAST)
    figure = solid[each, rows]
    left, right = figure.argmax(axis=2), figure[:, :, ::-1].argmax(axis=2)
    steps = np.abs(np.diff(left, axis=1)).sum(axis=1) + np.abs(np.diff(right, axis=1)).sum(axis=1)
    straight: BoolArray = steps <= STRAIGHT_SIDES
    return straight


def find_hood(
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
