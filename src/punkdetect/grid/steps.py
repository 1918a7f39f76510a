"""The steps of a recovery as pictures, for people who want to see why.

Draws what `recovery` found and looks for nothing itself. Knows arrays only; writes no file.
"""

from __future__ import annotations

import numpy as np

from punkdetect.grid.box import Box
from punkdetect.grid.cells import sample_cells
from punkdetect.grid.evidence import boundary_contrast
from punkdetect.grid.recovery import Recovery, recover_grid
from punkdetect.punks import SIDE, ByteArray

LINE = np.array([255, 0, 128, 255], np.uint8)
"""A pink that no portrait known uses for a whole line."""

INK = np.array([20, 20, 20, 255], np.uint8)
PAPER = np.array([255, 255, 255, 255], np.uint8)

CHART = 96
"""Pixels from the foot to the top of a profile of contrast."""


def recovery_steps(rgba: ByteArray, *, forced: bool = False) -> list[tuple[str, ByteArray]]:
    """Return a picture of each step from a picture to its true pixels.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    forced : bool
        As for `recover_grid`.

    Returns
    -------
    list of (str, ndarray of uint8, shape (h, w, 4))
        `cropped`: the picture without its border. `contrast`: how much it changes from each column to the
        next (above) and from each row to the next (below), with a line at each boundary that was found.
        `sampled`: 8 x 8 places of each cell. `cells`: the result, 24x24.

    Raises
    ------
    NotAPunkError
        As `recover_grid`.
    """
    found = recover_grid(rgba, forced=forced)
    box = _box_of(found)
    top, bottom, left, right = (max(0, round(edge)) for edge in box)
    samples = sample_cells(rgba, box)
    return [
        ("cropped", rgba[top:bottom, left:right].copy()),
        ("contrast", _draw_contrast(rgba, box)),
        ("sampled", samples.reshape(SIDE * samples.shape[1], SIDE * samples.shape[3], 4)),
        ("cells", found.rgba.copy()),
    ]


def _box_of(found: Recovery) -> Box:
    (top, left), (height, width) = found.offset, found.cell
    return Box(top, top + SIDE * height, left, left + SIDE * width)


def _draw_contrast(rgba: ByteArray, box: Box) -> ByteArray:
    """Draw the profiles of contrast along both axes, one above the other."""
    charts = [_draw_profile(rgba, box, axis) for axis in (1, 0)]
    width = max(chart.shape[1] for chart in charts)
    drawn = np.empty((2 * CHART, width, 4), np.uint8)
    drawn[:] = PAPER
    for i, chart in enumerate(charts):
        drawn[i * CHART : (i + 1) * CHART, : chart.shape[1]] = chart
    return drawn


def _draw_profile(rgba: ByteArray, box: Box, axis: int) -> ByteArray:
    profile = boundary_contrast(rgba, axis)
    heights = np.zeros(rgba.shape[axis], np.intp)
    heights[1:] = np.round(profile / max(float(profile.max(initial=0.0)), 1e-6) * (CHART - 1))
    drawn = np.empty((CHART, len(heights), 4), np.uint8)
    drawn[:] = PAPER
    lines = np.clip(np.round(box.boundaries(axis)).astype(np.intp), 0, len(heights) - 1)
    drawn[:, lines] = LINE
    drawn[np.arange(CHART)[::-1, None] < heights] = INK
    return drawn
