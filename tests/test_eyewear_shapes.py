"""Eyewear on other heads and in other shapes: eyes near or far, lenses that meet, patches, goggles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from drawn_faces import FACE, draw
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks
from test_eyewear import COLORS, Changes, detect

if TYPE_CHECKING:
    import numpy as np

LETTERS = {
    **COLORS,
    "p": (74, 16, 110, 255),  # purple lens
    "y": (240, 190, 240, 255),  # its glint
    "o": (240, 110, 40, 255),  # bright frame
    "n": (20, 22, 28, 255),  # black cloth
    "N": (70, 74, 84, 255),  # its glint
    "a": (150, 225, 240, 255),  # pale blue lens
    "x": (190, 30, 40, 255),  # hat
}

NO_EYES: Changes = {(row, 9): "sssssss" for row in (10, 11, 12)}
"""A face without eyes, for eyes at other places."""

NEAR: Changes = NO_EYES | {(11, 9): "ew", (11, 13): "ew", (12, 9): "ew", (12, 13): "ew"}
FAR: Changes = NO_EYES | {(11, 8): "ew", (11, 14): "ew", (12, 8): "ew", (12, 14): "ew"}


def eyewear_of(changes: Changes, face: str = FACE) -> str | None:
    return detect(draw(changes, LETTERS, face=face)).value(0)


def eyes_of(portrait: np.ndarray) -> tuple[int, int]:
    face = Landmarks(Punks(portrait[None])).face
    return int(face.left_eye_col[0]), int(face.right_eye_col[0])


def glasses(left: int, right: int) -> Changes:
    """Draw square rims around two eyes, and a bridge over the nose in the row of the brows."""
    rims: Changes = {(10, left - 1): "f" * (right - left + 4)}
    for col in (left, right):
        rims |= {(row, at): "f" for row in (11, 12) for at in (col - 1, col + 2)} | {(13, col): "ff"}
    return rims


@pytest.mark.parametrize(("eyes", "left", "right"), [(NEAR, 9, 13), (FAR, 8, 14)], ids=["near", "far"])
def test_eyes_nearer_or_further_than_usual_are_found_behind_glasses(
    eyes: Changes, left: int, right: int
) -> None:
    portrait = draw(eyes | glasses(left, right), LETTERS)
    assert eyes_of(portrait) == (left, right)
    assert detect(portrait).value(0) == "glasses"


@pytest.mark.parametrize(("left", "right"), [(9, 13), (9, 14), (8, 14)])
def test_dark_lenses_with_the_same_glint_in_both_are_sunglasses_at_any_distance(
    left: int, right: int
) -> None:
    lenses: Changes = {(10, left - 1): "p" * (right - left + 4)}
    for col in (left, right):
        lenses |= {(11, col - 1): "ppyp", (12, col - 1): "pppp", (13, col): "pp"}
    assert eyewear_of(NO_EYES | lenses) == "sunglasses"


def test_lenses_that_meet_over_the_nose_and_end_apart_are_sunglasses_and_one_that_goes_on_is_other() -> None:
    bar: Changes = {(10, 7): "ppppppppppp", (11, 8): "nnnnnnnnn", (12, 8): "nnnnnnnnn"}
    assert eyewear_of(bar | {(13, 9): "nn", (13, 14): "nn"}) == "sunglasses"
    assert eyewear_of(bar | {(13, 8): "nnnnnnnnn"}) == "other"


def test_a_black_bar_with_a_glint_in_each_lens_is_sunglasses() -> None:
    bar: Changes = {(10, 7): "nnnnnnnnnnn", (11, 7): "nnyndnnynnn", (12, 7): "nnnnnnnnnnn"}
    assert eyewear_of(bar | {(11, 7): "nnynnnnynnn"}) == "sunglasses"


@pytest.mark.parametrize("other", ["left", "right"])
def test_round_lenses_that_share_a_rim_are_glasses_without_a_bridge(other: str) -> None:
    rims: Changes = {}
    side = -1 if other == "left" else 2
    for col in (9, 13):
        rims |= {(9, col): "oo", (13, col): "oo"}
        rims |= {(row, col + side): "o" for row in (10, 11, 12)}
    brows_shaved: Changes = {(10, 9): "ss", (10, 13): "ss"}
    assert eyewear_of(NEAR | brows_shaved | rims) == "glasses"


@pytest.mark.parametrize(
    "lower",
    [{(13, 9): "oo", (13, 13): "oo"}, {(row, 8): "o" for row in (10, 11, 12)}],
    ids=["under", "one side"],
)
def test_paint_over_and_under_or_beside_the_eyes_is_no_ring(lower: Changes) -> None:
    assert eyewear_of(NEAR | {(9, 9): "oo", (9, 13): "oo"} | lower) == "none"


@pytest.mark.parametrize(
    "patch",
    [
        {(10, 13): "nnnn", (11, 13): "nNnn", (12, 13): "nnnn", (13, 14): "nn"},  # with a glint
        {
            (11, 8): "nnnn",
            (12, 8): "nnnn",
            (13, 8): "nnnn",
            (14, 9): "nnn",
            (10, 11): "n",
            (9, 12): "n",
        },  # strap
        {(11, 13): "nnn", (12, 13): "nnn", (13, 13): "nnn"},
    ],
    ids=["glint", "large with strap", "small"],
)
def test_a_patch_on_one_eye_is_other_eyewear(patch: Changes) -> None:
    assert eyewear_of(patch) == "other"


@pytest.mark.parametrize(
    "changes",
    [
        {(row, 12): "nnnn" for row in (8, 9, 10, 11, 12, 13)},  # a strand of black hair from above
        {(row, 13): "hhh" for row in (8, 9, 10, 11, 12, 13, 14, 15, 16)},
        {(row, 7): "nnnnnnnnn" for row in (13, 14, 15, 16, 17, 18)},  # a mask under the eyes
    ],
    ids=["strand", "curtain", "mask"],
)
def test_hair_over_an_eye_and_a_mask_under_both_are_no_patch(changes: Changes) -> None:
    assert eyewear_of(changes) == "none"


@pytest.mark.parametrize("frame", ["w", "n"])
def test_a_red_lens_beside_a_blue_one_is_other_eyewear_whatever_the_frame(frame: str) -> None:
    rows = {
        10: "fffffffffff",
        11: "frrfffbbfff".replace("b", "u"),
        12: "frrfffbbfff".replace("b", "u"),
        13: "fffffffffff",
    }
    changes: Changes = {(row, 7): text.replace("f", frame) for row, text in rows.items()}
    assert eyewear_of(changes) == "other"


def test_goggles_with_one_clear_lens_are_other_eyewear_though_the_eyes_are_seen() -> None:
    goggles: Changes = {
        (10, 8): "kkkkkkkkk", (11, 7): "kaaaaaaaaak", (12, 7): "kaewaaaewak", (13, 7): "kaaaaaaaaak",
        (14, 8): "kkkkkkkkk",
    }  # fmt: skip
    assert eyewear_of(goggles) == "other"
    notched: Changes = {(14, 8): "aaaakaaaa", (15, 8): "kkkkkkkkk"}
    assert eyewear_of(goggles | notched) == "other"


def test_a_hat_down_to_the_eyes_is_no_frame() -> None:
    hat: Changes = {(row, 7): "xxxxxxxxx" for row in (7, 8, 9)} | {(10, 7): "nnnnnnnnn"}
    assert eyewear_of(hat) == "none"


FRINGE: Changes = {(row, 7): "hhhhhhhhh" for row in (7, 8, 9, 10)}
NOSE: Changes = {(14, 12): "k", (15, 12): "s"}


def test_lenses_a_row_lower_than_brows_and_fringe_seem_to_say_are_found_by_their_bridge() -> None:
    lenses: Changes = {(11, 8): "nnnnsnnnn", (12, 8): "nnnnnnnnn", (13, 8): "nnnnsnnnn"}
    portrait = draw(NO_EYES | FRINGE | NOSE | lenses, LETTERS)
    assert int(Landmarks(Punks(portrait[None])).face.eye_row[0]) == 11
    assert detect(portrait).value(0) == "sunglasses"


def test_round_dark_lenses_with_a_slanting_glint_are_sunglasses() -> None:
    lenses: Changes = {(11, 8): "sNns", (11, 13): "sNns", (12, 8): "nnNnnnnNn", (13, 9): "nn", (13, 14): "nn"}
    assert eyewear_of(NO_EYES | lenses) == "sunglasses"


def test_black_rims_around_eyes_of_one_pixel_are_glasses_and_no_dark_bar() -> None:
    rims: Changes = {(row, col): "nnn" for row in (11, 14) for col in (8, 12)}
    rims |= {(12, 8): "nannnannn", (13, 8): "nsnsnsn"}
    assert eyewear_of(NO_EYES | rims) == "glasses"


def test_lenses_without_an_upper_rim_or_a_bridge_are_glasses() -> None:
    rims: Changes = {(row, col): "f" for row in (11, 12, 13) for col in (8, 11, 16)}
    rims |= {(14, 9): "ff", (14, 14): "ff", (13, 9): "ss", (13, 14): "ss"}
    assert eyewear_of(rims) == "glasses"
    assert eyewear_of({(14, 9): "ff", (14, 14): "ff"}) == "none"


def test_a_patch_is_told_from_lenses_by_the_skin_around_the_other_eye() -> None:
    patch: Changes = {(11, 9): "nnnnnnn", (12, 12): "nnnn", (13, 12): "nnnn", (10, 14): "ss"}
    assert eyewear_of(patch | {(10, 9): "ss", (12, 9): "aw"}) == "other"
    lens: Changes = {(12, 8): "nnn", (13, 8): "nnn"}
    assert eyewear_of(patch | lens | {(10, 9): "ss"}) == "sunglasses"


@pytest.mark.parametrize("notch", ["n", "s"])
def test_a_domino_mask_is_other_eyewear_and_rims_with_skin_in_them_are_glasses(notch: str) -> None:
    mask: Changes = {(11, 6): "nnnnnnnnnnn", (12, 6): "nnnawnnnawn", (13, 6): "nnnnnn" + notch + "nnnn"}
    assert eyewear_of(mask | {(10, 7): "sssssssss"}) == "other"
    rims: Changes = {(10, 8): "xxxxxxxxx", (13, 8): "xxxx", (13, 13): "xxxx"}
    rims |= {(row, col): "x" for row in (11, 12) for col in (8, 11, 13, 16)}
    assert eyewear_of(rims | {(12, 9): "ss", (12, 14): "ss"}) == "glasses"


def test_clear_goggles_are_told_by_a_frame_that_closes_around_both_eyes() -> None:
    frame: Changes = {(9, 7): "ooooooooo", (13, 7): "ooooooooo"}
    frame |= {(row, col): "o" for row in (10, 11, 12) for col in (7, 8, 16)}
    sides: Changes = {(row, 16): "o" for row in range(9, 14)}
    assert eyewear_of(frame | sides) == "other"
    assert eyewear_of(sides | {(9, 7): "ooooooooo", (10, 7): "oo", (11, 7): "oo", (12, 7): "oo"}) == "none"


def test_a_visor_with_a_glint_on_one_side_is_other_eyewear() -> None:
    visor: Changes = {(10, 7): "nnnnnnnnn"} | {(row, 7): "NNNNNNNNN" for row in (11, 12, 13)}
    assert eyewear_of(visor | {(13, 14): "y", (14, 7): "NNNNNNNNN"}) == "other"


def test_lenses_that_cover_the_nose_but_show_one_glint_twice_are_sunglasses() -> None:
    lenses: Changes = {(row, 7): "nnnnnnnnn" for row in (11, 12, 13)}
    assert eyewear_of(lenses | {(12, 9): "N", (12, 14): "N", (11, 10): "N", (11, 15): "N"}) == "sunglasses"
