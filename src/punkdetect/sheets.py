"""A sheet in, its tiles out, and what the tiles are called.

Owns the layout of sheets: tiles of one size in rows and columns, with a margin around and gaps between them.
Knows nothing of files, of decoding or of what is in a tile, except that an empty one holds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter

import numpy as np
from numpy.typing import NDArray

from punkdetect.errors import NotAPunkError, UsageError
from punkdetect.plural import counted
from punkdetect.punks import SIDE

ByteArray = NDArray[np.uint8]

_ID_FORMAT = re.compile(
    r"(0?[1-9][0-9]?)?[dxX]?"
)  # {id}, {id:04d}, {id:064x}; nothing that reaches into objects


@dataclass(frozen=True, slots=True)
class Tiles:
    """The tiles of one sheet that are not empty.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, tile, tile, 4)
    index : ndarray of int, shape (N,)
        Where each stood on the sheet, counted along the rows from 0, empty ones included.
    empty : int
        How many were left out, because every pixel is see-through or all have the same colour.
    total : int
        How many places the sheet has; N + `empty`. Ids that go on over several sheets go up by this much.
    """

    rgba: ByteArray
    index: NDArray[np.intp]
    empty: int
    total: int


def cut_tiles(
    rgba: ByteArray, *, tile: int = SIDE, columns: int | None = None, margin: int = 0, gap: int = 0
) -> Tiles:
    """Cut a sheet into its tiles.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    tile : int, default 24
        Pixels along each side of a tile, at least 24.
    columns : int, optional
        Tiles in a row; what lies to the right of them is left aside. As many as fit if not given.
    margin : int, default 0
        Pixels around the whole sheet, on every side.
    gap : int, default 0
        Pixels between two tiles, across and down.

    Returns
    -------
    Tiles

    Raises
    ------
    UsageError
        If the numbers can fit no sheet.
    NotAPunkError
        If they do not fit this one: something other than plain colour would be left over at its right or its
        bottom, or all of it is empty.
    """
    if tile < SIDE:
        raise UsageError(f"a tile has at least {SIDE} pixels a side, not {tile}")
    if margin < 0 or gap < 0 or (columns is not None and columns < 1):
        raise UsageError("margin and gap cannot be negative, and there is at least one column")
    height, width = rgba.shape[:2]
    step = tile + gap
    across, down = ((pixels - 2 * margin + gap) // step for pixels in (width, height))
    if across < 1 or down < 1 or (columns or 1) > across:
        wanted = f"{columns} columns of {tile}-pixel tiles" if columns else f"one {tile}-pixel tile"
        raise NotAPunkError(f"size {width}x{height} does not hold {wanted}")
    right, bottom = (margin + count * step - gap for count in (across, down))
    used = rgba if columns is None else rgba[:, : margin + columns * step]
    spare = (used[bottom : height - margin], used[:, right : width - margin])
    if not all(_is_plain(strip) for strip in spare):
        raise NotAPunkError(
            f"size {width}x{height} is no whole number of {tile}-pixel tiles: "
            f"{counted(width - margin - right, 'column')} and {counted(height - margin - bottom, 'row')} of "
            "pixels are left over"
        )

    pixels = np.ascontiguousarray(rgba).view(np.uint32)[..., 0]  # one number a pixel
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (tile, tile))
    grid = windows[margin::step, margin::step][:down, : columns or across]
    alpha = np.lib.stride_tricks.sliding_window_view(rgba[..., 3], (tile, tile))
    visible = alpha[margin::step, margin::step][:down, : columns or across].any(axis=(2, 3))
    full = visible & (grid != grid[:, :, :1, :1]).any(axis=(2, 3))
    index = np.flatnonzero(full)
    if not len(index):
        raise NotAPunkError(f"nothing on it: {counted(full.size, 'tile')}, all empty")
    tiles = grid[full].view(np.uint8).reshape(-1, tile, tile, 4)
    return Tiles(tiles, index, int(full.size - len(index)), int(full.size))


def _is_plain(rgba: ByteArray) -> bool:
    """Tell whether a part of a sheet, maybe of no pixels, holds nothing to see but one colour."""
    return bool(not rgba.size or not rgba[..., 3].any() or (rgba == rgba[0, 0]).all())


def check_name_pattern(pattern: str) -> None:
    """Raise UsageError unless a pattern gives each tile a name of its own.

    Parameters
    ----------
    pattern : str
        Text with `{id}` in it, if wanted as `{id:04d}` or `{id:064x}`, and maybe `{sheet}`.
    """
    try:
        fields = [
            (name, spec or "", conversion)
            for _, name, spec, conversion in Formatter().parse(pattern)
            if name is not None
        ]
    except ValueError as error:
        raise UsageError(f"name {pattern!r}: {error}") from error
    for name, spec, conversion in fields:
        fits = _ID_FORMAT.fullmatch(spec) if name == "id" else name == "sheet" and not spec
        if conversion or not fits:
            shown = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            raise UsageError(
                f"name {pattern!r}: {{{shown}}} cannot be filled in; use {{id}}, {{id:04d}} or {{sheet}}"
            )
    if not any(name == "id" for name, _, _ in fields):
        raise UsageError(f"name {pattern!r}: without {{id}} all tiles would have the same name")


def name_tiles(
    index: Iterable[int], sheet: str, *, pattern: str | None = None, first_id: int = 0
) -> list[str]:
    """Name tiles by their place on the sheet.

    Parameters
    ----------
    index : iterable of int
        As in `Tiles`.
    sheet : str
        Name of the sheet, without suffix.
    pattern : str, optional
        As for `check_name_pattern`; `{sheet}_{id:04d}` if not given.
    first_id : int, default 0
        Id of the tile at place 0, not negative.

    Returns
    -------
    list of str

    Raises
    ------
    UsageError
        If the pattern or the id cannot be meant.
    """
    if first_id < 0:
        raise UsageError(f"first id {first_id}: ids are not negative")
    if pattern is None:
        pattern = "{sheet}_{id:04d}"
    check_name_pattern(pattern)
    return [pattern.format(id=int(place) + first_id, sheet=sheet) for place in index]
