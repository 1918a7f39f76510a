"""Writes `Reports` to outside: CSV, JSON, JSON Lines, Parquet, each put in place whole.

A format turns reports into text, one record a picture; `output` puts text where it belongs. Only `Report`
and `Reports` come in here: formats know nothing of detectors, configs or pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from punkdetect.errors import UsageError
from punkdetect.reports import Reports
from punkdetect.writers.output import is_stream


class Format(Protocol):
    """Turns reports into the text of one output file: header, records, footer."""

    def header(self) -> str:
        """Return what stands before the first record."""
        ...

    def records(self, reports: Reports) -> list[str]:
        """Return one complete piece of text a picture, in order."""
        ...

    def footer(self) -> str:
        """Return what stands after the last record."""
        ...

    def recognizes(self, head: bytes) -> bool:
        """Tell from the first bytes of a file whether this format of ours wrote it."""
        ...


SUFFIXES = {
    ".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet",
    ".html": "html", ".htm": "html",
}  # fmt: skip
"""Formats by the suffixes that everybody, and every program, takes for them."""

TABLES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
"""Formats of the table of `scan`, by suffix."""


def format_name(path: Path | None, asked: str | None, kinds: Mapping[str, str] = TABLES) -> str:
    """Return the format of an output: what was asked for, else by its suffix, else the first of all.

    Parameters
    ----------
    path : Path or None
        None, or a stream: the suffix says nothing.
    asked : str or None
        What `--format` says.
    kinds : mapping of str to str
        Formats by suffix.

    Raises
    ------
    UsageError
        If the suffix is none of these, or that of another format than was asked for.
    """
    if asked:
        check_suffix(path, asked, kinds)
        return asked
    if path is None or is_stream(path):
        return next(iter(kinds.values()))
    if path.suffix.lower() in kinds:
        return kinds[path.suffix.lower()]
    *some, last = _first_suffixes(kinds).values()
    raise UsageError(f"{path}: end the name of the output in {', '.join(some)} or {last}, or say --format")


def check_suffix(
    path: Path | None,
    kind: str,
    kinds: Mapping[str, str],
    otherwise: str = "ask for another --format",
) -> None:
    """Refuse a name that every program would take for another format.

    Parameters
    ----------
    path : Path or None
        None, or a stream: the suffix says nothing. Nor does one that belongs to no format.
    kind : str
        The format that is to be written.
    kinds : mapping of str to str
        Formats by suffix, for the message.
    otherwise : str
        What else a person may do.

    Raises
    ------
    UsageError
        If the suffix is that of another format.
    """
    if path is None or is_stream(path) or SUFFIXES.get(path.suffix.lower(), kind) == kind:
        return
    raise UsageError(
        f"{path}: what is written is {kind}, and the name says {path.suffix.lower()[1:]}: "
        f"end it in {_first_suffixes(kinds)[kind]}, or {otherwise}"
    )


def _first_suffixes(kinds: Mapping[str, str]) -> dict[str, str]:
    """Return the first suffix of each format."""
    first: dict[str, str] = {}
    for suffix, kind in kinds.items():
        first.setdefault(kind, suffix)
    return first
