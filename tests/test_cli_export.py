"""`export`: metadata that holds against the standards' schemas; nothing withheld, nothing written over."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from fakes import CornerDetector, portrait, run_command, use_detectors, write_portrait
from punkdetect.images import encode_png, read_picture
from punkdetect.writers.metadata_format import hex_id

ATTRIBUTE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "trait_type": {"type": "string", "minLength": 1},
        "value": {"type": ["string", "number"]},
        "display_type": {"enum": ["number", "boost_number", "boost_percentage", "date"]},
    },
    "required": ["trait_type", "value"],
    "additionalProperties": False,
    "if": {"required": ["display_type"]},
    "then": {"properties": {"value": {"type": "number"}}},
}
"""An attribute as marketplaces document it: a number is displayed as one and is a JSON number."""

ERC721: dict[str, Any] = {
    "title": "Asset Metadata",
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "description": {"type": "string"},
        "image": {"type": "string", "minLength": 1},
        "attributes": {"type": "array", "items": ATTRIBUTE},
    },
    "required": ["name", "description", "image", "attributes"],
}
"""ERC-721's metadata schema, with what marketplaces add."""

ERC1155: dict[str, Any] = {
    "title": "Token Metadata",
    "type": "object",
    "properties": {
        **ERC721["properties"],
        "decimals": {"type": "integer", "minimum": 0},
        "properties": {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
    },
    "required": ["name", "decimals", "description", "image", "properties"],
}
"""ERC-1155's metadata schema."""

NONE, STUD, HOOP = 0, 1, 2


@pytest.fixture
def corner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with three pictures, in which earrings are shown and the expression is withheld."""
    use_detectors(monkeypatch, CornerDetector(), CornerDetector(trait="earrings"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits:\n"
        "  earrings: {detector: earrings.corner, show: always}\n"
        "  expression: {detector: expression.corner}\n"
    )
    for number, red in ((7, NONE), (8, STUD), (26, HOOP)):
        write_portrait(tmp_path / "c" / f"punk_{number:02}.png", red=red)
    return tmp_path


def exported(*args: str | Path) -> Any:
    """What is printed."""
    result = run_command("export", *args, "-q")
    assert result.code == 0, result.err
    return result.json


def test_metadata_holds_against_the_schema_of_erc721(corner: Path) -> None:
    first, second, _ = tokens = exported("c", "--count", "--base-uri", "ipfs://CID")
    for token in tokens:
        Draft202012Validator(ERC721).validate(token)
    assert second["name"] == "Punk #2"
    assert second["image"] == "ipfs://CID/2.png"
    assert second["attributes"] == [
        {"trait_type": "Earrings", "value": "Stud"},
        {"trait_type": "Trait Count", "value": 1, "display_type": "number"},
    ]
    assert first["attributes"] == [{"trait_type": "Trait Count", "value": 0, "display_type": "number"}]


def test_metadata_holds_against_the_schema_of_erc1155(corner: Path) -> None:
    assert run_command("export", "c", "--format", "erc1155", "--ids-from-names", "-o", "md").code == 0
    names = sorted(path.name for path in (corner / "md").iterdir())
    assert names == [f"{hex_id(n)}.json" for n in (7, 8, 26)]
    assert names[2] == "0" * 62 + "1a.json"
    for name in names:
        value = json.loads((corner / "md" / name).read_text())
        Draft202012Validator(ERC1155).validate(value)
        assert value["image"] == name.replace(".json", ".png")
    assert value["properties"] == {"Earrings": "Hoop"}


def test_the_schemas_of_these_tests_refuse_what_is_wrong() -> None:
    good = {"name": "a", "description": "", "image": "1.png", "attributes": []}
    assert Draft202012Validator(ERC721).is_valid(good)
    text = {"trait_type": "Count", "value": "1", "display_type": "number"}
    assert not Draft202012Validator(ERC721).is_valid({**good, "attributes": [text]})


def test_what_a_portrait_does_not_have_is_left_out_or_said(corner: Path) -> None:
    assert exported("c")[0]["attributes"] == []
    assert exported("c", "--none", "keep")[0]["attributes"] == [{"trait_type": "Earrings", "value": "None"}]


def test_withheld_traits_never_go_in_even_from_a_table_that_holds_them(corner: Path) -> None:
    run_command("scan", "c", "--all", "-o", "t.csv")
    run_command("scan", "c", "--all", "-o", "t.jsonl")
    for table in ("t.csv", "t.jsonl"):
        told = {a["trait_type"] for token in exported(table, "--none", "keep") for a in token["attributes"]}
        assert told <= {"Earrings"}, table
    assert "did not pass the gate: expression" in run_command("export", "t.jsonl").err


def test_a_table_and_its_pictures_give_the_same(corner: Path) -> None:
    (corner / "configs" / "features.yaml").write_text(
        "traits: {earrings: {detector: earrings.corner, show: always}}"
    )
    run_command("scan", "c", "-o", "t.jsonl")
    assert exported("c") == exported("t.jsonl")


def test_numbers_of_other_tools_columns_are_json_numbers(corner: Path) -> None:
    (corner / "t.csv").write_text("image,level,level_confidence,mood,mood_confidence\na.png,7,1,1.5,1\n")
    (token,) = exported("t.csv")
    assert [(a["value"], a["display_type"]) for a in token["attributes"]] == [(7, "number"), (1.5, "number")]


def test_csv_has_a_column_a_trait(corner: Path) -> None:
    out = run_command("export", "c", "--format", "csv", "--none", "keep", "--as-written", "-q").out.decode()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["earrings"] for row in rows] == ["none", "stud", "hoop"]
    assert rows[1] == {"id": "2", "name": "Punk #2", "image": "2.png", "earrings": "stud"}


def test_the_suffix_says_the_format_and_no_folder_is_called_like_a_file(corner: Path) -> None:
    assert run_command("export", "c", "-o", "meta.csv").code == 0
    assert (corner / "meta.csv").read_text().startswith("id,name,image,Earrings\n")
    for name, extra in (("m.csv", ["--format", "erc721"]), ("m.jsonl", []), ("m.TXT", [])):
        result = run_command("export", "c", "-o", name, *extra)
        assert (result.code, "metadata goes into a folder, a .json of all, or a .csv" in result.err) == (
            2,
            True,
        )
        assert not (corner / name).exists()
    assert run_command("export", "c", "-o", "v1.2").code == 0
    assert (corner / "v1.2" / "1.json").is_file()


def test_a_refused_picture_keeps_its_number_free_and_is_told(corner: Path) -> None:
    (corner / "c" / "punk_07.png").write_text("text")
    result = run_command("export", "c")
    assert result.code == 1
    assert [token["name"] for token in result.json] == ["Punk #2", "Punk #3"]
    assert "punk_07.png: not-an-image" in result.err
    assert "2 of 3 pictures have metadata" in result.err


@pytest.mark.parametrize("pattern", ["{}", "{nope}", "{id", "{id.real}", "{id:q}", "{0}"])
def test_a_name_that_cannot_be_filled_is_refused_before_any_work(corner: Path, pattern: str) -> None:
    result = run_command("export", "c", "--name", pattern, "-o", "md")
    assert (result.code, "as in 'Punk #{id}'" in result.err) == (2, True)
    assert not (corner / "md").exists()


def test_names_may_tell_the_number_and_the_picture(corner: Path) -> None:
    names = [t["name"] for t in exported("c", "--name", "{image} no. {id:03d}", "--first-id", "0")]
    assert names == ["punk_07 no. 000", "punk_08 no. 001", "punk_26 no. 002"]


def test_two_pictures_of_one_number_are_refused(corner: Path) -> None:
    write_portrait(corner / "c" / "x" / "other_7.png")
    result = run_command("export", "c", "--ids-from-names")
    assert (result.code, "would both be 7" in result.err) == (2, True)
    write_portrait(corner / "d" / "nameless.png")
    assert "holds no number" in run_command("export", "d", "--ids-from-names").err


@pytest.mark.parametrize("source", ["pictures", "table"])
def test_pictures_are_enlarged_exactly(corner: Path, source: str) -> None:
    asked: list[str] = ["c"]
    if source == "table":
        run_command("scan", "c", "-o", "t.csv")
        asked = ["t.csv", "--images", "c"]
    assert run_command("export", *asked, "-o", "md", "--scale", "125").code == 0
    large = read_picture((corner / "md" / "2.png").read_bytes()).rgba
    assert large.shape == (3000, 3000, 4)
    assert np.array_equal(large, portrait(red=STUD).repeat(125, axis=0).repeat(125, axis=1))


def test_names_of_pictures_stay_at_home_unless_asked_for(corner: Path) -> None:
    assert "punk_" not in run_command("export", "c").out.decode()
    assert [token["source"] for token in exported("c", "--source-names")] == [
        "punk_07.png", "punk_08.png", "punk_26.png",
    ]  # fmt: skip


def test_ids_that_are_not_the_numbers_in_the_names_are_told(corner: Path) -> None:
    told = "the ids are not the numbers in the pictures' names"
    assert told in run_command("export", "c").err
    assert told not in run_command("export", "c", "--ids-from-names").err
    write_portrait(corner / "c" / "nameless.png")
    assert told not in run_command("export", "c").err


@pytest.mark.parametrize("source", ["sheet", "table"])
def test_the_pictures_of_a_sheet_are_its_tiles(corner: Path, source: str) -> None:
    sheet = np.concatenate([portrait(red=red) for red in (NONE, STUD, HOOP)], axis=1)
    (corner / "s.png").write_bytes(encode_png(sheet))
    cut = ["--tile", "24", "--tile-names", "p{id}", "--first-tile", "4"]
    run_command("scan", "s.png", "--tile", "24", "--name", "p{id}", "--first-id", "4", "-o", "t.csv")
    asked = ["s.png"] if source == "sheet" else ["t.csv", "--images", "s.png"]
    result = run_command("export", *asked, *cut, "--ids-from-names", "--scale", "2", "-o", "md")
    assert result.code == 0, result.err
    for token, red in ((4, NONE), (5, STUD), (6, HOOP)):
        large = read_picture((corner / "md" / f"{token}.png").read_bytes()).rgba
        assert np.array_equal(large, portrait(red=red).repeat(2, axis=0).repeat(2, axis=1))


def test_a_sheet_that_nothing_says_how_to_cut_is_told_of(corner: Path) -> None:
    (corner / "s.png").write_bytes(encode_png(np.concatenate([portrait()] * 2, axis=1)))
    run_command("scan", "s.png", "--tile", "24", "-o", "t.csv")
    for command in (("export", "--scale", "2", "-o", "md"), ("report", "-o", "r.html")):
        result = run_command(*command, "t.csv", "--images", "s.png")
        assert (result.code, "a sheet is cut with --tile" in result.err) == (2, True)


def test_an_earlier_export_with_pictures_is_replaced_without_being_told_to(corner: Path) -> None:
    for _ in range(2):
        assert run_command("export", "c", "--scale", "2", "-o", "md").code == 0
    (corner / "md" / "2.png").write_bytes(encode_png(portrait()))  # somebody else's
    assert run_command("export", "c", "--scale", "2", "-o", "md").code == 2


def test_pictures_need_a_folder_and_a_source(corner: Path) -> None:
    assert run_command("export", "c", "--scale", "2").code == 2
    run_command("scan", "c", "-o", "t.csv")
    result = run_command("export", "t.csv", "--scale", "2", "-o", "md")
    assert (result.code, "say --images DIR" in result.err) == (2, True)
    assert not (corner / "md").exists()


def test_a_file_of_somebody_else_is_never_written_over(corner: Path) -> None:
    (corner / "md").mkdir()
    (corner / "md" / "3.json").write_text("{}")
    result = run_command("export", "c", "-o", "md")
    assert (result.code, "say --force" in result.err) == (2, True)
    assert [path.name for path in (corner / "md").iterdir()] == ["3.json"]
    assert run_command("export", "c", "-o", "md", "--force").code == 0
    assert run_command("export", "c", "-o", "md").code == 0, "its own output needs no force"
    for name, extra in (("m.json", []), ("m.csv", ["--format", "csv"])):
        (corner / name).write_text("precious")
        assert run_command("export", "c", "-o", name, *extra).code == 2
        (corner / name).unlink()
        assert run_command("export", "c", "-o", name, *extra).code == 0
        assert run_command("export", "c", "-o", name, *extra).code == 0


def test_tokens_of_an_earlier_export_that_are_no_longer_made_are_told(corner: Path) -> None:
    assert "earlier export" not in run_command("export", "c", "-o", "md").err
    (corner / "md" / "other.json").write_text("{}")
    (corner / "c" / "punk_26.png").unlink()
    result = run_command("export", "c", "-o", "md")
    assert (result.code, "from an earlier export: 1 tokens (3.json ...)" in result.err) == (0, True)


def test_the_pictures_are_never_written_over(corner: Path) -> None:
    (corner / "c" / "punk_07.png").rename(corner / "c" / "1.png")
    before = (corner / "c" / "1.png").read_bytes()
    result = run_command("export", "c", "-o", "c", "--scale", "2", "--force")
    assert (result.code, "one of the inputs" in result.err) == (2, True)
    assert (corner / "c" / "1.png").read_bytes() == before


def test_an_id_is_64_lower_case_hex_digits() -> None:
    # the example of the standard
    assert hex_id(314592) == "000000000000000000000000000000000000000000000000000000000004cce0"
