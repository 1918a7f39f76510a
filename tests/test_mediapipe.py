"""`expression.mediapipe`: without its extra it is named and breaks nothing; with it, it really runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from fakes import portrait, run_command, write_portrait
from punkdetect.detectors import load_registry, mediapipe
from punkdetect.detectors.mediapipe import FaceLandmarks, curvature, enlarge
from punkdetect.errors import EnvironmentUnusableError
from punkdetect.face_model import default_face_model
from punkdetect.gate import default_detector, why_unusable
from punkdetect.images import read_picture
from punkdetect.landmarks import Landmarks
from punkdetect.punks import NOT_FOUND, Punks

CONFIG = "traits:\n  expression: {detector: expression.mediapipe, show: always}\n"
INSTALL = "pip install 'punkdetect[mediapipe]'"


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let MediaPipe be missing, whether or not it is installed."""
    monkeypatch.setattr(mediapipe, "find_spec", lambda name: None)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a portrait and a config that names the detector; nobody has made a face model."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    write_portrait(tmp_path / "a.png")
    (tmp_path / "c.yaml").write_text(CONFIG)
    return tmp_path


@pytest.fixture(scope="session")
def face_model() -> Path:
    """The face model of this machine, where the extra is installed and `punkdetect face-model` was run."""
    path = default_face_model()
    if find_spec("mediapipe") is None or not path.is_file():
        reason = f"needs {INSTALL} and punkdetect face-model"
        if os.environ.get("PUNKDETECT_MEDIAPIPE"):
            pytest.fail(f"PUNKDETECT_MEDIAPIPE is set, but this {reason}")
        pytest.skip(reason)
    return path


def test_without_the_extra_it_is_listed_with_the_command_that_installs_it(without_the_extra: None) -> None:
    lines = run_command("features", "--traits", "expression").out.decode()
    assert f"also: expression.mediapipe (not installed: {INSTALL})" in lines
    said = run_command("features", "--traits", "expression", "--json", "-").json["features"][0]
    assert said["others"] == ["expression.mediapipe"]
    assert said["unusable"] == {"expression.mediapipe": f"not installed: {INSTALL}"}


def test_without_the_extra_a_comparison_leaves_it_out_and_says_so(without_the_extra: None) -> None:
    text = run_command("validate", "--compare", "--traits", "expression").out.decode()
    assert f"expression.mediapipe was not measured: not installed: {INSTALL}" in text
    assert "expression.mouth_curvature" in text


def test_a_config_that_names_it_says_what_to_install(alone: Path, without_the_extra: None) -> None:
    result = run_command("analyze", "a.png", "--config", "c.yaml")
    assert result.code == 3
    assert f"needs MediaPipe, which is not installed: {INSTALL}" in result.err
    withheld = run_command("features", "--config", "c.yaml", "--traits", "expression").out.decode()
    assert f"not installed: {INSTALL}" in withheld


def test_a_trait_that_the_config_does_not_name_is_never_left_to_an_extra() -> None:
    found = default_detector("expression", load_registry().detectors)
    assert found is not None
    assert found.name == "expression.mouth_curvature"


def test_what_is_missing_is_told_in_the_order_in_which_it_is_needed(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mediapipe, "find_spec", lambda name: object())
    detector = load_registry().detectors["expression.mediapipe"]
    assert why_unusable(detector) == "no face model: punkdetect face-model makes one"
    assert detector.model_digest is None
    (alone / "mine.task").write_bytes(b"x")
    mine = load_registry(alone / "mine.task").detectors["expression.mediapipe"]
    assert why_unusable(mine) == ""
    assert mine.model_digest is not None


