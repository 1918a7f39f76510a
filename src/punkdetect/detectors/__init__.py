"""Finds every detector that is installed: one module a trait in this package, and plug-ins by entry point.

A module here that does not start with `_` exports `DETECTORS`, a tuple of instances; detectors that join a
rule and a network are made of what was found. A third party's package names, in the entry-point group
`punkdetect.detectors`, either one detector instance or an iterable of them. Names are unique. Knows nothing
of configs: which detector answers is decided elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from punkdetect.errors import EnvironmentUnusableError
from punkdetect.punks import Detector
from punkdetect.records import Record
from punkdetect.vocabulary import ALL_TRAITS, COLORS, TRAITS

ENTRY_POINTS = "punkdetect.detectors"


class Registry(Record):
    """Every detector by name, and where each comes from (`built in`, or the plug-in's distribution)."""

    detectors: Mapping[str, Detector]
    origins: Mapping[str, str]


def load_registry(face_model: Path | None = None) -> Registry:
    """Import every detector that is installed.

    Parameters
    ----------
    face_model : Path, optional
        For detectors that need one (they have `with_face_model`); else their own default.

    Returns
    -------
    Registry
        In the order of the names.

    Raises
    ------
    EnvironmentUnusableError
        If a plug-in cannot be imported, is no detector, or takes a name that another one has: both are
        named.
    """
    registry = collect_detectors([*_built_in(), *_plug_ins()])
    if face_model is None:
        return registry
    return registry.replace(detectors={n: _with(d, face_model) for n, d in registry.detectors.items()})


def _with(detector: Any, face_model: Path) -> Detector:
    changed: Detector = (
        detector.with_face_model(face_model) if hasattr(detector, "with_face_model") else detector
    )
    return changed


def collect_detectors(found: Iterable[tuple[str, Any]]) -> Registry:
    """Check detectors and gather them by name.

    Parameters
    ----------
    found : iterable of (origin, detector)

    Raises
    ------
    EnvironmentUnusableError
        If one is no detector, or two have one name.
    """
    detectors: dict[str, Detector] = {}
    origins: dict[str, str] = {}
    for origin, detector in found:
        name = _check(origin, detector)
        if name in detectors:
            raise EnvironmentUnusableError(
                f"two detectors are called {name}: one from {origins[name]}, one from {origin}; remove one"
            )
        detectors[name] = detector
        origins[name] = origin
    return Registry(dict(sorted(detectors.items())), origins)


def _check(origin: str, detector: Any) -> str:
    """Return the name of a detector after holding its attributes against the contract."""
    missing = [a for a in ("name", "version", "trait", "vocabulary", "detect") if not hasattr(detector, a)]
    if missing:
        raise EnvironmentUnusableError(
            f"{origin}: {detector!r} is no detector: it has no {', '.join(missing)}"
        )
    name, trait = str(detector.name), str(detector.trait)
    if not name.startswith(f"{trait}.") or not trait.isidentifier():
        raise EnvironmentUnusableError(f"{origin}: the detector {name!r} must be called {trait}.<method>")
    known = () if trait in COLORS else TRAITS.get(trait)
    if known is not None and tuple(detector.vocabulary) != known:
        raise EnvironmentUnusableError(f"{origin}: {name} has another vocabulary than {trait} has")
    if trait not in ALL_TRAITS and not detector.vocabulary:
        raise EnvironmentUnusableError(f"{origin}: {name} has no vocabulary")
    return name


def _built_in() -> Iterator[tuple[str, Any]]:
    from punkdetect.detectors._combined import combined_of
    from punkdetect.detectors._where_hair_is import where_hair_is_of

    found: dict[str, Detector] = {}
    for name in sorted(path.stem for path in Path(__file__).parent.glob("*.py")):
        if not name.startswith("_"):
            for detector in import_module(f"{__name__}.{name}").DETECTORS:
                found[detector.name] = detector
                yield "punkdetect", detector
    for both in combined_of(found):
        found[both.name] = both
        yield "punkdetect", both
    for agreed in where_hair_is_of(found):
        yield "punkdetect", agreed


def _may_have_plug_ins() -> bool:
    """Tell whether any installed distribution names our entry-point group.

    `importlib.metadata` takes 15 ms to import, a seventh of what one portrait takes altogether, and most
    people have no plug-in; looking into the small files that it would read takes one. Whatever is not a plain
    folder (a zip on the path) is left to `importlib.metadata`.
    """
    return any(_names_plug_ins(Path(folder)) for folder in dict.fromkeys(sys.path))


def _names_plug_ins(folder: Path) -> bool:
    marker = ENTRY_POINTS.encode()
    try:
        if folder.is_file():
            return True
        entries = list(folder.iterdir()) if folder.is_dir() else []
    except OSError:  # nothing can be imported from there either
        return False
    for entry in entries:
        if entry.name.endswith(("dist-info", "egg-info")):
            with suppress(OSError):  # most distributions have no entry points
                if marker in (entry / "entry_points.txt").read_bytes():
                    return True
    return False


def _plug_ins() -> Iterator[tuple[str, Any]]:
    if not _may_have_plug_ins():
        return
    from importlib.metadata import entry_points

    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda e: (e.name, e.value)):
        origin = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
        try:
            loaded = entry.load()
            found = list(loaded) if isinstance(loaded, Iterable) else [loaded]
        except Exception as error:  # a plug-in may raise anything; the person must learn which
            raise EnvironmentUnusableError(
                f"the plug-in {entry.name!r} of {origin} cannot be imported: "
                f"{error.__class__.__name__}: {error}; repair or uninstall {origin}"
            ) from error
        for detector in found:
            yield origin, detector
