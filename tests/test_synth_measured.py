"""Headwear drawn from measures: any number of each kind, which sit on every head as their kind does."""

from __future__ import annotations

import numpy as np
import pytest

from punkdetect.synth import chances, draw_pinned
from punkdetect.synth.heads import all_heads
from punkdetect.synth.headwear import GRIDS, MEASURED, headwear_sprite
from punkdetect.synth.headwear.measured import SHAPES, measured_hat
from punkdetect.synth.sprites import EYE, LEFT, RIGHT, TOP, fit_sprite
from punkdetect.vocabulary import TRAITS

NUMBERS = range(60)
COVERING = ("cap", "beanie", "bucket_hat", "cowboy_hat", "top_hat", "fedora", "wizard_hat", "bandana")


def opaque(value: str, number: int) -> np.ndarray:
    return np.array(measured_hat(value, number)[1]) != "."


def test_there_are_measures_for_every_kind_of_headwear() -> None:
    assert set(SHAPES) == set(TRAITS["headwear"]) - {"none"} == set(GRIDS)


@pytest.mark.parametrize("value", sorted(SHAPES))
def test_one_number_is_one_hat_and_numbers_differ(value: str) -> None:
    assert measured_hat(value, 7) == measured_hat(value, 7)
    assert len({opaque(value, n).tobytes() for n in NUMBERS}) >= 10


@pytest.mark.parametrize("value", COVERING)
def test_what_covers_reaches_from_side_to_side_above_the_eyes(value: str) -> None:
    for number in NUMBERS:
        how, letters = measured_hat(value, number)
        hat = np.array(letters) != "."
        assert how == "cover"
        assert hat[TOP:EYE, LEFT + 2 : RIGHT - 1].any(axis=0).all(), number
        assert not hat[EYE, LEFT + 1 : RIGHT].any(), f"{number} hides the eyes"


def test_a_hood_leaves_the_face_open() -> None:
    for number in NUMBERS:
        how, letters = measured_hat("hood", number)
        face = np.array(letters)[EYE - 1 : EYE + 5, LEFT + 1 : RIGHT]
        assert how == "hood"
        assert (face == ".").all(), number


def test_a_top_hat_is_higher_than_a_fedora_and_a_wizards_hat_ends_in_a_point() -> None:
    def rows(value: str) -> float:
        return float(np.mean([opaque(value, n).any(axis=1).sum() for n in NUMBERS]))

    assert rows("top_hat") > rows("fedora")
    for number in NUMBERS:
        wide = opaque("wizard_hat", number).sum(axis=1)
        used = wide[wide > 0]
        assert used[0] < used.max() / 2, number


def test_every_hat_that_covers_can_be_put_on_every_head() -> None:
    heads = [head for found in all_heads().values() for head in found]
    for value in COVERING:
        for number in range(12):
            sprite = headwear_sprite(value, f"{MEASURED}{number}")
            for head in heads[::7]:
                assert fit_sprite(sprite, head).own, f"{sprite.name} on {head.name}"


def test_a_halo_above_the_picture_is_not_said_to_be_worn() -> None:
    wanted = {"type": "male", "headwear": "halo", "headwear_shape": f"{MEASURED}2"}
    drawn = draw_pinned([{**wanted, "head": head} for head in ("plain own", "broad long_jaw")], 2)
    assert [TRAITS["headwear"][code] for code in drawn.labels["headwear"]] == ["halo", "none"]


def test_half_of_what_is_worn_on_the_head_is_measured() -> None:
    from punkdetect.synth.dice import Dice
    from punkdetect.synth.plan import make_plan

    plans = [make_plan(Dice(5, i)) for i in range(600)]
    worn = [p.headwear_shape.startswith(MEASURED) for p in plans if p.headwear != "none"]
    assert abs(np.mean(worn) - chances.MEASURED_HAT) < 0.12
