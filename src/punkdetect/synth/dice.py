"""The random choices of one portrait: a stream of its own, whatever is drawn before or after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

T = TypeVar("T")

_BLOCK = 192
"""Numbers drawn at once: more than nearly every portrait needs, since asking for one at a time is slow."""


class Table:
    """Values with weights, ready to be drawn from.

    Parameters
    ----------
    weights : mapping or sequence of (value, weight)
    """

    __slots__ = ("ends", "total", "values")

    def __init__(self, weights: Mapping[str, float] | Sequence[tuple[str, float]]) -> None:
        pairs = list(weights.items()) if isinstance(weights, Mapping) else list(weights)
        self.values = [value for value, _ in pairs]
        self.ends = list(accumulate(weight for _, weight in pairs))
        self.total = self.ends[-1]


class Dice:
    """Random choices of portrait `index` of the set that `seed` names.

    Parameters
    ----------
    seed, index : int
    """

    __slots__ = ("_at", "_numbers", "_rng")

    def __init__(self, seed: int, index: int) -> None:
        self._rng = np.random.Generator(np.random.PCG64([seed, index]))
        self._numbers: list[float] = self._rng.random(_BLOCK).tolist()
        self._at = 0

    def number(self) -> float:
        """Return a number in [0, 1)."""
        if self._at == _BLOCK:
            self._numbers = self._rng.random(_BLOCK).tolist()
            self._at = 0
        self._at += 1
        return self._numbers[self._at - 1]

    def chance(self, p: float) -> bool:
        """Return True with probability `p`."""
        return self.number() < p

    def one(self, values: Sequence[T]) -> T:
        """Return one of the values, all alike."""
        return values[int(self.number() * len(values))]

    def of(self, table: Table) -> str:
        """Return one of the values of a table, by its weights."""
        x = self.number() * table.total
        for value, end in zip(table.values, table.ends, strict=True):
            if x < end:
                return value
        return table.values[-1]

    def between(self, low: float, high: float) -> float:
        """Return a number in [low, high)."""
        return low + (high - low) * self.number()
