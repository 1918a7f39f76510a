"""Chooses the colours of one portrait: one packed RGB for each ink.

Owns which ink gets which colour and how far apart colours must lie. Knows names of colours, no shapes.
"""

from __future__ import annotations

from dataclasses import dataclass

from punkdetect.synth import backgrounds
from punkdetect.synth.colors import BASIC, LIPS, apart, darker, mix, pool
from punkdetect.synth.dice import Dice, Table
from punkdetect.synth.inks import INK, TINTED
from punkdetect.synth.plan import Pins, Plan

BLACK, WHITE = 0x000000, 0xFFFFFF

BACKGROUND_COLOR = Table(
    {
        "": 0.4,
        "black": 0.05, "gray": 0.1, "white": 0.06, "red": 0.06, "orange": 0.07, "yellow": 0.07, "green": 0.13,
        "cyan": 0.09, "blue": 0.13, "purple": 0.08, "pink": 0.07, "brown": 0.05, "beige": 0.06,
    }
)  # fmt: skip
SHADE_OF_SKIN = "shade of the skin"
LIPS_OF = {
    "female": Table(
        {
            "rose": 0.42,
            "red": 0.3,
            "bright": 0.14,
            SHADE_OF_SKIN: 0.05,
            "dark": 0.04,
            "orange": 0.04,
            "black": 0.01,
        }
    ),
    "male": Table({SHADE_OF_SKIN: 0.42, "dark": 0.24, "black": 0.2, "rose": 0.12, "red": 0.02}),
}
"""Lips by base head: artists paint those of women and leave those of men a darker skin, or draw a line."""

LIP_SHADE = (0.45, 0.7)
"""How dark lips are that are a shade of the skin."""

THING = Table(
    {
        "": 0.3,
        "black": 0.16, "gray": 0.1, "white": 0.1, "red": 0.12, "orange": 0.06, "yellow": 0.07, "green": 0.09,
        "cyan": 0.06, "blue": 0.13, "purple": 0.07, "pink": 0.06, "brown": 0.08, "beige": 0.05,
    }
)  # fmt: skip
BEARD = Table({"black": 3, "brown": 4, "gray": 1, "red": 1, "blonde": 1})
SHADOW = Table({"green": 1, "blue": 1, "purple": 1, "pink": 1, "cyan": 1, "gray": 0.4})
MASK = Table({"white": 2, "black": 1.2, "blue": 1, "gray": 1, "cyan": 1})
GOLDS = (0xFFD926, 0xE5B83B, 0xFBC942, 0xD4A017, 0xF2D16B)
SILVERS = (0xF2F2F2, 0xDADDE2, 0xC4CBD3, 0xFFFFFF)
PALE_LENSES = (0x8CE4E4, 0xB8D8F0, 0xE8F0F4, 0xC4C4C4, 0xA0B8C8, 0xF4F4E0)
FRAMES = Table({"black": 0.5, "gray": 0.12, "any": 0.28, "gold": 0.1})

HAIRLIKE_HAT = 0.22
"""How many hats have a colour that hair might have."""

SMALL_LENSES = ("small", "narrow", "short", "wrap")
"""Sunglasses of one row, which nobody takes for sunglasses unless they are dark."""

DISTINCT = 90
"""Least distance (sum over red, green and blue) between colours that must be told apart: about what separates
the closest shades of skin and lips that two people still call different."""

STUBBLE = (0.14, 0.5)
FAINT = 36
"""How much of the hair's colour stubble has, and how far from the skin it is at least."""

DARK_TIE = 0.3
"""How many ties are black or nearly, whatever the jacket's colour: most are, in life."""

TRIES = 6
"""How often a colour is drawn again before it is pushed away from its neighbour instead."""


@dataclass(slots=True)
class Inked:
    """The colours of one portrait.

    Parameters
    ----------
    palette : list of int
        Packed RGB by ink.
    background : list of int
        Packed RGB by number of the background colour.
    tint, tint_share : int, float
        Colour of a tinted lens, and how much of it is seen.
    background_name : str
        Its colour word; empty where people would disagree.
    lips_clear : bool
        Whether the lips differ from what surrounds them.
    smoke_alpha : int
    """

    palette: list[int]
    background: list[int]
    tint: int
    tint_share: float
    background_name: str
    lips_clear: bool
    smoke_alpha: int


