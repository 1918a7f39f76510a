"""Hair on a head: every shape, fitted, with its shading.

Owns the textures (flat, checkered, strands...) and which of them a style may have. Knows no colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE, BoolArray
from punkdetect.synth.hair_cuts import BESIDE, CUTS, VARIANTS, Cut, count_beside, cut_hair
from punkdetect.synth.hair_grids import GRIDS
from punkdetect.synth.heads import Head
from punkdetect.synth.inks import EMPTY, pack
from punkdetect.synth.sprites import Sprite, fit_grid, read_sprite

HAIR = pack("hair", "hair")
DARK = pack("hair", "hair_dark")
LIGHT = pack("hair", "hair_light")
DEEP = pack("hair", "hair_deep")
TIE = pack("outline", "band")
SCALP = pack("hair", "scalp")

LEGEND = {"h": HAIR, "d": DARK, "l": LIGHT, "o": TIE, "s": SCALP}


@dataclass(frozen=True)
class Shape:
    """One hair shape.

    Parameters
    ----------
    name, style, length : str
    how : str
        `cap` hides the skull above it, `open` shows it, `shaved` is a shadow on the skin.
    variants : int
        How many ways there are to draw it.
    """

    name: str
    style: str
    length: str
    how: str
    variants: int = 1


SHAPES = (
    *(Shape(cut.name, cut.style, cut.length, "cap", VARIANTS if cut.varies else 1) for cut in CUTS),
    *(Shape(name, style, length, how) for name, (style, length, how, _, _) in GRIDS.items()),
)
"""Every shape, the cuts first."""

_CUT_BY_NAME: dict[str, Cut] = {cut.name: cut for cut in CUTS}


@lru_cache(maxsize=256)
def _sprite(name: str) -> Sprite:
    _, _, _, row, text = GRIDS[name]
    return read_sprite(name, "skull", row, text, LEGEND)


@dataclass(frozen=True)
class Fitted:
    """Hair on one head.

    Parameters
    ----------
    at, pixels : ndarray
        Flat positions and packed pixels, what it wipes clean included.
    main : ndarray of int
        Those of the positions that a texture may change.
    rim : ndarray of int
        Those of `main` at the outline.
    reach : int
        Its lowest row.
    """

    at: NDArray[np.intp]
    pixels: NDArray[np.uint16]
    main: NDArray[np.intp]
    rim: NDArray[np.intp]
    reach: int


@lru_cache(maxsize=16384)
def fit_hair(shape: Shape, head: Head, variant: int) -> Fitted:
    """Return a hair shape on a head; variants, below `shape.variants`, differ in their random edges."""
    cut = _CUT_BY_NAME.get(shape.name)
    if cut is not None:
        grid = np.where(cut_hair(head, cut, variant), HAIR, 0).astype(np.uint16)
    else:
        grid = fit_grid(_sprite(shape.name), head).copy()
    mask = grid != 0
    if shape.how == "cap":
        _close(grid, mask, head)
    elif shape.how == "shaved":
        grid[~head.skin] = 0
    mask = (grid != 0) & (grid != EMPTY)
    inner = count_beside(mask) == len(BESIDE)
    flat = grid.reshape(-1)
    at = np.flatnonzero(flat)
    main = np.flatnonzero(flat == HAIR)
    rim = np.flatnonzero((flat == HAIR) & ~inner.reshape(-1))
    reach = int(np.flatnonzero(mask.any(axis=1))[-1]) if mask.any() else 0
    return Fitted(at, flat[at], main, rim, reach)


def _close(grid: NDArray[np.uint16], mask: BoolArray, head: Head) -> None:
    """Leave no gap between hair and head: what is over the hairline is hair, so is a slit beside the face."""
    rows = np.arange(SIDE)[:, None]
    skull = head.shape & (rows < head.eye)
    own, over = np.argmax(skull, axis=0), np.argmax(mask, axis=0)
    both = skull.any(axis=0) & mask.any(axis=0)
    grid[both & (rows >= own) & (rows < over)] = HAIR
    near = count_beside(grid != 0)
    grid[(head.letters == "k") & (rows < head.eye - 1) & (near >= 2)] = HAIR  # no outline shows through
    lines = np.arange(head.top, head.mouth[0] + 1)
    shape = head.shape[lines]
    for edge, step in (
        (np.argmax(shape, axis=1), -1),
        (SIDE - 1 - np.argmax(shape[:, ::-1], axis=1), 1),
    ):
        beside, next_one = edge + step, np.clip(edge + 2 * step, 0, SIDE - 1)
        slit = ~mask[lines, beside] & mask[lines, next_one] & ~mask[lines, edge]
        grid[lines[slit], beside[slit]] = HAIR


def _texture(name: str) -> NDArray[np.uint16]:
    rows, cols = np.indices((SIDE, SIDE))
    pair = np.array([HAIR, DARK], np.uint16)
    trio = np.array([HAIR, DARK, LIGHT], np.uint16)
    quad = np.array([HAIR, DARK, DEEP, LIGHT], np.uint16)
    if name == "flat":
        grid = np.full((SIDE, SIDE), HAIR, np.uint16)
    elif name == "checker":
        grid = pair[(rows + cols) % 2]
    elif name == "checker three":
        grid = np.where((rows + cols) % 2, DARK, np.where(rows % 2, LIGHT, HAIR))
    elif name == "diagonal":
        grid = quad[np.array([0, 1, 2, 3])[(rows + cols) % 4]]
    elif name == "back diagonal":
        grid = quad[np.array([0, 0, 1, 3])[(rows - cols) % 4]]
    elif name == "strands":
        grid = trio[np.array([0, 1, 0, 2])[cols % 4]]
    elif name == "fine strands":
        grid = pair[cols % 2]
    elif name == "waves":
        grid = quad[np.array([0, 1, 1, 0, 3, 0])[(rows + np.array([0, 1, 2, 1])[cols % 4]) % 6]]
    elif name == "rows":
        grid = trio[np.array([0, 0, 1])[rows % 3]]
    elif name == "curls":
        grid = quad[np.array([[0, 1, 0, 2], [3, 0, 1, 0], [0, 2, 0, 1], [1, 0, 3, 0]])[rows % 4, cols % 4]]
    elif name == "spots":
        grid = np.where((rows * 5 + cols * 3) % 7 == 0, DARK, HAIR)
    elif name == "plait":
        grid = np.where((rows % 3 == 0) & (cols % 2 == 0) | (rows % 3 == 1) & (cols % 2 == 1), DARK, HAIR)
    elif name == "knots":
        grid = np.where(rows % 3 == 2, DEEP, np.where(cols % 2, DARK, HAIR))
    elif name == "shine":
        band = (rows - cols // 3) % 9
        grid = np.where(band == 3, LIGHT, HAIR)
    elif name == "two sides":
        grid = np.where(cols < 12, HAIR, DEEP)
    elif name == "tips":
        grid = np.where(rows > 15, DEEP, np.where((rows + cols) % 2 * (rows > 13), DARK, HAIR))
    elif name == "noise":
        rng = np.random.Generator(np.random.PCG64(24))
        grid = quad[rng.choice(4, (SIDE, SIDE), p=[0.45, 0.3, 0.15, 0.1])]
    else:
        raise ValueError(f"no texture {name}")
    return grid.astype(np.uint16).reshape(-1)


TEXTURES = {
    name: _texture(name)
    for name in (
        "flat", "checker", "checker three", "diagonal", "back diagonal", "strands", "fine strands", "waves",
        "rows", "curls", "spots", "plait", "knots", "shine", "two sides", "tips", "noise",
    )
}  # fmt: skip
"""Packed pixels, flat, by texture."""

BY_STYLE: dict[str, tuple[tuple[str, float], ...]] = {
    "straight": (
        ("flat", 5.0), ("checker", 1.0), ("diagonal", 2.0), ("back diagonal", 1.5), ("strands", 2.0),
        ("fine strands", 1.0), ("shine", 2.0),
    ),
    "wavy": (
        ("flat", 1.5), ("checker", 1.5), ("diagonal", 2.5), ("back diagonal", 2.5), ("waves", 3.5),
        ("rows", 1.0), ("shine", 1.0),
    ),
    "curly": (
        ("flat", 2.5), ("checker", 2.5), ("checker three", 2.0), ("curls", 3.0), ("spots", 1.5),
        ("noise", 1.5), ("diagonal", 0.5),
    ),
    "braids": (("plait", 3.0), ("knots", 3.0), ("fine strands", 1.0), ("checker", 0.6), ("flat", 0.6)),
}  # fmt: skip
"""Textures by style, with weights."""

TWO_COLORED = ("two sides", "tips")
"""Textures of hair of two colours: side by side, or dyed ends."""
