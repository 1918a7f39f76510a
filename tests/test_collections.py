"""What other hands drew: labels fit their sheets, and what is only measured was never fitted to."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from punkdetect.config import find_config, read_config
from punkdetect.detectors import load_registry
from punkdetect.landmarks import Landmarks
from punkdetect.model_cards import pixel_digest
from punkdetect.punks import Punks
from punkdetect.training.examples import Examples
from punkdetect.training.readers import read_collections
from punkdetect.training.shipping import digests_of

FOLDER = Path(__file__).parent.parent / "data" / "collections"
CARDS = Path(__file__).parent.parent / "src" / "punkdetect" / "models"
LEAST = {
    "expression": 0.94,
    "facial_hair": 0.83,
    "eyewear": 0.94,
    "earrings": 0.96,
    "mouth_item": 0.95,
    "headwear": 0.85,
}
"""Shares right of the unseen collections together: a little under what docs/accuracy.md says."""

TOLD = ("headwear", "eyewear", "earrings", "mouth_item", "facial_hair", "expression")


def portraits(examples: Examples) -> set[str]:
    return {pixel_digest(rgba) for rgba in Punks(examples.rgba).rgba}


@pytest.fixture(scope="module")
def fitted() -> Examples:
    return read_collections(FOLDER / "fitted")


@pytest.fixture(scope="module")
def unseen() -> Examples:
    return read_collections(FOLDER / "unseen")


@pytest.mark.parametrize("kind", ["extreme", "fitted", "unseen"])
def test_every_sheet_has_labels_and_every_label_a_portrait(kind: str) -> None:
    sheets = {path.stem for path in (FOLDER / kind).glob("*.png")}
    labels = list((FOLDER / kind).glob("*.csv"))
    assert sheets == {path.stem for path in labels}
    rows = sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in labels)
    assert len(read_collections(FOLDER / kind)) == rows >= 300 * len(labels)


def test_no_portrait_is_both_fitted_to_and_unseen(fitted: Examples, unseen: Examples) -> None:
    assert not portraits(fitted) & portraits(unseen)
    assert not portraits(fitted) & portraits(read_collections(FOLDER / "extreme"))


def test_every_value_that_is_told_is_drawn_by_several_hands(fitted: Examples) -> None:
    for trait in TOLD:
        for value, column in enumerate(fitted.targets[trait].T):
            hands = len(np.unique(fitted.collections[column]))
            assert hands >= 4, f"{trait} {value}: {hands}"


def test_the_readme_names_every_collection_there_is() -> None:
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*/*.csv"):
        assert f"| `{path.stem}` |" in told


@pytest.mark.parametrize(
    "name",
    [
        "eyewear.network",
        "headwear.network",
        "headwear.signs",
        "earrings.signs",
        "eyewear.signs",
        "mouth_item.signs",
        "facial_hair.signs",
    ],
)
def test_cards_name_what_was_fitted_to_and_nothing_of_what_was_not(
    name: str, fitted: Examples, unseen: Examples
) -> None:
    notes = json.loads((CARDS / f"{name}.card.json").read_text(encoding="utf-8"))["notes"]
    assert notes["others"] == digests_of(fitted)
    assert not set(notes["others"].values()) & set(digests_of(unseen).values())


def test_unseen_collections_are_read_as_well_as_is_said(unseen: Examples) -> None:
    config, registry = read_config(find_config(None)), load_registry().detectors
    punks = Punks(unseen.rgba)
    landmarks = Landmarks(punks)
    for trait, least in LEAST.items():
        codes = registry[config.traits[trait].detector].detect(punks, landmarks).codes
        labelled = unseen.targets[trait].any(axis=1)
        right = unseen.targets[trait][np.arange(len(codes)), codes] & (codes >= 0)
        assert right[labelled].mean() >= least, f"{trait}: {right[labelled].mean():.3f}"
