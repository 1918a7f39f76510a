"""Patterns of two colours behind a figure that touches the edge: bands, checks, bricks, dithered gradients.

What most of the edge is made of is the pattern; hair, hats and outlines that touch it have other colours and
are left out. Knows the edge and the colours of every pixel; must not know where the face is.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import bits_of, flood, mask_of
from punkdetect.landmarks._edges import EDGE_BITS, FIGURE_COLS, FIGURE_ROWS, read_edge
from punkdetect.landmarks._indexed import Index, Indexed
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray
from punkdetect.vocabulary import TRAITS

LEAST_OF_EDGE, LEAST_SECOND = 0.6, 0.08
"""Share of the edge that both tones have together, and the rarer one: hair and hats cover the rest."""

BESIDE = slice(0, 13), np.array([*range(5), *range(SIDE - 5, SIDE)])
"""Rows and columns in which little of a figure is and all scenery shows."""

MOST_SCENERY = 0.02
"""Share of the pixels there that may be neither of a tone nor of a colour of the head."""

LONGEST_PERIOD = 12
"""Two repeats must fit into the picture."""

ALIKE, MOST_ASTRAY = 0.95, 0.06
"""Share of pixels that must equal themselves a period further; and pixels, as a share of the rarer tone's, up
to which the next one along a band may be of the other tone."""

LEAST_COMPARED = 24
"""Pixels that must have a counterpart for the share to say anything."""

LEAST_BANDS = 4
"""Bands of two tones from which they are stripes; two or three are flat blocks."""

DITHER_ROWS = 4
"""Rows after which the dots of ordered dithering come again (Bayer's matrix of 4x4)."""

LEAST_IN_ROWS, MIXED_ROWS = 16, 5
"""Pixels of so many rows that tell their share of one tone, and places in which a gradient has both."""

PURE, MIXED = 0.2, 0.15
"""Share of a tone up to which the ends of a dithered gradient may have it, and from which a row is mixed."""

MOST_EVEN = 0.85
"""Share of neighbours of one tone up to which a background is dithered: hills and walls have more."""

MOST_BACK = 0.35
"""By how much the share of a tone may fall, in all, where it should rise."""

NONE = -1
GRADIENT, SPLIT, CHECKER, STRIPES = (
    TRAITS["background"].index(kind) for kind in ("gradient", "split", "checker", "stripes")
)
"""What two tones may be."""

LEVEL, UPRIGHT, FALLING, RISING = (0, 1), (1, 0), (1, 1), (1, -1)
"""Steps (rows, columns) along bands."""


def find_two_tones(picture: Indexed) -> tuple[BoolArray, IntArray]:
    """Find patterns of the two most frequent colours of the edge.

    Parameters
    ----------
    picture : Indexed
        N portraits.

    Returns
    -------
    looks : ndarray of bool, shape (N, 24, 24)
        Pixels of either tone.
    kind : ndarray of int, shape (N,)
        Index into the values of the trait `background`; `NONE` where the two tones make no pattern.
    """
    first, second, enough = _tones(picture)
    one = picture.alike(picture.index, first[:, None, None])
    other = picture.alike(picture.index, second[:, None, None]) & ~one
    looks = one | other
    kind = np.full(len(picture), NONE, np.intp)
    some = np.flatnonzero(enough)
    if len(some):
        some = some[~_has_scenery(picture.take(some), looks[some])]
    if len(some):
        behind = mask_of(flood(bits_of(looks[some]), EDGE_BITS), SIDE)
        kind[some] = _kind(behind, other[some])
    return looks, kind


def _tones(picture: Indexed) -> tuple[Index, Index, BoolArray]:
    """Return the two most frequent colours of the edge, and whether they are most of it; shapes (N,)."""
    edge = read_edge(picture.index)
    n, k = picture.palette.colors.shape
    votes = np.bincount((edge + (np.arange(n) * k)[:, None]).reshape(-1), minlength=n * k).reshape(n, k)
    order = np.argsort(-votes, axis=1, kind="stable")[:, :2]
    share = np.take_along_axis(votes, order, axis=1) / edge.shape[1]
    enough: BoolArray = (share.sum(axis=1) >= LEAST_OF_EDGE) & (share[:, -1] >= LEAST_SECOND)
    enough &= picture.tolerance == 0
    return order[:, 0], order[:, -1], enough


def _has_scenery(picture: Indexed, looks: BoolArray) -> BoolArray:
    """Whether beside the head there is what is neither of a tone nor of a colour of the head; shape (N,)."""
    rows, cols = BESIDE
    beside = picture.index[:, rows][:, :, cols].reshape(len(looks), -1)
    head = picture.index[:, FIGURE_ROWS, FIGURE_COLS].reshape(len(looks), -1)
    drawn = ~looks[:, rows][:, :, cols].reshape(len(looks), -1) & ~picture.is_one_of(beside, head)
    scenery: BoolArray = drawn.mean(axis=1) > MOST_SCENERY
    return scenery


def _kind(behind: BoolArray, other: BoolArray) -> IntArray:
    """Tell what a background, (N, 24, 24), of two tones is, `other` being one of them; shape (N,)."""
    kind = np.full(len(behind), NONE, np.intp)
    dithered = _is_dithered(behind, other) | _is_dithered(behind.transpose(0, 2, 1), other.transpose(0, 2, 1))
    kind[dithered & (_agreement(behind, other, 0, 1) <= MOST_EVEN)] = GRADIENT
    repeats = [
        np.max(
            [_agreement(behind, other, step * rows, step * cols) for step in range(2, LONGEST_PERIOD + 1)], 0
        )
        >= ALIKE
        for rows, cols in ((1, 0), (0, 1))
    ]
    kind[repeats[0] & repeats[1]] = CHECKER
    size, lit = (part.sum(axis=(1, 2)) for part in (behind, behind & other))
    rarer = np.minimum(lit, size - lit)
    for step in (LEVEL, UPRIGHT, FALLING, RISING):
        along = (1 - _agreement(behind, other, *step)) * size <= MOST_ASTRAY * rarer
        bands = _bands(behind, other, step)
        kind[along] = np.where(bands[along] >= LEAST_BANDS, STRIPES, SPLIT)
        if step in (FALLING, RISING):  # slanted bands of one pixel
            kind[along & (_agreement(behind, ~other, 0, 1) <= 1 - ALIKE)] = CHECKER
    return kind


def _agreement(behind: BoolArray, other: BoolArray, rows: int, cols: int) -> FloatArray:
    """Share of background pixels whose tone equals that of the one so many rows and columns further; (N,)."""
    here = (slice(None), slice(0, SIDE - rows), slice(max(-cols, 0), SIDE - max(cols, 0)))
    there = (slice(None), slice(rows, SIDE), slice(max(cols, 0), SIDE + min(cols, 0)))
    both = behind[here] & behind[there]
    same = both & (other[here] == other[there])
    compared = both.sum(axis=(1, 2))
    share: FloatArray = same.sum(axis=(1, 2)) / np.maximum(compared, LEAST_COMPARED)
    return share


def _bands(behind: BoolArray, other: BoolArray, step: tuple[int, int]) -> IntArray:
    """Count the bands that run along a step, by the most frequent tone of each; shape (N,)."""
    rows, cols = np.indices((SIDE, SIDE))
    across = rows * step[1] - cols * step[0]
    across -= across.min()
    lines = across.max() + 1
    of_line = np.eye(lines, dtype=np.float64)[across.reshape(-1)]
    seen = behind.reshape(len(behind), -1) @ of_line
    lit = (behind & other).reshape(len(behind), -1) @ of_line
    # lines that cannot be seen have the tone of the one before
    at = np.maximum.accumulate(np.where(seen > 0, np.arange(lines), 0), axis=1)
    tone = np.take_along_axis(2 * lit > seen, at, axis=1)
    bands: IntArray = 1 + (tone[:, 1:] != tone[:, :-1]).sum(axis=1)
    return bands


def _over_rows(count: IntArray) -> IntArray:
    """Sum over so many rows that every pattern of dots repeats in them: (N, 24) to (N, 21)."""
    rows = count.shape[1] - DITHER_ROWS + 1
    total: IntArray = np.sum([count[:, step : step + rows] for step in range(DITHER_ROWS)], axis=0)
    return total


def _is_dithered(behind: BoolArray, other: BoolArray) -> BoolArray:
    """Whether one tone takes over from the other row by row, both mixed between; shape (N,)."""
    seen, lit = (_over_rows(part.sum(axis=2)) for part in (behind, behind & other))
    told = seen >= LEAST_IN_ROWS
    share = lit / np.maximum(seen, 1)
    # rows that cannot be told have the share of the one before
    at = np.maximum.accumulate(np.where(told, np.arange(share.shape[1]), 0), axis=1)
    share = np.take_along_axis(share, at, axis=1)
    share = np.where(share[:, :1] > share[:, -1:], 1 - share, share)
    steps = np.diff(share, axis=1)
    back = -np.minimum(steps, 0).sum(axis=1)
    mixed = (told & (share > MIXED) & (share < 1 - MIXED)).sum(axis=1)
    dithered: BoolArray = (
        (share[:, 0] <= PURE) & (share[:, -1] >= 1 - PURE) & (back <= MOST_BACK) & (mixed >= MIXED_ROWS)
    )
    return dithered
