"""The report: one file, whatever pictures and names go into it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes import CornerDetector, portrait, run_command, use_detectors, write_portrait
from punkdetect.images import encode_png, read_picture
from punkdetect.report.gallery import draw_sheets, match_names
from punkdetect.report.page import render_page, script_json

ODD = ('<img src=x onerror="window.hit=1">.png', "</script><script>window.hit=1<b>.png", "{{script}}.png")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to work in, with pictures in `in` and a config under which two detectors answer."""
    use_detectors(monkeypatch, CornerDetector(), CornerDetector("skin_hex"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits:\n  expression: {detector: expression.corner, show: always}\n"
        "  skin_hex: {detector: skin_hex.corner, show: always}\n"
    )
    for i, name in enumerate(("a.png", "b.png", "c.png")):
        write_portrait(tmp_path / "in" / name, red=i, green=100 + i)
    return tmp_path


def page_data(page: str) -> dict[str, Any]:
    """What the script of a page finds."""
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    data: dict[str, Any] = json.loads(text)
    return data


def evidence(data: dict[str, Any]) -> np.ndarray:
    """The evidence of a page, bool (pictures, traits, 24, 24)."""
    packed = np.frombuffer(zlib.decompress(base64.b64decode(data["evidence"])), np.uint8)
    traits = sum(trait["mask"] >= 0 for trait in data["traits"])
    return np.unpackbits(packed).reshape(-1, traits, 24, 24).astype(bool)


def test_a_report_holds_every_portrait_and_every_answer(folder: Path) -> None:
    run_command("scan", "in", "-o", "t.csv")
    assert run_command("report", "t.csv", "--images", "in", "-o", "r.html").code == 0
    data = page_data((folder / "r.html").read_text())
    assert data["images"] == ["a.png", "b.png", "c.png"]
    expression = data["traits"][0]
    assert [expression["values"][code] for code in expression["codes"]] == ["neutral", "smile", "frown"]
    assert expression["shares"] == [round(10_000 * (100 + i) / 255) for i in range(3)]
    [sheet] = data["sheets"]
    pixels = read_picture(base64.b64decode(sheet.removeprefix("data:image/png;base64,"))).rgba
    for i, place in enumerate(data["pictures"]):
        assert (pixels[:24, 24 * place : 24 * place + 24] == portrait(i, 100 + i)).all()


@pytest.mark.parametrize("table", [(), ("t.csv",), ("t.jsonl",), ("e.jsonl",)])
def test_evidence_is_found_again_or_taken_from_the_table(folder: Path, table: tuple[str, ...]) -> None:
    run_command("scan", "in", "-o", "t.csv")
    run_command("scan", "in", "-o", "t.jsonl")
    run_command("scan", "in", "--evidence", "-o", "e.jsonl")
    run_command("report", *table, "--images", "in", "-o", "r.html")
    masks = evidence(page_data((folder / "r.html").read_text()))
    assert masks.shape[:2] == (3, 2)
    assert masks[..., 0, 0].all()
    assert masks.sum() == 6


def test_evidence_of_another_answer_than_the_tables_is_left_out_and_counted(folder: Path) -> None:
    (folder / "t.csv").write_text("image,expression\na.png,neutral\nb.png,frown\nc.png,\n")
    run_command("report", "t.csv", "--images", "in", "-o", "r.html")
    data = page_data((folder / "r.html").read_text())
    assert data["changed"] == {"expression": 1}
    assert evidence(data)[:, 0, 0, 0].tolist() == [True, False, False]


def test_evidence_may_be_left_out(folder: Path) -> None:
    run_command("report", "--images", "in", "--no-evidence", "-o", "r.html")
    assert page_data((folder / "r.html").read_text())["evidence"] == ""


def test_a_table_of_no_pictures_is_said_to_be_empty(folder: Path) -> None:
    (folder / "t.csv").write_text("image,status\n")
    result = run_command("report", "t.csv", "--images", "in", "-o", "r.html")
    assert (result.code, "no pictures are named in t.csv" in result.err) == (1, True)


def test_refused_pictures_keep_their_reason(folder: Path) -> None:
    (folder / "in" / "d.png").write_text("no picture")
    result = run_command("report", "--images", "in", "-o", "r.html")
    assert (result.code, "d.png: not-an-image" in result.err) == (1, True)
    data = page_data((folder / "r.html").read_text())
    assert data["statuses"][3] == "not-an-image"
    assert data["messages"]["3"]
    assert data["pictures"][3] == -1


def test_a_picture_that_is_gone_is_named_and_the_others_are_shown(folder: Path) -> None:
    run_command("scan", "in", "-o", "t.csv")
    (folder / "in" / "b.png").unlink()
    result = run_command("report", "t.csv", "--images", "in", "-o", "r.html")
    assert result.code == 1
    assert "b.png: missing" in result.err
    data = page_data((folder / "r.html").read_text())
    assert data["lost"] == [1]
    assert data["pictures"][1] == -1


def test_a_folder_with_none_of_the_pictures_is_a_wrong_folder(folder: Path) -> None:
    run_command("scan", "in", "-o", "t.csv")
    write_portrait(folder / "other" / "z.png")
    result = run_command("report", "t.csv", "--images", "other", "-o", "r.html")
    assert result.code == 2
    assert "name the folder that was scanned" in result.err
    assert not (folder / "r.html").exists()


def test_a_folder_without_pictures_is_said_and_the_page_is_empty(folder: Path) -> None:
    (folder / "none").mkdir()
    result = run_command("report", "--images", "none", "-o", "r.html")
    assert result.code == 1
    assert "no images found in none" in result.err
    assert page_data((folder / "r.html").read_text())["images"] == []


def test_tiles_of_a_sheet_are_found(folder: Path) -> None:
    (folder / "sheet.png").write_bytes(encode_png(np.concatenate([portrait(1), portrait(2)], axis=1)))
    run_command("scan", "sheet.png", "--tile", "24", "-o", "t.csv")
    assert run_command("report", "t.csv", "--images", "sheet.png", "--tile", "24", "-o", "r.html").code == 0
    assert page_data((folder / "r.html").read_text())["images"] == ["sheet_0000", "sheet_0001"]


def test_its_own_report_is_replaced_and_no_other_file(folder: Path) -> None:
    for _ in range(2):
        assert run_command("report", "--images", "in", "-o", "r.html").code == 0
    (folder / "r.html").write_text("<p>mine")
    assert run_command("report", "--images", "in", "-o", "r.html").code == 2
    assert run_command("report", "t.csv", "--images", "in", "-o", "t.csv", "--force").code == 2


def test_names_match_whole_before_they_match_by_stem() -> None:
    names = ["a/1.png", "b/1.png", "b/2.png", "3.gif"]
    assert match_names(["b/1.png", "1.png", "2", "x/3.png", "4"], names) == [1, None, 2, 3, None]


def test_sheets_hold_any_number_of_portraits() -> None:
    rgba = np.stack([portrait(i % 256, i // 256) for i in range(1030)])
    first, second = [read_picture(png).rgba for png in draw_sheets(rgba)]
    assert first.shape == (768, 768, 4)
    assert (first[24 * 31 : 24 * 32, 24 * 31 :] == rgba[1023]).all()
    assert (second[:24, 24 * 5 : 24 * 6] == rgba[1029]).all()
    assert list(draw_sheets(rgba[:0])) == []


def test_json_in_a_page_cannot_end_its_element() -> None:
    text = script_json({"name": "</script><!--&"})
    assert "<" not in text
    assert ">" not in text
    assert "\\u003c/script" in text
    assert json.loads(text) == {"name": "</script><!--&"}


class Elements(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_odd_names_stay_text(folder: Path) -> None:
    shutil.rmtree(folder / "in")
    for i, name in enumerate(ODD):
        write_portrait(folder / "in" / name, red=i)
    assert run_command("report", "--images", "in", "--title", ODD[0], "-o", "r.html").code == 0
    page = (folder / "r.html").read_text()
    plain = render_page("report", "plain", {})
    assert [tag for tag, _ in Elements(page).found] == [tag for tag, _ in Elements(plain).found]
    assert "&lt;img src=x onerror=&quot;window.hit=1&quot;&gt;" in page
    assert sorted(page_data(page)["images"]) == sorted(ODD)


@pytest.mark.parametrize("name", ["report", "review", "audit"])
def test_the_policy_lets_nothing_run_but_the_pages_own_script(name: str) -> None:
    page = render_page(name, "t", {})
    elements = Elements(page).found
    [policy] = [str(a["content"]) for tag, a in elements if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert rules["base-uri"] == rules["form-action"] == rules["connect-src"] == "'none'"
    for kind, tag in (("script", "<script>"), ("style", "<style>")):
        text = page.split(tag)[1].split(f"</{kind}>")[0]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    for tag, attributes in elements:
        assert not any(key.startswith("on") or key == "style" for key in attributes), tag
        address = attributes.get("href") or attributes.get("src")
        assert address is None or address.startswith(("#", "data:")), tag
    assert "//" not in re.sub(r"^\s*//.*| // .*|sha256-\S+", "", page, flags=re.MULTILINE)
