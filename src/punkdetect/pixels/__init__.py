"""Array functions on the pixels of a whole batch: palettes, colour spaces, masks that grow and flood.

Knows shapes and colours; must not know what a face, a trait or a file is.
"""

from punkdetect.pixels._colors import (
    TRANSPARENT,
    has_alpha,
    is_near_any,
    lab_distance,
    lab_of,
    pack_rgb,
    unpack_rgb,
)
from punkdetect.pixels._masks import find_pixels, flood, grow, shift
from punkdetect.pixels._palette import Palette, find_palette

__all__ = [
    "TRANSPARENT", "Palette", "find_palette", "find_pixels", "flood", "grow", "has_alpha", "is_near_any",
    "lab_distance", "lab_of", "pack_rgb", "shift", "unpack_rgb",
]  # fmt: skip
