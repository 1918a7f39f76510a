"""`caption`: a short caption a picture, from shown traits only, never over somebody's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import CornerDetector, run_command, use_detectors, write_portrait
from punkdetect.vocabulary import TRAITS
from punkdetect.words.caption import read_template, write_caption

SMILE = 1


@pytest.fixture
def corner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder in which the expression is shown and the earrings are withheld."""
    use_detectors(monkeypatch, CornerDetector(), CornerDetector(trait="earrings"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits:\n"
        "  expression: {detector: expression.corner, show: always}\n"
        "  earrings: {detector: earrings.corner}\n"
    )
    return tmp_path


def test_a_caption_tells_what_is_shown_and_nothing_withheld(corner: Path) -> None:
    write_portrait(corner / "c" / "a.png", red=SMILE)
    assert run_command("caption", "c").code == 0
    assert (corner / "c" / "a.txt").read_text() == "pixel art, 24x24, portrait of bespoke punk, smile\n"


def test_what_was_not_found_is_not_told(corner: Path) -> None:
    write_portrait(corner / "c" / "a.png", alpha=0)
    run_command("caption", "c")
    assert (corner / "c" / "a.txt").read_text() == "pixel art, 24x24, portrait of bespoke punk\n"


def test_folders_are_mirrored_so_that_equal_names_never_collide(corner: Path) -> None:
    write_portrait(corner / "c" / "x" / "a.png", red=0)
    write_portrait(corner / "c" / "y" / "a.png", red=SMILE)
    assert run_command("caption", "c", "-o", "out").code == 0
    assert (corner / "out" / "x" / "a.txt").read_text().endswith("neutral expression\n")
    assert (corner / "out" / "y" / "a.txt").read_text().endswith("smile\n")


@pytest.mark.parametrize("stem", ["'a", "back\\slash", "=a"])
@pytest.mark.parametrize("where", [[], ["-o", "out"]])
def test_a_caption_has_its_pictures_name_whatever_signs_are_in_it(
    corner: Path, stem: str, where: list[str]
) -> None:
    write_portrait(corner / "c" / f"{stem}.png", red=SMILE)
    assert run_command("caption", "c", *where).code == 0
    assert (corner / ("out" if where else "c") / f"{stem}.txt").is_file()


def test_pictures_of_one_name_and_two_suffixes_are_refused_before_any_work(corner: Path) -> None:
    write_portrait(corner / "c" / "a.png")
    (corner / "c" / "a.gif").write_bytes((corner / "c" / "a.png").read_bytes())
    result = run_command("caption", "c", "-o", "out")
    assert (result.code, "would share the caption" in result.err) == (2, True)
    assert not (corner / "out").exists()


def test_somebodys_words_are_kept_unless_told_otherwise(corner: Path) -> None:
    write_portrait(corner / "c" / "a.png", red=SMILE)
    write_portrait(corner / "c" / "b.png", red=SMILE)
    (corner / "c" / "a.txt").write_text("mine")
    result = run_command("caption", "c")
    assert (result.code, "a.png: its caption says something else" in result.err) == (1, True)
    assert (corner / "c" / "a.txt").read_text() == "mine"
    assert (corner / "c" / "b.txt").exists()
    assert run_command("caption", "c", "--force").code == 0
    assert (corner / "c" / "a.txt").read_text() != "mine"
    again = run_command("caption", "c")
    assert (again.code, "2 already there" in again.err) == (0, True)


def test_a_refused_picture_has_no_caption_and_is_told(corner: Path) -> None:
    write_portrait(corner / "c" / "a.png")
    (corner / "c" / "b.png").write_text("text")
    result = run_command("caption", "c")
    assert result.code == 1
    assert "b.png: not-an-image" in result.err
    assert "1 caption written, 1 refused" in result.err
    assert not (corner / "c" / "b.txt").exists()


def test_a_picture_is_never_written_over(corner: Path) -> None:
    write_portrait(corner / "b.png").rename(corner / "a.txt")
    write_portrait(corner / "a.png")
    before = (corner / "a.txt").read_bytes()
    result = run_command("caption", "a.png", "a.txt", "--force")
    assert (result.code, "one of the inputs" in result.err) == (2, True)
    assert (corner / "a.txt").read_bytes() == before


def test_captions_can_be_printed(corner: Path) -> None:
    write_portrait(corner / "c" / "a\n.png", red=SMILE)
    result = run_command("caption", "c", "-o", "-")
    assert result.out.decode() == "a\\n.png\tpixel art, 24x24, portrait of bespoke punk, smile\n"


def test_an_empty_folder_is_told(corner: Path) -> None:
    (corner / "c").mkdir()
    assert run_command("caption", "c").code == 1
    assert run_command("caption").code == 2


def test_the_template_can_be_printed_changed_and_given_back(corner: Path) -> None:
    write_portrait(corner / "c" / "a.png", red=SMILE)
    printed = run_command("caption", "--print-template").out.decode()
    (corner / "own.yaml").write_text(printed.replace("bespoke punk", "zombie"))
    result = run_command("caption", "c", "-o", "-", "--template", "own.yaml")
    assert b"portrait of zombie, smile" in result.out


def template(tmp_path: Path, text: str) -> str:
    """Caption of a smiling male with glasses, by a template."""
    path = tmp_path / "t.yaml"
    path.write_text(text)
    return write_caption(read_template(path), {"expression": "smile", "type": "male", "eyewear": "other"})


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ('parts: ["{type}", "{expression}"]', "male, smile"),
        ('parts: ["{hair_color} hair", "{expression}"]', "smile"),
        ('parts: ["[{hair_color} ]hair[ of a {type}]"]', "hair of a male"),
        ('parts: ["{eyewear}", "x"]', "x"),
        ('parts: ["{eyewear}"]\nvalues: {eyewear: {other: goggles}}', "goggles"),
        ('parts: ["{expression}"]\nvalues: {expression: {smile: ""}}', ""),
        ("parts: [{say: bald, when: {expression: smile}}, {say: no, when: {type: female}}]", "bald"),
        ('max_words: 3\nparts: ["one two", "{expression} {type}", "{expression}"]', "one two, smile"),
    ],
)
def test_a_template_says_what_is_told_and_when(tmp_path: Path, text: str, caption: str) -> None:
    assert template(tmp_path, text) == caption


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('parts: ["{expresion}"]', "did you mean expression?"),
        ('parts: ["{type"]', "brackets do not pair up"),
        ("parts: x", "needs a list of parts"),
        ("max_words: 0\nparts: []", "max_words must be"),
        ("parts: []\nvalues: {type: {man: x}}", "unknown key 'man'"),
        ("parts: [{say: x, when: {type: man}}]", "must be one of male, female, not the text 'man'"),
        ("wordz: 1", "unknown key 'wordz'"),
    ],
)
def test_a_broken_template_is_refused_before_any_work(corner: Path, text: str, words: str) -> None:
    write_portrait(corner / "c" / "a.png")
    (corner / "t.yaml").write_text(text)
    result = run_command("caption", "c", "--template", "t.yaml")
    assert (result.code, words in result.err) == (2, True)
    assert not (corner / "c" / "a.txt").exists()


def test_no_caption_is_longer_than_forty_words() -> None:
    packaged = read_template()
    for last in (-1, -2, 1, 2):
        shown = {trait: values[last % len(values)] for trait, values in TRAITS.items()}
        assert len(write_caption(packaged, shown).split()) <= 40
    longest = {trait: max(values, key=lambda v: len(v.split("_"))) for trait, values in TRAITS.items()}
    assert len(write_caption(packaged, longest).split()) <= 40


def test_every_value_of_the_packaged_template_reads_as_words() -> None:
    packaged = read_template()
    for trait, values in TRAITS.items():
        for value in values:
            caption = write_caption(packaged, {"background": "solid", "hair_color": "black", trait: value})
            assert not set(caption) & set("{}[]_|")
            assert "  " not in caption


def test_a_folder_where_a_caption_goes_is_refused_before_anything_is_written(corner: Path) -> None:
    for name in "ab":
        write_portrait(corner / "c" / f"{name}.png")
    (corner / "c" / "b.txt").mkdir()
    result = run_command("caption", "c", "--force")
    assert (result.code, "b.txt is a folder: a caption goes here" in result.err) == (2, True)
    assert not (corner / "c" / "a.txt").exists()
