"""What a portrait shall show: every trait, and the sprites and styles that make it, chosen before anything is drawn.

Owns how often each value occurs and what goes with what. Knows no pixels and no colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from punkdetect.synth import backgrounds, eyewear, faces, hair, headwear, smalls
from punkdetect.synth.dice import Dice, Table
from punkdetect.synth.hair import Shape
from punkdetect.synth.heads import Head, all_heads

Pins = Mapping[str, str]
"""Values (of traits, or of `STYLE_PINS`) that are given rather than drawn."""

STYLE_PINS = (
    "style", "head", "outline", "shading", "hair_shape", "texture", "eyewear_shape", "earring_shape",
    "earring_side", "headwear_shape", "beard_shape", "mouth_item_shape", "neckwear_shape", "clothes", "eyes",
    "brows", "mark", "smile", "mouth_width", "pattern", "hat_color", "clothing_color", "frame_color", "shift",
)  # fmt: skip
"""What may be given besides traits."""

STYLE = Table({"flat": 0.3, "rich": 0.35, "mixed": 0.35})
EXPRESSION = Table({"neutral": 0.4, "smile": 0.41, "frown": 0.19})
EYEWEAR = Table({"none": 0.52, "glasses": 0.17, "sunglasses": 0.18, "other": 0.13})
EARRINGS = Table({"none": 0.56, "stud": 0.2, "hoop": 0.13, "drop": 0.11})
HEADWEAR = Table({"none": 0.46, **{name: 0.027 for name in headwear.GRIDS}})
FACIAL_HAIR = Table({"none": 0.42, "stubble": 0.15, "mustache": 0.13, "goatee": 0.13, "beard": 0.17})
HAIRSTYLE = Table({"none": 0.09, "straight": 0.33, "wavy": 0.21, "curly": 0.25, "braids": 0.12})
MOUTH_ITEM = Table(
    {"none": 0.7, "cigarette": 0.07, "cigar": 0.05, "pipe": 0.045, "vape": 0.045, "mask": 0.05, "other": 0.04}
)
NECKWEAR = Table({"none": 0.52, "necklace": 0.2, "tie": 0.1, "scarf": 0.09, "other": 0.09})
HAIR_COLOR = Table(
    {
        "black": 0.19, "brown": 0.22, "blonde": 0.12, "red": 0.09, "orange": 0.05, "gray": 0.08, "white": 0.05,
        "pink": 0.04, "purple": 0.04, "blue": 0.05, "green": 0.04, "multicolor": 0.03,
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
            "solid": 0.42, "transparent": 0.14, "gradient": 0.12, "split": 0.1, "stripes": 0.09, "checker": 0.06,
            "scene": 0.07,
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
    "rich": Table({"flat": 0.4, "lower": 0.25, "left": 0.08, "cheek": 0.17, "neck": 0.1}),
    "mixed": Table({"flat": 0.3, "highlight": 0.15, "lower": 0.15, "left": 0.15, "cheek": 0.15, "neck": 0.1}),
}
EYES = {
    "flat": Table(
        {
            "pupil and lid": 0.45, "pupil and iris": 0.2, "pupil and white": 0.1, "dot": 0.05, "two iris": 0.1,
            "iris and pupil": 0.1,
        }
    ),
    "rich": Table({"pupil and iris": 0.75, "lashes": 0.1, "two iris": 0.1, "iris and pupil": 0.05}),
    "mixed": Table({name: (4.0 if name == "pupil and iris" else 1.0) for name in faces.EYES}),
}  # fmt: skip
BROWS = {
    "flat": Table({"brow": 0.6, "eye shadow": 0.15, "clown": 0.06, "none": 0.05, "lid": 0.14}),
    "rich": Table({"lid": 0.5, "shaded lid": 0.25, "lid and brow": 0.05, "eye shadow": 0.12, "brow": 0.08}),
    "mixed": Table({name: 1.0 for name in faces.BROWS}),
}
SMILE = Table({"left": 0.45, "left on": 0.12, "right": 0.13, "right on": 0.06, "both": 0.17, "both on": 0.07})
EXTRA = Table({"none": 0.86, "lower lip": 0.04, "open": 0.04, "buck teeth": 0.03, "one tooth": 0.03})
CLOTHES = {"flat": 0.12, "rich": 0.92, "mixed": 0.6}
"""How often anything is worn below the neck."""

_SHAPES: dict[str, dict[str, Shape]] = {}
for _shape in hair.SHAPES:
    _SHAPES.setdefault(_shape.style, {})[_shape.name] = _shape
_LISTS = {style: tuple(shapes.values()) for style, shapes in _SHAPES.items()}
_BY_LENGTH = {
    (style, length): tuple(s for s in shapes if s.length == length)
    for style, shapes in _LISTS.items()
    for length in ("short", "medium", "long")
}
TEXTURE = {style: Table(pairs) for style, pairs in hair.BY_STYLE.items()}


@dataclass(slots=True)
class Plan:
    """Everything about a portrait but its colours."""

    style: str
    head: Head
    outline: str
    shading: str
    ears: str
    expression: str
    smile: str
    mouth_width: int
    mouth_shift: int
    extra: str
    eyes: str
    brows: str
    nose: str
    marks: tuple[str, ...]
    hair: Shape | None
    hair_variant: int
    texture: str
    rim: bool
    hair_color: str
    eyewear: str
    eyewear_shape: str
    earrings: str
    earring_shape: str
    earring_side: str
    earring_low: int
    earring_under: bool
    headwear: str
    headwear_shape: str
    hat_texture: str
    facial_hair: str
    beard_shape: str
    beard_shaded: bool
    mouth_item: str
    mouth_item_shape: str
    neckwear: str
    neckwear_shape: str
    clothes: str
    skin_tone: str
    eye_color: str
    background: str
    pattern: int
    background_color: str
    shift: tuple[int, int]
    mirrored: bool
    lined: bool


HAT_TEXTURE = Table({"flat": 0.6, "checker": 0.12, "diagonal": 0.1, "strands": 0.06, "noise": 0.06, "rows": 0.06})


def _shape(dice: Dice, head: Head, style: str, pins: Pins) -> Shape | None:
    """Choose a hair shape: men's hair is short more often."""
    if "hair_shape" in pins:
        return next(s for s in hair.SHAPES if s.name == pins["hair_shape"])
    if style == "none":
        return None
    x = dice.number()
    if head.type == "male":
        length = "short" if x < 0.72 else "medium" if x < 0.86 else "long"
    else:
        length = "short" if x < 0.2 else "medium" if x < 0.5 else "long"
    length = pins.get("hair_length", length)
    return dice.one(_BY_LENGTH[style, length] or _LISTS[style])


