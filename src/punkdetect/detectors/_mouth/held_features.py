"""Numbers that describe what leaves a mouth to one side: its shape, its colours from mouth to tip, its smoke.

Knows the places and colours that the rule of `mouth_item` asks about; must not know how a model weighs them.
Of the two sides the one on which more leaves the mouth is described, counted outwards: heads turn either way.
"""

from __future__ import annotations

import numpy as np

from punkdetect import bitrows
from punkdetect.bitrows import Bits, bits_of, count_bits, first_bit, last_bit
from punkdetect.detectors._mouth.beside import BEHIND, INK
from punkdetect.detectors._mouth.held_view import (
    BAR,
    FIRST,
    HIGHEST,
    ITEM,
    KIND,
    MIDDLE,
    OF_FACE,
    PLACE,
    PLACES,
    ROWS,
    STEPS,
    Beside,
    columns_of,
    look_beside,
)
from punkdetect.detectors._mouth.names_of_things import Kinds
from punkdetect.detectors._mouth.signs import MouthSigns
from punkdetect.detectors._named_numbers import Numbers, where_some
from punkdetect.landmarks import Landmarks
from punkdetect.pixels import lab_distance
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray

PROFILE = range(FIRST, 12)
"""Columns of which it is told how much of what is in them."""

NEAR = 3
"""Columns at the mouth and at the far end of a thing that are told apart from the rest."""

ALIKE_ROWS = range(-2, 4)
"""Rows around the bar whose pixels are told of one by one, by step."""

SMOKE_ROWS = -2
"""Row up from which what is pale and beside the face is smoke."""


def held_features(landmarks: Landmarks, signs: MouthSigns) -> Numbers:
    """Describe what leaves every mouth: N portraits."""
    beside = look_beside(landmarks, signs)
    item = columns_of(beside.code >> ITEM & 1 > 0)
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
    ink = columns_of(beside.code & (BEHIND | INK) == INK)
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
    smoke = columns_of((code & pale > 0) & (code & away == 0)) & np.uint32((1 << BAR + SMOKE_ROWS + 1) - 1)
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
        "white": bitrows.count(columns_of(code & white > 0) & beside_face),
    }
    return {f"smoke_{name}": where_some(some, numbers) for name, numbers in out.items()} | {
        "pale_over_mouth": bitrows.count(smoke)
    }
