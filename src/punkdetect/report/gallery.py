"""A table and its pictures as the data of a page: sprites, coded columns, packed evidence.

Pictures are drawn anew from the 24x24 array, many on one sheet. Knows `Reports` and tables; knows nothing
of HTML, and finds nothing itself.
"""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from punkdetect.cells import printable_text
from punkdetect.errors import DetectorError
from punkdetect.images import encode_png
from punkdetect.labels import image_stem
from punkdetect.punks import SIDE, ByteArray, IntArray, TraitColumn
from punkdetect.reports import OK, Reports
from punkdetect.tables import MASK_BYTES, Table, TableColumn

SHEET_SIDE = 32
"""Portraits along each side of a sheet: 768 x 768 pixels, which any browser decodes in milliseconds."""

SHEET_LEVEL = 6
"""zlib's effort for sheets: level 9 saves 2 % of a CryptoPunks sheet and takes five times as long."""

SHARE_STEPS = 10_000
"""Confidences are written as whole numbers of this: four places, as everywhere."""


@dataclass(frozen=True)
class Gallery:
    """The pictures of a table's N rows.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (K, 24, 24, 4)
    rows : ndarray of int, shape (N,)
        Where in `rgba` the picture of each row is; -1 where there is none.
    evidence : mapping of str to ndarray of uint8, shape (K, 72)
        By trait, the pixels that decided, packed.
    changed : Counter of str
        By trait, portraits on which the detectors of today say something else than the table: their
        evidence is left out.
    lost : dict of int to str
        Rows whose picture was looked for in vain, and why.
    """

    rgba: ByteArray
    rows: IntArray
    evidence: Mapping[str, ByteArray]
    changed: Counter[str]
    lost: dict[int, str]


def rows_with_pictures(table: Table) -> list[int]:
    """Return the rows of a table that were read as portraits."""
    return [i for i, status in enumerate(table.statuses) if status in (OK, DetectorError.code)]


def match_names(wanted: Sequence[str], names: Sequence[str]) -> list[int | None]:
    """Return for each wanted name the position of the picture called so.

    A picture of exactly that name comes first; else the only one that has it without folders and suffix.

    Parameters
    ----------
    wanted, names : sequence of str
    """
    exact = {name: i for i, name in enumerate(names)}
    stems: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        stems.setdefault(image_stem(name), []).append(i)

    def find(name: str) -> int | None:
        near = stems.get(image_stem(name), [])
        return exact.get(name, near[0] if len(near) == 1 else None)

    return [find(name) for name in wanted]


def hang_gallery(table: Table, rows: Sequence[int], blocks: Iterable[Reports]) -> Gallery:
    """Collect the pictures and the evidence of a table.

    Parameters
    ----------
    table : Table
        Its own evidence comes before what the detectors find again.
    rows : sequence of int
        The table's row of each picture that comes.
    blocks : iterable of Reports
        The pictures, in the order of `rows`, with what the detectors say today.
    """
    place = iter(rows)
    where = np.full(len(table), -1, np.intp)
    lost: dict[int, str] = {}
    pixels: list[ByteArray] = [np.zeros((0, SIDE, SIDE, 4), np.uint8)]
    found: dict[str, list[ByteArray]] = {}
    changed: Counter[str] = Counter()
    known = 0
    for reports in blocks:
        here = [next(place) for _ in range(len(reports))]
        good = [i for i, row in zip(here, reports.rows.tolist(), strict=True) if row >= 0]
        lost |= {
            i: f"{status}: {message}"
            for i, status, message, row in zip(
                here, reports.statuses, reports.messages, reports.rows.tolist(), strict=True
            )
            if row < 0
        }
        where[good] = np.arange(known, known + len(good))
        known += len(good)
        pixels.append(reports.rgba)
        for trait, masks in _evidence(table, good, reports, changed):
            found.setdefault(trait, []).append(masks)
    evidence = {trait: np.concatenate(masks) for trait, masks in found.items()}
    return Gallery(np.concatenate(pixels), where, evidence, changed, lost)


def _evidence(
    table: Table, good: Sequence[int], reports: Reports, changed: Counter[str]
) -> Iterator[tuple[str, ByteArray]]:
    """Yield the packed evidence of each trait: the table's own, or today's for the same answer."""
    for trait, told in table.columns.items():
        column = reports.columns.get(trait)
        if told.evidence is not None:
            yield trait, told.evidence[good]
        elif column is not None:
            masks = np.packbits(column.evidence.reshape(len(column), -1), axis=1)
            same = _same_answers(column, [told.values[i] for i in good])
            changed[trait] += int(np.count_nonzero(~same & [told.values[i] is not None for i in good]))
            masks[~same] = 0
            yield trait, masks


