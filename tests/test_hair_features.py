"""The numbers that describe hair: of its own pixels, and the same for a mirrored portrait."""

from __future__ import annotations

import numpy as np

from drawn_faces import describe, draw
from punkdetect.bitrows import bits_of
from punkdetect.detectors import _hair_features as features
from punkdetect.detectors._hair_features import hair_features

HAIR = {
    (3, 9): 5,
    (4, 8): 7,
    (5, 7): 9,
    (6, 6): 11,
    (7, 6): 11,
    **{(row, col): 2 for row in range(8, 12) for col in (5, 16)},
}
"""Rows of hair over the head and down the temples: first pixel and length."""

COLORS = {"H": (150, 110, 70, 255)}


def painted(every: int, of: int) -> np.ndarray:
    """Draw hair whose lit pixels lie on slanted lines: one row down, `every` columns aside."""
    letters = {
        (row, col): "".join("Hhhh"[(every * row + col + i) % of] for i in range(length))
        for (row, col), length in HAIR.items()
    }
    return draw({(8, 7): "sssssssss", **letters}, COLORS)


def test_mirrored_hair_has_the_same_shading_and_outline() -> None:
    rng = np.random.default_rng(0)
    hair = rng.random((5, 24, 24)) < 0.6
    light = rng.choice([10.0, 25.0, 40.0], hair.shape)
    mirrored = np.ascontiguousarray(hair[..., ::-1])
    shading, other = features._shading(light, hair), features._shading(light[..., ::-1], mirrored)
    for name in shading:
        np.testing.assert_allclose(shading[name], other[name], atol=1e-12, err_msg=name)
    outline = features._steps_of_outline(hair, bits_of(hair))
    for name, values in features._steps_of_outline(mirrored, bits_of(mirrored)).items():
        np.testing.assert_allclose(outline[name], values, err_msg=name)


def test_strands_that_run_one_way_are_told_from_a_checker() -> None:
    described = describe(hair_features, painted(1, 3), painted(1, 2))
    assert described["slanted_same_apart"][0] > 0.4
    assert described["slanted_same_apart"][1] < 0.1
    assert described["checker"][1] > described["checker"][0]


def test_hair_of_one_colour_is_described_by_its_outline_alone() -> None:
    described = describe(hair_features, painted(0, 1))
    assert described["flat"][0] == 1
    assert described["flat_area"][0] > 0
    assert not any(described[name][0] for name in ("area", "checker", "fourier_ring_5", "pattern_9"))


def test_hair_that_stands_off_at_the_temples_flares_and_what_hangs_does_not() -> None:
    wig = {(row, col): "h" * 4 for row in range(6, 13) for col in (2, 17)}
    hanging = {(row, col): "h" * 4 for row in range(6, 20) for col in (2, 17)}
    hair = {(row, 6): "h" * 11 for row in range(3, 8)}
    heads = (draw({(8, 7): "sssssssss", **hair, **beside}) for beside in (wig, hanging, {}))
    described = describe(hair_features, *heads)
    assert described["flat_flare"][0] >= 4
    assert described["flat_flare"][1] == described["flat_flare"][2] == 0
