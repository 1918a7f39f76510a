"""What holds for any picture: a report, honest confidences, evidence inside, the same in any batch."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import parts_of
from punkdetect.detectors import load_registry
from punkdetect.gate import TraitPlan, Verdict
from punkdetect.landmarks import Landmarks
from punkdetect.pipeline import Analyzer, Loaded
from punkdetect.punks import Punks, Source
from punkdetect.reports import Reports
from punkdetect.synth import draw
from punkdetect.writers.csv_format import CsvFormat
from punkdetect.writers.json_format import JsonLinesFormat

KINDS = ("noise", "few colours", "shape", "flat", "transparent", "translucent")


def drawn(seed: int, kind: str) -> np.ndarray:
    """A picture of one kind; equal seeds give equal pictures."""
    random = np.random.default_rng(seed)
    if kind == "flat":
        return np.broadcast_to(random.integers(0, 256, 4, np.uint8), (24, 24, 4)).copy()
    if kind == "transparent":
        return np.zeros((24, 24, 4), np.uint8)
    if kind == "translucent":
        return random.integers(0, 256, (24, 24, 4), np.uint8)
    rgba = np.full((24, 24, 4), 255, np.uint8)
    if kind == "noise":
        rgba[..., :3] = random.integers(0, 256, (24, 24, 3), np.uint8)
        return rgba
    colors = random.integers(0, 256, (random.integers(2, 12), 3), np.uint8)
    if kind == "few colours":
        rgba[..., :3] = colors[random.integers(0, len(colors), (24, 24))]
        return rgba
    rgba[..., :3] = colors[0]
    for color in colors[1:]:  # boxes over one another, as heads, hats and clothes are
        top, left = random.integers(0, 20, 2)
        height, width = random.integers(1, 16, 2)
        rgba[top : top + height, left : left + width, :3] = color
    if random.random() < 0.5:
        rgba[(rgba[..., :3] == colors[0]).all(-1)] = 0
    return rgba


PICTURES = st.builds(drawn, st.integers(0, 2**32 - 1), st.sampled_from(KINDS))


@cache
def analyzer() -> Analyzer:
    """Every detector there is, one a trait in turn."""
    shown = Verdict(True, True, "")
    by_trait = {d.trait: d for d in load_registry().detectors.values()}
    return Analyzer([TraitPlan(t, d, shown, 0.0, d.vocabulary, True) for t, d in by_trait.items()])


def reports_of(*pictures: np.ndarray) -> Reports:
    return analyzer().examine([Loaded(f"p{i}", p, Source(f"p{i}")) for i, p in enumerate(pictures)])


def written(block: Reports) -> list[tuple[str, str]]:
    table, lines = CsvFormat(block.headings), JsonLinesFormat(evidence=True)
    return list(zip(table.records(block), lines.records(block), strict=True))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(PICTURES)
def test_any_picture_gives_a_report(picture: np.ndarray) -> None:
    report = reports_of(picture).report(0)
    assert report.status == "ok", report.message
    for trait, answer in report.answers.items():
        assert 0 <= answer.confidence <= 1, trait
        assert answer.evidence.shape == (24, 24), trait
        assert answer.confidence > 0 or answer.value is None, trait
        assert answer.value is not None or not answer.evidence.any(), trait
        assert answer.confidence == round(answer.confidence, 4), trait


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PICTURES, min_size=2, max_size=6))
def test_a_batch_of_many_equals_batches_of_one(pictures: list[np.ndarray]) -> None:
    together = [row for _, row in written(reports_of(*pictures))]
    alone = [written(reports_of(p))[0][1].replace('"p0"', f'"p{i}"') for i, p in enumerate(pictures)]
    assert together == alone


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PICTURES, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_a_batch_changes_no_answer(pictures: list[np.ndarray], random: object) -> None:
    order = list(range(len(pictures)))
    random.shuffle(order)  # type: ignore[attr-defined]
    plain = [row.split(",", 1)[1] for row, _ in written(reports_of(*pictures))]
    mixed = [row.split(",", 1)[1] for row, _ in written(reports_of(*(pictures[i] for i in order)))]
    assert mixed == [plain[i] for i in order]


def test_real_portraits_get_the_same_bytes_in_blocks_of_any_size(shared_data: Path) -> None:
    from punkdetect.inputs import find_inputs

    def text(block: int) -> str:
        found = find_inputs([shared_data / "bespoke" / "images24"])
        form = JsonLinesFormat(evidence=True)
        return "".join(r for reports in analyzer().run(found.items, block) for r in form.records(reports))

    whole = text(512)
    assert whole.count("\n") == 144
    assert text(7) == whole


LANDMARKS = tuple(name for name, kind in vars(Landmarks).items() if isinstance(kind, cached_property))
DRAWN = 96
"""Portraits that the project draws, of every kind of head, hair, hat and background."""

FIRST_COLORS = 8
"""Columns of a palette that are compared: how many it has depends on the portrait with most colours."""


@cache
def drawn_portraits() -> np.ndarray:
    return draw(DRAWN, 5).rgba


def arrays_of(landmark: object, name: str) -> Iterator[tuple[str, np.ndarray]]:
    """Every array of a landmark, one row a portrait, with its name."""
    if isinstance(landmark, np.ndarray):  # pixels by colour of a palette
        yield name, landmark[:, :FIRST_COLORS]
        return
    for part in parts_of(landmark):
        value = getattr(landmark, part)
        if isinstance(value, np.ndarray):
            colors = name.endswith("palette") and value.ndim == 2
            yield f"{name}.{part}", value[:, :FIRST_COLORS] if colors else value
        else:
            yield from arrays_of(value, f"{name}.{part}")


def landmarks_of(rgba: np.ndarray) -> dict[str, np.ndarray]:
    """Every array of every landmark."""
    marks = Landmarks(Punks(rgba))
    return dict(pair for name in LANDMARKS for pair in arrays_of(getattr(marks, name), name))


@pytest.mark.parametrize("size", [1, 13])
def test_the_landmarks_of_a_drawn_portrait_are_the_same_in_any_batch(size: int) -> None:
    rgba = drawn_portraits()
    whole = landmarks_of(rgba)
    assert {name.split(".")[0] for name in whole} == set(LANDMARKS)
    for first in range(0, DRAWN, size):
        for what, array in landmarks_of(rgba[first : first + size]).items():
            together = whole[what][first : first + size]
            if array.ndim == 2 and ("palette." in what or what.endswith("_counts")):
                together = together[:, : array.shape[1]]
            assert np.array_equal(array, together), f"{what} of portraits {first} and on"


@pytest.mark.parametrize("size", [1, 13])
def test_drawn_portraits_get_the_same_bytes_in_batches_of_any_size(size: int) -> None:
    rgba = drawn_portraits()

    def text(block: int) -> list[str]:
        form = JsonLinesFormat(evidence=True)
        found = []
        for first in range(0, DRAWN, block):
            loaded = [Loaded(f"{first + i}", p, Source()) for i, p in enumerate(rgba[first : first + block])]
            found += form.records(analyzer().examine(loaded))
        return found

    assert text(size) == text(DRAWN)


@pytest.mark.parametrize("kind", KINDS)
def test_detectors_leave_the_portraits_as_they_were(kind: str) -> None:
    picture = drawn(1, kind)
    before = picture.copy()
    reports_of(picture)
    assert (picture == before).all()
