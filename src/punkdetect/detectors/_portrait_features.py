"""Numbers that describe a whole portrait: what lies where, and how its edges run.

Knows the network's planes; must not know traits.
"""

from __future__ import annotations

import math

import numpy as np

from punkdetect.detectors._network_input import CHANNELS, UNIT, network_input
from punkdetect.landmarks import Landmarks
from punkdetect.punks import SIDE, FloatArray, Punks

CELL = 4
"""Pixels along each side of a cell whose planes are averaged: 6x6 cells."""

PLANES = slice(3, CHANNELS)
"""Planes that are averaged: not the colours themselves, which differ between collections."""

EDGE_CELL = 4
"""Pixels along each side of a cell whose edges are counted by direction: 6x6 cells."""

DIRECTIONS = 4
"""Directions of edges: level, upright and both diagonals."""


def portrait_features(punks: Punks, landmarks: Landmarks) -> tuple[tuple[str, ...], FloatArray]:
    """Describe whole portraits.

    Parameters
    ----------
    punks : Punks
        N portraits.
    landmarks : Landmarks

    Returns
    -------
    names : tuple of str, length F
    values : ndarray of float64, shape (N, F)

    Notes
    -----
    The edges are histograms of oriented gradients (Dalal and Triggs, CVPR 2005, doi:10.1109/CVPR.2005.177)
    without blocks: pixel art has no lighting to even out.
    """
    planes = network_input(punks, landmarks).transpose(0, 3, 1, 2) / UNIT
    n, cells, edge_cells = len(punks), SIDE // CELL, SIDE // EDGE_CELL
    averaged = planes[:, PLANES]
    means = averaged.reshape(n, averaged.shape[1], cells, CELL, cells, CELL).mean(axis=(3, 5))
    lightness = np.pad(planes[:, 0], ((0, 0), (1, 1), (1, 1)))
    down = lightness[:, 2:, 1:-1] - lightness[:, :-2, 1:-1]
    right = lightness[:, 1:-1, 2:] - lightness[:, 1:-1, :-2]
    strength = np.hypot(down, right)
    direction = np.round(np.arctan2(down, right) / (np.pi / DIRECTIONS)).astype(np.intp) % DIRECTIONS
    edges = np.stack([strength * (direction == d) for d in range(DIRECTIONS)], axis=1)
    edges = edges.reshape(n, DIRECTIONS, edge_cells, EDGE_CELL, edge_cells, EDGE_CELL).sum(axis=(3, 5))
    rows = [part.reshape(n, math.prod(part.shape[1:])) for part in (means, edges)]
    return _NAMES, np.concatenate(rows, axis=1)


_NAMES = tuple(
    [f"plane_{c}_{i}" for c in range(*PLANES.indices(CHANNELS)) for i in range((SIDE // CELL) ** 2)]
    + [f"edge_{d}_{i}" for d in range(DIRECTIONS) for i in range((SIDE // EDGE_CELL) ** 2)]
)
