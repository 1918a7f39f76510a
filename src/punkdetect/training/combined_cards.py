"""Writes the cards of the combined detectors: the rule as it is, the models as they were out of fold.

Knows cards and the two detectors of each; must not know how a network is fitted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from punkdetect.detectors import load_registry
from punkdetect.detectors._combined import RuleAndNetwork
from punkdetect.landmarks import Landmarks
from punkdetect.model_cards import ModelCard, OutOfFold, pixel_digest, read_model_card, write_model_card
from punkdetect.punks import FloatArray, Punks
from punkdetect.training.examples import Examples
from punkdetect.training.shipping import CHANCES


def write_combined_cards(small: Examples) -> list[str]:
    """Write the cards of the combined detectors anew, from the rules as they are and the networks' cards.

    To be called after a rule or the network has changed. What the rule says of a hand-made portrait is asked
    now; what the network says is its out-of-fold answer, and so is what the rule's signs are weighed as.

    Parameters
    ----------
    small : Examples
        The hand-made portraits that the networks' cards have out-of-fold answers for.

    Returns
    -------
    list of str
        One sentence a detector: how often it is right.
    """
    punks = Punks(small.rgba)
    landmarks = Landmarks(punks)
    digests = [pixel_digest(rgba) for rgba in punks.rgba]
    said = []
    for detector in load_registry().detectors.values():
        if not isinstance(detector, RuleAndNetwork):
            continue
        trait, card = detector.trait, read_model_card(detector.network.model_card)
        by_rule = detector.rule.detect(punks, landmarks)
        unseen, by_signs = _chances(card, digests), None
        if detector.signs is not None:
            by_signs = _chances(read_model_card(detector.signs.model_card), digests)
        both = detector.join(by_rule, unseen, landmarks.face.found, by_rule.evidence, by_signs)
        answers = {
            digest: OutOfFold(both.value(i), float(both.confidence[i])) for i, digest in enumerate(digests)
        }
        notes = {key: note for key, note in card.notes.items() if key != CHANCES}
        notes |= {"rule": detector.rule.name, "weight": detector.weight._asdict()}
        if detector.signs is not None:
            notes |= {
                "signs": f"{detector.signs.name} {detector.signs.version}",
                "likelier": detector.likelier,
            }
        own = ModelCard(
            detector.name,
            str(detector.version),
            detector.model_digest,
            card.fitted_to,
            {trait: answers},
            notes,
        )
        write_model_card(detector.model_card, own)
        target = small.targets[trait]
        right = target[np.arange(len(target)), both.codes][target.any(axis=1)]
        said.append(f"{detector.name} {detector.version}: {int(right.sum())} of {len(right)}")
    return said


def _chances(card: ModelCard, digests: Sequence[str]) -> FloatArray:
    """Return a model's out-of-fold chances of portraits: (N, K)."""
    return np.array([card.notes[CHANCES][digest] for digest in digests])
