"""The config that ships is true: its figures are those of the detectors, models and labels beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from punkdetect.evaluate import drawn_pictures, evaluate, match_pictures
from punkdetect.inputs import find_inputs
from punkdetect.labels import Labels, read_labels
from punkdetect.pipeline import open_analyzer
from punkdetect.vocabulary import ALL_TRAITS


def plan(repository: Path):
    return {p.trait: p for p in open_analyzer(repository / "configs" / "features.yaml", everything=True).plan}


@pytest.mark.parametrize("trait", ALL_TRAITS)
def test_a_trait_is_not_withheld_for_stale_or_missing_figures(repository: Path, trait: str) -> None:
    verdict = plan(repository)[trait].verdict
    assert verdict.shown, verdict.reason  # after a change: punkdetect validate --images DIR --update-config


def test_the_config_names_the_detector_that_is_right_most_often(repository: Path, shared_data: Path) -> None:
    from punkdetect.config import read_config
    from punkdetect.detectors import load_registry
    from punkdetect.gate import why_unusable

    labels = read_labels(repository / "data" / "validation_labels.csv")
    real = Labels(labels.path, labels.sha256, labels.traits, tuple(r for r in labels.rows if r.is_real))
    folder = shared_data / "bespoke" / "images24"
    pictures = match_pictures(real, [(folder, tuple(find_inputs([folder]).items))])
    config = read_config(repository / "configs" / "features.yaml")
    usable = [d for d in load_registry().detectors.values() if not why_unusable(d)]
    right = {e.detector.name: e.real for e in evaluate(pictures, usable, config)}
    elsewhere = {e.detector.name: e.drawn.accuracy for e in evaluate(drawn_pictures(400, 7), usable, config)}
    for detector in usable:
        named, other = right[config.traits[detector.trait].detector], right[detector.name]
        better = f"{detector.name} is better than {config.traits[detector.trait].detector}"
        # rules were written by people who had these portraits before their eyes; where the labelled ones do
        # not tell two detectors apart, those that nobody looked at decide
        assert named.accuracy >= other.interval[0], better
        drawn_better = elsewhere[config.traits[detector.trait].detector] > elsewhere[detector.name]
        assert named.correct >= other.correct or drawn_better, better


def test_the_figures_are_what_is_measured_now(repository: Path, shared_data: Path) -> None:
    labels = read_labels(repository / "data" / "validation_labels.csv")
    real = Labels(labels.path, labels.sha256, labels.traits, tuple(r for r in labels.rows if r.is_real))
    folder = shared_data / "bespoke" / "images24"
    pictures = match_pictures(real, [(folder, tuple(find_inputs([folder]).items))])
    from punkdetect.config import read_config

    config = read_config(repository / "configs" / "features.yaml")
    plans = plan(repository)
    detectors = [plans[trait].detector for trait in ALL_TRAITS]
    for measured in evaluate(pictures, [d for d in detectors if d], config):
        held = config.traits[measured.detector.trait].measured
        assert held is not None
        assert (held.n, held.correct) == (measured.real.n, measured.real.correct), measured.detector.name


def test_confidences_that_ship_come_nearer_to_how_often_answers_are_right(repository: Path) -> None:
    from punkdetect.config import read_config
    from punkdetect.evaluate import drawn_pictures

    config = read_config(repository / "configs" / "features.yaml")
    plain = config._replace(
        traits={
            trait: setting._replace(measured=setting.measured._replace(calibration={}))
            for trait, setting in config.traits.items()
            if setting.measured is not None
        }
    )
    unseen = drawn_pictures(300, 51)  # neither fitted to nor calibrated with
    detectors = [p.detector for p in plan(repository).values() if p.detector is not None]
    gaps = [
        np.mean([e.drawn_confidence.gap for e in evaluate(unseen, detectors, settings)])
        for settings in (config, plain)
    ]
    assert gaps[0] < 0.9 * gaps[1], gaps
