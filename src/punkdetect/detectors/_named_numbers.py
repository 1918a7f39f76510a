"""Named numbers that describe portraits, and the table of them that a model weighs.

Owns how such a table is put together, and what is told alike of every thing: both sides as the more and the
less, nothing of what is not there, and what a rule says. Must not know what a number is about, nor how a
model weighs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import NOT_FOUND, BoolArray, FloatArray, IntArray

Numbers = dict[str, NDArray[Any]]
"""By name, of shape (N,), or (N, M) where a name stands for several: counts, places, shares or colours."""


def table_of(*parts: Numbers) -> tuple[tuple[str, ...], FloatArray]:
    """Put numbers side by side.

    Parameters
    ----------
    *parts : dict of str to ndarray
        At least one number; a name that stands for M of them becomes `name_0` to `name_{M-1}`.

    Returns
    -------
    names : tuple of str, length F
    values : ndarray of float64, shape (N, F)
        In memory each number of all portraits is one row: what follows works on one number at a time.
    """
    names: list[str] = []
    rows: list[NDArray[Any]] = []
    for part in parts:
        for name, numbers in part.items():
            names += [name] if numbers.ndim == 1 else [f"{name}_{i}" for i in range(numbers.shape[1])]
            rows += [numbers] if numbers.ndim == 1 else list(numbers.T)
    by_name = np.empty((len(names), len(rows[0])))
    for row, numbers in zip(by_name, rows, strict=True):
        row[:] = numbers
    return tuple(names), by_name.T


def more_and_less(name: str, one: NDArray[Any], other: NDArray[Any]) -> Numbers:
    """Tell of both sides which has more and which less: heads turn either way."""
    return {f"{name}_most": np.maximum(one, other), f"{name}_least": np.minimum(one, other)}


def where_some(some: BoolArray, numbers: NDArray[Any]) -> NDArray[Any]:
    """Return 0 where there is nothing to tell of: (N,) and (N,) or (N, M)."""
    return np.where(some if numbers.ndim == 1 else some[:, None], numbers, 0)


def what_is_said(prefix: str, vocabulary: Sequence[str], codes: IntArray, confidence: FloatArray) -> Numbers:
    """Tell of every value how sure a rule is of it: 0 of all but the one that it says, (N,) each."""
    said = np.zeros((len(vocabulary), len(codes)))
    found = np.flatnonzero(codes != NOT_FOUND)
    said[codes[found], found] = confidence[found]
    return {f"{prefix}_{value}": row for value, row in zip(vocabulary, said, strict=True)}
