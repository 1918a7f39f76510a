"""Opens model files that are what was shipped, and runs softmax regressions by a few lines of numpy.

Knows bytes and arrays; must not know what a trait is. A file whose digest is wrong never reaches a parser.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path

import numpy as np

from punkdetect.errors import EnvironmentUnusableError
from punkdetect.punks import FloatArray
from punkdetect.records import Record


def read_model(path: Path, sha256: str) -> bytes:
    """Read a model file and check that it is the one that was shipped.

    Parameters
    ----------
    path : Path
    sha256 : str
        Digest of the right file, 64 hex digits.

    Returns
    -------
    bytes

    Raises
    ------
    EnvironmentUnusableError
        If the file cannot be read or its digest differs.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EnvironmentUnusableError(
            f"{path}: cannot read this model file ({error.strerror or error}); install punkdetect again"
        ) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EnvironmentUnusableError(
            f"{path}: model file damaged: sha256 differs; install punkdetect again"
        )
    return data


QUANTILES = 21
"""Numbers kept of how each feature is spread among the training portraits: every twentieth part."""

DIGITS = 6
"""Decimals that a regression's numbers are written with; more change no answer."""


class Regression(Record):
    """Softmax regression on the ranks of named numbers.

    Parameters
    ----------
    names : tuple of str, length F
    quantiles : ndarray of float, shape (F, Q)
        Ascending: how each number is spread among the training portraits.
    weights : ndarray of float, shape (F, K)
    bias : ndarray of float, shape (K,)
    """

    names: tuple[str, ...]
    quantiles: FloatArray
    weights: FloatArray
    bias: FloatArray

    def ranks(self, values: FloatArray) -> FloatArray:
        """Return for each number the share of training portraits that have less: shape (N, F), in [0, 1]."""
        return self._ranks_by_feature(values).T

    def _ranks_by_feature(self, values: FloatArray) -> FloatArray:
        # most numbers are 0 for most portraits: what has no flat hair has no outline of such
        out = np.repeat(self._ranks_of_zero[:, None], len(values), axis=1)
        for i, (rank, column) in enumerate(zip(out, np.ascontiguousarray(values.T), strict=True)):
            some = column.nonzero()[0]
            if len(some):
                rank[some] = self._rank(i, column[some])
        return out

    @cached_property
    def _ranks_of_zero(self) -> FloatArray:
        return np.concatenate([self._rank(i, np.zeros(1)) for i in range(len(self.names))])

    @cached_property
    def _places(self) -> FloatArray:
        return np.linspace(0, 1, self.quantiles.shape[1])

    def _rank(self, i: int, values: FloatArray) -> FloatArray:
        """Ranks of one feature's numbers, shape (M,)."""
        table, place = self.quantiles[i], self._places
        # from both sides, so that a number which many portraits share gets the middle of its ranks
        up = np.interp(values, table, place)
        down = np.interp(-values, -table[::-1], -place[::-1])
        ranks: FloatArray = (up - down) / 2
        return ranks

    def logits(self, values: FloatArray) -> FloatArray:
        """Return the raw answers, shape (N, K); each row is the same whatever the other rows are."""
        total = np.repeat(self.bias[:, None], len(values), axis=1)
        # a matrix product may round differently for another batch
        for weight, ranks in zip(self.weights, self._ranks_by_feature(values), strict=True):
            total += weight[:, None] * ranks
        return np.ascontiguousarray(total.T)

    def probabilities(self, values: FloatArray) -> FloatArray:
        """Return the chance of each answer, shape (N, K)."""
        return softmax(self.logits(values))


def softmax(logits: FloatArray, temperature: float = 1.0) -> FloatArray:
    """Return chances of raw answers, shape (N, K); a higher temperature makes them less sure."""
    scaled = logits / temperature
    power = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    chances: FloatArray = power / power.sum(axis=1, keepdims=True)
    return chances


def write_regression(model: Regression) -> bytes:
    """Return a regression as JSON: plain numbers, one feature a line."""
    lines = [
        json.dumps([name, np.round(q, DIGITS).tolist(), np.round(w, DIGITS).tolist()])
        for name, q, w in zip(model.names, model.quantiles, model.weights, strict=True)
    ]
    text = '{\n "bias": ' + json.dumps(np.round(model.bias, DIGITS).tolist()) + ',\n "features": [\n  '
    return (text + ",\n  ".join(lines) + "\n ]\n}\n").encode()


def parse_regression(data: bytes) -> Regression:
    """Read a regression from the bytes of `write_regression`, after their digest was checked."""
    document = json.loads(data)
    features = document["features"]
    return Regression(
        tuple(f[0] for f in features),
        np.array([f[1] for f in features], np.float64),
        np.array([f[2] for f in features], np.float64),
        np.array(document["bias"], np.float64),
    )
