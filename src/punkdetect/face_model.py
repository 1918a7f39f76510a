"""Makes the face model that `expression.mediapipe` needs, from a MediaPipe wheel that still carried one.

Current MediaPipe ships no model. The wheel of 0.10.21 holds two: one finds faces, the other 468 points on a
face. A `.task` bundle is a zip of both, stored uncompressed. Today's MediaPipe reads 478 points from it (ten
more on the irises) and, given 468, takes the numbers apart in the wrong places, so that every point lands
somewhere else although nothing complains; therefore the last layer of the second model is made ten points
longer. Knows zip and TensorFlow Lite files; knows nothing of portraits.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

from punkdetect.errors import EnvironmentUnusableError, UsageError

WHEEL = "mediapipe==0.10.21"
"""The last version that carried both models; Apache-2.0, as they are."""

FACES = ("mediapipe/modules/face_detection/face_detection_short_range.tflite",
         "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8")  # fmt: skip
POINTS = ("mediapipe/modules/face_landmark/face_landmark.tflite",
          "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814")  # fmt: skip
"""Where the models lie in the wheel, and their SHA-256."""

MEMBERS = ("face_detector.tflite", "face_landmarks_detector.tflite")
"""Their names in a bundle."""

HAS_POINTS, WANTED_POINTS = 468, 478
COORDINATES = 3
ALIGNMENT = 16
"""Bytes at whose multiples TensorFlow Lite wants weights to lie."""

OLDEST_DATE = (1980, 1, 1, 0, 0, 0)
"""A zip's first day, so that the bundle has the same bytes whenever it is made."""

HOW_TO_MAKE = "punkdetect face-model makes one"


def default_face_model() -> Path:
    """Return where a person's face model lies unless another is named: a folder of theirs, by system."""
    for variable in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        if folder := os.environ.get(variable):
            return Path(folder) / "punkdetect" / "face.task"
    return Path.home() / ".local" / "share" / "punkdetect" / "face.task"


def fetch_wheel() -> bytes:
    """Return the bytes of the wheel that holds the models, by this Python's pip and its settings.

    Raises
    ------
    EnvironmentUnusableError
        If there is no pip, or it cannot get the wheel.
    """
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        # Python 3.13 and other systems have no such wheel, but nothing in it is run: any will do.
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--only-binary=:all:", "--python-version", "3.12", "--implementation", "cp", "--abi", "cp312",
            "--platform", "manylinux_2_28_x86_64", "--dest", folder, WHEEL,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            said = done.stderr.strip().splitlines()
            raise EnvironmentUnusableError(
                f"pip could not fetch {WHEEL}{': ' + said[-1] if said else ''}; get that wheel in another "
                "way and name it with --wheel"
            )
        return wheels[0].read_bytes()


def make_face_model(wheel: bytes, where: str = WHEEL) -> bytes:
    """Return the face model made of the two models in a wheel.

    Parameters
    ----------
    wheel : bytes
    where : str
        What messages call it.

    Raises
    ------
    UsageError
        If it is no wheel, or does not hold the very models.
    """
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(wheel)) as source:
            found = [source.read(name) for name, _ in (FACES, POINTS)]
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError) as error:
        raise UsageError(f"{where}: not the wheel of {WHEEL}: {error}") from None
    for data, (name, sha256) in zip(found, (FACES, POINTS), strict=True):
        if hashlib.sha256(data).hexdigest() != sha256:
            raise UsageError(f"{where}: {name} in it is not that of {WHEEL} (its sha256 differs)")
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as target:
        for name, data in zip(MEMBERS, (found[0], lengthen(found[1])), strict=True):
            target.writestr(zipfile.ZipInfo(name, OLDEST_DATE), data)
    return bundle.getvalue()


def lengthen(model: bytes) -> bytes:
    """Return a face mesh model that gives ten points more: its last ones once again.

    The last convolution has a filter and a bias for each coordinate; the last thirty of them are appended
    once more and the tensors' shapes say so. A flatbuffer's offsets point forward, so the longer weights go
    to the end of the file and the old ones stay where they are, unused.

    Parameters
    ----------
    model : bytes
        A TensorFlow Lite file with 1404 outputs.

    Raises
    ------
    ValueError
        If nothing in it has that many.

    References
    ----------
    TensorFlow Lite schema 3: Model, SubGraph, Tensor and Buffer; https://flatbuffers.dev, "Internals".
    """
    data = bytearray(model)
    root = _follow(data, 0)
    (graph, *_) = _items(data, root, 2)
    buffers = _items(data, root, 4)
    tensors = [(tensor, _long_sizes(data, tensor)) for tensor in _items(data, graph, 0)]
    tensors = [(tensor, sizes) for tensor, sizes in tensors if sizes]
    if not tensors:
        raise ValueError(f"no tensor of {HAS_POINTS * COORDINATES} coordinates")
    for tensor, sizes in tensors:
        for size in sizes:
            struct.pack_into("<I", data, size, WANTED_POINTS * COORDINATES)
        buffer = _field(data, tensor, 2)
        weights = None if buffer is None else _field(data, buffers[_number(data, buffer)], 0)
        if weights is not None:
            _append_rows(data, weights)
    return bytes(data)


