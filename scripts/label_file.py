"""The project's own label file, as the scripts beside this one change it: whole collections at a time.

Owns the order of its columns and rows; knows nothing of pictures.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from punkdetect.vocabulary import ALL_TRAITS

COLUMNS = ("image", "collection", "family", *ALL_TRAITS)


def replace_collection(path: Path, collection: str, rows: Iterable[Mapping[str, str]]) -> int:
    """Put `rows` in the place of a collection's rows; those of other collections stay as they are.

    Demo rows come first, then the others in the order in which they came. Returns how many rows there are.
    """
    kept: list[Mapping[str, str]] = []
    if path.exists() and path.stat().st_size:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            kept = [row for row in reader if row.get("collection") not in (None, "", collection)]
    new = [{**row, "collection": collection} for row in rows]
    every = [*new, *kept] if collection == "demo" else [*kept, *new]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(every)
    return len(every)
