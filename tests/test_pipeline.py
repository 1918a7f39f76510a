"""The pipeline: every input one report, in order, and one failure never takes another answer with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import punkdetect
from bad_pictures import png, scanlines
from drawn_faces import draw
from fakes import CornerDetector, FussyDetector, portrait, use_detectors, write_portrait
from punkdetect.errors import CorruptError, EnvironmentUnusableError, PictureError, UnreadableError
from punkdetect.gate import TraitPlan, Verdict
from punkdetect.inputs import Item
from punkdetect.pipeline import Analyzer, Tally
from punkdetect.punks import Punks, TraitColumn
from punkdetect.reports import Report, palette_of
from punkdetect.vocabulary import TRAITS

SHOWN = Verdict(True, True, "")


def analyzer(*detectors: Any, least: float = 0.0) -> Analyzer:
    return Analyzer([TraitPlan(d.trait, d, SHOWN, least, d.vocabulary, True) for d in detectors])


def items(*portraits: Any) -> list[Item]:
    def load(thing: Any) -> Any:
        if isinstance(thing, Exception):
            raise thing
        return thing

    return [Item(f"p{i}", lambda thing=thing: load(thing)) for i, thing in enumerate(portraits)]


def reports_of(analyzer: Analyzer, *portraits: Any, block: int = 512) -> list[Report]:
    return [report for reports in analyzer.run(items(*portraits), block) for report in reports]


def told(report: Report) -> Any:
    """Everything a report says, as plain values that compare."""
    answers = {t: (a.value, a.confidence, a.evidence.tolist()) for t, a in report.answers.items()}
    return report.image, report.status, report.message, answers, report.errors, report.palette


def test_every_input_ends_in_one_report_in_its_order() -> None:
    pictures = [portrait(1), CorruptError("truncated"), portrait(2), UnreadableError("gone"), portrait(3)]
    found = reports_of(analyzer(CornerDetector()), *pictures)
    assert [r.image for r in found] == ["p0", "p1", "p2", "p3", "p4"]
    assert [r.status for r in found] == ["ok", "corrupt", "ok", "unreadable", "ok"]
    assert found[1].message == "truncated"
    assert [r.answers["expression"].value for r in found if r.answers] == ["smile", "frown", "hidden"]
    assert not found[1].answers
    assert found[1].rgba is None


def test_a_damaged_file_takes_nothing_from_those_decoded_with_it() -> None:
    sound = [png(raw=scanlines(portrait(i))) for i in range(3)]
    unknown_filter = png(raw=scanlines(portrait(), filter_byte=9))
    found = reports_of(analyzer(CornerDetector()), sound[0], unknown_filter, *sound[1:], portrait(5))
    assert [r.status for r in found] == ["ok", "corrupt", "ok", "ok", "ok"]
    for i, report in zip((0, 1, 2, 5), [found[0], *found[2:]], strict=True):
        assert np.array_equal(report.rgba, portrait(i))


@pytest.mark.parametrize("block", [1, 2, 3, 512])
def test_reports_are_the_same_for_any_block_size(block: int) -> None:
    pictures = [portrait(i, 40 * i, 13 * (i % 2)) for i in range(6)] + [CorruptError("x"), portrait(alpha=0)]
    whole = reports_of(analyzer(CornerDetector(), FussyDetector("eyewear")), *pictures)
    parts = reports_of(analyzer(CornerDetector(), FussyDetector("eyewear")), *pictures, block=block)
    assert list(map(told, parts)) == list(map(told, whole))


def test_confidences_are_calibrated_and_what_is_then_too_unsure_is_held_back() -> None:
    detector = CornerDetector()
    plan = TraitPlan(
        "expression", detector, SHOWN, 0.7, detector.vocabulary, True,
        calibration={"any": ((1.0, 0.9),), "frown": ((1.0, 0.6),)},
    )  # fmt: skip
    smile, frown = (r.answers["expression"] for r in reports_of(Analyzer([plan]), portrait(1), portrait(2)))
    assert (smile.value, smile.confidence) == ("smile", 0.9)
    assert (frown.value, frown.confidence) == (None, 0.6)


def test_a_picture_of_one_colour_says_that_nothing_is_drawn_on_it() -> None:
    green, clear = np.full((24, 24, 4), (0, 200, 0, 255), np.uint8), np.zeros((24, 24, 4), np.uint8)
    found = reports_of(analyzer(CornerDetector()), portrait(), green, CorruptError("x"), clear)
    said = "nothing is drawn on this picture: all of it has one colour"
    assert [(r.status, r.message) for r in found] == [
        ("ok", ""),
        ("ok", said),
        ("corrupt", "x"),
        ("ok", said),
    ]


@dataclass
class FaceDetector(CornerDetector):
    """Looks where the face is."""

    method: str = "by_face"

    def detect(self, punks: Any, landmarks: Any) -> TraitColumn:
        assert len(landmarks.face.found) == len(punks)
        return super().detect(punks, landmarks)


def test_a_picture_on_which_no_face_was_found_says_so_to_those_who_asked_for_one() -> None:
    noise = np.random.default_rng(24).integers(0, 256, (24, 24, 4)).astype(np.uint8)
    noise[..., 3] = 255
    pictures = [draw(), noise, CorruptError("x"), np.full((24, 24, 4), 255, np.uint8), draw()]
    found = reports_of(analyzer(FaceDetector()), *pictures)
    assert [(r.status, r.message) for r in found] == [
        ("ok", ""),
        ("ok", "no face was found on this picture"),
        ("corrupt", "x"),
        ("ok", "nothing is drawn on this picture: all of it has one colour"),
        ("ok", ""),
    ]
    assert [r.message for r in reports_of(analyzer(CornerDetector()), noise)] == [""]


def test_a_block_of_nothing_but_refusals_is_reported() -> None:
    found = reports_of(analyzer(CornerDetector()), CorruptError("a"), CorruptError("b"))
    assert [r.status for r in found] == ["corrupt", "corrupt"]


def test_no_input_gives_no_report() -> None:
    assert reports_of(analyzer(CornerDetector())) == []


def test_a_detector_that_fails_on_one_portrait_loses_only_that_answer() -> None:
    fussy = FussyDetector("eyewear")
    pictures = [portrait(i, blue=13 if i == 5 else 0) for i in range(8)]
    found = reports_of(analyzer(CornerDetector(), fussy), *pictures)
    assert [r.status for r in found] == ["ok"] * 5 + ["detector-error"] + ["ok"] * 2
    assert set(found[5].answers) == {"expression"}
    assert found[5].message == "eyewear.fussy: ZeroDivisionError: thirteen is too much"
    assert found[5].errors == {"eyewear": found[5].message}
    assert [r.answers["eyewear"].value for i, r in enumerate(found) if i != 5] == [
        fussy.vocabulary[i % 4] for i in range(8) if i != 5
    ]


def test_a_detector_that_always_fails_leaves_the_others_alone() -> None:
    found = reports_of(analyzer(FussyDetector("eyewear"), CornerDetector()), *[portrait(blue=13)] * 3)
    assert all(set(r.answers) == {"expression"} for r in found)


def broken(**changes: Any) -> Any:
    class Broken(CornerDetector):
        def detect(self, punks: Any, landmarks: Any) -> Any:
            column = super().detect(punks, landmarks)
            values = {f: getattr(column, f) for f in TraitColumn.__dataclass_fields__} | changes
            return TraitColumn(**values)

    return Broken()


@pytest.mark.parametrize(
    "changes",
    [
        {"confidence": np.array([np.nan])},
        {"confidence": np.array([1.7])},
        {"confidence": np.array([0.1, 0.2])},
        {"codes": np.array([99])},
        {"codes": np.array([0.5])},
        {"codes": np.array([1, 1])},
        {"evidence": np.zeros((1, 23, 24), bool)},
        {"evidence": np.zeros((1, 24, 24), np.uint8)},
        {"trait": "eyewear"},
        {"vocabulary": ("a", "b", "c", "d")},
    ],
)
def test_an_answer_outside_the_contract_is_dropped(changes: dict[str, Any]) -> None:
    (report,) = reports_of(analyzer(broken(**changes), CornerDetector("eyewear")), portrait())
    assert report.status == "detector-error"
    assert set(report.answers) == {"eyewear"}
    assert report.message.startswith("expression.corner: ")


@pytest.mark.parametrize("answer", [None, 3, "smile"])
def test_an_answer_that_is_no_column_is_dropped(answer: Any) -> None:
    detector = CornerDetector()
    detector.detect = lambda punks, landmarks: answer  # type: ignore[method-assign]
    (report,) = reports_of(analyzer(detector), portrait())
    assert report.status == "detector-error"
    assert f"answered a {type(answer).__name__}, not a TraitColumn" in report.message


def test_too_few_answers_are_dropped() -> None:
    detector = CornerDetector()
    full = detector.detect
    detector.detect = lambda punks, landmarks: full(punks[: len(punks) - 1], landmarks)  # type: ignore[method-assign]
    assert {r.status for r in reports_of(analyzer(detector), portrait(), portrait())} == {"detector-error"}


def test_nothing_of_a_block_waits_for_garbage_to_be_collected() -> None:
    import gc

    ready = analyzer(CornerDetector(), FussyDetector("eyewear"))
    reports_of(ready, portrait())
    gc.collect()
    gc.disable()
    try:
        reports_of(ready, *[portrait()] * 3)
        assert gc.collect() == 0, "landmarks of thousands of portraits would pile up"
    finally:
        gc.enable()


def test_a_damaged_model_stops_the_run() -> None:
    detector = CornerDetector()

    def detect(punks: Any, landmarks: Any) -> Any:
        raise EnvironmentUnusableError("model file damaged")

    detector.detect = detect  # type: ignore[method-assign]
    with pytest.raises(EnvironmentUnusableError):
        reports_of(analyzer(detector), portrait())


def test_an_interruption_is_no_detector_error() -> None:
    detector = CornerDetector()

    def detect(punks: Any, landmarks: Any) -> Any:
        raise KeyboardInterrupt

    detector.detect = detect  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        reports_of(analyzer(detector), portrait())


def test_answers_less_sure_than_asked_for_are_held_back() -> None:
    sure, doubtful = reports_of(analyzer(CornerDetector(), least=0.5), portrait(1, 255), portrait(1, 100))
    assert sure.answers["expression"].value == "smile"
    assert doubtful.answers["expression"].value is None
    assert doubtful.answers["expression"].confidence == pytest.approx(100 / 255)


def test_detectors_see_whole_batches() -> None:
    detector = CornerDetector()
    reports_of(analyzer(detector), *[portrait()] * 5)
    assert detector.calls == [5]


def test_a_portrait_of_very_many_colours_does_not_widen_the_arrays_of_the_others() -> None:
    photo = portrait(2)
    photo[1:] = np.random.default_rng(5).integers(0, 256, (23, 24, 4), np.uint8) | [0, 0, 0, 255]
    pictures = [portrait(1), photo, portrait(3), photo, portrait(0)]
    widths = []

    class Wide(CornerDetector):
        def detect(self, punks: Any, landmarks: Any) -> TraitColumn:
            widths.append((len(punks), landmarks.palette.colors.shape[1], landmarks.palette.index.dtype))
            return super().detect(punks, landmarks)

    together = reports_of(analyzer(Wide()), *pictures)
    assert [r.answers["expression"].value for r in together] == [
        TRAITS["expression"][code] for code in (1, 2, 3, 2, 0)
    ]
    assert [width[0] for width in widths] == [3, 2]
    assert widths[0][1:] == (3, np.uint8)
    assert widths[1][1] > 500
    apart = [reports_of(analyzer(Wide()), picture)[0] for picture in pictures]
    assert [told(r)[3] for r in together] == [told(r)[3] for r in apart]


def test_a_tally_tells_what_was_done_and_why_the_rest_was_refused() -> None:
    tally = Tally()
    for reports in analyzer(CornerDetector()).run(items(portrait(), CorruptError("x"), CorruptError("y"))):
        tally.add(reports.statuses)
    assert (tally.done, dict(tally.refused), tally.total, tally.exit_code) == (1, {"corrupt": 2}, 3, 1)


def test_a_palette_counts_visible_colours_the_commonest_first() -> None:
    rgba = np.zeros((24, 24, 4), np.uint8)
    rgba[0, :3] = (1, 2, 3, 255)
    rgba[1, :5] = (255, 0, 0, 255)
    rgba[2, :3] = (0, 9, 9, 255)
    rgba[3, 0] = (1, 2, 3, 128)
    assert palette_of(rgba) == [("#ff0000", 5), ("#000909", 3), ("#010203", 3), ("#01020380", 1)]


def test_analyze_takes_a_path_and_an_array(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_detectors(monkeypatch, CornerDetector())
    monkeypatch.setattr("punkdetect.pipeline.find_config", lambda path: tmp_path / "c.yaml")
    (tmp_path / "c.yaml").write_text("traits: {expression: {detector: expression.corner, show: always}}")
    path = write_portrait(tmp_path / "a.png", 1)
    from_path = punkdetect.analyze(path)
    from_array = punkdetect.analyze(portrait(1))
    opaque = punkdetect.analyze(portrait(1)[..., :3])
    assert from_path.image == "a.png"
    for report in (from_path, from_array, opaque):
        assert report.answers["expression"].value == "smile"
    batch = punkdetect.analyze_batch(np.stack([portrait(1), portrait(2)]))
    assert [r.answers["expression"].value for r in batch] == ["smile", "frown"]
    assert batch.columns["expression"].codes.tolist() == [1, 2]


@pytest.mark.parametrize("shape", [(24, 24), (24, 24, 2), (1, 24, 24, 4)])
def test_analyze_refuses_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        punkdetect.analyze(np.zeros(shape, np.uint8))


def test_analyze_batch_refuses_other_shapes() -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        punkdetect.analyze_batch(np.zeros((2, 25, 24, 4), np.uint8))


@pytest.mark.parametrize("rgba", [[], [portrait()], None])
def test_analyze_batch_refuses_what_is_no_array(rgba: Any) -> None:
    with pytest.raises(ValueError, match="expected an array of uint8"):
        punkdetect.analyze_batch(rgba)


def test_analyze_names_the_file_that_it_refuses(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"nope\.png: no such file$"):
        punkdetect.analyze(tmp_path / "nope.png")
    (tmp_path / "a.png").write_bytes(b"")
    for path, words in ((tmp_path / "a.png" / "b.png", "no such file"), (tmp_path / "a.png", "empty file")):
        with pytest.raises(PictureError, match=words) as error:
            punkdetect.analyze(path)
        assert error.value.message.startswith(f"{path}: ")


def test_the_examples_in_the_documentation_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import doctest

    from punkdetect import pipeline

    monkeypatch.chdir(tmp_path)
    done = doctest.testmod(pipeline)
    assert done.attempted >= 6
    assert done.failed == 0


def test_invisible_colours_never_count() -> None:
    hidden = portrait()
    hidden[5, 5] = (9, 9, 9, 0)
    assert (Punks(hidden[None]).rgba[0, 5, 5] == 0).all()
