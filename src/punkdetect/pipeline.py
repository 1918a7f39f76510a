"""Pictures in, `Reports` out: reads, recovers 24x24 cells, runs the detectors in blocks, applies the gate.

Order is kept and nothing is lost: every input ends in exactly one report. One bad picture never stops the
others, and one failing detector never stops the other detectors. Knows no output format and no command.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from punkdetect import __version__
from punkdetect.answers import Parts, find_faceless, run_detector
from punkdetect.calibration import calibrated
from punkdetect.config import find_config, read_config
from punkdetect.detectors import load_registry
from punkdetect.errors import DetectorError, PictureError
from punkdetect.gate import TraitPlan, labels_digest, make_plan
from punkdetect.inputs import Item, file_item, picture_pixels, true_pixels
from punkdetect.punks import SIDE, BoolArray, ByteArray, Punks, Source, TraitColumn
from punkdetect.records import Record
from punkdetect.reports import OK, Report, Reports, TraitHeading

if TYPE_CHECKING:
    from punkdetect.images import Picture

BLOCK = 768
"""Portraits a block: its numpy calls alone cost some 20 ms, however many portraits they are for. All traits
of one portrait take 544 us in blocks of 256, 447 in blocks of 512, 417 in blocks of 768 and 413 in blocks of
1,024; every 256 portraits more take some 14 MiB of memory in each process."""


_NO_PIXELS: ByteArray = np.zeros((0, SIDE, SIDE, 4), np.uint8)

NOTHING_DRAWN = "nothing is drawn on this picture: all of it has one colour"
NO_FACE = "no face was found on this picture"
"""Message of a sound picture in which no trait can be found; it is no error."""


@dataclass
class Tally:
    """An honest summary of a run: how many were done and how many refused, by reason.

    `kept` of them were done by an earlier scan already; `left_out` were neither done nor asked for.
    """

    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    left_out: int = 0

    def add(self, statuses: Iterable[str]) -> None:
        """Count some more pictures."""
        for status, n in Counter(statuses).items():
            if status == OK:
                self.done += n
            else:
                self.refused[status] += n

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

    @property
    def key(self) -> str:
        """Everything that decides what is said of a picture: who answers, how it is judged, which release."""
        said = [
            (h, p.min_confidence, p.vocabulary, p.run and _model(p), dict(p.calibration))
            for h, p in zip(self.headings, self.plan, strict=True)
        ]
        return repr((__version__, said))

    def run(self, items: Iterable[Item], block: int = BLOCK) -> Iterator[Reports]:
        """Yield the reports of `items`, a block at a time, in their order."""
        items = iter(items)
        while batch := list(islice(items, block)):
            intake = Intake()
            for item in batch:
                intake.read(item)
            yield self.examine(intake.loaded())

    def examine(self, loaded: Sequence[Loaded]) -> Reports:
        """Return the reports of one block of pictures that are already loaded."""
        good = [picture for picture in loaded if picture.rgba is not None]
        rows = np.cumsum([p.rgba is not None for p in loaded], dtype=np.intp) - 1
        rows[[p.rgba is None for p in loaded]] = -1
        pixels = [p.rgba for p in good if p.rgba is not None]
        stacked = np.concatenate(pixels).reshape(-1, SIDE, SIDE, 4) if pixels else _NO_PIXELS
        punks = Punks(stacked, tuple(p.source or Source(p.name) for p in good))
        columns, failures, faceless = self.detect(punks)
        position = {int(row): i for i, row in enumerate(rows) if row >= 0}
        errors = {position[row]: dict(failed) for row, failed in failures.items()}
        notes = {position[int(row)]: NO_FACE for row in np.flatnonzero(faceless)}
        notes |= {position[int(row)]: NOTHING_DRAWN for row in np.flatnonzero(_is_flat(punks.rgba))}
        return Reports(
            headings=self.headings,
            images=[p.name for p in loaded],
            statuses=[_status(p, errors.get(i)) for i, p in enumerate(loaded)],
            messages=[_message(p, errors.get(i), notes.get(i)) for i, p in enumerate(loaded)],
            sources=[p.source for p in loaded],
            rows=rows,
            rgba=punks.rgba,
            columns=columns,
            held_back={p.trait: columns[p.trait].confidence < p.min_confidence for p in self.plan if p.run},
            errors=errors,
        )

    def detect(self, punks: Punks) -> tuple[dict[str, TraitColumn], dict[int, dict[str, str]], BoolArray]:
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
        faceless : ndarray of bool, shape (N,)
            Where no face was found; False if no detector looked for one.
        """
        landmarks: dict[tuple[int, int], Parts] = {}
        columns: dict[str, TraitColumn] = {}
        failures: dict[int, dict[str, str]] = {}
        for plan in self.plan:
            if not plan.run or plan.detector is None:
                continue
            column, failed = run_detector(plan.detector, punks, landmarks)
            columns[plan.trait] = calibrated(column, plan.calibration)
            for row, message in failed.items():
                failures.setdefault(row, {})[plan.trait] = message
        return columns, failures, find_faceless(len(punks), landmarks)


