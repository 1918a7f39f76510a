"""Numbers that describe what lies beside a face: pieces that could hang at an ear, and what is around them.

Knows the pieces, and what the rule of `earrings` says; must not know how a model weighs them. Left and right
are told only as the side with the likelier piece and the other one, or as the more and the less of both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import Bits, bits_of, count_bits, mask_of
from punkdetect.detectors._ears.jewels import SURE
from punkdetect.detectors._ears.numbers import numbers_of
from punkdetect.detectors._ears.pieces import COLS, FACE, Beside, Pieces, pieces_of, twin_window
from punkdetect.detectors._ears.shapes import NONE
from punkdetect.detectors._ears.signs import EarSigns, signs_of
from punkdetect.detectors._ears.views import LEFT_COLS, ONE_PIECE, ROWS, difference_of, within
from punkdetect.detectors._named_numbers import Numbers, more_and_less, table_of, what_is_said
from punkdetect.landmarks import Landmarks
from punkdetect.pixels import lab_of, unpack_rgb
from punkdetect.punks import FloatArray, IntArray, Punks
from punkdetect.vocabulary import TRAITS

KEPT = 3
"""Likeliest pieces of each side, of which those that are told of are chosen."""

SLOTS = ("first", "other", "next")
"""The likeliest piece of a head; its twin, or the likeliest one of the other side; the next one of either."""

RARE = 16
"""Pixels beside the face, on both sides, up to which a colour may be one of several of an earring; two rings
have more, and are seen by that one colour."""

BANDS = {"brow": (-2, 0), "eyes": (0, 3), "lobe": (3, 6), "jaw": (6, 9)}
"""Rows relative to the eyes, half open, in which pixels beside the face are counted."""

CELL_ROWS, CELL_COLS = range(2, 9), range(-6, 0)
"""Rows and columns whose single pixels are told of: where earrings hang."""

FAR = 1000
"""Difference of any colour from that of no piece."""


def earrings_features(punks: Punks, landmarks: Landmarks) -> tuple[tuple[str, ...], FloatArray]:
    """Describe what lies beside every face.

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
    beside, pieces = pieces_of(landmarks)
    odd = bits_of(beside.rarity <= RARE) & beside.figure
    odd &= ~(beside.bare | beside.known | beside.lens | beside.shade | beside.ink)
    return table_of(
        _of_rule(signs),
        _of_pieces(beside, pieces, odd, signs, landmarks),
        _of_places(beside, odd),
        _of_head(beside, landmarks),
    )


def without_rule(names: tuple[str, ...], values: FloatArray) -> FloatArray:
    """Return the numbers as they would be where the rule finds no earring.

    Parameters
    ----------
    names : tuple of str, length F
        Those of `earrings_features`.
    values : ndarray of float64, shape (M, F)

    Returns
    -------
    ndarray of float64, shape (M, F)
    """
    named = np.array(names)
    of_rule = np.char.startswith(named, "rule_") | np.char.endswith(named, "_of_rule")
    return np.where(named == f"rule_says_{TRAITS['earrings'][NONE]}", SURE, np.where(of_rule, 0.0, values))


def _of_rule(signs: EarSigns) -> Numbers:
    """Tell which value the rule says, as far as it is sure, and how much it saw."""
    said = what_is_said("rule_says", TRAITS["earrings"], signs.codes, signs.confidence)
    return said | _both("rule_size", signs.jewels.sum(axis=(1, 2)))


def _of_pieces(beside: Beside, pieces: Pieces, odd: Bits, signs: EarSigns, landmarks: Landmarks) -> Numbers:
    """Describe the pieces that are most like earrings; all numbers are 0 where there are not so many."""
    order = np.lexsort((-pieces.score, pieces.view))
    view = pieces.view[order]
    rank = np.arange(len(view)) - np.searchsorted(view, view)
    some = rank < KEPT
    pieces, rank = pieces.take(order[some]), rank[some]
    chosen = _choose(beside, pieces, rank)
    told, place = np.unique(np.stack(chosen), return_inverse=True)  # -1, for none, is told of as the last
    names, values = numbers_of(beside, pieces.take(told[told >= 0]), odd, bits_of(signs.jewels), landmarks)
    values = np.concatenate([np.zeros(((told < 0).sum(), len(names))), values])
    place = place.reshape(len(SLOTS), -1)
    return {
        f"{slot}_{name}": column
        for slot, rows in zip(SLOTS, place, strict=True)
        for name, column in zip(names, values[rows].T, strict=True)
    }


