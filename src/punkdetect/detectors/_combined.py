"""Combined detectors: a rule and the network as two witnesses, each believed as far as it is sure.

Looks for what both its detectors look for. A rule is exact on what its author thought of and knows nothing of
the rest; a network has seen thousands of drawn hats and is unsure of the odd one. The rule says one value and
how sure it is; the network gives every value a chance. The chances are multiplied, as if the two had looked
without knowing of each other, and the network's counts more or less by a weight of its own for each trait.

Cannot be right where both are wrong. The registry gives it its two detectors, and it asks them as anybody
would; how they work it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from punkdetect.landmarks import Landmarks
from punkdetect.punks import NOT_FOUND, BoolArray, Detector, FloatArray, Punks, TraitColumn, make_column

WEIGHTS = {
    "headwear.edge_and_shape": 1.5,
    "neckwear.line": 1.5,
    "facial_hair.cover": 1.5,
    "hair_length.lowest_row": 1.5,
    "eyewear.frames": 1.0,
    "earrings.lone_pixels": 1.0,
    "mouth_item.leaves_the_mouth": 1.0,
    "type.lips_and_chin": 1.0,
}
"""By rule, the power that the network's chances are raised to; the rule's have 1."""

SUREST, LEAST_SURE = 0.995, 0.5
"""Between these a rule's confidence is believed: none is right always, and one that answers at all has seen
something."""

FLOOR = 1e-6
"""Chance that a network leaves to every value: what it never saw in training is not ruled out."""

METHOD = "rule_and_network"


class Fitted(Detector, Protocol):
    """A detector with a model file and its card."""

    model_card: Path

    @property
    def model_digest(self) -> str:
        """SHA-256 of the model file."""

    def chances(self, punks: Punks, landmarks: Landmarks) -> FloatArray:
        """Return the chance of every value, shape (N, values)."""

    def evidence(self, landmarks: Landmarks) -> BoolArray:
        """Return the part of each portrait that the trait is about."""


class RuleAndNetwork:
    """One trait, as a rule and a network answer it together."""

    def __init__(self, rule: Detector, network: Fitted, weight: float) -> None:
        self.rule, self.network, self.weight = rule, network, weight
        self.trait = rule.trait
        self.name = f"{rule.trait}.{METHOD}"
        self.version: int | str = f"{rule.version}+{network.version}"
        self.vocabulary = rule.vocabulary
        self.model_card = network.model_card.with_name(f"{self.name}.card.json")

    @property
    def model_digest(self) -> str:
        """SHA-256 of the network's file as it lies on the disk."""
        return self.network.model_digest

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the trait of every portrait; not found where there is no face."""
        by_rule = self.rule.detect(punks, landmarks)
        chances = self.network.chances(punks, landmarks)
        seen = landmarks.face.found
        return combine(by_rule, chances, seen, self.network.evidence(landmarks), self.weight)


def combine(
    by_rule: TraitColumn, chances: FloatArray, seen: BoolArray, evidence: BoolArray, weight: float
) -> TraitColumn:
    """Return the values that rule and network together find likeliest.

    Parameters
    ----------
    by_rule : TraitColumn
        Where it found nothing it has no say.
    chances : ndarray of float, shape (N, K)
        The network's, of every value.
    seen : ndarray of bool, shape (N,)
        False where the network has no say, for there is no face.
    evidence : ndarray of bool, shape (N, 24, 24)
        The network's, for answers that are not the rule's.
    weight : float
        Power of the network's chances.

    Returns
    -------
    TraitColumn
        The confidence is the chance of the value by both together.
    """
    n, values = chances.shape
    said = by_rule.codes != NOT_FOUND
    sure = np.clip(by_rule.confidence, LEAST_SURE, SUREST)
    rule = np.full((n, values), 1 / values)
    rule[said] = ((1 - sure) / (values - 1))[said, None]
    rule[np.flatnonzero(said), by_rule.codes[said]] = sure[said]
    network = np.where(seen[:, None], np.maximum(chances, FLOOR), 1.0)
    both = rule * network**weight
    both /= both.sum(axis=1, keepdims=True)
    codes = np.where(said | seen, both.argmax(axis=1), NOT_FOUND)
    shown, others = by_rule.evidence.copy(), np.flatnonzero(codes != by_rule.codes)
    shown[others] = evidence[others]
    return make_column(by_rule.trait, codes, both.max(axis=1), shown)


def combined_of(detectors: Mapping[str, Detector]) -> tuple[RuleAndNetwork, ...]:
    """Return the combined detectors that can be made of these, given by name."""
    out = []
    for rule, weight in WEIGHTS.items():
        network = f"{rule.split('.')[0]}.network"
        if rule in detectors and network in detectors:
            out.append(RuleAndNetwork(detectors[rule], detectors[network], weight))  # type: ignore[arg-type]
    return tuple(out)
