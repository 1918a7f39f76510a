"""Decides which traits are shown: those measured to be right often enough.

A trait is shown when the lower end of its 95 % Wilson interval reaches the threshold AND its accuracy
beats the best constant answer. Figures that are missing, stale, contradictory or not finite withhold it,
with the reason. Knows what was measured and what the detectors call themselves; runs none of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from punkdetect.config import CalibrationTable, Config, Measured, TraitSetting, did_you_mean
from punkdetect.errors import ConfigError, UsageError
from punkdetect.metrics import wilson_interval
from punkdetect.named_files import read_named
from punkdetect.punks import Detector
from punkdetect.vocabulary import ALL_TRAITS, COLORS, TRAITS

ROUNDING = 1e-3
"""How far a figure may be from what its own n and correct give: figures are written with four places."""

NO_LABELS = ""
"""In place of the digest of a label file that is missing or cannot be read: what was measured on it counts no
more than what was measured on one that has changed."""


class Verdict(NamedTuple):
    """Whether a trait is shown.

    Parameters
    ----------
    shown : bool
        The last word, after a person's.
    passes : bool
        What the measured figures alone say.
    reason : str
        Why it is withheld, or why the figures would withhold it; empty if they do not.
    forced : bool
        Whether the config forces it on or off.
    """

    shown: bool
    passes: bool
    reason: str
    forced: bool = False


class TraitPlan(NamedTuple):
    """How one trait is answered in a run.

    Parameters
    ----------
    trait : str
    detector : Detector or None
        None: nothing installed can answer it.
    verdict : Verdict
    min_confidence : float
        Answers below it are held back.
    vocabulary : tuple of str
        Empty for a colour.
    run : bool
        Whether the detector is to run: when its answers are shown, or asked for all the same.
    measured : Measured or None
        What the config holds of this detector.
    calibration : CalibrationTable
        What the detector's confidences are worth; empty where that was never measured of this very detector.
    """

    trait: str
    detector: Detector | None
    verdict: Verdict
    min_confidence: float
    vocabulary: tuple[str, ...]
    run: bool
    measured: Measured | None = None
    calibration: CalibrationTable = {}  # noqa: RUF012  (never changed)

    @property
    def detector_id(self) -> str:
        """`name@version`, as the outputs name who answered."""
        return f"{self.detector.name}@{self.detector.version}" if self.detector else ""

    @property
    def is_color(self) -> bool:
        """Whether its values are `#rrggbb`."""
        return self.trait in COLORS


def judge(
    setting: TraitSetting,
    detector: Detector,
    threshold: float,
    labels_sha256: str | None,
    stale: str | None = None,
) -> Verdict:
    """Decide whether a trait is shown.

    Parameters
    ----------
    setting : TraitSetting
    detector : Detector
        The one that the setting names.
    threshold : float
        What the lower end of the Wilson interval must reach.
    labels_sha256 : str or None
        Digest of the label file as it is now; None: there is none to compare with.
    stale : str, optional
        As in `why_withheld`.
    """
    reason = why_withheld(setting.measured, detector, threshold, labels_sha256, stale)
    if setting.show == "never":
        return Verdict(False, not reason, f"forced off in {setting.place.path}", forced=True)
    return Verdict(not reason or setting.show == "always", not reason, reason, setting.show == "always")


def why_withheld(
    measured: Measured | None,
    detector: Detector,
    threshold: float,
    labels_sha256: str | None,
    stale: str | None = None,
) -> str:
    """Return why these figures withhold a trait, or an empty text if they show it.

    `stale` is what `why_stale` said of them, where that is known already: it reads model files.
    """
    stale = why_stale(measured, detector) if stale is None else stale
    if stale or measured is None:
        return stale
    if getattr(detector, "model_card", None) is not None and measured.how != "out-of-fold":
        return "measured on portraits that the model was fitted to"
    if labels_sha256 is not None and measured.labels_sha256 != labels_sha256:
        return "measured figures are stale: the label file has changed"
    if not _is_sound(measured):
        return "measured figures are not finite or contradict each other"
    said = f"measured {measured.accuracy:.2f}, lower end {measured.wilson_low:.2f}"
    if measured.wilson_low < threshold:
        return f"{said}, below {threshold:.2f}"
    if measured.accuracy <= measured.constant_accuracy:
        return f"{said}, no better than one constant answer ({measured.constant_accuracy:.2f})"
    return ""


def why_stale(measured: Measured | None, detector: Detector) -> str:
    """Return why these figures are not of this very detector as it is here, or an empty text if they are."""
    if reason := why_unusable(detector):
        return reason
    if measured is None:
        return "never measured"
    if measured.detector != detector.name:
        return f"measured figures are stale: of {measured.detector}, not of {detector.name}"
    if measured.detector_version != str(detector.version):
        return f"measured figures are stale: of version {measured.detector_version}, not {detector.version}"
    if measured.model_sha256 != getattr(detector, "model_digest", None):
        return "measured figures are stale: of another model file"
    return ""


def _is_sound(measured: Measured) -> bool:
    shares = (
        measured.accuracy, measured.wilson_low, measured.balanced_accuracy, measured.constant_accuracy,
    )  # fmt: skip
    if (
        not all(math.isfinite(s) and 0 <= s <= 1 for s in shares)
        or not 0 < measured.n >= measured.correct >= 0
    ):
        return False
    low, _ = wilson_interval(measured.correct, measured.n)
    accuracy = measured.correct / measured.n
    return abs(low - measured.wilson_low) <= ROUNDING and abs(accuracy - measured.accuracy) <= ROUNDING


def labels_digest(path: Path) -> str:
    """Return the SHA-256 of a label file as hex, or `NO_LABELS` if it is missing or cannot be read."""
    import hashlib

    try:
        return hashlib.sha256(read_named(path, "labels")).hexdigest()
    except UsageError:
        return NO_LABELS


def make_plan(
    config: Config,
    detectors: Mapping[str, Detector],
    labels_sha256: str | None,
    *,
    only: Iterable[str] | None = None,
    everything: bool = False,
    min_confidence: float | None = None,
) -> tuple[TraitPlan, ...]:
    """Decide for every trait who answers and whether it is shown.

    Parameters
    ----------
    config : Config
    detectors : mapping of str to Detector
        Everything installed, by name.
    labels_sha256 : str or None
        Digest of the label file as it is now, as `labels_digest` says it; None: there is none to compare
        with.
    only : iterable of str, optional
        Traits asked for; all if left out.
    everything : bool
        Run withheld traits as well (`--all`).
    min_confidence : float, optional
        In place of what the config says.

    Returns
    -------
    tuple of TraitPlan
        The built-in traits in the order of the vocabulary, then those of plug-ins by name.

    Raises
    ------
    ConfigError
        If the config names a trait or detector that does not exist.
    UsageError
        If `only` names one.
    """
    check_names(config, detectors)
    others = sorted({d.trait for d in detectors.values()} - set(ALL_TRAITS))
    traits = (*ALL_TRAITS, *others)
    if only is not None:
        only = tuple(only)
        for name in only:
            if name not in traits:
                hint = did_you_mean(name, traits)
                raise UsageError(f"no trait is called {name!r}{hint} (punkdetect features lists them)")
        traits = tuple(t for t in traits if t in only)
    return tuple(
        _plan_trait(trait, config, detectors, labels_sha256, everything, min_confidence) for trait in traits
    )


def _plan_trait(
    trait: str,
    config: Config,
    detectors: Mapping[str, Detector],
    labels_sha256: str | None,
    everything: bool,
    min_confidence: float | None,
) -> TraitPlan:
    setting = config.traits.get(trait)
    detector: Detector | None
    calibration: CalibrationTable = {}
    if setting is None:
        detector = default_detector(trait, detectors)
        why = f"not in {config.path}" if detector else "no detector is installed"
        verdict = Verdict(False, False, why)
    else:
        detector = detectors[setting.detector]
        stale = why_stale(setting.measured, detector)
        gone = ""
        if labels_sha256 == NO_LABELS:
            gone = f"measured figures are stale: the label file {config.labels_path} is missing or unreadable"
        verdict = judge(setting, detector, config.threshold, labels_sha256, stale or gone)
        if setting.measured is not None and not stale:
            calibration = setting.measured.calibration
    if min_confidence is None:
        own = setting.min_confidence if setting else None
        min_confidence = config.min_confidence if own is None else own
    return TraitPlan(
        trait=trait,
        detector=detector,
        verdict=verdict,
        min_confidence=min_confidence,
        vocabulary=detector.vocabulary if detector else TRAITS.get(trait, ()),
        run=detector is not None and (verdict.shown or everything),
        measured=setting.measured if setting else None,
        calibration=calibration,
    )


def why_unusable(detector: Detector) -> str:
    """Return what a detector of an extra lacks and what to do; an empty text if all is there."""
    ask = getattr(detector, "why_unusable", None)
    return str(ask()) if ask is not None else ""


def default_detector(trait: str, detectors: Mapping[str, Detector]) -> Detector | None:
    """Return who answers a trait that the config does not name: the first of it by name, extras last."""
    found = sorted((hasattr(d, "why_unusable"), name) for name, d in detectors.items() if d.trait == trait)
    return detectors[found[0][1]] if found else None


def check_names(config: Config, detectors: Mapping[str, Detector]) -> None:
    """Refuse a config that names a trait or detector that does not exist.

    Raises
    ------
    ConfigError
        With file, line, column and the nearest name.
    """
    traits = (*ALL_TRAITS, *sorted({d.trait for d in detectors.values()} - set(ALL_TRAITS)))
    for setting in config.traits.values():
        if setting.trait not in traits:
            hint = did_you_mean(setting.trait, traits)
            raise ConfigError(f"{setting.place}: no trait is called {setting.trait!r}{hint}")
        detector = detectors.get(setting.detector)
        if detector is None:
            hint = did_you_mean(setting.detector, tuple(detectors))
            own = " (PUNKDETECT_MODELS names the folder of models of your own)"
            raise ConfigError(f"{setting.place}: no detector is called {setting.detector!r}{hint}{own}")
        if detector.trait != setting.trait:
            raise ConfigError(
                f"{setting.place}: {setting.detector} answers {detector.trait}, not {setting.trait}"
            )