def _choose(beside: Beside, pieces: Pieces, rank: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Choose the pieces of each of `SLOTS`: their numbers, -1 where there is none; (N,) each."""
    n = len(beside.figure) // 2
    each, place = np.arange(n), np.arange(2 * KEPT)[:, None]
    side, head = np.divmod(pieces.view, n)
    table = np.full((2 * KEPT, n), -1)
    table[side * KEPT + rank, head] = np.arange(len(rank))
    # what is looked up by -1 is the last: no piece, in no colour, and the least likely
    score = np.append(pieces.score, -np.inf)[table]
    rgb = beside.sides.rgb[:, pieces.view, pieces.row, pieces.col]
    rgb = np.concatenate([rgb, np.full((3, 1), FAR, np.int16)], axis=1)
    bits = np.concatenate([pieces.bits, np.zeros((1, len(ROWS)), np.uint32)])
    first = score.argmax(axis=0)
    chosen = table[first, each]
    twin = difference_of(rgb[:, table], rgb[:, chosen][:, None]) <= ONE_PIECE
    twin &= (bits[table] & twin_window(bits[chosen])).any(axis=2)
    across = place // KEPT != first // KEPT
    other = np.where(across, score + FAR * twin, -np.inf).argmax(axis=0)
    other = np.where(across[other, each], other, (first + KEPT) % (2 * KEPT))
    left = np.where((place == first) | (place == other), -np.inf, score).argmax(axis=0)
    none_left = (left == first) | (left == other)
    return chosen, table[other, each], np.where(none_left, -1, table[left, each])


def _of_places(beside: Beside, odd: Bits) -> Numbers:
    """Tell how much of what lies beside the face, and where pixels in rare colours do."""
    outside = np.uint32((1 << FACE) - 1)
    plain = beside.figure & ~beside.bare & ~beside.ink
    out: Numbers = {}
    for what, bits in (
        ("figure", beside.figure),
        ("bare", beside.bare & beside.figure),
        ("ink", beside.ink),
        ("known", beside.known & plain),
        ("unknown", plain & ~beside.known),
        ("odd", odd),
    ):
        counts = count_bits(bits & outside)
        for band, (start, stop) in BANDS.items():
            rows = slice(start - ROWS.start, stop - ROWS.start)
            out |= _both(f"{what}_{band}", counts[:, rows].sum(axis=1, dtype=np.intp))
    cells = mask_of(odd, COLS)[:, within(CELL_ROWS, ROWS), within(CELL_COLS, LEFT_COLS)]
    return out | _both("odd_cell", cells.reshape(len(odd), len(CELL_ROWS) * len(CELL_COLS)).astype(np.int8))


def _of_head(beside: Beside, landmarks: Landmarks) -> Numbers:
    """Tell what else is worn, the colours of skin and hair, and how large the face is."""
    sides, face = beside.sides, landmarks.face
    n = len(face.eye_row)
    hair, size = landmarks.inked.palette.main_of(landmarks.hair_counts)
    return _both("held", sides.held) | {
        "masked": sides.masked[:n],
        "bridged": sides.bridged[:n],
        "skin": lab_of(sides.skin[:, :n, 0, 0].T),
        "hair": lab_of(unpack_rgb(np.maximum(hair, 0))),
        "hair_size": size,
        "spacing": face.right_eye_col - face.left_eye_col,
        "mouth_gap": face.mouth_row - face.eye_row,
    }


def _both(name: str, of_views: NDArray[Any]) -> Numbers:
    """Tell of both sides, the left ones of all heads before the right ones, which has more and which less."""
    return more_and_less(name, *np.split(of_views, 2))
