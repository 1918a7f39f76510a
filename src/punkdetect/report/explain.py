"""One picture that shows why: the portrait enlarged, the pixels that decided each trait outlined, a legend.

Draws a `Report`; finds nothing itself.
"""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from punkdetect.punks import SIDE, BoolArray
from punkdetect.report.canvas import Canvas, Color, enlarge, text_width
from punkdetect.reports import Report, TraitHeading

SCALE = 28
"""Pixels a cell: room for several outlines in each other; the portrait is 672 pixels wide."""

LINE = 3
STEP = 4
"""Width of an outline, and how far the next one lies inside it."""

MAX_LEVEL = 3
"""Outlines that fit into each other in one cell; further ones share the innermost place."""

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

GOLDEN = 0.618034
"""Steps of the golden ratio around the hue circle: any number of colours, each far from the ones before."""


class Line(NamedTuple):
    """One line of the legend: text, its colour, and the colour of its square, if it has one."""

    text: str
    ink: Color
    square: Color | None = None


def draw_explanation(report: Report, *, outline_colors: bool = False) -> bytes:
    """Draw a portrait with the evidence of its traits.

    Parameters
    ----------
    report : Report
        Of a picture that was not refused.
    outline_colors : bool
        Outline the evidence of colour traits as well; else they only stand in the legend.

    Returns
    -------
    bytes
        A PNG.

    Raises
    ------
    ValueError
        If the picture was refused.
    """
    if report.rgba is None:
        raise ValueError(f"{report.image} was refused: there is nothing to draw")
    outlined = [h for h in report.headings if _is_outlined(h, report, outline_colors)]
    colors = {h.trait: trait_color(i) for i, h in enumerate(outlined)}
    lines = _legend(report, colors)
    side = SIDE * SCALE
    height = max(side, ROW * len(lines)) + 2 * MARGIN
    legend = min(MAX_LEGEND, max(text_width(line.text, TEXT) for line in lines))
    canvas = Canvas(height, side + INDENT + legend + 3 * MARGIN, PAPER)
    canvas.paste(enlarge(report.rgba, SCALE), MARGIN, MARGIN)
    masks = [report.answers[h.trait].evidence for h in outlined]
    for heading, mask, level in zip(outlined, masks, nesting_levels(masks), strict=True):
        inset = min(level, MAX_LEVEL) * STEP
        canvas.outline(mask, SCALE, MARGIN, MARGIN, colors[heading.trait], inset, LINE)
    for i, line in enumerate(lines):
        row, col = MARGIN + ROW * i, side + 2 * MARGIN
        if line.square is not None:
            canvas.fill(row + 2, col, 14, 14, INK)
            canvas.fill(row + 3, col + 1, 12, 12, line.square)
        canvas.write(line.text, row, col + INDENT, line.ink, TEXT)
    return canvas.png()


def _is_outlined(heading: TraitHeading, report: Report, outline_colors: bool) -> bool:
    answer = report.answers.get(heading.trait)
    wanted = outline_colors or not heading.is_color
    return answer is not None and wanted and bool(answer.evidence.any())


def trait_color(i: int) -> Color:
    """Return the i-th of a row of colours that differ well from one another."""
    red, green, blue = colorsys.hsv_to_rgb((0.95 + i * GOLDEN) % 1, 1.0, (1.0, 0.72)[i % 2])
    return round(red * 255), round(green * 255), round(blue * 255)


def nesting_levels(masks: Sequence[BoolArray]) -> list[int]:
    """Return for each mask the lowest level that no earlier mask it overlaps has taken.

    Parameters
    ----------
    masks : sequence of bool array, all of one shape

    Returns
    -------
    list of int
        Masks of one level never overlap.
    """
    levels: list[int] = []
    for i, mask in enumerate(masks):
        taken = {levels[j] for j in range(i) if bool(np.any(masks[j] & mask))}
        levels.append(next(level for level in range(i + 1) if level not in taken))
    return levels


def _legend(report: Report, colors: dict[str, Color]) -> list[Line]:
    lines = [Line(report.image, INK), Line(_grid_words(report), GREY), Line("", INK)]
    for heading in report.headings:
        answer = report.answers.get(heading.trait)
        if heading.trait in report.errors:
            lines.append(Line(f"{heading.trait}: failed: {report.errors[heading.trait]}", GREY))
        elif answer is None:
            lines.append(Line(f"{heading.trait}: withheld: {heading.reason}", GREY))
        else:
            said = f"{answer.value} {answer.confidence:.2f}" if answer.value else "nothing found"
            square = _swatch(answer.value) if heading.is_color else colors.get(heading.trait)
            kept = "" if heading.shown else f", withheld: {heading.reason}"
            text = f"{heading.trait}: {said} ({heading.detector}){kept}"
            lines.append(Line(text, INK if heading.shown else GREY, square))
    return lines


def _swatch(value: str | None) -> Color | None:
    if value is None:
        return None
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def _grid_words(report: Report) -> str:
    source = report.source
    if source is None or (source.width, source.height) == (SIDE, SIDE):
        return "24x24 pixels"
    height, width = source.cell
    row, col = source.offset
    forced = ", forced" if source.forced else ""
    return (
        f"{source.width}x{source.height} pixels, cells of {width:.2f}x{height:.2f} "
        f"from ({row:.1f}, {col:.1f}), fit {source.fit:.2f}{forced}"
    )
