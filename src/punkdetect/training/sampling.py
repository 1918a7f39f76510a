"""Says how often each portrait is shown: rare values more often.

Knows examples; must not know how they are changed or what is fitted.
"""

from __future__ import annotations

import numpy as np

from punkdetect.punks import FloatArray
from punkdetect.training.examples import Examples

MOST = 6.0
"""How many times as often as a common portrait the one with the rarest values is shown."""


def rarity_weights(examples: Examples, traits: tuple[str, ...]) -> FloatArray:
    """Return how often each portrait should be shown, relative to the others.

    A portrait weighs as much as the rarest of its values: one over the root of the value's share, at most
    `MOST`.
    """
    weight = np.ones(len(examples))
    for trait in traits:
        target = examples.targets.get(trait)
        if target is None or not target.any():
            continue
        share = target.sum(axis=0) / target.any(axis=1).sum()
        rare = np.where(share > 0, 1 / np.sqrt(np.maximum(share, 1e-9)), 0)
        weight = np.maximum(weight, np.minimum((target * rare).max(axis=1), MOST))
    return weight
