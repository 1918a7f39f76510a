"""Hair length: the lowest row of hair, counted from the mouth."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import batch, draw
from punkdetect.detectors.hair_length import LowestRow
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks, TraitColumn

Changes = dict[tuple[int, int], str]

DOME: Changes = {
    (3, 9): "hhhhh",
    (4, 8): "hhhhhhh",
    (5, 7): "hhhhhhhhh",
    (6, 6): "hhhhhhhhhhh",
    (7, 6): "hhhhhhhhhhh",
}
BALD: Changes = {(row, 7): "sssssssss" for row in (6, 7)}
COLORS = {"d": (160, 122, 84, 255), "n": (30, 60, 190, 255)}


def down_to(row: int) -> Changes:
    """Hair that hangs beside the face down to a row; the mouth of the drawn face is in row 17."""
    return {**DOME, **{(r, col): "hhh" for r in range(8, row + 1) for col in (3, 17)}}


def detect(*portraits: np.ndarray) -> TraitColumn:
    punks = Punks(batch(*portraits))
    return LowestRow().detect(punks, Landmarks(punks))


def length_of(changes: Changes, **others: object) -> str | None:
    return detect(draw(changes, COLORS, **others)).value(0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "length"),
    [(9, "short"), (12, "short"), (15, "medium"), (18, "medium"), (21, "long"), (23, "long")],
)
def test_how_far_down_hair_hangs_says_how_long_it_is(row: int, length: str) -> None:
    assert length_of(down_to(row)) == length


@pytest.mark.parametrize("shift", [(-2, 0), (1, 1), (0, -2)])
def test_it_is_counted_from_the_mouth_wherever_the_head_lies(shift: tuple[int, int]) -> None:
    assert length_of(down_to(12), shift=shift) == "short"
    assert length_of(down_to(17), shift=shift) == "medium"
    assert length_of(down_to(21), shift=shift) == "long"


@pytest.mark.parametrize(
    "hair", [(0, 0, 0, 255), (240, 220, 130, 255), (200, 60, 30, 255), (200, 60, 160, 255)]
)
def test_the_color_of_the_hair_does_not_matter(hair: tuple[int, int, int, int]) -> None:
    found = detect(draw(down_to(12), {"h": hair}), draw(down_to(21), {"h": hair}))
    assert [found.value(0), found.value(1)] == ["short", "long"]


def test_a_lone_curl_does_not_make_hair_long() -> None:
    assert length_of({**down_to(11), (12, 17): "h", (13, 17): "h", (14, 17): "h", (15, 17): "h"}) == "short"


def test_a_bald_head_has_none() -> None:
    assert length_of(BALD) == "none"


def test_a_hat_over_all_hair_leaves_none() -> None:
    hat = {at: text.replace("h", "n") for at, text in DOME.items()} | {(8, 6): "nnnnnnnnnnn"}
    assert length_of(hat) == "none"


def test_strands_and_a_shaved_head_are_short() -> None:
    strands = {**BALD, **{(row, col): "h" for row in (6, 7) for col in (8, 11, 14)}}
    shaved = {(6, 7): "ddddddddd", (7, 7): "ddddddddd", (8, 7): "d", (8, 15): "d"}
    assert length_of(strands) == "short"
    assert length_of(shaved) == "short"


def test_a_mane_that_stands_far_out_on_both_sides_is_medium() -> None:
    mane = {(row, 1): "hhhhh" + "h" * 11 + "hhhhh" for row in range(3, 8)}
    mane |= {(row, col): "hhhhh" for row in range(8, 12) for col in (1, 17)}
    assert length_of(mane) == "medium"


def test_a_picture_without_a_face_has_no_answer() -> None:
    column = detect(np.zeros((24, 24, 4), np.uint8), draw(down_to(12)))
    assert column.value(0) is None
    assert not column.evidence[0].any()
    assert column.value(1) == "short"


def test_the_evidence_is_the_hair_or_the_bare_crown() -> None:
    column = detect(draw(down_to(12)), draw(BALD))
    hair = (draw(down_to(12)) == (90, 60, 30, 255)).all(axis=-1)
    assert np.array_equal(column.evidence[0], hair)
    assert column.evidence[1][6, 7:16].all()
    assert not column.evidence[1][10:].any()


def test_an_answer_near_a_limit_is_less_sure() -> None:
    column = detect(draw(down_to(11)), draw(down_to(13)), draw(down_to(14)), draw(down_to(17)))
    clear, below, above, middle = column.confidence.tolist()
    assert below < clear
    assert above < middle
