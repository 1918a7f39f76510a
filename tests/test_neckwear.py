"""Neckwear: chains and chokers on the neck, ties on shirts, and the clothes that are none of them."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import batch, draw
from punkdetect.detectors.neckwear import NeckSigns
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks, TraitColumn

Changes = dict[tuple[int, int], str]

GOLD, SILVER, BLUE = (240, 200, 60, 255), (200, 205, 210, 255), (40, 90, 220, 255)

NECK: Changes = {(21, 6): "kssssk", (22, 6): "kssssk", (23, 6): "kssssk"}
"""A bare neck of four columns down to the bottom edge."""


def detect(*portraits: np.ndarray) -> TraitColumn:
    punks = Punks(batch(*portraits))
    return NeckSigns().detect(punks, Landmarks(punks))


def neckwear_of(changes: Changes, shift: tuple[int, int] = (0, 0), **colors: tuple[int, ...]) -> str | None:
    palette = {"g": GOLD, **colors}
    return detect(draw({**NECK, **changes}, palette, shift=shift)).value(0)  # type: ignore[arg-type]


CHAINS: dict[str, Changes] = {
    "level": {(22, 7): "gggg"},
    "slanted": {(21, 7): "g", (22, 8): "gg"},
    "V-shaped": {(21, 7): "g", (22, 8): "g", (21, 9): "g"},
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("color", [GOLD, SILVER, BLUE], ids=["gold", "silver", "blue"])
def test_a_thin_line_of_one_color_across_the_neck_is_a_necklace(
    chain: Changes, color: tuple[int, int, int, int]
) -> None:
    assert neckwear_of(chain, g=color) == "necklace"


@pytest.mark.parametrize("shift", [(-2, 0), (-1, 1), (0, 2)])
def test_a_chain_is_found_wherever_the_neck_lies(shift: tuple[int, int]) -> None:
    assert neckwear_of(CHAINS["V-shaped"], shift) == "necklace"
    assert neckwear_of({}, shift) == "none"


def test_a_black_band_around_a_neck_that_goes_on_below_is_a_choker() -> None:
    assert neckwear_of({(21, 7): "kkkk"}) == "necklace"


def test_a_bare_neck_wears_nothing() -> None:
    assert neckwear_of({}) == "none"


SHIRTS: dict[str, Changes] = {
    "down to the edge": {(22, 4): "gggggggg", (23, 4): "gggggggg"},
    "collar that goes on to the shoulders": {(22, 4): "gggggggg", (23, 4): "cccccccc"},
    "black shirt": {(22, 4): "kkkkkkkk", (23, 4): "kkkkkkkk"},
}


@pytest.mark.parametrize("shirt", SHIRTS.values(), ids=SHIRTS)
def test_clothes_are_no_necklace(shirt: Changes) -> None:
    assert neckwear_of(shirt) == "none"


TIES: dict[str, Changes] = {
    "one column in a closed collar": {(21, 7): "wwtww", (22, 6): "wwwtwww", (23, 5): "wwwwtwwww"},
    "two columns in an open collar": {(21, 6): "wwsswww", (22, 6): "wwwttwww", (23, 5): "wwwwttwwww"},
    "bow": {(21, 6): "wwssww", (22, 7): "wtttwc", (23, 5): "ccwwtwcc"},
    "half under a jacket": {(21, 6): "wwttkk", (22, 5): "cwwttwcc", (23, 4): "cccwtttccc"},
    "hanging aside below its knot": {(21, 6): "ccwtwcc", (22, 6): "ccwwtcc", (23, 6): "cccwtcc"},
}
SHIRT, TIE, JACKET = (240, 240, 244, 255), (150, 30, 40, 255), (40, 40, 60, 255)


@pytest.mark.parametrize("tie", TIES.values(), ids=TIES)
def test_a_narrow_strip_or_knot_on_a_paler_shirt_is_a_tie(tie: Changes) -> None:
    assert neckwear_of(tie, w=SHIRT, t=TIE, c=JACKET) == "tie"


NO_TIES: dict[str, Changes] = {
    "a jersey under an open shirt": {(21, 6): "wwsssww", (22, 6): "wwtttww", (23, 6): "wwtttww"},
    "one button": {(21, 6): "wwwwww", (22, 6): "wwwtwww", (23, 5): "wwwwwwwww"},
    "a dark jersey between the tips of a collar": {(21, 6): "wwwwww", (22, 6): "wttttw", (23, 5): "tttttttt"},
    "a white shirt in a dark jacket": {(21, 6): "ccwwcc", (22, 6): "ccwwcc", (23, 5): "cccwwccc"},
}


@pytest.mark.parametrize("clothes", NO_TIES.values(), ids=NO_TIES)
def test_what_else_lies_between_light_pixels_is_no_tie(clothes: Changes) -> None:
    assert neckwear_of(clothes, w=SHIRT, t=TIE, c=JACKET) == "none"


def test_the_evidence_is_the_tie() -> None:
    palette = {"w": SHIRT, "t": TIE, "c": JACKET}
    evidence = detect(draw({**NECK, **TIES["one column in a closed collar"]}, palette)).evidence[0]  # type: ignore[arg-type]
    assert np.argwhere(evidence).tolist() == [[21, 9], [22, 9], [23, 9]]


def test_two_pixels_on_the_neck_are_no_chain() -> None:
    assert neckwear_of({(22, 7): "gg"}) == "none"


def test_a_shadow_on_the_neck_is_no_chain() -> None:
    assert neckwear_of({(21, 7): "gggg"}, g=(205, 165, 118, 255)) == "none"


def test_the_evidence_is_the_chain() -> None:
    evidence = detect(draw({**NECK, **CHAINS["V-shaped"]}, {"g": GOLD})).evidence[0]
    found = set(zip(*(axis.tolist() for axis in np.nonzero(evidence)), strict=True))
    assert found == {(21, 7), (22, 8), (21, 9)}


def test_a_picture_without_a_face_has_no_answer() -> None:
    column = detect(np.zeros((24, 24, 4), np.uint8), draw())
    assert column.value(0) is None
    assert column.value(1) == "none"


BLOUSE, WOOL, PINK = (70, 120, 90, 255), (200, 60, 50, 255), (240, 90, 160, 255)

ON_CLOTHES: dict[str, tuple[str, Changes]] = {
    "a chain that hangs over a shirt": (
        "necklace",
        {(21, 5): "xgssssgx", (22, 3): "xxxxgssgxxxx", (23, 2): "xxxxxxggxxxxxx"},
    ),
    "a band across the neck": ("necklace", {(21, 6): "kggggk", (22, 6): "kssssk", (23, 3): "xxxxxxxxxxxx"}),
    "a tie in stripes": ("tie", {(21, 6): "wwtttww", (22, 5): "xwwwpwwwx", (23, 4): "xxwwtttwwxx"}),
    "a bow": ("tie", {(21, 6): "rssssr", (22, 4): "xxrrddrrxx", (23, 3): "xxxrwwwwrxxx"}),
    "a scarf over a shirt": (
        "scarf",
        {(20, 6): "krrrrrrk", (21, 5): "krrrrrrrrk", (22, 4): "xxrrrrrrrrxx", (23, 3): "xxxxxrrxxxxxx"},
    ),
    "a striped scarf on bare shoulders": (
        "scarf",
        {(20, 6): "krwrwrwk", (21, 6): "krwrwrwk", (22, 6): "krwrwrwk", (23, 6): "kkkrwkkk"},
    ),
    "flowers": ("other", {(21, 6): "rgwpsp", (22, 5): "xpwrgpwgx", (23, 4): "xxgrpwrgpxx"}),
}
COLORS_ON_CLOTHES = {
    "x": BLOUSE, "r": WOOL, "t": TIE, "w": SHIRT, "p": PINK, "g": GOLD, "d": (120, 20, 20, 255),
}  # fmt: skip


@pytest.mark.parametrize(("value", "changes"), ON_CLOTHES.values(), ids=ON_CLOTHES)
def test_what_has_a_colour_of_its_own_over_clothes_is_told_by_its_shape(value: str, changes: Changes) -> None:
    assert neckwear_of(changes, **COLORS_ON_CLOTHES) == value


ONLY_CLOTHES: dict[str, Changes] = {
    "a rim of the shirt": {(21, 5): "xyssssyx", (22, 3): "xxxyyyyxxxxx", (23, 2): "xxxxxxxxxxxxxx"},
    "a white shirt in a jacket": {(21, 5): "xwssssw", (22, 4): "xxwwwwwwxx", (23, 3): "xxxwwwwwwxxx"},
    "a shirt with cords": {(21, 4): "xxgssssgxx", (22, 3): "xxxgxxxxgxxx", (23, 3): "xxxgxxxxgxxx"},
    "light and shade on the neck": {(21, 7): "ulll", (22, 7): "ssss", (23, 3): "xxxxxxxxxxxx"},
    "a beard down to the collar": {
        (19, 7): "rrrrrrrr", (20, 7): "rrrrrrr", (21, 7): "rrrrrr", (22, 5): "xxrrrrxx", (23, 4): "xxxxxxx",
    },
    "checks": {(21, 4): "rwrwrwrwrw", (22, 3): "rwrwrwrwrwrw", (23, 3): "wrwrwrwrwrwr"},
}  # fmt: skip


@pytest.mark.parametrize("clothes", ONLY_CLOTHES.values(), ids=ONLY_CLOTHES)
def test_what_clothes_are_made_of_is_no_neckwear(clothes: Changes) -> None:
    colors = {
        **COLORS_ON_CLOTHES,
        "y": (50, 85, 64, 255),
        "u": (180, 146, 105, 255),
        "l": (232, 188, 136, 255),
    }
    assert neckwear_of(clothes, **colors) == "none"


def test_none_is_less_sure_where_something_under_the_chin_is_left_unsaid() -> None:
    bare, jacket = draw(NECK), draw({**NECK, **ONLY_CLOTHES["a white shirt in a jacket"]}, {"x": BLOUSE})
    confidence = detect(bare, jacket).confidence
    assert confidence[0] > 0.95 > confidence[1]
