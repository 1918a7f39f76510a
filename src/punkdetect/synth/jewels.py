"""Earrings, by their pixels below the lobe and outwards from the head.

Knows inks and heads; knows no colours.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE
from punkdetect.synth.heads import Head
from punkdetect.synth.inks import pack

Dots = tuple[tuple[int, int, str], ...]

EARRINGS: dict[str, dict[str, Dots]] = {
    # rows below the lobe, columns outwards from the edge of the head
    "stud": {
        "point": ((0, 1, "gold"),),
        "edged point": ((0, 1, "gold"), (0, 2, "outline"), (-1, 1, "outline"), (1, 1, "outline")),
        "inner point": ((0, 0, "gold"),),
        "wide": ((0, 1, "gold"), (0, 2, "gold_light")),
        "inner light point": ((0, 0, "gold_light"),),
        "high point": ((-1, 1, "gold"),),
        "high inner point": ((-1, 0, "gold_light"),),
        "two deep": ((0, 0, "gold_light"), (0, 1, "gold")),
        "set": ((0, 1, "gold_light"),),
        "gem": ((0, 1, "gem"),),
    },
    "hoop": {
        "ring": (
            (0, 1, "gold"), (0, 2, "gold"), (1, 0, "gold"), (1, 3, "gold"), (2, 1, "gold"), (2, 2, "gold"),
        ),
        "crescent": (
            (0, 0, "gold"), (0, 1, "gold"), (1, 2, "gold"), (2, 2, "gold"), (3, 1, "gold"), (3, 0, "gold"),
        ),
        "oval": (
            (0, 1, "gold"), (1, 0, "gold"), (1, 2, "gold"), (2, 0, "gold"), (2, 2, "gold"),
            (3, 0, "gold_dark"), (3, 2, "gold_dark"), (4, 1, "gold"),
        ),
        "half ring": ((0, 1, "gold"), (1, 2, "gold"), (2, 2, "gold"), (3, 1, "gold"), (3, 0, "gold")),
        "small ring": (
            (0, 1, "gold"), (1, 0, "gold"), (1, 2, "gold"), (2, 1, "gold"),
        ),
        "square ring": (
            (0, 0, "gold"), (0, 1, "gold"), (0, 2, "gold"), (1, 0, "gold"), (1, 2, "gold"),
            (2, 0, "gold_dark"), (2, 1, "gold_dark"), (2, 2, "gold_dark"),
        ),
        "tall ring": (
            (0, 1, "gold"), (1, 0, "gold"), (1, 2, "gold"), (2, 0, "gold"), (2, 2, "gold"), (3, 1, "gold"),
        ),
        "big ring": (
            (0, 1, "gold"), (0, 2, "gold"), (1, 0, "gold"), (1, 3, "gold"), (2, 0, "gold"), (2, 3, "gold"),
            (3, 0, "gold_dark"), (3, 3, "gold_dark"), (4, 1, "gold_dark"), (4, 2, "gold_dark"),
        ),
        "open ring": (
            (0, 1, "gold"), (0, 2, "gold"), (1, 2, "gold"), (2, 2, "gold"), (3, 1, "gold"), (3, 0, "gold"),
            (1, 0, "gold"), (2, 0, "gold"),
        ),
        "great ring": (
            (0, 1, "gold"), (0, 2, "gold"), (0, 3, "gold"), (1, 0, "gold"), (1, 4, "gold"), (2, 0, "gold"),
            (2, 4, "gold"), (3, 0, "gold"), (3, 4, "gold"), (4, 1, "gold"), (4, 2, "gold"), (4, 3, "gold"),
        ),
        "twisted ring": (
            (0, 1, "gold"), (0, 2, "gold_light"), (0, 3, "gold"), (1, 1, "gold_light"), (1, 3, "gold_light"),
            (2, 1, "gold"), (2, 2, "gold_light"), (2, 3, "gold"),
        ),
        "ring with a stone": (
            (0, 1, "gold"), (1, 0, "gold"), (1, 2, "gold"), (2, 0, "gold"), (2, 2, "gold"), (3, 1, "gem"),
        ),
    },
    "drop": {
        "line": ((0, 1, "gold"), (1, 1, "gold"), (2, 1, "gold")),
        "long line": tuple((i, 1, "gold") for i in range(4)),
        "pearl": ((0, 1, "gold"), (1, 1, "gold"), (2, 1, "gem"), (3, 1, "gem")),
        "tear": ((0, 1, "gold"), (1, 1, "gold"), (2, 1, "gem"), (3, 1, "gem"), (3, 2, "gem"), (3, 0, "gem")),
        "chain": ((0, 1, "gold"), (1, 1, "gold_dark"), (2, 1, "gold"), (3, 1, "gold_dark"), (4, 1, "gold")),
        "gem drop": ((0, 1, "gold"), (1, 1, "gem")),
        "two links": ((0, 1, "gold"), (1, 1, "gold")),
        "beads": ((0, 1, "gem"), (1, 1, "gold"), (2, 1, "gem"), (3, 1, "gold")),
        "inner line": ((0, 0, "gold"), (1, 0, "gold"), (2, 0, "gold_dark")),
        "cross": ((0, 1, "gold"), (1, 1, "gold"), (2, 0, "gold"), (2, 1, "gold"), (2, 2, "gold")),
    },
}  # fmt: skip


@lru_cache(maxsize=4096)
def paint_earring(
    head: Head, value: str, name: str, side: int, low: int
) -> tuple[NDArray[np.intp], NDArray[np.uint16]]:
    """Return an earring at one side of the head (-1 left, 1 right), `low` rows below the lobe."""
    row = head.eye + 2 + low
    edge = head.left if side < 0 else head.right
    dots = []
    for dr, dc, ink in EARRINGS[value][name]:
        r, c = row + dr, edge + side * dc
        if 0 <= r < SIDE and 0 <= c < SIDE:
            dots.append((r * SIDE + c, pack("earrings" if ink != "outline" else "outline", ink)))
    return np.array([d for d, _ in dots], np.intp), np.array([v for _, v in dots], np.uint16)
