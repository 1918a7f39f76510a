"""Bubbles of chewing gum: a round piece of one dye that touches the lips.

Owns what tells a bubble from a dyed beard, a blush, cloth and hair. Must not know what else may be held.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._mouth.beside import OF_FACE, Mouths, View
from punkdetect.detectors._mouth.held import ONE_COLOR
from punkdetect.detectors._mouth.names_of_things import VIVID
from punkdetect.landmarks.flat_colors import color_difference, has_hue_of
from punkdetect.pixels import flood
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray

ROWS, COLS = range(-3, 5), range(-6, 8)
"""Rows from the bar and columns from its middle in which a cross of five pixels of a bubble must lie."""

LEAST, LARGEST, UNROUND = 9, 7, 2
"""Pixels that a bubble has at least, columns and rows that it has at most, and their difference: less is a
blush or lips, more is cloth or hair."""

FULL = 0.65
"""Share of the square around a bubble that it fills at least: a disc of five columns has 0.84."""

LOWEST = 5
"""Rows from the bar down to which a bubble reaches at most; ties and clothes go on."""

GLINT = 2
"""Pixels of another colour inside of a bubble at most; a mouth in a beard has three."""

SHADE_HUE, SHADE_DEPTH = 0.04, (0.6, 1.15)
"""Largest difference of the shares of red, green and blue between a bubble and its shade, and the range of
its lightness to the bubble's."""

HAIR_ROWS, MOST_HAIR = 8, 6
"""Rows over the bar from which there is hair or a hat, and pixels of its colour there from which a round
piece is a dyed beard."""


def find_bubble(mouths: Mouths, item: IntArray) -> BoolArray:
    """Return the pixels of a bubble over or beside the bar of some mouths, in whole pictures: (M, 24, 24)."""
    bubble = np.zeros((len(item), SIDE, SIDE), bool)
    view = View(mouths, item, ROWS, COLS)
    dyed = is_dyed(view.rgba) & ~view.behind
    dyed &= color_difference(view.rgba, mouths.face_rgb[item, 0, None, None]) > OF_FACE
    # a cross of five
    block = dyed[:, 1:-1, 1:-1] & dyed[:, :-2, 1:-1] & dyed[:, 2:, 1:-1]
    block &= dyed[:, 1:-1, :-2] & dyed[:, 1:-1, 2:]
    which = np.flatnonzero(block.any(axis=(1, 2)))
    if not len(which):
        return bubble
    view, block, item = view.take(which), block[which], item[which]
    center = view.rgba[:, 1:-1, 1:-1]
    for down, right in ((0, 1), (1, 0), (1, 2), (2, 1)):
        part = view.rgba[:, down : down + center.shape[1], right : right + center.shape[2]]
        block &= _is_alike(part, center)
    some = np.flatnonzero(block.any(axis=(1, 2)))
    at = block[some].reshape(len(some), center.shape[1] * center.shape[2]).argmax(axis=1)
    row, col = np.divmod(at, center.shape[2])
    color = center[some, row, col]
    whole = mouths.rgba[item[some]]
    alike = _is_alike(whole, np.broadcast_to(color[:, None, None], whole.shape)) & (whole[..., 3] > 0)
    seed = np.zeros_like(alike)
    seed[np.arange(len(some)), view.rows[some, row + 1], view.cols[some, col + 1]] = True
    piece = flood(alike, seed, diagonal=False)
    good = _is_round(piece) & _is_at_lips(mouths, item[some], piece) & ~_has_mouth_inside(piece)
    over = np.arange(SIDE) < mouths.row[item[some], None] - HAIR_ROWS
    good &= (alike & over[:, :, None]).sum(axis=(1, 2)) < MOST_HAIR
    bubble[which[some]] = piece & good[:, None, None]
    return bubble


def is_dyed(rgba: ByteArray) -> BoolArray:
    """Tell which pixels have a hue that neither skin nor beards have: not from red to yellow."""
    red, green, blue = (rgba[..., channel].astype(np.int16) for channel in range(3))
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return np.asarray(((red < green) | (green < blue)) & (spread >= VIVID))


def _is_alike(rgba: ByteArray, color: ByteArray) -> BoolArray:
    """Tell which pixels are of a colour or a shade of it."""
    alike = color_difference(rgba, color) <= ONE_COLOR
    return np.asarray(alike | has_hue_of(rgba, color, SHADE_HUE, SHADE_DEPTH))


def _is_round(piece: BoolArray) -> BoolArray:
    wide, high = piece.any(axis=1).sum(axis=1), piece.any(axis=2).sum(axis=1)
    size = piece.sum(axis=(1, 2))
    fits = (np.maximum(wide, high) <= LARGEST) & (np.abs(wide - high) <= UNROUND)
    return np.asarray(fits & (size >= LEAST) & (size >= FULL * wide * high))


def _is_at_lips(mouths: Mouths, item: IntArray, piece: BoolArray) -> BoolArray:
    """Tell which pieces touch the bar, or lie over it, and end above the clothes."""
    index = np.arange(SIDE)
    rows = np.abs(index - mouths.row[item, None]) <= 1
    cols = (index >= mouths.left_col[item, None] - 1) & (index <= mouths.right_col[item, None] + 1)
    touches = (piece & rows[:, :, None] & cols[:, None]).any(axis=(1, 2))
    too_low = (piece.any(axis=2) & (index > mouths.row[item, None] + LOWEST)).any(axis=1)
    return np.asarray(touches & ~too_low)


def _has_mouth_inside(piece: BoolArray) -> BoolArray:
    """Tell which pieces, (M, 24, 24), lie around a mouth, as dyed beards do; a bubble has a glint at most."""
    around = ~piece
    for axis in (1, 2):
        for part in (piece, np.flip(piece, axis)):
            before = np.logical_or.accumulate(part, axis=axis)
            around &= before if part is piece else np.flip(before, axis)
    return np.asarray(around.sum(axis=(1, 2)) > GLINT)
