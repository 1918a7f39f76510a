"""What lies under the chin, cut out around the neck: skin, cloth, the colours of the shoulders.

Owns the window around the neck and what each of its pixels is. Must not know what is worn there.

Colours are told apart once for each colour of a portrait, not for each pixel, and windows are cut only where
something else than skin and the clothes' own colours lies under the chin: most necks are bare.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.flat_colors import cut_boxes, put_boxes
from punkdetect.pixels import unpack_rgb
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, IntArray
from punkdetect.records import Record

Planes = NDArray[np.int16]
"""Red, green and blue of pixels, one plane each: shape (3, ...)."""

ROWS = range(2, 9)
"""Rows of the window, counted from the mouth's: from the chin down."""

REACH = 9
"""Columns of the window on either side of the neck: collars and scarves are up to 17 wide."""

INK = 40
"""Sum of the channels under which a pixel is black: an outline."""

HUE_ALIKE = 30
"""Sum of the channel differences up to which one colour is another one darkened or lit: chains and collars in
shade differ by less, gold from every skin by more than 60."""

LIT_ALIKE = 16
"""The same for what is lighter than the skin: pale skin and a white shirt differ by 20 to 45."""

SKIN_SHADES = (0.6, 1.13)
"""Least and greatest brightness of skin in shade and in light, by that of the face: shadows under chins are
0.75 to 0.9 times as bright."""

GRAY, GRAY_SHADES = 24, (0.72, 1.06)
"""Channel spread up to which skin is gray, and its narrower range of shades: silver and white shirts are gray
as well."""

SAME_CLOTH = 30
"""Sum of the channel differences up to which cloth is of one colour."""

CLOTH_SHADES = (0.45, 1.5)
"""Least and greatest brightness of folds and rims, by that of the cloth."""

WIDTH = 2 * REACH + 1
"""Columns of the window; the neck's middle is the one with the number `REACH`."""

NECK_COLS = range(-7, 7)
"""Columns, counted from the mouth's left one, in which a neck may lie."""

FACE, LEAST_COVER = 6, 3
"""Columns of skin from which a row is the face's, not the neck's, and of cloth from which it covers a
neck."""

SHOULDER = 3
"""Columns from the middle of the neck from which the lowest row is a shoulder: necks are 2 to 5 wide."""

LEAST_SHOULDERS = 9
"""Columns from shoulder to shoulder: scarves on bare necks are 5 to 8 wide."""

CHECKED = 3
"""Pixels of each of two colours from which shoulders that differ are those of a checked cloth."""

LEAST_OWN = 2
"""Pixels under the chin that are neither skin nor of the shoulders' colours, from which something may be worn
there."""


class NeckView(Record):
    """The window around the neck of M portraits; masks have shape (M, rows, cols).

    Parameters
    ----------
    item : ndarray of int, shape (M,)
        Which portraits of the batch: those with anything of its own under the chin.
    row, col : ndarray of int, shape (M,)
        Where the window's first row and column lie in the picture.
    rgb : ndarray of int16, shape (3, M, rows, cols)
    skin, cloth : ndarray of bool
        Skin in light and shade; what is neither skin, nor background, nor black, nor hair.
    drawn : ndarray of bool
        What is no background.
    plain : ndarray of bool
        Cloth in the colours of the shoulders, their folds and rims.
    flat : ndarray of bool
        Cloth in the very colours of the shoulders.
    """

    item: IntArray
    row: IntArray
    col: IntArray
    rgb: Planes
    skin: BoolArray
    cloth: BoolArray
    drawn: BoolArray
    plain: BoolArray
    flat: BoolArray

    @property
    def bottom(self) -> IntArray:
        """The window's row that is the picture's lowest, shape (M,)."""
        lowest: IntArray = np.clip(SIDE - 1 - self.row, 0, len(ROWS) - 1)
        return lowest

    @property
    def own(self) -> BoolArray:
        """Cloth of another colour than the shoulders', shape (M, rows, cols)."""
        own: BoolArray = self.cloth & ~self.plain
        return own

    def place(self, mask: BoolArray, n: int) -> BoolArray:
        """Put a mask of the windows into n empty pictures: (n, 24, 24)."""
        whole = np.zeros((n, SIDE, SIDE), np.bool_)
        whole[self.item] = put_boxes(mask, self.row, self.col)
        return whole


