"""Reads labelled portraits of a folder or a sheet as examples.

Knows label files and pictures; must not know models.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from punkdetect.evaluate import match_pictures
from punkdetect.inputs import Item
from punkdetect.labels import Labels, read_labels
from punkdetect.punks import Punks
from punkdetect.training.examples import Examples, join, make_examples
from punkdetect.vocabulary import TRAITS


def examples_of(
    labels: Labels, places: Iterable[tuple[Path, Iterable[Item]]], collection: str | None
) -> Examples:
    """Return the portraits of a label file that have a picture.

    Parameters
    ----------
    labels : Labels
    places : iterable of (folder or sheet, its pictures)
    collection : str or None
        What all of them belong to; None: what the label file says.
    """
    pictures = match_pictures(labels, [(place, tuple(items)) for place, items in places])
    rows = pictures.rows
    accepted = {t: [r.accepted.get(t, ()) for r in rows] for t in labels.traits if t in TRAITS}
    found = make_examples(
        Punks(pictures.punks.rgba).rgba,
        accepted,
        [r.image for r in rows],
        collection or "",
        [r.family for r in rows],
    )
    if collection is None:
        found = replace(found, collections=np.array([r.collection for r in rows], np.str_))
    return found


def read_folder(labels_path: Path, images: Path, collection: str | None = None) -> Examples:
    """Read a label file and the folder of pictures it speaks of.

    Raises
    ------
    UsageError
        If the labels cannot be read, or the folder is missing.
    """
    from punkdetect.inputs import find_inputs

    found = find_inputs([str(images)])
    return examples_of(read_labels(labels_path), [(images, tuple(found.items))], collection)


def read_sheet(labels_path: Path, sheet: Path, collection: str, pattern: str, tile: int = 24) -> Examples:
    """Read a label file and the sheet of tiles it speaks of.

    Parameters
    ----------
    pattern : str
        Name of each tile, such as `punk_{id:04d}`.
    """
    from punkdetect.inputs import SheetLayout, find_inputs

    found = find_inputs([str(sheet)], sheet=SheetLayout(tile=tile, name=pattern))
    return examples_of(read_labels(labels_path), [(sheet, tuple(found.items))], collection)


def read_collections(folder: Path) -> Examples:
    """Read every sheet of a folder with the label file beside it: `flat.png`, `flat.csv`, tiles `flat_0000`.

    Raises
    ------
    UsageError
        If labels cannot be read or a sheet is missing.
    """
    return join(
        [
            read_sheet(labels, labels.with_suffix(".png"), labels.stem, f"{labels.stem}_{{id:04d}}")
            for labels in sorted(folder.glob("*.csv"))
        ]
    )
