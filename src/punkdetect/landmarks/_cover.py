"""What covers a mouth: cloth over the lower face.

Owns the difference between a mask and a beard. Must not know how face and mouth were found.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks._mouth_row import redness_and_darkness
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import (
    DISTINCT,
    SAME_COLOR,
    color_difference,
    cut_boxes,
    cut_windows,
    guess_flat_colors,
    has_hue_of,
)
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray

PALE = 480
"""Sum of the channels above which a flat lower face that is not skin is taken for cloth, not for a beard."""

VIVID = 50
"""Spread of the channels (largest less smallest) from which a colour has a hue; greys of beards have up to
30."""

SOME_SKIN = (0.15, 0.65)
"""Shares of the place of the mouth between which skin shows in part: no mask. Labelled masks have 0 to 0.05,
or 0.7 and more where the mask itself was taken for the skin; faces that are mislaid behind VR sets 0.2 to
0.6."""

NOSE_CONTRAST = 90
"""Sum of the channel differences from which a nose is seen where no mouth is; the pleats of a paper mask
have 60, the faintest nose (an alien's) 99."""

LITTLE_SKIN = 0.2
"""Share of the pixels beside and under the nose up to which no skin shows there: a mask begins at the nose at
the lowest, a beard under it."""

THROAT_ROWS, THROAT_COLS = (21, 24), (6, 18)
"""Rows and columns (half open) in which a neck shows under any head."""

CHIN = 4
"""Rows from the mouth to the outline under the chin, about: masks end there."""

LEAST_THROAT = 3
"""Pixels of the throat that must have a colour: a neck is three wide at least."""

LIP_MARGIN = 15
"""Least difference (of redness 2R-G-B, or of the sum of the channels) between lips and what is around them:
the folds of a dark scarf have 2, the faintest lips 25."""

RED_LIPS = 60
"""How much redder lips in a beard of several shades are than each of them."""

BLOCK_ROWS = 3
"""Rows under the nose that are looked at at most: further down the neck may show."""

MOST = 0.6
"""Share of the place of the mouth that has the colour of the cloth; stripes and pleats have the rest."""

SHADE_HUE, SHADE_DEPTH = 0.05, (0.5, 1.0)
"""Largest difference of the shares of red, green and blue between a skin and its own shade, and the range of
its lightness to the skin's: two-tone faces are no masks."""

PLEAT_DEPTH = (0.6, 0.95)
"""Range of the lightness of a pleat to its cloth's; lips drawn in ink have under 0.5."""

LIPS = 3
"""Columns of the narrowest lips."""

PAPER = 225
"""Mean of the channels above which what lies around a pleat is paper, not a pale skin around its lips."""

CRIMSON, PURE_RED = 120, 0.12
"""Spread of the channels from which a red is that of cloth, and the share of it up to which green and blue
may differ: the reddest beards lean to orange by 0.2 and more."""


def find_cover(
    rgba: ByteArray, face: FaceFrame, bar_found: BoolArray, ends: tuple[IntArray, IntArray]
) -> BoolArray:
    """Return the block from the nose to below the mouth where cloth covers it: shape (N, 24, 24).

    Where there is no clean bar: either no skin shows beside and under the nose, nor the nose itself; or the
    place of the mouth has a colour that neither skin nor beards have; or neither bar nor nose is seen.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
    bar_found : ndarray of bool, shape (N,)
        Whether something like the bar of a mouth is seen; the stripes of a mask may look like one.
    ends : ndarrays of int, shape (N,)
        First and last column of the bar.
    """
    every = np.arange(len(rgba))
    clean = bar_found & _is_clean_bar(rgba, face, every, ends)
    part_of_cloth, ground = _looks_like_cloth(rgba, face, ends)
    item = np.flatnonzero(face.found & ~(clean & ~part_of_cloth))
    skins = _find_skins(rgba, face, item)
    folded = part_of_cloth[item]
    # lips are three wide, and are a shade of some skins
    wide = (ends[1] - ends[0])[item] >= LIPS - 1
    for color, known in [*skins, (face.skin_rgb[item], wide)]:
        of_skin = color_difference(ground[item], color) < DISTINCT
        folded &= ~known | ~(of_skin | has_hue_of(ground[item], color, SHADE_HUE, SHADE_DEPTH))
    bar_found = bar_found.copy()
    bar_found[item[folded | _is_dot(rgba, face, ends)[item]]] = False
    few = folded | ~clean[item]
    item, skins = item[few], [(color[few], known[few]) for color, known in skins]
    cloth = _is_cloth(rgba, face, item, skins)
    height = np.minimum(face.mouth_row[item] - face.nose_row[item] + 1, BLOCK_ROWS)
    nose_cols = face.nose_col[item, None] + np.arange(-2, 4)
    cols = face.mouth_col[item, None] + np.arange(-1, 4)
    no_skin = ~(bar_found[item] & _is_shade(rgba, face, item, skins[0][0]))
    for color, known in skins:
        beside = _share_of(color, rgba, item, face.nose_row[item], 2, nose_cols)
        around = _share_of(color, rgba, item, face.nose_row[item] + 1, height, cols)
        no_skin &= ~known | ((beside <= LITTLE_SKIN) & (around <= SOME_SKIN[0]))
    nose_visible, alone = (seen[item] for seen in _nose_visible(rgba, face))
    usual = _share_of(face.skin_rgb[item], rgba, item, face.nose_row[item] + 1, height, cols)
    no_mouth = ~bar_found[item] & ~nose_visible & ~((usual > SOME_SKIN[0]) & (usual < SOME_SKIN[1]))
    cloth_under_nose = cloth & (~alone | ~bar_found[item])
    return _blocks(face, item[cloth_under_nose | no_mouth | (no_skin & ~alone)])


def _blocks(face: FaceFrame, covered: IntArray) -> BoolArray:
    """Return five columns from the nose to below the mouth, for the covered ones of all faces."""
    index = np.arange(SIDE)
    rows = (index >= face.nose_row[covered, None]) & (index <= face.mouth_row[covered, None] + 1)
    cols = (index >= face.mouth_col[covered, None] - 1) & (index <= face.mouth_col[covered, None] + 3)
    cover = np.zeros((len(face.found), SIDE, SIDE), bool)
    cover[covered] = rows[:, :, None] & cols[:, None, :]
    return cover


def _find_skins(rgba: ByteArray, face: FaceFrame, item: IntArray) -> list[tuple[ByteArray, BoolArray]]:
    """Return colours that may be skin, shape (M, 3), each with whether it is known to be: shape (M,).

    What lies around the eyes, where no mask reaches; and what the face frame takes for skin (which may be the
    mask itself), if the throat has it too.
    """
    at_eyes = guess_flat_colors(
        cut_boxes(rgba, item, face.eye_row[item] - 2, face.left_eye_col[item] - 1, 4, 9)
    )
    skins = [(color, np.ones(len(item), bool)) for color in at_eyes]
    rows = np.arange(THROAT_ROWS[0], THROAT_ROWS[1])
    neck = rgba[item][:, THROAT_ROWS[0] : THROAT_ROWS[1], THROAT_COLS[0] : THROAT_COLS[1]]
    under_chin = rows >= face.mouth_row[item, None] + CHIN
    alike = color_difference(neck, face.skin_rgb[item, None, None]) <= SAME_COLOR
    in_throat = (alike & under_chin[:, :, None]).sum(axis=(1, 2)) >= LEAST_THROAT
    skins.append((face.skin_rgb[item], np.asarray(in_throat)))
    return skins


def _share_of(
    color: ByteArray,
    rgba: ByteArray,
    item: IntArray,
    first_row: IntArray,
    height: IntArray | int,
    cols: IntArray,
) -> FloatArray:
    """Return the share of a block's pixels that have a colour: shape (M,)."""
    heights = np.broadcast_to(np.asarray(height), item.shape)
    offset = np.arange(int(heights.max(initial=0)))
    part = cut_windows(rgba, item, first_row[:, None] + offset, cols)
    inside = offset < heights[:, None]
    alike = (color_difference(part, color[:, None, None]) <= SAME_COLOR) & inside[:, :, None]
    share: FloatArray = alike.sum(axis=(1, 2)) / np.maximum(cols.shape[1] * inside.sum(axis=1), 1)
    return share


def _is_shade(rgba: ByteArray, face: FaceFrame, item: IntArray, skin: ByteArray) -> BoolArray:
    """Tell whether the pixel beside the mouth has the hue of the skin in a darker shade."""
    beside = rgba[
        item, np.clip(face.mouth_row[item], 0, SIDE - 1), np.clip(face.mouth_col[item] - 2, 0, SIDE - 1), :3
    ]
    return has_hue_of(beside, skin, SHADE_HUE, SHADE_DEPTH)


def _is_clean_bar(
    rgba: ByteArray, face: FaceFrame, item: IntArray, ends: tuple[IntArray, IntArray]
) -> BoolArray:
    """Tell whether a bar is redder or darker than one colour to its left, to its right, and above or below.

    So are lips in any face or beard; the stripes, the pleats and the hem of a mask are not.
    """
    row, (left, right) = face.mouth_row[item], (end[item] for end in ends)

    def pixel(rows: IntArray, cols: IntArray) -> ByteArray:
        return rgba[item, np.clip(rows, 0, SIDE - 1), np.clip(cols, 0, SIDE - 1)]

    ground = pixel(row, left - 1)
    middle = (left + right) // 2
    other_end, above, below = pixel(row, right + 1), pixel(row - 1, middle), pixel(row + 1, middle)
    alike = [color_difference(ground, other) <= SAME_COLOR for other in (other_end, above, below)]
    redder, darker = (
        lip - around >= LIP_MARGIN
        for lip, around in zip(
            redness_and_darkness(pixel(row, middle)), redness_and_darkness(ground), strict=True
        )
    )
    clean = alike[0] & (alike[1] | alike[2]) & (redder | darker)
    # the shades of a checkered beard are not alike, but none of them is as red as lips
    some = np.flatnonzero(~clean)
    lip_redness, _ = redness_and_darkness(pixel(row, middle)[some])
    in_checker = np.ones(len(some), bool)
    for other in (ground, other_end, above, below):
        redness, _ = redness_and_darkness(other[some])
        in_checker &= (lip_redness - redness >= RED_LIPS) & ~is_cloth_color(other[some])
    clean[some] |= in_checker
    return np.asarray(clean)


def _is_dot(rgba: ByteArray, face: FaceFrame, ends: tuple[IntArray, IntArray]) -> BoolArray:
    """Tell whether the bar is a pale dot on cloth: two wide, and neither redder nor darker than it."""
    each, row = np.arange(len(rgba)), np.clip(face.mouth_row, 1, SIDE - 1)
    middle = np.clip((ends[0] + ends[1]) // 2, 0, SIDE - 1)
    cloth = rgba[each, row - 1, middle]
    bar, above = (redness_and_darkness(pixel) for pixel in (rgba[each, row, middle], cloth))
    paler = (bar[0] <= above[0]) & (bar[1] <= above[1])
    return np.asarray(paler & (ends[1] - ends[0] <= 1) & is_cloth_color(cloth))


def _looks_like_cloth(
    rgba: ByteArray, face: FaceFrame, ends: tuple[IntArray, IntArray]
) -> tuple[BoolArray, ByteArray]:
    """Tell whether the bar may be part of a mask, unless what is around it is skin; and the color around it.

    A pleat is a shade of the cloth above and below it; a single pixel in a patch is a filter or a knot.
    """
    each, row = np.arange(len(rgba)), np.clip(face.mouth_row, 1, SIDE - 2)
    left, right = (np.clip(end, 1, SIDE - 2) for end in ends)
    middle = (left + right) // 2
    bar, above, below = rgba[each, row, middle], rgba[each, row - 1, middle], rgba[each, row + 1, middle]
    pleat = (color_difference(above, below) <= SAME_COLOR) & is_cloth_color(above, PAPER)
    pleat &= has_hue_of(bar, above, SHADE_HUE, PLEAT_DEPTH)
    before, behind = rgba[each, row, left - 1], rgba[each, row, right + 1]
    lone = left == right
    for other in (behind, above, below):
        lone &= color_difference(before, other) <= SAME_COLOR
    return np.asarray(pleat | lone), np.where(lone[:, None], before, above)


def is_cloth_color(rgba: ByteArray, palest: int = PALE // 3) -> BoolArray:
    """Tell which pixels are pale, dyed or crimson; beards are black, grey or of a hue from red to yellow.

    Pale is a mean of the channels above `palest`.
    """
    red, green, blue = (rgba[..., channel].astype(np.intp) for channel in range(3))
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    dyed = ((red < green) | (green < blue)) & (spread >= VIVID)
    crimson = (spread >= CRIMSON) & (red > green) & (np.abs(green - blue) <= PURE_RED * spread)
    return np.asarray(dyed | crimson | (red + green + blue > 3 * palest))


def _is_cloth(
    rgba: ByteArray, face: FaceFrame, item: IntArray, skins: list[tuple[ByteArray, BoolArray]]
) -> BoolArray:
    """Tell whether most of the place of the mouth has one colour that neither skin nor beards have."""
    patch = cut_boxes(rgba, item, face.mouth_row[item] - 1, face.mouth_col[item], 3, 3)
    color, _ = guess_flat_colors(patch)
    share = (color_difference(patch, color[:, None, None]) <= SAME_COLOR).mean(axis=(1, 2))
    cloth = (share >= MOST) & is_cloth_color(color)
    for skin, known in skins:
        cloth &= ~known | (color_difference(color, skin) >= DISTINCT)
    return np.asarray(cloth)


def _nose_visible(rgba: ByteArray, face: FaceFrame) -> tuple[BoolArray, BoolArray]:
    """Tell whether one or two pixels, or two nostrils, stand out where the nose is; whether they end there.

    The stripes of a mask stand out of what is above, below and beside them, but go on across the corners.
    """
    part = face.crop(rgba, range(-1, 2), range(-2, 3), anchor="nose")
    apart = color_difference(part, part[:, 1:2, 2:3]) >= NOSE_CONTRAST
    upright = apart[:, 0, 2] & apart[:, 2, 2]
    left, right = apart[:, 1, 1], apart[:, 1, 3]
    two_wide = (left & apart[:, 1, 4]) | (apart[:, 1, 0] & right)
    nostrils = left & right & (color_difference(part[:, 1, 1], part[:, 1, 3]) <= SAME_COLOR)
    nostrils &= ~apart[:, 0, 2] & ~apart[:, 2, 2]
    visible = (upright & two_wide) | nostrils
    stripe = (~apart[:, 0, 1] & ~apart[:, 2, 3]) | (~apart[:, 0, 3] & ~apart[:, 2, 1])
    return np.asarray(visible), np.asarray(visible & ~(stripe & ~nostrils))
