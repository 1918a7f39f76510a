"""Numbers that describe what is on a head: cover, outline, ornaments, colours, and what lies where around it.

Knows the signs that the rules of `headwear` ask about, and the rules; must not know how a model weighs them.
Left and right are told only as the more and the less of both: heads turn either way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import Bits, bits_of, count, count_bits
from punkdetect.detectors._headwear.rules import VALUES, decide
from punkdetect.detectors._headwear.signs import Signs, signs_of
from punkdetect.detectors._named_numbers import Numbers, more_and_less, table_of, what_is_said, where_some
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.head_cover import LIKE, is_natural
from punkdetect.landmarks.head_grid import HeadGrid
from punkdetect.landmarks.head_rows import C0, R0, ROW, at, columns, keep, mask_of, pieces_of
from punkdetect.landmarks.ornaments import EYES_MIDDLE, is_gold
from punkdetect.pixels import lab_distance
from punkdetect.punks import BoolArray, FloatArray, IntArray, Punks

BELOW_TOP, AROUND_BASE = range(7), range(-5, 3)
"""Rows under the top of a cover, and around its lowest one, in which its outline is measured."""

COLORED_ROWS = range(-6, 3)
"""Rows around the lowest one of a cover whose colours are told."""

INSIDE, FARTHEST, MOST_GAPS = -6, 9, 6
"""Columns inside and outside of the head's sides, and gaps in a row, beyond which more says no more."""

MIDDLE_OF_FACE = 4
"""Place of the middle one of the nine columns of the forehead."""

SIDES = {
    "far": (slice(C0 - 9, C0 - 4), slice(C0 + 11, C0 + 16)),
    "beside": (slice(C0 - 4, C0 - 1), slice(C0 + 8, C0 + 11)),
    "over_eye": (slice(C0 - 1, C0 + 2), slice(C0 + 5, C0 + 8)),
}
"""Columns to the left and to the right of the head, at its sides, and over its eyes."""

BETWEEN_EYES = slice(C0 + 2, C0 + 5)

BANDS = {"top": -14, "high": -9, "middle": -6, "brow": -3, "eyes": 0, "cheeks": 4, "end": 9}
"""First rows, counted from the eyes, of the bands of the grid in which pixels are counted."""

FOREHEAD = -1
"""First row that is no more over the eyes."""

CHEEKS = 8
"""First row under those in which hair beside the face tells its colour."""

COMMON, SHADES = 3, 3
"""Pixels above which a colour of the head is no odd one; most frequent colours that are looked at."""

FIRST_ROWS = range(4)
"""Rows under the top whose pieces are counted: points, ears, spikes of hair."""


def headwear_features(punks: Punks, landmarks: Landmarks) -> tuple[tuple[str, ...], FloatArray]:
    """Describe what is on every head.

    Parameters
    ----------
    punks : Punks
        N portraits.
    landmarks : Landmarks

    Returns
    -------
    names : tuple of str, length F
    values : ndarray of float64, shape (N, F)
    """
    signs = signs_of(landmarks)
    return table_of(
        _of_rules(signs),
        _of_cover(signs),
        _of_hat(signs),
        _of_ornaments(signs),
        _of_piece(signs),
        _of_outline(signs),
        _of_rows(signs),
        _of_hair(signs),
        _of_places(signs),
        _of_colors(signs),
        _of_texture(signs),
    )


def _of_cover(signs: Signs) -> Numbers:
    """Edge, size and colour of what covers the head, and what the rules conclude of it."""
    head, cover, main = signs.head, signs.cover, signs.cover.main
    out: Numbers = {
        name: getattr(cover, name)
        for name in ("known", "edge", "fringe", "straight", "even", "pixels", "uniform", "natural", "beside")
    }
    out |= {
        "ends": cover.ends,
        "plain": cover.plain,
        "main": main,
        "main_chroma": np.hypot(main[:, 1], main[:, 2]),
    }
    out |= {
        "main_gold": is_gold(main),
        "skin": head.skin_lab,
        "main_to_skin": lab_distance(main, head.skin_lab),
    }
    for name in (
        "worn",
        "lopsided",
        "all_around",
        "jagged",
        "shade_of_skin",
        "height",
        "top_width",
        "brim_row",
    ):
        out[name] = getattr(signs, name)
    return out | {"hood_lined": signs.hood.lined, "hood_closed": signs.hood.closed}


