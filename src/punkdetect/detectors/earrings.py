"""Earrings: studs, hoops and drops at either side of the head.

Owns the trait `earrings`. Must not know how face, skin and background were found, nor any other trait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks.eye_band import KNOWN_SKIN, from_right_eye
from punkdetect.landmarks.face import EYE_SPACING, FaceFrame
from punkdetect.landmarks.flat_colors import color_difference
from punkdetect.pixels import TRANSPARENT, find_pixels, flood, grow, pack_rgb, unpack_rgb
from punkdetect.punks import NOT_FOUND, BoolArray, ByteArray, FloatArray, IntArray, Punks, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.punks import TraitColumn

NONE, STUD, HOOP, DROP = range(4)
"""Codes of the values, in the order of the vocabulary."""

ROWS = range(-2, 12)
"""Rows of the side views, relative to the upper row of the eyes: from the temple, under what is worn in the
hair, to under the chin, where long earrings end."""

LOWEST = 8
"""Row from which on down there are necklaces and clothes."""

LEFT_COLS, RIGHT_COLS = range(-9, 2), range(15, 4, -1)
"""Columns of the side views from the background inwards, relative to the left edge of the left eye; the right
side is mirrored. Both end in the inner column of an eye."""

LOBE_ROWS = range(1, 5)
"""Rows in which an earring begins: the lobe is one to three rows under the upper row of the eyes in all known
heads. What begins higher is hair or glasses, what begins lower is clothing, a cigarette or smoke."""

LOBE_COLS = range(-7, 0)
"""Columns of the left side view in which earrings hang. Faces are turned a little: on one side the skin
reaches to -2 and the ear to -3, on the other one to 0."""

ARM_ROW, LENS_ROW = 1, 2
"""Lowest rows of the arms and of the lenses of glasses: the lower row of the eyes, and the one under it."""

FACE_COL = -1
"""Column from which on inwards the side view shows the face, whatever covers it."""

CHEEK_COL = 0
"""Column from which on inwards the side view shows the cheek on either side."""

REACH = 2
"""Columns that an earring is away from the face or ear at most; smoke and strands are further off."""

UNLIKE_SKIN = 36
"""Sum of the channel differences from the skin that an earring has at least: the palest labelled one on pale
skin has 70, silver on grey-brown skin about 40."""

BLUSH = 130
"""The same for what is darker than bare skin beside it: cheeks blush, and moles are no jewels."""

ONE_PIECE = 60
"""Sum of the channel differences up to which touching pixels are one piece: an earring may have two tones."""

STANDS_OUT = 75
"""Sum of the channel differences from which a pixel stands out of its neighbour."""

UNLIKE_NEIGHBOURS = 4
"""Of the eight pixels around each of an earring's at least so many are of another colour."""

DARKER_NEIGHBOURS = 3
"""Of the eight pixels around each of an earring's at least so many are darker, and none of the figure is
lighter, unless it is more colourful than the skin: jewellery shines; moles, shadows and strands do not."""

INK = 90
"""Sum of the channels up to which a pixel is outline or black hair."""

SHINING = 300
"""Sum of the channels that jewellery has at least among darker pixels; the darkest labelled has 450, and
highlights in black hair up to 250."""

PALE = 500
"""Sum of the channels from which a pixel is silver or pearl even among lighter hair."""

FAINTLY = 15
"""Sum of the channels (or of their differences) up to which colours are the same to the eye."""

MORE_COLORFUL = 40
"""Channel spread that an earring which does not shine must have more than the skin."""

LARGEST = 10
"""Pixels up to which a piece is jewellery and not hair, cloth or a headset."""

COLORED, OTHER_HUE = 80, 150
"""Channel spread, and difference of hue from the skin, of stones no more colourful than a bright skin."""

WIDEST = 4
"""Columns that an earring has at most; a beam out of the eyes is longer."""

SMALL = 3
"""Pixels of a piece that could be an earring, and of others in its colour, which leave a doubt."""

