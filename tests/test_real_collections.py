"""How often the scan is right on labelled portraits of two real collections, against what was aimed at.

The answers are those that a person gets: `scan --all`, written as a table, read back and counted as
`validate` counts. A learned detector is counted by its out-of-fold answers on the portraits that it was
fitted to.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from fakes import run_command
from punkdetect.config import read_config
from punkdetect.detectors import load_registry
from punkdetect.evaluate import Evaluation, evaluate, match_pictures
from punkdetect.gate import make_plan
from punkdetect.inputs import SheetLayout, find_inputs
from punkdetect.labels import Labels, image_stem, read_labels
from punkdetect.metrics import Score, score
from punkdetect.vocabulary import ALL_TRAITS

BESPOKE = {
    "type": 0.93,
    "expression": 0.98,
    "eyewear": 0.95,
    "earrings": 0.95,
    "headwear": 0.80,
    "facial_hair": 0.88,
    "hairstyle": 0.80,
    "hair_length": 0.85,
    "hair_color": 0.85,
    "skin_tone": 0.92,
    "background": 0.97,
    "background_color": 0.92,
    "mouth_item": 0.97,
    "neckwear": 0.80,
}
"""Least accuracy by trait on 144 Bespoke Punks."""

BESPOKE_COLORS = {
    "eye_color": 0.80,
    "skin_hex": 0.97,
    "background_hex": 0.97,
    "lips_hex": 0.97,
    "hair_hex": 0.90,
    "eyes_hex": 0.90,
    "clothing_hex": 0.90,
}
"""The same for the colours of half of them."""

CRYPTOPUNKS = {
    "type": 0.99,
    "expression": 0.99,
    "eyewear": 0.98,
    "earrings": 0.98,
    "headwear": 0.95,
    "facial_hair": 0.95,
    "hairstyle": 0.90,
    "hair_length": 0.90,
    "hair_color": 0.95,
    "skin_tone": 0.98,
    "background": 0.999,
    "mouth_item": 0.98,
    "neckwear": 0.98,
    "skin_hex": 0.99,
}
"""The same for 5,000 CryptoPunks, cut from their sheet."""

TABLES = {
    "bespoke/labels.csv": BESPOKE,
    "bespoke/colors.csv": BESPOKE_COLORS,
    "cryptopunks/labels.csv": CRYPTOPUNKS,
}
PICTURES = {"bespoke": "images24", "cryptopunks": "punks_0000-4999.png"}
SHEET = SheetLayout(tile=24, name="punk_{id:04d}")

GOALS = [(table, trait, goal) for table, goals in TABLES.items() for trait, goal in goals.items()]


@cache
def scanned(data: Path, collection: str) -> dict[str, dict[str, str]]:
    """The rows that `scan` writes, by image."""
    pictures = data / collection / PICTURES[collection]
    config = Path(__file__).parents[1] / "configs" / "features.yaml"
    sheet = ("--tile", "24", "--name", "punk_{id:04d}") if pictures.is_file() else ()
    done = run_command("scan", pictures, *sheet, "--all", "--quiet", "--config", config)
    assert done.code == 0, done.err
    rows = list(csv.DictReader(done.out.decode().splitlines()))
    found = {image_stem(row["image"]): row for row in rows}
    assert len(found) == len(rows)
    return found


@cache
def labelled(data: Path, table: str) -> Labels:
    return read_labels(data / table)


@cache
def learned(data: Path, table: str) -> dict[str, Evaluation]:
    """What `validate` measures of learned detectors, by trait."""
    settings = read_config(Path(__file__).parents[1] / "configs" / "features.yaml")
    plan = make_plan(settings, load_registry().detectors, None, everything=True)
    detectors = [p.detector for p in plan if getattr(p.detector, "model_card", None) is not None]
    if not detectors:
        return {}
    collection = table.split("/")[0]
    pictures = data / collection / PICTURES[collection]
    found = find_inputs([pictures], sheet=SHEET if pictures.is_file() else None)
    matched = match_pictures(labelled(data, table), [(pictures, list(found.items))])
    kept = [d for d in detectors if d is not None]
    return {e.detector.trait: e for e in evaluate(matched, kept, settings)}


def score_of(data: Path, table: str, trait: str) -> Score:
    """How often a trait is answered rightly on the labelled portraits of one table."""
    if trait in learned(data, table):
        return learned(data, table)[trait].real
    answers = scanned(data, table.split("/")[0])
    rows = [row for row in labelled(data, table).rows if trait in row.accepted]
    return score([(row.image, row.accepted[trait], answers[row.image][trait] or None) for row in rows])


@pytest.mark.parametrize(("collection", "n"), [("bespoke", 144), ("cryptopunks", 5000)])
def test_every_labelled_portrait_has_its_row(shared_data: Path, collection: str, n: int) -> None:
    rows = scanned(shared_data, collection)
    assert set(rows) == {row.image for row in labelled(shared_data, f"{collection}/labels.csv").rows}
    assert len(rows) == n
    assert {row["status"] for row in rows.values()} == {"ok"}


@pytest.mark.parametrize("table", TABLES)
def test_every_labelled_trait_has_a_goal(shared_data: Path, table: str) -> None:
    traits = {t for row in labelled(shared_data, table).rows for t in row.accepted}
    assert traits == set(TABLES[table]) <= set(ALL_TRAITS)


@pytest.mark.parametrize(("table", "trait", "goal"), GOALS)
def test_a_trait_is_right_as_often_as_aimed_at(
    shared_data: Path, table: str, trait: str, goal: float
) -> None:
    found = score_of(shared_data, table, trait)
    misses = "".join(f"\n  {image}: {'|'.join(a)} -> {said}" for image, a, said in found.misses[:30])
    figures = f"{trait} on {table}: {found.correct} of {found.n} right, best constant {found.constant!r}"
    assert found.accuracy >= goal, figures + misses
    if len({value for row in labelled(shared_data, table).rows for value in row.accepted.get(trait, ())}) > 1:
        assert found.accuracy > found.constant_accuracy, figures + misses
