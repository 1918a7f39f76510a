"""`punkdetect scan`."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from fakes import CornerDetector, portrait, run_command, use_detectors, write_portrait
from punkdetect.images import encode_png


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to work in, with a config under which the one detector there is answers."""
    use_detectors(monkeypatch, CornerDetector())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits: {expression: {detector: expression.corner, show: always}}"
    )
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def test_a_folder_is_read_with_its_subfolders_in_the_order_of_names(folder: Path) -> None:
    for name, red in (("b.png", 1), ("a.png", 2), ("sub/c.png", 0), ("sub/deep/d.png", 1)):
        write_portrait(folder / "p" / name, red)
    result = run_command("scan", "p", "-o", "t.csv")
    assert result.code == 0
    assert [(r["image"], r["expression"]) for r in rows(folder / "t.csv")] == [
        ("a.png", "frown"), ("b.png", "smile"), ("sub/c.png", "neutral"), ("sub/deep/d.png", "smile"),
    ]  # fmt: skip
    assert "4 of 4 pictures done" in result.err
    assert "written to" in result.err


def test_standard_output_gets_the_table_when_no_file_is_named(folder: Path) -> None:
    result = run_command("scan", write_portrait(folder / "a.png"))
    assert result.out.startswith(b"image,status,message,type,")
    assert run_command("scan", "a.png", "-o", "-").out == result.out


def test_json_lines_say_the_same(folder: Path) -> None:
    write_portrait(folder / "p" / "a.png", 1)
    (folder / "p" / "b.png").write_text("x")
    assert run_command("scan", "p", "-o", "t.jsonl").code == 1
    first, second = map(json.loads, (folder / "t.jsonl").read_text().splitlines())
    assert first["traits"]["expression"]["value"] == "smile"
    assert second["status"] == "not-an-image"
    said = run_command("scan", "p", "--format", "jsonl", "--evidence").out.splitlines()
    assert json.loads(said[0])["traits"]["expression"]["evidence"] == [[0, 0]]


def test_evidence_does_not_fit_into_a_table(folder: Path) -> None:
    result = run_command("scan", write_portrait(folder / "a.png"), "--evidence")
    assert (result.code, ".jsonl" in result.err) == (2, True)


def test_every_input_is_a_row_and_every_refusal_is_said(folder: Path) -> None:
    write_portrait(folder / "p" / "good.png", 1)
    (folder / "p" / "empty.png").touch()
    (folder / "p" / "folder.png").mkdir()
    write_portrait(folder / "p" / "folder.png" / "inside.png")
    os.mkfifo(folder / "p" / "pipe.png")
    (folder / "p" / "lost.png").symlink_to("nothing")
    (folder / "p" / "loop.png").symlink_to("loop.png")
    (folder / "p" / "up").symlink_to("..")
    (folder / "p" / "notes.txt").write_text("not looked at")
    result = run_command("scan", "p", "-o", "t.csv")
    assert result.code == 1
    assert {r["image"]: r["status"] for r in rows(folder / "t.csv")} == {
        "empty.png": "not-an-image",
        "folder.png/inside.png": "ok",
        "good.png": "ok",
        "loop.png": "unreadable",
        "lost.png": "unreadable",
        "pipe.png": "unreadable",
    }
    assert "refused: 1 not-an-image, 3 unreadable" in result.err
    assert "pipe.png: unreadable: not a regular file" in result.err


def test_a_folder_without_pictures_gives_a_valid_empty_output(folder: Path) -> None:
    (folder / "p").mkdir()
    result = run_command("scan", "p", "-o", "t.csv")
    assert (result.code, "no images found in p" in result.err) == (1, True)
    assert rows(folder / "t.csv") == []
    assert (folder / "t.csv").read_text().startswith("image,status,message,")
    assert run_command("scan", "p", "-o", "t.jsonl").code == 1
    assert (folder / "t.jsonl").read_text() == ""


@pytest.mark.parametrize("options", [(), ("--resume",), ("--tile", "24")])
def test_a_folder_without_pictures_takes_no_table_away(folder: Path, options: tuple[str, ...]) -> None:
    write_portrait(folder / "p" / "a.png")
    (folder / "empty").mkdir()
    for output in ("t.csv", "t.jsonl"):
        run_command("scan", "p", "-o", output)
        before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        result = run_command("scan", "empty", *options, "-o", output)
        assert result.code == 1
        target = folder / output
        assert f"no images found in empty; {target} stays as it was (--force empties it)\n" in result.err
        assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert run_command("scan", "empty", *options, "-o", "t.csv", "--force").code == 1
    assert rows(folder / "t.csv") == []


