"""The pixels along the left, top and right edges: what of them is background.

Owns the edge, where the figure meets it and how it goes on downwards. Must not know what kinds of backgrounds
there are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import bits_of
from punkdetect.landmarks._indexed import Index, Indexed, sum_difference
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray, Scalar
from punkdetect.records import Record

EDGE_ROWS = 17
"""Rows from the top in which the left and right edges are read. Shoulders reach the sides below; in 144
hand-made portraits nothing of the figure reaches them above."""

LAST = SIDE - 1
_EDGE = np.array(
    [
        *((row, 0) for row in range(EDGE_ROWS - 1, 0, -1)),
        *((0, col) for col in range(SIDE)),
        *((row, LAST) for row in range(1, EDGE_ROWS)),
    ]
)
"""Row and column of each edge pixel, walked from the lower left up, along the top and down the right."""

_TOP = slice(EDGE_ROWS - 1, EDGE_ROWS - 1 + SIDE)
_ON_TOP = np.zeros(len(_EDGE), np.bool_)
_ON_TOP[_TOP] = True

ON_EDGE = np.zeros((SIDE, SIDE), np.bool_)
ON_EDGE[_EDGE[:, 0], _EDGE[:, 1]] = True

EDGE_BITS = bits_of(ON_EDGE[None])
"""The same as rows of bits, shape (1, 24)."""

FRAME = 3
"""Rows or columns from the edge inwards in which a band must look the same; hats and hair do not."""

_PLACE_IN_ROW = _EDGE[:, 0] * SIDE + _EDGE[:, 1]

_INWARD = np.where(_ON_TOP[:, None], [1, 0], np.where(_EDGE[:, 1:] == 0, [0, 1], [0, -1]))
"""Step from each edge pixel into the picture."""

_OUTER_COLS = np.array([*range(FRAME), *range(SIDE - FRAME, SIDE)])
_OUTER_BITS = np.uint32(sum(1 << int(col) for col in _OUTER_COLS))

LEAST_MAIN_SHARE = 0.7
"""Share of the edge from which one colour is the background, and another that meets it may be wide hair.
Labelled hats leave 0.9, labelled patterns of two colours 0.5."""

CENTRE_COLS = slice(8, 16)
HEAD_ROWS = slice(7, 12)
"""Where every head is, whatever its size."""

FIGURE_ROWS, FIGURE_COLS = slice(3, 17), slice(6, 18)
"""Where the figure is, with its hair and hat."""

CORNER = 2
"""Columns at both upper corners that no figure reaches."""

MOST_FIGURE_RUNS = 6
"""Places in which a figure may touch the edge; patterns touch it more often."""

MOST_WIDE, LEAST_ON_HEAD = 0.5, 0.85
"""Share of the edge that hair or a hat may cover, and share of that which must have a colour of the head."""

CROWN_ROWS = slice(3, 11)
"""Where hair and hats are, whatever the size of the head."""

NARROW_TOP, NARROW_SIDE = 4, 2
"""Pixels of a lone run on the edge up to which it is no band: a tuft at the top, a beam or a cigarette at a
side."""

LOWER_HALF = slice(12, SIDE)
"""Rows in which a band behind the figure shows again, beside the neck."""

MIDDLE = EDGE_ROWS - 1 + SIDE // 2
"""Place on the edge of the middle of the top."""

SHADE = 30
"""Sum of the channel differences up to which a pixel on the edge may be a shade of hair on the head."""

HELD_ROWS = slice(11, EDGE_ROWS)
"""Rows in which something held in the mouth may reach to a side."""

INK = 60
"""Sum of the channels up to which a pixel on the edge may be the outline of something held."""

GRADIENT_BANDS = 5
"""Bands from which small steps make a gradient; `split` is two to four flat blocks."""

GRADIENT_SLACK = 1.5
"""How much larger than the largest step so far the next step of a gradient may be."""

LEAST_WORN = 0.75
"""Share of the middle of the bottom row from which a colour that begins straight across is clothing."""

GROUND_ROWS = 4
"""Rows from the bottom that ground fills at both sides, in colours that the middle of the bottom has not."""


class Sides(Record):
    """The background's colours along three edges, as numbers of the palette; shapes (N, 24)."""

    left: Index
    top: Index
    right: Index

    @property
    def all(self) -> Index:
        """From the lower left up, along the top and down the right, the corners once; shape (N, 70)."""
        return np.concatenate([self.left[:, :0:-1], self.top, self.right[:, 1:]], axis=1)

    def take(self, portraits: IntArray) -> Sides:
        """Return the sides of some portraits."""
        return Sides(*(side[portraits] for side in self))


