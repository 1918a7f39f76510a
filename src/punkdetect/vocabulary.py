"""The names of the traits and the values each may take: the only list of them.

The order of values is fixed, because value codes index into it. Knows nothing of pixels.
"""

from __future__ import annotations

TRAITS: dict[str, tuple[str, ...]] = {
    "type": ("male", "female"),
    "expression": ("neutral", "smile", "frown", "hidden"),
    "eyewear": ("none", "glasses", "sunglasses", "other"),
    "earrings": ("none", "stud", "hoop", "drop"),
    "headwear": (
        "none", "cap", "beanie", "bucket_hat", "cowboy_hat", "top_hat", "fedora", "crown", "tiara", "bandana",
        "headband", "bow", "flower", "hair_clip", "hood", "beret", "wizard_hat", "helmet", "animal_ears",
        "halo", "other",
    ),
    "facial_hair": ("none", "stubble", "mustache", "goatee", "beard"),
    "hairstyle": ("none", "straight", "wavy", "curly", "braids"),
    "hair_length": ("none", "short", "medium", "long"),
    "hair_color": (
        "none", "black", "brown", "blonde", "red", "orange", "gray", "white", "pink", "purple", "blue",
        "green", "multicolor",
    ),
    "eye_color": (
        "black", "brown", "blue", "green", "gray", "purple", "red", "orange", "yellow", "pink", "white",
        "multicolor",
    ),
    "skin_tone": ("light", "medium", "dark", "gray", "other"),
    "background": ("solid", "gradient", "split", "checker", "stripes", "scene", "transparent"),
    "background_color": (
        "black", "gray", "white", "red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink",
        "brown", "beige", "multicolor",
    ),
    "mouth_item": ("none", "cigarette", "cigar", "pipe", "vape", "mask", "other"),
    "neckwear": ("none", "necklace", "tie", "scarf", "other"),
}  # fmt: skip
"""Value names by trait, in the order that value codes index."""

COLORS: tuple[str, ...] = ("skin_hex", "hair_hex", "eyes_hex", "lips_hex", "background_hex", "clothing_hex")
"""Colour traits: their value is `#rrggbb`, a pixel colour that really occurs in the region."""

BACKDROP: tuple[str, ...] = ("background", "background_color", "background_hex")
"""Traits that a picture has without a portrait on it."""

ALL_TRAITS: tuple[str, ...] = (*TRAITS, *COLORS)
"""Every trait in the order of the output columns."""
