"""What a thing held in the mouth is: by its colours, and by whether it ends in a block.

Owns the names of `mouth_item` and the order in which its signs are heard. Must not know how it was found.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors import _held
from punkdetect.detectors._beside_mouth import View
from punkdetect.detectors._sticks import is_brown, is_ember
from punkdetect.landmarks.flat_colors import color_difference
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

LIGHT_STEP = 60
"""Sum of the channel differences from which the light at the end of a stick is of another colour than it."""

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
    neutral = (spread < METAL_HUE) & (low < METAL[1]) & ~view.ink
    height = (body & (np.arange(body.shape[2]) > _held.MIDDLE + LIPS)[None, None]).sum(axis=1).max(axis=1, initial=0)
    low_thing = height <= 2
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
    mouthpiece = (body & (steps <= begin + 1)[:, None]) | _before(view, begin)
    first_half = (body & (steps <= begin + 3)[:, None]) | _before(view, begin)
    kinds = np.stack([count(kind, body) for kind in (white, metal & ~white, dyed, brown, gold, dark)])
    main = kinds.argmax(axis=0)
    stick = np.choose(main, (CIGARETTE, VAPE, OTHER, CIGAR, OTHER, VAPE))
    stick[(main == DYED) & (count(neutral, first_half) > 0) & (count(leaf, body) * 2 < size) & low_thing] = VAPE
    lamps = count(cold, body)
    stick[(main == DYED) & (lamps > 0) & (lamps <= LAMPS) & (count(leaf, body) == 0)] = VAPE
    end = (body.any(axis=1) * steps).max(axis=1)[:, None]
    at_end = body & (steps == end)[:, None]
    stick[(count(leaf, mouthpiece) >= 2) & (count(neutral, mouthpiece) == 0) & (height >= 2)] = OTHER
    stick[(main == DYED) & (count(cold & ~leaf, at_end) == count(at_end, at_end)) & _ends_in_another(view, body, at_end) & low_thing] = VAPE
    stick[(main == BLACK) & (count(ember, body & (steps >= end - 1)[:, None]) > 0)] = CIGAR
    stick[(main == BROWN) & has_ink_stem(view, body)] = PIPE
    # a bowl glows in its middle
    rows = np.arange(body.shape[1])
    lowest = body & (rows == (body.any(axis=2) * rows).max(axis=1)[:, None])[:, :, None]
    lone_ember = np.zeros(len(body), bool)
    for last in (at_end, lowest):
        glowing = count(ember, last)
        lone_ember |= (glowing > 0) & (glowing <= LAMPS) & (glowing == count(last, last))
    lone_ember &= count(ember, body) * 3 <= size
    is_head = head.any(axis=(1, 2)) & ~(lone_ember & (headed == PIPE))
    codes = np.where(is_head, headed, stick)
    return np.where(size > 0, codes, NONE)


def _before(view: View, begin: IntArray) -> BoolArray:
    """Return what is held between the lips and where things begin: shape (M, R, C)."""
    steps = np.arange(view.held.shape[2])
    between = (steps >= _held.MIDDLE + LIPS - 1) & (steps < begin)
    return np.asarray(view.held & view.foreign & between[:, None])


def _ends_in_another(view: View, body: BoolArray, at_end: BoolArray) -> BoolArray:
    """Tell which things end in a color that stands out of what is before it: shape (M,)."""
    before = np.zeros_like(body)
    before[:, :, :-1] = at_end[:, :, 1:] & body[:, :, :-1]
    apart = np.zeros(body.shape[:2], bool)
    apart = color_difference(view.rgba[:, :, 1:], view.rgba[:, :, :-1]) >= LIGHT_STEP
    return np.asarray((before[:, :, :-1] & apart).any(axis=(1, 2)))


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
