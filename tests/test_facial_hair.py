"""Facial hair: which parts of the lower face are covered, and whether by shade or by hair."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import batch, draw
from punkdetect.detectors.facial_hair import FacialHair
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks, TraitColumn

Changes = dict[tuple[int, int], str]

LIP: Changes = {(16, 10): "ooooo"}
CHIN: Changes = {(18, 10): "ooooo", (19, 11): "ooo"}
JAW: Changes = {(row, 7): "oo" for row in range(14, 20)} | {(row, 9): "o" for row in range(15, 20)}
JAW |= {(row, 15): "o" for row in range(14, 20)}
FULL: Changes = {**JAW, (16, 9): "ooooooo", (17, 9): "oo", (17, 14): "oo", (18, 9): "ooooooo"}
FULL[(19, 9)] = "ooooooo"

BROWN, BLACK, WHITE, RED = (70, 40, 15, 255), (0, 0, 0, 255), (235, 235, 235, 255), (190, 70, 30, 255)
SHADE, GRAY = (170, 136, 98, 255), (150, 140, 130, 255)


def detect(*portraits: np.ndarray) -> TraitColumn:
    punks = Punks(batch(*portraits))
    return FacialHair().detect(punks, Landmarks(punks))


def facial_hair_of(changes: Changes, hair: tuple[int, int, int, int] = BROWN, **others: object) -> str | None:
    return detect(draw(changes, {"o": hair}, **others)).value(0)  # type: ignore[arg-type]


def test_a_bare_face_has_none() -> None:
    assert facial_hair_of({}) == "none"


HAIR = pytest.mark.parametrize("hair", [BROWN, BLACK, WHITE, RED], ids=["brown", "black", "white", "red"])


@HAIR
def test_hair_on_the_lip_alone_is_a_mustache(hair: tuple[int, int, int, int]) -> None:
    assert facial_hair_of(LIP, hair) == "mustache"


@HAIR
def test_hair_on_the_chin_is_a_goatee_with_or_without_the_lip(hair: tuple[int, int, int, int]) -> None:
    assert facial_hair_of(CHIN, hair) == "goatee"
    assert facial_hair_of({**CHIN, **LIP}, hair) == "goatee"


@HAIR
def test_hair_over_jaw_lip_and_chin_is_a_beard(hair: tuple[int, int, int, int]) -> None:
    assert facial_hair_of(FULL, hair) == "beard"


def test_whiskers_down_both_sides_of_the_jaw_are_a_beard() -> None:
    assert facial_hair_of(JAW) == "beard"


@pytest.mark.parametrize("lip", [{}, {(16, 10): "xxxxx"}], ids=["bare lip", "moustache"])
def test_shaded_cheeks_are_no_beard(lip: Changes) -> None:
    """Both sides of a narrow face are drawn in a shade of its skin, as is the neck right under the chin."""
    narrow: Changes = {(row, 7): "k" for row in range(14, 20)} | {(row, 15): "k" for row in range(14, 20)}
    cheeks: Changes = {(row, col): "o" for row in range(13, 19) for col in (8, 9, 13, 14)}
    portrait = draw({**narrow, **cheeks, (19, 9): "ooooo", (17, 11): "lll", **lip}, {"o": SHADE, "x": BLACK})
    assert detect(portrait).value(0) == ("mustache" if lip else "none")


def test_a_long_grey_beard_is_not_the_skin_of_the_face_over_it() -> None:
    beard: Changes = {(row, 6): "ooooooooooo" for row in range(16, 24)} | {(17, 11): "lll"}
    hair: Changes = {(row, col): "oo" for row in range(6, 16) for col in (5, 16)}
    assert facial_hair_of(beard | hair, (112, 116, 112, 255)) == "beard"


def test_goggles_are_not_the_skin_of_the_face_under_them() -> None:
    goggles: Changes = {(row, 6): "ggggggggggg" for row in range(9, 15)} | {(11, 8): "kkkkkkk"}
    hat: Changes = {(row, 5): "rrrrrrrrrrrrr" for row in range(4, 9)}
    assert detect(draw(goggles | hat, {"g": (150, 152, 160, 255), "r": RED})).value(0) == "none"


def test_the_corners_of_a_wide_smile_are_no_whiskers() -> None:
    smile: Changes = {(17, 9): "lllllll", (16, 9): "l", (16, 15): "l"}
    assert facial_hair_of(smile) == "none"


def test_stubble_on_grey_skin_may_have_a_tint() -> None:
    gray = (181, 181, 181, 255)
    for tint in ((147, 130, 137, 255), (126, 136, 126, 255)):
        assert detect(draw(FULL, {"o": tint, "s": gray})).value(0) == "stubble"
    assert detect(draw(FULL, {"o": BROWN, "s": gray})).value(0) == "beard"


@pytest.mark.parametrize("shade", [SHADE, GRAY], ids=["darker", "grayer"])
def test_a_shade_of_the_skin_over_jaw_and_lip_is_stubble(shade: tuple[int, int, int, int]) -> None:
    assert facial_hair_of(FULL, shade) == "stubble"


RING: Changes = {(16, 9): "ooooooo", (17, 9): "o", (17, 15): "o", (18, 9): "ooooooo", (19, 10): "ooooo"}
STRAP: Changes = {(row, col): "oo" for row in range(13, 18) for col in (7, 14)}
STRAP |= {(18, 7): "ooooooooo", (19, 7): "ooooooooo"}
HANDLEBAR: Changes = {(15, 15): "o", (16, 8): "oooooooo", (17, 8): "o", (17, 15): "o"}


@HAIR
def test_a_ring_around_the_mouth_with_skin_on_the_cheek_is_a_goatee(hair: tuple[int, int, int, int]) -> None:
    assert facial_hair_of(RING, hair) == "goatee"


def test_a_band_along_the_whole_jaw_is_a_beard_though_skin_shows_beside_the_mouth() -> None:
    assert facial_hair_of(STRAP) == "beard"


def test_a_wide_moustache_over_a_bare_chin_is_no_beard() -> None:
    assert facial_hair_of(HANDLEBAR) == "mustache"


def test_deep_gray_stubble_of_the_hue_of_a_light_skin_is_stubble() -> None:
    portrait = draw(FULL, {"s": (239, 214, 204, 255), "o": (136, 125, 121, 255)})
    assert detect(portrait).value(0) == "stubble"


def test_the_lighter_face_of_an_ape_is_no_beard() -> None:
    muzzle = {(row, 9): "zzzzzzz" for row in range(13, 20)} | {(15, 9): "zzzkzzz", (17, 9): "zzlllzz"}
    ape = draw(muzzle, {"s": (74, 58, 42, 255), "z": (138, 114, 88, 255), "l": (34, 28, 22, 255)})
    assert detect(ape).value(0) == "none"


@pytest.mark.parametrize("shift", [(-2, 0), (1, 1), (2, -1)])
def test_hair_is_found_wherever_the_face_lies(shift: tuple[int, int]) -> None:
    assert facial_hair_of(LIP, shift=shift) == "mustache"
    assert facial_hair_of(CHIN, shift=shift) == "goatee"
    assert facial_hair_of(FULL, shift=shift) == "beard"


@pytest.mark.parametrize(
    "mark",
    [{(18, 11): "lll"}, {(16, 10): "l"}, {(16, 15): "k"}, {(19, 10): "uuuuu"}],
    ids=["full lips", "smile", "mole", "shadow under the chin"],
)
def test_what_is_no_hair(mark: Changes) -> None:
    assert detect(draw(mark, {"u": (185, 148, 105, 255)})).value(0) == "none"


def test_long_hair_beside_the_jaw_is_no_beard() -> None:
    beside = {(row, col): "hhh" for row in range(8, 21) for col in (4, 16)}
    assert facial_hair_of(beside) == "none"


def test_behind_a_mask_nothing_is_seen_and_the_answer_is_less_sure() -> None:
    mask = {(row, 8): "mmmmmmm" for row in range(14, 20)}
    column = detect(draw(), draw(mask, {"m": (60, 110, 200, 255)}))
    assert [column.value(0), column.value(1)] == ["none", "none"]
    assert column.confidence[1] < column.confidence[0]


def test_a_picture_without_a_face_has_no_answer() -> None:
    assert detect(np.zeros((24, 24, 4), np.uint8)).value(0) is None


def test_the_evidence_is_the_hair_or_the_bare_skin_around_the_mouth() -> None:
    column = detect(draw(LIP, {"o": BROWN}), draw())
    assert column.evidence[0][16, 11:14].all()
    assert not column.evidence[0][18].any()
    assert column.evidence[1][16, 11:14].all()
    assert column.evidence[1][18, 11:14].all()
