"""Changes the cut of what is worn: outlined, taller, flatter, wider, higher up, the other way round.

A grid is one artist's idea of a hat; others draw the same hat a row higher or with a black line around it.
Owns those changes, made in the common frame of `sprites`. Knows nothing of what a sprite shows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from punkdetect.punks import SIDE
from punkdetect.synth.inks import EMPTY
from punkdetect.synth.sprites import LEFT, RIGHT, TINT, Grid, Sprite


def _edged(grid: Grid, line: int) -> Grid:
    """Draw a line around what is opaque, where nothing is yet."""
    solid = (grid != 0) & (grid != EMPTY) & (grid != TINT)
    wide = np.pad(solid, 1)
    near = wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]
    out = grid.copy()
    out[near & ((grid == 0) | (grid == EMPTY))] = line
    return out


def _rows(grid: Grid) -> tuple[int, int]:
    used = np.flatnonzero(((grid != 0) & (grid != EMPTY)).any(axis=1))
    return int(used[0]), int(used[-1])


def _taller(grid: Grid, line: int) -> Grid:
    """Double a row in the upper half; what is above it moves up."""
    top, bottom = _rows(grid)
    if top == 0:
        return grid
    at = (top + bottom) // 2
    return np.concatenate([grid[1 : at + 1], grid[at:]])


def _flatter(grid: Grid, line: int) -> Grid:
    """Leave a row of the upper half out, if there are four."""
    top, bottom = _rows(grid)
    if bottom - top < 3:
        return grid
    at = (top + bottom) // 2
    return np.concatenate([np.zeros_like(grid[:1]), grid[:at], grid[at + 1 :]])


def _wider(grid: Grid, line: int) -> Grid:
    """Double a column right of the middle."""
    at = (LEFT + RIGHT) // 2 + 2
    return np.concatenate([grid[:, : at + 1], grid[:, at:-1]], axis=1)


def _narrower(grid: Grid, line: int) -> Grid:
    """Leave out a column right of the middle."""
    at = (LEFT + RIGHT) // 2 + 2
    return np.concatenate([grid[:, :at], grid[:, at + 1 :], np.zeros_like(grid[:, :1])], axis=1)


def _raised(grid: Grid, line: int) -> Grid:
    """Move everything a row up, unless it is at the top already."""
    return grid if grid[0].any() else np.concatenate([grid[1:], np.zeros_like(grid[:1])])


def _lowered(grid: Grid, line: int) -> Grid:
    """Move everything a row down."""
    return np.concatenate([np.zeros_like(grid[:1]), grid[:-1]])


def _mirrored(grid: Grid, line: int) -> Grid:
    """Turn the sprite round the middle of the head."""
    source = LEFT + RIGHT - np.arange(SIDE)
    inside = (source >= 0) & (source < SIDE)
    return np.where(inside, grid[:, np.clip(source, 0, SIDE - 1)], np.uint16(0))


CUTS: dict[str, Callable[[Grid, int], Grid]] = {
    "edged": _edged, "taller": _taller, "flatter": _flatter, "wider": _wider, "narrower": _narrower,
    "raised": _raised, "lowered": _lowered, "mirrored": _mirrored,
}  # fmt: skip
"""By name; several are joined by spaces and made one after the other."""


@lru_cache(maxsize=8192)
def recut(sprite: Sprite, cut: str, line: int) -> Sprite:
    """Return a sprite in another cut.

    Parameters
    ----------
    sprite : Sprite
    cut : str
        Names of `CUTS` with spaces between; none: as it is.
    line : int
        Packed pixel that `edged` draws with.
    """
    names, grid = cut.split(), sprite.grid
    if not names:
        return sprite
    for name in names:
        grid = CUTS[name](grid, line)
    return Sprite(f"{sprite.name} {cut}", sprite.fit, grid, sprite.how)
