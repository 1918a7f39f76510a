"""Fits the models that ship: the network of several traits, and the hairstyle regression, with their cards.

Functions of labelled portraits and a seed; a script calls them with the collections. Each answer that the
cards record was given by a model that had seen neither the portrait nor its family.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from punkdetect import __version__
from punkdetect.detectors._hair_features import hair_features
from punkdetect.detectors._portrait_features import portrait_features
from punkdetect.detectors.learned import SIGNS, VERSION_LENGTH
from punkdetect.inference import Regression, softmax, write_regression
from punkdetect.integer_network import write_networks
from punkdetect.landmarks import Landmarks
from punkdetect.model_cards import Fitted, ModelCard, OutOfFold, pixel_digest, write_model_card
from punkdetect.punks import BoolArray, ByteArray, FloatArray, IntArray, Punks
from punkdetect.training.calibration import fit_temperature
from punkdetect.training.classical import fit_regression
from punkdetect.training.contradictions import without_contradictions
from punkdetect.training.examples import Examples
from punkdetect.training.folds import FOLDS, assign_folds
from punkdetect.training.network import Recipe, columns_of, fit, layers_of, logits_of
from punkdetect.training.pools import Pool, drawn_examples, join_pools, make_pool, mix
from punkdetect.training.sampling import rarity_weights
from punkdetect.vocabulary import TRAITS

HEADS = ("headwear", "facial_hair", "hair_length", "neckwear", "eyewear", "mouth_item", "type", "earrings")
"""Traits that the networks learn. Expression is left out: a pixel decides it, and on other people's
collections the rule misses one in thirty where the networks miss one in six."""

CHANCES = "chances"
"""Name of the note of a network's card that holds its out-of-fold chances of every value, by pixel digest."""

JOINED_KINDS = ("network", *SIGNS)
"""Kinds of model that combined detectors multiply the chances of."""

HAIR_TRAITS = ("hairstyle", "hair_length")
"""Traits that a regression tells from the hair alone."""

REGRESSION_FOLDS = 10
"""More folds than the network's, because a regression is fitted in a second."""

BASE_SHARES, FURTHER_SHARES = (0.35, 0.15, 0.5, 0.0), (0.3, 0.1, 0.3, 0.3)
"""Shares of drawn portraits, the large collection, others' collections and the small one in what the first
fit is shown, and in those that go on."""

MEMBER_SEEDS = 1000
"""Step between the seeds of an ensemble's networks, so that no two see the same drawn portraits."""

FURTHER_RATE = 0.7
"""Highest learning rate of the later fits, relative to the first's."""

CHANGED = 0.85
"""Share of the copies of labelled portraits that are changed; the rest are shown as they are."""

LARGE_WEIGHT, OTHERS_WEIGHT, DRAWN_WEIGHT = 0.2, 0.03, 0.005
"""What one portrait of the large collection, of others' collections, and one drawn weigh in the regression.
The large one at 0.02: unseen portraits of it are right in 92 of 100, not in 97. The others at 0: collections
left out are right in 69 of 100, at 0.05 in 74 and at 0.1 in 78; but the hand-made ones from 0.05 on in 0.847,
and the large one at 0.1 in 97.1, not in 98.1."""


@dataclass(frozen=True)
class Sizes:
    """How much is drawn, changed and fitted.

    Parameters
    ----------
    drawn : int
        Portraits drawn by the generator.
    copies : int
        Changed copies of each hand-made portrait.
    large : int
        Changed copies of the large collection, altogether.
    others : int
        Changed copies of each portrait of others' collections.
    base_steps, steps : int
        Batches of the first fit, without hand-made portraits, and of each that goes on from it.
    members : int
        Networks whose answers are averaged, each fitted to drawn portraits of its own.
    regression_drawn : int
        Drawn portraits that the regression sees.
    """

    drawn: int = 25000
    copies: int = 50
    large: int = 6000
    others: int = 4
    base_steps: int = 6500
    steps: int = 500
    members: int = 3
    regression_drawn: int = 3000


