"""Fits the models that ship: the network of several traits, and the hairstyle regression, with their cards.

Functions of labelled portraits and a seed; a script calls them with the collections. Each answer that the
cards record was given by a model that had seen neither the portrait nor its family.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from punkdetect.detectors._hair_features import hair_features
from punkdetect.detectors._network_input import CHANNELS
from punkdetect.detectors.learned import VERSION_LENGTH
from punkdetect.inference import Network, Regression, softmax, write_regression
from punkdetect.landmarks import Landmarks
from punkdetect.model_cards import Fitted, ModelCard, OutOfFold, pixel_digest, write_model_card
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray, Punks
from punkdetect.training.calibration import fit_temperature
from punkdetect.training.classical import fit_regression
from punkdetect.training.examples import Examples, join
from punkdetect.training.folds import assign_folds
from punkdetect.training.network import Recipe, columns_of, fit, logits_of
from punkdetect.training.onnx_file import to_onnx
from punkdetect.training.pools import DRAWN, Pool, drawn_examples, join_pools, make_pool, mix
from punkdetect.training.sampling import rarity_weights
from punkdetect.vocabulary import TRAITS

HEADS = (
    "type", "expression", "eyewear", "earrings", "headwear", "facial_hair", "hairstyle", "hair_length",
    "mouth_item", "neckwear",
)  # fmt: skip
"""Traits that the network learns together: each helps the others to see the figure."""

SHIPPED = ("headwear", "facial_hair", "hair_length", "neckwear")
"""Heads that become detectors: shapes and textures. The others are decided by rules on exact pixels."""

REGRESSION_TRAIT = "hairstyle"
REGRESSION_FOLDS = 10
"""More folds than the network's, because a regression is fitted in a second."""

LARGE_WEIGHT, DRAWN_WEIGHT = 0.02, 0.01
"""What one portrait of the large collection, and one drawn, weigh in the regression: together they count
about as much as a third of the hand-made ones."""

