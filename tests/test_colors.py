"""The colour traits: exact pixel colours and their everyday names."""

from __future__ import annotations

import csv
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from drawn_faces import batch, draw
from punkdetect.images import read_picture
from punkdetect.landmarks import Landmarks
from punkdetect.pixels import lab_distance, lab_of
from punkdetect.punks import Punks, TraitColumn
from punkdetect.vocabulary import COLORS as COLOR_TRAITS

NAMES = ("background_color", "skin_tone", "eye_color", "hair_color", "background")
NEAR = 12.0
"""CIE76 distance up to which a colour counts as the labelled one."""

Color = tuple[int, int, int, int]

HAIR = {
    (3, 9): "hhhhh",
    (4, 8): "hhhhhhh",
    (5, 7): "hhhhhhhhh",
    **{(row, 6): "hhhhhhhhhhh" for row in (6, 7)},
    **{(row, col): "hhh" for row in range(8, 20) for col in (4, 16)},
}
BALD = {(row, 7): "sssssssss" for row in (6, 7)}
SHADES = {(row, col): "kk" for row in (10, 11, 12) for col in (9, 14)}


def detect(trait: str, *portraits: np.ndarray) -> TraitColumn:
    punks = Punks(batch(*portraits))
    column: TraitColumn = (
        import_module(f"punkdetect.detectors.{trait}").DETECTORS[0].detect(punks, Landmarks(punks))
    )
    return column


def value(trait: str, portrait: np.ndarray) -> str | None:
    return detect(trait, portrait).value(0)


def rgba(color: str) -> Color:
    red, green, blue = bytes.fromhex(color)
    return red, green, blue, 255


def on(color: str, portrait: np.ndarray) -> np.ndarray:
    """Return a portrait in front of one colour."""
    return np.where(portrait[..., 3:] > 0, portrait, np.array(rgba(color), np.uint8))


BARE = {(22, 5): ".ksssk.", (23, 5): ".ksssk"}
"""A neck down to the bottom edge, without clothes."""


@pytest.mark.parametrize(
    "over_neck",
    [{}, {(row, 10): "ooo" for row in (20, 21, 22)}, {(21, 11): "ooooooo"}],
    ids=["nothing", "a long beard", "a pipe"],
)
def test_what_hangs_over_a_bare_neck_is_no_clothing(over_neck: dict[tuple[int, int], str]) -> None:
    assert value("clothing_hex", draw(BARE | over_neck, {"o": rgba("a66e2c")})) is None


def test_what_stands_on_the_bottom_edge_is_the_clothing_not_the_scarf_over_it() -> None:
    scarf = {(row, 7): "ooooooo" for row in (20, 21)}
    assert value("clothing_hex", draw(scarf, {"o": rgba("c03020")})) == "#283ca0"


def test_long_hair_down_to_the_edge_is_no_clothing() -> None:
    long = {(row, col): "hhh" for row in range(8, 24) for col in (4, 16)}
    assert value("clothing_hex", draw(HAIR | BARE | long)) is None


@pytest.mark.parametrize(
    ("trait", "expected"),
    [
        ("background_hex", "#638596"),
        ("skin_hex", "#dbb180"),
        ("hair_hex", "#5a3c1e"),
        ("eyes_hex", "#14143c"),
        ("lips_hex", "#b45a5a"),
        ("clothing_hex", "#283ca0"),
    ],
)
def test_each_colour_is_that_of_its_region(trait: str, expected: str) -> None:
    portrait = on("638596", draw(HAIR))
    column = detect(trait, portrait)
    assert column.value(0) == expected
    assert column.confidence[0] > 0.5
    assert (portrait[column.evidence[0]][:, :3] == list(bytes.fromhex(expected[1:]))).all(axis=1).any()


@pytest.mark.parametrize("trait", ["background_hex", "background_color"])
def test_a_transparent_background_has_no_colour(trait: str) -> None:
    assert value(trait, draw()) is None


@pytest.mark.parametrize("trait", ["eyes_hex", "eye_color"])
def test_eyes_behind_black_shades_have_no_colour(trait: str) -> None:
    assert value(trait, draw(SHADES)) is None


def test_a_covered_mouth_has_no_lips() -> None:
    mask = {(row, 7): "wwwwwwwww" for row in range(14, 20)}
    assert value("lips_hex", draw(mask)) is None


