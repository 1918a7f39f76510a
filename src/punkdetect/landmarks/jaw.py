"""The lower face: what lies over lip, chin and jaw, and how the jaw is cut.

Owns what is drawn over the skin around the mouth. Must not know what any trait is called.

All places are counted from the mouth bar, so that the size and place of the head do not matter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.background import Background
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.mouth import MouthBar
from punkdetect.landmarks.skin import Skin
from punkdetect.pixels import Palette, lab_distance, lab_of
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray, Scalar
from punkdetect.records import Record

Places = tuple[tuple[int, int], ...]

DISTINCT = 4.0
"""CIELAB distance from the skin at which a pixel is drawn over: the faintest stubble is 6 away, re-encoded
flat skin under 3."""

FULL_COVER = 30.0
"""CIELAB distance from the skin from which a darker shade is hair all the same: labelled stubble stays
under 26, beards that are a mere shade of their skin are over 30."""

GREYED_COVER, GREYED, SAME_HUE = 42.0, -4.0, 6.0
"""Distance up to which a cover of the skin's own hue (degrees) that is greyer by so much chroma is a shade
all the same: drawn stubble reaches 39, and no labelled beard has its skin's hue and less chroma."""

DARKEST_SHADE = 0.55
"""Share of the skin's lightness under which a cover is hair: stubble keeps 0.67 or more of it."""

LIGHTER = 8.0
"""Lightness above the skin's from which a cover is hair (brown beards on dark skin are 19 lighter); grey
stubble on a grey face is 6 lighter."""

CHROMA_GAIN = 4.0
"""Chroma above the skin's from which a cover is hair: brown beards have 12 to 41 more, shadows less."""

GRAY_SKIN, GRAY_CHROMA_GAIN = 6.0, 10.0
"""Chroma under which a skin is grey, and the gain from which a cover of it is hair: a blend of it with any
tint gains 8."""

FAINT, FAINT_CHROMA_GAIN = 13.0, 12.0
"""A cover so near to the skin is a shade up to this gain of chroma: warm shades on light faces gain 11."""

LIP_REACH = 10.0
"""CIELAB distance from the lips' colour up to which a pixel above or below the bar is lip, not hair."""

INK = 8.0
"""Lightness up to which a pixel may be outline."""

NECK_ROWS, NECK_ASIDE, LEAST_NECK = range(3, 7), 1.25, 3
"""Rows under the mouth in which the neck shows; columns by which its middle is to the right of the middle of
the eyes where a portrait looks to the left (2 and more in mirrored collections, at most 1 in others); and its
least pixels."""

MORE_CHEEK = range(-3, 0)
"""Columns of skin that there are more to the left of the eyes than to their right, in such portraits."""

UNDER_CHIN, NECK_COLS, FOREHEAD, BROW_COLS, SOME_SKIN = range(4, 7), range(-5, 4), range(-6, -2), range(7), 2
"""Rows and columns from the mouth in which the neck shows, from the left eye in which the forehead does, and
the pixels there from which a colour is that of the skin."""

FLESH_HUE, FLESH_CHROMA = (25.0, 85.0), (8.0, 50.0)
"""Hues (degrees in CIELAB) and chroma of flesh: goggles, grey beards and odd skins have others."""

CHEEK_ROWS, CHEEK_COLS, MOST_OF_CHEEKS = range(-4, -2), range(-2, 5), 7
"""Rows and columns from the mouth beside the nose, and the pixels of one colour that are skin there."""

BARE = 0.4
"""Share of the chin up to which it is bare: a shade of the skin under it is the neck's."""

OF_SKIN = 25.0
"""CIELAB distance from the skin up to which a pixel that is nearer to it than to the cover is shaded skin."""

OF_FACE = 8.0
"""CIELAB distance from the cover up to which what is beside the nose has its colour: then it is the face."""

# Places are (row, column) from the left one of the three columns of the mouth bar; they are mirrored in
# portraits that look to the left.
ROWS, COLS = range(-4, 4), range(-6, 9)
LIP: Places = ((-1, 0), (-1, 1), (-1, 2))
CORNERS: Places = ((0, -1), (0, 3), (1, -1), (1, 3))
CHIN: Places = ((1, 0), (1, 1), (1, 2))
CHIN_TIP: Places = ((2, 0), (2, 1), (2, 2))
LEFT_JAW: Places = ((-1, -2), (0, -2))
RIGHT_JAW: Places = ((-2, 4), (-1, 4), (0, 4))
BESIDE_NOSE: Places = ((-4, -1), (-4, 3), (-3, -1), (-3, 3))
CHIN_ROWS = range(1, 3)
SIDE_ROWS, TO_THE_LEFT, TO_THE_RIGHT = range(-1, 2), range(-2, -7, -1), range(4, 9)
"""Rows beside the mouth, and columns outwards, in which a beard goes on to the outline."""
ALL_PARTS = LIP + CORNERS + CHIN + CHIN_TIP + LEFT_JAW + RIGHT_JAW
CHIN_STEP = (2, -1)
"""Where the outline of a narrow chin steps in to the neck."""
BESIDE_STEP: Places = ((1, -1), (2, 0))


