"""Writes the cards of the combined detectors: the rule as it is, the network as it was out of fold.

Knows cards and the two detectors of each; must not know how a network is fitted.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors import load_registry
from punkdetect.detectors._combined import RuleAndNetwork, combine
from punkdetect.landmarks import Landmarks
from punkdetect.model_cards import ModelCard, OutOfFold, pixel_digest, read_model_card, write_model_card
from punkdetect.punks import NOT_FOUND, Punks, make_column
from punkdetect.training.examples import Examples


def write_combined_cards(small: Examples) -> list[str]:
    """Write the cards of the combined detectors anew, from the rules as they are and the networks' cards.

    To be called after a rule or the network has changed. What the rule says of a hand-made portrait is asked
    now; what the network says is its out-of-fold answer.

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
        trait, values = detector.trait, detector.vocabulary
        card = read_model_card(detector.network.model_card)
        by_rule = detector.rule.detect(punks, landmarks)
        known = [card.answers[trait][digest] for digest in digests]
        unseen = make_column(
            trait,
            np.array([values.index(a.value) if a.value else NOT_FOUND for a in known]),
            np.array([a.confidence for a in known]),
            by_rule.evidence,
        )
        both = combine(by_rule, unseen, detector.limits)
        answers = {
            digest: OutOfFold(both.value(i), float(both.confidence[i])) for i, digest in enumerate(digests)
        }
        notes = {**card.notes, "rule": detector.rule.name, "surer_than": detector.limits._asdict()}
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
