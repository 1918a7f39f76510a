"""An explanation drawn as PNG: the portrait enlarged, outlines inside its cells, the legend beside it."""

from __future__ import annotations

from punkdetect.punks import SIDE
from punkdetect.report.canvas import Canvas, Color, enlarge, text_width
from punkdetect.report.explain import Explanation, Line

SCALE = 28
"""Pixels a cell: room for several outlines in each other; the portrait is 672 pixels wide."""

LINE = 3
STEP = 4
"""Width of an outline, and how far the next one lies inside it: its halo shows between the two."""

DASH = 7
"""Pixels of a dash, and of the gap after it: two to a cell."""

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
    width = min(MAX_LEGEND, max(text_width(_whole(line), TEXT) for line in legend))
    canvas = Canvas(height, side + INDENT + width + 3 * MARGIN, PAPER)
    canvas.paste(enlarge(explanation.rgba, SCALE), MARGIN, MARGIN)
    for outline in explanation.outlines:  # all halos first: none lies over another's line
        rim = min(1, outline.level)
        inset, thick, dash = outline.level * STEP - rim, LINE + 1 + rim, DASH * outline.dashed
        canvas.outline(outline.mask, SCALE, MARGIN, MARGIN, outline.halo, inset, thick, dash)
    for outline in explanation.outlines:
        inset, dash = outline.level * STEP, DASH * outline.dashed
        canvas.outline(outline.mask, SCALE, MARGIN, MARGIN, outline.color, inset, LINE, dash)
    for i, line in enumerate(legend):
        row, col = MARGIN + ROW * i, side + 2 * MARGIN
        if line.square is not None:
            canvas.fill(row + 2, col, 14, 14, INK)
            canvas.fill(row + 3, col + 1, 12, 12, line.square)
            if line.hollow:
                canvas.fill(row + 6, col + 4, 6, 6, PAPER)
        if line.note:  # under the text, which begins alike: so its place need not be measured
            canvas.write(_whole(line), row, col + INDENT, GREY, TEXT)
            canvas.fill(row, col + INDENT, ROW, text_width(line.text, TEXT), PAPER)
        canvas.write(line.text, row, col + INDENT, GREY if line.faint else INK, TEXT)
    return canvas.png()


def _whole(line: Line) -> str:
    return f"{line.text} {line.note}" if line.note else line.text