def _of_rules(signs: Signs) -> Numbers:
    """Tell which value the rules say, as far as they are sure."""
    decided = decide(signs)
    return what_is_said("rules_say", VALUES, decided.codes, decided.confidence)


def _of_hat(signs: Signs) -> Numbers:
    """Brim, tail, bulge and lobes of the cover."""
    hat = signs.hat
    out: Numbers = {}
    for name in ("reach", "brim", "brim_row", "step", "clear", "thickness", "outside", "hangs", "bulge"):
        out |= more_and_less(f"hat_{name}", *getattr(hat, name).T)
    return out | {"lobes": hat.lobes, "top": hat.top, "base": hat.base, "figure_top": signs.head.top}


def _of_ornaments(signs: Signs) -> Numbers:
    """Bands, rings, goggles, and the largest piece that is foreign to the hair; 0 where there is none."""
    worn, head = signs.ornaments, signs.head
    some = worn.size > 0
    rows, cols = worn.last_row - worn.first_row + 1, worn.last_col - worn.first_col + 1
    box = np.maximum(rows * cols, 1)
    counts = head.count_colors(worn.piece)
    lab = _most_frequent(head, counts)
    of_piece: Numbers = {
        "first_row": worn.first_row,
        "last_row": worn.last_row,
        "off_centre": np.abs((worn.first_col + worn.last_col) / 2 - EYES_MIDDLE),
        "rows": rows,
        "cols": cols,
        "box": box,
        "filled": worn.size / box,
        "lab": lab,
        "gold": is_gold(lab),
        "to_main": lab_distance(lab, signs.cover.main),
    }
    out = {f"piece_{name}": where_some(some, numbers) for name, numbers in of_piece.items()}
    for name in (
        "size",
        "all_size",
        "two_toned",
        "band_on_skin",
        "band_on_hair",
        "foreign_band",
        "ring",
        "goggles",
    ):
        out[name] = getattr(worn, name)
    return out | {"piece_colors": (counts > 0).sum(axis=1), "gold_on_bald": count(worn.gold)}


