"""Earrings: jewellery at the ears of drawn heads, and what only looks like it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from drawn_faces import FACE, batch, draw
from punkdetect.detectors.earrings import LonePixelsAtTheEars
from punkdetect.images import read_picture
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks, TraitColumn

Changes = dict[tuple[int, int], str]

COLORS = {
    "g": (255, 217, 38, 255),  # gold
    "G": (236, 185, 90, 255),  # the shade of a second tone of gold
    "D": (150, 120, 10, 255),  # gold in shade
    "W": (255, 255, 255, 255),
    "d": (170, 135, 90, 255),  # a shade of skin
    "y": (240, 220, 120, 255),  # blonde hair
    "Y": (210, 180, 90, 255),
    "B": (140, 100, 60, 255),  # a highlight of brown hair
    "f": (172, 172, 172, 255),
    "q": (200, 200, 200, 120),  # half-transparent smoke
    "b": (120, 80, 50, 255),
    "z": (72, 70, 68, 255),
    "i": (148, 128, 109, 255),  # brown hair in the light
    "r": (226, 58, 110, 255),
    "a": (180, 184, 188, 255),  # smoke, silver
    "A": (165, 168, 172, 255),  # silver in shade
    "m": (58, 122, 208, 255),  # a mask of two blues
    "n": (90, 166, 208, 255),
    "O": (242, 144, 58, 255),  # petals, orange hair
    "P": (174, 104, 42, 255),  # the same in shade
    "X": (175, 142, 102, 255),  # skin in the shade of the ear
}

LONG_HAIR: Changes = {(row, 3): "hhhh" for row in range(8, 20)} | {(row, 16): "hhhh" for row in range(8, 20)}
SHADED_HAIR: Changes = {(row, 3): "hBhB"[row % 2 :] + "hB"[: row % 2] for row in range(8, 20)}
LEFT, RIGHT = 6, 16
"""Columns of the head's outline in the drawn face; lobes are in row 13 or so."""


def detect(*portraits: np.ndarray) -> TraitColumn:
    punks = Punks(batch(*portraits))
    return LonePixelsAtTheEars().detect(punks, Landmarks(punks))


def earrings_of(*changes: Changes, **more: tuple[int, int, int, int]) -> str | None:
    merged = {place: letters for part in changes for place, letters in part.items()}
    return detect(draw(merged, COLORS | more)).value(0)


def pixels(mask: np.ndarray) -> set[tuple[int, int]]:
    rows, cols = np.nonzero(mask)
    return set(zip(rows.tolist(), cols.tolist(), strict=True))


def test_a_bare_head_has_none_and_the_places_beside_the_face_show_it() -> None:
    column = detect(draw())
    assert column.value(0) == "none"
    assert column.confidence[0] > 0.95
    assert (13, LEFT) in pixels(column.evidence[0])