@dataclass(frozen=True)
class Fit:
    """A fitted model and its out-of-fold answers."""

    data: bytes
    logits: Mapping[str, FloatArray]
    temperatures: Mapping[str, float]
    notes: Mapping[str, Any]
    kind: str = "network"


def fit_network(
    small: Examples,
    large: Examples | None,
    others: Examples | None,
    sizes: Sizes,
    heads: tuple[str, ...] = HEADS,
    folds: int = FOLDS,
    seed: int = 0,
    say: Callable[[str], None] = lambda sentence: None,
) -> Fit:
    """Fit the network, cross-validated by family on the hand-made portraits.

    Parameters
    ----------
    small : Examples
        Few portraits of many families: measured on, each by a network that has not seen its family.
    large, others : Examples or None
        Portraits of a large collection, and of several others; only fitted to.
    sizes : Sizes
    heads : tuple of str
        Traits that it learns.
    folds : int
        Parts of the cross-validation.
    seed : int
    say : callable
        Told how far it is.

    Returns
    -------
    Fit
    """
    large = None if large is None else without_contradictions(large)
    fold = assign_folds(small.families, folds, seed)
    logits, without = (np.zeros((len(small), columns_of(heads)[heads[-1]].stop)) for _ in range(2))
    layers = []
    for member in range(sizes.members):
        if sizes.members > 1:
            say(f"network {member + 1} of {sizes.members}")
        unseen, out, net = _fit_member(
            small, large, others, sizes, heads, fold, seed + MEMBER_SEEDS * member, say
        )
        without += unseen / sizes.members
        logits += out / sizes.members
        layers.append(layers_of(net))
    notes: dict[str, Any] = {
        "without_collection": _accuracies(without, small, heads),
        "out_of_fold": _accuracies(logits, small, heads),
        "folds": {str(n): int(f) for n, f in zip(small.images, fold, strict=True)},
        "others": digests_of(others),
    }
    say(f"without {small.collections[0]}: {notes['without_collection']}")
    say(f"out of fold: {notes['out_of_fold']}")
    per_trait = {t: logits[:, columns] for t, columns in columns_of(heads).items()}
    temperatures = {t: fit_temperature(per_trait[t], small.targets[t]) for t in heads}
    return Fit(write_networks(layers), per_trait, temperatures, notes)


def digests_of(others: Examples | None) -> dict[str, str]:
    """Return the digest of each collection's pixels: cards name them, and do not list their portraits."""
    if others is None:
        return {}
    return {
        str(name): hashlib.sha256(others.rgba[others.collections == name].tobytes()).hexdigest()
        for name in np.unique(others.collections)
    }


def _fit_member(
    small: Examples,
    large: Examples | None,
    others: Examples | None,
    sizes: Sizes,
    heads: tuple[str, ...],
    fold: IntArray,
    seed: int,
    say: Callable[[str], None],
) -> tuple[FloatArray, FloatArray, Any]:
    """Fit one network; return its answers without the hand-made portraits, those out of fold, and itself."""
    pool, weights = _pool_of(small, large, others, sizes, heads, seed)
    say(f"{len(pool)} portraits, as they are and changed; {sizes.base_steps} steps")
    recipe = Recipe(heads, steps=sizes.base_steps, seed=seed)
    base = fit(pool, mix(pool, weights, BASE_SHARES), recipe, progress=_progress(say, "first fit"))
    further = replace(recipe, steps=sizes.steps, rate=recipe.rate * FURTHER_RATE)

    def go_on(chosen: BoolArray) -> Any:
        return fit(pool, mix(pool, [*weights[:-1], weights[-1] * chosen], FURTHER_SHARES), further, base)

    without = logits_of(base, small.rgba)
    logits = np.zeros_like(without)
    last = int(fold.max())
    for k in range(last + 1):
        if (fold == k).any():
            logits[fold == k] = logits_of(go_on(fold != k), small.rgba[fold == k])
            say(f"fold {k + 1} of {last + 1}")
    return without, logits, go_on(np.ones(len(small), np.bool_))


