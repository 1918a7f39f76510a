"""What a portrait shall show: every trait, and the sprites and styles that make it.

Owns what goes with what; how often is in `chances`. Knows no pixels and no colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from punkdetect.synth import (
    backgrounds,
    chances,
    eyewear_grids,
    faces,
    hair,
    headwear,
    jewels,
    mouth_items,
    neckwear,
    outfits,
)
from punkdetect.synth.dice import Dice, Table
from punkdetect.synth.hair import Shape
from punkdetect.synth.heads import Head, all_heads

Pins = Mapping[str, str]
"""Values of traits, or of fields of `Plan`, that are given rather than drawn."""

UNNAMED = ""
"""In the place of a colour's name: any colour between the names."""

NATURAL = ("black", "brown", "blonde", "red", "gray")
"""Hair colours that shade into each other."""

_SHAPES: dict[tuple[str, str], tuple[Shape, ...]] = {
    (style, length): tuple(s for s in hair.SHAPES if s.style == style and s.length == length)
    for style in hair.BY_STYLE
    for length in ("short", "medium", "long")
}


@dataclass(slots=True)
class Plan:
    """Everything about a portrait but its colours; names of traits hold values of the vocabulary."""

    style: str
    head: Head
    outline: str = "full"
    shading: str = "flat"
    ears: str = "none"
    skin_tone: str = "light"
    shift: tuple[int, int] = (0, 0)
    mirrored: bool = False
    lined: bool = False
    # the face
    expression: str = "neutral"
    smile: str = "left"
    mouth_width: int = 3
    mouth_shift: int = 0
    extra: str = "none"
    eyes: str = "pupil and iris"
    eye_color: str = "brown"
    brows: str = "lid"
    nose: str = "own"
    marks: tuple[str, ...] = ()
    facial_hair: str = "none"
    beard_shape: str = ""
    beard_shaded: bool = False
    # hair
    hair: Shape | None = None
    hair_variant: int = 0
    hair_color: str = "brown"
    texture: str = "flat"
    rim: bool = False
    # what is worn
    eyewear: str = "none"
    eyewear_shape: str = ""
    eyewear_cut: str = ""
    earrings: str = "none"
    earring_shape: str = ""
    earring_side: str = "left"
    earring_low: int = 0
    earring_under: bool = False
    headwear: str = "none"
    headwear_shape: str = ""
    headwear_cut: str = ""
    hat_texture: str = "flat"
    mouth_item: str = "none"
    mouth_item_shape: str = ""
    mouth_item_cut: str = ""
    neckwear: str = "none"
    neckwear_shape: str = ""
    clothes: str = "none"
    # behind
    background: str = "solid"
    pattern: int = 0
    background_color: str = ""


class _Chooser:
    """Draws values, unless they are given."""

    def __init__(self, dice: Dice, pins: Pins) -> None:
        self.dice = dice
        self.pins = pins

    def pick(self, name: str, table: Table) -> str:
        """Draw from a table; the dice roll even if the value is given, so that the rest stays the same."""
        drawn = self.dice.of(table)
        return self.pins.get(name, drawn) if self.pins else drawn

    def shape(self, name: str, shapes: Iterable[str]) -> str:
        """Draw one of several shapes, all alike."""
        found = tuple(shapes)
        drawn = self.dice.one(found) if found else ""
        return self.pins.get(name, drawn)

    def chance(self, p: float) -> bool:
        """Draw yes or no; always no for portraits that are given in words."""
        return self.dice.chance(p) and not self.pins


