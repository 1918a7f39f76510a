"""Signs of scarves, and of flowers, beads and pleats round the neck, on what lies under the chin.

Owns their shapes. Knows the window around the neck; must not know how sure a detector is of them.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._neck.view import REACH, WIDTH, NeckView, difference, longest_run
from punkdetect.punks import BoolArray, IntArray

BAND = 6
"""Columns of a scarf's rows: it is wider than any neck."""

MOST_BESIDE = 4
"""Pixels of clothes that may lie beside a scarf: its lower row lies on the shoulders."""

BEARD, BEARD_COLOR = 3, 100
"""Pixels above a band, and the sum of the channel differences up to which they are of its colour: more of
them are a beard."""

END, LONG_END = 6, 8
"""Columns of the end that hangs down over the clothes; of a long one on broad shoulders, and the pixels of
clothes that those have."""

LEAST_CLOTHES, FEW_CLOTHES = 4, 4
"""Pixels of clothes in the lowest row, from which an end hangs over them, and up to which there are none."""

CUT_END, NARROWER = 4, 3
"""Columns of an end that hangs down between outlines, and how much narrower than the band it is at least."""

NEAR = 6
"""Columns from the middle of the neck up to which flowers and pleats reach."""

UNLIKE = 80
"""Sum of the channel differences from which pixels that follow each other are of two colours."""

VIVID, SHADES, LEAST_COLORS = 180, 5, 3
"""Brightest channel of a flower, bits that are dropped of each channel to count colours, and how many colours
come at least twice."""

GARLAND, GARLAND_PAIRS, GARLAND_PART = range(8, 31), 5, 0.6
"""Pixels of a garland, pairs of neighbours in it, and the part of them that are of two colours: shirts have
stripes of two."""

PLEAT, PLEAT_GRAY, PLEATED, PLEAT_PART = 150, 30, 12, 0.7
"""Darkest channel and channel spread of pleats in white linen, how many pixels they have at least, and the
part of all pixels, and of the neighbours, that have to be so."""


def find_scarf(view: NeckView) -> BoolArray:
    """Return the pixels of a thick band round the neck with an end that hangs down.

    Parameters
    ----------
    view : NeckView

    Returns
    -------
    ndarray of bool, shape (M, rows, cols)
    """
    over_shades, _ = _find_band(view, view.plain)
    over_flat, hangs = _find_band(view, view.flat)
    # a scarf may be of a shade of the clothes where its end is seen to hang over them
    return over_shades | over_flat & hangs[:, None, None]


def _find_band(view: NeckView, clothes: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Return the pixels of bands with a hanging end, and which portraits have one that hangs over clothes."""
    each, columns = np.arange(len(view.item)), np.arange(WIDTH)
    own = view.cloth & ~clothes
    first, last = longest_run(own)
    width = last - first + 1
    run = (columns >= first[..., None]) & (columns <= last[..., None])
    close = (columns >= first[..., None] - 2) & (columns <= last[..., None] + 2)
    beside = clothes.sum(axis=2) + (own & ~run & close).sum(axis=2)
    full = (width >= BAND) & (beside <= MOST_BESIDE)
    two = full[:, 1:-1] & full[:, 2:]
    top = two.argmax(axis=1) + 1
    band = run[each, top]
    alike = difference(view.rgb[:, :, 0], view.rgb[:, each, top]) <= BEARD_COLOR
    beard = (own[:, 0] & band & alike).sum(axis=1) > BEARD
    low, cloth = own[each, view.bottom], clothes[each, view.bottom].sum(axis=1)
    n_low, low_width = low.sum(axis=1), width[each, view.bottom]
    short = (n_low <= END) | (n_low <= LONG_END) & (cloth >= LONG_END)
    hangs = short & (low_width >= np.maximum(n_low - 2, np.minimum(n_low, 2))) & (n_low > 0)
    hangs &= (cloth >= LEAST_CLOTHES) & two.any(axis=1) & ~beard
    bare = _is_cut(view, band, low, n_low, low_width, width[each, top], cloth)
    scarf = hangs | bare & two.any(axis=1) & ~beard
    return own & run & full[:, :, None] & scarf[:, None, None], hangs


def _is_cut(
    view: NeckView,
    band: BoolArray,
    low: BoolArray,
    n_low: IntArray,
    low_width: IntArray,
    width: IntArray,
    cloth: IntArray,
) -> BoolArray:
    """Say where an outline cuts the lowest row of a band on bare shoulders into pieces, or leaves one end."""
    each = np.arange(len(low))
    ink = (view.drawn & ~view.cloth & ~view.skin)[each, view.bottom]
    cut = ink[:, 1:-1] & band[:, 1:-1] & low[:, 2:] & low[:, :-2]
    one_end = (n_low > 0) & (n_low <= CUT_END) & (low_width >= n_low - 1) & (width >= n_low + NARROWER)
    one_end &= (~band | low | ink).all(axis=1)
    return cut.any(axis=1) & (cloth <= FEW_CLOTHES) | one_end & (cloth <= FEW_CLOTHES // 2)


def find_garland(view: NeckView) -> BoolArray:
    """Return the pixels of flowers or beads of many colours, or of a pleated collar.

    Parameters
    ----------
    view : NeckView

    Returns
    -------
    ndarray of bool, shape (M, rows, cols)
    """
    own, rgb = view.own, view.rgb
    own[:, :, : REACH - NEAR] = False
    own[:, :, REACH + NEAR + 1 :] = False
    own[:, 0] = False
    pair = own[:, :, :-1] & own[:, :, 1:]
    n, pairs = own.sum(axis=(1, 2)), pair.sum(axis=(1, 2))
    unlike = (pair & (difference(rgb[..., 1:], rgb[..., :-1]) >= UNLIKE)).sum(axis=(1, 2))
    garland = (n >= GARLAND.start) & (n < GARLAND.stop) & (pairs >= GARLAND_PAIRS)
    garland &= (unlike >= GARLAND_PART * pairs) & (_count_vivid(view, own) >= LEAST_COLORS)
    linen = own & (rgb.min(axis=0) >= PLEAT) & (rgb.max(axis=0) - rgb.min(axis=0) <= PLEAT_GRAY)
    pleats = (n >= PLEATED) & (linen.sum(axis=(1, 2)) >= PLEAT_PART * n) & (unlike >= PLEAT_PART * pairs)
    return np.asarray(own & (garland | pleats)[:, None, None])


def _count_vivid(view: NeckView, own: BoolArray) -> IntArray:
    """Count the bright colours that come twice at least."""
    red, green, blue = view.rgb >> SHADES
    bright = own & (view.rgb.max(axis=0) >= VIVID)
    code = np.where(bright, red << (16 - 2 * SHADES) | green << (8 - SHADES) | blue, 0)
    code = np.sort(code.reshape(len(own), own.shape[1] * own.shape[2]), axis=1)
    again = (code[:, 1:] == code[:, :-1]) & (code[:, 1:] > 0)
    again[:, 1:] &= code[:, 1:-1] != code[:, :-2]
    return np.asarray(again.sum(axis=1))
