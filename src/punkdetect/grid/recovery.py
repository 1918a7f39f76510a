"""From a picture of any size to its true 24x24 pixels.

Owns the order of the search and the refusal; the parts know nothing of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from punkdetect.errors import NotAPunkError
from punkdetect.grid.border import find_bordered_boxes, find_frame
from punkdetect.grid.box import WIDEST, WIDEST_RING, Box, whole
from punkdetect.grid.cells import find_purity, read_middles, sample_cells, solve_cells
from punkdetect.grid.clean import find_clean_grid, find_lines, other_count
from punkdetect.grid.evidence import HINT, SURE, Axis, Verdict, judge, prepare_axis
from punkdetect.grid.offset import find_shifted_box
from punkdetect.grid.ruled import find_ruled_grid
from punkdetect.punks import SIDE, ByteArray, FloatArray

NEEDED = 0.6
"""Fit from which a picture is taken for 24 x 24 cells."""

LEAST_CELL = 2.0
"""Pixels of the smallest cell that is told apart from its neighbours in a picture that is not clean."""

NEEDED_SHIFTED = 0.8
"""The same for cells that do not begin and end with the picture: there are more places to be fooled at."""

CLEARLY = 0.02
"""By how much the fit inside a border must be better than that of what was found before it."""

NEXT_STEP = "; crop it to one portrait, or take it all the same with --grid 24"
"""What a person may do about a refused picture; some are photos, on which nothing can be read."""

CERTAIN = 0.95
"""Fit at which no ring of cells is looked for around a box."""

STEPS = (-1.0, 1.0, -0.5, 0.5)
"""Pixels by which a border is made wider to see whether what lies inside fits better."""

PLAIN = 20
"""Levels within which the cells of such a ring are one colour; twice what smoothing and JPEG leave."""


ONE_COLOR = "nothing is drawn on it, all of it has one colour"
"""Why a plain picture is refused: no edge says how wide a cell is."""


@dataclass(frozen=True)
class Recovery:
    """The portrait that a picture holds, and how that was found.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (24, 24, 4)
        Straight alpha.
    cell : tuple of float
        Height and width of a cell in source pixels.
    offset : tuple of float
        Row and column in source pixels of the top left corner of cell (0, 0).
    fit : float
        How well 24 x 24 cells explain the picture, in [0, 1]; 1 where they do to the last bit.
    margin : float
        Fit less that of the best other count from 16 to 32, in [-1, 1].
    purity : ndarray of float64, shape (24, 24), in [0, 1]
        How much of each cell has the colour it was given.
    forced : bool
        Whether the search would have refused the picture.
    """

    rgba: ByteArray
    cell: tuple[float, float]
    offset: tuple[float, float]
    fit: float
    margin: float
    purity: FloatArray
    forced: bool = False


def recover_grid(rgba: ByteArray, *, forced: bool = False) -> Recovery:
    """Return the true 24x24 pixels of a picture.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
        Straight alpha. Of exactly 24x24 pixels it passes untouched.
    forced : bool
        Take a picture that would be refused for 24 x 24 cells over its whole size.

    Returns
    -------
    Recovery

    Raises
    ------
    NotAPunkError
        If the picture holds no grid of 24 x 24 cells; even if forced, if it has fewer pixels than cells.
    """
    height, width = rgba.shape[:2]
    full = whole(rgba.shape)
    if (height, width) == (SIDE, SIDE):
        return _exact(rgba, full)
    if height < SIDE or width < SIDE:
        raise NotAPunkError(f"size {width}x{height}: a portrait has at least 24x24 pixels")
    lines = find_lines(rgba)
    clean = find_clean_grid(lines) or find_ruled_grid(lines)
    if clean is not None:
        return _exact(rgba[clean.rows[:, None], clean.columns], clean.box)
    found = _Found(full, judge(_axes(rgba, full)))
    rival = None if _is_flat(found.verdict) else other_count(lines)
    if rival is not None:
        found = found._replace(verdict=found.verdict._replace(rival=rival))
    else:
        found = _look_inside(rgba, found)
        if found.box == full and found.verdict.fit < NEEDED_SHIFTED:
            found = _look_shifted(rgba, found)
    refused = not found.accepted
    if refused and not forced:
        if (rgba == rgba[0, 0]).all():
            raise NotAPunkError(
                f"no 24x24 grid in this {width}x{height} picture: {ONE_COLOR}"
                " (--grid 24 takes it all the same)"
            )
        raise NotAPunkError(_refusal(width, height, found.verdict))
    box = full if refused else found.box
    samples = sample_cells(rgba, box)
    cells = found.cells
    if cells is None:
        kernels = found.verdict.kernels
        smooth = kernels[0] != "box" and not refused
        cells = solve_cells(rgba, box, _smooth(kernels)) if smooth else read_middles(samples)
    return Recovery(
        cells,
        (box.cell(0), box.cell(1)),
        (box.top, box.left),
        found.verdict.fit,
        found.verdict.margin,
        find_purity(samples, cells),
        refused,
    )


class _Found(NamedTuple):
    """A box, what the test says of it, and its cells if they had to be read for the test."""

    box: Box
    verdict: Verdict
    cells: ByteArray | None = None

    @property
    def accepted(self) -> bool:
        fits = self.verdict.fit >= NEEDED and self.verdict.rival is None
        return fits and min(self.box.cell(0), self.box.cell(1)) >= LEAST_CELL


def _exact(cells: ByteArray, box: Box) -> Recovery:
    return Recovery(cells, (box.cell(0), box.cell(1)), (box.top, box.left), 1.0, 1.0, np.ones((SIDE, SIDE)))


def _axes(rgba: ByteArray, box: Box) -> tuple[Axis, Axis]:
    return prepare_axis(rgba, box, 0), prepare_axis(rgba, box, 1)


def _is_flat(verdict: Verdict) -> bool:
    """Tell whether 24 cells of one colour explain nearly all: a scratch on a clean enlargement is no cell."""
    return verdict.kernels[0] == "box" and verdict.fit >= SURE


def _smooth(kernels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in kernels if name != "box")


def _look_inside(rgba: ByteArray, found: _Found) -> _Found:
    """Return the portrait inside a plain border if there is one, else what was found over the whole picture.

    Nobody looks inside a picture that is a portrait from edge to edge: where its backdrop is plain, too, its
    clothes reach the lower edge.
    """
    frame = find_frame(rgba)
    if frame is None or (found.accepted and not frame.closed):
        return found
    inner = [_Found(box, judge(_axes(rgba, box))) for box in find_bordered_boxes(rgba, frame)]
    if inner:
        best = max(inner, key=lambda one: one.verdict.fit)
        # The first within a hair of the best: boxes come with the likeliest first.
        best = next(one for one in inner if one.verdict.fit > best.verdict.fit - CLEARLY)
        if best.box.is_centered(rgba.shape) and HINT < best.verdict.fit < CERTAIN:
            best = _refine(rgba, best)
        if best.accepted and best.verdict.fit > found.verdict.fit + (CLEARLY if found.accepted else 0):
            found = best
    if frame.closed and not (found.accepted and found.verdict.fit >= CERTAIN):
        return _look_inside_ring(rgba, found)
    return found


def _look_shifted(rgba: ByteArray, found: _Found) -> _Found:
    """Return the portrait whose cells begin or end elsewhere than the picture, if there is one."""
    box = find_shifted_box(rgba, found.verdict.fit > HINT)
    if box is None:
        return found
    shifted = _Found(box, judge(_axes(rgba, box)))
    axes = _axes(rgba, whole(rgba.shape))
    least = max(NEEDED_SHIFTED, found.verdict.fit, *(judge(axes, SIDE + one).fit for one in (-1, 1)))
    return shifted if shifted.accepted and shifted.verdict.fit >= least else found


def _refine(rgba: ByteArray, found: _Found) -> _Found:
    """Return a box in a border of equal width with that width changed for as long as it fits better."""
    height, width = rgba.shape[:2]
    better = True
    while better:
        better = False
        for step in STEPS:
            at = found.box.top + step
            if 0 < at < WIDEST * min(height, width):
                box = Box(at, height - at, at, width - at)
                moved = _Found(box, judge(_axes(rgba, box)))
                if moved.verdict.fit > found.verdict.fit:
                    found, better = moved, True
    return found


def _look_inside_ring(rgba: ByteArray, found: _Found) -> _Found:
    """Return the portrait inside a ring of whole plain cells that was enlarged together with it."""
    full = whole(rgba.shape)
    axes = _axes(rgba, full)
    for ring in range(1, WIDEST_RING + 1):
        count = SIDE + 2 * ring
        verdict = judge(axes, count)
        least = found.verdict.fit if found.accepted else NEEDED
        if verdict.rival is not None or verdict.fit <= least:
            continue
        kernels = _smooth(verdict.kernels)
        if not kernels:
            continue
        cells = solve_cells(rgba, full, kernels, count)
        inner = slice(ring, ring + SIDE)
        outside = np.ones((count, count), bool)
        outside[inner, inner] = False
        if int(np.ptp(cells[outside].astype(np.int16), axis=0).max()) > PLAIN:
            continue
        found = _Found(full.inside_ring(ring), verdict, np.ascontiguousarray(cells[inner, inner]))
    return found


def _refusal(width: int, height: int, verdict: Verdict) -> str:
    fits = (
        verdict.fit >= NEEDED
    )  # then something else is wrong, and the figure that is needed explains nothing
    score = f"fit {verdict.fit:.2f}" + ("" if fits else f", needs {NEEDED}")
    if min(width, height) < LEAST_CELL * SIDE:
        if fits and verdict.rival is None:
            return (
                f"size {width}x{height}: neither 24x24 nor a clean enlargement of it; a smoothed one needs"
                f" {LEAST_CELL * SIDE:.0f} pixels a side (--grid 24 takes it all the same)"
            )
        return f"size {width}x{height}: neither 24x24 nor an enlargement of it ({score}){NEXT_STEP}"
    if verdict.rival is not None:
        return (
            f"no 24x24 grid in this {width}x{height} picture: {verdict.rival} cells a side explain it better"
            f" than 24 ({score}){NEXT_STEP}"
        )
    return f"no 24x24 grid in this {width}x{height} picture ({score}){NEXT_STEP}"
