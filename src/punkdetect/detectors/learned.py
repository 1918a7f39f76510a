"""Learned detectors: what a network or a regression was taught by labelled portraits.

Looks for nothing that a rule could name: a hat, a tie or curls are what looked like that in the portraits it
was fitted to. A few networks answer for several traits together and are run once for a batch, however many of
them are asked for; the regression weighs hand-made numbers of hair, and smaller networks the signs that the
rules of a trait ask about. Which portraits they were fitted to, and what they answered on each when they had
not seen it, stands in the model cards beside the files.

Cannot see what no training portrait had. Confidences are calibrated on those unseen answers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from punkdetect.detectors._network_input import network_input
from punkdetect.errors import EnvironmentUnusableError
from punkdetect.inference import Regression, parse_regression, read_model, softmax
from punkdetect.integer_network import DescribedEnsemble, Ensemble, parse_described, parse_networks
from punkdetect.landmarks import Landmarks
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, FloatArray, IntArray, Punks, TraitColumn, make_column
from punkdetect.records import Record
from punkdetect.vocabulary import TRAITS

MODELS = Path(__file__).parent.parent / "models"
"""Folder of the shipped models; `index.json` lists them with their digests."""

VERSION_LENGTH = 12
"""Hex digits of a model's digest that are its version."""

OWN_MODELS = "PUNKDETECT_MODELS"
"""Environment variable that names a folder of a person's own models, as `punkdetect train` writes them."""

BESIDE_EYES = 2
"""Columns between the eyes and the sides of the head, for evidence around the ears."""

MOUTH_HEIGHT = 6
"""Rows from the eyes down to the mouth, for evidence around it."""


Describe = Callable[[Punks, Landmarks], tuple[tuple[str, ...], FloatArray]]
"""Gives the names of numbers that describe portraits, and the numbers, shape (N, F)."""


def _described_by(module: str, function: str) -> Describe:
    """Return a function that is imported when it is first called: most portraits are never asked about."""

    def describe(punks: Punks, landmarks: Landmarks) -> tuple[tuple[str, ...], FloatArray]:
        found: Describe = getattr(import_module(f"punkdetect.detectors.{module}"), function)
        return found(punks, landmarks)

    return describe


SIGNS = {
    "headwear": _described_by("_headwear.features", "headwear_features"),
    "earrings": _described_by("_ears.features", "earrings_features"),
    "eyewear": _described_by("_eyewear.features", "eyewear_features"),
    "mouth_item": _described_by("_mouth.features", "mouth_features"),
    "facial_hair": _described_by("_facial_hair.features", "facial_hair_features"),
}
"""By trait, what gives the signs that its rules ask about in numbers: small networks weigh them."""

DESCRIBE = {
    "hair": _described_by("_hair_features", "hair_features"),
    "portrait": _described_by("_portrait_features", "portrait_features"),
    **SIGNS,
}
"""What describes a portrait to a model that does not see its pixels, by kind of model: regressions on
features of the hair or of it all, and what weighs the signs of a trait."""

KINDS = ("network", *DESCRIBE)
"""Kinds of model: the convolutional network, and those on what describes a portrait."""


ALL = slice(None)
"""Every portrait of a batch."""


class Head(Record):
    """What the index says of one trait of one model.

    Parameters
    ----------
    trait, method : str
        The detector is called `<trait>.<method>`.
    kind : str
        One of `KINDS`.
    file : Path
    sha256 : str
        Digest of the file.
    first : int
        The first of the network's columns that belong to the trait; 0 for a regression.
    temperature : float
        Divides the logits, so that confidences are as high as the answers are often right.
    """

    trait: str
    method: str
    kind: str
    file: Path
    sha256: str
    first: int
    temperature: float


class Learned:
    """One trait, as a fitted model answers it."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.trait = head.trait
        self.name = f"{head.trait}.{head.method}"
        self.version: int | str = head.sha256[:VERSION_LENGTH]
        self.vocabulary = TRAITS[head.trait]
        self.model_card = head.file.with_name(f"{self.name}.card.json")

    @property
    def model_digest(self) -> str:
        """SHA-256 of the model file as it lies on the disk.

        Raises
        ------
        EnvironmentUnusableError
            If it is not the one that was shipped.
        """
        _model_bytes(self.head.file, self.head.sha256)
        return self.head.sha256

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return what the model says of every portrait; not found where there is no face."""
        chances = self.chances(punks, landmarks)
        codes = np.where(landmarks.face.found, chances.argmax(axis=1), NOT_FOUND)
        return make_column(self.trait, codes, chances.max(axis=1), self.evidence(landmarks))

    def chances(self, punks: Punks, landmarks: Landmarks) -> FloatArray:
        """Return the calibrated chance of every value, shape (N, values), in [0, 1]."""
        return softmax(self.logits(punks, landmarks), self.head.temperature)

    def evidence(self, landmarks: Landmarks, some: IntArray | slice = ALL) -> BoolArray:
        """Return the part of each of some portraits that the trait is about, shape (M, 24, 24)."""
        return _evidence(self.trait, landmarks, some)

    def logits(self, punks: Punks, landmarks: Landmarks) -> FloatArray:
        """Return the model's raw answers, shape (N, values)."""
        if self.head.kind != "network":
            names, values = DESCRIBE[self.head.kind](punks, landmarks)
            open_model = _described if self.head.kind in SIGNS else _regression
            model = open_model(self.head.file, self.head.sha256)
            if names != model.names:
                raise EnvironmentUnusableError(f"{self.head.file}: fitted to other features; fit it again")
            return model.logits(values)
        answers = _answers(self.head.file, self.head.sha256, punks, landmarks)
        return answers[:, self.head.first : self.head.first + len(self.vocabulary)].astype(np.float64)


