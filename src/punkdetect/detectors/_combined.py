"""Combined detectors: a rule and the network as two witnesses, each believed as far as it is sure.

Looks for what both its detectors look for. A rule is exact on what its author thought of and knows nothing of
the rest; a network has seen thousands of drawn hats and is unsure of the odd one. The rule says one value and
how sure it is; the network gives every value a chance. The chances are multiplied, as if the two had looked
without knowing of each other, and the network's counts more or less by a weight of its own for each trait.
Where these two do not agree surely, and a model was fitted to the signs that the rule asks about, it says in
the rule's place how likely they make every value; the rule, which takes the first sign that fits, then only
makes its own value so much likelier.
What shows a thing is the rule's to say in any case.

Cannot be right where both are wrong. The registry gives it its two detectors, and it asks them as anybody
would; how they work it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np

from punkdetect.landmarks import Landmarks
from punkdetect.punks import (
    NOT_FOUND,
    BoolArray,
    Detector,
    FloatArray,
    IntArray,
    Punks,
    TraitColumn,
    make_column,
)
from punkdetect.records import Record


class Weight(Record):
    """Power that the network's chances are raised to, where the rule found something and where it did not."""

    found: float
    none: float


WEIGHTS = {
    "headwear.edge_and_shape": Weight(0.25, 0.25),
    "neckwear.line": Weight(1.0, 6.0),
    "facial_hair.cover": Weight(0.5, 0.5),
    "hair_length.lowest_row": Weight(8.0, 8.0),
    "type.lips_and_chin": Weight(1.5, 0.75),
    "eyewear.frames": Weight(0.25, 0.25),
    "mouth_item.leaves_the_mouth": Weight(0.5, 0.5),
    "earrings.lone_pixels": Weight(0.5, 0.5),
}
"""By rule. Measured on the hand-made portraits out of fold, on drawn ones of another seed and on collections
that others drew. More would be better for those, and worse for the hand-made ones, which the rules know. What
the networks say of earrings where the rule found none is held down: at 3 they still see what was painted over
in one portrait of ten, and evidence would not be what decides."""


class Weighed(Record):
    """The model that weighs a rule's signs, and what the rule still has to say beside it.

    Parameters
    ----------
    model : str
        The detector's name.
    found, none : float
        How many times likelier the rule makes what it says, where it found something and where it did not.
    agreed : float
        Chance that the network gives to the rule's value from which both agree, and the model is not asked.
    named : mapping of str to float
        The same as `found` for single values of which the rule is right more or less often.
    """

    model: str
    found: float
    none: float
    agreed: float
    named: Mapping[str, float] = {}


SIGNS = {
    "headwear.edge_and_shape": Weighed("headwear.signs", 20.0, 1.0, 0.8),
    "earrings.lone_pixels": Weighed("earrings.signs", 3.0, 1.0, 0.8),
    "eyewear.frames": Weighed("eyewear.signs", 1.0, 2.0, 0.9, {"sunglasses": 4.0, "other": 0.7}),
    "mouth_item.leaves_the_mouth": Weighed("mouth_item.signs", 8.0, 1.0, 0.95),
    "facial_hair.cover": Weighed("facial_hair.signs", 1.0, 2.0, 0.95),
}
"""By rule. That of headwear is right of 94 of 100 hand-made portraits, which its author knew, and of 68 of
those of six collections of other hands; the model of 87 and 87, each left out. At 20 all together are right
of 90 of 100 hand-made ones and 85 of the others, at 3 of 87 and 87.

That of earrings is right of 88 of 100 portraits of three collections that neither it nor the model knew, the
model of 94, all together of 95; of hand-made ones all of 98 or 99. At 1, instead of 3, all together lose
three hand-made portraits in 144.

That of eyewear is right of 99 of 100 hand-made portraits and of 91 of those three collections, the model of
95 and 95, all together of 99 and 95. Where they differ the rule is right of one in two that it calls
sunglasses and of one in six that it calls other; 1.5 times whatever it found leaves 96 and 95.

That of mouth items is right of 90 of 100 portraits of those three collections, the model of 92, and together
with the networks of 93; of hand-made ones the rule, which knew them, of all, the model of 97, together of 99.
At 20, instead of 8, two of 500 of the unseen ones less are right; values of their own brought nothing.

That of facial hair is right of 91 of 100 portraits of eighteen collections of other hands, each left out, as
is the network; the model of 96, and all together of 96; of hand-made ones all of 98 or 99. At 3 for whatever
it found, instead of 1, all together lose two hand-made portraits in 144; asked of every second portrait of
those collections alone, where rule and network do not agree, it changes nothing.

What costs more is asked only where what costs less is unsure, as in an attentional cascade (P. Viola, M.
Jones: Rapid object detection using a boosted cascade of simple features. CVPR 2001). Rule and network agree
on 73, 67, 54 and 47 of 100 drawn portraits for mouth items, eyewear, headwear and earrings, and on nearly all
hand-made ones; the model would have said otherwise, mostly rightly, of three in 2,000 at most."""

SUREST, LEAST_SURE = 0.995, 0.5
"""Between these a rule's confidence is believed: none is right always, and one that answers at all has seen
something."""

SURE_RULE = 0.9
"""Confidence of a rule from which it may agree with the network."""

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

    def evidence(self, landmarks: Landmarks, some: IntArray) -> BoolArray:
        """Return the part of each of some portraits that the trait is about, shape (M, 24, 24)."""


Evidence = Callable[[IntArray], BoolArray]
"""Gives what shows a trait in some portraits, by their numbers (M,): shape (M, 24, 24). Most of it is not
asked for."""


