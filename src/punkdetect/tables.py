"""Reads back what `scan` and `analyze` wrote: CSV, JSON Lines, JSON or Parquet, told apart by their bytes.

A table of another program will do as well: CSV with a column `image`, a column for each trait, and
`<trait>_confidence` where it knows one. Parquet needs pyarrow (extra `[parquet]`), imported inside the
functions. Knows the contract of the outputs; knows nothing of pictures.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from punkdetect.cells import raw_cell, raw_unicode, why_no_image
from punkdetect.config import did_you_mean
from punkdetect.errors import EnvironmentUnusableError, PictureError, UsageError
from punkdetect.named_files import named_text, read_named
from punkdetect.punks import SIDE, ByteArray
from punkdetect.reports import OK, SCHEMA
from punkdetect.vocabulary import ALL_TRAITS, COLORS, TRAITS

MASK_BYTES = SIDE * SIDE // 8
"""Bytes of one portrait's evidence, a bit a pixel."""

_CONFIDENCE = "_confidence"
_PARQUET = b"PAR1"

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


@dataclass(frozen=True)
class TableColumn:
    """One trait of a whole table of N rows.

    Parameters
    ----------
    trait : str
    values : list of str or None, length N
        None: nothing was found, less surely than asked for, or withheld.
    confidences : list of float or None, length N
        In [0, 1]; None where the table says nothing.
    evidence : ndarray of uint8, shape (N, 72), or None
        The pixels that decided, packed as `numpy.packbits` does; None if the table holds no evidence.
    withheld : str
        Why the gate withholds it (CSV: only that it does); empty if it is shown.
    detector : str
        `name@version`; empty if the table does not say.
    """

    trait: str
    values: list[str | None]
    confidences: list[float | None]
    evidence: ByteArray | None = None
    withheld: str = ""
    detector: str = ""

    @property
    def is_color(self) -> bool:
        """Whether its values are `#rrggbb`."""
        return self.trait in COLORS


@dataclass(frozen=True)
class Table:
    """What was said of N pictures, in the order of the file.

    Parameters
    ----------
    path : Path
    images, statuses, messages : list of str, length N
    columns : mapping of str to TableColumn
        By trait; traits of which no row says anything, such as withheld ones, are there as well.
    """

    path: Path
    images: list[str]
    statuses: list[str]
    messages: list[str]
    columns: Mapping[str, TableColumn]

    def __len__(self) -> int:
        return len(self.images)


def read_table(path: Path) -> Table:
    """Read what `scan` or `analyze` wrote.

    Parameters
    ----------
    path : Path
        CSV, JSON Lines, JSON or Parquet; the suffix does not matter.

    Raises
    ------
    UsageError
        If it is none of them, names a picture twice, or says what no trait can be.
    EnvironmentUnusableError
        If it is Parquet and pyarrow is not installed.
    """
    data = read_named(path, "a table")
    if not data.strip():
        raise UsageError(f"{path}: empty: name a .csv, .jsonl or .parquet of scan")
    if data.startswith(_PARQUET):
        return _checked(_from_parquet(path, data))
    if path.suffix.lower() == ".parquet":
        raise UsageError(f"{path}: not a Parquet file, though its name says so")
    try:
        text = named_text(path, data)
    except UsageError as error:
        raise UsageError(f"{error.message}, or name a .csv, .jsonl or .parquet of scan") from None
    return parse_table(path, text)


def parse_table(path: Path, text: str) -> Table:
    """Read a table that is text already; as `read_table`, with `path` for its name."""
    if text.lstrip()[:1] in ("{", "["):
        return _checked(_from_objects(path, list(_read_objects(path, text))))
    return _checked(_from_csv(path, text))


