"""Reads and writes `features.yaml`: which detector answers for each trait, and what was measured of it.

Every type is checked here, and refused with its place; `tree` reads the YAML. Knows nothing of which
detectors exist: `gate` checks the names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from punkdetect.config.tree import WORDS, Node, Place, parse_tree
from punkdetect.errors import ConfigError
from punkdetect.packaged import CONFIG, local_or_packaged

MAX_BYTES = 64 * 1024
"""A config with every trait measured is about 20 KiB; anything larger is not a config."""

DEFAULT_THRESHOLD = 0.70
"""A trait is shown when the lower end of its Wilson interval reaches this; the config may say otherwise."""

DEFAULT_LABELS = "../data/validation_labels.csv"
"""Label file of the measured figures, seen from the folder of the config."""

SHOW = ("auto", "always", "never")
HOW = ("fixed", "out-of-fold")


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
        """The label file the figures were measured on, if it is still there."""
        return Path(os.path.normpath(self.path.parent / self.labels))

    @property
    def files(self) -> tuple[Path, Path]:
        """What is read to know which trait is shown, and must not be written over: config and labels."""
        return self.path, self.labels_path

    def with_measured(self, trait: str, detector: str, measured: Measured | None) -> Config:
        """Return a copy in which `trait` has these figures; a trait it did not name is added."""
        old = self.traits.get(trait) or TraitSetting(trait, detector)
        new = old._replace(detector=detector, measured=measured)
        return self._replace(traits={**self.traits, trait: new})


def find_config(path: Path | None) -> Path:
    """Return the config to use: the one asked for, else `./configs/features.yaml`, else the packaged one."""
    return path if path is not None else local_or_packaged(CONFIG)


def is_special(path: Path) -> bool:
    """Tell whether something is there that is no file: a folder, or a pipe, which would be waited for."""
    try:
        return path.exists() and not path.is_file()
    except (OSError, ValueError):  # opening it says what is wrong
        return False


def read_config(path: Path) -> Config:
    """Read and check a config file.

    Raises
    ------
    ConfigError
        With file, line and column, if anything in it cannot be meant.
    """
    if is_special(path):
        raise ConfigError(f"{path}: cannot read this config: not a regular file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot read this config: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}: larger than {MAX_BYTES // 1024} KiB, which no config is")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start})") from None
    return _Reader(path).config(parse_tree(text, path))


_CONFIG_KEYS = ("threshold", "min_confidence", "labels", "face_model", "traits")
_NOT_ALWAYS = ("model_sha256", "calibration")
_TRAIT_KEYS = ("detector", "show", "min_confidence", "measured")


class _Reader:
    """Turns Nodes into a Config, checking every type."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def config(self, root: Node) -> Config:
        top = self.mapping(root, "a config", _CONFIG_KEYS)
        if "traits" not in top:
            raise ConfigError(f"{self.path}: says nothing of any trait (no key 'traits')")
        traits = self.mapping(top["traits"], "traits", None)
        return Config(
            path=self.path,
            traits={name: self.trait(name, node) for name, node in traits.items()},
            threshold=self.share(top.get("threshold"), "threshold", DEFAULT_THRESHOLD),
            min_confidence=self.share(top.get("min_confidence"), "min_confidence", 0.0),
            labels=self.text(top["labels"], "labels") if "labels" in top else DEFAULT_LABELS,
            face_model=self.text(top["face_model"], "face_model") if "face_model" in top else None,
        )

    def trait(self, name: str, node: Node) -> TraitSetting:
        keys = self.mapping(node, name, _TRAIT_KEYS)
        if "detector" not in keys:
            raise ConfigError(f"{node.key}: {name} names no detector")
        own = keys.get("min_confidence")
        return TraitSetting(
            trait=name,
            detector=self.text(keys["detector"], f"the detector of {name}"),
            show=self.choice(keys["show"], "show", SHOW) if "show" in keys else "auto",
            min_confidence=None if own is None else self.share(own, "min_confidence", 0.0),
            measured=self.measured(keys["measured"]) if "measured" in keys else None,
            place=keys["detector"].place,
        )

    def measured(self, node: Node) -> Measured | None:
        if node.value is None:
            return None
        keys = self.mapping(node, "measured", Measured._fields)
        missing = [name for name in Measured._fields if name not in keys and name not in _NOT_ALWAYS]
        if missing:
            raise ConfigError(f"{node.key}: measured lacks {', '.join(missing)}")
        model = keys.get("model_sha256")
        return Measured(
            how=self.choice(keys["how"], "how", HOW),
            n=self.count(keys["n"], "n"),
            correct=self.count(keys["correct"], "correct"),
            accuracy=self.share(keys["accuracy"], "accuracy", 0.0),
            wilson_low=self.share(keys["wilson_low"], "wilson_low", 0.0),
            balanced_accuracy=self.share(keys["balanced_accuracy"], "balanced_accuracy", 0.0),
            constant_accuracy=self.share(keys["constant_accuracy"], "constant_accuracy", 0.0),
            labels_sha256=self.text(keys["labels_sha256"], "labels_sha256"),
            detector=self.text(keys["detector"], "the measured detector"),
            detector_version=self.version(keys["detector_version"]),
            model_sha256=None if model is None or model.value is None else self.text(model, "model_sha256"),
            calibration=self.calibration(keys["calibration"]) if "calibration" in keys else {},
        )

    def calibration(self, node: Node) -> CalibrationTable:
        rows = self.mapping(node, "calibration", None)
        if ANY not in rows:
            raise ConfigError(f"{node.place}: calibration has no row {ANY!r}")
        return {value: self.knots(row) for value, row in rows.items()}

    def knots(self, node: Node) -> Knots:
        pairs = node.value if isinstance(node.value, list) else []
        if not pairs or not all(isinstance(p.value, list) and len(p.value) == 2 for p in pairs):
            raise ConfigError(
                f"{node.place}: a row of calibration must be pairs such as [[0.9, 0.8], [0.99, 0.97]]"
            )
        knots = tuple(
            (self.share(p.value[0], "a confidence", 0.0), self.share(p.value[1], "a chance", 0.0))
            for p in pairs
        )
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(knots)):
            raise ConfigError(f"{node.place}: a row of calibration must rise from pair to pair")
        return knots

    def mapping(self, node: Node, what: str, known: tuple[str, ...] | None) -> dict[str, Node]:
        if not isinstance(node.value, dict):
            raise ConfigError(f"{node.place}: {what} must be a mapping of names, not {_say(node.value)}")
        for key, value in node.value.items():
            if known is not None and key not in known:
                raise ConfigError(f"{value.key}: unknown key {key!r} in {what}{did_you_mean(key, known)}")
        return node.value

    def text(self, node: Node, what: str) -> str:
        if not isinstance(node.value, str) or not node.value:
            raise ConfigError(f"{node.place}: {what} must be text, not {_say(node.value)}")
        return node.value

    def choice(self, node: Node, what: str, choices: tuple[str, ...]) -> str:
        if node.value not in choices:
            raise ConfigError(
                f"{node.place}: {what} must be one of {', '.join(choices)}, not {_say(node.value)}"
                f"{did_you_mean(str(node.value), choices)}"
            )
        return str(node.value)

    def version(self, node: Node) -> str:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float, str)):
            raise ConfigError(f"{node.place}: detector_version must be a version, not {_say(node.value)}")
        return str(node.value)

    def count(self, node: Node, what: str) -> int:
        if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 0:
            raise ConfigError(
                f"{node.place}: {what} must be a whole number such as 144, not {_say(node.value)}"
            )
        return node.value

    def share(self, node: Node | None, what: str, default: float) -> float:
        if node is None:
            return default
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise ConfigError(
                f"{node.place}: {what} must be a number from 0 to 1 such as 0.7, not {_say(value)}"
            )
        return float(value)


