"""Detectors whose right answer is known, the command run inside the test, and small pictures."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field, fields, is_dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import numpy as np

from punkdetect.images import encode_png
from punkdetect.punks import NOT_FOUND, TraitColumn
from punkdetect.vocabulary import TRAITS


@dataclass
class CornerDetector:
    """Answers from the top left pixel: red is the value code, green the confidence; no pixel, no answer."""

    trait: str = "expression"
    method: str = "corner"
    version: int | str = 1
    vocabulary: tuple[str, ...] = ()
    calls: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.vocabulary = self.vocabulary or TRAITS.get(self.trait, ())

    @property
    def name(self) -> str:
        return f"{self.trait}.{self.method}"

    def detect(self, punks: Any, landmarks: Any) -> TraitColumn:
        self.calls.append(len(punks))
        corner = punks.rgba[:, 0, 0].astype(int)
        found = corner[:, 3] > 0
        values = corner[:, 0] % len(self.vocabulary) if self.vocabulary else corner[:, 0] << 16
        evidence = np.zeros((len(punks), 24, 24), bool)
        evidence[:, 0, 0] = found
        return TraitColumn(
            self.trait,
            np.where(found, values, NOT_FOUND),
            np.where(found, corner[:, 1] / 255, 0.0),
            evidence,
            self.vocabulary,
        )


@dataclass
class FussyDetector(CornerDetector):
    """Fails on every portrait whose top left pixel has blue 13."""

    method: str = "fussy"

    def detect(self, punks: Any, landmarks: Any) -> TraitColumn:
        if (punks.rgba[:, 0, 0, 2] == 13).any():
            raise ZeroDivisionError("thirteen\nis too much")
        return super().detect(punks, landmarks)


def portrait(red: int = 0, green: int = 255, blue: int = 0, alpha: int = 255) -> np.ndarray:
    """A portrait of two colours whose corner says what `CornerDetector` answers."""
    rgba = np.full((24, 24, 4), (90, 160, 200, 255), np.uint8)
    rgba[8:, 6:18] = (219, 177, 128, 255)
    rgba[0, 0] = (red, green, blue, alpha)
    return rgba


def write_portrait(path: Path, red: int = 0, green: int = 255, blue: int = 0, alpha: int = 255) -> Path:
    """Write such a portrait as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_png(portrait(red, green, blue, alpha)))
    return path


@dataclass
class Result:
    """What a run of the command left: exit code, standard output as bytes, standard error."""

    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run_command(*args: str | Path, stdin: bytes = b"") -> Result:
    """Run the command line inside this process."""
    from punkdetect.cli import run

    saved = sys.stdin, sys.stdout, sys.stderr
    out, err = TextIOWrapper(BytesIO(), "utf-8"), TextIOWrapper(BytesIO(), "utf-8", "backslashreplace")
    sys.stdin, sys.stdout, sys.stderr = TextIOWrapper(BytesIO(stdin)), out, err
    try:
        code = run([str(arg) for arg in args])
        out.flush()
        err.flush()
        return Result(code, out.buffer.getvalue(), err.buffer.getvalue().decode())
    finally:
        sys.stdin, sys.stdout, sys.stderr = saved


def start_process(command: list[str], **more: Any) -> subprocess.Popen[Any]:
    """Start a process that Ctrl-C reaches, even where the tests themselves run with it ignored.

    A background job of a shell ignores it, and its children inherit that; a handler they do not inherit.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, **more)
    finally:
        signal.signal(signal.SIGINT, before)


def parts_of(noun: object) -> tuple[str, ...]:
    """Names of the fields of a landmark, or of any other noun; none of anything else."""
    if is_dataclass(noun):
        return tuple(part.name for part in fields(noun))
    return getattr(noun, "_fields", ())


def use_detectors(monkeypatch: Any, *detectors: Any) -> None:
    """Let the registry find these detectors and no others."""
    monkeypatch.setattr(
        "punkdetect.detectors._built_in", lambda: iter([("punkdetect", d) for d in detectors])
    )


def measured_block(n: int = 100, correct: int = 99, **changes: Any) -> dict[str, Any]:
    """Figures that pass the gate, with changes."""
    from punkdetect.metrics import wilson_interval

    block = {
        "how": "fixed",
        "n": n,
        "correct": correct,
        "accuracy": round(correct / n, 4),
        "wilson_low": round(wilson_interval(correct, n)[0], 4),
        "balanced_accuracy": 0.9,
        "constant_accuracy": 0.5,
        "labels_sha256": "0" * 64,
        "detector": "expression.corner",
        "detector_version": "1",
        "model_sha256": None,
    }
    return {**block, **changes}
