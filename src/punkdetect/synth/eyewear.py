"""What is worn over the eyes."""

from __future__ import annotations

from functools import lru_cache

from punkdetect.synth.eyewear_grids import GRIDS
from punkdetect.synth.inks import pack
from punkdetect.synth.sprites import EYE, TINT, Sprite, read_sprite


@lru_cache(maxsize=512)
def eyewear_sprite(value: str, name: str, owner: str = "eyewear") -> Sprite:
    """Return one piece of eyewear."""
    row, text = GRIDS[value][name]
    legend = {
        "f": pack(owner, "frame"), "L": pack(owner, "lens"), "D": pack(owner, "lens_dark"), "t": TINT,
        "w": pack(owner, "glint"), "P": pack(owner, "pale_lens"), "Q": pack(owner, "pale_dark"),
        "k": pack(owner, "pupil"), "r": pack(owner, "red_lens"), "b": pack(owner, "blue_lens"),
    }  # fmt: skip
    return read_sprite(f"{value} {name}", "eyes", EYE + row, text, legend)
