"""Combined detectors: what a rule says, unless the network is surer of something else.

Looks for what both its detectors look for. A rule is exact on what its author thought of and knows nothing of
the rest; a network has seen thousands of drawn hats and is unsure of the odd one. Where the network's
calibrated confidence is above a limit its answer counts, else the rule's. What a rule found it has seen, so
it takes a surer network to deny that than to find something where the rule found nothing.

Cannot be right where both are wrong. The registry gives it its two detectors, and it asks them as anybody
would; how they work it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from punkdetect.landmarks import Landmarks
from punkdetect.punks import Detector, Punks, TraitColumn, make_column
from punkdetect.vocabulary import TRAITS


class Limits(NamedTuple):
    """Confidence above which the network counts: where the rule found something, and where it says `none`."""

    found: float
    none: float


LIMITS = {
    "headwear.edge_and_shape": Limits(0.85, 0.6),
    "neckwear.line": Limits(0.9, 0.75),
    "facial_hair.cover": Limits(0.9, 0.8),
    "hair_length.lowest_row": Limits(0.9, 0.9),
}
"""By rule. Hand-made portraits, by the network's out-of-fold answers, are read right as often as with any
pair from 0.5 to 0.98, or one in 144 less. Low limits read more right on drawn portraits of another seed
(headwear: 0.84 at 0.6, 0.79 so, 0.73 by the rule), whose kind the network has seen; high ones on a whole
collection that it was fitted without (CryptoPunks' headwear: 0.96 at 0.6, 0.99 so, 0.997 by the rule)."""

METHOD = "rule_and_network"


class Fitted(Detector, Protocol):
    """A detector with a model file and its card."""

    model_card: Path

    @property
    def model_digest(self) -> str:
        """SHA-256 of the model file."""


class RuleAndNetwork:
    """One trait, as a rule answers it unless the network is sure of another value."""

    def __init__(self, rule: Detector, network: Fitted, limits: Limits) -> None:
        self.rule, self.network, self.limits = rule, network, limits
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
        """Return the trait of every portrait; not found where neither finds a face."""
        by_rule, by_network = self.rule.detect(punks, landmarks), self.network.detect(punks, landmarks)
        return combine(by_rule, by_network, self.limits)


def combine(by_rule: TraitColumn, by_network: TraitColumn, limits: Limits) -> TraitColumn:
    """Return the rule's answers, and the network's where its confidence is above the limit.

    Where both agree the confidence is the higher of theirs; where the rule is followed against the network,
    it is at most the chance that the network leaves to it, but not below one half.
    """
    found = by_rule.codes > TRAITS[by_rule.trait].index("none")
    sure = by_network.confidence > np.where(found, limits.found, limits.none)
    agree = by_rule.codes == by_network.codes
    followed = np.minimum(by_rule.confidence, np.maximum(1 - by_network.confidence, 0.5))
    confidence = np.where(
        agree,
        np.maximum(by_rule.confidence, by_network.confidence),
        np.where(sure, by_network.confidence, followed),
    )
    evidence, others = by_rule.evidence.copy(), np.flatnonzero(sure & ~agree)
    evidence[others] = by_network.evidence[others]
    codes = np.where(sure, by_network.codes, by_rule.codes)
    return make_column(by_rule.trait, codes, confidence, evidence)


def combined_of(detectors: Mapping[str, Detector]) -> tuple[RuleAndNetwork, ...]:
    """Return the combined detectors that can be made of these, given by name."""
    out = []
    for rule, limits in LIMITS.items():
        network = f"{rule.split('.')[0]}.network"
        if rule in detectors and network in detectors:
            out.append(RuleAndNetwork(detectors[rule], detectors[network], limits))  # type: ignore[arg-type]
    return tuple(out)
