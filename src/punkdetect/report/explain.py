"""What a picture that shows why holds: the outlines of the pixels that decided each trait, and a legend.

Reads a `Report`; finds nothing itself, and knows neither PNG nor SVG.
"""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from punkdetect.counterfactual import Turn
from punkdetect.punks import SIDE, BoolArray, ByteArray
from punkdetect.report.canvas import Color
from punkdetect.reports import Report, TraitHeading

NONE = "none"

MAX_LEVEL = 3
"""Outlines that fit into each other in one cell; further ones share the innermost place."""

BRIGHT = 1000 * 120
"""Luma of a line (ITU-R BT.601, times 1000) from which its halo is black: yellow, green, orange."""

GOLDEN = 0.618034
"""Steps of the golden ratio around the hue circle: any number of colours, each far from the ones before."""


class Line(NamedTuple):
    """One line of the legend.

    Parameters
    ----------
    text : str
    faint : bool
        Whether it is grey: what is withheld, and what only comments.
    square : (red, green, blue) or None
        Colour of the square before it.
    hollow : bool
        Whether the square is a frame only, as the outline of what was looked for and is not there is dashed.
    note : str
        Grey text that follows.
    """

    text: str
    faint: bool = False
    square: Color | None = None
    hollow: bool = False
    note: str = ""


class Outline(NamedTuple):
    """The pixels that decided one trait.

    Parameters
    ----------
    trait : str
    mask : ndarray of bool, shape (24, 24)
    color : (red, green, blue)
    level : int, from 0 to `MAX_LEVEL`
        How far inside of the cells the line lies, so that outlines that overlap can all be seen.
    dashed : bool
        Whether the answer is that there is nothing: these are the pixels that were looked at.
    """

    trait: str
    mask: BoolArray
    color: Color
    level: int
    dashed: bool = False

    @property
    def halo(self) -> Color:
        """What lies around the line, so that it is seen on pixels of its own colour: black or white."""
        red, green, blue = self.color
        return (0, 0, 0) if 299 * red + 587 * green + 114 * blue > BRIGHT else (255, 255, 255)


class Explanation(NamedTuple):
    """All that is drawn of one portrait.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (24, 24, 4)
    outlines : sequence of Outline
    legend : sequence of Line
    """

    rgba: ByteArray
    outlines: Sequence[Outline]
    legend: Sequence[Line]


def explain_report(
    report: Report, *, outline_colors: bool = False, turns: Sequence[Turn] = ()
) -> Explanation:
    """Choose what to outline and what to say.

    Parameters
    ----------
    report : Report
        Of a picture that was not refused.
    outline_colors : bool
        Outline the evidence of colour traits as well; else they only stand in the legend.
    turns : sequence of Turn
        What became of answers without their evidence, to be said in the legend.

    Raises
    ------
    ValueError
        If the picture was refused.
    """
    if report.rgba is None:
        raise ValueError(f"{report.image} was refused: there is nothing to draw")
    outlined = [h for h in report.headings if _is_outlined(h, report, outline_colors)]
    masks = [report.answers[h.trait].evidence for h in outlined]
    levels = nesting_levels(masks)
    outlines = [
        Outline(h.trait, masks[i], trait_color(i), min(levels[i], MAX_LEVEL), _is_absence(h, report))
        for i, h in enumerate(outlined)
    ]
    return Explanation(report.rgba, outlines, _legend(report, outlines, turns))


def _is_outlined(heading: TraitHeading, report: Report, outline_colors: bool) -> bool:
    answer = report.answers.get(heading.trait)
    wanted = outline_colors or not heading.is_color
    return answer is not None and wanted and bool(answer.evidence.any())


def _is_absence(heading: TraitHeading, report: Report) -> bool:
    return report.answers[heading.trait].value == NONE


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


def _legend(report: Report, outlines: Sequence[Outline], turns: Sequence[Turn]) -> list[Line]:
    drawn = {outline.trait: outline for outline in outlines}
    turned = {turn.trait: turn for turn in turns}
    lines = [Line(report.image), Line(_grid_words(report), faint=True), Line("")]
    for heading in report.headings:
        answer = report.answers.get(heading.trait)
        if heading.trait in report.errors:
            lines.append(Line(f"{heading.trait}: failed: {report.errors[heading.trait]}", faint=True))
        elif answer is None:
            lines.append(Line(f"{heading.trait}: withheld: {heading.reason}", faint=True))
        else:
            said = f"{answer.value} {answer.confidence:.2f}" if answer.value else "nothing found"
            outline = drawn.get(heading.trait)
            square = _swatch(answer.value) if heading.is_color else outline and outline.color
            kept = "" if heading.shown else f", withheld: {heading.reason}"
            hollow = outline is not None and outline.dashed
            note = f"({heading.detector}){kept}"
            lines.append(Line(f"{heading.trait}: {said}", not heading.shown, square, hollow, note))
        if heading.trait in turned:
            lines.append(Line(turn_words(turned[heading.trait]), faint=True))
    if any(outline.dashed for outline in outlines):
        lines += [Line(""), Line("dashed: looked at, and nothing is there", faint=True)]
    return lines


def turn_words(turn: Turn) -> str:
    """Say what became of an answer without its evidence."""
    if not turn.turned:
        return f"still {turn.value} without these pixels"
    return f"without these pixels: {turn.without or 'nothing found'}"


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
