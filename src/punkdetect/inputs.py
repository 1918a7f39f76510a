"""From a path, bytes or a tile to the true 24x24 pixels: the steps before anything looks at a portrait.

Joins `sources`, `images`, `sheets` and `grid`; an `Item` puts the work off until its turn comes, so that
a long list of pictures costs no memory. Knows nothing of traits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from punkdetect.errors import PictureError
from punkdetect.punks import SIDE, ByteArray, Source
from punkdetect.sources import SourceFile, find_sources, read_bytes


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


def file_item(path: str, name: str, forced: bool = False) -> Item:
    """Return one picture file as an `Item`; `-` is standard input."""

    def load() -> tuple[ByteArray, Source]:
        return bytes_pixels(read_bytes(path), name, forced)

    return Item(name, load)


def _refused_item(name: str, error: PictureError) -> Item:
    def load() -> tuple[ByteArray, Source]:
        raise error

    return Item(name, load)


@dataclass(frozen=True)
class Inputs:
    """The pictures a person named.

    Parameters
    ----------
    items : iterable of Item
        In order; of a sheet they appear as it is read.
    total : int or None
        How many there are; None: nobody knows before the sheets are read.
    files : tuple of str
        Every file that is read.
    """

    items: Iterable[Item]
    total: int | None
    files: tuple[str, ...]


def find_inputs(
    paths: Sequence[str | os.PathLike[str]],
    *,
    folders: bool = True,
    forced: bool = False,
    sheet: SheetLayout | None = None,
    note: Callable[[str], None] | None = None,
) -> Inputs:
    """Find the pictures that files, folders and `-` stand for.

    Parameters
    ----------
    paths : sequence of path
    folders : bool
        Whether folders may be named.
    forced : bool
        Take every picture for a grid of 24 cells.
    sheet : SheetLayout, optional
        Every file is a sheet, cut so.
    note : callable, optional
        Called with a sentence about each thing that was left out.

    Raises
    ------
    UsageError
        If a path does not exist, or is a folder where none may be named.
    """
    sources = find_sources(paths, folders=folders, note=note)
    files = tuple(source.path for source in sources if isinstance(source, SourceFile))
    items = [
        file_item(source.path, source.name, forced)
        if isinstance(source, SourceFile)
        else _refused_item(source.name, source.error)
        for source in sources
    ]
    return Inputs(items, len(items), files)
