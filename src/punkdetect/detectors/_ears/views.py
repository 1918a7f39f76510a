"""Both sides of every head, cut out of the portraits, as earrings are looked for there.

Owns the geometry of the sides and what each of their pixels is known to be. Must not know what jewels are.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import bits_of
from punkdetect.landmarks._places import Places
from punkdetect.landmarks.eye_band import KNOWN_SKIN, from_right_eye
from punkdetect.landmarks.face import EYE_SPACING, FaceFrame
from punkdetect.landmarks.flat_colors import color_difference
from punkdetect.pixels import TRANSPARENT, has_alpha, unpack_rgb
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray
from punkdetect.records import Record

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.pixels import Palette

ROWS = range(-2, 12)
"""Rows of the side views, relative to the upper row of the eyes: from the temple, under what is worn in the
hair, to under the chin, where long earrings end."""

LEFT_COLS, RIGHT_COLS = range(-9, 2), range(15, 4, -1)
"""Columns of the side views from the background inwards, relative to the left edge of the left eye; the right
side is mirrored. Both end in the inner column of an eye."""

ARM_ROW, LENS_ROW = 1, 2
"""Lowest rows of the arms and of the lenses of glasses: the lower row of the eyes, and the one under it."""

FACE_COL = -1
"""Column from which on inwards the side view shows the face, whatever covers it."""

CHEEK_COL = 0
"""Column from which on inwards the side view shows the cheek on either side."""

UNLIKE_SKIN = 36
"""Sum of the channel differences from the skin that an earring has at least: the palest labelled one on pale
skin has 70, silver on grey-brown skin about 40."""

ONE_PIECE = 60
"""Sum of the channel differences up to which touching pixels are one piece: an earring may have two tones."""

COVERS = 8
"""Pixels between cheek and chin from which a colour is that of a mask or a beard; lips have fewer."""

LIT, OFF_TINT = 0.5, 30
"""How far from the hair's main colour towards white its lit strands come at most, and the sum of the channel
differences that they may be off that line. Pearls on brown hair are at 0.9, silver on gray at 0.7."""

DARK, OFF_SHADE = 0.5, 12
"""The same for the shaded strands of hair that has a tint, on the way to black."""

TINTED = 24
"""Channel spread from which hair has a tint."""

LEAST_HAIR = 3
"""Pixels of a colour from which it is that of the hair."""

BESIDE_ROWS = (-2, 1)
"""Rows beside brows and eyes, where hair is under what is worn over it."""

COVERED_ROWS, FACE_COLS = (3, 10), (0, 7)
"""Rows that masks and beards cover, and columns of the face, relative to the left eye."""

FOREHEAD = 4
"""Pixels between the brows and over them from which a colour is that of skin, fringe or headband."""

BROW_ROWS, BROW_COLS = (-2, 0), (1, 6)
"""Rows of the brows and the one above, and columns from brow to brow, relative to the left eye."""

EYE_ROWS = (0, 3)
"""Rows of eyes and lenses, relative to the upper row of the eyes."""

MOUTH_ROWS = range(5, 8)
"""Rows in which the mouth lies, whatever the size of the head."""

SHADED, SHADE_HUE = 0.6, 0.1
"""Share of the light that a shaded part of metal keeps, and how much of it may differ from the same hue."""

STICKS_OUT = 2
"""Columns by which what is held in the mouth reaches further out than the face."""

EAR_HUE = 0.06
"""Share of the light by which the ear's shading may differ from the skin's hue: artists take the skin times
0.8; silver on the palest skin differs by 0.13."""

FAINTLY = 15
"""Sum of the channels (or of their differences) up to which colours are the same to the eye."""

INK = 90
"""Sum of the channels up to which a pixel is outline or black hair."""

SEEN, SKIN_COLORED, KNOWN, OF_EYES, FIGURE, SKIN, SKIN_SHADE = (np.uint32(1 << bit) for bit in range(24, 31))
"""What is known of a colour, and of a pixel, beside its 24 bits of colour."""

FIGURE_BIT, SKIN_BIT = np.uint8(FIGURE >> 24), np.uint8(SKIN >> 24)
TOP = 3 if sys.byteorder == "little" else 0
"""Which byte of a pixel's four holds the marks."""