def read_edge(pixels: NDArray[Scalar]) -> NDArray[Scalar]:
    """Read the pixels along the left, top and right edges.

    Parameters
    ----------
    pixels : ndarray of shape (N, 24, 24)

    Returns
    -------
    ndarray of shape (N, 56)
    """
    edge: NDArray[Scalar] = pixels.reshape(len(pixels), SIDE * SIDE).take(_PLACE_IN_ROW, axis=1, mode="clip")
    return edge


def has_low_band(picture: Indexed, looks: BoolArray) -> BoolArray:
    """Whether another band begins straight across below `EDGE_ROWS`, on both sides of the figure; shape (N,).

    Parameters
    ----------
    picture : Indexed
    looks : ndarray of bool, shape (N, 24, 24)
        Pixels that look like the edge above.
    """
    sides = bits_of(looks)[:, EDGE_ROWS - 1 :] & _OUTER_BITS
    full, some_of_it = sides == _OUTER_BITS, sides > 0
    begins = full[:, :-1] & ~some_of_it[:, 1:]
    some = np.flatnonzero(begins.any(axis=1))
    band = np.zeros(len(looks), np.bool_)
    if not len(some):
        return band
    row = EDGE_ROWS + begins[some].argmax(axis=1)
    outer = picture.index[some[:, None], row[:, None], _OUTER_COLS]
    few = picture.take(some)
    # shoulders may begin straight across as well, but their colour is in the middle too
    worn = few.alike(few.index[:, LAST, CENTRE_COLS], outer[:, :1]).mean(axis=1) >= LEAST_WORN
    band[some] = few.alike(outer, outer[:, :1]).all(axis=1) & ~worn
    return band


def has_ground(picture: Indexed, looks: BoolArray) -> BoolArray:
    """Whether ground rises at both sides below `EDGE_ROWS`; shape (N,).

    Its colours lie in the lower corners and not in the middle of the bottom, where clothing is.

    Parameters
    ----------
    picture : Indexed
    looks : ndarray of bool, shape (N, 24, 24)
        Pixels that look like the edge above.
    """
    low = slice(SIDE - GROUND_ROWS, SIDE)
    ground: BoolArray = ~np.any(looks[:, low, 0] | looks[:, low, LAST], axis=1)
    some = np.flatnonzero(ground)
    if not len(some):
        return ground
    few = picture.take(some)
    middle = few.index[:, low, CENTRE_COLS].reshape(len(some), -1)
    for col in (0, LAST):
        corner = few.index[:, SIDE - 2, col][:, None]
        flat = few.alike(few.index[:, low, col][:, 1:], corner).all(axis=1)
        ground[some] &= flat & ~few.alike(middle, corner).any(axis=1)
    return ground


def find_figure_on_edge(picture: Indexed, main: Index) -> BoolArray:
    """Edge pixels that are hair, a hat or what is held rather than background; shape (N, 56).

    Parameters
    ----------
    picture : Indexed
    main : ndarray of int, shape (N,)
        Most frequent colour of the edge.
    """
    edge = read_edge(picture.index)
    return _hair_on_edge(picture, edge, main) | _lone_runs(picture, edge) | _held_on_edge(picture, edge)


def read_sides(picture: Indexed, main: Index, figure: BoolArray) -> Sides:
    """Read the background's colours along three edges, past what of the figure touches them.

    Parameters
    ----------
    picture : Indexed
    main : ndarray of int, shape (N,)
        Most frequent colour of the edge.
    figure : ndarray of bool, shape (N, 56)
        Edge pixels that are not background.
    """
    edge = _fill(read_edge(picture.index), figure)
    ground = has_ground(picture, picture.alike(picture.index, main[:, None, None]))
    left = _continue_downwards(picture, edge[:, EDGE_ROWS - 1 :: -1], edge, ground, 0)
    right = _continue_downwards(picture, edge[:, -EDGE_ROWS:], edge, ground, LAST)
    return Sides(left, edge[:, _TOP], right)


