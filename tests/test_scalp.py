"""The scalp of heads without a body of hair: strands and shaved shades, not highlights, hats or hair."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import batch, draw
from punkdetect.landmarks import Landmarks, Scalp
from punkdetect.punks import Punks

Changes = dict[tuple[int, int], str]

COLORS = {
    "d": (160, 122, 84, 255),
    "g": (120, 120, 120, 255),
    "n": (30, 60, 190, 255),
    "i": (240, 205, 165, 255),
}
"""A shade of the skin, gray cloth, a blue hat, a highlight."""

BALD: Changes = {(row, 7): "sssssssss" for row in (6, 7)}
STRANDS: Changes = {**BALD, (6, 8): "h", (7, 8): "h", (6, 11): "h", (7, 11): "h", (6, 14): "h", (7, 14): "h"}
SHAVED: Changes = {(6, 7): "ddddddddd", (7, 7): "ddddddddd", (8, 7): "d", (8, 15): "d"}
HIGHLIGHT: Changes = {**BALD, (6, 8): "ii", (7, 8): "i"}


def find(*portraits: np.ndarray) -> Scalp:
    return Landmarks(Punks(batch(*portraits))).scalp


def face(changes: Changes, **others: object) -> np.ndarray:
    return draw(changes, COLORS, **others)  # type: ignore[arg-type]


def test_a_bald_head_has_nothing_on_its_scalp() -> None:
    scalp = find(face(BALD))
    assert not scalp.shorn[0]
    assert not scalp.mask.any()


def test_a_few_lone_strands_are_hair_and_are_shown() -> None:
    scalp = find(face(STRANDS))
    assert scalp.shorn[0]
    assert scalp.mask[0].sum() == 6
    assert scalp.mask[0][7, [8, 11, 14]].all()


@pytest.mark.parametrize("shift", [(-2, 0), (1, 1), (2, -1)])
def test_strands_are_found_wherever_the_head_lies(shift: tuple[int, int]) -> None:
    assert find(face(STRANDS, shift=shift)).shorn[0]


def test_a_highlight_on_a_bald_head_is_no_hair() -> None:
    assert not find(face(HIGHLIGHT)).shorn[0]


def test_a_tight_darker_shade_of_the_skin_is_a_shaved_head() -> None:
    scalp = find(face(SHAVED))
    assert scalp.shorn[0]
    assert scalp.mask[0][6, 7:16].all()


def test_a_gray_cloth_as_tight_as_a_shave_is_no_hair() -> None:
    cloth = {at: text.replace("d", "g") for at, text in SHAVED.items()}
    assert not find(face(cloth)).shorn[0]


def test_a_hat_is_no_shave() -> None:
    hat = {(4, 8): "nnnnnnn", (5, 7): "nnnnnnnnn", (6, 6): "nnnnnnnnnnn", (7, 5): "nnnnnnnnnnnnn"}
    assert not find(face(hat)).shorn[0]


def test_a_head_with_a_body_of_hair_is_not_shorn() -> None:
    dome = {(3, 9): "hhhhh", (4, 8): "hhhhhhh", (5, 7): "hhhhhhhhh", (6, 6): "hhhhhhhhhhh"}
    assert not find(face({**dome, (7, 6): "hhhhhhhhhhh", (8, 6): "hh", (8, 15): "hh"})).shorn[0]


def test_a_picture_without_a_face_has_no_scalp() -> None:
    scalp = find(np.zeros((24, 24, 4), np.uint8), face(STRANDS))
    assert scalp.shorn.tolist() == [False, True]
    assert not scalp.mask[0].any()
