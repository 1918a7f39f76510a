"""Small portraits drawn in letters, for tests of what is found in a face."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks import Landmarks
from punkdetect.punks import FloatArray, Punks

FACE = """
........................
........................
........................
........................
........................
.......kkkkkkkkk........
......khhhhhhhhhk.......
......khhhhhhhhhk.......
......ksssssssssk.......
......ksssssssssk.......
......kssbbsssbbk.......
......kssewsssewk.......
......kssewsssewk.......
......ksssssssssk.......
......ksssssssssk.......
......ksssssksssk.......
......ksssssssssk.......
......ksssslllssk.......
......ksssssssssk.......
......ksssssssssk.......
......kssskkkkkk........
......kssk..............
.....kccck..............
....kccccck.............
"""
"""A plain head: black outline, eyes with whites, one nose pixel, a mouth bar of three pixels in row 17."""

COLORS = {
    ".": (0, 0, 0, 0),
    "k": (0, 0, 0, 255),
    "h": (90, 60, 30, 255),
    "s": (219, 177, 128, 255),
    "b": (120, 80, 50, 255),
    "e": (20, 20, 60, 255),
    "w": (240, 240, 240, 255),
    "l": (180, 90, 90, 255),
    "c": (40, 60, 160, 255),
}
"""Colours of the letters."""

MOUTH = (17, 11)
"""Row of the bar and its first column in `FACE`."""


def draw(
    changes: Mapping[tuple[int, int], str] | None = None,
    colors: Mapping[str, tuple[int, int, int, int]] | None = None,
    face: str = FACE,
    shift: tuple[int, int] = (0, 0),
) -> NDArray[np.uint8]:
    """Return a portrait, shape (24, 24, 4): letters put at (row, column), in other colours, moved.

    Each change may be several letters: they go to the right.
    """
    cells = np.array([list(line) for line in face.strip().splitlines()])
    for (row, col), letters in (changes or {}).items():
        cells[row, col : col + len(letters)] = list(letters)
    palette = {**COLORS, **(colors or {})}
    rgba = np.array([[palette[letter] for letter in line] for line in cells], np.uint8)
    down, right = shift
    return rgba[np.clip(np.arange(24) - down, 0, 23)][:, np.clip(np.arange(24) - right, 0, 23)]


def batch(*portraits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return portraits as one batch, shape (N, 24, 24, 4)."""
    return np.stack(portraits)


def describe(
    features: Callable[[Punks, Landmarks], tuple[tuple[str, ...], FloatArray]], *portraits: NDArray[np.uint8]
) -> dict[str, FloatArray]:
    """Return the numbers that describe portraits, by name, shape (N,) each."""
    punks = Punks(batch(*portraits))
    names, values = features(punks, Landmarks(punks))
    return dict(zip(names, values.T, strict=True))
