"""The irises: where they are, whether they can be seen, and their colour.

Owns what of the eyes themselves is visible. Must not know what eyewear or an eye's colour is called.

An eye is drawn as two pixels side by side, with a lid above or a shade below: a black pupil and the iris, a
black iris in the white of the eye, two pixels of iris, or one black pixel. Lenses that hide the eyes paint
over everything in one colour, row by row; lenses that show them only tint them.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.face import FaceFrame
from punkdetect.pixels import TRANSPARENT, Palette, lab_distance
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, FloatArray, IntArray
from punkdetect.records import Record

INK = 10.0
"""Lightness under which a pixel is drawn in black: a pupil, a frame. Dark brown irises have 17 and more."""

DARK_LID = 15.0
"""Lightness, on average over both eyes, under which the darkest pixels of a row are pupils."""

LID_CONTRAST = 1.2
"""How much more than the lower row the upper one must stand out of the skin; lids do, too."""

WHITE = 90.0
"""Lightness over which a pixel without colour is the white of an eye or a glint."""

WHITE_CHROMA = 8.0
"""Chroma under which a light pixel is white."""

DARKER_PUPIL = 5.0
"""Lightness by which a pupil is darker than its iris; the two halves of a lens of one colour differ by 4."""

DARK_PUPIL = 35.0
"""Lightness under which the darker of two colours may be the pupil."""

SKIN_REACH = 6.0
"""CIELAB distance from the skin's colour up to which a pixel is bare skin."""

SAME = 6.0
"""CIELAB distance up to which two pixels have one colour."""

RARE = 4
"""Pixels of one colour in the whole portrait up to which it may be that of one of two different eyes; hair
over an eye has more."""

OPEN_ROWS = range(-1, 4)
"""Rows where eyes with a white are looked for, relative to the upper row of the eyes."""

OPEN_REACH = 2
"""Columns beside their places in the face where both eyes are looked for."""

_MOVES = sorted(
    product(range(-OPEN_REACH, OPEN_REACH + 1), repeat=2),
    key=lambda move: (abs(move[0]) + abs(move[1]), abs(move[0] - move[1]), move),
)
"""Columns that the left and the right eye may be beside their places, the nearest first."""

NEAREST, FURTHEST = 3, 7
"""Columns from eye to eye."""

MOST_ALIKE = 1
"""Neighbours of an iris, above, below and away from its white, that may have its colour: the lid, or the
iris' second row; a lens goes on in two or three directions."""

LONE_ROWS = range(3)
"""Rows where eyes of one pixel are looked for, relative to the upper row of the eyes."""

GLOWING = 40.0
"""CIELAB distance from the skin of eyes that glow."""

OFTEN = 12
"""Pixels of a colour from which it is no iris but hair or outline."""

LONE_CONTRAST = 20.0
"""CIELAB distance of such an eye from the skin; shades under eyes have less."""

CLEAR, UNCLEAR = 1.0, 0.75
"""How clearly a pixel is an iris beside its pupil, and without one."""


class Irises(Record):
    """The irises of every portrait.

    Parameters
    ----------
    found : ndarray of bool, shape (N,)
        Whether at least one iris can be seen.
    color : ndarray of int, shape (N, 2)
        0xRRGGBB of the left and the right iris as seen in the picture; -1 where it cannot be seen. Where they
        differ, both are irises.
    mask : ndarray of bool, shape (N, 24, 24)
        The pixels of the visible irises.
    clear : ndarray of float64, shape (N,), in [0, 1]
        How clearly they are irises.
    open : ndarray of bool, shape (N,)
        Whether both show their white beside them.
    """

    found: BoolArray
    color: IntArray
    mask: BoolArray
    clear: FloatArray
    open: BoolArray


