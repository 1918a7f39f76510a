"""`rarity`: OpenRarity's formula, held against an example that was worked out by hand."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import CornerDetector, run_command, use_detectors, write_portrait
from punkdetect.images import encode_png
from punkdetect.rarity import MISSING, rate_rarity

EXAMPLE = {"hat": ["cap", "crown", "bow", "bow"], "eyes": [MISSING, "red", "blue", "red"]}
"""Four portraits, two traits.

By hand: of hats, cap and crown are 1 of 4 (2 bits each) and bow 2 of 4 (1 bit); of eyes, none and blue are
1 of 4 (2 bits each) and red 2 of 4 (1 bit). So the portraits hold 2+2, 2+1, 1+2 and 1+1 = 4, 3, 3 and 2 bits.
The entropy of either trait is 1/4*2 + 1/4*2 + 1/2*1 = 1.5 bits, of both 3 bits; the scores are 4/3, 1, 1 and
2/3, and the ranks 1, 2, 2 and 4.
"""


def test_the_worked_example() -> None:
    rarity = rate_rarity(EXAMPLE, {})
    assert rarity.information.tolist() == [4, 3, 3, 2]
    assert rarity.entropy == 3
    assert rarity.scores.tolist() == pytest.approx([4 / 3, 1, 1, 2 / 3])
    assert rarity.ranks.tolist() == [1, 2, 2, 4]
    assert rarity.shares.tolist() == [[0.25, 0.25], [0.25, 0.5], [0.5, 0.25], [0.5, 0.5]]
    assert rarity.best.tolist() == rarity.worst.tolist() == [1, 2, 2, 4]


def test_an_open_trait_leaves_a_range_of_ranks() -> None:
    # the last portrait's hat may be a cap or crown (2 bits, then 3 in all: with the two) or a bow (2 in all)
    rarity = rate_rarity(EXAMPLE, {"hat": np.array([False, False, False, True])})
    assert (rarity.best.tolist(), rarity.worst.tolist()) == ([1, 2, 2, 2], [1, 2, 2, 4])
    # the first one's hat may be a bow (3 bits in all)
    rarity = rate_rarity(EXAMPLE, {"hat": np.array([True, False, False, False])})
    assert (rarity.best.tolist(), rarity.worst.tolist()) == ([1, 1, 1, 4], [1, 2, 2, 4])


def test_portraits_that_are_all_alike_are_all_first() -> None:
    rarity = rate_rarity({"hat": ["cap"] * 3}, {})
    assert rarity.scores.tolist() == [0, 0, 0]
    assert rarity.ranks.tolist() == [1, 1, 1]


def test_no_portraits_are_no_fault() -> None:
    assert len(rate_rarity({"hat": []}, {}).ranks) == 0
    assert len(rate_rarity({}, {}).ranks) == 0


columns = st.integers(1, 12).flatmap(
    lambda n: st.dictionaries(
        st.sampled_from("abcd"),
        st.lists(st.sampled_from(["", "x", "y", "z"]), min_size=n, max_size=n),
        min_size=1,
    )
)


@given(columns, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_scores_are_what_the_formula_says_and_ranks_lie_in_their_range(values, random) -> None:  # type: ignore[no-untyped-def]
    n = len(next(iter(values.values())))
    still_open = {t: np.array([random.random() < 0.3 for _ in range(n)]) for t in values}
    rarity = rate_rarity(values, still_open)
    entropy = 0.0
    for column in values.values():
        for value in set(column):
            share = column.count(value) / n
            entropy -= share * math.log2(share)
    assert rarity.entropy == pytest.approx(entropy, abs=1e-9)
    for i in range(n):
        bits = sum(-math.log2(column.count(column[i]) / n) for column in values.values())
        assert rarity.information[i] == pytest.approx(bits, abs=1e-9)
        assert rarity.ranks[i] == 1 + sum(
            other > rarity.information[i] + 1e-9 for other in rarity.information
        )
        assert 1 <= rarity.best[i] <= rarity.ranks[i] <= rarity.worst[i] <= n


@given(columns)
@settings(deadline=None)
def test_without_open_traits_the_range_is_the_rank_and_its_ties(values) -> None:  # type: ignore[no-untyped-def]
    rarity = rate_rarity(values, {})
    assert np.array_equal(rarity.best, rarity.ranks)
    assert np.array_equal(rarity.worst, rarity.ranks)


NONE, STUD, HOOP = 0, 1, 2


@pytest.fixture
def corner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Four pictures in which earrings are shown: three without, one of these unsure, and a hoop."""
    use_detectors(monkeypatch, CornerDetector(trait="earrings"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits: {earrings: {detector: earrings.corner, show: always}}"
    )
    for name, red, green in (("a", NONE, 255), ("b", NONE, 255), ("c", NONE, 100), ("d", HOOP, 255)):
        write_portrait(tmp_path / "c" / f"{name}.png", red=red, green=green)
    return tmp_path


def test_csv_tells_each_traits_share_and_the_range(corner: Path) -> None:
    out = run_command("rarity", "c", "--format", "csv", "-q").out.decode()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(r["image"], r["rank"], r["rank_best"], r["rank_worst"]) for r in rows] == [
        ("d.png", "1", "1", "1"),
        ("a.png", "2", "2", "3"),
        ("b.png", "2", "2", "3"),
        ("c.png", "2", "1", "2"),
    ]
    assert (rows[0]["earrings"], rows[0]["earrings_share"]) == ("hoop", "0.250000")
    entropy = -(0.25 * math.log2(0.25) + 0.75 * math.log2(0.75))
    assert float(rows[0]["score"]) == pytest.approx(2 / entropy, abs=1e-6)


