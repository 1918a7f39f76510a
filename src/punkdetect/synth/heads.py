"""Heads: the grids of `head_grids` in several sizes, where the face lies on each, outline, ears and shading.

Knows nothing of what is put on a head.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE
from punkdetect.synth.head_grids import FEMALE, MALE
from punkdetect.synth.inks import pack

Grid = NDArray[np.uint16]

SIZES = ("own", "tall", "low", "wide", "slim", "long_jaw")
"""What may be done to a grid: a forehead row more or less, a cheek column more or less, a jaw row more."""

OUTLINES = ("full", "half", "none")

SHADINGS = ("flat", "highlight", "left", "cheek", "neck")


@dataclass(frozen=True)
class Head:
    """A head and its landmarks, all as rows and columns of the 24x24 grid.

    Parameters
    ----------
    type : str
        `male` or `female`.
    grid : tuple of str
        24 rows of 24 letters.
    """

    type: str
    name: str
    grid: tuple[str, ...]
    letters: NDArray[np.str_] = field(compare=False, repr=False)

    def _at(self, letters: str) -> NDArray[np.intp]:
        return np.argwhere(np.isin(self.letters, list(letters)))

    @cached_property
    def top(self) -> int:
        """Row of the highest outline."""
        return int(self._at("k")[0, 0])

    @cached_property
    def eye(self) -> int:
        """Row of the eyes."""
        return int(self._at("a")[0, 0])

    @cached_property
    def eye_left(self) -> int:
        """Column of the left pixel of the left eye."""
        return int(self._at("a")[0, 1])

    @cached_property
    def eye_right(self) -> int:
        """Column of the left pixel of the right eye."""
        return int(self._at("b")[0, 1])

    @cached_property
    def left(self) -> int:
        """Column of the outline left of the eyes."""
        return int(np.argmax(self.letters[self.eye] != "."))

    @cached_property
    def right(self) -> int:
        """Column of the outline right of the eyes."""
        row = self.letters[self.eye]
        return SIDE - 1 - int(np.argmax(row[::-1] != "."))

    @cached_property
    def nose(self) -> tuple[int, int, int]:
        """Row, first column and width."""
        at = self._at("n")
        return int(at[0, 0]), int(at[0, 1]), len(at)

    @cached_property
    def mouth(self) -> tuple[int, int, int]:
        """Row, first column and width."""
        at = self._at("m")
        return int(at[0, 0]), int(at[0, 1]), len(at)

    @cached_property
    def chin(self) -> int:
        """Row of the outline under the chin."""
        return int(self._at("N")[0, 0]) - 1

    @cached_property
    def neck(self) -> tuple[int, int]:
        """First and last column of the neck's skin in the bottom row."""
        at = self._at("N")
        bottom = at[at[:, 0] == SIDE - 1]
        return int(bottom[0, 1]), int(bottom[-1, 1])

    @cached_property
    def skin(self) -> NDArray[np.bool_]:
        """Skin of face and neck, with what lies on it."""
        return np.isin(self.letters, list("sabnmN"))

    @cached_property
    def face(self) -> NDArray[np.bool_]:
        """Skin without the neck."""
        return np.isin(self.letters, list("sabnm"))

    @cached_property
    def shape(self) -> NDArray[np.bool_]:
        """Everything inside the outline, and the outline."""
        inside: NDArray[np.bool_] = self.letters != "."
        return inside


def _resize(grid: tuple[str, ...], size: str) -> tuple[str, ...] | None:
    """Return the 24 rows changed; None where the canvas or the face has no room for it."""
    rows = list(grid)
    top = next(i for i, row in enumerate(rows) if "k" in row)
    eye = next(i for i, row in enumerate(rows) if "a" in row)
    mouth = next(i for i, row in enumerate(rows) if "m" in row)
    if size == "tall" and top > 3:
        rows = [*rows[1 : top + 3], rows[top + 2], *rows[top + 3 :]]
    elif size == "low" and eye - top > 5:
        rows = ["." * SIDE, *rows[: top + 3], *rows[top + 4 :]]
    elif size == "long_jaw" and top > 2:
        rows = [*rows[1 : mouth + 2], rows[mouth + 1], *rows[mouth + 2 :]]
    elif size == "wide":
        col = rows[eye].index("a") - 1
        rows = [row[1 : col + 1] + row[col] + row[col + 1 :] for row in rows]
    elif size == "slim":
        col = rows[eye].index("a") - 1
        if rows[eye][col - 1] != "s":
            return None
        rows = ["." + row[:col] + row[col + 1 :] for row in rows]
    elif size != "own":
        return None
    return tuple(rows)


