"""The portraits that are measured on: labelled pictures found on the disk, or drawn with their labels.

Knows labels and inputs; knows nothing of detectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from punkdetect.errors import PictureError, UsageError
from punkdetect.inputs import Item, SheetLayout, find_inputs
from punkdetect.labels import LabelRow, Labels, image_stem, read_labels
from punkdetect.punks import SIDE, Punks
from punkdetect.vocabulary import TRAITS


@dataclass(frozen=True)
class Pictures:
    """The labelled portraits whose pictures were found.

    Parameters
    ----------
    rows : tuple of LabelRow, length N
        In the order of the labels.
    punks : Punks
        N portraits, in the same order.
    missing : tuple of LabelRow
        Rows without a picture.
    refused : tuple of (LabelRow, PictureError)
        Rows whose picture could not be read.
    """

    rows: tuple[LabelRow, ...]
    punks: Punks
    missing: tuple[LabelRow, ...]
    refused: tuple[tuple[LabelRow, PictureError], ...]


def match_pictures(labels: Labels, places: Sequence[tuple[Path, Sequence[Item]]]) -> Pictures:
    """Find and read the pictures of labelled portraits.

    Parameters
    ----------
    labels : Labels
    places : sequence of (folder or sheet, its pictures)
        Searched in this order; a picture belongs to the row that has its name without folders and suffix.

    Raises
    ------
    UsageError
        If one place holds two pictures of a name that is labelled: nobody could say which was meant.
    """
    wanted = {row.image for row in labels.rows}
    found: dict[str, Item] = {}
    for place, items in places:
        for stem, item in _by_stem(place, items, wanted).items():
            found.setdefault(stem, item)
    rows, pixels, sources, refused = [], [], [], []
    for row in labels.rows:
        if row.image not in found:
            continue
        try:
            rgba, source = found[row.image].load()
        except PictureError as error:
            refused.append((row, error))
            continue
        rows.append(row)
        pixels.append(rgba)
        sources.append(source)
    missing = tuple(row for row in labels.rows if row.image not in found)
    stacked = np.stack(pixels) if pixels else np.zeros((0, SIDE, SIDE, 4), np.uint8)
    return Pictures(tuple(rows), Punks(stacked, tuple(sources)), missing, tuple(refused))


def _by_stem(place: Path, items: Iterable[Item], wanted: set[str]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in items:
        stem = image_stem(item.name)
        if stem in found and stem in wanted:
            raise UsageError(
                f"{place} holds both {found[stem].name} and {item.name}: name the folder that is meant"
            )
        found[stem] = item
    return found


def sheet_pictures(labels: Path) -> Pictures:
    """Return the portraits of a sheet with its labels beside it: `flat.csv`, `flat.png`, tiles `flat_0000`.

    Raises
    ------
    UsageError
        If the labels cannot be read or the sheet is missing.
    """
    layout = SheetLayout(SIDE, name=f"{labels.stem}_{{id:04d}}")
    sheet = labels.with_suffix(".png")
    return match_pictures(read_labels(labels), [(sheet, tuple(find_inputs([sheet], sheet=layout).items))])


def joined_pictures(parts: Sequence[Pictures]) -> Pictures:
    """Put the portraits of several collections together."""
    return Pictures(
        tuple(row for part in parts for row in part.rows),
        Punks(
            np.concatenate([part.punks.rgba for part in parts]),
            tuple(source for part in parts for source in part.punks.sources),
        ),
        tuple(row for part in parts for row in part.missing),
        tuple(refused for part in parts for refused in part.refused),
    )


def drawn_pictures(n: int, seed: int) -> Pictures:
    """Return portraits that the project draws itself, with their exact labels."""
    from punkdetect.synth import draw

    portraits = draw(n, seed)
    rows = []
    for i in range(n):
        accepted = {}
        for trait, codes in portraits.labels.items():
            code = int(codes[i])
            if code >= 0:
                accepted[trait] = (TRAITS[trait][code] if trait in TRAITS else f"#{code:06x}",)
        rows.append(LabelRow(f"drawn_{i}", "synth", f"drawn_{i}", accepted, i))
    return Pictures(tuple(rows), Punks(portraits.rgba), (), ())
