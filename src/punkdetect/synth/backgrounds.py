"""Backgrounds: every kind as a picture of colour numbers.

Owns the patterns; colours come later. A pattern is uint8 (24, 24), the number of the background colour of
each pixel, and how many colours there are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE

Pattern = NDArray[np.uint8]

MOST = 24
"""Colours that a background may have."""


@lru_cache(maxsize=1)
def patterns() -> dict[str, tuple[tuple[Pattern, int], ...]]:
    """Return the patterns of each kind."""
    rows, cols = np.indices((SIDE, SIDE))
    found: dict[str, list[tuple[Pattern, int]]] = {
        "solid": [(np.zeros((SIDE, SIDE), np.uint8), 1)],
        "transparent": [(np.zeros((SIDE, SIDE), np.uint8), 1)],
        "gradient": [], "split": [], "checker": [], "stripes": [], "scene": [],
    }  # fmt: skip

    def add(kind: str, grid: NDArray[Any], colors: int) -> None:
        found[kind].append((grid.astype(np.uint8), colors))

    directions = (
        cols,
        rows,
        SIDE - 1 - cols,
        SIDE - 1 - rows,
        (rows + cols) // 2,
        (rows - cols + SIDE - 1) // 2,
    )
    for along in directions:
        for steps in (6, 8, 12, 24):
            add("gradient", along * steps // SIDE, steps)
    away = np.round(np.hypot(rows - 12, cols - 11.5) * 0.7).astype(int)
    add("gradient", np.minimum(away, 11), 12)
    add("gradient", 11 - np.minimum(away, 11), 12)
    for cut in (8, 11, 12, 13, 16):
        add("split", cols >= cut, 2)
        add("split", rows >= cut, 2)
    add("split", cols > rows, 2)
    add("split", rows + cols >= SIDE, 2)
    add("split", (cols >= 12) + 2 * (rows >= 12), 4)
    add("split", (cols >= 12) + 2 * (rows >= 12) * (cols < 12), 3)
    add("split", cols // 8, 3)
    add("split", rows // 8, 3)
    add("split", (cols >= 12) + 2 * (rows >= 15), 4)
    for size in (1, 2, 3, 4, 6):
        add("checker", (rows // size + cols // size) % 2, 2)
    add("checker", (rows // 2 + cols // 4) % 2, 2)
    add(
        "checker", np.where(rows % 4 == 3, 1, np.where((cols + 4 * (rows // 4 % 2)) % 8 == 7, 1, 0)), 2
    )  # bricks
    add("checker", np.where(rows % 3 == 2, 1, np.where((cols + 3 * (rows // 3 % 2)) % 6 == 5, 1, 0)), 2)
    add("checker", ((rows + cols) // 4 + (rows - cols + SIDE) // 4) % 2, 2)  # lozenges
    for size in (1, 2, 3, 4):
        slanted = (rows + cols, rows - cols + SIDE) if size > 1 else ()  # of one pixel: a chequerboard
        for along in (cols, rows, *slanted):
            add("stripes", along // size % 2, 2)
    for size in (2, 3):
        for along in (cols, rows):
            add("stripes", along // size % 3, 3)
    add("stripes", np.where(cols % 6 == 0, 1, 0), 2)
    add("stripes", np.where(rows % 5 == 0, 1, 0), 2)
    for scene in _scenes():
        add("scene", scene, int(scene.max()) + 1)
    return {kind: tuple(grids) for kind, grids in found.items()}


def _scenes() -> list[Pattern]:
    """Return pictures of things: hills, sea, town, stars, sun, room, clouds, notes, trees."""
    rows, cols = np.indices((SIDE, SIDE))
    rng = np.random.Generator(np.random.PCG64(7))
    scenes = []
    for low, wave in ((13, 3.0), (15, 2.0), (10, 4.0)):
        ridge = low + wave * np.sin(cols / 3.5 + wave) + np.abs((cols * 7 + 3) % 5 - 2) * 0.4
        near = 19 + 1.5 * np.sin(cols / 4.0)
        scenes.append(np.where(rows > near, 2, np.where(rows > ridge, 1, 0)))
    sun = np.hypot(rows - 5, cols - 19) < 3.2
    scenes.append(np.where(rows > 16, np.where(rows % 2, 1, 2), np.where(sun, 3, 0)))  # sea and sun
    tops = np.array([12, 12, 12, 8, 8, 8, 8, 14, 14, 14, 5, 5, 5, 5, 11, 11, 11, 11, 7, 7, 7, 13, 13, 13])
    tower = rows >= tops[cols]
    scenes.append(np.where(tower, np.where((rows % 3 == 1) & (cols % 2 == 1), 2, 1), 0))  # town
    scenes.append(np.where(rng.random((SIDE, SIDE)) < 0.07, 1, 0))  # stars
    cloud = (np.hypot((rows - 4) * 1.6, cols - 4) < 3.5) | (np.hypot((rows - 7) * 1.6, cols - 20) < 3.2)
    scenes.append(np.where(rows > 20, 2, np.where(cloud, 1, 0)))  # clouds
    window = (rows > 2) & (rows < 13) & ((cols < 6) | (cols > 18))
    pane = window & ((rows == 7) | (cols == 3) | (cols == 21))
    scenes.append(np.where(pane, 2, np.where(window, 1, 0)))  # room
    note = np.zeros((SIDE, SIDE), int)
    for r, c in ((2, 1), (9, 19), (14, 1), (3, 18), (17, 20)):
        note[r : r + 4, c + 2] = 1
        note[r, c : c + 3] = 1
        note[r + 2 : r + 4, c : c + 2] = 1
    scenes.append(np.where(note > 0, note, np.where(rows > 17, 2, 0)))  # notes
    tree = (np.abs(cols - 3) <= (rows - 6) / 3) & (rows >= 6) & (rows < 18)
    tree |= (np.abs(cols - 20) <= (rows - 3) / 3) & (rows >= 3) & (rows < 18)
    trunk = ((cols == 3) | (cols == 20)) & (rows >= 18) & (rows < 21)
    scenes.append(np.where(rows > 20, 3, np.where(trunk, 2, np.where(tree, 1, 0))))  # trees
    return [scene.astype(np.uint8) for scene in scenes]
