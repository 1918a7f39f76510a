"""The colour that an outline is drawn in: found where skin ends, and read as black lines are."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import COLORS, batch, draw
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks

BROWN, NAVY, SOFT_BLACK = (61, 35, 22, 255), (20, 30, 70, 255), (34, 34, 34, 255)


@pytest.mark.parametrize("color", [BROWN, NAVY, SOFT_BLACK])
def test_an_outline_of_another_dark_colour_is_read_as_black(color: tuple[int, int, int, int]) -> None:
    landmarks = Landmarks(Punks(batch(draw(colors={"k": color}))))
    np.testing.assert_array_equal(landmarks.inked.rgba, batch(draw()))
    assert 0 in landmarks.inked.palette.colors
    assert landmarks.palette.main_color(landmarks.skin.mask)[0][0] != 0


def test_a_black_outline_stays_and_dark_hair_beside_it_is_no_ink() -> None:
    hair = {(row, col): "h" for row in range(8, 20) for col in (6, 16)}
    portrait = batch(draw(hair, colors={"h": BROWN}))
    np.testing.assert_array_equal(Landmarks(Punks(portrait)).inked.rgba, portrait)


def test_a_head_without_outline_has_no_ink() -> None:
    portrait = batch(draw(colors={"k": COLORS["s"]}))
    np.testing.assert_array_equal(Landmarks(Punks(portrait)).inked.rgba, portrait)


def test_skin_as_dark_as_its_outline_has_no_ink() -> None:
    portrait = batch(draw(colors={"k": (50, 30, 20, 255), "s": (60, 38, 28, 255)}))
    np.testing.assert_array_equal(Landmarks(Punks(portrait)).inked.rgba, portrait)
