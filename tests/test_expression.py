"""The expression: one pixel at the corner of the mouth decides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from drawn_faces import batch, draw
from punkdetect.detectors.expression import MouthCurvature
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks, TraitColumn

Changes = dict[tuple[int, int], str]


def detect(*portraits: np.ndarray) -> TraitColumn:
    punks = Punks(batch(*portraits))
    return MouthCurvature().detect(punks, Landmarks(punks))


def expression_of(portrait: np.ndarray) -> str | None:
    return detect(portrait).value(0)


def test_a_plain_bar_is_neutral() -> None:
    assert expression_of(draw()) == "neutral"


@pytest.mark.parametrize(
    "corner", [(16, 10), (16, 11), (16, 13), (16, 14)], ids=["outside left", "left", "right", "outside right"]
)
def test_one_pixel_above_an_end_of_the_bar_is_a_smile(corner: tuple[int, int]) -> None:
    assert expression_of(draw({corner: "l"})) == "smile"


@pytest.mark.parametrize(
    "corner", [(18, 10), (18, 11), (18, 13), (18, 14)], ids=["outside left", "left", "right", "outside right"]
)
def test_one_pixel_below_an_end_of_the_bar_is_a_frown(corner: tuple[int, int]) -> None:
    assert expression_of(draw({corner: "l"})) == "frown"


def test_both_corners_make_a_smile_too() -> None:
    assert expression_of(draw({(16, 10): "l", (16, 14): "l"})) == "smile"


@pytest.mark.parametrize("bar", ["lll", "llll"])
def test_the_corner_of_a_longer_bar_is_at_its_own_end(bar: str) -> None:
    outside = 11 + len(bar)
    assert expression_of(draw({(17, 11): bar, (16, outside): "l"})) == "smile"
    assert expression_of(draw({(17, 10): "l", (17, 11): bar, (16, 9): "l"})) == "smile"
    assert expression_of(draw({(17, 10): "l", (17, 11): bar})) == "neutral"


@pytest.mark.parametrize("shift", [(-1, 0), (1, 1), (2, -1), (-2, 2)])
def test_the_corner_is_found_wherever_the_face_lies(shift: tuple[int, int]) -> None:
    assert expression_of(draw({(16, 10): "l"}, shift=shift)) == "smile"
    assert expression_of(draw({(18, 10): "l"}, shift=shift)) == "frown"
    assert expression_of(draw(shift=shift)) == "neutral"


def test_a_mirrored_smile_is_a_smile() -> None:
    assert expression_of(draw({(16, 10): "l"})[:, ::-1]) == "smile"


@pytest.mark.parametrize(
    "lips",
    [(0, 0, 0, 255), (200, 20, 40, 255), (109, 161, 209, 255), (190, 150, 110, 255)],
    ids=["black", "red", "blue", "faint"],
)
def test_the_color_of_the_lips_does_not_matter(lips: tuple[int, int, int, int]) -> None:
    assert expression_of(draw({(16, 10): "l"}, {"l": lips})) == "smile"
    assert expression_of(draw({(18, 10): "l"}, {"l": lips})) == "frown"
    assert expression_of(draw(colors={"l": lips})) == "neutral"


@pytest.mark.parametrize("mole", [(16, 10), (15, 9), (16, 8), (18, 14)])
def test_a_mole_of_another_color_is_no_smile_even_where_it_touches(mole: tuple[int, int]) -> None:
    assert expression_of(draw({mole: "k"})) == "neutral"


@pytest.mark.parametrize("mole", [(15, 9), (16, 8), (18, 8), (16, 9)])
def test_a_dark_mole_that_does_not_touch_a_dark_mouth_is_no_smile(mole: tuple[int, int]) -> None:
    black = {"l": (0, 0, 0, 255)}
    assert expression_of(draw({mole: "l"}, black)) == "neutral"


def test_a_moustache_in_the_color_of_the_mouth_is_no_smile() -> None:
    black = {"l": (0, 0, 0, 255)}
    assert expression_of(draw({(16, 10): "lllll"}, black)) == "neutral"


def test_full_lips_of_two_rows_are_neutral_and_smile_by_their_upper_row() -> None:
    assert expression_of(draw({(18, 11): "lll"})) == "neutral"
    assert expression_of(draw({(18, 11): "lll", (16, 10): "l"})) == "smile"
    assert expression_of(draw({(18, 11): "lll", (19, 10): "l"})) == "frown"


def test_a_wider_upper_lip_is_no_smile() -> None:
    assert expression_of(draw({(16, 10): "lllll"})) == "neutral"


BEARD: Changes = {(row, 7): "hhhhhhhhh" for row in (16, 18, 19)} | {(17, 7): "hhhhlllhh"}


def test_the_corners_of_an_open_mouth_have_the_color_of_its_lips() -> None:
    inside = {"i": (40, 8, 8, 255)}
    mouth = {(17, 10): "liiil"}
    assert expression_of(draw(mouth, inside)) == "neutral"
    assert expression_of(draw({**mouth, (16, 9): "l"}, inside)) == "smile"
    assert expression_of(draw({**mouth, (18, 15): "l"}, inside)) == "frown"


def test_a_tooth_in_or_under_the_bar_changes_nothing() -> None:
    for tooth in ((17, 12), (18, 12)):
        assert expression_of(draw({tooth: "w"})) == "neutral"
        assert expression_of(draw({tooth: "w", (16, 10): "l"})) == "smile"


def test_a_smile_is_seen_in_a_beard() -> None:
    assert expression_of(draw(BEARD)) == "neutral"
    assert expression_of(draw(BEARD | {(16, 7): "hhhlhhhhh"})) == "smile"


def test_the_upper_edge_of_a_beard_in_the_color_of_the_lips_is_no_smile() -> None:
    shade = {(row, 7): "ddddddddd" for row in (17, 18, 19)} | {(17, 7): "ddddllldd"}
    lips = {"d": (190, 140, 100, 255), "l": (150, 80, 80, 255)}
    assert expression_of(draw(shade, lips)) == "neutral"
    assert expression_of(draw(shade | {(16, 10): "l"}, lips)) == "smile"


CIGARETTE: Changes = {(16, 14): "kkkkkkk", (17, 14): "wwwwwwk", (18, 14): "kkkkkkk"}
PIPE: Changes = {
    (18, 13): "kpk",
    (19, 14): "kpkkpppk",
    (20, 15): "kpppppk",
    (21, 16): "kppppk",
    (22, 17): "kkkk",
}


@pytest.mark.parametrize("item", [CIGARETTE, PIPE], ids=["cigarette", "pipe"])
@pytest.mark.parametrize("lips", [(0, 0, 0, 255), (180, 90, 90, 255)], ids=["black", "red"])
def test_what_is_smoked_is_neither_smile_nor_frown(item: Changes, lips: tuple[int, int, int, int]) -> None:
    colors = {"p": (133, 81, 20, 255), "l": lips}
    assert expression_of(draw(item, colors)) == "neutral"
    assert expression_of(draw({**item, (16, 10): "l"}, colors)) == "smile"
    assert expression_of(draw({**item, (18, 10): "l"}, colors)) == "frown"


@pytest.mark.parametrize("cloth", [(230, 230, 235, 255), (60, 110, 200, 255)], ids=["paper", "blue cloth"])
def test_a_mask_over_nose_and_mouth_hides_the_expression(cloth: tuple[int, int, int, int]) -> None:
    mask = {(row, 8): "mmmmmmm" for row in range(14, 20)}
    assert expression_of(draw(mask, {"m": cloth})) == "hidden"


def test_no_face_has_no_expression() -> None:
    column = detect(np.zeros((24, 24, 4), np.uint8), draw())
    assert column.value(0) is None
    assert not column.evidence[0].any()
    assert column.value(1) == "neutral"


def test_the_evidence_is_the_mouth_with_its_corner() -> None:
    column = detect(draw(), draw({(16, 10): "l"}), draw({(18, 14): "l"}))
    bar = {(17, 11), (17, 12), (17, 13)}
    expected = [bar, bar | {(16, 10)}, bar | {(18, 14)}]
    assert [
        set(zip(*(axis.tolist() for axis in np.nonzero(e)), strict=True)) for e in column.evidence
    ] == expected


def test_a_corner_that_cannot_be_seen_in_a_black_beard_lowers_the_confidence() -> None:
    black_beard = {(row, 7): "kkkkkkkkk" for row in (16, 18, 19)} | {(17, 7): "kkkklllkk"}
    column = detect(draw(), draw(black_beard))
    assert [column.value(0), column.value(1)] == ["neutral", "neutral"]
    assert column.confidence[1] < column.confidence[0]


def test_noise_of_a_few_units_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    portraits = [draw({(16, 10): "l"}), draw(), draw({(18, 10): "l"})] * 20
    noisy = []
    for portrait in portraits:
        moved = portrait.astype(int)
        moved[..., :3] += rng.integers(-3, 4, (24, 24, 3))
        noisy.append(np.clip(moved, 0, 255).astype(np.uint8))
    column = detect(*noisy)
    assert [column.value(i) for i in range(60)] == ["smile", "neutral", "frown"] * 20


def test_answers_do_not_depend_on_the_batch() -> None:
    portraits = [draw(), draw({(16, 10): "l"}), np.zeros((24, 24, 4), np.uint8), draw(BEARD), draw(CIGARETTE)]
    whole = detect(*portraits)
    for i, portrait in enumerate(portraits):
        single = detect(portrait)
        assert single.codes[0] == whole.codes[i]
        assert single.confidence[0] == whole.confidence[i]
        assert np.array_equal(single.evidence[0], whole.evidence[i])


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.uint8, (2, 24, 24, 4), elements=st.sampled_from([0, 30, 90, 180, 255])))
def test_any_pixels_give_an_answer_or_none(rgba: np.ndarray) -> None:
    column = detect(*rgba)
    assert ((column.confidence > 0) == (column.codes >= 0)).all()


@pytest.mark.parametrize("shift", [(0, 0), (-1, 1)])
def test_a_mouth_of_five_is_the_mouth_and_not_the_outline_of_the_chin(shift: tuple[int, int]) -> None:
    chin = {(19, 6): "ksssskkkkkk", (20, 6): "kssk......."}
    assert expression_of(draw({**chin, (17, 10): "lllll"}, shift=shift)) == "neutral"
    assert expression_of(draw({**chin, (17, 10): "lllll", (16, 15): "l"}, shift=shift)) == "smile"


def test_a_smile_over_a_long_tuft_under_a_mouth_of_ink_is_seen() -> None:
    tuft = {(17, 11): "kkk", (18, 11): "ooo", (19, 11): "ooo", (20, 12): "o"}
    orange = {"o": (240, 128, 30, 255)}
    assert expression_of(draw({**tuft, (16, 10): "k"}, orange)) == "smile"
    assert expression_of(draw(tuft, orange)) == "neutral"


def test_a_mouth_under_goggles_that_hide_eyes_and_nose_is_found() -> None:
    goggles = {(8, 6): "kkkkkkkkkk", (15, 6): "kkkkkkkkkk"}
    goggles |= {(row, 6): "kvvvvvvvuk" for row in range(9, 15)} | {(9, 6): "kvvvvvvvuk"}
    colors = {"v": (58, 63, 74, 255), "u": (58, 208, 240, 255), "s": (107, 63, 32, 255), "l": (0, 0, 0, 255)}
    assert expression_of(draw({**goggles, (15, 11): "sssss"}, colors)) == "neutral"


def test_a_smile_over_a_tuft_of_beard_on_the_chin_is_seen() -> None:
    tuft = {(18, 11): "hhh", (19, 11): "hhh"}
    assert expression_of(draw({**tuft, (16, 10): "l"})) == "smile"
    assert expression_of(draw(tuft)) == "neutral"


def test_a_lowered_corner_whose_own_corner_touches_the_jaw_is_a_frown() -> None:
    ink = {"l": (0, 0, 0, 255)}
    jaw = {(18, 6): ".ksssssssk.", (19, 6): "..kssssskk.", (20, 6): "..kssk....."}
    assert expression_of(draw({**jaw, (17, 10): "llll", (18, 9): "l"}, colors=ink)) == "frown"
    assert expression_of(draw({**jaw, (17, 10): "llll"}, colors=ink)) == "neutral"
