"""Rarity as text for people, as CSV, or as JSON; each trait's share is always told.

Knows tables and rarities; counts nothing itself.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from punkdetect.cells import printable_text, safe_cell
from punkdetect.plural import counted
from punkdetect.rarity import MISSING, Rarity
from punkdetect.tables import Table

FIRST_COLUMNS = ("rank", "rank_best", "rank_worst", "score", "image", "status", "message")
SCHEMA = "punkdetect-rarity/1"

PLACES = 6
"""Decimal places of scores and shares."""

TOLD = 3
"""Rarest traits that a line of text names; CSV and JSON hold them all."""

_TITLE = "Rarity by OpenRarity's formula"


def _in_order(rarity: Rarity) -> list[int]:
    return sorted(range(len(rarity.ranks)), key=lambda i: (int(rarity.ranks[i]), i))


def rarity_text(table: Table, rows: Sequence[int], rarity: Rarity, top: int | None) -> str:
    """Return one line a portrait, the rarest first: rank, its range, score, name, its rarest traits."""
    order = _in_order(rarity)[:top]
    lines = [f"{_TITLE}: {counted(len(rows), 'portrait')}, {rarity.entropy:.3f} bits on average", ""]
    cells = [["rank", "may be", "score", "image", "rarest traits"]]
    for i in order:
        near = sorted(zip(rarity.shares[i].tolist(), rarity.traits, strict=True))[:TOLD]
        told = ", ".join(f"{t} {_value(table, t, rows[i])} {share:.1%}" for share, t in near)
        best, worst = int(rarity.best[i]), int(rarity.worst[i])
        span = "" if best == worst else f"{best}-{worst}"
        cells.append(
            [
                str(rarity.ranks[i]),
                span,
                f"{rarity.scores[i]:.3f}",
                printable_text(table.images[rows[i]]),
                told,
            ]
        )
    widths = [max(len(row[c]) for row in cells) for c in range(4)]
    for row in cells:
        lead = [
            row[0].rjust(widths[0]),
            *(cell.ljust(w) for cell, w in zip(row[1:4], widths[1:], strict=True)),
        ]
        lines.append("  ".join([*lead, row[4]]).rstrip())
    if len(order) < len(rows):
        lines.append(f"... and {len(rows) - len(order)} more (--top 0)")
    return "\n".join(lines) + "\n"


def _value(table: Table, trait: str, row: int) -> str:
    return printable_text(table.columns[trait].values[row] or "(nothing found)")


def rarity_csv(table: Table, rows: Sequence[int], rarity: Rarity) -> str:
    """Return a table: the rarest first, refused pictures last; each trait with its share."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    pairs = [name for trait in rarity.traits for name in (trait, f"{trait}_share")]
    writer.writerow([*FIRST_COLUMNS, *map(safe_cell, pairs)])
    for i in _in_order(rarity):
        row = rows[i]
        cells: list[Any] = [
            rarity.ranks[i],
            rarity.best[i],
            rarity.worst[i],
            f"{rarity.scores[i]:.{PLACES}f}",
        ]
        cells += [safe_cell(table.images[row]), table.statuses[row], safe_cell(table.messages[row])]
        for trait, share in zip(rarity.traits, rarity.shares[i], strict=True):
            cells += [safe_cell(table.columns[trait].values[row] or ""), f"{share:.{PLACES}f}"]
        writer.writerow(cells)
    read = set(rows)
    for row in (row for row in range(len(table)) if row not in read):
        left = [safe_cell(table.images[row]), table.statuses[row], safe_cell(table.messages[row])]
        writer.writerow(["", "", "", "", *left, *[""] * len(pairs)])
    return lines.getvalue()


def rarity_json(table: Table, rows: Sequence[int], rarity: Rarity) -> str:
    """Return the collection's counts and every portrait's score, the rarest first."""
    n = len(rows)
    counted = {
        trait: {
            value: {"count": count, "share": round(count / n, PLACES)}
            for value, count in counter.most_common()
        }
        for trait, counter in rarity.counts.items()
    }
    portraits = [
        {
            "image": table.images[rows[i]],
            "rank": int(rarity.ranks[i]),
            "rank_range": [int(rarity.best[i]), int(rarity.worst[i])],
            "score": round(float(rarity.scores[i]), PLACES),
            "bits": round(float(rarity.information[i]), PLACES),
            "shares": {
                trait: round(float(share), PLACES)
                for trait, share in zip(rarity.traits, rarity.shares[i], strict=True)
            },
        }
        for i in _in_order(rarity)
    ]
    read = set(rows)
    refused = [
        {"image": table.images[row], "status": table.statuses[row], "message": table.messages[row]}
        for row in range(len(table))
        if row not in read
    ]
    out = {
        "schema": SCHEMA, "portraits": n, "entropy": round(rarity.entropy, PLACES), "missing": MISSING,
        "traits": counted, "ranking": portraits, "refused": refused,
    }  # fmt: skip
    return json.dumps(out, indent=1, allow_nan=False) + "\n"


def is_rarity(head: bytes) -> bool:
    """Tell from the first bytes of a file whether it is any of these."""
    starts = (_TITLE, ",".join(FIRST_COLUMNS), f'{{\n "schema": "{SCHEMA}"')
    return head.startswith(tuple(start.encode() for start in starts))
