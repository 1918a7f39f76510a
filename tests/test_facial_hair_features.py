"""The numbers that describe the lower face: true of what is drawn there, on whichever side."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import describe, draw
from punkdetect.detectors._facial_hair.features import PLACES, STRIPS, facial_hair_features
from punkdetect.detectors._facial_hair.view import ROWS

BROWN, BLUE, SHADE = (70, 40, 15, 255), (60, 90, 200, 255), (170, 136, 98, 255)

LIP = {(16, 10): "ooooo"}
FULL = {(row, 7): "ooooooooo" for row in range(16, 20)} | {(17, 11): "lll"}
CHECKS = {(row, 9): "osososo" if row % 2 else "sososos" for row in range(18, 20)}


def at(name: str, row: int) -> list[str]:
    """Return the names of what is counted in all strips of a row, counted from the mouth."""
    return [f"{name}_at_{(row - ROWS.start) * len(STRIPS) + strip}" for strip in range(len(STRIPS))]


def of_main(place: str) -> str:
    return f"main_in_{[*PLACES].index(place)}"


def tell(*portraits: np.ndarray) -> dict[str, np.ndarray]:
    return describe(facial_hair_features, *portraits)


def test_a_bare_lip_is_skin_and_a_covered_one_has_the_hairs_color() -> None:
    told = tell(draw(LIP, {"o": BROWN}), draw())
    assert sum(told[name] for name in at("foreign", -1)).tolist() == [5, 0]
    assert sum(told[name] for name in at("main", -1))[0] == 5
    assert (sum(told[name] for name in at("bare", -1)) >= [4, 9]).all()
    assert told[of_main("lip")][0] == 5
    assert told[of_main("chin")][0] == 0


def test_a_shade_is_told_from_a_color_of_its_own_and_by_how_much_it_is_darker() -> None:
    told = tell(draw(FULL, {"o": SHADE}), draw(FULL, {"o": BLUE}))
    assert told["main_is_shade"].tolist() == [1, 0]
    assert sum(told[name] for name in at("shade", 1)).tolist() == [9, 0]
    assert -25 < told["main_lighter"][0] < -8
    assert told["main_more_chroma"][1] > 10


def test_a_beard_of_the_color_of_the_heads_hair_is_near_to_it() -> None:
    hair = {(row, col): "hhh" for row in range(6, 16) for col in (4, 16)}
    told = tell(draw(FULL | hair, {"o": (90, 60, 30, 255)}), draw(FULL | hair, {"o": BLUE}))
    assert told["main_from_hair"][0] < 1
    assert told["main_from_hair"][1] > 30


def test_under_a_beard_the_jaw_has_another_color_than_the_cheeks() -> None:
    told = tell(draw(FULL, {"o": BLUE}), draw())
    assert told["cheeks_from_chin"][0] > 30
    assert told["cheeks_from_chin"][1] < 1
    assert (told["forehead_from_cheeks"] < 1).all()


def test_dots_are_counted_where_they_alternate() -> None:
    told = tell(draw(CHECKS, {"o": BROWN}), draw(FULL, {"o": BROWN}))
    rows = [told[f"checkered_{i}"] for i in range(len(ROWS) - 1)]
    assert sum(rows).tolist() == [6, 0]


@pytest.mark.parametrize("changes", [{}, LIP, FULL], ids=["bare", "mustache", "beard"])
def test_a_portrait_that_looks_to_the_left_has_the_numbers_of_one_that_looks_to_the_right(
    changes: dict[tuple[int, int], str],
) -> None:
    portrait = draw(changes, {"o": BROWN})
    told = tell(portrait, portrait[:, ::-1])
    for name in [*at("main", -1), *at("main", 1), *at("bare", 0), *at("foreign", 1), of_main("jaw")]:
        assert told[name][0] == told[name][1], name


def test_what_is_held_in_the_mouth_is_no_hair() -> None:
    told = tell(draw({(17, 14): "wwwwwwo"}, {"o": (226, 91, 38, 255)}))
    assert told["item_size"][0] > 0
    assert sum(told[name] for name in at("foreign", 0))[0] == 0