SHADED, SHADE_HUE = 0.6, 0.1
"""Share of the light that a shaded part of metal keeps, and how much of it may differ from the same hue."""

OWN_COLOR = 100
"""Sum of the channel differences by which an earring's colour differs from all else beside the face: shaded
hair repeats its colours, or comes near them."""

REPEATED = 1
"""Pixels beside the face, besides its twin on the other ear, that may come near an earring's colour."""


COLORLESS = 24
"""Channel spread up to which a pixel is grey, silver or white: a gleam of grey hair looks like silver."""

SURE, LESS_SURE, DISPUTED = 0.99, 0.9, 0.8
"""Chance of being right where an earring (or its absence) is plain, where something comes near, and where it
may be a gleam in grey hair or a tear: people agree on four of nine such."""


class _Sides(NamedTuple):
    """Both sides of every head, seen from outside inwards: 2N views of 14 x 11 pixels, left ones first.

    Parameters
    ----------
    rgb : ndarray of int16, shape (3, 2N, 14, 11)
        The channels one after the other: all comparisons run along whole planes.
    seen : ndarray of bool, shape (2N, 14, 11)
        Pixels that are not transparent.
    figure : ndarray of bool, shape (2N, 14, 11)
        Opaque pixels that are not background.
    head : ndarray of bool, shape (2N, 14, 11)
        Skin of the face and the ear.
    bare : ndarray of bool, shape (2N, 14, 11)
        Pixels of the skin's colour or its shade, wherever.
    lens : ndarray of bool, shape (2N, 14, 11)
        Pixels of glasses: what is repeated where the other lens is, or has the colour of the frame.
    skin : ndarray of int16, shape (3, 2N, 1, 1)
    """

    rgb: NDArray[np.int16]
    seen: BoolArray
    figure: BoolArray
    head: BoolArray
    bare: BoolArray
    lens: BoolArray
    skin: NDArray[np.int16]


