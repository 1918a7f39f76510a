"""Reads words that exist: captions, tables of labels, marketplace metadata.

Owns the layouts of these files. What words mean, `claims` says; whose they are, `matching`.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from punkdetect.errors import UsageError
from punkdetect.named_files import is_special, read_named
from punkdetect.vocabulary import COLORS, TRAITS
from punkdetect.words.claims import Claim, read_claims
from punkdetect.words.matching import Given, Wording, match_words, without_suffix
from punkdetect.words.table import WordTable

MAX_BYTES = 256 << 20
"""Longest file of words: the metadata of 100,000 portraits take about 100 MiB."""

CAPTIONS = (".txt", ".caption")
METADATA = ".json"
"""Suffixes of what may lie beside a picture, the likeliest first."""

_NAME_COLUMNS = (
    "source", "image", "file", "filename", "file_name", "name", "id", "token_id", "tokenid", "edition",
)  # fmt: skip
_TEXT_COLUMNS = ("text", "caption", "prompt")
_OTHER_COLUMNS = frozenset(
    {"status", "message", "collection", "family", "grid", "unsure", "who", "when", "note", "withheld",
     "source_width", "source_height", "grid_fit", "count", *COLORS}
)  # fmt: skip
_GENERAL = frozenset({"attribute", "attributes", "accessory", "accessories", "trait", "property", "other"})
"""Names of attributes that say nothing of what the value is."""

_YES, _NO = frozenset({"true", "yes"}), frozenset({"false", "no"})
_UNSAID = frozenset({"", "-", "n/a", "na", "null", "nan", "unknown"})
"""Cells and values that are meant to say nothing."""


def read_beside(pictures: Mapping[str, str], table: WordTable) -> Given:
    """Read the captions, or the metadata, that lie beside pictures under the same name.

    Parameters
    ----------
    pictures : mapping of str to str
        Path of each picture by the name that outputs call it.
    table : WordTable
    """
    found, files = {}, []
    for name, picture in pictures.items():
        paths = (Path(picture).with_suffix(suffix) for suffix in (*CAPTIONS, METADATA))
        path = next((path for path in paths if path.exists()), None)
        if path is not None:
            nothing = Wording((name,), (), False, str(path), blank=True)
            found[name] = next(_read_one(path, name, table), nothing)
            files.append(path)
    return Given(found, (), tuple(files))


def read_words(path: Path, names: Sequence[str], table: WordTable) -> Given:
    """Read words from a file or a folder and find their pictures by name.

    Parameters
    ----------
    path : Path
        A folder of captions (`.txt`) or metadata (`.json`, or no suffix); a table (`.csv`); metadata or
        captions of many pictures (`.json`, `.jsonl`).
    names : sequence of str
        What outputs call the pictures.
    table : WordTable

    Raises
    ------
    UsageError
        If nothing is there, or the one file that was named cannot be read.
    """
    if path.is_dir():
        files = tuple(_files(path))
        wordings = [w for file in files for w in _read_inside(file, path, table)]
    else:
        if is_special(path) or not path.exists():
            raise UsageError(f"{path}: no such file or folder of words")
        files = (path,)
        wordings = list(_read_file(path, path.stem, table))
    if not wordings:
        raise UsageError(f"{path}: no captions, labels or metadata are in here")
    return match_words(wordings, names, files)


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where) / name
            if path.suffix.lower() in (*CAPTIONS, METADATA) or (not path.suffix and name[0] != "."):
                yield path


def _read_inside(path: Path, folder: Path, table: WordTable) -> Iterator[Wording]:
    """Yield the words of one file of a folder; one that cannot be read is said so and stops no other."""
    yield from _read_one(path, path.relative_to(folder).with_suffix("").as_posix(), table)


def _read_one(path: Path, key: str, table: WordTable) -> Iterator[Wording]:
    try:
        yield from _read_file(path, key, table)
    except UsageError as error:
        yield Wording((key,), (), False, str(path), error.message)


def _read_file(path: Path, key: str, table: WordTable) -> Iterator[Wording]:
    suffix = path.suffix.lower()
    if suffix in CAPTIONS:
        yield _caption(path, (key,), table)
    elif suffix == ".csv":
        yield from _table_rows(path, table)
    elif suffix in (".jsonl", ".ndjson"):
        for number, line in enumerate(_text(path).splitlines(), 1):
            if line.strip():
                yield _object(_json(line, f"{path}, line {number}"), (), f"{path}, line {number}", table)
    elif suffix in (METADATA, ""):
        yield from _objects(_json(_text(path), str(path)), key, str(path), table)
    else:
        raise UsageError(f"{path}: words are read from .txt, .caption, .csv, .json and .jsonl")


def _text(path: Path) -> str:
    """Return text of which at least the ASCII letters are right, whatever the file is written in."""
    data = read_named(path, "words", MAX_BYTES)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise UsageError(f"{path}: not UTF-8 text: save it as UTF-8")
    return data.decode("utf-8-sig", "replace")


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON: {error}") from None


def _caption(path: Path, keys: tuple[str, ...], table: WordTable) -> Wording:
    try:
        text = _text(path)
    except UsageError as error:
        return Wording(keys, (), False, str(path), error.message)
    claims = tuple(read_claims(text, table))
    return Wording(keys, claims, bool(claims), str(path), blank=not text.strip())


def _table_rows(path: Path, table: WordTable) -> Iterator[Wording]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), restkey="\0more")
    try:
        columns = list(reader.fieldnames or ())
        plain = {column: column.strip().lower().replace(" ", "_") for column in columns}
        called = [c for wanted in _NAME_COLUMNS for c in columns if plain[c] == wanted]
        if not called:
            raise UsageError(f"{path}: a table of words needs a column named image")
        speaking = [c for c in columns if c not in called and _speaks(plain[c])]
        for row in reader:
            where = f"{path}, line {reader.line_num}"
            names = [(row[c] or "").strip().removeprefix("'") for c in called]
            keys = tuple(dict.fromkeys(without_suffix(name) for name in names if name))
            if not keys:
                yield Wording((), (), False, where, "the row names no image")
                continue
            cells = [(plain[c], (row[c] or "").strip()) for c in speaking]
            claims, unread = _claims(cells, table)
            yield Wording(keys, claims, any(c in _TEXT_COLUMNS for c, _ in cells), where, unread=unread)
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: not a CSV table: {error}") from None


def _speaks(column: str) -> bool:
    return column not in _OTHER_COLUMNS and not column.endswith("_confidence") and column not in _NAME_COLUMNS


def _objects(value: Any, key: str, where: str, table: WordTable) -> Iterator[Wording]:
    """Yield the words of a JSON file: one object, a list of them, or objects under their names."""
    if isinstance(value, dict) and not _is_object(value):
        inner = next((v for v in value.values() if isinstance(v, list) and v and _is_object(v[0])), None)
        if inner is None:
            for name, entry in value.items():
                if isinstance(entry, dict):
                    yield _object(entry, (without_suffix(name),), f"{where}, {name}", table)
                elif isinstance(entry, str):
                    claims = tuple(read_claims(entry, table))
                    yield Wording((without_suffix(name),), claims, bool(claims), f"{where}, {name}")
            return
        value = inner
    if isinstance(value, list):
        for number, entry in enumerate(value):
            yield _object(entry, (), f"{where}, entry {number}", table)
    else:
        yield _object(value, (key,), where, table)


def _is_object(value: Any) -> bool:
    keys = ("attributes", "properties", "traits", *_TEXT_COLUMNS)
    return isinstance(value, dict) and any(key in value for key in keys)


def _object(value: Any, keys: tuple[str, ...], where: str, table: WordTable) -> Wording:
    """Read the metadata of one picture."""
    if not isinstance(value, dict):
        return Wording(keys, (), False, where, f"{where}: metadata is an object, not {type(value).__name__}")
    names = [str(value[k]) for k in (*_NAME_COLUMNS, "tokenId") if isinstance(value.get(k), (str, int))]
    keys = (*keys, *(without_suffix(name) for name in names if name))
    for field in ("attributes", "properties", "traits"):
        if not isinstance(value.get(field) or [], (list, dict)):
            kind = type(value[field]).__name__
            return Wording(keys, (), False, where, f"{where}: {field} is a list or an object, not {kind}")
    pairs: list[tuple[str, Any]] = []
    attributes = value.get("attributes")
    if isinstance(attributes, list):
        pairs += [(str(a.get("trait_type") or ""), a.get("value")) for a in attributes if isinstance(a, dict)]
    for group in (attributes, value.get("properties"), value.get("traits")):
        if isinstance(group, dict):
            pairs += [(str(k), v.get("value") if isinstance(v, dict) else v) for k, v in group.items()]
    pairs += [(k, value[k]) for k in _TEXT_COLUMNS if isinstance(value.get(k), str)]
    claims, unread = _claims([p for p in pairs if isinstance(p[1], (str, bool))], table)
    is_labels = "status" in value  # a line of our own scan: what is missing there is not known
    speaks = bool(claims) and not is_labels
    return Wording(keys, claims, speaks, where, unread=unread, blank=not pairs and not is_labels)


def _claims(
    said: Iterable[tuple[str, str | bool]], table: WordTable
) -> tuple[tuple[Claim, ...], tuple[tuple[str, str], ...]]:
    """Return what named values claim, and those of which nothing is understood."""
    found: list[Claim] = []
    unread = []
    for name, value in said:
        if value in ("", None):
            continue
        claims = list(_attribute(name, value, table))
        found += claims
        if not claims or _only_named(name, str(value), claims, table):
            text = str(value).strip()
            if text.lower() not in _UNSAID and not _is_number(text):
                unread.append((name, text))
    return _merged(found), tuple(unread)


def _only_named(name: str, value: str, claims: Iterable[Claim], table: WordTable) -> bool:
    """Tell whether a trait's value says no more than the trait's name does: `eyewear: sunglases`."""
    trait = name.strip().lower().replace(" ", "_")
    if trait not in TRAITS or value.lower() in (*_YES, *_NO, *TRAITS[trait]):
        return False
    alone = [(c.trait, c.accepted) for c in read_claims(name.replace("_", " "), table)]
    return [(c.trait, c.accepted) for c in claims] == alone


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _attribute(name: str, value: str | bool, table: WordTable) -> Iterable[Claim]:
    """Return what a named value claims: exactly, where the name and the value are the vocabulary's own."""
    trait = name.strip().lower().replace(" ", "_")
    text = str(value).strip()
    if trait in TRAITS:
        words = tuple(w.strip().lower().replace(" ", "_") for w in text.split("|"))
        if all(word in TRAITS[trait] for word in words):
            return [Claim(trait, words, text)]
    if trait in _TEXT_COLUMNS:
        return read_claims(text, table)
    spoken = name.replace("_", " ")
    if text.lower() in _YES:
        text = spoken
    elif text.lower() in _NO:
        text = f"no {spoken}"
    elif trait not in _GENERAL:
        text = f"{text} {spoken}"
    claims = read_claims(text, table)
    return [claim for claim in claims if claim.trait == trait] if trait in TRAITS else claims


def _merged(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Join the claims that several attributes make of one trait: any of them may be meant."""
    by_trait: dict[str, list[Claim]] = {}
    for claim in claims:
        by_trait.setdefault(claim.trait, []).append(claim)
    return tuple(
        Claim(
            trait,
            tuple(v for v in TRAITS[trait] if any(v in claim.accepted for claim in several)),
            ", ".join(dict.fromkeys(claim.words for claim in several)),
        )
        for trait, several in by_trait.items()
    )
