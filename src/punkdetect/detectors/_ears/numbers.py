"""Numbers that describe single pieces beside a face: shape, place, colour, and what is around them.

Owns what is told of a piece. Must not know which pieces are told of, nor how a model weighs the numbers.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import (
    Bits,
    bits_of,
    count,
    count_bits,
    down,
    first_bit,
    flood,
    grow,
    last_bit,
    mask_of,
)
from punkdetect.detectors._ears.pieces import ALL_COLS, COLS, WHITE, Beside, Pieces, is_twinned
from punkdetect.detectors._ears.shapes import bends_of, enclosed_of, extent_of, is_ring_of
from punkdetect.detectors._ears.views import ROWS, hue_difference, spread_of
from punkdetect.detectors._named_numbers import Numbers, table_of
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.ornaments import is_gold
from punkdetect.pixels import lab_distance, lab_of, unpack_rgb
from punkdetect.punks import FloatArray, IntArray

TOLD_ROWS = range(5)
"""Rows of a piece, from its first one, whose widths are told."""

MOST_REPEATS, MOST_TWIN, MOST_OF_COLOR = 30, 20, 60
"""Pixels above which more says no more."""

INSIDE, OUTSIDE = -6, 8
"""Columns from the edge of the skin, inwards and outwards, beyond which further says no more."""

BENDS = ("around", "out", "in")
"""Which way pieces bend, as `bends_of` tells."""


def numbers_of(
    beside: Beside, pieces: Pieces, odd: Bits, jewels: Bits, landmarks: Landmarks
) -> tuple[tuple[str, ...], FloatArray]:
    """Describe pieces.

    Parameters
    ----------
    beside : Beside
        Of N heads.
    pieces : Pieces
        M of them.
    odd : ndarray of uint32, shape (2N, 14)
        Pixels in colours that are rare beside the face, which may belong to a thing of several colours.
    jewels : ndarray of uint32, shape (2N, 14)
        What the rule takes for earrings.
    landmarks : Landmarks

    Returns
    -------
    names : tuple of str, length F
    values : ndarray of float64, shape (M, F)
    """
    return table_of(
        _of_shape(pieces),
        _of_colors_elsewhere(beside, pieces, landmarks),
        _of_neighbors(beside, pieces),
        _of_color(beside, pieces, landmarks),
        _of_whole(beside, pieces, odd, jewels),
    )


def first_row(bits: Bits) -> IntArray:
    """First row with some pixel: (M, R) to (M,)."""
    row: IntArray = (bits > 0).argmax(axis=1)
    return row


def last_row(bits: Bits) -> IntArray:
    """Last row with some pixel: (M, R) to (M,)."""
    row: IntArray = bits.shape[1] - 1 - (bits[:, ::-1] > 0).argmax(axis=1)
    return row


def _of_shape(pieces: Pieces) -> Numbers:
    """Tell size, place and outline."""
    bits, each = pieces.bits, np.arange(len(pieces.view))
    height, width = extent_of(bits)
    cols = np.bitwise_or.reduce(bits, axis=1)
    top, widths = first_row(bits), count_bits(bits)
    out: Numbers = {
        "there": np.ones(len(each)),
        "score": pieces.score,
        "size": pieces.size,
        "height": height,
        "width": width,
        "top": top,
        "bottom": last_row(bits),
        "outer": first_bit(cols).astype(np.intp),
        "inner": last_bit(cols),
        "fill": pieces.size / (height * width),
        "enclosed": enclosed_of(bits, COLS),
        "closed": is_ring_of(bits, COLS),
    }
    for step in TOLD_ROWS:
        row = top + step
        out[f"width_{step}"] = np.where(row < len(ROWS), widths[each, np.minimum(row, len(ROWS) - 1)], 0)
    return out | {f"bends_{way}": bends for way, bends in zip(BENDS, bends_of(bits, COLS), strict=True)}


def _of_colors_elsewhere(beside: Beside, pieces: Pieces, landmarks: Landmarks) -> Numbers:
    """Tell where else a piece's colour is, and whether it has the colour of hair, skin's shade or lenses."""
    view, bits, size = pieces.view, pieces.bits, pieces.size
    cell = beside.cell[view, pieces.row, pieces.col]
    out: Numbers = {
        "repeats": np.minimum(pieces.repeats, MOST_REPEATS),
        "same": np.minimum(pieces.same, MOST_TWIN),
        "twin": np.minimum(pieces.twin, MOST_TWIN),
        "twin_off": np.minimum(np.abs(pieces.twin - size), MOST_TWIN),
        "twinned": is_twinned(pieces),
        "behind": count(bits & ~beside.figure[view]) / size,
        "rarity": beside.rarity[view, pieces.row, pieces.col],
    }
    for name in ("known", "lens", "shade"):
        out[name] = count(bits & getattr(beside, name)[view]) / size
    for place, counts in (
        ("portrait", landmarks.inked.palette.counts),
        ("hair", landmarks.hair_counts),
        ("background", landmarks.background_counts),
    ):
        out[f"in_{place}"] = np.minimum(counts.reshape(-1)[cell], MOST_OF_COLOR)
    return out


def _of_neighbors(beside: Beside, pieces: Pieces) -> Numbers:
    """Tell what is around a piece, over, under, before and behind it, and how far the skin is."""
    view, bits = pieces.view, pieces.bits
    around = grow(bits, COLS) & ~bits
    one = np.uint32(1)
    rings = {
        "around": around,
        "inside": bits << one & ALL_COLS & ~bits,
        "outside": bits >> one & ~bits,
        "above": down(bits, -1) & ~bits,
        "below": down(bits, 1) & ~bits,
    }
    plain = beside.figure & ~beside.bare
    whats = {
        "bare": beside.bare & beside.figure,
        "ink": beside.ink,
        "behind": ~beside.figure & ALL_COLS,
        "known": beside.known & plain,
        "odd": plain & ~beside.known & ~beside.ink,
    }
    whats = {name: what[view] for name, what in whats.items()}
    out: Numbers = {}
    for where, ring in rings.items():
        total = np.maximum(count(ring), 1)
        for name, what in whats.items():
            out[f"{where}_{name}"] = count(ring & what) / total
    each = np.arange(len(view))
    edge, inner = first_bit(beside.head[view]).astype(np.intp), last_bit(np.bitwise_or.reduce(bits, axis=1))
    for name, row in (("top", first_row(bits)), ("bottom", last_row(bits))):
        out[f"gap_{name}"] = np.clip(edge[each, row] - inner, INSIDE, OUTSIDE)
    touching = mask_of(around, COLS)
    out["contrast_least"] = np.where(touching, pieces.difference, WHITE).min(axis=(1, 2))
    total = np.where(touching, pieces.difference, 0).sum(axis=(1, 2), dtype=np.int32)
    return out | {"contrast": total / np.maximum(count(around), 1), "held": beside.sides.held[view]}


def _of_color(beside: Beside, pieces: Pieces, landmarks: Landmarks) -> Numbers:
    """Tell a piece's colour, how far it is from skin and hair, and whether it has others."""
    sides, view, bits = beside.sides, pieces.view, pieces.bits
    each, n = np.arange(len(view)), len(beside.figure) // 2
    rgb, skin = sides.rgb[:, view, pieces.row, pieces.col], sides.skin[:, view, 0, 0]
    lab, lab_of_skin = lab_of(rgb.T), lab_of(skin.T)
    hair, _ = landmarks.inked.palette.main_of(landmarks.hair_counts)
    bottom = last_row(bits)
    last = sides.light[view, bottom, first_bit(bits[each, bottom]).astype(np.intp)]
    return {
        "lab": lab,
        "chroma": np.hypot(lab[:, 1], lab[:, 2]),
        "gold": is_gold(lab),
        "spread": spread_of(rgb),
        "to_skin": lab_distance(lab, lab_of_skin),
        "hue_to_skin": hue_difference(rgb, skin),
        "to_hair": lab_distance(lab, lab_of(unpack_rgb(np.maximum(hair, 0)))[view % n]),
        "one_color": count(bits_of(pieces.difference == 0) & bits) / pieces.size,
        "lit": rgb.sum(axis=0) - last,
    }


def _of_whole(beside: Beside, pieces: Pieces, odd: Bits, jewels: Bits) -> Numbers:
    """Tell of the thing that a piece is part of, whatever colours it has, and of what the rule saw there."""
    view, bits = pieces.view, pieces.bits
    whole = flood(odd[view] | bits, bits)
    height, width = extent_of(whole)
    out: Numbers = {
        "of_rule": count(jewels[view] & bits) / pieces.size,
        "whole_size": count(whole),
        "whole_height": height,
        "whole_width": width,
        "whole_top": first_row(whole),
        "whole_enclosed": enclosed_of(whole, COLS),
        "whole_closed": is_ring_of(whole, COLS),
    }
    return out | {
        f"whole_bends_{way}": way_of for way, way_of in zip(BENDS, bends_of(whole, COLS), strict=True)
    }
