"""What a config says, as values: which detector answers for each trait, and what was measured of it.

Knows nothing of how it is written down.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from punkdetect.config.nodes import Place
from punkdetect.packaged import LABELS, packaged_path

DEFAULT_THRESHOLD = 0.70
"""A trait is shown when the lower end of its Wilson interval reaches this; the config may say otherwise."""

DEFAULT_LABELS = "../data/validation_labels.csv"
"""Label file of the measured figures, seen from the folder of the config."""

Knots = tuple[tuple[float, float], ...]
"""What a detector's confidence is worth: (its own confidence, chance of being right), rising in both."""

CalibrationTable = Mapping[str, Knots]
"""By value, with the row `any` for all values that have none of their own; see `calibration`."""

ANY = "any"
"""Row of a calibration that holds for every value without a row of its own."""


class Measured(NamedTuple):
    """What one run of `validate` measured of one detector.

    Parameters
    ----------
    how : str
        `fixed`: a rule, measured on the labelled portraits. `out-of-fold`: a learned detector, each
        portrait answered by a model that was not fitted to it or its family.
    n, correct : int
        Labelled portraits of real collections that had a picture, and how many were answered rightly.
    accuracy, wilson_low, balanced_accuracy, constant_accuracy : float
        Share right; lower end of its 95 % Wilson interval; mean recall over the values; accuracy of the
        best constant answer.
    labels_sha256 : str
        Digest of the label file.
    detector, detector_version : str
        Name and version of the detector that was measured.
    model_sha256 : str or None
        Digest of its model file, if it has one.
    calibration : CalibrationTable
        What its confidences are worth; empty: they are taken as they are.
    """

    how: str
    n: int
    correct: int
    accuracy: float
    wilson_low: float
    balanced_accuracy: float
    constant_accuracy: float
    labels_sha256: str
    detector: str
    detector_version: str
    model_sha256: str | None = None
    calibration: CalibrationTable = {}  # noqa: RUF012  (never changed)


class TraitSetting(NamedTuple):
    """What the config says of one trait.

    Parameters
    ----------
    trait : str
    detector : str
        Name of the detector that answers, `<trait>.<method>`.
    show : str
        `auto`: as the gate decides; `always` or `never`: forced by a person.
    min_confidence : float or None
        Answers below it are held back; None: the config's own.
    measured : Measured or None
    place : Place
        Where the trait is named, for messages.
    """

    trait: str
    detector: str
    show: str = "auto"
    min_confidence: float | None = None
    measured: Measured | None = None
    place: Place = Place(Path("features.yaml"))


class Config(NamedTuple):
    """A whole config file.

    Parameters
    ----------
    path : Path
        The file it was read from.
    traits : mapping of str to TraitSetting
        In the order of the file.
    threshold : float
        What the lower end of the Wilson interval must reach.
    min_confidence : float
        Answers below it are held back, for every trait that says nothing else.
    labels : str
        The label file of the measured figures, relative to the config's folder.
    face_model : str or None
        The face model of detectors that need one, relative to the config's folder; None: their default.
    """

    path: Path
    traits: Mapping[str, TraitSetting]
    threshold: float = DEFAULT_THRESHOLD
    min_confidence: float = 0.0
    labels: str = DEFAULT_LABELS
    face_model: str | None = None

    @property
    def face_model_path(self) -> Path | None:
        """The face model that it names."""
        return Path(os.path.normpath(self.path.parent / self.face_model)) if self.face_model else None

    @property
    def labels_path(self) -> Path:
        """The label file the figures were measured on, if it is still there.

        Where nothing lies in the default place, the packaged file is meant: a copy of the packaged config
        holds its figures.
        """
        path = Path(os.path.normpath(self.path.parent / self.labels))
        return packaged_path(LABELS) if self.labels == DEFAULT_LABELS and not path.exists() else path

    @property
    def files(self) -> tuple[Path, Path]:
        """What is read to know which trait is shown, and must not be written over: config and labels."""
        return self.path, self.labels_path

    def with_measured(self, trait: str, detector: str, measured: Measured | None) -> Config:
        """Return a copy in which `trait` has these figures; a trait it did not name is added."""
        old = self.traits.get(trait) or TraitSetting(trait, detector)
        new = old._replace(detector=detector, measured=measured)
        return self._replace(traits={**self.traits, trait: new})
