"""Label files: what they say, and how a wrong one is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from punkdetect.errors import UsageError
from punkdetect.labels import image_stem, read_labels
from punkdetect.packaged import LABELS, packaged_path


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_label_file_reads_as_written(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "image,collection,family,expression,eyewear,skin_hex,note\n"
        "lad_1.png,bespoke,lad,smile|neutral,,#aabbcc,odd\nd_1,demo,,frown,none,,\n",
    )
    labels = read_labels(path)
    assert labels.traits == ("expression", "eyewear", "skin_hex")
    assert labels.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    first, second = labels.rows
    assert (first.image, first.collection, first.family, first.line) == ("lad_1", "bespoke", "lad", 2)
    assert first.accepted == {"expression": ("smile", "neutral"), "skin_hex": ("#aabbcc",)}
    assert first.is_real
    assert second.family == "d_1"
    assert not second.is_real


def test_a_file_without_collections_is_one_real_collection(tmp_path: Path) -> None:
    assert read_labels(write(tmp_path, "image,type\na,male\n")).rows[0].is_real


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "column named image"),
        ("\n", "column named image"),
        ("name,type\na,male\n", "column named image"),
        ("image;type\na;male\n", "its cells are separated by ';', and must be by commas"),
        ("image,eyeware\na,none\n", "line 1: no trait is called 'eyeware'; did you mean eyewear"),
        ("image,type,type\na,male,male\n", "two columns of one name"),
        ("image,type\n,male\n", "line 2: the row names no image"),
        ("image,collection,type\na,,male\n", "line 2: a names no collection"),
        ("image,expression\na,smiles\n", "has no value 'smiles'; did you mean smile?"),
        ("image,expression\na,smile|grin\n", "has no value 'grin'"),
        ("image,expression\na,smile|\n", "line 2: expression: a value is missing beside | in 'smile|'"),
        ("image,skin_hex\na,red\n", "must be a colour such as"),
        ("image,type\na,male\na.png,female\n", "lines 2 and 3 are both a"),
        ('image,type\n"a,male\n', "not a CSV table"),
        ("image,type,note\nb,male,\na,male\n", "line 3: the row has not as many cells"),
        ("image,type\na,male,smile\n", "line 2: the row has not as many cells"),
    ],
)
def test_a_wrong_label_file_is_refused_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_labels(write(tmp_path, text))
    assert words in caught.value.message
    assert "labels.csv" in caught.value.message


def test_a_missing_label_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read as labels"):
        read_labels(tmp_path / "none.csv")


def test_labels_of_a_plug_ins_trait_are_read_with_its_vocabulary(tmp_path: Path) -> None:
    path = write(tmp_path, "image,aura\na,glow\n")
    assert read_labels(path).traits == ()
    assert read_labels(path, {"aura": ("none", "glow")}).rows[0].accepted == {"aura": ("glow",)}


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a.png", "a"), ("x/y/a.JPG", "a"), ("a.b", "a.b"), ("'=a.png", "=a"), ("x\\a.webp", "a")],
)
def test_the_stem_of_a_name_has_no_folder_suffix_or_guard(name: str, stem: str) -> None:
    assert image_stem(name) == stem


def test_the_shipped_labels_read() -> None:
    labels = read_labels(packaged_path(LABELS))
    assert {row.collection for row in labels.rows} >= {"demo", "bespoke"}
