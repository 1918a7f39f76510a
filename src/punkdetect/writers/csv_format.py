"""The table of `scan`: one row a picture, one column a trait, safe to open in a spreadsheet.

Knows the columns of the CSV contract; knows nothing of where the text goes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from punkdetect.cells import safe_cell
from punkdetect.punks import NOT_FOUND, Source, TraitColumn
from punkdetect.reports import Reports, TraitHeading

FIRST_COLUMNS = ("image", "status", "message")
LAST_COLUMNS = ("withheld", "source_width", "source_height", "grid_fit")

_MARK = b"\xef\xbb\xbf"
"""What spreadsheets put in front of the tables that they save as UTF-8."""


class _Lines(list[str]):
    """A list that `csv.writer` can write to: one item a row."""

    write = list.append


class CsvFormat:
    r"""Writes reports as CSV (UTF-8, RFC 4180 quoting, `\n` line ends).

    Parameters
    ----------
    headings : sequence of TraitHeading
        The traits of the run, in column order.
    """

    def __init__(self, headings: Sequence[TraitHeading]) -> None:
        named = [h for h in headings if not h.is_color]
        self.named = [h.trait for h in named]
        self.colors = [h.trait for h in headings if h.is_color]
        # A trait that did not pass the gate stands in `withheld` even where a person asked for its answers.
        self.withheld = ";".join(h.trait for h in headings if h.reason)

    def columns(self) -> list[str]:
        """Return the names of the columns."""
        pairs = [name for trait in self.named for name in (trait, f"{trait}_confidence")]
        return [*FIRST_COLUMNS, *pairs, *self.colors, *LAST_COLUMNS]

    def header(self) -> str:
        """Return the line of column names."""
        return csv_lines([map(safe_cell, self.columns())])[0]

    def records(self, reports: Reports) -> list[str]:
        """Return one line a picture."""
        columns: list[Iterable[Any]] = [
            map(safe_cell, reports.images),
            reports.statuses,
            map(safe_cell, reports.messages),
        ]
        for trait in self.named:
            values, confidences = _cells(reports, trait)
            columns += [values, confidences]
        columns += [_cells(reports, trait)[0] for trait in self.colors]
        columns.append([self.withheld] * len(reports))
        columns += _source_cells(reports.sources)
        return csv_lines(zip(*columns, strict=True))

    def footer(self) -> str:
        """Return nothing: a CSV ends with its last row."""
        return ""

    def recognizes(self, head: bytes) -> bool:
        """Tell whether the first line is the header of a scan."""
        line = head.removeprefix(_MARK).split(b"\n", 1)[0].rstrip(b"\r")
        return line.startswith(",".join(FIRST_COLUMNS).encode()) and line.endswith(
            ",".join(LAST_COLUMNS).encode()
        )


def csv_lines(rows: Iterable[Iterable[Any]]) -> list[str]:
    """Return a line of CSV for each row of cells."""
    lines = _Lines()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    return lines


def _cells(reports: Reports, trait: str) -> tuple[list[str], list[str]]:
    """Return the value and confidence cells of one trait for the whole block."""
    column = reports.columns.get(trait)
    if column is None:
        empty = [""] * len(reports)
        return empty, empty
    values = _words(column)
    shares, which = np.unique(column.confidence, return_inverse=True)  # a detector gives few different ones
    texts = [plain_number(share) for share in shares.tolist()]
    confidences = [texts[i] for i in which.tolist()]
    for row in (reports.held_back[trait] | (column.codes == NOT_FOUND)).nonzero()[0].tolist():
        values[row] = confidences[row] = ""
    rows = reports.rows.tolist()
    values, confidences = [*values, ""], [*confidences, ""]  # row -1, a refused picture, is the last: empty
    values, confidences = [values[row] for row in rows], [confidences[row] for row in rows]
    for position, failed in reports.errors.items():
        if trait in failed:
            values[position] = confidences[position] = ""
    return values, confidences


def _words(column: TraitColumn) -> list[str]:
    codes = column.codes.tolist()
    if not column.vocabulary:
        return [f"#{code:06x}" if code >= 0 else "" for code in codes]
    words = [safe_cell(word) for word in column.vocabulary] + [""]  # code -1 is the last: empty
    return [words[code] for code in codes]


def plain_number(number: float) -> str:
    """Write a share with up to four places and no exponent."""
    text = f"{number:.4f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def _source_cells(sources: Sequence[Source | None]) -> list[list[str]]:
    return [
        ["" if s is None else str(s.width) for s in sources],
        ["" if s is None else str(s.height) for s in sources],
        ["" if s is None else plain_number(s.fit) for s in sources],
    ]
