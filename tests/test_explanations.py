"""Explanations: the SVG, what becomes of answers without their evidence, and the portrait in the terminal."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from fakes import CornerDetector, run_command, use_detectors, write_portrait
from punkdetect.counterfactual import Turn, repaint, take_evidence_away
from punkdetect.pipeline import open_analyzer
from punkdetect.punks import Source
from punkdetect.report.explain import explain_report
from punkdetect.report.explain_png import SCALE
from punkdetect.report.explain_svg import inset, trace
from punkdetect.reports import Answer, Report, TraitHeading
from punkdetect.writers.text_format import TextFormat

RED, SKIN, INK = (255, 0, 0, 255), (219, 177, 128, 255), (0, 0, 0, 255)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with a config under which one trait is shown and one withheld, and no wish for colours."""
    use_detectors(monkeypatch, CornerDetector(), CornerDetector("eyewear"))
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits: {expression: {detector: expression.corner, show: always},"
        " eyewear: {detector: eyewear.corner}}"
    )
    return tmp_path


def area(loop: list[tuple[float, float]]) -> float:
    """Signed area of a polygon, positive when clockwise on a screen."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(loop, (*loop[1:], loop[0]), strict=True)) / 2


def test_a_hole_takes_the_commonest_colour_around_it() -> None:
    rgba = np.full((1, 24, 24, 4), SKIN, np.uint8)
    rgba[0, 10, 5:20] = RED
    mask = np.zeros((1, 24, 24), bool)
    mask[0, 10, 5:20] = True
    assert (repaint(rgba, mask) == SKIN).all()
    assert (rgba[0, 10, 5] == RED).all(), "the portrait that was given stays as it is"


def test_ink_comes_into_a_hole_only_where_nothing_else_is_beside_it() -> None:
    rgba = np.full((2, 24, 24, 4), INK, np.uint8)
    rgba[0, 12, 4] = SKIN
    mask = np.zeros((2, 24, 24), bool)
    mask[:, 12, 5:8] = True
    rgba[mask] = RED
    painted = repaint(rgba, mask)
    assert (painted[0, 12, 4:8] == SKIN).all()
    assert (painted[1, 12, 5:8] == INK).all()


def test_a_portrait_that_is_evidence_all_over_stays_as_it_is() -> None:
    rgba = np.full((1, 24, 24, 4), RED, np.uint8)
    assert (repaint(rgba, np.ones((1, 24, 24), bool)) == rgba).all()


@pytest.mark.parametrize("thing", ["smile", "glasses", "earring", "cigarette"])
def test_answers_on_the_project_s_own_portraits_turn_without_their_evidence(thing: str) -> None:
    trait, values = {
        "smile": ("expression", ("smile",)),
        "glasses": ("eyewear", ("glasses", "sunglasses", "other")),
        "earring": ("earrings", ("stud", "hoop", "drop")),
        "cigarette": ("mouth_item", ("cigarette", "cigar", "pipe", "vape")),
    }[thing]
    analyzer = open_analyzer(traits=[trait], everything=True)
    demo = sorted((Path(__file__).parents[1] / "data" / "demo").glob("*.png"))
    from punkdetect.inputs import find_inputs

    items = find_inputs(demo, folders=False, note=lambda note: None).items
    turns = [
        turn for reports in analyzer.run(items) for r in reports for turn in take_evidence_away(r, analyzer)
    ]
    asked = [turn for turn in turns if turn.value in values]
    assert len(asked) >= 3
    assert all(turn.turned for turn in asked), [turn for turn in asked if not turn.turned]


def test_absences_and_colours_are_not_asked(folder: Path) -> None:
    everywhere = np.ones((24, 24), bool)
    headings = [
        TraitHeading("eyewear", "eyewear.corner@1", False, True, True),
        TraitHeading("skin_hex", "skin_hex.corner@1", True, True, True),
    ]
    answers = {"eyewear": Answer("none", 0.9, everywhere), "skin_hex": Answer("#ff0000", 0.9, everywhere)}
    rgba = np.zeros((24, 24, 4), np.uint8)
    report = Report("a.png", "ok", "", Source(), answers, headings, {}, rgba)
    assert take_evidence_away(report, open_analyzer(everything=True)) == []


def test_the_command_says_what_each_answer_turns_to(folder: Path) -> None:
    path = write_portrait(folder / "a.png", 1)
    result = run_command("explain", path, "--counterfactual", "-o", "why.svg")
    assert result.code == 0
    assert re.search(r"expression: \w+: (without these pixels: |still )", result.err)
    assert "these pixels" in (folder / "why.svg").read_text()


def test_a_turn_knows_whether_the_answer_is_another() -> None:
    assert Turn("expression", "smile", "neutral").turned
    assert Turn("expression", "smile", None).turned
    assert not Turn("expression", "smile", "smile").turned


def test_the_svg_is_well_formed_whatever_the_file_is_called(folder: Path) -> None:
    name = "<script>\"&' \x1b[31m.png"
    write_portrait(folder / name, 1)
    assert run_command("explain", folder / name, "-o", "why.svg").code == 0
    text = (folder / "why.svg").read_text()
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    assert "<script" not in text
    assert any("<script>\"&'" in (node.text or "") for node in root.iter())


def test_the_command_replaces_its_own_svg_and_no_other(folder: Path) -> None:
    path = write_portrait(folder / "a.png", 1)
    assert run_command("explain", path, "-o", "why.svg").code == 0
    assert run_command("explain", path, "-o", "why.svg").code == 0
    (folder / "other.svg").write_text("<svg/>")
    assert run_command("explain", path, "-o", "other.svg").code == 2
    assert (folder / "other.svg").read_text() == "<svg/>"


def test_a_traced_outline_encloses_just_its_cells() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        mask = rng.random((8, 8)) < 0.5
        loops = trace(mask)
        assert sum(area([*map(tuple, loop)]) for loop in loops) == mask.sum()
        edges = np.pad(mask, 1)
        n_edges = int((edges[1:] != edges[:-1]).sum() + (edges[:, 1:] != edges[:, :-1]).sum())
        lengths = (
            abs(a[0] - b[0]) + abs(a[1] - b[1])
            for loop in loops
            for a, b in zip(loop, (*loop[1:], loop[0]), strict=True)
        )
        assert sum(lengths) == n_edges


def test_an_outline_lies_inside_of_its_cells_and_of_the_rim_of_holes() -> None:
    ring = np.ones((3, 3), bool)
    ring[1, 1] = False
    outer, hole = sorted(trace(ring), key=len), None
    outer, hole = sorted(outer, key=lambda loop: -abs(area([*map(tuple, loop)])))
    xs = sorted({x for x, _ in inset(outer, 2)})
    assert xs == [2, 3 * SCALE - 2]
    assert sorted({x for x, _ in inset(hole, 2)}) == [SCALE - 2, 2 * SCALE + 2]


def test_text_shows_the_portrait_beside_its_traits(folder: Path) -> None:
    path = write_portrait(folder / "a.png", 1)
    result = run_command("analyze", path, "--format", "text")
    lines = result.out.decode().splitlines()
    assert lines[0] == "punkdetect: a.png"
    assert len([line for line in lines[1:] if line]) == 24
    assert any(re.search(r"   expression +\w+ +\d\.\d\d$", line) for line in lines)
    assert any(re.search(r"   eyewear +withheld: ", line) for line in lines)
    assert "\x1b" not in result.out.decode(), "no colours where no terminal is"


def test_colours_come_where_a_person_forces_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_portrait(folder / "a.png", 1)
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = run_command("analyze", path, "--format", "text").out.decode()
    assert text.count("\u2580") == 12 * 24
    assert "\x1b[38;2;219;177;128m" in text
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run_command("analyze", path, "--format", "text").out.decode()


def test_see_through_pixels_are_left_to_the_terminal(folder: Path) -> None:
    rgba = np.zeros((24, 24, 4), np.uint8)
    rgba[1::2, 3] = RED
    report = Report("a.png", "ok", "", Source(), {}, [], {}, rgba)
    drawn = TextFormat(color=True)._record(report).splitlines()[1]
    assert drawn.count("\u2584") == 1
    assert "\u2580" not in drawn
    plain = TextFormat(color=False)._record(report).splitlines()[2]
    assert plain[:6].strip() == ""
    assert plain[6:8].strip() != ""


def test_a_pixel_over_a_see_through_one_leaves_that_to_the_terminal(folder: Path) -> None:
    rgba = np.zeros((24, 24, 4), np.uint8)
    rgba[::2] = RED
    report = Report("a.png", "ok", "", Source(), {}, [], {}, rgba)
    drawn = TextFormat(color=True)._record(report).splitlines()[1]
    assert drawn.count("\x1b[49m\u2580") == 24
    assert "\x1b[48;" not in drawn


def test_the_legend_says_how_the_picture_came_and_what_turned() -> None:
    everywhere = np.ones((24, 24), bool)
    headings = [
        TraitHeading("eyewear", "eyewear.corner@1", False, True, True),
        TraitHeading("skin_hex", "skin_hex.corner@1", True, True, True),
    ]
    answers = {"eyewear": Answer("glasses", 0.9, everywhere), "skin_hex": Answer("#0a0b0c", 0.9, everywhere)}
    rgba = np.zeros((24, 24, 4), np.uint8)
    for source, words in (
        (Source("a.png", 24, 24), "24x24 pixels"),
        (Source("a.png", 512, 480, (20.0, 21.3333), fit=0.98), "512x480 pixels, cells of 21.33x20.00"),
    ):
        report = Report("a.png", "ok", "", source, answers, headings, {}, rgba)
        legend = explain_report(report, turns=[Turn("eyewear", "glasses", "none")]).legend
        assert legend[1].text.startswith(words)
        assert [line.square for line in legend if line.text.startswith("skin_hex")] == [(10, 11, 12)]
        assert "without these pixels: none" in [line.text for line in legend]
    still = explain_report(report, turns=[Turn("eyewear", "glasses", "glasses")]).legend
    assert "still glasses without these pixels" in [line.text for line in still]


def test_a_refused_picture_is_a_line_of_text(folder: Path) -> None:
    (folder / "a.png").write_text("x")
    result = run_command("analyze", "a.png", "--format", "text")
    assert result.code == 1
    assert result.out.decode().startswith("punkdetect: a.png: not-an-image: ")


def test_text_replaces_its_own_text_only(folder: Path) -> None:
    path = write_portrait(folder / "a.png", 1)
    for _ in range(2):
        assert run_command("analyze", path, "--format", "text", "-o", "t.txt").code == 0
    (folder / "mine.txt").write_text("dear diary")
    assert run_command("analyze", path, "--format", "text", "-o", "mine.txt").code == 2
