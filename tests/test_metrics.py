"""Shares, intervals, balance and the best constant answer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import rgb2lab

from punkdetect.metrics import BIN_EDGES, Miss, cielab, is_right, reliability, score, wilson_interval


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    [(35, 35, 0.9011, 1.0), (73, 73, 0.95, 1.0), (0, 10, 0.0, 0.2775), (50, 100, 0.4038, 0.5962)],
)
def test_wilson_gives_the_published_values(correct: int, n: int, low: float, high: float) -> None:
    assert wilson_interval(correct, n) == pytest.approx((low, high), abs=2e-4)


def test_nothing_tried_says_nothing() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


@given(n=st.integers(1, 5000), data=st.data())
def test_the_interval_holds_the_share_and_stays_between_0_and_1(n: int, data: st.DataObject) -> None:
    correct = data.draw(st.integers(0, n))
    low, high = wilson_interval(correct, n)
    assert 0 <= low <= correct / n <= high <= 1 or math.isclose(high, correct / n)


@given(st.integers(0, 0xFFFFFF))
def test_cielab_is_that_of_scikit_image(color: int) -> None:
    rgb = np.array([color >> 16, color >> 8 & 255, color & 255]) / 255
    assert cielab(f"#{color:06x}") == pytest.approx(tuple(rgb2lab(rgb)), abs=0.05)


@pytest.mark.parametrize(
    ("answer", "accepted", "right"),
    [
        ("smile", ("smile",), True),
        ("smile", ("neutral", "smile"), True),
        ("frown", ("neutral", "smile"), False),
        (None, ("none",), False),
        ("#808080", ("#808080",), True),
        ("#848484", ("#808080",), True),
        ("#ff0000", ("#808080",), False),
        ("#808080", ("none",), False),
        ("none", ("#808080",), False),
        ("#80808g", ("#808080",), False),
    ],
)
def test_an_answer_is_right_if_it_is_accepted_or_a_near_colour(
    answer: str | None, accepted: tuple[str, ...], right: bool
) -> None:
    assert is_right(answer, accepted) is right


def test_a_score_counts_what_it_says() -> None:
    result = score(
        [
            ("a", ("smile",), "smile"),
            ("b", ("smile",), "frown"),
            ("c", ("neutral",), "neutral"),
            ("d", ("smile", "neutral"), "neutral"),
            ("e", ("frown",), None),
        ]
    )
    assert (result.n, result.correct) == (5, 3)
    assert result.accuracy == 0.6
    assert result.balanced_accuracy == pytest.approx((0.5 + 1 + 0) / 3)
    assert (result.constant, result.constant_accuracy) == ("smile", 0.6)
    assert result.misses == (Miss("b", ("smile",), "frown"), Miss("e", ("frown",), None))
    assert result.confusion["smile", "frown"] == 1
    assert result.confusion["smile|neutral", "neutral"] == 1
    assert result.confusion["frown", ""] == 1


def test_the_best_constant_answer_does_not_hang_on_the_order() -> None:
    rows = [("a", ("x",), "x"), ("b", ("y",), "x")]
    assert score(rows).constant == score(rows[::-1]).constant


def test_no_answers_score_as_not_known() -> None:
    empty = score([])
    assert math.isnan(empty.accuracy)
    assert math.isnan(empty.balanced_accuracy)
    assert math.isnan(empty.constant_accuracy)


def test_each_bin_tells_how_many_how_sure_and_how_often_right() -> None:
    said = reliability([(0.6, True), (0.65, False), (0.99, True), (1.0, True)], 5)
    assert [(b.low, b.high, b.n, b.accuracy) for b in said.bins] == [(0.6, 0.7, 2, 0.5), (0.99, 1.0, 2, 1.0)]
    assert [b.confidence for b in said.bins] == pytest.approx([0.625, 0.995])
    assert said.gap == pytest.approx((2 * 0.125 + 2 * 0.005) / 4)


def test_every_confidence_falls_into_one_bin() -> None:
    said = reliability([(i / 100, True) for i in range(101)], 101)
    assert sum(b.n for b in said.bins) == 101
    assert [b.low for b in said.bins] == list(BIN_EDGES)


def test_coverage_is_the_largest_share_that_is_right_often_enough() -> None:
    answers = [(0.9, True)] * 10 + [(0.8, True)] * 8 + [(0.8, False)] + [(0.5, False)] * 5
    by_accuracy = {c.accuracy: c for c in reliability(answers, 25).coverage}
    assert (by_accuracy[0.99].share, by_accuracy[0.99].least) == (10 / 25, 0.9)
    assert (by_accuracy[0.90].share, by_accuracy[0.90].least) == (19 / 25, 0.8)


def test_a_share_right_that_is_just_reached_is_reached() -> None:
    nineteen = [(0.9, True)] * 19 + [(0.9, False)]
    by_accuracy = {c.accuracy: c for c in reliability(nineteen, 20).coverage}
    assert (by_accuracy[0.99].share, by_accuracy[0.95].share) == (0.0, 1.0)


def test_equal_confidences_are_answered_together_or_not_at_all() -> None:
    (strict, *_) = reliability([(0.9, True)] * 9 + [(0.9, False)], 10).coverage
    assert (strict.share, strict.least) == (0.0, None)


def test_without_answers_nothing_is_covered() -> None:
    said = reliability([], 4)
    assert said.bins == ()
    assert math.isnan(said.gap)
    assert [c.share for c in said.coverage] == [0, 0, 0]
