"""When two pixels are one colour, and which flat colours a part of a picture has.

Owns colour differences between pixels as artists use them: exact or slightly re-encoded flat colours. Must
not know what a face is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect import bitrows
from punkdetect.pixels import find_pixels
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray, Scalar

_PIXEL = np.dtype("<u4")

MANY_PIXELS = 2000
"""Pixels from which it pays to bring them into one piece of memory before they are compared."""

FEW_PIXELS = 200
"""Pixels up to which the three channels are subtracted together: fewer calls, but many short sums."""

AT_ONCE, LONG_ROW = 1 << 16, 16
"""Pixels that are compared at once, and pixels of a row from which comparing it channel by channel is faster
where each of some is compared with each of others."""

Window = tuple[int, int, int, int]
"""First row, end row, first column, end column of a part of the picture."""

SAME_COLOR = 24
"""Sum of the channel differences up to which two pixels are one flat colour: above re-encoding noise,
below the faintest two-tone shading between skin and a brow (about 50)."""

BLACK = 70
"""Sum of the channels under which a pixel is outline or ink, never skin."""

DARK_LINE = 130
"""Sum of the channels up to which a line is drawn in ink rather than in a lip colour: the mouth lines of
known collections have 0 to 124 (dark red on dark skin), the darkest painted lips 150."""

DISTINCT = 48
"""Sum of the channel differences from which a pixel stands out of the face around it. The faintest mouths
of hand-made portraits differ from their skin by 50 to 60."""

LENS_ROWS = 2
"""Upper rows of the window that do not count for the second colour: the lenses of glasses reach there."""

LEAST_SECOND = 6
"""Pixels of the rest of the window (28) that a second flat colour needs: a beard, a stubble shade or a mask
has a dozen, lips and noses have five at most."""


def color_difference(rgba: ByteArray, other: ByteArray) -> NDArray[np.int16]:
    """Sum of the absolute channel differences, in [0, 765]; alpha does not count.

    Parameters
    ----------
    rgba, other : ndarray of uint8, shapes (..., 3 or 4) that broadcast

    Returns
    -------
    ndarray of int16, shape (...)
    """
    both = np.broadcast(rgba[..., 0], other[..., 0])
    if both.size <= FEW_PIXELS:
        channels = np.subtract(rgba[..., :3], other[..., :3], dtype=np.int16)
        np.abs(channels, out=channels)
        few: NDArray[np.int16] = channels[..., 0] + channels[..., 1]
        few += channels[..., 2]
        return few
    whole = all(part.shape[-1] == 4 or part.size < both.size for part in (rgba, other))
    # each of some with each of others: few numbers are to be brought into pieces, and rows of many compared
    pairs = both.shape[-1] >= LONG_ROW and 2 * max(rgba[..., 0].size, other[..., 0].size) <= both.size
    if whole and both.size >= MANY_PIXELS and not pairs:
        return _difference_of_pixels(_whole_pixels(rgba, both.shape), _whole_pixels(other, both.shape))
    total = rgba[..., 0].astype(np.int16) - other[..., 0].astype(np.int16)
    np.abs(total, out=total)
    for channel in (1, 2):
        apart = rgba[..., channel].astype(np.int16) - other[..., channel].astype(np.int16)
        total += np.abs(apart, out=apart)
    return total


def has_hue_of(rgba: ByteArray, other: ByteArray, apart: float, depths: tuple[float, float]) -> BoolArray:
    """Tell which colours have the hue of others, in a range of shades.

    Parameters
    ----------
    rgba, other : ndarray of uint8, shapes (..., 3 or 4) that broadcast
    apart : float
        Largest difference of their shares of red, green and blue, each in [0, 1].
    depths : tuple of float
        Range of the lightness, the sum of the channels, as a share of the others'.

    Returns
    -------
    ndarray of bool, shape (...)
    """
    channels, own = ([part[..., i].astype(np.float32) for i in range(3)] for part in (rgba, other))
    total, own_total = (np.maximum(red + green + blue, 1) for red, green, blue in (channels, own))
    depth = total / own_total
    alike: BoolArray = (depth >= depths[0]) & (depth <= depths[1])
    for channel, own_channel in zip(channels, own, strict=True):
        alike &= np.abs(channel / total - own_channel / own_total) <= apart
    return alike


def _whole_pixels(rgba: ByteArray, shape: tuple[int, ...]) -> NDArray[np.uint32]:
    """Return pixels as numbers of 32 bits, the lowest byte the first channel, in one piece of memory."""
    if rgba.shape[-1] == 4 and rgba.strides[-1] == 1:
        pixels = rgba.view(_PIXEL)[..., 0]
    else:
        pixels = np.zeros(rgba.shape[:-1], _PIXEL)
        pixels[..., None].view(np.uint8)[..., :3] = rgba[..., :3]
    if pixels.shape == shape:
        return np.ascontiguousarray(pixels)
    spread = np.empty(shape, _PIXEL)
    spread[...] = pixels
    return spread


def _difference_of_pixels(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> NDArray[np.int16]:
    """Return `color_difference` of pixels in one piece: two to three times as fast as channel by channel.

    All bytes are subtracted in one go, the lesser from the greater, and added up within the numbers of 32
    bits that they are part of; no more of them at once than the cache of a core holds.
    """
    if one.size > AT_ONCE:
        total = np.empty(one.shape, np.int16)
        for start in range(0, one.size, AT_ONCE):
            some = slice(start, start + AT_ONCE)
            total.reshape(-1)[some] = _difference_of_pixels(one.reshape(-1)[some], other.reshape(-1)[some])
        return total
    first, second = one.view(np.uint8), other.view(np.uint8)
    apart = np.maximum(first, second)
    apart -= np.minimum(first, second)
    red_and_blue = apart.view(_PIXEL)
    added = red_and_blue >> np.uint32(8)
    added &= np.uint32(0xFF)  # green
    red_and_blue &= np.uint32(0xFF00FF)
    added += red_and_blue  # red and green in the lower half, blue in the upper one
    added += np.right_shift(added, np.uint32(16), out=red_and_blue)
    return added.astype(np.int16)


def follow_color(
    rgba: ByteArray, within: BoolArray, seed: BoolArray, most: int, steps: IntArray
) -> BoolArray:
    """Follow a thing from some of its pixels to its ends, from neighbour to neighbour of nearly one colour.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, R, C, 4)
    within : ndarray of bool, shape (N, R, C)
        Pixels that may belong to it.
    seed : ndarray of bool, shape (N, R, C)
        Pixels that do, whether within or not.
    most : int
        Sum of the channel differences up to which a step may go, in [0, 765].
    steps : ndarray of int, shape (N,)
        Steps at most.

    Returns
    -------
    ndarray of bool, shape (N, R, C)
    """
    inside, thing = bitrows.bits_of(within), bitrows.bits_of(seed)
    one = np.uint32(1)
    # of each pixel whether it is one thing with the next, below and to the right
    below = (
        bitrows.bits_of(color_difference(rgba[:, 1:], rgba[:, :-1]) <= most) & inside[:, 1:] & inside[:, :-1]
    )
    right = (
        bitrows.bits_of(color_difference(rgba[:, :, 1:], rgba[:, :, :-1]) <= most) & inside & inside >> one
    )
    for step in range(steps.max(initial=0)):
        grown = thing | (thing & right) << one | thing >> one & right
        grown[:, 1:] |= thing[:, :-1] & below
        grown[:, :-1] |= thing[:, 1:] & below
        grown = np.where((step < steps)[:, None], grown, thing)
        if np.array_equal(grown, thing):
            break
        thing = grown
    return bitrows.mask_of(thing, rgba.shape[2])


def guess_flat_colors(part: ByteArray) -> tuple[ByteArray, ByteArray]:
    """Return the two flat colours that most pixels of a part of the picture share.

    Parameters
    ----------
    part : ndarray of uint8, shape (N, R, C, 4)

    Returns
    -------
    first, second : ndarray of uint8, shape (N, 3)
        The pixel colour of that part with the most others within `SAME_COLOR` of it, and the most common
        under the first `LENS_ROWS` rows of those at least `DISTINCT` from it (the first again where fewer
        than `LEAST_SECOND` pixels have it). Black ink counts little for the first, never for the second.
    """
    n, rows, cols = part.shape[:3]
    # (4, pixels, N): the long axis last, so that each comparison runs over the whole batch at once
    flat = part.reshape(n, rows * cols, 4)
    pixels = np.ascontiguousarray(flat.transpose(2, 1, 0).astype(np.int16))
    candidates = pixels[:, ::2]
    votes = np.zeros(candidates.shape[1:], np.int16)
    votes_at_eyes = np.zeros_like(votes)
    for pixel in range(pixels.shape[1]):
        if pixel == LENS_ROWS * cols:
            votes_at_eyes[:] = votes
        difference = candidates[:3] - pixels[:3, pixel, None]
        np.abs(difference, out=difference)
        difference[0] += difference[1]
        difference[0] += difference[2]
        votes += difference[0] <= SAME_COLOR
    never_skin = (candidates[:3].sum(axis=0) < BLACK) | (candidates[3] == 0)
    votes[never_skin] //= 4
    each = np.arange(n)
    first = candidates[:3, votes.argmax(axis=0), each]
    another = np.abs(candidates[:3] - first[:, None]).sum(axis=0) >= DISTINCT
    votes -= votes_at_eyes
    votes[~another | never_skin] = 0
    runner_up = votes.argmax(axis=0)
    enough = votes[runner_up, each] >= LEAST_SECOND
    second = np.where(enough, candidates[:3, runner_up, each], first)
    return np.ascontiguousarray(first.T.astype(np.uint8)), np.ascontiguousarray(second.T.astype(np.uint8))


def cut_boxes(
    pixels: NDArray[Scalar], item: IntArray, top: IntArray, left: IntArray, rows: int, cols: int
) -> NDArray[Scalar]:
    """Cut boxes of one size out of pictures, at another place of each.

    Parameters
    ----------
    pixels : ndarray of shape (N, 24, 24, ...)
    item : ndarray of int, shape (M,)
        Which pictures.
    top, left : ndarray of int, shape (M,)
        First row and column of each box. Outside of the picture its edge is repeated.
    rows, cols : int
        Size of the boxes.

    Returns
    -------
    ndarray of shape (M, rows, cols, ...)
    """
    if pixels.ndim != 3 or max(rows, cols) > SIDE:
        if pixels.dtype == np.uint8 and pixels.shape[3:] == (4,):
            whole = np.ascontiguousarray(pixels).view(_PIXEL)[..., 0]
            return cut_boxes(whole, item, top, left, rows, cols)[..., None].view(pixels.dtype)
        return cut_windows(pixels, item, top[:, None] + np.arange(rows), left[:, None] + np.arange(cols))
    # all boxes that there are, as views (`as_strided` takes ten times as long to make them); each one is then
    # copied as a whole, not pixel by pixel
    lowest, rightmost = SIDE - rows, SIDE - cols
    pixels = np.ascontiguousarray(pixels)
    by_picture, by_row, by_col = pixels.strides
    boxes = np.ndarray(
        (len(pixels), lowest + 1, rightmost + 1, rows, cols),
        pixels.dtype,
        pixels,
        strides=(by_picture, by_row, by_col, by_row, by_col),
    )
    row, col = (np.minimum(np.maximum(at, 0), most) for at, most in ((top, lowest), (left, rightmost)))
    cut: NDArray[Scalar] = boxes[item, row, col]
    beyond = np.flatnonzero((row != top) | (col != left))
    if len(beyond):
        place = top[beyond, None] + np.arange(rows), left[beyond, None] + np.arange(cols)
        cut[beyond] = cut_windows(pixels, item[beyond], *place)
    return cut


def put_boxes(mask: BoolArray, top: IntArray, left: IntArray) -> BoolArray:
    """Put masks of boxes into empty pictures: the inverse of `cut_boxes`.

    Parameters
    ----------
    mask : ndarray of bool, shape (N, R, C)
    top, left : ndarray of int, shape (N,)
        First row and column of each box.

    Returns
    -------
    ndarray of bool, shape (N, 24, 24)
        What fell outside of the picture is dropped.
    """
    portrait, row, col = find_pixels(mask)
    row, col = row + top[portrait], col + left[portrait]
    place = (portrait * SIDE + row) * SIDE + col
    inside = (row >= 0) & (row < SIDE) & (col >= 0) & (col < SIDE)
    placed = np.zeros((len(mask), SIDE, SIDE), np.bool_)
    placed.reshape(-1)[place if inside.all() else place[inside]] = True
    return placed


def cut_windows(pixels: NDArray[Scalar], item: IntArray, rows: IntArray, cols: IntArray) -> NDArray[Scalar]:
    """Cut rows and columns out of pictures, other ones of each picture.

    Parameters
    ----------
    pixels : ndarray of shape (N, 24, 24, ...)
    item : ndarray of int, shape (M,)
        Which pictures.
    rows, cols : ndarray of int, shapes (M, R), (M, C)
        Outside of the picture its edge is repeated.

    Returns
    -------
    ndarray of shape (M, R, C, ...)
    """
    # as `numpy.clip`, which takes as long as all the rest where there are few windows
    row, col = (np.minimum(np.maximum(at, 0), SIDE - 1) for at in (rows, cols))
    place = ((item[:, None] * SIDE + row) * SIDE)[:, :, None] + col[:, None, :]
    # every place is inside, and "clip" spares the check for it: several times as fast as indexing
    if pixels.dtype == np.uint8 and pixels.ndim == 4 and pixels.shape[3] == 4:
        # the four channels as one number: four times as fast again
        whole = np.ascontiguousarray(pixels).view(np.uint32).reshape(-1)
        return whole.take(place, mode="clip")[..., None].view(pixels.dtype)
    flat = pixels.reshape(len(pixels) * SIDE * SIDE, *pixels.shape[3:])
    cut: NDArray[Scalar] = flat.take(place, axis=0, mode="clip")
    return cut