def find_irises(palette: Palette, face: FaceFrame, skin_lab: FloatArray) -> Irises:
    """Find the irises.

    Parameters
    ----------
    palette : Palette
    face : FaceFrame
        Of the same N portraits.
    skin_lab : ndarray of float64, shape (N, 3)
        CIELAB of the skin.

    Returns
    -------
    Irises
    """
    n = len(palette)
    each = np.arange(n)
    eyes = _find_open_eyes(palette, face, skin_lab)
    lone = _find_lone_eyes(palette, face, skin_lab)
    alone = np.asarray(lone.open.all(axis=1) & ~eyes.open.any(axis=1))
    eyes = OpenEyes(
        *(
            np.where(alone.reshape(n, *[1] * (one.ndim - 1)), one, other)
            for one, other in zip(lone, eyes, strict=True)
        )
    )
    open_eyes = eyes.open
    looking = np.asarray(open_eyes.any(axis=1))
    whites = np.asarray(face.found & open_eyes.all(axis=1) & ~alone)
    top = np.where(looking, eyes.row - 2, -1)
    face = face.replace(
        left_eye_col=np.where(face.found, face.left_eye_col + eyes.shift[:, 0], NOT_FOUND),
        right_eye_col=np.where(face.found, face.right_eye_col + eyes.shift[:, 1], NOT_FOUND),
    )
    # (N, 2 eyes, 4 rows, 2 columns): above, lid, eye, below
    index, lab, row_of = _cut_eyes(palette, face, top)
    light = lab[..., 0]
    ink: BoolArray = light < INK
    white = _is_white(lab)
    from_skin = lab_distance(lab, skin_lab[:, None, None, None])
    bare = from_skin <= SKIN_REACH
    upper = _eyeball_is_above(light, from_skin) & ~looking & ~_is_under_lid(lab, bare)
    at = np.where(upper, 1, 2)
    here, above, below = ((each, slice(None), at + step) for step in (0, -1, 1))

    colored: BoolArray = ~(ink | white | bare)[here]
    two = colored.all(axis=2)
    darker_left = light[here][..., 0] + DARKER_PUPIL <= light[here][..., 1]
    darker_right = light[here][..., 1] + DARKER_PUPIL <= light[here][..., 0]
    # of two colours the right one, unless it is the dark one of a pupil
    dark_right = darker_right & (light[here][..., 1] < DARK_PUPIL)
    pick = np.where(two, ~dark_right, colored[..., 1]).astype(np.intp)
    dark = ink[here]
    black = dark.any(axis=2) & ~colored.any(axis=2)
    pick = np.where(black, dark[..., 1] & ~dark[..., 0], pick).astype(np.intp)
    pick = np.where(open_eyes, white[here][..., 0] & ~alone[:, None], pick).astype(np.intp)

    with_pupil = np.where(two, darker_left | darker_right, (ink | white)[here].any(axis=2))
    open_below = bare[below].all(axis=2)
    # an eye two rows high shows its white in both; a black lens has a glint at most
    tall = np.any(white[here], axis=2) & np.any(white[above], axis=2)
    unframed = open_below & (tall | ~np.any(ink[above], axis=2))
    flat = lab_distance(lab[here], lab[above]).max(axis=2) <= SAME
    seen = np.where(black, unframed, colored.any(axis=2) & ((with_pupil & ~flat) | open_below))
    seen |= _glow(palette, index[here], lab[here], from_skin[here])[:, None]
    seen = (seen & ~looking[:, None]) | open_eyes
    seen &= face.found[:, None]

    side = np.arange(2)
    chosen = index[each[:, None], side, at[:, None], pick]
    seen &= palette.colors[each[:, None], chosen] != TRANSPARENT  # a gap between hat and head is no eye
    two_eyes = np.asarray(open_eyes.all(axis=1))
    seen = np.where(two_eyes[:, None], seen, _drop_the_covered_eye(palette, chosen, seen, with_pupil))
    color = np.where(seen, palette.colors[each[:, None], chosen].astype(np.intp), NOT_FOUND)
    clear = np.where(seen, np.where(with_pupil, CLEAR, UNCLEAR), 0.0)
    mask = np.zeros((n, SIDE, SIDE), np.bool_)
    for eye, eye_col in enumerate((face.left_eye_col, face.right_eye_col)):
        col = np.clip(np.where(face.found, eye_col, 0) + pick[:, eye], 0, SIDE - 1)
        mask[each, row_of[each, at], col] |= seen[:, eye]
    return Irises(np.asarray(seen.any(axis=1)), color, mask, clear.max(axis=1), whites)


