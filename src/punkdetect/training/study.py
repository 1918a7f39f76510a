"""Measures how learned detectors do on collections they have not seen: without one, tested on it.

Knows examples and fits; must not know files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from punkdetect.detectors import load_registry
from punkdetect.detectors._combined import RuleAndNetwork
from punkdetect.detectors.learned import SIGNS
from punkdetect.inference import softmax
from punkdetect.landmarks import Landmarks
from punkdetect.punks import BoolArray, FloatArray, IntArray, Punks
from punkdetect.training.classical import fit_regression
from punkdetect.training.described import (
    DRAWN_WEIGHT,
    DescribedRecipe,
    Weighted,
    answers_of,
    describe,
    fit_ensemble,
    join_tables,
)
from punkdetect.training.examples import Examples
from punkdetect.training.network import Recipe, columns_of, fit, logits_of
from punkdetect.training.pools import DRAWN, join_pools, make_pool, mix
from punkdetect.training.sampling import rarity_weights
from punkdetect.training.shipping import HEADS, features_of

Row = tuple[tuple[str, ...], str, dict[str, float]]
"""What was fitted to, what was tested on, and by detector the share that was right."""

COPIES = 8000
"""Changed copies made of each collection of others' portraits."""

STEPS = 1500
"""Batches of each fit: a fifth of what the shipped network was shown first."""

MOST = 3000
"""Portraits of one collection that the regression is fitted to."""

ALTOGETHER = 150.0
"""What all portraits of one collection weigh in the regression: as much as so many hand-made ones."""


def leave_one_out(
    collections: Mapping[str, Examples],
    tested: Mapping[str, Examples],
    steps: int = STEPS,
    copies: int = COPIES,
    seed: int = 0,
    say: Callable[[str], None] = lambda sentence: None,
) -> list[Row]:
    """Fit without each collection and test on it.

    Parameters
    ----------
    collections, tested : mapping of str to Examples
        By the collection's name, what is fitted to and what is tested on.
    steps, copies : int
        Batches of each fit, and changed copies of each collection that was not drawn by the project.
    seed : int
    say : callable
        Told how far it is.

    Returns
    -------
    list of (fitted to, tested on, share right by detector)
    """
    rng = np.random.default_rng(seed)
    pools = []
    for name, examples in collections.items():
        rows, strength = np.arange(len(examples)), 0.5
        if name != DRAWN:
            weight = rarity_weights(examples, HEADS)
            rows, strength = rng.choice(len(examples), copies, p=weight / weight.sum()), 0.85
        pools.append(make_pool(examples, rows, rng, strength))
    pool = join_pools(pools)
    weights = [np.ones(len(examples)) for examples in collections.values()]
    described = {
        (trait, name): describe(trait, trait, Weighted(some, DRAWN_WEIGHT if name == DRAWN else 1.0), rng)
        for trait in SIGNS
        for name, some in collections.items()
    }
    out: list[Row] = []
    for left_out, unseen in tested.items():
        seen = tuple(name for name in collections if name != left_out)
        share = mix(pool, weights, [float(name in seen) for name in collections])
        net = fit(pool, share, Recipe(HEADS, steps=steps, seed=seed))
        by_signs = {}
        for trait in SIGNS:
            known = join_tables([described[trait, name] for name in seen])
            signs = fit_ensemble(known, DescribedRecipe(members=1), seed)
            by_signs[trait] = answers_of(signs, describe(trait, trait, Weighted(unseen, 1.0), rng).values)
        right = network_right(logits_of(net, unseen.rgba), unseen, by_signs)
        right["hairstyle.features"] = _hairstyle_right([collections[name] for name in seen], unseen)
        out.append((seen, left_out, right))
        say(f"without {left_out}: {right}")
    return out


def network_right(
    logits: FloatArray, tested: Examples, by_signs: Mapping[str, FloatArray]
) -> dict[str, float]:
    """Return how often the network is right, by itself and joined with what it ships with.

    Parameters
    ----------
    logits : ndarray of float, shape (N, columns of all `HEADS`)
        The network's answers.
    tested : Examples
    by_signs : mapping of str to ndarray of float, shape (N, values of the trait)
        By trait, the answers of what weighs its signs.
    """
    punks, columns = Punks(tested.rgba), columns_of(HEADS)
    landmarks = Landmarks(punks)
    right = {
        f"{trait}.signs": share_right(answers.argmax(axis=1), tested.targets[trait])
        for trait, answers in by_signs.items()
    }
    joined = {d.trait: d for d in load_registry().detectors.values() if isinstance(d, RuleAndNetwork)}
    for trait in HEADS:
        chances, target = softmax(logits[:, columns[trait]]), tested.targets[trait]
        codes: IntArray = chances.argmax(axis=1)
        right[f"{trait}.network"] = share_right(codes, target)
        if trait in joined:
            by_rule = joined[trait].rule.detect(punks, landmarks)
            seen = landmarks.face.found
            weighed = softmax(by_signs[trait]) if joined[trait].signs else None
            both = joined[trait].join(by_rule, chances, seen, by_rule.evidence.__getitem__, weighed)
            right[joined[trait].name] = share_right(both.codes, target)
    return right


def _hairstyle_right(seen: list[Examples], tested: Examples) -> float:
    """Fit the regression with every collection weighing alike, and test it."""
    trait, values, targets, weights = "hairstyle", [], [], []
    for examples in seen:
        few = examples.take(np.arange(min(len(examples), MOST)))
        names, described = features_of("hair", few.rgba)
        values.append(described)
        targets.append(few.targets[trait])
        weights.append(np.full(len(few), ALTOGETHER / len(few)))
    model = fit_regression(np.concatenate(values), np.concatenate(targets), np.concatenate(weights), names)
    return share_right(
        model.logits(features_of("hair", tested.rgba)[1]).argmax(axis=1), tested.targets[trait]
    )


def share_right(codes: IntArray, target: BoolArray) -> float:
    """Return how many of the labelled portraits are answered right; nan if none is labelled."""
    labelled = target.any(axis=1)
    right = (target[np.arange(len(target)), codes] & (codes >= 0))[labelled]
    return float(right.mean()) if len(right) else float("nan")


def table(rows: list[Row]) -> str:
    """Return the measured shares as a Markdown table: one row a detector."""
    detectors = list(dict.fromkeys(d for _, _, right in rows for d in right))
    heads = [f"{unseen}, fitted to {' and '.join(seen)}" for seen, unseen, _ in rows]
    lines = ["| detector | " + " | ".join(heads) + " |", "|---|" + "---|" * len(rows)]
    lines += [
        f"| `{detector}` | " + " | ".join(f"{right[detector]:.3f}" for _, _, right in rows) + " |"
        for detector in detectors
    ]
    return "\n".join(lines) + "\n"
