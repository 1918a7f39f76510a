"""Facial hair: what is drawn over the skin around the mouth.

Looks for colour on the lip, the chin and both sides of the jaw where a bare face is plain skin. All places
are counted from the mouth bar, so the size of the head does not matter. The colour is compared with the
portrait's own skin: a darker or greyer shade of it is stubble, a colour of its own is hair.

Cannot see hair of exactly the skin's colour, nor what is behind a mask.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks import Landmarks
from punkdetect.pixels import lab_distance, lab_of
from punkdetect.punks import (
    NOT_FOUND,
    BoolArray,
    FloatArray,
    IntArray,
    Punks,
    Scalar,
    TraitColumn,
    make_column,
)
from punkdetect.vocabulary import TRAITS

Places = tuple[tuple[int, int], ...]

DISTINCT = 4.0
"""CIELAB distance from the skin at which a pixel is drawn over: the faintest stubble is 6 away, re-encoded
flat skin under 3."""

FULL_COVER = 30.0
"""CIELAB distance from the skin from which a darker shade is a beard all the same: labelled stubble stays
under 26, beards that are a mere shade of their skin are over 30."""

DARKEST_SHADE = 0.55
"""Share of the skin's lightness under which a cover is hair: stubble keeps 0.67 or more of it."""

LIGHTER = 8.0
"""Lightness above the skin's from which a cover is hair (brown beards on dark skin are 19 lighter); grey
stubble on a grey face is 6 lighter."""

CHROMA_GAIN = 4.0
"""Chroma above the skin's from which a cover is hair: brown beards have 12 to 41 more, shadows less."""

FAINT, FAINT_CHROMA_GAIN = 13.0, 12.0
"""A cover so near to the skin is stubble up to this gain of chroma: warm shades on light faces gain 11."""

INK = 8.0
"""Lightness up to which a pixel may be outline: alone on the jaw it is no hair."""

MOST = 0.6
"""Share of a part from which it counts as covered: two of its three pixels."""

# Places are (row, column) from the left one of the three columns of the mouth bar.
ROWS, COLS = range(-2, 4), range(-3, 6)
LIP = ((-1, 0), (-1, 1), (-1, 2))
CORNERS = ((0, -1), (0, 3), (1, -1), (1, 3))
CHIN = ((1, 0), (1, 1), (1, 2))
CHIN_TIP = ((2, 0), (2, 1), (2, 2))
LEFT_JAW = ((-1, -2), (0, -2))
RIGHT_JAW = ((-2, 4), (-1, 4), (0, 4))
ALL_PARTS = LIP + CORNERS + CHIN + CHIN_TIP + LEFT_JAW + RIGHT_JAW

CLEAR, DOUBTFUL, HIDDEN = 0.99, 0.8, 0.75
"""Confidence where all parts agree, where one part is half covered, and behind a mask (of the labelled
masks one in five lets a beard be seen at its edge)."""


@dataclass(frozen=True)
class _Cover:
    """What lies over the lower face: which pixels, the share of each part, and the colour."""

    mask: BoolArray
    lip: FloatArray
    corners: FloatArray
    chin: FloatArray
    chin_tip: FloatArray
    left: FloatArray
    right: FloatArray
    is_shade: BoolArray
    is_ink: BoolArray


