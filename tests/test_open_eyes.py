"""Eyes that show their white: the iris beside it is named, wherever lid, brow, rim or mask are."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import draw
from punkdetect.detectors.eye_color import EyeColor
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks

COLORS = {
    "i": (47, 111, 232, 255),  # blue iris
    "j": (44, 154, 60, 255),  # green iris
    "v": (122, 63, 176, 255),  # eye shadow
    "n": (10, 10, 10, 255),
    "f": (216, 164, 31, 255),  # frame
    "m": (194, 36, 44, 255),  # mask
    "g": (135, 141, 149, 255),  # steel gray
    "q": (57, 55, 59, 255),  # charcoal
    "W": (246, 246, 248, 255),
}
SHUT = {(row, col): "ss" for row in (10, 11, 12) for col in (9, 14)}


def eye_color_of(changes: dict[tuple[int, int], str]) -> str | None:
    punks = Punks(draw(SHUT | changes, COLORS)[None])
    return EyeColor().detect(punks, Landmarks(punks)).value(0)


def eyes(row: int, left: int, right: int, one: str = "Wi", other: str = "Wi") -> dict[tuple[int, int], str]:
    return {(row, left): one, (row, right): other}


@pytest.mark.parametrize("lid", ["vv", "nn", "bb"])
def test_the_iris_beside_the_white_is_named_and_not_the_lid_over_it(lid: str) -> None:
    lids = eyes(11, 9, 14, lid, lid)
    assert eye_color_of(lids | eyes(12, 9, 14)) == "blue"


def test_two_rows_of_white_are_one_eye() -> None:
    assert eye_color_of(eyes(11, 9, 14) | eyes(12, 9, 14)) == "blue"


def test_eyes_under_brows_two_rows_higher_are_found() -> None:
    assert eye_color_of(eyes(10, 9, 14, "bb", "bb") | eyes(12, 9, 14)) == "blue"


@pytest.mark.parametrize(("left", "right"), [(8, 14), (9, 15), (9, 13), (10, 13)])
def test_eyes_at_other_distances_are_found_over_a_mask(left: int, right: int) -> None:
    mask = {(row, 7): "mmmmmmmmm" for row in (14, 15, 16, 17, 18, 19)}
    assert eye_color_of(eyes(11, left, right, "bb", "bb") | eyes(12, left, right) | mask) == "blue"


def test_eyes_are_seen_in_thin_frames_and_a_glint_on_dark_lenses_is_no_eye() -> None:
    frame = {(10, 8): "fffffffff", (13, 8): "ffff", (13, 13): "ffff"}
    frame |= {(row, col): "f" for row in (11, 12) for col in (8, 11, 13, 16)}
    assert eye_color_of(frame | eyes(12, 9, 14)) == "blue"
    lenses = {(10, 8): "nnnnnnnnn", (11, 8): "nnnn", (11, 13): "nnnn", (12, 8): "nWnn", (12, 13): "nWnn"}
    assert eye_color_of(lenses | {(13, 8): "nnnn", (13, 13): "nnnn"}) is None


def test_eyes_of_two_colours_beside_their_whites_are_multicolor_on_either_side() -> None:
    assert eye_color_of(eyes(12, 9, 14, "Wi", "Wj")) == "multicolor"
    assert eye_color_of(eyes(12, 9, 14, "Wi", "jW")) == "multicolor"


def test_black_gray_and_charcoal_irises_are_named_as_people_name_them() -> None:
    assert eye_color_of(eyes(12, 9, 14, "Wn", "Wn")) == "black"
    assert eye_color_of(eyes(12, 9, 14, "Wg", "Wg")) == "gray"
    assert eye_color_of(eyes(12, 9, 14, "Wq", "Wq")) == "black"


def test_the_evidence_is_the_iris_of_each_eye() -> None:
    punks = Punks(draw(SHUT | eyes(11, 9, 14, "vv", "vv") | eyes(12, 9, 14), COLORS)[None])
    evidence = EyeColor().detect(punks, Landmarks(punks)).evidence[0]
    assert np.argwhere(evidence).tolist() == [[12, 10], [12, 15]]


@pytest.mark.parametrize("lid", ["bb", "ss"])
def test_eyes_of_one_pixel_are_named_and_not_their_lids_or_the_shade_under_them(lid: str) -> None:
    lids = eyes(11, 9, 14, lid, lid)
    assert eye_color_of(lids | eyes(12, 9, 14, "si", "is")) == "blue"
    assert eye_color_of(lids | eyes(12, 9, 14, "is", "is")) == "blue"
    shade = {"t": (190, 150, 105, 255)}
    punks = Punks(
        draw(SHUT | lids | eyes(12, 9, 14, "sj", "js") | eyes(13, 9, 14, "st", "ts"), COLORS | shade)[None]
    )
    assert EyeColor().detect(punks, Landmarks(punks)).value(0) == "green"


def test_eyes_of_one_pixel_beside_hanging_hair_are_named() -> None:
    hair = {(row, col): "hh" for row in range(9, 18) for col in (7, 15)}
    assert eye_color_of(hair | eyes(11, 9, 13, "bb", "bb") | eyes(12, 9, 13, "is", "si")) == "blue"


def test_eyes_that_glow_in_dark_sockets_are_named_and_lenses_of_one_colour_are_not() -> None:
    sockets = {(row, col): "tt" for row in (11, 13) for col in (9, 14)}
    shade = {**COLORS, "t": (150, 110, 70, 255)}
    punks = Punks(draw(SHUT | sockets | eyes(12, 9, 14, "ii", "ii"), shade)[None])
    assert EyeColor().detect(punks, Landmarks(punks)).value(0) == "blue"
    lenses = {(row, col): "iiii" for row in (11, 12, 13) for col in (8, 13)} | {(11, 12): "i"}
    punks = Punks(draw(SHUT | lenses, shade)[None])
    assert EyeColor().detect(punks, Landmarks(punks)).value(0) is None


def test_shades_of_nostrils_and_rims_two_columns_apart_are_no_eyes() -> None:
    rims = {(row, col): "f" for row in (11, 12) for col in (8, 11, 13, 16)}
    rims |= {(10, 8): "ffff", (10, 13): "ffff", (13, 8): "ffff", (13, 13): "ffff", (11, 12): "f"}
    assert eye_color_of(rims | eyes(12, 9, 14, "nj", "nj")) == "green"