def test_names_that_spreadsheets_would_run_are_guarded(folder: Path) -> None:
    write_portrait(folder / "p" / "=1+1.png")
    run_command("scan", "p", "-o", "t.csv")
    assert rows(folder / "t.csv")[0]["image"] == "'=1+1.png"
    run_command("scan", "p", "-o", "t.jsonl")
    assert json.loads((folder / "t.jsonl").read_text())["image"] == "=1+1.png"


def test_names_that_are_no_utf8_are_kept_reversibly_in_json(folder: Path) -> None:
    (folder / "p").mkdir()
    data = write_portrait(folder / "a.png").read_bytes()
    with open(os.fsencode(folder / "p") + b"/\xff.png", "wb") as file:  # noqa: PTH123  (a name of bytes)
        file.write(data)
    assert run_command("scan", "p", "-o", "t.csv").code == 0
    assert rows(folder / "t.csv")[0]["image"] == "\\udcff.png"
    run_command("scan", "p", "-o", "t.jsonl")
    name = json.loads((folder / "t.jsonl").read_text())["image"]
    assert os.fsencode(name) == b"\xff.png"


def test_a_suffix_that_names_no_format_is_refused(folder: Path) -> None:
    result = run_command("scan", write_portrait(folder / "a.png"), "-o", "t.txt")
    assert (result.code, ".csv, .jsonl or .parquet" in result.err) == (2, True)


def test_withheld_traits_are_named_in_every_row(folder: Path) -> None:
    (folder / "configs" / "features.yaml").write_text("traits: {expression: {detector: expression.corner}}")
    path = write_portrait(folder / "a.png", 1)
    run_command("scan", path, "-o", "t.csv", "--traits", "expression,eyewear")
    assert rows(folder / "t.csv")[0] == {
        "image": "a.png", "status": "ok", "message": "", "expression": "", "expression_confidence": "",
        "eyewear": "", "eyewear_confidence": "", "withheld": "expression;eyewear",
        "source_width": "24", "source_height": "24", "grid_fit": "1.0",
    }  # fmt: skip
    run_command("scan", path, "-o", "t.csv", "--traits", "expression", "--all")
    row = rows(folder / "t.csv")[0]
    assert (row["expression"], row["withheld"]) == ("smile", "expression")