@pytest.mark.parametrize("color", ["g", "W"])
@pytest.mark.parametrize("hair", [{}, LONG_HAIR, SHADED_HAIR], ids=["bald", "long hair", "shaded hair"])
@pytest.mark.parametrize("col", [LEFT, RIGHT])
def test_a_point_at_the_lobe_is_a_stud_on_either_side(col: int, hair: Changes, color: str) -> None:
    assert earrings_of(hair, {(13, col): color}) == "stud"


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({(13, 6): "g", (14, 5): "g"}, "stud"),
        ({(13, 5): "gG", (14, 5): "Gg"}, "stud"),
        ({(13, 6): "g", (14, 6): "g"}, "drop"),
        ({(13, 6): "g", (14, 6): "g", (15, 6): "g", (16, 6): "g"}, "drop"),
        ({(12, 5): "g", (13, 4): "g", (14, 5): "g", (15, 4): "g", (16, 5): "g"}, "drop"),
        ({(12, 6): "g", (13, 6): "D", (14, 6): "g", (15, 6): "D", (16, 6): "g"}, "drop"),
        ({(13, 5): "g", (14, 5): "g", (15, 4): "ggg", (16, 5): "g"}, "drop"),
        ({(13, 6): "g", (14, 5): "g", (15, 6): "g"}, "hoop"),
        ({(13, 5): "g", (14, 4): "gkg", (15, 5): "g"}, "hoop"),
        ({(13, 6): "g", (14, 5): "g", (15, 5): "g", (16, 6): "g"}, "hoop"),
        ({(13, 15): "ggg", (14, 15): "gkg", (15, 15): "ggg"}, "hoop"),
        ({(13, 4): "ggg", (14, 4): "gkg", (15, 4): "DDD"}, "hoop"),
        ({(row, 6): "gD"[row % 2] for row in range(13, 21)}, "drop"),
        ({(14, 3): "ggg", (18, 3): "ggg"} | {(r, c): "g" for r in (15, 16, 17) for c in (2, 6)}, "hoop"),
    ],
    ids=[
        "two pixels",
        "block of two tones",
        "short",
        "long",
        "zigzag chain",
        "chain of two tones",
        "cross",
        "arc",
        "ring",
        "loop",
        "on the cheek",
        "ring in shade below",
        "down to the shoulder",
        "as large as the cheek",
    ],
)
def test_points_are_studs_lines_are_drops_and_rings_are_hoops(changes: Changes, value: str) -> None:
    assert earrings_of(changes) == value
    assert earrings_of({**LONG_HAIR, **changes}) == value


CROSS: Changes = {(13, 5): "g", (14, 5): "g", (15, 5): "g", (16, 4): "gmg", (17, 5): "m"}


def test_a_stone_set_into_a_drop_is_part_of_it_and_no_gap_of_a_ring() -> None:
    column = detect(draw(CROSS, COLORS))
    assert column.value(0) == "drop"
    assert {(16, 5), (17, 5)} <= pixels(column.evidence[0])


def test_a_lit_and_a_shaded_pixel_are_one_stone_but_two_alike_are_links() -> None:
    assert earrings_of({(13, 6): "a", (14, 6): "A"}) == "stud"
    assert earrings_of({(13, 6): "a", (14, 6): "a"}) == "drop"


def test_a_pixel_of_metal_over_a_gem_is_a_drop_and_a_gem_lit_above_a_stud() -> None:
    assert earrings_of({(13, 6): "W", (14, 6): "r"}) == "drop"
    assert earrings_of({(13, 6): "r", (14, 6): "g"}) == "drop"
    assert earrings_of({(13, 6): "R", (14, 6): "r"}, R=(240, 156, 182, 255)) == "stud"


def test_a_ring_is_a_hoop_though_it_neither_shines_nor_is_colourful() -> None:
    wood = {(13, 4): "UU", (14, 3): "U", (14, 6): "U", (15, 3): "U", (15, 6): "U", (16, 4): "UU"}
    assert earrings_of(wood, U=(122, 62, 30, 255)) == "hoop"


def test_a_closed_ring_of_gold_is_a_hoop_beside_hair_of_nearly_that_colour() -> None:
    blonde = dict.fromkeys(((row, col) for row in range(7, 13) for col in (4, 17)), "V")
    ring = {(14, 4): "ggg", (15, 4): "g", (15, 6): "g", (16, 4): "ggg"}
    assert earrings_of({**blonde, (6, 6): "V" * 10}, ring, V=(250, 226, 120, 255)) == "hoop"


def test_a_drop_beside_glasses_is_no_strap_of_goggles() -> None:
    assert earrings_of(LONG_HAIR, GOGGLES, {(row, LEFT): "W" for row in (12, 13, 14)}) == "none"
    assert earrings_of({(12, 5): "r", (13, 5): "r", (14, 5): "r"}) == "drop"


def test_smoke_on_the_side_of_a_cigarette_is_no_earring_and_hides_none_on_the_other() -> None:
    ember = {"o": (226, 91, 38, 255)}
    assert earrings_of(CIGARETTE, SMOKE, **ember) == "none"
    assert earrings_of(CIGARETTE, SMOKE, {(14, LEFT): "W"}, **ember) == "stud"
    assert earrings_of(CIGARETTE, {(13, RIGHT): "r"}, **ember) == "stud"


