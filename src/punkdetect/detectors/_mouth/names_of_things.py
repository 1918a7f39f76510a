"""What a thing held in the mouth is: by its colours, and by whether it ends in a block.

Owns the names of `mouth_item` and the order in which its signs are heard. Must not know how it was found.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._mouth import held
from punkdetect.detectors._mouth.beside import View
from punkdetect.detectors._mouth.sticks import is_brown, is_ember
from punkdetect.landmarks.flat_colors import color_difference
from punkdetect.punks import BoolArray, ByteArray, IntArray
from punkdetect.records import Record

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

NEON = 230, 150
"""Greatest channel of a light, and the spread of its channels, that no leaf or dye has: it glows."""

BOX_ROWS = 4
"""Rows of its whole width that a box has at least; sweets and bubbles have three."""

MOTLEY = 2
"""Pixels of gold and of a cold colour that make a striped toy."""

FLAT = 2
"""Rows that a stick has at most; bubbles, sweets and pacifiers have more."""

MOST_EMBERS = 3
"""One of so many pixels glows at most: more is a bowl of red clay."""

HALF = 0.5
"""Share of the pixels of a head from which its colour counts."""

HEAD_ROWS, STEM = 3, 3
"""Rows of a bowl, a tank or a sweet at least, and columns from the bar in which it begins at the earliest:
cigars are thick from the first column or the next."""

LIPS = 3
"""Columns from the middle of the mouth that lips do not reach."""

DYED, BROWN, BLACK = 2, 3, 5
"""Places of three kinds of colours among those of sticks."""


class Kinds(Record):
    """What each of some colours may be, shape (...) each."""

    white: BoolArray
    gray: BoolArray
    metal: BoolArray
    neutral: BoolArray
    dyed: BoolArray
    gum: BoolArray
    cold: BoolArray
    leaf: BoolArray
    brown: BoolArray
    neon: BoolArray
    gold: BoolArray
    dark: BoolArray
    ember: BoolArray


def name_object(view: View, body: BoolArray) -> IntArray:
    """Return the code of every thing, (M,), from its pixels, (M, R, C); NONE where there are none.

    A thing with a head at its end is named by `_name_headed`, any other by `_name_sticks`; what only looks
    like a bowl, but has an ember at its very end, is a stick.
    """
    kinds = kinds_of_colors(view.rgba, view.ink)
    steps, size = np.arange(body.shape[2]), body.sum(axis=(1, 2))
    stem = body & (steps < _begin_of_head(view, body)[:, None])[:, None]
    head = body & ~stem
    headed = _name_headed(view, kinds, stem, head)
    has_head = head.any(axis=(1, 2)) & ~((headed == PIPE) & _has_lone_ember(kinds, body))
    codes = np.where(has_head, headed, _name_sticks(view, kinds, body))
    codes[(_count(kinds.gold, body) >= MOTLEY) & (_count(kinds.cold, body) >= MOTLEY)] = OTHER
    return np.where(size > 0, codes, NONE)


def kinds_of_colors(rgba: ByteArray, ink: BoolArray) -> Kinds:
    """Tell what colours, (..., 3 or 4), may be the colours of; ink, (...), is no neutral one."""
    red, green, blue = (rgba[..., channel].astype(np.int16) for channel in range(3))
    low, high = np.minimum(np.minimum(red, green), blue), np.maximum(np.maximum(red, green), blue)
    spread = high - low
    ember, white = is_ember(rgba), low >= WHITE
    dyed = (spread >= VIVID) & ((red < green) | (green < blue))
    brown = is_brown(rgba) & (red < BRIGHT) & ~ember
    return Kinds(
        white=white,
        gray=(spread < METAL_HUE) & ~white & (red - blue < WARM),
        metal=(spread < METAL_HUE) & (low >= METAL[0]) & (low < METAL[1]),
        neutral=(spread < METAL_HUE) & (low < METAL[1]) & ~ink,
        dyed=dyed,
        gum=dyed & (2 * red <= 3 * np.maximum(green, blue)),
        cold=dyed & (high >= LIT) & ((green > red) | (blue > green + VIVID) & (blue > red - VIVID)),
        leaf=dyed & (green > red) & (green >= blue + LEAF),
        brown=brown,
        neon=dyed & (high >= NEON[0]) & (spread >= NEON[1]) & (red < NEON[1]),
        gold=(red >= BRIGHT) & (green >= blue) & ~ember & ~white,
        dark=(high < DARK) & ~brown,
        ember=ember,
    )


def _count(kind: BoolArray, where: BoolArray) -> IntArray:
    return np.asarray((kind & where).sum(axis=(1, 2)))


def _name_headed(view: View, kinds: Kinds, stem: BoolArray, head: BoolArray) -> IntArray:
    """Return the codes of what has a head at the end of a stem: shape (M,).

    A head at the end of a white stem is a sweet, as is a glossy one at that of a grey stem, at that of a
    green one a flower, and one of the colour of chewing gum a bubble; one that glows or shines in a cold
    colour, or is grey, is the tank of a vape; any other is the bowl of a pipe, of wood or of red clay.
    """
    stem_size, head_size = stem.sum(axis=(1, 2)), head.sum(axis=(1, 2))
    codes = np.full(len(stem), PIPE)
    codes[_count(kinds.gum, head) > HALF * head_size] = OTHER
    codes[(_count(kinds.gum, head) > HALF * head_size) & _is_box(head)] = VAPE
    on_top = _count(kinds.ember, head & ~np.logical_or.accumulate(_down(head), axis=1))
    codes[(_count(kinds.gray, head) > HALF * head_size) & (on_top == 0)] = VAPE
    codes[_count(kinds.cold, head) > 0] = VAPE
    codes[_count(kinds.white, stem) >= 2] = OTHER
    codes[(_count(kinds.metal, stem) >= 2) & (_count(kinds.white, head) > 0)] = OTHER
    codes[_count(kinds.leaf, stem) >= 2] = OTHER
    codes[(_count(kinds.gold, stem) > HALF * stem_size) & (_count(kinds.gold, head) > 0)] = OTHER
    return codes


def _name_sticks(view: View, kinds: Kinds, body: BoolArray) -> IntArray:
    """Return the codes of what has no head: shape (M,).

    A stick is a cigarette if it is white, unless it ends in a ball; a cigar if it is brown or dark with an
    ember; a vape if it is of metal or dark, or a flat dyed one that has metal in its first half or a light
    of another cold colour at its end. What is of any other colour, and what begins green, is something else.
    """
    steps, size = np.arange(body.shape[2]), body.sum(axis=(1, 2))
    in_col = np.asarray(body.any(axis=1))
    begin, end = in_col.argmax(axis=1)[:, None], (in_col * steps).max(axis=1)[:, None]
    height = (body & (steps > held.MIDDLE + LIPS)).sum(axis=1).max(axis=1, initial=0)
    flat = height <= FLAT
    before = _before(view, begin)
    mouthpiece, first_half = ((body & (steps <= begin + last)[:, None]) | before for last in (1, 3))
    at_end = body & (steps == end)[:, None]
    lit = _count(kinds.cold & ~kinds.leaf, at_end) == at_end.sum(axis=(1, 2))
    leaves, lamps = _count(kinds.leaf, body), _count(kinds.cold, body)

    parts = (kinds.white, kinds.metal & ~kinds.white, kinds.dyed, kinds.brown, kinds.gold, kinds.dark)
    main = np.stack([_count(kind, body) for kind in parts]).argmax(axis=0)
    codes: IntArray = np.choose(main, (CIGARETTE, VAPE, OTHER, CIGAR, OTHER, VAPE))
    dyed = main == DYED
    codes[dyed & flat & (_count(kinds.neutral, first_half) > 0) & (leaves * 2 < size)] = VAPE
    codes[dyed & (lamps > 0) & (lamps <= LAMPS) & (leaves == 0)] = VAPE
    green = (_count(kinds.leaf, mouthpiece) >= 2) & (_count(kinds.neutral, mouthpiece) == 0)
    codes[green & (height >= FLAT)] = OTHER
    codes[dyed & flat & lit & _ends_in_another(view, body, at_end)] = VAPE
    codes[(main == BLACK) & (_count(kinds.ember, body & (steps >= end - 1)[:, None]) > 0)] = CIGAR
    codes[(codes == CIGARETTE) & _ends_in_ball(view, body)] = OTHER
    codes[flat & (_count(kinds.neon, at_end) > 0)] = VAPE
    codes[(main == BROWN) & has_ink_stem(view, body) & ~_has_lone_ember(kinds, body)] = PIPE
    return codes


def _down(mask: BoolArray) -> BoolArray:
    """Return masks a row lower."""
    lower = np.zeros_like(mask)
    lower[:, 1:] = mask[:, :-1]
    return lower


def _is_box(head: BoolArray) -> BoolArray:
    """Tell which heads have many rows of their whole width, as boxes have and balls have not: shape (M,)."""
    wide = head.any(axis=1).sum(axis=1)
    return np.asarray((head.sum(axis=2) == wide[:, None]).sum(axis=1) >= BOX_ROWS)


def _has_lone_ember(kinds: Kinds, body: BoolArray) -> BoolArray:
    """Tell which things have an ember alone in their last column or row: bowls glow in their middle: (M,)."""
    rows, steps = np.arange(body.shape[1]), np.arange(body.shape[2])
    lowest, end = ((body.any(axis=axis) * at).max(axis=1) for axis, at in ((2, rows), (1, steps)))
    lone = np.zeros(len(body), bool)
    for last in (body & (steps == end[:, None])[:, None], body & (rows == lowest[:, None])[:, :, None]):
        glowing = _count(kinds.ember, last)
        ash = _count(kinds.metal & ~kinds.ember, last)
        lone |= (glowing > 0) & (glowing <= LAMPS) & (glowing + ash == last.sum(axis=(1, 2)))
    return np.asarray(lone & (_count(kinds.ember, body) * MOST_EMBERS <= body.sum(axis=(1, 2))))


def _before(view: View, begin: IntArray) -> BoolArray:
    """Return what is held between the lips and where things begin: shape (M, R, C)."""
    steps = np.arange(view.held.shape[2])
    between = (steps >= held.MIDDLE + LIPS - 1) & (steps < begin)
    return np.asarray(view.held & view.foreign & between[:, None])


def _ends_in_another(view: View, body: BoolArray, at_end: BoolArray) -> BoolArray:
    """Tell which things end in a color that stands out of what is before it: shape (M,)."""
    before = np.zeros_like(body)
    before[:, :, :-1] = at_end[:, :, 1:] & body[:, :, :-1]
    apart = color_difference(view.rgba[:, :, 1:], view.rgba[:, :, :-1]) >= LIGHT_STEP
    return np.asarray((before[:, :, :-1] & apart).any(axis=(1, 2)))


def _ends_in_ball(view: View, body: BoolArray) -> BoolArray:
    """Tell which sticks end in a ball of ink, and are in no outline themselves: shape (M,)."""
    steps = np.arange(body.shape[2])
    each, end = np.arange(len(body)), (body.any(axis=1) * steps).max(axis=1)
    row = body[each, :, end].argmax(axis=1)
    rows = np.clip(row[:, None] + np.arange(-1, 2), 0, body.shape[1] - 1)

    def near(kind: BoolArray, first: int, last: int) -> BoolArray:
        cols = np.clip(end[:, None] + np.arange(first, last + 1), 0, len(steps) - 1)
        return np.asarray(kind[each[:, None, None], rows[:, :, None], cols[:, None]])

    ball = near(view.ink, 1, 2).all(axis=(1, 2))
    stem = ~near(view.ink, -1, -1)[:, (0, 2)].any(axis=(1, 2))
    return np.asarray(ball & stem)


def has_ink_stem(view: View, body: BoolArray) -> BoolArray:
    """Tell whether only ink is held between the mouth and where a thing begins: shape (M,)."""
    steps = np.arange(body.shape[2])
    between = (steps >= held.MIDDLE + LIPS) & (steps < body.any(axis=1).argmax(axis=1)[:, None])
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
    lips = (held.MIDDLE + np.clip(end, 1, LIPS - 1))[:, None]
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
