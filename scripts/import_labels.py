"""Merge what is known of a real collection into data/validation_labels.csv: label facts, never pictures.

    scripts/import_labels --labels FILE [--colors FILE] --collection NAME [--to FILE]

`a|b` (either answer counts) stays as it is. Rows of other collections are left alone.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from label_file import COLUMNS, replace_collection

from punkdetect.labels import read_labels

ROOT = Path(__file__).resolve().parents[1]


def read_rows(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a label file by image name."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {row["image"]: row for row in csv.DictReader(file)}


def main() -> None:
    """Read, merge, write, and read again with the project's own reader."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--colors", type=Path)
    parser.add_argument("--collection", required=True)
    parser.add_argument("--to", type=Path, default=ROOT / "data" / "validation_labels.csv")
    given = parser.parse_args()
    rows = read_rows(given.labels)
    extra = read_rows(given.colors) if given.colors else {}
    unknown = sorted(set(extra) - set(rows))
    if unknown:
        parser.error(f"{given.colors}: no labels for {', '.join(unknown[:3])}")
    merged = []
    for image, row in rows.items():
        facts = {**extra.get(image, {}), **{k: v for k, v in row.items() if v}}
        merged.append({"family": image, **{k: v for k, v in facts.items() if k in COLUMNS}})
    count = replace_collection(given.to, given.collection, merged)
    read_labels(given.to)
    print(f"{given.to.name}: {len(merged)} rows of {given.collection}, {count} in all")


if __name__ == "__main__":
    main()
