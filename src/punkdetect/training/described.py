"""Fits small networks to numbers that describe a portrait: what rules ask about, weighed as labels say.

A rule takes the first sign that fits; these networks weigh all of them. Needs torch, imported inside the
functions. Knows features and examples; must not know what a number means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from punkdetect.detectors._ears.features import without_rule
from punkdetect.detectors.learned import DESCRIBE
from punkdetect.integer_network import STEPS, Ensemble, Layer, Network, to_whole, write_described
from punkdetect.landmarks import Landmarks
from punkdetect.punks import BoolArray, FloatArray, Punks
from punkdetect.training.augment import augment
from punkdetect.training.calibration import fit_temperature
from punkdetect.training.examples import Examples
from punkdetect.training.folds import FOLDS, assign_folds
from punkdetect.training.shipping import Fit, digests_of
from punkdetect.training.whole_numbers import to_layers

BLOCK = 1000
"""Portraits described at once."""

LEAST_SPREAD = 1e-3
"""Added to every spread: some numbers are the same for all portraits."""

MEMBER_SEEDS = 1000
"""Step between the seeds of an ensemble's networks."""


SMALL_WEIGHT, OTHERS_WEIGHT, LARGE_WEIGHT, DRAWN_WEIGHT = 1.0, 2.0, 0.8, 0.5
"""What a hand-made portrait, one of other hands, one of the large collection and a drawn one weigh. With 4
for the hand-made ones, and 6 for their copies, 83 of 100 are right out of fold, not 85; with 0.3 for the
large ones 99.7 of 100 unseen ones of that collection, not 99.8."""

SMALL_COPIES, SMALL_COPIED, OTHERS_COPIES, OTHERS_COPIED = 4, 1.0, 4, 3.0
"""Changed copies of a portrait, and what they weigh together. Without any, 86.7 of 100 portraits of
collections that were left out are right, not 87.6."""

SIGNS_DRAWN = 12_000
"""Drawn portraits that what weighs the signs of a trait is fitted to."""


UNFOUND = {"earrings": (without_rule, 0.3)}
"""By kind: numbers as they are where the rule finds nothing, and the share of changed copies told so. The
author of the rule of earrings knew the collections fitted to, and it finds 97 of 100 earrings there, 84 in
three that nobody knew: a model that trusts it less is right of 94.2 of 100 of their portraits, not 93.8."""


@dataclass(frozen=True)
class DescribedRecipe:
    """How such networks are fitted.

    Parameters
    ----------
    hidden : int
        Numbers between the described ones and the answers.
    rounds : int
        Times that every portrait is shown.
    batch : int
    rate, decay : float
        Highest learning rate of the one-cycle schedule; weight decay.
    left_out, hidden_left_out : float
        Shares of the inputs, and of the hidden numbers, that are left out at random while fitting.
    smoothing : float
        Share of the loss spread over all values, against overconfidence.
    members : int
        Networks whose answers are averaged.
    """

    hidden: int = 128
    rounds: int = 8
    batch: int = 256
    rate: float = 4e-3
    decay: float = 1e-2
    left_out: float = 0.1
    hidden_left_out: float = 0.25
    smoothing: float = 0.03
    members: int = 3


class Weighted(NamedTuple):
    """Labelled portraits, what each weighs, and how many changed copies of each are shown as well.

    The copies of a portrait weigh as much together as `copied`.
    """

    examples: Examples
    weight: float
    copies: int = 0
    copied: float = 0.0


class Table(NamedTuple):
    """Described portraits: values (N, F), accepted answers (N, K), weights (N,), row of the original (N,)."""

    values: FloatArray
    target: BoolArray
    weight: FloatArray
    origin: NDArray[np.intp]

    def take(self, rows: BoolArray) -> Table:
        """Return some of the portraits."""
        return Table(self.values[rows], self.target[rows], self.weight[rows], self.origin[rows])


def fit_described(
    kind: str,
    trait: str,
    small: Weighted,
    others: Sequence[Weighted],
    recipe: DescribedRecipe | None = None,
    folds: int = FOLDS,
    seed: int = 0,
    say: Callable[[str], None] = lambda sentence: None,
) -> Fit:
    """Fit an ensemble, cross-validated by family.

    Parameters
    ----------
    kind : str
        Of `DESCRIBE`: which numbers describe a portrait.
    trait : str
    small : Weighted
        Measured on, each by networks that have not seen its family.
    others : sequence of Weighted
        What every fit sees as well.
    recipe : DescribedRecipe, optional
    folds, seed : int
    say : callable
        Told how far it is.
    """
    recipe = recipe or DescribedRecipe()
    rng = np.random.default_rng(seed)
    names = DESCRIBE[kind](Punks(small.examples.rgba[:1]), Landmarks(Punks(small.examples.rgba[:1])))[0]
    mine = describe(kind, trait, small, rng)
    rest = join_tables([describe(kind, trait, other, rng) for other in others])
    say(f"{len(rest.values) + len(mine.values)} portraits, as they are and changed, in {len(names)} numbers")
    first = np.flatnonzero(np.arange(len(mine.origin)) < len(small.examples))
    values, target = mine.values[first], mine.target[first]

    def fitted(chosen: BoolArray) -> tuple[FloatArray, FloatArray, list[list[Layer]]]:
        return fit_ensemble(join_tables([mine.take(chosen[mine.origin]), rest]), recipe, seed)

    fold = assign_folds(small.examples.families, folds, seed)
    logits = np.zeros(target.shape)
    for k in range(folds):
        if (fold == k).any():
            logits[fold == k] = answers_of(fitted(fold != k), values[fold == k])
            say(f"fold {k + 1} of {folds}")
    without = answers_of(fitted(np.zeros(len(fold), np.bool_)), values)
    notes = {
        "without_collection": {trait: _share_right(without, target)},
        "out_of_fold": {trait: _share_right(logits, target)},
        "folds": {str(n): int(f) for n, f in zip(small.examples.images, fold, strict=True)},
    }
    middle, spread, layers = fitted(np.ones(len(fold), np.bool_))
    data = write_described(layers, names, middle, spread)
    return Fit(data, {trait: logits}, {trait: fit_temperature(logits, target)}, notes, kind)


