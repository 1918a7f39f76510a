"""The face model: made of the two models of an older wheel, ten points longer; bad files are told apart."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fakes import run_command
from punkdetect import face_model
from punkdetect.errors import EnvironmentUnusableError, UsageError
from punkdetect.face_model import MEMBERS, default_face_model, lengthen, make_face_model, read_face_model


class Flat:
    """A flatbuffer under construction: tables with a fixed number of slots, vectors, forward offsets."""

    def __init__(self) -> None:
        self.data = bytearray(4)

    def table(self, slots: int) -> list[int]:
        """Append a table; return where it starts, then where its slots lie."""
        vtable = len(self.data)
        sizes = [4 + 2 * slots, 4 + 4 * slots, *(4 + 4 * i for i in range(slots))]
        self.data += struct.pack(f"<{2 + slots}H", *sizes)
        self.data += b"\0" * (-len(self.data) % 4)
        start = len(self.data)
        self.data += struct.pack("<i", start - vtable) + bytes(4 * slots)
        return [start, *(start + 4 + 4 * i for i in range(slots))]

    def vector(self, slot: int, numbers: list[int]) -> list[int]:
        """Append a vector of numbers that a slot points to; return where they lie."""
        self.data += b"\0" * (-len(self.data) % 4)
        self.point(slot, len(self.data))
        start = len(self.data) + 4
        self.data += struct.pack(f"<{1 + len(numbers)}I", len(numbers), *numbers)
        return [start + 4 * i for i in range(len(numbers))]

    def point(self, slot: int, target: int) -> None:
        struct.pack_into("<I", self.data, slot, target - slot)


def tiny_model(outputs: int) -> tuple[bytes, int, int]:
    """A model of one weight of two bytes an output; where its shape and the slot of its data lie."""
    flat = Flat()
    model = flat.table(5)
    flat.point(0, model[0])
    (graph_cell,) = flat.vector(model[3], [0])
    buffer_cells = flat.vector(model[5], [0, 0])
    graph = flat.table(1)
    flat.point(graph_cell, graph[0])
    tensor_cells = flat.vector(graph[1], [0, 0])
    weights, other = flat.table(3), flat.table(3)
    for cell, tensor in zip(tensor_cells, (weights, other), strict=True):
        flat.point(cell, tensor[0])
    (shape,) = flat.vector(weights[1], [outputs])
    flat.vector(other[1], [3])
    struct.pack_into("<I", flat.data, weights[3], 1)
    empty, full = flat.table(0), flat.table(1)
    for cell, buffer in zip(buffer_cells, (empty, full), strict=True):
        flat.point(cell, buffer[0])
    flat.point(full[1], len(flat.data))
    flat.data += struct.pack(f"<I{outputs}H", 2 * outputs, *range(outputs))
    return bytes(flat.data), shape, full[1]


def test_the_last_ten_points_are_appended_once_more() -> None:
    model, shape, slot = tiny_model(1404)
    longer = lengthen(model)
    assert struct.unpack_from("<I", longer, shape) == (1434,)
    start = slot + struct.unpack_from("<I", longer, slot)[0]
    (length,) = struct.unpack_from("<I", longer, start)
    assert length == 2 * 1434
    assert (start + 4) % 16 == 0
    numbers = struct.unpack_from("<1434H", longer, start + 4)
    assert numbers == (*range(1404), *range(1374, 1404))


def test_a_model_of_another_size_is_not_lengthened() -> None:
    with pytest.raises(ValueError, match="no tensor of 1404"):
        lengthen(tiny_model(1405)[0])


def wheel(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"something")
    return path


def bundle(path: Path, names: tuple[str, ...] = MEMBERS, kind: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name in names:
            archive.writestr(name, b"model" * 100)
    return path


def test_another_wheel_is_refused(tmp_path: Path) -> None:
    path = wheel(tmp_path / "other.whl", "mediapipe/__init__.py")
    with pytest.raises(UsageError, match=r"not the wheel of mediapipe==0\.10\.21"):
        make_face_model(path.read_bytes())
    with pytest.raises(UsageError, match="not the wheel of"):
        make_face_model(b"no zip at all")


def test_models_that_were_changed_are_refused(tmp_path: Path) -> None:
    path = wheel(tmp_path / "other.whl", face_model.FACES[0], face_model.POINTS[0])
    with pytest.raises(UsageError, match="its sha256 differs"):
        make_face_model(path.read_bytes())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "there is no face model here"),
        (lambda path: path.mkdir(), "cannot read this face model: Is a directory"),
        (lambda path: path.write_bytes(b""), "it is no .task bundle"),
        (lambda path: path.write_bytes(b"PK" * 40), "it is no .task bundle"),
        (lambda path: bundle(path, MEMBERS[:1]), "it holds no face_landmarks_detector.tflite"),
        (lambda path: bundle(path, kind=zipfile.ZIP_DEFLATED), "its models are compressed"),
        (
            lambda path: bundle(path).write_bytes(path.read_bytes().replace(b"modelmo", b"m0delmo", 1)),
            "damaged",
        ),
    ],
)
def test_a_missing_or_broken_face_model_is_told_with_what_to_do(
    tmp_path: Path, make: Any, words: str
) -> None:
    path = tmp_path / "face.task"
    make(path)
    with pytest.raises(EnvironmentUnusableError) as caught:
        read_face_model(path)
    assert words in caught.value.message
    assert str(path) in caught.value.message
    assert "directory" in words or "punkdetect face-model makes one" in caught.value.message


def test_a_sound_bundle_is_read(tmp_path: Path) -> None:
    path = bundle(tmp_path / "face.task")
    assert read_face_model(path) == path.read_bytes()


def test_the_command_writes_where_the_detector_looks_or_where_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bundle(tmp_path / "made.task").read_bytes()
    monkeypatch.setattr(face_model, "make_face_model", lambda wheel, where="": made)
    monkeypatch.setattr(face_model, "fetch_wheel", lambda: b"")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    result = run_command("face-model")
    assert (result.code, str(default_face_model()) in result.err) == (0, True)
    assert default_face_model().read_bytes() == made
    assert default_face_model().is_relative_to(tmp_path / "home")
    assert run_command("face-model", "--quiet").code == 0, "its own output needs no force"
    (tmp_path / "mine").write_text("something of mine")
    assert run_command("face-model", "-o", tmp_path / "mine").code == 2
    assert run_command("face-model", "-o", tmp_path / "mine", "--force").code == 0
    assert run_command("face-model", "-o", "-").out == made


def test_a_wheel_that_is_here_is_used_and_a_wrong_one_refused(tmp_path: Path) -> None:
    path = wheel(tmp_path / "other.whl", "mediapipe/__init__.py")
    result = run_command("face-model", "-o", tmp_path / "face.task", "--wheel", path)
    assert (result.code, "other.whl: not the wheel of" in result.err) == (2, True)
    assert not (tmp_path / "face.task").exists()
    missing = run_command("face-model", "-o", tmp_path / "face.task", "--wheel", tmp_path / "none.whl")
    assert (missing.code, "cannot read this wheel" in missing.err) == (2, True)


def test_without_the_wheel_to_be_had_the_person_learns_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    result = run_command("face-model", "-o", tmp_path / "face.task")
    assert (result.code, "pip could not fetch mediapipe==0.10.21" in result.err) == (3, True)
    assert "--wheel" in result.err
