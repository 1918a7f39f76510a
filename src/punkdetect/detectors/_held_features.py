"""Numbers that describe what leaves a mouth to one side: its shape, its colours from mouth to tip, its smoke.

Knows the places and colours that the rule of `mouth_item` asks about; must not know how a model weighs them.
Of the two sides the one on which more leaves the mouth is described, counted outwards: heads turn either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from punkdetect import bitrows
from punkdetect.bitrows import Bits, bits_of, count_bits, first_bit, last_bit
from punkdetect.detectors._beside_mouth import BEHIND, INK, PLAIN, SHADE, Mouths, View
from punkdetect.detectors._mouth_signs import MouthSigns
from punkdetect.detectors._named_numbers import Numbers, where_some
from punkdetect.detectors._names_of_things import Kinds, kinds_of_colors
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.flat_colors import cut_windows
from punkdetect.pixels import lab_distance, unpack_rgb
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray

ROWS, STEPS = range(-13, 9), range(-1, 14)
"""Rows from the bar, up to where smoke goes, and columns outwards from its middle."""

BAR, MIDDLE = -ROWS.start, -STEPS.start
"""Row and column of the window with the middle of the bar."""

HIGHEST, FIRST = -6, 2
"""Highest row of what is held, a bowl beside the cheek, and the first column: before it there are lips."""

CHEEK_ROWS = (-3, -2)
"""Rows from the bar in which the width of the head is measured: above moustaches, under glasses."""

OF_FACE = PLAIN | SHADE

KINDS = len(Kinds._fields)
KIND = 4
"""The first bit of a pixel that says what its colour may be; before it come those of `kinds_of_pixels`."""

PLACES = {"high": 0, "above": 1, "clothes": 2, "left": 3, "right": 4}
"""Where hair, hats, clothes and earrings are, and the bits of the colours that are there."""

PLACE = KIND + KINDS
ITEM = PLACE + len(PLACES)
"""Bit of what the rule found."""

RGB = np.uint32(0xFFFFFF)
"""The three channels of a packed colour."""

DIGIT = 10
"""Bits of a digit that counts pixels: a portrait has 576."""

COMMON = 3
"""Pixels of a colour in a place from which it is one of that place."""

HIGH_ROW, ABOVE_ROWS, ASIDE = -9, range(-9, -3), 5
"""Row from the bar over which hair and hats are; rows, and columns from the middle, where hair hangs."""

CLOTHES_ROW, CLOTHES_COLS = 5, 4
"""First row of clothes, and columns under the chin where they are seen."""

OTHER_ROWS, OTHER_COLS = range(-2, 4), 4
"""Rows and first column on either side where what hangs on both is no thing held."""

PROFILE = range(FIRST, 12)
"""Columns of which it is told how much of what is in them."""

NEAR = 3
"""Columns at the mouth and at the far end of a thing that are told apart from the rest."""

ALIKE_ROWS = range(-2, 4)
"""Rows around the bar whose pixels are told of one by one, by step."""

SMOKE_ROWS = -2
"""Row up from which what is pale and beside the face is smoke."""


@dataclass(frozen=True, eq=False)
class Beside:
    """What is to the one side of every mouth where more leaves it; columns as bits, (N, C), rows upwards.

    Parameters
    ----------
    view : View
        The windows.
    code : ndarray of uint32, shape (N, R, C)
        What each pixel is and what its colour may be.
    own : ndarray of uint32, shape (N, C)
        Of no colour of face, hair, clothes or the other side.
    thing : ndarray of uint32, shape (N, C)
        The part of it that is connected with the mouth.
    lined : ndarray of uint32, shape (N, C)
        What is connected with the mouth past the jaw, with all its ink.
    jaw : ndarray of int, shape (N,)
        Column of the window with the outline of the jaw.
    other : ndarray of int, shape (N, 4)
        How much of all that is on the other side.
    """

    view: View
    code: NDArray[np.uint32]
    own: Bits
    thing: Bits
    lined: Bits
    jaw: IntArray
    other: IntArray

    @cached_property
    def behind(self) -> Bits:
        """Background: (N, C)."""
        return _columns(self.code & BEHIND > 0)


def held_features(landmarks: Landmarks, signs: MouthSigns) -> Numbers:
    """Describe what leaves every mouth: N portraits."""
    beside = _look_beside(landmarks, signs)
    item = _columns(beside.code >> ITEM & 1 > 0)
    out = _shape("thing", beside.thing, beside.behind)
    out |= _shape("lined", beside.lined, beside.behind)
    out |= _shape("item", item, beside.behind)
    out |= _kinds_by_place("thing", beside, beside.thing)
    out |= _kinds_by_place("item", beside, item)
    out |= _colors("thing", landmarks, beside, beside.thing)
    out |= _colors("item", landmarks, beside, item)
    out |= _profiles(beside)
    out |= _smoke(beside)
    out["other_side"] = beside.other
    out["jaw"] = beside.jaw
    return out


def _code_of_pixels(landmarks: Landmarks, signs: MouthSigns) -> NDArray[np.uint32]:
    """Tell of every pixel what it is and what its colour may be: (N, 24, 24)."""
    mouths, palette = signs.mouths, landmarks.inked.palette
    rgb = unpack_rgb(palette.colors)
    ink = palette.colors & RGB == 0
    code = np.zeros(palette.colors.shape, np.uint32)
    for bit, kind in enumerate(kinds_of_colors(rgb, ink)):
        code |= kind.astype(np.uint32) << np.uint32(KIND + bit)
    for bit, common in enumerate(_common_in_places(mouths)):
        code |= common.astype(np.uint32) << np.uint32(PLACE + bit)
    pixels = palette.of_pixels(code)
    pixels |= mouths.kinds
    pixels |= signs.item.astype(np.uint32) << np.uint32(ITEM)
    return pixels


def _common_in_places(mouths: Mouths) -> list[BoolArray]:
    """Tell which colours are in which of the `PLACES`: (N, K) each."""
    index, n = np.arange(SIDE), len(mouths.row)
    rows, cols = (index - place[:, None] for place in (mouths.row, mouths.col))
    aside = np.abs(cols)
    near = (rows >= OTHER_ROWS.start) & (rows < OTHER_ROWS.stop)
    above = (rows >= ABOVE_ROWS.start) & (rows < ABOVE_ROWS.stop)
    places = (
        (rows < HIGH_ROW, np.ones_like(aside, bool)),
        (above, aside >= ASIDE),
        (rows >= CLOTHES_ROW, aside <= CLOTHES_COLS),
        (near, cols <= -OTHER_COLS),
        (near, cols >= OTHER_COLS),
    )
    digits = np.zeros((n, SIDE, SIDE), np.int64)
    for place, (in_row, in_col) in enumerate(places):
        digits += (in_row[:, :, None] & in_col[:, None]).astype(np.int64) << place * DIGIT
    digits[mouths.kinds & (OF_FACE | BEHIND | INK) > 0] = 0
    k = mouths.palette.colors.shape[1]
    cell = mouths.palette.index + (np.arange(n) * k)[:, None, None]
    # all places at once, as digits of one number
    number = np.bincount(cell.reshape(-1), digits.reshape(-1), minlength=n * k).astype(np.int64)
    number = number.reshape(n, k)
    return [(number >> place * DIGIT) % (1 << DIGIT) >= COMMON for place in range(len(places))]


def _columns(mask: BoolArray) -> Bits:
    """Write every column of windows as one number: (N, R, C) to (N, C)."""
    return bits_of(np.ascontiguousarray(mask.transpose(0, 2, 1)))


def _look_beside(landmarks: Landmarks, signs: MouthSigns) -> Beside:
    """Look to both sides of every mouth and take the one on which more leaves it."""
    mouths = signs.mouths
    n = len(mouths.row)
    view = View(mouths, np.arange(2 * n), ROWS, STEPS)
    code = cut_windows(_code_of_pixels(landmarks, signs), view.item, view.rows, view.cols)
    for axis, at in ((1, view.rows), (2, view.cols)):
        outside = np.expand_dims((at < 0) | (at >= SIDE), 3 - axis)
        code = np.where(outside, np.uint32(BEHIND), code)
    color = cut_windows(mouths.palette.index, view.item, view.rows, view.cols)
    both = _columns(color[:n] == color[n:])
    alike = np.concatenate([both, both])
    ink, of_face = (_columns(code & (BEHIND | kind) == kind) for kind in (INK, PLAIN))
    foreign = _columns(code & (BEHIND | INK | OF_FACE) == 0)
    of_face = _columns((code & OF_FACE > 0) & (code & (BEHIND | INK) == 0))
    far = np.repeat([1 << PLACE + PLACES["left"], 1 << PLACE + PLACES["right"]], n).astype(np.uint32)
    common = np.uint32(1 << PLACE + PLACES["above"] | 1 << PLACE + PLACES["clothes"])
    elsewhere = _columns(code & (far | common)[:, None, None] > 0)
    rows = np.uint32((1 << len(ROWS)) - (1 << BAR + HIGHEST))
    own = foreign & ~elsewhere & ~alike & rows
    own[:, : MIDDLE + FIRST] = 0
    held = _follow_outwards(ink | (foreign & ~alike))
    thing = bitrows.flood(own, own & held)
    jaw = _find_jaw(of_face)
    beyond = np.arange(len(STEPS)) > jaw[:, None]
    past = np.where(beyond, (own | ink) & rows, np.uint32(0))
    lined = bitrows.flood(past, past & (held | thing))
    sizes = np.stack([bitrows.count(bits) for bits in (thing, lined, own, ink)], axis=1)
    key = sizes @ np.array([1 << 24, 1 << 16, 1 << 8, 1])
    side = np.where(key[n:] > key[:n], np.arange(n, 2 * n), np.arange(n))
    return Beside(
        View(mouths, side, ROWS, STEPS),
        code[side],
        own[side],
        thing[side],
        lined[side],
        jaw[side],
        sizes[(side + n) % (2 * n)] if n else sizes,
    )


def _follow_outwards(solid: Bits) -> Bits:
    """Return what is connected with the mouth outwards, column by column, without a gap: (M, C)."""
    held = np.zeros_like(solid)
    bar = np.uint32(1 << BAR)
    held[:, MIDDLE : MIDDLE + 2] = bar
    for col in range(MIDDLE + 2, solid.shape[1]):
        before = held[:, col - 1]
        held[:, col] = (before | before << np.uint32(1) | before >> np.uint32(1)) & solid[:, col]
    return held


def _find_jaw(of_face: Bits) -> IntArray:
    """Return the first column outwards in which the face has ended in the rows of the cheeks: (M,)."""
    jaw = np.zeros(len(of_face), np.intp)
    for row in CHEEK_ROWS:
        outside = (of_face >> np.uint32(BAR + row) & np.uint32(1)) == 0
        outside[:, : MIDDLE + 1] = False
        jaw = np.maximum(jaw, np.where(outside.any(axis=1), outside.argmax(axis=1), len(STEPS) - 1))
    return jaw


def _shape(name: str, bits: Bits, behind: Bits) -> Numbers:
    """Describe the shape of a thing; all numbers are 0 where there is none."""
    n, steps = len(bits), np.arange(bits.shape[1])
    each, height = np.arange(n), count_bits(bits).astype(np.intp)
    inside, size = height > 0, height.sum(axis=1)
    begin = inside.argmax(axis=1)
    end = _last_marked(inside)
    top = np.where(inside, first_bit(bits).astype(np.intp) - BAR, len(ROWS))
    low = np.where(inside, last_bit(bits) - BAR, -len(ROWS))
    at_begin, at_end = (inside & near for near in _ends(begin, end, steps))
    wide = bitrows.mask_of(bits, len(ROWS)).sum(axis=1)
    middle = (top + low) / 2
    hollow = (1 << np.clip(low + BAR + 1, 0, 31)) - (1 << np.clip(top + BAR, 0, 31)) - bits.astype(np.int64)
    tallest = height.max(axis=1)
    before = np.where(steps < height.argmax(axis=1)[:, None], height, 0)
    over, under = (_near_background(behind, down) for down in (True, False))
    free = count_bits(bits & over & under) > 0
    flat = np.where(inside, height, len(ROWS))
    out: Numbers = {
        "size": size,
        "begin": begin - MIDDLE,
        "end": end - MIDDLE,
        "columns": inside.sum(axis=1),
        "top": top.min(axis=1),
        "low": low.max(axis=1),
        "rows": (wide > 0).sum(axis=1),
        "widest_row": wide.max(axis=1),
        "second_row": np.partition(wide, -2, axis=1)[:, -2],
        "at_begin": middle[each, begin],
        "rise": middle[each, begin] - middle[each, end],
        "height_at_begin": height[each, begin],
        "height_at_next": height[each, np.minimum(begin + 1, end)],
        "height_at_end": height[each, end],
        "height_before_end": height[each, np.maximum(end - 1, begin)],
        "tallest": tallest,
        "at_tallest": height.argmax(axis=1) - begin,
        "tallest_to_end": end - height.argmax(axis=1),
        "thin_before": ((before > 0) & (before <= 2)).sum(axis=1),
        "tall_columns": (height >= 3).sum(axis=1),
        "thinnest": flat.min(axis=1),
        "top_at_end": np.where(at_end, top, len(ROWS)).min(axis=1),
        "low_at_end": np.where(at_end, low, -len(ROWS)).max(axis=1),
        "top_at_begin": np.where(at_begin, top, len(ROWS)).min(axis=1),
        "low_at_begin": np.where(at_begin, low, -len(ROWS)).max(axis=1),
        "hollow": (count_bits(np.where(inside, hollow, 0).astype(np.uint32))).sum(axis=1),
        "filled": size / np.maximum(inside.sum(axis=1) * (wide > 0).sum(axis=1), 1),
        "free_columns": free.sum(axis=1),
    }
    out["up_at_end"] = out["top_at_begin"] - out["top_at_end"]
    out["down_at_end"] = out["low_at_end"] - out["low_at_begin"]
    return {f"{name}_{what}": where_some(size > 0, numbers) for what, numbers in out.items()}


def _ends(begin: IntArray, end: IntArray, steps: IntArray) -> tuple[BoolArray, BoolArray]:
    """Mark the columns at the mouth and at the far end: (N, C) each."""
    return steps < begin[:, None] + NEAR - 1, steps > end[:, None] - NEAR


def _last_marked(inside: BoolArray) -> IntArray:
    """Return the last marked column, the very last one where none is: (N,)."""
    last: IntArray = inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1)
    return last


def _near_background(behind: Bits, down: bool) -> Bits:
    """Mark what has background within three rows above it, or below it: (N, C)."""
    near = np.zeros_like(behind)
    for step in (1, 2, 3):
        near |= behind << np.uint32(step) if down else behind >> np.uint32(step)
    return near


def _kinds_by_place(name: str, beside: Beside, bits: Bits) -> Numbers:
    """Count the kinds of colours of a thing: all of it, at the mouth, at its far end, in its last column."""
    inside, steps = bits > 0, np.arange(bits.shape[1])
    begin = inside.argmax(axis=1)
    end = _last_marked(inside)
    at_begin, at_end = _ends(begin, end, steps)
    last = steps == end[:, None]
    code = np.where(bitrows.mask_of(bits, len(ROWS)), beside.code.transpose(0, 2, 1), np.uint32(0))
    out: Numbers = {}
    for bit, kind in enumerate(Kinds._fields):
        here = count_bits(bits_of(code >> np.uint32(KIND + bit) & np.uint32(1) > 0)).astype(np.intp)
        out[f"{name}_{kind}"] = here.sum(axis=1)
        for place, where in (("begin", at_begin), ("end", at_end), ("last", last)):
            out[f"{name}_{kind}_{place}"] = (here * where).sum(axis=1)
    return out


def _colors(name: str, landmarks: Landmarks, beside: Beside, bits: Bits) -> Numbers:
    """Tell the main colours of a thing, and those of its two ends; 0 where there is none."""
    palette = landmarks.inked.palette
    n, each = len(bits), np.arange(len(bits))
    mask = bitrows.mask_of(bits, len(ROWS)).transpose(0, 2, 1)
    whole = np.zeros((n, SIDE, SIDE), bool)
    beside.view.put_back(mask, whole)
    counts = palette.count_in(whole)
    inside = bits > 0
    some = np.asarray(inside.any(axis=1))
    colors = (counts > 0).sum(axis=1)
    lab: dict[str, FloatArray] = {}
    sizes: dict[str, IntArray] = {}
    for which in ("main", "second"):
        pick = counts.argmax(axis=1)
        sizes[which], lab[which] = counts[each, pick], palette.lab[each, pick]
        counts[each, pick] = 0
    begin, end = inside.argmax(axis=1), _last_marked(inside)
    for which, col in (("begin", begin), ("end", end)):
        row = np.minimum(first_bit(bits[each, col]), len(ROWS) - 1).astype(np.intp)
        at = (
            np.clip(beside.view.rows[each, row], 0, SIDE - 1),
            np.clip(beside.view.cols[each, col], 0, SIDE - 1),
        )
        lab[which] = palette.lab[each, palette.index[each, at[0], at[1]]]
    out: Numbers = {"colors": colors, "main_size": sizes["main"], "second_size": sizes["second"], **lab}
    out["main_chroma"] = np.hypot(lab["main"][:, 1], lab["main"][:, 2])
    for one, other in (("main", "second"), ("main", "end"), ("begin", "end")):
        out[f"{one}_to_{other}"] = lab_distance(lab[one], lab[other])
    two = np.asarray(sizes["second"] > 0)
    there = {"second": two, "main_to_second": two}
    return {
        f"{name}_{what}_color" if numbers.ndim > 1 else f"{name}_{what}": where_some(
            there.get(what, some), numbers
        )
        for what, numbers in out.items()
    }


def _profiles(beside: Beside) -> Numbers:
    """Tell column by column and row by row how much of what is beside the mouth."""
    cols = slice(MIDDLE + PROFILE.start, MIDDLE + PROFILE.stop)
    near = np.uint32((1 << BAR + ALIKE_ROWS.stop) - (1 << BAR + ALIKE_ROWS.start))
    ink = _columns(beside.code & (BEHIND | INK) == INK)
    out: Numbers = {
        "own_by_step": count_bits(beside.own[:, cols] & near),
        "thing_by_step": count_bits(beside.thing[:, cols]),
        "lined_by_step": count_bits(beside.lined[:, cols]),
        "ink_by_step": count_bits(ink[:, cols] & near),
        "behind_by_step": count_bits(beside.behind[:, cols] & near),
    }
    for name, bits in (("thing", beside.thing), ("lined", beside.lined)):
        out[f"{name}_by_row"] = bitrows.mask_of(bits, len(ROWS)).sum(axis=1)[:, BAR + HIGHEST :]
    return out


def _smoke(beside: Beside) -> Numbers:
    """Tell how much that is pale lies beside the face over what is held, and whether it is a cloud."""
    code = beside.code
    pale = np.uint32(
        sum(1 << KIND + Kinds._fields.index(kind) for kind in ("white", "gray", "metal", "neutral"))
    )
    away = np.uint32(BEHIND | INK | OF_FACE | 1 << PLACE + PLACES["high"])
    smoke = _columns((code & pale > 0) & (code & away == 0)) & np.uint32((1 << BAR + SMOKE_ROWS + 1) - 1)
    smoke[:, : MIDDLE + FIRST + 1] = 0
    inside = beside.thing > 0
    end = np.where(inside.any(axis=1), _last_marked(inside), MIDDLE + FIRST)
    beside_face = bitrows.keep(smoke, np.arange(len(STEPS)) >= beside.jaw[:, None])
    down: Bits = beside_face & beside_face >> np.uint32(1)
    across: Bits = beside_face[:, 1:] & beside_face[:, :-1]
    blocks: Bits = across & across >> np.uint32(1)
    heights = count_bits(beside_face).astype(np.intp)
    some = heights.sum(axis=1) > 0
    low = last_bit(beside_face).max(axis=1) - BAR
    first, last = (heights > 0).argmax(axis=1), _last_marked(heights > 0)
    white = np.uint32(1 << KIND + Kinds._fields.index("white"))
    out: Numbers = {
        "size": heights.sum(axis=1),
        "blocks": bitrows.count(blocks),
        "down": bitrows.count(down),
        "across": bitrows.count(across),
        "low": low,
        "columns": (heights > 0).sum(axis=1),
        "from_end": (first + last) / 2 - end,
        "white": bitrows.count(_columns(code & white > 0) & beside_face),
    }
    return {f"smoke_{name}": where_some(some, numbers) for name, numbers in out.items()} | {
        "pale_over_mouth": bitrows.count(smoke)
    }
