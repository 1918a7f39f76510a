"""Hair, headwear, clothing and neck.

Owns the parts of the figure around the face. Knows the face, the skin and the background; must not know what
any trait is called.
"""

from __future__ import annotations

import numpy as np

from punkdetect.bitrows import Bits, bits_of, count, count_bits, flood, keep, mask_of
from punkdetect.landmarks._hair import INK, Figure, HairSigns, find_hair, thick_parts
from punkdetect.landmarks._hat_signs import NEAR_BLACK
from punkdetect.landmarks._places import ALL_COLS, LAST, Places
from punkdetect.landmarks._shades import GLARING
from punkdetect.landmarks.background import Background
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.skin import Skin
from punkdetect.pixels import Palette, has_alpha, lab_distance, lab_of
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray
from punkdetect.records import Record

SKIN_REACH = 2.5
"""CIELAB distance from the skin's colour up to which a pixel of the head is bare skin: foreheads are flat,
and the hair of pale portraits is only 3 to 8 away."""

LEAST_CLOTHING = 4
"""Pixels of clothing in colours that the hair has not, from which the others are strands of hair."""


LEAST_IN_ROW = 2
"""Pixels of hair in a row from which the hair reaches down to it."""


class Regions(Record):
    """Parts of the figure around the face; bool masks of shape (N, 24, 24).

    Parameters
    ----------
    hair : ndarray of bool
        Hair of the head, as far down as it hangs.
    head_top : ndarray of bool
        Everything on the head above the eyes that is neither skin nor outline: hair, hat, ornaments.
    headwear : ndarray of bool
        The part of `head_top` that is not hair.
    clothing : ndarray of bool
        What is below chin and neck and is no hair.
    neck : ndarray of bool
        Bare skin below the chin.
    signs : HairSigns
        What told hair from headwear.
    """

    hair: BoolArray
    head_top: BoolArray
    headwear: BoolArray
    clothing: BoolArray
    neck: BoolArray
    signs: HairSigns


def find_regions(
    rgba: ByteArray, palette: Palette, face: FaceFrame, background: Background, skin: Skin
) -> Regions:
    """Find hair, headwear, clothing and neck.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette
    face : FaceFrame
    background : Background
    skin : Skin
        All of the same N portraits.

    Returns
    -------
    Regions
        Empty where no face was found.
    """
    places = Places(face)
    solid = keep(bits_of(~background.mask & has_alpha(rgba, 255)), face.found[:, None])
    lightness = palette.lab[..., 0]
    like_skin, dark, near_black, glaring = palette.bits_with_each(
        lab_distance(palette.lab, lab_of(skin.rgb)[:, None]) <= SKIN_REACH,
        lightness < INK,
        lightness < NEAR_BLACK,
        palette.chroma >= GLARING,
    )
    bare, shaded = solid & like_skin, bits_of(skin.mask)
    figure = Figure(solid, bare, shaded, dark, near_black, glaring)
    head_top, hair, signs = find_hair(palette, figure, places)
    below_chin = places.below_mouth(3)
    neck = bare & below_chin & shaded
    clothing = _find_clothing(palette, solid & ~bare & below_chin & ~hair, hair, dark)
    return Regions(
        hair=mask_of(hair, SIDE),
        head_top=mask_of(head_top, SIDE),
        headwear=mask_of(head_top & ~hair, SIDE),
        clothing=mask_of(clothing, SIDE),
        neck=mask_of(neck, SIDE),
        signs=signs,
    )


def _find_clothing(palette: Palette, below: Bits, hair: Bits, dark: Bits) -> Bits:
    """Find what stands on the bottom edge and is neither outline nor a strand of hair."""
    bottom = np.zeros_like(below)
    bottom[:, LAST] = ALL_COLS
    clothing = flood(below, bottom) & (~dark | thick_parts(below & dark))
    plain = clothing & ~palette.bits_with(palette.count_bits(hair) > 0)
    enough = count(plain) >= LEAST_CLOTHING
    return np.where(enough[:, None], plain, clothing)


def lowest_row(hair: BoolArray) -> IntArray:
    """Return the row that the hair reaches down to.

    Parameters
    ----------
    hair : ndarray of bool, shape (N, 24, 24)

    Returns
    -------
    ndarray of int, shape (N,)
        Lowest row with at least two pixels of hair (a lone one is a loose curl); -1 without any.
    """
    enough = count_bits(bits_of(hair)) >= LEAST_IN_ROW
    return np.where(enough.any(axis=1), SIDE - 1 - enough[:, ::-1].argmax(axis=1), -1)
