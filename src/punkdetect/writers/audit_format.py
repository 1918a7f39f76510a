"""What an audit found, as text for people or as CSV.

Takes findings in the order in which they are to stand. Knows nothing of how they were found.
"""

from __future__ import annotations

import csv
import io
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from punkdetect.cells import printable_text, safe_cell
from punkdetect.words.audit import LEFT_OUT, NOT_MENTIONED

if TYPE_CHECKING:
    from punkdetect.punks import BoolArray
    from punkdetect.words.audit import Audit, Finding

COLUMNS = (
    "image", "kind", "trait", "claimed", "shown", "sure", "confidence", "detector", "words", "evidence",
)  # fmt: skip

TITLE = "What the pixels contradict, the surest first"
"""First line of the text, by which an earlier output is known."""


def audit_csv(audit: Audit) -> str:
    """Return a table: one row a finding, then one for each picture or wording that could not be audited."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for f in audit.findings:
        pixels = " ".join(f"{row}:{col}" for row, col in zip(*f.evidence.nonzero(), strict=True))
        cells = (f.image, f.kind, f.trait, "|".join(f.claimed), f.shown)
        sure, confidence = f"{f.sure:.4f}", f"{f.confidence:.4f}"
        writer.writerow([*map(safe_cell, cells), sure, confidence, f.detector, safe_cell(f.words), pixels])
    for entry in audit.unaudited:
        row = [safe_cell(entry.name), entry.kind, *[""] * 6, safe_cell(entry.message), ""]
        writer.writerow(row)
    return lines.getvalue()


def is_audit_csv(head: bytes) -> bool:
    """Tell from the first bytes of a file whether it is such a table."""
    return head.startswith((",".join(COLUMNS) + "\n").encode())


def audit_text(audit: Audit) -> str:
    """Return findings as lines for people: the alarms, then by picture what its words leave out."""
    silent = [f for f in audit.findings if f.kind == LEFT_OUT]
    lines = [TITLE, *(map(_alarm, audit.alarms) if audit.alarms else ["nothing"])]
    if silent:
        lines += ["", "What the words leave out and could say:"]
        for image, several in groupby(silent, key=lambda f: f.image):
            told = ", ".join(f"{f.trait} {f.shown}" for f in several)
            lines.append(f"  {printable_text(image)}: {told}")
    return "".join(f"{line}\n" for line in lines)


def is_audit_text(head: bytes) -> bool:
    """Tell from the first bytes of a file whether it is such a text."""
    return head.startswith(TITLE.encode())


def _alarm(f: Finding) -> str:
    if f.kind == NOT_MENTIONED:
        said = "the words mention none"
    else:
        said = f'the words say {" or ".join(f.claimed) or "something else"} ("{printable_text(f.words)}")'
    where = pixel_words(f.evidence)
    return (
        f"{f.sure:.2f}  {printable_text(f.image)}: {f.trait}: {said}, the pixels show {f.shown}"
        f"{f' ({where})' if where else ''}"
    )


def pixel_words(evidence: BoolArray) -> str:
    """Say where pixels lie: `rows 12-14, columns 5-6`; empty if there are none."""
    rows, cols = (np.unique(places) for places in evidence.nonzero())
    if not len(rows):
        return ""
    return f"{_span('row', rows[0], rows[-1])}, {_span('column', cols[0], cols[-1])}"


def _span(what: str, first: int, last: int) -> str:
    return f"{what} {first}" if first == last else f"{what}s {first}-{last}"
