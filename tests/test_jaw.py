"""The lower face: what counts as drawn over lip, corners, chin and jaw, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import batch, draw
from punkdetect.landmarks import Jaw, Landmarks
from punkdetect.punks import Punks

Changes = dict[tuple[int, int], str]

COLORS = {
    "d": (165, 132, 96, 255),
    "o": (70, 40, 15, 255),
    "u": (200, 160, 115, 255),
}
"""A shade of the skin, brown hair, a shadow."""

LIP: Changes = {(16, 11): "ooo"}
CORNERS: Changes = {(row, col): "o" for row in (17, 18) for col in (10, 14)}
CHIN: Changes = {(18, 10): "ooooo"}
CHIN_TIP: Changes = {(19, 11): "ooo"}
SIDES: Changes = {(16, 9): "o", (17, 9): "o", (15, 15): "o", (16, 15): "o", (17, 15): "o"}
PARTS = {"lip": LIP, "corners": CORNERS, "chin": CHIN, "chin_tip": CHIN_TIP}
TOUCHED = {"chin": {"chin": 1.0, "corners": 0.5}}
"""Hair on the chin is as wide as a mouth with both its corners: three pixels under a bar are another bar."""


def find(*portraits: np.ndarray) -> Jaw:
    return Landmarks(Punks(batch(*portraits))).jaw


def face(*changes: Changes, **colors: tuple[int, int, int, int]) -> np.ndarray:
    together: Changes = {}
    for some in changes:
        together |= some
    return draw(together, {**COLORS, **colors})


def shares(jaw: Jaw) -> dict[str, float]:
    """What is covered of each part of the first portrait, bare parts left out."""
    parts = {name: float(getattr(jaw, name)[0]) for name in (*PARTS, "left", "right")}
    return {name: share for name, share in parts.items() if share}


def places(mask: np.ndarray) -> set[tuple[int, int]]:
    return set(zip(*(axis.tolist() for axis in np.nonzero(mask)), strict=True))


def test_a_bare_face_is_covered_nowhere() -> None:
    jaw = find(face())
    assert shares(jaw) == {}
    assert not jaw.cover.any()


@pytest.mark.parametrize("part", PARTS)
def test_hair_is_seen_on_the_part_that_it_covers_and_on_no_other(part: str) -> None:
    assert shares(find(face(PARTS[part]))) == TOUCHED.get(part, {part: 1.0})


def test_hair_on_both_sides_of_the_jaw_is_seen_on_each() -> None:
    assert shares(find(face(SIDES))) == {"left": 1.0, "right": 1.0}


def test_a_part_that_is_half_covered_has_a_share() -> None:
    assert shares(find(face({(16, 11): "o"}))) == {"lip": pytest.approx(1 / 3)}


@pytest.mark.parametrize("shift", [(-2, 0), (1, -1), (2, 1)])
def test_parts_are_found_wherever_the_face_lies(shift: tuple[int, int]) -> None:
    moved = draw({**LIP, **CHIN}, COLORS, shift=shift)
    jaw = find(moved)
    assert shares(jaw) == {"lip": 1.0, **TOUCHED["chin"]}
    hair = {(16, 11), (16, 12), (16, 13), *((18, col) for col in range(10, 15))}
    assert places(jaw.cover[0]) == {(row + shift[0], col + shift[1]) for row, col in hair}


def test_full_lips_are_no_hair() -> None:
    assert shares(find(face({(18, 11): "lll"}))) == {}


def test_in_a_beard_of_the_color_of_the_lips_every_part_is_covered() -> None:
    beard = {at: text.replace("o", "l") for at, text in {**LIP, **CORNERS, **CHIN, **SIDES}.items()}
    found = shares(find(face(beard)))
    assert found["lip"] == found["chin"] == 1.0


def test_re_encoded_skin_is_bare() -> None:
    noise = np.random.default_rng(3).integers(-2, 3, (24, 24, 3))
    portrait = face()
    portrait[..., :3] = np.clip(portrait[..., :3] + noise, 0, 255)
    assert shares(find(portrait)) == {}


def test_the_outline_under_a_small_chin_is_no_tuft_of_hair() -> None:
    assert shares(find(face({(19, 11): "kkk"}))) == {}


def test_a_darker_shade_of_the_skin_is_a_shade_and_brown_hair_is_not() -> None:
    shade = {at: text.replace("o", "d") for at, text in {**LIP, **CHIN, **SIDES}.items()}
    jaw = find(face(shade), face(LIP, CHIN, SIDES), face())
    assert jaw.is_shade.tolist()[:2] == [True, False]


@pytest.mark.parametrize(
    "hair",
    [(220, 220, 225, 255), (230, 180, 40, 255), (200, 60, 20, 255), (60, 120, 60, 255)],
    ids=["white", "blonde", "red", "green"],
)
def test_hair_of_a_color_of_its_own_is_no_shade(hair: tuple[int, int, int, int]) -> None:
    assert not find(face(LIP, CHIN, SIDES, o=hair)).is_shade[0]


def test_only_black_hair_is_ink() -> None:
    black = {at: text.replace("o", "k") for at, text in {**CHIN, **CHIN_TIP}.items()}
    assert find(face(black), face(CHIN, CHIN_TIP)).is_ink.tolist() == [True, False]


def test_the_chin_is_narrow_where_the_outline_steps_in_under_the_mouth() -> None:
    wide, narrow = face(), face({(19, 10): "k"})
    assert find(wide, narrow).narrow_chin.tolist() == [False, True]


def test_a_step_with_hair_beside_it_is_no_narrow_chin() -> None:
    assert not find(face({(19, 10): "k"}, CORNERS)).narrow_chin[0]


def test_a_faint_shadow_is_no_step() -> None:
    assert not find(face({(19, 10): "u"})).narrow_chin[0]


def test_a_picture_without_a_face_changes_nothing_for_its_neighbours() -> None:
    empty = np.zeros((24, 24, 4), np.uint8)
    whole, alone = find(empty, face(LIP, SIDES)), find(face(LIP, SIDES))
    for name in (*PARTS, "left", "right", "is_shade", "is_ink", "narrow_chin", "cover"):
        assert np.array_equal(getattr(whole, name)[1], getattr(alone, name)[0]), name