def make_plan(dice: Dice, pins: Pins | None = None) -> Plan:
    """Choose everything about one portrait.

    Parameters
    ----------
    dice : Dice
    pins : mapping of str to str, optional
        Values of traits, or of fields of `Plan`, that are given.
    """
    chooser = _Chooser(dice, pins or {})
    style = chooser.pick("style", chances.STYLE)
    plan = Plan(style, _choose_head(chooser))
    plan.skin_tone = chooser.pick("skin_tone", chances.SKIN_TONE)
    if chooser.chance(chances.UNNAMED_SKIN) and plan.skin_tone in ("light", "medium", "dark"):
        plan.skin_tone = UNNAMED
    _choose_hair(chooser, plan)
    _choose_face(chooser, plan)
    _choose_worn(chooser, plan)
    _choose_shapes(chooser, plan)
    _choose_look(chooser, plan)
    if not pins:
        if plan.headwear != "none" and dice.chance(chances.MEASURED_HAT):
            plan.headwear_shape = f"{headwear.MEASURED}{int(dice.number() * chances.MEASURED_HATS)}"
        plan.headwear_cut = dice.of(chances.HEADWEAR_CUT)
        plan.eyewear_cut = dice.of(chances.EYEWEAR_CUT)
        plan.mouth_item_cut = dice.of(chances.MOUTH_ITEM_CUT)
    return plan


def _choose_head(chooser: _Chooser) -> Head:
    dice, pins = chooser.dice, chooser.pins
    kind = "male" if dice.chance(chances.MALE) else "female"
    kind = pins.get("type", kind)
    heads = all_heads()[kind]
    head = dice.one(heads)
    if dice.chance(chances.COMMON_HEAD):
        common = f"{kind} {dice.of(chances.COMMON[kind])} own"
        head = next(h for h in heads if h.name == common)
    if "head" in pins:
        head = next(h for h in heads if h.name == f"{kind} {pins['head']}")
    return head


def _choose_hair(chooser: _Chooser, plan: Plan) -> None:
    dice, pins = chooser.dice, chooser.pins
    style = chooser.pick("hairstyle", chances.HAIRSTYLE)
    length = chooser.pick("hair_length", chances.LENGTH[plan.head.type])
    if style != "none":
        same = _SHAPES[style, length] or tuple(s for s in hair.SHAPES if s.style == style)
        plan.hair = dice.one(same)
    if "hair_shape" in pins:
        plan.hair = next(s for s in hair.SHAPES if s.name == pins["hair_shape"])
    plan.hair_variant = int(dice.number() * (plan.hair.variants if plan.hair else 1))
    plan.hair_color = chooser.pick("hair_color", chances.HAIR_COLOR)
    if chooser.chance(chances.UNNAMED_HAIR) and plan.hair_color in NATURAL:
        plan.hair_color = UNNAMED
    texture = dice.of(chances.TEXTURE[plan.hair.style]) if plan.hair else "flat"
    if plan.style == "flat" and dice.chance(chances.FLAT_HAIR):
        texture = "flat"
    if plan.hair_color == "multicolor":
        texture = dice.one(hair.TWO_COLORED)
    plan.texture = pins.get("texture", texture)
    plan.rim = dice.chance(chances.RIM[plan.style])


def _choose_face(chooser: _Chooser, plan: Plan) -> None:
    dice, pins, style = chooser.dice, chooser.pins, plan.style
    plan.expression = chooser.pick("expression", chances.EXPRESSION)
    plan.smile = chooser.pick("smile", chances.SMILE)
    plan.mouth_width = int(chooser.pick("mouth_width", chances.MOUTH_WIDTH))
    plan.mouth_shift = int(chooser.pick("mouth_shift", chances.MOUTH_SHIFT))
    plan.extra = chooser.pick("extra", chances.EXTRA)
    plan.eyes = chooser.pick("eyes", chances.EYES[style])
    plan.eye_color = chooser.pick("eye_color", chances.EYE_COLOR)
    plan.brows = chooser.pick("brows", chances.BROWS[style])
    plan.nose = chooser.pick("nose", chances.NOSE)
    facial_hair = dice.of(chances.FACIAL_HAIR)
    plan.facial_hair = pins.get("facial_hair", facial_hair if plan.head.type == "male" else "none")
    plan.beard_shape = chooser.shape("beard_shape", faces.BEARDS.get(plan.facial_hair, ()))
    plan.beard_shaded = dice.chance(chances.SHADED_BEARD[style])
    marks = tuple(dice.one(faces.MARKS) for _ in range(int(dice.of(chances.MARKS))))
    plan.marks = tuple(m for m in pins.get("mark", "").split(";") if m) if pins else marks


