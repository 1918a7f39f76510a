"""When two pixels are one colour, and which flat colours a part of a picture has.

Owns colour differences between pixels as artists use them: exact or slightly re-encoded flat colours. Must
not know what a face is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray, Scalar

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
    total = rgba[..., 0].astype(np.int16) - other[..., 0].astype(np.int16)
    np.abs(total, out=total)
    for channel in (1, 2):
        apart = rgba[..., channel].astype(np.int16) - other[..., channel].astype(np.int16)
        total += np.abs(apart, out=apart)
    return total


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
    down = (color_difference(rgba[:, 1:], rgba[:, :-1]) <= most) & within[:, 1:] & within[:, :-1]
    right = (color_difference(rgba[:, :, 1:], rgba[:, :, :-1]) <= most) & within[:, :, 1:] & within[:, :, :-1]
    thing = seed.copy()
    for step in range(steps.max(initial=0)):
        grown = thing.copy()
        grown[:, 1:] |= thing[:, :-1] & down
        grown[:, :-1] |= thing[:, 1:] & down
        grown[:, :, 1:] |= thing[:, :, :-1] & right
        grown[:, :, :-1] |= thing[:, :, 1:] & right
        thing = np.where((step < steps)[:, None, None], grown, thing)
    return thing


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
