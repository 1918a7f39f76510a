"""From a path, bytes or a tile to the true 24x24 pixels: the steps before anything looks at a portrait.

Joins `sources`, `images`, `sheets` and `grid`; an `Item` puts the work off until its turn comes, so that
a long list of pictures costs no memory. Knows nothing of traits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from punkdetect.punks import SIDE, ByteArray, Source


@dataclass(frozen=True)
class Item:
    """One picture on its way in.

    Parameters
    ----------
    name : str
        What the outputs call it.
    load : callable
        Returns its true pixels and where they came from; raises PictureError. Called once.
    """

    name: str
    load: Callable[[], tuple[ByteArray, Source]]


@dataclass(frozen=True)
class SheetLayout:
    """How a sheet is cut into tiles.

    Parameters
    ----------
    tile : int
        Pixels along each side of a tile.
    columns : int or None
        Tiles in a row; None: as many as fit.
    margin, gap : int
        Pixels around the sheet, and between tiles.
    name : str or None
        Name of a tile, a format string with `id` and `sheet`; None: `<sheet>_0000`.
    first_id : int
        Id of the first tile.
    """

    tile: int
    columns: int | None = None
    margin: int = 0
    gap: int = 0
    name: str | None = None
    first_id: int = 0


def true_pixels(rgba: ByteArray, name: str, forced: bool = False) -> tuple[ByteArray, Source]:
    """Return the 24x24 portrait that a picture of any size holds.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    name : str
        What the outputs call the picture.
    forced : bool
        Take it for a grid of 24 cells even if the search would refuse it.

    Returns
    -------
    rgba : ndarray of uint8, shape (24, 24, 4)
    source : Source

    Raises
    ------
    NotAPunkError
        If it holds none.
    """
    height, width = rgba.shape[:2]
    if (height, width) == (SIDE, SIDE):
        return rgba, Source(name)
    from punkdetect.grid import recover_grid

    found = recover_grid(rgba, forced=forced)
    return found.rgba, Source(
        name, width, height, tuple(found.cell), tuple(found.offset), float(found.fit), bool(found.forced)
    )


def bytes_pixels(data: bytes, name: str, forced: bool = False) -> tuple[ByteArray, Source]:
    """Decode a picture and return its true pixels; raises PictureError."""
    from punkdetect.images import read_picture

    return true_pixels(read_picture(data).rgba, name, forced)


def file_item(path: Path, name: str, forced: bool = False) -> Item:
    """Return one picture file as an `Item`."""

    def load() -> tuple[ByteArray, Source]:
        return bytes_pixels(path.read_bytes(), name, forced)

    return Item(name, load)


def find_items(
    paths: Sequence[Path], *, forced: bool = False, sheet: SheetLayout | None = None
) -> tuple[list[Item], list[Path]]:
    """Return the pictures that files and folders hold, in order, and the files they are read from."""
    items, files = [], []
    for path in paths:
        found = sorted(p for p in path.rglob("*") if p.suffix == ".png") if path.is_dir() else [path]
        files += found
        items += [file_item(p, str(p.relative_to(path)) if path.is_dir() else p.name, forced) for p in found]
    return items, files