def _choose_worn(chooser: _Chooser, plan: Plan) -> None:
    dice, pins = chooser.dice, chooser.pins
    plan.eyewear = chooser.pick("eyewear", chances.EYEWEAR)
    plan.earrings = chooser.pick("earrings", chances.EARRINGS)
    plan.headwear = chooser.pick("headwear", chances.HEADWEAR)
    plan.neckwear = chooser.pick("neckwear", chances.NECKWEAR)
    plan.mouth_item = chooser.pick("mouth_item", chances.MOUTH_ITEM)
    if dice.chance(chances.PLAIN):
        for name in ("eyewear", "earrings", "headwear", "neckwear", "mouth_item", "facial_hair"):
            if not dice.chance(chances.PLAIN_KEEPS) and name not in pins:
                setattr(plan, name, "none")
    if plan.expression == "hidden":  # asked for: what is covered has no other expression
        plan.mouth_item, plan.expression = pins.get("mouth_item", "mask"), "neutral"
    clothes = "none"
    if dice.chance(chances.CLOTHES[plan.style]) or plan.neckwear == "tie":
        clothes = dice.one(tuple(outfits.CLOTHES))
    if plan.neckwear == "tie":
        clothes = dice.one(outfits.WITH_TIE)
    plan.clothes = pins.get("clothes", clothes)


def _choose_shapes(chooser: _Chooser, plan: Plan) -> None:
    dice = chooser.dice
    plan.eyewear_shape = chooser.shape("eyewear_shape", eyewear_grids.GRIDS.get(plan.eyewear, ()))
    plan.earring_shape = chooser.shape("earring_shape", jewels.EARRINGS.get(plan.earrings, ()))
    if plan.style == "flat" and plan.earrings == "stud" and chooser.chance(chances.EDGED_STUD):
        plan.earring_shape = "edged point"
    plan.earring_side = chooser.pick("earring_side", chances.EARRING_SIDE)
    plan.earring_low = int(chooser.pick("earring_low", chances.EARRING_LOW))
    plan.earring_under = chooser.chance(chances.RING_UNDER_HAIR)
    plan.headwear_shape = chooser.shape("headwear_shape", headwear.GRIDS.get(plan.headwear, ()))
    texture = dice.of(chances.HAT_TEXTURE)
    plan.hat_texture = "flat" if plan.style == "flat" else chooser.pins.get("hat_texture", texture)
    items = (
        mouth_items.MASKS if plan.mouth_item == "mask" else mouth_items.MOUTH_ITEMS.get(plan.mouth_item, ())
    )
    plan.mouth_item_shape = chooser.shape("mouth_item_shape", items)
    plan.neckwear_shape = chooser.shape("neckwear_shape", neckwear.NECKWEAR.get(plan.neckwear, ()))


def _choose_look(chooser: _Chooser, plan: Plan) -> None:
    dice, pins, style = chooser.dice, chooser.pins, plan.style
    bald = plan.hair is None or plan.hair.how != "cap"
    plan.outline = chooser.pick("outline", chances.OUTLINE[style])
    if bald and plan.outline == "half":  # the half without a line is always under hair
        plan.outline = "full"
    plan.shading = chooser.pick("shading", chances.SHADING[style])
    uncovered = bald or plan.hair is None or plan.hair.length == "short"
    plan.ears = chooser.pick("ears", chances.OPEN_EARS if uncovered else chances.COVERED_EARS)
    plan.background = chooser.pick("background", chances.BACKGROUND[style])
    pattern = int(dice.number() * len(backgrounds.patterns()[plan.background]))
    plan.pattern = int(pins.get("pattern", pattern))
    plan.background_color = pins.get("background_color", "")
    down, right = int(dice.of(chances.DOWN)), int(dice.of(chances.RIGHT))
    plan.shift = (0, 0) if pins else (down, right)
    plan.mirrored = chooser.chance(chances.MIRRORED)
    plan.lined = chooser.chance(chances.LINED[style])
