"""Damaged pictures, by the thousand: the reader refuses or reads them, and nothing else happens."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bad_pictures import GOOD, broken_byte
from picture_fuzzer import corpus, mutated, read_anything, with_right_checksums

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


def test_the_fuzzer_gets_behind_the_checksums() -> None:
    assert read_anything(broken_byte(GOOD, 45)) == "corrupt"
    assert with_right_checksums(GOOD) == GOOD
    broken = broken_byte(GOOD, 30)  # a checksum
    assert with_right_checksums(broken) == GOOD
