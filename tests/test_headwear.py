"""Headwear: its edge tells it from hair, its outline names it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from drawn_faces import FACE, batch, draw
from punkdetect.detectors.headwear import EdgeAndShape
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks, TraitColumn

Rgba = NDArray[np.uint8]
Color = tuple[int, int, int, int]

BALD = FACE.replace("h", "s")

WHITE, RED, BLUE, GREEN, PURPLE, GOLD, BROWN, BLACK, PINK = (
    (240, 240, 240, 255), (200, 30, 30, 255), (40, 70, 200, 255), (30, 140, 60, 255), (130, 30, 180, 255),
    (240, 190, 40, 255), (96, 60, 30, 255), (0, 0, 0, 255), (240, 120, 180, 255),
)  # fmt: skip

SHORT_HAIR = (
    4,
    """
........hhhhhhh.........
.......hhhhhhhhh........
......hhhhhhhhhhh.......
......hhhhhhhhhhh.......
......hhhsssssshh.......
......hhsssssssshh......
......hssssssssshh......
""",
)
LONG_HAIR = (
    3,
    """
.........hhhhh..........
.......hhhhhhhhh........
......hhhhhhhhhhh.......
.....hhhhhhhhhhhhh......
.....hhhhhhhhhhhhh......
....hhhhhhhhhhhhhhh.....
....hhhhhhhhhhhhhhh.....
....hhh.........hhh.....
....hhh.........hhh.....
....hhh.........hhh.....
....hhh.........hhh.....
....hhh.........hhh.....
....hhh.........hhh.....
....hhh.........hhh.....
....hhh.........hhh.....
....hhh.........hhh.....
""",
)

HATS: dict[str, tuple[str, Color, tuple[int, str]]] = {
    "a visor on one side": ("cap", RED, (3, """
.........ooooo..........
.......ooooooooo........
......ooooooooooo.......
......ooooooooooo.......
......oooooooooooooo....
......oooooooooooooo....
""")),
    "a dome with a band of another colour": ("beanie", BLUE, (3, """
.........ooooo..........
.......ooooooooo........
......ooooooooooo.......
......ooooooooooo.......
......wwwwwwwwwww.......
......wwwwwwwwwww.......
""")),
    "a brim around a tall straight crown": ("top_hat", (40, 40, 60, 255), (1, """
.......ooooooooo........
.......ooooooooo........
.......ooooooooo........
.......ooooooooo........
.......ooooooooo........
.......wwwwwwwww........
....ooooooooooooooo.....
....ooooooooooooooo.....
""")),
    "a brim with raised sides": ("cowboy_hat", BROWN, (3, """
.........oo.oo..........
........ooooooo.........
..oo...ooooooooo...oo...
..oooo.ooooooooo.oooo...
...ooooooooooooooooo....
.....ooooooooooooo......
""")),
    "a brim around a crown that narrows": ("fedora", (70, 60, 50, 255), (3, """
.........ooooo..........
........ooooooo.........
.......ooooooooo........
.......kkkkkkkkk........
...ooooooooooooooooo....
...ooooooooooooooooo....
""")),
    "a brim that slopes": ("bucket_hat", GREEN, (3, """
........ooooooo.........
.......ooooooooo........
......ooooooooooo.......
.....ooooooooooooo......
....ooooooooooooooo.....
...ooooooooooooooooo....
""")),
    "a brim around a cone": ("wizard_hat", PURPLE, (0, """
...........oo...........
..........ooo...........
..........oooo..........
.........ooooo..........
.........oooooo.........
........ooooooo.........
.......ooooooooo........
....ooooooooooooooo.....
...ooooooooooooooooo....
""")),
    "points over a closed band": ("crown", GOLD, (3, """
......o..o.o..o.........
......oo.ooo.ooo........
......ooooooooooo.......
......ooooooooooo.......
......ooooooooooo.......
""")),
    "cloth with a tail on one side": ("bandana", BLUE, (4, """
........oooooooo........
......ooooooooooo.......
......ooooooooooo.......
..ooooooooooooooo.......
...oooooooooooooo.......
...oo...................
...o....................
""")),
    "tight cloth in a colour that hair never has": ("bandana", GREEN, (5, """
.......kkkkkkkkk........
......kooooooooo........
......kooooooooook......
......kooooooooook......
......kooooooooook......
""")),
    "a bar of light with nothing under it": ("halo", (255, 245, 150, 255), (1, """
........ooooooo.........
.......o.......o........
........ooooooo.........
""")),
    "a band with skin above and below it": ("headband", WHITE, (7, """
......ooooooooooo.......
......ooooooooooo.......
""")),
}  # fmt: skip
"""By what makes it: the value, the colour of `o`, and a first row with the pixels from there."""


def paint(
    *layers: tuple[int, str], color: Color = RED, hair: Color = BROWN, shift: tuple[int, int] = (0, 0)
) -> Rgba:
    """Return a bald portrait with layers over it: `o` has the colour, `h` the hair's, `x` wipes clean."""
    changes = {}
    for first, text in layers:
        for row, line in enumerate(text.strip("\n").splitlines(), first):
            changes.update({(row, col): letter for col, letter in enumerate(line) if letter != "."})
    wipe = {"x": (0, 0, 0, 0)}
    return draw(changes, {"o": color, "h": hair, "w": WHITE, **wipe}, BALD, shift)


