"""An explanation drawn as SVG: the same picture as the PNG, sharp at any size, its text selectable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from punkdetect.cells import markup_text
from punkdetect.punks import SIDE, BoolArray, ByteArray
from punkdetect.report.canvas import Color
from punkdetect.report.explain import Explanation, Line, Outline
from punkdetect.report.explain_png import DASH, INDENT, LINE, MARGIN, ROW, SCALE, STEP, TEXT

CHARACTER = 0.6
"""Width of a character at most, as a share of the text's size: how wide the picture must be."""

MARK = "<!-- punkdetect explain -->"
"""Stands in every SVG that the command writes, so that it knows its own."""

STYLE = (
    "text{font-family:system-ui,sans-serif;fill:#141414}.faint,text.faint{fill:#777}"
    "path{fill:none;stroke-linejoin:miter}.paper{fill:#fafafa}"
    "@media (prefers-color-scheme:dark){text{fill:#eee}.faint,text.faint{fill:#999}.paper{fill:#18181b}}"
)

Point = tuple[int, int]


def draw_svg(explanation: Explanation) -> str:
    """Draw a portrait with the evidence of its traits.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    str
        An SVG document without scripts or links.
    """
    side = SIDE * SCALE
    height = max(side, ROW * len(explanation.legend)) + 2 * MARGIN
    longest = max(len(line.text) + len(line.note) for line in explanation.legend)
    width = side + INDENT + round(longest * CHARACTER * TEXT) + 3 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img">',
        MARK,
        f"<title>{markup_text(explanation.legend[0].text)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        f'<g transform="translate({MARGIN} {MARGIN})" shape-rendering="crispEdges">',
        *_cells(explanation.rgba),
        *(_halo(outline) for outline in explanation.outlines),
        *(_outline(outline) for outline in explanation.outlines),
        "</g>",
        *(part for i, line in enumerate(explanation.legend) for part in _legend_line(line, i)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _hex(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def _cells(rgba: ByteArray) -> Iterator[str]:
    """Yield a rectangle for every run of equal pixels in a row that can be seen."""
    for row in range(SIDE):
        words = np.ascontiguousarray(rgba[row]).view(np.uint32)[:, 0]
        starts = np.flatnonzero(np.append(True, words[1:] != words[:-1]))
        ends = np.append(starts[1:], SIDE)
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            red, green, blue, alpha = rgba[row, start].tolist()
            if alpha:
                opacity = "" if alpha == 255 else f' fill-opacity="{alpha / 255:.3f}"'
                yield (
                    f'<rect x="{start * SCALE}" y="{row * SCALE}" width="{(end - start) * SCALE}" '
                    f'height="{SCALE}" fill="{_hex((red, green, blue))}"{opacity}/>'
                )


def _outline(outline: Outline) -> str:
    """Return the path of a set of cells, as far inside of them as its level says."""
    title = f"<title>{markup_text(outline.trait)}</title>"
    return _path(outline, outline.color, outline.level * STEP, LINE, title)


def _halo(outline: Outline) -> str:
    """Return the path that lies under an outline, a pixel wider on each side that is inside of its cells."""
    rim = min(1, outline.level)
    return _path(outline, outline.halo, outline.level * STEP - rim, LINE + 1 + rim, "")


def _path(outline: Outline, color: Color, by: int, width: int, title: str) -> str:
    middle = by + width / 2
    loops = (
        "M" + "L".join(f"{x:g} {y:g}" for x, y in inset(loop, middle)) + "Z" for loop in trace(outline.mask)
    )
    dashes = f' stroke-dasharray="{DASH}"' if outline.dashed else ""
    return f'<path d="{"".join(loops)}" stroke="{_hex(color)}" stroke-width="{width}"{dashes}>{title}</path>'


def trace(mask: BoolArray) -> list[list[Point]]:
    """Return the boundary of a set of cells as closed loops of corners, the cells on the right hand.

    Parameters
    ----------
    mask : ndarray of bool, shape (R, C)

    Returns
    -------
    list of list of (column, row)
        Corners between cells where the boundary bends, clockwise around cells and counter-clockwise around
        holes. Cells that touch at a corner only are of different loops there.
    """
    edges = _edges(mask)
    loops = []
    while edges:
        edge = first = min(edges)
        loop: list[Point] = []
        while True:
            edges.discard(edge)
            col, row, right, down = edge
            col, row = col + right, row + down
            # to the right first: at a corner that two cells share each keeps its own boundary
            ways = ((-down, right), (right, down), (down, -right))
            after = next(
                (col, row, *way) for way in ways if (col, row, *way) in edges or (col, row, *way) == first
            )
            if after[2:] != edge[2:]:
                loop.append((col, row))
            if after == first:
                break
            edge = after
        loops.append(loop)
    return loops


def _edges(mask: BoolArray) -> set[tuple[int, int, int, int]]:
    """Return the edges between cells and no cells: column and row of their start, and their direction."""
    padded = np.pad(mask, 1)
    inside = padded[1:-1, 1:-1]
    sides = (
        (padded[:-2, 1:-1], (0, 0), (1, 0)),
        (padded[1:-1, 2:], (1, 0), (0, 1)),
        (padded[2:, 1:-1], (1, 1), (-1, 0)),
        (padded[1:-1, :-2], (0, 1), (0, -1)),
    )
    return {
        (int(col) + d_col, int(row) + d_row, right, down)
        for beyond, (d_col, d_row), (right, down) in sides
        for row, col in np.argwhere(inside & ~beyond)
    }


def inset(loop: Sequence[Point], by: float) -> list[tuple[float, float]]:
    """Return a loop of corners in pixels, moved by `by` pixels to its right hand, where the cells are."""
    moved = []
    for before, (col, row), after in zip((loop[-1], *loop[:-1]), loop, (*loop[1:], loop[0]), strict=True):
        into, out = _direction(before, (col, row)), _direction((col, row), after)
        moved.append((col * SCALE - by * (into[1] + out[1]), row * SCALE + by * (into[0] + out[0])))
    return moved


def _direction(start: Point, end: Point) -> Point:
    return (end[0] > start[0]) - (end[0] < start[0]), (end[1] > start[1]) - (end[1] < start[1])


def _legend_line(line: Line, number: int) -> Iterator[str]:
    top, left = MARGIN + ROW * number, SIDE * SCALE + 2 * MARGIN
    if line.square is not None:
        yield (
            f'<rect x="{left + 0.5}" y="{top + 2.5}" width="13" height="13" '
            f'fill="{_hex(line.square)}" stroke="#141414"/>'
        )
    if line.square is not None and line.hollow:
        yield f'<rect class="paper" x="{left + 4}" y="{top + 6}" width="6" height="6"/>'
    if line.text:
        faint = ' class="faint"' if line.faint else ""
        place = f'x="{left + INDENT}" y="{top + TEXT}" font-size="{TEXT}"'
        note = f' <tspan class="faint">{markup_text(line.note)}</tspan>' if line.note else ""
        yield f"<text {place}{faint}>{markup_text(line.text)}{note}</text>"
