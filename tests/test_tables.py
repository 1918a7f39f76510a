"""Tables of `scan` and `analyze` read back: whatever was written is what is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fakes import CornerDetector, run_command, use_detectors, write_portrait
from punkdetect.cells import markup_text
from punkdetect.errors import UsageError
from punkdetect.tables import read_table

NAMES = [
    "=a.png",
    "'b.png",
    "back\\slash.png",
    "new\nline.png",
    "\udcff.png",
    "\\udcff.png",
    "smörgås 🐧.png",
]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Pictures with odd names and one that is none, under a config with two detectors."""
    use_detectors(monkeypatch, CornerDetector(), CornerDetector("skin_hex"), CornerDetector("eyewear"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits:\n  expression: {detector: expression.corner, show: always}\n"
        "  skin_hex: {detector: skin_hex.corner, show: always}\n"
        "  eyewear: {detector: eyewear.corner}\n"
    )
    for i, name in enumerate(NAMES):
        write_portrait(tmp_path / "in" / name, red=i, green=min(50 * i, 255))
    (tmp_path / "in" / "z.png").write_text("no picture")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("image,expression\na,smile\nb,frown\na,smile\n", "two rows are called 'a'"),
        ("image,expression\na,smlie\n", "a: expression cannot be 'smlie'; did you mean smile"),
        ("image,skin_hex\na,red;background:url(x)\n", "skin_hex cannot be 'red;background:url(x)'"),
        ('{"image": "a", "traits": {"earrings": {"value": 5}}}', "earrings cannot be '5'"),
        ("image,expression\na,smile\n,frown\n", "row 2 names no image"),
        ("image,eyewear\na,glasses|none\n", "a label file may say so, a table of scan says one value"),
        ("image,status,expression\na,minted,smile\n", "a: no status of scan is called 'minted'"),
        ("image,level\na,7\n", "says nothing of any trait"),
        ('{"image": "a", "expression": "smile"}', "says nothing of any trait"),
        ('{"schema": "punkdetect/9", "image": "a"}', "written as 'punkdetect/9' by another version"),
        ("image;expression\na;smile\n", "its cells are separated by ';', and must be by commas"),
        ("Image,expression\na,smile\n", "must name a column image, once, and not 'Image'"),
    ],
)
def test_what_would_be_counted_twice_or_wrongly_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "t").write_text(text)
    with pytest.raises(UsageError) as error:
        read_table(tmp_path / "t")
    assert words in error.value.message


@pytest.mark.parametrize("output", ["t.csv", "t.jsonl", "t.parquet"])
def test_what_scan_wrote_is_read_back(folder: Path, output: str) -> None:
    if output.endswith(".parquet"):
        pytest.importorskip("pyarrow", reason="needs the extra [parquet]")
    assert run_command("scan", "in", "-o", output).code == 1
    table = read_table(folder / output)
    assert sorted(table.images) == sorted([*NAMES, "z.png"])
    assert table.statuses.count("ok") == len(NAMES)
    assert table.statuses[table.images.index("z.png")] == "not-an-image"
    assert table.messages[table.images.index("z.png")]
    row = table.images.index(NAMES[1])
    expression = table.columns["expression"]
    assert (expression.values[row], expression.confidences[row]) == ("smile", round(50 / 255, 4))
    assert table.columns["skin_hex"].values[row] == "#010000"
    assert table.columns["skin_hex"].is_color
    assert table.columns["eyewear"].withheld
    assert set(table.columns["eyewear"].values) == {None}
    assert expression.evidence is None


def test_who_answered_and_why_it_is_withheld_are_read_back_from_json(folder: Path) -> None:
    for extra in ((), ("--all",)):
        run_command("scan", "in", *extra, "-o", "t.jsonl")
        columns = read_table(folder / "t.jsonl").columns
        assert columns["expression"].detector == "expression.corner@1"
        assert columns["eyewear"].withheld == "never measured"
        assert not columns["expression"].withheld, "it was forced on, with a reason"


def test_evidence_is_read_back(folder: Path) -> None:
    run_command("scan", "in", "--evidence", "-o", "t.jsonl")
    table = read_table(folder / "t.jsonl")
    for trait in ("expression", "skin_hex"):
        evidence = table.columns[trait].evidence
        assert evidence is not None
        pixels = np.unpackbits(evidence, axis=1).reshape(-1, 24, 24)
        assert pixels.sum() == len(NAMES)
        assert pixels[:, 0, 0].sum() == len(NAMES)


@pytest.mark.parametrize("pictures", [1, 2])
def test_what_analyze_wrote_is_read_back(folder: Path, pictures: int) -> None:
    paths = [folder / "in" / name for name in (NAMES[0], NAMES[5])[:pictures]]
    run_command("analyze", *paths, "-o", "t.json")
    assert len(read_table(folder / "t.json")) == pictures


def test_a_table_of_another_program_needs_an_image_column_and_traits(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("image,score,eyewear\na,3,glasses\nb,4,\n")
    table = read_table(path)
    assert list(table.columns) == ["eyewear"]
    assert table.columns["eyewear"].values == ["glasses", None]
    assert table.columns["eyewear"].confidences == [None, None]
    assert table.statuses == ["ok", "ok"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty: name a .csv"),
        ("name,eyewear\na,none\n", "column image"),
        ("image,eyewear\na\n", "line 2"),
        ("image,eyewear,eyewear_confidence\na,none,nan\n", "from 0 to 1"),
        ('image,eyewear\n"a,none\n', "not a CSV table"),
        ("{", "not JSON"),
        ('{"schema": 1}\n', "names no image"),
        ("[1]", "names no image"),
        ('{"image": "a", "traits": {"eyewear": {"value": "none", "evidence": [[0, 24]]}}}', "outside"),
        ('{"image": "a", "traits": {"eyewear": 3}}', "not JSON as scan"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "t"
    path.write_text(text)
    with pytest.raises(UsageError, match=words) as error:
        read_table(path)
    assert str(path) in error.value.message


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("<b a='1' b=\"2\">&", "&lt;b a=&#x27;1&#x27; b=&quot;2&quot;&gt;&amp;"),
        ("a\nb\x1b\u202e\udcff", "a\\nb\\x1b\\u202e\\udcff"),
        ("smörgås 🐧 a\\b", "smörgås 🐧 a\\b"),
    ],
)
def test_text_in_markup_is_text(text: str, markup: str) -> None:
    assert markup_text(text) == markup


@pytest.mark.parametrize(("name", "data", "words"), [
    ("t.jsonl", b"\n", "empty"),
    ("t.parquet", b"", "empty"),
    ("t.parquet", b"image,eyewear\na,none\n", "not a Parquet file, though its name says so"),
    ("t.csv", "image,eyewear\n".encode("utf-16"), "save it as UTF-8"),
])  # fmt: skip
def test_a_file_that_is_no_table_at_all_is_not_said_to_lack_a_column(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match=words) as error:
        read_table(tmp_path / name)
    assert "column" not in error.value.message