def detect(*portraits: Rgba) -> TraitColumn:
    punks = Punks(batch(*portraits))
    return EdgeAndShape().detect(punks, Landmarks(punks))


def headwear_of(portrait: Rgba) -> str | None:
    return detect(portrait).value(0)


def on_background(portrait: Rgba, color: Color) -> Rgba:
    return np.where(portrait[..., 3:] == 0, np.array(color, np.uint8), portrait)


@pytest.mark.parametrize("made_by", HATS)
def test_the_outline_names_a_hat(made_by: str) -> None:
    value, color, hat = HATS[made_by]
    assert headwear_of(paint(hat, color=color)) == value


@pytest.mark.parametrize("made_by", HATS)
def test_a_hat_is_named_wherever_the_head_lies(made_by: str) -> None:
    value, color, hat = HATS[made_by]
    down = 1 if hat[0] == 0 else -1  # a tall hat may not leave the picture
    assert headwear_of(paint(hat, color=color, shift=(down, 1))) == value
    assert headwear_of(paint(hat, color=color, shift=(1, -1))) == value


@pytest.mark.parametrize("made_by", HATS)
@pytest.mark.parametrize("ground", [(99, 133, 150, 255), (20, 20, 30, 255), (250, 250, 250, 255)])
def test_the_background_does_not_matter(made_by: str, ground: Color) -> None:
    value, color, hat = HATS[made_by]
    assert headwear_of(on_background(paint(hat, color=color), ground)) == value


@pytest.mark.parametrize(
    "made_by", [name for name in HATS if HATS[name][0] not in ("halo", "crown", "bandana")]
)
@pytest.mark.parametrize("color", [RED, BLUE, GREEN, PURPLE, PINK, (60, 60, 160, 255)])
def test_a_hat_is_named_by_its_shape_not_its_colour(made_by: str, color: Color) -> None:
    value, _, hat = HATS[made_by]
    assert headwear_of(paint(hat, color=color)) == value


@pytest.mark.parametrize(
    "made_by", ["a visor on one side", "a brim with raised sides", "cloth with a tail on one side"]
)
def test_a_mirrored_hat_is_the_same_hat(made_by: str) -> None:
    value, color, hat = HATS[made_by]
    lines = hat[1].strip("\n").splitlines()
    mirrored = "\n".join(line[-2::-1] + "." for line in lines)  # the head lies one column left of the middle
    assert headwear_of(paint((hat[0], mirrored), color=color)) == value


@pytest.mark.parametrize("made_by", HATS)
def test_the_evidence_is_the_hat(made_by: str) -> None:
    _, color, hat = HATS[made_by]
    bare, worn = paint(), paint(hat, color=color)
    changed = (bare != worn).any(axis=-1)
    evidence = detect(worn).evidence[0]
    overlap = (evidence & changed).sum() / (evidence | changed).sum()
    assert overlap >= 0.75


@pytest.mark.parametrize(
    "hair", [BROWN, BLACK, (230, 200, 120, 255), (170, 80, 40, 255), (150, 150, 150, 255)]
)
@pytest.mark.parametrize("cut", [SHORT_HAIR, LONG_HAIR], ids=["short", "long"])
def test_hair_is_no_hat(cut: tuple[int, str], hair: Color) -> None:
    assert headwear_of(paint(cut, hair=hair)) == "none"


def test_a_bald_head_wears_nothing() -> None:
    assert headwear_of(paint()) == "none"


def test_straight_bangs_go_on_beside_the_face_and_are_hair_whatever_their_colour() -> None:
    for color in (BLACK, PURPLE, BLUE, (255, 246, 142, 255)):
        assert headwear_of(paint(LONG_HAIR, hair=color)) == "none"


def test_skin_darkened_by_a_shaved_head_is_no_cloth() -> None:
    cap = 6, "......khhhhhhhhhk.......\n......khhhhhhhhhk.......\n......khhhhhhhhhk......."
    assert headwear_of(paint(cap, hair=(94, 76, 55, 255))) == "none"


@pytest.mark.parametrize(
    "made_by", [name for name in HATS if HATS[name][0] in ("cap", "beanie", "fedora", "top_hat")]
)
def test_hair_of_another_colour_may_come_out_under_a_hat(made_by: str) -> None:
    value, _, hat = HATS[made_by]
    beside = 9, "\n".join(["....hhh.........hhh....."] * 8)
    assert headwear_of(paint(beside, hat, color=RED, hair=BROWN)) == value


def test_a_band_across_the_hair_is_a_headband() -> None:
    band = 8, "....hhooooooooooohh....."
    assert headwear_of(paint(LONG_HAIR, band, color=RED)) == "headband"


