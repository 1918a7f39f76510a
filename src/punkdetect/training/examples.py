"""Labelled portraits as parallel arrays: what every fit starts from.

Knows the vocabulary; knows nothing of files or models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray
from punkdetect.vocabulary import TRAITS


@dataclass(frozen=True)
class Examples:
    """Labelled portraits.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    targets : mapping of str to ndarray of bool, shape (N, K)
        By trait, the values that count as right; no value of a row set: not labelled.
    images, collections, families : ndarray of str, shape (N,)

    Raises
    ------
    ValueError
        If lengths differ or a target has another width than its vocabulary.
    """

    rgba: ByteArray
    targets: Mapping[str, BoolArray]
    images: NDArray[np.str_]
    collections: NDArray[np.str_]
    families: NDArray[np.str_]

    def __post_init__(self) -> None:
        n = len(self.rgba)
        if self.rgba.shape != (n, SIDE, SIDE, 4):
            raise ValueError(f"expected (N, 24, 24, 4), got {self.rgba.shape}")
        for trait, target in self.targets.items():
            if target.shape != (n, len(TRAITS[trait])):
                raise ValueError(f"{trait}: {target.shape} labels for {n} portraits")
        if not len(self.images) == len(self.collections) == len(self.families) == n:
            raise ValueError("names, collections and families must be as many as portraits")

    def __len__(self) -> int:
        return len(self.rgba)

    def take(self, rows: IntArray | BoolArray) -> Examples:
        """Return some of the portraits, in the order of `rows`."""
        return Examples(
            self.rgba[rows],
            {t: v[rows] for t, v in self.targets.items()},
            self.images[rows],
            self.collections[rows],
            self.families[rows],
        )

    def replaced(self, rgba: ByteArray, targets: Mapping[str, BoolArray]) -> Examples:
        """Return the same portraits with other pixels and labels."""
        return replace(self, rgba=rgba, targets=targets)


def make_examples(
    rgba: ByteArray,
    accepted: Mapping[str, Sequence[Sequence[str]]],
    images: Sequence[str],
    collection: str,
    families: Sequence[str] | None = None,
) -> Examples:
    """Make examples of words.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    accepted : mapping of str to sequence of sequences of str
        By trait and portrait, the answers that count as right; empty: not labelled.
    images : sequence of str
    collection : str
    families : sequence of str, optional
        Each portrait is its own if not given.
    """
    targets = {}
    for trait, rows in accepted.items():
        values = TRAITS[trait]
        target = np.zeros((len(rgba), len(values)), np.bool_)
        for i, words in enumerate(rows):
            for word in words:
                target[i, values.index(word)] = True
        targets[trait] = target
    names = np.array(list(images), dtype=np.str_)
    return Examples(
        rgba,
        targets,
        names,
        np.full(len(names), collection),
        np.array(list(families), np.str_) if families else names,
    )


def join(parts: Sequence[Examples]) -> Examples:
    """Put examples together; traits that a part has no labels for stay unlabelled there."""
    traits = [t for t in TRAITS if any(t in p.targets for p in parts)]

    def target(part: Examples, trait: str) -> BoolArray:
        none = np.zeros((len(part), len(TRAITS[trait])), np.bool_)
        return part.targets.get(trait, none)

    return Examples(
        np.concatenate([p.rgba for p in parts]),
        {t: np.concatenate([target(p, t) for p in parts]) for t in traits},
        np.concatenate([p.images for p in parts]),
        np.concatenate([p.collections for p in parts]),
        np.concatenate([p.families for p in parts]),
    )
