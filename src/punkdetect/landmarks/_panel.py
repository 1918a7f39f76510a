"""A mask as a panel: cloth from cheek to cheek under a straight upper edge, and no lips in it.

Owns what tells a mask in any pattern from a beard and from a bare face under goggles. Must not know where
the face frame has nose and mouth: they are hidden.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks._cover import SHADE_HUE, is_cloth_color
from punkdetect.landmarks._lips_below import find_lips_below
from punkdetect.landmarks.face import FaceFrame
from punkdetect.landmarks.flat_colors import (
    BLACK,
    DISTINCT,
    SAME_COLOR,
    color_difference,
    cut_windows,
    has_hue_of,
)
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, IntArray
from punkdetect.records import Record

ABOVE, TOPS, HEIGHT = 6, range(2, 7), 4
"""Rows over the eyes that are looked at; rows from the eyes in which a panel may begin: right under them, or
beside the nose; rows of it that are compared with what is above."""

BEGIN_HIGH = 3
"""Rows from the eyes in which panels begin that no beard reaches."""

LEAST_STEP = 5
"""Columns that change in the row of the edge itself at least; at the sides it may be a row higher."""

WIDTH = (6, 8)
"""Columns from eye to eye at least and at most."""

EXACT = 12
"""Sum of the channel differences up to which a colour of the panel is that of something above it."""

SEEN, SHARED = 3, (0.25, 0.1)
"""Pixels above a panel from which a colour is there, and shares of the panel's pixels with such a colour at
most: with skin over it, and where that is not sure."""

SKIN_ABOVE, SKIN_ELSEWHERE = 3, 2
"""Pixels of one colour right over a panel that are skin if it has as many pixels in forehead or throat."""

THROAT_ROWS, THROAT_COLS, CHIN = slice(21, 24), slice(6, 18), 7
"""Where a neck shows under any head, and rows from the upper edge of a panel to its end."""

SHADE_DEPTH = (0.4, 1.05)
"""Range of the lightness of stubble, and of the faintest beards, to the skin's: no cloth."""

BAR_ROWS, BAR_COLS = (5, 7), (2, 6)
"""Rows from the upper edge of a panel, and from the eyes, down to which a bar may be a mouth; its columns."""

DYED = 40
"""Spread of the channels from which a colour right under the eyes has a hue: less than elsewhere."""

WARM, SKIN_OVER = 25, 5
"""How much more red than blue flesh has, and pixels of it above a panel that make it skin."""

PLAIN = 0.9
"""Share of a panel from which it is of one colour: a beard may be, if it is of a colour of hair."""

BESIDE, NECK_ROWS = 5, range(9, 12)
"""Columns beyond the eyes in which a scarf lies, and rows under the eyes in which it is around the neck."""

WOVEN = 0.25
"""Share of neighbours in a row that are alike, at least: the checkered shades of a beard are not."""

BLOCK_ROWS = 3
"""Rows of a colour from which it is a filter, no lips."""

PATTERN = 8
"""Pixels of the colour of a bar beside it from which it is part of a pattern, no lips."""


class Bar(Record):
    """What looks like a mouth, of N portraits: whether it is seen, its rows, columns and colour."""

    found: BoolArray
    row: IntArray
    rows: IntArray
    left_col: IntArray
    right_col: IntArray
    lip_rgb: ByteArray


def find_panel(rgba: ByteArray, face: FaceFrame, bar: Bar, item: IntArray) -> IntArray:
    """Return the first row of the cloth over the lower face of some portraits, (M,); -1 without cloth.

    All columns from eye to eye change at once there, to colours that the face above has not. Over it is
    skin, of another hue than the cloth; or it begins right under the eyes and is pale or dyed.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
    bar : Bar
        Both of the same N portraits.
    item : ndarray of int, shape (M,)
    """
    width = np.clip(face.right_eye_col[item] - face.left_eye_col[item] + 2, *WIDTH)
    cols = face.left_eye_col[item, None] + np.arange(WIDTH[1])
    inside = np.arange(WIDTH[1]) < width[:, None]
    rows = face.eye_row[item, None] + np.arange(TOPS.start - 2, TOPS.stop)
    part = cut_windows(rgba, item, rows, cols)
    step = (color_difference(part[:, 1:], part[:, :-1]) >= DISTINCT) & inside[:, None]
    # at its sides it may begin a row higher
    begun = step[:, 1:] | step[:, :-1]
    edge = (begun.sum(axis=2) >= width[:, None] - 1) & (step[:, 1:].sum(axis=2) >= LEAST_STEP)
    top, has_lips = np.full(len(item), NOT_FOUND), np.zeros(len(item), bool)
    for down in TOPS:
        some = np.flatnonzero(edge[:, down - TOPS.start] & (top == NOT_FOUND) & ~has_lips)
        some = some[~_is_lips(rgba, face, bar, item[some], down)]
        if not len(some):
            continue
        rows = face.eye_row[item[some], None] + np.arange(-ABOVE, down + HEIGHT)
        part = cut_windows(rgba, item[some], rows, cols[some])
        some = some[_is_cloth(rgba, face, bar, item[some], part, inside[some], down)]
        below = find_lips_below(rgba, face, item[some], face.eye_row[item[some]] + down + 1)
        lips = (below.row != NOT_FOUND) & (below.elsewhere < PATTERN)
        has_lips[some] = lips
        top[some[~lips]] = face.eye_row[item[some[~lips]]] + down
    return top


