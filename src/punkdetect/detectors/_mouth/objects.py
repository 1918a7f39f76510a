"""Things of several colours that are held in the mouth: boxes, bowls, lollipops, sticks in an outline.

Owns what such a thing is made of and what its shape says. Must not know what the face looks like.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._mouth import held
from punkdetect.detectors._mouth.beside import PLAIN, SHADE, View
from punkdetect.detectors._mouth.sticks import is_ember
from punkdetect.landmarks.flat_colors import cut_windows
from punkdetect.pixels import flood, pack_rgb
from punkdetect.punks import SIDE, BoolArray, IntArray

BAR, MIDDLE = held.BAR, held.MIDDLE

HIGHEST, LOWEST = -4, 7
"""Rows from the bar that a thing may reach; hair and clothes, of whatever colours, go on."""

HAIR_ABOVE, HAIR_STEP = range(-9, -3), 5
"""Rows from the bar, and columns from its middle, in which the colours of hair, hood and hat are."""

OTHER_ROWS, OTHER_STEP = range(-2, 4), 4
"""Rows and columns on the other side of the face: what hangs there too is hair or an earring."""

CLOTHES_ROW, CLOTHES_STEPS = 5, range(-4, 4)
"""First row, from the bar, of neck and clothes; the columns in which they are under the chin."""

HANGING_STEPS, ROWS_OVER, ROWS_UNDER, HANGING = range(3, 10), range(-6, -3), range(5, 9), 2
"""Columns beside the mouth, rows over and under what is held, and pixels in both of a colour that hangs down
there: hair, in front of which the thing is."""

COMMON = 3
"""Pixels of a colour in one of those places from which it is not that of the thing."""

DIGIT = 10
"""Bits of a digit that counts pixels: a portrait has 576."""

LEAST_SIZE, MOST_SIZE = 4, 45
"""Pixels that a thing has, in all its colours but ink."""

BELOW_BAR = 3
"""Rows from the bar down to which something of it is held; up to one above the lips."""

MOST_SKIN = 6
"""Pixels of the colour of skin that a thing has at most; where there are more it is an ear or a cheek."""

LEAST_PAIRS = 2
"""Pairs of its pixels side by side at least: the odd pixels of checkered hair touch at corners."""

MOST_COLORS = 7
"""Different colours that a thing has at most; speckled hair has a shade for every pixel or two."""

LOW, MANY_COLORS = 3, 12
"""Rows of a thing up to which it is no hair, though it has more colours: lights of all hues."""

LEAST_BEYOND = 2
"""Columns past the outline of the jaw that it reaches at least."""


def find_objects(view: View) -> tuple[View, BoolArray]:
    """Return the windows that hold a thing, and its pixels in each: shape (M, R, C).

    Connected with the mouth, past the jaw, and of colours that are neither above it nor on the other side.

    Parameters
    ----------
    view : View
        Of the rows and steps of `held`.
    """
    view = view.take(np.flatnonzero((view.held & view.foreign)[:, :, MIDDLE + 2 :].any(axis=(1, 2))))
    own = view.foreign & ~colors_elsewhere(view)
    own[:, :, : MIDDLE + 2] = False
    seed = own & view.held
    rows = np.arange(own.shape[1]) - BAR
    at_mouth = (rows >= -view.mouths.rows[view.item, None]) & (rows <= BELOW_BAR)
    seed &= at_mouth[:, :, None]  # smoke is further up
    body = flood(own, seed, diagonal=True)
    # there may be an outline between a stem and its bowl
    outline = np.zeros_like(body)
    outline[:, :, 1:] = body[:, :, :-1]
    outline &= held.past_jaw(view, view.ink)
    body |= flood(own | outline, body, diagonal=False) & ~outline
    # a shade of wood may have the very colour of the skin
    whole = flood(body | held.past_jaw(view, view.of_face), body, diagonal=False)
    little = np.asarray((whole & ~body).sum(axis=(1, 2)) <= MOST_SKIN)
    body = np.where(little[:, None, None], whole, body)
    in_row = np.asarray(body.any(axis=2))
    size = body.sum(axis=(1, 2))
    thing = (size >= LEAST_SIZE) & (size <= MOST_SIZE)
    thing &= ~in_row[:, : BAR + HIGHEST].any(axis=1) & ~in_row[:, BAR + LOWEST + 1 :].any(axis=1)
    thing &= ~(in_row & (view.rows == SIDE - 1)).any(axis=1)  # clothes
    found = np.flatnonzero(thing)
    view, body = view.take(found), body[found]
    face_further = np.flip(np.logical_or.accumulate(np.flip(view.of_face & ~body, 2), axis=2), 2)
    beyond = (held.past_jaw(view, body) & ~face_further).any(axis=1).sum(axis=1)
    pairs = (body[:, :, 1:] & body[:, :, :-1]).sum(axis=(1, 2))
    packed = np.where(body, pack_rgb(view.rgba[..., :3]), 0).reshape(len(body), body.shape[1] * body.shape[2])
    packed.sort(axis=1)
    colors = (packed[:, 1:] != packed[:, :-1]).sum(axis=1)
    glows = (body & is_ember(view.rgba)).any(axis=(1, 2))
    far = beyond >= np.where(glows, 1, LEAST_BEYOND)
    few = colors <= np.where(body.any(axis=2).sum(axis=1) <= LOW, MANY_COLORS, MOST_COLORS)
    found = np.flatnonzero(far & (pairs >= LEAST_PAIRS) & few)
    return view.take(found), body[found]


def colors_elsewhere(view: View) -> BoolArray:
    """Tell which pixels of the windows have a colour of hair, earrings, clothes or scenery: (M, R, C)."""
    mouths, item = view.mouths, view.item
    index = np.arange(SIDE)
    outward = np.where(view.side < len(mouths.row), 1, -1)
    rows = (index - mouths.row[item, None])[:, :, None]
    steps = ((index - mouths.col[item, None]) * outward[:, None])[:, None, :]
    above = (rows >= HAIR_ABOVE.start) & (rows < HAIR_ABOVE.stop) & (steps >= HAIR_STEP)
    other = (rows >= OTHER_ROWS.start) & (rows < OTHER_ROWS.stop) & (steps <= -OTHER_STEP)
    clothes = (rows >= CLOTHES_ROW) & (steps >= CLOTHES_STEPS.start) & (steps < CLOTHES_STEPS.stop)
    border = (index == np.where(outward > 0, SIDE - 1, 0)[:, None])[:, None, :]
    of_face = mouths.kinds[item] & (PLAIN | SHADE) > 0
    places = [place & ~of_face for place in (above, other, clothes, border)]
    aside = (steps >= HANGING_STEPS.start) & (steps < HANGING_STEPS.stop)
    beside = [(rows >= part.start) & (rows < part.stop) & aside for part in (ROWS_OVER, ROWS_UNDER)]
    n, k = len(item), mouths.palette.colors.shape[1]
    cell = mouths.palette.index[item] + (np.arange(n) * k)[:, None, None]
    common = np.logical_or.reduce(_count_colors(cell, n * k, places) >= COMMON)
    common |= np.logical_and.reduce(_count_colors(cell, n * k, beside) >= HANGING)
    common = np.asarray(common)
    return np.asarray(common[cut_windows(cell, np.arange(n), view.rows, view.cols)])


def _count_colors(cell: IntArray, cells: int, places: list[BoolArray]) -> IntArray:
    """Count the pixels of each colour of each portrait in some places: shape (places, cells)."""
    digits = np.zeros(cell.shape, np.intp)
    for place, where in enumerate(places):
        digits += where.astype(np.intp) << place * DIGIT
    # all places at once, as digits of one number
    number = np.bincount(cell.reshape(-1), digits.reshape(-1), minlength=cells).astype(np.int64)
    return np.stack([(number >> place * DIGIT) % (1 << DIGIT) for place in range(len(places))])
