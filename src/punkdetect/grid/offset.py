"""Cells that do not begin and end with the picture: slightly off-grid, or cut at its edges.

Owns the search for where 24 cells begin and end along each axis, within half a cell of the edges of the
picture. It only proposes; `evidence` judges.
"""

from __future__ import annotations

import numpy as np

from punkdetect.grid.box import Box, whole
from punkdetect.grid.evidence import boundary_contrast, fit_axis, prepare_axis
from punkdetect.punks import SIDE, ByteArray

REACH = 0.45
"""Cells by which the grid may begin or end outside or inside of the picture."""

STRETCH = 0.6
"""Cells by which 24 cells may be longer or shorter than the picture; at 1 it would hold 23 or 25."""

FINE = 16
"""Places tried a cell."""

CONTRAST = 1.3
FAINT = 1.1
"""How much more a picture must change at the boundaries than elsewhere to be worth a test: photographs reach
1.2, enlarged portraits 1.1 to 1.5 when smoothed and 5 when not."""

BETTER = 1.05
"""How much more contrast than the boundaries of the whole picture a shifted span must have to be tested."""

MOVES = ((1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1))
"""How the two ends of a span are moved: both alike, or one alone."""

PROPOSED = 3
"""Spans of an axis that are tested."""


def find_shifted_box(rgba: ByteArray, hinted: bool) -> Box | None:
    """Propose where 24 cells lie that begin or end elsewhere than the picture, if lines speak for it.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    hinted : bool
        Whether the whole picture already fits 24 cells a little; then fainter lines are enough.
    """
    least = FAINT if hinted else CONTRAST
    box = whole(rgba.shape)
    moved = False
    for axis in (0, 1):
        spans = _spans(rgba, axis, least)
        if not spans:
            return None
        fits = [fit_axis(prepare_axis(rgba, box.with_span(axis, *span), axis)) for span in spans]
        best = int(np.argmax(fits))
        box = box.with_span(axis, *spans[best])
        if best > 0:
            box = _refine(rgba, box, axis, fits[best])
            moved = True
    return box if moved else None


def _refine(rgba: ByteArray, box: Box, axis: int, fit: float) -> Box:
    """Return a box with both ends along an axis moved for as long as it fits better."""
    size = rgba.shape[axis]
    for step in (box.cell(axis) / FINE / 2, box.cell(axis) / FINE / 4):
        better = True
        while better:
            better = False
            for low, high in MOVES:
                start, end = box.span(axis)
                tried = box.with_span(axis, start + low * step, end + high * step)
                if abs(tried.cell(axis) * SIDE - size) > STRETCH * size / SIDE:
                    continue
                new = fit_axis(prepare_axis(rgba, tried, axis))
                if new > fit:
                    box, fit, better = tried, new, True
    return box


def _spans(rgba: ByteArray, axis: int, least: float) -> list[tuple[float, float]]:
    """Return where 24 cells may begin and end along an axis: all of it, then spans that have more contrast.

    None at all where the contrast at lines is not so many times that of elsewhere.
    """
    size = rgba.shape[axis]
    contrast = boundary_contrast(rgba, axis)
    shifts = np.arange(-REACH, REACH + 1e-9, 1 / FINE) * (size / SIDE)
    start, end = np.meshgrid(shifts, size + shifts, indexing="ij")
    allowed = np.abs(end - start - size) <= STRETCH * size / SIDE
    starts, ends = np.append(0.0, start[allowed]), np.append(float(size), end[allowed])
    lines = np.linspace(starts, ends, SIDE + 1)[1:-1]
    score = np.interp(lines - 1, np.arange(len(contrast)), contrast).mean(axis=0)
    if score.max() < least * float(contrast.mean()):
        return []
    chosen = [0]
    near = 2 * size / SIDE / FINE
    for i in np.argsort(-score, kind="stable").tolist():
        if score[i] < score[0] * BETTER or len(chosen) > PROPOSED:
            break
        if all(max(abs(starts[i] - starts[j]), abs(ends[i] - ends[j])) > near for j in chosen[1:]):
            chosen.append(i)
    return [(float(starts[i]), float(ends[i])) for i in chosen]
