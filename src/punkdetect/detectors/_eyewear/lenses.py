"""What is seen through the lenses of a frame: eyes, skin, light glass, dark glass, or filters.

Owns the judgement of lenses. Must not know whether anything is worn at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.eye_band import COLS, FLAT, LEFT_EYE, RIGHT_EYE, ROWS, EyeBand
from punkdetect.landmarks.face import color_difference
from punkdetect.landmarks.flat_colors import DISTINCT
from punkdetect.pixels import lab_distance, lab_of
from punkdetect.punks import BoolArray, FloatArray, IntArray
from punkdetect.records import Record

LENS_ROWS = 3
"""Rows of a lens that are looked at: both rows of the eyes and the one under them."""

PUPIL_DARKER = 8.0
"""Lightness that a pupil is below the other column of the lens at least: 10 and more in clear glasses of all
labelled portraits, at most 7 in sunglasses, but for tints (`TINTED`)."""

SURE_PUPIL = 18.0
"""Lightness difference of a pupil that nobody doubts; below it the answer is less certain."""

TINTED = 70.0
"""Spread of the channels (largest less smallest) from which even a faint pupil has the colour of the lens, so
that the lens is strongly tinted: 141 in the one labelled. Faint pupils behind clear glass have up to 30."""

CLEAR_LIGHTNESS = 60.0
"""Lightness from which every pixel of a lens is clear glass rather than dark: 78 and more in clear glasses,
up to 57 in sunglasses."""

CLEAR_SPREAD = 110
"""Spread of the channels up to which a light lens is glass, and not a coloured filter."""

OTHER_HUE = 20.0
"""CIELAB distance between the hues of two rows of a lens, both made as pale as the paler one, from which they
are lid and iris: fading lenses keep their hue, whatever their lightness and strength."""

OTHER_COLOR = 150
"""Sum of the channel differences between two even lenses, each of which has a colour of its own."""

WHITE, WHITE_SPREAD = 80.0, 60
"""Lightness from which, and spread of the channels up to which, a pixel may be the white of an eye."""

WARM = 60
"""How much more red than green and blue a red filter is, and how much less a blue or cyan one."""


class Lenses(Record):
    """The middle of both lenses: three rows from the eyes down, two columns each.

    Parameters
    ----------
    rgb : ndarray of int16, shape (N, 2, 3, 2, 3)
        Portrait, lens, row, column, channel.
    lab : ndarray of float64, shape (N, 2, 3, 2, 3)
    filled : ndarray of bool, shape (N, 2, 3, 2)
        Pixels of a lens, or of an eye: neither rim nor bare skin.
    bare : ndarray of bool, shape (N, 2, 3, 2)
        Pixels that have the colour of the skin.
    skin_seen : ndarray of bool, shape (N,)
        Whether bare skin shows under the upper rim of both lenses.
    solid : ndarray of bool, shape (N, 2)
        Whether a lens has the colour of the frame in the first row under the upper rim.
    rimless : ndarray of bool, shape (N, 2)
        Whether there is bare skin beside that row, towards the nose.
    frame : ndarray of int16, shape (N, 3)
        The colour of the frame.
    """

    rgb: NDArray[np.int16]
    lab: FloatArray
    filled: BoolArray
    bare: BoolArray
    skin_seen: BoolArray
    solid: BoolArray
    rimless: BoolArray
    frame: NDArray[np.int16]


def cut_lenses(band: EyeBand) -> Lenses:
    """Cut what is seen through both lenses, or of them.

    Parameters
    ----------
    band : EyeBand
        What spans the nose has the colour of the frame.
    """
    bridge = band.bridge
    n = np.arange(len(bridge))
    rows = slice(-ROWS.start, LENS_ROWS + 1 - ROWS.start)
    # over the brows a strand of hair may lie on the bridge: there both rims have the colour of the frame
    bridges = band.rgba[n, bridge - ROWS.start, 2 - COLS.start : 5 - COLS.start]
    strand = (bridge < 0) & (color_difference(bridges[:, 0], bridges[:, 2]) <= FLAT)
    frame = np.where(strand[:, None], bridges[:, 0], band.bridge_rgba)[:, None, None]
    is_frame = np.asarray(color_difference(band.rgba[:, rows], frame) <= FLAT)
    cols = np.stack(
        [_find_middle(is_frame, band.covered[:, rows], eye) for eye in (LEFT_EYE, RIGHT_EYE)], axis=1
    )
    at = (n[:, None, None, None], np.arange(LENS_ROWS + 1)[:, None], cols[:, :, None])
    middle = band.rgba[:, rows][at][..., :3]  # (N, lens, 4 rows, 2 columns, 3)
    bare, of_frame = ~band.covered[:, rows][at], is_frame[at]
    solid = np.asarray(of_frame.all(axis=3))  # (N, lens, row)
    some_bare = np.asarray(np.asarray(bare.any(axis=3)).all(axis=1))
    ends = some_bare & np.asarray(np.asarray(bare.all(axis=3)).any(axis=1))  # skin under one of the lenses

    # rims are single solid rows over and under what is seen; two solid rows are a dark lens
    start = np.maximum(bridge, 0)
    first = np.where(np.asarray(solid.all(axis=1))[n, start], start + 1, start)
    row = np.arange(LENS_ROWS)
    above = row < first[:, None]
    # over a bridge in the lower row of the eyes there is lens only if there are rims beside it
    sides = np.stack([cols[:, :, 0] - 1, cols[:, :, 1] + 1], axis=2)
    framed = is_frame[n[:, None, None], 0, sides].all(axis=(1, 2))
    # a round lens that a slanting glint crosses has the colour of the frame beside the glint
    framed |= np.asarray(np.asarray(of_frame[:, :, 0].any(axis=2)).all(axis=1))
    outside = (row < np.maximum(bridge, 0)[:, None]) & ~framed[:, None]
    below = np.logical_or.accumulate((row > first[:, None]) & ends[:, :-1], axis=1)
    rim = solid[:, :, :-1] & (above[:, None] | ~solid[:, :, 1:])
    filled = ~(rim | (below | outside)[:, None])[..., None] & ~bare[:, :, :-1]
    rgb = middle[:, :, :-1]
    inner = np.stack([cols[:, 0, 1] + 1, cols[:, 1, 0] - 1], axis=1)
    of_bridge = frame[:, 0, 0, :3].astype(np.int16)
    rimless = ~band.covered[:, rows][n[:, None], first[:, None], inner]
    return Lenses(
        rgb.astype(np.int16),
        lab_of(rgb),
        filled,
        bare[:, :, :-1],
        some_bare[n, first],
        solid[n, :, first],
        rimless,
        of_bridge,
    )


def _find_middle(is_frame: BoolArray, covered: BoolArray, eye: int) -> IntArray:
    """Return the two columns of the middle of a lens: where the eye is, or a column beside, between two rims.

    Parameters
    ----------
    is_frame, covered : ndarray of bool, shape (N, 4, 15)
    eye : int
        First column of the eye.

    Returns
    -------
    ndarray of int, shape (N, 2)
    """
    fits = []
    for shift in (0, -1, 1):
        col = eye + shift - COLS.start
        inside = ~is_frame[:, :, col] & ~is_frame[:, :, col + 1] & covered[:, :, col] & covered[:, :, col + 1]
        fits.append((inside & is_frame[:, :, col - 1] & is_frame[:, :, col + 2]).any(axis=1))
    here, left, right = fits
    first = eye - COLS.start + np.where(here, 0, np.where(left, -1, np.where(right, 1, 0)))
    return np.stack([first, first + 1], axis=1).astype(np.intp)


def see_through(lenses: Lenses) -> tuple[BoolArray, BoolArray]:
    """Judge whether lenses let the eyes be seen.

    Returns
    -------
    see_through, near_limit : ndarray of bool, shape (N,)
    """
    n = len(lenses.rgb)
    filled, lab = lenses.filled.reshape(n, 2, 2 * LENS_ROWS), lenses.lab.reshape(n, 2, 2 * LENS_ROWS, 3)
    light = np.where(filled, lab[..., 0], np.inf)
    darkest = light.argmin(axis=-1)
    gap = find_pupils(lenses).min(axis=-1)
    rows = lenses.filled.any(axis=3)
    low = ((darkest // 2 > rows.argmax(axis=-1)) | (rows.sum(axis=-1) == 1)).all(axis=-1)
    rgb = lenses.rgb.reshape(n, 2, 2 * LENS_ROWS, 3)
    spread = rgb.max(axis=-1) - rgb.min(axis=-1)
    tint = np.take_along_axis(spread, darkest[..., None], axis=-1).max(axis=(1, 2))
    seen = (
        _whites_of_eyes(lenses)
        | (gap >= SURE_PUPIL)
        | ((gap >= PUPIL_DARKER) & low & (tint < TINTED))
        | _lids_over_eyes(lenses)
    )

    count = np.maximum(filled.sum(axis=(1, 2)), 1)
    mean_spread = (spread * filled).sum(axis=(1, 2)) / count
    least = np.where(filled.any(axis=(1, 2)), light.min(axis=(1, 2)), 0.0)
    glass = (least >= CLEAR_LIGHTNESS) & (mean_spread <= CLEAR_SPREAD)
    clear = seen | lenses.skin_seen | glass
    near_limit = np.where(seen, gap < SURE_PUPIL, np.abs(least - CLEAR_LIGHTNESS) < SURE_PUPIL)
    near_limit |= ~clear & (gap >= PUPIL_DARKER / 2)
    return clear, near_limit & ~lenses.skin_seen


def find_pupils(lenses: Lenses) -> FloatArray:
    """Lightness that the darkest pixel of each lens is below all of the other column: shape (N, 2).

    So a pupil is found, single or upright, and no glint: that leaves dark lens in both columns.
    """
    light = np.where(lenses.filled, lenses.lab[..., 0], np.inf)
    left, right = light[..., 0].min(axis=-1), light[..., 1].min(axis=-1)
    found = np.isfinite(left) & np.isfinite(right)
    return np.asarray(np.abs(np.where(found, left, 0.0) - np.where(found, right, 0.0)), np.float64)


def _lids_over_eyes(lenses: Lenses) -> BoolArray:
    """Whether in both lenses a row is darker than the one above, or of another hue: lid and iris. Shape (N,).

    Lenses that fade are lighter below and keep their hue.
    """
    upper, lower = lenses.lab[:, :, :-1], lenses.lab[:, :, 1:]
    darker = (upper[..., 0] - lower[..., 0]).min(axis=-1) >= SURE_PUPIL
    hue = _hue_distance(upper[..., 1:], lower[..., 1:]).min(axis=-1) >= OTHER_HUE
    filled = np.asarray(lenses.filled.all(axis=-1))
    both = filled[:, :, :-1] & filled[:, :, 1:]
    both[:, :, 1:] &= ~filled[:, :, :-2]  # only the first two rows: under the eyes is the lower rim
    return np.asarray((both & (darker | hue)).any(axis=-1).all(axis=-1))


def _whites_of_eyes(lenses: Lenses) -> BoolArray:
    """Whether under a row of lids both lenses show the white of an eye on one side of its iris: shape (N,).

    A glint leaves nothing but dark lens around it, in one colour with the frame; here the iris has a colour
    of its own, or the lids have another one than the frame.
    """
    light = (lenses.lab[..., 0] >= WHITE) & (
        lenses.rgb.max(axis=-1) - lenses.rgb.min(axis=-1) <= WHITE_SPREAD
    )
    upper, lower = light[:, :, :-1], light[:, :, 1:]
    one_side = (lower[..., 0] ^ lower[..., 1]) & ~upper.any(axis=-1)
    one_side &= lenses.filled[:, :, :-1].all(axis=-1) & lenses.filled[:, :, 1:].all(axis=-1)
    same_side = (lower[:, 0] == lower[:, 1]).all(axis=-1)
    dark = np.where(lower[..., :1], lenses.rgb[:, :, 1:, 1], lenses.rgb[:, :, 1:, 0])
    lid = lenses.rgb[:, :, :-1]
    colored = np.abs(dark - lid[:, :, :, 0]).sum(axis=-1) > FLAT
    colored |= (np.abs(lid - lenses.frame[:, None, None, None]).sum(axis=-1) > FLAT).all(axis=-1)
    both = np.asarray((one_side & colored).all(axis=1) & same_side)
    return np.asarray(both.any(axis=-1))


def show_whites(lenses: Lenses) -> BoolArray:
    """Whether one side of both eyes is white in two rows, or in one beside bare skin: shape (N,).

    A glint is a single pixel, and the pixel beside it is lens.
    """
    spread = lenses.rgb.max(axis=-1) - lenses.rgb.min(axis=-1)
    light = (lenses.lab[..., 0] >= WHITE) & (spread <= WHITE_SPREAD) & lenses.filled
    whites = light & ~light[..., ::-1]  # (N, lens, row, column)
    tall = whites[:, :, :-1] & whites[:, :, 1:]
    beside_skin = whites & lenses.bare[..., ::-1]
    return np.asarray(tall.all(axis=1).any(axis=(1, 2)) | beside_skin.all(axis=1).any(axis=(1, 2)))


def _hue_distance(one: FloatArray, other: FloatArray) -> FloatArray:
    """Distance between colours in a and b when the stronger one is made as pale as the paler one."""
    strength_one, strength_other = (np.sqrt((ab**2).sum(axis=-1)) for ab in (one, other))
    paler = np.minimum(strength_one, strength_other)[..., None]
    return lab_distance(
        one * paler / np.maximum(strength_one, 1e-9)[..., None],
        other * paler / np.maximum(strength_other, 1e-9)[..., None],
    )


def one_of_a_kind(lenses: Lenses) -> BoolArray:
    """Whether the lenses have two colours, or one eye looks out and the other does not: shape (N,)."""
    count = np.maximum(lenses.filled.sum(axis=(2, 3)), 1)
    mean = (lenses.rgb * lenses.filled[..., None]).sum(axis=(2, 3)) / count[..., None]
    warmth = mean[..., 0] - np.maximum(mean[..., 1], mean[..., 2])
    two_filters = (warmth.max(axis=1) >= WARM) & (warmth.min(axis=1) <= -WARM)
    uneven = (np.abs(lenses.rgb - mean[:, :, None, None]).sum(axis=-1) > FLAT) & lenses.filled
    apart = np.abs(mean[:, 0] - mean[:, 1]).sum(axis=1) >= OTHER_COLOR
    seen = np.asarray(lenses.filled.any(axis=(2, 3)))
    two_filters |= apart & ~uneven.any(axis=(1, 2, 3)) & seen.all(axis=1)
    looks = (find_pupils(lenses) >= SURE_PUPIL) | lenses.rimless
    one_shut = (looks & ~lenses.solid & lenses.solid[:, ::-1]).any(axis=1)
    return np.asarray(two_filters | one_shut)


def has_twin_glints(lenses: Lenses) -> BoolArray:
    """Whether both lenses show the same, and more than stripes across: shape (N,).

    A device is one piece, which has a glint on one side at most.
    """
    one, other = lenses.rgb[:, 0, :2], lenses.rgb[:, 1, :2]
    alike = (np.abs(one - other).sum(axis=-1) <= FLAT).all(axis=(1, 2))
    across = np.abs(one[:, :, 0] - one[:, :, 1]).sum(axis=-1) >= DISTINCT
    return np.asarray(alike & across.any(axis=1))
