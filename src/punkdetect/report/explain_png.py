"""An explanation drawn as PNG: the portrait enlarged, outlines inside its cells, the legend beside it."""

from __future__ import annotations

from punkdetect.punks import SIDE
from punkdetect.report.canvas import Canvas, Color, enlarge, text_width
from punkdetect.report.explain import Explanation

SCALE = 28
"""Pixels a cell: room for several outlines in each other; the portrait is 672 pixels wide."""

LINE = 3
STEP = 4
"""Width of an outline, and how far the next one lies inside it."""

MARGIN = 16
TEXT = 15
ROW = 21
MAX_LEGEND = 1200
"""Pixels of the longest legend line that is drawn whole."""

INDENT = 22
"""Pixels from a legend line's square to its text."""

PAPER: Color = (250, 250, 250)
INK: Color = (20, 20, 20)
GREY: Color = (140, 140, 140)


def draw_png(explanation: Explanation) -> bytes:
    """Draw a portrait with the evidence of its traits.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    bytes
        A PNG.
    """
    side, legend = SIDE * SCALE, explanation.legend
    height = max(side, ROW * len(legend)) + 2 * MARGIN
    width = min(MAX_LEGEND, max(text_width(line.text, TEXT) for line in legend))
    canvas = Canvas(height, side + INDENT + width + 3 * MARGIN, PAPER)
    canvas.paste(enlarge(explanation.rgba, SCALE), MARGIN, MARGIN)
    for outline in explanation.outlines:
        canvas.outline(outline.mask, SCALE, MARGIN, MARGIN, outline.color, outline.level * STEP, LINE)
    for i, line in enumerate(legend):
        row, col = MARGIN + ROW * i, side + 2 * MARGIN
        if line.square is not None:
            canvas.fill(row + 2, col, 14, 14, INK)
            canvas.fill(row + 3, col + 1, 12, 12, line.square)
        canvas.write(line.text, row, col + INDENT, GREY if line.faint else INK, TEXT)
    return canvas.png()
