"""`punkdetect analyze`."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from fakes import CornerDetector, measured_block, run_command, use_detectors, write_portrait
from punkdetect.config import Config, Measured, TraitSetting
from punkdetect.config.rendering import render_config

LABELS = b"image\n"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with a config: expression is measured well, eyewear is not, earrings are not in it."""
    use_detectors(monkeypatch, CornerDetector(), CornerDetector("eyewear"), CornerDetector("skin_hex"))
    monkeypatch.chdir(tmp_path)
    labels = {"labels_sha256": hashlib.sha256(LABELS).hexdigest()}
    good = Measured(**measured_block(**labels))
    bad = Measured(**measured_block(144, 88, detector="eyewear.corner", **labels))
    skin = Measured(**measured_block(detector="skin_hex.corner", **labels))
    settings = (
        TraitSetting("expression", "expression.corner", measured=good),
        TraitSetting("eyewear", "eyewear.corner", measured=bad),
        TraitSetting("skin_hex", "skin_hex.corner", measured=skin),
    )
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "labels.csv").write_bytes(LABELS)
    path = tmp_path / "configs" / "features.yaml"
    path.write_text(render_config(Config(path, {s.trait: s for s in settings}, labels="labels.csv")))
    return tmp_path


def test_one_picture_is_an_object(folder: Path) -> None:
    result = run_command("analyze", write_portrait(folder / "a.png", 1, 255))
    assert result.code == 0
    assert result.err == ""
    out = result.json
    assert (out["schema"], out["image"], out["status"]) == ("punkdetect/1", "a.png", "ok")
    assert out["traits"] == {
        "expression": {"value": "smile", "confidence": 1.0, "detector": "expression.corner@1"}
    }
    assert out["colors"] == {"skin": "#010000"}
    assert out["withheld"]["eyewear"] == {"reason": "measured 0.61, lower end 0.53, below 0.70"}
    assert out["withheld"]["earrings"] == {"reason": "no detector is installed"}


def test_several_pictures_are_a_list_in_their_order(folder: Path) -> None:
    paths = [write_portrait(folder / f"{n}.png", n) for n in (2, 0, 1)]
    out = run_command("analyze", *paths).json
    assert [o["image"] for o in out] == ["2.png", "0.png", "1.png"]
    assert [o["traits"]["expression"]["value"] for o in out] == ["frown", "neutral", "smile"]


def test_a_picture_comes_from_standard_input(folder: Path) -> None:
    data = write_portrait(folder / "a.png", 1).read_bytes()
    out = run_command("analyze", "-", stdin=data).json
    assert (out["image"], out["traits"]["expression"]["value"]) == ("-", "smile")


def test_empty_standard_input_is_a_refused_picture(folder: Path) -> None:
    result = run_command("analyze", "-")
    assert result.code == 1
    assert result.json["status"] == "not-an-image"
    assert result.json["message"]


def test_a_refused_picture_has_its_record_and_the_others_go_on(folder: Path) -> None:
    good, bad = write_portrait(folder / "a.png", 1), folder / "b.png"
    bad.write_bytes(b"")
    result = run_command("analyze", good, bad)
    assert result.code == 1
    first, second = result.json
    assert first["status"] == "ok"
    assert second["status"] == "not-an-image"
    assert "traits" not in second
    assert result.err.splitlines() == [f"b.png: not-an-image: {second['message']}"]


def test_all_answers_withheld_traits_and_marks_them(folder: Path) -> None:
    out = run_command("analyze", write_portrait(folder / "a.png", 1), "--all").json
    assert out["traits"]["eyewear"]["value"] == "glasses"
    assert out["traits"]["eyewear"]["withheld"] is True
    assert "withheld" not in out["traits"]["expression"]


def test_only_the_traits_asked_for_are_said(folder: Path) -> None:
    out = run_command("analyze", write_portrait(folder / "a.png"), "--traits", "expression").json
    assert list(out["traits"]) == ["expression"]
    assert out["withheld"] == {}
    assert out["colors"] == {}


def test_evidence_is_rows_and_columns(folder: Path) -> None:
    out = run_command("analyze", write_portrait(folder / "a.png"), "--evidence").json
    assert out["traits"]["expression"]["evidence"] == [[0, 0]]


def test_unsure_answers_are_null(folder: Path) -> None:
    path = write_portrait(folder / "a.png", 1, 100)
    assert run_command("analyze", path).json["traits"]["expression"]["value"] == "smile"
    out = run_command("analyze", path, "--min-confidence", "0.5").json
    assert out["traits"]["expression"]["value"] is None


