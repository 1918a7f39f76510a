"""Asks detectors for their answers, holds these against the contract, keeps a failure to its portrait.

Knows batches, landmarks and detectors; knows nothing of files, configs or outputs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from punkdetect.errors import DetectorError, PictureError, PunkdetectError
from punkdetect.landmarks import Landmarks
from punkdetect.noise import calm, is_drawn
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, Detector, Punks, TraitColumn


def run_detector(
    detector: Detector, punks: Punks, landmarks: dict[tuple[int, int], Landmarks]
) -> tuple[TraitColumn, dict[int, str]]:
    """Run one detector over a batch, keeping a failure to the portraits that cause it.

    When a batch fails it is halved until the failing portraits stand alone; an answer for one portrait is
    the same in any batch, so the others lose nothing.

    Parameters
    ----------
    detector : Detector
    punks : Punks
    landmarks : dict
        Landmarks by (first row, end row), shared between the detectors of one batch; filled as needed.

    Returns
    -------
    column : TraitColumn
        Nothing is found in the rows that failed.
    failures : dict of int to str
        By row, what went wrong.

    Raises
    ------
    PunkdetectError
        If the detector says that nothing can work (its model is damaged, its extra is missing).
    """
    failures: dict[int, str] = {}
    if not len(punks):
        return _nothing(detector, 0), failures
    pieces = _ask(detector, punks, 0, len(punks), landmarks, failures)
    return (pieces[0] if len(pieces) == 1 else _joined(pieces)), failures


def _ask(
    detector: Detector,
    punks: Punks,
    first: int,
    end: int,
    landmarks: dict[tuple[int, int], Landmarks],
    failures: dict[int, str],
) -> list[TraitColumn]:
    """Return the answers for some rows, in one piece if all goes well; see `run_detector`.

    Not a function inside it: one that calls itself would keep the landmarks until garbage is next collected.
    """
    piece = punks if (first, end) == (0, len(punks)) else punks[first:end]
    try:
        marks = landmarks.get((first, end))
        if marks is None:
            calmed = calm(piece.rgba)
            drawn = is_drawn(piece.rgba, calmed)
            marks = landmarks[first, end] = Landmarks(replace(piece, rgba=calmed), drawn)
        return [_checked(detector.detect(marks.punks, marks), detector, end - first)]
    except (PunkdetectError, MemoryError) as error:
        if not isinstance(error, PictureError):
            raise
        reason: Exception = error
    except Exception as error:  # a detector may raise anything; the other answers must not be lost
        reason = error
    if end - first <= 1:
        if os.environ.get("PUNKDETECT_DEBUG"):
            raise reason
        failures.update(dict.fromkeys(range(first, end), f"{detector.name}: {_brief(reason)}"))
        return [_nothing(detector, end - first)]
    middle = (first + end) // 2
    return [
        *_ask(detector, punks, first, middle, landmarks, failures),
        *_ask(detector, punks, middle, end, landmarks, failures),
    ]


def _brief(error: Exception) -> str:
    """Return an error as one line."""
    if isinstance(error, PunkdetectError):
        return error.message
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _checked(column: Any, detector: Detector, n: int) -> TraitColumn:
    """Hold an answer against the contract; `TraitColumn` itself has checked shapes and ranges."""
    if not isinstance(column, TraitColumn):
        raise DetectorError(f"answered a {type(column).__name__}, not a TraitColumn")
    if column.trait != detector.trait or column.vocabulary != tuple(detector.vocabulary):
        raise DetectorError("answered another trait or vocabulary than its own")
    if len(column) != n:
        raise DetectorError(f"answered {len(column)} portraits of {n}")
    return column


def _nothing(detector: Detector, n: int) -> TraitColumn:
    return TraitColumn(
        detector.trait,
        np.full(n, NOT_FOUND, np.intp),
        np.zeros(n),
        np.zeros((n, SIDE, SIDE), np.bool_),
        tuple(detector.vocabulary),
    )


def _joined(pieces: Sequence[TraitColumn]) -> TraitColumn:
    evidence: BoolArray = np.concatenate([p.evidence for p in pieces])
    return TraitColumn(
        pieces[0].trait,
        np.concatenate([p.codes for p in pieces]),
        np.concatenate([p.confidence for p in pieces]),
        evidence,
        pieces[0].vocabulary,
    )
