"""Measures detectors against labels: who is right how often, on pictures that nobody was fitted to.

Portraits of real collections feed the gate; portraits that the project drew are measured apart and never
do. A learned detector's own answers on portraits it was fitted to never count: its model card's
out-of-fold answers stand in for them, and where there is none the portrait is left out. Knows no output
format and no command.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from punkdetect.answers import Parts, run_detector
from punkdetect.calibration import Judged, calibrated_chance, fit_calibration
from punkdetect.config import CalibrationTable, Config, Measured
from punkdetect.errors import EnvironmentUnusableError, UsageError
from punkdetect.evaluate.pictures import Pictures, drawn_pictures, match_pictures, sheet_pictures
from punkdetect.gate import why_stale
from punkdetect.labels import LabelRow, Labels
from punkdetect.metrics import Reliability, Score, is_right, reliability, score
from punkdetect.model_cards import ModelCard, pixel_digest, read_model_card
from punkdetect.pipeline import BLOCK
from punkdetect.punks import Detector

__all__ = [
    "Evaluation", "Pictures", "drawn_pictures", "evaluate", "match_pictures", "sheet_pictures",
    "updated_config",
]  # fmt: skip

PLACES = 4
"""Decimal places of the figures that go into a config."""

CALIBRATION_DRAWN = 1000
"""Portraits drawn to calibrate confidences with: twice as many move a chance by 0.005 on average, others of
another seed by 0.01."""

CALIBRATION_SEED = 30_000
"""Their seed: no model is trained with it and no figure in the docs is measured with it."""


class Said(NamedTuple):
    """A detector's answer on one portrait."""

    value: str | None
    confidence: float


Counted = tuple[LabelRow, Said]
"""An answer that may be counted, and the labels it is held against."""

AllLandmarks = dict[int, dict[tuple[int, int], Parts]]
"""By the first portrait of a block, what `run_detector` keeps of it."""


@dataclass(frozen=True)
class Evaluation:
    """What was measured of one detector.

    Parameters
    ----------
    detector : Detector
    how : str
        `fixed`, or `out-of-fold` for a learned detector.
    real : Score
        Over all portraits of real collections.
    drawn : Score
        Over the portraits that the project drew; never counted as measured.
    collections : mapping of str to Score
        Each collection on its own.
    real_confidence, drawn_confidence : Reliability
        What its confidences are worth on either; answers that `min_confidence` holds back are among them.
    calibration : CalibrationTable
        By which they were calibrated; empty: they are the detector's own.
    left_out : int
        Real portraits that the model was fitted to, or whose family it saw, without an out-of-fold answer.
    microseconds : float
        Time of one portrait, the landmarks not counted.
    failures : tuple of str
        Portraits on which it failed, and how; they count as wrong.
    """

    detector: Detector
    how: str
    real: Score
    drawn: Score
    collections: Mapping[str, Score]
    real_confidence: Reliability
    drawn_confidence: Reliability
    calibration: CalibrationTable
    left_out: int
    microseconds: float
    failures: tuple[str, ...]

    def measured(self, labels_sha256: str) -> Measured | None:
        """Return the block that goes into the config; None if no real portrait was measured."""
        if not self.real.n:
            return None
        balanced = self.real.balanced_accuracy
        return Measured(
            how=self.how,
            n=self.real.n,
            correct=self.real.correct,
            accuracy=round(self.real.accuracy, PLACES),
            wilson_low=round(self.real.interval[0], PLACES),
            # Without a single unambiguous label nothing is known of the balance: the worst is assumed.
            balanced_accuracy=0.0 if np.isnan(balanced) else round(balanced, PLACES),
            constant_accuracy=round(self.real.constant_accuracy, PLACES),
            labels_sha256=labels_sha256,
            detector=self.detector.name,
            detector_version=str(self.detector.version),
            model_sha256=getattr(self.detector, "model_digest", None),
            calibration=self.calibration,
        )