def fit_signs(
    trait: str,
    small: Examples,
    large: Examples,
    others: Examples,
    drawn: Examples,
    recipe: DescribedRecipe | None = None,
    seed: int = 0,
    say: Callable[[str], None] = lambda sentence: None,
) -> Fit:
    """Fit what weighs the signs of a trait.

    Parameters
    ----------
    trait : str
        Of `SIGNS`.
    small : Examples
        Hand-made portraits, which the out-of-fold answers belong to.
    large, others, drawn : Examples
        A large collection, several of other hands, and drawn portraits.
    recipe : DescribedRecipe, optional
    seed : int
    say : callable
        Told how far it is.
    """
    known = (
        Weighted(large, LARGE_WEIGHT),
        Weighted(others, OTHERS_WEIGHT, OTHERS_COPIES, OTHERS_COPIED),
        Weighted(drawn, DRAWN_WEIGHT),
    )
    mine = Weighted(small, SMALL_WEIGHT, SMALL_COPIES, SMALL_COPIED)
    result = fit_described(trait, trait, mine, known, recipe, seed=seed, say=say)
    return replace(result, notes={**result.notes, "others": digests_of(others)})


def answers_of(fitted: tuple[FloatArray, FloatArray, list[list[Layer]]], values: FloatArray) -> FloatArray:
    """Return what a fitted ensemble (middle, spread, layers) answers: (N, F) to (N, K)."""
    middle, spread, layers = fitted
    return (
        Ensemble([Network(member) for member in layers]).run(to_whole(values, middle, spread)).astype(float)
    )


def describe(kind: str, trait: str, known: Weighted, rng: np.random.Generator) -> Table:
    """Describe portraits and their changed copies; the originals come first."""
    n, (examples, weight, copies, copied) = len(known.examples), known
    rows = np.repeat(np.arange(n), copies)
    changed = augment(examples.take(rows), rng)
    rgba = np.concatenate([examples.rgba, changed.rgba])
    blocks = (Punks(rgba[start : start + BLOCK]) for start in range(0, len(rgba), BLOCK))
    described = [DESCRIBE[kind](punks, Landmarks(punks)) for punks in blocks]
    values = np.concatenate([each for _, each in described])
    if kind in UNFOUND:
        unfound, share = UNFOUND[kind]
        told = n + np.flatnonzero(rng.random(len(rows)) < share)
        values[told] = unfound(described[0][0], values[told])
    return Table(
        values,
        np.concatenate([examples.targets[trait], changed.targets[trait]]),
        np.concatenate([np.full(n, weight), np.full(len(rows), copied / max(copies, 1))]),
        np.concatenate([np.arange(n), rows]),
    )


def join_tables(tables: Sequence[Table]) -> Table:
    """Put described portraits together; their origins stay those within each part."""
    return Table(*(np.concatenate(parts) for parts in zip(*tables, strict=True)))


def _share_right(logits: FloatArray, target: BoolArray) -> float:
    right = target[np.arange(len(target)), logits.argmax(axis=1)][target.any(axis=1)]
    return round(float(right.mean()), 4) if len(right) else float("nan")


def fit_ensemble(
    table: Table, recipe: DescribedRecipe, seed: int
) -> tuple[FloatArray, FloatArray, list[list[Layer]]]:
    """Fit all members; return the middle and spread of the numbers, and every member's layers."""
    labelled = table.target.any(axis=1)
    values, target, weight = table.values[labelled], table.target[labelled], table.weight[labelled]
    weight = weight / weight.mean()
    middle = np.average(values, axis=0, weights=weight)
    spread = np.sqrt(np.average((values - middle) ** 2, axis=0, weights=weight)) + LEAST_SPREAD
    inputs = to_whole(values, middle, spread)[:, 0, 0].astype(np.float32) / np.float32(STEPS)
    members = [
        to_layers(_fit_one(inputs, target, weight, recipe, seed + MEMBER_SEEDS * member), STEPS, 1)
        for member in range(recipe.members)
    ]
    return middle, spread, members


def _fit_one(
    inputs: NDArray[np.float32], target: BoolArray, weight: FloatArray, recipe: DescribedRecipe, seed: int
) -> Any:
    """Fit one network; return it in evaluation mode."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Dropout(recipe.left_out),
        nn.Linear(inputs.shape[1], recipe.hidden),
        nn.ReLU6(),
        nn.Dropout(recipe.hidden_left_out),
        nn.Linear(recipe.hidden, target.shape[1]),
    )
    steps = -(-len(inputs) // recipe.batch)
    optimizer = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=recipe.rounds * steps)
    shown, refused = torch.from_numpy(inputs), torch.from_numpy(~target)
    say = torch.from_numpy(weight.astype(np.float32))
    for _ in range(recipe.rounds):
        for rows in torch.split(torch.randperm(len(inputs)), recipe.batch):
            log = net(shown[rows]).log_softmax(1)
            accepted = torch.logsumexp(log.masked_fill(refused[rows], -torch.inf), 1)
            loss = -accepted * (1 - recipe.smoothing) - log.mean(1) * recipe.smoothing
            optimizer.zero_grad(set_to_none=True)
            (loss * say[rows]).mean().backward()
            optimizer.step()
            schedule.step()
    return net.eval()
