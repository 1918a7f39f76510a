"""How rare portraits are within their collection: OpenRarity's score, ranks, and what is left open.

Knows columns of values; knows nothing of where they come from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from punkdetect.punks import BoolArray, FloatArray, IntArray

MISSING = ""
"""Stands for no value: it counts as a value of its own."""

SAME_SCORE = 1e-9
"""Scores that differ by less share a rank: their difference is the rounding of sums."""


class Rarity(NamedTuple):
    """Scores and ranks of N portraits over T traits.

    Parameters
    ----------
    traits : tuple of str, length T
    counts : mapping of str to Counter of str
        By trait, how many portraits have each value; `MISSING` for those without.
    shares : ndarray of float, shape (N, T), in (0, 1]
        Share of the collection that has the portrait's value of the trait.
    information : ndarray of float, shape (N,)
        Bits: the sum over traits of -log2(share).
    entropy : float
        Bits that a portrait of this collection has on average.
    scores : ndarray of float, shape (N,)
        `information / entropy`; the average is 1. 0 for all where nothing differs.
    ranks : ndarray of int, shape (N,)
        1 is the rarest; equal scores share a rank, and the next one is skipped: 1, 2, 2, 4.
    best, worst : ndarray of int, shape (N,)
        Ranks between which the true one lies, whatever the open traits turn out to be.
    """

    traits: tuple[str, ...]
    counts: Mapping[str, Counter[str]]
    shares: FloatArray
    information: FloatArray
    entropy: float
    scores: FloatArray
    ranks: IntArray
    best: IntArray
    worst: IntArray


def rate_rarity(values: Mapping[str, Sequence[str]], still_open: Mapping[str, BoolArray]) -> Rarity:
    """Score and rank a collection.

    Parameters
    ----------
    values : mapping of str to sequence of str, length N
        By trait, the value of each portrait; `MISSING` for none.
    still_open : mapping of str to bool array, shape (N,)
        By trait, portraits whose value is not sure: it may turn out to be any value that the collection has.
        The shares are held at what was read.

    Returns
    -------
    Rarity

    References
    ----------
    OpenRarity methodology: information content of a token, normalized by the entropy of its collection.
    """
    traits = tuple(values)
    n = len(next(iter(values.values()), ()))
    counts = {trait: Counter(values[trait]) for trait in traits}
    shares = np.ones((n, len(traits)))
    for i, trait in enumerate(traits):
        shares[:, i] = [counts[trait][value] / n for value in values[trait]]
    bits = -np.log2(shares)
    information = bits.sum(axis=1)
    # the sum over values of -p log2 p is the mean over portraits of their own -log2 p
    entropy = float(information.mean()) if n else 0.0
    low, high = bits.copy(), bits.copy()
    for i, trait in enumerate(traits):
        rows = still_open.get(trait)
        if rows is not None and n:
            low[rows, i] = bits[:, i].min()
            high[rows, i] = bits[:, i].max()
    best, worst = _range(low.sum(axis=1), high.sum(axis=1))
    return Rarity(
        traits,
        counts,
        shares,
        information,
        entropy,
        information / entropy if entropy > SAME_SCORE else np.zeros(n),
        _range(information, information)[0],
        best,
        worst,
    )


def _range(low: FloatArray, high: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the best and the worst rank of scores that lie between bounds.

    Best: only those that are rarer for certain stand before. Worst: all that may be rarer do.
    """
    lows, highs = np.sort(low), np.sort(high)
    n = len(low)
    certain = n - np.searchsorted(lows, high + SAME_SCORE, side="right")
    possible = n - np.searchsorted(highs, low + SAME_SCORE, side="right")
    possible -= high > low + SAME_SCORE  # never before itself
    return certain + 1, possible + 1
