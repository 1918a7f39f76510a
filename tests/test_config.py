"""The config file: what it may say, and how it says no."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import measured_block
from punkdetect.config import (
    ANY,
    Config,
    Measured,
    Place,
    TraitSetting,
    find_config,
    read_config,
)
from punkdetect.config.nodes import Node
from punkdetect.config.plain import plain_tree
from punkdetect.config.reading import MAX_BYTES
from punkdetect.config.rendering import render_config
from punkdetect.config.tree import parse_tree
from punkdetect.errors import ConfigError
from punkdetect.packaged import CONFIG, packaged_path


def read(tmp_path: Path, text: str | bytes) -> Config:
    path = tmp_path / "features.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_config(path)


def refusal(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert caught.value.exit_code == 2
    assert str(tmp_path / "features.yaml") in caught.value.message
    return caught.value.message


def test_a_small_config_reads_as_written(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        "threshold: 0.8\nmin_confidence: 0.25\ntraits:\n  eyewear:\n    detector: eyewear.frames\n"
        "    show: never\n    min_confidence: 1\n",
    )
    assert config.threshold == 0.8
    assert config.min_confidence == 0.25
    setting = config.traits["eyewear"]
    assert (setting.detector, setting.show, setting.min_confidence) == ("eyewear.frames", "never", 1.0)
    assert setting.measured is None
    assert (setting.place.line, setting.place.column) == (5, 15)


def test_the_packaged_config_reads(tmp_path: Path) -> None:
    assert read_config(packaged_path(CONFIG)).threshold == 0.70


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("!!python/object/apply:os.system ['touch pwned']", ["line 1, column 1", "tags are not allowed"]),
        ("traits: !!python/name:os.system x", ["line 1, column 9", "tags are not allowed"]),
        ("threshold: !!float 0.5\ntraits: {}", ["line 1", "tags are not allowed"]),
        ("threshold: 0.7\nthreshold: 0.1\ntraits: {}", ["line 2, column 1", "duplicate key 'threshold'"]),
        ("a: &a [1]\nb: *a", ["line 1", "anchors and aliases"]),
        ("", ["empty"]),
        ("# only a comment\n", ["empty"]),
        ("- a\n- b", ["must be a mapping of names, not a list"]),
        ("just words", ["must be a mapping of names, not the text 'just words'"]),
        ("traits: {}\n---\ntraits: {}", ["line 2", "second document"]),
        ("traits:\n\tx: 1", ["line 2"]),
        ("traits: {}\n\0", ["features.yaml"]),
        ("traits: [", ["line"]),
        ("traits: [{}]", ["traits must be a mapping of names, not a list"]),
        ("threshold: 0.7", ["says nothing of any trait"]),
        ("traitz: {}", ["line 1, column 1", "unknown key 'traitz'", "did you mean traits?"]),
        ("traits:\n  eyewear:\n    detektor: x", ["line 3", "did you mean detector?"]),
        ("traits:\n  eyewear: {}", ["line 2", "eyewear names no detector"]),
        ("traits:\n  eyewear: eyewear.frames", ["eyewear must be a mapping"]),
        ("traits:\n  eyewear: {detector: [a]}", ["must be text, not a list"]),
        ("traits:\n  eyewear: {detector: a.b, show: allways}", ["did you mean always?"]),
        ("traits:\n  eyewear: {detector: a.b, show: on}", ["show must be one of", "the text 'on'"]),
        ("? [a]\n: b", ["a key must be a name"]),
        ("12: b", ["a key must be a name"]),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, text: str, words: list[str]) -> None:
    message = refusal(tmp_path, text)
    for word in words:
        assert word in message
    assert not Path("pwned").exists()


@pytest.mark.parametrize(
    "value",
    ["no", "on", "1:30", "010", "1e-1", ".nan", ".inf", "-.inf", "2026-01-01", "0x1F", "true", "null", "~",
     "''", "'0.5'", "-0.1", "1.5", "99999999999999999999", "[0.5]", "{a: 1}", "1_0"],
)  # fmt: skip
def test_a_number_must_look_like_one(tmp_path: Path, value: str) -> None:
    message = refusal(tmp_path, f"traits: {{}}\nthreshold: {value}")
    assert "line 2, column 12" in message
    assert "threshold must be a number from 0 to 1" in message


@pytest.mark.parametrize("value", ["0", "1", "0.0", "0.75", "1.0"])
def test_plain_numbers_are_read(tmp_path: Path, value: str) -> None:
    assert read(tmp_path, f"threshold: {value}\ntraits: {{}}").threshold == float(value)


def test_two_thousand_brackets_are_refused_by_depth(tmp_path: Path) -> None:
    assert "nested deeper than 8" in refusal(tmp_path, "traits: " + "[" * 2000)


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    assert "more than 64 KiB" in refusal(tmp_path, b"#" * (MAX_BYTES + 1))


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    assert "not UTF-8" in refusal(tmp_path, b"traits: {\xff}")


def test_a_missing_config_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read as a config: No such file"):
        read_config(tmp_path / "none.yaml")


def test_a_measured_block_must_be_whole(tmp_path: Path) -> None:
    message = refusal(tmp_path, "traits:\n  type:\n    detector: type.x\n    measured: {how: fixed, n: 3}")
    assert "measured lacks correct, accuracy" in message


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("how", "guessed", "how must be one of fixed, out-of-fold"),
        ("n", "many", "n must be a whole number"),
        ("n", "-3", "n must be a whole number"),
        ("accuracy", ".nan", "accuracy must be a number"),
        ("detector_version", "[1]", "detector_version must be a version"),
        ("labels_sha256", "12", "labels_sha256 must be text"),
    ],
)
def test_measured_figures_have_types(tmp_path: Path, key: str, value: str, words: str) -> None:
    block = {**measured_block(), key: value}
    block["labels_sha256"] = value if key == "labels_sha256" else f'"{block["labels_sha256"]}"'
    lines = "".join(f"      {k}: {'null' if v is None else v}\n" for k, v in block.items())
    assert words in refusal(tmp_path, f"traits:\n  type:\n    detector: type.x\n    measured:\n{lines}")


@pytest.mark.parametrize(
    ("calibration", "words"),
    [
        ("{none: [[0.9, 0.8]]}", "calibration has no row 'any'"),
        ("[0.9]", "calibration must be a mapping"),
        ("{any: 0.9}", "must be pairs such as"),
        ("{any: []}", "must be pairs such as"),
        ("{any: [0.9]}", "must be pairs such as"),
        ("{any: [[0.9, 0.8, 0.7]]}", "must be pairs such as"),
        ("{any: [[0.9, 1.2]]}", "a chance must be a number from 0 to 1"),
        ("{any: [[0.9, 0.8], [0.9, 0.9]]}", "must rise from pair to pair"),
        ("{any: [[0.5, 0.8], [0.9, 0.7]]}", "must rise from pair to pair"),
    ],
)
def test_a_calibration_that_cannot_be_meant_is_refused(tmp_path: Path, calibration: str, words: str) -> None:
    block = {k: v for k, v in measured_block().items() if v is not None}
    block["labels_sha256"] = f'"{block["labels_sha256"]}"'
    lines = "".join(f"      {k}: {v}\n" for k, v in {**block, "calibration": calibration}.items())
    message = refusal(tmp_path, f"traits:\n  type:\n    detector: type.x\n    measured:\n{lines}")
    assert words in message
    assert ", line " in message


SHARES = st.floats(0, 1, allow_nan=False)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@given(
    threshold=SHARES,
    labels=WORDS,
    detector=WORDS,
    show=st.sampled_from(["auto", "always", "never"]),
    own=st.none() | SHARES,
    figures=st.tuples(SHARES, SHARES, SHARES, SHARES),
    version=WORDS,
    value=WORDS,
    levels=st.lists(SHARES, min_size=1, max_size=4, unique=True),
    chances=st.lists(SHARES, min_size=4, max_size=4),
)
def test_a_written_config_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory,
    threshold: float,
    labels: str,
    detector: str,
    show: str,
    own: float | None,
    figures: tuple[float, float, float, float],
    version: str,
    value: str,
    levels: list[float],
    chances: list[float],
) -> None:
    path = tmp_path_factory.mktemp("config") / "features.yaml"
    knots = tuple(zip(sorted(levels), sorted(chances), strict=False))
    calibration = {ANY: knots, value: knots[:1]}
    measured = Measured("fixed", 7, 5, *figures, "ab" * 32, detector, version, None, calibration)
    setting = TraitSetting("eyewear", detector, show, own, measured)
    written = Config(path, {"eyewear": setting, "no": TraitSetting("no", "no.x")}, threshold, 0.0, labels)
    path.write_text(render_config(written), encoding="utf-8")
    back = read_config(path)
    nowhere = Place(path)
    assert back._replace(traits={n: s._replace(place=nowhere) for n, s in back.traits.items()}) == (
        written._replace(traits={n: s._replace(place=nowhere) for n, s in written.traits.items()})
    )


def test_the_config_asked_for_comes_before_the_local_one_before_the_packaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_config(None) == packaged_path(CONFIG)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text("traits: {}")
    assert find_config(None) == Path("configs/features.yaml")
    assert find_config(Path("mine.yaml")) == Path("mine.yaml")


def test_the_label_file_lies_beside_the_config(tmp_path: Path) -> None:
    config = read(tmp_path, "labels: ../data/labels.csv\ntraits: {}")
    assert config.labels_path == tmp_path.parent / "data" / "labels.csv"


def as_yaml(text: str) -> Node | None:
    """Return what YAML reads, places and all; None where it refuses the text."""
    try:
        return parse_tree(text, Path("features.yaml"))
    except ConfigError:
        return None


def test_the_packaged_config_is_read_without_yaml_and_says_what_yaml_reads() -> None:
    text = packaged_path(CONFIG).read_text(encoding="utf-8")
    plain = plain_tree(text, Path("features.yaml"))
    assert plain is not None
    assert plain == as_yaml(text)


PLAIN = """\
# words
threshold: 0.7
labels: "../data/a b.csv"  # seen from here

