"""Writes `Reports` to outside: CSV, JSON, JSON Lines, Parquet, each put in place whole.

A format turns reports into text, one record a picture; `output` puts text where it belongs. Only `Report`
and `Reports` come in here: formats know nothing of detectors, configs or pictures.
"""

from __future__ import annotations

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


def format_name(path: Path | None, asked: str | None) -> str:
    """Return the format of a table: what was asked for, else by the suffix of the output, else CSV.

    Raises
    ------
    UsageError
        If the suffix says nothing.
    """
    if asked:
        return asked
    if path is None or path.suffix.lower() == ".csv" or is_stream(path):
        return "csv"
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return "jsonl"
    if path.suffix.lower() == ".parquet":
        return "parquet"
    raise UsageError(f"{path}: end the name of the output in .csv, .jsonl or .parquet, or say --format")
