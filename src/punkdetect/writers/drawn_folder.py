"""A folder of drawn portraits: a PNG each, `labels.csv` in the project's label format, the masks in one file.

Owns the names of these files and how masks are packed. Takes portraits block by block and holds no more than
their masks. Knows nothing of how they were drawn.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from punkdetect.errors import EnvironmentUnusableError, UsageError
from punkdetect.punks import SIDE, BoolArray
from punkdetect.vocabulary import ALL_TRAITS, TRAITS
from punkdetect.writers import output

if TYPE_CHECKING:
    from punkdetect.synth import Drawn

LABELS = "labels.csv"
MASKS = "masks.npz"
COLLECTION = "synth"

COLUMNS = ("image", "collection", "family", *ALL_TRAITS)


_PORTRAIT = re.compile(COLLECTION + r"_\d{6}\.png")
"""What this writer calls a portrait: known by its name, for a run that was interrupted left no labels."""


def portrait_name(number: int) -> str:
    """Return the name of a portrait, without its suffix."""
    return f"{COLLECTION}_{number:06d}"


def label_word(trait: str, code: int) -> str:
    """Return a label as it stands in a label file; empty where there is none."""
    if code < 0:
        return ""
    return TRAITS[trait][code] if trait in TRAITS else f"#{code:06x}"


def check_folder(folder: Path, *, force: bool) -> None:
    """Refuse a folder that holds anything but what this writer put there.

    Raises
    ------
    UsageError
        If it is a file, may not be written, or holds other things and `force` was not said.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file: name a folder for the portraits")
    output.check_folder(folder)
    if force or not folder.exists():
        return
    names = {path.name for path in folder.iterdir()}
    ours = {name for name in names if _PORTRAIT.fullmatch(name)}
    if LABELS in names and _is_own_labels(folder / LABELS):
        ours.add(LABELS)
    if ours:  # masks alone could be anybody's
        ours.add(MASKS)
    if others := sorted(names - ours):
        raise UsageError(
            f"{folder} holds {others[0]}, which is not from synth: name a new folder, or say --force"
        )


def _is_own_labels(path: Path) -> bool:
    """Tell whether a label file speaks of drawn portraits: one that people made may have the same name."""
    try:
        with path.open("rb") as file:
            lines = file.read(output.HEAD_BYTES).splitlines()
    except OSError as error:
        raise UsageError(f"{path}: exists and cannot be read: {error.strerror}; say --force") from None
    if not lines:
        return True  # an empty file holds nothing to lose
    first = f"{portrait_name(0)},{COLLECTION},".encode()
    is_one = lines[0].startswith(b"image,collection,family,")
    return is_one and len(lines) > 1 and lines[1].startswith(first)


class DrawnFolder:
    """Writes portraits into a folder as they come.

    Parameters
    ----------
    folder : Path
        Made if it is not there. What an earlier run put there is removed first.
    masks : bool
        Whether to write `masks.npz` at the end.

    Raises
    ------
    EnvironmentUnusableError
        If the system refuses a write.
    """

    def __init__(self, folder: Path, *, masks: bool) -> None:
        self.folder = folder
        self.packed: dict[str, list[NDArray[np.uint8]]] | None = {} if masks else None
        self.rows: list[Sequence[str]] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for path in [p for p in folder.iterdir() if _PORTRAIT.fullmatch(p.name)]:
                path.unlink()
            for name in (LABELS, MASKS):
                (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise _refused(folder, error) from None

    def add(self, portraits: Drawn, pngs: Sequence[bytes]) -> None:
        """Write some portraits and keep their labels and masks for `finish`."""
        first = len(self.rows)
        names = [portrait_name(first + i) for i in range(len(pngs))]
        try:
            for name, png in zip(names, pngs, strict=True):
                (self.folder / f"{name}.png").write_bytes(png)
        except OSError as error:
            raise _refused(self.folder, error) from None
        columns = [[label_word(t, int(code)) for code in portraits.labels[t]] for t in ALL_TRAITS]
        self.rows += [
            (name, COLLECTION, name, *words)
            for name, words in zip(names, zip(*columns, strict=True), strict=True)
        ]
        if self.packed is not None:
            for trait in ALL_TRAITS:
                bits = portraits.masks[trait].reshape(len(pngs), -1)
                self.packed.setdefault(trait, []).append(np.packbits(bits, axis=1))

    def finish(self) -> None:
        """Write the masks, and last of all the labels: a folder with labels is whole."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(self.rows)
        try:
            if self.packed is not None:
                arrays = {trait: np.concatenate(parts) for trait, parts in self.packed.items()}
                images = np.array([row[0] for row in self.rows])
                np.savez_compressed(self.folder / MASKS, images=images, **arrays)  # type: ignore[arg-type]
            (self.folder / LABELS).write_text(text.getvalue(), encoding="utf-8", newline="")
        except OSError as error:
            raise _refused(self.folder, error) from None


def read_masks(path: Path) -> dict[str, BoolArray]:
    """Read `masks.npz`: by trait, bool (N, 24, 24) in the order of `labels.csv`."""
    with np.load(path, allow_pickle=False) as file:
        return {
            trait: np.unpackbits(file[trait], axis=1).astype(bool).reshape(-1, SIDE, SIDE)
            for trait in ALL_TRAITS
        }


def _refused(folder: Path, error: OSError) -> EnvironmentUnusableError:
    return EnvironmentUnusableError(f"{folder}: cannot write: {error.strerror or error}")