traits:
  type:
    detector: type.x
    measured:
      n: 3
      calibration:
        "any": [[0.5, 0.25], [0.75, 1.0]]
        none: [[0.9, 0.8]]
  "no":
    detector: no.x
"""

PIECES = (
    "\n", " ", "  ", "    ", ":", ": ", " #", "#", '"', "'", "[", "]", "[]", ", ", "-", "- ", "--- ", "...",
    "0", "1", "1.5", "-1", "null", "~", "true", "n", "a: ", "a:\n", "n: 3\n", "\n      n: 3", "&a ", "*a",
    "!!str ", "{", "}", "|", ">", "?", "%", "@", "\t", "\r", "\\", "\0", "\u00e9", "\ufeff", "\x85",
)  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, len(PLAIN)), st.integers(0, 12), st.sampled_from(("", *PIECES))), max_size=3
    )
)
def test_however_a_config_is_changed_what_is_read_without_yaml_is_what_yaml_reads(
    changes: list[tuple[int, int, str]],
) -> None:
    text = PLAIN
    for place, left_out, put_in in changes:
        text = text[:place] + put_in + text[place + left_out :]
    plain = plain_tree(text, Path("features.yaml"))
    assert plain is None or plain == as_yaml(text), text
    assert plain is not None or text != PLAIN


@pytest.mark.parametrize("name", ["a" * 1200, '"' + "a" * 1200 + '"'])
def test_a_name_too_long_for_yaml_is_left_to_yaml(name: str) -> None:
    assert plain_tree(f"{name}: 1\n", Path("features.yaml")) is None