def sheet(path: Path, *reds: int | None, columns: int = 2, margin: int = 0, gap: int = 0) -> Path:
    """Write a sheet of portraits; None is an empty place."""
    lines = -(-len(reds) // columns)
    step = 24 + gap
    rgba = np.zeros((2 * margin + lines * step - gap, 2 * margin + columns * step - gap, 4), np.uint8)
    for i, red in enumerate(reds):
        if red is not None:
            row, col = (margin + step * n for n in divmod(i, columns))
            rgba[row : row + 24, col : col + 24] = portrait(red)
    path.write_bytes(encode_png(rgba))
    return path


def test_a_sheet_is_cut_into_tiles_and_empty_ones_are_counted(folder: Path) -> None:
    result = run_command("scan", sheet(folder / "s.png", 1, 2, None, 0), "--tile", "24", "-o", "t.csv")
    assert result.code == 0, result.err
    assert [(r["image"], r["expression"]) for r in rows(folder / "t.csv")] == [
        ("s_0000", "smile"), ("s_0001", "frown"), ("s_0003", "neutral"),
    ]  # fmt: skip
    assert "s.png: 1 empty tile left out" in result.err


def test_a_sheet_that_is_not_there_any_more_is_a_row_and_stops_no_other(folder: Path) -> None:
    (folder / "in").mkdir()
    sheet(folder / "in" / "s.png", 1, 2)
    (folder / "in" / "gone.png").symlink_to(folder / "nowhere.png")
    result = run_command("scan", "in", "--tile", "24", "-o", "t.csv")
    assert result.code == 1
    told = {row["image"]: row["status"] for row in rows(folder / "t.csv")}
    assert told == {"gone.png": "unreadable", "s_0000": "ok", "s_0001": "ok"}


def test_tiles_are_named_as_asked(folder: Path) -> None:
    path = sheet(folder / "s.png", 1, 2, margin=3, gap=2)
    layout = ["--tile", 24, "--columns", 2, "--margin", 3, "--gap", 2]
    run_command("scan", path, *map(str, layout), "--name", "punk_{id:03d}", "--first-id", "7", "-o", "t.csv")
    assert [r["image"] for r in rows(folder / "t.csv")] == ["punk_007", "punk_008"]


def test_ids_go_on_from_sheet_to_sheet(folder: Path) -> None:
    paths = sheet(folder / "s.png", 1, None), sheet(folder / "t.png", 2, 0)
    run_command("scan", *paths, "--tile", "24", "--name", "p{id}", "-o", "t.csv")
    assert [r["image"] for r in rows(folder / "t.csv")] == ["p0", "p2", "p3"]


def test_sheets_of_one_name_but_for_the_suffix_have_tiles_of_different_names(folder: Path) -> None:
    paths = sheet(folder / "s.png", 1), sheet(folder / "s.gif", 2), sheet(folder / "t.png", 0)
    run_command("scan", *paths, "--tile", "24", "-o", "t.csv")
    assert [r["image"] for r in rows(folder / "t.csv")] == ["s.png_0000", "s.gif_0000", "t_0000"]


def test_tiles_that_travel_together_keep_their_order_and_their_pixels(folder: Path) -> None:
    reds = [i % 5 for i in range(700)]
    path = sheet(folder / "s.png", *reds, columns=50)
    for jobs in ("1", "2"):
        run_command("scan", path, "--tile", "24", "-o", f"{jobs}.csv", "-j", jobs)
    assert (folder / "1.csv").read_bytes() == (folder / "2.csv").read_bytes()
    assert [r["image"] for r in rows(folder / "2.csv")] == [f"s_{i:04}" for i in range(700)]
    values = [r["expression"] for r in rows(folder / "2.csv")]
    assert values == [values[:5][red] for red in reds]
    assert len(set(values)) > 2


def test_a_folder_without_sheets_is_told_of(folder: Path) -> None:
    (folder / "p").mkdir()
    result = run_command("scan", "p", "--tile", "24", "-o", "t.csv")
    assert (result.code, "no images found in p" in result.err) == (1, True)
    assert rows(folder / "t.csv") == []


def test_a_sheet_that_cannot_be_cut_is_one_record(folder: Path) -> None:
    write_portrait(folder / "small.png")
    (folder / "text.png").write_text("x")
    result = run_command("scan", "small.png", "text.png", "--tile", "48", "-o", "t.csv")
    assert result.code == 1
    assert [(r["image"], r["status"]) for r in rows(folder / "t.csv")] == [
        ("small.png", "not-a-punk"), ("text.png", "not-an-image"),
    ]  # fmt: skip


@pytest.mark.parametrize("options", [["--columns", "2"], ["--name", "p{id}"], ["--gap", "1"]])
def test_sheet_options_need_a_tile_size(folder: Path, options: list[str]) -> None:
    result = run_command("scan", write_portrait(folder / "a.png"), *options)
    assert (result.code, "add --tile" in result.err) == (2, True)


def test_a_pattern_that_names_all_tiles_alike_is_refused(folder: Path) -> None:
    result = run_command("scan", sheet(folder / "s.png", 1, 2), "--tile", "24", "--name", "x", "-o", "t.csv")
    assert result.code == 2
    assert not (folder / "t.csv").exists()


def test_a_sheet_says_what_its_tiles_say_as_files(folder: Path) -> None:
    for i in range(4):
        write_portrait(folder / "p" / f"s_000{i}.png", i)
    run_command("scan", "p", "-o", "files.csv")
    run_command("scan", sheet(folder / "s.png", 0, 1, 2, 3), "--tile", "24", "-o", "tiles.csv")
    assert (folder / "files.csv").read_text().replace(".png", "") == (folder / "tiles.csv").read_text()


@contextmanager
def not_as_root() -> Iterator[None]:
    """Give up root's right to read everything for a while."""
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if was_root:
            os.seteuid(0)


def test_what_may_not_be_read_is_a_record(folder: Path) -> None:
    write_portrait(folder / "p" / "a.png").chmod(0)
    write_portrait(folder / "p" / "sub" / "b.png")
    folder.chmod(0o755)
    run_command("scan", "p")  # loads every module while the interpreter's own folders can be read
    (folder / "p" / "sub").chmod(0)
    with not_as_root():
        result = run_command("scan", "p")
    (folder / "p" / "sub").chmod(0o700)
    assert result.code == 1
    table = list(csv.DictReader(result.out.decode().splitlines()))
    assert [(r["image"], r["status"]) for r in table] == [("a.png", "unreadable"), ("sub", "unreadable")]
