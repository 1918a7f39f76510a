"""Pools of changed portraits: what a network is shown, made once and shared by all its fits.

Knows examples, augmentation and the generator of drawn portraits; must not know how a network is fitted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from punkdetect.detectors._network_input import network_input
from punkdetect.landmarks import Landmarks
from punkdetect.punks import NOT_FOUND, BoolArray, ByteArray, FloatArray, IntArray, Punks
from punkdetect.training.augment import augment, cut_out
from punkdetect.training.examples import Examples
from punkdetect.vocabulary import TRAITS

BLOCK = 1000
"""Portraits that are changed at once: enough to make array operations cheap."""

DRAWN = "drawn"
"""Collection of the portraits that the project draws itself."""


@dataclass(frozen=True)
class Pool:
    """Changed portraits ready to be shown to a network.

    Parameters
    ----------
    inputs : ndarray of int8, shape (N, 24, 24, C)
    targets : mapping of str to ndarray of bool, shape (N, K)
    origin : ndarray of int, shape (N,)
        Row of the portrait, within its own examples, that each was made of.
    source : ndarray of int, shape (N,)
        Which of several examples that is.
    """

    inputs: NDArray[np.int8]
    targets: Mapping[str, BoolArray]
    origin: IntArray
    source: IntArray

    def __len__(self) -> int:
        return len(self.inputs)


def as_input(rgba: ByteArray) -> NDArray[np.int8]:
    """Return what the network sees of portraits, as the detectors do at run time."""
    punks = Punks(rgba)
    return network_input(punks, Landmarks(punks))


def make_pool(examples: Examples, rows: IntArray, rng: np.random.Generator, strength: float) -> Pool:
    """Change the portraits of `rows`, each as often as it stands there.

    Parameters
    ----------
    examples : Examples
    rows : ndarray of int, shape (N,)
    rng : numpy.random.Generator
    strength : float
        Share that is changed at all.

    Returns
    -------
    Pool
    """
    cut, _ = cut_out(examples.rgba)
    examples = examples.replaced(cut, examples.targets)
    inputs, targets = [], []
    for first in range(0, len(rows), BLOCK):
        changed = augment(examples.take(rows[first : first + BLOCK]), rng, strength)
        inputs.append(as_input(changed.rgba))
        targets.append(changed.targets)
    joined = {t: np.concatenate([part[t] for part in targets]) for t in targets[0]}
    return Pool(np.concatenate(inputs), joined, rows, np.zeros(len(rows), np.intp))


def join_pools(pools: Sequence[Pool]) -> Pool:
    """Put pools together; `source` then counts them. Traits that one has no labels for stay unlabelled."""
    traits = [t for t in TRAITS if any(t in p.targets for p in pools)]

    def target(pool: Pool, trait: str) -> BoolArray:
        return pool.targets.get(trait, np.zeros((len(pool), len(TRAITS[trait])), np.bool_))

    return Pool(
        np.concatenate([p.inputs for p in pools]),
        {t: np.concatenate([target(p, t) for p in pools]) for t in traits},
        np.concatenate([p.origin for p in pools]),
        np.concatenate([np.full(len(p), i) for i, p in enumerate(pools)]),
    )


def mix(pool: Pool, weights: Sequence[FloatArray], shares: Sequence[float]) -> FloatArray:
    """Return how often each row of a joined pool is shown.

    Parameters
    ----------
    pool : Pool
    weights : sequence of ndarray of float
        For each source, how often each of its portraits is shown, relative to the others; 0 leaves it out.
    shares : sequence of float
        For each source, its share of what is shown.

    Returns
    -------
    ndarray of float, shape (N,)
    """
    out = np.zeros(len(pool))
    for i, (weight, share) in enumerate(zip(weights, shares, strict=True)):
        mine = pool.source == i
        own = weight[pool.origin[mine]]
        if own.sum() > 0:
            out[mine] = share * own / own.sum()
    return out


def drawn_examples(n: int, seed: int) -> Examples:
    """Draw labelled portraits with the project's own generator."""
    from punkdetect.synth import draw

    drawn = draw(n, seed)
    targets = {}
    for trait, values in TRAITS.items():
        codes = drawn.labels[trait]
        target = np.zeros((n, len(values)), np.bool_)
        known = codes != NOT_FOUND
        target[known, codes[known]] = True
        targets[trait] = target
    names = np.array([f"{DRAWN}_{i:06d}" for i in range(n)], np.str_)
    return Examples(drawn.rgba, targets, names, np.full(n, DRAWN), names)