def _checked(table: Table) -> Table:
    """Return a table, unless something in it would be counted twice, or as a value that nobody knows."""
    if not all(table.images):
        raise UsageError(f"{table.path}: row {table.images.index('') + 1} names no image")
    known_statuses = {OK, *(kind.code for kind in PictureError.__subclasses__())}
    odd = next((i for i, status in enumerate(table.statuses) if status not in known_statuses), None)
    if odd is not None:
        raise UsageError(
            f"{table.path}: {table.images[odd]}: no status of scan is called {table.statuses[odd]!r}"
            f"{did_you_mean(table.statuses[odd], tuple(sorted(known_statuses)))}"
        )
    if not table.columns and OK in table.statuses:
        raise UsageError(f"{table.path}: says nothing of any trait: name a .csv, .jsonl or .parquet of scan")
    twice = next((name for name, n in Counter(table.images).items() if n > 1), None)
    if twice is not None:
        raise UsageError(f"{table.path}: two rows are called {twice!r}: leave one of them")
    for trait, column in table.columns.items():
        for value in dict.fromkeys(column.values):
            if value is None or trait not in ALL_TRAITS:
                continue
            known = TRAITS.get(trait)
            if not (_HEX.fullmatch(value) if known is None else value in known):
                where = table.images[column.values.index(value)]
                hint = did_you_mean(value, known) if known else ": a colour is written #rrggbb"
                hint = "; a label file may say so, a table of scan says one value" if "|" in value else hint
                raise UsageError(f"{table.path}: {where}: {trait} cannot be {value!r}{hint}")
    return table


def _from_csv(path: Path, text: str) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [raw_cell(cell) for cell in next(reader, [])]
        if "image" not in header or len(set(header)) != len(header):
            raise UsageError(
                f"{path}: not a table of scan: its first line must name a column image, once"
                f"{why_no_image(header)}"
            )
        rows = []
        for row in reader:
            if row and len(row) != len(header):
                raise UsageError(
                    f"{path}, line {reader.line_num}: {len(row)} cells under {len(header)} columns"
                )
            if row:
                rows.append(row)
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: not a CSV table: {error}") from None
    guarded = {name: [row[i] for row in rows] for i, name in enumerate(header)}
    return _from_cells(path, {name: [raw_cell(cell) for cell in column] for name, column in guarded.items()})


def _from_parquet(path: Path, data: bytes) -> Table:
    need_pyarrow()
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        read = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UsageError(f"{path}: not a Parquet file that can be read: {error}") from None
    columns = read.to_pydict()
    if "image" not in columns:
        raise UsageError(f"{path}: not a table of scan: it needs a column named image")
    if b"punkdetect" in (read.schema.metadata or {}):
        for name in {"image", "message"} & columns.keys():
            columns[name] = [text and raw_unicode(text) for text in columns[name]]
    _check_schema(path, (read.schema.metadata or {}).get(b"punkdetect", SCHEMA.encode()).decode())
    return _from_cells(
        path,
        {name: ["" if cell is None else str(cell) for cell in column] for name, column in columns.items()},
    )


def _check_schema(path: Path, schema: Any) -> None:
    if schema != SCHEMA:
        raise UsageError(f"{path}: written as {schema!r} by another version; this one reads {SCHEMA!r}")


