"""Damaged pictures, by the thousand: the reader refuses or reads them, and nothing else happens."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bad_pictures import GOOD, SIGNATURE, broken_byte
from picture_fuzzer import Corpus, corpus, mutated, read_anything, with_right_checksums
from punkdetect.errors import PictureError
from punkdetect.images import CONVERTED, TURNED, read_picture

SEEDS = corpus()


def test_damaged_pictures_are_refused_or_read_and_nothing_else() -> None:
    outcomes = {read_anything(mutated(SEEDS, random.Random(number))) for number in range(5000)}
    formats = {"PNG", "GIF", "WebP", "BMP", "JPEG"}
    codes = {"not-an-image", "unsupported-format", "unsupported", "corrupt", "too-large"}
    assert outcomes == formats | codes  # the damage is neither too light nor too heavy to mean anything


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_or_read_and_nothing_else(data: bytes) -> None:
    read_anything(data)


@pytest.mark.parametrize("data", SEEDS.sound + SEEDS.broken, ids=len)
def test_a_picture_cut_anywhere_is_refused_or_read_and_nothing_else(data: bytes) -> None:
    for end in range(0, len(data), 1 + len(data) // 40):
        read_anything(data[:end])


def test_a_png_cut_anywhere_is_never_read() -> None:
    assert {read_anything(GOOD[:end]) for end in range(len(GOOD))} == {"corrupt", "not-an-image"}


def test_a_png_with_any_byte_changed_is_never_read() -> None:
    assert "PNG" not in {read_anything(broken_byte(GOOD, at)) for at in range(len(GOOD))}


def test_damaged_pngs_that_are_read_show_what_libpng_shows() -> None:
    pngs = Corpus(*([data for data in part if data.startswith(SIGNATURE)] for part in SEEDS))
    compared = 0
    for number in range(12_000):
        data = mutated(pngs, random.Random(number))
        try:
            picture = read_picture(data)
        except PictureError:
            continue
        other = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if other is None or set(picture.notes) & {TURNED, CONVERTED}:  # libpng does neither
            continue
        other = (other >> 8).astype(np.uint8) if other.dtype == np.uint16 else other
        shown = np.atleast_3d(other)
        rgb, alpha = np.broadcast_to(shown[..., :3][..., ::-1], (*shown.shape[:2], 3)), picture.rgba[..., 3]
        assert (picture.rgba[..., :3] == rgb).all()
        assert (alpha == (shown[..., 3] if shown.shape[2] == 4 else 255)).all()
        compared += 1
    assert compared > 300


def test_the_fuzzer_gets_behind_the_checksums() -> None:
    assert read_anything(broken_byte(GOOD, 45)) == "corrupt"
    assert with_right_checksums(GOOD) == GOOD
    broken = broken_byte(GOOD, 30)  # a checksum
    assert with_right_checksums(broken) == GOOD