class RuleAndNetwork:
    """One trait, as a rule, or the model that weighs its signs, and a network answer it together."""

    def __init__(
        self,
        rule: Detector,
        network: Fitted,
        weight: Weight,
        signs: Fitted | None = None,
        weighed: Weighed | None = None,
    ) -> None:
        self.rule, self.network, self.weight = rule, network, weight
        self.signs, self.weighed = signs, weighed
        self.trait = rule.trait
        self.name = f"{rule.trait}.{METHOD}"
        versions = [rule.version, *([signs.version] if signs is not None else []), network.version]
        self.version: int | str = "+".join(map(str, versions))
        self.vocabulary = rule.vocabulary
        self.model_card = network.model_card.with_name(f"{self.name}.card.json")

    @property
    def model_digest(self) -> str:
        """SHA-256 of the network's file as it lies on the disk; of two files, of both digests in a row."""
        if self.signs is None:
            return self.network.model_digest
        return sha256((self.signs.model_digest + self.network.model_digest).encode()).hexdigest()

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the trait of every portrait; not found where there is no face."""
        # who asks whether there is hair asks again for the same portraits
        answers = _known.setdefault(landmarks, {})
        if self not in answers:
            answers[self] = self._ask_all(punks, landmarks)
        return answers[self]

    def _ask_all(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        by_rule = self.rule.detect(punks, landmarks)
        chances = self.network.chances(punks, landmarks)
        by_signs = None
        if self.signs is not None and self.weighed is not None:
            by_signs = np.zeros_like(chances)
            some = np.flatnonzero(in_doubt(by_rule, chances, self.weighed.agreed) & landmarks.face.found)
            if len(some):
                part = landmarks.take(some)
                by_signs[some] = self.signs.chances(part.punks, part)
        evidence = partial(self.network.evidence, landmarks)
        return self.join(by_rule, chances, landmarks.face.found, evidence, by_signs)

    def join(
        self,
        by_rule: TraitColumn,
        chances: FloatArray,
        seen: BoolArray,
        evidence: Evidence,
        by_signs: FloatArray | None = None,
    ) -> TraitColumn:
        """Return what all say together, as `combine` does."""
        return combine(by_rule, chances, seen, evidence, self.weight, by_signs, self.weighed)


_known: WeakKeyDictionary[Landmarks, dict[RuleAndNetwork, TraitColumn]] = WeakKeyDictionary()
"""What was answered for landmarks that are still in use."""


def in_doubt(by_rule: TraitColumn, chances: FloatArray, agreed: float) -> BoolArray:
    """Tell of which portraits rule and network do not agree surely: shape (N,)."""
    said = by_rule.codes != NOT_FOUND
    of_network = np.take_along_axis(chances, np.maximum(by_rule.codes, 0)[:, None], axis=1)[:, 0]
    doubtful: BoolArray = ~(said & (by_rule.confidence >= SURE_RULE) & (of_network >= agreed))
    return doubtful


def combine(
    by_rule: TraitColumn,
    chances: FloatArray,
    seen: BoolArray,
    evidence: Evidence,
    weight: Weight,
    by_signs: FloatArray | None = None,
    weighed: Weighed | None = None,
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
    evidence : Evidence
        The network's, for what the rule did not find.
    weight : Weight
        Power of the network's chances.
    by_signs : ndarray of float, shape (N, K), optional
        Chances of every value by the rule's signs, which stand in its place where there is a face and rule
        and network are `in_doubt`; the other rows are not looked at.
    weighed : Weighed, optional
        What the rule still has to say beside them.

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
    found = by_rule.codes > 0
    if by_signs is not None and weighed is not None:
        asked = seen & in_doubt(by_rule, chances, weighed.agreed)
        rule[asked] = np.maximum(by_signs[asked], FLOOR)
        both_know = np.flatnonzero(asked & said)
        times = np.array([weighed.none, *[weighed.found] * (values - 1)])
        for value, other in weighed.named.items():
            times[by_rule.vocabulary.index(value)] = other
        rule[both_know, by_rule.codes[both_know]] *= times[by_rule.codes[both_know]]
    network = np.where(seen[:, None], np.maximum(chances, FLOOR), 1.0)
    power = np.where(found, weight.found, weight.none)
    both = rule * network ** power[:, None]
    both /= both.sum(axis=1, keepdims=True)
    codes = np.where(said | seen, both.argmax(axis=1), NOT_FOUND)
    # both may see the same thing and call it by other names: where it is, the rule says best
    same_thing = codes == by_rule.codes
    named_otherwise = np.flatnonzero(~same_thing & (codes > 0) & (by_rule.codes > 0))
    same_thing[named_otherwise] = by_rule.evidence[named_otherwise].any(axis=(1, 2))
    shown, others = by_rule.evidence.copy(), np.flatnonzero(~same_thing)
    shown[others] = evidence(others)
    return make_column(by_rule.trait, codes, both.max(axis=1), shown)


def combined_of(detectors: Mapping[str, Detector]) -> tuple[RuleAndNetwork, ...]:
    """Return the combined detectors that can be made of these, given by name."""
    out = []
    for rule, weight in WEIGHTS.items():
        network = f"{rule.split('.')[0]}.network"
        if rule in detectors and network in detectors:
            weighed = SIGNS.get(rule)
            models: tuple[Any, Any] = detectors[network], detectors.get(weighed.model) if weighed else None
            out.append(RuleAndNetwork(detectors[rule], models[0], weight, models[1], weighed))
    return tuple(out)
