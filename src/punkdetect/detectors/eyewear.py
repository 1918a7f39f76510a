"""Eyewear: glasses, sunglasses and other things worn over the eyes.

Owns the trait `eyewear`. Must not know how the face was found, nor any other trait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.detectors._devices import (
    ONE_DEVICE,
    covers_nose,
    has_strap,
    has_two_bottoms,
    has_two_windows,
    is_dark_bar,
    is_domino,
    leaves_nose,
)
from punkdetect.detectors._lenses import (
    Lenses,
    cut_lenses,
    has_twin_glints,
    one_of_a_kind,
    see_through,
    show_whites,
)
from punkdetect.detectors._one_eye import find_patch, find_two_filters
from punkdetect.detectors._rings import find_rings
from punkdetect.detectors._wide_lens import find_closed_frame, find_wide_lens
from punkdetect.landmarks.eye_band import (
    COLS,
    FLAT,
    INK,
    LEFT_EYE,
    RIGHT_EYE,
    ROWS,
    EyeBand,
    likely_skin,
    place_eye_band,
)
from punkdetect.landmarks.face import color_difference
from punkdetect.landmarks.flat_colors import follow_color
from punkdetect.pixels import grow, unpack_rgb
from punkdetect.punks import NOT_FOUND, BoolArray, ByteArray, IntArray, Punks, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Irises, Landmarks
    from punkdetect.punks import TraitColumn

NONE, GLASSES, SUNGLASSES, OTHER = range(4)
"""Codes of the values, in the order of the vocabulary."""

BEYOND, AROUND = 2, 16
"""Pixels that large lenses go on beyond the place of usual ones, and that the rim of a device is long."""

TWO_EYES = 2
"""Pixels around the eyes that have the colour of two irises; of the lens beside a glint there are more."""

UNSURE_SKIN = 0.5
"""Weight up to which the skin may be a wide frame: 0.33 to 0.47 in those seen, 0.6 and more with glasses."""

SURE, LESS_SURE = 0.99, 0.9
"""Chance of being right where the pixels leave no doubt and where they are near a limit."""


class FramesAroundEyes:
    """Looks for a frame that spans the nose from eye to eye, and at what its lenses let through.

    Between the eyes of a bare face there is nothing but skin. Whatever is worn over both eyes has a bridge
    there: three covered pixels side by side in one of the two rows of the eyes, or in the row of the brows
    with the rims of both lenses under it. One piece over three rows there is a VR set, a mask or goggles:
    `other`, unless it ends in two lenses below or shows the same glint in both; so are a red lens beside a
    blue one, one lens with a frame all around it, a strap two rows thick, a domino mask with nothing but the
    eyes in it, and a patch or a ring on one eye while the other looks out. Rims of one colour around both
    eyes, or under and beside them, are glasses without any bridge. Through clear lenses one sees skin, an eye
    (in each lens the darkest pixel is darker than all of the column beside it, as a pupil is and a glint
    leaves nothing), or light glass; all else is sunglasses.

    Cannot see rimless lenses without a bridge, nor tell goggles shaped like glasses from glasses.
    """

    name = "eyewear.frames"
    version = 9
    trait = "eyewear"
    vocabulary = TRAITS["eyewear"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the eyewear of every portrait.

        Parameters
        ----------
        punks : Punks
            N portraits.
        landmarks : Landmarks
            Of the same portraits; the face, the band across the eyes and the background are used.

        Returns
        -------
        TraitColumn
            Not found where no face is found.
        """
        face = landmarks.face
        band = landmarks.eye_band
        worn = band.bridged
        lenses = cut_lenses(band)
        clear, near_limit = see_through(lenses)
        parts = (punks.rgba, face, likely_skin(face, landmarks.skin))
        rings, eyes_in_rings = find_rings(*parts)
        bar = is_dark_bar(band) & ~(rings & eyes_in_rings)
        two_lenses = _are_two_lenses(band, lenses, clear & ~bar)
        clear = (clear | show_whites(lenses)) & ~bar | _look_out(band, landmarks.irises)
        # eyes come twice in a mask as well; what comes twice and is no eye is a lens
        two_lenses |= has_twin_glints(lenses) & ~clear
        special = (covers_nose(band) & ~two_lenses) | one_of_a_kind(lenses)
        special |= has_strap(band) & ~lenses.solid.any(axis=1)
        special &= ~(bar & leaves_nose(band))
        special |= is_domino(band)
        patch = ~worn & (_find_patch(band) | _find_monocle(band)) | find_patch(*parts, worn)

        codes = np.where(worn, np.where(special, OTHER, np.where(clear, GLASSES, SUNGLASSES)), NONE)
        codes = np.where(patch, OTHER, codes)
        codes = np.where(rings & ~worn, np.where(eyes_in_rings, GLASSES, SUNGLASSES), codes)
        wide = find_closed_frame(*parts) | find_wide_lens(*parts)
        # where little of the face shows, the skin that was found may be the frame itself
        unsure = np.flatnonzero(landmarks.skin.weight < UNSURE_SKIN)
        wide[unsure] |= find_wide_lens(punks.rgba[unsure], face.take(unsure), face.skin_rgb[unsure])
        codes = np.where(find_two_filters(*parts) | wide, OTHER, codes)
        doubtful = np.where(worn, ~special & near_limit, patch | _strays_between_eyes(band))
        confidence = np.where(doubtful, LESS_SURE, SURE)
        codes = np.where(face.found, codes, NOT_FOUND)
        evidence = _show_evidence(band, codes)
        framed = np.flatnonzero(wide & face.found)  # a black frame is not followed, but it is around the lens
        evidence[framed] = grow(evidence[framed]) & band.covered[framed]
        # what is followed to its ends may touch a background of nearly its colour
        evidence = place_eye_band(evidence, face) & ~landmarks.background.mask
        return make_column(self.trait, codes, confidence, evidence)


def _are_two_lenses(band: EyeBand, lenses: Lenses, clear: BoolArray) -> BoolArray:
    """Whether what covers the nose are two lenses that meet there, and no device: shape (N,)."""
    windows = has_two_windows(band)
    apart = (windows | has_twin_glints(lenses)) & leaves_nose(band)
    return (windows & clear) | apart | (has_two_bottoms(band) & ~clear)


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


def _show_evidence(band: EyeBand, codes: IntArray) -> BoolArray:
    """Return the pixels of the band that decided: what covers the eyes, or the bare bridge of the nose."""
    rows = np.arange(ROWS.start, ROWS.stop)[:, None]
    cols = np.arange(COLS.start, COLS.stop)
    lenses = (cols >= -1) & (cols <= RIGHT_EYE + 2)
    # over the eyes there may be hair: there only what has the colour of the bridge
    of_frame = color_difference(band.rgba, band.bridge_rgba[:, None, None]) <= FLAT
    around = lenses & (((rows >= 0) & (rows <= 2)) | ((rows == -1) & of_frame))
    bare = (rows >= 0) & (rows <= 1) & (cols >= 2) & (cols <= 4)
    worn = codes > NONE
    evidence = np.where(worn[:, None, None], around & band.covered, bare & ~band.covered)
    some = np.flatnonzero(worn)
    steps = np.where(codes[some] == OTHER, AROUND, BEYOND)
    rgba = band.rgba[some]
    # a black frame goes on in hair and outlines, so ink says nothing
    colored = band.covered[some] & (rgba[..., :3].sum(axis=-1, dtype=np.int16) > INK)
    evidence[some] = follow_color(rgba, colored, evidence[some], ONE_DEVICE, steps)
    return evidence


DETECTORS = (FramesAroundEyes(),)