class Jaw(Record):
    """The lower face of every portrait.

    Parameters
    ----------
    lip, corners, chin, chin_tip, left, right : ndarray of float64, shape (N,), in [0, 1]
        Share of each part that is covered: above the mouth, beside it, under it, the row under that, and
        both sides of the jaw.
    skin_left, skin_right : ndarray of int, shape (N,)
        In how many of three rows skin shows between the mouth, or what covers its sides, and the outline.
    around_chin : ndarray of bool, shape (N,)
        Whether a row under the mouth is covered from outline to outline.
    is_face : ndarray of bool, shape (N,)
        Whether the cover goes on beside the nose: as the face of an ape does, no hair.
    is_shade : ndarray of bool, shape (N,)
        Whether the cover is a darker or greyer shade of the skin rather than a colour of its own.
    is_ink : ndarray of bool, shape (N,)
        Whether the cover is as black as the outline.
    narrow_chin : ndarray of bool, shape (N,)
        Whether the outline steps in under the left end of the mouth, with skin around the step.
    cover : ndarray of bool, shape (N, 24, 24)
        The covered pixels of all parts.
    mouth_surroundings : ndarray of bool, shape (N, 24, 24)
        All pixels of lip and chin.
    chin_step : ndarray of bool, shape (N, 24, 24)
        The pixel of the step and its neighbours.
    """

    lip: FloatArray
    corners: FloatArray
    chin: FloatArray
    chin_tip: FloatArray
    left: FloatArray
    right: FloatArray
    skin_left: IntArray
    skin_right: IntArray
    around_chin: BoolArray
    is_face: BoolArray
    is_shade: BoolArray
    is_ink: BoolArray
    narrow_chin: BoolArray
    cover: BoolArray
    mouth_surroundings: BoolArray
    chin_step: BoolArray


