"""How often answers are right: shares, intervals, balance, the best constant answer, confusion.

Works on plain words: an answer against the answers that count as right. Knows nothing of pictures,
detectors, label files or the gate.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

Z_95 = 1.96
"""Standard normal quantile of a two-sided 95 % interval."""

HEX_TOLERANCE = 12.0
"""CIE76 distance up to which a colour counts as the labelled one: annotators pick one representative pixel
of an area that is often shaded, and two careful picks in one area differ by about this much."""


def wilson_interval(correct: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion.

    Parameters
    ----------
    correct, n : int
        Successes and trials, ``0 <= correct <= n``.
    z : float
        Normal quantile; 1.96 for 95 %.

    Returns
    -------
    (low, high) : tuple of float
        ``(0, 1)`` when nothing was tried.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927),
    doi:10.1080/01621459.1927.10502953.
    """
    if n == 0:
        return 0.0, 1.0
    share = correct / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # At either end the two terms are equal but for rounding, which may leave 1e-19.
    return (max(0.0, centre - half) if correct else 0.0), (min(1.0, centre + half) if correct < n else 1.0)


def cielab(color: str) -> tuple[float, float, float]:
    """Return the CIELAB coordinates (D65) of an sRGB colour written ``#rrggbb``."""
    red, green, blue = (_linear(int(color[i : i + 2], 16) / 255) for i in (1, 3, 5))
    x = _lab_root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    y = _lab_root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _lab_root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(value: float) -> float:
    """Undo the sRGB transfer curve (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _lab_root(t: float) -> float:
    """Cube root with the linear toe of CIELAB (CIE 15:2004)."""
    return t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116


def is_right(answer: str | None, accepted: Sequence[str]) -> bool:
    """Tell whether an answer is one of the accepted ones; a colour also when it is near one.

    Parameters
    ----------
    answer : str or None
        None: nothing was answered, which is never right.
    accepted : sequence of str
    """
    if answer is None:
        return False
    if answer in accepted:
        return True
    if not _is_hex(answer):
        return False
    return any(_is_hex(a) and math.dist(cielab(answer), cielab(a)) <= HEX_TOLERANCE for a in accepted)


def _is_hex(word: str) -> bool:
    return len(word) == 7 and word[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in word[1:])


BIN_EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Lower ends of the bins of a reliability table: narrow where most answers are and where it matters most."""

COVERED_AT = (0.99, 0.95, 0.90)
"""Accuracies at which it is told how many portraits may be answered."""


class Bin(NamedTuple):
    """Answers of about one confidence: how many, their mean confidence, and the share that was right.

    `low` is inside the bin, `high` is not (but 1 is in the last one).
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


class Coverage(NamedTuple):
    """How many portraits may be answered if answers are to be right often enough.

    Parameters
    ----------
    accuracy : float
        The share right that is asked for.
    share : float
        Largest share of all portraits that can be answered so; 0 if no threshold does it.
    least : float or None
        The confidence from which on answers are given, as `min_confidence` takes it; None if none does.
    """

    accuracy: float
    share: float
    least: float | None


class Reliability(NamedTuple):
    """What confidences are worth.

    Parameters
    ----------
    bins : tuple of Bin
        Those that hold an answer.
    gap : float
        Mean distance between confidence and share right over the bins, weighted by their answers (expected
        calibration error); nan without answers.
    coverage : tuple of Coverage
        One for each of `COVERED_AT`.
    """

    bins: tuple[Bin, ...]
    gap: float
    coverage: tuple[Coverage, ...]


def reliability(answers: Sequence[tuple[float, bool]], n: int) -> Reliability:
    """Hold confidences against how often the answers were right.

    Parameters
    ----------
    answers : sequence of (confidence, right)
        What was answered.
    n : int
        Labelled portraits, those without an answer too.

    References
    ----------
    Guo, Pleiss, Sun, Weinberger: On calibration of modern neural networks. ICML 2017, arXiv:1706.04599.
    """
    bins = []
    for low, high in zip(BIN_EDGES, (*BIN_EDGES[1:], math.inf), strict=True):
        held = [(confidence, right) for confidence, right in answers if low <= confidence < high]
        if held:
            mean = sum(confidence for confidence, _ in held) / len(held)
            share = sum(right for _, right in held) / len(held)
            bins.append(Bin(low, min(high, 1.0), len(held), mean, share))
    gap = sum(b.n * abs(b.confidence - b.accuracy) for b in bins) / len(answers) if answers else math.nan
    return Reliability(tuple(bins), gap, tuple(_coverage(answers, n, wanted) for wanted in COVERED_AT))


def _coverage(answers: Sequence[tuple[float, bool]], n: int, wanted: float) -> Coverage:
    best = Coverage(wanted, 0.0, None)
    counts: dict[float, tuple[int, int]] = {}
    for confidence, right in answers:
        said, well = counts.get(confidence, (0, 0))
        counts[confidence] = said + 1, well + right
    said = well = 0
    for confidence in sorted(counts, reverse=True):  # equal confidences can only be answered together
        said, well = said + counts[confidence][0], well + counts[confidence][1]
        if well >= wanted * said:
            best = Coverage(wanted, said / n, confidence)
    return best


class Miss(NamedTuple):
    """A wrong answer: whose, what counts as right, and what was said (None: nothing)."""

    image: str
    accepted: tuple[str, ...]
    answer: str | None


class Score(NamedTuple):
    """How often one trait was answered rightly.

    Parameters
    ----------
    n, correct : int
    balanced_accuracy : float
        Mean recall over the values, counting only labels that accept one value; nan without any.
    constant_accuracy : float
        Accuracy of the best constant answer.
    constant : str
        That answer.
    confusion : mapping of (str, str) to int
        Counts by (accepted answers joined by ``|``, answer); an empty answer: nothing was said.
    misses : tuple of Miss
        In the order of the labels.
    """

    n: int
    correct: int
    balanced_accuracy: float
    constant_accuracy: float
    constant: str
    confusion: Mapping[tuple[str, str], int]
    misses: tuple[Miss, ...]

    @property
    def accuracy(self) -> float:
        """Share right; nan if nothing was tried."""
        return self.correct / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the accuracy."""
        return wilson_interval(self.correct, self.n)


def score(answers: Sequence[tuple[str, tuple[str, ...], str | None]]) -> Score:
    """Score the answers of one trait.

    Parameters
    ----------
    answers : sequence of (image, accepted answers, answer)

    Returns
    -------
    Score
    """
    confusion: Counter[tuple[str, str]] = Counter()
    constants: Counter[str] = Counter()
    recall: dict[str, list[bool]] = defaultdict(list)
    misses = []
    for image, accepted, answer in answers:
        right = is_right(answer, accepted)
        confusion["|".join(accepted), answer or ""] += 1
        constants.update(accepted)
        if len(accepted) == 1:
            recall[accepted[0]].append(right)
        if not right:
            misses.append(Miss(image, accepted, answer))
    n = len(answers)
    # Equal counts are broken by name, so that the answer does not hang on the order of the labels.
    constant, most = max(constants.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return Score(
        n=n,
        correct=n - len(misses),
        balanced_accuracy=sum(sum(r) / len(r) for r in recall.values()) / len(recall) if recall else math.nan,
        constant_accuracy=most / n if n else math.nan,
        constant=constant,
        confusion=dict(confusion),
        misses=tuple(misses),
    )
