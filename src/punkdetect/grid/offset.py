"""Cells that do not begin and end with the picture: slightly off-grid, or cut at its edges.

Owns the search for where 24 cells begin and end along each axis, within half a cell of the edges of the
picture. It only proposes; `evidence` judges.
"""

from __future__ import annotations

import numpy as np

from punkdetect.grid.box import Box, whole
from punkdetect.grid.evidence import Axis, boundary_contrast, fit_axis, prepare_axis
from punkdetect.punks import SIDE, ByteArray

REACH = 0.45
"""Cells by which the grid may begin or end outside or inside of the picture."""

STRETCH = 0.6
"""Cells by which 24 cells may be longer or shorter than the picture; at 1 it would hold 23 or 25."""

FINE = 16
"""Places tried a cell."""

CONTRAST = 1.3
"""How much more a picture must change at the boundaries than elsewhere to be worth a test: photographs reach
1.2, enlarged portraits have 1.5 when smoothed and 5 when not."""

PROPOSED = 3
"""Spans of an axis that are tested."""


def find_shifted_box(rgba: ByteArray) -> Box | None:
    """Propose where 24 cells lie that begin or end elsewhere than the picture, if lines speak for it.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    """
    box = whole(rgba.shape)
    for axis in (0, 1):
        spans = _spans(rgba, axis)
        if not spans:
            return None
        fits = [fit_axis(_axis(rgba, box, axis, span)) for span in spans]
        box = box.with_span(axis, *spans[int(np.argmax(fits))])
    return box


def _axis(rgba: ByteArray, box: Box, axis: int, span: tuple[float, float]) -> Axis:
    return prepare_axis(rgba, box.with_span(axis, *span), axis)


def _spans(rgba: ByteArray, axis: int) -> list[tuple[float, float]]:
    """Return where 24 cells may begin and end along an axis, those with most contrast at boundaries first."""
    size = rgba.shape[axis]
    contrast = boundary_contrast(rgba, axis)
    shifts = np.arange(-REACH, REACH + 1e-9, 1 / FINE) * (size / SIDE)
    start, end = np.meshgrid(shifts, size + shifts, indexing="ij")
    allowed = np.abs(end - start - size) <= STRETCH * size / SIDE
    starts, ends = start[allowed], end[allowed]
    lines = np.linspace(starts, ends, SIDE + 1)[1:-1]
    score = np.interp(lines - 1, np.arange(len(contrast)), contrast).mean(axis=0)
    least = CONTRAST * float(contrast.mean())
    chosen: list[int] = []
    for i in np.argsort(-score, kind="stable").tolist():
        if score[i] < least or len(chosen) == PROPOSED:
            break
        near = 2 * size / SIDE / FINE
        if all(max(abs(starts[i] - starts[j]), abs(ends[i] - ends[j])) > near for j in chosen):
            chosen.append(i)
    return [(float(starts[i]), float(ends[i])) for i in chosen]
