"""Colours by name: pools of RGB colours whose name nobody would dispute, and their lighter and darker shades.

Owns the CIELAB boxes that the drawn portraits' colours come from. They are narrower than the everyday meaning
of the words, so that a label is certain; they know nothing of the borders that the detectors use.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from punkdetect.pixels import lab_of

Box = tuple[float, float, float, float, float, float]

ANY = (0.0, 360.0)

BASIC: dict[str, tuple[Box, ...]] = {
    "black": ((0, 9, 0, 5, *ANY),),
    "gray": ((32, 78, 0, 3, *ANY),),
    "white": ((96, 101, 0, 3, *ANY),),
    "red": ((32, 52, 55, 110, 22, 39),),
    "orange": ((62, 76, 60, 100, 54, 72),),
    "yellow": ((83, 98, 55, 110, 88, 103),),
    "green": ((32, 88, 32, 120, 128, 162),),
    "cyan": ((68, 92, 22, 60, 184, 210),),
    "blue": ((18, 64, 32, 130, 262, 304),),
    "purple": ((20, 52, 32, 110, 310, 325),),
    "pink": ((64, 86, 25, 70, 346, 10),),
    "brown": ((20, 42, 17, 42, 50, 75),),
    "beige": ((80, 91, 11, 24, 70, 92),),
}
"""Backgrounds, clothes and hats: lightness, chroma and hue (degrees) from and to."""

HAIR: dict[str, tuple[Box, ...]] = {
    "black": ((0, 14, 0, 5, *ANY),),
    "brown": ((22, 42, 13, 34, 50, 74),),
    "blonde": ((70, 90, 28, 60, 80, 98),),
    "red": ((28, 44, 36, 62, 26, 46), (40, 54, 60, 105, 28, 40)),
    "orange": ((58, 72, 66, 95, 57, 72),),
    "gray": ((38, 72, 0, 4, *ANY),),
    "white": ((93, 101, 0, 4, *ANY),),
    "pink": ((62, 85, 28, 66, 342, 8),),
    "purple": ((22, 50, 34, 95, 306, 325),),
    "blue": ((20, 62, 32, 100, 258, 304),),
    "green": ((35, 80, 36, 110, 128, 164),),
}

SKIN: dict[str, tuple[Box, ...]] = {
    "light": ((77, 91, 12, 30, 42, 78), (74, 80, 24, 34, 66, 80)),
    "medium": ((56, 65, 22, 40, 50, 76),),
    "dark": ((26, 44, 14, 40, 46, 70),),
    "gray": ((40, 82, 0, 3, *ANY),),
    "other": (
        (55, 80, 26, 60, 120, 165),
        (50, 80, 22, 55, 230, 290),
        (35, 62, 24, 55, 302, 325),
        (78, 92, 66, 92, 80, 96),
        (97, 101, 0, 3, *ANY),
    ),
}

EYES: dict[str, tuple[Box, ...]] = {
    "black": ((0, 6, 0, 4, *ANY),),
    "brown": ((24, 44, 20, 50, 46, 72),),
    "blue": ((30, 62, 24, 80, 245, 296),),
    "green": ((35, 66, 26, 80, 124, 164),),
    "gray": ((44, 68, 0, 3, *ANY),),
    "purple": ((30, 54, 32, 80, 306, 325),),
    "red": ((38, 55, 64, 106, 26, 40),),
    "orange": ((60, 73, 62, 95, 56, 70),),
    "yellow": ((84, 97, 60, 100, 88, 102),),
    "pink": ((60, 76, 40, 72, 346, 6),),
    "white": ((97, 101, 0, 3, *ANY),),
}

LIPS: dict[str, tuple[Box, ...]] = {
    "rose": ((46, 66, 20, 48, 5, 38),),
    "red": ((36, 54, 50, 100, 15, 40),),
    "dark": ((12, 32, 10, 34, 10, 50),),
    "black": ((0, 5, 0, 4, *ANY),),
    "bright": ((40, 62, 60, 105, 318, 360),),
    "orange": ((50, 66, 40, 80, 40, 58),),
}

UNNAMED: dict[str, tuple[Box, ...]] = {
    "basic": ((20, 88, 5, 34, *ANY),),
    "hair": ((8, 30, 3, 24, 20, 90), (30, 66, 5, 34, 40, 92)),
    "skin": ((44, 56, 14, 40, 40, 74), (65, 77, 16, 40, 40, 78)),
}
"""Muted and in-between colours, which real collections are full of and people name differently: no label."""

STEP = 4
"""Spacing of the RGB colours that the pools hold: finer than people tell, yet listed at once."""


_TABLES = {"basic": BASIC, "hair": HAIR, "skin": SKIN, "eyes": EYES, "lips": LIPS}


@lru_cache(maxsize=1)
def _cube() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return packed RGB, lightness, chroma and hue of a regular sample of all colours."""
    levels = np.unique(np.clip(np.arange(0, 256 + STEP, STEP), 0, 255)).astype(np.int64)
    rgb = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    lab = lab_of(rgb.astype(np.uint8))
    packed = rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    return packed, lab[:, 0], np.hypot(lab[:, 1], lab[:, 2]), hue


def _in_box(box: Box) -> list[int]:
    packed, light, chroma, hue = _cube()
    low_l, high_l, low_c, high_c, low_h, high_h = box
    turn = (hue - low_h) % 360 < ((high_h - low_h) % 360 or 360)
    inside = (light >= low_l) & (light < high_l) & (chroma >= low_c) & (chroma < high_c) & turn
    found: list[int] = packed[inside].tolist()
    return found


@lru_cache(maxsize=256)
def pool(kind: str, name: str) -> tuple[tuple[int, ...], ...]:
    """Return the colours of a name, as 0xRRGGBB, one tuple for each way to be of that name.

    Parameters
    ----------
    kind : str
        `basic`, `hair`, `skin`, `eyes` or `lips`.
    name : str
        A key of the table of that kind; empty for a colour without a certain name.
    """
    boxes = _TABLES[kind][name] if name else UNNAMED[kind]
    return tuple(tuple(_in_box(box)) for box in boxes)


def darker(color: int, factor: float) -> int:
    """Return a colour times `factor` (0 to 1)."""
    return (
        int((color >> 16) * factor) << 16
        | int((color >> 8 & 255) * factor) << 8
        | int((color & 255) * factor)
    )


def mix(color: int, other: int, share: float) -> int:
    """Return a colour moved towards another by `share` (0 to 1)."""
    keep = 1 - share
    return (
        int((color >> 16) * keep + (other >> 16) * share) << 16
        | int((color >> 8 & 255) * keep + (other >> 8 & 255) * share) << 8
        | int((color & 255) * keep + (other & 255) * share)
    )


def apart(color: int, other: int) -> int:
    """Return how far two colours lie apart: the sum of the differences of red, green and blue, 0 to 765."""
    return (
        abs((color >> 16) - (other >> 16))
        + abs((color >> 8 & 255) - (other >> 8 & 255))
        + abs((color & 255) - (other & 255))
    )
