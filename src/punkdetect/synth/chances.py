"""How often each value and each way to draw it occurs.

Owns every probability of the drawn portraits. Rare values occur more often than in real collections, since
fits learn from them; knows no pixels and no colours.
"""

from __future__ import annotations

from punkdetect.synth import faces, hair, headwear
from punkdetect.synth.dice import Table

STYLE = Table({"flat": 0.3, "rich": 0.35, "mixed": 0.35})
EXPRESSION = Table({"neutral": 0.4, "smile": 0.41, "frown": 0.19})
EYEWEAR = Table({"none": 0.52, "glasses": 0.17, "sunglasses": 0.18, "other": 0.13})
EARRINGS = Table({"none": 0.56, "stud": 0.2, "hoop": 0.13, "drop": 0.11})
HEADWEAR = Table(
    {
        "none": 0.44,
        **dict.fromkeys(headwear.GRIDS, 0.022),
        **dict.fromkeys(("cap", "beanie", "bandana", "hood", "headband", "crown", "tiara"), 0.042),
    }
)
FACIAL_HAIR = Table({"none": 0.42, "stubble": 0.15, "mustache": 0.13, "goatee": 0.13, "beard": 0.17})
HAIRSTYLE = Table({"none": 0.09, "straight": 0.33, "wavy": 0.21, "curly": 0.25, "braids": 0.12})
MOUTH_ITEM = Table(
    {"none": 0.7, "cigarette": 0.07, "cigar": 0.05, "pipe": 0.045, "vape": 0.045, "mask": 0.05, "other": 0.04}
)
NECKWEAR = Table({"none": 0.52, "necklace": 0.2, "tie": 0.1, "scarf": 0.09, "other": 0.09})
HAIR_COLOR = Table(
    {
        "black": 0.19, "brown": 0.22, "blonde": 0.12, "red": 0.09, "orange": 0.05, "gray": 0.08,
        "white": 0.05, "pink": 0.04, "purple": 0.04, "blue": 0.05, "green": 0.04, "multicolor": 0.03,
    }
)  # fmt: skip
SKIN_TONE = Table({"light": 0.44, "medium": 0.2, "dark": 0.2, "gray": 0.06, "other": 0.1})
EYE_COLOR = Table(
    {
        "black": 0.08, "brown": 0.24, "blue": 0.2, "green": 0.15, "gray": 0.09, "purple": 0.05, "red": 0.04,
        "orange": 0.04, "yellow": 0.03, "pink": 0.03, "white": 0.03, "multicolor": 0.02,
    }
)  # fmt: skip
BACKGROUND = {
    "flat": Table({"transparent": 0.6, "solid": 0.4}),
    "rich": Table(
        {"solid": 0.5, "gradient": 0.16, "split": 0.12, "stripes": 0.09, "checker": 0.05, "scene": 0.08}
    ),
    "mixed": Table(
        {
            "solid": 0.42, "transparent": 0.14, "gradient": 0.12, "split": 0.1, "stripes": 0.09,
            "checker": 0.06, "scene": 0.07,
        }
    ),
}  # fmt: skip
OUTLINE = {
    "flat": Table({"full": 1.0}),
    "rich": Table({"half": 0.75, "full": 0.25}),
    "mixed": Table({"full": 0.55, "half": 0.28, "none": 0.17}),
}
SHADING = {
    "flat": Table({"flat": 0.5, "highlight": 0.5}),
    "rich": Table({"flat": 0.5, "left": 0.12, "cheek": 0.2, "neck": 0.18}),
    "mixed": Table({"flat": 0.35, "highlight": 0.2, "left": 0.15, "cheek": 0.17, "neck": 0.13}),
}
EYES = {
    "flat": Table(
        {
            "pupil and lid": 0.45, "pupil and iris": 0.2, "pupil and white": 0.1, "dot": 0.05,
            "two iris": 0.1, "iris and pupil": 0.1,
        }
    ),
    "rich": Table({"pupil and iris": 0.75, "lashes": 0.1, "two iris": 0.1, "iris and pupil": 0.05}),
    "mixed": Table({name: (4.0 if name == "pupil and iris" else 1.0) for name in faces.EYES}),
}  # fmt: skip
BROWS = {
    "flat": Table({"brow": 0.6, "eye shadow": 0.15, "clown": 0.06, "none": 0.05, "lid": 0.14}),
    "rich": Table({"lid": 0.5, "shaded lid": 0.25, "lid and brow": 0.05, "eye shadow": 0.12, "brow": 0.08}),
    "mixed": Table(dict.fromkeys(faces.BROWS, 1.0)),
}
SMILE = Table({"left": 0.45, "left on": 0.12, "right": 0.13, "right on": 0.06, "both": 0.17, "both on": 0.07})
EXTRA = Table({"none": 0.86, "lower lip": 0.04, "open": 0.04, "buck teeth": 0.03, "one tooth": 0.03})
CLOTHES = {"flat": 0.12, "rich": 0.92, "mixed": 0.6}
"""How often anything is worn below the neck."""