def _pool_of(
    small: Examples,
    large: Examples | None,
    others: Examples | None,
    sizes: Sizes,
    heads: tuple[str, ...],
    seed: int,
) -> tuple[Pool, list[FloatArray]]:
    """Make the pool of drawn, large, others' and small portraits, and how often each of theirs is shown."""
    rng = np.random.default_rng(seed)
    drawn = drawn_examples(sizes.drawn, seed)
    pools = [make_pool(drawn, np.arange(len(drawn)), rng, 0.5)]
    weights = [np.ones(len(drawn))]
    for known, times in ((large, None), (others, sizes.others)):
        if known is None:  # nothing of it is shown
            pools.append(make_pool(small.take(np.arange(1)), np.zeros(1, np.intp), rng, 0.0))
            weights.append(np.zeros(1))
            continue
        rows = np.repeat(np.arange(len(known)), times or 1)
        if times is None:  # rare ones stand in the pool more often
            weight = rarity_weights(known, heads)
            rows = rng.choice(len(known), sizes.large, p=weight / weight.sum())
        pools.append(make_pool(known, rows, rng, CHANGED))
        weights.append(np.ones(len(known)))
    pools.append(make_pool(small, np.repeat(np.arange(len(small)), sizes.copies), rng, CHANGED))
    return join_pools(pools), [*weights, rarity_weights(small, heads)]


def _progress(say: Callable[[str], None], what: str) -> Callable[[int, float], None]:
    def tell(step: int, loss: float) -> None:
        if step % 500 == 0:
            say(f"{what}, step {step}: loss {loss:.3f}")

    return tell


def _accuracies(logits: FloatArray, examples: Examples, heads: tuple[str, ...]) -> dict[str, float]:
    columns, out = columns_of(heads), {}
    for trait in heads:
        target = examples.targets[trait]
        right = target[np.arange(len(target)), logits[:, columns[trait]].argmax(axis=1)]
        out[trait] = round(float(right[target.any(axis=1)].mean()), 4)
    return out


def features_of(kind: str, rgba: ByteArray) -> tuple[tuple[str, ...], FloatArray]:
    """Return the features of portraits: of their `hair`, or of the whole `portrait`."""
    punks = Punks(rgba)
    describe = hair_features if kind == "hair" else portrait_features
    return describe(punks, Landmarks(punks))


def fit_features(
    trait: str,
    small: Examples,
    others: Examples | None = None,
    other_weight: FloatArray | None = None,
    folds: int = REGRESSION_FOLDS,
    seed: int = 0,
) -> Fit:
    """Fit a regression on features, cross-validated by family.

    Parameters
    ----------
    trait : str
        Traits of hair are told from the hair's features, all others from the whole portrait's.
    small : Examples
        Labelled portraits: measured on, each by a model that has not seen its family.
    others : Examples, optional
        Portraits that every fit sees as well.
    other_weight : ndarray of float, shape (number of others,), optional
        What each of them weighs, where a labelled one weighs 1, as it does by default.
    folds, seed : int
    """
    kind = kind_of(trait)
    names, values = features_of(kind, small.rgba)
    target, weight = small.targets[trait], np.ones(len(small))
    other_values, other_target = np.zeros((0, len(names))), target[:0]
    if others is not None and trait in others.targets:
        other_values = features_of(kind, others.rgba)[1]
        other_target = without_contradictions(others).targets[trait]
        weight = np.concatenate([weight, np.ones(len(others)) if other_weight is None else other_weight])
    rest = np.ones(len(other_values), np.bool_)
    all_values, all_targets = np.concatenate([values, other_values]), np.concatenate([target, other_target])

    def fitted(chosen: BoolArray) -> Regression:
        rows = np.concatenate([chosen, rest])
        return fit_regression(all_values[rows], all_targets[rows], weight[rows], names)

    fold = assign_folds(small.families, folds, seed)
    logits = np.zeros((len(small), len(TRAITS[trait])))
    for k in range(folds):
        if (fold == k).any():
            logits[fold == k] = fitted(fold != k).logits(values[fold == k])
    right = target[np.arange(len(target)), logits.argmax(axis=1)][target.any(axis=1)]
    notes = {
        "out_of_fold": {trait: round(float(right.mean()), 4)},
        "folds": {str(n): int(f) for n, f in zip(small.images, fold, strict=True)},
    }
    data = write_regression(fitted(np.ones(len(small), np.bool_)))
    return Fit(data, {trait: logits}, {trait: fit_temperature(logits, target)}, notes, kind)