def _eyeball_is_above(light: FloatArray, from_skin: FloatArray) -> BoolArray:
    """Whether the upper of the two rows holds the eyeball, with a shade below it; shape (N,).

    It is the row with the black of the pupils, and without any, the row that stands out of the skin.
    """
    darkest = light.min(axis=3).mean(axis=1)
    contrast = from_skin.mean(axis=(1, 3))
    pupils = darkest[:, 1:3].min(axis=1) < DARK_LID
    darker = darkest[:, 1] + DARKER_PUPIL <= darkest[:, 2]
    above: BoolArray = np.where(pupils, darker, contrast[:, 1] > LID_CONTRAST * contrast[:, 2])
    return above


def _glow(palette: Palette, index: IntArray, lab: FloatArray, from_skin: FloatArray) -> BoolArray:
    """Whether both eyes are two pixels of a colour that nothing else in the portrait has: shape (N,).

    Whatever is around them, as the sockets of a robot's; a lens is larger.
    """
    count = palette.counts[np.arange(len(palette))[:, None, None], index]
    first = lab[:, :1, :1]
    one = (lab_distance(lab, first) <= SAME) & (count <= RARE) & (from_skin >= GLOWING)
    return np.asarray(one.all(axis=(1, 2)))


def _is_under_lid(lab: FloatArray, bare: BoolArray) -> BoolArray:
    """Whether the lower of the two rows holds eyes of one pixel, each under a lid or brow: shape (N,).

    Around such a pixel there is skin on all other sides.
    """
    upper, lower = lab[:, :, 1], lab[:, :, 2]
    alone = (bare[:, :, 2].sum(axis=2) == 1) & bare[:, :, 3].all(axis=2)
    lid = ~bare[:, :, 1].any(axis=2)
    lid &= (lab_distance(upper, lower) > SAME).all(axis=2)
    return np.asarray((alone & lid).all(axis=1))


def _is_white(lab: FloatArray) -> BoolArray:
    """Whether pixels are white as that of an eye or a glint."""
    white: BoolArray = (lab[..., 0] > WHITE) & (np.hypot(lab[..., 1], lab[..., 2]) < WHITE_CHROMA)
    return white


class OpenEyes(Record):
    """Eyes that show their white on one side and something else, the iris, on the other.

    Parameters
    ----------
    row : ndarray of int, shape (N,)
        Relative to the upper row of the eyes.
    shift : ndarray of int, shape (N, 2)
        Columns that each eye is off its place in the face.
    open : ndarray of bool, shape (N, 2)
        Whether an eye is such a one there: its iris stands alone, as lens beside a glint does not.
    """

    row: IntArray
    shift: IntArray
    open: BoolArray


def _find_open_eyes(palette: Palette, face: FaceFrame, skin_lab: FloatArray) -> OpenEyes:
    """Find the row where both eyes, or one, are open, and how far beside their places.

    Such eyes may lie under what the face was told by, as under brows, or beside it over a mask.
    """
    n = len(palette)
    rows = np.where(face.found, face.eye_row, 0)[:, None] + np.arange(OPEN_ROWS.start - 1, OPEN_ROWS.stop + 1)
    place = np.where(face.found[:, None], np.stack([face.left_eye_col, face.right_eye_col], axis=1), 0)
    cols = place[..., None] + np.arange(-1 - OPEN_REACH, 3 + OPEN_REACH)
    rows, cols = np.clip(rows, 0, SIDE - 1)[:, None, :, None], np.clip(cols, 0, SIDE - 1)[:, :, None, :]
    index = palette.index[np.arange(n)[:, None, None, None], rows, cols]
    white_color = _is_white(palette.lab) & (lab_distance(palette.lab, skin_lab[:, None]) > SKIN_REACH)
    white = white_color[np.arange(n)[:, None, None, None], index]
    found = OpenEyes(np.full(n, OPEN_ROWS.start), np.zeros((n, 2), np.intp), np.zeros((n, 2), np.bool_))
    some = np.flatnonzero(white.any(axis=(1, 2, 3)))
    if len(some):
        lab = palette.lab[some[:, None, None, None], index[some]]
        bare = np.asarray(lab_distance(lab, skin_lab[some, None, None, None]) <= SKIN_REACH)
        of_some = _match_open_eyes(lab, bare, white[some], place[some])
        for whole, part in zip(found, of_some, strict=True):
            whole[some] = part
    return found