def evaluate(
    pictures: Pictures,
    detectors: Sequence[Detector],
    config: Config,
    *,
    timed: bool = False,
    calibrate_with: Sequence[Pictures] | None = None,
) -> list[Evaluation]:
    """Measure detectors on labelled portraits.

    Parameters
    ----------
    pictures : Pictures
    detectors : sequence of Detector
    config : Config
        Its `min_confidence` applies: an answer that would be held back counts as none. So do its
        calibrations.
    timed : bool
        Run each detector once more to time it without its landmarks.
    calibrate_with : sequence of Pictures, optional
        Calibrate confidences anew, on the real portraits of `pictures` and all of these, which no detector
        was fitted to; each of them weighs as much as the real ones.

    Returns
    -------
    list of Evaluation
        In the order of `detectors`.
    """
    landmarks: AllLandmarks = {}
    landmarks_further: list[AllLandmarks] = [{} for _ in calibrate_with or ()]
    cards = {d.name: _card_of(d) for d in detectors}
    digests = _digests(pictures) if any(cards.values()) else []
    evaluations = []
    for detector in detectors:
        said, failures = _ask(detector, pictures, landmarks)
        counted, left_out = _counted(detector, pictures, said, cards[detector.name], digests)
        if calibrate_with is None:
            table = _calibration_of(detector, config)
        else:
            judged = _judged(detector.trait, ((row, said) for row, said in counted if row.is_real), "real")
            for i, further in enumerate(calibrate_with):
                on_further, _ = _ask(detector, further, landmarks_further[i])
                more, _ = _counted(detector, further, on_further, None, ())
                judged += _judged(detector.trait, more, f"further {i}")
            table = fit_calibration(judged)
        answers = [
            (row, Said(s.value, calibrated_chance(s.value, s.confidence, table))) for row, s in counted
        ]
        seconds = _time(detector, pictures, landmarks) if timed else 0.0
        how = "fixed" if cards[detector.name] is None else "out-of-fold"
        run = _Run(how, left_out, 1e6 * seconds / max(1, len(pictures.punks)), tuple(failures), table)
        evaluations.append(_evaluate(detector, answers, _least_confidence(detector.trait, config), run))
    return evaluations


def _calibration_of(detector: Detector, config: Config) -> CalibrationTable:
    """Return what the config says of this very detector's confidences."""
    setting = config.traits.get(detector.trait)
    if setting is None or setting.measured is None or why_stale(setting.measured, detector):
        return {}
    return setting.measured.calibration


def _calibrated(said: Said, table: CalibrationTable) -> Said:
    return said._replace(confidence=calibrated_chance(said.value, said.confidence, table))


def _judged(trait: str, answers: Iterable[Counted], source: str = "") -> list[Judged]:
    """Return the answers as calibration takes them; portraits without an answer say nothing."""
    return [
        Judged(said.value, said.confidence, is_right(said.value, row.accepted[trait]), source)
        for row, said in answers
        if said.value is not None
    ]


def _ask(detector: Detector, pictures: Pictures, landmarks: AllLandmarks) -> tuple[list[Said], list[str]]:
    said: list[Said] = []
    failures: list[str] = []
    for first in range(0, len(pictures.punks), BLOCK):
        block = pictures.punks[first : first + BLOCK]
        column, failed = run_detector(detector, block, landmarks.setdefault(first, {}))
        said += [Said(column.value(i), float(column.confidence[i])) for i in range(len(block))]
        failures += [f"{pictures.rows[first + row].image}: {why}" for row, why in failed.items()]
    return said, failures


def _time(detector: Detector, pictures: Pictures, landmarks: AllLandmarks) -> float:
    """Return the seconds a second run takes: the landmarks are there by now.

    It gets copies of them, so that a network which keeps its answers beside the landmarks is run again.
    """
    fresh = {
        first: {part: copy(marks) for part, marks in parts.items()} for first, parts in landmarks.items()
    }
    started = time.perf_counter()
    for first in range(0, len(pictures.punks), BLOCK):
        run_detector(detector, pictures.punks[first : first + BLOCK], fresh[first])
    return time.perf_counter() - started


