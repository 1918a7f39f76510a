"""The grid: true 24x24 pixels out of larger pictures, or a plain no. Portraits are drawn by the project."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_faces import draw as draw_face
from enlarged import (
    BICUBIC,
    BILINEAR,
    HAMMING,
    LANCZOS,
    WAYS,
    Rgba,
    blur,
    flatten,
    frame,
    jpeg,
    resize,
    share_near,
)
from not_punks import make_not_punks
from punkdetect.errors import NotAPunkError
from punkdetect.grid import recover_grid, recovery_steps
from punkdetect.grid.box import Box, whole
from punkdetect.grid.evidence import judge, prepare_axis
from punkdetect.grid.kernels import KERNELS, basis, point_weights, weights
from punkdetect.inputs import recover_portrait
from punkdetect.synth import draw


@pytest.fixture(scope="module")
def portraits() -> list[Rgba]:
    """Sixty drawn portraits without alpha."""
    return [flatten(p) for p in draw(60, seed=5).rgba]


@pytest.fixture(scope="module")
def face() -> Rgba:
    """A face before nothing: everything around it is see-through."""
    return draw_face()


def random_cells(seed: int) -> Rgba:
    cells = np.random.default_rng(seed).integers(0, 256, (24, 24, 4), np.uint8)
    cells[..., 3] = 255
    return cells


def refusal(rgba: Rgba) -> str:
    with pytest.raises(NotAPunkError) as caught:
        recover_grid(rgba)
    return caught.value.message


@pytest.mark.parametrize("side", [30, 47])
def test_a_smoothed_portrait_that_is_too_small_is_not_said_to_fit(face: Rgba, side: int) -> None:
    said = refusal(resize(flatten(face), side, BILINEAR))
    assert said.startswith(f"size {side}x{side}: neither 24x24 nor a clean enlargement")
    assert "needs 48 pixels a side" in said
    assert "fit" not in said


@pytest.mark.parametrize("side", [30, 47, 480])
def test_a_picture_of_one_colour_is_said_to_have_nothing_drawn_on_it(side: int) -> None:
    blue = np.full((side, side, 4), (0, 0, 200, 255), np.uint8)
    assert "nothing is drawn on it, all of it has one colour" in refusal(blue)
    assert (recover_grid(blue, forced=True).rgba == (0, 0, 200, 255)).all()


def is_taken(rgba: Rgba) -> bool:
    try:
        recover_grid(rgba)
    except NotAPunkError:
        return False
    return True


# Clean enlargements


def test_a_24x24_file_passes_untouched_with_its_hidden_colours() -> None:
    rgba = np.random.default_rng(1).integers(0, 256, (24, 24, 4), np.uint8)
    rgba[:9, :, 3] = 0
    found = recover_grid(rgba)
    assert (found.rgba == rgba).all()
    assert (found.fit, found.cell, found.offset, found.forced) == (1.0, (1.0, 1.0), (0.0, 0.0), False)


def test_an_all_transparent_24x24_file_passes() -> None:
    assert not recover_grid(np.zeros((24, 24, 4), np.uint8)).rgba.any()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    height=st.integers(36, 400),
    width=st.integers(36, 400),
    rounding=st.sampled_from([0.0, 0.5, 1.0 - 1e-9]),
)
def test_clean_enlargements_of_any_size_come_back_to_the_last_bit(
    seed: int, height: int, width: int, rounding: float
) -> None:
    cells = random_cells(seed)
    rows, columns = (
        np.minimum(((np.arange(size) + rounding) * 24 / size).astype(int), 23) for size in (height, width)
    )
    found = recover_grid(cells[rows][:, columns])
    assert (found.rgba == cells).all()
    assert found.fit == 1.0
    assert found.cell == pytest.approx((height / 24, width / 24))


@pytest.mark.parametrize("size", [48, 512, 1000, 3000, (480, 720), (101, 777)])
def test_nearest_enlargements_of_portraits_come_back_to_the_last_bit(
    portraits: list[Rgba], size: int | tuple[int, int]
) -> None:
    for portrait in portraits[:8]:
        assert (recover_grid(resize(portrait, size)).rgba == portrait).all()


def test_an_enlargement_of_an_enlargement_comes_back(portraits: list[Rgba]) -> None:
    for portrait in portraits[:20]:
        assert (recover_grid(resize(resize(portrait, 480), 1111)).rgba == portrait).all()


@pytest.mark.parametrize("size", [240, 512, (480, 720)])
def test_alpha_is_kept(face: Rgba, size: int | tuple[int, int]) -> None:
    translucent = np.where(face[..., 3:] == 255, face, (0, 0, 0, 0)).astype(np.uint8)
    translucent[15:18, :, 3] = np.minimum(translucent[15:18, :, 3], 128)
    assert (recover_grid(resize(translucent, size)).rgba == translucent).all()


def test_alpha_survives_smoothing(face: Rgba) -> None:
    found = recover_grid(resize(face, 512, BICUBIC))
    assert share_near(found.rgba, face) == 1.0
    assert set(np.unique(found.rgba[..., 3])) == {0, 255}


def test_colours_under_alpha_0_do_not_count_as_lines(face: Rgba) -> None:
    large = resize(face, 512).copy()
    hidden = large[..., 3] == 0
    large[hidden, :3] = np.random.default_rng(0).integers(0, 256, (int(hidden.sum()), 3))
    assert share_near(recover_grid(large).rgba, face, 0) == 1.0


# Smoothed and compressed pictures


@pytest.mark.parametrize(
    ("way", "least"),
    [
        ("20x, JPEG 75", 0.995),
        ("bicubic 512", 0.995),
        ("Lanczos 512, JPEG 80", 0.99),
        ("bilinear 512", 0.999),
        ("Hamming 400", 0.999),
        ("nearest 512, Lanczos 256", 0.999),
        ("nearest 512, blur 3", 0.999),
        ("bicubic 333x271", 0.995),
        ("bicubic 100", 0.995),
    ],
)
def test_smoothed_and_compressed_portraits_come_back(portraits: list[Rgba], way: str, least: float) -> None:
    found = [recover_grid(WAYS[way](p)) for p in portraits]
    assert np.mean([share_near(f.rgba, p) for f, p in zip(found, portraits, strict=True)]) >= least
    assert min(f.fit for f in found) > 0.75
    assert min(f.margin for f in found) > 0


@pytest.mark.parametrize("radius", [1, 2, 3, 4, 5, 6])
def test_a_blur_of_up_to_three_tenths_of_a_cell_comes_back(portraits: list[Rgba], radius: int) -> None:
    found = [recover_grid(blur(resize(portrait, 480), radius)).rgba for portrait in portraits[:8]]
    near = [share_near(rgba, portrait) for rgba, portrait in zip(found, portraits, strict=False)]
    assert np.mean(near) >= 0.99


def test_areas_are_flat_again_after_jpeg_and_single_pixels_stay(face: Rgba) -> None:
    portrait = flatten(face)
    skin = portrait[14, 12].copy()
    portrait = portrait.copy()
    portrait[15, 9, :3] = np.clip(skin[:3].astype(int) - 25, 0, 255)  # a freckle
    for scale, quality in ((10, 75), (20, 50), (20, 75), (20, 90)):
        found = recover_portrait(jpeg(resize(portrait, 24 * scale), quality), "x").rgba
        count = len(np.unique(portrait.reshape(-1, 4), axis=0))
        assert len(np.unique(found.reshape(-1, 4), axis=0)) <= count + 12
        freckle, beside = found[15, 9, :3].astype(int), found[14, 12, :3].astype(int)
        assert np.abs(freckle - beside).sum() > 40


def test_a_backdrop_that_shades_still_shades_after_smoothing(face: Rgba) -> None:
    shades = np.zeros((24, 24, 4), np.uint8)
    shades[...] = (60, 90, 120, 255)
    shades[..., 0] += (np.arange(24, dtype=np.uint8) * 5)[:, None]
    portrait = np.where(face[..., 3:] == 255, face, shades).astype(np.uint8)
    found = recover_portrait(resize(portrait, 512, BICUBIC), "x").rgba
    assert len(np.unique(found[:, 0, 0])) >= 20


def test_a_mirrored_picture_gives_mirrored_cells(portraits: list[Rgba]) -> None:
    for portrait in portraits[:6]:
        large = resize(portrait, 512, BICUBIC)
        mirrored = recover_grid(np.ascontiguousarray(large[:, ::-1])).rgba[:, ::-1]
        assert np.abs(recover_grid(large).rgba.astype(int) - mirrored).max() <= 1


def test_cells_cut_at_the_edges_of_the_picture_are_found(portraits: list[Rgba]) -> None:
    shares = []
    for i, portrait in enumerate(portraits[:12]):
        large = resize(portrait, 512)
        cut = large[i % 7 :, : 512 - i % 5] if i % 2 else large[: 512 - i % 6, i % 8 :]
        shares.append(share_near(recover_grid(jpeg(np.ascontiguousarray(cut), 90)).rgba, portrait))
    assert np.mean(shares) > 0.99


# Borders


@pytest.mark.parametrize("percent", [1, 3, 7, 12, 20])
@pytest.mark.parametrize("color", [(255, 255, 255, 255), (0, 0, 0, 255), (12, 200, 90, 255), (0, 0, 0, 0)])
def test_clean_portraits_in_a_plain_border_come_back_to_the_last_bit(
    portraits: list[Rgba], percent: int, color: tuple[int, ...]
) -> None:
    for portrait in portraits[:12]:
        found = recover_grid(frame(resize(portrait, 512), 512 * percent // 100, color))
        assert (found.rgba == portrait).all()
        assert found.offset == pytest.approx((512 * percent // 100,) * 2, abs=1)


@pytest.mark.parametrize("compress", [False, True])
def test_smoothed_portraits_in_a_plain_border_come_back(portraits: list[Rgba], compress: bool) -> None:
    rng = np.random.default_rng(0)
    shares = []
    for i, portrait in enumerate(portraits[:30]):
        large = resize(portrait, 480 if compress else 512, BICUBIC if i % 2 else LANCZOS)
        color = (255, 255, 255, 255) if i % 3 == 0 else (*rng.integers(0, 256, 3), 255)
        framed = frame(large, int(rng.integers(5, 100)), color)
        shares.append(share_near(recover_grid(jpeg(framed, 80) if compress else framed).rgba, portrait))
    assert np.mean(shares) >= 0.99


def test_a_border_of_the_backdrops_own_colour_is_found_when_it_is_the_same_on_all_sides(
    portraits: list[Rgba],
) -> None:
    plain = [p for p in portraits if (p[:3] == p[0, 0]).all()]
    assert len(plain) >= 5
    for portrait in plain:
        assert (recover_grid(frame(resize(portrait, 480), 57, portrait[0, 0])).rgba == portrait).all()


def test_a_border_told_by_its_colour_may_differ_from_side_to_side(portraits: list[Rgba]) -> None:
    for portrait in portraits[:12]:
        framed = frame(resize(portrait, 504), (10, 97, 40, 60), (250, 20, 200, 255))
        found = recover_grid(framed)
        assert (found.rgba == portrait).all()
        assert found.offset == (10.0, 40.0)


def test_bars_on_two_sides_are_a_border(portraits: list[Rgba]) -> None:
    for portrait in portraits[:12]:
        assert (
            recover_grid(frame(resize(portrait, 480), (0, 0, 187, 187), (250, 20, 200, 255))).rgba == portrait
        ).all()


@pytest.mark.parametrize("ring", [1, 2, 4])
@pytest.mark.parametrize("how", ["NEAREST", "BICUBIC"])
def test_a_flat_ring_of_whole_cells_is_a_border(portraits: list[Rgba], ring: int, how: str) -> None:
    from PIL import Image

    for portrait in portraits[:6]:
        large = resize(frame(portrait, ring, (250, 20, 200, 255)), 512, Image.Resampling[how])
        assert share_near(recover_grid(large).rgba, portrait) == 1.0


@pytest.mark.parametrize("widths", [1, 2, 3, (1, 3, 2, 5), (2, 0, 1, 1)])
@pytest.mark.parametrize("color", [(255, 255, 255, 255), (0, 0, 0, 255), (0, 0, 0, 0)])
def test_a_border_around_a_portraits_own_pixels_is_taken_off(
    portraits: list[Rgba], widths: int | tuple[int, ...], color: tuple[int, ...]
) -> None:
    for portrait in portraits:
        found = recover_grid(frame(portrait, widths, color))
        assert (found.rgba == portrait).all()
        assert found.cell == (1.0, 1.0)


@pytest.mark.parametrize("scale", [1, 2, 9])
def test_frames_within_frames_are_taken_off(portraits: list[Rgba], scale: int) -> None:
    for portrait in portraits[:12]:
        framed = frame(resize(portrait, 24 * scale), scale, (0, 0, 0, 255))
        framed = frame(frame(framed, 2, (250, 20, 200, 255)), (4, 7, 5, 5))
        found = recover_grid(framed)
        assert (found.rgba == portrait).all()
        assert found.offset == (scale + 6, scale + 7)


@pytest.mark.parametrize("scale", [1, 10])
def test_a_figure_that_floats_in_a_larger_picture_is_no_portrait_with_a_border(
    face: Rgba, scale: int
) -> None:
    smaller = face[2:]  # 22 rows, that would stand two above the lower edge
    assert (smaller[:, :, 3] == 0).mean() > 0.3
    for side in (30, 32):
        above = (side - 22) // 2
        sprite = frame(smaller, (above, side - 22 - above, (side - 24) // 2, (side - 24) // 2), (0, 0, 0, 0))
        refusal(resize(sprite, side * scale))


@pytest.mark.parametrize("count", [25, 26, 28, 32])
def test_a_border_around_another_count_of_pixels_is_refused(portraits: list[Rgba], count: int) -> None:
    for portrait in portraits[:12]:
        more = np.pad(portrait, ((count - 24, 0), (0, count - 24), (0, 0)), "wrap")
        refusal(frame(more, 2, (250, 20, 200, 255)))


# Lines between the cells


def rule(portrait: Rgba, cell: int, line: int, around: tuple[int, int] = (0, 0)) -> Rgba:
    """Enlarge a portrait with a gap between its cells, and gaps before the first and after the last one."""
    places = np.full(around[0] + 24 * cell + 23 * line + around[1], -1)
    for i in range(24):
        at = around[0] + i * (cell + line)
        places[at : at + cell] = i
    ruled = portrait[places][:, places]
    ruled[(places < 0)[:, None] | (places < 0)] = (0, 0, 0, 255)
    return ruled


def draw_over(large: Rgba, line: int, share: float) -> Rgba:
    """Draw lines over where cells begin, through which some of the cells is seen."""
    size = len(large)
    under = np.zeros(size, bool)
    for i in range(25):
        at = min(int(i * size / 24), size - line)
        under[at : at + line] = True
    ruled, both = large.astype(float), under[:, None] | under
    ruled[both, :3] *= 1 - share
    return np.round(ruled).astype(np.uint8)


@pytest.mark.parametrize(("cell", "line"), [(2, 1), (3, 1), (20, 1), (20, 2), (16, 4), (40, 3)])
@pytest.mark.parametrize("around", [(0, 0), (0, 1), (1, 1)])
def test_lines_between_the_cells_are_taken_off(
    portraits: list[Rgba], cell: int, line: int, around: tuple[int, int]
) -> None:
    for portrait in portraits[:12]:
        ruled = rule(portrait, cell, line, (around[0] * line, around[1] * line))
        found = recover_grid(ruled)
        assert (found.rgba == portrait).all()
        assert found.fit == 1.0
        assert found.cell == pytest.approx((cell + line, cell + line), abs=0.1)
        assert (recover_grid(frame(ruled, 30)).rgba == portrait).all()


@pytest.mark.parametrize(("size", "line"), [(480, 1), (512, 1), (500, 2), (1000, 3)])
@pytest.mark.parametrize("share", [0.5, 1.0])
def test_lines_drawn_over_the_cells_are_taken_off(
    portraits: list[Rgba], size: int, line: int, share: float
) -> None:
    for portrait in portraits[:12]:
        assert (recover_grid(draw_over(resize(portrait, size), line, share)).rgba == portrait).all()


def test_lines_between_another_count_of_cells_are_refused(portraits: list[Rgba]) -> None:
    for portrait in portraits[:12]:
        for ruled in (rule(portrait, 20, 2)[22:, 22:], rule(portrait, 20, 2)[:-22]):
            refusal(np.ascontiguousarray(ruled))


def test_black_clothes_in_a_black_border_stay_on_the_portrait(face: Rgba) -> None:
    portrait = flatten(face)
    portrait = np.where(np.arange(24)[:, None, None] > 21, (0, 0, 0, 255), portrait).astype(np.uint8)
    for widths in (33, (10, 40, 20, 15)):
        assert (recover_grid(frame(resize(portrait, 480), widths, (0, 0, 0, 255))).rgba == portrait).all()


def test_a_plain_backdrop_is_no_border(face: Rgba) -> None:
    for portrait in (face, flatten(face), flatten(face, (255, 255, 255))):
        for large in (resize(portrait, 512), resize(portrait, 512, BICUBIC)):
            found = recover_grid(large)
            assert found.offset == (0.0, 0.0)
            assert share_near(found.rgba, portrait) == 1.0


# Refusals


@pytest.mark.parametrize("size", [(23, 24), (24, 25), (1, 1), (24, 48), (25, 25), (28, 28)])
def test_pictures_of_about_24_pixels_are_refused_by_their_size(size: tuple[int, int]) -> None:
    rgba = np.random.default_rng(0).integers(0, 256, (*size, 4), np.uint8)
    rgba[..., 3] = 255
    assert refusal(rgba).startswith(f"size {size[1]}x{size[0]}: ")


@pytest.mark.parametrize("size", [(23, 24), (1, 1)])
def test_fewer_pixels_than_cells_are_refused_even_if_forced(size: tuple[int, int]) -> None:
    with pytest.raises(NotAPunkError):
        recover_grid(np.zeros((*size, 4), np.uint8), forced=True)


@pytest.mark.parametrize("alpha", [0, 255])
def test_an_enlarged_flat_colour_is_refused(alpha: int) -> None:
    rgba = np.full((480, 480, 4), 90, np.uint8)
    rgba[..., 3] = alpha
    assert "480x480" in refusal(rgba)


@pytest.mark.parametrize("count", [28, 32, 40])
def test_a_clean_portrait_of_another_count_is_refused_with_that_count(
    portraits: list[Rgba], count: int
) -> None:
    for portrait in portraits[:6]:
        more = count - 24
        cells = np.pad(portrait, ((more, 0), (0, more), (0, 0)), "wrap")
        assert f"{count} cells a side" in refusal(resize(cells, 640))


def test_a_photos_refusal_says_its_size_and_score() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (480, 640, 4), np.uint8)
    noise[..., 3] = 255
    assert refusal(noise) == (
        "no 24x24 grid in this 640x480 picture (fit 0.00, needs 0.6)"
        "; crop it to one portrait, or take it all the same with --grid 24"
    )


@pytest.mark.parametrize("how", ["NEAREST", "BICUBIC"])
def test_pictures_of_12_cells_are_refused(portraits: list[Rgba], how: str) -> None:
    from PIL import Image

    for portrait in portraits[:6]:
        for cells in (portrait[::2, ::2], portrait[::2, ::3]):
            refusal(resize(cells.copy(), 512, Image.Resampling[how]))


def test_a_portrait_whose_cells_were_doubled_is_a_portrait_and_48_cells_are_not(
    portraits: list[Rgba],
) -> None:
    for portrait in portraits[:6]:
        doubled = resize(portrait, 48)
        assert (recover_grid(resize(doubled, 528)).rgba == portrait).all()
        refusal(resize(resize(portrait, 48, BICUBIC), 528))
        refusal(resize(np.hstack([np.vstack(portraits[:2]), np.vstack(portraits[2:4])]), 528))


def test_at_most_1_percent_of_300_other_pictures_are_taken_for_portraits(portraits: list[Rgba]) -> None:
    taken = [f"{p.kind}: {p.name}" for p in make_not_punks(portraits) if is_taken(p.rgba)]
    assert len(taken) <= 3, taken


def test_what_is_forced_says_so() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (480, 640, 4), np.uint8)
    found = recover_grid(noise, forced=True)
    assert found.forced
    assert found.fit < 0.6
    assert found.cell == (20.0, 640 / 24)


def test_force_changes_nothing_where_a_portrait_is_found(portraits: list[Rgba]) -> None:
    for large in (resize(portraits[0], 512), resize(portraits[0], 512, BICUBIC)):
        assert not recover_grid(large, forced=True).forced


# Purity, memory, steps


def test_purity_is_the_share_of_a_cell_that_has_its_colour(portraits: list[Rgba]) -> None:
    large = resize(portraits[0], 480).copy()
    large[200:220, 100:105] = (*(portraits[0][10, 5, :3] ^ 128), 255)
    found = recover_grid(large)
    assert found.purity[10, 5] == 0.75
    assert np.delete(found.purity.ravel(), 10 * 24 + 5).min() == 1.0
    assert (found.rgba == portraits[0]).all()


@pytest.mark.parametrize("border", [0, 300])
def test_the_largest_picture_takes_little_memory(face: Rgba, border: int) -> None:
    large = frame(resize(flatten(face), 4096 - 2 * border, BICUBIC), border)
    tracemalloc.start()
    recover_grid(large)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400 * 2**20


def test_steps_lead_from_the_picture_to_its_cells(portraits: list[Rgba]) -> None:
    framed = frame(resize(portraits[0], 480), 20, (250, 20, 200, 255))
    steps = dict(recovery_steps(framed))
    assert list(steps) == ["cropped", "contrast", "sampled", "cells"]
    assert (steps["cropped"] == resize(portraits[0], 480)).all()
    assert steps["contrast"].shape == (192, 520, 4)
    assert (steps["sampled"] == resize(portraits[0], 192)).all()
    assert (steps["cells"] == portraits[0]).all()


# The parts


@pytest.mark.parametrize(
    ("name", "how"), [("cubic", BICUBIC), ("lanczos", LANCZOS), ("linear", BILINEAR), ("hamming", HAMMING)]
)
def test_kernels_enlarge_as_pillow_does(portraits: list[Rgba], name: str, how: object) -> None:
    matrix = point_weights(name, (np.arange(512) + 0.5) * 24 / 512, 24)
    wide = np.einsum("wk,rkc->rwc", matrix, portraits[0].astype(float))
    # Pillow rounds and cuts off at 0 and 255 between its two passes as well.
    made = np.einsum("hr,rwc->hwc", matrix, np.clip(np.round(wide), 0, 255))
    assert np.abs(np.clip(made, 0, 255) - resize(portraits[0], 512, how)).max() <= 2


@pytest.mark.parametrize("name", KERNELS)
def test_samples_are_made_of_whole_cells(name: str) -> None:
    assert weights(name, np.linspace(0, 24, 145), 24).sum(axis=1) == pytest.approx(np.ones(144))
    directions = basis(name, 24, 144)
    assert np.abs(directions.T @ directions - np.eye(24)).max() < 1e-5


def test_the_residual_drops_at_the_true_count_and_nowhere_else(portraits: list[Rgba]) -> None:
    large = jpeg(resize(portraits[0], 480), 90)
    axis = prepare_axis(large, whole(large.shape), 0)
    left = {count: axis.residual("box", count) for count in range(16, 40)}
    assert left[24] < 0.1 * min(value for count, value in left.items() if count != 24)


def test_only_the_box_that_holds_the_portrait_fits(portraits: list[Rgba]) -> None:
    framed = jpeg(frame(resize(portraits[0], 480), 40), 90)
    fits = {}
    for width in (20, 30, 40, 50, 60):
        box = Box(width, 560 - width, width, 560 - width)
        fits[width] = judge((prepare_axis(framed, box, 0), prepare_axis(framed, box, 1))).fit
    assert max(fits, key=fits.__getitem__) == 40
    assert fits[40] > 0.95