def find_jaw(palette: Palette, face: FaceFrame, mouth: MouthBar, skin: Skin, background: Background) -> Jaw:
    """Compare the lower face with the skin.

    Parameters
    ----------
    palette : Palette
    face : FaceFrame
    mouth : MouthBar
    skin : Skin
    background : Background
        All of the same N portraits.

    Returns
    -------
    Jaw
    """
    face = mouth.place(face)
    mirrored = _looks_left(face, skin)
    color = _turn(face.crop(palette.index, ROWS, COLS, "mouth"), mirrored)
    behind = _turn(face.crop(background.mask, ROWS, COLS, "mouth"), mirrored)
    # distances are told of each colour, of which a portrait has fewer than pixels in this part
    skin_lab = _skin_beside_nose(palette, face, lab_of(skin.rgb))
    from_skin = lab_distance(palette.lab, skin_lab[:, None])
    ink = palette.at(palette.lab[..., 0] <= INK, color)
    covered = palette.at(from_skin > DISTINCT, color) & ~behind
    # full lips and teeth reach into the rows above and below the bar
    lips = palette.at(lab_distance(palette.lab, lab_of(mouth.lip_rgb)[:, None]) <= LIP_REACH, color)
    shown = mouth.found & ~_pick(lips, CORNERS).any(axis=1)  # in a beard of the lips' colour they do not show
    covered &= ~(lips & shown[:, None, None])
    corners = _turn(face.crop(mouth.raised | mouth.lowered, ROWS, COLS, "mouth"), mirrored)
    covered &= ~corners
    # the row under the chin is outline on small heads; only colour makes it a tuft of hair
    row, col = _index(CHIN_TIP)
    covered[:, row, col] &= ~ink[:, row, col]
    under_chin = _middle_color(palette.lab_at(color[:, row, col]), covered[:, row, col])
    shadow = is_shade(under_chin, skin_lab) & (_pick(covered, CHIN).mean(axis=1) <= BARE)
    covered[:, row, col] &= ~shadow[:, None]
    main = _middle_color(palette.lab_at(_pick(color, ALL_PARTS)), _pick(covered, ALL_PARTS))
    from_main = lab_distance(palette.lab, main[:, None])
    skin_shows = palette.at((from_skin < from_main) & (from_skin <= OF_SKIN), color) & ~behind & ~ink
    outline = behind | (ink & (main[:, 0] > INK)[:, None, None])
    sides = [_count_skin_beside(skin_shows, outline, steps) for steps in (TO_THE_LEFT, TO_THE_RIGHT)]
    of_step = palette.lab_at(_pick(color, (CHIN_STEP,)))[:, 0, 0]
    step = of_step < np.maximum(skin_lab[:, 0] * DARKEST_SHADE, INK)

    def place(places: Places, mask: BoolArray) -> BoolArray:
        part = np.zeros(covered.shape, np.bool_)
        row, col = _index(places)
        part[:, row, col] = mask
        part = _turn(part, mirrored)
        return face.place_back(part, ROWS, COLS, "mouth")

    every = np.ones((len(palette), 1), np.bool_)
    beside_nose = np.asarray(palette.at(from_main <= OF_FACE, _pick(color, BESIDE_NOSE)).all(axis=1))
    # what was taken for skin are goggles: it is nowhere else, and all the lower face is of flesh
    lower_face = LIP + CORNERS + CHIN + LEFT_JAW
    goggled = _is_flesh(main) & ~_is_flesh(skin_lab) & _pick(covered, lower_face).all(axis=1)
    goggled &= _is_skin_nowhere(palette, face, from_skin <= OF_FACE)
    return Jaw(
        lip=_pick(covered, LIP).mean(axis=1),
        corners=_pick(covered, CORNERS).mean(axis=1),
        chin=_pick(covered, CHIN).mean(axis=1),
        chin_tip=_pick(covered, CHIN_TIP).mean(axis=1),
        left=_pick(covered, LEFT_JAW).mean(axis=1),
        right=_pick(covered, RIGHT_JAW).mean(axis=1),
        skin_left=sides[0],
        skin_right=sides[1],
        around_chin=_is_around_chin(skin_shows, covered & ~outline),
        is_face=beside_nose | goggled,
        is_shade=is_shade(main, skin_lab),
        is_ink=main[:, 0] <= INK,
        narrow_chin=step & ~_pick(covered, BESIDE_STEP).any(axis=1),
        cover=place(ALL_PARTS, _pick(covered, ALL_PARTS)),
        mouth_surroundings=place(LIP + CHIN, every),
        chin_step=place((CHIN_STEP, *BESIDE_STEP), every),
    )


def _skin_beside_nose(palette: Palette, face: FaceFrame, skin: FloatArray) -> FloatArray:
    """Return the colour of the skin, (N, 3): that beside the nose where a beard was taken for skin.

    A long beard may have more pixels than the face, but is no flesh, and darker.
    """
    beside = face.crop(palette.index, CHEEK_ROWS, CHEEK_COLS, "mouth")
    beside = beside.reshape(len(palette), len(CHEEK_ROWS) * len(CHEEK_COLS))
    some = np.flatnonzero(~_is_flesh(skin))
    votes = (beside[some, :, None] == beside[some, None]).sum(axis=2)
    most = beside[some, votes.argmax(axis=1)]
    cheek = palette.take(some).lab_at(most[:, None])[:, 0]
    other = _is_flesh(cheek) & (votes.max(axis=1) >= MOST_OF_CHEEKS) & (cheek[:, 0] > skin[some, 0] + LIGHTER)
    found = skin.copy()
    found[some[other]] = cheek[other]
    return found


def _is_flesh(lab: FloatArray) -> BoolArray:
    """Tell which colours are of flesh, from red to yellow and not too vivid: shape (N,)."""
    angle, chroma = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])), np.hypot(lab[:, 1], lab[:, 2])
    in_hue = (angle >= FLESH_HUE[0]) & (angle <= FLESH_HUE[1])
    return np.asarray(in_hue & (chroma >= FLESH_CHROMA[0]) & (chroma <= FLESH_CHROMA[1]))


def _is_skin_nowhere(palette: Palette, face: FaceFrame, of_skin: BoolArray) -> BoolArray:
    """Tell where neither forehead nor neck has the colour taken for skin, as that of goggles: shape (N,)."""
    throat = face.crop(palette.index, UNDER_CHIN, NECK_COLS, "mouth")
    brow = face.crop(palette.index, FOREHEAD, BROW_COLS)
    skin = palette.at(of_skin, throat).sum(axis=(1, 2)) + palette.at(of_skin, brow).sum(axis=(1, 2))
    return np.asarray(skin < SOME_SKIN)


