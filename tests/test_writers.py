"""Writers: the CSV and JSON contracts, and outputs that appear whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import CornerDetector, FussyDetector, portrait
from punkdetect.cells import raw_cell, safe_cell
from punkdetect.errors import CorruptError, EnvironmentUnusableError, UsageError
from punkdetect.gate import TraitPlan, Verdict
from punkdetect.pipeline import Analyzer, Loaded
from punkdetect.punks import Source
from punkdetect.reports import Reports
from punkdetect.writers import format_name
from punkdetect.writers.csv_format import CsvFormat
from punkdetect.writers.json_format import JsonFormat, JsonLinesFormat, dump, report_object
from punkdetect.writers.output import Output, check_output
from punkdetect.writers.png_format import is_marked_png, mark_png

SHOWN = Verdict(True, True, "")
WITHHELD = Verdict(False, False, "measured 0.61, lower end 0.53, below 0.70")
FORCED_ON = Verdict(True, False, "measured 0.61, lower end 0.53, below 0.70", forced=True)
FORCED_OFF = Verdict(False, True, "forced off in features.yaml", forced=True)


def plan(detector: Any, verdict: Verdict = SHOWN, run: bool = True, least: float = 0.0) -> TraitPlan:
    return TraitPlan(detector.trait, detector, verdict, least, detector.vocabulary, run)


def reports(*plans: TraitPlan, pictures: Any = None) -> Reports:
    if pictures is None:
        pictures = [
            Loaded("a.png", portrait(1, 128), Source("a.png")),
            Loaded("b.png", error=CorruptError("truncated")),
            Loaded("c.png", portrait(2, alpha=0), Source("c.png", 512, 512, (21.3333, 21.3333), fit=0.98765)),
        ]
    return Analyzer(plans).examine(pictures)


def table(block: Reports) -> list[dict[str, str]]:
    form = CsvFormat(block.headings)
    text = form.header() + "".join(form.records(block)) + form.footer()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


EXPRESSION, EYEWEAR = CornerDetector(), CornerDetector("eyewear")
SKIN = CornerDetector("skin_hex")


def test_the_columns_are_those_of_the_contract() -> None:
    block = reports(plan(EXPRESSION), plan(EYEWEAR, WITHHELD, run=False), plan(SKIN))
    assert list(table(block)[0]) == [
        "image", "status", "message", "expression", "expression_confidence", "eyewear",
        "eyewear_confidence", "skin_hex", "withheld", "source_width", "source_height", "grid_fit",
    ]  # fmt: skip


def test_a_row_says_what_was_found() -> None:
    first, second, third = table(reports(plan(EXPRESSION), plan(SKIN)))
    assert (first["image"], first["status"], first["message"]) == ("a.png", "ok", "")
    assert (first["expression"], first["expression_confidence"]) == ("smile", "0.502")
    assert first["skin_hex"] == "#010000"
    assert (first["source_width"], first["source_height"], first["grid_fit"]) == ("24", "24", "1.0")
    assert (second["status"], second["message"]) == ("corrupt", "truncated")
    assert not any(second[c] for c in ("expression", "skin_hex", "source_width", "grid_fit"))
    assert (third["status"], third["expression"], third["expression_confidence"]) == ("ok", "", "")
    assert (third["skin_hex"], third["source_width"], third["grid_fit"]) == ("", "512", "0.9877")


def test_a_withheld_trait_is_empty_and_named() -> None:
    row = table(
        reports(plan(EXPRESSION, WITHHELD, run=False), plan(EYEWEAR), plan(SKIN, WITHHELD, run=False))
    )[0]
    assert (row["expression"], row["expression_confidence"], row["skin_hex"]) == ("", "", "")
    assert row["withheld"] == "expression;skin_hex"
    assert row["eyewear"] == "glasses"


def test_a_withheld_trait_that_was_asked_for_is_filled_and_still_named() -> None:
    row = table(reports(plan(EXPRESSION, WITHHELD), plan(EYEWEAR)))[0]
    assert (row["expression"], row["withheld"]) == ("smile", "expression")


def test_a_trait_forced_on_is_filled_and_still_named() -> None:
    row = table(reports(plan(EXPRESSION, FORCED_ON)))[0]
    assert (row["expression"], row["withheld"]) == ("smile", "expression")


def test_an_unsure_answer_is_an_empty_cell() -> None:
    row = table(reports(plan(EXPRESSION, least=0.6)))[0]
    assert (row["expression"], row["expression_confidence"], row["status"]) == ("", "", "ok")


def test_a_failed_detector_leaves_its_cell_empty_and_the_others_filled() -> None:
    pictures = [Loaded("a", portrait(1, blue=13), Source()), Loaded("b", portrait(1), Source())]
    first, second = table(reports(plan(FussyDetector()), plan(EYEWEAR), pictures=pictures))
    assert (first["status"], first["expression"], first["eyewear"]) == ("detector-error", "", "glasses")
    assert "expression.fussy" in first["message"]
    assert (second["status"], second["expression"]) == ("ok", "smile")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+a", "'+a"),
        ("-a", "'-a"),
        ("@a", "'@a"),
        ("\ta", "'\\ta"),
        ("\ra", "'\\ra"),
        ("a=b", "a=b"),
        ("a\nb\x1b[2J", "a\\nb\\x1b[2J"),
        ("\udcff.png", "\\udcff.png"),
        ("smörgås 🐧", "smörgås 🐧"),
        ("", ""),
    ],
)
def test_no_cell_runs_in_a_spreadsheet_or_steers_a_terminal(text: str, cell: str) -> None:
    assert safe_cell(text) == cell


@given(st.lists(st.text(alphabet="'=\\nx10\n\t\x10", max_size=4), min_size=2, max_size=2, unique=True))
def test_two_names_never_share_a_cell(names: list[str]) -> None:
    assert safe_cell(names[0]) != safe_cell(names[1])
    assert raw_cell(safe_cell(names[0])) == names[0]


def test_header_cells_and_values_of_plug_ins_are_made_safe() -> None:
    odd = CornerDetector(trait="aura", vocabulary=("=cmd()", "b", "c", "d"))
    row = table(reports(plan(odd), pictures=[Loaded("=a", portrait(0), Source())]))[0]
    assert (row["image"], row["aura"]) == ("'=a", "'=cmd()")


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_file_name_keeps_one_row_a_picture(names: list[str]) -> None:
    block = reports(plan(EXPRESSION), pictures=[Loaded(n, portrait(1), Source(n)) for n in names])
    assert [r["expression"] for r in table(block)] == ["smile"] * len(names)
    lines = "".join(JsonLinesFormat().records(block)).splitlines()
    assert [json.loads(line)["image"] for line in lines] == names


def test_json_says_what_the_contract_says() -> None:
    block = reports(
        plan(EXPRESSION), plan(EYEWEAR, WITHHELD, run=False), plan(SKIN), plan(CornerDetector("hair_hex"))
    )
    first, second, third = (report_object(r) for r in block)
    assert first == {
        "schema": "punkdetect/1",
        "image": "a.png",
        "status": "ok",
        "source": {"width": 24, "height": 24, "cell": 1, "offset": [0, 0], "fit": 1.0, "forced": False},
        "traits": {"expression": {"value": "smile", "confidence": 0.502, "detector": "expression.corner@1"}},
        "colors": {"skin": "#010000", "hair": "#010000"},
        "palette": [
            {"hex": "#5aa0c8", "pixels": 383},
            {"hex": "#dbb180", "pixels": 192},
            {"hex": "#018000", "pixels": 1},
        ],
        "withheld": {"eyewear": {"reason": WITHHELD.reason}},
    }
    assert second == {
        "schema": "punkdetect/1", "image": "b.png", "status": "corrupt", "message": "truncated",
    }  # fmt: skip
    assert third["traits"]["expression"]["value"] is None
    assert third["colors"] == {"skin": None, "hair": None}
    assert third["source"]["cell"] == 21.3333
    assert third["source"]["fit"] == 0.9877


def test_json_says_what_was_done_to_the_pixels() -> None:
    pictures = [Loaded("a", portrait(), Source("a", notes=("turned as its EXIF says",)))]
    out = report_object(reports(plan(EXPRESSION), pictures=pictures).report(0))
    assert out["source"]["notes"] == ["turned as its EXIF says"]


def test_json_marks_what_is_withheld_or_forced() -> None:
    first = report_object(
        reports(
            plan(EXPRESSION, WITHHELD),
            plan(EYEWEAR, FORCED_ON),
            plan(CornerDetector("type"), FORCED_OFF, run=False),
            plan(SKIN, WITHHELD),
        ).report(0)
    )
    assert first["traits"]["expression"]["withheld"] is True
    assert first["traits"]["expression"]["reason"] == WITHHELD.reason
    assert first["traits"]["eyewear"]["forced"] is True
    assert "withheld" not in first["traits"]["eyewear"]
    assert first["withheld"] == {
        "type": {"reason": "forced off in features.yaml"},
        "skin_hex": {"reason": WITHHELD.reason},
    }
    assert first["colors"] == {"skin": "#010000"}


def test_json_names_evidence_only_when_asked_to() -> None:
    report = reports(plan(EXPRESSION), plan(SKIN)).report(0)
    assert "evidence" not in report_object(report)["traits"]["expression"]
    asked = report_object(report, evidence=True)
    assert asked["traits"]["expression"]["evidence"] == [[0, 0]]
    assert asked["color_evidence"] == {"skin": [[0, 0]]}


def test_json_tells_of_a_failed_detector() -> None:
    out = report_object(
        reports(
            plan(FussyDetector()), plan(EYEWEAR), pictures=[Loaded("a", portrait(blue=13), Source())]
        ).report(0)
    )
    assert out["status"] == "detector-error"
    assert list(out["traits"]) == ["eyewear"]
    assert "expression.fussy" in out["errors"]["expression"]


@pytest.mark.parametrize("several", [False, True])
def test_json_text_is_one_object_or_a_list(several: bool) -> None:
    block = reports(plan(EXPRESSION), plan(EYEWEAR, WITHHELD, run=False))
    form = JsonFormat(several)
    if several:
        text = form.header() + "".join(form.records(block)) + form.footer()
        assert json.loads(text) == [report_object(r) for r in block]
    else:
        one = reports(plan(EXPRESSION), pictures=[Loaded("a", portrait(), Source())])
        text = form.header() + "".join(form.records(one)) + form.footer()
        assert json.loads(text) == report_object(one.report(0))
    assert form.recognizes(text.encode())


def test_json_never_holds_nan() -> None:
    with pytest.raises(ValueError, match=r"not JSON compliant|Out of range"):
        dump({"a": float("nan")})


def test_formats_know_their_own_outputs() -> None:
    block = reports(plan(EXPRESSION))
    table_form, lines = CsvFormat(block.headings), JsonLinesFormat()
    assert table_form.recognizes((table_form.header() + "a,ok\n").encode())
    assert lines.recognizes("".join(lines.records(block)).encode())
    for other in (b"", b"image,type\n", b'{"a": 1}', b"\x89PNG"):
        assert not table_form.recognizes(other)
        assert not lines.recognizes(other)


@pytest.mark.parametrize(
    ("path", "asked", "name"),
    [
        ("t.csv", None, "csv"),
        ("t.JSONL", None, "jsonl"),
        ("t.txt", "jsonl", "jsonl"),
        ("/dev/null", None, "csv"),
    ],
)
def test_the_format_follows_the_suffix_unless_it_is_said(path: str, asked: str | None, name: str) -> None:
    assert format_name(Path(path), asked) == name
    assert format_name(None, None) == "csv"


def test_a_suffix_that_says_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match=r"end the name of the output in .csv, .jsonl or .parquet"):
        format_name(Path("t.xls"), None)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def never(head: bytes) -> bool:
    return False


def test_an_output_is_put_in_place_whole(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with Output(check_output(path, never, force=False)) as output:
        output.write("one\n")
        assert not path.exists()
        output.write("two\n")
    assert path.read_text() == "one\ntwo\n"
    assert files_in(tmp_path) == ["t.csv"]


def test_an_output_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        with Output(tmp_path / "t.csv") as output:
            output.write("x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "t.csv").stat().st_mode) == 0o640


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o444])
def test_an_output_that_is_replaced_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    target.chmod(mode)
    with Output(target) as output:
        assert stat.S_IMODE(output.part.stat().st_mode) == mode
        output.write("new")
    assert (target.read_text(), stat.S_IMODE(target.stat().st_mode)) == ("new", mode)


def test_a_failure_leaves_the_old_output_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("old")

    def fail() -> None:
        with Output(path) as output:
            output.write("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    assert files_in(tmp_path) == ["t.csv"]


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    (tmp_path / ".t.csv.punkdetect-part").write_text("half a")
    (tmp_path / ".t.csv.punkdetect-lock").write_text("999999999")
    with Output(path) as output:
        output.write("whole")
    assert path.read_text() == "whole"
    assert files_in(tmp_path) == ["t.csv"]


def test_a_link_in_the_place_of_the_part_file_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / ".t.csv.punkdetect-part").symlink_to(victim)
    with Output(tmp_path / "t.csv") as output:
        output.write("x")
    assert victim.read_text() == "precious"


def test_two_runs_cannot_write_one_output(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with Output(path) as output:
        output.write("first")
        with pytest.raises(EnvironmentUnusableError, match="locked"), Output(path):
            pass
    assert path.read_text() == "first"


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "t.csv").symlink_to(tmp_path / "real" / "t.csv")
    with Output(check_output(tmp_path / "t.csv", never, force=False)) as output:
        output.write("x")
    assert (tmp_path / "t.csv").is_symlink()
    assert (tmp_path / "real" / "t.csv").read_text() == "x"


def test_a_full_disk_is_told_of(tmp_path: Path) -> None:
    target = check_output(Path("/dev/full"), never, force=False)
    with pytest.raises(EnvironmentUnusableError, match="No space left"), Output(target) as output:
        output.write("x" * 100_000)


def test_outputs_that_may_not_be_written_are_refused(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine.csv", tmp_path / "other.txt"
    mine.write_text("ours")
    other.write_text("somebody's")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    def refusal(path: Path, force: bool = False, inputs: Any = ()) -> str:
        with pytest.raises(UsageError) as caught:
            check_output(path, lambda head: head == b"ours", force=force, inputs=inputs)
        return caught.value.message

    assert "is a folder" in refusal(tmp_path, force=True)
    assert "does not exist" in refusal(tmp_path / "none" / "t.csv")
    assert "was not made by this command" in refusal(other)
    assert "one of the inputs" in refusal(other, force=True, inputs=[other])
    assert "cannot be written" in refusal(tmp_path / "loop")
    assert check_output(other, never, force=True) == other
    assert check_output(mine, lambda head: head == b"ours", force=False) == mine


def test_an_empty_file_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "t.csv").touch()
    assert check_output(tmp_path / "t.csv", never, force=False) == tmp_path / "t.csv"


def test_bytes_that_are_no_utf8_are_written_escaped(tmp_path: Path) -> None:
    with Output(tmp_path / "t") as output:
        output.write("a\udcffb")
    assert (tmp_path / "t").read_bytes() == b"a\\udcffb"


def test_a_marked_png_is_still_the_same_picture_and_known_as_ours() -> None:
    from punkdetect.images import encode_png, read_picture

    png = encode_png(portrait())
    marked = mark_png(png, "recover")
    assert (read_picture(marked).rgba == portrait()).all()
    assert is_marked_png(marked, "recover")
    assert not is_marked_png(marked, "explain")
    assert not is_marked_png(png, "recover")


def test_black_is_a_colour_and_no_colour_is_none() -> None:
    pictures = [
        Loaded("a.png", portrait(0), Source("a.png")),
        Loaded("b.png", portrait(0, alpha=0), Source("b.png")),
    ]
    assert [row["skin_hex"] for row in table(reports(plan(SKIN), pictures=pictures))] == ["#000000", ""]