TEXTURE = {style: Table(pairs) for style, pairs in hair.BY_STYLE.items()}
HAT_TEXTURE = Table(
    {"flat": 0.6, "checker": 0.12, "diagonal": 0.1, "strands": 0.06, "noise": 0.06, "rows": 0.06}
)
LENGTH = {
    "male": Table({"short": 0.72, "medium": 0.14, "long": 0.14}),
    "female": Table({"short": 0.2, "medium": 0.3, "long": 0.5}),
}
OPEN_EARS = Table({"left": 0.62, "none": 0.23, "both": 0.15})
COVERED_EARS = Table({"none": 0.85, "left": 0.15})
NOSE = Table({"own": 0.8, "one": 0.08, "two": 0.05, "tall": 0.05, "none": 0.02})
EARRING_SIDE = Table({"left": 0.6, "right": 0.17, "both": 0.23})
EARRING_LOW = Table({"0": 0.5, "-1": 0.35, "1": 0.15})
MOUTH_WIDTH = Table({"3": 0.72, "4": 0.18, "5": 0.1})
MOUTH_SHIFT = Table({"0": 0.92, "1": 0.04, "-1": 0.04})
MARKS = Table({"0": 0.7, "1": 0.25, "2": 0.05})
DOWN = Table({"0": 0.55, "-1": 0.2, "1": 0.2, "2": 0.05})
RIGHT = Table({"0": 0.55, "-1": 0.18, "1": 0.18, "-2": 0.04, "2": 0.05})
"""Rows and columns by which figures are shifted: collections differ by a pixel or two."""

MALE = 0.55
COMMON_HEAD = 0.55
COMMON = {
    "male": Table({"plain": 0.38, "tapered": 0.4, "stepped": 0.22}),
    "female": Table({"plain": 0.5, "stepped": 0.5}),
}
"""How many portraits have one of the heads that most collections are drawn on, in its own size, and which."""

PLAIN, PLAIN_KEEPS = 0.4, 0.3
"""How many portraits are plain, as most of a collection are, and how much of what they were to wear stays."""

FLAT_HAIR = 0.8
"""How much of the hair of the flat style is of one colour."""

EDGED_STUD = 0.6
"""How many studs of the flat style have the black edge that the ear has."""

RING_UNDER_HAIR = 0.12
"""How many earrings are put on before the hair, which may hide them."""

MIRRORED = 0.04
"""How many portraits look to the left."""

UNNAMED_SKIN, UNNAMED_HAIR = 0.13, 0.2
"""How much skin and hair has a colour between two names; it is not labelled."""

MEASURED_HAT, MEASURED_HATS = 0.5, 300
"""How much headwear is drawn from measures rather than grids, and how many different ones of each kind."""

HEADWEAR_CUT = Table(
    {
        "": 0.45, "edged": 0.13, "taller": 0.06, "flatter": 0.05, "wider": 0.05, "raised": 0.05,
        "lowered": 0.03, "mirrored": 0.06, "edged taller": 0.03, "edged wider": 0.03, "edged mirrored": 0.03,
        "taller wider": 0.03,
    }
)  # fmt: skip
EYEWEAR_CUT = Table({"": 0.76, "taller": 0.09, "raised": 0.06, "lowered": 0.06, "flatter": 0.03})
MOUTH_ITEM_CUT = Table({"": 0.6, "edged": 0.15, "wider": 0.1, "narrower": 0.1, "edged wider": 0.05})
"""How often what is worn is cut otherwise than its grid shows."""

RIM = {"flat": 0.05, "rich": 0.25, "mixed": 0.25}
"""How much hair has a darker edge."""

SHADED_BEARD = {"flat": 0.05, "rich": 0.4, "mixed": 0.4}
LINED = {"flat": 0.0, "rich": 0.0, "mixed": 0.12}
"""How many figures have a line around everything."""
