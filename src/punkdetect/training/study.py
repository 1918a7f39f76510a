"""Measures how learned detectors do on collections they have not seen: without one, tested on it.

Knows examples and fits; must not know files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from punkdetect.punks import BoolArray, FloatArray
from punkdetect.training.classical import fit_regression
from punkdetect.training.examples import Examples
from punkdetect.training.network import Recipe, columns_of, fit, logits_of
from punkdetect.training.pools import drawn_examples, join_pools, make_pool, mix
from punkdetect.training.sampling import rarity_weights
from punkdetect.training.shipping import HEADS, SHIPPED, Sizes, features_of

Row = tuple[str, str, dict[str, float]]
"""What was fitted to, what was tested on, and by detector the share that was right."""


def leave_one_out(
    collections: Mapping[str, Examples],
    sizes: Sizes,
    seed: int = 0,
    say: Callable[[str], None] = lambda sentence: None,
) -> list[Row]:
    """Fit without each collection and test on it; also fit to drawn portraits alone.

    Parameters
    ----------
    collections : mapping of str to Examples
    sizes : Sizes
    seed : int
    say : callable
        Told how far it is.

    Returns
    -------
    list of (fitted to, tested on, share right by detector)
    """
    rng = np.random.default_rng(seed)
    drawn = drawn_examples(sizes.drawn, seed)
    names = list(collections)
    pools, weights = [make_pool(drawn, np.arange(len(drawn)), rng, 0.5)], [np.ones(len(drawn))]
    for name in names:
        weight = rarity_weights(collections[name], HEADS)
        rows = rng.choice(len(weight), sizes.others, p=weight / weight.sum())
        pools.append(make_pool(collections[name], rows, rng, 0.85))
        weights.append(np.ones(len(weight)))
    pool = join_pools(pools)
    recipe = Recipe(HEADS, steps=sizes.base_steps, seed=seed)
    base = fit(pool, mix(pool, weights, [1.0] + [0.0] * len(names)), recipe)
    say("drawn portraits alone")
    rows_out: list[Row] = []
    for i, name in enumerate(names):
        tested = collections[name]
        rows_out.append(("drawn", name, _network_right(base, tested)))
        others = [0.5] + [0.5 / max(1, len(names) - 1) * (j != i) for j in range(len(names))]
        net = fit(
            pool, mix(pool, weights, others), replace(recipe, steps=sizes.steps, rate=recipe.rate * 0.7), base
        )
        seen = [collections[n] for n in names if n != name]
        right = _network_right(net, tested) | {"hairstyle.features": _hairstyle_right([drawn, *seen], tested)}
        rows_out.append((" + ".join(["drawn", *(n for n in names if n != name)]), name, right))
        say(f"without {name}")
    return rows_out


def _network_right(net: object, tested: Examples) -> dict[str, float]:
    logits, columns = logits_of(net, tested.rgba), columns_of(HEADS)
    return {f"{t}.network": _share_right(logits[:, columns[t]], tested.targets[t]) for t in SHIPPED}


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
    return _share_right(model.logits(features_of("hair", tested.rgba)[1]), tested.targets[trait])


MOST = 3000
"""Portraits of one collection that the regression is fitted to."""

ALTOGETHER = 150.0
"""What all portraits of one collection weigh: as much as so many hand-made ones."""


def _share_right(logits: FloatArray, target: BoolArray) -> float:
    labelled = target.any(axis=1)
    right = target[np.arange(len(target)), logits.argmax(axis=1)][labelled]
    return float(right.mean()) if len(right) else float("nan")


def table(rows: list[Row]) -> str:
    """Return the measured shares as a Markdown table."""
    detectors = list(dict.fromkeys(d for _, _, right in rows for d in right))
    lines = [
        "| fitted to | tested on | " + " | ".join(detectors) + " |",
        "|---|---|" + "---|" * len(detectors),
    ]
    for fitted, tested, right in rows:
        cells = [f"{right[d]:.3f}" if d in right else "" for d in detectors]
        lines.append(f"| {fitted} | {tested} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