class FacialHair:
    """Which of lip, chin and jaw are covered, and whether with shade or with hair."""

    name = "facial_hair.cover"
    version = 1
    trait = "facial_hair"
    vocabulary = TRAITS["facial_hair"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the facial hair of every portrait; not found where there is no face."""
        cover = _find_cover(landmarks)
        hidden = landmarks.mouth.covered
        codes = np.where(hidden, self.vocabulary.index("none"), self._classify(cover))
        parts = np.stack([cover.lip, cover.chin, cover.left], axis=1)
        half = ((parts > 0) & (parts < 1)).any(axis=1)
        confidence = np.where(hidden, HIDDEN, np.where(half, DOUBTFUL, CLEAR))
        evidence = landmarks.face.place_back(
            cover.mask | _mouth_surroundings(codes == 0), ROWS, COLS, "mouth"
        )
        codes = np.where(landmarks.face.found, codes, NOT_FOUND)
        return make_column(self.trait, codes, confidence, evidence)

    def _classify(self, cover: _Cover) -> IntArray:
        lip, chin = cover.lip > MOST, (cover.chin > MOST) | (cover.chin_tip > MOST)
        both_sides = (cover.left > 0) & (cover.right > 0.3)
        all_around = lip & (cover.corners == 1)
        # side whiskers and chin straps leave the mouth free, but reach down both sides
        whiskers = (cover.left == 1) & (cover.right > MOST) & ~cover.is_ink
        hair_on_jaw = (cover.left + cover.right >= 1.5) & (lip | chin)
        full = both_sides & (whiskers | hair_on_jaw | (cover.is_shade & (all_around | chin)))
        codes = np.zeros(len(lip), np.intp)
        for value, where in (
            ("mustache", lip),
            ("goatee", chin),
            ("beard", full),
            ("stubble", full & cover.is_shade & chin),
        ):
            codes[where] = self.vocabulary.index(value)
        return codes


def _find_cover(landmarks: Landmarks) -> _Cover:
    """Compare the lower face with the skin."""
    face, palette, each = landmarks.face, landmarks.palette, np.arange(len(landmarks.punks))
    color = face.crop(palette.index, ROWS, COLS, "mouth")
    lab = palette.lab[each[:, None, None], color]
    skin = lab_of(landmarks.skin.rgb)
    mask = lab_distance(lab, skin[:, None, None]) > DISTINCT
    mask &= ~face.crop(landmarks.background.mask, ROWS, COLS, "mouth")
    considered = np.zeros(mask.shape[1:], np.bool_)
    considered[_index(ALL_PARTS)] = True
    main = _middle_color(_pick(lab, ALL_PARTS), _pick(mask, ALL_PARTS))
    return _Cover(
        mask & considered,
        lip=_pick(mask, LIP).mean(axis=1),
        corners=_pick(mask, CORNERS).mean(axis=1),
        chin=_pick(mask, CHIN).mean(axis=1),
        chin_tip=_pick(mask, CHIN_TIP).mean(axis=1),
        left=_pick(mask, LEFT_JAW).mean(axis=1),
        right=_pick(mask, RIGHT_JAW).mean(axis=1),
        is_shade=_is_shade(main, skin),
        is_ink=main[:, 0] <= INK,
    )


def _index(places: Places) -> tuple[IntArray, IntArray]:
    """Rows and columns of places in the crop."""
    row, col = np.array(places).T
    return row - ROWS.start, col - COLS.start


def _pick(part: NDArray[Scalar], places: Places) -> NDArray[Scalar]:
    """Pixels of a crop at some places: shape (N, places, ...)."""
    row, col = _index(places)
    return part[:, row, col]


def _middle_color(lab: FloatArray, mask: BoolArray) -> FloatArray:
    """Median of the covered pixels, channel by channel: shape (N, 3); 0 where none is covered."""
    count = mask.sum(axis=1)
    ordered = np.sort(np.where(mask[..., None], lab, np.inf), axis=1)
    each = np.arange(len(lab))
    low, high = ordered[each, np.maximum(count - 1, 0) // 2], ordered[each, count // 2 * (count > 0)]
    return np.where(count[:, None] > 0, (low + high) / 2, 0.0)


def _is_shade(cover: FloatArray, skin: FloatArray) -> BoolArray:
    """Whether a cover is a darker or greyer shade of the skin, rather than a colour of its own."""
    distance = lab_distance(cover, skin)
    gain = np.hypot(cover[:, 1], cover[:, 2]) - np.hypot(skin[:, 1], skin[:, 2])
    in_hue = ((gain < CHROMA_GAIN) & (distance < FULL_COVER)) | (
        (gain < FAINT_CHROMA_GAIN) & (distance < FAINT)
    )
    shade: BoolArray = (
        in_hue & (cover[:, 0] - skin[:, 0] < LIGHTER) & (cover[:, 0] > DARKEST_SHADE * skin[:, 0])
    )
    return shade


def _mouth_surroundings(bare: BoolArray) -> BoolArray:
    """Lip and chin, as evidence of a bare face."""
    mask = np.zeros((len(bare), len(ROWS), len(COLS)), np.bool_)
    row, col = _index(LIP + CHIN)
    mask[:, row, col] = bare[:, None]
    return mask


DETECTORS = (FacialHair(),)
