"""Things of several colours that are held in the mouth: boxes, bowls, lollipops, sticks in an outline.

Owns what such a thing is made of and what its shape says. Must not know what the face looks like.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors import _held
from punkdetect.detectors._beside_mouth import PLAIN, SHADE, View
from punkdetect.detectors._sticks import is_ember
from punkdetect.landmarks.flat_colors import cut_windows
from punkdetect.pixels import flood, grow, pack_rgb
from punkdetect.punks import SIDE, BoolArray

BAR, MIDDLE = _held.BAR, _held.MIDDLE

HIGHEST, LOWEST = -4, 7
"""Rows from the bar that a thing may reach; hair and clothes, of whatever colours, go on."""

HAIR_ABOVE, HAIR_STEP = range(-9, -3), 5
"""Rows from the bar, and columns from its middle, in which the colours of hair, hood and hat are."""

OTHER_ROWS, OTHER_STEP = range(-2, 4), 4
"""Rows and columns on the other side of the face: what hangs there too is hair or an earring."""

CLOTHES_ROW, CLOTHES_STEPS = 5, range(-4, 4)
"""First row, from the bar, of neck and clothes; the columns in which they are under the chin."""

HANGING_STEPS = range(3, 10)

COMMON = 3
"""Pixels of a colour in one of those places from which it is not that of the thing."""

DIGIT = 10
"""Bits of a digit that counts pixels: a portrait has 576."""

LEAST_SIZE, MOST_SIZE = 4, 45
"""Pixels that a thing has, in all its colours but ink."""

MOST_SKIN = 6
"""Pixels of the colour of skin that a thing has at most; where there are more it is an ear or a cheek."""

LEAST_PAIRS = 2
"""Pairs of its pixels side by side at least: the odd pixels of checkered hair touch at corners."""

MOST_COLORS = 7
"""Different colours that a thing has at most; speckled hair has a shade for every pixel or two."""

LEAST_BEYOND = 2
"""Columns past the outline of the jaw that it reaches at least."""


def find_objects(view: View) -> tuple[View, BoolArray]:
    """Return the windows that hold a thing, and its pixels in each: shape (M, R, C).

    Connected with the mouth, past the jaw, and of colours that are neither above it nor on the other side.

    Parameters
    ----------
    view : View
        Of the rows and steps of `_held`.
    """
    view = view.take(np.flatnonzero((view.held & view.foreign)[:, :, MIDDLE + 2 :].any(axis=(1, 2))))
    own = view.foreign & ~colors_elsewhere(view)
    own[:, :, : MIDDLE + 2] = False
    body = flood(own, own & view.held, diagonal=True)
    # a shade of wood may have the very colour of the skin
    # an outline between a stem and its bowl
    bridge = _held.past_jaw(view, view.ink) & grow(body, diagonal=True)
    joined = flood(own | bridge, body, diagonal=False) & ~bridge
    body = body | joined
    whole = flood(body | _held.past_jaw(view, view.of_face), body, diagonal=False)
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
    beyond = (_held.past_jaw(view, body) & ~face_further).any(axis=1).sum(axis=1)
    pairs = (body[:, :, 1:] & body[:, :, :-1]).sum(axis=(1, 2))
    packed = np.where(body, pack_rgb(view.rgba[..., :3]), 0).reshape(len(body), body.shape[1] * body.shape[2])
    packed.sort(axis=1)
    colors = (packed[:, 1:] != packed[:, :-1]).sum(axis=1)
    lit = (body & is_ember(view.rgba)).any(axis=(1, 2))
    found = np.flatnonzero((beyond >= np.where(lit, 1, LEAST_BEYOND)) & (pairs >= LEAST_PAIRS) & (colors <= MOST_COLORS))
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
    # the pixels of each colour in all places at once, as digits of one number
    digits = (mouths.kinds[item] & (PLAIN | SHADE) == 0) * (above + (other << DIGIT) + (clothes << 2 * DIGIT) + (border << 3 * DIGIT))
    of_pixel = mouths.palette.index[item]
    n, k = len(item), mouths.palette.colors.shape[1]
    cell = of_pixel + (np.arange(n) * k)[:, None, None]
    number = np.bincount(cell.reshape(-1), digits.reshape(-1), minlength=n * k).astype(np.int64)
    common = np.zeros(n * k, bool)
    for place in range(4):
        common |= (number >> DIGIT * place) % (1 << DIGIT) >= COMMON
    aside = (steps >= HANGING_STEPS.start) & (steps < HANGING_STEPS.stop)
    digits = aside * (((rows >= -6) & (rows < HIGHEST + 1)) + (((rows > 4) & (rows < 9)) << DIGIT))
    number = np.bincount(cell.reshape(-1), digits.reshape(-1), minlength=n * k).astype(np.int64)
    common |= (number % (1 << DIGIT) >= 2) & (number >> DIGIT >= 2)
    window = cut_windows(cell, np.arange(n), view.rows, view.cols)
    return np.asarray(common[window])
