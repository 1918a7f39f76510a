"""What is worn on the head.

The text grids (`hats`, `hoods`, `light`, and more of each by another hand), and the hats that are drawn from
measures (`measured`), lie in the frame of `sprites`: skull from row 5, sides at columns 6 and 16, brows in
row 11. `h` main colour (may be textured), `d` darker, `l` lighter, `b` band, `g` badge or jewel, `G` second
jewel, `k` black, `x` wiped clean. What is to `cover` hides hair and skull above its brim, a `hood` what is
beside it too; the rest lies `on` the hair.
"""

from __future__ import annotations

from functools import lru_cache

from punkdetect.synth.headwear import hats, hoods, light, more_hats, more_hoods, more_light
from punkdetect.synth.headwear.measured import measured_hat
from punkdetect.synth.inks import EMPTY, pack
from punkdetect.synth.sprites import Sprite, read_sprite

GRIDS: dict[str, dict[str, tuple[str, int, str]]] = {
    value: {**grids, **more.GRIDS.get(value, {})}
    for first, more in ((hats, more_hats), (hoods, more_hoods), (light, more_light))
    for value, grids in first.GRIDS.items()
}
"""By value and name: how it sits, first row, grid."""

MAIN = pack("headwear", "hat")
"""The pixels that a texture may change."""

DARK = pack("headwear", "hat_dark")

BLACK = pack("headwear", "hat_black")


MEASURED = "measured "
"""Begins the name of a hat that no grid shows; its number follows."""

SITS = {"hood": "skull"}
"""What a sprite follows on another head, by how it sits; else the brows."""


@lru_cache(maxsize=8192)
def headwear_sprite(value: str, name: str) -> Sprite:
    """Return one piece of headwear: of a grid, or of measures (`measured 17`)."""
    if name.startswith(MEASURED):
        how, letters = measured_hat(value, int(name.removeprefix(MEASURED)))
        row, text = 0, "\n".join("".join(line) for line in letters)
    else:
        how, row, text = GRIDS[value][name]
    o = "headwear"
    legend = {
        "h": pack(o, "hat"), "d": pack(o, "hat_dark"), "l": pack(o, "hat_light"), "b": pack(o, "band"),
        "g": pack(o, "badge"), "G": pack(o, "badge_two"), "k": pack(o, "hat_black"), "x": EMPTY,
    }  # fmt: skip
    return read_sprite(f"{value} {name}", SITS.get(how, "brow"), row, text, legend, how)
