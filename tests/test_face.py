"""The face frame: eyes, nose and mouth are found wherever a portrait has them, and nowhere else."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from drawn_faces import COLORS, FACE, batch, draw
from punkdetect.landmarks.face import find_face
from punkdetect.landmarks.flat_colors import color_difference, cut_windows, guess_flat_colors, has_hue_of


def place_of(portrait: np.ndarray) -> tuple[bool, int, int, int, int]:
    face = find_face(batch(portrait))
    row = (face.found, face.eye_row, face.left_eye_col, face.nose_row, face.mouth_row)
    found, *rest = (part[0] for part in row)
    return (bool(found), *(int(part) for part in rest))


def test_a_plain_face_is_found_to_the_pixel() -> None:
    assert place_of(draw()) == (True, 11, 9, 15, 17)


@pytest.mark.parametrize("shift", [(-2, 0), (-1, 1), (0, 2), (1, -1), (2, 2), (1, 0)])
def test_a_face_that_lies_elsewhere_is_found_there(shift: tuple[int, int]) -> None:
    down, right = shift
    assert place_of(draw(shift=shift)) == (True, 11 + down, 9 + right, 15 + down, 17 + down)


def test_a_mirrored_face_is_found_mirrored() -> None:
    found, eye_row, eye_col, nose_row, mouth_row = place_of(draw()[:, ::-1])
    assert (found, eye_row, nose_row, mouth_row) == (True, 11, 15, 17)
    assert eye_col == 24 - 1 - (9 + 5 + 1)


def test_a_taller_face_has_its_nose_a_row_lower() -> None:
    lines = FACE.strip().splitlines()
    taller = "\n".join([*lines[1:14], lines[13], *lines[14:]])
    assert place_of(draw(face=taller)) == (True, 10, 9, 15, 17)


@pytest.mark.parametrize(("left", "right"), [(9, 13), (8, 14), (9, 14), (10, 14)])
def test_eyes_nearer_or_further_apart_are_found_to_the_pixel(left: int, right: int) -> None:
    without = {(row, 7): "sssssssss" for row in (10, 11, 12)}
    face = draw(without)
    face[11:13, [left, left + 1, right, right + 1]] = COLORS["e"]
    frame = find_face(batch(face))
    assert (frame.eye_row[0], frame.left_eye_col[0], frame.right_eye_col[0]) == (11, left, right)


@pytest.mark.parametrize("spacing", [3, 4, 6, 7, 8])
def test_eyes_far_nearer_or_further_apart_are_found_with_nose_and_mouth(spacing: int) -> None:
    usual, middle = draw(), 12
    part = [usual[:, :middle], usual[:, middle + 1 :]]
    if spacing > 5:  # the middle column once more for each column further
        face = np.concatenate([part[0], *[usual[:, middle : middle + 1]] * (spacing - 4), part[1]], axis=1)
        face = face[:, (spacing - 5) // 2 :][:, :24]
        left = 9 - (spacing - 5) // 2
    else:  # a head as narrow, its mouth as wide as ever
        face, left = usual.copy(), 10
        face[10:13, 7:16] = COLORS["s"]
        for col in (left, left + spacing):
            face[10, col : col + 2] = COLORS["b"]
            face[11:13, col] = COLORS["e"]
            face[11:13, col + 1] = COLORS["w"]
        face[15, 12], face[15, left + 2] = COLORS["s"], COLORS["k"]
    frame = find_face(batch(face))
    assert (frame.eye_row[0], frame.left_eye_col[0], frame.right_eye_col[0]) == (11, left, left + spacing)
    assert (frame.nose_row[0], frame.mouth_row[0]) == (15, 17)


def test_a_visor_or_lenses_at_any_distance_do_not_part_the_eyes() -> None:
    for spacing in (3, 7):
        left = 12 - spacing // 2 - 1
        lenses = {(row, col): "kkkk" for row in (11, 12) for col in (left - 1, left + spacing - 1)}
        frame = find_face(batch(draw({(10, 7): "sssssssss"} | lenses)))
        assert frame.right_eye_col[0] - frame.left_eye_col[0] in (4, 5, 6)


@pytest.mark.parametrize("nose", [(14, 12), (15, 11), (15, 13)])
def test_a_nose_a_pixel_off_is_found_to_the_pixel(nose: tuple[int, int]) -> None:
    frame = find_face(batch(draw({(15, 12): "s"} | {nose: "k"})))
    assert (frame.nose_row[0], frame.nose_col[0]) == nose
    assert (frame.eye_row[0], frame.left_eye_col[0], frame.mouth_row[0]) == (11, 9, 17)


def test_glasses_do_not_move_the_eyes() -> None:
    glasses = {(10, 8): "kkkkskkkk", (11, 8): "kewkkkewk", (12, 8): "kewkskewk", (13, 8): "kkkkskkkk"}
    assert place_of(draw(glasses)) == (True, 11, 9, 15, 17)


def test_the_mouth_is_under_the_moustache() -> None:
    mustache = {(16, 9): "hhhhhhh"}
    assert place_of(draw(mustache))[4] == 17


def test_the_mouth_is_above_the_chin_of_a_beard() -> None:
    beard = {(row, 7): "hhhhhhhhh" for row in (16, 18, 19)} | {(17, 7): "hhhhlllhh", (19, 11): "sss"}
    assert place_of(draw(beard))[4] == 17


def test_full_lips_count_from_their_upper_row() -> None:
    assert place_of(draw({(18, 11): "lll"}))[4] == 17


def test_a_visor_over_the_eyes_does_not_move_the_face() -> None:
    visor = {(10, 6): "kkkkkkkkkkk", (11, 6): "kwwwwwwwwwk", (12, 6): "kwwwwwwwwwk", (13, 6): "kkkkkkkkkkk"}
    found, _, eye_col, nose_row, mouth_row = place_of(draw(visor))
    assert (found, eye_col, nose_row, mouth_row) == (True, 9, 15, 17)


def test_a_mask_over_nose_and_mouth_does_not_move_the_eyes() -> None:
    mask = {(row, 8): "mmmmmmm" for row in range(14, 20)}
    assert place_of(draw(mask, {"m": (170, 200, 220, 255)}))[:3] == (True, 11, 9)


def test_the_skin_is_the_color_of_the_face_and_not_of_the_beard() -> None:
    beard = {(row, 7): "hhhhhhhhh" for row in (15, 16, 18, 19)} | {(17, 7): "hhhhlllhh"}
    face = find_face(batch(draw(beard)))
    assert face.skin_rgb[0].tolist() == [219, 177, 128]
    assert face.second_rgb[0].tolist() == [90, 60, 30]


def test_a_face_of_one_color_has_no_second_one() -> None:
    face = find_face(batch(draw()))
    assert face.second_rgb.tolist() == face.skin_rgb.tolist() == [[219, 177, 128]]


def _gradient() -> np.ndarray:
    across = np.zeros((24, 24, 4), np.uint8)
    across[..., 0] = 10 * np.arange(24)
    across[..., 3] = 255
    return across


def _flat(value: int) -> np.ndarray:
    return np.full((24, 24, 4), value, np.uint8)


@pytest.mark.parametrize(
    "picture",
    [_flat(0), _flat(255), _gradient(), _gradient().transpose(1, 0, 2)],
    ids=["transparent", "white", "gradient across", "gradient down"],
)
def test_a_picture_without_features_has_no_face(picture: np.ndarray) -> None:
    assert place_of(picture) == (False, -1, -1, -1, -1)


def test_noise_is_not_a_face() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (200, 24, 24, 4), np.uint8)
    noise[..., 3] = 255
    assert not find_face(noise).found.any()


def test_a_face_is_found_the_same_in_any_batch() -> None:
    portraits = batch(draw(), _flat(0), draw(shift=(2, 1)), draw({(16, 9): "hhhhhhh"}), draw()[:, ::-1])
    whole = find_face(portraits)
    for name in vars(whole):
        single = np.concatenate(
            [getattr(find_face(portraits[i : i + 1]), name) for i in range(len(portraits))]
        )
        assert np.array_equal(getattr(whole, name), single), name
        backwards = getattr(find_face(portraits[::-1]), name)[::-1]
        assert np.array_equal(getattr(whole, name), backwards), name


def test_no_portraits_give_no_faces() -> None:
    assert len(find_face(np.zeros((0, 24, 24, 4), np.uint8)).found) == 0


@settings(max_examples=30, deadline=None)
@given(hnp.arrays(np.uint8, (2, 24, 24, 4), elements=st.sampled_from([0, 1, 40, 128, 254, 255])))
def test_whatever_the_pixels_a_face_lies_in_the_picture_or_is_not_found(rgba: np.ndarray) -> None:
    face = find_face(rgba)
    assert ((face.score >= 0) & (face.score <= 1)).all()
    for rows in (face.eye_row, face.nose_row, face.left_eye_col, face.right_eye_col, face.mouth_col):
        assert (rows[face.found] >= 0).all()
        assert (rows[face.found] < 24).all()
        assert (rows[~face.found] == -1).all()


def test_a_crop_follows_the_face_and_repeats_the_edge() -> None:
    portraits = batch(draw(), draw(shift=(1, 2)))
    face = find_face(portraits)
    both = face.crop(portraits, range(-2, 3), range(-3, 4), anchor="mouth")
    assert both.shape == (2, 5, 7, 4)
    assert np.array_equal(both[0], both[1])
    outside = face.crop(portraits, range(-20, -18), range(-3, 0), anchor="mouth")
    assert np.array_equal(outside[0, 0], portraits[0, 0, 7:10])


def test_windows_are_cut_alike_from_colors_and_from_masks() -> None:
    rgba = np.random.default_rng(1).integers(0, 256, (3, 24, 24, 4), np.uint8)
    item, rows, cols = np.array([2, 0]), np.array([[0, 5], [22, 30]]), np.array([[1, 2, 3], [-1, 0, 23]])
    cut = cut_windows(rgba, item, rows, cols)
    assert np.array_equal(cut[0], rgba[2][[0, 5]][:, [1, 2, 3]])
    assert np.array_equal(cut[1], rgba[0][[22, 23]][:, [0, 0, 23]])
    assert np.array_equal(cut_windows(rgba[..., 0], item, rows, cols), cut[..., 0])
    assert np.array_equal(
        cut_windows(rgba[:, :, ::-1], item, rows, cols)[0], rgba[2, :, ::-1][[0, 5]][:, [1, 2, 3]]
    )


def test_color_difference_sums_the_channels_and_ignores_alpha() -> None:
    one, other = np.array([[255, 0, 10, 0]], np.uint8), np.array([[0, 255, 20, 255]], np.uint8)
    assert color_difference(one, other).tolist() == [520]


def test_black_ink_is_no_flat_color_of_a_face_while_there_is_another() -> None:
    rgba = np.zeros((1, 24, 24, 4), np.uint8)
    rgba[..., 3] = 255
    rgba[:, 12:15, 9:16, :3] = (200, 150, 100)
    first, second = guess_flat_colors(rgba[:, 12:18, 9:16])
    assert first.tolist() == second.tolist() == [[200, 150, 100]]


def test_a_shade_has_the_hue_of_its_color_and_another_color_or_depth_has_not() -> None:
    skin = np.array([219, 177, 128], np.uint8)
    shade, dark, blue = skin * 0.7, skin * 0.3, np.array([128, 177, 219])
    colors = np.array([skin, shade, dark, blue]).astype(np.uint8)
    assert has_hue_of(colors, skin, 0.05, (0.5, 1.0)).tolist() == [True, True, False, False]
    black = np.zeros(3, np.uint8)
    assert not has_hue_of(black, skin, 0.05, (0.5, 1.0))


@pytest.mark.parametrize(("collection", "mouths"), [("bespoke", {17}), ("cryptopunks", {18})])
def test_faces_of_real_collections_are_found_where_their_artists_draw_them(
    shared_data: Path, collection: str, mouths: set[int]
) -> None:
    with (shared_data / collection / "labels.csv").open(newline="") as file:
        labels = list(csv.DictReader(file))
    if collection == "bespoke":
        paths = [shared_data / collection / "images24" / f"{row['image']}.png" for row in labels]
        rgba = np.stack([np.array(Image.open(path).convert("RGBA")) for path in paths])
    else:
        sheet = np.array(Image.open(shared_data / collection / "punks_0000-4999.png").convert("RGBA"))
        rgba = sheet.reshape(50, 24, 100, 24, 4).transpose(0, 2, 1, 3, 4).reshape(-1, 24, 24, 4)
    face = find_face(np.ascontiguousarray(rgba))
    bare = np.array([row["mouth_item"] != "mask" for row in labels])
    assert face.found.all()
    assert np.isin(face.mouth_row[bare], list(mouths)).mean() >= 0.998


def test_eyes_of_a_single_pixel_are_found_though_a_brim_is_darker() -> None:
    brim = {(7, 5): "kkkkkkkkkkkkk", (8, 5): "kkkkkkkkkkkkk"}
    points = {(10, 9): "ss", (10, 14): "ss", (11, 9): "ss", (11, 14): "ss", (12, 9): "sk", (12, 14): "sk"}
    face = find_face(batch(draw(brim | points)))
    assert (face.nose_row[0], face.nose_col[0], face.mouth_row[0]) == (15, 12, 17)


FRINGE = {(row, 7): "hhhhhhhhh" for row in (8, 9, 10)} | {(14, 12): "k", (15, 12): "s"}


def test_eyes_that_show_their_whites_are_found_under_a_fringe_and_near_the_nose() -> None:
    lids = {(11, 9): "bb", (11, 14): "bb"}
    for eye in ("ew", "we"):
        face = find_face(batch(draw(FRINGE | lids | {(12, 9): eye, (12, 14): eye})))
        assert (face.eye_row[0], face.left_eye_col[0], face.right_eye_col[0]) == (11, 9, 14)
        assert (face.nose_row[0], face.mouth_row[0]) == (14, 17)


def test_a_fringe_that_comes_down_to_the_lids_is_no_row_of_the_eyes() -> None:
    face = find_face(batch(draw(FRINGE | {(11, 9): "bb", (11, 14): "bb", (12, 9): "se", (12, 14): "es"})))
    assert (face.eye_row[0], face.nose_row[0], face.mouth_row[0]) == (11, 14, 17)


def test_where_the_eyes_show_their_whites_they_are_found_to_the_pixel_beside_a_rim() -> None:
    rims = {(row, col): "b" for row in (10, 11, 12) for col in (7, 11, 13)}
    rims |= {(10, 7): "bbbbbbbbbb", (13, 7): "bbbbb", (13, 12): "sbbbb", (11, 8): "sss", (11, 14): "sss"}
    face = find_face(batch(draw(rims | {(12, 8): "wes", (12, 14): "ews"})))
    assert (face.eye_row[0], face.left_eye_col[0], face.right_eye_col[0]) == (11, 8, 14)
