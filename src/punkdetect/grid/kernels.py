"""What an enlargement makes of one cell: its kernel, and the space of all pictures a kernel can make.

Owns the kernels and their orthonormal bases, which are made once and kept. Knows nothing of pictures.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import FloatArray

Kernel = Callable[[FloatArray], FloatArray]
"""Weight of a cell at a distance, in cells, from its middle."""


def _linear(t: FloatArray) -> FloatArray:
    return np.maximum(0.0, 1.0 - t)


def _cubic(t: FloatArray) -> FloatArray:
    """Weight of cubic convolution (Keys 1981, doi:10.1109/TASSP.1981.1163711)."""
    near = (1.5 * t - 2.5) * t * t + 1
    far = ((-0.5 * t + 2.5) * t - 4) * t + 2
    return np.where(t < 1, near, np.where(t < 2, far, 0.0))


def _mitchell(t: FloatArray) -> FloatArray:
    """Weight of the filter of Mitchell and Netravali (1988), doi:10.1145/378456.378514."""
    near = (21 * t - 36) * t * t + 16
    far = ((-7 * t + 36) * t - 60) * t + 32
    return np.where(t < 1, near, np.where(t < 2, far, 0.0)) / 18


def _lanczos(t: FloatArray) -> FloatArray:
    return np.where(t < 3, np.sinc(t) * np.sinc(t / 3), 0.0)


def _hamming(t: FloatArray) -> FloatArray:
    return np.where(t < 1, np.sinc(t) * (0.54 + 0.46 * np.cos(np.pi * t)), 0.0)


def _blurred(sigma: float) -> Kernel:
    """Return a cell of full size blurred by a Gaussian of `sigma` cells."""
    places = np.linspace(0.0, 2.5, 501)
    scale = 1 / (sigma * math.sqrt(2))
    table = [0.5 * (math.erf((t + 0.5) * scale) - math.erf((t - 0.5) * scale)) for t in places.tolist()]

    def weight(t: FloatArray) -> FloatArray:
        return np.interp(t, places, table, right=0.0)

    return weight


KERNELS: dict[str, Kernel | None] = {
    "box": None,
    "lanczos": _lanczos,
    "cubic": _cubic,
    "linear": _linear,
    **{f"blur {sigma}": _blurred(sigma) for sigma in (0.1, 0.15, 0.2, 0.25, 0.3)},
    "hamming": _hamming,
    "mitchell": _mitchell,
}
"""Kernels by name: `box` is a cell of one colour, `cubic` Pillow's, `mitchell` that of some web browsers.
With them every kind of smoothing tried was explained to 0.83 and better. Blurs are as close as that because
48 cells, blurred by half as much, explain a blurred picture of 24 better than 24 of another blur do."""


def weights(name: str, edges: FloatArray, count: int) -> FloatArray:
    """Return how much of each cell each sample holds.

    Parameters
    ----------
    name : str
        Of `KERNELS`.
    edges : ndarray of float, shape (S + 1,)
        Where samples end, in cells from the start of the first cell; each is the mean between two edges.
    count : int
        Cells.

    Returns
    -------
    ndarray of float, shape (S, count)
        Rows sum to 1: at the edge of a picture the kernel is cut off and the rest scaled up, as in Pillow.
    """
    kernel = KERNELS[name]
    cells = np.arange(count)
    if kernel is None:
        made = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
        made = np.maximum(made, 0.0)
    else:
        # By points no further apart than an eighth of a cell: exact enough for every kernel above.
        widths = np.diff(edges)[:, None]
        points = int(np.ceil(8 * float(widths.max())))
        inside = edges[:-1, None] + widths * (np.arange(points) + 0.5) / points
        made = kernel(np.abs(inside[..., None] - (cells + 0.5))).mean(axis=1)
    return _scaled(made)


def point_weights(name: str, places: FloatArray, count: int) -> FloatArray:
    """Return how much of each cell the picture has at some places, as programs that enlarge compute it.

    Parameters
    ----------
    name : str
        Of `KERNELS`, but for `box`.
    places : ndarray of float, shape (S,)
        In cells from the start of the first cell.
    count : int
        Cells.

    Returns
    -------
    ndarray of float, shape (S, count)
    """
    kernel = KERNELS[name]
    assert kernel is not None, "a cell of one colour has no weights at a point"
    return _scaled(kernel(np.abs(places[:, None] - (np.arange(count) + 0.5))))


def _scaled(made: FloatArray) -> FloatArray:
    total = made.sum(axis=1, keepdims=True)
    return made / np.where(np.abs(total) < 1e-9, 1.0, total)


@lru_cache(maxsize=1024)
def basis(name: str, count: int, samples: int) -> NDArray[np.float32]:
    """Return an orthonormal basis of all that `count` cells can make of `samples` equal samples.

    Parameters
    ----------
    name : str
        Of `KERNELS`.
    count, samples : int
        `count` below `samples`.

    Returns
    -------
    ndarray of float32, shape (samples, count)
    """
    made = weights(name, np.linspace(0.0, count, samples + 1), count)
    return np.linalg.qr(made)[0].astype(np.float32)
