"""The small convolutional network: its layers, how it is fitted, what it answers.

Needs torch (extra `[network]`), imported inside the functions; what ships runs without it. Knows pools of
changed portraits; must not know where portraits come from.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from punkdetect.detectors._network_input import CHANNELS, UNIT
from punkdetect.integer_network import Layer, Network
from punkdetect.punks import SIDE, ByteArray, FloatArray
from punkdetect.training.pools import Pool, as_input
from punkdetect.training.whole_numbers import to_layers
from punkdetect.vocabulary import TRAITS

BATCH = 128
"""Portraits a step."""

WIDTHS = (16, 64)
"""Channels at 12x12 and at 6x6. Of a dozen networks tried this is the smallest that is as often right as one
with seven times the work; narrower ones lose ties and necklaces."""


@dataclass(frozen=True)
class Recipe:
    """How a network is fitted.

    Parameters
    ----------
    traits : tuple of str
        Heads, in order.
    steps : int
        Batches of `BATCH` portraits.
    rate : float
        Highest learning rate of the one-cycle schedule.
    decay : float
        Weight decay.
    smoothing : float
        Share of the loss spread over all values, against overconfidence.
    averaging : float
        Share of the running average of the weights that each step keeps; the average is what is returned.
    seed : int
    """

    traits: tuple[str, ...]
    steps: int = 1500
    rate: float = 7e-3
    decay: float = 2e-2
    smoothing: float = 0.02
    averaging: float = 0.99
    seed: int = 0
    dropout: float = 0.2


def build(traits: Sequence[str], dropout: float = 0.2) -> Any:
    """Return the torch module: `CHANNELS` channels in, one group of logits a trait out.

    Squares of 2x2 pixels come first, since they take no copying; windows of 8x8 pixels that overlap by half
    follow; the place of each feature is kept to the end (flattened, not pooled), because a trait is as much
    where as what.
    """
    from torch import nn

    def layer(inside: int, outside: int, size: int, stride: int, padding: int) -> list[Any]:
        convolution = nn.Conv2d(inside, outside, size, stride, padding, bias=False)
        return [convolution, nn.BatchNorm2d(outside), nn.ReLU6()]

    return nn.Sequential(
        *layer(CHANNELS, WIDTHS[0], 2, 2, 0),
        *layer(WIDTHS[0], WIDTHS[1], 4, 2, 1),
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(WIDTHS[1] * LAST_SIDE**2, sum(len(TRAITS[t]) for t in traits)),
    )


LAST_SIDE = SIDE // 4
"""Rows and columns of the last features."""


def columns_of(traits: Sequence[str]) -> dict[str, slice]:
    """Return which columns of the network's answer belong to each trait."""
    out, start = {}, 0
    for trait in traits:
        out[trait] = slice(start, start + len(TRAITS[trait]))
        start += len(TRAITS[trait])
    return out


def fit(
    pool: Pool,
    share: FloatArray,
    recipe: Recipe,
    start: Any = None,
    progress: Callable[[int, float], None] | None = None,
) -> Any:
    """Fit a network; return it in evaluation mode.

    Parameters
    ----------
    pool : Pool
    share : ndarray of float, shape (N,)
        How often each row of the pool is shown, relative to the others; 0: never.
    recipe : Recipe
    start : torch module, optional
        An earlier network to go on from; it is left as it is.
    progress : callable, optional
        Called every hundred steps with the step and the mean loss since.
    """
    import torch

    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    net = build(recipe.traits, recipe.dropout) if start is None else copy.deepcopy(start)
    net.train()
    averaged = copy.deepcopy(net)
    optimizer = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.rate, total_steps=recipe.steps, pct_start=0.15
    )
    order = rng.choice(len(pool), recipe.steps * BATCH, p=share / share.sum())
    total = 0.0
    for step in range(recipe.steps):
        rows = order[step * BATCH : (step + 1) * BATCH]
        inputs = torch.from_numpy(pool.inputs[rows]).permute(0, 3, 1, 2).float() / UNIT
        targets = {t: torch.from_numpy(pool.targets[t][rows]) for t in recipe.traits if t in pool.targets}
        loss = _loss(net(inputs), targets, recipe)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        _average(averaged, net, min(recipe.averaging, step / (step + 10)))
        total += float(loss.detach())
        if progress is not None and step % 100 == 99:
            progress(step + 1, total / 100)
            total = 0.0
    return averaged.eval()


def _average(averaged: Any, net: Any, kept: float) -> None:
    """Move the running average of weights and batch statistics towards the network."""
    import torch

    with torch.no_grad():
        for old, new in zip(averaged.state_dict().values(), net.state_dict().values(), strict=True):
            if old.dtype.is_floating_point:
                old.mul_(kept).add_(new, alpha=1 - kept)


def _loss(logits: Any, targets: Mapping[str, Any], recipe: Recipe) -> Any:
    """Sum over traits of the mean -log(sum of the probabilities of the accepted answers), smoothed."""
    import torch

    columns = columns_of(recipe.traits)
    total = logits.new_zeros(())
    for trait, target in targets.items():
        labelled = target.any(dim=1)
        if not bool(labelled.any()):
            continue
        log = torch.log_softmax(logits[:, columns[trait]][labelled], dim=1)
        accepted = target[labelled]
        right = torch.logsumexp(log.masked_fill(~accepted, -1e4), dim=1)
        # over the whole batch: a trait labelled in few portraits has few votes
        total = total - ((1 - recipe.smoothing) * right + recipe.smoothing * log.mean(dim=1)).sum() / len(
            logits
        )
    return total


def layers_of(net: Any) -> list[Layer]:
    """Return a fitted network in whole numbers."""
    return to_layers(net, UNIT, LAST_SIDE)


def logits_of(net: Any, rgba: ByteArray) -> FloatArray:
    """Return the raw answers of the network as it would ship, shape (N, sum of the vocabularies)."""
    return Network(layers_of(net)).run(as_input(rgba)).astype(np.float64)