@lru_cache(maxsize=8)
def _model_bytes(file: Path, sha256: str) -> bytes:
    """Read and check a file once, however many traits it answers for; a damaged one is looked at again."""
    return read_model(file, sha256)


@lru_cache(maxsize=8)
def _regression(file: Path, sha256: str) -> Regression:
    return parse_regression(_model_bytes(file, sha256))


@lru_cache(maxsize=8)
def _network(file: Path, sha256: str) -> Ensemble:
    return parse_networks(_model_bytes(file, sha256))


@lru_cache(maxsize=8)
def _described(file: Path, sha256: str) -> DescribedEnsemble:
    return parse_described(_model_bytes(file, sha256))


_known: WeakKeyDictionary[Landmarks, dict[str, NDArray[np.float32]]] = WeakKeyDictionary()
"""The networks' answers for landmarks that are still in use: they go when the landmarks do."""

_lock = Lock()


def _answers(file: Path, sha256: str, punks: Punks, landmarks: Landmarks) -> NDArray[np.float32]:
    """Run a network once for a batch, however many traits are asked for."""
    with _lock:
        known = _known.setdefault(landmarks, {})
        if sha256 not in known:
            known[sha256] = _network(file, sha256).run(network_input(punks, landmarks))
        return known[sha256]


def _evidence(trait: str, landmarks: Landmarks, some: IntArray | slice) -> BoolArray:
    """Return the part of each portrait that the trait is about: a model does not say which pixels decided."""
    regions, face = landmarks.regions, landmarks.face
    hair = regions.hair[some]
    if trait in ("hairstyle", "hair_length", "hair_color"):
        return hair
    if trait == "headwear":
        return regions.headwear[some]
    figure = ~landmarks.background.mask[some]
    row = np.arange(SIDE)[None, :, None] - np.where(face.found, face.eye_row, 0)[some, None, None]
    if trait == "neckwear":
        return figure & (row > MOUTH_HEIGHT + 2) & ~hair
    if trait in ("facial_hair", "mouth_item", "expression"):
        return figure & (row >= MOUTH_HEIGHT - 2) & (row <= MOUTH_HEIGHT + 3) & ~hair
    if trait == "eyewear":
        return figure & (row >= -1) & (row <= 2) & ~hair
    if trait == "earrings":
        col = np.arange(SIDE)[None, None, :]
        left, right = (eye[some, None, None] for eye in (face.left_eye_col, face.right_eye_col))
        beside = (col < left - BESIDE_EYES) | (col > right + BESIDE_EYES + 1)
        beside = figure & (row >= 0) & (row <= MOUTH_HEIGHT) & beside & ~hair
        from punkdetect.detectors._ears.pieces import (
            likeliest_piece,
        )  # as seldom wanted as models of earrings

        piece = likeliest_piece(landmarks if isinstance(some, slice) else landmarks.take(some))
        return np.where(piece.any(axis=(1, 2), keepdims=True), piece, beside)
    return figure


def read_heads(folder: Path = MODELS, remedy: str = "install punkdetect again") -> tuple[Head, ...]:
    """Read the index of a folder of models.

    Parameters
    ----------
    folder : Path
    remedy : str
        What to do about a damaged one, for the message.

    Raises
    ------
    EnvironmentUnusableError
        If there is an index but it cannot be understood.
    """
    index = folder / "index.json"
    try:
        entries = json.loads(index.read_bytes())
        if not isinstance(entries, list):
            raise ValueError("it is no list")
        heads = tuple(
            Head(
                e["trait"],
                e["method"],
                e["kind"],
                folder / e["file"],
                e["sha256"],
                int(e["first"]),
                float(e["temperature"]),
            )
            for e in entries
        )
        if any(head.trait not in TRAITS or head.kind not in KINDS for head in heads):
            raise ValueError("a trait or a kind of model that this version does not know")
        return heads
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EnvironmentUnusableError(f"{index}: list of models damaged ({error}); {remedy}") from None


def _all_heads() -> tuple[Head, ...]:
    own = os.environ.get(OWN_MODELS)
    return read_heads() + (_own_heads(Path(own)) if own else ())


def _own_heads(folder: Path) -> tuple[Head, ...]:
    remedy = f"{OWN_MODELS} must name a folder that punkdetect train wrote, or be unset"
    if not (folder / "index.json").is_file():
        why = "it has no index.json" if folder.is_dir() else "there is no such folder"
        raise EnvironmentUnusableError(f"{folder}: no models of your own: {why}; {remedy}")
    return read_heads(folder, remedy)


DETECTORS = tuple(Learned(head) for head in _all_heads())