DIFFERENCE = 1e-3
"""Largest difference allowed between the logits of the fitted network and of the file as OpenCV runs it."""


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
    regression_drawn : int
        Drawn portraits that the regression sees.
    """

    drawn: int = 40000
    copies: int = 100
    others: int = 14000
    base_steps: int = 3500
    steps: int = 900
    regression_drawn: int = 3000


@dataclass(frozen=True)
class Fit:
    """A fitted model and its out-of-fold answers."""

    data: bytes
    logits: Mapping[str, FloatArray]
    temperatures: Mapping[str, float]
    notes: Mapping[str, Any]


def fit_network(
    small: Examples, large: Examples, sizes: Sizes, seed: int, say: Callable[[str], None] = print
) -> Fit:
    """Fit the network, cross-validated by family on the hand-made portraits.

    Parameters
    ----------
    small : Examples
        Few hand-made portraits of many families: measured on, each by a network that has not seen its family.
    large : Examples
        Portraits of another collection, only fitted to.
    sizes : Sizes
    seed : int
    say : callable
        Told how far it is.
    """
    rng = np.random.default_rng(seed)
    drawn = drawn_examples(sizes.drawn, seed)
    weights = [np.ones(len(drawn)), rarity_weights(large, HEADS), rarity_weights(small, HEADS)]
    rows = rng.choice(len(large), sizes.others, p=weights[1] / weights[1].sum())
    pool = join_pools(
        [
            make_pool(drawn, np.arange(len(drawn)), rng, 0.5),
            make_pool(large, rows, rng, 0.85),
            make_pool(small, np.repeat(np.arange(len(small)), sizes.copies), rng, 0.85),
        ]
    )
    # rows of the large collection were drawn by weight already
    weights[1] = np.ones(len(large))
    say(f"{len(pool)} portraits")
    recipe = Recipe(HEADS, steps=sizes.base_steps, seed=seed)
    base = fit(pool, mix(pool, weights, (0.75, 0.25, 0.0)), recipe, progress=_progress(say, "base"))
    further = replace(recipe, steps=sizes.steps, rate=recipe.rate * 0.7)
    folds = assign_folds(small.families, seed=seed)
    columns = columns_of(HEADS)
    unseen = logits_of(base, small.rgba)
    notes: dict[str, Any] = {"without_collection": _accuracies(unseen, small)}
    say(f"without {small.collections[0]}: {notes['without_collection']}")
    logits = np.zeros_like(unseen)
    for fold in range(int(folds.max()) + 1):
        net = _further(pool, weights, folds != fold, further, base)
        logits[folds == fold] = logits_of(net, small.rgba[folds == fold])
        say(f"fold {fold}")
    notes["out_of_fold"] = _accuracies(logits, small)
    notes["folds"] = {str(n): int(f) for n, f in zip(small.images, folds, strict=True)}
    say(f"out of fold: {notes['out_of_fold']}")
    net = _further(pool, weights, np.ones(len(small), np.bool_), further, base)
    data = to_onnx(net, CHANNELS, SIDE)
    _check_file(data, net, small.rgba)
    per_trait = {t: logits[:, columns[t]] for t in HEADS}
    return Fit(data, per_trait, {t: fit_temperature(per_trait[t], small.targets[t]) for t in HEADS}, notes)


def _further(pool: Pool, weights: list[FloatArray], chosen: BoolArray, recipe: Recipe, base: Any) -> Any:
    """Go on from the base with the chosen hand-made portraits."""
    return fit(pool, mix(pool, [*weights[:2], weights[2] * chosen], (0.35, 0.2, 0.45)), recipe, base)


def _progress(say: Callable[[str], None], what: str) -> Callable[[int, float], None]:
    def tell(step: int, loss: float) -> None:
        if step % 500 == 0:
            say(f"{what} step {step}: loss {loss:.3f}")

    return tell


def _accuracies(logits: FloatArray, examples: Examples) -> dict[str, float]:
    columns, out = columns_of(HEADS), {}
    for trait in HEADS:
        target = examples.targets[trait]
        right = target[np.arange(len(target)), logits[:, columns[trait]].argmax(axis=1)]
        out[trait] = round(float(right[target.any(axis=1)].mean()), 4)
    return out


def _check_file(data: bytes, net: Any, rgba: ByteArray) -> None:
    from punkdetect.training.pools import as_input

    answers = Network(data).run(as_input(rgba))
    difference = float(np.abs(answers - logits_of(net, rgba)).max())
    if difference > DIFFERENCE:
        raise RuntimeError(f"OpenCV's answers differ from torch's by {difference}")


def features_of(rgba: ByteArray) -> tuple[tuple[str, ...], FloatArray]:
    """Return the features of the hair of portraits."""
    punks = Punks(rgba)
    return hair_features(punks, Landmarks(punks))


def fit_hair(small: Examples, large: Examples, sizes: Sizes, seed: int) -> Fit:
    """Fit the hairstyle regression, cross-validated by family on the hand-made portraits."""
    trait = REGRESSION_TRAIT
    drawn = drawn_examples(sizes.regression_drawn, seed + 1)
    others = join([large, drawn]) if len(drawn) else large
    names, values = features_of(small.rgba)
    other_values = features_of(others.rgba)[1]
    other_weight = np.where(others.collections == DRAWN, DRAWN_WEIGHT, LARGE_WEIGHT)
    folds = assign_folds(small.families, REGRESSION_FOLDS, seed)

    def fitted(chosen: BoolArray) -> Regression:
        return fit_regression(
            np.concatenate([values[chosen], other_values]),
            np.concatenate([small.targets[trait][chosen], others.targets[trait]]),
            np.concatenate([np.ones(int(chosen.sum())), other_weight]),
            names,
        )

    logits = np.zeros((len(small), len(TRAITS[trait])))
    for fold in range(REGRESSION_FOLDS):
        logits[folds == fold] = fitted(folds != fold).logits(values[folds == fold])
    target = small.targets[trait]
    right = target[np.arange(len(target)), logits.argmax(axis=1)]
    notes = {
        "out_of_fold": {trait: round(float(right.mean()), 4)},
        "folds": {str(n): int(f) for n, f in zip(small.images, folds, strict=True)},
    }
    data = write_regression(fitted(np.ones(len(small), np.bool_)))
    return Fit(data, {trait: logits}, {trait: fit_temperature(logits, target)}, notes)


def write_models(
    folder: Path, network: Fit | None, hair: Fit | None, small: Examples, fitted: Examples, seed: int
) -> None:
    """Write model files, their cards and the index.

    Parameters
    ----------
    folder : Path
    network, hair : Fit or None
    small : Examples
        The portraits that the out-of-fold answers belong to, in the same order.
    fitted : Examples
        Everything of real collections that was fitted to.
    seed : int
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, Any]] = []
    for result, name, method, traits in (
        (network, "network.onnx", "network", SHIPPED),
        (hair, "hairstyle.json", "features", (REGRESSION_TRAIT,)),
    ):
        if result is None:
            continue
        (folder / name).write_bytes(result.data)
        digest = hashlib.sha256(result.data).hexdigest()
        columns = columns_of(HEADS)
        for trait in traits:
            first = columns[trait].start if method == "network" else 0
            entry = {"trait": trait, "method": method, "file": name, "sha256": digest, "first": first}
            entries.append({**entry, "temperature": result.temperatures[trait]})
            card = _card(f"{trait}.{method}", trait, digest, result, small, fitted, seed)
            write_model_card(folder / f"{trait}.{method}.card.json", card)
    lines = ",\n ".join(json.dumps(e) for e in entries)
    (folder / "index.json").write_text(f"[\n {lines}\n]\n", encoding="utf-8", newline="\n")


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
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
    }
    return ModelCard(detector, digest[:VERSION_LENGTH], digest, known, {trait: answers}, notes)