def _match_open_eyes(lab: FloatArray, bare: BoolArray, whites: BoolArray, place: IntArray) -> OpenEyes:
    """Find open eyes in what is around both places: (N, 2 eyes, rows and one above and below, columns)."""
    n = len(lab)
    white = whites[:, :, 1:-1]
    alike = _same_neighbours(lab)  # without the outermost columns
    lonely_left, lonely_right = (  # whether the pixel is an iris whose white is to its right, to its left
        alike[0] + alike[1] + alike[side] <= MOST_ALIKE for side in (2, 3)
    )
    first, second = white[..., 1:-2], white[..., 2:-1]
    pair = (first & ~second & lonely_right[..., 1:]) | (second & ~first & lonely_left[..., :-1])
    colored = ~bare[:, :, 1:-1]
    moved = pair & colored[..., 1:-2] & colored[..., 2:-1]
    moved[..., OPEN_REACH] = pair[..., OPEN_REACH]

    left, right = (np.array(side) for side in zip(*_MOVES, strict=True))
    both = moved[:, 0][..., left + OPEN_REACH] & moved[:, 1][..., right + OPEN_REACH]  # (N, row, move)
    spacing = (place[:, 1] - place[:, 0])[:, None] + right - left
    both &= ((spacing >= NEAREST) & (spacing <= FURTHEST))[:, None]
    order = both.transpose(0, 2, 1).reshape(n, len(_MOVES) * len(OPEN_ROWS))
    move, row = np.divmod(order.argmax(axis=1), len(OPEN_ROWS))
    alone = pair[..., OPEN_REACH]
    some = np.asarray(order.any(axis=1))
    row = np.where(some, row, np.asarray(alone.any(axis=1)).argmax(axis=1))
    shift = np.where(some[:, None], np.stack([left[move], right[move]], axis=1), 0)
    return OpenEyes(row + OPEN_ROWS.start, shift, some[:, None] | alone[np.arange(n), :, row])


