"""Noise is taken out of portraits that have it, and art is left alone."""

from __future__ import annotations

import numpy as np
import pytest

import punkdetect
from punkdetect.noise import calm, is_drawn, is_noisy
from punkdetect.synth import draw


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return draw(40, 11).rgba


def with_noise(rgba: np.ndarray, amplitude: int) -> np.ndarray:
    """Every channel of every visible pixel a little off, as an image model leaves them."""
    off = np.random.default_rng(0).integers(-amplitude, amplitude + 1, (*rgba.shape[:3], 3))
    noisy = rgba.copy()
    noisy[..., :3] = np.clip(rgba[..., :3].astype(int) + off, 0, 255)
    noisy[rgba[..., 3] == 0] = 0
    return noisy


def test_drawn_portraits_are_not_noisy_and_come_back_as_the_same_array(drawn: np.ndarray) -> None:
    art = drawn[~is_noisy(drawn)[0]]
    assert len(art) >= 0.9 * len(drawn)  # a fine gradient in every direction passes for noise
    assert calm(art) is art


def test_noise_is_seen_on_every_portrait(drawn: np.ndarray) -> None:
    assert is_noisy(with_noise(drawn, 4))[0].all()


def test_calmed_areas_have_few_colors_again_and_all_of_them_occurred() -> None:
    flat = np.zeros((1, 24, 24, 4), np.uint8)
    flat[..., 3] = 255
    flat[:, :12, :, 0] = 200
    flat[:, 12:, :, 2] = 90
    noisy = with_noise(flat, 4)
    calmed = calm(noisy)
    before = {tuple(pixel) for pixel in noisy.reshape(-1, 4).tolist()}
    after = {tuple(pixel) for pixel in calmed.reshape(-1, 4).tolist()}
    assert len(after) <= 4 < len(before)
    assert after <= before
    assert np.abs(calmed.astype(int) - flat).max() <= 8


def test_calming_stays_near_what_was_drawn(drawn: np.ndarray) -> None:
    off = np.abs(calm(with_noise(drawn, 4)).astype(int) - drawn).max(axis=-1)
    assert np.quantile(off, 0.95) <= 10


def test_an_answer_does_not_depend_on_the_other_portraits(drawn: np.ndarray) -> None:
    noisy = with_noise(drawn[:6], 4)
    together = calm(np.concatenate([drawn[6:12], noisy]))[6:]
    np.testing.assert_array_equal(together, np.concatenate([calm(one[None]) for one in noisy]))


def test_a_photo_shrunk_to_24x24_is_not_drawn_and_gets_no_face() -> None:
    data = pytest.importorskip("skimage.data")
    transform = pytest.importorskip("skimage.transform")
    photos = [data.astronaut(), data.coffee()[:, 100:500], data.chelsea()[:, 80:380]]
    small = [transform.resize(p, (24, 24), anti_aliasing=True, preserve_range=True) for p in photos]
    rgba = np.full((len(small), 24, 24, 4), 255, np.uint8)
    rgba[..., :3] = np.round(small)
    assert not is_drawn(rgba, calm(rgba)).any()
    for report in punkdetect.analyze_batch(rgba):
        assert report.status == "ok", report.message
        answered = {trait for trait, answer in report.answers.items() if answer.value is not None}
        assert answered <= {"background", "background_color", "background_hex"}


def test_noise_on_a_drawing_leaves_it_a_drawing(drawn: np.ndarray) -> None:
    noisy = with_noise(drawn, 2)
    assert is_drawn(noisy, calm(noisy)).all()
