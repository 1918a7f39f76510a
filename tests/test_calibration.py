"""Calibration: confidences become chances of being right, and never contradict what a detector meant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punkdetect.calibration import Judged, apply_knots, calibrated, calibrated_chance, fit_calibration
from punkdetect.config import ANY
from punkdetect.punks import NOT_FOUND, make_column


def answers(value: str, confidence: float, right: int, wrong: int, source: str = "real") -> list[Judged]:
    return [Judged(value, confidence, i < right, source) for i in range(right + wrong)]


def test_a_detector_that_boasts_is_taken_down_to_how_often_it_is_right() -> None:
    table = fit_calibration(answers("none", 0.99, 700, 300))
    assert calibrated_chance("none", 0.99, table) == pytest.approx(0.7, abs=0.01)


def test_a_modest_detector_is_believed_more_than_it_says() -> None:
    table = fit_calibration(answers("none", 0.5, 950, 50))
    assert calibrated_chance("none", 0.5, table) == pytest.approx(0.95, abs=0.01)


def test_a_value_that_is_often_wrong_is_told_from_one_that_is_not() -> None:
    table = fit_calibration([*answers("none", 0.99, 490, 10), *answers("other", 0.99, 30, 30)])
    assert calibrated_chance("none", 0.99, table) > 0.97
    assert calibrated_chance("other", 0.99, table) < 0.6
    assert calibrated_chance("glasses", 0.99, table) == calibrated_chance("sunglasses", 0.99, table)


def test_a_value_seen_twice_is_not_judged_by_these_two() -> None:
    table = fit_calibration([*answers("none", 0.99, 490, 10), *answers("other", 0.99, 0, 2)])
    assert "other" not in table
    assert calibrated_chance("other", 0.99, table) > 0.9


def test_a_confidence_said_twice_is_judged_with_its_neighbours() -> None:
    for few in (answers("none", 0.9, 2, 0), answers("none", 0.5, 0, 2)):
        table = fit_calibration([*answers("none", 0.7, 40, 40), *few])
        assert len({calibrated_chance("none", said, table) for said in (0.5, 0.7, 0.9)}) == 1


def test_nothing_is_ever_certain() -> None:
    table = fit_calibration(answers("none", 1.0, 100, 0))
    assert 0.98 < calibrated_chance("none", 1.0, table) < 1


def test_portraits_of_every_source_weigh_alike_however_many_there_are() -> None:
    real, drawn = answers("none", 0.9, 100, 0), answers("none", 0.9, 500, 500, "drawn")
    others = answers("none", 0.9, 0, 300, "others")
    assert calibrated_chance("none", 0.9, fit_calibration([*real, *drawn])) == pytest.approx(0.75, abs=0.02)
    of_three = fit_calibration([*real, *drawn, *others])
    assert calibrated_chance("none", 0.9, of_three) == pytest.approx(0.5, abs=0.02)


def test_too_few_answers_calibrate_nothing() -> None:
    assert fit_calibration([]) == {}
    assert fit_calibration(answers("none", 0.9, 3, 0)) == {}
    assert calibrated_chance("none", 0.9, {}) == 0.9


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 100), st.booleans(), st.sampled_from("xyz")),
        max_size=120,
    )
)
def test_a_surer_answer_never_gets_the_lower_chance(rows: list[tuple[str, int, bool, str]]) -> None:
    table = fit_calibration([Judged(v, c / 100, right, source) for v, c, right, source in rows])
    for knots in table.values():
        levels, chances = zip(*knots, strict=True)
        assert list(levels) == sorted(set(levels))
        assert list(chances) == sorted(chances)
        assert all(0 <= chance <= 1 for chance in chances)


def test_between_two_knots_the_chance_rises_evenly_and_outside_it_stays() -> None:
    knots = ((0.5, 0.2), (0.7, 0.6))
    assert apply_knots(np.array([0.0, 0.5, 0.6, 0.7, 1.0]), knots) == pytest.approx([0.2, 0.2, 0.4, 0.6, 0.6])


def test_a_column_gets_the_chances_of_its_values_and_no_answer_stays_without() -> None:
    column = make_column(
        "eyewear", np.array([0, 3, NOT_FOUND]), np.array([0.99, 0.99, 0.0]), np.zeros((3, 24, 24), bool)
    )
    table = {ANY: ((0.99, 0.9),), "other": ((0.99, 0.5),)}
    found = calibrated(column, table)
    assert found.confidence.tolist() == [0.9, 0.5, 0.0]
    assert found.codes.tolist() == column.codes.tolist()
    assert calibrated(column, {}) is column
    for row in range(3):
        chance = calibrated_chance(column.value(row), float(column.confidence[row]), table)
        assert chance == found.confidence[row]


def test_no_answer_has_no_chance_of_being_right_with_or_without_a_table() -> None:
    assert calibrated_chance(None, 0.9, {}) == 0.0
    assert calibrated_chance("smile", 0.9, {}) == 0.9