def _draw(dice: Dice, kind: str, name: str) -> int:
    return dice.one(dice.one(pool(kind, name)))


def _away(dice: Dice, kind: str, names: Table | str, *others: int) -> int:
    """Draw a colour until it is distinct from others."""
    color = 0
    for _ in range(TRIES):
        color = _draw(dice, kind, names if isinstance(names, str) else dice.of(names))
        for other in others:
            if apart(color, other) < DISTINCT:
                break
        else:
            return color
    return color


def choose_colors(dice: Dice, plan: Plan, pins: Pins) -> Inked:
    """Choose every colour of a portrait.

    Parameters
    ----------
    dice : Dice
    plan : Plan
    pins : mapping of str to str
        `hat_color`, `clothing_color` and `frame_color` may be given as names of basic colours.
    """
    ink = [0] * TINTED
    skin = _draw(dice, "skin", plan.skin_tone)
    background, background_name = _background(dice, plan, skin)
    _ink_skin(dice, plan, ink, skin)
    hair = _ink_hair(dice, plan, ink, skin, background[0])
    around = ink[INK["stubble"]] if plan.facial_hair == "stubble" else ink[INK["beard"]]
    lips_clear = _ink_face(dice, plan, ink, skin, around)
    tint, share = 0, 0.0
    if plan.headwear != "none" or plan.hair is not None:  # a tie in the hair has the colour of a band
        _ink_headwear(dice, plan, ink, (hair, skin, background[0]), pins)
    if plan.eyewear != "none":
        tint, share = _ink_eyewear(dice, plan, ink, skin, pins)
    if plan.earrings != "none":
        _ink_metal(dice, ink, ("gold", "gold_light", "gold_dark"), (hair, skin, background[0]))
        ink[INK["gem"]] = _away(dice, "basic", THING, skin, hair)
    if plan.clothes != "none" or plan.neckwear != "none":
        _ink_clothes(dice, plan, ink, skin, pins)
    if plan.mouth_item != "none":
        _ink_items(dice, ink, skin)
    smoke_alpha = 140 if plan.background == "transparent" and dice.chance(0.6) else 255
    return Inked(ink, background, tint, share, background_name, lips_clear, smoke_alpha)


def _background(dice: Dice, plan: Plan, skin: int) -> tuple[list[int], str]:
    _, count = backgrounds.patterns()[plan.background][plan.pattern]
    name = plan.background_color or dice.of(BACKGROUND_COLOR)
    first = _away(dice, "basic", name, skin)
    if plan.background in ("solid", "transparent"):
        return [first], name if plan.background == "solid" else ""
    if plan.background == "gradient":
        last = mix(first, WHITE if dice.chance(0.6) else BLACK, dice.between(0.35, 0.6))
        if dice.chance(0.4) and not plan.background_color:
            last, name = _away(dice, "basic", BACKGROUND_COLOR, first, skin), ""
        else:
            name = name if name not in ("black", "white", "gray", "beige", "brown") else ""
        return [mix(first, last, i / (count - 1)) for i in range(count)], name
    if plan.background in ("checker", "stripes") and (dice.chance(0.6) or plan.background_color):
        second = darker(first, dice.between(0.72, 0.86)) if dice.chance(0.5) else mix(first, WHITE, 0.3)
        if name in ("black", "white"):
            second = mix(first, BLACK if name == "white" else WHITE, 0.12)
        return [first, second, mix(first, second, 0.5)][:count] + [first] * (count - 3), name
    names, found = {name}, [first]
    while len(found) < count:
        other = dice.of(BACKGROUND_COLOR)
        color = _away(dice, "basic", other, found[-1], found[0])
        names.add(other)
        found.append(color)
    if plan.background == "scene":
        return found, ""  # what dominates depends on the scene
    return found, "multicolor" if count > 2 and len(names) > 2 else name if len(names) == 1 else ""


