"""`punkdetect validate` and `punkdetect features`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fakes import CornerDetector, portrait, run_command, use_detectors, write_portrait
from punkdetect.config import read_config
from punkdetect.images import encode_png

LABELS = """image,collection,family,expression,eyewear
r0,bespoke,a,neutral,none
r1,bespoke,a,smile,none
r2,bespoke,b,frown|smile,
r3,other,c,neutral,glasses
gone,bespoke,d,smile,none
d1,demo,d1,smile,none
"""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with labels, pictures of real portraits in `real`, and a demo portrait."""
    use_detectors(monkeypatch, CornerDetector(), CornerDetector(method="other"), CornerDetector("eyewear"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "threshold: 0.2\ntraits:\n  expression: {detector: expression.corner}\n"
        "  eyewear: {detector: eyewear.corner, show: never}\n"
    )
    (tmp_path / "data" / "demo").mkdir(parents=True)
    (tmp_path / "data" / "validation_labels.csv").write_text(LABELS)
    write_portrait(tmp_path / "data" / "demo" / "d1.png", 1)
    for i in range(4):
        write_portrait(tmp_path / "real" / f"r{i}.png", i)
    return tmp_path


def config_text(folder: Path) -> str:
    return (folder / "configs" / "features.yaml").read_text()


def test_it_works_at_once_on_the_demo_rows_and_says_how_to_find_the_rest(folder: Path) -> None:
    result = run_command("validate")
    text = result.out.decode()
    assert result.code == 0
    assert "6 rows, pictures found for 1 (0 of real collections, 1 drawn by the project)" in text
    assert "5 rows had no picture (4 bespoke, 1 other): --images DIR finds them" in text
    assert "Portraits drawn by the project (these figures are never counted)" in text
    assert "Portraits of real collections" not in text


def test_real_portraits_are_measured_and_misses_named(folder: Path) -> None:
    text = run_command("validate", "--images", "real", "--traits", "expression").out.decode()
    assert "Portraits of real collections" in text
    line = next(x for x in text.splitlines() if x.split()[:2] == ["expression", "expression.corner"])
    assert line.split()[2:5] == ["4", "3", "0.750"]
    assert "[0.301, 0.954]" in line
    assert "shows it" in line
    config = config_text(folder).replace("threshold: 0.2", "threshold: 0.9")
    (folder / "configs" / "features.yaml").write_text(config)
    text = run_command("validate", "--images", "real", "--traits", "expression").out.decode()
    assert "withholds it: measured 0.75, lower end 0.30, below 0.90" in text
    assert "expression.corner: r3 (neutral -> hidden)" in text
    assert "Each real collection on its own" in text


def test_the_confusion_matrix_is_printed_when_asked_for(folder: Path) -> None:
    plain = run_command("validate", "--images", "real").out.decode()
    asked = run_command("validate", "--images", "real", "--confusion").out.decode()
    assert "a row a label, a column an answer" not in plain
    assert "expression.corner: a row a label, a column an answer" in asked
    assert "frown|smile" in asked


def test_all_detectors_of_a_trait_are_compared_when_asked_for(folder: Path) -> None:
    text = run_command("validate", "--images", "real", "--compare", "--traits", "expression").out.decode()
    rows = [line.split() for line in text.splitlines() if line.split()[:1] == ["expression"]]
    assert [row[1:3] for row in rows[:2]] == [["expression.corner", "*"], ["expression.other", "4"]]
    assert "us each" in text
    assert "right more often" not in text
    options = ["--images", "real", "--compare", "--traits", "expression", "--json", "-"]
    said = run_command("validate", *options).json["detectors"]
    assert [d["configured"] for d in said] == [True, False]
    assert all(d["microseconds"] > 0 for d in said)


def test_a_comparison_tells_of_a_detector_that_is_right_more_often(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(punks: object, landmarks: object) -> None:
        raise ZeroDivisionError

    worse = CornerDetector()
    monkeypatch.setattr(worse, "detect", fails)
    use_detectors(monkeypatch, worse, CornerDetector(method="other"), CornerDetector("eyewear"))
    text = run_command("validate", "--images", "real", "--compare", "--traits", "expression").out.decode()
    said = "expression.other is right more often than expression.corner, which the config names"
    assert f"{said}: 3 of 4 and 0 of 4" in text


def test_it_says_what_confidences_are_worth_and_how_much_may_be_answered(folder: Path) -> None:
    text = run_command("validate", "--images", "real", "--traits", "expression").out.decode()
    lines = text.splitlines()
    bins = lines.index("Confidence said, and the share right at it (portraits of real collections)")
    assert lines[bins + 1].split()[:4] == ["detector", "mean", "gap", "0+"]
    assert lines[bins + 2].split() == [
        "expression.corner", "1.000", "0.250", *[".", ".", ".", ".", ".", ".", "."], "0.75", "of", "4",
    ]  # fmt: skip
    covered = next(i for i, line in enumerate(lines) if line.startswith("Share of portraits answered"))
    assert lines[covered + 2].split() == ["expression.corner", "none", "none", "none"]
    demo = run_command("validate", "--traits", "expression").out.decode()
    assert "the share right at it (portraits drawn by the project)" in demo
    said = run_command("validate", "--images", "real", "--traits", "expression", "--json", "-").json
    real = said["detectors"][0]["real"]
    assert real["reliability"] == [{"low": 0.99, "high": 1.0, "n": 4, "confidence": 1.0, "accuracy": 0.75}]
    assert real["gap"] == 0.25
    assert real["coverage"][0] == {"accuracy": 0.99, "share": 0.0, "min_confidence": None}


def test_a_share_covered_names_the_least_confidence_that_does_it(folder: Path) -> None:
    for i, sure in enumerate((255, 204, 204, 51)):  # r3, the least sure, is the one that is wrong
        write_portrait(folder / "real" / f"r{i}.png", i, sure)
    text = run_command("validate", "--images", "real", "--traits", "expression").out.decode()
    line = [x for x in text.splitlines() if x.split()[:1] == ["expression.corner"]][1]
    assert line.split()[1:4] == ["0.750", "from", "0.800"]


def test_json_holds_everything_that_was_measured(folder: Path) -> None:
    said = run_command("validate", "--images", "real", "--json", "-").json
    run_command("validate", "--images", "real", "--json", "v.json")
    assert json.loads((folder / "v.json").read_text()) == said
    assert said["schema"] == "punkdetect-validation/1"
    assert said["labels"]["rows"] == 6
    expression = next(d for d in said["detectors"] if d["trait"] == "expression")
    assert (expression["real"]["n"], expression["real"]["correct"], expression["how"]) == (4, 3, "fixed")
    assert expression["drawn"]["n"] == 1
    assert expression["collections"]["other"]["accuracy"] == 0
    assert expression["real"]["misses"] == [{"image": "r3", "label": "neutral", "answer": "hidden"}]
    assert run_command("validate", "--json", "v.json").code == 0, "its own output needs no force"


def test_update_config_writes_the_measured_block_and_says_where(folder: Path) -> None:
    result = run_command("validate", "--images", "real", "--update-config")
    assert result.code == 0
    assert "wrote the measured figures to configs/features.yaml" in result.err
    config = read_config(folder / "configs" / "features.yaml")
    assert config.threshold == 0.2
    assert config.labels == "../data/validation_labels.csv"
    measured = config.traits["expression"].measured
    assert measured is not None
    assert (measured.n, measured.correct, measured.accuracy, measured.how) == (4, 3, 0.75, "fixed")
    assert "any" in measured.calibration
    assert config.traits["eyewear"].show == "never"
    shown = run_command("analyze", "real/r1.png").json
    assert shown["traits"]["expression"]["value"] == "smile"
    again = config_text(folder)
    run_command("validate", "--images", "real", "--update-config")
    assert config_text(folder) == again


def test_confidences_are_calibrated_on_sheets_of_other_collections_as_well(folder: Path) -> None:
    hands = folder / "hands"
    hands.mkdir()
    sheet = np.concatenate([np.concatenate([portrait(1)] * 10, axis=1)] * 4)
    (hands / "odd.png").write_bytes(encode_png(sheet))
    rows = "".join(f"odd_{i:04d},drawn,odd_{i:04d},frown\n" for i in range(40))
    (hands / "odd.csv").write_text("image,collection,family,expression\n" + rows)
    asked: tuple[str, ...] = ("validate", "--images", "real", "--update-config")
    sure = []
    for more in [(), ("--calibrate-with", "hands")]:
        assert run_command(*asked, *more).code == 0
        sure.append(run_command("analyze", "real/r1.png").json["traits"]["expression"]["confidence"])
    assert sure[1] < sure[0] - 0.2, "the detector is wrong of all portraits of the sheet"


def test_calibrating_needs_the_config_to_write_and_collections_to_count(folder: Path) -> None:
    (folder / "empty").mkdir()
    result = run_command("validate", "--images", "real", "--calibrate-with", "empty")
    assert (result.code, "--update-config" in result.err) == (2, True)
    result = run_command("validate", "--images", "real", "--update-config", "--calibrate-with", "empty")
    assert (result.code, "empty: no label file" in result.err) == (2, True)


def test_update_config_compares_no_detectors_into_the_config(folder: Path) -> None:
    run_command("validate", "--images", "real", "--compare", "--update-config")
    assert read_config(folder / "configs" / "features.yaml").traits["expression"].detector == (
        "expression.corner"
    )


def test_demo_portraits_never_feed_the_config(folder: Path) -> None:
    before = config_text(folder)
    result = run_command("validate", "--update-config")
    assert (result.code, "--images DIR" in result.err) == (2, True)
    assert config_text(folder) == before


def test_a_packaged_config_is_never_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = folder / "elsewhere"
    other.mkdir()
    monkeypatch.chdir(other)
    labels = ["--labels", folder / "data" / "validation_labels.csv", "--images", folder / "real"]
    result = run_command("validate", *labels, "--update-config")
    assert (result.code, "say --config FILE" in result.err) == (2, True)


def test_a_config_that_is_not_there_is_made(folder: Path) -> None:
    result = run_command("validate", "--images", "real", "--update-config", "--config", "mine.yaml")
    assert result.code == 0, result.err
    config = read_config(folder / "mine.yaml")
    assert config.labels == "data/validation_labels.csv"
    assert config.traits["expression"].measured is not None
    assert "since nothing was measured" not in result.err


def test_a_trait_that_a_config_does_not_name_stays_unnamed(folder: Path) -> None:
    mine = folder / "mine.yaml"
    mine.write_text(
        "labels: data/validation_labels.csv\ntraits:\n  expression: {detector: expression.other}\n"
    )
    asked = ("validate", "--images", "real", "--update-config", "--config", "mine.yaml")
    assert run_command(*asked).code == 0
    assert list(read_config(mine).traits) == ["expression"]
    listed = run_command("features", "--config", "mine.yaml").out.decode()
    assert "not in mine.yaml" in next(line for line in listed.splitlines() if line.startswith("eyewear"))
    before = mine.read_text()
    result = run_command(*asked, "--traits", "eyewear")
    assert (result.code, "names none of the traits that were measured" in result.err) == (2, True)
    assert mine.read_text() == before


def test_a_config_that_withholds_what_nobody_labelled_says_so(folder: Path) -> None:
    asked = ("validate", "--images", "real", "--update-config", "--traits", "expression")
    assert "since nothing was measured" not in run_command(*asked).err  # eyewear is withheld by a person
    (folder / "configs" / "features.yaml").write_text(
        config_text(folder).replace("show: never", "show: auto")
    )
    result = run_command(*asked)
    assert (result.code, "since nothing was measured of them: eyewear" in result.err) == (0, True)


def test_fail_under_looks_at_real_portraits_if_there_are_any(folder: Path) -> None:
    one = ["--traits", "expression"]
    assert run_command("validate", "--fail-under", "1", *one).code == 0
    result = run_command("validate", "--images", "real", "--fail-under", "0.8", *one)
    assert (result.code, "accuracy 0.750 is under 0.8" in result.err) == (1, True)
    assert run_command("validate", "--images", "real", "--fail-under", "0.7", *one).code == 0


@pytest.mark.parametrize("options", [(), ("--fail-under", "0.1"), ("--quiet",), ("--json", "v.json")])
def test_nothing_measured_is_not_all_well(folder: Path, options: tuple[str, ...]) -> None:
    (folder / "data" / "demo" / "d1.png").unlink()
    labels = Path("data/validation_labels.csv")
    unseen = run_command("validate", *options)
    why = f"no picture that {labels} names (r0 ...) was found: --images DIR says where they are"
    assert (unseen.code, unseen.err) == (1, f"nothing was measured: {why}\n")
    (folder / "data" / "demo" / "d1.png").write_text("no picture")
    broken = run_command("validate", *options)
    why = f"none of the pictures that {labels} names could be read"
    assert (broken.code, f"nothing was measured: {why}\n" in broken.err) == (1, True)
    (folder / "l.csv").write_text("image,expression\nr0,smile\n")
    images = ("--labels", "l.csv", "--images", "real")
    unlabelled = run_command("validate", *images, "--traits", "eyewear", *options)
    why = "l.csv says nothing of eyewear on the pictures that were found"
    assert (unlabelled.code, f"nothing was measured: {why}\n" in unlabelled.err) == (1, True)
    (folder / "l.csv").write_text("image,expression\n")
    said = run_command("validate", *images, *options)
    assert (said.code, "l.csv names no pictures" in said.err) == (1, True)


def test_nothing_is_measured_without_a_detector(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_detectors(monkeypatch)
    (folder / "none.yaml").write_text("traits: {}")
    unanswered = run_command("validate", "--images", "real", "--config", "none.yaml")
    assert unanswered.code == 1
    assert unanswered.err == "nothing was measured: there is no detector\n"


def test_tiles_that_no_label_names_are_told_of_with_examples_of_both(folder: Path) -> None:
    sheet = np.concatenate([portrait(i) for i in range(4)], axis=1)
    (folder / "sheet.png").write_bytes(encode_png(sheet))
    said = run_command("validate", "--images", "sheet.png", "--tile", "24").err
    assert "the tiles are called sheet_0000 ... sheet_0003, and the labels want r0 ... gone: --name" in said
    named = run_command("validate", "--images", "sheet.png", "--tile", "24", "--name", "r{id}")
    assert "the tiles are called" not in named.err
    assert "4 of real collections" in named.out.decode()


def test_two_pictures_of_one_name_are_refused(folder: Path) -> None:
    write_portrait(folder / "real" / "sub" / "r1.png")
    result = run_command("validate", "--images", "real")
    assert (result.code, "real holds both r1.png and sub/r1.png" in result.err) == (2, True)


def test_a_label_that_no_trait_has_is_refused(folder: Path) -> None:
    (folder / "l.csv").write_text("image,expression\na,smirk\n")
    result = run_command("validate", "--labels", "l.csv")
    assert (result.code, "line 2: expression has no value 'smirk'" in result.err) == (2, True)


def test_features_lists_every_trait_and_why(folder: Path) -> None:
    run_command("validate", "--images", "real", "--update-config")
    lines = run_command("features").out.decode().splitlines()
    said = {line.split()[0]: line for line in lines[2:] if not line.startswith(" ")}
    assert len(said) == 21
    assert "0.750 of 4" in said["expression"]
    assert said["expression"].endswith("shown")
    assert "withheld (forced): forced off in configs/features.yaml" in said["eyewear"]
    assert said["earrings"].endswith("withheld: no detector is installed")
    assert any("also: expression.other" in line for line in lines)


def test_features_are_json_when_asked_for(folder: Path) -> None:
    said = run_command("features", "--json", "-", "--traits", "expression").json
    assert said["features"] == [
        {
            "trait": "expression", "detector": "expression.corner@1", "origin": "punkdetect",
            "others": ["expression.other"], "unusable": {}, "values": ["neutral", "smile", "frown", "hidden"],
            "measured": None, "shown": False, "forced": False, "reason": "never measured",
        }
    ]  # fmt: skip
    assert run_command("features", "--json", "f.json").code == 0
    assert run_command("features", "--json", "f.json").code == 0, "its own output needs no force"


def test_labels_of_which_no_picture_is_found_are_told_how_a_sheet_is_cut() -> None:
    folder = Path(__file__).parent.parent / "data" / "collections" / "unseen"
    given = ["validate", "--labels", folder / "trades.csv", "--images", folder / "trades.png"]
    assert "--tile 24" in run_command(*given).out.decode()
    cut = run_command(*given, "--tile", "24", "--name", "trades_{id:04d}", "--traits", "expression")
    assert "pictures found for 400" in cut.out.decode()
    assert "--tile 24" not in cut.out.decode()