def _count_skin_beside(skin: BoolArray, outline: BoolArray, steps: range) -> IntArray:
    """Count the rows beside the mouth in which skin shows on the way outwards to the outline: shape (N,)."""
    rows = np.asarray(SIDE_ROWS) - ROWS.start
    cols = np.asarray(steps) - COLS.start
    inside = np.logical_and.accumulate(~outline[:, rows[:, None], cols], axis=2)
    return np.asarray((skin[:, rows[:, None], cols] & inside).any(axis=2).sum(axis=1))


def _is_around_chin(skin: BoolArray, hair: BoolArray) -> BoolArray:
    """Tell whether a row under the mouth has hair from outline to outline: shape (N,)."""
    rows = slice(CHIN_ROWS.start - ROWS.start, CHIN_ROWS.stop - ROWS.start)
    middle = slice(-COLS.start - 1, 4 - COLS.start)
    full = np.asarray(hair[:, rows, middle].all(axis=2) & ~skin[:, rows].any(axis=2))
    return np.asarray(full.any(axis=1))


def _looks_left(face: FaceFrame, skin: Skin) -> BoolArray:
    """Tell portraits that look to the left, as those of mirrored collections: shape (N,).

    Their neck is to the right; where it is covered, the nearer cheek with the ear is the right one.
    """
    col = np.arange(SIDE)
    neck = _count_in_rows(skin.mask, *(face.mouth_row + row for row in (NECK_ROWS.start, NECK_ROWS.stop)))
    size = neck.sum(axis=1)
    aside = (neck * col).sum(axis=1) / np.maximum(size, 1) - (face.left_eye_col + face.right_eye_col + 1) / 2
    below_eyes = face.eye_row + 2
    rows = np.maximum(face.mouth_row - below_eyes, 0)
    cheeks = 2 * _count_in_rows(skin.mask, below_eyes, face.mouth_row) >= rows[:, None]
    first, last = cheeks.argmax(axis=1), SIDE - 1 - cheeks[:, ::-1].argmax(axis=1)
    more = (face.left_eye_col - first) - (last - face.right_eye_col - 1)
    turned = cheeks.any(axis=1) & (more >= MORE_CHEEK.start) & (more < MORE_CHEEK.stop)
    return np.asarray(face.found & np.where(size >= LEAST_NECK, aside > NECK_ASIDE, turned))


def _count_in_rows(mask: BoolArray, first: IntArray, end: IntArray) -> IntArray:
    """Count the pixels of each column in some rows of a mask, other ones of each portrait: (N, 24)."""
    rows = first[:, None] + np.arange((end - first).max(initial=0))
    inside = (rows >= 0) & (rows < np.minimum(end, SIDE)[:, None])
    part = mask[np.arange(len(mask))[:, None], np.minimum(np.maximum(rows, 0), SIDE - 1)]
    counts: IntArray = (part & inside[:, :, None]).sum(axis=1)
    return counts


def _turn(part: NDArray[Scalar], mirrored: BoolArray) -> NDArray[Scalar]:
    """Mirror the crops of some portraits; the middle of the mouth is the middle of the crop."""
    if not mirrored.any():
        return part
    turned = part.copy()
    turned[mirrored] = part[mirrored, :, ::-1]
    return turned


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


def is_shade(cover: FloatArray, skin: FloatArray) -> BoolArray:
    """Tell whether colours are darker or greyer shades of the skin, rather than colours of their own.

    Parameters
    ----------
    cover, skin : ndarray of float64, shapes (..., 3) that broadcast
        In CIELAB.

    Returns
    -------
    ndarray of bool, shape (...)
    """
    distance = lab_distance(cover, skin)
    chroma = np.hypot(skin[..., 1], skin[..., 2])
    gain = np.hypot(cover[..., 1], cover[..., 2]) - chroma
    most = np.where(chroma < GRAY_SKIN, GRAY_CHROMA_GAIN, CHROMA_GAIN)
    near_in_hue = (gain < most) & (distance < FULL_COVER)
    angles = [np.degrees(np.arctan2(color[..., 2], color[..., 1])) for color in (cover, skin)]
    same_hue = np.abs((angles[0] - angles[1] + 180) % 360 - 180) <= SAME_HUE
    near_in_hue |= (gain < GREYED) & same_hue & (distance < GREYED_COVER)
    faint = (gain < FAINT_CHROMA_GAIN) & (distance < FAINT)
    not_lighter = cover[..., 0] - skin[..., 0] < LIGHTER
    shade: BoolArray = (near_in_hue | faint) & not_lighter & (cover[..., 0] > DARKEST_SHADE * skin[..., 0])
    return shade