def _ink_skin(dice: Dice, plan: Plan, ink: list[int], skin: int) -> None:
    shade = darker(skin, dice.between(0.78, 0.92))
    line = BLACK
    if plan.style == "mixed" and dice.chance(0.2):
        line = darker(skin, 0.28) if dice.chance(0.5) else dice.one((0x1A1320, 0x101828, 0x2B1A10))
    ink[INK["outline"]] = line
    ink[INK["skin"]] = ink[INK["ear"]] = skin
    ink[INK["neck"]] = skin
    ink[INK["skin_dark"]] = shade
    ink[INK["skin_light"]] = mix(skin, WHITE, dice.between(0.2, 0.4))
    ink[INK["nose"]] = line if dice.chance(0.85) else darker(skin, 0.6)
    ink[INK["cheek"]] = mix(skin, 0xE0584C, dice.between(0.3, 0.5))
    ink[INK["mole"]] = darker(skin, dice.between(0.3, 0.75))
    ink[INK["scar"]] = mix(skin, 0xB03030, 0.5)
    ink[INK["clown"]] = 0xE01010
    ink[INK["tattoo"]] = dice.one((0x203040, 0x101010, 0x2A4BD7, 0x1E5E3A))
    ink[INK["laser"]] = dice.one((0xFF2020, 0x20FF60, 0x30D0FF, 0xFF30E0))


def _ink_hair(dice: Dice, plan: Plan, ink: list[int], skin: int, background: int) -> int:
    names = plan.hair_color
    two = names == "multicolor"
    color = _away(dice, "hair", dice.one(("black", "brown", "blonde")) if two else names, skin)
    if plan.background != "transparent" and apart(color, background) < DISTINCT:
        color = _away(dice, "hair", "blue" if two else names, skin, background)
    deepness = dice.between(0.66, 0.88)
    light = dice.between(0.12, 0.26)
    black = color < 0x404040 and max(color >> 16, color >> 8 & 255, color & 255) < 50
    ink[INK["hair"]] = color
    ink[INK["hair_dark"]] = mix(color, WHITE, light * 0.5) if black else darker(color, deepness)
    ink[INK["hair_light"]] = mix(color, WHITE, light)
    ink[INK["hair_deep"]] = darker(color, deepness * deepness)
    if two:
        other = _away(
            dice, "hair", dice.one(("white", "red", "blue", "green", "purple", "pink")), color, skin
        )
        ink[INK["hair_deep"]] = other
        ink[INK["hair_dark"]] = mix(color, other, 0.5)
    ink[INK["scalp"]] = mix(skin, color, 0.5)
    beard = color
    if apart(beard, skin) < DISTINCT or dice.chance(0.15) or plan.hair is None:
        beard = _away(dice, "hair", BEARD, skin)
        if apart(beard, skin) < DISTINCT:
            beard = darker(skin, 0.45)
    ink[INK["beard"]] = beard
    ink[INK["beard_dark"]] = darker(beard, 0.75) if beard > 0x303030 else mix(beard, WHITE, 0.15)
    roots = beard if apart(beard, skin) > 150 else dice.one((BLACK, 0x303840))
    ink[INK["stubble"]] = mix(skin, roots, dice.between(*STUBBLE))
    if apart(ink[INK["stubble"]], skin) < FAINT:
        ink[INK["stubble"]] = darker(skin, 0.82)
    ink[INK["stubble_dark"]] = darker(ink[INK["stubble"]], 0.85)
    return color


def _ink_face(dice: Dice, plan: Plan, ink: list[int], skin: int, around: int) -> bool:
    ink[INK["pupil"]] = BLACK if dice.chance(0.92) else 0x201A18
    odd = plan.eye_color == "multicolor"
    iris = _away(dice, "eyes", dice.one(("brown", "blue")) if odd else plan.eye_color, skin)
    ink[INK["iris"]] = iris
    ink[INK["iris_right"]] = _away(dice, "eyes", dice.one(("green", "yellow", "red")), iris, skin)
    ink[INK["eye_white"]] = dice.one((WHITE, 0xF4F4F4, 0xE8EEF2))
    ink[INK["lid"]] = darker(skin, dice.between(0.5, 0.82))
    ink[INK["eye_skin"]] = darker(skin, dice.between(0.7, 0.9))
    ink[INK["brow"]] = mix(ink[INK["hair"]], BLACK, 0.25) if dice.chance(0.5) else darker(skin, 0.55)
    if apart(ink[INK["brow"]], skin) < 60:
        ink[INK["brow"]] = darker(skin, 0.5)
    ink[INK["shadow"]] = _away(dice, "basic", SHADOW, skin)
    bearded = plan.facial_hair in ("beard", "goatee", "stubble", "mustache")
    others = (skin, ink[INK["skin_dark"]], around) if bearded else (skin, ink[INK["skin_dark"]])
    lip = _lip_color(dice, plan.head.type, others)
    clear = all(apart(lip, other) >= DISTINCT for other in others)
    ink[INK["lip"]] = lip
    ink[INK["lip_dark"]] = darker(lip, 0.75) if lip > 0x202020 else 0x303030
    ink[INK["teeth"]] = 0xF4F4F0
    ink[INK["inside"]] = 0x300808
    return clear


