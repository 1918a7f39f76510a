"""From a path, bytes or a tile to the true 24x24 pixels: the steps before anything looks at a portrait.

Joins `sources`, `images`, `sheets` and `grid`; an `Item` puts the work off until its turn comes, so that
a long list of pictures costs no memory. Knows nothing of traits.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from punkdetect.errors import NotAPunkError, PictureError
from punkdetect.plural import counted
from punkdetect.punks import SIDE, ByteArray, FloatArray, Source
from punkdetect.sources import SHEET_BYTES, SourceError, SourceFile, SourceList, find_sources, read_bytes

if TYPE_CHECKING:
    from punkdetect.images import Picture
    from punkdetect.sheets import Tiles


class Item(NamedTuple):
    """One picture on its way in; it can be sent to another process.

    Parameters
    ----------
    name : str
        What the outputs call it.
    read : callable
        Returns the bytes of its file, or pixels of shape (H, W, 4); raises PictureError. Called once.
    forced : bool
        Take it for a grid of 24 cells even if the search would refuse it.
    """

    name: str
    read: Callable[[], bytes | ByteArray]
    forced: bool = False

    def find_pixels(self, content: bytes | ByteArray) -> tuple[ByteArray, Source]:
        """Return the true pixels in what `read` returned, and their source; raises PictureError."""
        find = bytes_pixels if isinstance(content, bytes) else true_pixels
        return find(content, self.name, self.forced)  # type: ignore[arg-type]

    def load(self) -> tuple[ByteArray, Source]:
        """Read it and return its true pixels and their source; raises PictureError."""
        return self.find_pixels(self.read())


class SheetLayout(NamedTuple):
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


class Recovered(NamedTuple):
    """The portrait that a picture holds, and how sure that is.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (24, 24, 4)
    source : Source
    margin : float
        How much better 24 cells explain the picture than the best other count; 1 for a 24x24 file.
    purity : ndarray of float, shape (24, 24), in [0, 1]
        How much of each cell has the colour it was given.
    """

    rgba: ByteArray
    source: Source
    margin: float
    purity: FloatArray


def recover_portrait(rgba: ByteArray, name: str, forced: bool = False) -> Recovered:
    """Return the 24x24 portrait that a picture of any size holds.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    name : str
        What the outputs call the picture.
    forced : bool
        Take it for a grid of 24 cells even if the search would refuse it.

    Raises
    ------
    NotAPunkError
        If it holds none.
    """
    height, width = rgba.shape[:2]
    if (height, width) == (SIDE, SIDE):
        import numpy as np

        return Recovered(rgba, Source(name), 1.0, np.ones((SIDE, SIDE)))
    from punkdetect.grid import recover_grid
    from punkdetect.noise import settle

    found = recover_grid(rgba, forced=forced)
    source = Source(name, width, height, found.cell, found.offset, float(found.fit), bool(found.forced))
    # a clean enlargement gave every pixel to the last bit
    cells = found.rgba if found.fit == 1.0 or found.forced else settle(found.rgba)
    return Recovered(cells, source, float(found.margin), found.purity)


def true_pixels(rgba: ByteArray, name: str, forced: bool = False) -> tuple[ByteArray, Source]:
    """Return the 24x24 portrait that a picture holds and its source; as `recover_portrait`."""
    if rgba.shape[:2] == (SIDE, SIDE):
        return rgba, Source(name)
    found = recover_portrait(rgba, name, forced)
    return found.rgba, found.source


def bytes_pixels(data: bytes, name: str, forced: bool = False) -> tuple[ByteArray, Source]:
    """Decode a picture and return its true pixels; raises PictureError."""
    from punkdetect.images import read_picture

    return picture_pixels(read_picture(data), name, forced)


def picture_pixels(picture: Picture, name: str, forced: bool = False) -> tuple[ByteArray, Source]:
    """Return the true pixels of a decoded picture and their source; raises PictureError."""
    try:
        rgba, source = true_pixels(picture.rgba, name, forced)
    except NotAPunkError as error:
        if any(side % SIDE for side in picture.rgba.shape[:2]) or (picture.rgba == picture.rgba[0, 0]).all():
            raise
        raise NotAPunkError(
            f"{error.message}; if it is a sheet of portraits, scan it with --tile {SIDE}"
        ) from None
    return rgba, source._replace(notes=picture.notes) if picture.notes else source


def file_item(path: str, name: str, forced: bool = False) -> Item:
    """Return one picture file as an `Item`; `-` is standard input."""
    return Item(name, partial(read_bytes, path), forced)


def _refused_item(name: str, error: PictureError) -> Item:
    return Item(name, partial(_refuse, error))


def _refuse(error: PictureError) -> bytes:
    raise error


def _tile(tiles: ByteArray, i: int) -> ByteArray:
    rgba: ByteArray = tiles[i]
    return rgba


class Items(Protocol):
    """Pictures in their order; how many there are is known at the latest when the last sheet was cut."""

    total: int | None

    def __iter__(self) -> Iterator[Item]: ...


class Inputs(NamedTuple):
    """The pictures a person named.

    Parameters
    ----------
    items : Items
        In order; of a sheet they appear as it is read. They can be asked for once.
    files : iterable of str
        Every file that is read; it can be asked for several times.
    """

    items: Items
    files: Iterable[str]

    @property
    def total(self) -> int | None:
        """How many pictures there are; None: nobody knows before the last sheet is read."""
        return self.items.total


class _FileItems:
    """Items of files and of what cannot be read, made when their turn comes.

    Parameters
    ----------
    sources : SourceList
    forced : bool
    """

    def __init__(self, sources: SourceList, forced: bool) -> None:
        self.sources = sources
        self.forced = forced
        self.total: int | None = len(sources)

    def __iter__(self) -> Iterator[Item]:
        for source in self.sources:
            if isinstance(source, SourceFile):
                yield file_item(source.path, source.name, self.forced)
            else:
                yield _refused_item(source.name, source.error)


class _Files:
    """The paths of those that are files; they can be asked for several times.

    Parameters
    ----------
    sources : SourceList
    """

    def __init__(self, sources: SourceList) -> None:
        self.sources = sources

    def __iter__(self) -> Iterator[str]:
        return self.sources.paths()


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
    files = _Files(sources)
    if sheet is not None:
        from punkdetect.sheets import name_tiles

        # a wrong pattern shows before any work
        name_tiles((), "", pattern=sheet.name, first_id=sheet.first_id)
        return Inputs(_SheetItems(sources, sheet, forced, note or (lambda sentence: None)), files)
    return Inputs(_FileItems(sources, forced), files)


class _SheetItems:
    """The tiles of sheets, one sheet in memory at a time; a refused sheet is one refused item.

    Parameters
    ----------
    sources : SourceList
    layout : SheetLayout
    forced : bool
    note : callable
        As in `find_inputs`.
    """

    def __init__(
        self, sources: SourceList, layout: SheetLayout, forced: bool, note: Callable[[str], None]
    ) -> None:
        self.sources = sources
        self.layout = layout
        self.forced = forced
        self.note = note
        self.total: int | None = None if sources else 0

    def __iter__(self) -> Iterator[Item]:
        first_id = self.layout.first_id
        stems = Counter(_stem(source.name) for source in self.sources)
        n = 0
        for i, source in enumerate(self.sources):
            is_last = i == len(self.sources) - 1
            try:
                if isinstance(source, SourceError):
                    raise source.error
                tiles = _cut(source, self.layout)
            except PictureError as error:
                n += 1
                self.total = n if is_last else None
                yield _refused_item(source.name, error)
                continue
            if tiles.empty:
                self.note(f"{source.path}: {counted(tiles.empty, 'empty tile')} left out")
            n += len(tiles.index)
            self.total = n if is_last else None
            # two sheets of one name, but for the suffix, are told apart by it
            stem = _stem(source.name) if stems[_stem(source.name)] == 1 else source.name
            yield from self._tiles(tiles, stem, first_id)
            if self.layout.name is not None and "{sheet" not in self.layout.name:
                first_id += tiles.total  # names must differ between sheets as well

    def _tiles(self, tiles: Tiles, stem: str, first_id: int) -> Iterator[Item]:
        from punkdetect.sheets import name_tiles

        names = name_tiles(tiles.index.tolist(), stem, pattern=self.layout.name, first_id=first_id)
        for start in range(0, len(names), _SENT_TOGETHER):
            some = tiles.rgba[start : start + _SENT_TOGETHER]
            for i, name in enumerate(names[start : start + _SENT_TOGETHER]):
                yield Item(name, partial(_tile, some, i), self.forced)


_SENT_TOGETHER = 64
"""Tiles that go to another process as one array, which costs a third of sending each by itself; a block
that begins amid them sends some of them twice."""


def _stem(name: str) -> str:
    return name.removesuffix(Path(name).suffix)


def _cut(source: SourceFile, layout: SheetLayout) -> Tiles:
    from punkdetect.images import SHEET_LIMITS, read_picture
    from punkdetect.sheets import cut_tiles

    picture = read_picture(read_bytes(source.path, max_bytes=SHEET_BYTES), limits=SHEET_LIMITS)
    return cut_tiles(
        picture.rgba, tile=layout.tile, columns=layout.columns, margin=layout.margin, gap=layout.gap
    )
