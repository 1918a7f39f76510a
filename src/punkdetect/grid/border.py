"""A plain border around a portrait that was smoothed or compressed.

Owns the search for boxes inside a border: told by its colour where that ends in straight edges, otherwise, if
it is the same on all sides, by where lines between cells would lie. It only proposes; `evidence` judges.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from punkdetect.grid.box import ALONE, STEP, WIDEST, Box, down_to_clothes, outline_share
from punkdetect.grid.evidence import boundary_contrast, is_opaque, premultiply
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray

LIKE = 20
"""Levels within which a pixel may have the border's colour: JPEG of quality 75 rings by up to 16 at edges."""

FRAME_LIKE = 48
"""The same along the sides of the picture, where smoothing overshoots by a tenth of the contrast."""

FRAME_SHARE = 0.9
"""Share of a side that must be of one colour; JPEG leaves more than `FRAME_LIKE` in narrow borders."""

RINGING = 0.05
"""Share of a row in a border that may differ from it by more: what rings beside the strongest edges."""

BLOCK = 8
"""Pixels of a block of JPEG: so far into a border may what lies inside of it ring."""

ROWS_AT_ONCE = 256
"""Rows turned into floats at a time, so that the largest picture takes little memory."""

PROPOSED = 4
"""Widths of a border without a colour of its own that are worth a full test."""


class Frame(NamedTuple):
    """The plain outermost part of a picture.

    Parameters
    ----------
    color : ndarray of float32, shape (3,) or (4,)
        Premultiplied.
    closed : bool
        Whether it runs along all four sides.
    """

    color: NDArray[np.float32]
    closed: bool


def find_frame(rgba: ByteArray) -> Frame | None:
    """Return what a border could begin with: two opposite sides of one colour; None if there is none.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    """
    opaque = is_opaque(rgba)
    corners = premultiply(rgba[[0, 0, -1, -1], [0, -1, 0, -1]], opaque)
    color: NDArray[np.float32] = np.median(corners, axis=0).astype(np.float32)
    if not bool((np.abs(corners - color) <= FRAME_LIKE).all()):
        return None
    shares = [
        float((np.abs(premultiply(side, opaque) - color).max(axis=-1) <= FRAME_LIKE).mean())
        for side in (rgba[0], rgba[-1], rgba[:, 0], rgba[:, -1])
    ]
    plain = [min(shares[:2]) >= FRAME_SHARE, min(shares[2:]) >= FRAME_SHARE]
    return Frame(color, all(plain)) if any(plain) else None


def find_bordered_boxes(rgba: ByteArray, frame: Frame) -> list[Box]:
    """Propose boxes inside a plain border, the likeliest first.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    frame : Frame
    """
    height, width = rgba.shape[:2]
    distance = _distance(rgba, frame.color)
    differs = distance > LIKE
    rows, columns = _content_span(differs, 0), _content_span(differs, 1)
    if rows is None or columns is None:
        return []
    rough = Box(*rows, *columns)
    part = np.s_[int(rough.top) : int(rough.bottom)], np.s_[int(rough.left) : int(rough.right)]
    depth = [max(1, int(rough.cell(axis) / 4)) for axis in (0, 1)]  # past what a smoothed edge mixes
    told = outline_share(differs, rough, (depth[0] - 1, depth[1] - 1))
    exact = rough
    if told >= STEP:
        exact = Box(
            *_edges(distance[:, part[1]].mean(axis=1), rough.span(0), height),
            *_edges(distance[part[0]].mean(axis=0), rough.span(1), width),
        )
    boxes = []
    if frame.closed and not (told >= ALONE and exact.is_square()):
        widest = min(rough.top, height - rough.bottom, rough.left, width - rough.right) + BLOCK
        boxes += _same_on_all_sides(rgba, min(widest, WIDEST * min(height, width)))
    if told >= STEP:
        boxes.append(exact)
        if exact.bottom < height:  # clothes of the border's colour may hide the lower edge
            boxes.append(down_to_clothes(exact, height))
    return boxes


def _distance(rgba: ByteArray, color: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far each pixel is from a colour, in levels of the channel that is furthest."""
    distance = np.empty(rgba.shape[:2], np.float32)
    for start in range(0, len(rgba), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        away = np.abs(premultiply(rgba[rows], len(color) == 3) - color)
        distance[rows] = away[..., 0]
        for channel in range(1, len(color)):
            np.maximum(distance[rows], away[..., channel], out=distance[rows])
    return distance


def _content_span(differs: BoolArray, axis: int) -> tuple[float, float] | None:
    """Return the first row (column) that is not border and the one after the last."""
    rows = np.flatnonzero(differs.mean(axis=1 - axis) > RINGING)
    if not len(rows):
        return None
    return float(rows[0]), float(rows[-1] + 1)


def _edges(profile: FloatArray, span: tuple[float, float], size: int) -> tuple[float, float]:
    """Return where a profile rises to half of what it is inside, at both ends, to a part of a pixel."""
    start, end = int(span[0]), int(span[1])
    reach = max(2, (end - start) // (2 * SIDE))
    ends = []
    for values, first, open_end in (
        (profile, start, start > 0),
        (profile[::-1], size - end, end < size),
    ):
        if not open_end:
            ends.append(0.0)
            continue
        level = float(np.median(values[first + reach // 2 : first + 2 * reach])) / 2
        at = max(1, first - reach)
        above = np.flatnonzero(values[at : first + 2 * reach] >= level)
        at += int(above[0]) if len(above) else first - at
        low, high = float(values[at - 1]), float(values[at])
        ends.append(at - 0.5 + (level - low) / max(high - low, 1e-6) if high > low else float(at))
    return ends[0], size - ends[1]


def _same_on_all_sides(rgba: ByteArray, widest: float) -> list[Box]:
    """Propose widths of a border whose colour the portrait's own backdrop has.

    Each width says where the lines between cells would be; proposed are those with most contrast there.
    """
    height, width = rgba.shape[:2]
    widths = np.arange(1.0, widest + 0.5, 0.5)
    if not len(widths):
        return []
    score = np.zeros(len(widths))
    for axis, size in ((0, height), (1, width)):
        contrast = boundary_contrast(rgba, axis)
        lines = np.linspace(widths, size - widths, SIDE + 1)[1:-1]
        at_lines = np.interp(lines - 1, np.arange(len(contrast)), contrast)
        score += at_lines.mean(axis=0) / max(float(contrast.mean()), 1e-6)
    chosen: list[int] = []
    for i in np.argsort(-score, kind="stable"):
        if all(abs(int(i) - j) > 2 for j in chosen):
            chosen.append(int(i))
        if len(chosen) == PROPOSED:
            break
    return [Box(w, height - w, w, width - w) for w in widths[chosen].tolist()]
