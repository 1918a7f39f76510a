"""The type: painted lips and the step of the outline under the mouth tell the narrower head."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import batch, draw
from punkdetect.detectors.type import BaseHead
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks, TraitColumn

STEP = (19, 10)
NARROW = {STEP: "kkkkkk", (20, 9): "ksss", (20, 10): "kkkkkk"}
HAIR = {"o": (70, 40, 15, 255)}


def detect(*portraits: np.ndarray) -> TraitColumn:
    punks = Punks(batch(*portraits))
    return BaseHead().detect(punks, Landmarks(punks))


def test_a_plain_wide_head_is_male() -> None:
    assert detect(draw()).value(0) == "male"


def test_an_outline_that_steps_in_under_the_mouth_is_female() -> None:
    assert detect(draw({STEP: "k"})).value(0) == "female"


@pytest.mark.parametrize("shift", [(-2, 0), (2, 0), (0, -2), (1, 1)])
def test_the_step_is_found_wherever_the_head_lies(shift: tuple[int, int]) -> None:
    column = detect(draw({STEP: "k"}, shift=shift), draw(shift=shift))
    assert [column.value(0), column.value(1)] == ["female", "male"]


@pytest.mark.parametrize(
    ("skin", "line"),
    [
        ((60, 35, 20, 255), (0, 0, 0, 255)),
        ((240, 220, 205, 255), (60, 30, 25, 255)),
        ((120, 170, 110, 255), (10, 20, 10, 255)),
    ],
    ids=["dark skin", "brown line on light skin", "green skin"],
)
def test_the_colors_of_skin_and_line_do_not_matter(
    skin: tuple[int, int, int, int], line: tuple[int, int, int, int]
) -> None:
    colors = {"s": skin, "k": line, "l": (110, 80, 60, 255)}
    column = detect(draw({STEP: "k"}, colors), draw(colors=colors))
    assert [column.value(0), column.value(1)] == ["female", "male"]


def test_a_shadow_under_the_mouth_is_no_step() -> None:
    assert detect(draw({STEP: "u"}, {"u": (190, 150, 105, 255)})).value(0) == "male"


@pytest.mark.parametrize("part", [(16, 11), (18, 11)], ids=["mustache", "goatee"])
def test_hair_on_lip_or_chin_speaks_for_the_wider_head(part: tuple[int, int]) -> None:
    column = detect(draw({STEP: "k", part: "ooo"}, HAIR))
    assert column.value(0) == "male"


@pytest.mark.parametrize(
    ("lips", "skin", "value"),
    [
        ((200, 50, 70, 255), (219, 177, 128, 255), "female"),
        ((138, 28, 58, 255), (111, 174, 90, 255), "female"),
        ((150, 100, 75, 255), (219, 177, 128, 255), "male"),
        ((90, 90, 90, 255), (111, 174, 90, 255), "male"),
    ],
    ids=["red", "red on green skin", "a shade of the skin", "grey on green skin"],
)
def test_painted_lips_are_female(
    lips: tuple[int, int, int, int], skin: tuple[int, int, int, int], value: str
) -> None:
    column = detect(draw(colors={"l": lips, "s": skin}))
    assert column.value(0) == value
    assert bool(column.evidence[0, 17, 11:14].all()) == (value == "female")


def test_a_beard_around_red_lips_is_male() -> None:
    column = detect(draw({(16, 11): "ooo", (18, 11): "ooo"}, HAIR | {"l": (200, 50, 70, 255)}))
    assert column.value(0) == "male"


def test_makeup_on_full_lips_is_no_beard() -> None:
    assert detect(draw({STEP: "k", (18, 11): "lll"})).value(0) == "female"


def test_behind_a_mask_the_answer_is_doubtful() -> None:
    mask = {(row, 8): "mmmmmmm" for row in range(14, 20)}
    column = detect(draw(), draw({STEP: "k"}), draw(mask, {"m": (60, 110, 200, 255)}))
    assert column.confidence[2] < column.confidence[1]


def test_a_picture_without_a_face_has_no_type() -> None:
    column = detect(np.zeros((24, 24, 4), np.uint8))
    assert column.value(0) is None
    assert not column.evidence.any()


def test_the_evidence_is_the_step_with_its_neighbours() -> None:
    evidence = detect(draw({STEP: "k"})).evidence[0]
    assert evidence[STEP]
    assert evidence.sum() == 3


def test_a_mirrored_head_is_the_same_head() -> None:
    mirrored = [portrait[:, ::-1] for portrait in (draw(), draw({STEP: "k"}))]
    assert [detect(portrait).value(0) for portrait in mirrored] == ["male", "female"]