class Sides(Record):
    """Both sides of every head, seen from outside inwards: 2N views of 14 x 11 pixels, left ones first.

    Parameters
    ----------
    rgb : ndarray of int16, shape (3, 2N, 14, 11)
        The channels one after the other: all comparisons run along whole planes.
    light : ndarray of int16, shape (2N, 14, 11)
        Sum of the channels.
    seen : ndarray of bool, shape (2N, 14, 11)
        Pixels that are not transparent.
    figure : ndarray of bool, shape (2N, 14, 11)
        Opaque pixels that are not background.
    head : ndarray of bool, shape (2N, 14, 11)
        Skin of the face and the ear.
    bare : ndarray of bool, shape (2N, 14, 11)
        Pixels of the skin's colour or its shade, wherever.
    shade : ndarray of bool, shape (2N, 14, 11)
        Pixels in the skin's hue, darker, as ears are shaded.
    lens : ndarray of bool, shape (2N, 14, 11)
        Pixels of glasses or eyes: what is repeated where the other lens is, or has the colour of the frame or
        of what is seen through it.
    known : ndarray of bool, shape (2N, 14, 11)
        Pixels in a colour that hair, forehead, background or what covers the mouth has.
    bridged : ndarray of bool, shape (2N,)
        Whether something spans the nose, as glasses do.
    held : ndarray of bool, shape (2N,)
        Whether something leaves the mouth on this side.
    masked : ndarray of bool, shape (2N,)
        Whether cloth covers the mouth.
    skin : ndarray of int16, shape (3, 2N, 1, 1)
    """

    rgb: NDArray[np.int16]
    light: NDArray[np.int16]
    seen: BoolArray
    figure: BoolArray
    head: BoolArray
    bare: BoolArray
    shade: BoolArray
    lens: BoolArray
    known: BoolArray
    bridged: BoolArray
    held: BoolArray
    masked: BoolArray
    skin: NDArray[np.int16]

    def take(self, views: IntArray) -> Sides:
        """Return some of the views."""
        by_channel = ("rgb", "skin")
        parts = self.as_dict().items()
        return Sides(**{n: part[:, views] if n in by_channel else part[views] for n, part in parts})

    def other(self, view: IntArray) -> IntArray:
        """Return the views of the other side of the same heads."""
        return (view + len(self.seen) // 2) % len(self.seen)


def within(part: range, whole: range) -> slice:
    """Return where a range lies in another one."""
    return slice(part.start - whole.start, part.stop - whole.start)


def cut_sides(rgba: ByteArray, landmarks: Landmarks) -> Sides:
    """Cut both sides of every head out of the pictures."""
    face, skin = landmarks.face, landmarks.skin
    color = np.where((skin.weight >= KNOWN_SKIN)[:, None], skin.rgb, face.skin_rgb)
    packed = _pack_pixels(rgba, landmarks, color)
    # either side follows its own eye, and is compared with what is at the other eye
    reach = range(LEFT_COLS[0], RIGHT_COLS[-1] - EYE_SPACING + len(RIGHT_COLS))
    by_left = face.crop(packed, ROWS, reach)
    by_right = from_right_eye(face).crop(packed, ROWS, range(LEFT_COLS[0] + EYE_SPACING, RIGHT_COLS[0] + 1))
    width = len(LEFT_COLS)
    sides = np.concatenate([by_left[:, :, :width], by_right[:, :, -width:][:, :, ::-1]])
    twins = np.concatenate([by_right[:, :, :width], by_left[:, :, -width:][:, :, ::-1]])
    rgb = unpack(sides)
    light = rgb[0] + rgb[1] + rgb[2]
    marks = (SEEN, FIGURE, SKIN, KNOWN, SKIN_SHADE)
    seen, figure, head, known, shade = (sides & mark > 0 for mark in marks)
    bare = sides & (SKIN | SKIN_COLORED) > 0
    bridged = np.tile(landmarks.eye_band.bridged, 2)
    lens = _find_lenses(rgb, bare, sides & OF_EYES > 0, bridged, landmarks)
    lens |= difference_of(rgb, unpack(twins)) <= FAINTLY
    masked = np.tile(landmarks.mouth.covered, 2)
    skins = np.concatenate([color, color]).T.astype(np.int16)[:, :, None, None]
    held = _find_held(figure, bare | shade, known, light)
    return Sides(
        rgb, light, seen, figure, head, bare, shade, lens & ~bare, known, bridged, held, masked, skins
    )


def _pack_pixels(rgba: ByteArray, landmarks: Landmarks, skin_rgb: ByteArray) -> NDArray[np.uint32]:
    """Write colour and marks of every pixel as one number, so that everything is cut at once."""
    palette, face = landmarks.inked.palette, landmarks.face
    colors = unpack_rgb(palette.colors)
    of_face = color_difference(colors, skin_rgb[:, None]) < UNLIKE_SKIN
    of_face |= color_difference(colors, face.second_rgb[:, None]) <= FAINTLY
    places = Places(face)
    of_eyes = palette.count_bits(places.rows(*EYE_ROWS) & places.cols(*FACE_COLS)) > 0
    known = _find_known(landmarks, places)
    codes = np.where(palette.colors == TRANSPARENT, 0, palette.colors | SEEN)
    shade = _is_skin_shade(colors, skin_rgb)
    for flags, mark in ((of_face, SKIN_COLORED), (known, KNOWN), (of_eyes, OF_EYES), (shade, SKIN_SHADE)):
        codes |= flags * mark
    packed = palette.of_pixels(codes)
    # the marks of pixels go into the byte above the colour, a quarter of the memory to walk through
    marks = (has_alpha(rgba, 255) & ~landmarks.background.mask).view(np.uint8) * FIGURE_BIT
    marks |= landmarks.skin.mask.view(np.uint8) * SKIN_BIT
    packed.view(np.uint8).reshape(*packed.shape, 4)[..., TOP] |= marks
    return packed


def _is_skin_shade(colors: ByteArray, skin_rgb: ByteArray) -> BoolArray:
    """Mark the colours of the skin's own shading: (N, K)."""
    channels = np.moveaxis(colors, -1, 0).astype(np.int16)
    skin = skin_rgb.T[:, :, None].astype(np.int16)
    return np.asarray(is_shade(channels, skin, EAR_HUE) & (channels.sum(axis=0) < skin.sum(axis=0)))


def _find_known(landmarks: Landmarks, places: Places) -> BoolArray:
    """Mark the colours of hair, its lit strands, forehead, background, masks and beards: (N, K)."""
    palette = landmarks.inked.palette
    known = landmarks.background_counts > 0
    known |= palette.count_bits(places.rows(*COVERED_ROWS) & places.cols(*FACE_COLS)) >= COVERS
    known |= palette.count_bits(places.rows(*BROW_ROWS) & places.cols(*BROW_COLS)) >= FOREHEAD
    hair = bits_of(landmarks.regions.hair)
    # over the ears a cap may be in the place of hair, beside the face is none
    for rows in (places.rows(-SIDE, 1), places.rows(*BESIDE_ROWS)):
        known |= _strands_of(palette, palette.count_bits(hair & rows))
    return known


def _strands_of(palette: Palette, hair: IntArray) -> BoolArray:
    """Mark the main colour of what is counted, that colour lit, and shaded: (N, K)."""
    strands = np.zeros(palette.colors.shape, np.bool_)
    # only colours that occur: some portraits have hundreds
    portrait, color = np.nonzero((palette.counts > 0) & (hair.max(axis=1, initial=0) >= LEAST_HAIR)[:, None])
    main = unpack_rgb(palette.colors[portrait, hair.argmax(axis=1)[portrait]]).astype(np.int16)
    step, room = unpack_rgb(palette.colors[portrait, color]) - main, 255 - main
    lit = step.sum(axis=1) / np.maximum(room.sum(axis=1), 1)
    off = np.abs(step - lit[:, None] * room).sum(axis=1)
    dark = -step.sum(axis=1) / np.maximum(main.sum(axis=1), 1)
    off_dark = np.abs(step + dark[:, None] * main).sum(axis=1)
    strands[portrait, color] = (lit >= 0) & (lit <= LIT) & (off <= OFF_TINT)
    dark[main.max(axis=1) - main.min(axis=1) < TINTED] = -1  # silver is no shade of white hair
    strands[portrait, color] |= (dark >= 0) & (dark <= DARK) & (off_dark <= OFF_SHADE)
    return strands


def _find_lenses(
    rgb: NDArray[np.int16], bare: BoolArray, of_eyes: BoolArray, bridged: BoolArray, landmarks: Landmarks
) -> BoolArray:
    """Find what belongs to eyes and glasses beside the face: frames, arms, glints, eyes set far apart."""
    lens = np.zeros(bare.shape, np.bool_)
    band = landmarks.eye_band
    frames = np.tile(np.where(band.bridged[:, None], band.bridge_rgba[:, :3], 0), (2, 1))
    frames = frames.T.astype(np.int16)[:, :, None, None]
    rows = slice(ARM_ROW + 1 - ROWS.start)
    lens[:, rows] = (difference_of(rgb[:, :, rows], frames) <= ONE_PIECE) & bridged[:, None, None]
    # a glint at the edge of a lens has lens, not skin, on its inner side, or is seen in the lens as well
    edge, rows = FACE_COL - LEFT_COLS.start, slice(LENS_ROW + 1 - ROWS.start)
    lens[:, rows, edge] |= ~bare[:, rows, edge + 1] & bridged[:, None]
    rows = slice(-ROWS.start, LENS_ROW + 1 - ROWS.start)
    lens[:, rows, edge - 1 : edge + 1] |= of_eyes[:, rows, edge - 1 : edge + 1] & bridged[:, None, None]
    # and eyes that are wider apart than usual reach out to there
    rows = slice(-ROWS.start, ARM_ROW + 1 - ROWS.start)
    lens[:, rows, edge] |= of_eyes[:, rows, edge]
    return lens


def _find_held(figure: BoolArray, bare: BoolArray, known: BoolArray, light: NDArray[np.int16]) -> BoolArray:
    """Whether something leads over the cheek, level with the mouth, to the outside: shape (2N,)."""
    rows, face, cheek = within(MOUTH_ROWS, ROWS), FACE_COL - LEFT_COLS.start, CHEEK_COL - LEFT_COLS.start
    black = figure & (light <= INK)
    colored = figure & ~(bare | known | black)
    # a black stem has skin over and under it, one of the hair's colour its own black outline
    above, here, below = slice(None, -2), slice(1, -1), slice(2, None)
    stem = np.zeros_like(figure)
    under = bare.copy()
    under[:, :, cheek] |= black[:, :, cheek]  # the outline, where the jaw is narrower
    stem[:, here] = black[:, here] & bare[:, above] & under[:, below]
    stem[:, here] |= (figure & ~(bare | black))[:, here] & black[:, above] & black[:, below]
    leads = (colored | stem)[:, rows, cheek : cheek + 2].all(axis=2)
    leads &= ~np.roll(leads, leads.shape[0] // 2, axis=0)  # what leads to both sides is a mask
    # it takes the place of the outline beside it, and reaches out of the head
    leads &= (figure & ~bare)[:, rows, face]
    leads &= figure[:, rows, face - STICKS_OUT : face].all(axis=2)
    return np.asarray(leads.any(axis=1))


def unpack(packed: NDArray[np.uint32]) -> NDArray[np.int16]:
    """Return the channels of packed colours, channels first."""
    return np.stack([(packed >> np.uint32(at) & np.uint32(255)).astype(np.int16) for at in (16, 8, 0)])


def difference_of(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.int16]:
    """Sum of the absolute differences of colours whose channels come first."""
    total = np.abs(one[0] - other[0])
    total += np.abs(one[1] - other[1])
    total += np.abs(one[2] - other[2])
    return np.asarray(total, np.int16)


def hue_difference(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.int16]:
    """How much the steps from channel to channel differ, in [0, 1020]; grey has none."""
    return np.asarray(
        np.abs(one[0] - one[1] - other[0] + other[1]) + np.abs(one[1] - one[2] - other[1] + other[2]),
        np.int16,
    )


def is_shade(rgb: NDArray[np.int16], color: NDArray[np.int16], off: float = SHADE_HUE) -> BoolArray:
    """Tell which pixels have the hue of a colour, darker or lighter by no more than metal is shaded."""
    light, own = rgb.sum(axis=0, dtype=np.float64), np.maximum(color.sum(axis=0, dtype=np.float64), 1)
    ratio = light / own
    apart = sum(np.abs(rgb[channel] - ratio * color[channel]) for channel in range(3))
    return np.asarray((ratio >= SHADED) & (ratio <= 1 / SHADED) & (apart <= off * light))


def spread_of(rgb: NDArray[np.int16]) -> NDArray[np.int16]:
    """How colourful a pixel is: its largest channel less the smallest."""
    return np.asarray(rgb.max(axis=0) - rgb.min(axis=0), np.int16)


def place_back(views: BoolArray, face: FaceFrame) -> BoolArray:
    """Put masks of the side views where the views were cut: shape (N, 24, 24)."""
    n = len(face.eye_row)
    left = face.place_back(views[:n], ROWS, LEFT_COLS)
    return left | from_right_eye(face).place_back(views[n:, :, ::-1], ROWS, RIGHT_COLS[::-1])
