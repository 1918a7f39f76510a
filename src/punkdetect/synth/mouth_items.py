"""What is in the mouth, as text grids on the frame of `sprites`, and masks cut to the face.

Knows inks and heads; knows no colours.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE
from punkdetect.synth.heads import Head
from punkdetect.synth.inks import pack
from punkdetect.synth.sprites import MOUTH, Sprite, read_sprite

MOUTH_ITEMS: dict[str, dict[str, tuple[int, str]]] = {
    "cigarette": {
        # from the mouth: the bar is columns 11-13 of row 0; all leave to the right
        "outlined": (-1, """
.............kkkkkk....
............kppppppek..
.............kkkkkk...."""),
        "plain": (0, """
.............pppppe...."""),
        "filter": (0, """
............ffppppe...."""),
        "short": (0, """
.............pppe......"""),
        "smoking": (-7, """
...................s...
..................s....
...................s...
...................s...
..................s....
...................s...
.......................
............pppppppe..."""),
        "outlined smoke": (-7, """
...................s...
...................s...
...................s...
...................s...
...................s...
...................s...
.............kkkkkk....
............kppppppek..
.............kkkkkk...."""),
        "lowered": (0, """
............pp.........
..............pp.......
................pe....."""),
    },
    "cigar": {
        "fat": (-1, """
.............kkkkkk....
............wwwDwwwek..
.............kkkkkk...."""),
        "stub": (-1, """
.............wwww......
............wDwwwe.....
.............wwww......"""),
        "thin cigar": (0, """
............wDwwwwwe..."""),
        "smoking cigar": (-6, """
..................s....
..................s....
...................s...
..................s....
.......................
.............wwwww.....
............wwDwwwwe...
.............wwwww....."""),
        "brown": (0, """
............wwwDwwe....
.............wwwww....."""),
    },
    "pipe": {
        "bent": (0, """
............kk.........
.............kk...kkk..
..............kk.kwwwk.
...............kkkwDwk.
................kkwwwk.
..................kkk.."""),
        "straight pipe": (-1, """
................w.w....
............kkkkwww....
.................w....."""),
        "smoking pipe": (-6, """
...................s...
..................s....
...................s...
.......................
..................w.w..
............kk....www..
..............kkkkwww..
...................w..."""),
        "corncob": (0, """
............kkkk..www..
................k.wew..
.................kwDw.."""),
    },
    "vape": {
        "stick": (0, """
............mmmmmmmb..."""),
        "outlined vape": (-1, """
.............kkkkkk....
............kmmmmbbk...
.............kkkkkk...."""),
        "box vape": (-1, """
................mmm....
............kkkkmbm....
................mmm...."""),
        "vapour": (-5, """
................sss....
...............sssss...
................sss....
.......................
.......................
............kkkmmmmb..."""),
    },
    "other": {
        "bubble gum": (-1, """
...........cccc........
..........cclccc.......
..........cccccc.......
...........cccc........"""),
        "rose": (-1, """
...................cc..
............ggggggccc..
...............g....c.."""),
        "straw": (0, """
............gg.........
..............gg.......
................gg.....
..................g...."""),
        "lollipop": (-1, """
.................ccc...
............ppppplcc...
.................ccc..."""),
        "pacifier": (-1, """
...........ccccc.......
..........cclllcc......
...........ccccc......."""),
        "wheat": (0, """
............gg.........
..............gg.c.....
................gcc....
..................c...."""),
        "tongue": (1, """
...........ccc.........
...........ccc........."""),
        "party horn": (0, """
............cgcgcgcc...
..................cc..."""),
    },
}  # fmt: skip
"""By value and name: first row from the mouth, grid. Masks are cut to the face, see `paint_mask`."""

LINE = pack("mouth_item", "outline")

OVER_THE_LIPS = ("bubble gum", "pacifier", "tongue")

MASKS = ("medical", "cloth mask", "respirator", "balaclava", "half mask")


@lru_cache(maxsize=256)
def mouth_sprite(value: str, name: str) -> Sprite:
    """Return what is in the mouth."""
    row, text = MOUTH_ITEMS[value][name]
    o = "mouth_item"
    legend = {
        "k": pack(o, "outline"), "p": pack(o, "paper"), "e": pack(o, "ember"), "f": pack(o, "filter"),
        "w": pack(o, "wood"), "D": pack(o, "wood_dark"), "m": pack(o, "metal"), "b": pack(o, "lamp"),
        "s": pack(o, "smoke"), "c": pack(o, "mask"), "l": pack(o, "mask_dark"), "g": pack(o, "filter"),
    }  # fmt: skip
    if name not in OVER_THE_LIPS:  # two pixels of the bar stay free
        text = "\n".join("." + line for line in text.strip("\n").split("\n"))
    return read_sprite(f"{value} {name}", "mouth", MOUTH + row, text, legend)


@lru_cache(maxsize=2048)
def paint_mask(head: Head, name: str) -> tuple[NDArray[np.intp], NDArray[np.uint16]]:
    """Return a mask over nose and mouth, cut to the face."""
    rows, cols = np.indices((SIDE, SIDE))
    top = head.nose[0] - (name in ("balaclava", "half mask"))
    body = head.shape & (rows >= top) & (rows <= head.chin)
    main, dark = pack("mouth_item", "mask"), pack("mouth_item", "mask_dark")
    grid = np.zeros((SIDE, SIDE), np.uint16)
    if name in ("medical", "cloth mask"):
        grid[body & (rows > top) & (cols > head.left + 1)] = main
        grid[body & (rows == top) & (cols > head.left + 2)] = main if name == "cloth mask" else dark
        strap = head.face & (rows == top) & (cols <= head.left + 2)
        grid[strap] = dark
        if name == "medical":
            grid[body & (rows == head.mouth[0]) & (cols > head.left + 3)] = dark
    elif name == "respirator":
        near = (cols >= head.mouth[1] - 2) & (cols <= head.right)
        grid[body & near] = main
        grid[body & near & ((rows + cols) % 3 == 0)] = dark
        side = (abs(cols - head.mouth[1] + 2) <= 1) & (abs(rows - head.mouth[0]) <= 1)
        grid[side] = dark
    elif name == "balaclava":
        grid[body] = main
        grid[head.shape & (rows > head.chin)] = main
        grid[body & (cols <= head.left + 1)] = dark
    else:
        grid[body & (rows < head.chin)] = main
        grid[body & (rows < head.chin) & ((rows + cols) % 4 == 0)] = dark
    flat = grid.reshape(-1)
    at = np.flatnonzero(flat)
    return at, flat[at]
