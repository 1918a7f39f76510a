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
from punkdetect.pixels import find_palette
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, Detector, IntArray, Punks, TraitColumn
from punkdetect.records import Record

RICH = 128
"""Colours above which portraits are looked at apart from the others of their batch. Arrays of colours are as
wide as the richest portrait needs: among 512 portraits one photo of 570 colours doubles the time of all, and
to look at it apart takes as long as 70 portraits. One of 150 colours costs about as much either way."""


class Part(Record):
    """Some portraits of a batch, and their landmarks."""

    rows: IntArray
    landmarks: Landmarks


Parts = tuple[Part, ...]


def run_detector(
    detector: Detector, punks: Punks, landmarks: dict[tuple[int, int], Parts]
) -> tuple[TraitColumn, dict[int, str]]:
    """Run one detector over a batch, keeping a failure to the portraits that cause it.

    When a batch fails it is halved until the failing portraits stand alone; an answer for one portrait is
    the same in any batch, so the others lose nothing.

    Parameters
    ----------
    detector : Detector
    punks : Punks
    landmarks : dict
        Parts of the batch by (first row, end row), shared between its detectors; filled as needed.

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
    landmarks: dict[tuple[int, int], Parts],
    failures: dict[int, str],
) -> list[TraitColumn]:
    """Return the answers for some rows, in one piece if all goes well; see `run_detector`.

    Not a function inside it: one that calls itself would keep the landmarks until garbage is next collected.
    """
    piece = punks if (first, end) == (0, len(punks)) else punks[first:end]
    try:
        parts = landmarks.get((first, end))
        if parts is None:
            parts = landmarks[first, end] = _find_parts(piece)
        columns = [
            _checked(detector.detect(marks.punks, marks), detector, len(rows)) for rows, marks in parts
        ]
        return columns if len(parts) == 1 else [_merged(columns, parts)]
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


def find_faceless(n: int, landmarks: dict[tuple[int, int], Parts]) -> BoolArray:
    """Tell on which of N portraits a detector asked for the face and none was found: shape (N,).

    Parameters
    ----------
    n : int
    landmarks : dict
        As `run_detector` has filled it.
    """
    faceless = np.zeros(n, np.bool_)
    for (first, end), parts in landmarks.items():
        for rows, marks in parts:
            if (without := marks.faceless()) is not None:
                faceless[first:end][rows] = without
    return faceless


def _find_parts(punks: Punks) -> Parts:
    """Calm a batch, and part those that are very rich in colours from the others."""
    calmed = calm(punks.rgba)
    drawn = is_drawn(punks.rgba, calmed)
    palette = find_palette(calmed)
    rich = palette.sizes > RICH
    groups = [rows for rows in (np.flatnonzero(~rich), np.flatnonzero(rich)) if len(rows)]
    if len(groups) < 2:
        return (Part(np.arange(len(punks)), Landmarks(replace(punks, rgba=calmed), drawn, palette)),)
    return tuple(
        Part(
            rows,
            Landmarks(
                replace(punks, rgba=calmed).take(rows),
                drawn[rows],
                palette.take(rows).trimmed(),
            ),
        )
        for rows in groups
    )


def _merged(columns: Sequence[TraitColumn], parts: Parts) -> TraitColumn:
    """Return the answers of the parts of a batch in the order of the batch."""
    order = np.argsort(np.concatenate([part.rows for part in parts]))
    joined = _joined(columns)
    return replace(
        joined,
        codes=joined.codes[order],
        confidence=joined.confidence[order],
        evidence=joined.evidence[order],
    )


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