def test_a_forced_trait_says_so(folder: Path) -> None:
    config = folder / "c.yaml"
    config.write_text(
        "traits:\n  expression: {detector: expression.corner, show: never}\n"
        "  eyewear: {detector: eyewear.corner, show: always}\n"
    )
    result = run_command("analyze", write_portrait(folder / "a.png", 1), "--config", config)
    assert result.json["traits"]["eyewear"]["forced"] is True
    assert result.json["withheld"]["expression"]["reason"] == f"forced off in {config}"
    assert "eyewear is shown because the config forces it on (never measured)" in result.err


def test_a_label_file_that_has_changed_withholds(folder: Path) -> None:
    path = write_portrait(folder / "a.png")
    assert "expression" in run_command("analyze", path).json["traits"]
    (folder / "configs" / "labels.csv").write_text("image,expression\n")
    out = run_command("analyze", path).json
    assert out["withheld"]["expression"]["reason"] == "measured figures are stale: the label file has changed"
    (folder / "configs" / "labels.csv").unlink()
    out = run_command("analyze", path).json
    gone = "measured figures are stale: the label file configs/labels.csv is missing or unreadable"
    assert out["withheld"]["expression"]["reason"] == gone


def test_a_folder_is_refused_with_what_to_do(folder: Path) -> None:
    (folder / "x.png").mkdir()
    result = run_command("analyze", "x.png")
    assert (result.code, "is a folder" in result.err, "scan" in result.err) == (2, True, True)


def test_a_pipe_is_refused_without_waiting(folder: Path) -> None:
    os.mkfifo(folder / "x.png")
    result = run_command("analyze", "x.png")
    assert result.code == 1
    assert (result.json["status"], result.json["message"]) == ("unreadable", "not a regular file")


def test_links_that_lead_nowhere_are_records(folder: Path) -> None:
    (folder / "loop.png").symlink_to("loop.png")
    (folder / "lost.png").symlink_to("nothing.png")
    result = run_command("analyze", "loop.png", "lost.png")
    assert result.code == 1
    assert [o["message"] for o in result.json] == ["link loop", "missing target"]


def test_the_same_file_twice_is_said_once(folder: Path) -> None:
    path = write_portrait(folder / "a.png")
    (folder / "b.png").symlink_to(path)
    result = run_command("analyze", "a.png", "b.png", "a.png")
    assert [o["image"] for o in result.json] == ["a.png"]
    assert "the same file as a.png, read once" in result.err


def test_files_of_one_name_in_two_folders_keep_apart(folder: Path) -> None:
    write_portrait(folder / "x" / "a.png", 1)
    write_portrait(folder / "y" / "a.png", 2)
    assert [o["image"] for o in run_command("analyze", "x/a.png", "y/a.png").json] == ["x/a.png", "y/a.png"]


def test_the_output_file_holds_what_standard_output_would(folder: Path) -> None:
    path = write_portrait(folder / "a.png")
    said = run_command("analyze", path).out
    assert run_command("analyze", path, "-o", "o.json").out == b""
    assert (folder / "o.json").read_bytes() == said


def test_a_picture_shrunk_to_nothing_is_answered_with_nothing(folder: Path) -> None:
    result = run_command("analyze", write_portrait(folder / "a.png", alpha=0))
    assert result.code == 0
    assert result.json["traits"]["expression"] == {
        "value": None, "confidence": 0.0, "detector": "expression.corner@1",
    }  # fmt: skip


def test_a_trait_below_its_least_confidence_answers_nothing_by_trait_and_by_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_detectors(monkeypatch, CornerDetector(), CornerDetector("eyewear"), CornerDetector("earrings"))
    monkeypatch.chdir(tmp_path)
    write_portrait(tmp_path / "a.png", 1, 153)  # every detector is 0.6 sure
    (tmp_path / "c.yaml").write_text(
        "min_confidence: 0.7\n"
        "traits:\n"
        "  expression: {detector: expression.corner, show: always}\n"
        "  eyewear: {detector: eyewear.corner, show: always, min_confidence: 0.5}\n"
        "  earrings: {detector: earrings.corner, show: always, min_confidence: 0.6}\n"
    )
    said = run_command("analyze", "a.png", "--config", "c.yaml").json["traits"]
    assert {trait: answer["value"] for trait, answer in said.items()} == {
        "expression": None, "eyewear": "glasses", "earrings": "stud",
    }  # fmt: skip
    lines = run_command("scan", "a.png", "--config", "c.yaml", "--quiet").out.decode().splitlines()
    row = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    assert (row["expression"], row["expression_confidence"], row["eyewear"]) == ("", "", "glasses")
    all_of_it = run_command("analyze", "a.png", "--config", "c.yaml", "--min-confidence", "0").json["traits"]
    assert all_of_it["expression"]["value"] == "smile"
