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
from punkdetect.detectors.learned import VERSION_LENGTH
from punkdetect.inference import Regression, softmax, write_regression
from punkdetect.integer_network import write_network
from punkdetect.landmarks import Landmarks
from punkdetect.model_cards import Fitted, ModelCard, OutOfFold, pixel_digest, write_model_card
from punkdetect.punks import BoolArray, ByteArray, FloatArray, IntArray, Punks
from punkdetect.training.calibration import fit_temperature
from punkdetect.training.classical import fit_regression
from punkdetect.training.examples import Examples
from punkdetect.training.folds import assign_folds
from punkdetect.training.network import Recipe, average_networks, columns_of, fit, layers_of, logits_of
from punkdetect.training.pools import DRAWN, Pool, drawn_examples, join_pools, make_pool, mix
from punkdetect.training.sampling import rarity_weights
from punkdetect.vocabulary import TRAITS

HEADS = ("headwear", "facial_hair", "hair_length", "neckwear")
"""Traits that the network learns: shapes and textures. Those that rules on exact pixels decide are left out:
a network this small that learns them too is right less often on these (drawn headwear: 0.850, not 0.870)."""

HAIR_TRAITS = ("hairstyle", "hair_length")
"""Traits that a regression tells from the hair alone."""

REGRESSION_FOLDS = 10
"""More folds than the network's, because a regression is fitted in a second."""

BASE_SHARES, FURTHER_SHARES = (0.75, 0.25, 0.0), (0.35, 0.2, 0.45)
"""Shares of drawn, large and small collection in what the first fit is shown, and in those that go on."""

FURTHER_RATE = 0.7
"""Highest learning rate of the later fits, relative to the first's."""

LARGE_WEIGHT, DRAWN_WEIGHT = 0.2, 0.005
"""What one portrait of the large collection, and one drawn, weigh in the regression. At 0.02 the hand-made
ones are as often right out of fold, but unseen portraits of the large collection in 92 of 100, not in 97."""


HEAD_OF_HAIR = 60
"""Pixels of hair from which a head is not bald: flaps of hats that were taken for hair have 30 at most."""


@dataclass(frozen=True)
class Sizes:
    """How much is drawn, changed and fitted.

    Parameters
    ----------
    drawn : int
        Portraits drawn by the generator.
    copies : int
        Changed copies of each hand-made portrait.
    others : int
        Changed copies of the large collection, altogether.
    base_steps, steps : int
        Batches of the first fit, without hand-made portraits, and of each that goes on from it.
    runs : int
        Fits that go on from it and are averaged.
    regression_drawn : int
        Drawn portraits that the regression sees.
    """

    drawn: int = 50000
    copies: int = 100
    others: int = 14000
    base_steps: int = 7000
    steps: int = 700
    runs: int = 3
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
    sizes: Sizes,
    heads: tuple[str, ...] = HEADS,
    seed: int = 0,
    say: Callable[[str], None] = lambda sentence: None,
) -> Fit:
    """Fit the network, cross-validated by family on the hand-made portraits.

    Parameters
    ----------
    small : Examples
        Few portraits of many families: measured on, each by a network that has not seen its family.
    large : Examples or None
        Portraits of another collection, only fitted to.
    sizes : Sizes
    heads : tuple of str
        Traits that it learns.
    seed : int
    say : callable
        Told how far it is.

    Returns
    -------
    Fit
    """
    pool, weights = _pool_of(small, large, sizes, heads, seed)
    say(f"{len(pool)} portraits")
    recipe = Recipe(heads, steps=sizes.base_steps, seed=seed)
    base = fit(pool, mix(pool, weights, BASE_SHARES), recipe, progress=_progress(say, "base"))
    further = replace(recipe, steps=sizes.steps, rate=recipe.rate * FURTHER_RATE)
    fold = assign_folds(small.families, seed=seed)
    unseen = logits_of(base, small.rgba)
    notes: dict[str, Any] = {"without_collection": _accuracies(unseen, small, heads)}
    say(f"without {small.collections[0]}: {notes['without_collection']}")
    logits = np.zeros_like(unseen)
    for k in range(int(fold.max()) + 1):
        net = _further(pool, weights, fold != k, further, base, sizes.runs)
        logits[fold == k] = logits_of(net, small.rgba[fold == k])
        say(f"fold {k}")
    notes["out_of_fold"] = _accuracies(logits, small, heads)
    notes["folds"] = {str(n): int(f) for n, f in zip(small.images, fold, strict=True)}
    say(f"out of fold: {notes['out_of_fold']}")
    net = _further(pool, weights, np.ones(len(small), np.bool_), further, base, sizes.runs)
    columns = columns_of(heads)
    data = write_network(layers_of(net))
    per_trait = {t: logits[:, columns[t]] for t in heads}
    return Fit(data, per_trait, {t: fit_temperature(per_trait[t], small.targets[t]) for t in heads}, notes)