def is_wrapped(rgba: ByteArray, face: FaceFrame, cover: BoolArray, item: IntArray) -> BoolArray:
    """Tell whether the cloth over some mouths goes on around the neck, as wide as the face: a scarf: (M,).

    A mask ends at the chin, a gaiter is as narrow as the neck. Two main colours count: scarves are striped.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    face : FaceFrame
    cover : ndarray of bool, shape (N, 24, 24)
        What covers the mouths, in part.
    item : ndarray of int, shape (M,)
    """
    pixels, which = rgba[item].reshape(len(item), SIDE * SIDE, 4), cover[item].reshape(len(item), SIDE * SIDE)
    first, _ = _most_common_of_all(pixels, which)
    of_first = color_difference(pixels, first[:, None]) <= SAME_COLOR
    second, size = _most_common_of_all(pixels, which & ~of_first)
    cloth = of_first | ((color_difference(pixels, second[:, None]) <= SAME_COLOR) & (size > 0)[:, None])
    index = np.arange(SIDE)
    near = (index >= face.left_eye_col[item, None] - BESIDE) & (
        index <= face.right_eye_col[item, None] + BESIDE
    )
    width = (cloth.reshape(len(item), SIDE, SIDE) & near[:, None]).sum(axis=2)
    wide = cover[item].any(axis=2) & (width >= WIDTH[0])
    face_width = width[np.arange(len(item)), wide.argmax(axis=1)]
    below = (index >= face.eye_row[item, None] + NECK_ROWS.start) & (
        index < face.eye_row[item, None] + NECK_ROWS.stop
    )
    return np.asarray(((width >= face_width[:, None]) | ~below).all(axis=1) & wide.any(axis=1))


def _most_common_of_all(pixels: ByteArray, which: BoolArray) -> tuple[ByteArray, IntArray]:
    """Return the most common colour of few of many pixels, as `_most_common` does."""
    most = max(int(which.sum(axis=1).max(initial=0)), 1)
    first = np.argsort(~which, axis=1, kind="stable")[:, :most]
    each = np.arange(len(pixels))[:, None]
    return _most_common(pixels[each, first], which[each, first])


def _is_cloth(
    rgba: ByteArray,
    face: FaceFrame,
    bar: Bar,
    item: IntArray,
    part: ByteArray,
    inside: BoolArray,
    down: int,
) -> BoolArray:
    """Tell whether what begins so many rows under the eyes is cloth, if no lips are in it: shape (M,)."""
    n, first = len(item), ABOVE + down
    beside = (
        color_difference(part[:, first : first + HEIGHT, 1:], part[:, first : first + HEIGHT, :-1])
        <= SAME_COLOR
    )
    pairs = inside[:, None, 1:]
    woven = (beside & pairs).sum(axis=(1, 2)) >= WOVEN * HEIGHT * pairs.sum(axis=(1, 2))
    lower, upper, over = part[:, first : first + HEIGHT], part[:, ABOVE - 1 : first], part[:, first - 1]
    forehead = part[:, : ABOVE - 1]
    in_lower, in_upper, in_forehead = (
        np.broadcast_to(inside[:, None], rows.shape[:3]).reshape(n, -1) for rows in (lower, upper, forehead)
    )
    lower, upper, forehead = (rows.reshape(n, -1, 4) for rows in (lower, upper, forehead))
    alike = color_difference(lower[:, :, None], upper[:, None]) <= EXACT
    seen = (alike & in_upper[:, None]).sum(axis=2) >= SEEN
    shared = (seen & in_lower).sum(axis=1) / in_lower.sum(axis=1)
    main, size = _most_common(lower, in_lower)
    dyed = is_cloth_color(main) | _is_dyed(main)
    plain_hair = ~dyed & (size >= PLAIN * in_lower.sum(axis=1)) & (down > BEGIN_HIGH)
    skin, pixels = _most_common(over, inside)
    throat = rgba[item, THROAT_ROWS, THROAT_COLS].reshape(n, -1, 4)
    red, green, blue = (skin[:, channel].astype(np.intp) for channel in range(3))
    flesh = (red > green) & (green >= blue) & (red - blue >= WARM) & ~is_cloth_color(skin)
    rows = np.repeat(np.arange(SIDE)[THROAT_ROWS], THROAT_COLS.stop - THROAT_COLS.start)
    in_throat = rows >= face.eye_row[item, None] + down + CHIN

    def count(color: ByteArray, where: ByteArray, which: BoolArray) -> IntArray:
        alike = (color_difference(where, color[:, None]) <= SAME_COLOR) & which
        return np.asarray(alike.sum(axis=1))

    is_skin = color_difference(skin, face.skin_rgb[item]) <= SAME_COLOR
    is_skin |= flesh & (count(skin, upper, in_upper) >= SKIN_OVER)
    is_skin |= count(skin, forehead, in_forehead) >= SKIN_ELSEWHERE
    is_skin |= count(skin, throat, in_throat) >= SKIN_ELSEWHERE
    is_skin &= (
        (skin[:, :3].sum(axis=1, dtype=np.intp) > BLACK)
        & (pixels >= SKIN_ABOVE)
        & (color_difference(skin, main) >= DISTINCT)
    )
    under_skin = is_skin & ~has_hue_of(main, skin, SHADE_HUE, SHADE_DEPTH) & (shared <= SHARED[0])
    foreign = (count(main, throat, in_throat) < SEEN) & (count(main, forehead, in_forehead) < SKIN_ELSEWHERE)
    high = (
        np.full(n, down <= BEGIN_HIGH)
        & (is_cloth_color(main) | _is_dyed(main))
        & foreign
        & (shared <= SHARED[1])
    )
    top_skin, _ = _most_common(forehead, in_forehead)
    ink_bar = bar.found[item] & (bar.lip_rgb[item].sum(axis=1, dtype=np.intp) <= BLACK)
    patterned = (
        ~ink_bar
        & (size < PLAIN * in_lower.sum(axis=1))
        & foreign
        & (shared <= SHARED[1])
        & ~has_hue_of(main, top_skin, SHADE_HUE, SHADE_DEPTH)
        & ~has_hue_of(main, face.skin_rgb[item], SHADE_HUE, SHADE_DEPTH)
        & (color_difference(main, face.skin_rgb[item]) >= DISTINCT)
    )
    in_ink = main[:, :3].sum(axis=1, dtype=np.intp) <= BLACK
    return np.asarray((under_skin | high | patterned) & ~in_ink & ~plain_hair & woven)


