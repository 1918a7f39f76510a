"""`punkdetect explain` and `punkdetect recover`: pictures in, pictures out."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from fakes import CornerDetector, portrait, run_command, use_detectors, write_portrait
from punkdetect.images import encode_png, read_picture
from punkdetect.punks import Source
from punkdetect.report.canvas import Canvas, enlarge
from punkdetect.report.explain import (
    Explanation,
    Line,
    Outline,
    explain_report,
    nesting_levels,
    trait_color,
)
from punkdetect.report.explain_png import LINE, MARGIN, SCALE, draw_png
from punkdetect.report.explain_svg import draw_svg
from punkdetect.reports import Answer, Report, TraitHeading


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to work in, with a config under which one trait is shown and one withheld."""
    use_detectors(monkeypatch, CornerDetector(), CornerDetector("eyewear"), CornerDetector("skin_hex"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits: {expression: {detector: expression.corner, show: always},"
        " eyewear: {detector: eyewear.corner}}"
    )
    return tmp_path


def pixels(path: Path) -> np.ndarray:
    return read_picture(path.read_bytes()).rgba


def test_explain_outlines_the_evidence_on_the_enlarged_portrait(folder: Path) -> None:
    path = write_portrait(folder / "a.png", 1)
    assert run_command("explain", path, "-o", "why.png").code == 0
    drawn = pixels(folder / "why.png")
    cell = drawn[MARGIN : MARGIN + SCALE, MARGIN : MARGIN + SCALE, :3]
    assert tuple(cell[0, 0]) == trait_color(0)
    assert tuple(cell[SCALE // 2, SCALE // 2]) == (1, 255, 0)
    body = drawn[MARGIN + 10 * SCALE, MARGIN + 10 * SCALE, :3]
    assert tuple(body) == (219, 177, 128)


def test_explain_outlines_only_what_is_shown_unless_asked_for_all(folder: Path) -> None:
    path = write_portrait(folder / "a.png", 1)
    run_command("explain", path, "-o", "some.png")
    run_command("explain", path, "-o", "all.png", "--all")
    second = np.array(trait_color(1))
    side = slice(MARGIN, MARGIN + SCALE)
    assert not (pixels(folder / "some.png")[side, side, :3] == second).all(-1).any()
    assert (pixels(folder / "all.png")[side, side, :3] == second).all(-1).any()


def test_explain_draws_on_standard_output(folder: Path) -> None:
    result = run_command("explain", write_portrait(folder / "a.png"), "-o", "-")
    assert result.out.startswith(b"\x89PNG")


def test_explain_refuses_what_is_no_picture(folder: Path) -> None:
    (folder / "a.png").write_text("x")
    result = run_command("explain", "a.png", "-o", "why.png")
    assert (result.code, "a.png: not-an-image" in result.err) == (1, True)
    assert not (folder / "why.png").exists()


def test_explain_writes_png_only(folder: Path) -> None:
    result = run_command("explain", write_portrait(folder / "a.png"), "-o", "why.gif")
    assert (result.code, ".png" in result.err) == (2, True)


def test_outlines_that_overlap_lie_in_each_other() -> None:
    masks = [np.zeros((24, 24), bool) for _ in range(3)]
    masks[0][:2, :2] = masks[1][1:3, 1:3] = masks[2][5, 5] = True
    assert nesting_levels(masks) == [0, 1, 0]


def test_an_outline_is_drawn_inside_its_cells() -> None:
    canvas = Canvas(40, 40, (255, 255, 255))
    mask = np.zeros((4, 4), bool)
    mask[1, 1:3] = True
    canvas.outline(mask, 10, 0, 0, (255, 0, 0), 0, 2)
    red = (canvas.rgb == (255, 0, 0)).all(-1)
    rows, cols = np.nonzero(red)
    assert (rows.min(), rows.max(), cols.min(), cols.max()) == (10, 19, 10, 29)
    assert not red[12:18, 12:28].any()
    assert not red[12:18, 18:22].any(), "no line between two cells of one mask"


def test_what_is_not_there_is_outlined_in_dashes_and_said_so() -> None:
    everywhere = np.ones((24, 24), bool)
    headings = [
        TraitHeading(trait, f"{trait}.corner@1", False, True, True) for trait in ("eyewear", "earrings")
    ]
    answers = {"eyewear": Answer("none", 0.9, everywhere), "earrings": Answer("hoop", 0.9, everywhere)}
    report = Report("a.png", "ok", "", Source(), answers, headings, {}, portrait())
    explanation = explain_report(report)
    assert [outline.dashed for outline in explanation.outlines] == [True, False]
    assert [line.hollow for line in explanation.legend if line.square] == [True, False]
    assert explanation.legend[-1].text == "dashed: looked at, and nothing is there"
    rgb = read_picture(draw_png(explanation)).rgba[MARGIN : MARGIN + 24 * SCALE, MARGIN, :3]
    share = (rgb == explanation.outlines[0].color).all(-1).mean()
    assert 0.4 < share < 0.6
    assert draw_svg(explanation).count("stroke-dasharray") == 2  # the line and its halo


def test_a_line_is_seen_on_pixels_of_its_own_colour() -> None:
    for i in range(15):
        outline = Outline("eyewear", np.ones((24, 24), bool), trait_color(i), 0)
        rgba = np.full((24, 24, 4), (*outline.color, 255), np.uint8)
        drawn = read_picture(draw_png(Explanation(rgba, [outline], [Line("a")]))).rgba
        rim = drawn[MARGIN + LINE, MARGIN + 5 * SCALE, :3].astype(int)
        assert np.abs(rim - outline.color).max() > 100


def test_see_through_pixels_are_drawn_over_squares() -> None:
    canvas = Canvas(24, 24, (0, 0, 0))
    canvas.paste(np.zeros((24, 24, 4), np.uint8), 0, 0)
    assert {tuple(c) for c in canvas.rgb.reshape(-1, 3).tolist()} == {(204, 204, 204), (255, 255, 255)}


def test_text_is_cut_at_the_edge() -> None:
    canvas = Canvas(20, 30, (255, 255, 255))
    canvas.write("a long line of text \U0001f427", 5, 5, (0, 0, 0), 15)
    canvas.write("outside", 50, 50, (0, 0, 0), 15)
    assert (canvas.rgb != 255).any()


def test_enlarging_is_exact() -> None:
    large = enlarge(portrait(), 3)
    assert large.shape == (72, 72, 4)
    assert (large[::3, ::3] == portrait()).all()
    assert (large[2::3, 2::3] == portrait()).all()


def test_recover_writes_the_true_pixels(folder: Path) -> None:
    path = write_portrait(folder / "a.png", 3)
    assert run_command("recover", path, "-o", "o.png").code == 0
    assert (pixels(folder / "o.png") == portrait(3)).all()
    assert run_command("recover", path, "-o", "large.png", "--scale", "5").code == 0
    assert (pixels(folder / "large.png") == enlarge(portrait(3), 5)).all()


def test_recover_writes_several_into_a_folder(folder: Path) -> None:
    paths = [write_portrait(folder / f"{n}.png", n) for n in (1, 2)]
    assert run_command("recover", *paths, "-o", "out").code == 0
    assert (pixels(folder / "out" / "2.png") == portrait(2)).all()
    assert run_command("recover", *paths, "-o", "out").code == 0, "its own output needs no force"


def test_recover_refuses_to_write_two_pictures_to_one_place(folder: Path) -> None:
    paths = [write_portrait(folder / d / "a.png") for d in ("x", "y")]
    result = run_command("recover", *paths, "-o", "out")
    assert (result.code, "several pictures would be out/a.png" in result.err) == (2, True)
    assert not (folder / "out").exists()


def test_recover_refuses_several_pictures_into_one_file(folder: Path) -> None:
    paths = [write_portrait(folder / f"{n}.png", n) for n in (1, 2)]
    assert run_command("recover", paths[0], "-o", "o.png").code == 0
    assert run_command("recover", *paths, "-o", "o.png").code == 2

    new = run_command("recover", *paths, "-o", "two.png")
    assert (new.code, "several pictures need a folder" in new.err) == (2, True)
    assert not (folder / "two.png").exists()
    assert run_command("recover", *paths, "-o", "two.png/").code == 0
    assert (folder / "two.png" / "1.png").is_file()


@pytest.mark.parametrize("name", ["e.jpg", "taken.txt", "taken"])
def test_recover_of_one_picture_says_what_a_name_must_be(folder: Path, name: str) -> None:
    for taken in ("taken.txt", "taken"):
        (folder / taken).write_text("precious")
    result = run_command("recover", write_portrait(folder / "a.png"), "-o", name, "--force")
    assert (result.code, "several pictures" in result.err) == (2, False)
    assert f"{name}: end in .png, or name a folder with / at the end" in result.err
    assert not (folder / "e.jpg").exists()


def test_what_was_written_is_said_unless_quiet(folder: Path) -> None:
    path, other = write_portrait(folder / "a.png", 1), write_portrait(folder / "b.png", 2)
    for command, output in (("recover", "o.png"), ("explain", "why.png"), ("analyze", "t.json")):
        assert run_command(command, path, "-o", output).err.splitlines()[-1] == f"written to {output}"
        assert run_command(command, path, "-o", output, "-q").err == ""
        assert "written" not in run_command(command, path, "-o", "-").err
    said = run_command("recover", path, other, "-o", "out/", "--steps", "steps").err
    assert said == "2 of 2 pictures written to out/\nsteps written to steps\n"


def test_recover_reports_how_the_pixels_were_found(folder: Path) -> None:
    (folder / "b.png").write_text("x")
    path = write_portrait(folder / "a.png")
    said = run_command("recover", path, "-o", "o.png", "--report").json
    assert said["status"] == "ok"
    assert said["source"] == {
        "width": 24, "height": 24, "cell": 1, "offset": [0, 0], "fit": 1.0, "forced": False,
    }  # fmt: skip
    assert said["margin"] == 1.0
    assert said["purity"] == {"mean": 1.0, "least": 1.0}
    result = run_command("recover", path, "b.png", "-o", "out", "--report")
    assert result.code == 1
    assert [row["status"] for row in result.json] == ["ok", "not-an-image"]


def test_recover_draws_its_steps(folder: Path) -> None:
    run_command("recover", write_portrait(folder / "a.png"), "-o", "o.png", "--steps", "steps")
    names = sorted(p.name for p in (folder / "steps").iterdir())
    assert names == ["a_1_grid.png", "a_2_cells.png", "a_3_purity.png"]
    assert pixels(folder / "steps" / "a_2_cells.png").shape == (480, 480, 4)


@pytest.mark.parametrize("place", ["taken", "taken/steps", "far/taken/steps", "n" * 300, "loop/steps"])
@pytest.mark.parametrize("option", ["--steps", "-o"])
def test_recover_refuses_a_folder_that_cannot_be_made_before_any_work(
    folder: Path, place: str, option: str
) -> None:
    path = write_portrait(folder / "a.png")
    (folder / "taken").write_text("precious")
    (folder / "far").mkdir()
    (folder / "far" / "taken").write_text("precious")
    (folder / "loop").symlink_to("loop")
    before = sorted(folder.rglob("*"))
    output = ["-o", "o.png", "--steps", place] if option == "--steps" else ["-o", place]
    result = run_command("recover", path, *output)
    assert result.code == 2, result.err
    assert sorted(folder.rglob("*")) == before


def test_recover_says_that_a_folder_may_not_be_made(folder: Path) -> None:
    path = write_portrait(folder / "a.png")
    (folder / "ro").mkdir(mode=0o555)
    result = run_command("recover", path, "-o", "/proc/zz/")
    assert (result.code in (2, 3), result.err.startswith("punkdetect: /proc/zz: ")) == (True, True)
    if os.geteuid():  # root may write everywhere
        denied = run_command("recover", path, "-o", "ro/q/")
        assert (denied.code, "no permission" in denied.err) == (2, True)


def test_recover_gives_standard_output_one_png_only(folder: Path) -> None:
    paths = [write_portrait(folder / f"{n}.png", n) for n in (1, 2)]
    assert run_command("recover", paths[0], "-o", "-").out.startswith(b"\x89PNG")
    assert run_command("recover", *paths, "-o", "-").code == 2
    assert run_command("recover", paths[0], "-o", "-", "--report").code == 2


@pytest.fixture
def large(folder: Path) -> Path:
    """The enlarged picture of a portrait with enough in it to find its cells."""
    rgba = portrait(1)
    rgba[9:12, 8:16:2, :3] = (20, 30, 40)
    rgba[4:7, 3:21, :3] = (120, 30, 40)
    rgba[20:, 3:21:3, :3] = (12, 130, 40)
    path = folder / "large.png"
    path.write_bytes(encode_png(enlarge(rgba, 13)))
    return path


def test_an_enlarged_picture_is_recovered_and_analyzed_like_the_original(folder: Path, large: Path) -> None:
    assert run_command("recover", large, "-o", "o.png").code == 0
    assert (pixels(folder / "o.png") == pixels(large)[::13, ::13]).all()
    said = run_command("analyze", large).json
    assert said["traits"]["expression"]["value"] == "smile"
    assert (said["source"]["width"], said["source"]["cell"], said["source"]["forced"]) == (312, 13, False)


def test_what_holds_no_24_cells_is_refused_unless_forced(folder: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (100, 100, 4), np.uint8)
    noise[..., 3] = 255
    (folder / "noise.png").write_bytes(encode_png(noise))
    result = run_command("analyze", "noise.png")
    assert (result.code, result.json["status"]) == (1, "not-a-punk")
    assert "--tile" not in result.json["message"]
    forced = run_command("analyze", "noise.png", "--grid", "24")
    assert (forced.code, forced.json["source"]["forced"]) == (0, True)


def test_what_may_be_a_sheet_is_refused_with_the_way_to_read_it(folder: Path) -> None:
    sheet = np.random.default_rng(0).integers(0, 256, (72, 120, 4), np.uint8)
    sheet[..., 3] = 255
    (folder / "sheet.png").write_bytes(encode_png(sheet))
    result = run_command("analyze", "sheet.png")
    assert (result.code, "scan it with --tile 24" in result.json["message"]) == (1, True)
    assert len(run_command("scan", "sheet.png", "--tile", "24").out.splitlines()) == 16
