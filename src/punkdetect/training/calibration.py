"""Makes confidence mean something: one temperature a trait, fitted on out-of-fold answers.

Knows arrays; must not know models or portraits.
"""

from __future__ import annotations

import numpy as np

from punkdetect.inference import softmax
from punkdetect.punks import BoolArray, FloatArray

TEMPERATURES = np.geomspace(0.3, 8.0, 60)
"""Tried in turn; steps of 6 % are finer than 144 portraits can tell apart."""


def fit_temperature(logits: FloatArray, target: BoolArray) -> float:
    """Return the temperature at which the accepted answers are most probable altogether.

    Parameters
    ----------
    logits : ndarray of float, shape (N, K)
        Of models that had not seen the portraits.
    target : ndarray of bool, shape (N, K)
        Accepted answers; a row without any does not count.

    Returns
    -------
    float
        1.0 if nothing is labelled.

    References
    ----------
    Guo, Pleiss, Sun, Weinberger: On calibration of modern neural networks. ICML 2017, arXiv:1706.04599.
    """
    labelled = target.any(axis=1)
    if not labelled.any():
        return 1.0
    logits, target = logits[labelled], target[labelled]
    chance = [np.log(np.maximum((softmax(logits, t) * target).sum(axis=1), 1e-9)).sum() for t in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmax(chance))]), 3)