@pytest.mark.parametrize("col", [LEFT - 2, LEFT - 1])
def test_a_colourful_stud_may_be_far_out_where_hair_covers_the_ear(col: int) -> None:
    assert earrings_of(LONG_HAIR, {(13, col): "r"}) == "stud"


def test_gold_is_darker_than_pale_skin_only_in_blue_and_so_no_blush() -> None:
    assert earrings_of({(13, LEFT): "Q"}, Q=(225, 170, 40, 255)) == "stud"
    assert earrings_of({(13, LEFT): "Q"}, Q=(225, 130, 100, 255)) == "none"


def test_smoke_rising_on_the_other_side_does_not_hide_a_silver_hoop() -> None:
    hoop = {(13, 4): "aa", (14, 3): "a", (14, 6): "a", (15, 3): "a", (15, 6): "a", (16, 4): "aa"}
    assert earrings_of(hoop, {(11, 18): "a", (10, 18): "a"}) == "hoop"


def test_what_is_held_in_the_mouth_may_have_the_colour_of_an_earring() -> None:
    assert earrings_of({(13, LEFT): "r"}, {(17, 11): "lllrrrrrr"}) == "stud"


def test_a_pair_is_read_like_one() -> None:
    assert earrings_of(LONG_HAIR, {(13, LEFT): "W", (13, RIGHT): "W"}) == "stud"


def test_the_evidence_is_the_earring() -> None:
    portrait = draw({**LONG_HAIR, (13, LEFT): "g", (14, LEFT): "g"}, COLORS)
    assert pixels(detect(portrait).evidence[0]) == {(13, LEFT), (14, LEFT)}


DOTS: Changes = dict.fromkeys(((9, 5), (11, 4), (13, 5), (15, 4), (17, 5)), "B")
GLASSES: Changes = {(11, 5): "fffff", (10, 8): "ffff", (11, 11): "fff", (10, 13): "ffff", (11, 16): "ff"}
GOGGLES: Changes = {(11, 7): "k" * 10, (15, 7): "k" * 10} | {(row, 7): "kffffffffk" for row in (12, 13, 14)}
CIGARETTE: Changes = {(16, 16): "kkkkk", (17, 14): "wwwwwwo", (18, 16): "kkkkk"}
SMOKE: Changes = {(12, 17): "a", (13, 17): "a", (14, 17): "a"}
NO_JEWELS: dict[str, Changes] = {
    "long hair": LONG_HAIR,
    "shaded hair": SHADED_HAIR,
    "striped hair": {(row, 3): "yYyY" for row in range(8, 20)},
    "dots in hair": LONG_HAIR | DOTS,
    "arms of glasses": GLASSES,
    "mole on the cheek": {(13, 7): "d"},
    "shadow in the ear": {(12, 5): "s", (13, 5): "sd", (14, 5): "k"},
    "cigarette": {(17, 14): "wwwwwwo", (17, 20): "o"},
    "smoke": dict.fromkeys(((row, 19) for row in range(10, 16)), "q"),
    "chain at the neck": {(21, 5): "g", (22, 5): "g"},
    "clip over the ear": {(8, 5): "W"},
    "beam out of an eye": {(12, 14): "GGGGGGGGGG", (12, 9): "GG"},
    "glint on a visor": {
        (11, 7): "kkkkkkkkkkk",
        (12, 7): "kWkkkkkkkkk",
        (12, 8): "W",
        (13, 7): "kkkkkkkkkkk",
    },
    "blush": {(14, 7): "dd", (14, 14): "dd"},
    "lit strand of brown hair": LONG_HAIR | {(13, 17): "i"},
    "end of a headband": {(9, 7): "r" * 9, (13, 6): "r"},
    "ties of braids": LONG_HAIR | {(12, 3): "rrr", (12, 17): "rrr"},
    "puffs of smoke": {(12, 19): "a", (13, 18): "a", (14, 19): "a"},
    "glints at the edges of lenses": {
        (11, 7): "kkkkkkkkkk",
        (12, 7): "WkWkkkkWkk",
        (13, 7): "kWkkkkkkWk",
    },
    "arm of a visor": {(11, 7): "k" * 9, (12, 5): "rr" + "k" * 9, (13, 5): "rr" + "k" * 9},
    "loops of a mask": {(row, 7): "mn"[row % 2] * 9 for row in (15, 16, 17, 18)}
    | {(14, 6): "m", (13, 6): "n"},
    "bloom held in the mouth": {(15, 17): "OO", (16, 16): "OrOO", (17, 11): "lllbbOOrO", (18, 17): "OO"},
    "corner of a mask": {(row, 7): "m" * 9 for row in range(15, 20)} | {(14, 8): "W" + "m" * 7},
    "shaded ear over a beard": {(row, 6): "Xhhhhhhhhhh" for row in (13, 14, 15)} | {(16, 7): "h" * 9},
    "shaded strand of hair under a hat": {(row, 5): "r" * 13 for row in range(5, 9)}
    | {(row, c): "OOO" for row in range(9, 17) for c in (4, 17)}
    | {(13, 6): "P"},
    "highlights in black hair": {(row, 4): "kkk" for row in range(8, 20)} | {(13, 5): "z"},
}