def _counted(
    detector: Detector,
    pictures: Pictures,
    said: Sequence[Said],
    card: ModelCard | None,
    digests: Sequence[str],
) -> tuple[list[Counted], int]:
    """Return the answers that may be counted, and how many real portraits were left out."""
    answers: list[Counted] = []
    left_out = 0
    for i, row in enumerate(pictures.rows):
        if detector.trait not in row.accepted:
            continue
        counted = _unseen(card, detector.trait, row, digests[i], said[i]) if card else said[i]
        if counted is not None:
            answers.append((row, counted))
        elif row.is_real:
            left_out += 1
    return answers, left_out


class _Run(NamedTuple):
    """What is known of a run besides its answers; the fields are those of `Evaluation`."""

    how: str
    left_out: int
    microseconds: float
    failures: tuple[str, ...]
    calibration: CalibrationTable


def _evaluate(detector: Detector, answers: Sequence[Counted], least: float, run: _Run) -> Evaluation:
    trait = detector.trait

    def scored(chosen: Iterable[Counted]) -> Score:
        return score(
            [
                (row.image, row.accepted[trait], a.value if a.confidence >= least else None)
                for row, a in chosen
            ]
        )

    def held(chosen: Sequence[Counted]) -> Reliability:
        return reliability([(j.confidence, j.right) for j in _judged(trait, chosen)], len(chosen))

    names = dict.fromkeys(row.collection for row, _ in answers)
    real = [(row, said) for row, said in answers if row.is_real]
    drawn = [(row, said) for row, said in answers if not row.is_real]
    return Evaluation(
        detector=detector,
        real=scored(real),
        drawn=scored(drawn),
        collections={name: scored((r, a) for r, a in answers if r.collection == name) for name in names},
        real_confidence=held(real),
        drawn_confidence=held(drawn),
        **run._asdict(),
    )


def _unseen(card: ModelCard, trait: str, row: LabelRow, digest: str, said: Said) -> Said | None:
    """Return what may be counted: the out-of-fold answer, the answer itself if unseen, else None."""
    out_of_fold = card.answers.get(trait, {}).get(digest)
    if out_of_fold is not None:
        return Said(out_of_fold.value, out_of_fold.confidence)
    seen = digest in card.fitted_to or (row.collection, row.family) in card.families
    return None if seen and row.is_real else said  # drawn ones are never counted as measured anyway


def _card_of(detector: Detector) -> ModelCard | None:
    """Return the card of a learned detector; a rule has none.

    Raises
    ------
    EnvironmentUnusableError
        If the card belongs to another detector, version or model.
    """
    path = getattr(detector, "model_card", None)
    if path is None:
        return None
    card = read_model_card(Path(path))
    mine = (detector.name, str(detector.version), getattr(detector, "model_digest", None))
    if (card.detector, card.version, card.model_sha256) != mine:
        raise EnvironmentUnusableError(
            f"{path}: this card belongs to {card.detector} version {card.version} "
            f"(model {card.model_sha256[:8]}), not to {detector.name} "
            f"version {detector.version}; train it again"
        )
    return card


def _digests(pictures: Pictures) -> list[str]:
    return [pixel_digest(rgba) for rgba in pictures.punks.rgba]


def _least_confidence(trait: str, config: Config) -> float:
    setting = config.traits.get(trait)
    own = setting.min_confidence if setting else None
    return config.min_confidence if own is None else own


def updated_config(config: Config, evaluations: Sequence[Evaluation], labels: Labels) -> Config:
    """Return the config with the measured block of every evaluated trait made new.

    Raises
    ------
    UsageError
        If no picture of a real collection was measured: the blocks would all be lost.
    """
    if not any(e.real.n for e in evaluations):
        raise UsageError("no picture of a real collection was found to measure by: --images DIR finds them")
    for evaluation in evaluations:
        name = evaluation.detector.name
        config = config.with_measured(evaluation.detector.trait, name, evaluation.measured(labels.sha256))
    return config
