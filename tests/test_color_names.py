"""Names of colours: everyday colours have the names that everybody gives them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp

from punkdetect.color_names import (
    BASIC,
    Namer,
    between,
    certainty,
    name_basic,
    name_eye,
    name_hair,
    name_skin,
)
from punkdetect.pixels import lab_of
from punkdetect.vocabulary import TRAITS


def name(namer: Namer, words: tuple[str, ...], color: str) -> str:
    """Return the word for a colour written rrggbb."""
    rgb = np.array(list(bytes.fromhex(color)), np.uint8)
    return words[int(namer(lab_of(rgb)))]


@pytest.mark.parametrize(
    ("color", "word"),
    [
        ("000000", "black"),
        ("111111", "black"),
        ("808080", "gray"),
        ("c0c0c0", "gray"),
        ("ffffff", "white"),
        ("ff0000", "red"),
        ("8b0000", "red"),
        ("ffa500", "orange"),
        ("ffff00", "yellow"),
        ("00ff00", "green"),
        ("006400", "green"),
        ("808000", "green"),
        ("00ffff", "cyan"),
        ("40e0d0", "cyan"),
        ("0000ff", "blue"),
        ("000080", "blue"),
        ("87ceeb", "blue"),
        ("638596", "blue"),
        ("800080", "purple"),
        ("4b0082", "purple"),
        ("ffc0cb", "pink"),
        ("ff00ff", "pink"),
        ("ff69b4", "pink"),
        ("8b4513", "brown"),
        ("654321", "brown"),
        ("f5deb3", "beige"),
        ("d2b48c", "beige"),
    ],
)
def test_basic_colours(color: str, word: str) -> None:
    assert name(name_basic, BASIC, color) == word


@pytest.mark.parametrize(
    ("color", "word"),
    [
        ("000000", "black"),
        ("1a1a1a", "black"),
        ("352319", "brown"),
        ("5a3a24", "brown"),
        ("8a6545", "brown"),
        ("fff68e", "blonde"),
        ("d9b77e", "blonde"),
        ("93221e", "red"),
        ("7a2f1c", "red"),
        ("a63a1c", "red"),
        ("e65700", "orange"),
        ("c56a1c", "orange"),
        ("8f7a46", "blonde"),
        ("808080", "gray"),
        ("f0f0f0", "white"),
        ("ff8ebe", "pink"),
        ("5c3b6a", "purple"),
        ("2850b0", "blue"),
        ("28b143", "green"),
    ],
)
def test_hair_colours(color: str, word: str) -> None:
    assert name(name_hair, TRAITS["hair_color"], color) == word


@pytest.mark.parametrize(
    ("color", "word"),
    [
        ("f2d1c2", "light"),
        ("ead9d9", "light"),
        ("ae8b61", "medium"),
        ("c68642", "medium"),
        ("713f1d", "dark"),
        ("3b2219", "dark"),
        ("808080", "gray"),
        ("c8fbfb", "other"),
        ("7da269", "other"),
        ("9370db", "other"),
        ("ffcc00", "other"),
        ("ffffff", "other"),
    ],
)
def test_skin_tones(color: str, word: str) -> None:
    assert name(name_skin, TRAITS["skin_tone"], color) == word


@pytest.mark.parametrize(
    ("color", "word"),
    [
        ("000000", "black"),
        ("4b3533", "brown"),
        ("70522c", "brown"),
        ("69af64", "green"),
        ("6ba8b9", "blue"),
        ("2858b1", "blue"),
        ("4a4a4a", "gray"),
        ("a367ae", "purple"),
        ("ff2020", "red"),
        ("ff9900", "orange"),
        ("f0e020", "yellow"),
        ("ff9eb5", "pink"),
        ("ffffff", "white"),
    ],
)
def test_eye_colours(color: str, word: str) -> None:
    assert name(name_eye, TRAITS["eye_color"], color) == word


NAMERS = {
    name_basic: BASIC,
    name_hair: TRAITS["hair_color"],
    name_skin: TRAITS["skin_tone"],
    name_eye: TRAITS["eye_color"],
}


@settings(deadline=None, max_examples=50)
@given(hnp.arrays(np.uint8, (20, 3)))
def test_every_colour_has_a_name_and_a_certainty(rgb: np.ndarray) -> None:
    lab = lab_of(rgb)
    for namer, words in NAMERS.items():
        codes = namer(lab)
        assert ((codes >= 0) & (codes < len(words))).all()
        assert not {words[int(code)] for code in codes} & {"none", "multicolor"}
        sure = certainty(lab, namer)
        assert ((sure > 0) & (sure <= 1)).all()


def test_far_from_every_border_a_name_is_certain_and_on_one_it_is_not() -> None:
    green, between_black_and_brown = lab_of(np.array([[0, 200, 60], [38, 30, 26]], np.uint8))
    assert certainty(green, name_basic) == 1
    assert certainty(between_black_and_brown, name_hair) < 1


def test_a_range_of_hues_may_pass_through_red() -> None:
    assert between(np.array([350.0, 10.0, 20.0, 180.0]), 345, 15).tolist() == [True, True, False, False]