def _find_lone_eyes(palette: Palette, face: FaceFrame, skin_lab: FloatArray) -> OpenEyes:
    """Find eyes of one pixel: two of one colour side by side in a row, skin beside them and below."""
    n = len(palette)
    rows = np.where(face.found, face.eye_row, 0)[:, None] + np.arange(LONE_ROWS.start, LONE_ROWS.stop + 1)
    place = np.where(face.found[:, None], np.stack([face.left_eye_col, face.right_eye_col], axis=1), 0)
    cols = place[..., None] + np.arange(-2, 4)
    rows, cols = np.clip(rows, 0, SIDE - 1)[:, None, :, None], np.clip(cols, 0, SIDE - 1)[:, :, None, :]
    index = palette.index[np.arange(n)[:, None, None, None], rows, cols]
    far = lab_distance(palette.lab, skin_lab[:, None])
    from_skin = far[np.arange(n)[:, None, None, None], index]
    bare = from_skin <= SKIN_REACH
    often = palette.counts[np.arange(n)[:, None, None, None], index] >= OFTEN
    here = from_skin[:, :, :-1, 1:-1]
    lone = (here >= LONE_CONTRAST) & (bare[:, :, 1:, 1:-1] | (2 * from_skin[:, :, 1:, 1:-1] <= here))
    sides = bare[:, :, :-1, :-2], bare[:, :, :-1, 2:]
    # the face may end, or hair hang, beside it
    rare = ~often[:, :, :-1, 1:-1]
    lone[:, 0] &= (sides[0][:, 0] | (often[:, 0, :-1, :-2] & rare[:, 0])) & sides[1][:, 0]
    lone[:, 1] &= (sides[1][:, 1] | (often[:, 1, :-1, 2:] & rare[:, 1])) & sides[0][:, 1]
    lab = palette.lab[np.arange(n)[:, None, None, None], index[:, :, :-1, 1:-1]]
    pairs = lone[:, 0, :, :, None] & lone[:, 1, :, None, :]
    pairs &= lab_distance(lab[:, 0, :, :, None], lab[:, 1, :, None, :]) <= SAME
    # columns from eye to eye, of the left one's four places and the right one's four
    spacing = (place[:, 1] - place[:, 0])[:, None, None] + np.arange(4) - np.arange(4)[:, None]
    pairs &= ((spacing >= NEAREST) & (spacing <= FURTHEST))[:, None]
    order = pairs.reshape(n, len(LONE_ROWS), 16)
    some = order.any(axis=2)
    row = np.where(some[:, 1], 1, np.where(some[:, 0], 0, 2))
    best = order[np.arange(n), row].argmax(axis=1)
    left, right = np.divmod(best, 4)
    found = some.any(axis=1)
    return OpenEyes(
        np.where(found, row + LONE_ROWS.start, 0),
        np.where(found[:, None], np.stack([left, right], axis=1) - 1, 0),
        np.repeat(found[:, None], 2, axis=1),
    )


def _same_neighbours(lab: FloatArray) -> NDArray[np.int8]:
    """Whether pixels have the colour of those above, below, left and right: (4, ...), a pixel smaller."""
    middle = lab[:, :, 1:-1, 1:-1]
    around = (lab[:, :, :-2, 1:-1], lab[:, :, 2:, 1:-1], lab[:, :, 1:-1, :-2], lab[:, :, 1:-1, 2:])
    return np.stack([lab_distance(middle, other) <= SAME for other in around]).astype(np.int8)


def _cut_eyes(palette: Palette, face: FaceFrame, top: IntArray) -> tuple[IntArray, FloatArray, IntArray]:
    """Cut four rows of both eyes out, from a row relative to them.

    Returns
    -------
    index : ndarray of int, shape (N, 2, 4, 2)
    lab : ndarray of float64, shape (N, 2, 4, 2, 3)
    rows : ndarray of int, shape (N, 4)
    """
    each = np.arange(len(palette))
    rows = (np.where(face.found, face.eye_row, 0) + top)[:, None] + np.arange(4)
    rows = np.clip(rows, 0, SIDE - 1)
    cols = np.stack([face.left_eye_col, face.right_eye_col], axis=1)
    cols = np.clip(np.where(face.found[:, None], cols, 0)[..., None] + np.arange(2), 0, SIDE - 1)
    index = palette.index[each[:, None, None, None], rows[:, None, :, None], cols[:, :, None, :]]
    return index, palette.lab[each[:, None, None, None], index], rows


def _drop_the_covered_eye(
    palette: Palette, chosen: IntArray, seen: BoolArray, with_pupil: BoolArray
) -> BoolArray:
    """Where the eyes differ, drop the one that shows something else: the colour the portrait has more of."""
    each = np.arange(len(palette))[:, None]
    lab, count = palette.lab[each, chosen], palette.counts[each, chosen]
    differ = seen.all(axis=1) & (lab_distance(lab[:, 0], lab[:, 1]) > SAME)
    both = differ & (count <= RARE).all(axis=1) & with_pupil.all(axis=1)
    drop = differ & ~both
    worse = np.where(count[:, 0] > count[:, 1], 0, 1)
    kept = seen.copy()
    kept[drop, worse[drop]] = False
    return kept
