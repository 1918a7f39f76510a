"""Reads `features.yaml`: every type is checked here, and refused with its place.

`tree` reads the YAML. Knows nothing of which detectors exist: `gate` checks the names.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from punkdetect.config.nodes import Node, mapping_of, one_of, spoken
from punkdetect.config.settings import (
    ANY,
    DEFAULT_LABELS,
    DEFAULT_THRESHOLD,
    CalibrationTable,
    Config,
    Knots,
    Measured,
    TraitSetting,
)
from punkdetect.config.tree import read_tree
from punkdetect.errors import ConfigError
from punkdetect.packaged import CONFIG, local_or_packaged

MAX_BYTES = 64 * 1024
"""A config with every trait measured is about 20 KiB; anything larger is not a config."""

SHOW = ("auto", "always", "never")
HOW = ("fixed", "out-of-fold")


def find_config(path: Path | None) -> Path:
    """Return the config to use: the one asked for, else `./configs/features.yaml`, else the packaged one."""
    return path if path is not None else local_or_packaged(CONFIG)


def read_config(path: Path) -> Config:
    """Read and check a config file.

    Raises
    ------
    ConfigError
        With file, line and column, if anything in it cannot be meant.
    """
    return _Reader(path).config(read_tree(path, "config", MAX_BYTES))


_CONFIG_KEYS = ("threshold", "min_confidence", "labels", "face_model", "traits")
_NOT_ALWAYS = ("model_sha256", "calibration")
_TRAIT_KEYS = ("detector", "show", "min_confidence", "measured")


class _Reader:
    """Turns Nodes into a Config, checking every type."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def config(self, root: Node) -> Config:
        top = mapping_of(root, "a config", _CONFIG_KEYS)
        if "traits" not in top:
            raise ConfigError(f"{self.path}: says nothing of any trait (no key 'traits')")
        traits = mapping_of(top["traits"], "traits", None)
        return Config(
            path=self.path,
            traits={name: self.trait(name, node) for name, node in traits.items()},
            threshold=self.share(top.get("threshold"), "threshold", DEFAULT_THRESHOLD),
            min_confidence=self.share(top.get("min_confidence"), "min_confidence", 0.0),
            labels=self.text(top["labels"], "labels") if "labels" in top else DEFAULT_LABELS,
            face_model=self.text(top["face_model"], "face_model") if "face_model" in top else None,
        )

    def trait(self, name: str, node: Node) -> TraitSetting:
        keys = mapping_of(node, name, _TRAIT_KEYS)
        if "detector" not in keys:
            raise ConfigError(f"{node.key}: {name} names no detector")
        own = keys.get("min_confidence")
        return TraitSetting(
            trait=name,
            detector=self.text(keys["detector"], f"the detector of {name}"),
            show=one_of(keys["show"], "show", SHOW) if "show" in keys else "auto",
            min_confidence=None if own is None else self.share(own, "min_confidence", 0.0),
            measured=self.measured(keys["measured"]) if "measured" in keys else None,
            place=keys["detector"].place,
        )

    def measured(self, node: Node) -> Measured | None:
        if node.value is None:
            return None
        keys = mapping_of(node, "measured", Measured._fields)
        missing = [name for name in Measured._fields if name not in keys and name not in _NOT_ALWAYS]
        if missing:
            raise ConfigError(f"{node.key}: measured lacks {', '.join(missing)}")
        model = keys.get("model_sha256")
        return Measured(
            how=one_of(keys["how"], "how", HOW),
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
        rows = mapping_of(node, "calibration", None)
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

    def text(self, node: Node, what: str) -> str:
        if not isinstance(node.value, str) or not node.value:
            raise ConfigError(f"{node.place}: {what} must be text, not {spoken(node.value)}")
        return node.value

    def version(self, node: Node) -> str:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float, str)):
            raise ConfigError(f"{node.place}: detector_version must be a version, not {spoken(node.value)}")
        return str(node.value)

    def count(self, node: Node, what: str) -> int:
        if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 0:
            raise ConfigError(
                f"{node.place}: {what} must be a whole number such as 144, not {spoken(node.value)}"
            )
        return node.value

    def share(self, node: Node | None, what: str, default: float) -> float:
        if node is None:
            return default
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise ConfigError(
                f"{node.place}: {what} must be a number from 0 to 1 such as 0.7, not {spoken(value)}"
            )
        return float(value)
