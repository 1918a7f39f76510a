"""Measuring: what counts, what does not, and what goes into the config."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes import CornerDetector, FussyDetector, measured_block, portrait
from punkdetect.config import Config, Measured, TraitSetting
from punkdetect.errors import CorruptError, EnvironmentUnusableError, UsageError
from punkdetect.evaluate import Pictures, drawn_pictures, evaluate, match_pictures, updated_config
from punkdetect.inputs import Item
from punkdetect.labels import LabelRow, Labels
from punkdetect.model_cards import Fitted, ModelCard, OutOfFold, pixel_digest, write_model_card
from punkdetect.punks import Punks
from punkdetect.vocabulary import TRAITS

CONFIG = Config(Path("features.yaml"), {"expression": TraitSetting("expression", "expression.corner")})


def row(image: str, label: str, collection: str = "bespoke", family: str = "") -> LabelRow:
    accepted = {"expression": tuple(label.split("|"))} if label else {}
    return LabelRow(image, collection, family or image, accepted, 2)


def pictures(*pairs: tuple[LabelRow, np.ndarray]) -> Pictures:
    return Pictures(tuple(r for r, _ in pairs), Punks(np.stack([p for _, p in pairs])), (), ())


def labels_of(rows: Sequence[LabelRow]) -> Labels:
    return Labels(Path("labels.csv"), "ab" * 32, ("expression",), tuple(rows))


def item(name: str, rgba: Any = None) -> Item:
    def load() -> Any:
        if isinstance(rgba, Exception):
            raise rgba
        return rgba if rgba is not None else portrait()

    return Item(name, load)


def test_pictures_are_matched_by_name_without_folder_and_suffix() -> None:
    labels = labels_of([row("a", "smile"), row("b", "smile"), row("c", "smile")])
    found = match_pictures(labels, [(Path("x"), [item("sub/b.png"), item("a.gif"), item("z.png")])])
    assert [r.image for r in found.rows] == ["a", "b"]
    assert [r.image for r in found.missing] == ["c"]
    assert len(found.punks) == 2


def test_the_first_place_that_has_a_picture_is_taken() -> None:
    labels = labels_of([row("a", "smile")])
    places = [(Path("x"), [item("a.png", portrait(1))]), (Path("y"), [item("a.png", portrait(2))])]
    assert match_pictures(labels, places).punks.rgba[0, 0, 0, 0] == 1


def test_two_pictures_of_one_name_in_one_place_are_refused_if_the_name_is_labelled() -> None:
    place = (Path("x"), [item("24/a.png"), item("512/a.png"), item("24/z.png"), item("512/z.png")])
    with pytest.raises(UsageError, match=r"x holds both 24/a.png and 512/a.png"):
        match_pictures(labels_of([row("a", "smile")]), [place])
    assert not match_pictures(labels_of([row("b", "smile")]), [place]).rows


def test_a_labelled_picture_that_cannot_be_read_is_named() -> None:
    found = match_pictures(
        labels_of([row("a", "smile")]), [(Path("x"), [item("a.png", CorruptError("truncated"))])]
    )
    assert [(r.image, e.message) for r, e in found.refused] == [("a", "truncated")]
    assert not found.rows


def test_only_real_collections_count_as_measured() -> None:
    (result,) = evaluate(
        pictures(
            (row("a", "smile"), portrait(1)),
            (row("b", "frown"), portrait(1)),
            (row("d", "smile", "demo"), portrait(1)),
            (row("s", "frown", "synth"), portrait(1)),
            (row("u", ""), portrait(1)),
        ),
        [CornerDetector()],
        CONFIG,
    )
    assert (result.real.n, result.real.correct) == (2, 1)
    assert (result.drawn.n, result.drawn.correct) == (2, 1)
    assert {name: s.n for name, s in result.collections.items()} == {"bespoke": 2, "demo": 1, "synth": 1}
    measured = result.measured("ab" * 32)
    assert measured is not None
    assert (measured.how, measured.n, measured.correct, measured.accuracy) == ("fixed", 2, 1, 0.5)
    assert (measured.detector, measured.detector_version) == ("expression.corner", "1")


def test_without_a_real_picture_nothing_is_measured() -> None:
    results = evaluate(pictures((row("d", "smile", "demo"), portrait(1))), [CornerDetector()], CONFIG)
    assert results[0].measured("") is None
    with pytest.raises(UsageError, match="--images DIR finds them"):
        updated_config(CONFIG, results, labels_of([]))


def test_held_back_answers_count_as_none() -> None:
    config = CONFIG._replace(min_confidence=0.5)
    (result,) = evaluate(pictures((row("a", "smile"), portrait(1, 100))), [CornerDetector()], config)
    assert result.real.misses[0].answer is None


def calibrated_config(least: float = 0.0, **changes: Any) -> Config:
    """A config in which a confidence of about 1 is worth 0.6."""
    block = {**measured_block(), "calibration": {"any": ((1.0, 0.6),)}, **changes}
    setting = TraitSetting("expression", "expression.corner", measured=Measured(**block))
    return CONFIG._replace(traits={"expression": setting}, min_confidence=least)


def test_confidences_are_held_against_the_labels_as_the_config_calibrates_them() -> None:
    shown = pictures((row("a", "smile"), portrait(1)), (row("b", "frown"), portrait(1)))
    (result,) = evaluate(shown, [CornerDetector()], calibrated_config())
    assert [(b.n, b.confidence, b.accuracy) for b in result.real_confidence.bins] == [(2, 0.6, 0.5)]
    (stale,) = evaluate(shown, [CornerDetector()], calibrated_config(detector_version="0"))
    assert [b.confidence for b in stale.real_confidence.bins] == [1.0]


def test_the_least_confidence_holds_back_by_the_calibrated_one() -> None:
    shown = pictures((row("a", "smile"), portrait(1)))
    assert evaluate(shown, [CornerDetector()], calibrated_config(0.6))[0].real.correct == 1
    assert evaluate(shown, [CornerDetector()], calibrated_config(0.7))[0].real.correct == 0


def test_calibrating_anew_counts_real_portraits_and_those_drawn_for_it() -> None:
    real = [(row(f"r{i}", "smile"), portrait(1)) for i in range(30)]
    demo = [(row(f"d{i}", "frown", "demo"), portrait(1)) for i in range(30)]
    drawn = [(row(f"s{i}", "frown", "synth"), portrait(1)) for i in range(30)]
    (result,) = evaluate(
        pictures(*real, *demo), [CornerDetector()], calibrated_config(), calibrate_with=[pictures(*drawn)]
    )
    assert result.real_confidence.bins[0].confidence == pytest.approx(0.5, abs=0.02)
    measured = result.measured("")
    assert measured is not None
    assert measured.calibration == result.calibration != {}


def test_drawn_portraits_have_labels_and_are_never_real() -> None:
    shown = drawn_pictures(3, 7)
    assert len(shown.punks) == 3
    assert not any(r.is_real for r in shown.rows)
    assert all(r.accepted["expression"][0] in TRAITS["expression"] for r in shown.rows)
    assert any(r.accepted.get("background_hex", ("",))[0].startswith("#") for r in shown.rows)


def test_a_failure_counts_as_wrong_and_is_named() -> None:
    shown = pictures((row("a", "smile"), portrait(1)), (row("b", "smile"), portrait(1, blue=13)))
    (result,) = evaluate(shown, [FussyDetector()], CONFIG)
    assert (result.real.n, result.real.correct) == (2, 1)
    assert result.failures == ("b: expression.fussy: ZeroDivisionError: thirteen is too much",)


def learned(tmp_path: Path, **changes: Any) -> CornerDetector:
    """A learned detector that was fitted to portraits 1 and 2 of families f1 and f2."""
    digest = {n: pixel_digest(portrait(n)) for n in (1, 2, 4)}
    card = ModelCard(
        detector="expression.corner",
        version="1",
        model_sha256="cd",
        fitted_to={
            digest[1]: Fitted("one", "bespoke", "f1"),
            digest[2]: Fitted("two", "bespoke", "f2"),
        },
        answers={"expression": {digest[i]: OutOfFold("neutral", 0.9) for i in (1, 4)}},
    )
    detector = CornerDetector()
    detector.model_card, detector.model_digest = tmp_path / "card.json", "cd"  # type: ignore[attr-defined]
    values = {f: getattr(card, f) for f in ModelCard.__dataclass_fields__} | changes
    write_model_card(tmp_path / "card.json", ModelCard(**values))
    return detector


def test_a_models_answer_on_what_it_was_fitted_to_never_counts(tmp_path: Path) -> None:
    shown = pictures(
        (row("one", "smile", family="f1"), portrait(1)),  # says smile now, said neutral out of fold
        (row("two", "frown", family="f2"), portrait(2)),  # fitted to, no out-of-fold answer
        (row("kin", "hidden", family="f2"), portrait(3)),  # a family that the model has seen
        (row("new", "smile", family="f3"), portrait(5)),  # unseen
        (row("drawn", "frown", "demo", family="f2"), portrait(2)),
        (row("drawn by its owner", "smile", "synth", family="f4"), portrait(4)),  # neutral out of fold
    )
    (result,) = evaluate(shown, [learned(tmp_path)], CONFIG)
    assert result.how == "out-of-fold"
    assert (result.real.n, result.real.correct, result.left_out) == (2, 1, 2)
    assert [(m.image, m.answer) for m in result.real.misses] == [("one", "neutral")]
    assert [(m.image, m.answer) for m in result.drawn.misses] == [("drawn by its owner", "neutral")]
    assert result.drawn.correct == 1
    measured = result.measured("")
    assert measured is not None
    assert (measured.how, measured.model_sha256) == ("out-of-fold", "cd")


def test_a_renamed_portrait_is_known_by_its_pixels(tmp_path: Path) -> None:
    shown = pictures((row("other_name", "smile", "elsewhere"), portrait(1)))
    (result,) = evaluate(shown, [learned(tmp_path)], CONFIG)
    assert result.real.misses[0].answer == "neutral"


@pytest.mark.parametrize("changes", [{"version": "2"}, {"model_sha256": "ef"}, {"detector": "a.b"}])
def test_a_card_of_another_model_is_refused(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(EnvironmentUnusableError, match="this card belongs to"):
        evaluate(pictures((row("a", "smile"), portrait(1))), [learned(tmp_path, **changes)], CONFIG)


def test_the_config_gets_the_figures_of_what_was_measured_and_keeps_the_rest() -> None:
    other = TraitSetting("eyewear", "eyewear.x", "always")
    config = CONFIG._replace(traits={**CONFIG.traits, "eyewear": other})
    results = evaluate(pictures((row("a", "smile"), portrait(1))), [CornerDetector()], config)
    new = updated_config(config, results, labels_of([]))
    assert new.traits["eyewear"] == other
    measured = new.traits["expression"].measured
    assert measured is not None
    assert measured.labels_sha256 == "ab" * 32


def test_a_trait_that_the_config_lacks_is_added() -> None:
    results = evaluate(
        pictures((row("a", "smile"), portrait(1))), [CornerDetector()], CONFIG._replace(traits={})
    )
    new = updated_config(CONFIG._replace(traits={}), results, labels_of([]))
    assert new.traits["expression"].detector == "expression.corner"