def test_text_names_the_rarest_traits_with_their_share(corner: Path) -> None:
    text = run_command("rarity", "c", "--top", "1", "-q").out.decode()
    assert "d.png" in text
    assert "earrings hoop 25.0%" in text
    assert "... and 3 more" in text
    for everything in ("0", "4"):
        assert "more" not in run_command("rarity", "c", "--top", everything, "-q").out.decode()


def test_json_holds_the_counts_of_the_collection(corner: Path) -> None:
    out = run_command("rarity", "c", "--format", "json", "-q").json
    assert out["traits"]["earrings"]["none"] == {"count": 3, "share": 0.75}
    assert [p["rank"] for p in out["ranking"]] == [1, 2, 2, 2]


def test_values_of_one_name_in_two_traits_are_counted_apart() -> None:
    rarity = rate_rarity({"hat": ["none", "none"], "eyes": ["none", "red"]}, {})
    assert rarity.counts["hat"]["none"] == 2
    assert rarity.counts["eyes"]["none"] == 1


def test_a_refused_picture_has_no_rank_but_a_row(corner: Path) -> None:
    (corner / "c" / "x.png").write_text("text")
    result = run_command("rarity", "c", "-o", "r.csv")
    assert result.code == 1
    rows = list(csv.DictReader(io.StringIO((corner / "r.csv").read_text())))
    assert (rows[-1]["image"], rows[-1]["rank"], rows[-1]["status"]) == ("x.png", "", "not-an-image")
    assert [r["rank"] for r in rows[:-1]] == ["1", "2", "2", "2"], "it counts for nothing"


def test_a_picture_without_a_portrait_is_no_rarity(corner: Path) -> None:
    (corner / "t.csv").write_text("image,expression\nempty.png,\na.png,smile\nb.png,smile\n")
    result = run_command("rarity", "t.csv", "--format", "json")
    assert "not ranked, since no portrait was found on them: 1 (empty.png)" in result.err
    assert [row["image"] for row in result.json["ranking"]] == ["a.png", "b.png"]


def test_blank_pictures_and_noise_take_no_rank_and_say_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    blank = np.zeros((24, 24, 4), np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, blank.shape, np.uint8)
    noise[..., 3] = 255
    (tmp_path / "c").mkdir()
    for name, pixels in (("clear", blank), ("noise", noise)):
        (tmp_path / "c" / f"{name}.png").write_bytes(encode_png(pixels))
    for path in sorted((repository / "data" / "demo").glob("demo_0[1-3]*.png")):
        (tmp_path / "c" / path.name).write_bytes(path.read_bytes())
    run_command("scan", "c", "-o", "t.csv")
    for asked in ("c", "t.csv"):
        result = run_command("rarity", asked, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(result.out.decode())))
        assert [bool(row["rank"]) for row in rows] == [True] * 3 + [False] * 2
        assert {row["image"]: row["message"] for row in rows[3:]} == {
            "clear.png": "nothing is drawn on this picture: all of it has one colour",
            "noise.png": "nothing of a portrait was found on this picture",
        }
        assert "no portrait was found on them: 2 (clear.png, noise.png)" in result.err
        told = run_command("export", asked).err
        assert "have metadata although no portrait was found on them: 2 (clear.png, noise.png)" in told


def test_withheld_traits_count_for_nothing(corner: Path) -> None:
    (corner / "configs" / "features.yaml").write_text("traits: {earrings: {detector: earrings.corner}}")
    run_command("scan", "c", "--all", "-o", "t.csv")
    result = run_command("rarity", "t.csv", "--format", "json")
    assert result.json["traits"] == {}
    assert "did not pass the gate: earrings" in result.err


def test_outputs_of_others_are_never_written_over(corner: Path) -> None:
    (corner / "r.csv").write_text("precious")
    assert run_command("rarity", "c", "-o", "r.csv").code == 2
    assert (corner / "r.csv").read_text() == "precious"
    for name in ("s.csv", "s.json", "s.txt"):
        assert run_command("rarity", "c", "-o", name).code == 0
        assert run_command("rarity", "c", "-o", name).code == 0, "its own output needs no force"
    run_command("scan", "c", "-o", "t.csv")
    result = run_command("rarity", "t.csv", "-o", "t.csv", "--force")
    assert (result.code, "one of the inputs" in result.err) == (2, True)


@pytest.mark.parametrize("paths", [("t.csv", "u.csv"), ("t.csv", "c"), ("c", "t.csv")])
def test_a_table_is_named_alone(corner: Path, paths: tuple[str, str]) -> None:
    for name in {"t.csv", "u.csv"} & set(paths):
        (corner / name).write_text("image,earrings\na,none\n")
    result = run_command("rarity", *paths)
    assert (result.code, "a table is named alone" in result.err) == (2, True)


def test_a_table_on_standard_input_is_told_to_be_named_as_a_file(corner: Path) -> None:
    result = run_command("rarity", "-", stdin=b"image,earrings\na,none\n")
    assert (result.code, "a table is named as a file" in result.err) == (1, True)
