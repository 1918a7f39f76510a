"""The numbers that describe a mouth and what leaves it: of that portrait alone, and true of what is drawn."""

from __future__ import annotations

import pytest

from drawn_faces import describe, draw
from punkdetect.detectors._mouth.features import mouth_features

COLORS = {
    "p": (133, 81, 20, 255),
    "o": (226, 91, 38, 255),
    "m": (60, 170, 200, 255),
    "g": (200, 200, 200, 255),
}

CIGARETTE = {(17, 14): "wwwwwwo"}
PIPE = {(17, 14): "ppppp", (16, 17): "ppp", (15, 17): "ppp", (14, 17): "ppp"}
"""A straight stem whose bowl stands up at its end."""

MASK = {(row, 7): "mmmmmmmmm" for row in range(14, 20)}
SMOKE = {(row, 18): "gg" for row in (11, 12)}


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_cigarette_is_a_row_of_white_that_ends_in_an_ember_on_either_side(mirrored: bool) -> None:
    portrait = draw(CIGARETTE, COLORS)
    described = describe(mouth_features, portrait[:, ::-1] if mirrored else portrait)
    assert described["thing_size"][0] == len("wwwwwwo")
    assert described["thing_rows"][0] == 1
    assert described["thing_white"][0] == len("wwwwww")
    assert described["thing_ember_last"][0] == 1
    assert described["other_side_0"][0] == 0


def test_a_bowl_stands_up_at_the_far_end_of_its_stem() -> None:
    described = describe(mouth_features, draw(PIPE, COLORS), draw(CIGARETTE, COLORS))
    assert described["thing_up_at_end"].tolist() == [3, 0]
    assert described["thing_tall_columns"].tolist() == [3, 0]
    assert described["thing_brown"][0] == described["thing_size"][0]


def test_smoke_beside_the_face_is_counted_and_told_from_what_is_held() -> None:
    described = describe(mouth_features, draw(CIGARETTE | SMOKE, COLORS), draw(CIGARETTE, COLORS))
    assert described["smoke_size"].tolist() == [4, 0]
    assert described["smoke_blocks"].tolist() == [1, 0]
    assert described["thing_size"].tolist() == [7, 7]


def test_a_mask_takes_the_skin_from_all_rows_under_its_edge_and_is_the_main_color_there() -> None:
    described = describe(mouth_features, draw(MASK, COLORS), draw())
    # its edge lies four rows under the eyes
    assert described["panel_skin_6"][0] == 0
    assert described["panel_skin_6"][1] > 3
    assert described["lower_0_to_skin"][0] > 30
    assert described["lower_0_to_skin"][1] < 1


def test_a_face_without_anything_in_its_mouth_has_no_thing() -> None:
    described = describe(mouth_features, draw())
    assert described["thing_size"][0] == described["lined_size"][0] == described["item_size"][0] == 0
    assert described["rule_says_none"][0] > 0.5
