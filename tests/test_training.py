"""Training: labels stay true through every change, families stay together, pictures become a detector."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drawn_faces import COLORS, batch, draw
from fakes import run_command
from punkdetect.detectors.learned import Learned, read_heads
from punkdetect.images import encode_png
from punkdetect.inference import softmax
from punkdetect.landmarks import Landmarks
from punkdetect.model_cards import read_model_card
from punkdetect.pixels import find_palette, lab_of
from punkdetect.punks import Punks
from punkdetect.training.augment import COLOR_TRAITS, augment, cut_out, part_eyes
from punkdetect.training.backdrops import KINDS, draw_backdrops
from punkdetect.training.calibration import fit_temperature
from punkdetect.training.contradictions import HEAD_OF_HAIR, without_contradictions
from punkdetect.training.examples import Examples, join, make_examples
from punkdetect.training.folds import assign_folds, families_by_likeness
from punkdetect.training.pools import Pool, drawn_examples, join_pools, mix
from punkdetect.training.recolor import find_ink_mass, recolor, rgb_of
from punkdetect.training.sampling import MOST, rarity_weights
from punkdetect.vocabulary import TRAITS


@pytest.fixture(scope="module")
def drawn() -> Examples:
    return drawn_examples(60, seed=4)


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


# ---- labelled portraits


def test_each_accepted_answer_is_a_target_and_a_blank_is_none() -> None:
    rgba = np.zeros((3, 24, 24, 4), np.uint8)
    examples = make_examples(rgba, {"earrings": [("stud", "hoop"), (), ("none",)]}, ["a", "b", "c"], "mine")
    assert examples.targets["earrings"].tolist() == [
        [False, True, True, False],
        [False, False, False, False],
        [True, False, False, False],
    ]


def test_joined_examples_keep_a_trait_that_only_one_part_has_unlabelled_in_the_other(drawn: Examples) -> None:
    other = make_examples(drawn.rgba[:2], {"type": [("male",), ("female",)]}, ["x", "y"], "mine")
    both = join([drawn, other])
    assert len(both) == 62
    assert both.targets["headwear"][:60].any(axis=1).all()
    assert not both.targets["headwear"][60:].any()


def test_a_label_that_says_bald_of_a_head_of_hair_is_not_fitted_to() -> None:
    bald = {(8, 7): "sssssssss"}
    crown = {(row, 5): "h" * 12 for row in range(3, 8)}
    haired = {**bald, **crown, **{(row, col): "hh" for row in range(8, 18) for col in (5, 15)}}
    rgba = batch(draw(bald), draw(haired), draw(haired))
    area = Landmarks(Punks(rgba)).regions.hair.sum(axis=(1, 2))
    assert area[0] < HEAD_OF_HAIR <= area[1]
    said = {"hair_length": [("none",), ("none",), ("short",)], "hairstyle": [("none",), ("none",), ()]}
    examples = make_examples(rgba, said, ["a", "b", "c"], "mine")
    kept = without_contradictions(examples).targets
    assert kept["hair_length"].any(axis=1).tolist() == [True, False, True]
    assert kept["hairstyle"].any(axis=1).tolist() == [True, False, False]
    assert (kept["hair_length"][[0, 2]] == examples.targets["hair_length"][[0, 2]]).all()


def test_examples_of_other_lengths_are_refused(drawn: Examples) -> None:
    with pytest.raises(ValueError, match="for 60 portraits"):
        replace(drawn, targets={"type": np.zeros((59, 2), np.bool_)})


# ---- changes


def test_the_same_seed_gives_the_same_changed_portraits(drawn: Examples) -> None:
    assert np.array_equal(augment(drawn, rng()).rgba, augment(drawn, rng()).rgba)


def test_changes_change_most_portraits_and_none_of_the_labels_of_shape(drawn: Examples) -> None:
    changed = augment(drawn, rng())
    assert (changed.rgba != drawn.rgba).any(axis=(1, 2, 3)).mean() > 0.9
    for trait in TRAITS:
        if trait not in (*COLOR_TRAITS, "background"):
            assert np.array_equal(changed.targets[trait], drawn.targets[trait]), trait


def test_a_repainted_portrait_no_longer_says_its_colours(drawn: Examples) -> None:
    changed = augment(drawn, rng())
    lost = drawn.targets["skin_tone"].any(axis=1) & ~changed.targets["skin_tone"].any(axis=1)
    kept = changed.targets["skin_tone"].any(axis=1)
    assert lost.any()
    assert np.array_equal(changed.targets["skin_tone"][kept], drawn.targets["skin_tone"][kept])


def test_strength_0_changes_nothing(drawn: Examples) -> None:
    same = augment(drawn, rng(), strength=0.0)
    assert np.array_equal(same.rgba, drawn.rgba)
    assert all(np.array_equal(same.targets[t], drawn.targets[t]) for t in TRAITS)


def test_some_copies_have_their_eyes_nearer_or_further_apart() -> None:
    faces = batch(*[draw()] * 200)
    parted = part_eyes(faces, rng())
    spacings, counts = np.unique([eye_spacing(face) for face in parted], return_counts=True)
    assert spacings.tolist() == [4, 5, 6, 7, 8]
    assert counts[1] > 140
    same = [eye_spacing(face) == 5 for face in parted]
    assert (parted[same] == faces[0]).all()


def eye_spacing(face: np.ndarray) -> int:
    """Columns between the first and the second eye of a portrait of `drawn_faces`."""
    cols = np.flatnonzero((face[11] == COLORS["e"]).all(axis=1))
    return int(cols[-1] - cols[0])


def test_cut_out_takes_the_background_and_leaves_the_figure(drawn: Examples) -> None:
    cut, done = cut_out(drawn.rgba)
    mask = Landmarks(Punks(drawn.rgba)).background.mask
    assert done.mean() > 0.8
    assert (cut[done][mask[done]] == 0).all()
    assert np.array_equal(cut[done][~mask[done]], drawn.rgba[done][~mask[done]])
    assert np.array_equal(cut[~done], drawn.rgba[~done])


def test_a_cut_out_portrait_gets_the_background_that_its_label_says(drawn: Examples) -> None:
    cut, _ = cut_out(drawn.rgba)
    changed = augment(drawn.replaced(cut, drawn.targets), rng())
    transparent = (changed.rgba[..., 3] == 0).any(axis=(1, 2))
    assert np.array_equal(changed.targets["background"][:, KINDS.index("transparent")], transparent)


def test_every_kind_of_backdrop_is_drawn_opaque_but_the_transparent_one() -> None:
    rgba, kind = draw_backdrops(300, rng())
    assert set(kind) == set(range(len(KINDS)))
    clear = kind == KINDS.index("transparent")
    assert (rgba[~clear][..., 3] == 255).all()
    assert (rgba[clear] == 0).all()


def test_recolouring_leaves_the_background_and_changes_each_flat_colour_of_the_eyes_as_one(
    drawn: Examples,
) -> None:
    figure = ~Landmarks(Punks(drawn.rgba)).background.mask
    painted, _ = recolor(drawn.rgba, find_palette(drawn.rgba), figure, rng())
    assert np.array_equal(painted[~figure], drawn.rgba[~figure])
    assert (painted[..., 3] == drawn.rgba[..., 3]).all()


def test_colours_come_back_from_lab_as_they_were() -> None:
    colors = rng().integers(0, 256, (500, 3)).astype(np.uint8)
    assert np.abs(rgb_of(lab_of(colors)).astype(int) - colors).max() <= 1


def test_black_hair_is_a_mass_and_an_outline_is_not() -> None:
    lab = np.full((1, 24, 24, 3), 60.0)
    lab[0, 3:6, 8:16] = 0.0  # hair, three rows thick
    lab[0, 10:20, 5] = 0.0  # an outline, one column thin
    mass = find_ink_mass(lab, np.ones((1, 24, 24), np.bool_))
    assert mass[0, 3:6, 8:16].all()
    assert not mass[0, 10:20, 5].any()


# ---- folds and weights


def test_a_family_is_never_in_two_folds_and_folds_are_of_about_one_size() -> None:
    families = np.array([f"f{i // 3}" for i in range(90)])
    fold = assign_folds(families, 5, seed=1)
    for family in set(families):
        assert len(set(fold[families == family])) == 1
    assert set(np.bincount(fold)) == {18}


def test_the_same_seed_gives_the_same_folds_and_another_seed_others() -> None:
    families = [f"f{i}" for i in range(40)]
    assert np.array_equal(assign_folds(families, 5, 1), assign_folds(families, 5, 1))
    assert not np.array_equal(assign_folds(families, 5, 1), assign_folds(families, 5, 2))


def test_portraits_that_share_most_pixels_are_one_family(drawn: Examples) -> None:
    copies = drawn.rgba[:3].copy()
    copies[:, 0, :5] = 7
    families = families_by_likeness(np.concatenate([drawn.rgba[:3], copies]))
    assert families[:3].tolist() == families[3:].tolist()
    assert len(set(families)) == 3


def test_portraits_with_rare_values_are_shown_more_often_but_not_without_limit(drawn: Examples) -> None:
    target = np.zeros((60, 21), np.bool_)
    target[:, 0] = True
    target[0] = np.eye(21, dtype=np.bool_)[9]
    weights = rarity_weights(drawn.replaced(drawn.rgba, {"headwear": target}), ("headwear",))
    assert weights[0] == MOST
    assert weights[1:] == pytest.approx(weights[1])


def test_a_mix_gives_each_source_its_share_and_leaves_out_what_weighs_nothing() -> None:
    def pool(n: int) -> Pool:
        return Pool(np.zeros((n, 1, 1, 1), np.float16), {}, np.arange(n), np.zeros(n, np.intp))

    both = join_pools([pool(10), pool(4)])
    shown = mix(both, [np.ones(10), np.array([1.0, 1.0, 0.0, 2.0])], (0.25, 0.75))
    assert shown[:10].sum() == pytest.approx(0.25)
    assert shown[10:].tolist() == pytest.approx([0.1875, 0.1875, 0.0, 0.375])


# ---- models


def test_a_regression_learns_what_the_numbers_say_and_settles_ambiguous_labels() -> None:
    pytest.importorskip("sklearn", reason="needs the extra [train]")
    from punkdetect.training.classical import fit_regression

    values = rng().normal(0, 1, (300, 3))
    code = (values[:, 0] > 0).astype(int)
    target = np.eye(3, dtype=np.bool_)[code]
    target[::3, :2] = True  # a third is labelled with both
    model = fit_regression(values, target, np.ones(300), ("a", "b", "c"))
    assert (model.logits(values).argmax(axis=1) == code).mean() > 0.95
    assert (model.probabilities(values)[:, 2] < 1e-6).all()


def test_a_regression_of_one_value_always_says_it() -> None:
    pytest.importorskip("sklearn", reason="needs the extra [train]")
    from punkdetect.training.classical import fit_regression

    target = np.zeros((20, 4), np.bool_)
    target[:, 2] = True
    model = fit_regression(rng().normal(0, 1, (20, 2)), target, np.ones(20), ("a", "b"))
    assert (model.logits(rng().normal(0, 9, (30, 2))).argmax(axis=1) == 2).all()


def test_the_temperature_makes_confidence_mean_the_share_that_is_right() -> None:
    draws = rng()
    logits = draws.normal(0, 2, (6000, 3))
    chances = softmax(logits)
    code = (draws.random(6000)[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    target = np.eye(3, dtype=np.bool_)[np.minimum(code, 2)]
    assert fit_temperature(logits * 2.5, target) == pytest.approx(2.5, rel=0.12)
    assert fit_temperature(logits, np.zeros_like(target)) == 1.0


# ---- the command


def write_labelled(folder: Path, examples: Examples, trait: str) -> Path:
    """Write portraits and a label file as a person would have them."""
    (folder / "mine").mkdir(parents=True)
    rows = []
    for name, rgba, target in zip(examples.images, examples.rgba, examples.targets[trait], strict=True):
        (folder / "mine" / f"{name}.png").write_bytes(encode_png(rgba))
        rows.append({"image": name, trait: "|".join(TRAITS[trait][v] for v in np.flatnonzero(target))})
    labels = folder / "mine.csv"
    with labels.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["image", trait])
        writer.writeheader()
        writer.writerows(rows)
    return labels


def test_a_folder_of_labelled_pictures_becomes_a_detector_with_a_card(
    tmp_path: Path, drawn: Examples
) -> None:
    pytest.importorskip("sklearn", reason="needs the extra [train]")
    labels = write_labelled(tmp_path, drawn, "hair_length")
    out = tmp_path / "models"
    arguments = ("--trait", "hair_length", "--images", tmp_path / "mine", "--labels", labels, "-o", out)
    result = run_command("train", *arguments)
    assert result.code == 0, result.err
    labelled = drawn.take(np.flatnonzero(drawn.targets["hair_length"].any(axis=1)))
    assert f"of {len(labelled)} right on portraits it had not seen" in result.out.decode()
    (head,) = read_heads(out)
    detector = Learned(head)
    assert detector.name == "hair_length.own"
    card = read_model_card(detector.model_card)
    assert len(card.fitted_to) == len(card.answers["hair_length"]) == len(labelled)
    assert set(json.loads(detector.model_card.read_text())["notes"]["folds"]) == set(labelled.images.tolist())
    first = head.file.read_bytes()
    assert run_command("train", *arguments).code == 0
    assert head.file.read_bytes() == first, "the same seed gives the same model"


def test_a_network_of_ones_own_is_fitted_written_and_answers_as_its_card_says(
    tmp_path: Path, drawn: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch", reason="needs the extra [network]")
    from punkdetect.training import own
    from punkdetect.training.shipping import Sizes

    few = Sizes(drawn=0, copies=3, large=1, others=1, base_steps=6, steps=4, members=1, regression_drawn=0)
    monkeypatch.setattr(own, "NETWORK_SIZES", few)
    labels = write_labelled(tmp_path, drawn, "hair_length")
    out = tmp_path / "models"
    arguments = ("--trait", "hair_length", "--images", tmp_path / "mine", "--labels", labels, "--network")
    result = run_command("train", *arguments, "--synth", "30", "--name", "net", "-o", out)
    assert result.code == 0, result.err
    assert {p.name for p in out.iterdir()} == {
        "hair_length.net.safetensors",
        "hair_length.net.card.json",
        "index.json",
    }
    (head,) = read_heads(out)
    detector = Learned(head)
    punks = Punks(drawn.rgba)
    column = detector.detect(punks, Landmarks(punks))
    assert (column.codes >= 0).any()
    labelled = drawn.take(np.flatnonzero(drawn.targets["hair_length"].any(axis=1)))
    card = read_model_card(detector.model_card)
    assert (card.detector, card.version) == ("hair_length.net", detector.version)
    assert len(card.fitted_to) == len(card.answers["hair_length"]) == len(labelled)
    assert {"seed", "split", "folds", "out_of_fold", "temperature", "versions"} <= set(card.notes)
    assert {"numpy", "punkdetect", "python", "torch"} == set(card.notes["versions"])


def test_what_weighs_the_signs_of_headwear_is_fitted_and_runs_as_it_was_measured(drawn: Examples) -> None:
    pytest.importorskip("torch", reason="needs the extra [network]")
    from punkdetect.detectors._headwear.features import headwear_features
    from punkdetect.integer_network import parse_described
    from punkdetect.training.described import DescribedRecipe, fit_signs

    recipe = DescribedRecipe(hidden=8, rounds=2, members=2)
    few, many = drawn.take(np.arange(20)), drawn.take(np.arange(20, 60))
    fit = fit_signs("headwear", few, many.take(np.arange(10)), many, many, recipe)
    assert fit.kind == "headwear"
    assert fit.logits["headwear"].shape == (20, len(TRAITS["headwear"]))
    assert {"without_collection", "out_of_fold", "folds", "others"} <= set(fit.notes)
    model = parse_described(fit.data)
    names, values = headwear_features(Punks(few.rgba), Landmarks(Punks(few.rgba)))
    assert model.names == names
    assert np.isfinite(model.logits(values)).all()
    assert len(model.ensemble.members) == 2
    assert fit_signs("headwear", few, many.take(np.arange(10)), many, many, recipe).data == fit.data


def test_a_hidden_layer_in_whole_numbers_answers_as_the_fitted_one() -> None:
    torch = pytest.importorskip("torch", reason="needs the extra [network]")
    from punkdetect.integer_network import STEPS, Network
    from punkdetect.training.whole_numbers import to_layers

    torch.manual_seed(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(30, 20), torch.nn.ReLU6(), torch.nn.Dropout(), torch.nn.Linear(20, 5)
    )
    whole = rng().integers(-127, 128, (50, 1, 1, 30)).astype(np.int8)
    with torch.no_grad():
        exact = net.eval()(torch.from_numpy(whole[:, 0, 0] / np.float32(STEPS))).numpy()
    answers = Network(to_layers(net, STEPS, 1)).run(whole)
    assert np.abs(answers - exact).max() < 0.05


def test_the_study_tests_each_collection_with_a_network_that_did_not_see_it(drawn: Examples) -> None:
    pytest.importorskip("torch", reason="needs the extra [network]")
    pytest.importorskip("sklearn", reason="needs the extra [train]")
    from punkdetect.training.study import leave_one_out, table

    parts = {"one": drawn.take(np.arange(30)), "other": drawn.take(np.arange(30, 60))}
    rows = leave_one_out(parts, parts, steps=3, copies=40)
    assert [(seen, unseen) for seen, unseen, _ in rows] == [(("other",), "one"), (("one",), "other")]
    for _, _, right in rows:
        assert {
            "headwear.network",
            "headwear.signs",
            "headwear.rule_and_network",
            "hairstyle.features",
        } <= set(right)
        assert all(0 <= share <= 1 for share in right.values())
    lines = table(rows).splitlines()
    assert lines[0] == "| detector | one, fitted to other | other, fitted to one |"
    assert len(lines) == 2 + len(rows[0][2])


def test_a_second_model_joins_the_first(tmp_path: Path, drawn: Examples) -> None:
    pytest.importorskip("sklearn", reason="needs the extra [train]")
    for trait in ("hair_length", "hairstyle"):
        labels = write_labelled(tmp_path / trait, drawn, trait)
        arguments = ("--images", tmp_path / trait / "mine", "--labels", labels, "-o", tmp_path / "models")
        assert run_command("train", "--trait", trait, *arguments, "--force", "--folds", "2").code == 0
    assert {h.trait for h in read_heads(tmp_path / "models")} == {"hair_length", "hairstyle"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--trait", "hair_lenght"), "did you mean hair_length?"),
        (("--trait", "skin_hex"), "there is nothing to learn"),
        (("--trait", "hair_length", "--name", "My Model"), "lower-case letters"),
        (("--trait", "hair_length", "--name", "network"), "punkdetect's own: choose another --name"),
        (("--trait", "neckwear"), "has no column neckwear"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(
    arguments: tuple[str, ...], said: str, tmp_path: Path, drawn: Examples
) -> None:
    pytest.importorskip("sklearn", reason="needs the extra [train]")
    labels = write_labelled(tmp_path, drawn.take(np.arange(12)), "hair_length")
    out = tmp_path / "models"
    result = run_command("train", *arguments, "--images", tmp_path / "mine", "--labels", labels, "-o", out)
    assert result.code == 2
    assert said in result.err
    assert not out.exists()


def test_too_few_pictures_are_refused(tmp_path: Path, drawn: Examples) -> None:
    pytest.importorskip("sklearn", reason="needs the extra [train]")
    labels = write_labelled(tmp_path, drawn.take(np.arange(5)), "hair_length")
    arguments = ("--images", tmp_path / "mine", "--labels", labels, "-o", tmp_path / "models")
    result = run_command("train", "--trait", "hair_length", *arguments)
    assert result.code == 2
    assert "it takes 10 at least" in result.err.replace("\n", " ")


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path, drawn: Examples) -> None:
    pytest.importorskip("sklearn", reason="needs the extra [train]")
    labels = write_labelled(tmp_path, drawn.take(np.arange(12)), "hair_length")
    result = run_command(
        "train", "--trait", "hair_length", "--images", tmp_path / "mine", "--labels", labels, "-o", tmp_path
    )
    assert result.code == 2
    assert "holds other files" in result.err


def test_without_its_libraries_training_names_the_line_that_installs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punkdetect.training.own.find_spec", lambda library: None)
    arguments = ("--images", tmp_path, "--labels", tmp_path / "x.csv", "-o", tmp_path / "models")
    result = run_command("train", "--trait", "hairstyle", *arguments)
    assert result.code == 3
    assert 'pip install "punkdetect[train]"' in result.err


def test_the_network_in_whole_numbers_answers_as_torch_did(drawn: Examples) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra [network]")
    from punkdetect.detectors._network_input import UNIT
    from punkdetect.training.network import Recipe, fit, logits_of
    from punkdetect.training.pools import as_input, make_pool

    traits = ("type", "hair_length")
    pool = make_pool(drawn, np.arange(60), rng(), 0.5)
    net = fit(pool, np.ones(60), Recipe(traits, steps=30))
    with torch.no_grad():
        seen = torch.from_numpy(as_input(drawn.rgba)).permute(0, 3, 1, 2).float() / UNIT
        exact = net(seen).numpy()
    whole = logits_of(net, drawn.rgba)
    assert whole.shape == (60, 6)
    assert np.abs(whole - exact).max() < 0.1 * np.abs(exact).max()
