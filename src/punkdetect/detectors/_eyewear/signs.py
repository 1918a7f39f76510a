"""What the rule of `eyewear` asks about the eyes: what spans the nose, what shows through it, what is odd.

Owns the signs that the rule and the model that weighs them share. Must not know what a model is.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._eyewear.devices import (
    covers_nose,
    has_strap,
    has_two_bottoms,
    has_two_windows,
    is_dark_bar,
    is_domino,
    leaves_nose,
)
from punkdetect.detectors._eyewear.lenses import (
    Lenses,
    cut_lenses,
    has_twin_glints,
    one_of_a_kind,
    see_through,
    show_whites,
)
from punkdetect.detectors._eyewear.one_eye import find_patch, find_two_filters
from punkdetect.detectors._eyewear.rings import find_rings
from punkdetect.detectors._eyewear.wide_lens import find_closed_frame, find_wide_lens
from punkdetect.detectors._once import once
from punkdetect.landmarks import Irises, Landmarks
from punkdetect.landmarks.eye_band import COLS, FLAT, LEFT_EYE, RIGHT_EYE, ROWS, EyeBand, likely_skin
from punkdetect.landmarks.face import color_difference
from punkdetect.pixels import unpack_rgb
from punkdetect.punks import BoolArray, ByteArray, FloatArray, IntArray
from punkdetect.records import Record
from punkdetect.vocabulary import TRAITS

VALUES = TRAITS["eyewear"]

NONE, GLASSES, SUNGLASSES, OTHER = range(4)
"""Codes of the values, in the order of the vocabulary."""

TWO_EYES = 2
"""Pixels around the eyes that have the colour of two irises; of the lens beside a glint there are more."""

UNSURE_SKIN = 0.5
"""Weight up to which the skin may be a wide frame: 0.33 to 0.47 in those seen, 0.6 and more with glasses."""

SURE, LESS_SURE = 0.99, 0.9
"""Chance of being right where the pixels leave no doubt and where they are near a limit."""


class Signs(Record):
    """What the rule asks about the eyes, and what it concludes; arrays of shape (N,).

    Parameters
    ----------
    band : EyeBand
    lenses : Lenses
    seen_through, near_limit : ndarray of bool
        Whether the lenses let the eyes be seen, and whether that is near a limit.
    rings, eyes_in_rings : ndarray of bool
        Whether there are rims around both eyes, and eyes or skin in them.
    bar, covers, windows, bottoms, notch, strap, domino : ndarray of bool
        What spans the nose: a dark bar, a piece over three rows, with two windows, ending in two lenses,
        leaving skin for the nose, held by a thick strap, a mask with nothing but the eyes in it.
    twins, odd, whites, look_out : ndarray of bool
        Whether both lenses show the same, are unlike, show whites of eyes; whether both eyes look out.
    flat_patch, monocle, patch, filters : ndarray of bool
        Whether one eye is under a flat piece or in a ring, by the band and by the surroundings of both eyes;
        whether one lens is red and the other blue.
    closed, wide : ndarray of bool
        Whether a line goes all around both eyes, and whether one frames a single lens.
    strays : ndarray of bool
        Whether something that is no bridge lies between the eyes.
    codes : ndarray of int
        The value that the rule says where there is a face.
    confidence : ndarray of float
    """

    band: EyeBand
    lenses: Lenses
    seen_through: BoolArray
    near_limit: BoolArray
    rings: BoolArray
    eyes_in_rings: BoolArray
    bar: BoolArray
    covers: BoolArray
    windows: BoolArray
    bottoms: BoolArray
    notch: BoolArray
    strap: BoolArray
    domino: BoolArray
    twins: BoolArray
    odd: BoolArray
    whites: BoolArray
    look_out: BoolArray
    flat_patch: BoolArray
    monocle: BoolArray
    patch: BoolArray
    filters: BoolArray
    closed: BoolArray
    wide: BoolArray
    strays: BoolArray
    codes: IntArray
    confidence: FloatArray


@once
def signs_of(landmarks: Landmarks) -> Signs:
    """Ask everything about every portrait, and decide."""
    face, band, rgba = landmarks.face, landmarks.eye_band, landmarks.punks.rgba
    worn = band.bridged
    lenses = cut_lenses(band)
    seen_through, near_limit = see_through(lenses)
    parts = (rgba, face, likely_skin(face, landmarks.skin))
    rings, eyes_in_rings = find_rings(*parts)
    dark_bar, notch, twins = is_dark_bar(band), leaves_nose(band), has_twin_glints(lenses)
    windows, bottoms, covers = has_two_windows(band), has_two_bottoms(band), covers_nose(band)
    odd, whites = one_of_a_kind(lenses), show_whites(lenses)
    strap, domino = has_strap(band), is_domino(band)
    look_out = _look_out(band, landmarks.irises)

    bar = dark_bar & ~(rings & eyes_in_rings)
    # what covers the nose may be two lenses that meet there, and no device
    clear = seen_through & ~bar
    two_lenses = (windows & clear) | ((windows | twins) & notch) | (bottoms & ~clear)
    clear = (seen_through | whites) & ~bar | look_out
    # eyes come twice in a mask as well; what comes twice and is no eye is a lens
    two_lenses |= twins & ~clear
    special = (covers & ~two_lenses) | odd
    special |= strap & ~lenses.solid.any(axis=1)
    special &= ~(bar & notch)
    special |= domino
    flat_patch, monocle = _find_patch(band), _find_monocle(band)
    patch = find_patch(*parts, worn)
    one_eye = ~worn & (flat_patch | monocle) | patch

    codes = np.where(worn, np.where(special, OTHER, np.where(clear, GLASSES, SUNGLASSES)), NONE)
    codes = np.where(one_eye, OTHER, codes)
    codes = np.where(rings & ~worn, np.where(eyes_in_rings, GLASSES, SUNGLASSES), codes)
    closed, wide = find_closed_frame(*parts), find_wide_lens(*parts)
    # where little of the face shows, the skin that was found may be the frame itself
    unsure = np.flatnonzero(landmarks.skin.weight < UNSURE_SKIN)
    wide[unsure] |= find_wide_lens(rgba[unsure], face.take(unsure), face.skin_rgb[unsure])
    filters, strays = find_two_filters(*parts), _strays_between_eyes(band)
    codes = np.where(filters | closed | wide, OTHER, codes)
    doubtful = np.where(worn, ~special & near_limit, one_eye | strays)
    return Signs(
        band=band,
        lenses=lenses,
        seen_through=seen_through,
        near_limit=near_limit,
        rings=rings,
        eyes_in_rings=eyes_in_rings,
        bar=dark_bar,
        covers=covers,
        windows=windows,
        bottoms=bottoms,
        notch=notch,
        strap=strap,
        domino=domino,
        twins=twins,
        odd=odd,
        whites=whites,
        look_out=look_out,
        flat_patch=flat_patch,
        monocle=monocle,
        patch=patch,
        filters=filters,
        closed=closed,
        wide=wide,
        strays=strays,
        codes=codes,
        confidence=np.where(doubtful, LESS_SURE, SURE),
    )


def _look_out(band: EyeBand, irises: Irises) -> BoolArray:
    """Whether both eyes show their whites beside something that is neither frame nor lens: shape (N,)."""
    iris = unpack_rgb(np.maximum(irises.color, 0))
    alike = color_difference(band.rgba[:, None], iris[:, :, None, None]) <= FLAT
    framed = color_difference(iris, band.bridge_rgba[:, None]) <= FLAT
    few = np.asarray(alike.sum(axis=(2, 3)).max(axis=1)) <= TWO_EYES
    return np.asarray(irises.open & few & ~framed.any(axis=1))


def _find_monocle(band: EyeBand) -> BoolArray:
    """Whether a ring of one colour is around one eye only: shape (N,)."""
    found = np.zeros(len(band.rgba), np.bool_)
    for eye, other in ((LEFT_EYE, RIGHT_EYE), (RIGHT_EYE, LEFT_EYE)):
        inner, across = (2, 4) if eye == LEFT_EYE else (4, 2)
        ring = band.covers(1, inner) & band.covers(2, eye, eye + 1)
        for row, col in ((2, eye), (2, eye + 1), (0, inner)):
            ring &= color_difference(band.pixel(1, inner), band.pixel(row, col)) <= FLAT
        ring &= ~_hangs_down(band, band.pixel(1, inner), inner)
        found |= ring & band.bare(1, across) & band.bare(2, other, other + 1)
    return found


def _hangs_down(band: EyeBand, color: ByteArray, col: int) -> BoolArray:
    """Whether what covers an eye comes down beside the nose as a strand does, no hat or strap: shape (N,)."""
    above = [color_difference(band.pixel(row, col), color) <= FLAT for row in (-3, -2, -1)]
    across = [color_difference(band.pixel(row, 2 if col == 4 else 4), color) <= FLAT for row in (-2, -1)]
    return np.asarray(above[0] & above[1] & above[2] & ~across[0] & ~across[1])


def _strays_between_eyes(band: EyeBand) -> BoolArray:
    """Whether something that is no bridge covers most of a row between the eyes: shape (N,)."""
    rows, cols = slice(-ROWS.start, 2 - ROWS.start), slice(2 - COLS.start, 5 - COLS.start)
    return np.asarray((band.covered[:, rows, cols].sum(axis=2) >= 2).any(axis=1))


def _find_patch(band: EyeBand) -> BoolArray:
    """Whether one eye is under a flat piece that is wider than an eye, with bare skin around: shape (N,)."""
    found = np.zeros(len(band.rgba), np.bool_)
    for eye, other in ((LEFT_EYE, RIGHT_EYE), (RIGHT_EYE, LEFT_EYE)):
        patch, looking = band.eye(eye), band.eye(other)
        color = patch[:, :1]
        flat = (color_difference(patch, color) <= FLAT).all(axis=1)
        unlike = (color_difference(looking, color) > FLAT).sum(axis=1) >= 2
        inner, across = (2, 4) if eye == LEFT_EYE else (4, 2)
        wider = color_difference(band.pixel(0, inner), color[:, 0]) <= FLAT
        wider &= color_difference(band.pixel(1, inner), color[:, 0]) <= FLAT
        between = [band.bare(row, col) for row in (0, 1) for col in (3, across)]
        skin_around = (sum(between) >= 2) & band.bare(3, eye, eye + 1)
        wider &= ~_hangs_down(band, color[:, 0], inner)
        found |= band.covers(0, eye, eye + 1) & flat & unlike & wider & skin_around
    return found
