"""What lies on a face: eyes, brows, nose, mouth, beards, and marks that look like something else.

Everything is placed by the landmarks of the head. Knows inks; knows no colours.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE, BoolArray
from punkdetect.synth.heads import Head
from punkdetect.synth.inks import pack

Pixels = tuple[NDArray[np.intp], NDArray[np.uint16]]
Dots = tuple[tuple[int, int, str], ...]

EYES: dict[str, tuple[Dots, str]] = {
    # name: (pixels as row, column, ink from the left pixel of the eye, where the colour of the iris is seen)
    "pupil and iris": (((0, 0, "pupil"), (0, 1, "iris")), "iris"),
    "iris and pupil": (((0, 0, "iris"), (0, 1, "pupil")), "iris"),
    "two iris": (((0, 0, "iris"), (0, 1, "iris")), "iris"),
    "pupil and lid": (((0, 0, "pupil"), (0, 1, "eye_skin")), "unsure"),
    "pupil and white": (((0, 0, "pupil"), (0, 1, "eye_white")), "black"),
    "white and pupil": (((0, 0, "eye_white"), (0, 1, "pupil")), "black"),
    "iris and white": (((0, 0, "iris"), (0, 1, "eye_white")), "iris"),
    "white and iris": (((0, 0, "eye_white"), (0, 1, "iris")), "iris"),
    "dot": (((0, 0, "pupil"),), "black"),
    "inner dot": (((0, 1, "pupil"),), "black"),
    "tall": (((-1, 0, "pupil"), (-1, 1, "pupil"), (0, 0, "iris"), (0, 1, "eye_white")), "iris"),
    "big": (((-1, 0, "eye_white"), (-1, 1, "eye_white"), (0, 0, "pupil"), (0, 1, "iris")), "iris"),
    "lashes": (((-1, 0, "pupil"), (-1, 1, "pupil"), (0, 0, "pupil"), (0, 1, "iris")), "iris"),
}  # fmt: skip

BROWS: dict[str, Dots] = {
    "none": (),
    "brow": ((-1, 0, "brow"), (-1, 1, "brow")),
    "lid": ((-1, 0, "lid"), (-1, 1, "lid")),
    "lid and brow": ((-1, 0, "lid"), (-1, 1, "lid"), (-2, 0, "brow"), (-2, 1, "brow")),
    "high brow": ((-2, 0, "brow"), (-2, 1, "brow")),
    "shaded lid": ((-1, 0, "lid"), (-1, 1, "eye_skin")),
    "outer brow": ((-1, 0, "brow"),),
    "eye shadow": ((-1, 0, "shadow"), (-1, 1, "shadow")),
    "wide shadow": ((-1, 0, "shadow"), (-1, 1, "shadow"), (-2, 1, "shadow")),
    "clown": ((-2, 0, "shadow"), (-1, 0, "shadow"), (-1, 1, "shadow"), (1, 0, "shadow"), (1, 1, "shadow")),
}

SMILES = ("left", "left on", "right", "right on", "both", "both on")
"""Where the raised or lowered pixel of a smile or frown is: outside an end of the bar, or on it."""

EXTRAS = ("none", "lower lip", "open", "buck teeth", "one tooth")
"""What may lie below the bar, away from its ends."""

MARKS = (
    "mole", "low mole", "two moles", "freckles", "cheeks", "one cheek", "scar", "clown nose", "tattoo",
    "tear", "spots", "laser", "eye bags", "dimple",
)  # fmt: skip
"""Marks that must not be taken for anything else."""


def _owner(ink: str) -> str:
    return {
        "pupil": "eyes", "iris": "eyes", "iris_right": "eyes", "eye_white": "lid", "lid": "lid",
        "shadow": "lid", "eye_skin": "lid", "brow": "brow",
    }[ink]  # fmt: skip


def _pixels(dots: list[tuple[int, int, int]]) -> Pixels:
    kept = [(r * SIDE + c, v) for r, c, v in dots if 0 <= r < SIDE and 0 <= c < SIDE]
    return np.array([k for k, _ in kept], np.intp), np.array([v for _, v in kept], np.uint16)


@lru_cache(maxsize=8192)
def paint_eyes(head: Head, eyes: str, brows: str, odd: bool, row: int = 0) -> Pixels:
    """Return both eyes with brows and lids; `odd`: the right iris has a colour of its own."""
    dots = []
    for side, col in enumerate((head.eye_left, head.eye_right)):
        for dr, dc, ink in (*BROWS[brows], *EYES[eyes][0]):
            name = "iris_right" if odd and side and ink == "iris" else ink
            owner = "brow" if ink == "brow" else _owner(name)
            if owner == "eyes" and ink == "pupil" and EYES[eyes][1] == "iris":
                owner = "lid"  # the iris is what shows the colour
            dots.append((head.eye + dr + row, col + dc, pack(owner, name)))
    return _pixels(dots)


@lru_cache(maxsize=2048)
def paint_nose(head: Head, kind: str) -> Pixels:
    """Return a nose: `own`, `one`, `tall` or `none`."""
    row, col, width = head.nose
    nose = pack("nose", "nose")
    dots = {
        "own": [(row, col + i, nose) for i in range(width)],
        "one": [(row, col + width - 1, nose)],
        "two": [(row, col - 1, nose), (row, col, nose)],
        "tall": [(row - 1, col, nose), (row, col, nose)],
        "none": [],
    }[kind]
    return _pixels(dots)


@lru_cache(maxsize=8192)
def paint_mouth(
    head: Head, width: int, shift: int, expression: str, where: str, extra: str
) -> tuple[NDArray[np.intp], NDArray[np.uint16], tuple[int, ...]]:
    """Return the mouth (a bar, the raised or lowered pixel at its ends, what lies below it) and those pixels.

    Parameters
    ----------
    width : int
        3 to 5 pixels.
    shift : int
        Columns by which the bar is moved.
    expression : str
        `neutral`, `smile` or `frown`.
    where : str
        One of `SMILES`.
    extra : str
        One of `EXTRAS`.
    """
    row, col, _ = head.mouth
    first = col + shift - (width - 3) // 2
    last = first + width - 1
    lip = pack("lips", "lip")
    dots = [(row, c, lip) for c in range(first, last + 1)]
    middle = (first + last) // 2
    if extra == "lower lip":
        dots += [(row + 1, middle, pack("mark", "lip_dark"))]
    elif extra == "open" and width > 3:
        dots += [(row, c, pack("mark", "inside")) for c in range(first + 1, last)]
        dots += [(row, first, lip), (row, last, lip)]
    elif extra == "buck teeth":
        dots += [(row + 1, middle, pack("mark", "teeth"))]
    elif extra == "one tooth":
        dots += [(row, middle, pack("mark", "teeth"))]
    step = {"neutral": 0, "smile": -1, "frown": 1}[expression]
    corners = []
    if step:
        out = 0 if where.endswith("on") else 1
        if "left" in where or "both" in where:
            corners.append((row + step, first - out, lip))
        if "right" in where or "both" in where:
            corners.append((row + step, last + out, lip))
    at, pixels = _pixels(dots + corners)
    return at, pixels, tuple(r * SIDE + c for r, c, _ in corners)


def _jaw(head: Head, from_row: int) -> BoolArray:
    rows = np.arange(SIDE)[:, None]
    return head.face & (rows >= from_row) & (rows <= head.chin)


BEARDS: dict[str, tuple[str, ...]] = {
    "stubble": ("jaw stubble", "full stubble", "lip stubble", "chin stubble", "lower face", "under the eyes"),
    "mustache": ("pencil", "bar", "handlebar", "walrus", "horseshoe"),
    "goatee": ("tuft", "chin", "circle", "anchor", "chin and lip"),
    "beard": ("full", "long", "short boxed", "chinstrap", "chops", "chops and lip", "shaded full", "big"),
}
"""Shapes by value."""


def _beard_mask(head: Head, shape: str) -> tuple[BoolArray, BoolArray]:
    """Return the pixels of a facial hair shape, and those of them that are darker."""
    rows, cols = np.indices((SIDE, SIDE))
    row, first, width = head.mouth
    last = first + width - 1
    near = (cols >= first - 1) & (cols <= last + 1)
    lip = (rows == row - 1) & near
    face = head.face
    edge = head.shape & ~np.pad(head.shape, 1)[1:-1, 2:]
    side_left = face & (cols <= head.left + 2)
    side_right = face & (cols >= head.right - 1)
    low = _jaw(head, row + 2)
    mouth_gap = (rows == row) & (cols >= first) & (cols <= last)
    below = (rows > row) & (rows <= head.chin) & near
    dark = np.zeros_like(face)
    if shape in ("jaw stubble", "full"):
        start = head.nose[0] + 1 if shape == "jaw stubble" else head.nose[0]
        mask = _jaw(head, start) & ~((rows < row - 1) & ~(side_left | side_right))
    elif shape == "full stubble":
        mask = _jaw(head, head.nose[0] + 1) | (side_left | side_right) & (rows > head.eye + 1)
        mask &= rows <= head.chin
    elif shape in ("lower face", "under the eyes"):
        mask = _jaw(head, head.nose[0] if shape == "lower face" else head.nose[0] - 1)
    elif shape == "lip stubble":
        mask = _jaw(head, row - 1)
    elif shape == "chin stubble":
        mask = _jaw(head, row)
    elif shape == "pencil":
        mask = (rows == row - 1) & (cols >= first) & (cols <= last) & face
    elif shape == "bar":
        mask = lip & face
    elif shape == "handlebar":
        mask = (lip | (rows == row) & ((cols == first - 1) | (cols == last + 1))) & face
    elif shape == "walrus":
        mask = (
            lip | (rows == row - 2) & (cols >= first) & (cols <= last) | near & (rows == row) & ~mouth_gap
        ) & face
        mask &= rows > head.nose[0]
    elif shape == "horseshoe":
        ends = (cols == first - 1) | (cols == last + 1)
        mask = (lip | ends & (rows >= row) & (rows <= head.chin - 1)) & face
    elif shape == "tuft":
        mask = (rows > row + 1) & (rows <= head.chin) & (cols >= first) & (cols <= last) & head.shape
    elif shape == "chin":
        mask = below & (rows > row) & head.shape
    elif shape == "circle":
        mask = (lip | below | near & (rows == row)) & face
    elif shape == "anchor":
        mask = (
            below & ((rows > row + 1) | (cols == (first + last) // 2)) | (rows == head.chin) & near
        ) & head.shape
    elif shape == "chin and lip":
        mask = (lip | below & (rows > row + 1)) & face
    elif shape == "long":
        mask = _jaw(head, head.nose[0] + 1) | head.shape & (rows >= row) & (rows <= head.chin)
        mask |= (rows > head.chin) & (rows <= head.chin + 2) & (cols >= first - 1) & (cols <= last + 1)
        mask &= ~((rows < row - 1) & ~(side_left | side_right))
    elif shape == "short boxed":
        mask = _jaw(head, row - 1) | (side_left | (cols >= head.right - 2) & face) & (rows > head.eye + 1)
        mask &= rows <= head.chin
    elif shape == "chinstrap":
        mask = low | (side_left & (cols <= head.left + 1) | edge & face) & (rows > head.eye) & (
            rows <= head.chin
        )
        mask |= (cols == head.right - 1) & face & (rows > head.eye)
    elif shape in ("chops", "chops and lip"):
        mask = (side_left | (cols >= head.right - 2) & face) & (rows > head.eye + 1) & (rows < head.chin)
        if shape == "chops and lip":
            mask |= lip & face
    elif shape == "shaded full":
        mask = _jaw(head, head.nose[0] + 1) & ~((rows < row - 1) & ~(side_left | side_right))
        dark = mask & ((rows + cols) % 2 == 0)
    else:  # big
        mask = _jaw(head, head.nose[0] + 1) | head.shape & (rows > head.nose[0] + 1) & (rows <= head.chin + 1)
        mask |= (rows > row) & (rows <= head.chin + 1) & (cols >= head.left - 1) & (cols <= head.right)
        mask &= ~((rows < row - 1) & ~(side_left | side_right))
    nose_row, nose_col, nose_width = head.nose
    mask &= ~((rows == nose_row) & (cols >= nose_col) & (cols < nose_col + nose_width))
    return mask, dark & mask


@lru_cache(maxsize=8192)
def paint_beard(head: Head, value: str, shape: str, shaded: bool) -> Pixels:
    """Return facial hair: a name of `BEARDS[value]`."""
    mask, dark = _beard_mask(head, shape)
    rows, cols = np.indices(mask.shape)
    grid = np.zeros((SIDE, SIDE), np.uint16)
    main, deep = ("stubble", "stubble_dark") if value == "stubble" else ("beard", "beard_dark")
    grid[mask] = pack("facial_hair", main)
    if shaded and value in ("beard", "goatee"):
        dark = mask & ((rows + cols) % 2 == 0)
    elif shaded and value == "stubble":
        dark = mask & (rows >= head.chin - 1)
    grid[dark] = pack("facial_hair", deep)
    flat = grid.reshape(-1)
    at = np.flatnonzero(flat)
    return at, flat[at]


@lru_cache(maxsize=4096)
def paint_mark(head: Head, kind: str) -> Pixels:
    """Return one of `MARKS`; none of them touches the mouth or its corners."""
    row, col, _ = head.mouth
    eye, left, right = head.eye, head.left, head.right
    nose_row, nose_col, _ = head.nose

    def spot(r: int, c: int, ink: str) -> tuple[int, int, int]:
        return r, c, pack("mark", ink)

    dots = {
        "mole": [spot(eye + 3, left + 2, "mole")],
        "low mole": [spot(row + 2, right - 3, "mole")],
        "two moles": [spot(eye + 2, right - 2, "mole"), spot(row - 3, left + 3, "mole")],
        "freckles": [spot(eye + 2, c, "cheek") for c in (left + 2, left + 4, right - 2)],
        "cheeks": [spot(eye + 3, c, "cheek") for c in (left + 1, left + 2, right - 1, right - 2)],
        "one cheek": [spot(eye + 2, c, "cheek") for c in (left + 2, left + 3)],
        "scar": [spot(eye + 1 + i, head.eye_left + 1 - i % 2, "scar") for i in range(3)],
        "clown nose": [spot(nose_row - i, nose_col + j, "clown") for i in (0, 1) for j in (0, 1)],
        "tattoo": [spot(eye + 1, head.eye_right, "tattoo"), spot(eye + 2, head.eye_right, "tattoo")],
        "tear": [spot(eye + 1, head.eye_left, "tattoo")],
        "spots": [
            spot(r, c, "mole") for r, c in ((eye - 3, left + 3), (eye + 2, left + 2), (row + 2, left + 4))
        ],
        "laser": [
            spot(eye, c, "laser")
            for start in (head.eye_left, head.eye_right)
            for c in (start, start + 1)
        ] + [spot(eye, c, "laser") for c in range(head.eye_right + 2, SIDE)],
        "eye bags": [spot(eye + 1, c, "mole") for s in (head.eye_left, head.eye_right) for c in (s, s + 1)],
        "dimple": [spot(row, col - 3, "mole")] if col - 3 > left + 1 else [],
    }[kind]  # fmt: skip
    return _pixels(dots)
