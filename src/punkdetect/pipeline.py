"""Pictures in, `Reports` out: reads, recovers 24x24 cells, runs the detectors in blocks, applies the gate.

Order is kept and nothing is lost: every input ends in exactly one report. One bad picture never stops the
others, and one failing detector never stops the other detectors. Knows no output format and no command.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from punkdetect.calibration import calibrated
from punkdetect.config import find_config, read_config
from punkdetect.detectors import load_registry
from punkdetect.errors import DetectorError, PictureError, PunkdetectError
from punkdetect.gate import TraitPlan, labels_digest, make_plan
from punkdetect.inputs import Item, file_item, true_pixels
from punkdetect.landmarks import Landmarks
from punkdetect.noise import calm, is_drawn
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, Detector, Punks, Source, TraitColumn
from punkdetect.reports import OK, Report, Reports, TraitHeading

BLOCK = 256
"""Portraits a block: arrays of 256 x 24 x 24 stay in the processor's cache, and a thousand portraits keep
several cores busy."""


@dataclass
class Tally:
    """An honest summary of a run: how many were done and how many refused, by reason."""

    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, reports: Reports) -> None:
        """Count one more block."""
        for status in reports.statuses:
            if status == OK:
                self.done += 1
            else:
                self.refused[status] += 1

    @property
    def total(self) -> int:
        """Pictures counted so far."""
        return self.done + sum(self.refused.values())

    @property
    def exit_code(self) -> int:
        """0 if all is well, 1 if some were refused."""
        return 1 if self.refused else 0


class Analyzer:
    """A plan made ready to run over pictures.

    Parameters
    ----------
    plan : sequence of TraitPlan
        Who answers each trait and whether it is shown; see `gate.make_plan`.
    files : sequence of Path
        What the plan was read from: no output may be written over it.
    """

    def __init__(self, plan: Sequence[TraitPlan], files: Sequence[Path] = ()) -> None:
        self.plan = tuple(plan)
        self.files = tuple(files)
        self.headings = tuple(_heading(p) for p in plan)

    def run(self, items: Iterable[Item], block: int = BLOCK) -> Iterator[Reports]:
        """Yield the reports of `items`, a block at a time, in their order.

        Blocks after the first are examined on the machine's other cores while the next ones are read;
        numpy lets go of the interpreter for most of that time. Answers do not depend on it.
        """
        items = iter(items)
        first = [_load(item) for item in islice(items, block)]
        if len(first) < block:
            if first:
                yield self.examine(first)
            return
        from concurrent.futures import Future, ThreadPoolExecutor

        workers = _cores()
        with ThreadPoolExecutor(workers) as pool:
            running: deque[Future[Reports]] = deque([pool.submit(self.examine, first)])
            while batch := [_load(item) for item in islice(items, block)]:
                running.append(pool.submit(self.examine, batch))
                if len(running) > workers:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()

    def examine(self, loaded: Sequence[Loaded]) -> Reports:
        """Return the reports of one block of pictures that are already loaded."""
        good = [picture for picture in loaded if picture.rgba is not None]
        rows = np.cumsum([p.rgba is not None for p in loaded], dtype=np.intp) - 1
        rows[[p.rgba is None for p in loaded]] = -1
        pixels = [p.rgba for p in good if p.rgba is not None]
        stacked = np.stack(pixels) if pixels else np.zeros((0, SIDE, SIDE, 4), np.uint8)
        punks = Punks(stacked, tuple(p.source or Source(p.name) for p in good))
        columns, failures = self.detect(punks)
        position = {int(row): i for i, row in enumerate(rows) if row >= 0}
        errors = {position[row]: dict(failed) for row, failed in failures.items()}
        return Reports(
            headings=self.headings,
            images=[p.name for p in loaded],
            statuses=[_status(p, errors.get(i)) for i, p in enumerate(loaded)],
            messages=[_message(p, errors.get(i)) for i, p in enumerate(loaded)],
            sources=[p.source for p in loaded],
            rows=rows,
            rgba=punks.rgba,
            columns=columns,
            held_back={p.trait: columns[p.trait].confidence < p.min_confidence for p in self.plan if p.run},
            errors=errors,
        )

    def detect(self, punks: Punks) -> tuple[dict[str, TraitColumn], dict[int, dict[str, str]]]:
        """Run the plan's detectors over a batch.

        Parameters
        ----------
        punks : Punks

        Returns
        -------
        columns : dict of str to TraitColumn
            By trait, confidences calibrated; nothing is found where the detector failed.
        failures : dict of int to dict of str to str
            By row, then by trait: what went wrong.
        """
        landmarks: dict[tuple[int, int], Landmarks] = {}
        columns: dict[str, TraitColumn] = {}
        failures: dict[int, dict[str, str]] = {}
        for plan in self.plan:
            if not plan.run or plan.detector is None:
                continue
            column, failed = run_detector(plan.detector, punks, landmarks)
            columns[plan.trait] = calibrated(column, plan.calibration)
            for row, message in failed.items():
                failures.setdefault(row, {})[plan.trait] = message
        return columns, failures


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Loaded(NamedTuple):
    """A picture that was read, or the reason why it could not be."""

    name: str
    rgba: ByteArray | None = None
    source: Source | None = None
    error: PictureError | None = None


def _load(item: Item) -> Loaded:
    try:
        rgba, source = item.load()
    except PictureError as error:
        return Loaded(item.name, error=error)
    return Loaded(item.name, rgba, source)


def _heading(plan: TraitPlan) -> TraitHeading:
    verdict = plan.verdict
    return TraitHeading(
        trait=plan.trait,
        detector=plan.detector_id,
        is_color=plan.is_color,
        answered=plan.run,
        shown=verdict.shown,
        reason=verdict.reason,
        forced=verdict.forced,
    )


def _status(picture: Loaded, failed: Mapping[str, str] | None) -> str:
    if picture.error is not None:
        return picture.error.code
    return DetectorError.code if failed else OK


def _message(picture: Loaded, failed: Mapping[str, str] | None) -> str:
    if picture.error is not None:
        return picture.error.message
    return "; ".join(failed.values()) if failed else ""


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

    def part(first: int, end: int) -> list[TraitColumn]:
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
        return part(first, middle) + part(middle, end)

    pieces = part(0, len(punks))
    return (pieces[0] if len(pieces) == 1 else _joined(pieces)), failures


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


def open_analyzer(
    config: Path | None = None,
    *,
    traits: Iterable[str] | None = None,
    everything: bool = False,
    min_confidence: float | None = None,
) -> Analyzer:
    """Make an `Analyzer` from a config file.

    Parameters
    ----------
    config : Path, optional
        Else `./configs/features.yaml`, else the packaged one.
    traits : iterable of str, optional
        Only these.
    everything : bool
        Withheld traits as well.
    min_confidence : float, optional
        In place of the config's.

    Raises
    ------
    UsageError
        If the config or a name in it is wrong.
    EnvironmentUnusableError
        If a plug-in cannot be used.
    """
    settings = read_config(find_config(config))
    plan = make_plan(
        settings,
        load_registry().detectors,
        labels_digest(settings.labels_path),
        only=traits,
        everything=everything,
        min_confidence=min_confidence,
    )
    return Analyzer(plan, settings.files)


def analyze(picture: str | os.PathLike[str] | ByteArray, **options: Any) -> Report:
    """Read the traits of one portrait.

    Parameters
    ----------
    picture : path, or ndarray of uint8 of shape (H, W, 4) or (H, W, 3)
        A picture file of any size, or its pixels: sRGB, straight alpha.
    **options
        As in `open_analyzer`: `config`, `traits`, `everything`, `min_confidence`.

    Returns
    -------
    Report

    Raises
    ------
    PictureError
        If the picture cannot be read or holds no 24x24 portrait.
    ValueError
        If an array has another shape or dtype.

    Examples
    --------
    >>> import numpy, punkdetect
    >>> report = punkdetect.analyze(numpy.zeros((24, 24, 4), numpy.uint8), everything=True)
    >>> report.status
    'ok'
    """
    analyzer = open_analyzer(**options)
    if isinstance(picture, np.ndarray):
        rgba, source = true_pixels(_as_rgba(picture), "")
        loaded = Loaded("", rgba, source)
    else:
        path = Path(picture)
        rgba, source = file_item(str(path), path.name).load()
        loaded = Loaded(path.name, rgba, source)
    return analyzer.examine([loaded]).report(0)


def analyze_batch(rgba: ByteArray, **options: Any) -> Reports:
    """Read the traits of many portraits at once.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
        sRGB, straight alpha.
    **options
        As in `open_analyzer`.

    Returns
    -------
    Reports
        Length N, in the same order; iterate it for one `Report` a portrait, or take whole `columns`.

    Raises
    ------
    ValueError
        If the array has another shape or dtype.

    Examples
    --------
    >>> import numpy, punkdetect
    >>> reports = punkdetect.analyze_batch(numpy.zeros((3, 24, 24, 4), numpy.uint8))
    >>> [report.status for report in reports]
    ['ok', 'ok', 'ok']
    """
    punks = Punks(rgba)
    analyzer = open_analyzer(**options)
    return analyzer.examine([Loaded("", portrait, Source()) for portrait in punks.rgba])


def _as_rgba(picture: ByteArray) -> ByteArray:
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (3, 4):
        raise ValueError(f"expected uint8 (H, W, 4) or (H, W, 3), got {picture.dtype} {picture.shape}")
    if picture.shape[2] == 4:
        return picture
    opaque = np.full((*picture.shape[:2], 1), 255, np.uint8)
    return np.concatenate([picture, opaque], axis=2)
