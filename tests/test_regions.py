"""Hair is told from hats and outlines; clothing and neck lie below the chin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from drawn_faces import batch, draw
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.regions import Regions
from punkdetect.punks import Punks

Changes = dict[tuple[int, int], str]

COLORS = {
    "n": (30, 60, 190, 255),
    "H": (120, 84, 48, 255),
    "g": (90, 90, 90, 255),
    "y": (230, 190, 40, 255),
    "r": (200, 40, 40, 255),
}
"""A blue hat, lit hair, a gray hood, gold, a red shirt."""

BALD: Changes = {(row, 7): "sssssssss" for row in (6, 7)}
"""Skin up to the outline."""

DOME: Changes = {
    (3, 9): "hhhhh",
    (4, 8): "hhhhhhh",
    (5, 7): "hhhhhhhhh",
    (6, 6): "hhhhhhhhhhh",
    (7, 6): "hhhhhhhhhhh",
}
SHORT: Changes = {**DOME, (8, 6): "hhssssssssh", (9, 6): "h", (9, 16): "h", (10, 6): "h", (10, 16): "h"}
"""Hair over the head and down the temples."""

STRANDS: Changes = {(row, col): "hhh" for row in range(8, 21) for col in (4, 16)}
LONG: Changes = {**DOME, **STRANDS}
"""Hair that hangs to the shoulders on both sides."""

HAT: Changes = {at: letters.replace("h", "n") for at, letters in DOME.items()} | {(8, 6): "nnnnnnnnnnn"}
"""A cap that ends in one line across the forehead."""


def find(*portraits: np.ndarray) -> Regions:
    return Landmarks(Punks(batch(*portraits))).regions


def portrait(*changes: Changes, colors: dict[str, tuple[int, int, int, int]] | None = None) -> np.ndarray:
    together: Changes = {}
    for some in changes:
        together |= some
    return draw(together, {**COLORS, **(colors or {})})


def drawn(rgba: np.ndarray, letter: str) -> np.ndarray:
    """Return the mask of the pixels that have a letter's colour."""
    colors = {**COLORS, "h": (90, 60, 30, 255), "c": (40, 60, 160, 255)}
    return np.asarray((rgba == np.array(colors[letter], np.uint8)).all(axis=-1))


def test_short_hair_is_hair_down_to_the_sideburns() -> None:
    rgba = portrait(SHORT)
    assert (find(rgba).hair[0] == drawn(rgba, "h")).all()


def test_both_shades_of_checkered_hair_are_hair() -> None:
    checkered = {at: "".join("hH"[(i + at[0]) % 2] for i in range(len(text))) for at, text in LONG.items()}
    rgba = portrait(checkered)
    assert (find(rgba).hair[0] == drawn(rgba, "h") | drawn(rgba, "H")).all()


def test_long_hair_is_hair_down_to_its_tips_and_no_clothing() -> None:
    rgba = portrait(LONG)
    regions = find(rgba)
    assert (regions.hair[0] == drawn(rgba, "h")).all()
    assert not (regions.clothing & regions.hair).any()


def test_a_bald_head_has_no_hair_though_its_outline_is_black() -> None:
    regions = find(portrait(BALD))
    assert not regions.hair.any()
    assert not regions.headwear.any()


SHADE: Changes = {(row, 14): "tt" for row in range(6, 20)} | {(row, 7): "ll" for row in (7, 8)}
"""A face whose far side lies in shade, and light on its forehead."""


def test_the_shaded_side_of_a_face_is_no_hair() -> None:
    shades = {"t": (198, 158, 112, 255), "l": (228, 188, 141, 255)}
    below = {(row, col): text for (row, col), text in SHADE.items() if row >= 9}
    regions = find(portrait(BALD, SHADE, colors=shades), portrait(SHORT, below, colors=shades))
    assert not regions.hair[0].any()
    assert (regions.hair[1] == find(portrait(SHORT)).hair[0]).all()


def test_black_hair_is_thicker_than_an_outline() -> None:
    black = {"h": (0, 0, 0, 255)}
    hair = find(portrait(LONG, colors=black)).hair[0]
    assert (hair == drawn(portrait(LONG), "h")).all()


def test_a_tuft_on_a_bald_head_is_hair() -> None:
    rgba = portrait(BALD, {(row, 10): "hhh" for row in range(1, 6)})
    hair = find(rgba).hair[0]
    assert hair[1:5, 10:13].all()
    assert not hair[8:].any()


def test_a_band_below_bare_skin_is_no_hair() -> None:
    assert not find(portrait(BALD, {(8, 7): "nnnnnnnnn"})).hair.any()


def test_a_hat_that_ends_in_one_line_leaves_no_hair() -> None:
    rgba = portrait(HAT)
    regions = find(rgba)
    assert not regions.hair.any()
    assert (regions.headwear[0] == drawn(rgba, "n")).all()


def test_hair_under_a_hat_is_what_comes_out_at_the_temples() -> None:
    rgba = portrait(HAT, {(row, col): "hh" for row in range(9, 20) for col in (5, 16)})
    regions = find(rgba)
    assert (regions.hair[0] == drawn(rgba, "h")).all()
    assert (regions.headwear[0] == drawn(rgba, "n")).all()


