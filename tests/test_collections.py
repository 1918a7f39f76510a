"""What other hands drew: labels fit their sheets, and what is only measured was never fitted to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from punkdetect.model_cards import pixel_digest
from punkdetect.punks import Punks
from punkdetect.training.examples import Examples
from punkdetect.training.readers import read_collections

FOLDER = Path(__file__).parent.parent / "data" / "collections"
TOLD = ("headwear", "eyewear", "earrings", "mouth_item", "facial_hair", "expression")


def portraits(examples: Examples) -> set[str]:
    return {pixel_digest(rgba) for rgba in Punks(examples.rgba).rgba}


@pytest.fixture(scope="module")
def fitted() -> Examples:
    return read_collections(FOLDER / "fitted")


@pytest.fixture(scope="module")
def unseen() -> Examples:
    return read_collections(FOLDER / "unseen")


@pytest.mark.parametrize("kind", ["fitted", "unseen"])
def test_every_sheet_has_labels_and_every_label_a_portrait(kind: str) -> None:
    sheets = {path.stem for path in (FOLDER / kind).glob("*.png")}
    labels = list((FOLDER / kind).glob("*.csv"))
    assert sheets == {path.stem for path in labels}
    rows = sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in labels)
    assert len(read_collections(FOLDER / kind)) == rows >= 300 * len(labels)


def test_no_portrait_is_both_fitted_to_and_unseen(fitted: Examples, unseen: Examples) -> None:
    assert not portraits(fitted) & portraits(unseen)


def test_every_value_that_is_told_is_drawn_by_several_hands(fitted: Examples) -> None:
    for trait in TOLD:
        for value, column in enumerate(fitted.targets[trait].T):
            hands = len(np.unique(fitted.collections[column]))
            assert hands >= 4, f"{trait} {value}: {hands}"


def test_the_readme_names_every_collection_there_is() -> None:
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*/*.csv"):
        assert f"| `{path.stem}` |" in told
