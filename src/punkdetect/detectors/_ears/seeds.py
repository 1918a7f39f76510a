"""Where jewels at the ears may begin: pixels at the lobes that shine, or are colourful as skin is not.

Owns how a pixel looks that may be jewellery. Must not know what shape it belongs to.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._ears.views import (
    FACE_COL,
    FAINTLY,
    INK,
    LEFT_COLS,
    MOUTH_ROWS,
    ROWS,
    Sides,
    difference_of,
    hue_difference,
    spread_of,
    within,
)
from punkdetect.pixels import find_pixels, grow
from punkdetect.punks import BoolArray, IntArray

LOBE_ROWS = range(1, 5)
"""Rows in which an earring begins: the lobe is one to three rows under the upper row of the eyes in all known
heads. What begins higher is hair or glasses, what begins lower is clothing, a cigarette or smoke."""

LOBE_COLS = range(-7, 0)
"""Columns of the left side view in which earrings hang. Faces are turned a little: on one side the skin
reaches to -2 and the ear to -3, on the other one to 0."""

REACH = 2
"""Columns that an earring is away from the face or ear at most; smoke and strands are further off."""

FAR = 2
"""Further columns that an earring with a colour of its own is away at most: ears may be large, or under hair.
Not where something is held in the mouth on that side."""

BLUSH = 130
"""The same for what is darker than bare skin beside it: cheeks blush, and moles are no jewels."""

STANDS_OUT = 75
"""Sum of the channel differences from which a pixel stands out of its neighbour."""

UNLIKE_NEIGHBOURS = 4
"""Of the eight pixels around each of an earring's at least so many are of another colour."""

DARKER_NEIGHBOURS = 3
"""Of the eight pixels around each of an earring's at least so many are darker, and none of the figure is
lighter, unless it is more colourful than the skin: jewellery shines; moles, shadows and strands do not."""

SHINING = 300
"""Sum of the channels that jewellery has at least among darker pixels; the darkest labelled has 450, and
highlights in black hair up to 250."""

PALE = 500
"""Sum of the channels from which a pixel is silver or pearl even among lighter hair."""

MORE_COLORFUL = 40
"""Channel spread that an earring which does not shine must have more than the skin."""

COLORED, OTHER_HUE = 80, 120
"""Channel spread, and difference of hue from the skin, of stones no more colourful than a bright skin."""


def find_seeds(sides: Sides) -> tuple[IntArray, IntArray, IntArray]:
    """Find pixels that may belong to an earring: view, row and column of each."""
    place = np.zeros(sides.figure.shape[1:], np.bool_)
    place[within(LOBE_ROWS, ROWS), within(LOBE_COLS, LEFT_COLS)] = True
    candidates = place & sides.figure & (sides.light > INK)
    candidates &= ~(sides.bare | sides.lens | sides.known)
    view, row, col = find_pixels(candidates)
    shines, colorful = _looks_like_jewels(sides, view, row, col)
    some = np.flatnonzero(shines | colorful)
    view, row, col, colorful = view[some], row[some], col[some], colorful[some]
    # where the face and the ear are, and what is next to them
    views, each = np.unique(view, return_inverse=True)
    near = sides.head[views] | sides.shade[views]
    near[:, :, FACE_COL - LEFT_COLS.start :] = True
    for _ in range(REACH):
        near = grow(near)
    far = near
    for _ in range(FAR):
        far = grow(far)
    # no scene and no smoke: there is something between the earring and the face
    beyond = colorful & (spread_of(sides.rgb[:, view, row, col]) >= COLORED) & ~sides.held[view]
    beyond &= far[each, row, col] & sides.figure[view, row, col + 1]
    kept = near[each, row, col] | beyond
    return _first_of_each(sides, view[kept], row[kept], col[kept])


def find_ring_seeds(sides: Sides, jewels: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Find the upper bends of what may be rings of any colour: view, row and column of each.

    Two or three level pixels of one colour, with two of that colour a row lower just outside of them.
    """
    place = np.zeros(sides.figure.shape[1:], np.bool_)
    place[within(LOBE_ROWS, ROWS), within(LOBE_COLS, LEFT_COLS)] = True
    candidates = place & sides.figure & (sides.light > INK) & ~(sides.bare | sides.lens | sides.known)
    candidates &= ~(jewels.any(axis=(1, 2)) | sides.held)[:, None, None]
    candidates[:, MOUTH_ROWS.start - 1 - ROWS.start :] = False  # flowers held in the mouth are as round
    view, row, col = find_pixels(candidates)
    own = sides.rgb[:, view, row, col]

    def alike(down: int, inwards: int) -> BoolArray:
        there = sides.rgb[:, view, row + down, np.minimum(col + inwards, len(LEFT_COLS) - 1)]
        return difference_of(own, there) <= FAINTLY

    first = alike(0, 1) & ~alike(0, -1)
    outer, gap = alike(1, -1) | alike(1, 0), ~(alike(1, 1) & alike(1, 0))
    inner = alike(1, 2) | alike(1, 3)
    kept = first & outer & gap & inner
    return view[kept], row[kept], col[kept]


def _first_of_each(
    sides: Sides, view: IntArray, row: IntArray, col: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Leave out pixels that touch an earlier one of the very same colour: they belong to its piece."""
    color = np.full(sides.light.shape, -1, np.int32)
    red, green, blue = sides.rgb[:, view, row, col].astype(np.int32)
    own = red << 16 | green << 8 | blue
    color[view, row, col] = own
    earlier = np.zeros(len(view), np.bool_)
    for down, inwards in ((-1, -1), (-1, 0), (-1, 1), (0, -1)):
        earlier |= color[view, row + down, col + inwards] == own
    return view[~earlier], row[~earlier], col[~earlier]


def _looks_like_jewels(
    sides: Sides, view: IntArray, row: IntArray, col: IntArray
) -> tuple[BoolArray, BoolArray]:
    """Tell which pixels, unlike their neighbours, shine, and which are more colourful than the skin: (M,)."""
    pixels, light = sides.rgb[:, view, row, col], sides.light[view, row, col]
    unlike, darker, lighter, outshone = (np.zeros(len(view), np.int8) for _ in range(4))
    for down in (-1, 0, 1):
        for inwards in (-1, 0, 1):
            there = (view, row + down, col + inwards)
            its_light, bare = sides.light[there], sides.bare[there]
            differs = difference_of(pixels, sides.rgb[(slice(None), *there)]) >= STANDS_OUT
            differs |= ~sides.seen[there]
            unlike += differs
            darker += differs & (its_light < light)
            outshines = (its_light > light + FAINTLY) & (bare | differs) & sides.figure[there]
            lighter += outshines
            outshone += outshines & bare
    skin = sides.skin[:, view, 0, 0]
    pale = (light >= PALE) & (outshone == 0)
    shines = (darker >= DARKER_NEIGHBOURS) & (lighter == 0) & (light >= SHINING)
    colorful = spread_of(pixels) >= spread_of(skin) + MORE_COLORFUL
    colorful |= (spread_of(pixels) >= COLORED) & (hue_difference(pixels, skin) >= OTHER_HUE)
    # blush and moles are darker than the skin in two channels at least, gold beside pale skin in one
    no_shade = (pixels >= skin - FAINTLY).sum(axis=0) >= 2
    colorful &= (outshone == 0) | no_shade | (difference_of(pixels, skin) >= BLUSH)
    distinct = unlike >= UNLIKE_NEIGHBOURS
    return np.asarray((pale | shines) & distinct & ~sides.shade[view, row, col]), np.asarray(
        colorful & distinct
    )
