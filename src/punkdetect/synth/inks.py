"""What a drawn pixel is: an ink (which colour of the palette) and an owner (which sprite put it there).

Owns the lists of inks and owners and how both are packed into one number. Knows no colours and no shapes.
"""

from __future__ import annotations

INKS = (
    "nothing", "outline", "skin", "skin_dark", "skin_light", "neck", "ear",
    "hair", "hair_dark", "hair_light", "hair_deep", "scalp",
    "pupil", "iris", "iris_right", "eye_white", "lid", "brow", "shadow", "eye_skin",
    "nose", "lip", "lip_dark", "teeth", "inside", "cheek", "mole", "clown", "scar", "tattoo", "laser",
    "beard", "beard_dark", "stubble", "stubble_dark",
    "hat", "hat_dark", "hat_light", "band", "badge", "badge_two", "hat_black",
    "frame", "lens", "lens_dark", "glint", "pale_lens", "pale_dark", "red_lens", "blue_lens",
    "gold", "gold_light", "gold_dark",
    "paper", "ember", "filter", "wood", "wood_dark", "metal", "lamp", "smoke", "mask", "mask_dark",
    "cloth", "cloth_dark", "cloth_light", "shirt", "shirt_dark", "button",
    "neckwear", "neckwear_dark", "neckwear_light", "gem",
)  # fmt: skip
"""Names of the colours that one portrait may use, besides those of its background."""

INK = {name: code for code, name in enumerate(INKS)}

TINTED = 128
"""Added to an ink that is seen through a tinted lens."""

OWNERS = (
    "background", "outline", "skin", "hair", "brow", "lid", "eyes", "nose", "lips", "mark", "facial_hair",
    "eyewear", "earrings", "headwear", "mouth_item", "neckwear", "clothes", "neck", "eyes_behind",
)  # fmt: skip
"""Which sprite a pixel belongs to; `eyes_behind` are eyes seen through a lens, so of both."""

OWNER = {name: code for code, name in enumerate(OWNERS)}

EMPTY = 1
"""A pixel that a sprite wipes clean: ink 1 of no owner, so that it differs from "not touched", which is 0."""

assert len(INKS) < TINTED, "inks must leave room for their tinted twins"


def pack(owner: str, ink: str) -> int:
    """Return the number that stands for a pixel of this owner and ink."""
    return OWNER[owner] << 8 | INK[ink]


MASK_OWNERS: dict[str, tuple[str, ...]] = {
    "type": ("skin", "outline", "nose", "neck"),
    "expression": ("lips",),
    "eyewear": ("eyewear", "eyes_behind"),
    "earrings": ("earrings",),
    "headwear": ("headwear",),
    "facial_hair": ("facial_hair",),
    "hairstyle": ("hair",),
    "hair_length": ("hair",),
    "hair_color": ("hair",),
    "eye_color": ("eyes", "eyes_behind"),
    "skin_tone": ("skin",),
    "background": ("background",),
    "background_color": ("background",),
    "mouth_item": ("mouth_item",),
    "neckwear": ("neckwear",),
    "skin_hex": ("skin",),
    "hair_hex": ("hair",),
    "eyes_hex": ("eyes", "eyes_behind"),
    "lips_hex": ("lips",),
    "background_hex": ("background",),
    "clothing_hex": ("clothes",),
}
"""By trait, the owners of the pixels that show it."""
