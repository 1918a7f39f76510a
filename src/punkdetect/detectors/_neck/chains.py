"""Signs of chains, necklaces and chokers on what lies under the chin.

Owns their shapes. Knows the window around the neck; must not know how sure a detector is of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.detectors._neck.view import REACH, WIDTH, NeckView, first_and_last, is_shade, longest_run
from punkdetect.pixels import find_pixels
from punkdetect.punks import BoolArray, IntArray
from punkdetect.records import Record

SHINY = 150
"""Brightest channel that a chain has at least: gold, silver, pearls."""

NEAR = range(REACH - 5, REACH + 6)
"""Columns in which a chain lies: what goes on beyond is cloth."""

LINKS, LINK_HUE = (0.7, 1.4), 40
"""Brightness of a chain's links in light and shade, and the sum of the channel differences that is let
pass."""

PIXELS, LEAST_COLUMNS, MOST_SPAN = range(3, 12), 3, 9
"""Pixels of a chain, columns that it has at least, and columns from its first to its last."""

MOST_ROWS, MOST_STACKED = 3, 4
"""Rows of a chain, and columns in which links lie below each other."""

HANGING = 0.5
"""Part of the links that hang from the neck, an outline or another link."""

PENDANT = 2
"""Pixels of another colour below the links: a pendant; more are a shirt with a seam along its edge."""

SIDEWAYS = 3
"""Columns by which the middle of a chain may lie off the neck's, twice."""

SHIRT_EDGE = 3
"""Links in the picture's lowest row from which they are the edge of a shirt."""

GOLD_RED, GOLD_GREEN = 170, 120
"""Least red and green of gold, which has half as much blue as green at most."""

SHIRT_SPREAD = 40
"""Channel spread up to which a pale colour is that of a white shirt."""

CHOKER, CHOKER_OFF, BARE_BELOW = range(3, 8), 4, 3
"""Columns of a choker, how far its middle may lie off the neck's, twice, and columns of skin below it."""


class _Lines(Record):
    """Bright pixels below skin, each with all that are of its colour near the neck and nowhere beside it.

    Parameters
    ----------
    item : ndarray of int, shape (K,)
        Window of each.
    color : ndarray of int16, shape (3, K)
    links : ndarray of bool, shape (K, rows, cols)
    """

    item: IntArray
    color: NDArray[np.int16]
    links: BoolArray


def find_chain(view: NeckView) -> BoolArray:
    """Return the pixels of a thin bright line that hangs from the neck over skin and clothes.

    Parameters
    ----------
    view : NeckView

    Returns
    -------
    ndarray of bool, shape (M, rows, cols)
    """
    found = np.zeros(view.cloth.shape, np.bool_)
    below_skin = np.zeros_like(found)
    below_skin[:, 1:] = view.skin[:, :-1]
    lines = _find_lines(view, below_skin)
    chain = _is_thin(view, lines, below_skin) & _is_no_shirt(view, lines)
    for line in np.flatnonzero(chain):  # few necks have any
        found[lines.item[line]] |= lines.links[line]
    return found


def _find_lines(view: NeckView, below_skin: BoolArray) -> _Lines:
    """Return the lines that go through each bright pixel below skin."""
    seeds = view.own & (view.rgb.max(axis=0) >= SHINY) & below_skin
    seeds[:, :, : NEAR.start] = False
    seeds[:, :, NEAR.stop :] = False
    item, row, col = find_pixels(seeds)
    color = view.rgb[:, item, row, col]
    alike = view.cloth[item] & is_shade(view.rgb[:, item], color[:, :, None, None], LINKS, LINK_HUE)
    alike[:, 0] = False
    links = alike.copy()
    links[:, :, : NEAR.start] = False
    links[:, :, NEAR.stop :] = False
    goes_on = (alike & ~links)[:, 2:].any(axis=(1, 2))
    kept = ~goes_on & (links.sum(axis=(1, 2)) < PIXELS.stop)
    return _Lines(item[kept], color[:, kept], links[kept])


