"""The background is told from the figure, whatever it is made of, and its kind is named."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from drawn_faces import FACE, batch, draw
from punkdetect.images import read_picture
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.background import find_background
from punkdetect.punks import Punks
from punkdetect.vocabulary import TRAITS

ROWS, COLS = np.indices((24, 24))

WIDE_HAT = """
....hhhhhhhhhhhhhhh.....
.....hhhhhhhhhhhhh......
......hhhhhhhhhhh.......
......hhhhhhhhhhh.......
......hhhhhhhhhhh.......
"""


def blend(first: str, last: str, share: np.ndarray) -> np.ndarray:
    """Return the picture that shades from one colour to another."""
    one, other = (np.array(list(bytes.fromhex(color)), float) for color in (first, last))
    return np.round(one + share[..., None] * (other - one))


def blocks(index: np.ndarray, *colors: str) -> np.ndarray:
    """Return the picture of numbered colours."""
    return np.array([list(bytes.fromhex(color)) for color in colors])[index.astype(int) % len(colors)]


def behind(portrait: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Return a portrait with a transparent background in front of a picture."""
    visible = portrait[..., 3:] > 0
    opaque = np.concatenate([picture, np.full((24, 24, 1), 255)], axis=-1)
    return np.where(visible, portrait, opaque).astype(np.uint8)


def kind_of(rgba: np.ndarray) -> str:
    return TRAITS["background"][int(find_background(rgba[None]).kind[0])]