def _same_answers(column: TraitColumn, values: Sequence[str | None]) -> Any:
    return np.array([column.value(i) == value for i, value in enumerate(values)], np.bool_)


def gallery_data(table: Table, gallery: Gallery) -> dict[str, Any]:
    """Return a table and its pictures as plain objects that a page's script reads.

    Parameters
    ----------
    table : Table
    gallery : Gallery

    Returns
    -------
    dict
        `images` (printable names), `statuses`, `messages` (by row), `pictures` (position on the sheets, -1:
        none), `sheets` (PNGs as data URIs, `sheet_side` portraits a side), `traits` (see `_trait_data`),
        `withheld` (reason by trait, of traits without any answer), `evidence` (deflated, base64: by portrait,
        then by trait that has evidence, 72 bytes).
    """
    shown = {t: c for t, c in table.columns.items() if any(v is not None for v in c.values)}
    masked = [trait for trait in shown if trait in gallery.evidence]
    return {
        "images": [printable_text(name) for name in table.images],
        "statuses": table.statuses,
        "messages": {
            i: printable_text(said)
            for i, said in enumerate(gallery.lost.get(i) or table.messages[i] for i in range(len(table)))
            if said
        },
        "lost": sorted(gallery.lost),
        "pictures": gallery.rows.tolist(),
        "sheet_side": SHEET_SIDE,
        "sheets": encode_sheets(draw_sheets(gallery.rgba)),
        "traits": [_trait_data(column, masked) for column in shown.values()],
        "withheld": {
            t: c.withheld or "nothing was found" for t, c in table.columns.items() if t not in shown
        },
        "changed": dict(+gallery.changed),
        "evidence": pack_evidence([gallery.evidence[trait] for trait in masked]),
    }


def _trait_data(column: TableColumn, masked: Sequence[str]) -> dict[str, Any]:
    """Return one trait: `values`, and by row `codes` into them (-1: nothing) and `shares` (-1: not known)."""
    counts = Counter(value for value in column.values if value is not None)
    values = [value for value, _ in counts.most_common()]
    codes = {value: code for code, value in enumerate(values)}
    return {
        "name": column.trait,
        "color": column.is_color,
        "withheld": column.withheld,
        "detector": column.detector,
        "values": [printable_text(value) for value in values],
        "codes": [-1 if value is None else codes[value] for value in column.values],
        "shares": None
        if all(share is None for share in column.confidences)
        else [-1 if share is None else round(share * SHARE_STEPS) for share in column.confidences],
        "mask": masked.index(column.trait) if column.trait in masked else -1,
    }


def draw_sheets(rgba: ByteArray) -> Iterator[bytes]:
    """Yield PNGs with up to `SHEET_SIDE` x `SHEET_SIDE` portraits each, row by row.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (K, 24, 24, 4)
    """
    most = SHEET_SIDE * SHEET_SIDE
    for first in range(0, len(rgba), most):
        block = rgba[first : first + most]
        lines = -(-len(block) // SHEET_SIDE)
        sheet = np.zeros((lines * SHEET_SIDE, SIDE, SIDE, 4), np.uint8)
        sheet[: len(block)] = block
        grid = sheet.reshape(lines, SHEET_SIDE, SIDE, SIDE, 4).swapaxes(1, 2)
        yield encode_png(grid.reshape(lines * SIDE, SHEET_SIDE * SIDE, 4), level=SHEET_LEVEL)


def encode_sheets(pngs: Iterable[bytes]) -> list[str]:
    """Return PNGs as data URIs."""
    return [f"data:image/png;base64,{_base64(png)}" for png in pngs]


def pack_evidence(masks: Sequence[ByteArray]) -> str:
    """Return the packed masks of each trait, (K, 72) bytes each, deflated portrait by portrait, in base64."""
    if not masks:
        return ""
    # Traits of one portrait side by side: hair, its colour and its length often share their evidence, and
    # what comes again within the reach of deflate costs next to nothing.
    together = np.stack(masks, axis=1)
    assert together.shape[2] == MASK_BYTES
    return _base64(zlib.compress(together.tobytes(), SHEET_LEVEL))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
