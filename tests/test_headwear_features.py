"""The numbers that describe what is on a head: of that head alone, and true of what is drawn."""

from __future__ import annotations

from drawn_faces import describe, draw
from punkdetect.detectors._headwear.features import headwear_features

COLORS = {"R": (200, 30, 30, 255), "G": (240, 190, 40, 255)}

CAP_ROWS = (4, 5, 6, 7)
"""Rows that a red cap lies in, with a visor to the right in the last one."""

CAP = {(row, 7): "R" * (9 if row < CAP_ROWS[-1] else 13) for row in CAP_ROWS}


def test_a_visor_reaches_out_on_one_side_and_a_mirrored_one_on_one_side_too() -> None:
    cap = draw(CAP, COLORS)
    for described in (describe(headwear_features, cap), describe(headwear_features, cap[:, ::-1])):
        assert described["hat_reach_most"][0] >= 3
        assert described["hat_reach_least"][0] <= 1


def test_gold_over_the_eyes_is_counted() -> None:
    gold = {(6, 7): "GGGGGGGGG"}
    described = describe(headwear_features, draw(), draw(gold, COLORS))
    assert described["golden"].tolist() == [0, 9]


def test_a_flower_has_an_eye_and_a_bow_a_knot() -> None:
    hair = {(row, 6): "h" * 11 for row in (2, 3, 4, 5, 6, 7)}
    flower = {(3, 11): "hRh", (4, 11): "RGR", (5, 11): "hRh"}
    bow = {(3, 10): "RhhhR", (4, 10): "RRRRR", (5, 10): "RhhhR"}
    described = describe(headwear_features, *(draw({**hair, **piece}, COLORS) for piece in (flower, bow)))
    assert described["piece_eyes"].tolist() == [1, 0]
    assert described["piece_loops_over_knot"].tolist() == [-2, 2]
