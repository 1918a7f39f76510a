"""How well 24 cells explain a picture, against finer, coarser and neighbouring counts.

Owns the test. Along each axis, the share of a picture that `count` values cannot explain (its residual, by
least squares with the kernel of the enlargement) falls slowly and evenly as the count grows, except at the
true count, where it drops to the noise. That drop is measured; how small the residual is says nothing, as
finer counts always leave less. Knows nothing of borders or of the colours of cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from punkdetect.grid.box import Box
from punkdetect.grid.kernels import basis
from punkdetect.punks import SIDE, ByteArray, FloatArray

SAMPLES = 144
"""Samples an axis is reduced to: 6 a cell, so that bases are made once for pictures of any size. 192 are no
better and cost twice."""

ACROSS = 72
"""Rows that an axis of columns is judged by (and the other way round): 3 a cell."""

NEIGHBORS = (-2, -1, 1, 2)
"""Counts, from the one that is tested, that its residual is held against."""

OTHERS = range(16, 33)
"""Counts that the margin is taken over."""

FINER = (26, 27, 28, 30, 32, 36, 40, 48, 64)
COARSER = (6, 8, 12, 16, 18, 20)
"""Other counts that pictures are drawn in."""

NOISE = 0.02
"""Squared levels added to every residual: a quarter of what rounding to whole levels leaves."""

BLURS = ("blur 0.1", "blur 0.15", "blur 0.2", "blur 0.25", "blur 0.3")
TRIED = ("lanczos", "cubic", "linear", "hamming", *BLURS, "mitchell")
"""Kernels beside `box` that the hypothesis is tested with."""

SURE = 0.9
"""Fit with `box` at which no other kernel is tried."""

HINT = 0.13
"""Fit from which there is some grid of cells, if not this one; photographs have up to 0.12."""

PLAUSIBLE = 3
"""Kernels with the smallest residual that are looked at closer."""

FINER_SHARE = 0.35
"""A finer count must leave less of what 24 cells leave. Counts that are not there leave 0.5 and more where
cells are flat; in smoothed and compressed pictures less, but there they show no drop of their own (0.35 at
most)."""

FINER_TRIED = ("cubic", "lanczos", "hamming", "blur 0.3")
"""Kernels beside `box` that a finer count is tested with where 24 cells are not flat: a picture of 48 flat
cells that was itself made by smoothing one of 24 looks like a smoothed one of 24."""

DROP = 0.6
"""How far the residual must drop at another count for it to be one that the picture was drawn in: 0.7 and
more in nearly all pictures that were."""

COARSER_SHARE = 0.02
"""What a coarser count may leave of all there is: pictures of 12 cells leave 12 cells 0.006, portraits 0.07.
Portraits of two colours and two rectangles are pictures of 12 cells by this, unless they are clean."""


@dataclass(frozen=True)
class Axis:
    """One axis of a picture, made ready for the test.

    Parameters
    ----------
    products : ndarray of float32, shape (S, S)
        Inner products of its S samples, each less the mean of its line, divided by the number of lines.
    total : float
        Mean square of the samples: what there is to explain, in squared levels.
    """

    products: NDArray[np.float32]
    total: float
    _known: dict[tuple[str, int], float] = field(default_factory=dict)

    def residual(self, kernel: str, count: int) -> float:
        """Return what `count` cells leave unexplained, in squared levels."""
        key = (kernel, count)
        if key not in self._known:
            directions = basis(kernel, count, len(self.products))
            explained = float(np.vdot(directions, self.products @ directions)) / len(self.products)
            self._known[key] = max(0.0, self.total - explained)
        return self._known[key]


class Verdict(NamedTuple):
    """What the test says.

    Parameters
    ----------
    fit : float
        1 less the residual of the count over that of neighbouring counts; at least 0. The worse of both axes.
    margin : float
        Fit less that of the best other count from 16 to 32.
    kernels : tuple of str
        Of `kernels.KERNELS`: those that may have made the picture, the likeliest first.
    rival : int or None
        Another count that explains the picture better; not looked for where there is no sign of cells.
    """

    fit: float
    margin: float
    kernels: tuple[str, ...]
    rival: int | None


def is_opaque(rgba: ByteArray) -> bool:
    """Tell whether nothing of a picture is see-through."""
    return bool((rgba[..., 3] == 255).all())


def premultiply(rgba: ByteArray, opaque: bool) -> NDArray[np.float32]:
    """Return colours as they are mixed when a picture is enlarged.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (..., 4)
    opaque : bool
        Whether nothing of the whole picture is see-through; then alpha is left out.

    Returns
    -------
    ndarray of float32 in [0, 255], shape (..., 3) or (..., 4)
    """
    if opaque:
        return rgba[..., :3].astype(np.float32)
    floats = rgba.astype(np.float32)
    floats[..., :3] *= floats[..., 3:] / np.float32(255)
    return floats


def boundary_contrast(rgba: ByteArray, axis: int) -> FloatArray:
    """Return the mean difference between each row (column) and the next one, in levels.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    axis : int
        0: rows, 1: columns.

    Returns
    -------
    ndarray of float64, shape (H - 1,) or (W - 1,)
        Entry i: between i and i + 1.
    """
    step = max(1, rgba.shape[1 - axis] // 256)
    part = rgba[:, ::step] if axis == 0 else rgba[::step].swapaxes(0, 1)
    values = premultiply(part, is_opaque(part)).reshape(len(part), -1)
    channels = values.shape[1] // part.shape[1]
    contrast: FloatArray = np.abs(np.diff(values, axis=0)).mean(axis=1, dtype=np.float64) * channels
    return contrast


def prepare_axis(rgba: ByteArray, box: Box, axis: int) -> Axis:
    """Reduce one axis of a picture to what the test needs.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    box : Box
    axis : int
        0: how rows follow each other, 1: columns.
    """
    across, along = box.span(1 - axis), box.span(axis)
    step = max(1, int((across[1] - across[0]) / ACROSS))
    lines = slice(max(0, int(np.ceil(across[0]))) + step // 2, int(across[1]), step)
    part = np.ascontiguousarray(rgba[:, lines] if axis == 0 else rgba[lines].swapaxes(0, 1))
    values = premultiply(part, is_opaque(part)).reshape(len(part), -1)
    samples = min(SAMPLES, int(along[1] - along[0]))
    if (along, samples) != ((0.0, float(len(part))), len(part)):
        values = _means(values, np.linspace(*along, samples + 1))
    values = values - values.mean(axis=0)
    products = values @ values.T / np.float32(values.shape[1])
    return Axis(products, float(np.trace(products)) / samples)


def _means(values: NDArray[np.float32], edges: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the means of rows between edges, shape (len(edges) - 1, C).

    Edges may lie inside a row, or outside of the picture, which goes on there as it ended.
    """
    sums = np.zeros((len(values) + 1, values.shape[1]), np.float32)
    np.cumsum(values, axis=0, out=sums[1:])
    below = np.clip(edges.astype(np.intp), 0, len(values) - 1)
    part = (edges - below).astype(np.float32)[:, None]
    at_edges = sums[below] + part * values[below]
    means: NDArray[np.float32] = (np.diff(at_edges, axis=0) / np.diff(edges)[:, None]).astype(np.float32)
    return means