def need_pyarrow() -> None:
    """Say how to install pyarrow if it is not there.

    Raises
    ------
    EnvironmentUnusableError
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise EnvironmentUnusableError(
            "Parquet needs pyarrow; install it with: pip install 'punkdetect[parquet]'"
        ) from None


def _from_cells(path: Path, cells: Mapping[str, list[str]]) -> Table:
    """Make a table of columns of texts, in which nothing is empty."""
    header = list(cells)
    rows = cells["image"]
    traits = [name for name in header if name in ALL_TRAITS or name + _CONFIDENCE in cells]
    nothing = [""] * len(rows)
    withheld = set(";".join(set(cells.get("withheld", nothing))).split(";"))
    return Table(
        path=path,
        images=rows,
        statuses=[cell or OK for cell in cells.get("status", nothing)],
        messages=cells.get("message", nothing),
        columns={
            trait: TableColumn(
                trait,
                [cell or None for cell in cells[trait]],
                [_share(path, trait, cell) for cell in cells.get(trait + _CONFIDENCE, nothing)],
                withheld="did not pass the gate" if trait in withheld else "",
            )
            for trait in traits
        },
    )


def _share(path: Path, trait: str, cell: Any) -> float | None:
    """Return a confidence; a cell that says nothing is None."""
    if cell in ("", None):
        return None
    try:
        share = float(cell)
    except (TypeError, ValueError):
        share = math.nan
    if not 0 <= share <= 1:  # nan fails this as well
        raise UsageError(f"{path}: {trait}{_CONFIDENCE} must be a number from 0 to 1, not {cell!r}")
    return share


def _read_objects(path: Path, text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON Lines, of a JSON list, or the only one of a file."""
    whole = text.lstrip()
    try:
        if whole.startswith("[") or "\n" not in whole.split("}", 1)[0]:
            found = json.loads(text) if whole.startswith("[") else [*map(json.loads, _lines(text))]
        else:
            found = [json.loads(text)]
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not JSON as scan and analyze write it: {error}") from None
    for i, value in enumerate(found, 1):
        if not isinstance(value, dict) or not isinstance(value.get("image"), str):
            raise UsageError(f"{path}: record {i} names no image: it is not one of scan or analyze")
        _check_schema(path, value.get("schema", SCHEMA))
        yield value


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.split("\n") if line.strip())


def _from_objects(path: Path, records: Sequence[dict[str, Any]]) -> Table:
    named = _names(records, "traits")
    colors = [f"{name}_hex" for name in _names(records, "colors")]
    known = {name: i for i, name in enumerate(ALL_TRAITS)}
    traits = sorted({*named, *colors, *_names(records, "withheld")}, key=lambda t: known.get(t, len(known)))
    try:
        columns = {trait: _column(path, trait, records) for trait in traits}
    except (AttributeError, TypeError, ValueError, IndexError) as error:
        raise UsageError(f"{path}: not JSON as scan and analyze write it: {error}") from None
    return Table(
        path=path,
        images=[record["image"] for record in records],
        statuses=[str(record.get("status", OK)) for record in records],
        messages=[str(record.get("message", "")) for record in records],
        columns=columns,
    )


def _names(records: Sequence[dict[str, Any]], key: str) -> list[str]:
    """Return the names under `key`, in the order in which they first appear."""
    found: dict[str, None] = {}
    for record in records:
        inner = record.get(key)
        if isinstance(inner, dict):
            found.update(dict.fromkeys(inner))
    return list(found)


def _column(path: Path, trait: str, records: Sequence[dict[str, Any]]) -> TableColumn:
    values: list[str | None] = []
    confidences: list[float | None] = []
    masks: list[Any] = []
    withheld = detector = ""
    for record in records:
        entry, pixels = _entry(trait, record)
        value = entry.get("value")
        values.append(None if value is None else str(value))
        confidences.append(None if value is None else _share(path, trait, entry.get("confidence")))
        masks.append(pixels)
        reason = (record.get("withheld") or {}).get(trait, {}).get("reason", "")
        withheld = withheld or str(reason or (entry.get("withheld") and entry.get("reason")) or "")
        detector = detector or str(entry.get("detector", ""))
    evidence = None
    if any(pixels is not None for pixels in masks):
        evidence = np.stack([_packed(pixels or ()) for pixels in masks])
    return TableColumn(trait, values, confidences, evidence, withheld, detector)


def _entry(trait: str, record: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """Return what a record says of a trait, and the pixels that decided, if it names them."""
    if trait in COLORS:
        name = trait.removesuffix("_hex")
        value = (record.get("colors") or {}).get(name)
        return {"value": value}, (record.get("color_evidence") or {}).get(name)
    entry = (record.get("traits") or {}).get(trait) or {}
    return entry, entry.get("evidence")


def _packed(pixels: Sequence[Sequence[int]]) -> ByteArray:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    for row, col in pixels:
        if not (0 <= row < SIDE and 0 <= col < SIDE):
            raise ValueError(f"evidence at ({row}, {col}) lies outside of the picture")
        mask[row, col] = True
    return np.packbits(mask)