def test_a_small_bright_piece_over_the_middle_of_the_hair_is_a_tiara() -> None:
    piece = 4, "...........o............\n..........ooo...........\n.........ooooo.........."
    assert headwear_of(paint(LONG_HAIR, piece, color=WHITE)) == "tiara"


def test_a_large_piece_at_the_side_of_the_hair_is_a_bow() -> None:
    piece = 4, "..............oo.oo.....\n..............ooooo.....\n..............oo.oo....."
    assert headwear_of(paint(LONG_HAIR, piece, color=PINK)) == "bow"


def test_a_few_pixels_at_the_side_of_the_hair_are_a_clip() -> None:
    piece = 6, ".............ooo........"
    assert headwear_of(paint(LONG_HAIR, piece, color=PINK)) == "hair_clip"


def test_a_shell_around_the_whole_head_with_a_lining_is_a_hood() -> None:
    rows = [
        "........ooooooooo.......",
        "......ooooooooooooo.....",
        ".....ooookkkkkkkoooo....",
        "....oookkkkkkkkkkooo....",
    ]
    rows += ["....ookkkkkkkkkkkkoo...."] * 2 + ["...ookk.........kkkoo..."] * 14
    text = "\n".join(row[:24] for row in rows)
    assert headwear_of(paint((3, text), color=(90, 90, 100, 255))) == "hood"


def test_nothing_is_found_without_a_face() -> None:
    blank = np.full((24, 24, 4), (90, 120, 200, 255), np.uint8)
    column = detect(blank)
    assert column.value(0) is None
    assert not column.evidence.any()


def test_a_batch_gives_what_its_portraits_give_alone() -> None:
    portraits = [paint(hat, color=color) for _, color, hat in HATS.values()] + [paint(), paint(LONG_HAIR)]
    together = detect(*portraits)
    for i, portrait in enumerate(portraits):
        alone = detect(portrait)
        assert alone.codes[0] == together.codes[i]
        assert alone.confidence[0] == together.confidence[i]
        assert (alone.evidence[0] == together.evidence[i]).all()


@settings(deadline=None, max_examples=40)
@given(hnp.arrays(np.uint8, (2, 24, 24, 4), elements=st.sampled_from([0, 40, 128, 250, 255])))
def test_any_pixels_give_an_answer(rgba: Rgba) -> None:
    column = detect(*rgba)
    assert ((column.confidence >= 0) & (column.confidence <= 1)).all()
    assert not column.evidence[column.codes < 0].any()


def test_real_portraits_are_read_as_people_read_them(shared_data: Path) -> None:
    from PIL import Image

    with (shared_data / "bespoke" / "labels.csv").open(newline="") as file:
        labels = {row["image"]: row["headwear"].split("|") for row in csv.DictReader(file)}
    files = [shared_data / "bespoke" / "images24" / f"{name}.png" for name in labels]
    column = detect(*(np.array(Image.open(path).convert("RGBA")) for path in files))
    right = [column.value(i) in accepted for i, accepted in enumerate(labels.values())]
    assert np.mean(right) >= 0.90


def test_a_flat_collection_is_read_as_its_attributes_say(shared_data: Path) -> None:
    from PIL import Image

    folder = shared_data / "cryptopunks"
    with (folder / "labels.csv").open(newline="") as file:
        labels = [row["headwear"].split("|") for row in csv.DictReader(file)]
    sheet = np.array(Image.open(folder / "punks_0000-4999.png").convert("RGBA"))
    tiles = sheet.reshape(50, 24, 100, 24, 4).swapaxes(1, 2).reshape(-1, 24, 24, 4)
    some = range(0, len(tiles), 7)
    column = detect(*tiles[some])
    right = [column.value(i) in labels[number] for i, number in enumerate(some)]
    assert np.mean(right) >= 0.98


SIDEBURN = (
    5,
    """
.......ooooooooo........
......ooooooooooo.......
......ooooooooooo.......
......ooooooooooo.......
.....oksssssssssk.......
.....oksssssssssk.......
.....okssssssssskk......
""",
)
FLAT_WITH_RAISED_SIDES = (
    1,
    """
.......ooooooooo........
.......ooooooooo........
.......ooooooooo........
.......ooooooooo........
.......ooooooooo........
..o....ooooooooo....o...
..ooooooooooooooooooo...
""",
)
EARS = (2, """
.......w.......w........
......wow.....wow.......
""")  # fmt: skip


@pytest.mark.parametrize("hair", [BLUE, GREEN, PINK])
def test_a_sideburn_makes_tight_colour_hair_and_no_cloth(hair: Color) -> None:
    assert headwear_of(paint(SIDEBURN, color=hair)) == "none"


def test_a_brim_with_raised_sides_is_a_cowboy_hat_even_if_its_crown_is_tall_and_flat() -> None:
    assert headwear_of(paint(FLAT_WITH_RAISED_SIDES, color=BROWN)) == "cowboy_hat"


def test_two_pieces_foreign_to_the_hair_on_both_sides_of_its_top_are_ears() -> None:
    assert headwear_of(paint(SHORT_HAIR, EARS, color=PINK, hair=BROWN)) == "animal_ears"