MOUNTAINS = np.where(np.abs(COLS - 11.5) + ROWS >= 20, 1, 0)
CLOUDS = ((COLS // 3 * 7 + ROWS // 2 * 3) % 11 < 2) & (ROWS < 14)

BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
"""Order in which the pixels of ordered dithering are set."""

PATTERNS: dict[str, tuple[str, np.ndarray]] = {
    "one colour": ("solid", blocks(ROWS * 0, "638596")),
    "left and right": ("split", blocks(COLS >= 12, "c2bca6", "b13830")),
    "sky and ground": ("split", blocks(ROWS >= 14, "6b93bb", "2c5f34")),
    "ground at the feet": ("split", blocks(ROWS >= 19, "6b93bb", "2c5f34")),
    "a flag": ("split", blocks(COLS // 8, "009246", "ffffff", "ce2b37")),
    "quarters": ("split", blocks((ROWS >= 12) * 2 + (COLS >= 12), "d0f9f3", "af3a30", "fcc084", "156af8")),
    "cut from corner to corner": ("split", blocks(ROWS + COLS >= 24, "e5caaf", "cc9668")),
    "upright stripes": ("stripes", blocks(COLS // 2, "3ffe9e", "35dd88")),
    "level stripes": ("stripes", blocks(ROWS // 3, "3ffe9e", "2255cc", "ffee88")),
    "slanted stripes": ("stripes", blocks((ROWS + COLS) // 3, "3ffe9e", "2255cc")),
    "checks": ("checker", blocks(ROWS // 3 + COLS // 3, "35dd88", "3ffe9e")),
    "small checks": ("checker", blocks(ROWS + COLS, "35dd88", "203040")),
    "bricks": (
        "checker",
        blocks((ROWS % 4 == 3) | ((COLS + 3 * (ROWS // 4 % 2)) % 6 == 0), "995533", "ddccaa"),
    ),
    "bands of a gradient": ("gradient", blend("1637a0", "64d3f8", COLS // 2 / 11)),
    "fine gradient": ("gradient", blend("ffcc88", "402060", ROWS / 23)),
    "fine slanted gradient": ("gradient", blend("ffcc88", "402060", (ROWS + COLS) / 46)),
    "glow": ("gradient", blend("fff0c0", "a04020", np.clip(np.hypot(ROWS - 11.5, COLS - 11.5) / 17, 0, 1))),
    "mountains": ("scene", blocks(MOUNTAINS + (ROWS > 17), "37dff9", "f944f3", "040f61")),
    "clouds": ("scene", blocks(CLOUDS, "37aff9", "ffffff")),
    "dithered": (
        "gradient",
        blocks((BAYER[ROWS % 4, COLS % 4] + 0.5) / 16 < (ROWS - 2) / 20, "203070", "70c0f0"),
    ),
    "sun": ("scene", blocks(np.hypot(ROWS - 5, COLS - 20) < 3.7, "37aff9", "ffee00")),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_every_kind_of_background_is_recognised(name: str) -> None:
    kind, picture = PATTERNS[name]
    assert kind_of(behind(draw(), picture)) == kind


@pytest.mark.parametrize("name", [name for name, (kind, _) in PATTERNS.items() if kind != "scene"])
def test_the_mask_is_what_is_behind_the_figure_pixel_by_pixel(name: str) -> None:
    _, picture = PATTERNS[name]
    mask = find_background(behind(draw(), picture)[None]).mask[0]
    assert np.argwhere(mask != (draw()[..., 3] == 0)).tolist() == []


def test_a_portrait_cut_out_has_a_transparent_background() -> None:
    rgba = draw()
    assert kind_of(rgba) == "transparent"
    assert (find_background(rgba[None]).mask[0] == (rgba[..., 3] == 0)).all()


def test_a_hat_that_reaches_the_top_is_no_part_of_the_background() -> None:
    rows = [*WIDE_HAT.strip().splitlines(), *FACE.strip().splitlines()[5:]]
    rgba = behind(draw(face="\n".join(rows)), PATTERNS["one colour"][1])
    background = find_background(rgba[None])
    assert TRAITS["background"][int(background.kind[0])] == "solid"
    assert not background.mask[0, 0, 4:19].any()
    assert background.mask[0, 0, [0, 3, 19, 23]].all()


def test_hair_that_reaches_both_sides_is_no_part_of_the_background() -> None:
    starts = [3, 1, 0, 1, 0, 0, 2]
    changes = {(row, start): "h" * (6 - start) for row, start in enumerate(starts, 9)}
    changes |= {(row, 16): "h" * (8 - start) for row, start in enumerate(starts, 9)}
    rgba = behind(draw(changes), PATTERNS["one colour"][1])
    background = find_background(rgba[None])
    assert TRAITS["background"][int(background.kind[0])] == "solid"
    assert not background.mask[0, 9:16, 3:6].any()
    assert not background.mask[0, 11, 0]


def test_holes_between_strands_show_the_background() -> None:
    ring = {(8, 17): "hhh", (9, 17): "h.h", (10, 17): "hhh"}
    rgba = behind(draw(ring), PATTERNS["one colour"][1])
    assert find_background(rgba[None]).mask[0, 9, 18]


def test_eyes_of_the_backgrounds_white_are_no_holes() -> None:
    rgba = behind(draw(colors={"w": (255, 255, 255, 255)}), blocks(ROWS * 0, "ffffff"))
    mask = find_background(rgba[None]).mask[0]
    assert not mask[11:13, 8:17].any()


def test_white_hair_in_front_of_the_black_half_is_hair_though_the_other_half_is_white() -> None:
    halves = blocks(COLS >= 12, "ffffff", "000000")
    changes = {(row, 12): "hhhhhhhh" for row in range(3, 8)}
    rgba = behind(draw(changes, {"h": (255, 255, 255, 255)}), halves)
    mask = find_background(rgba[None]).mask[0]
    assert not mask[3:8, 12:20].any()
    assert mask[:3].all()


AFRO = {
    (3, 4): "h" * 16,
    (4, 2): "h" * 20,
    **{(row, 0): "h" * 24 for row in range(5, 8)},
    **{(row, 0): "h" * 6 for row in range(8, 12)},
    **{(row, 17): "h" * 7 for row in range(8, 10)},
    **{(row, 17): "h" * 5 for row in range(10, 13)},
}
"""Hair that touches both sides."""


@pytest.mark.parametrize("name", ["one colour", "checks", "upright stripes"])
def test_hair_that_touches_both_sides_hides_the_background_and_is_none_of_it(name: str) -> None:
    kind, picture = PATTERNS[name]
    rgba = behind(draw(AFRO), picture)
    background = find_background(rgba[None])
    assert TRAITS["background"][int(background.kind[0])] == kind
    assert np.argwhere(background.mask[0] != (draw(AFRO)[..., 3] == 0)).tolist() == []


def test_shoulders_that_begin_straight_across_are_no_second_block() -> None:
    shoulders = {(row, 0): "c" * 24 for row in range(20, 24)}
    rgba = behind(draw(shoulders), PATTERNS["one colour"][1])
    assert kind_of(rgba) == "solid"
    assert not find_background(rgba[None]).mask[0][20:].any()


@pytest.mark.parametrize("spread", [2, 4])
def test_noise_on_one_colour_is_still_one_colour(spread: int) -> None:
    noise = np.random.default_rng(0).integers(-spread, spread + 1, (24, 24, 3))
    rgba = behind(draw(), PATTERNS["one colour"][1] + noise)
    background = find_background(rgba[None])
    assert TRAITS["background"][int(background.kind[0])] == "solid"
    assert (background.mask[0] == (draw()[..., 3] == 0)).mean() > 0.99


@settings(deadline=None, max_examples=25)
@given(
    hnp.arrays(np.uint8, (4, 24, 24, 4), elements=st.sampled_from([0, 3, 120, 255])),
    st.sampled_from(list(PATTERNS.values())),
)
def test_any_batch_gives_the_answers_of_its_portraits_one_by_one(
    rgba: np.ndarray, pattern: tuple[str, np.ndarray]
) -> None:
    rgba[0] = behind(draw(), pattern[1])
    rgba[1, :, :12, 3] = 255
    together = find_background(rgba)
    assert ((together.confidence >= 0) & (together.confidence <= 1)).all()
    for row in range(len(rgba)):
        alone = find_background(rgba[row : row + 1])
        assert together.kind[row] == alone.kind[0]
        assert together.confidence[row] == alone.confidence[0]
        assert (together.mask[row] == alone.mask[0]).all()


def test_an_empty_batch_has_no_background() -> None:
    assert find_background(np.zeros((0, 24, 24, 4), np.uint8)).mask.shape == (0, 24, 24)


def test_landmarks_find_the_background_once() -> None:
    landmarks = Landmarks(Punks(batch(draw(), behind(draw(), PATTERNS["quarters"][1]))))
    assert landmarks.background is landmarks.background
    assert [TRAITS["background"][int(code)] for code in landmarks.background.kind] == ["transparent", "split"]


def test_backgrounds_of_real_portraits_are_read_as_people_read_them(shared_data: Path) -> None:
    with (shared_data / "bespoke" / "labels.csv").open(newline="") as file:
        labels = {row["image"]: row["background"].split("|") for row in csv.DictReader(file)}
    files = [shared_data / "bespoke" / "images24" / f"{name}.png" for name in labels]
    kinds = find_background(batch(*(read_picture(file.read_bytes()).rgba for file in files))).kind
    right = [
        TRAITS["background"][int(kind)] in accepted
        for kind, accepted in zip(kinds, labels.values(), strict=True)
    ]
    assert np.mean(right) >= 0.97