def test_a_bald_head_has_no_hair_colour_and_its_name_is_none() -> None:
    assert value("hair_hex", draw(BALD)) is None
    assert value("hair_color", draw(BALD)) == "none"


@pytest.mark.parametrize("trait", [*COLOR_TRAITS, *NAMES])
def test_a_picture_without_a_face_is_never_called_none(trait: str) -> None:
    column = detect(trait, np.full((24, 24, 4), 255, np.uint8))
    if not trait.startswith("background"):
        assert column.value(0) is None


@pytest.mark.parametrize(
    ("color", "word"),
    [
        ("fff68e", "blonde"),
        ("3a2418", "brown"),
        ("101010", "black"),
        ("9a9a9a", "gray"),
        ("d02020", "red"),
        ("8119b7", "purple"),
    ],
)
def test_hair_is_named(color: str, word: str) -> None:
    assert value("hair_color", draw(HAIR, {"h": rgba(color)})) == word


def test_a_red_hat_over_blonde_hair_neither_mixes_its_colour_nor_is_shown_for_it() -> None:
    hat = {at: text.replace("h", "r") for at, text in HAIR.items()} | {(8, 6): "rrrrrrrrrrr"}
    beside = {(row, col): "hhh" for row in range(9, 20) for col in (4, 16)}
    colors = {"r": rgba("d02020"), "h": rgba("fff68e")}
    portrait = draw({**hat, **beside}, colors)
    column = detect("hair_color", portrait)
    assert column.value(0) == "blonde"
    assert (portrait[column.evidence[0]] == colors["h"]).all()


def test_checkered_hair_is_named_by_the_average_of_its_shades() -> None:
    checkered = {at: "".join("hg"[(i + at[0]) % 2] for i in range(len(text))) for at, text in HAIR.items()}
    portrait = draw(checkered, {"h": rgba("352319"), "g": rgba("8a6555")})
    assert value("hair_color", portrait) == "brown"
    assert value("hair_hex", portrait) in {"#352319", "#8a6555"}


def test_hair_half_black_and_half_white_is_multicolor_and_salt_and_pepper_is_gray() -> None:
    halves = {
        (row, col): "".join("hw"[col + i >= 12] for i in range(len(text)))
        for (row, col), text in HAIR.items()
    }
    assert value("hair_color", draw(halves, {"h": rgba("101010")})) == "multicolor"
    mixed = {
        at: "".join("hgw"[(at[1] + i + at[0]) % 3] for i in range(len(text))) for at, text in HAIR.items()
    }
    assert value("hair_color", draw(mixed, {"h": rgba("101010"), "g": rgba("808080")})) == "gray"


def test_streaks_of_two_strong_colours_are_multicolor() -> None:
    streaks = {at: "".join("hg"[(at[1] + i) % 2] for i in range(len(text))) for at, text in HAIR.items()}
    assert value("hair_color", draw(streaks, {"h": rgba("d02040"), "g": rgba("7030c0")})) == "multicolor"


def test_hair_of_the_tint_of_a_green_portrait_has_no_colour_of_its_own() -> None:
    tint = {"s": rgba("bdd5c5"), "h": rgba("627b68")}
    assert value("hair_color", draw(HAIR, tint)) == "gray"
    assert value("skin_tone", draw(HAIR, tint)) == "other"


@pytest.mark.parametrize(
    ("color", "word"),
    [("ead9d9", "light"), ("ae8b61", "medium"), ("713f1d", "dark"), ("cdc2c8", "gray"), ("7da269", "other")],
)
def test_skin_is_named(color: str, word: str) -> None:
    assert value("skin_tone", draw(HAIR, {"s": rgba(color)})) == word


def test_the_lens_of_goggles_is_not_taken_for_the_skin() -> None:
    goggles = {(8, 7): "kkkkkkkkk", (14, 7): "kkkkkkkkk"} | {(row, 7): "kkggggggg" for row in range(9, 14)}
    neck = {(row, 7): "ssss" for row in (20, 21, 22)}
    portrait = draw(
        {**HAIR, **goggles, **neck, (11, 9): "wegggwe"}, {"g": rgba("a8d8f8"), "s": rgba("6b3f20")}
    )
    assert value("skin_hex", portrait) == "#6b3f20"


