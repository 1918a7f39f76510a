"""The numbers that describe what is worn over the eyes: of that face alone, and true of what is drawn."""

from __future__ import annotations

import numpy as np

from drawn_faces import batch, draw
from punkdetect.detectors._eyewear_features import eyewear_features
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks

COLORS = {"R": (200, 30, 30, 255), "B": (40, 60, 220, 255), "p": (30, 30, 36, 255)}

BAR = {(row, 8): "RRRRRRRRR" for row in (10, 11, 12)}
"""One red piece over both eyes."""

FILTERS = {(row, col): lens for row in (11, 12) for col, lens in ((8, "RRR"), (13, "BBB"))}
"""A red and a blue lens."""

PATCH = {(row, 8): "pppp" for row in (10, 11, 12)}
"""A black piece over one eye."""


def describe(*portraits: np.ndarray) -> dict[str, np.ndarray]:
    punks = Punks(batch(*portraits))
    names, values = eyewear_features(punks, Landmarks(punks))
    assert values.shape == (len(portraits), len(names))
    return dict(zip(names, values.T, strict=True))


def test_every_number_has_a_name_of_its_own_and_is_finite() -> None:
    punks = Punks(batch(draw(), draw(BAR, COLORS)))
    names, values = eyewear_features(punks, Landmarks(punks))
    assert len(set(names)) == len(names) == values.shape[1]
    assert np.isfinite(values).all()


def test_a_portrait_has_the_same_numbers_in_any_company() -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 256, (24, 24, 4), np.uint8)
    noise[..., 3] = 255  # many colours: the others' palettes grow
    portraits = [draw(), draw(BAR, COLORS), draw(PATCH, COLORS), noise]
    together = describe(*portraits)
    for i, portrait in enumerate(portraits):
        alone = describe(portrait)
        for name, values in together.items():
            assert values[i] == alone[name][0], name


def test_no_portraits_have_no_numbers() -> None:
    punks = Punks(np.zeros((0, 24, 24, 4), np.uint8))
    names, values = eyewear_features(punks, Landmarks(punks))
    assert values.shape == (0, len(names))


def test_what_is_worn_has_a_colour_of_its_own_and_covers_the_nose() -> None:
    described = describe(draw(), draw(BAR, COLORS))
    for row, step in zip(BAR, (3, 4, 5), strict=True):
        assert described[f"own_nose_both_{step}"].tolist() == [0, 4], row
        bare, worn = described[f"middle_from_skin_{step}"]
        assert bare == 0
        assert worn > 50


def test_one_eye_is_unlike_the_other_under_a_patch_on_whichever_side() -> None:
    described = describe(draw(BAR, COLORS), draw(PATCH, COLORS), draw(PATCH, COLORS)[:, ::-1])
    assert (described["lens_from_lens"] > 0).tolist() == [False, True, True]


def test_a_red_lens_is_far_from_a_blue_one() -> None:
    described = describe(draw(BAR, COLORS), draw(FILTERS, COLORS))
    assert described["lens_from_lens"][0] == 0
    assert described["lens_from_lens"][1] >= 60