def _of_piece(signs: Signs) -> Numbers:
    """How the largest foreign piece is built: a flower has an eye, a bow a knot between two loops."""
    head, worn = signs.head, signs.ornaments
    piece, some = worn.piece, worn.size > 0
    cols = mask_of(piece).sum(axis=1)
    middle = np.clip((worn.first_col + worn.last_col) // 2 + C0, 0, cols.shape[1] - 1)
    before = np.arange(cols.shape[1])[None] < middle[:, None]
    loops = np.minimum(np.where(before, cols, 0).max(axis=1), np.where(~before, cols, 0).max(axis=1))
    rows = count_bits(piece).astype(np.intp)
    counts = head.count_colors(piece)
    # the most frequent colour set aside, so that one that the piece has not is not told of
    counts[np.arange(len(counts)), counts.argmax(axis=1)] = 0
    second, dots = counts.max(axis=1), _dots(head)
    of_piece: Numbers = {
        "loops_over_knot": loops - cols[np.arange(len(cols)), middle],
        "tallest_column": cols.max(axis=1),
        "widest_row": rows.max(axis=1),
        "at_edge": count(piece & ~_inner(head.figure)),
        "eyes": count(dots & (piece | _gaps(piece))),
    }
    out = {f"piece_{name}": where_some(some, numbers) for name, numbers in of_piece.items()}
    out |= {"piece_second_size": second, "piece_second": where_some(second > 0, _most_frequent(head, counts))}
    out["dots_over_eyes"] = count(keep(dots, ROW < FOREHEAD))
    return out | {"dots_beside": count(keep(dots & head.outside(-1), ROW >= FOREHEAD))}


def _inner(bits: Bits) -> Bits:
    """Keep what has all four neighbours: (N, R)."""
    inner: Bits = bits & (bits << np.uint32(1)) & (bits >> np.uint32(1))
    inner[:, 1:] &= bits[:, :-1]
    inner[:, :-1] &= bits[:, 1:]
    return inner


def _gaps(bits: Bits) -> Bits:
    """Mark single gaps between two pixels of a row: (N, R)."""
    gaps: Bits = (bits << np.uint32(1)) & (bits >> np.uint32(1))
    return gaps


def _dots(head: HeadGrid) -> Bits:
    """Mark single pixels of the cover within four of one other colour: (N, R)."""
    index = head.index
    centre, up, left = index[:, 1:-1, 1:-1], index[:, :-2, 1:-1], index[:, 1:-1, :-2]
    dots = np.zeros(index.shape, np.bool_)
    dots[:, 1:-1, 1:-1] = (
        (up == index[:, 2:, 1:-1]) & (left == index[:, 1:-1, 2:]) & (up == left) & (up != centre)
    )
    return bits_of(dots) & _inner(head.cover)


def _of_outline(signs: Signs) -> Numbers:
    """How wide the cover is, and how far it reaches out, row by row from its top and around its base."""
    hat = signs.hat
    over, gaps = np.clip(hat.over, INSIDE, FARTHEST), np.minimum(hat.gaps, MOST_GAPS)
    out: Numbers = {}
    for place, start, rows in (("top", hat.top, BELOW_TOP), ("base", hat.base, AROUND_BASE)):
        for step in rows:
            row, name = start + step, f"{place}_{step}"
            out[f"width_{name}"], out[f"gaps_{name}"] = at(hat.width, row), at(gaps, row)
            out |= more_and_less(f"over_{name}", at(over[:, 0], row), at(over[:, 1], row))
    return out


def _of_rows(signs: Signs) -> Numbers:
    """Colours across the forehead around the base of the cover: bands, edges, checkered hair."""
    out: Numbers = {}
    for step in COLORED_ROWS:
        lab = signs.head.lab_of_face(signs.hat.base + step)
        middle = np.partition(lab, MIDDLE_OF_FACE, axis=1)[:, MIDDLE_OF_FACE]  # the median
        out[f"unlike_{step}"] = (lab_distance(lab, signs.cover.main[:, None]) > LIKE).sum(axis=1)
        out[f"change_{step}"] = lab_distance(lab[:, 1:], lab[:, :-1]).mean(axis=1)
        out[f"middle_{step}"] = middle
        out[f"middle_to_main_{step}"] = lab_distance(middle, signs.cover.main)
    return out


def _of_hair(signs: Signs) -> Numbers:
    """Tell the hair beside the face from the cover."""
    head, cover = signs.head, signs.cover
    beside = keep(head.cover & head.outside(-1) & ~head.ink, (cover.edge[:, None] <= ROW) & (ROW < CHEEKS))
    counts = head.count_colors(beside)
    size, lab = counts.sum(axis=1), _most_frequent(head, counts)
    hair: Numbers = {"lab": lab, "to_main": lab_distance(lab, cover.main), "natural": is_natural(lab)}
    out = {f"hair_{name}": where_some(size > 0, numbers) for name, numbers in hair.items()}
    return out | {"hair_size": size, "hair_colors": (counts > 0).sum(axis=1)}


def _of_places(signs: Signs) -> Numbers:
    """How much of what lies where over, on and beside the head."""
    head = signs.head
    starts = [R0 + first for first in BANDS.values()]
    out: Numbers = {}
    for what, bits in (
        ("figure", head.figure),
        ("foreign", signs.ornaments.foreign),
        ("own", signs.cover.own),
        ("ink", head.ink),
        ("floating", head.floating),
    ):
        for place, (left, right) in SIDES.items():
            sides = (_in_bands(bits & columns(side), starts) for side in (left, right))
            out |= more_and_less(f"{what}_{place}", *sides)
        out[f"{what}_between"] = _in_bands(bits & columns(BETWEEN_EYES), starts)
    return out


def _of_colors(signs: Signs) -> Numbers:
    """How many colours lie over the eyes, how much of each, and how far they are from one another."""
    head = signs.head
    counts = head.count_colors(keep(head.cover & ~head.ink, ROW < FOREHEAD))
    order = np.argsort(-counts, axis=1, kind="stable")[:, :SHADES]
    most = np.take_along_axis(counts, order, axis=1)
    lab = np.take_along_axis(head.lab, order[..., None], axis=1)
    out: Numbers = {
        "colors": (counts > 0).sum(axis=1),
        "common_colors": (counts > COMMON).sum(axis=1),
        "golden": count(keep(head.cover & head.has(is_gold(head.lab)), ROW < FOREHEAD)),
    }
    for i in range(SHADES):
        there = i < counts.shape[1]
        share = most[:, i] / np.maximum(counts.sum(axis=1), 1) if there else np.zeros(len(head))
        out[f"share_{i}"] = share
        if i:
            apart = lab_distance(lab[:, 0], lab[:, i]) if there else np.zeros(len(head))
            out[f"apart_{i}"] = where_some(share > 0, apart)
    second = lab[:, 1] if counts.shape[1] > 1 else np.zeros((len(head), 3))
    return out | {"second": where_some(out["share_1"] > 0, second)}


def _of_texture(signs: Signs) -> Numbers:
    """Lines and alternating pixels within what covers the head, and the pieces of its first rows."""
    head, hat = signs.head, signs.hat
    beside = (head.cover << np.uint32(1)) & (head.cover >> np.uint32(1))
    index, cover = head.index, mask_of(keep(head.cover, ROW < FOREHEAD))
    out: Numbers = {
        "ink": count(keep(head.ink, ROW < FOREHEAD)),
        "ink_within": count(keep(head.ink & beside, ROW < FOREHEAD)),
        # every other pixel alike, down and across, and pixels like those diagonally above alone: a checker
        "every_other_down": _alternating(index, cover),
        "every_other_across": _alternating(index.transpose(0, 2, 1), cover.transpose(0, 2, 1)),
        "diagonal": (
            (index[:, :-1, :-1] == index[:, 1:, 1:])
            & (index[:, 1:, :-1] != index[:, 1:, 1:])
            & cover[:, 1:, 1:]
            & cover[:, :-1, :-1]
            & cover[:, 1:, :-1]
        ).sum(axis=(1, 2)),
    }
    for what, pieces, top in (
        ("crown", signs.crown_pieces, hat.top),
        ("figure", pieces_of(head.figure), head.top),
    ):
        for step in FIRST_ROWS:
            out[f"{what}_pieces_{step}"] = at(pieces, top + step)
    return out


def _alternating(index: NDArray[Any], cover: BoolArray) -> IntArray:
    """Count pixels like the second one before them and unlike the one between: (N, R, C) to (N,)."""
    alike = (index[:, :-2] == index[:, 2:]) & (index[:, 1:-1] != index[:, 2:])
    alternating: IntArray = (alike & cover[:, 2:] & cover[:, 1:-1] & cover[:, :-2]).sum(axis=(1, 2))
    return alternating


def _most_frequent(head: HeadGrid, counts: IntArray) -> FloatArray:
    """CIELAB of the most frequent of counted colours, (N, K) to (N, 3); any where none is counted."""
    lab: FloatArray = head.lab[np.arange(len(head)), counts.argmax(axis=1)]
    return lab


def _in_bands(bits: Bits, starts: list[int]) -> IntArray:
    """Count the pixels in each band of rows: (N, R) to (N, bands)."""
    counts: IntArray = np.add.reduceat(count_bits(bits), starts, axis=1, dtype=np.intp)[:, :-1]
    return counts