def test_a_beard_is_not_taken_for_the_skin() -> None:
    beard = {(row, 7): "ggggggggg" for row in (14, 16, 18, 19)} | {
        (15, 7): "gggggkggg",
        (17, 7): "ggggglllgg"[:9],
    }
    assert value("skin_hex", draw({**HAIR, **beard}, {"g": rgba("a66e2c")})) == "#dbb180"


@pytest.mark.parametrize(
    ("color", "word"), [("2858b1", "blue"), ("69af64", "green"), ("512523", "brown"), ("a367ae", "purple")]
)
def test_the_iris_is_the_pixel_beside_the_pupil(color: str, word: str) -> None:
    pupils = {(12, 9): "ke", (12, 14): "ke", (11, 9): "bb", (11, 14): "bb"}
    portrait = draw({**HAIR, **pupils}, {"e": rgba(color)})
    assert value("eyes_hex", portrait) == f"#{color}"
    assert value("eye_color", portrait) == word


def test_eyes_of_two_colours_are_multicolor() -> None:
    pupils = {(12, 9): "ke", (12, 14): "kg", (11, 9): "bb", (11, 14): "bb"}
    assert (
        value("eye_color", draw({**HAIR, **pupils}, {"e": rgba("2858b1"), "g": rgba("69af64")}))
        == "multicolor"
    )


def test_holes_in_a_face_are_no_irises() -> None:
    holes = {(row, col): "ss" if row == 11 else ".." for row in (11, 12) for col in (9, 14)}
    assert value("eyes_hex", draw({**HAIR, **holes})) is None
    assert value("eye_color", draw({**HAIR, **holes})) is None


def test_a_background_of_two_strong_colours_is_multicolor_and_of_two_greens_green() -> None:
    def halves(left: str, right: str) -> np.ndarray:
        portrait = on(left, draw(HAIR))
        portrait[:, 12:] = on(right, draw(HAIR))[:, 12:]
        return portrait

    assert value("background_color", halves("c2bca6", "b13830")) == "multicolor"
    assert value("background_color", halves("18d788", "05a050")) == "green"
    assert value("background_color", halves("202020", "18d788")) == "green"


@settings(deadline=None, max_examples=15)
@given(hnp.arrays(np.uint8, (3, 24, 24, 4), elements=st.sampled_from([0, 60, 177, 255])))
def test_any_batch_gives_the_answers_of_its_portraits_one_by_one(portraits: np.ndarray) -> None:
    portraits[0] = on("638596", draw(HAIR))
    for trait in (*COLOR_TRAITS, *NAMES):
        together = detect(trait, *portraits)
        for row, one in enumerate(portraits):
            alone = detect(trait, one)
            assert together.codes[row] == alone.codes[0], trait
            assert together.confidence[row] == alone.confidence[0], trait
            assert (together.evidence[row] == alone.evidence[0]).all(), trait


@pytest.mark.parametrize(
    ("trait", "least"),
    [("background_color", 0.92), ("skin_tone", 0.92), ("hair_color", 0.85), ("eye_color", 0.8)]
    + [(trait, 0.97) for trait in ("skin_hex", "background_hex", "lips_hex")]
    + [(trait, 0.9) for trait in ("hair_hex", "eyes_hex", "clothing_hex")],
)
def test_real_portraits_are_read_as_people_read_them(shared_data: Path, trait: str, least: float) -> None:
    labels: dict[str, str] = {}
    for name in ("labels.csv", "colors.csv"):
        with (shared_data / "bespoke" / name).open(newline="") as file:
            labels |= {row["image"]: row[trait] for row in csv.DictReader(file) if row.get(trait)}
    files = [shared_data / "bespoke" / "images24" / f"{name}.png" for name in labels]
    column = detect(trait, *(read_picture(file.read_bytes()).rgba for file in files))

    def is_right(answer: str | None, label: str) -> bool:
        if not answer or not trait.endswith("hex"):
            return answer in label.split("|")
        one, other = (np.array(list(bytes.fromhex(color[1:])), np.uint8) for color in (answer, label))
        return bool(lab_distance(lab_of(one), lab_of(other)) <= NEAR)

    right = [is_right(column.value(row), label) for row, label in enumerate(labels.values())]
    assert np.mean(right) >= least