def _is_lips(rgba: ByteArray, face: FaceFrame, bar: Bar, item: IntArray, down: int) -> BoolArray:
    """Tell whether a bar in a panel is a mouth: neither of its whole width nor part of a pattern: (M,)."""
    top = face.eye_row[item] + down
    row, left, right = bar.row[item], bar.left_col[item], bar.right_col[item]
    lips = (
        bar.found[item]
        & (row > face.eye_row[item] + BEGIN_HIGH)
        & (row <= top + BAR_ROWS[0])
        & (row <= face.eye_row[item] + BAR_ROWS[1])
    )
    width = right - left + 1
    lips &= (width >= BAR_COLS[0]) & (width <= BAR_COLS[1])
    rows, cols = (
        top[:, None] + np.arange(BAR_ROWS[0] + 1),
        face.left_eye_col[item, None] + np.arange(WIDTH[1] - 1),
    )
    part = cut_windows(rgba, item, rows, cols)
    alike = color_difference(part, bar.lip_rgb[item, None, None]) <= SAME_COLOR
    near = (rows >= row[:, None] - 1) & (rows <= (row + bar.rows[item])[:, None])
    near = near[:, :, None] & ((cols >= left[:, None] - 1) & (cols <= right[:, None] + 1))[:, None]
    in_bar = alike & ((cols >= left[:, None]) & (cols <= right[:, None]))[:, None]
    in_ink = bar.lip_rgb[item].sum(axis=1, dtype=np.intp) <= BLACK
    lips &= ((in_bar.sum(axis=2) >= BAR_COLS[0]).sum(axis=1) < BLOCK_ROWS) | in_ink
    elsewhere = (alike & ~near)[:, :-1].sum(axis=(1, 2))  # the last row may be the outline of the chin
    return np.asarray(lips & (elsewhere < PATTERN))


def _is_dyed(rgba: ByteArray) -> BoolArray:
    """Tell which colours have any hue that is not from red to yellow."""
    red, green, blue = (rgba[:, channel].astype(np.intp) for channel in range(3))
    return np.asarray(
        ((red < green) | (green < blue)) & (np.ptp(rgba[:, :3].astype(np.intp), axis=1) >= DYED)
    )


def _most_common(pixels: ByteArray, which: BoolArray) -> tuple[ByteArray, IntArray]:
    """Return the colour that most of some pixels, (M, K), share, shape (M, 4), and how many do."""
    alike = color_difference(pixels[:, :, None], pixels[:, None]) <= SAME_COLOR
    votes = (alike & which[:, None] & which[:, :, None]).sum(axis=2)
    color: ByteArray = pixels[np.arange(len(pixels)), votes.argmax(axis=1)]
    return color, np.asarray(votes.max(axis=1, initial=0))
