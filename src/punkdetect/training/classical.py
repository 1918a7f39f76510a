"""The classical model: ranks of a few dozen hand-made numbers, weighed by softmax regression.

Few labelled portraits are enough for it, and what it learned is plain numbers that a person can read. Needs
scikit-learn (extra `[train]`), imported inside the functions. Knows arrays; must not know portraits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from punkdetect.inference import QUANTILES, Regression
from punkdetect.punks import BoolArray, FloatArray

STRENGTH = 0.7
"""Inverse of the regularisation: from 0.3 to 1 the cross-validated hairstyles are equally good."""

ROUNDS = 3
"""Fits in which portraits with several accepted answers settle on one."""

SAY = 0.5
"""Power of its weight with which a portrait has a say in the ranks: thousands that weigh little would stretch
them over what is only drawn (0). Up to 1 the cross-validated hairstyles are equally good."""

DOUBT = 0.02
"""Probability that is left to every accepted answer, so that none is ruled out by the first fit."""


def fit_regression(
    values: FloatArray,
    target: BoolArray,
    weight: FloatArray,
    names: Sequence[str],
    strength: float = STRENGTH,
) -> Regression:
    """Fit a softmax regression on ranks.

    Portraits with several accepted answers count for each at first, then, by expectation and maximisation,
    for the one that the model finds likelier.

    Parameters
    ----------
    values : ndarray of float, shape (N, F)
    target : ndarray of bool, shape (N, K)
        Accepted answers; a row without any does not count.
    weight : ndarray of float, shape (N,)
    names : sequence of str, length F

    Returns
    -------
    Regression
    """
    labelled = target.any(axis=1)
    values, target, weight = values[labelled], target[labelled], weight[labelled]
    table = _quantiles(values, weight**SAY)
    model = Regression(
        tuple(names), table, np.zeros((len(names), target.shape[1])), np.zeros(target.shape[1])
    )
    ranks = model.ranks(values)
    row, answer = np.nonzero(target)
    share = target / target.sum(axis=1, keepdims=True)
    for _ in range(ROUNDS):
        model = _one_fit(
            model, ranks[row], answer, share[row, answer] * weight[row], target.shape[1], strength
        )
        likely = (model.probabilities(values) + DOUBT) * target
        share = likely / likely.sum(axis=1, keepdims=True)
    return model


def _quantiles(values: FloatArray, weight: FloatArray) -> FloatArray:
    """Return how each number is spread among weighted portraits: shape (F, QUANTILES)."""
    place = np.linspace(0, 1, QUANTILES)
    table = np.empty((values.shape[1], QUANTILES))
    for i, column in enumerate(values.T):
        order = np.argsort(column, kind="stable")
        below = np.cumsum(weight[order]) - weight[order] / 2
        table[i] = np.interp(place, below / weight.sum(), column[order])
    return table


def _one_fit(
    model: Regression, ranks: FloatArray, answer: Any, weight: FloatArray, values: int, strength: float
) -> Regression:
    from sklearn.linear_model import LogisticRegression

    seen = np.unique(answer)
    weights, bias = np.zeros((ranks.shape[1], values)), np.full(values, NEVER)
    if len(seen) == 1:
        bias[seen] = 0.0
        return Regression(model.names, model.quantiles, weights, bias)
    fitted = LogisticRegression(C=strength, max_iter=300).fit(ranks, answer, sample_weight=weight)
    coefficients, intercept = fitted.coef_, fitted.intercept_
    if len(seen) == 2:  # scikit-learn then keeps one row only
        coefficients, intercept = (
            np.stack([-coefficients[0], coefficients[0]]) / 2,
            np.array([-1, 1]) * intercept / 2,
        )
    weights[:, seen], bias[seen] = coefficients.T, intercept
    return Regression(model.names, model.quantiles, weights, bias)


NEVER = -30.0
"""Logit of a value that no training portrait has."""