def _pool_of(
    small: Examples, large: Examples | None, sizes: Sizes, heads: tuple[str, ...], seed: int
) -> tuple[Pool, list[FloatArray]]:
    """Make the pool of drawn, large and small portraits, and how often each of theirs is shown."""
    rng = np.random.default_rng(seed)
    drawn = drawn_examples(sizes.drawn, seed)
    pools = [make_pool(drawn, np.arange(len(drawn)), rng, 0.5)]
    large_weight = np.zeros(0)
    if large is not None:
        weight = rarity_weights(large, heads)
        rows = rng.choice(len(large), sizes.others, p=weight / weight.sum())
        pools.append(make_pool(large, rows, rng, 0.85))
        large_weight = np.ones(len(large))  # rare ones stand in the pool more often already
    else:
        pools.append(make_pool(drawn.take(np.arange(1)), np.zeros(1, np.intp), rng, 0.0))
        large_weight = np.zeros(1)
    pools.append(make_pool(small, np.repeat(np.arange(len(small)), sizes.copies), rng, 0.85))
    return join_pools(pools), [np.ones(len(drawn)), large_weight, rarity_weights(small, heads)]


def _further(
    pool: Pool, weights: list[FloatArray], chosen: BoolArray, recipe: Recipe, base: Any, runs: int
) -> Any:
    """Go on from the base with the chosen hand-made portraits, several times, and average the weights.

    Fits that start from one network and see it all in another order end near each other, and their average is
    right more often than any of them, at no cost when it runs (Wortsman et al., Model soups, ICML 2022).
    """
    share = mix(pool, [*weights[:2], weights[2] * chosen], FURTHER_SHARES)
    return average_networks(
        [fit(pool, share, replace(recipe, seed=recipe.seed + i), base) for i in range(runs)]
    )


def _progress(say: Callable[[str], None], what: str) -> Callable[[int, float], None]:
    def tell(step: int, loss: float) -> None:
        if step % 500 == 0:
            say(f"{what} step {step}: loss {loss:.3f}")

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
        What each of them weighs, where a labelled one weighs 1; by default as in the shipped model.
    folds, seed : int
    """
    kind = kind_of(trait)
    names, values = features_of(kind, small.rgba)
    target, weight = small.targets[trait], np.ones(len(small))
    other_values, other_target = np.zeros((0, len(names))), target[:0]
    if others is not None and trait in others.targets:
        other_values = features_of(kind, others.rgba)[1]
        other_target = others.targets[trait]
        if kind == "hair":
            other_target = _without_contradictions(trait, names, other_values, other_target)
        if other_weight is None:
            other_weight = np.where(others.collections == DRAWN, DRAWN_WEIGHT, LARGE_WEIGHT)
        weight = np.concatenate([weight, other_weight])
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


def _without_contradictions(
    trait: str, names: tuple[str, ...], values: FloatArray, target: BoolArray
) -> BoolArray:
    """Take the labels away that say there is no hair where a head full of it is seen; shape (N, K).

    Labels that were derived from attributes say so of women with headbands, whose hair is no attribute.
    """
    area = values[:, names.index("area")] + values[:, names.index("flat_area")]
    bald = target[:, TRAITS[trait].index("none")] & (target.sum(axis=1) == 1)
    contradicted = bald & (area >= HEAD_OF_HAIR)
    seen: BoolArray = target & ~contradicted[:, None]
    return seen


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

    fitter = "torch" if kind == "network" else "scikit-learn"
    return {
        "python": platform.python_version(),
        "punkdetect": __version__,
        **{name: version(name) for name in ("numpy", fitter)},
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
        "seed": seed,
        "split": "by family; every answer of a model that saw neither the portrait nor its family",
        "temperature": result.temperatures[trait],
        "versions": _versions(result.kind),
    }
    return ModelCard(detector, digest[:VERSION_LENGTH], digest, known, {trait: answers}, notes)
