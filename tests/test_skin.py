"""The skin: the colour that shows where faces show skin, not what frames, covers or decorates them."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import COLORS, batch, draw
from punkdetect.landmarks import Landmarks, Skin
from punkdetect.punks import Punks

SKIN = COLORS["s"][:3]
LONG_HAIR = {(row, 4): "hhhhh" for row in range(8, 22)} | {(row, 14): "hhhhh" for row in range(8, 22)}
OVER_EYES = {(8, 7): "hhhhhhhhh", (9, 7): "hhhhhhhhh"}


def skin_of(*portraits: np.ndarray) -> Skin:
    return Landmarks(Punks(batch(*portraits))).skin


@pytest.mark.parametrize("hair", [(74, 44, 24, 255), (236, 122, 28, 255), (143, 150, 214, 255)])
def test_hair_that_frames_a_narrow_face_is_not_its_skin(hair: tuple[int, int, int, int]) -> None:
    skin = skin_of(draw(LONG_HAIR | OVER_EYES, {"h": hair}))
    assert tuple(skin.rgb[0]) == SKIN
    assert skin.mask[0, 14, 10]
    assert not skin.mask[0, 14, 5]


def test_a_mask_over_mouth_and_cheeks_is_not_the_skin() -> None:
    mask = {(row, 7): "mmmmmmmmm" for row in range(15, 20)}
    assert tuple(skin_of(draw(mask, {"m": (168, 220, 240, 255)})).rgb[0]) == SKIN


def test_a_mask_up_to_the_nose_is_not_the_skin_that_is_seen_around_the_eyes_and_at_the_ears() -> None:
    mask = {(row, 7): "mmmmmmmmm" for row in range(13, 21)}
    shaded_neck = {(21, 7): "nnn", (22, 7): "nnn"}
    ears = {(row, col): "s" for row in (11, 12, 13) for col in (5, 16)}
    colors = {"m": (180, 147, 211, 255), "n": (192, 138, 108, 255)}
    fringe = {(row, 7): "hhhhhhhhh" for row in (8, 9)} | {(9, 9): "sss"}
    assert tuple(skin_of(draw(mask | shaded_neck | ears | fringe, colors)).rgb[0]) == SKIN


def test_the_front_of_goggles_is_not_the_skin() -> None:
    goggles = {(row, 7): "ggggggggg" for row in range(10, 14)}
    assert tuple(skin_of(draw(goggles, {"g": (244, 244, 244, 255)})).rgb[0]) == SKIN


def test_black_is_skin_only_where_nothing_else_is() -> None:
    assert tuple(skin_of(draw(colors={"h": (0, 0, 0, 255)})).rgb[0]) == SKIN


def test_without_a_face_there_is_no_skin() -> None:
    skin = skin_of(np.zeros((24, 24, 4), np.uint8))
    assert not skin.found[0]
    assert not skin.mask.any()


def test_a_domino_mask_under_a_hat_is_not_the_skin_that_goes_on_below_it() -> None:
    hat = {(row, 6): "mmmmmmmmmmm" for row in range(5, 10)}
    domino = {(row, 7): "ggggggggg" for row in (10, 11, 12)} | {(12, 9): "we", (12, 14): "we"}
    colors = {"m": (60, 60, 66, 255), "g": (180, 30, 40, 255)}
    assert tuple(skin_of(draw(hat | domino, colors)).rgb[0]) == SKIN


def test_stubble_over_all_of_the_lower_face_is_not_the_skin_that_is_lighter_around_the_eyes() -> None:
    hat = {(row, 6): "mmmmmmmmmmm" for row in range(5, 10)}
    stubble = {(row, 7): "ttttttttt" for row in range(13, 20)} | {(15, 12): "k", (17, 11): "lll"}
    neck = {(20, 7): "tt", (21, 7): "tt"}
    for shade, skin in (((214, 129, 95, 255), SKIN), ((170, 120, 80, 255), SKIN)):
        portrait = draw(hat | stubble | neck, {"m": (60, 60, 66, 255), "t": shade})
        assert tuple(skin_of(portrait).rgb[0]) == skin