def _say(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return f"the text {value!r}" if isinstance(value, str) else str(value).lower()


def did_you_mean(name: str, known: tuple[str, ...]) -> str:
    """Return `; did you mean X?` for the nearest of `known`, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


_HEAD = """\
# Which detector answers for each trait, and how often it was right.
#
# A trait is shown when the lower end of its 95 % Wilson interval reaches the threshold and its accuracy
# beats the best constant answer. `show: always` or `show: never` under a trait forces it, and the output
# then says so. The `measured` blocks are written by `punkdetect validate --update-config`; nobody types a
# number there. `calibration` says what a detector's own confidence is worth, for each value: [its own
# confidence, chance of being right].

"""


def render_config(config: Config) -> str:
    """Return the whole text of a config file in its one fixed layout.

    Reading it back gives an equal `Config`; comments that a person added are not kept.
    """
    lines = [
        f"threshold: {_number(config.threshold)}",
        f"min_confidence: {_number(config.min_confidence)}  # answers less sure than this are left empty",
        f"labels: {_quoted(config.labels)}  # what the figures were measured on, seen from this file",
        *([f"face_model: {_quoted(config.face_model)}"] if config.face_model else []),
        "",
        "traits:",
    ]
    for setting in config.traits.values():
        lines += _render_trait(setting)
    return _HEAD + "\n".join(lines) + "\n"


def _render_trait(setting: TraitSetting) -> list[str]:
    lines = [f"  {_quoted(setting.trait)}:", f"    detector: {_quoted(setting.detector)}"]
    if setting.show != "auto":
        lines.append(f"    show: {setting.show}")
    if setting.min_confidence is not None:
        lines.append(f"    min_confidence: {_number(setting.min_confidence)}")
    if setting.measured is not None:
        lines.append("    measured:")
        for name in Measured._fields:
            value = getattr(setting.measured, name)
            if name == "calibration":
                lines += _render_calibration(value)
            elif value is not None:
                lines.append(
                    f"      {name}: {_number(value) if isinstance(value, float) else _quoted(value)}"
                )
    return lines


def _render_calibration(table: CalibrationTable) -> list[str]:
    lines = ["      calibration:"] if table else []
    for value, knots in table.items():
        pairs = ", ".join(f"[{_number(level)}, {_number(chance)}]" for level, chance in knots)
        lines.append(f"        {_quoted(value)}: [{pairs}]")
    return lines


def _number(value: float) -> str:
    """Write a float with as many decimal places as it takes to read it back, and never with an exponent."""
    from decimal import Decimal

    text = format(Decimal(repr(float(value))), "f")
    return text if "." in text else f"{text}.0"


def _quoted(value: object) -> str:
    """Write a plain word as it is and everything else in double quotes."""
    text = str(value)
    if isinstance(value, int) or re.fullmatch(r"[a-z][a-z0-9_.-]*", text):
        return text if text not in WORDS else f'"{text}"'
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{escaped}"'
