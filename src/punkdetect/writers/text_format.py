"""A portrait in the terminal beside its traits, for people: two pixels a character where colour is to be had.

Knows what a terminal can show; the caller says which of it this one does.
"""

from __future__ import annotations

from itertools import zip_longest

from punkdetect.punks import SIDE, ByteArray
from punkdetect.reports import Report, Reports, TraitHeading

HEAD = "punkdetect: "
"""Begins the text of every picture."""

UPPER, LOWER = "\u2580", "\u2584"
"""Half blocks: the upper (lower) half in the colour of the letter, the other in that of the paper."""

RESET = "\x1b[0m"

RAMP = "@%#*+=-:. "
"""Characters from dark to light, for terminals without colours; each stands twice, as letters are narrow."""

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in what the eye takes for brightness (ITU-R BT.601)."""

GAP = "   "


class TextFormat:
    """Writes reports as text to look at.

    Parameters
    ----------
    color : bool
        Draw in true colour with half blocks; else in plain characters from dark to light.
    """

    def __init__(self, color: bool) -> None:
        self.color = color

    def header(self) -> str:
        """Return nothing: every picture has a heading of its own."""
        return ""

    def records(self, reports: Reports) -> list[str]:
        """Return some lines a picture."""
        return [self._record(report) for report in reports]

    def footer(self) -> str:
        """Return nothing."""
        return ""

    def recognizes(self, head: bytes) -> bool:
        """Tell whether the file starts like one of ours."""
        return head.startswith(HEAD.encode())

    def _record(self, report: Report) -> str:
        name = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in report.image)
        head = f"{HEAD}{name}{f': {report.status}: {report.message}' if report.message else ''}\n"
        if report.rgba is None:
            return head + "\n"
        width = SIDE if self.color else 2 * SIDE
        drawn = _half_blocks(report.rgba) if self.color else _letters(report.rgba)
        lines = zip_longest(drawn, _words(report))
        body = (f"{left or ' ' * width}{GAP}{right or ''}".rstrip(" ") + "\n" for left, right in lines)
        return head + "".join(body) + "\n"


def _words(report: Report) -> list[str]:
    """Return a line for every trait: value, how sure, or why it is withheld."""
    width = max((len(heading.trait) for heading in report.headings), default=0)
    return [f"{heading.trait:{width}}  {_said(heading, report)}" for heading in report.headings]


def _said(heading: TraitHeading, report: Report) -> str:
    answer = report.answers.get(heading.trait)
    if heading.trait in report.errors:
        return f"failed: {report.errors[heading.trait]}"
    if answer is None:
        return f"withheld: {heading.reason}"
    said = f"{answer.value:12} {answer.confidence:.2f}" if answer.value else "nothing found"
    return said if heading.shown else f"{said}  withheld: {heading.reason}"


def _half_blocks(rgba: ByteArray) -> list[str]:
    """Draw two rows of pixels a line, in true colour; see-through pixels show the terminal's own paper."""
    lines = []
    for upper, lower in zip(rgba[::2].tolist(), rgba[1::2].tolist(), strict=True):
        line = ""
        for top, bottom in zip(upper, lower, strict=True):
            if top[3]:
                line += _ink(38, top) + (_ink(48, bottom) if bottom[3] else "\x1b[49m") + UPPER
            elif bottom[3]:
                line += "\x1b[49m" + _ink(38, bottom) + LOWER
            else:
                line += "\x1b[49m "
        lines.append(line + RESET)
    return lines


def _ink(layer: int, color: list[int]) -> str:
    return f"\x1b[{layer};2;{color[0]};{color[1]};{color[2]}m"


def _letters(rgba: ByteArray) -> list[str]:
    """Draw each pixel as two equal characters, the darker the denser; see-through pixels are left free."""
    light = (rgba[..., :3] @ LUMA) / 256 * len(RAMP)
    steps = light.astype(int).tolist()
    seen = (rgba[..., 3] > 0).tolist()
    return [
        "".join(2 * RAMP[step] if visible else "  " for step, visible in zip(row, shown, strict=True))
        for row, shown in zip(steps, seen, strict=True)
    ]