def test_a_package_that_cannot_be_loaded_says_what_the_system_lacks(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(mediapipe, "find_spec", lambda name: object())
    monkeypatch.setattr(mediapipe, "_Vision", broken)
    result = run_command("analyze", "a.png", "--config", "c.yaml")
    assert result.code == 3
    assert "libGL.so.1" in result.err
    assert "apt-get install libgl1 libglib2.0-0" in result.err


def test_corners_above_the_lower_lip_curve_upwards_however_the_head_is_tilted() -> None:
    points = np.zeros((3, 400, 2))
    points[:, mediapipe.LEFT_EYE], points[:, mediapipe.RIGHT_EYE] = (0, 0), (10, 0)
    points[:, mediapipe.LEFT_CORNER], points[:, mediapipe.RIGHT_CORNER] = (3, 7), (7, 7)
    points[0, mediapipe.LOWER_LIP], points[1, mediapipe.LOWER_LIP] = (5, 8), (5, 6.8)
    turn = np.array([[0.8, 0.6], [-0.6, 0.8]])
    points[2] = points[0] @ turn
    assert curvature(points) == pytest.approx([0.25, -0.05, 0.25])
    assert curvature(np.zeros((1, 400, 2))) == [0]


def test_enlarging_is_that_of_pillow_and_transparent_is_white() -> None:
    from PIL import Image

    rgba = portrait(200, 10, 90)
    rgba[5:, 9:] = 0
    white = Image.new("RGBA", (24, 24), "white")
    white.alpha_composite(Image.fromarray(rgba))
    expected = np.asarray(white.convert("RGB").resize((96, 96), Image.Resampling.BICUBIC)).astype(int)
    apart = np.abs(enlarge(rgba[None])[0].astype(int) - expected)
    assert (apart > 2).mean() < 0.01, (
        "Pillow cuts off what is too bright after the rows, and again after the columns"
    )


def answers(detector: FaceLandmarks, rgba: np.ndarray) -> list[tuple[str | None, list[int]]]:
    column = detector.detect(Punks(rgba), Landmarks(Punks(rgba)))
    return [(column.value(i), np.flatnonzero(column.evidence[i]).tolist()) for i in range(len(column))]


@pytest.fixture(scope="session")
def demos(repository: Path) -> np.ndarray:
    """The demo portraits, shape (N, 24, 24, 4)."""
    return np.stack(
        [read_picture(p.read_bytes()).rgba for p in sorted((repository / "data/demo").glob("*.png"))]
    )


def test_it_finds_faces_and_lays_the_lips_on_the_mouth(face_model: Path, demos: np.ndarray) -> None:
    marks = Landmarks(Punks(demos))
    column = FaceLandmarks(face_model).detect(marks.punks, marks)
    found = np.flatnonzero((column.codes != NOT_FOUND) & marks.mouth.found)
    assert len(found) > 10
    rows = np.arange(24)[None, :, None]
    seen = [(column.evidence[found] * rows).sum(axis=(1, 2)) / column.evidence[found].sum(axis=(1, 2))]
    drawn = (marks.mouth.mask[found] * rows).sum(axis=(1, 2)) / marks.mouth.mask[found].sum(axis=(1, 2))
    # Points read from the wrong places would lie anywhere: the median is then rows away.
    assert np.median(np.abs(seen - drawn)) < 1.5


def test_a_portrait_is_answered_alone_as_in_a_batch(face_model: Path, demos: np.ndarray) -> None:
    detector = FaceLandmarks(face_model)
    together = answers(detector, demos[:6])
    assert [answers(detector, demos[i : i + 1])[0] for i in range(6)] == together


def test_nothing_drawn_is_no_face_and_no_portrait_is_no_work(face_model: Path) -> None:
    detector = FaceLandmarks(face_model)
    assert answers(detector, np.zeros((1, 24, 24, 4), np.uint8)) == [(None, [])]
    assert answers(detector, np.zeros((0, 24, 24, 4), np.uint8)) == []


def test_it_finds_a_face_in_most_hand_made_portraits(face_model: Path, shared_data: Path) -> None:
    files = sorted((shared_data / "bespoke" / "images24").glob("*.png"))[:60]
    rgba = np.stack([read_picture(p.read_bytes()).rgba for p in files])
    found = [value for value, _ in answers(FaceLandmarks(face_model), rgba) if value]
    assert len(found) > 0.65 * len(files)
    assert {"smile", "neutral"} <= set(found)


def run(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "punkdetect", *map(str, args)]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=120
    )


def test_the_command_answers_with_it_and_ends_without_a_word_of_its_libraries(
    face_model: Path, tmp_path: Path, repository: Path
) -> None:
    (tmp_path / "c.yaml").write_text(f"face_model: {json.dumps(str(face_model))}\n{CONFIG}")
    demo = repository / "data" / "demo" / "demo_01_smile_hoop.png"
    done = run("analyze", demo, "--config", tmp_path / "c.yaml", "--quiet", XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["traits"]["expression"]["detector"] == "expression.mediapipe@1"
    assert done.stderr == ""


def test_another_face_model_is_used_and_a_broken_one_named(face_model: Path, alone: Path) -> None:
    good = run("analyze", "a.png", "--config", "c.yaml", "--face-model", face_model)
    assert good.returncode == 0, good.stderr
    broken = alone / "broken.task"
    head, tail = face_model.read_bytes()[:5000], face_model.read_bytes()[5000:]
    broken.write_bytes(head + bytes(len(tail) // 2))
    for command in (["analyze", "a.png"], ["scan", "a.png"]):
        bad = run(*command, "--config", "c.yaml", "--face-model", broken)
        assert bad.returncode == 3
        assert f"{broken}: not a face model" in bad.stderr
        assert "punkdetect face-model makes one" in bad.stderr
    none = run("analyze", "a.png", "--config", "c.yaml")
    assert (none.returncode, "there is no face model here" in none.stderr) == (3, True)


def test_models_that_are_none_of_tensorflow_are_told(face_model: Path, tmp_path: Path) -> None:
    import zipfile

    from punkdetect.face_model import MEMBERS

    path = tmp_path / "face.task"
    with zipfile.ZipFile(path, "w") as bundle:
        for name in MEMBERS:
            bundle.writestr(name, b"garbage" * 1000)
    with pytest.raises(EnvironmentUnusableError, match="MediaPipe cannot use this face model"):
        answers(FaceLandmarks(path), portrait()[None])


def test_a_model_of_fewer_points_is_told_from_a_good_one(
    face_model: Path, demos: np.ndarray, tmp_path: Path
) -> None:
    """The older wheel's models as they are: MediaPipe takes them and puts every point somewhere else."""
    import struct
    import zipfile

    path = tmp_path / "face.task"
    with zipfile.ZipFile(face_model) as good, zipfile.ZipFile(path, "w") as bundle:
        for name in good.namelist():
            data = good.read(name)
            for size in (1, 2, 2 * 3 * 3 * 32):  # the shapes, and the bytes of bias and filter
                data = data.replace(struct.pack("<I", 1434 * size), struct.pack("<I", 1404 * size))
            bundle.writestr(name, data)
    with pytest.raises(EnvironmentUnusableError, match="it gives fewer points than are read from it"):
        answers(FaceLandmarks(path), demos)


def test_validate_measures_it_beside_the_rule(face_model: Path, tmp_path: Path) -> None:
    said = run_command(
        "validate", "--compare", "--traits", "expression", "--face-model", face_model, "--json", "-"
    )
    detectors = {d["detector"].partition("@")[0]: d for d in said.json["detectors"]}
    assert set(detectors) == {"expression.mediapipe", "expression.mouth_curvature"}
    mine = detectors["expression.mediapipe"]
    assert not mine["passes"]
    assert mine["microseconds"] > 0