def _fill(edge: Index, figure: BoolArray) -> Index:
    """Give the figure's edge pixels the colour of the nearest other one towards their corner."""
    length = edge.shape[1]
    at = np.arange(length)
    before = np.maximum.accumulate(np.where(figure, -1, at), axis=1)
    after = np.minimum.accumulate(np.where(figure, length, at)[:, ::-1], axis=1)[:, ::-1]
    wanted = np.where((at < length // 2) & (before >= 0) | (after >= length), before, after)
    wanted = np.where((wanted < 0) | (wanted >= length), at, wanted)
    filled: Index = edge[np.arange(len(edge))[:, None], wanted]
    return filled


def is_wide_figure(picture: Indexed, main: Index) -> BoolArray:
    """Whether all on the edge that is not of its main colour is hair or a hat: both are on the head too.

    Parameters
    ----------
    picture : Indexed
    main : ndarray of int, shape (N,)
        Most frequent colour of the edge.

    Returns
    -------
    ndarray of bool, shape (N,)
    """
    edge = read_edge(picture.index)
    odd = ~picture.alike(edge, main[:, None])
    corners = odd[:, [_TOP.start, _TOP.start + CORNER - 1, _TOP.stop - CORNER, _TOP.stop - 1]]
    wide: BoolArray = (odd.mean(axis=1) <= MOST_WIDE) & ~corners.any(axis=1)
    some = np.flatnonzero(wide)
    if not len(some):
        return wide
    row, place = np.nonzero(odd[some])
    few = picture.take(some)
    head = few.rgb(few.index[:, CROWN_ROWS, CENTRE_COLS].reshape(len(some), -1))
    apart = sum_difference(head[row], few.rgb(edge[some])[row, place, None])
    on_head = np.bincount(row, (apart <= SHADE).any(axis=1), minlength=len(some))
    wide[some] = on_head >= LEAST_ON_HEAD * odd[some].sum(axis=1)
    return wide


def find_tall_figure(picture: Indexed) -> BoolArray:
    """Edge pixels of a hat or hair that widens below the top edge, before any background; shape (N, 56).

    Upright bands go straight down; where only the middle does not, the figure stands in it.
    """
    top = picture.index[:, :FRAME]
    bent = ~np.all(picture.alike(top[:, 1:], top[:, :1]), axis=1)
    bent[:, 1:] |= bent[:, :-1].copy()
    bent[:, :-1] |= bent[:, 1:].copy()
    first, last = bent.argmax(axis=1), LAST - bent[:, ::-1].argmax(axis=1)
    central = (first < CENTRE_COLS.stop) & (last >= CENTRE_COLS.start)
    tall = bent.any(axis=1) & (first >= CORNER) & (last <= LAST - CORNER) & central
    cols = np.arange(SIDE)
    # the neighbours of the bent columns were only touched
    inside = tall[:, None] & (cols > first[:, None]) & (cols < last[:, None])
    figure = np.zeros((len(bent), len(_EDGE)), np.bool_)
    figure[:, _TOP] = inside
    return figure


def _lone_runs(picture: Indexed, edge: Index) -> BoolArray:
    """Edge pixels of narrow runs that one colour frames and that come only once; shape (N, 56)."""
    n, length = edge.shape
    at = np.arange(length)
    each = np.arange(n)[:, None]
    change = ~picture.alike(edge[:, 1:], edge[:, :-1])
    starts = np.concatenate([np.ones((n, 1), np.bool_), change], axis=1)
    ends = np.concatenate([change, np.ones((n, 1), np.bool_)], axis=1)
    start = np.maximum.accumulate(np.where(starts, at, 0), axis=1)
    end = np.minimum.accumulate(np.where(ends, at, length)[:, ::-1], axis=1)[:, ::-1]
    before, after = edge[each, np.maximum(start - 1, 0)], edge[each, np.minimum(end + 1, length - 1)]
    lone: BoolArray = (start > 0) & (end < length - 1) & picture.alike(before, after)
    size = end - start + 1
    middle = _EDGE[(start + end) // 2, 1]
    central = (middle >= CENTRE_COLS.start) & (middle < CENTRE_COLS.stop)
    on_top = (start >= _TOP.start + CORNER) & (end < _TOP.stop - CORNER)
    at_side = (end < _TOP.start) | (start >= _TOP.stop)
    over_middle = (start <= MIDDLE) & (end >= MIDDLE)
    lone &= np.where(on_top, central & ((size <= NARROW_TOP) | over_middle), at_side & (size <= NARROW_SIDE))
    some = np.flatnonzero(lone.any(axis=1))
    if not len(some):
        return lone
    few = picture.take(some)
    # a band goes on down to the feet, beside the neck; a hat that reaches the top does not
    low = few.index[:, LOWER_HALF].reshape(len(some), -1)
    goes_on = np.asarray(few.alike(low, edge[some, MIDDLE, None]).any(axis=1))
    lone[some] &= ~(on_top & (size > NARROW_TOP))[some] | ~goes_on[:, None]
    row, place = np.nonzero(lone)
    like = picture.take(row).alike(edge[row], edge[row, place, None]).sum(axis=1)
    lone[row, place] = like == size[row, place]
    return lone


def _held_on_edge(picture: Indexed, edge: Index) -> BoolArray:
    """Edge pixels of the outline of something that is held and reaches one side; shape (N, 56).

    It is ink, where the other side is not; a block of the background goes straight inwards.
    """
    ink = picture.rgb(edge).sum(axis=2) <= INK
    held: BoolArray = ink & ~ink[:, ::-1] & (_EDGE[:, 0] >= HELD_ROWS.start)
    some = np.flatnonzero(held.any(axis=1))
    row, place = np.nonzero(held[some])
    few = picture.take(some)
    inner = few.pick(*(_EDGE + (FRAME - 1) * _INWARD).T)[row, place]
    ends = np.zeros(len(some), bool)
    np.logical_or.at(ends, row, ~few.take(row).alike(inner, edge[some][row, place]))
    held[some[~ends & (held[some].sum(axis=1) > NARROW_SIDE)]] = False
    return held


def _hair_on_edge(picture: Indexed, edge: Index, main: Index) -> BoolArray:
    """Edge pixels that are a hat or hair on a background of otherwise one colour; shape (N, 56).

    A band goes straight inwards from the edge; a hat widens and hair is ragged. At the sides, scenery is
    ragged as well, but only hair has its colour on the head too.
    """
    odd = ~picture.alike(edge, main[:, None])
    few_runs = (np.diff(odd, axis=1, prepend=False) & odd).sum(axis=1) <= MOST_FIGURE_RUNS
    figure = np.zeros(edge.shape, np.bool_)
    some = np.flatnonzero(((~odd).mean(axis=1) >= LEAST_MAIN_SHARE) & few_runs & odd.any(axis=1))
    if not len(some):
        return figure
    picture, edge, odd = picture.take(some), edge[some], odd[some]
    n, length = edge.shape
    bent = np.zeros((n, length), np.bool_)
    for step in range(1, FRAME):
        bent |= ~picture.alike(edge, picture.pick(*(_EDGE + step * _INWARD).T))
    # the pixels next to a run tell whether it widens, but not around the corner
    sideways = bent & ~np.isin(np.arange(length), [EDGE_ROWS - 1, EDGE_ROWS + SIDE - 2])
    bent[:, 1:] |= sideways[:, :-1]
    bent[:, :-1] |= sideways[:, 1:]

    starts = np.diff(odd, axis=1, prepend=False)
    run = np.cumsum(starts, axis=1) + length * np.arange(n)[:, None]

    def total_of_run(flags: BoolArray) -> FloatArray:
        total: FloatArray = np.bincount(run.reshape(-1), flags.reshape(-1), minlength=n * length + 1)[run]
        return total

    central = _ON_TOP & (_EDGE[:, 1] >= CENTRE_COLS.start) & (_EDGE[:, 1] < CENTRE_COLS.stop)
    belongs = odd & central
    row, place = np.nonzero(odd & ~_ON_TOP)
    head = picture.rgb(picture.index[:, HEAD_ROWS, CENTRE_COLS].reshape(n, -1))
    apart = sum_difference(head[row], picture.rgb(edge)[row, place, None])
    belongs[row, place] = (apart <= SHADE).any(axis=1)
    mostly = total_of_run(belongs) >= 0.5 * total_of_run(odd)
    figure[some] = odd & (total_of_run(bent) > 0) & mostly
    return figure


def _continue_downwards(picture: Indexed, side: Index, edge: Index, ground: BoolArray, col: int) -> Index:
    """Background colours along a side, shape (N, 24), past the rows where shoulders may hide it.

    A pixel there is background if it has a colour of the edge above, if it goes on with a gradient, if a new
    band begins straight across on both sides, or if there is ground; otherwise the last colour is repeated.
    """
    below = picture.index[:, EDGE_ROWS:, col]
    known = picture.is_one_of(below, edge) | ground[:, None]
    outer = picture.index[:, EDGE_ROWS - 1 :].take(_OUTER_COLS, axis=2)
    band = np.all(picture.alike(outer[:, 1:], below[:, :, None]), axis=2)
    above = outer[:, :-1]
    band &= picture.alike(above, above[..., :1]).all(axis=2)

    rgb, rgb_above, tolerance = picture.rgb(below), picture.rgb(above[..., 0]), picture.tolerance
    rgb_side = picture.rgb(side)
    steps = sum_difference(rgb_side[:, 1:], rgb_side[:, :-1])
    shades = (steps > tolerance[:, None]).sum(axis=1) >= GRADIENT_BANDS - 1
    most = np.where(shades, GRADIENT_SLACK * steps.max(axis=1), tolerance)
    colors, last, last_rgb = [side], side[:, -1], rgb_side[:, -1]
    for row in range(SIDE - EDGE_ROWS):
        step = sum_difference(rgb[:, row], last_rgb)
        goes_on = known[:, row] | (step <= np.maximum(most, tolerance))
        goes_on |= band[:, row] & (sum_difference(rgb_above[:, row], last_rgb) <= tolerance)
        last = np.where(goes_on, below[:, row], last)
        last_rgb = np.where(goes_on[:, None], rgb[:, row], last_rgb)
        colors.append(last[:, None])
    return np.concatenate(colors, axis=1)
