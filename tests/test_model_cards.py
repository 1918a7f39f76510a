"""Model cards: written, read back, refused when damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fakes import portrait
from punkdetect.errors import EnvironmentUnusableError
from punkdetect.model_cards import (
    Fitted,
    ModelCard,
    OutOfFold,
    pixel_digest,
    read_model_card,
    write_model_card,
)

CARD = ModelCard(
    detector="hairstyle.learned",
    version="3",
    model_sha256="ab" * 32,
    fitted_to={"00ff": Fitted("lad_1", "bespoke", "lad"), "0001": Fitted("lad_2", "bespoke", "lad")},
    answers={"hairstyle": {"00ff": OutOfFold("wavy", 0.7), "0001": OutOfFold(None, 0.0)}},
    notes={"seed": 0},
)


def test_a_written_card_reads_back_equal(tmp_path: Path) -> None:
    write_model_card(tmp_path / "card.json", CARD)
    assert read_model_card(tmp_path / "card.json") == CARD


def test_a_card_is_written_with_a_line_a_portrait(tmp_path: Path) -> None:
    write_model_card(tmp_path / "card.json", CARD)
    lines = (tmp_path / "card.json").read_text().splitlines()
    assert sum('"00ff"' in line for line in lines) == 2
    assert sum("lad_1" in line for line in lines) == 1


def test_an_empty_card_can_be_written(tmp_path: Path) -> None:
    bare = ModelCard("a.b", "1", "", {}, {})
    write_model_card(tmp_path / "card.json", bare)
    assert read_model_card(tmp_path / "card.json") == bare


def test_a_card_knows_the_families_it_has_seen() -> None:
    assert CARD.families == {("bespoke", "lad")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": "punkdetect/model-card/2"}',
        '{"schema": "punkdetect/model-card/1"}',
        '{"schema": "punkdetect/model-card/1", "detector": "a.b", "version": 1, "model_sha256": "",'
        ' "fitted_to": {}, "out_of_fold": {"a": {"00": ["x", 1.7]}}}',
        '{"schema": "punkdetect/model-card/1", "detector": "a.b", "version": 1, "model_sha256": "",'
        ' "fitted_to": {"00": ["a"]}, "out_of_fold": {}}',
    ],
)
def test_a_damaged_card_is_an_unusable_environment(tmp_path: Path, text: str) -> None:
    (tmp_path / "card.json").write_text(text)
    with pytest.raises(EnvironmentUnusableError, match="model card damaged"):
        read_model_card(tmp_path / "card.json")


def test_a_pixel_digest_tells_one_pixel_apart() -> None:
    one, other = portrait(), portrait(1)
    assert len(pixel_digest(one)) == 16
    assert pixel_digest(one) == pixel_digest(np.asfortranarray(one))
    assert pixel_digest(one) != pixel_digest(other)
