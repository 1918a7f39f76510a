"""Parquet of a scan: what the CSV says, typed."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from fakes import CornerDetector, portrait, run_command, use_detectors, write_portrait
from punkdetect.images import encode_png
from punkdetect.tables import read_table

pa = pytest.importorskip("pyarrow", reason="needs the extra [parquet]")
pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra [parquet]")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to work in with one detector, and pictures of which one is broken and one has an odd name."""
    use_detectors(monkeypatch, CornerDetector())
    monkeypatch.chdir(tmp_path)
    Path("configs").mkdir()
    Path("configs/features.yaml").write_text(
        "traits: {expression: {detector: expression.corner, show: always}}"
    )
    write_pictures(tmp_path / "p")
    return tmp_path


def write_pictures(place: Path) -> None:
    for i in range(9):
        write_portrait(place / "sub" / f"{i}.png", i % 5, 30 * i, alpha=255 * (i != 4))
    write_portrait(place / "=1+1\\n.png", 1)
    (place / "broken.png").write_bytes(encode_png(portrait())[:60])


def plain_rows(table: Any) -> list[dict[str, str]]:
    """A table's rows as the cells of a CSV."""
    return [{k: "" if v is None else str(v) for k, v in row.items()} for row in table.to_pylist()]


def csv_rows(path: str) -> list[dict[str, str]]:
    from punkdetect.cells import raw_cell

    rows = list(csv.DictReader(Path(path).read_text().splitlines()))
    return [row | {name: raw_cell(row[name]) for name in ("image", "message")} for row in rows]


def test_parquet_says_what_the_csv_says(folder: Path) -> None:
    assert run_command("scan", "p", "-o", "t.csv").code == 1
    assert run_command("scan", "p", "-o", "t.parquet").code == 1
    table = pq.read_table("t.parquet")
    assert plain_rows(table) == csv_rows("t.csv")
    kinds = {field.name: str(field.type) for field in table.schema}
    assert kinds["expression"] == "string"
    assert kinds["expression_confidence"] == kinds["grid_fit"] == "double"
    assert kinds["source_width"] == "int32"
    assert "=1+1\\n.png" in table.column("image").to_pylist()


def test_a_name_that_is_no_utf8_stays_escaped_in_parquet(folder: Path) -> None:
    data = (folder / "p" / "sub" / "1.png").read_bytes()
    with open(os.fsencode(folder / "p") + b"/\xff.png", "wb") as file:  # noqa: PTH123  (a name of bytes)
        file.write(data)
    run_command("scan", "p", "-o", "t.parquet")
    assert "\\udcff.png" in pq.read_table("t.parquet").column("image").to_pylist()


def test_the_picture_of_such_a_name_is_found_from_parquet_and_its_row_is_taken_up(folder: Path) -> None:
    write_portrait(folder / "p" / "\udcff.png")
    write_portrait(folder / "p" / "\\udcff.png", 1)
    (folder / "p" / "broken.png").unlink()
    assert run_command("scan", "p", "-o", "t.parquet").code == 0
    result = run_command("report", "t.parquet", "--images", "p", "-o", "r.html")
    assert (result.code, "missing" in result.err) == (0, False)
    before = read_table(folder / "t.parquet")
    assert {"\udcff.png", "\\udcff.png"} <= set(before.images)
    assert run_command("scan", "p", "-o", "t.parquet", "--resume").code == 0
    assert read_table(folder / "t.parquet").images == before.images


def test_parquet_of_somebody_else_is_never_written_over(folder: Path) -> None:
    pq.write_table(pa.table({"image": ["a"]}), "t.parquet")
    assert run_command("scan", "p", "-o", "t.parquet").code == 2
    assert run_command("scan", "p", "-o", "t.parquet", "--force").code == 1
    assert run_command("scan", "p", "-o", "t.parquet").code == 1, "its own output needs no force"


def test_a_scan_of_nothing_is_a_valid_empty_parquet_file(folder: Path) -> None:
    (folder / "empty").mkdir()
    assert run_command("scan", "empty", "-o", "t.parquet").code == 1
    assert pq.read_table("t.parquet").num_rows == 0


def test_parquet_goes_into_a_file(folder: Path) -> None:
    assert run_command("scan", "p", "--format", "parquet").code == 2


def test_without_pyarrow_the_install_line_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = run_command("scan", "p", "-o", "t.parquet")
    assert (result.code, "pip install 'punkdetect[parquet]'" in result.err) == (3, True)
    assert not Path("t.parquet").exists()


def test_a_table_in_parquet_is_read_back_as_that_in_csv_is(folder: Path) -> None:
    for output in ("t.csv", "t.parquet"):
        assert run_command("scan", "p", "-o", output).code == 1
    plain, packed = read_table(Path("t.csv")), read_table(Path("t.parquet"))
    assert packed.columns.keys() == plain.columns.keys()
    for said in ("images", "statuses", "messages"):
        assert getattr(packed, said) == getattr(plain, said)
    for trait, column in plain.columns.items():
        assert (packed.columns[trait].values, packed.columns[trait].confidences) == (
            column.values,
            column.confidences,
        )


def test_report_rarity_and_export_go_on_from_parquet(folder: Path) -> None:
    for output in ("t.csv", "t.parquet"):
        run_command("scan", "p", "-o", output)
    for command in (("rarity", "--format", "csv"), ("export",)):
        told = [run_command(*command, table, "-q").out for table in ("t.csv", "t.parquet")]
        assert told[0] == told[1] != b""
    for table in ("t.csv", "t.parquet"):
        assert run_command("report", table, "--images", "p", "--title", "t", "-o", f"{table}.html").code == 0
    assert Path("t.csv.html").read_bytes() == Path("t.parquet.html").read_bytes()


def test_parquet_of_a_later_version_is_refused(folder: Path) -> None:
    run_command("scan", "p", "-o", "t.parquet")
    later = pq.read_table("t.parquet").replace_schema_metadata({"punkdetect": "punkdetect/9"})
    pq.write_table(later, "t.parquet")
    result = run_command("rarity", "t.parquet")
    assert (result.code, "written as 'punkdetect/9' by another version" in result.err) == (2, True)


@pytest.mark.parametrize("data", [b"PAR1, they say", None])
def test_parquet_that_is_no_table_of_scan_is_refused(folder: Path, data: bytes | None) -> None:
    if data is None:
        pq.write_table(pa.table({"name": ["a"]}), "t.parquet")
    else:
        Path("t.parquet").write_bytes(data)
    result = run_command("rarity", "t.parquet")
    assert (result.code, "t.parquet: not a" in result.err) == (2, True)


def test_reading_parquet_without_pyarrow_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_command("scan", "p", "-o", "t.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = run_command("rarity", "t.parquet")
    assert (result.code, "pip install 'punkdetect[parquet]'" in result.err) == (3, True)
