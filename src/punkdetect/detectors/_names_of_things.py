"""What a thing held in the mouth is: by its colours, and by whether it ends in a block.

Owns the names of `mouth_item` and the order in which its signs are heard. Must not know how it was found.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors import _held
from punkdetect.detectors._beside_mouth import View
from punkdetect.detectors._sticks import is_brown, is_ember
from punkdetect.punks import BoolArray, IntArray

NONE, CIGARETTE, CIGAR, PIPE, VAPE, MASK, OTHER = range(7)
"""Codes of the values, in the order of the vocabulary."""

VIVID = 50
"""Spread of the channels from which a colour has a hue; greys of beards have up to 30."""

WHITE, METAL, METAL_HUE = 195, (95, 215), 36
"""Least channel of paper; range of the least channel of metal, and the spread that it has at most."""

DARK = 110
"""Greatest channel of a dark colour: black boxes and stems."""

BRIGHT = 200
"""Least red of what is yellow or gold, not wood or leaf."""

LIT, LAMPS = 180, 2
"""Greatest channel of a lamp at least, and pixels of the lamps of a stick at most."""

LEAF, WARM = 30, 13
"""How much more green than blue leaves have, and red than blue the darkest wood."""

HALF = 0.5
"""Share of the pixels of a head from which its colour counts."""

HEAD_ROWS, STEM = 3, 3
"""Rows of a bowl, a tank or a sweet at least, and columns from the bar in which it begins at the earliest:
cigars are thick from the first column or the next."""

LIPS = 3
"""Columns from the middle of the mouth that lips do not reach."""

DYED, BROWN, BLACK = 2, 3, 5
"""Places of three kinds of colours among those of sticks."""


def name_object(view: View, body: BoolArray) -> IntArray:
    """Return the code of every thing, (M,), from its pixels, (M, R, C); NONE where there are none.

    A head at the end of a white stem is a sweet, at that of a green one a flower; one that glows or shines
    in a cold colour, or is grey, is the tank of a vape; any other is the bowl of a pipe. A stick is a
    cigarette if it is white, a cigar if it is brown or dark with an ember, a vape if it is of metal or
    dark, or dyed behind a mouthpiece of metal; what is of any other colour is something else.
    """
    rgba = view.rgba
    red, green, blue = (rgba[..., channel].astype(np.int16) for channel in range(3))
    low, high = np.minimum(np.minimum(red, green), blue), np.maximum(np.maximum(red, green), blue)
    spread = high - low
    dyed = (spread >= VIVID) & ((red < green) | (green < blue))
    cold = dyed & (high >= LIT) & ((green > red) | (blue > green + VIVID) & (blue > red - VIVID))
    leaf = dyed & (green > red) & (green >= blue + LEAF)
    ember = is_ember(rgba)
    white = low >= WHITE
    gray = (spread < METAL_HUE) & ~white & (red - blue < WARM)
    metal = (spread < METAL_HUE) & (low >= METAL[0]) & (low < METAL[1])
    brown = is_brown(rgba) & (red < BRIGHT) & ~ember
    dark = (high < DARK) & ~brown
    gold = (red >= BRIGHT) & (green >= blue) & ~ember & ~white
    steps = np.arange(body.shape[2])

    def count(kind: BoolArray, where: BoolArray) -> IntArray:
        return np.asarray((kind & where).sum(axis=(1, 2)))

    size = body.sum(axis=(1, 2))
    first = _begin_of_head(view, body)
    stem = body & (steps < first[:, None])[:, None]
    head = body & ~stem
    headed = np.full(len(body), PIPE)
    headed[count(gray, head) > HALF * (size - stem.sum(axis=(1, 2)))] = VAPE
    headed[count(cold, head) > 0] = VAPE
    headed[count(white, stem) >= 2] = OTHER
    headed[count(leaf, stem) >= 2] = OTHER
    headed[(count(gold, stem) > HALF * stem.sum(axis=(1, 2))) & (count(gold, head) > 0)] = OTHER

    begin = body.any(axis=1).argmax(axis=1)[:, None]
    mouthpiece = body & (steps <= begin + 1)[:, None]
    kinds = np.stack([count(kind, body) for kind in (white, metal & ~white, dyed, brown, gold, dark)])
    main = kinds.argmax(axis=0)
    stick = np.choose(main, (CIGARETTE, VAPE, OTHER, CIGAR, OTHER, VAPE))
    stick[(main == DYED) & (count(metal, mouthpiece) > 0) & (count(leaf, body) * 2 < size)] = VAPE
    lamps = count(cold, body)
    stick[(main == DYED) & (lamps > 0) & (lamps <= LAMPS) & (count(leaf, body) == 0)] = VAPE
    end = (body.any(axis=1) * steps).max(axis=1)[:, None]
    stick[(main == BLACK) & (count(ember, body & (steps >= end - 1)[:, None]) > 0)] = CIGAR
    stick[(main == BROWN) & has_ink_stem(view, body)] = PIPE
    codes = np.where(head.any(axis=(1, 2)), headed, stick)
    return np.where(size > 0, codes, NONE)


def has_ink_stem(view: View, body: BoolArray) -> BoolArray:
    """Tell whether only ink is held between the mouth and where a thing begins: shape (M,)."""
    steps = np.arange(body.shape[2])
    between = (steps >= _held.MIDDLE + LIPS) & (steps < body.any(axis=1).argmax(axis=1)[:, None])
    only_ink = (view.held & view.ink).any(axis=1) & ~(view.held & view.foreign).any(axis=1)
    return np.asarray((only_ink & between).any(axis=1))


def _begin_of_head(view: View, body: BoolArray) -> IntArray:
    """Return the first column of the head of every thing, (M,); one past the window where it has none.

    A head is three rows high, two more than what is before it, and not right at the mouth.
    """
    whole = body | (_enclosed(body) & ~view.behind)
    height = whole.sum(axis=1)
    steps = np.arange(body.shape[2])
    n = len(view.mouths.row)
    item = view.item
    end = np.where(
        view.side < n,
        view.mouths.right_col[item] - view.mouths.col[item],
        view.mouths.col[item] - view.mouths.left_col[item],
    )
    lips = (_held.MIDDLE + np.clip(end, 1, LIPS - 1))[:, None]
    before = np.where(steps > lips, np.maximum(height, 1), height.shape[1])
    thinnest = np.minimum.accumulate(before, axis=1)
    head = (height >= HEAD_ROWS) & (height >= thinnest + 2)
    head[:, :-1] &= height[:, 1:] >= HEAD_ROWS
    last = np.where(head, steps, -1).max(axis=1)
    gap = np.where(~head & (steps < last[:, None]), steps, -1).max(axis=1)
    return np.asarray(np.where(gap + 1 >= lips[:, 0] + STEM, gap + 1, body.shape[2]))


def _enclosed(body: BoolArray) -> BoolArray:
    """Return the pixels that have some of a thing on all four sides: shape (M, R, C)."""
    inside = np.ones(body.shape, bool)
    for axis in (1, 2):
        inside &= np.logical_or.accumulate(body, axis=axis)
        inside &= np.flip(np.logical_or.accumulate(np.flip(body, axis), axis=axis), axis)
    return inside
