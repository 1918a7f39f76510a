"""Text grids to sprites, and sprites onto heads of other sizes.

Owns the frame that all text grids are drawn in (the head `plain` of the males) and how rows and columns are
stretched from it to another head. Knows nothing of what a sprite shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE
from punkdetect.synth.heads import Head
from punkdetect.synth.inks import EMPTY, OWNER, TINTED

Grid = NDArray[np.uint16]

TOP, LEFT, RIGHT, EYE, MOUTH, CHIN = 5, 6, 16, 12, 18, 21
NECK_FRAME = 18
EYE_LEFT, EYE_RIGHT, MOUTH_COL, NECK_LEFT, NECK_RIGHT = 9, 14, 11, 7, 9
"""Where the face lies in the frame of the text grids; what goes round the neck is drawn higher, for room."""

TINT = TINTED
"""Packed pixel of a tinted lens: keeps the ink below, as its tinted twin."""


@dataclass(frozen=True, eq=False)
class Sprite:
    """A text grid in the common frame.

    Parameters
    ----------
    name : str
        Unique.
    fit : str
        What it follows on another head: `skull`, `brow`, `eyes`, `mouth`, `neck`, `clothes` or `canvas`.
    grid : ndarray of uint16, shape (24, 24)
        Packed pixels; 0 is untouched.
    how : str
        `on` lies on what is there; `cover` hides all above its lowest row over the forehead; `hood` hides
        what is beside it as well.
    """

    name: str
    fit: str
    grid: Grid
    how: str = "on"


def read_sprite(
    name: str, fit: str, row: int, text: str, legend: Mapping[str, int], how: str = "on"
) -> Sprite:
    """Make a sprite of a text grid whose first line is `row`; letters that the legend lacks are an error."""
    grid = np.zeros((SIDE, SIDE), np.uint16)
    for i, line in enumerate(text.strip("\n").split("\n")):
        assert len(line) <= SIDE, f"{name}: row {row + i} is {len(line)} wide"
        assert row + i < SIDE, f"{name} does not fit"
        for col, letter in enumerate(line):
            if letter not in ". ":
                grid[row + i, col] = legend[letter]
    return Sprite(name, fit, grid, how)


def _columns(head: Head, fit: str) -> tuple[list[int], list[int]]:
    if fit == "eyes":
        frame = [LEFT - 9, LEFT, EYE_LEFT, EYE_LEFT + 1, EYE_RIGHT, EYE_RIGHT + 1, RIGHT, RIGHT + 9]
        here = [
            head.left - 9, head.left, head.eye_left, head.eye_left + 1, head.eye_right, head.eye_right + 1,
            max(head.right, head.eye_right + 2), head.right + 9,
        ]  # fmt: skip
    elif fit == "mouth":
        frame, here = [MOUTH_COL - 30, MOUTH_COL + 30], [head.mouth[1] - 30, head.mouth[1] + 30]
    elif fit in ("neck", "clothes"):
        first, last = head.neck
        throat = (NECK_LEFT + NECK_RIGHT) // 2
        frame = [NECK_LEFT - 31, NECK_LEFT - 1, throat, NECK_RIGHT + 1, NECK_RIGHT + 31]
        here = [first - 31, first - 1, (first + last) // 2, last + 1, last + 31]
    else:
        middle, ours = (LEFT + RIGHT) // 2, (head.left + head.right) // 2
        frame = [LEFT - 30, LEFT, LEFT + 1, middle, middle + 1, RIGHT - 1, RIGHT, RIGHT + 30]
        here = [
            head.left - 30, head.left, head.left + 1, ours, ours + 1, head.right - 1, head.right,
            head.right + 30,
        ]  # fmt: skip
    return frame, here


def _rows(head: Head, fit: str) -> tuple[list[int], list[int]]:
    if fit == "skull":
        frame = [TOP - 30, TOP, EYE, MOUTH, CHIN, CHIN + 30]
        here = [head.top - 30, head.top, head.eye, head.mouth[0], head.chin, head.chin + 30]
    else:
        anchor, place = {
            "brow": (EYE, head.eye),
            "eyes": (EYE, head.eye),
            "mouth": (MOUTH, head.mouth[0]),
            "neck": (NECK_FRAME, min(head.chin, CHIN)),
            "clothes": (0, 0),
            "canvas": (0, 0),
        }[fit]
        frame, here = [anchor - 30, anchor + 30], [place - 30, place + 30]
    return frame, here


def fit_grid(sprite: Sprite, head: Head) -> Grid:
    """Return a sprite's grid stretched to a head."""
    if sprite.fit == "canvas":
        return sprite.grid
    frame, here = _rows(head, sprite.fit)
    rows = np.floor(np.interp(np.arange(SIDE), here, frame) + 0.5).astype(int)
    frame, here = _columns(head, sprite.fit)
    cols = np.floor(np.interp(np.arange(SIDE), here, frame) + 0.5).astype(int)
    inside = ((rows >= 0) & (rows < SIDE))[:, None] & ((cols >= 0) & (cols < SIDE))
    taken = sprite.grid[np.clip(rows, 0, SIDE - 1)[:, None], np.clip(cols, 0, SIDE - 1)]
    return np.where(inside, taken, np.uint16(0))


@dataclass(frozen=True)
class Fitted:
    """A sprite on one head: flat positions and packed pixels, the tinted ones apart.

    Parameters
    ----------
    at, pixels : ndarray
        Opaque pixels.
    tinted : ndarray of int
        Positions seen through a tinted lens.
    brim : int
        For what covers: the row above which nothing else is seen; else 0.
    own : int
        Pixels of its owner; a tie may come with a shirt that is not its own.
    """

    at: NDArray[np.intp]
    pixels: Grid
    tinted: NDArray[np.intp]
    brim: int
    own: int


@lru_cache(maxsize=8192)
def fit_sprite(sprite: Sprite, head: Head) -> Fitted:
    """Return where a sprite's pixels go on a head."""
    grid = fit_grid(sprite, head).copy()
    brim = 0
    if sprite.how != "on":
        middle = (head.eye_left + head.eye_right) // 2
        over = np.flatnonzero(grid[: head.eye, middle])
        brim = int(over[-1]) + 1 if len(over) else 0
    if sprite.how == "hood":
        _wipe_beside(grid, brim)
    flat = grid.reshape(-1)
    tinted = flat == TINT
    at = np.flatnonzero((flat != 0) & ~tinted)
    own = int((flat[at] >> 8 != OWNER["clothes"]).sum())
    return Fitted(at, flat[at], np.flatnonzero(tinted), brim, own + int(tinted.sum()))


def _wipe_beside(grid: Grid, brim: int) -> None:
    """Wipe clean what is outside of a hood, row by row."""
    for row in range(brim, SIDE):
        over = np.flatnonzero(grid[row])
        if len(over):
            grid[row, : over[0]] = EMPTY
            grid[row, over[-1] + 1 :] = EMPTY
