"""Traits of hair agree with its length on whether there is any."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drawn_faces import draw
from fakes import CornerDetector
from punkdetect.detectors import load_registry
from punkdetect.detectors._where_hair_is import ASKING, WhereHairIs, where_hair_is_of
from punkdetect.landmarks import Landmarks
from punkdetect.model_cards import read_model_card
from punkdetect.punks import NOT_FOUND, Punks, TraitColumn, make_column
from punkdetect.synth import draw as draw_portraits

BROWN, LONG = 2, 3
SHIPPED = [d for d in load_registry().detectors.values() if isinstance(d, WhereHairIs)]


def column(trait: str, codes: list[int], confidence: float) -> TraitColumn:
    evidence = np.ones((len(codes), 24, 24), bool)
    return make_column(trait, np.array(codes), np.full(len(codes), confidence), evidence)


@pytest.fixture
def colored(tmp_path: Path) -> WhereHairIs:
    hair = CornerDetector("hair_length", "both", "3")
    hair.model_card, hair.model_digest = tmp_path / "hair_length.both.card.json", "ab"  # type: ignore[attr-defined]
    return WhereHairIs(CornerDetector("hair_color", "rule", "2"), hair)


def test_what_was_taken_for_hair_where_there_is_none_is_none(colored: WhereHairIs) -> None:
    said = column("hair_color", [BROWN, BROWN, 0, NOT_FOUND], 0.9)
    both = colored.join(said, column("hair_length", [0, LONG, LONG, 0], 0.7))
    assert both.codes.tolist() == [0, BROWN, 0, NOT_FOUND]
    assert both.confidence.tolist() == [0.7, 0.9, 0.9, 0.0]
    assert both.evidence.any(axis=(1, 2)).tolist() == [False, True, True, False]


def test_hair_that_is_none_has_no_exact_colour(tmp_path: Path) -> None:
    hair = CornerDetector("hair_length", "both", "3")
    hair.model_card, hair.model_digest = tmp_path / "hair_length.both.card.json", "ab"  # type: ignore[attr-defined]
    exact = WhereHairIs(CornerDetector("hair_hex", "rule", "2"), hair)
    black, brown = 0x000000, 0x5A3C1E
    said = column("hair_hex", [brown, brown, black, black], 0.9)
    both = exact.join(said, column("hair_length", [0, LONG, LONG, 0], 0.7))
    assert both.codes.tolist() == [NOT_FOUND, brown, black, NOT_FOUND]
    assert both.confidence.tolist() == [0.0, 0.9, 0.9, 0.0]
    assert both.evidence.any(axis=(1, 2)).tolist() == [False, True, True, False]


def test_it_asks_both_of_its_detectors(colored: WhereHairIs) -> None:
    rgba = np.stack([draw()] * 2)
    rgba[:, 0, 0] = [(BROWN, 0, 0, 255), (0, 0, 0, 255)]  # what both corners say
    punks = Punks(rgba)
    assert colored.detect(punks, Landmarks(punks)).codes.tolist() == [BROWN, 0]


def test_its_version_is_that_of_both(colored: WhereHairIs) -> None:
    assert (colored.name, colored.version) == ("hair_color.where_hair_is", "2+3")


def test_without_the_detector_of_length_there_is_none() -> None:
    assert where_hair_is_of({name: CornerDetector(*name.split(".")) for name in ASKING}) == ()


@pytest.mark.parametrize("detector", SHIPPED, ids=lambda d: d.name)
def test_the_card_belongs_to_the_detector(detector: WhereHairIs) -> None:
    card = read_model_card(detector.model_card)
    assert (card.detector, card.version) == (detector.name, str(detector.version))
    assert card.model_sha256 == detector.model_digest
    assert len(card.answers[detector.trait]) > 100


def test_the_shipped_traits_never_disagree_about_hair_that_length_does_not_see() -> None:
    punks = Punks(draw_portraits(300, 11).rgba)
    landmarks = Landmarks(punks)
    assert {d.trait for d in SHIPPED} == {"hair_color", "hair_hex", "hairstyle"}
    bare = SHIPPED[0].hair.detect(punks, landmarks).codes == 0
    assert bare.any()
    for detector in SHIPPED:
        assert (detector.detect(punks, landmarks).codes[bare] <= 0).all()
