"""The gate: shown when measured well enough, withheld with the reason otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import CornerDetector, measured_block
from punkdetect.config import Config, Measured, Place, TraitSetting
from punkdetect.errors import ConfigError, UsageError
from punkdetect.gate import (
    NO_LABELS,
    check_names,
    default_detector,
    judge,
    labels_digest,
    make_plan,
    why_withheld,
)
from punkdetect.metrics import wilson_interval
from punkdetect.packaged import CONFIG, packaged_path
from punkdetect.pipeline import open_analyzer
from punkdetect.vocabulary import ALL_TRAITS

LABELS = "0" * 64


def verdict(show: str = "auto", detector: Any = None, labels: str | None = LABELS, **figures: Any) -> Any:
    measured = Measured(**measured_block(**figures))
    setting = TraitSetting(
        "expression", "expression.corner", show, None, measured, Place(Path("features.yaml"))
    )
    return judge(setting, detector or CornerDetector(), 0.70, labels)


def test_a_trait_measured_right_is_shown() -> None:
    assert verdict() == (True, True, "", False)


def test_a_trait_below_the_threshold_is_withheld_with_its_figures() -> None:
    said = verdict(n=144, correct=88)
    assert not said.shown
    assert said.reason == "measured 0.61, lower end 0.53, below 0.70"


def test_a_lower_end_that_just_reaches_the_threshold_will_do() -> None:
    figures = Measured(**measured_block(n=144, correct=120))
    assert why_withheld(figures, CornerDetector(), figures.wilson_low, None) == ""
    assert "below" in why_withheld(figures, CornerDetector(), figures.wilson_low + 1e-4, None)


def test_the_lower_end_counts_and_not_the_accuracy() -> None:
    assert not verdict(n=10, correct=9).shown
    assert verdict(n=1000, correct=900).shown


def test_it_must_beat_the_best_constant_answer() -> None:
    assert not verdict(constant_accuracy=0.99).shown
    assert "no better than one constant answer (0.99)" in verdict(constant_accuracy=0.99).reason
    assert verdict(constant_accuracy=0.98).shown


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"detector_version": "2"}, "stale: of version 2, not 1"),
        ({"model_sha256": "ab"}, "stale: of another model file"),
        ({"labels_sha256": "1" * 64}, "stale: the label file has changed"),
        ({"accuracy": float("nan")}, "not finite"),
        ({"wilson_low": float("inf")}, "not finite"),
        ({"wilson_low": 0.99}, "contradict each other"),
        ({"accuracy": 0.5}, "contradict each other"),
        ({"n": 0, "correct": 0}, ""),
    ],
)
def test_stale_and_impossible_figures_withhold(figures: dict[str, Any], reason: str) -> None:
    if figures.get("n") == 0:
        measured = Measured(**{**measured_block(), **figures})
        said = judge(TraitSetting("expression", "x", measured=measured), CornerDetector(), 0.7, LABELS)
    else:
        said = verdict(**figures)
    assert not said.shown
    assert reason in said.reason


def test_figures_of_another_detector_are_stale() -> None:
    said = verdict(detector=CornerDetector(method="other"))
    assert not said.shown
    assert "stale: of expression.corner, not of expression.other" in said.reason


def test_without_a_label_file_nothing_can_be_stale_by_it() -> None:
    assert verdict(labels=None, labels_sha256="1" * 64).shown


def test_what_was_never_measured_is_withheld() -> None:
    said = judge(TraitSetting("expression", "expression.corner"), CornerDetector(), 0.0, None)
    assert (said.shown, said.reason) == (False, "never measured")


def test_a_learned_detector_needs_out_of_fold_figures() -> None:
    learned = CornerDetector()
    learned.model_card, learned.model_digest = Path("card.json"), "ab"  # type: ignore[attr-defined]
    fixed = verdict(detector=learned, model_sha256="ab")
    assert (fixed.shown, fixed.reason) == (False, "measured on portraits that the model was fitted to")
    assert verdict(detector=learned, model_sha256="ab", how="out-of-fold").shown


def test_another_model_file_makes_figures_stale() -> None:
    learned = CornerDetector()
    learned.model_digest = "cd"  # type: ignore[attr-defined]
    assert "another model file" in verdict(detector=learned, model_sha256="ab").reason


def test_a_person_may_force_a_trait_on_and_the_reason_stays() -> None:
    said = verdict(show="always", n=144, correct=88)
    assert said.shown
    assert said.forced
    assert not said.passes
    assert "below 0.70" in said.reason


def test_a_person_may_force_a_trait_off() -> None:
    said = verdict(show="never")
    assert not said.shown
    assert said.forced
    assert said.reason == "forced off in features.yaml"


@given(n=st.integers(1, 400), share=st.floats(0, 1), constant=st.floats(0, 1), threshold=st.floats(0.01, 1))
def test_nothing_is_shown_that_does_not_reach_the_threshold(
    n: int, share: float, constant: float, threshold: float
) -> None:
    correct = round(n * share)
    measured = Measured(**measured_block(n, correct, constant_accuracy=constant))
    said = judge(TraitSetting("expression", "x", measured=measured), CornerDetector(), threshold, LABELS)
    if said.shown:
        assert wilson_interval(correct, n)[0] >= threshold - 1e-4
        assert correct / n > constant - 1e-4
    else:
        assert said.reason


def plan_of(config: Config, *detectors: Any, **options: Any) -> Any:
    return make_plan(config, {d.name: d for d in detectors}, LABELS, **options)


def config_of(*settings: TraitSetting, **more: Any) -> Config:
    return Config(Path("features.yaml"), {s.trait: s for s in settings}, **more)


def test_a_plan_has_every_trait_in_the_order_of_the_vocabulary_then_plug_ins() -> None:
    other = CornerDetector(trait="aura", vocabulary=("none", "glow"))
    plan = plan_of(config_of(), CornerDetector(), other)
    assert [p.trait for p in plan] == [*ALL_TRAITS, "aura"]


def test_a_trait_that_the_config_does_not_name_is_withheld_but_can_be_asked_for() -> None:
    expression = next(p for p in plan_of(config_of(), CornerDetector()) if p.trait == "expression")
    assert (expression.run, expression.verdict.reason) == (False, "not in features.yaml")
    expression = next(
        p for p in plan_of(config_of(), CornerDetector(), everything=True) if p.trait == "expression"
    )
    assert expression.run
    assert not expression.verdict.shown


def test_a_trait_without_a_detector_is_withheld_even_when_asked_for() -> None:
    plan = plan_of(config_of(), everything=True)
    assert all(p.verdict.reason == "no detector is installed" and not p.run for p in plan)


def test_only_the_traits_asked_for_are_planned() -> None:
    plan = plan_of(config_of(), CornerDetector(), only=("eyewear", "expression"))
    assert [p.trait for p in plan] == ["expression", "eyewear"]


def test_asking_for_an_unknown_trait_says_which_was_meant() -> None:
    with pytest.raises(UsageError, match="no trait is called 'eyeware'; did you mean eyewear"):
        plan_of(config_of(), only=("eyeware",))


def test_min_confidence_comes_from_the_command_then_the_trait_then_the_config() -> None:
    setting = TraitSetting("expression", "expression.corner", min_confidence=0.5)
    config = config_of(setting, min_confidence=0.25)

    def least(trait: str, **options: Any) -> float:
        return float(
            next(p for p in plan_of(config, CornerDetector(), **options) if p.trait == trait).min_confidence
        )

    assert least("expression", min_confidence=0.75) == 0.75
    assert least("expression") == 0.5
    assert least("eyewear") == 0.25


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (TraitSetting("expresion", "expression.corner"), "'expresion'; did you mean expression?"),
        (TraitSetting("expression", "expression.cornr"), "did you mean expression.corner?"),
        (TraitSetting("eyewear", "expression.corner"), "answers expression, not eyewear"),
    ],
)
def test_a_config_that_names_what_does_not_exist_is_refused(setting: TraitSetting, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_names(config_of(setting), {"expression.corner": CornerDetector()})
    assert words in caught.value.message
    assert "line" in caught.value.message


def test_the_first_detector_by_name_answers_an_unnamed_trait() -> None:
    two = [CornerDetector(method="b"), CornerDetector(method="a")]
    found = default_detector("expression", {d.name: d for d in two})
    assert found is not None
    assert found.name == "expression.a"


def test_the_digest_of_labels_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(b"image\n")
    first = labels_digest(path)
    path.write_bytes(b"image\na\n")
    assert first is not None
    assert len(first) == 64
    assert labels_digest(path) != first
    assert labels_digest(tmp_path / "none.csv") == NO_LABELS


def test_a_label_file_that_is_missing_withholds_what_was_measured_on_it(tmp_path: Path) -> None:
    packaged = packaged_path(CONFIG).read_text()
    copy = tmp_path / "mine.yaml"

    def plan(text: str) -> dict[str, Any]:
        copy.write_text(text)
        return {p.trait: p for p in open_analyzer(copy, traits=["expression", "eyewear"]).plan}

    assert all(p.verdict.shown for p in plan(packaged).values())  # a copy means the packaged labels
    gone = packaged.replace("../data/validation_labels.csv", "gone.csv")
    forced = gone.replace("  eyewear:\n", "  eyewear:\n    show: always\n")
    found = plan(forced)
    for trait, shown in (("expression", False), ("eyewear", True)):
        verdict = found[trait].verdict
        assert (verdict.shown, verdict.passes) == (shown, False)
        assert verdict.reason.endswith(f"the label file {tmp_path / 'gone.csv'} is missing or unreadable")


def test_a_calibration_holds_only_for_the_very_detector_it_was_measured_of() -> None:
    def calibration(**figures: Any) -> Any:
        block = {**measured_block(**figures), "calibration": {"any": ((0.9, 0.8),)}}
        setting = TraitSetting("expression", "expression.corner", measured=Measured(**block))
        plan = plan_of(config_of(setting), CornerDetector())
        return next(p for p in plan if p.trait == "expression").calibration

    assert calibration() == {"any": ((0.9, 0.8),)}
    assert calibration(detector_version="2") == {}
    assert calibration(model_sha256="ab") == {}