def _lip_color(dice: Dice, kind: str, others: tuple[int, ...]) -> int:
    """Draw the lips' colour until it is distinct; the skin is the first of the others."""
    lip = 0
    for _ in range(TRIES):
        name = dice.of(LIPS_OF[kind])
        by_skin = name == SHADE_OF_SKIN
        lip = darker(others[0], dice.between(*LIP_SHADE)) if by_skin else _draw(dice, "lips", name)
        if all(apart(lip, other) >= DISTINCT for other in others):
            break
    return lip


def _ink_eyewear(dice: Dice, plan: Plan, ink: list[int], skin: int, pins: Pins) -> tuple[int, float]:
    choice = dice.of(FRAMES)
    if "frame_color" in pins:
        frame = _draw(dice, "basic", pins["frame_color"])
    elif choice == "any":
        frame = _away(dice, "basic", THING, skin)
    elif choice == "gold":
        frame = dice.one(GOLDS)
    else:
        frame = _away(dice, "basic", choice, skin)
    if plan.eyewear == "other" and "3d" in plan.eyewear_shape:
        frame = 0xF0F0F0
    if apart(frame, skin) < DISTINCT:
        frame = BLACK
    ink[INK["frame"]] = frame
    lens = BLACK if dice.chance(0.4) else _away(dice, "basic", THING, skin)
    if plan.eyewear == "sunglasses" and lens and dice.chance(0.6):
        lens = darker(lens, dice.between(0.3, 0.7))
    if apart(lens, skin) < DISTINCT or plan.eyewear_shape in SMALL_LENSES:
        lens = 0x181818
    ink[INK["lens"]] = lens
    ink[INK["lens_dark"]] = darker(lens, 0.6) if lens > 0x202020 else 0x2A2A2A
    ink[INK["glint"]] = WHITE
    pale = dice.one(PALE_LENSES)
    if apart(pale, skin) < DISTINCT:
        pale = 0x7FDCDC
    ink[INK["pale_lens"]], ink[INK["pale_dark"]] = pale, darker(pale, 0.86)
    ink[INK["red_lens"]] = dice.one((0xFF3030, 0xE02020, 0xFF5050))
    ink[INK["blue_lens"]] = dice.one((0x328DFD, 0x2060E0, 0x30C0F0))
    tint = _draw(dice, "basic", dice.of(THING)) if dice.chance(0.5) else 0xC8E8F0
    return tint, dice.between(0.18, 0.45)


def _ink_headwear(dice: Dice, plan: Plan, ink: list[int], near: tuple[int, ...], pins: Pins) -> None:
    hat = _away(dice, "basic", pins.get("hat_color", THING), *near)
    if dice.chance(HAIRLIKE_HAT) and "hat_color" not in pins:
        hat = _away(dice, "hair", dice.one(("black", "brown", "gray", "")), *near)
    ink[INK["hat"]] = hat
    ink[INK["hat_dark"]] = darker(hat, dice.between(0.62, 0.85)) if hat > 0x202020 else 0x242424
    ink[INK["hat_light"]] = mix(hat, WHITE, dice.between(0.25, 0.7))
    ink[INK["hat_black"]] = BLACK
    band = _away(dice, "basic", THING, hat)
    ink[INK["band"]] = band
    ink[INK["badge"]] = dice.one(GOLDS) if dice.chance(0.35) else _away(dice, "basic", THING, hat, band)
    ink[INK["badge_two"]] = _away(dice, "basic", THING, hat)
    if plan.headwear in ("crown", "tiara", "halo") and "hat_color" not in pins and dice.chance(0.75):
        _ink_metal(dice, ink, ("hat", "hat_light", "hat_dark"), near)


