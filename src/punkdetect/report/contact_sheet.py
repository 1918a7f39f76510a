"""A contact sheet: many portraits in one picture, enlarged, so that a person can judge them by eye."""

from __future__ import annotations

from punkdetect.punks import SIDE, ByteArray
from punkdetect.report.canvas import Canvas, enlarge

SCALE = 4
GAP = 4
COLUMNS = 20
MOST = 240
"""Portraits on a sheet: what a screen shows at a glance."""

PAPER = (40, 40, 40)


def draw_sheet(rgba: ByteArray, columns: int = COLUMNS) -> bytes:
    """Return a PNG of up to `MOST` portraits.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    columns : int
        Portraits in a row.
    """
    shown = rgba[:MOST]
    columns = max(1, min(columns, len(shown)))
    step = SIDE * SCALE + GAP
    lines = -(-len(shown) // columns)
    canvas = Canvas(lines * step + GAP, columns * step + GAP, PAPER)
    for i, portrait in enumerate(shown):
        row, col = divmod(i, columns)
        canvas.paste(enlarge(portrait, SCALE), GAP + row * step, GAP + col * step)
    return canvas.png()
