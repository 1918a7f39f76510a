"""Writes the cards of the combined detectors: the rule as it is, the models as they were out of fold.

Knows cards and the two detectors of each; must not know how a network is fitted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from punkdetect.detectors import load_registry
from punkdetect.detectors._combined import RuleAndNetwork
from punkdetect.detectors._where_hair_is import WhereHairIs
from punkdetect.landmarks import Landmarks
from punkdetect.model_cards import ModelCard, OutOfFold, pixel_digest, read_model_card, write_model_card
from punkdetect.punks import NOT_FOUND, Detector, FloatArray, Punks, TraitColumn, make_column
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
    detectors = load_registry().detectors.values()
    said, unseen = [], {}
    for detector in detectors:
        if isinstance(detector, RuleAndNetwork):
            card = read_model_card(detector.network.model_card)
            unseen[detector.name] = _join_unseen(detector, card, punks, landmarks, digests)
            said.append(
                _write(detector, card, _notes_of(detector, card), unseen[detector.name], small, digests)
            )
    for detector in detectors:
        if isinstance(detector, WhereHairIs):
            hair = unseen[detector.hair.name]
            answers = detector.join(_unseen_of(detector.detector, punks, landmarks, digests), hair)
            card = read_model_card(detector.hair.model_card)
            notes = {**card.notes, "of": [detector.detector.name, detector.hair.name]}
            said.append(_write(detector, card, notes, answers, small, digests))
    return said


def _join_unseen(
    detector: RuleAndNetwork, card: ModelCard, punks: Punks, landmarks: Landmarks, digests: Sequence[str]
) -> TraitColumn:
    """Return what rule and models say together, each model as it was out of fold."""
    by_rule = detector.rule.detect(punks, landmarks)
    by_signs = None
    if detector.signs is not None:
        by_signs = _chances(read_model_card(detector.signs.model_card), digests)
    return detector.join(
        by_rule, _chances(card, digests), landmarks.face.found, by_rule.evidence.__getitem__, by_signs
    )


def _notes_of(detector: RuleAndNetwork, card: ModelCard) -> dict[str, Any]:
    notes = {key: note for key, note in card.notes.items() if key != CHANCES}
    notes |= {"rule": detector.rule.name, "weight": detector.weight.as_dict()}
    if detector.signs is not None and detector.weighed is not None:
        signs = f"{detector.signs.name} {detector.signs.version}"
        notes |= {"signs": signs, "weighed": detector.weighed.as_dict()}
    return notes


def _unseen_of(detector: Detector, punks: Punks, landmarks: Landmarks, digests: Sequence[str]) -> TraitColumn:
    """Return what a detector says: a rule as it is, a model as it was out of fold."""
    today = detector.detect(punks, landmarks)
    path = getattr(detector, "model_card", None)
    if path is None:
        return today
    answers = read_model_card(path).answers[detector.trait]
    values = [answers[digest].value for digest in digests]
    codes = [NOT_FOUND if value is None else detector.vocabulary.index(value) for value in values]
    confidence = np.array([answers[digest].confidence for digest in digests])
    return make_column(detector.trait, np.array(codes), confidence, today.evidence)


def _write(
    detector: RuleAndNetwork | WhereHairIs,
    card: ModelCard,
    notes: Mapping[str, Any],
    answers: TraitColumn,
    small: Examples,
    digests: Sequence[str],
) -> str:
    """Write the card of a detector with the models of `card`; return how often it is right."""
    own = ModelCard(
        detector.name,
        str(detector.version),
        detector.model_digest,
        card.fitted_to,
        {
            detector.trait: {
                digest: OutOfFold(answers.value(i), float(answers.confidence[i]))
                for i, digest in enumerate(digests)
            }
        },
        notes,
    )
    write_model_card(detector.model_card, own)
    target = small.targets.get(detector.trait)
    if target is None:  # an exact colour is one of millions, not of a few values
        return f"{detector.name} {detector.version}: answers for {int((answers.codes >= 0).sum())}"
    right = target[np.arange(len(target)), answers.codes][target.any(axis=1)]
    return f"{detector.name} {detector.version}: {int(right.sum())} of {len(right)}"


def _chances(card: ModelCard, digests: Sequence[str]) -> FloatArray:
    """Return a model's out-of-fold chances of portraits: (N, K)."""
    return np.array([card.notes[CHANCES][digest] for digest in digests])
