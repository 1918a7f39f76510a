"""Makes confidence mean the chance of being right: a table for each detector, fitted to labelled answers.

A rule's author guesses how sure a sentence like "a bridge between two lenses" is; how often such answers are
right is counted afterwards, here, for every detector alike. The tables stand in the config's `measured`
blocks. Knows confidences and whether answers were right; knows nothing of pictures, detectors or files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from punkdetect.config import ANY, CalibrationTable, Knots
from punkdetect.punks import NOT_FOUND, BoolArray, FloatArray, TraitColumn
from punkdetect.records import Record

LEAST_BIN = 8.0
"""Answers (weighted) behind one knot at least: fewer say little about a chance."""

MOST_BINS = 8
"""Bins of one row at most: as many as a person can take in."""

LEAST_OWN = 12.0
"""Answers (weighted) from which on a value gets a row of its own."""

PRIOR = 8.0
"""Answers' worth of trust that a bin gives to what is known more broadly: the trait as a whole for one of its
values, the mean for one bin of the trait. On drawn portraits that were not fitted to, the gap between
confidence and share right is 0.070 without calibration and 0.045 with any prior from 2 to 16; without one,
values seen a dozen times come out as never or always right."""

PLACES = 3
"""Decimal places of a knot; 0.001 is far below what a few hundred portraits can tell."""


class Judged(Record):
    """One answer that was held against a label.

    Parameters
    ----------
    value : str
    confidence : float
        What the detector itself said.
    right : bool
    source : str
        Which kind of portraits it is of: all kinds weigh alike.
    """

    value: str
    confidence: float
    right: bool
    source: str


def fit_calibration(answers: Sequence[Judged]) -> CalibrationTable:
    """Return the table under which confidences come nearest to how often such answers are right.

    Portraits of every source weigh alike altogether, however many there are of each: a rule is nearly always
    right on the portraits its author looked at, and drawn ones, or those of other hands, stand for the
    collections nobody looked at. The weights add up to the number of portraits that such a mixture is worth
    (Kish's effective size). Within a row the chances never fall as the confidence rises (isotonic regression
    by pooling adjacent violators).

    Parameters
    ----------
    answers : sequence of Judged
        Of one detector, none of them on a portrait it was fitted to.

    Returns
    -------
    CalibrationTable
        Empty if there are too few answers to tell anything.

    References
    ----------
    B. Zadrozny, C. Elkan: Transforming classifier scores into accurate multiclass probability estimates.
    KDD 2002, doi:10.1145/775047.775151.
    """
    weight = _weights([a.source for a in answers]) if answers else np.zeros(0)
    if weight.sum() < LEAST_BIN:
        return {}
    confidence = np.array([a.confidence for a in answers])
    right = np.array([a.right for a in answers], np.float64)
    values = np.array([a.value for a in answers])
    mean = float((weight * right).sum() / weight.sum())
    table = {ANY: _fit(confidence, right, weight, ((0.0, mean),))}
    for value in sorted(set(values.tolist())):
        own = values == value
        if weight[own].sum() >= LEAST_OWN:
            row = _fit(confidence[own], right[own], weight[own], table[ANY])
            if row != table[ANY]:
                table[value] = row
    return table


def _weights(sources: Sequence[str]) -> FloatArray:
    """Return one weight an answer: all sources alike in total, summing to the effective size."""
    _, source, counts = np.unique(np.array(sources, np.str_), return_inverse=True, return_counts=True)
    each = len(counts) / (1 / counts).sum()  # what a source weighs in all
    weights: FloatArray = (each / counts)[source]
    return weights


def _fit(confidence: FloatArray, right: FloatArray, weight: FloatArray, prior: Knots) -> Knots:
    """Return rising knots (confidence, chance), each drawn towards what `prior` says there."""
    bins = []  # of: confidence, chance, weight
    for rows in _bins(confidence, weight):
        total = float(weight[rows].sum())
        level = float((weight * confidence)[rows].sum()) / total
        known = float(apply_knots(np.array([level]), prior)[0])
        chance = (float((weight * right)[rows].sum()) + PRIOR * known) / (total + PRIOR)
        bins.append((level, chance, total + PRIOR))
    pooled: list[list[tuple[float, float, float]]] = []
    for one in bins:
        pooled.append([one])
        while len(pooled) > 1 and _chance(pooled[-2]) > _chance(pooled[-1]):
            last = pooled.pop()
            pooled[-1] += last
    # Never surer than if one more answer had been right and one wrong: nothing is ever certain (Laplace).
    most = (float(weight.sum()) + 1) / (float(weight.sum()) + 2)
    knots = {}
    for block in pooled:  # flat from its first bin to its last
        for level, *_ in (block[0], block[-1]):
            knots[round(level, PLACES)] = round(min(_chance(block), most), PLACES)
    return tuple(knots.items())


def _chance(block: Sequence[tuple[float, float, float]]) -> float:
    return sum(chance * weight for _, chance, weight in block) / sum(weight for _, _, weight in block)


def _bins(confidence: FloatArray, weight: FloatArray) -> Iterator[BoolArray]:
    """Yield the answers of neighbouring confidences, enough of them for a chance; equal ones together."""
    levels = np.unique(confidence)
    weights = np.array([weight[confidence == level].sum() for level in levels])
    # A rule has a handful of levels, each with its meaning; a model's confidences are all different.
    least = LEAST_BIN if len(levels) <= MOST_BINS else max(LEAST_BIN, float(weights.sum()) / MOST_BINS)
    first = 0
    for end in range(1, len(levels) + 1):
        left = weights[end:].sum()
        if weights[first:end].sum() >= least and (end == len(levels) or left >= least):
            yield (confidence >= levels[first]) & (confidence <= levels[end - 1])
            first = end
    if first < len(levels):  # all together are too few
        yield confidence >= levels[first]


def apply_knots(confidence: FloatArray, knots: Knots) -> FloatArray:
    """Return the chance at each confidence: straight lines between the knots, flat outside of them."""
    chance: FloatArray = np.interp(confidence, *_lines(knots))
    return chance


@lru_cache(maxsize=256)
def _lines(knots: Knots) -> tuple[FloatArray, FloatArray]:
    """Return the confidences and the chances of knots: a scan asks for the same ones again and again."""
    levels, chances = np.array(knots, np.float64).T
    return levels, chances


def calibrated(column: TraitColumn, table: CalibrationTable) -> TraitColumn:
    """Return a column whose confidences are chances of being right.

    Parameters
    ----------
    column : TraitColumn
        As its detector answered.
    table : CalibrationTable
        Of that detector; an empty one leaves the column as it is.
    """
    if not table:
        return column
    chances = apply_knots(column.confidence, table[ANY])
    found = column.codes != NOT_FOUND
    occurs = np.bincount(column.codes[found], minlength=len(column.vocabulary)) if column.vocabulary else ()
    for value, how_often, code in zip(column.vocabulary, occurs, range(len(occurs)), strict=True):
        if how_often and value in table:
            mine = column.codes == code
            chances[mine] = apply_knots(column.confidence[mine], table[value])
    return replace(column, confidence=np.where(found, np.round(chances, PLACES), 0.0))


def calibrated_chance(value: str | None, confidence: float, table: Mapping[str, Knots]) -> float:
    """Return the chance that one answer is right; 0 for no answer, its own confidence without a table."""
    if value is None or not table:
        return confidence if value is not None else 0.0
    knots = table.get(value, table[ANY])
    return round(float(apply_knots(np.array([confidence]), knots)[0]), PLACES)
