"""Puts cut-out portraits on drawn backgrounds, in memory: a model must not care what is behind the figure.

Knows colours and the shapes of backgrounds; must not know what a trait is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE, ByteArray, FloatArray
from punkdetect.training.recolor import random_lab, rgb_of

KINDS = ("solid", "gradient", "split", "checker", "stripes", "scene", "transparent")
"""In the order of the vocabulary's `background`."""

SHARES = (0.48, 0.12, 0.1, 0.05, 0.08, 0.07, 0.1)
"""How often each kind is drawn: about as often as collections use them, rare ones somewhat more."""

_ROW, _COL = np.mgrid[0:SIDE, 0:SIDE]


def draw_backdrops(n: int, rng: np.random.Generator) -> tuple[ByteArray, NDArray[np.intp]]:
    """Draw `n` backgrounds.

    Returns
    -------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    kind : ndarray of int, shape (N,)
        Index into `KINDS`.
    """
    kind = rng.choice(len(KINDS), n, p=SHARES)
    lab = np.empty((n, SIDE, SIDE, 3))
    draw = (_solid, _gradient, _split, _checker, _stripes, _scene, _solid)
    for i in range(n):
        lab[i] = draw[kind[i]](rng)
    rgba = np.full((n, SIDE, SIDE, 4), 255, np.uint8)
    rgba[..., :3] = rgb_of(lab)
    rgba[kind == KINDS.index("transparent")] = 0
    return rgba, kind


def _solid(rng: np.random.Generator) -> FloatArray:
    return random_lab(rng, (1, 1))


def _neighbor(color: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Draw a colour near another, or any."""
    near = color + rng.normal(0, [12, 14, 14])
    return near if rng.random() < 0.6 else random_lab(rng, color.shape[:-1])


def _gradient(rng: np.random.Generator) -> FloatArray:
    one = random_lab(rng, (1, 1))
    other = _neighbor(one, rng)
    steps = rng.integers(4, 13)
    place = np.floor((_ROW if rng.random() < 0.5 else _COL) / SIDE * steps) / steps
    if rng.random() < 0.2:
        place = np.floor((_ROW + _COL) / (2 * SIDE) * steps) / steps
    mixed: FloatArray = one + (other - one) * place[..., None]
    return mixed


def _split(rng: np.random.Generator) -> FloatArray:
    colors = random_lab(rng, (4,))
    row, col = rng.integers(6, 18, 2)
    part = np.select(
        [np.full((SIDE, SIDE), rng.random() < 0.5), np.full((SIDE, SIDE), rng.random() < 0.5)],
        [(col <= _COL).astype(int), (col <= _COL) * 2 + (row <= _ROW)],
        (2 * row <= _ROW + _COL).astype(int),
    )
    blocks: FloatArray = colors[part]
    return blocks


def _checker(rng: np.random.Generator) -> FloatArray:
    one = random_lab(rng, (1, 1))
    tall, wide = rng.integers(1, 7, 2)
    brick = (_ROW // tall) % 2 * (wide if rng.random() < 0.6 else 0)
    odd = ((_COL + brick) // wide + (0 if brick.any() else _ROW // tall)) % 2
    return np.where(odd[..., None] > 0, one, _neighbor(one, rng))


def _stripes(rng: np.random.Generator) -> FloatArray:
    one = random_lab(rng, (1, 1))
    width = rng.integers(1, 5)
    along = (_ROW, _COL, _ROW + _COL)[rng.choice(3, p=(0.4, 0.45, 0.15))]
    return np.where((along // width % 2)[..., None] > 0, one, _neighbor(one, rng))


def _scene(rng: np.random.Generator) -> FloatArray:
    """Sky and land, with a few things in them."""
    out = (
        _gradient(rng)
        if rng.random() < 0.4
        else np.broadcast_to(random_lab(rng, (1, 1)), (SIDE, SIDE, 3)).copy()
    )
    if rng.random() < 0.5:
        horizon = rng.integers(8, 20) + np.cumsum(rng.integers(-1, 2, SIDE))
        out = np.where((np.clip(horizon, 4, 22) <= _ROW)[..., None], random_lab(rng, (1, 1)), out)
    for _ in range(rng.integers(1, 6)):
        row, col = rng.integers(0, SIDE, 2)
        tall, wide = rng.integers(1, 6, 2)
        thing = (
            (abs(_ROW - row) < tall)
            & (abs(_COL - col) < wide)
            & (rng.random((SIDE, SIDE)) < rng.uniform(0.4, 1.5))
        )
        out = np.where(thing[..., None], random_lab(rng, (1, 1)), out)
    return out