@lru_cache(maxsize=1)
def all_heads() -> dict[str, tuple[Head, ...]]:
    """Return every head of each type: each grid in each size that it has room for."""
    found: dict[str, list[Head]] = {"male": [], "female": []}
    for kind, grids in (("male", MALE), ("female", FEMALE)):
        for name, (first, text) in grids.items():
            rows = [*(["." * SIDE] * first), *text.strip().split("\n")]
            rows += [rows[-1]] * (SIDE - len(rows))
            for size in SIZES:
                grid = _resize(tuple(rows), size)
                if grid is not None:
                    letters = np.array([list(row) for row in grid])
                    found[kind].append(Head(kind, f"{kind} {name} {size}", grid, letters))
    return {kind: tuple(heads) for kind, heads in found.items()}


@lru_cache(maxsize=4096)
def paint_head(head: Head, outline: str, shading: str, ears: str) -> tuple[NDArray[np.intp], Grid]:
    """Return flat positions and packed pixels of a bare head.

    Parameters
    ----------
    outline : str
        One of `OUTLINES`. Half: from the ears down, as portraits have it whose hair needs no line.
    shading : str
        One of `SHADINGS`.
    ears : str
        `none`, `left` or `both`.
    """
    grid = np.zeros((SIDE, SIDE), np.uint16)
    grid[head.skin] = pack("skin", "skin")
    grid[head.letters == "N"] = pack("neck", "neck")
    _shade(grid, head, shading)
    line = head.letters == "k"
    rows = np.arange(SIDE)[:, None]
    drawn = line & ((rows > head.eye + (head.type == "male")) if outline == "half" else (outline == "full"))
    grid[line] = 0
    if outline == "half":  # the skull above is skin: it is nearly always under hair
        grid[line & ~drawn] = pack("skin", "skin")
    grid[drawn] = pack("outline", "outline")
    if outline == "none":
        inner = line & (rows >= head.mouth[0]) & (np.roll(head.skin, 1, 1) | np.roll(head.skin, 1, 0))
        grid[inner] = pack("skin", "skin_dark")
    if ears != "none":
        _add_ear(grid, head.eye, head.left, -1, outline)
        if ears == "both":
            _add_ear(grid, head.eye, head.right, 1, outline)
    flat = grid.reshape(-1)
    at = np.flatnonzero(flat)
    return at, flat[at]


def _add_ear(grid: Grid, row: int, col: int, side: int, outline: str) -> None:
    edge = pack("outline", "outline") if outline != "none" else pack("skin", "skin_dark")
    if not 0 <= col + side < SIDE:
        return
    grid[row : row + 2, col] = pack("skin", "ear")
    grid[row : row + 3, col + side] = edge
    grid[row + 2, col] = edge


def _shade(grid: Grid, head: Head, shading: str) -> None:
    dark = pack("skin", "skin_dark")
    rows = np.arange(SIDE)[:, None]
    if shading == "highlight":
        for step in ((2, 2), (3, 1), (2, 3)):
            row, col = head.top + step[0], head.left + step[1] + 1
            if head.face[row, col]:
                grid[row, col] = pack("skin", "skin_light")
    elif shading == "left":
        edge = head.face & np.roll(head.letters == "k", 1, 1)
        grid[edge] = dark
    elif shading == "cheek":
        edge = head.face & np.roll(head.letters == "k", -1, 1) & (rows > head.eye)
        grid[edge | head.face & (rows >= head.chin - 1)] = dark
    if shading in ("neck", "cheek", "left"):
        grid[head.letters == "N"] = pack("neck", "skin_dark")