def kind_of(trait: str) -> str:
    """Return which features tell a trait."""
    return "hair" if trait in HAIR_TRAITS else "portrait"


@dataclass(frozen=True)
class ModelFile:
    """A model to write: its file's name, and which detectors it makes.

    Parameters
    ----------
    fit : Fit
    file : str
    method : str
        The detectors are called `<trait>.<method>`.
    heads : tuple of str
        Traits in the order of the model's columns.
    """

    fit: Fit
    file: str
    method: str
    heads: tuple[str, ...]


def write_models(
    folder: Path, models: Sequence[ModelFile], small: Examples, fitted: Examples, seed: int
) -> None:
    """Write model files, their cards and the index; other models of the folder stay in the index.

    Parameters
    ----------
    folder : Path
    models : sequence of ModelFile
    small : Examples
        The portraits that the out-of-fold answers belong to, in the same order.
    fitted : Examples
        Everything of real collections that was fitted to.
    seed : int
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {(trait, model.method) for model in models for trait in model.heads}
    index = folder / "index.json"
    entries: list[dict[str, Any]] = json.loads(index.read_bytes()) if index.exists() else []
    entries = [e for e in entries if (e["trait"], e["method"]) not in written]
    for model in models:
        (folder / model.file).write_bytes(model.fit.data)
        digest = hashlib.sha256(model.fit.data).hexdigest()
        columns = columns_of(model.heads)
        for trait in model.heads:
            name = f"{trait}.{model.method}"
            entries.append(
                {
                    "trait": trait,
                    "method": model.method,
                    "kind": model.fit.kind,
                    "file": model.file,
                    "sha256": digest,
                    "first": columns[trait].start,
                    "temperature": model.fit.temperatures[trait],
                }
            )
            card = _card(name, trait, digest, model.fit, small, fitted, seed)
            write_model_card(folder / f"{name}.card.json", card)
    lines = ",\n ".join(json.dumps(e) for e in entries)
    index.write_text(f"[\n {lines}\n]\n", encoding="utf-8", newline="\n")


def _versions(kind: str) -> dict[str, str]:
    """Return the versions of what had a hand in a fit."""
    from importlib.metadata import version

    fitter = "torch" if kind in JOINED_KINDS else "scikit-learn"
    return {
        "python": platform.python_version(),
        "punkdetect": __version__,
        **{name: version(name) for name in ("numpy", fitter)},
    }


def _by_digest(chances: FloatArray, small: Examples) -> dict[str, list[float]]:
    """Return chances by the portraits' pixel digests, with as many places as a card has."""
    return {
        pixel_digest(rgba): [round(float(c), 4) for c in row]
        for rgba, row in zip(Punks(small.rgba).rgba, chances, strict=True)
    }


def _card(
    detector: str, trait: str, digest: str, result: Fit, small: Examples, fitted: Examples, seed: int
) -> ModelCard:
    chances = softmax(result.logits[trait], result.temperatures[trait])
    best: IntArray = chances.argmax(axis=1)
    answers = {
        pixel_digest(rgba): OutOfFold(TRAITS[trait][code], round(float(chance), 4))
        for rgba, code, chance in zip(Punks(small.rgba).rgba, best, chances.max(axis=1), strict=True)
    }
    known = {
        pixel_digest(rgba): Fitted(str(image), str(collection), str(family))
        for rgba, image, collection, family in zip(
            Punks(fitted.rgba).rgba, fitted.images, fitted.collections, fitted.families, strict=True
        )
    }
    notes = {
        **result.notes,
        **({CHANCES: _by_digest(chances, small)} if result.kind in JOINED_KINDS else {}),
        "seed": seed,
        "split": "by family; every answer of a model that saw neither the portrait nor its family",
        "temperature": result.temperatures[trait],
        "versions": _versions(result.kind),
    }
    return ModelCard(detector, digest[:VERSION_LENGTH], digest, known, {trait: answers}, notes)
