"""Reads label files: what careful people said of each portrait.

CSV with a column `image` (folders and suffix are ignored), optionally `collection` and `family`, then one
column a trait. A blank cell is not labelled; `a|b` accepts either. Knows the vocabulary; knows nothing of
pictures or answers.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from punkdetect.cells import why_no_image
from punkdetect.config import did_you_mean
from punkdetect.errors import UsageError
from punkdetect.named_files import named_text, read_named
from punkdetect.vocabulary import ALL_TRAITS, COLORS, TRAITS

DRAWN_COLLECTIONS = ("demo", "synth", "drawn")
"""Collections drawn by the project itself: they show that it works and are never counted as measured."""

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")

_NOT_TRAITS = ("image", "collection", "family", "grid", "unsure", "who", "when", "note")
_SURPLUS = "\0surplus"
"""Where a row that is longer than the header keeps the rest: no column can be called so."""

_HEX = re.compile(r"#[0-9a-f]{6}\Z")
_LAST_NUMBER = re.compile(r"([0-9]+)[^0-9]*\Z")
_LONGEST_NUMBER = 78
"""Digits of the largest id a token may have, 2**256 - 1."""


@dataclass(frozen=True)
class LabelRow:
    """What was said of one portrait.

    Parameters
    ----------
    image : str
        Its name without folder and suffix.
    collection : str
        Empty if the file has no such column.
    family : str
        Portraits drawn from one another share it; its own name if the file has no such column.
    accepted : mapping of str to tuple of str
        By trait, the answers that count as right; traits that are not labelled are missing.
    line : int
        Where it ends in the file, counted from 1.
    """

    image: str
    collection: str
    family: str
    accepted: Mapping[str, tuple[str, ...]]
    line: int

    @property
    def is_real(self) -> bool:
        """Whether it belongs to a real collection, so that answers on it may count as measured."""
        return self.collection not in DRAWN_COLLECTIONS


@dataclass(frozen=True)
class Labels:
    """A whole label file: its rows in order, the traits it has columns for, and the digest of its bytes."""

    path: Path
    sha256: str
    traits: tuple[str, ...]
    rows: tuple[LabelRow, ...]


def image_stem(name: str) -> str:
    """Return the name of an image without folders, suffix and the `'` that guards a spreadsheet cell."""
    path = PurePosixPath(name.removeprefix("'").replace("\\", "/"))
    return path.stem if path.suffix.lower() in IMAGE_SUFFIXES else path.name


def last_number(stem: str) -> int | None:
    """Return the last number in a picture's name; None if it holds none that could be a token's."""
    match = _LAST_NUMBER.search(stem)
    return int(match[1]) if match and len(match[1]) <= _LONGEST_NUMBER else None


def read_labels(path: Path, extra: Mapping[str, tuple[str, ...]] | None = None) -> Labels:
    """Read and check a label file.

    Parameters
    ----------
    path : Path
    extra : mapping of str to tuple of str, optional
        Vocabulary of traits beyond the built-in ones (plug-ins).

    Raises
    ------
    UsageError
        With file and line, for a missing column, an unknown value, or two rows of one name.
    """
    data = read_named(path, "labels")
    text = named_text(path, data)
    vocabulary = {**TRAITS, **(extra or {})}
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = tuple(reader.fieldnames or ())
        if "image" not in columns:
            raise UsageError(f"{path}: labels need a column named image{why_no_image(columns)}")
        traits = tuple(c for c in columns if c in vocabulary or c in COLORS)
        _check_columns(path, columns, traits)
        reader.restkey = _SURPLUS
        rows = [_read_row(path, row, reader.line_num, traits, vocabulary) for row in reader]
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: not a CSV table: {error}") from None
    _check_names(path, rows)
    return Labels(path, hashlib.sha256(data).hexdigest(), traits, tuple(rows))


def _check_columns(path: Path, columns: tuple[str, ...], traits: tuple[str, ...]) -> None:
    for column in columns:
        hint = "" if column in traits or column in _NOT_TRAITS else did_you_mean(column, ALL_TRAITS)
        if hint:  # a column of another kind is none of our business; a misspelt trait is
            raise UsageError(f"{path}, line 1: no trait is called {column!r}{hint}")
    if len(set(columns)) != len(columns):
        raise UsageError(f"{path}, line 1: two columns of one name")


def _read_row(
    path: Path,
    row: dict[str, str | None],
    line: int,
    traits: tuple[str, ...],
    vocabulary: Mapping[str, tuple[str, ...]],
) -> LabelRow:
    if _SURPLUS in row or None in row.values():
        raise UsageError(f"{path}, line {line}: the row has not as many cells as the first line has columns")
    image = image_stem((row["image"] or "").strip())
    if not image:
        raise UsageError(f"{path}, line {line}: the row names no image")
    collection = row.get("collection", "labels")
    if not (collection or "").strip():
        raise UsageError(f"{path}, line {line}: {image} names no collection")
    accepted = {}
    for trait in traits:
        cell = row[trait] or ""
        words = tuple(w.strip() for w in cell.split("|")) if cell.strip() else ()
        if "" in words:
            raise UsageError(f"{path}, line {line}: {trait}: a value is missing beside | in {cell!r}")
        for word in words:
            _check_value(f"{path}, line {line}", trait, word, vocabulary.get(trait, ()))
        if words:
            accepted[trait] = words
    return LabelRow(image, (collection or "").strip(), (row.get("family") or image).strip(), accepted, line)


def _check_value(where: str, trait: str, word: str, values: tuple[str, ...]) -> None:
    if trait in COLORS:
        if not _HEX.match(word):
            raise UsageError(f"{where}: {trait} must be a colour such as #dbb180, not {word!r}")
    elif word not in values:
        raise UsageError(
            f"{where}: {trait} has no value {word!r}{did_you_mean(word, values)} (one of {', '.join(values)})"
        )


def _check_names(path: Path, rows: list[LabelRow]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        first = seen.setdefault((row.collection, row.image), row.line)
        if first != row.line:
            raise UsageError(f"{path}: lines {first} and {row.line} are both {row.image}")
