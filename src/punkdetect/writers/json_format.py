"""One JSON object a picture (schema `punkdetect/1`), alone, in a list, or a line each.

Knows the keys of the JSON contract; knows nothing of where the text goes.
"""

from __future__ import annotations

import json
from typing import Any

from punkdetect.punks import Source
from punkdetect.reports import SCHEMA, Report, Reports, TraitHeading

PLACES = 4
"""Decimal places of every share, so that the last bits of a float sum never show."""


def report_object(report: Report, evidence: bool = False) -> dict[str, Any]:
    """Return one report as plain objects that `json` can write.

    Parameters
    ----------
    report : Report
    evidence : bool
        Add to each trait the (row, column) of the pixels that decided.
    """
    out: dict[str, Any] = {"schema": SCHEMA, "image": report.image, "status": report.status}
    if report.message:
        out["message"] = report.message
    if report.source is not None:
        out["source"] = source_object(report.source)
    if report.rgba is None:
        return out
    answered = [h for h in report.headings if h.answered and h.trait in report.answers]
    colors = [h for h in answered if h.is_color]
    out["traits"] = {h.trait: _trait(h, report, evidence) for h in answered if not h.is_color}
    out["colors"] = {_color_name(h.trait): report.answers[h.trait].value for h in colors}
    if evidence:
        out["color_evidence"] = {_color_name(h.trait): _pixels(report, h.trait) for h in colors}
    out["palette"] = [{"hex": color, "pixels": n} for color, n in report.palette]
    # A colour is a bare value with no room for a mark, so a withheld one that was asked for stays named
    # here.
    out["withheld"] = {
        h.trait: {"reason": h.reason} for h in report.headings if h.reason and (h.is_color or not h.answered)
    }
    if report.errors:
        out["errors"] = dict(report.errors)
    return out


def _color_name(trait: str) -> str:
    return trait.removesuffix("_hex")


def _trait(heading: TraitHeading, report: Report, evidence: bool) -> dict[str, Any]:
    answer = report.answers[heading.trait]
    out: dict[str, Any] = {
        "value": answer.value,
        "confidence": round(answer.confidence, PLACES),
        "detector": heading.detector,
    }
    if not heading.shown:
        out["withheld"] = True
    if heading.forced:
        out["forced"] = True
    if heading.reason:
        out["reason"] = heading.reason
    if evidence:
        out["evidence"] = _pixels(report, heading.trait)
    return out


def _pixels(report: Report, trait: str) -> list[list[int]]:
    return [[int(row), int(col)] for row, col in zip(*report.answers[trait].evidence.nonzero(), strict=True)]


def source_object(source: Source) -> dict[str, Any]:
    """Return where a picture came from as plain objects: lengths in source pixels, row before column."""
    height, width = (round(float(c), PLACES) for c in source.cell)
    notes = {"notes": list(source.notes)} if source.notes else {}
    return {
        "width": source.width,
        "height": source.height,
        "cell": _short(width) if width == height else [_short(height), _short(width)],
        "offset": [_short(round(float(o), PLACES)) for o in source.offset],
        "fit": round(float(source.fit), PLACES),
        "forced": source.forced,
        **notes,
    }


def _short(number: float) -> int | float:
    return int(number) if number == int(number) else number


def dump(value: Any) -> str:
    """Return JSON on one line: ASCII, so that any file name survives, and never nan."""
    return json.dumps(value, allow_nan=False)


class JsonLinesFormat:
    """Writes reports as JSON Lines: one object a line.

    Parameters
    ----------
    evidence : bool
        Add the pixels that decided.
    """

    def __init__(self, evidence: bool = False) -> None:
        self.evidence = evidence

    def header(self) -> str:
        """Return nothing: every line stands alone."""
        return ""

    def records(self, reports: Reports) -> list[str]:
        """Return one line a picture."""
        return [dump(report_object(report, self.evidence)) + "\n" for report in reports]

    def footer(self) -> str:
        """Return nothing."""
        return ""

    def recognizes(self, head: bytes) -> bool:
        """Tell whether the file starts like one of ours."""
        return b"".join(head.split()).lstrip(b"[").startswith(f'{{"schema":"{SCHEMA}"'.encode())


class JsonFormat(JsonLinesFormat):
    """Writes reports as one JSON value: an object for a single picture, a list for several.

    Parameters
    ----------
    several : bool
        Whether it is a list.
    evidence : bool
        Add the pixels that decided.
    """

    def __init__(self, several: bool, evidence: bool = False) -> None:
        super().__init__(evidence)
        self.several = several
        self.written = 0

    def header(self) -> str:
        """Return the opening bracket of a list."""
        return "[\n" if self.several else ""

    def records(self, reports: Reports) -> list[str]:
        """Return one object a picture, a key a line."""
        texts = []
        for report in reports:
            texts.append((",\n" if self.written else "") + _spread(report_object(report, self.evidence)))
            self.written += 1
        return texts

    def footer(self) -> str:
        """Return the closing bracket of a list."""
        return "\n]\n" if self.several else "\n"


def _spread(out: dict[str, Any]) -> str:
    """Return an object with a line for every key, and for every trait, so that a person can read it."""
    lines = []
    for key, value in out.items():
        if key in ("traits", "withheld") and value:
            inner = ",\n".join(f"    {dump(name)}: {dump(entry)}" for name, entry in value.items())
            lines.append(f"  {dump(key)}: {{\n{inner}\n  }}")
        else:
            lines.append(f"  {dump(key)}: {dump(value)}")
    return "{\n" + ",\n".join(lines) + "\n}"
