"""The numbers that describe what is worn over the eyes: of that face alone, and true of what is drawn."""

from __future__ import annotations

from drawn_faces import describe, draw
from punkdetect.detectors._eyewear.features import eyewear_features

COLORS = {"R": (200, 30, 30, 255), "B": (40, 60, 220, 255), "p": (30, 30, 36, 255)}

BAR = {(row, 8): "RRRRRRRRR" for row in (10, 11, 12)}
"""One red piece over both eyes."""

FILTERS = {(row, col): lens for row in (11, 12) for col, lens in ((8, "RRR"), (13, "BBB"))}
"""A red and a blue lens."""

PATCH = {(row, 8): "pppp" for row in (10, 11, 12)}
"""A black piece over one eye."""


def test_what_is_worn_has_a_colour_of_its_own_and_covers_the_nose() -> None:
    described = describe(eyewear_features, draw(), draw(BAR, COLORS))
    for row, step in zip(BAR, (3, 4, 5), strict=True):
        assert described[f"own_nose_both_{step}"].tolist() == [0, 4], row
        bare, worn = described[f"middle_from_skin_{step}"]
        assert bare == 0
        assert worn > 50


def test_one_eye_is_unlike_the_other_under_a_patch_on_whichever_side() -> None:
    described = describe(
        eyewear_features, draw(BAR, COLORS), draw(PATCH, COLORS), draw(PATCH, COLORS)[:, ::-1]
    )
    assert (described["lens_from_lens"] > 0).tolist() == [False, True, True]


def test_a_red_lens_is_far_from_a_blue_one() -> None:
    described = describe(eyewear_features, draw(BAR, COLORS), draw(FILTERS, COLORS))
    assert described["lens_from_lens"][0] == 0
    assert described["lens_from_lens"][1] >= 60
