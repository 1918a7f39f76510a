"""Drawn portraits: reproducible, complete, and labelled by what can be seen."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from fakes import run_command
from punkdetect.images import read_picture
from punkdetect.labels import read_labels
from punkdetect.pixels import lab_of
from punkdetect.punks import Punks
from punkdetect.synth import Drawn, colors, draw, draw_pinned, hair, headwear
from punkdetect.synth.backgrounds import patterns
from punkdetect.synth.eyewear import eyewear_sprite
from punkdetect.synth.eyewear_grids import GRIDS as EYEWEAR
from punkdetect.synth.faces import BEARDS, paint_beard
from punkdetect.synth.heads import Head, all_heads
from punkdetect.synth.jewels import EARRINGS, paint_earring
from punkdetect.synth.mouth_items import MASKS, MOUTH_ITEMS, mouth_sprite, paint_mask
from punkdetect.synth.neckwear import NECKWEAR, neck_sprite
from punkdetect.synth.sprites import fit_sprite
from punkdetect.vocabulary import ALL_TRAITS, COLORS, TRAITS
from punkdetect.writers.drawn_folder import read_masks

BARE = {
    **dict.fromkeys(("eyewear", "earrings", "headwear", "facial_hair", "mouth_item", "neckwear"), "none"),
    "head": "plain own", "mouth_shift": "0", "mouth_width": "3", "extra": "none", "clothes": "none",
}  # fmt: skip


@pytest.fixture(scope="module")
def many() -> Drawn:
    """Enough portraits that every value occurs."""
    return draw(2500, 24)


def code(trait: str, value: str) -> int:
    return TRAITS[trait].index(value)


def word(drawn: Drawn, trait: str, row: int = 0) -> str | None:
    found = int(drawn.labels[trait][row])
    return None if found < 0 else TRAITS[trait][found]


def heads() -> Iterator[Head]:
    for kind in all_heads().values():
        yield from (head for head in kind if head.name.endswith("own"))


def test_the_same_seed_draws_the_same_bytes() -> None:
    one, other = draw(40, 7), draw(40, 7)
    assert one.rgba.tobytes() == other.rgba.tobytes()
    assert all(np.array_equal(one.labels[t], other.labels[t]) for t in ALL_TRAITS)
    assert all(np.array_equal(one.masks[t], other.masks[t]) for t in ALL_TRAITS)


def test_another_seed_draws_other_portraits() -> None:
    assert draw(4, 7).rgba.tobytes() != draw(4, 8).rgba.tobytes()


def test_a_portrait_does_not_depend_on_how_many_are_drawn_or_where_drawing_starts() -> None:
    ten, tail = draw(10, 3), draw(4, 3, start=6)
    assert np.array_equal(draw(5, 3).rgba, ten.rgba[:5])
    assert np.array_equal(tail.rgba, ten.rgba[6:])
    assert all(np.array_equal(tail.labels[t], ten.labels[t][6:]) for t in ALL_TRAITS)


def test_nothing_can_be_drawn_and_less_than_nothing_cannot() -> None:
    empty = draw(0, 1)
    assert empty.rgba.shape == (0, 24, 24, 4)
    assert empty.masks["eyewear"].shape == (0, 24, 24)
    with pytest.raises(ValueError, match="negative"):
        draw(-1, 1)


@pytest.mark.parametrize("trait", TRAITS)
def test_every_value_of_every_trait_is_drawn(many: Drawn, trait: str) -> None:
    found = {TRAITS[trait][c] for c in np.unique(many.labels[trait]) if c >= 0}
    assert found == set(TRAITS[trait])


@pytest.mark.parametrize("trait", COLORS)
def test_a_colour_label_is_a_colour_that_occurs_among_the_pixels_of_its_mask(many: Drawn, trait: str) -> None:
    packed = many.rgba[..., 0].astype(int) << 16 | many.rgba[..., 1].astype(int) << 8 | many.rgba[..., 2]
    labelled = many.labels[trait] >= 0
    occurs = ((packed == many.labels[trait][:, None, None]) & many.masks[trait]).any(axis=(1, 2))
    assert labelled.any()
    assert occurs[labelled].all()


@pytest.mark.parametrize(
    "trait", ["eyewear", "earrings", "headwear", "facial_hair", "mouth_item", "neckwear"]
)
def test_what_is_worn_has_a_mask_and_what_is_not_has_none(many: Drawn, trait: str) -> None:
    pixels = many.masks[trait].sum(axis=(1, 2))
    assert (pixels[many.labels[trait] > 0] > 0).all()
    assert (pixels[many.labels[trait] == 0] == 0).all()


def test_hair_that_is_none_shows_no_hair(many: Drawn) -> None:
    for trait in ("hairstyle", "hair_length", "hair_color"):
        assert not many.masks[trait][many.labels[trait] == 0].any()


def test_only_transparent_backgrounds_are_see_through(many: Drawn) -> None:
    clear = many.labels["background"] == code("background", "transparent")
    behind = many.masks["background"]
    assert (many.rgba[clear][..., 3][behind[clear]] == 0).all()
    assert (many.rgba[~clear][..., 3] == 255).all()


def test_portraits_are_a_batch_as_the_detectors_take_it(many: Drawn) -> None:
    assert np.array_equal(Punks(many.rgba).rgba, many.rgba)


def test_a_smile_is_a_lip_pixel_above_the_bar_and_a_frown_one_below() -> None:
    for expression, step in (("smile", -1), ("frown", 1), ("neutral", 0)):
        for where in ("left", "left on", "right", "right on", "both", "both on"):
            drawn = draw_pinned([{**BARE, "expression": expression, "smile": where}], 5)
            assert word(drawn, "expression") == expression
            rows, cols = np.nonzero(drawn.masks["expression"][0])
            bar = int(np.median(rows))
            ends = cols[rows == bar].min(), cols[rows == bar].max()
            assert (rows == bar).sum() == 3
            extra = [(r - bar, c) for r, c in zip(rows, cols, strict=True) if r != bar]
            assert len(extra) == (0 if not step else 2 if "both" in where else 1)
            assert all(r == step and (c - ends[0] in (-1, 0) or c - ends[1] in (0, 1)) for r, c in extra)


def test_marks_never_change_the_expression() -> None:
    from punkdetect.synth.faces import MARKS

    for mark in MARKS:
        drawn = draw_pinned([{**BARE, "type": "male", "expression": "neutral", "mark": mark}], 2)
        assert word(drawn, "expression") == "neutral", mark


def test_a_mask_hides_the_expression_and_shows_where() -> None:
    drawn = draw_pinned([{**BARE, "mouth_item": "mask", "mouth_item_shape": "medical"}], 2)
    assert word(drawn, "expression") == "hidden"
    assert np.array_equal(drawn.masks["expression"], drawn.masks["mouth_item"])


def test_hair_wholly_under_a_hat_is_none() -> None:
    wanted = {**BARE, "hair_shape": "forelock", "headwear": "cap", "headwear_shape": "police"}
    drawn = draw_pinned([wanted], 2)
    assert [word(drawn, t) for t in ("hairstyle", "hair_length", "hair_color")] == ["none"] * 3


def test_eyes_behind_dark_lenses_have_no_colour() -> None:
    wanted = {**BARE, "eyewear": "sunglasses", "eyewear_shape": "frames", "eyes": "pupil and iris"}
    drawn = draw_pinned([wanted, {**wanted, "eyewear": "none"}], 2)
    assert word(drawn, "eye_color", 0) is None
    assert word(drawn, "eye_color", 1) is not None
    assert drawn.labels["eyes_hex"][0] == -1


def test_both_kinds_of_head_differ_where_the_chin_is() -> None:
    for kind, found in all_heads().items():
        assert {head.type for head in found} == {kind}
    chins = {kind: [(h.letters[h.chin] == "k").sum() for h in found] for kind, found in all_heads().items()}
    assert np.mean(chins["male"]) > np.mean(chins["female"])


def test_every_shape_can_be_put_on_every_head() -> None:
    for head in heads():
        for shape in hair.SHAPES:
            assert len(hair.fit_hair(shape, head, 0).at), f"{shape.name} on {head.name}"
        sprites = [
            *(headwear.headwear_sprite(v, n) for v, names in headwear.GRIDS.items() for n in names),
            *(eyewear_sprite(v, n) for v, names in EYEWEAR.items() for n in names),
            *(mouth_sprite(v, n) for v, names in MOUTH_ITEMS.items() for n in names),
            *(neck_sprite(v, n) for v, names in NECKWEAR.items() for n in names),
        ]
        for sprite in sprites:
            assert fit_sprite(sprite, head).own, f"{sprite.name} on {head.name}"
        for value, names in BEARDS.items():
            for name in names:
                assert len(paint_beard(head, value, name, False)[0]), f"{name} on {head.name}"
        for value, rings in EARRINGS.items():
            for name in rings:
                assert len(paint_earring(head, value, name, -1, 0)[0]), f"{name} on {head.name}"
        for name in MASKS:
            assert len(paint_mask(head, name)[0]), f"{name} on {head.name}"


def test_there_are_more_than_forty_hair_shapes_of_every_style_and_length() -> None:
    assert len({shape.name for shape in hair.SHAPES}) == len(hair.SHAPES) >= 40
    assert {shape.style for shape in hair.SHAPES} == {"straight", "wavy", "curly", "braids"}
    assert {shape.length for shape in hair.SHAPES} == {"short", "medium", "long"}


def test_every_kind_of_background_has_patterns() -> None:
    assert set(patterns()) == set(TRAITS["background"])
    assert all(grid.max() < count for grids in patterns().values() for grid, count in grids)


@pytest.mark.parametrize(
    ("kind", "table"), [("basic", colors.BASIC), ("hair", colors.HAIR), ("eyes", colors.EYES)]
)
def test_colours_lie_within_the_box_of_their_name(
    kind: str, table: dict[str, tuple[colors.Box, ...]]
) -> None:
    for name, boxes in table.items():
        for box, found in zip(boxes, colors.pool(kind, name), strict=True):
            assert found, f"no {kind} colour is called {name}"
            rgb = np.array([[c >> 16, c >> 8 & 255, c & 255] for c in found], np.uint8)
            lightness = lab_of(rgb)[:, 0]
            assert (lightness >= box[0] - 1e-6).all()
            assert (lightness <= box[1] + 1e-6).all()


def test_the_command_writes_portraits_labels_and_masks(tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    assert run_command("synth", "-n", "6", "--seed", "4", "-o", folder).code == 0
    labels = read_labels(folder / "labels.csv")
    drawn, masks = draw(6, 4), read_masks(folder / "masks.npz")
    assert [row.image for row in labels.rows] == [f"synth_{i:06d}" for i in range(6)]
    for i, row in enumerate(labels.rows):
        png = (folder / f"{row.image}.png").read_bytes()
        assert np.array_equal(read_picture(png).rgba, drawn.rgba[i])
        assert not row.is_real
        for trait in TRAITS:
            assert row.accepted.get(trait, (None,)) == (word(drawn, trait, i),)
    assert all(np.array_equal(masks[trait], drawn.masks[trait]) for trait in ALL_TRAITS)


def test_a_folder_that_may_not_be_written_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punkdetect.writers.output.os.access", lambda *_: False)
    result = run_command("synth", "-n", "1", "-o", tmp_path / "drawn")
    assert (result.code, "no permission to write here" in result.err) == (2, True)


def test_the_command_replaces_what_it_drew_before_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    run_command("synth", "-n", "6", "-o", folder)
    assert run_command("synth", "-n", "2", "-o", folder, "--no-masks").code == 0
    assert {p.name for p in folder.iterdir()} == {"synth_000000.png", "synth_000001.png", "labels.csv"}
    (folder / "mine.png").write_bytes(b"mine")
    refused = run_command("synth", "-n", "1", "-o", folder)
    assert refused.code == 2
    assert "mine.png" in refused.err
    assert len(list(folder.iterdir())) == 4
    assert run_command("synth", "-n", "1", "-o", folder, "--force").code == 0
    assert (folder / "mine.png").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.csv", b"image,expression\na,smile\n"),
        ("labels.csv", b"image,collection,family,expression\npunk_0000,punks,0,smile\n"),
        ("labels.csv", b"\xff\xfe"),
        ("masks.npz", b"PK"),
    ],
)
def test_labels_and_masks_of_others_are_not_taken_for_drawn_ones(
    tmp_path: Path, name: str, content: bytes
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / name).write_bytes(content)
    refused = run_command("synth", "-n", "1", "-o", folder)
    assert (refused.code, f"holds {name}, which is not from synth" in refused.err) == (2, True)
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [(name, content)]


def test_the_command_clears_up_after_an_interrupted_run(tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    run_command("synth", "-n", "6", "-o", folder)
    (folder / "labels.csv").unlink()  # it is written last
    (folder / "masks.npz").write_bytes(b"half a")
    assert run_command("synth", "-n", "2", "-o", folder).code == 0
    assert sorted(p.name for p in folder.iterdir()) == [
        "labels.csv", "masks.npz", "synth_000000.png", "synth_000001.png",
    ]  # fmt: skip


def test_more_portraits_than_a_disk_holds_are_refused_at_once(tmp_path: Path) -> None:
    refused = run_command("synth", "-n", "1000001", "-o", tmp_path / "drawn")
    assert (refused.code, "1000000" in refused.err) == (2, True)
    assert not (tmp_path / "drawn").exists()


def test_the_sheet_is_one_picture_of_many(tmp_path: Path) -> None:
    assert run_command("synth", "-n", "30", "--sheet", tmp_path / "sheet.png").code == 0
    height, width = read_picture((tmp_path / "sheet.png").read_bytes()).rgba.shape[:2]
    assert (height, width) == (2 * 100 + 4, 20 * 100 + 4)
    assert [p.name for p in tmp_path.iterdir()] == ["sheet.png"]


def test_the_command_wants_somewhere_to_draw(tmp_path: Path) -> None:
    refused = run_command("synth", "-n", "3")
    assert refused.code == 2
    assert "-o" in refused.err


def test_the_sheet_in_the_docs_is_what_the_command_draws(tmp_path: Path, repository: Path) -> None:
    run_command("synth", "-n", "240", "--seed", "1", "--sheet", tmp_path / "synth.png")
    fresh, stored = (tmp_path / "synth.png"), repository / "docs" / "pictures" / "synth.png"
    assert np.array_equal(read_picture(fresh.read_bytes()).rgba, read_picture(stored.read_bytes()).rgba), (
        "run punkdetect synth -n 240 --seed 1 --sheet docs/pictures/synth.png"
    )


@pytest.fixture(scope="module")
def demo_script() -> Iterator[ModuleType]:
    """The script that draws the demo portraits."""
    scripts = Path(__file__).parents[1] / "scripts"
    sys.path.insert(0, str(scripts))
    try:
        spec = importlib.util.spec_from_file_location("draw_demo", scripts / "draw_demo.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(scripts))


def test_the_demo_portraits_are_what_their_script_draws(demo_script: ModuleType, repository: Path) -> None:
    folder = repository / "data" / "demo"
    assert {p.stem for p in folder.glob("*.png")} == set(demo_script.read_portraits())
    labels = {
        r.image: r for r in read_labels(repository / "data" / "validation_labels.csv").rows if not r.is_real
    }
    assert set(labels) == set(demo_script.read_portraits())
    for name, (seed, wanted) in demo_script.read_portraits().items():
        drawn = draw_pinned([wanted], seed)
        stored = read_picture((folder / f"{name}.png").read_bytes()).rgba
        assert np.array_equal(stored, drawn.rgba[0]), f"{name}: run scripts/draw_demo"
        for trait in TRAITS:
            assert labels[name].accepted.get(trait, (None,)) == (word(drawn, trait),), f"{name} {trait}"


def test_the_demo_portraits_show_every_value_that_people_ask_for(repository: Path) -> None:
    rows = [
        r for r in read_labels(repository / "data" / "validation_labels.csv").rows if r.collection == "demo"
    ]
    assert len(rows) >= 36
    for trait in ("type", "expression", "eyewear", "earrings", "hairstyle", "background"):
        assert {v for r in rows for v in r.accepted.get(trait, ())} == set(TRAITS[trait])