def test_a_crown_on_hair_is_no_hair() -> None:
    crown = {(5, 7): "yyyyyyyyy", (4, 7): "y.y.y.y.y"}
    rgba = portrait(SHORT, {(3, 9): ".....", (4, 8): "......."}, crown)
    regions = find(rgba)
    assert regions.hair[0][7, 7:16].all()
    assert not (regions.hair[0] & drawn(rgba, "y")).any()
    assert regions.headwear[0][5, 7:16].all()


def test_pigtails_are_hair_and_the_knot_of_a_scarf_is_not() -> None:
    tails = {(row, col): "hhh" for row in range(8, 13) for col in (2, 18)}
    fringe = {(8, 5): "hhhhhhhhhhhhhh"}
    assert find(portrait(DOME, fringe, tails)).hair[0, 9:13, 2:5].all()
    assert not find(portrait(HAT, {(8, 4): "nn", (9, 3): "nnn", (10, 3): "nn"})).hair.any()


HOOD: Changes = {
    (2, 9): "kkkkk",
    (3, 8): "kgggggk",
    (4, 7): "kgggggggk",
    (5, 6): "kgggggggggk",
    (6, 5): "kgggggggggggk",
    (7, 4): "kgggkkkkkkkgggk",
    **{(row, 3): "kggkk" for row in range(8, 20)},
    **{(row, 15): "kkggk" for row in range(8, 20)},
}
"""A gray hood with a black inside around the face."""


def test_a_hood_has_one_colour_outside_and_another_inside_and_neither_is_hair() -> None:
    regions = find(portrait(BALD, HOOD))
    assert regions.signs.hooded.all()
    assert not regions.hair.any()


def test_hair_shows_inside_of_a_hood() -> None:
    rgba = portrait(BALD, HOOD, {(7, 8): "hhhhhhh", (8, 7): "hhsssssss"})
    regions = find(rgba)
    assert regions.signs.hooded.all()
    assert (regions.hair[0] <= drawn(rgba, "h")).all()
    assert regions.hair[0].sum() >= 5


def test_an_outline_two_pixels_thick_is_no_hair() -> None:
    sides: Changes = {(row, col): "k" for row in range(4, 20) for col in (5, 17)}
    assert not find(portrait(BALD, sides, {(4, 6): "kkkkkkkkkkk"})).hair.any()


def test_the_shaded_side_of_a_bald_head_is_no_hair() -> None:
    shade = {"H": (150, 105, 66, 255)}
    crown: Changes = {(row, 7): "Hssssssss" for row in (6, 7)}
    rgba = portrait(crown, {(row, 7): "H" for row in range(8, 20)}, colors=shade)
    assert not find(rgba).hair.any()


def test_hair_of_a_hats_own_brown_ends_at_the_visor() -> None:
    cap = {at: letters.replace("n", "h") for at, letters in HAT.items()}
    below = {(row, col): "h" for row in range(9, 13) for col in (6, 16)}
    rgba = portrait(cap, {(8, 17): "hhhh"}, below)
    regions = find(rgba)
    assert regions.signs.brimmed.all()
    assert regions.hair[0][drawn(rgba, "h")].sum() == 8
    assert not regions.hair[0, :9].any()


def test_glasses_that_reach_up_to_hair_do_not_make_a_hat_of_it() -> None:
    fringe = {(7, 11): "s", (8, 7): "hhhhshhhh", (9, 6): "hhhhsshhhhh", (10, 6): "hkkkkskkkkh"}
    glasses = {(11, 6): "kkkkkskkkkk", (12, 6): "kkkkkskkkkk", (13, 6): "kkkkksskkkk"}
    hair = find(portrait(DOME, fringe, glasses)).hair[0]
    assert hair[4:7, 9:14].all()
    assert not hair[11:].any()


def test_clothing_stands_on_the_bottom_edge_and_the_neck_is_skin() -> None:
    rgba = portrait(LONG)
    regions = find(rgba)
    assert (regions.clothing[0] == drawn(rgba, "c")).all()
    assert np.argwhere(regions.neck[0]).tolist() == [[20, 7], [20, 8], [20, 9], [21, 7], [21, 8]]


def test_strands_over_a_shirt_are_no_clothing() -> None:
    rgba = portrait(LONG, {(22, 5): "hrrrrrh", (23, 4): "hrrrrrrrh"})
    assert (find(rgba).clothing[0] == drawn(rgba, "r")).all()


def test_where_no_face_was_found_there_are_no_regions() -> None:
    regions = find(np.full((24, 24, 4), 255, np.uint8))
    assert not any(
        mask.any()
        for mask in (regions.hair, regions.head_top, regions.headwear, regions.clothing, regions.neck)
    )


@settings(deadline=None, max_examples=25)
@given(hnp.arrays(np.uint8, (4, 24, 24, 4), elements=st.sampled_from([0, 40, 128, 255])))
def test_any_batch_gives_the_answers_of_its_portraits_one_by_one(rgba: np.ndarray) -> None:
    rgba[0], rgba[1] = portrait(HAT), portrait(LONG)
    together = find(*rgba)
    for row, one in enumerate(rgba):
        alone = find(one)
        for mask in ("hair", "head_top", "headwear", "clothing", "neck"):
            assert (getattr(together, mask)[row] == getattr(alone, mask)[0]).all(), mask


@pytest.mark.parametrize(("down", "right"), [(-1, 0), (1, 0), (0, -1), (0, 1)])
def test_hair_is_found_wherever_the_head_is(down: int, right: int) -> None:
    rgba = draw(SHORT, COLORS, shift=(down, right))
    assert (find(rgba).hair[0] == drawn(rgba, "h")).all()