@pytest.mark.parametrize("changes", NO_JEWELS.values(), ids=NO_JEWELS.keys())
def test_what_is_near_the_ears_but_no_jewel_is_none(changes: Changes) -> None:
    assert earrings_of(changes, o=(226, 91, 38, 255)) == "none"


def test_background_seen_between_strands_is_no_earring() -> None:
    sky = FACE.replace(".", "A")
    portrait = draw({**LONG_HAIR, (13, 5): "A"}, {**COLORS, "A": (120, 160, 200, 255)}, face=sky)
    assert detect(portrait).value(0) == "none"


@pytest.mark.parametrize("shift", [(0, 1), (1, 0), (-1, 0), (1, 1)])
def test_the_place_of_the_head_does_not_matter(shift: tuple[int, int]) -> None:
    portrait = draw({**LONG_HAIR, (13, LEFT): "g"}, COLORS, shift=shift)
    assert detect(portrait).value(0) == "stud"
    assert detect(np.ascontiguousarray(portrait[:, ::-1])).value(0) == "stud"


def test_no_face_means_not_found() -> None:
    column = detect(np.full((24, 24, 4), 255, np.uint8))
    assert column.value(0) is None
    assert column.confidence[0] == 0
    assert not column.evidence.any()


@settings(deadline=None, max_examples=30)
@given(hnp.arrays(np.uint8, (3, 24, 24, 4), elements=st.sampled_from([0, 90, 128, 177, 219, 255])))
def test_any_batch_gives_the_answers_of_its_portraits_one_by_one(rgba: np.ndarray) -> None:
    rgba[0] = draw({**SHADED_HAIR, (13, LEFT): "g"}, COLORS)
    together = detect(*rgba)
    for row, portrait in enumerate(rgba):
        alone = detect(portrait)
        assert together.codes[row] == alone.codes[0]
        assert together.confidence[row] == alone.confidence[0]
        assert (together.evidence[row] == alone.evidence[0]).all()


def test_real_portraits_are_read_as_people_read_them(shared_data: Path) -> None:
    with (shared_data / "bespoke" / "labels.csv").open(newline="") as file:
        labels = {row["image"]: row["earrings"].split("|") for row in csv.DictReader(file)}
    files = [shared_data / "bespoke" / "images24" / f"{name}.png" for name in labels]
    column = detect(*(read_picture(file.read_bytes()).rgba for file in files))
    right = [column.value(row) in accepted for row, accepted in enumerate(labels.values())]
    assert np.mean(right) >= 0.97