def make_plan(dice: Dice, pins: Pins | None = None) -> Plan:
    """Choose everything about one portrait.

    Parameters
    ----------
    dice : Dice
    pins : mapping of str to str, optional
        Values of traits or of `STYLE_PINS` that are given.
    """
    pins = pins or {}

    def pick(name: str, table: Table) -> str:
        drawn = dice.of(table)
        return pins.get(name, drawn) if pins else drawn

    style = pick("style", STYLE)
    kind = pins.get("type") or ("male" if dice.chance(0.55) else "female")
    heads = all_heads()[kind]
    head = dice.one(heads)
    if dice.chance(0.4):  # most collections keep to one head
        common = f"{kind} {dice.one(('plain', 'stepped'))} own"
        head = next(h for h in heads if h.name == common)
    if "head" in pins:
        head = next(h for h in heads if h.name == f"{kind} {pins['head']}")
    hairstyle = pick("hairstyle", HAIRSTYLE)
    shape = _shape(dice, head, hairstyle, pins)
    worn = pick("headwear", HEADWEAR)
    facial = pick("facial_hair", FACIAL_HAIR) if kind == "male" else pins.get("facial_hair", "none")
    item = pick("mouth_item", MOUTH_ITEM)
    expression = pick("expression", EXPRESSION)
    if expression == "hidden":
        item = pins.get("mouth_item", "mask")
        expression = "neutral"
    eyes = pick("eyewear", EYEWEAR)
    ring = pick("earrings", EARRINGS)
    neck = pick("neckwear", NECKWEAR)
    background = pick("background", BACKGROUND[style])
    texture = dice.of(TEXTURE[shape.style]) if shape else "flat"
    if style == "flat" and dice.chance(0.8):
        texture = "flat"
    hair_color = pick("hair_color", HAIR_COLOR)
    if hair_color == "multicolor":
        texture = dice.one(("two sides", "tips"))
    elif texture == "tips":
        texture = "diagonal"
    clothes = "none"
    if dice.chance(CLOTHES[style]) or neck == "tie":
        clothes = dice.one(tuple(smalls.CLOTHES))
    if neck == "tie":
        clothes = dice.one(("suit", "shirt", "jacket", "v neck"))
    marks = tuple(dice.one(faces.MARKS) for _ in range(int(dice.chance(0.3)) + int(dice.chance(0.06))))
    bald = shape is None or shape.how != "cap"
    outline = pick("outline", OUTLINE[style])
    if bald and outline == "half":
        outline = "full"
    beards = faces.BEARDS.get(facial, ("",))
    bar = dice.number()
    shift_x, shift_y = dice.number(), dice.number()
    return Plan(
        style=style,
        head=head,
        outline=outline,
        shading=pick("shading", SHADING[style]),
        ears=pick("ears", _EARS if bald or shape is None or shape.length == "short" else _NO_EARS),
        expression=expression,
        smile=pick("smile", SMILE),
        mouth_width=int(pins.get("mouth_width", 3 if bar < 0.72 else 4 if bar < 0.9 else 5)),
        mouth_shift=int(dice.chance(0.1)) - int(dice.chance(0.1)),
        extra=pick("extra", EXTRA),
        eyes=pick("eyes", EYES[style]),
        brows=pick("brows", BROWS[style]),
        nose=pick("nose", _NOSE),
        marks=(pins["mark"],) if "mark" in pins else () if pins else marks,
        hair=shape,
        hair_variant=int(dice.number() * 4),
        texture=pins.get("texture", texture),
        rim=dice.chance(0.25 if style != "flat" else 0.05),
        hair_color=hair_color,
        eyewear=eyes,
        eyewear_shape=_shape_of(dice, pins, "eyewear_shape", eyewear.GRIDS.get(eyes, {})),
        earrings=ring,
        earring_shape=_shape_of(dice, pins, "earring_shape", smalls.EARRINGS.get(ring, {})),
        earring_side=pick("earring_side", _SIDE),
        earring_low=int(dice.chance(0.25)) - int(dice.chance(0.12)),
        earring_under=dice.chance(0.12) and not pins,
        headwear=worn,
        headwear_shape=_shape_of(dice, pins, "headwear_shape", headwear.GRIDS.get(worn, {})),
        hat_texture=pick("hat_texture", HAT_TEXTURE) if style != "flat" else "flat",
        facial_hair=facial,
        beard_shape=pins.get("beard_shape") or dice.one(beards),
        beard_shaded=dice.chance(0.4 if style != "flat" else 0.05),
        mouth_item=item,
        mouth_item_shape=_shape_of(
            dice, pins, "mouth_item_shape",
            dict.fromkeys(smalls.MASKS) if item == "mask" else smalls.MOUTH_ITEMS.get(item, {}),
        ),
        neckwear=neck,
        neckwear_shape=_shape_of(dice, pins, "neckwear_shape", smalls.NECKWEAR.get(neck, {})),
        clothes=pins.get("clothes", clothes),
        skin_tone=pick("skin_tone", SKIN_TONE),
        eye_color=pick("eye_color", EYE_COLOR),
        background=background,
        pattern=int(pins.get("pattern", int(dice.number() * len(backgrounds.patterns()[background])))),
        background_color=pins.get("background_color", ""),
        shift=(
            0 if shift_y < 0.55 else -1 if shift_y < 0.75 else 1 if shift_y < 0.95 else 2,
            0 if shift_x < 0.55 else -1 if shift_x < 0.73 else 1 if shift_x < 0.91 else -2 if shift_x < 0.95 else 2,
        ) if not pins else (0, 0),
        mirrored=dice.chance(0.04) and not pins,
        lined=dice.chance(0.12 if style == "mixed" else 0.0),
    )  # fmt: skip


_EARS = Table({"left": 0.62, "none": 0.23, "both": 0.15})
_NO_EARS = Table({"none": 0.85, "left": 0.15})
_NOSE = Table({"own": 0.8, "one": 0.08, "two": 0.05, "tall": 0.05, "none": 0.02})
_SIDE = Table({"left": 0.6, "right": 0.17, "both": 0.23})


def _shape_of(dice: Dice, pins: Pins, name: str, shapes: Mapping[str, object]) -> str:
    drawn = dice.one(tuple(shapes)) if shapes else ""
    return pins.get(name, drawn)