def difference(one: Planes, other: Planes) -> NDArray[np.int16]:
    """Return the sums of the channel differences."""
    total: NDArray[np.int16] = np.abs(one[0] - other[0])
    total += np.abs(one[1] - other[1])
    total += np.abs(one[2] - other[2])
    return total


def is_shade(rgb: Planes, of: Planes, shades: tuple[float, float], near: int = HUE_ALIKE) -> BoolArray:
    """Say which pixels are a colour in shade or light.

    Parameters
    ----------
    rgb, of : ndarray of int16, shape (3, ...)
        Pixels, and the colour.
    shades : tuple of float
        Least and greatest brightness, where the colour's is 1.
    near : int
        Sum of the channel differences that is let pass.

    Returns
    -------
    ndarray of bool, shape (...)
    """
    pixel, color = rgb.astype(np.float32), of.astype(np.float32)
    size = color[0] * color[0] + color[1] * color[1] + color[2] * color[2]
    times = (pixel[0] * color[0] + pixel[1] * color[1] + pixel[2] * color[2]) / np.maximum(size, 1)
    off = sum(np.abs(pixel[c] - times * color[c]) for c in range(3))
    return np.asarray((off <= near) & (times >= shades[0]) & (times <= shades[1]))


def longest_run(mask: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the first and last column of the longest run in each row; last is first - 1 without any."""
    length = np.zeros(mask.shape[:-1], np.intp)
    best, end = length.copy(), length - 1
    for col in range(mask.shape[-1]):
        length = np.where(mask[..., col], length + 1, 0)
        end = np.where(length > best, col, end)
        best = np.maximum(best, length)
    return end - best + 1, end


def first_and_last(mask: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the first and last column of each row of a mask; the number of columns and -1 without any."""
    cols = mask.shape[-1]
    there = mask.any(axis=-1)
    first = np.where(there, mask.argmax(axis=-1), cols)
    return first, np.where(there, cols - 1 - mask[..., ::-1].argmax(axis=-1), NOT_FOUND)


_SKIN, _CLOTH, _DRAWN, _PLAIN, _FLAT = (np.uint8(1 << bit) for bit in range(5))
"""Kinds of pixels, one bit each."""


def _has(kinds: NDArray[np.uint8], kind: np.uint8) -> BoolArray:
    """Return the pixels of a kind."""
    return np.asarray(kinds & kind != 0)


def look_at_necks(landmarks: Landmarks) -> NeckView:
    """Cut out the window around every neck that may wear something.

    Parameters
    ----------
    landmarks : Landmarks

    Returns
    -------
    NeckView
        None of portraits without a face.
    """
    face, palette = landmarks.face, landmarks.inked.palette
    each = np.flatnonzero(face.found)
    top = face.mouth_row[each] + ROWS.start
    left = face.mouth_col[each] + NECK_COLS.start
    colors = np.moveaxis(unpack_rgb(palette.colors), -1, 0).astype(np.int16)
    is_skin = _is_skin(colors, landmarks.skin.rgb.T.astype(np.int16)[:, :, None])
    is_cloth = ~is_skin & (colors.sum(axis=0) >= INK)
    drawn = ~landmarks.background.mask

    def cut(kinds: NDArray[np.uint8], cols: int) -> NDArray[np.uint8]:
        row = (top[:, None] + np.arange(len(ROWS)))[:, :, None]
        col = (left[:, None] + np.arange(cols))[:, None]
        inside = (row < SIDE) & (col >= 0) & (col < SIDE)
        return cut_boxes(kinds, each, top, left, len(ROWS), cols) * inside

    # what a pixel is, one bit for each kind: looked up and cut once for all of them
    kinds = palette.of_pixels(_SKIN * is_skin + _CLOTH * is_cloth + _DRAWN)
    kinds *= drawn
    around = cut(kinds, len(NECK_COLS))
    left = left + _middle(_has(around, _SKIN), _has(around, _CLOTH)) - REACH
    kinds &= ~(_CLOTH * landmarks.regions.hair)
    window = cut(kinds, WIDTH)
    near = _has(window, _CLOTH)
    is_plain, is_flat = _find_plain(landmarks, colors, _Windows(each, top, left), near)
    index = cut_boxes(palette.index, each, top, left, len(ROWS), WIDTH)
    of_clothes = (_PLAIN * is_plain + _FLAT * is_flat).reshape(-1)
    of_clothes = of_clothes.take(index + (each * is_plain.shape[1])[:, None, None], mode="clip")
    plain, flat = _has(of_clothes, _PLAIN) & near, _has(of_clothes, _FLAT) & near
    worn = (near & ~flat)[:, 1:].sum(axis=(1, 2)) >= LEAST_OWN
    window = window[worn]
    masks = _has(window, _SKIN), near[worn], _has(window, _DRAWN), plain[worn], flat[worn]
    each, top, left = each[worn], top[worn], left[worn]
    rgba = cut_boxes(landmarks.inked.rgba, each, top, left, len(ROWS), WIDTH)
    rgb = np.ascontiguousarray(np.moveaxis(rgba[..., :3], -1, 0)).astype(np.int16)
    return NeckView(each, top, left, rgb, *masks)


class _Windows(Record):
    """Portraits and the first row and column of the window of each; all of shape (M,)."""

    item: IntArray
    row: IntArray
    col: IntArray


def _is_skin(rgb: Planes, skin: Planes) -> BoolArray:
    """Return the colours that the skin has."""
    gray = skin.max(axis=0) - skin.min(axis=0) <= GRAY
    shaded, lit = SKIN_SHADES
    alike = is_shade(rgb, skin, (shaded, 1.0)) | is_shade(rgb, skin, (1.0, lit), LIT_ALIKE)
    return np.asarray(alike & (~gray | is_shade(rgb, skin, GRAY_SHADES)))


def _middle(skin: BoolArray, cover: BoolArray) -> IntArray:
    """Return the middle column of the lowest row that the skin comes down to from the chin; (M,).

    Where that row is as wide as a face, the neck is covered: the middle is that of its cover.
    """
    middle = np.full(len(skin), -NECK_COLS.start)
    reached = skin[:, 0]
    for row in range(skin.shape[1]):
        if row:
            beside = reached.copy()
            beside[:, 1:] |= reached[:, :-1]
            beside[:, :-1] |= reached[:, 1:]
            was_face = reached.sum(axis=1) >= FACE
            reached = skin[:, row] & beside
            covered = was_face & ~reached.any(axis=1) & (cover[:, row].sum(axis=1) >= LEAST_COVER)
            middle = np.where(covered, sum(first_and_last(cover[:, row])) // 2, middle)
        middle = np.where(reached.any(axis=1), sum(first_and_last(reached)) // 2, middle)
    return middle


def _find_plain(
    landmarks: Landmarks, colors: Planes, windows: _Windows, cloth: BoolArray
) -> tuple[BoolArray, BoolArray]:
    """Return which colours of each portrait are shades of its shoulders', and which are theirs.

    Parameters
    ----------
    landmarks : Landmarks
    colors : ndarray of int16, shape (3, N, K)
    windows : _Windows
    cloth : ndarray of bool, shape (M, rows, cols)
        In the windows.

    Returns
    -------
    shades, same : ndarray of bool, shape (N, K)
        None of bare shoulders, nor of two that differ.
    """
    each = np.arange(len(cloth))
    bottom = cloth[each, np.clip(SIDE - 1 - windows.row, 0, len(ROWS) - 1)]
    first, last = first_and_last(bottom)
    dressed = (first <= REACH - SHOULDER) & (last >= REACH + SHOULDER) & (last - first + 1 >= LEAST_SHOULDERS)
    lowest = np.moveaxis(landmarks.inked.rgba[windows.item, SIDE - 1, :, :3], -1, 0).astype(np.int16)
    left, right = (
        lowest[:, each, np.clip(windows.col + col, 0, SIDE - 1)][:, :, None] for col in (first, last)
    )
    columns = np.arange(WIDTH)
    place = np.clip(windows.col[:, None] + columns, 0, SIDE - 1)
    row = lowest[:, each[:, None], place]
    beyond = bottom & (np.abs(columns - REACH) >= SHOULDER)
    least = np.minimum(
        *((beyond & (difference(row, side) <= SAME_CLOTH)).sum(axis=1) for side in (left, right))
    )
    dressed &= is_shade(right, left, CLOTH_SHADES)[:, 0] | (least >= CHECKED)
    own = colors[:, windows.item]
    shades, same = np.zeros((2, *colors.shape[1:]), np.bool_)
    alike = is_shade(own, left, CLOTH_SHADES) | is_shade(own, right, CLOTH_SHADES)
    shades[windows.item] = alike & dressed[:, None]
    near = np.minimum(difference(own, left), difference(own, right)) <= SAME_CLOTH
    same[windows.item] = near & dressed[:, None]
    return shades, same