def _ink_metal(dice: Dice, ink: list[int], names: tuple[str, str, str], near: tuple[int, ...]) -> None:
    """Ink a jewel and its lighter and darker parts: gold, silver, or any colour if those do not show."""
    x = dice.number()
    color = dice.one(GOLDS) if x < 0.46 else dice.one(SILVERS) if x < 0.8 else -1
    if color < 0 or any(apart(color, other) < DISTINCT for other in near):
        color = _away(dice, "basic", THING, *near)
    ink[INK[names[0]]] = color
    ink[INK[names[1]]] = mix(color, WHITE, 0.45)
    ink[INK[names[2]]] = darker(color, 0.75) if color > 0x202020 else 0x383838


def _ink_clothes(dice: Dice, plan: Plan, ink: list[int], skin: int, pins: Pins) -> None:
    cloth = _away(dice, "basic", pins.get("clothing_color", THING), skin)
    if dice.chance(0.4):
        cloth = darker(cloth, dice.between(0.45, 0.9))
    ink[INK["cloth"]] = cloth
    dark = cloth < 0x303030
    ink[INK["cloth_dark"]] = mix(cloth, WHITE, 0.16) if dark else darker(cloth, dice.between(0.6, 0.85))
    ink[INK["cloth_light"]] = mix(cloth, WHITE, dice.between(0.3, 0.6))
    shirt = _draw(dice, "basic", dice.of(THING))
    ink[INK["shirt"]] = WHITE if dice.chance(0.6) else mix(shirt, WHITE, 0.6)
    if plan.neckwear != "none":
        _ink_metal(dice, ink, ("neckwear", "neckwear_light", "neckwear_dark"), (skin, cloth))
        ink[INK["gem"]] = ink[INK["gem"]] or _away(dice, "basic", THING, skin)
    if plan.neckwear == "tie":
        tie = _away(dice, "basic", THING, ink[INK["shirt"]], cloth)
        if dice.chance(DARK_TIE):
            tie = dice.one((0x0C0C0C, 0x1C1810, 0x20242C, 0x342619, 0x1C2440))
        ink[INK["neckwear"]] = tie
        ink[INK["neckwear_dark"]] = darker(tie, 0.7) if tie > 0x303030 else mix(tie, WHITE, 0.15)
    if plan.neckwear == "scarf":
        ink[INK["neckwear"]] = _away(dice, "basic", THING, cloth, skin)
        ink[INK["neckwear_dark"]] = (
            darker(ink[INK["neckwear"]], 0.75) if dice.chance(0.5) else _away(dice, "basic", THING, skin)
        )


def _ink_items(dice: Dice, ink: list[int], skin: int) -> None:
    ink[INK["paper"]] = dice.one((0xD8D8D8, 0xC6C6C6, 0xF4F4F4, 0xE8E0D0))
    ink[INK["ember"]] = dice.one((0xE25B26, 0xFF4020, 0xFF8030, 0xD01818))
    ink[INK["filter"]] = dice.one((0xC88A4A, 0xD8A060, 0x4C9A2A, 0x3D8F3D))
    ink[INK["wood"]] = dice.one((0x5A3010, 0x7A4A1C, 0x4A2A12, 0x855114, 0x3A2008))
    ink[INK["wood_dark"]] = darker(ink[INK["wood"]], 0.6)
    ink[INK["metal"]] = dice.one((0x5A5A5A, 0x303030, 0x404858, 0x2C2C34))
    ink[INK["lamp"]] = dice.one((0x2858B1, 0x30C0FF, 0x20D060, 0x8040F0))
    ink[INK["smoke"]] = dice.one((0xC6C6C6, 0xE0E0E0, 0xB0B0B8))
    mask = _away(dice, "basic", MASK, skin)
    ink[INK["mask"]] = mask if dice.chance(0.7) else _away(dice, "basic", THING, skin)
    ink[INK["mask_dark"]] = darker(mask, 0.8) if mask > 0x202020 else 0x2C2C2C


assert {*BASIC, ""} >= set(THING.values), "things have colours that have names"
assert all(set(LIPS) | {SHADE_OF_SKIN} >= set(table.values) for table in LIPS_OF.values()), "so have lips"