class LonePixelsAtTheEars:
    """Looks for a few pixels beside the face, at the ear lobes, in a colour that nothing else there has.

    Hair is shaded with colours that come again and again, the outline is black, skin is skin; an earring is a
    point, a ring or a line of its own colour, lighter than what is around it or more colourful than the skin.
    So each pixel at the lobes that stands out of its neighbours is grown to the piece of its colour; a small
    piece whose colour comes nowhere near on either side of the face is an earring. One or two pixels, or a
    block of four, are a stud; what bends around something is a hoop; a line downwards is a drop.

    Cannot see earrings in the colour of the hair, nor tell one from a lone bead in the hair.
    """

    name = "earrings.lone_pixels"
    version = 3
    trait = "earrings"
    vocabulary = TRAITS["earrings"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the earrings of every portrait.

        Parameters
        ----------
        punks : Punks
            N portraits.
        landmarks : Landmarks
            Of the same portraits; face, skin and background are used.

        Returns
        -------
        TraitColumn
            Not found where no face is found.
        """
        face = landmarks.face
        n = len(punks)
        sides = _cut_sides(landmarks.inked.rgba, landmarks)
        jewels, sure = _find_jewels(sides)
        kinds = _name_kinds(jewels)
        # the side that shows more of an earring says what it is
        shown = jewels.sum(axis=(1, 2)).reshape(2, n).argmax(axis=0) * n + np.arange(n)
        codes = np.where(face.found, kinds[shown], NOT_FOUND)
        confidence = np.where(codes > NONE, sure[shown], sure.reshape(2, n).min(axis=0))
        looked_at = np.zeros(jewels.shape, np.bool_)
        looked_at[:, _within(LOBE_ROWS, ROWS), _within(LOBE_COLS, LEFT_COLS)] = True
        none = np.tile(codes == NONE, 2)[:, None, None]
        return make_column(self.trait, codes, confidence, _place_back(jewels | (looked_at & none), face))


def _within(part: range, whole: range) -> slice:
    """Return where a range lies in another one."""
    return slice(part.start - whole.start, part.stop - whole.start)


def _cut_sides(rgba: ByteArray, landmarks: Landmarks) -> _Sides:
    """Cut both sides of every head out of the pictures."""
    face, skin = landmarks.face, landmarks.skin
    color = np.where((skin.weight >= KNOWN_SKIN)[:, None], skin.rgb, face.skin_rgb)
    figure = (rgba[..., 3] == 255) & ~landmarks.background.mask
    palette = landmarks.inked.palette
    colors = unpack_rgb(palette.colors)
    of_face = color_difference(colors, color[:, None]) < UNLIKE_SKIN
    of_face |= color_difference(colors, face.second_rgb[:, None]) <= FAINTLY
    # colour and marks of a pixel in one number, so that everything is cut at once
    packed = pack_rgb(rgba)
    seen = packed != TRANSPARENT
    packed[~seen] = 0
    for bit, mark in enumerate((seen, figure, skin.mask, skin.mask | palette.of_pixels(of_face))):
        packed |= mark.astype(np.uint32) << np.uint32(24 + bit)
    # either side follows its own eye, and is compared with what is at the other eye
    reach = range(LEFT_COLS[0], RIGHT_COLS[-1] - EYE_SPACING + len(RIGHT_COLS))
    by_left = face.crop(packed, ROWS, reach)
    by_right = from_right_eye(face).crop(packed, ROWS, range(LEFT_COLS[0] + EYE_SPACING, RIGHT_COLS[0] + 1))
    width = len(LEFT_COLS)
    sides = np.concatenate([by_left[:, :, :width], by_right[:, :, -width:][:, :, ::-1]])
    twins = np.concatenate([by_right[:, :, :width], by_left[:, :, -width:][:, :, ::-1]])
    rgb = _unpack(sides)
    seen, figure, head, bare = (sides >> np.uint32(24 + bit) & np.uint32(1) > 0 for bit in range(4))
    skins = np.concatenate([color, color]).T.astype(np.int16)[:, :, None, None]
    # both lenses have the same pixels, and are next to the ears; arms have the colour of the frame
    band = landmarks.eye_band
    frames = np.tile(np.where(band.bridged[:, None], band.bridge_rgba[:, :3], 0), (2, 1))
    beside_lens = np.zeros(seen.shape, np.bool_)
    beside_lens[:, : ARM_ROW + 1 - ROWS.start] = True
    lens = _difference(rgb, frames.T.astype(np.int16)[:, :, None, None]) <= ONE_PIECE
    lens &= beside_lens & np.tile(band.bridged, 2)[:, None, None]
    lens |= _difference(rgb, _unpack(twins)) <= FAINTLY
    # a glint at the edge of a lens has lens, not skin, on its inner side
    edge = FACE_COL - LEFT_COLS.start
    glint = ~bare[:, : LENS_ROW + 1 - ROWS.start, edge + 1] & np.tile(band.bridged, 2)[:, None]
    lens[:, : LENS_ROW + 1 - ROWS.start, edge] |= glint
    return _Sides(rgb, seen, figure, head, bare, lens & ~bare, skins)


def _unpack(packed: NDArray[np.uint32]) -> NDArray[np.int16]:
    """Return the channels of packed colours, channels first."""
    return np.stack([(packed >> np.uint32(at) & np.uint32(255)).astype(np.int16) for at in (16, 8, 0)])


def _difference(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.int16]:
    """Sum of the absolute differences of colours whose channels come first."""
    total = np.abs(one[0] - other[0])
    total += np.abs(one[1] - other[1])
    total += np.abs(one[2] - other[2])
    return np.asarray(total, np.int16)


def _find_jewels(sides: _Sides) -> tuple[BoolArray, FloatArray]:
    """Find the earring of each view: its pixels, shape of the views, and how sure that is (2N,)."""
    jewels = np.zeros(sides.figure.shape, np.bool_)
    sure = np.full(len(jewels), SURE)
    view, row, col = find_pixels(_find_seeds(sides))
    # first as a piece of one colour, then with the shaded part that gold and silver may have
    for shaded in (False, True):
        if len(view):
            pieces, small, accepted, how_sure = _grow_pieces(sides, view, row, col, shaded)
            for which in np.flatnonzero(accepted):
                jewels[view[which]] |= pieces[which]
            np.minimum.at(sure, view, how_sure)
            # what is too large stays so with its shades
            rest = small & ~(accepted | jewels[view, row, col])
            view, row, col = view[rest], row[rest], col[rest]
    return jewels, sure


def _grow_pieces(
    sides: _Sides, view: IntArray, row: IntArray, col: IntArray, shaded: bool
) -> tuple[BoolArray, BoolArray, BoolArray, FloatArray]:
    """Grow seeds to the pieces they belong to.

    Returns their pixels; which are small enough; which are earrings; how sure that is.
    """
    color = sides.rgb[:, view, row, col][:, :, None, None]
    difference = np.where(sides.seen[view], _difference(sides.rgb[:, view], color), 3 * 255)
    seed = np.zeros(difference.shape, np.bool_)
    seed[np.arange(len(view)), row, col] = True
    ink = sides.rgb.sum(axis=0) <= INK
    may_belong = ~sides.bare[view]
    may_belong[:, : 2 - ROWS.start, CHEEK_COL - LEFT_COLS.start :] = (
        False  # the eye, whose white is like pearl
    )
    near, similar = difference <= OWN_COLOR, difference <= ONE_PIECE
    if shaded:
        shade = _is_shade(sides.rgb[:, view], color) & sides.seen[view]
        near, similar = near | shade, similar | shade
    similar &= may_belong
    piece = flood(similar, seed)
    # a chain alternates: links that hang a row apart belong together, with what is between them
    alone = np.flatnonzero(piece.sum(axis=(1, 2)) == 1)
    links = similar[alone]
    between = links[:, :-2] & links[:, 2:] & ~ink[view[alone], 1:-1]
    links[:, 1:-1] |= between & may_belong[alone, 1:-1]
    piece[alone] = flood(links, seed[alone])
    size = piece.sum(axis=(1, 2))
    height, width = np.asarray(piece.any(axis=2)).sum(axis=1), np.asarray(piece.any(axis=1)).sum(axis=1)
    room = np.zeros((2, *difference.shape[1:]), np.bool_)
    room[0, _within(range(LOBE_ROWS.start, LOWEST), ROWS), 1:-1] = True
    room[1, LOBE_ROWS.start - ROWS.start : -1, 1:-1] = True  # only a line hangs down so far
    fits = ~(piece & ~room[(width == 1).astype(np.intp)]).any(axis=(1, 2))
    fits &= (size <= LARGEST) & (width <= WIDEST)
    small = np.asarray(fits.copy())
    # what lies on the cheek is whiskers or paint, unless it is a ring or hangs down from beside it
    on_cheek = piece[:, :, CHEEK_COL - LEFT_COLS.start :].any(axis=(1, 2))
    some = np.flatnonzero(fits & on_cheek & ((size != 2) | (height != 2)))
    fits[some] = _find_bends(piece[some])[0]
    accepted, how_sure = np.zeros(len(view), np.bool_), np.full(len(view), SURE)
    some = np.flatnonzero(fits)  # most seeds belong to larger things
    accepted[some], how_sure[some] = _judge_pieces(
        sides, view[some], color[:, some], piece[some], near[some], difference[some], shaded
    )
    return piece, small, accepted, how_sure


def _judge_pieces(
    sides: _Sides,
    view: IntArray,
    color: NDArray[np.int16],
    piece: BoolArray,
    near: BoolArray,
    difference: NDArray[np.int16],
    shaded: bool,
) -> tuple[BoolArray, FloatArray]:
    """Tell which pieces of the shape of earrings are some, and how sure that is: (M,) each."""
    size, around = piece.sum(axis=(1, 2)), grow(piece)
    worn = sides.figure & ~sides.bare & ~sides.lens
    worn[:, LOWEST + 1 - ROWS.start :] = False  # clothes
    worn[:, :, CHEEK_COL - LEFT_COLS.start :] = False  # eyes and paint may have any colour
    repeated = (near & worn[view] & ~piece).sum(axis=(1, 2))
    # a twin hangs on the other ear, a row higher or lower at most
    other = (view + len(sides.figure) // 2) % len(sides.figure)
    near = _difference(sides.rgb[:, other], color) <= OWN_COLOR
    if shaded:
        near |= _is_shade(sides.rgb[:, other], color)
    twin_rows = np.asarray(around.any(axis=2))[:, :, None]
    repeated += (near & worn[other] & ~twin_rows).sum(axis=(1, 2))

    accepted = repeated <= REPEATED
    clearest = np.where(around & ~piece, difference, 3 * 255).min(axis=(1, 2))
    doubts = np.where(accepted, clearest < STANDS_OUT, (size <= SMALL) & (repeated <= REPEATED + SMALL))
    disputed = accepted & _may_be_other(sides, view, color, piece, around)
    return np.asarray(accepted), np.where(disputed, DISPUTED, np.where(doubts, LESS_SURE, SURE))


def _may_be_other(
    sides: _Sides, view: IntArray, color: NDArray[np.int16], piece: BoolArray, around: BoolArray
) -> BoolArray:
    """Whether people doubt that a piece is worn: a gleam in grey hair, or one of several tears: (M,)."""
    beside = around & ~piece & (sides.figure & ~sides.bare & ~sides.lens)[view]
    beside &= sides.rgb.sum(axis=0)[view] > INK
    spread = _spread(sides.rgb)[view]
    gleam = (spread <= COLORLESS) & (_spread(color) <= COLORLESS) & beside
    gleam[:, :, FACE_COL - LEFT_COLS.start :] = False
    tears = (spread >= COLORED) & beside  # below the eyes and what is worn over them
    tears[:, : LENS_ROW + 1 - ROWS.start] = False
    tears[:, :, : FACE_COL - LEFT_COLS.start] = False
    return np.asarray((gleam | tears).any(axis=(1, 2)))


def _is_shade(rgb: NDArray[np.int16], color: NDArray[np.int16]) -> BoolArray:
    """Tell which pixels have the hue of a colour, darker or lighter by no more than metal is shaded."""
    light, own = rgb.sum(axis=0, dtype=np.float64), np.maximum(color.sum(axis=0, dtype=np.float64), 1)
    ratio = light / own
    apart = sum(np.abs(rgb[channel] - ratio * color[channel]) for channel in range(3))
    return np.asarray((ratio >= SHADED) & (ratio <= 1 / SHADED) & (apart <= SHADE_HUE * light))


def _find_seeds(sides: _Sides) -> BoolArray:
    """Find pixels that may belong to an earring: at the lobes, not skin, shining or colourful."""
    place = np.zeros(sides.figure.shape[1:], np.bool_)
    place[_within(LOBE_ROWS, ROWS), _within(LOBE_COLS, LEFT_COLS)] = True
    all_light = sides.rgb[0] + sides.rgb[1] + sides.rgb[2]
    near_face = sides.head.copy()
    near_face[:, :, FACE_COL - LEFT_COLS.start :] = True
    for _ in range(REACH):
        near_face = grow(near_face)
    seeds = place & sides.figure & ~sides.bare & ~sides.lens & near_face & (all_light > INK)

    view, row, col = find_pixels(seeds)
    pixels, light = sides.rgb[:, view, row, col], all_light[view, row, col]
    unlike, darker, lighter, outshone = (np.zeros(len(view), np.int8) for _ in range(4))
    for down in (-1, 0, 1):
        for inwards in (-1, 0, 1):
            there = (view, row + down, col + inwards)
            its_light, bare = all_light[there], sides.bare[there]
            differs = _difference(pixels, sides.rgb[(slice(None), *there)]) >= STANDS_OUT
            differs |= ~sides.seen[there]
            unlike += differs
            darker += differs & (its_light < light)
            outshines = (its_light > light + FAINTLY) & (bare | differs) & sides.figure[there]
            lighter += outshines
            outshone += outshines & bare
    pale = (light >= PALE) & (outshone == 0)
    shines = (darker >= DARKER_NEIGHBOURS) & (lighter == 0) & (light >= SHINING)
    skin = sides.skin[:, view, 0, 0]
    colorful = _spread(pixels) >= _spread(skin) + MORE_COLORFUL
    colorful |= (_spread(pixels) >= COLORED) & (_hue_difference(pixels, skin) >= OTHER_HUE)
    colorful &= (outshone == 0) | (_difference(pixels, skin) >= BLUSH)
    seeds[view, row, col] = (unlike >= UNLIKE_NEIGHBOURS) & (shines | pale | colorful)
    return np.asarray(seeds, np.bool_)


def _hue_difference(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.int16]:
    """How much the steps from channel to channel differ, in [0, 1020]; grey has none."""
    return np.asarray(
        np.abs(one[0] - one[1] - other[0] + other[1]) + np.abs(one[1] - one[2] - other[1] + other[2]),
        np.int16,
    )


def _spread(rgb: NDArray[np.int16]) -> NDArray[np.int16]:
    """How colourful a pixel is: its largest channel less the smallest."""
    return np.asarray(rgb.max(axis=0) - rgb.min(axis=0), np.int16)


def _name_kinds(jewels: BoolArray) -> IntArray:
    """Say which kind of earring the pixels of each view make: value codes (2N,)."""
    kind = np.full(len(jewels), NONE, np.intp)
    some = np.flatnonzero(jewels.any(axis=(1, 2)))
    jewels = jewels[some]
    size = jewels.sum(axis=(1, 2))
    height, width = jewels.any(axis=2).sum(axis=1), jewels.any(axis=1).sum(axis=1)
    around, bends_out, bends_in = _find_bends(jewels)
    chain = bends_out & bends_in
    hangs = ~around & ~bends_out & ~bends_in & (height >= 3)
    line = (width == 1) & (height >= 2)
    block = (size == 4) & (height == 2) & (width == 2)
    kind[some] = np.where(line | chain | hangs, DROP, np.where((size <= 2) | block, STUD, HOOP))
    return kind


def _find_bends(piece: BoolArray) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Whether pieces go around a gap, or bend around one on the outer or the inner side only: (M,) each."""
    above, below = _after(piece, 1), _after(piece[:, ::-1], 1)[:, ::-1]
    outside, inside = _after(piece, 2), _after(piece[:, :, ::-1], 2)[:, :, ::-1]
    upright, level = above & below & ~piece, outside & inside & ~piece
    return (
        np.asarray((level & (above | below)).any(axis=(1, 2))),
        np.asarray((upright & outside & ~inside).any(axis=(1, 2))),
        np.asarray((upright & inside & ~outside).any(axis=(1, 2))),
    )


def _after(mask: BoolArray, axis: int) -> BoolArray:
    """Whether a pixel of the mask comes earlier along an axis."""
    return np.asarray(np.logical_or.accumulate(mask, axis=axis), np.bool_)


def _place_back(views: BoolArray, face: FaceFrame) -> BoolArray:
    """Put masks of the side views where the views were cut: shape (N, 24, 24)."""
    n = len(face.eye_row)
    left = face.place_back(views[:n], ROWS, LEFT_COLS)
    return left | from_right_eye(face).place_back(views[n:, :, ::-1], ROWS, RIGHT_COLS[::-1])


DETECTORS = (LonePixelsAtTheEars(),)
