"""Pictures of the steps by which the 24x24 cells of a picture were found, for people who want to see why.

Draws what `inputs.recover_portrait` returned; finds nothing itself.
"""

from __future__ import annotations

import numpy as np

from punkdetect.images import encode_png
from punkdetect.inputs import Recovered
from punkdetect.punks import SIDE, ByteArray
from punkdetect.report.canvas import enlarge

SCALE = 20
"""Pixels a cell in the pictures that show cells."""

SMALLEST = 480
"""Pixels along the shorter side from which a line can be told from its cells; smaller ones are enlarged."""

LINE = (255, 0, 128, 255)
"""A pink that no portrait known uses for a whole line."""


def draw_steps(picture: ByteArray, found: Recovered) -> dict[str, bytes]:
    """Draw the steps of a recovery.

    Parameters
    ----------
    picture : ndarray of uint8, shape (H, W, 4)
    found : Recovered

    Returns
    -------
    dict of str to bytes
        PNGs by name, in the order of the steps: the grid over the picture, the cells, how pure each cell is
        (white: one colour, black: mixed).
    """
    grey = np.round(found.purity * 255).astype(np.uint8)
    purity = np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    return {
        "1_grid": encode_png(_with_grid(picture, found)),
        "2_cells": encode_png(enlarge(found.rgba, SCALE)),
        "3_purity": encode_png(enlarge(purity, SCALE)),
    }


def _with_grid(picture: ByteArray, found: Recovered) -> ByteArray:
    """Return the picture with a line at every boundary of the cells."""
    scale = max(1, -(-SMALLEST // min(picture.shape[:2])))
    drawn = enlarge(picture, scale)
    steps = np.arange(SIDE + 1)
    for axis in (0, 1):
        lines = np.round((found.source.offset[axis] + found.source.cell[axis] * steps) * scale).astype(int)
        lines = np.clip(lines, 0, drawn.shape[axis] - 1)
        if axis == 0:
            drawn[lines] = LINE
        else:
            drawn[:, lines] = LINE
    return drawn
