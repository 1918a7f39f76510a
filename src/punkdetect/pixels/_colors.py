"""Colours: as one number, and in CIELAB; how far they are from one another."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import BoolArray, ByteArray, FloatArray

TRANSPARENT = 1 << 24
"""Packed value of a pixel that cannot be seen (alpha 0): one above every colour."""

_XYZ_OF_SRGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE_D65 = np.array([0.95047, 1.0, 1.08883])
_SRGB = np.arange(256) / 255
_LINEAR = np.where(_SRGB <= 0.04045, _SRGB / 12.92, ((_SRGB + 0.055) / 1.055) ** 2.4)
"""Light of each value of a channel."""


def pack_rgb(rgba: NDArray[np.integer[Any]]) -> NDArray[np.uint32]:
    """Write each colour as one number, 0xRRGGBB.

    Parameters
    ----------
    rgba : ndarray of int in [0, 255], shape (..., 3) or (..., 4)
        With four channels, pixels of alpha 0 become `TRANSPARENT`; other alphas do not count.

    Returns
    -------
    ndarray of uint32, shape (...)
    """
    if rgba.shape[-1] == 4 and rgba.dtype == np.uint8 and rgba.flags.c_contiguous:
        # the four channels as one number, 0xRRGGBBAA: ten times as fast
        whole = rgba.view(np.uint32)[..., 0]
        whole = whole.byteswap() if sys.byteorder == "little" else whole.copy()
        hidden = whole & np.uint32(0xFF) == 0
        whole >>= np.uint32(8)
        whole[hidden] = TRANSPARENT
        return whole
    packed = rgba[..., 0].astype(np.uint32) << np.uint32(16)
    packed |= rgba[..., 1].astype(np.uint32) << np.uint32(8)
    packed |= rgba[..., 2].astype(np.uint32)
    if rgba.shape[-1] == 4:
        packed[rgba[..., 3] == 0] = TRANSPARENT
    return packed


def has_alpha(rgba: ByteArray, least: int) -> BoolArray:
    """Tell which pixels have at least some alpha: 255 for the opaque ones, 1 for all that are seen.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (..., 4)
    least : int
        In [1, 255].

    Returns
    -------
    ndarray of bool, shape (...)
    """
    # the four channels as one number, alpha its highest byte: eight times as fast as every fourth byte
    whole = np.ascontiguousarray(rgba).view("<u4")[..., 0]
    enough: BoolArray = whole >= np.uint32(least << 24)
    return enough


def unpack_rgb(packed: NDArray[np.integer[Any]]) -> ByteArray:
    """Return the colours of packed values.

    Parameters
    ----------
    packed : ndarray of int, shape (...)

    Returns
    -------
    ndarray of uint8, shape (..., 3)
        Black where nothing is seen.
    """
    value = np.where(packed >= TRANSPARENT, 0, packed).astype(np.uint32)
    return np.stack([value >> np.uint32(16), value >> np.uint32(8), value], axis=-1).astype(np.uint8)


def lab_of(rgb: NDArray[np.integer[Any]]) -> FloatArray:
    """Return sRGB colours in CIELAB (D65, 2 degree observer).

    Parameters
    ----------
    rgb : ndarray of uint8, shape (..., 3)

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Lightness in [0, 100]; a and b about in [-128, 128].

    Notes
    -----
    CIE 15:2004, with the linearisation of IEC 61966-2-1.
    """
    # one channel at a time: each is one piece of memory then, and a matrix product may round differently for
    # another batch size
    linear = [_LINEAR.take(rgb[..., channel]) for channel in range(3)]
    x, y, z = (_compressed(linear, i) for i in range(3))
    lab = np.empty(rgb.shape)
    np.subtract(116 * y, 16, out=lab[..., 0])
    np.multiply(500, x - y, out=lab[..., 1])
    np.multiply(200, y - z, out=lab[..., 2])
    return lab


def _compressed(linear: list[FloatArray], i: int) -> FloatArray:
    """Return X, Y or Z as a share of white, compressed as the eye does."""
    share = linear[0] * _XYZ_OF_SRGB[i, 0]
    for channel in (1, 2):
        share += linear[channel] * _XYZ_OF_SRGB[i, channel]
    share /= _WHITE_D65[i]
    compressed: FloatArray = np.where(
        share > (6 / 29) ** 3, np.cbrt(share), share * (29 / 6) ** 2 / 3 + 4 / 29
    )
    return compressed


def lab_distance(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the CIE76 distance between colours in CIELAB.

    Parameters
    ----------
    one, other : ndarray of float64, shapes (..., 3) that broadcast
        With two channels, a and b alone, the lightness does not count.

    Returns
    -------
    ndarray of float64, shape (...)
        About 2.3 is the least difference that people notice.
    """
    # one channel at a time: twice as fast as all three and a sum over them
    total = _square(one[..., 0] - other[..., 0])
    for channel in range(1, one.shape[-1]):
        total += _square(one[..., channel] - other[..., channel])
    distance: FloatArray = np.sqrt(total, out=total if total.ndim else None)
    return distance


def _square(apart: FloatArray) -> FloatArray:
    apart *= apart
    return apart


def is_near_any(
    lab: FloatArray, others: FloatArray, used: BoolArray, *reaches: float
) -> tuple[BoolArray, ...]:
    """Tell which colours are near at least one of some others.

    Parameters
    ----------
    lab : ndarray of float64, shape (N, K, 3)
    others : ndarray of float64, shape (N, M, 3)
    used : ndarray of bool, shape (N, M)
        Which of the others count.
    *reaches : float
        CIE76 distances.

    Returns
    -------
    tuple of ndarray of bool, shape (N, K)
        One for each distance.
    """
    near = tuple(np.zeros(lab.shape[:2], np.bool_) for _ in reaches)
    channels = [np.ascontiguousarray(lab[..., channel]) for channel in range(3)]
    for other in range(used.shape[1]):  # one at a time: (N, K, M) would not fit into the cache
        some = np.flatnonzero(used[:, other])
        if not len(some):
            continue
        distance = np.zeros((len(some), lab.shape[1]))
        for channel, values in enumerate(channels):
            distance += _square(values.take(some, axis=0) - others[some, other, channel, None])
        for found, reach in zip(near, reaches, strict=True):
            found[some] |= distance <= reach * reach
    return near
