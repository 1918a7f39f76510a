"""Eyewear: what is worn on the eyes of drawn faces, and what only looks like it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from drawn_faces import batch, draw
from punkdetect.detectors.eyewear import FramesAroundEyes
from punkdetect.images import read_picture
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.eye_band import cut_eye_band
from punkdetect.punks import Punks, TraitColumn

Changes = dict[tuple[int, int], str]

COLORS = {
    "f": (172, 172, 172, 255),  # frame
    "d": (40, 16, 20, 255),  # dark lens
    "D": (70, 40, 30, 255),  # the lighter row of a dark lens
    "g": (128, 219, 218, 255),  # light glass
    "W": (255, 255, 255, 255),
    "r": (253, 50, 50, 255),
    "u": (50, 141, 253, 255),
    "S": (240, 200, 150, 255),  # lit skin
    "t": (60, 110, 190, 255),  # paint
}

CLEAR: Changes = {
    (10, 8): "ffff", (11, 8): "f", (11, 11): "fff", (11, 16): "f",
    (10, 13): "ffff", (12, 8): "f", (12, 11): "f", (12, 13): "f", (12, 16): "f",
    (13, 8): "ffff", (13, 13): "ffff",
}  # fmt: skip
NERD: Changes = {
    (10, 8): "kkkk", (11, 7): "kkggkkkggk", (12, 8): "kggk", (13, 8): "kkkk",
    (10, 13): "kkkk", (12, 13): "kggk", (13, 13): "kkkk",
}  # fmt: skip
ON_THE_BROWS: Changes = {(10, 7): "fffffffffff", (11, 8): "f", (11, 11): "f", (11, 13): "f", (11, 16): "f"}
SHADES: Changes = {(11, 7): "kkkkkkkkkkk", (12, 8): "kkkk", (12, 13): "kkkk", (13, 9): "kk", (13, 14): "kk"}
FADING: Changes = {(10, 8): "fffffffff", (11, 7): "ffddfffddf", (12, 8): "fDDf", (12, 13): "fDDf"}
GLINTS: Changes = {(10, 7): "kkkkkkkkkkk", (11, 8): "kWkkkkWk", (12, 9): "kW", (12, 14): "kW"}
VR: Changes = {
    (9, 8): "ffffffffff", (10, 8): "fkkkkkkkkf", (11, 7): "ffkkkkkkkkf", (12, 7): "ffkkkkkkkkf",
    (13, 8): "ffffffffff",
}  # fmt: skip
CARDBOARD: Changes = {
    (10, 7): "WWWWWWWWWWW",
    (11, 8): "WuuuWWrrrW",
    (12, 8): "WuuuWWrrrW",
    (13, 8): "WWWWWWWWWW",
}
EYE_MASK: Changes = {
    (10, 7): "kkkkkkkkkkk",
    (11, 7): "kkewkkkewkk",
    (12, 7): "kkewkkkewkk",
    (13, 7): "kkkkkkkkkkk",
}
GOGGLES: Changes = {(10, 8): "fffffffff", (11, 7): "ffdddddddff", (12, 7): "ffdddddddff", (13, 8): "ffff"}
PATCH: Changes = {(10, 7): "kkkkkkkkkkk", (11, 8): "kkkk", (12, 8): "kkkk", (13, 9): "kk"}
OTHER_PATCH: Changes = {(10, 7): "kkkkkkkkkkk", (11, 13): "kkkk", (12, 13): "kkkk", (13, 14): "kk"}


TALL_BRIDGE: Changes = {
    (10, 7): "fffffffffff",
    (11, 8): "ddddfdddd",
    (12, 8): "ddddfdddd",
    (13, 9): "dd",
    (13, 14): "dd",
}
SLANTED: Changes = {(10, 7): "WWWWWWWWWWW", (11, 7): "uuuWWWrrr", (12, 7): "uuuW.Wrrr"}
STRAPS: Changes = {
    (10, 8): "ffff",
    (10, 13): "ffff",
    (11, 5): "ffffddfffddf",
    (12, 5): "ffffddfffddf",
    (13, 8): "ffff",
}
PATCH_ON_THE_LIDS: Changes = {(11, 6): "kkkkkkkkkkkk", (12, 13): "kkkkk", (13, 14): "kkk"}
MONOCLE: Changes = {(11, 8): "ffff", (12, 8): "f", (12, 11): "f", (13, 8): "ffff", (14, 8): "f", (15, 8): "f"}
FLAT_EYES: Changes = {(11, 9): "ss", (11, 14): "ss", (10, 9): "ss", (10, 14): "ss"}
RIMS_ON_FLAT_EYES: Changes = {
    (11, 8): "kkkkkkkkk",
    (12, 8): "k",
    (12, 11): "kkk",
    (12, 16): "k",
    (13, 9): "kk",
    (13, 14): "kk",
}


def detect(*portraits: np.ndarray) -> TraitColumn:
    punks = Punks(batch(*portraits))
    return FramesAroundEyes().detect(punks, Landmarks(punks))


def eyewear_of(changes: Changes | None = None, shift: tuple[int, int] = (0, 0)) -> str | None:
    return detect(draw(changes, COLORS, shift=shift)).value(0)


def pixels(mask: np.ndarray) -> set[tuple[int, int]]:
    rows, cols = np.nonzero(mask)
    return set(zip(rows.tolist(), cols.tolist(), strict=True))


def test_a_bare_face_wears_nothing_and_the_bare_bridge_of_the_nose_shows_it() -> None:
    column = detect(draw())
    assert column.value(0) == "none"
    assert column.confidence[0] > 0.95
    assert pixels(column.evidence[0]) == {(row, col) for row in (11, 12) for col in (11, 12, 13)}


@pytest.mark.parametrize(
    "changes",
    [CLEAR, NERD, ON_THE_BROWS, FLAT_EYES | RIMS_ON_FLAT_EYES],
    ids=["clear", "light glass", "half rims", "one-row eyes"],
)
def test_a_frame_that_shows_eyes_or_light_glass_is_glasses(changes: Changes) -> None:
    assert eyewear_of(changes) == "glasses"


@pytest.mark.parametrize(
    "changes", [SHADES, FADING, GLINTS, TALL_BRIDGE], ids=["black", "fading", "with glints", "large"]
)
def test_a_frame_with_dark_lenses_is_sunglasses(changes: Changes) -> None:
    assert eyewear_of(changes) == "sunglasses"


@pytest.mark.parametrize(
    "changes",
    [VR, CARDBOARD, SLANTED, EYE_MASK, GOGGLES, STRAPS],
    ids=["VR", "3D", "slanted 3D", "mask", "goggles", "straps"],
)
def test_what_is_no_pair_of_glasses_is_other_eyewear(changes: Changes) -> None:
    assert eyewear_of(changes) == "other"


@pytest.mark.parametrize(
    "changes", [PATCH, OTHER_PATCH, PATCH_ON_THE_LIDS, MONOCLE], ids=["left", "right", "lid", "monocle"]
)
def test_what_is_worn_on_one_eye_is_other_eyewear(changes: Changes) -> None:
    assert eyewear_of(changes) == "other"


@pytest.mark.parametrize("shift", [(0, 1), (1, 0), (-1, 0), (1, 1)])
@pytest.mark.parametrize(("changes", "value"), [(None, "none"), (CLEAR, "glasses"), (SHADES, "sunglasses")])
def test_the_place_of_the_head_does_not_matter(
    changes: Changes | None, value: str, shift: tuple[int, int]
) -> None:
    assert eyewear_of(changes, shift) == value


@pytest.mark.parametrize(
    "changes",
    [
        {(10, 9): "tt", (10, 14): "tt", (13, 9): "tt", (13, 14): "tt"},  # paint over and under the eyes
        {(11, 9): "rr", (12, 9): "rr", (11, 14): "rr", (12, 14): "rr"},  # glowing eyes
        {(9, 6): "khhhhhhhhhk", (10, 6): "khhhhhhhhhk"},  # a fringe down to the brows
        {(9, 9): "hhhhhhh", (10, 11): "hhh", (11, 12): "h"},  # a strand between the eyes
        {(7, 6): "kfgggfgggfk", (8, 6): "kfgggfgggfk"},  # goggles on the forehead
        {(10, 9): "kk", (10, 14): "kk", (12, 8): "k"},  # heavy brows and a scar
    ],
    ids=["paint", "glowing", "fringe", "strand", "pushed up", "brows"],
)
def test_what_is_near_the_eyes_but_spans_no_bridge_is_not_eyewear(changes: Changes) -> None:
    assert eyewear_of(changes) == "none"


def test_skin_of_two_tones_or_fading_skin_is_not_eyewear() -> None:
    lit = {(row, 7): "SSSSSSSSS" for row in (8, 9, 10)} | {(11, 7): "SSbbSSSbb", (12, 7): "SSewSSSew"}
    fading = draw()
    for row in range(8, 20):
        skin = (fading[row] == (219, 177, 128, 255)).all(axis=-1)
        fading[row, skin, :3] = (219, 177 - 7 * (row - 13), 128 - 7 * (row - 13))
    assert eyewear_of(lit) == "none"
    assert detect(fading).value(0) == "none"


def test_the_evidence_of_glasses_is_their_frame_and_what_is_seen_in_it() -> None:
    evidence = pixels(detect(draw(CLEAR, COLORS)).evidence[0])
    assert {(10, 8), (11, 11), (11, 12), (11, 13), (12, 16)} <= evidence
    assert all(10 <= row <= 13 and 8 <= col <= 16 for row, col in evidence)


def test_no_face_means_not_found() -> None:
    column = detect(np.full((24, 24, 4), 255, np.uint8))
    assert column.value(0) is None
    assert column.confidence[0] == 0
    assert not column.evidence.any()


@settings(deadline=None, max_examples=30)
@given(hnp.arrays(np.uint8, (3, 24, 24, 4), elements=st.sampled_from([0, 90, 128, 177, 219, 255])))
def test_any_batch_gives_the_answers_of_its_portraits_one_by_one(rgba: np.ndarray) -> None:
    rgba[0] = draw(CLEAR, COLORS)
    together = detect(*rgba)
    for row, portrait in enumerate(rgba):
        alone = detect(portrait)
        assert together.codes[row] == alone.codes[0]
        assert together.confidence[row] == alone.confidence[0]
        assert (together.evidence[row] == alone.evidence[0]).all()


def test_real_portraits_are_read_as_people_read_them(shared_data: Path) -> None:
    with (shared_data / "bespoke" / "labels.csv").open(newline="") as file:
        labels = {row["image"]: row["eyewear"].split("|") for row in csv.DictReader(file)}
    files = [shared_data / "bespoke" / "images24" / f"{name}.png" for name in labels]
    column = detect(*(read_picture(file.read_bytes()).rgba for file in files))
    right = [column.value(row) in accepted for row, accepted in enumerate(labels.values())]
    assert np.mean(right) >= 0.98


def test_skin_from_forehead_to_cheeks_is_no_frame_even_if_another_colour_was_taken_for_it() -> None:
    punks = Punks(batch(draw(), draw(SHADES, COLORS)))
    landmarks = Landmarks(punks)
    skin = landmarks.skin
    mistaken = skin.replace(rgb=np.full_like(skin.rgb, 225), mask=np.zeros_like(skin.mask))
    band = cut_eye_band(punks.rgba, landmarks.face, mistaken)
    assert band.bridged.tolist() == [False, True]


def test_eyes_with_lids_and_whites_are_seen_in_frames_that_hug_them() -> None:
    frame: Changes = {(9, 9): "ff", (9, 14): "ff", (12, 9): "ff", (12, 14): "ff", (10, 6): "ff"}
    frame |= {(row, col): "f" for row in (10, 11) for col in (8, 11, 13, 16)} | {(10, 11): "fff"}
    eyes: Changes = {(10, 9): "kk", (10, 14): "kk", (11, 9): "uW", (11, 14): "uW"}
    assert detect(draw(frame | eyes, COLORS)).value(0) == "glasses"
    dark: Changes = {(10, 9): "kk", (10, 14): "kk", (11, 9): "kk", (11, 14): "kk"}
    assert detect(draw(frame | dark, COLORS)).value(0) == "sunglasses"


def test_a_thick_frame_with_a_window_for_each_eye_is_glasses_and_a_mask_is_not() -> None:
    rows: Changes = {(10, 8): "ttttttttt", (11, 8): "tewttewtt", (12, 8): "ttttttttt"}
    near_eyes = {(11, 14): "ss", (12, 14): "ss", (10, 14): "ss"}
    assert detect(draw(near_eyes | rows, COLORS)).value(0) == "glasses"
    mask: Changes = {(10, 6): "ttttttttttt", (11, 6): "tttewtttewt", (12, 6): "ttttttttttt"}
    assert detect(draw(mask, COLORS)).value(0) == "other"
