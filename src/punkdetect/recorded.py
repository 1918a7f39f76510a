"""The lines of a scan's journal: what each says of a record, and all of them in little memory.

A line is the length and checksum of a record, the picture's status, a digest of the picture's content, and
its name. Knows no files; which records there are and where they stand is `journal`'s.
"""

from __future__ import annotations

import json
import re
import zlib
from array import array
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from punkdetect.packed import PackedTexts
from punkdetect.reports import OK

UNREAD = "-"
"""In place of a digest where a picture's content could not be read."""

_DIGEST_BYTES = 16
_DIGEST = re.compile(rf"{UNREAD}|[0-9a-f]{{{2 * _DIGEST_BYTES}}}")
_LONGEST = 1 << 32  # bytes of a record


class Entry(NamedTuple):
    """A record that is there already.

    Parameters
    ----------
    offset, length : int
        Where it stands in the part file.
    crc : int
    status, digest : str
    """

    offset: int
    length: int
    crc: int
    status: str
    digest: str


def is_failed(entry: Entry) -> bool:
    """Tell whether a record says that the picture was refused."""
    return entry.status != OK


def line_of(name: str, status: str, record: bytes, digest: str) -> str:
    """Return the journal's line for one record."""
    return entry_line(name, Entry(0, len(record), zlib.crc32(record), status, digest))


def entry_line(name: str, entry: Entry) -> str:
    """Return the line that says where a record is, as `line_of`."""
    return f"{entry.length} {entry.crc:08x} {entry.status} {entry.digest} {json.dumps(name)}\n"


def parse_line(line: bytes, offset: int) -> tuple[str, Entry] | None:
    """Return what a line says of a record at that place; None if it says nothing that can be meant."""
    if not line.endswith(b"\n"):
        return None
    try:
        length, crc, status, digest, name = line.decode("ascii").rstrip("\n").split(" ", 4)
        text = json.loads(name)
        entry = Entry(offset, int(length), int(crc, 16), status, digest)
    except (ValueError, RecursionError):
        return None
    means = isinstance(text, str) and 0 < entry.length < _LONGEST and 0 <= entry.crc < 1 << 32
    return (text, entry) if means and _DIGEST.fullmatch(digest) else None


class Entries(Mapping[str, Entry]):
    """What is known of the records of many pictures, by name; a picture's last line counts.

    Some 60 bytes and the letters of the name for each. Filled by `add`, then closed by `sort`, then asked.
    """

    def __init__(self) -> None:
        self._names = PackedTexts()
        self._offsets, self._lengths, self._crcs = array("Q"), array("L"), array("L")
        self._statuses: list[str] = []  # the different ones
        self._status_of = array("L")
        self._digests = bytearray()
        self._read = bytearray()  # 1 where there is a digest
        self._stands = bytearray()  # 1 where the record is as it was written, and the picture's last
        self._hashes = array("q")
        self._order = array("q")  # places by hash of their names
        self._next = 0  # pictures mostly come in the order in which they came before

    def add(self, name: str, entry: Entry, stands: bool) -> None:
        """Append what a line says; whether its record is as it was written."""
        self._names.append(name)
        self._offsets.append(entry.offset)
        self._lengths.append(entry.length)
        self._crcs.append(entry.crc)
        if entry.status not in self._statuses:
            self._statuses.append(entry.status)
        self._status_of.append(self._statuses.index(entry.status))
        is_read = entry.digest != UNREAD
        self._read.append(is_read)
        self._digests += bytes.fromhex(entry.digest) if is_read else bytes(_DIGEST_BYTES)
        self._stands.append(stands)
        self._hashes.append(hash(name))

    def sort(self) -> None:
        """Make ready to be asked: of several lines of one picture only the last stands."""
        import numpy as np

        hashes = np.frombuffer(self._hashes, np.int64) if self._hashes else np.zeros(0, np.int64)
        order = np.argsort(hashes, kind="stable")
        ordered = hashes[order]
        for i in np.flatnonzero(ordered[1:] == ordered[:-1]).tolist():
            for later in range(i + 1, len(order)):
                if ordered[later] != ordered[i]:
                    break
                if self._names[order[later]] == self._names[order[i]]:
                    self._stands[order[i]] = 0
        self._order, self._hashes = array("q", order.tobytes()), array("q", ordered.tobytes())

    def _place(self, name: str) -> int:
        """Return where the entry of a picture is; -1 if there is none that stands."""
        from bisect import bisect_left

        place = self._next
        if place == len(self._names) or self._names[place] != name or not self._stands[place]:
            key = hash(name)
            place = -1
            for i in range(bisect_left(self._hashes, key), len(self._hashes)):
                if self._hashes[i] != key:
                    break
                found = self._order[i]
                if self._stands[found] and self._names[found] == name:
                    place = found
                    break
            if place < 0:
                return -1
        self._next = place + 1
        return place

    def __getitem__(self, name: str) -> Entry:
        place = self._place(name)
        if place < 0:
            raise KeyError(name)
        at = place * _DIGEST_BYTES
        digest = self._digests[at : at + _DIGEST_BYTES].hex() if self._read[place] else UNREAD
        status = self._statuses[self._status_of[place]]
        return Entry(self._offsets[place], self._lengths[place], self._crcs[place], status, digest)

    def __len__(self) -> int:
        return self._stands.count(1)

    def __iter__(self) -> Iterator[str]:
        return (name for name, stands in zip(self._names, self._stands, strict=True) if stands)