def _model(plan: TraitPlan) -> str | None:
    """Return the digest of the model that a trait's detector asks, if it has one."""
    digest: str | None = getattr(plan.detector, "model_digest", None)
    return digest


class Loaded(Record):
    """A picture that was read, or the reason why it could not be."""

    name: str
    rgba: ByteArray | None = None
    source: Source | None = None
    error: PictureError | None = None


SMALL_FILE = 16 << 10
"""Bytes of a file up to which it waits to be decoded with others: a block of long ones might fill memory."""


class Intake:
    """The pictures of one block as they come in, in their order; refusals are kept with their reasons."""

    def __init__(self) -> None:
        self._loaded: list[Loaded | None] = []
        self._waiting: list[tuple[int, Item, bytes]] = []

    def read(self, item: Item) -> None:
        """Read one picture."""
        try:
            content = item.read()
        except PictureError as error:
            self.refuse(item, error)
        else:
            self.add(item, content)

    def add(self, item: Item, content: bytes | ByteArray) -> None:
        """Take a picture that was read: what `item.read` returned."""
        if isinstance(content, bytes) and len(content) <= SMALL_FILE:
            self._waiting.append((len(self._loaded), item, content))
            self._loaded.append(None)
        else:
            self._loaded.append(_load(item, content))

    def refuse(self, item: Item, error: PictureError) -> None:
        """Take a picture that cannot be read."""
        self._loaded.append(Loaded(item.name, error=error))

    def loaded(self) -> list[Loaded]:
        """Return all of them."""
        if self._waiting:
            from punkdetect.images import read_small_pictures

            pictures = read_small_pictures([content for _, _, content in self._waiting])
            for (place, item, content), picture in zip(self._waiting, pictures, strict=True):
                self._loaded[place] = _load(item, content, picture)
            self._waiting.clear()
        return [picture for picture in self._loaded if picture is not None]


def _load(item: Item, content: bytes | ByteArray, picture: Picture | None = None) -> Loaded:
    """Find the true pixels of what was read; `picture`: what it was decoded to, where that was done."""
    try:
        if picture is None:
            return Loaded(item.name, *item.find_pixels(content))
        return Loaded(item.name, *picture_pixels(picture, item.name, item.forced))
    except PictureError as error:
        return Loaded(item.name, error=error)


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


def _is_flat(rgba: ByteArray) -> BoolArray:
    """Tell which portraits have one colour all over."""
    pixels = np.ascontiguousarray(rgba).view(np.uint32).reshape(len(rgba), SIDE * SIDE)
    flat: BoolArray = (pixels == pixels[:, :1]).all(axis=1)
    return flat


def _message(picture: Loaded, failed: Mapping[str, str] | None, note: str | None) -> str:
    if picture.error is not None:
        return picture.error.message
    return "; ".join([*([note] if note else []), *(failed or {}).values()])


def open_analyzer(
    config: Path | None = None,
    *,
    traits: Iterable[str] | None = None,
    everything: bool = False,
    min_confidence: float | None = None,
    face_model: Path | None = None,
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
    face_model : Path, optional
        Of the detector `expression.mediapipe`; else the config's, else the person's own.

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
        load_registry(face_model or settings.face_model_path).detectors,
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
        As in `open_analyzer`: `config`, `traits`, `everything`, `min_confidence`, `face_model`.

    Returns
    -------
    Report

    Raises
    ------
    PictureError
        If the picture cannot be read or holds no 24x24 portrait; the message names the file.
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
        try:
            rgba, source = file_item(str(path), path.name).load()
        except PictureError as error:
            missing = isinstance(error.__cause__, FileNotFoundError | NotADirectoryError)
            reason = "no such file" if missing else error.message
            raise type(error)(f"{path}: {reason}") from error
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
        If it is no array, or has another shape or dtype.

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