def judge(axes: tuple[Axis, Axis], count: int = SIDE) -> Verdict:
    """Test whether both axes of a picture hold a number of cells.

    Parameters
    ----------
    axes : tuple of two Axis
    count : int
    """
    if count + max(NEIGHBORS) >= min(len(axis.products) for axis in axes):
        return Verdict(0.0, 0.0, ("box",), None)
    fits = {"box": _fit(axes, "box", count)}
    if fits["box"] < SURE:
        left = {
            name: max(axis.residual(name, count) / (axis.total + NOISE) for axis in axes) for name in TRIED
        }
        for name in sorted(TRIED, key=left.__getitem__)[:PLAUSIBLE]:
            fits[name] = _fit(axes, name, count)
    kernels = tuple(sorted(fits, key=fits.__getitem__, reverse=True))
    fit = max(0.0, fits[kernels[0]])
    rival = _rival(axes, kernels[0], count) if fit > HINT else None
    return Verdict(fit, _margin(axes, kernels[0], count, fit), kernels, rival)


def _noise(axis: Axis) -> float:
    return NOISE + 1e-6 * axis.total  # the second term: what float32 leaves of a total that is explained


def _reference(axis: Axis, kernel: str, count: int) -> float:
    """Return the geometric mean of the residuals of the neighbours of a count."""
    left = [axis.residual(kernel, count + away) + _noise(axis) for away in NEIGHBORS]
    return float(np.exp(np.mean(np.log(left))))


def _fit(axes: tuple[Axis, ...], kernel: str, count: int) -> float:
    """Return how far the residual drops at a count, in (-inf, 1]."""
    return min(
        1 - (axis.residual(kernel, count) + _noise(axis)) / _reference(axis, kernel, count) for axis in axes
    )


def fit_axis(axis: Axis) -> float:
    """Return how well 24 cells explain one axis with the best kernel, in (-inf, 1]."""
    return max(_fit((axis,), name, SIDE) for name in ("box", *TRIED))


def _margin(axes: tuple[Axis, Axis], kernel: str, count: int, fit: float) -> float:
    """Return how much better a fit is than that of the best other count, each against its own neighbours."""
    top = min(len(axis.products) for axis in axes) - max(NEIGHBORS)
    others = [_fit(axes, kernel, other) for other in OTHERS if other != count and other < top]
    return fit - max(0.0, *others)


def _rival(axes: tuple[Axis, Axis], kernel: str, count: int) -> int | None:
    """Return another count that both axes speak for rather than for the one tested."""
    coarser = [_coarser(axis, kernel) for axis in axes]
    if None not in coarser:
        return coarser[0]
    names = ("box",) if kernel == "box" else ("box", *FINER_TRIED)
    for other in FINER:
        if other <= count + 1 or other + max(NEIGHBORS) >= min(len(axis.products) for axis in axes):
            continue
        for name in names:
            leaves_less = all(
                axis.residual(name, other) + _noise(axis)
                < FINER_SHARE * (axis.residual(kernel, count) + _noise(axis))
                for axis in axes
            )
            if leaves_less and _fit(axes, name, other) > DROP:
                return other
    return None


def _coarser(axis: Axis, kernel: str) -> int | None:
    """Return a coarser count that explains all of one axis; both axes need not agree on it."""
    for count in COARSER:
        enough = axis.residual(kernel, count) <= COARSER_SHARE * axis.total
        if enough and _fit((axis,), kernel, count) > DROP:
            return count
    return None