def _long_sizes(data: bytearray, tensor: int) -> list[int]:
    """Return where in a tensor's shape the number of coordinates stands."""
    shape = _field(data, tensor, 0)
    sizes = [] if shape is None else _cells(data, shape)
    return [size for size in sizes if _number(data, size) == HAS_POINTS * COORDINATES]


def _append_rows(data: bytearray, place: int) -> None:
    """Let the vector that `place` points to end with its last rows once more."""
    start = _follow(data, place)
    length = _number(data, start)
    old = bytes(data[start + 4 : start + 4 + length])
    more = old[-(length // HAS_POINTS) * (WANTED_POINTS - HAS_POINTS) :]
    data.extend(b"\0" * (-(len(data) + 4) % ALIGNMENT))
    struct.pack_into("<I", data, place, len(data) - place)
    data.extend(struct.pack("<I", length + len(more)) + old + more)


def _number(data: bytearray, place: int) -> int:
    return int(struct.unpack_from("<I", data, place)[0])


def _follow(data: bytearray, place: int) -> int:
    """Return where the offset at `place` leads."""
    return place + _number(data, place)


def _field(data: bytearray, table: int, number: int) -> int | None:
    """Return where a table's field lies; None if it has its default."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    slot = 4 + 2 * number
    if slot >= struct.unpack_from("<H", data, vtable)[0]:
        return None
    offset = struct.unpack_from("<H", data, vtable + slot)[0]
    return table + offset if offset else None


def _cells(data: bytearray, place: int) -> list[int]:
    """Return where the elements of a vector lie, four bytes each."""
    start = _follow(data, place)
    return [start + 4 + 4 * i for i in range(_number(data, start))]


def _items(data: bytearray, table: int, number: int) -> list[int]:
    """Return the tables that a table's vector field points to."""
    place = _field(data, table, number)
    return [] if place is None else [_follow(data, cell) for cell in _cells(data, place)]


def is_face_model(head: bytes) -> bool:
    """Tell whether a file starts like one that `make_face_model` made."""
    return head.startswith(b"PK\x03\x04") and MEMBERS[0].encode() in head[:100]


def read_face_model(path: Path) -> bytes:
    """Return the bytes of a face model, or say what is wrong with the file.

    Raises
    ------
    EnvironmentUnusableError
        If it is missing or no bundle of two models stored uncompressed.
    """
    import zipfile

    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise EnvironmentUnusableError(f"{path}: there is no face model here; {HOW_TO_MAKE}") from None
    except OSError as error:
        raise EnvironmentUnusableError(
            f"{path}: cannot read this face model: {error.strerror or error}"
        ) from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            held = {info.filename: info.compress_type for info in bundle.infolist()}
            broken = bundle.testzip()
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise _not_a_model(path, f"it is no .task bundle ({error})") from None
    missing = [name for name in MEMBERS if name not in held]
    if missing:
        raise _not_a_model(path, f"it holds no {missing[0]}")
    if broken:
        raise _not_a_model(path, f"{broken} in it is damaged")
    if any(kind != zipfile.ZIP_STORED for kind in held.values()):
        raise _not_a_model(path, "its models are compressed, and MediaPipe wants them stored")
    return data


def _not_a_model(path: Path, why: str) -> EnvironmentUnusableError:
    return EnvironmentUnusableError(f"{path}: not a face model: {why}; {HOW_TO_MAKE}")


def write_face_model(write: Callable[[bytes], None], wheel: Path | None) -> None:
    """Make the model from a wheel that is here, or else fetched, and hand its bytes on."""
    if wheel is None:
        write(make_face_model(fetch_wheel()))
        return
    try:
        data = wheel.read_bytes()
    except OSError as error:
        raise UsageError(f"{wheel}: cannot read this wheel: {error.strerror or error}") from None
    write(make_face_model(data, str(wheel)))