def _is_thin(view: NeckView, lines: _Lines, below_skin: BoolArray) -> BoolArray:
    """Say which lines are thin, closed under the neck and lie on skin or on the clothes."""
    links, item = lines.links, lines.item
    own = view.own[item]
    by_col, by_row = links.sum(axis=1), links.sum(axis=2)
    first, last = first_and_last(by_col > 0)
    thin = (by_row.sum(axis=1) >= PIXELS.start) & (by_col.max(axis=1, initial=0) <= MOST_ROWS)
    thin &= ((by_row > 0).sum(axis=1) <= MOST_ROWS) & ((by_col > 1).sum(axis=1) <= MOST_STACKED)
    thin &= ((by_col > 0).sum(axis=1) >= LEAST_COLUMNS) & (last - first < MOST_SPAN)
    thin &= (first <= REACH) & (last >= REACH) & (np.abs(first + last - 2 * REACH) <= SIDEWAYS)
    thin &= (links & below_skin[item]).any(axis=(1, 2))
    over = np.zeros_like(links)
    over[:, :-1] = (own & ~links)[:, 1:]
    thin &= (links & over).sum(axis=(1, 2)) <= PENDANT
    hangs = below_skin[item]
    hangs[:, 1:] |= links[:, :-1] | (view.drawn & ~view.cloth)[item, :-1]
    thin &= ((links & hangs).sum(axis=(1, 2)) >= HANGING * by_row.sum(axis=1)) | _lies_on_cloth(view, lines)
    columns = np.arange(WIDTH)
    chain = (links | own & _inside(links)).any(axis=1)
    gap: BoolArray = ~chain & (columns > first[:, None]) & (columns < last[:, None])
    return np.asarray(thin & ~(gap[:, 1:] & gap[:, :-1]).any(axis=1))


def _inside(links: BoolArray) -> BoolArray:
    """Return what lies between the first and the last link of each row."""
    first, last = first_and_last(links)
    columns = np.arange(WIDTH)
    return np.asarray((columns > first[..., None]) & (columns < last[..., None]))


def _lies_on_cloth(view: NeckView, lines: _Lines) -> BoolArray:
    """Say which lines have skin and the clothes themselves between their ends: no edge of a shirt has."""
    inside = _inside(lines.links)
    cloth, skin = (np.asarray((inside & part[lines.item]).any(axis=2)) for part in (view.plain, view.skin))
    return np.asarray((cloth & skin).any(axis=1))


def _is_no_shirt(view: NeckView, lines: _Lines) -> BoolArray:
    """Say which lines are no shirt under a jacket and no collar: those are solid down to the lowest row."""
    links, item, each = lines.links, lines.item, np.arange(len(lines.item))
    by_row, stacked = links.sum(axis=2), (links.sum(axis=1) > 1).sum(axis=1)
    first, last = first_and_last(links)
    width = np.where(by_row > 0, last - first + 1, 0)
    widens = (width[:, 1:] >= width[:, :-1]) & (width[:, :-1] > 0)
    solid = by_row == width
    shirt = (solid[:, 1:] & solid[:, :-1] & widens & (by_row[:, 1:] >= SHIRT_EDGE)).any(axis=1)
    low = by_row[each, view.bottom[item]]
    red, green, blue = lines.color
    golden = (red >= GOLD_RED) & (green >= GOLD_GREEN) & (green < red) & (2 * blue <= green)
    dressed = view.plain[item].any(axis=(1, 2))
    edge = (low >= SHIRT_EDGE) & ~golden & ~_lies_on_cloth(view, lines)
    collar = widens[each, np.maximum(view.bottom[item] - 1, 0)] & (low > 0)
    shirt |= np.where(dressed, edge, collar)
    shirt |= (stacked >= SHIRT_EDGE) & (low > 0) & ~(golden & (low == 1))
    white = (lines.color.max(axis=0) - lines.color.min(axis=0) <= SHIRT_SPREAD) & (
        lines.color.min(axis=0) >= SHINY
    )
    return np.asarray(~(shirt | white & dressed & (stacked > 1) & (low > 0)))


def find_choker(view: NeckView) -> BoolArray:
    """Return the pixels of a band across the whole neck with skin below it.

    Parameters
    ----------
    view : NeckView

    Returns
    -------
    ndarray of bool, shape (M, rows, cols)
    """
    own, columns = view.own, np.arange(WIDTH)
    own[:, 0] = False
    first, last = longest_run(own)
    width = last - first + 1
    run = (columns >= first[..., None]) & (columns <= last[..., None])
    skin_below, neck_above = np.zeros_like(own), np.zeros_like(own)
    skin_below[:, :-1] = view.skin[:, 1:]
    neck_above[:, 1:] = (view.drawn & ~view.cloth)[:, :-1]
    ok = (width >= CHOKER.start) & (width < CHOKER.stop) & (np.abs(first + last - 2 * REACH) <= CHOKER_OFF)
    ok &= (run & skin_below).sum(axis=2) >= np.clip(width - 2, 2, BARE_BELOW)
    ok &= (run & neck_above).sum(axis=2) >= width - 1
    beside = own[:, :, NEAR.start : NEAR.stop] & ~run[:, :, NEAR.start : NEAR.stop]
    bare = view.skin[:, :, NEAR.start + 1 : NEAR.stop - 1]
    ok &= ~beside.any(axis=2) & ~bare.any(axis=2)
    return np.asarray(own & run & ok[:, :, None])
