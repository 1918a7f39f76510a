"""The mouths of small heads, four rows under the eyes, are found where they are."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import COLORS, batch, draw
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.face import FaceFrame, find_face
from punkdetect.punks import Punks

SMALL = """
........................
........................
........................
........................
........hhhhhhh.........
.......hhhhhhhhh........
.......hhhhhhhhh........
.......hhhhhhhhh........
.......hsssssssh........
.......sssssssss........
......essesssess........
......essesssess........
......esssssnsss........
......esssssssss........
......essslllsss........
.........sssssss........
..........sssss.........
..........ddd...........
..........sss...........
.......cccssscc.........
.....cccccccccccc.......
.....cccccccccccc.......
.....cccccccccccc.......
.....cccccccccccc.......
"""
"""A small head: eyes of one column four apart in row 10, its nose in row 12, its mouth in row 14."""

SHADES = {"n": (150, 110, 80, 255), "d": (140, 100, 70, 255)}
"""Colours of the nose and of the shadow under the chin."""


def small(changes: dict[tuple[int, int], str] | None = None, shift: tuple[int, int] = (0, 0)) -> np.ndarray:
    return draw(changes, SHADES, SMALL, shift)


def frame_of(portrait: np.ndarray) -> FaceFrame:
    return find_face(batch(portrait))


@pytest.mark.parametrize("shift", [(0, 0), (1, 0), (0, 2), (1, -1), (2, 1)])
def test_the_mouth_of_a_small_head_is_no_nose_and_its_chin_no_mouth(shift: tuple[int, int]) -> None:
    face = frame_of(small(shift=shift))
    assert face.found[0]
    assert (face.nose_row[0], face.mouth_row[0]) == (12 + shift[0], 14 + shift[0])


def test_a_small_head_that_looks_the_other_way_has_its_mouth_in_the_same_row() -> None:
    assert frame_of(small()[:, ::-1]).mouth_row[0] == 14


@pytest.mark.parametrize(("row", "which"), [(13, "raised"), (15, "lowered")])
def test_a_corner_of_a_small_mouth_is_seen(row: int, which: str) -> None:
    mouth = Landmarks(Punks(batch(small({(row, 9): "l"})))).mouth
    assert mouth.row[0] == 14
    assert getattr(mouth, which)[0, row, 9]


def test_a_small_head_behind_sunglasses_has_its_mouth_where_it_is() -> None:
    worn = {(9, 8): "kkkkkkk", (10, 8): "kkkskkk", (11, 8): "kkkskkk"}
    assert frame_of(small(worn)).mouth_row[0] == 14


def test_a_wide_nose_over_a_mouth_stays_a_nose() -> None:
    face = frame_of(draw({(15, 11): "kkk"}))
    assert (face.nose_row[0], face.mouth_row[0]) == (15, 17)


def test_a_moustache_is_not_the_mouth_of_a_small_head() -> None:
    face = frame_of(draw({(16, 10): "hhhhh"}))
    assert face.mouth_row[0] == 17


def test_small_heads_are_found_the_same_in_any_batch() -> None:
    portraits = [small(), draw(), small(shift=(1, 1)), draw(colors={"s": COLORS["b"]})]
    together = find_face(batch(*portraits))
    for item, portrait in enumerate(portraits):
        alone = frame_of(portrait)
        assert (alone.mouth_row[0], alone.nose_col[0]) == (together.mouth_row[item], together.nose_col[item])
