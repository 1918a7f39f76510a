"""Splits labelled portraits for cross-validation: families stay together, the same seed gives the same folds.

Knows names and pixels; must not know traits or models.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import ByteArray, IntArray

FOLDS = 5

ALIKE = 0.85
"""Share of equal pixels from which two portraits are of one family, if nobody said which are: of the labelled
hand-made portraits, those drawn from one another on the same background share 90 % and more."""


def families_by_likeness(rgba: ByteArray) -> NDArray[np.str_]:
    """Return a family for each portrait: those that share most of their pixels, directly or through others.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)

    Returns
    -------
    ndarray of str, shape (N,)
    """
    flat = rgba.reshape(len(rgba), -1, 4)
    family = np.arange(len(rgba))
    for i in range(len(rgba)):
        alike = (flat[i + 1 :] == flat[i]).all(axis=2).mean(axis=1) >= ALIKE
        for j in np.flatnonzero(alike) + i + 1:
            family[family == family[j]] = family[i]
    return np.array([f"family_{f}" for f in family], np.str_)


def assign_folds(families: Sequence[str] | NDArray[np.str_], folds: int = FOLDS, seed: int = 0) -> IntArray:
    """Give each portrait a fold; those of one family get the same.

    Parameters
    ----------
    families : sequence of str, length N
    folds : int
    seed : int

    Returns
    -------
    ndarray of int, shape (N,), in [0, folds)
    """
    names, index, sizes = np.unique(np.asarray(families), return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    # the largest families first, each to the fold that has fewest portraits so far
    order = order[np.argsort(-sizes[order], kind="stable")]
    fold_of, filled = np.zeros(len(names), np.intp), np.zeros(folds, np.intp)
    for name in order:
        fold_of[name] = filled.argmin()
        filled[fold_of[name]] += sizes[name]
    result: IntArray = fold_of[index]
    return result
