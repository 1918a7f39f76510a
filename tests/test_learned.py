"""Learned detectors: what the index names is there, answers like any other, and is run once for a batch."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from punkdetect.detectors import _combined, learned, load_registry
from punkdetect.detectors._hair_features import hair_features
from punkdetect.detectors._network_input import network_input
from punkdetect.detectors._portrait_features import portrait_features
from punkdetect.detectors.learned import DETECTORS, MODELS, Learned, read_heads
from punkdetect.errors import EnvironmentUnusableError
from punkdetect.integer_network import Ensemble
from punkdetect.labels import read_labels
from punkdetect.landmarks import Landmarks
from punkdetect.metrics import score
from punkdetect.model_cards import read_model_card
from punkdetect.punks import FloatArray, Punks, TraitColumn, make_column
from punkdetect.synth import draw
from punkdetect.vocabulary import TRAITS

ALL = pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)


@pytest.fixture(scope="module")
def punks() -> Punks:
    return Punks(draw(40, seed=3).rgba)


def test_there_are_learned_detectors_for_the_traits_of_shape_and_texture() -> None:
    assert {"hairstyle", "headwear", "facial_hair", "hair_length", "neckwear"} <= {d.trait for d in DETECTORS}


@ALL
def test_its_card_belongs_to_it(detector: Learned) -> None:
    card = read_model_card(detector.model_card)
    assert (card.detector, card.version, card.model_sha256) == (
        detector.name,
        str(detector.version),
        detector.model_digest,
    )
    assert card.fitted_to
    assert set(card.answers) == {detector.trait}
    assert {a.value for a in card.answers[detector.trait].values()} <= set(detector.vocabulary)


@ALL
def test_it_answers_the_same_in_any_batch(detector: Learned, punks: Punks) -> None:
    whole = detector.detect(punks, Landmarks(punks))
    for i in range(0, len(punks), 7):
        one = punks[i : i + 1]
        alone = detector.detect(one, Landmarks(one))
        assert alone.codes[0] == whole.codes[i]
        assert alone.confidence[0] == whole.confidence[i]


@ALL
def test_it_answers_any_pixels(detector: Learned) -> None:
    rng = np.random.default_rng(0)
    odd = np.stack(
        [
            np.zeros((24, 24, 4), np.uint8),
            np.full((24, 24, 4), 255, np.uint8),
            rng.integers(0, 256, (24, 24, 4), np.uint8),
        ]
    )
    punks = Punks(odd)
    assert len(detector.detect(punks, Landmarks(punks))) == 3


def test_the_networks_run_once_for_all_its_traits(punks: Punks, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    really: Callable[..., Any] = Ensemble.run

    def counted(self: Ensemble, inputs: Any) -> Any:
        runs.append(len(inputs))
        return really(self, inputs)

    monkeypatch.setattr(Ensemble, "run", counted)
    landmarks = Landmarks(punks)
    for detector in DETECTORS:
        if detector.head.kind == "network":
            detector.detect(punks, landmarks)
    assert runs == [len(punks)]


def test_answers_go_when_their_landmarks_do(punks: Punks) -> None:
    network = next(d for d in DETECTORS if d.head.kind == "network")
    landmarks = Landmarks(punks)
    network.detect(punks, landmarks)
    gc.collect()
    before = len(learned._known)
    del landmarks
    gc.collect()
    assert len(learned._known) < before


def test_where_there_is_no_face_nothing_is_answered() -> None:
    empty = Punks(np.full((2, 24, 24, 4), 200, np.uint8))
    for detector in DETECTORS:
        column = detector.detect(empty, Landmarks(empty))
        assert (column.codes == -1).all()
        assert (column.confidence == 0).all()


def test_what_the_network_sees_does_not_depend_on_the_background(punks: Punks) -> None:
    landmarks = Landmarks(punks)
    seen = network_input(punks, landmarks)
    figure = seen[..., -1:] > 0
    assert (np.where(figure, 0, seen) == 0).all()
    clear = punks.rgba.copy()
    clear[landmarks.background.mask] = 0
    cut = Punks(clear)
    same = (Landmarks(cut).background.mask == landmarks.background.mask).all(axis=(1, 2))
    again = network_input(cut, Landmarks(cut))
    assert same.sum() >= 30
    # skin and hair may be found a pixel elsewhere; the colours of the figure may not change
    assert np.array_equal(again[same][..., :3], seen[same][..., :3])


@pytest.mark.parametrize("describe", [hair_features, portrait_features])
def test_features_are_finite_and_have_names(describe: Callable[..., Any], punks: Punks) -> None:
    names, values = describe(punks, Landmarks(punks))
    assert values.shape == (len(punks), len(names))
    assert len(set(names)) == len(names)
    assert np.isfinite(values).all()


@pytest.mark.parametrize("text", ["", "{}", '[{"trait": "headwear"}]', '[{"trait": "mood", "method": "x", '
    '"kind": "hair", "file": "f", "sha256": "0", "first": 0, "temperature": 1}]'])  # fmt: skip
def test_a_damaged_index_is_a_plain_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text(text)
    with pytest.raises(EnvironmentUnusableError, match="list of models damaged"):
        read_heads(tmp_path)


def test_a_model_fitted_to_other_features_is_refused(punks: Punks, tmp_path: Path) -> None:
    head = next(h for h in read_heads() if h.kind == "hair")
    document = json.loads(head.file.read_bytes())
    document["features"].pop()
    data = json.dumps(document).encode()
    import hashlib

    other = tmp_path / "other.json"
    other.write_bytes(data)
    detector = Learned(head.replace(file=other, sha256=hashlib.sha256(data).hexdigest()))
    with pytest.raises(EnvironmentUnusableError, match="fitted to other features"):
        detector.detect(punks, Landmarks(punks))


def test_a_persons_own_models_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    entries = json.loads((MODELS / "index.json").read_bytes())
    mine = [{**e, "method": "mine"} for e in entries if e["kind"] == "hair"]
    (tmp_path / "index.json").write_text(json.dumps(mine))
    script = "from punkdetect.detectors.learned import DETECTORS\nprint([d.name for d in DETECTORS])"
    said = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PUNKDETECT_MODELS": str(tmp_path)},
    ).stdout
    assert "hairstyle.features" in said
    assert "hairstyle.mine" in said


@pytest.mark.parametrize(("there", "why"), [
    ([], "there is no such folder"), (["models"], "it has no index.json")
])  # fmt: skip
def test_a_wrong_folder_of_own_models_is_no_fault_of_the_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: list[str], why: str
) -> None:
    for folder in there:
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("PUNKDETECT_MODELS", str(tmp_path / "models"))
    with pytest.raises(EnvironmentUnusableError, match=f"{why}; PUNKDETECT_MODELS must name") as error:
        learned._all_heads()
    assert "install" not in error.value.message


COMBINED = [d for d in load_registry().detectors.values() if isinstance(d, _combined.RuleAndNetwork)]
ANSWERING = [d for d in DETECTORS if d.trait not in {both.trait for both in COMBINED}]
"""Learned detectors that answer without a rule beside them."""


@pytest.mark.parametrize("detector", [*ANSWERING, *COMBINED], ids=lambda d: d.name)
def test_what_the_card_says_beats_the_best_constant_answer(
    detector: Learned | _combined.RuleAndNetwork, repository: Path
) -> None:
    card = read_model_card(detector.model_card)
    digest_of = {f.image: digest for digest, f in card.fitted_to.items()}
    rows = read_labels(repository / "data" / "validation_labels.csv").rows
    out_of_fold = card.answers[detector.trait]
    said = [
        (row.image, row.accepted[detector.trait], out_of_fold[digest_of[row.image]].value)
        for row in rows
        if row.image in digest_of and detector.trait in row.accepted and digest_of[row.image] in out_of_fold
    ]
    result = score(said)
    assert result.n >= 100
    assert result.accuracy > result.constant_accuracy


# ---- rule and network together

VALUES = len(TRAITS["headwear"])


def said(codes: list[int], confidence: list[float]) -> TraitColumn:
    """What a rule says of headwear; its evidence is the first row of pixels."""
    evidence = np.zeros((len(codes), 24, 24), np.bool_)
    evidence[:, 0] = True
    return make_column("headwear", np.array(codes), np.array(confidence), evidence)


def chances(likely: list[dict[int, float]]) -> FloatArray:
    """A network's chances: those given, and the rest for all other values alike."""
    rows = [
        [given.get(k, (1 - sum(given.values())) / (VALUES - len(given))) for k in range(VALUES)]
        for given in likely
    ]
    return np.array(rows)


def joined(by_rule: TraitColumn, network: FloatArray, weight: float = 1.0, seen: bool = True) -> TraitColumn:
    """Both together; the network's evidence is the sixth row of pixels."""
    evidence = np.zeros((len(network), 24, 24), np.bool_)
    evidence[:, 5] = True
    both = _combined.Weight(weight, weight)
    return _combined.combine(by_rule, network, np.full(len(network), seen), evidence.__getitem__, both)


def test_the_surer_of_two_witnesses_is_believed() -> None:
    both = joined(said([1, 1, 1], [0.7, 0.9, 0.9]), chances([{2: 0.9}, {2: 0.6, 1: 0.2}, {1: 0.9}]))
    assert both.codes.tolist() == [2, 1, 1]
    assert both.confidence[2] > 0.99  # they agree
    assert both.confidence[1] < 0.98  # they do not


def test_the_rule_shows_where_a_thing_is_and_the_network_only_what_the_rule_did_not_find() -> None:
    both = joined(
        said([1, 1, 0, 1], [0.7, 0.9, 0.6, 0.6]), chances([{2: 0.9}, {1: 0.9}, {2: 0.99}, {0: 0.99}])
    )
    assert both.codes.tolist() == [2, 1, 2, 0]
    assert both.evidence[:, 0].all(axis=1).tolist() == [True, True, False, False]
    assert both.evidence[:, 5].all(axis=1).tolist() == [False, False, True, True]


def test_a_weight_makes_the_network_count_more_or_less() -> None:
    rule, network = said([1], [0.95]), chances([{2: 0.9}])
    found = [int(joined(rule, network, weight).codes[0]) for weight in (0.0, 0.5, 1.5)]
    assert found == [1, 1, 2]


def test_where_the_rule_found_nothing_the_network_may_weigh_more() -> None:
    evidence, seen = np.zeros((2, 24, 24), np.bool_), np.ones(2, np.bool_)
    both = _combined.combine(
        said([0, 1], [0.9, 0.9]),
        chances([{2: 0.8}, {2: 0.8}]),
        seen,
        evidence.__getitem__,
        _combined.Weight(found=0.2, none=2.0),
    )
    assert both.codes.tolist() == [2, 1]


def weighed(found: float = 1.0, agreed: float = 1.1, **named: float) -> _combined.Weighed:
    """How much the rule says beside the model of its signs; the two of them are always asked."""
    return _combined.Weighed("headwear.signs", found, 1.0, agreed, named)


def test_a_model_of_the_rules_signs_speaks_in_its_place_and_the_rule_shows_the_thing() -> None:
    evidence, seen = np.zeros((3, 24, 24), np.bool_), np.array([True, True, False])
    rule, network = said([1, 1, 1], [0.99, 0.99, 0.99]), chances([{2: 0.6}, {1: 0.9}, {2: 0.9}])
    by_signs = chances([{2: 0.6}, {1: 0.9}, {2: 0.9}])
    both = _combined.combine(
        rule, network, seen, evidence.__getitem__, _combined.Weight(1, 1), by_signs, weighed()
    )
    assert both.codes.tolist() == [2, 1, 1]  # without a face only the rule has a say
    assert np.array_equal(both.evidence[0], rule.evidence[0])


@pytest.mark.parametrize("trait", ["headwear", "earrings", "eyewear", "mouth_item"])
def test_a_trait_ships_with_the_model_that_weighs_its_signs(trait: str) -> None:
    joined = load_registry().detectors[f"{trait}.rule_and_network"]
    assert isinstance(joined, _combined.RuleAndNetwork)
    assert joined.signs is not None
    assert joined.signs.name == f"{trait}.signs"
    assert joined.weighed is not None
    assert max([joined.weighed.found, *joined.weighed.named.values()]) > 1
    assert set(joined.weighed.named) <= set(joined.vocabulary)


def test_what_rule_and_network_surely_agree_on_is_asked_of_no_other_model() -> None:
    rule = said([1, 1, 1, -1], [0.9, 0.9, 0.8, 0.0])
    network = chances([{1: 0.85}, {1: 0.75}, {1: 0.85}, {0: 0.99}])
    assert _combined.in_doubt(rule, network, 0.8).tolist() == [False, True, True, True]
    evidence, seen, by_signs = (
        np.zeros((4, 24, 24), np.bool_),
        np.ones(4, np.bool_),
        chances([{2: 1 - 1e-9}] * 4),
    )
    weight = _combined.Weight(1, 1)
    both = _combined.combine(rule, network, seen, evidence.__getitem__, weight, by_signs, weighed(agreed=0.8))
    assert both.codes.tolist() == [1, 2, 2, 2]


def test_the_model_of_the_signs_sees_only_the_portraits_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    punks = Punks(draw(60, 72).rgba)
    joined = load_registry().detectors["eyewear.rule_and_network"]
    assert isinstance(joined, _combined.RuleAndNetwork)
    assert joined.signs is not None
    assert joined.weighed is not None
    asked, answer = [], joined.signs.chances

    def spy(some: Punks, part: Landmarks) -> FloatArray:
        asked.append(len(some))
        return answer(some, part)

    monkeypatch.setattr(joined.signs, "chances", spy)
    landmarks = Landmarks(punks)
    joined.detect(punks, landmarks)
    chances = joined.network.chances(punks, landmarks)
    doubt = _combined.in_doubt(joined.rule.detect(punks, landmarks), chances, joined.weighed.agreed)
    assert asked == [(doubt & landmarks.face.found).sum()]
    assert 0 < asked[0] < 60


def test_the_rule_makes_its_value_likelier_beside_such_a_model_where_it_found_something() -> None:
    evidence, seen = np.zeros((2, 24, 24), np.bool_), np.ones(2, np.bool_)
    network, by_signs = chances([{}, {}]), chances([{2: 0.5, 1: 0.2}, {2: 0.5, 0: 0.2}])
    rule, weight = said([1, 0], [0.9, 0.9]), _combined.Weight(1, 1)
    likelier = _combined.combine(
        rule, network, seen, evidence.__getitem__, weight, by_signs, weighed(found=3.0)
    )
    assert likelier.codes.tolist() == [1, 2]
    as_it_is = _combined.combine(rule, network, seen, evidence.__getitem__, weight, by_signs, weighed())
    assert as_it_is.codes.tolist() == [2, 2]


def test_a_single_value_of_the_rule_may_be_made_more_or_less_likely_than_its_others() -> None:
    evidence, seen = np.zeros((2, 24, 24), np.bool_), np.ones(2, np.bool_)
    network, by_signs = chances([{}, {}]), chances([{3: 0.5, 1: 0.2}, {3: 0.5, 2: 0.2}])
    rule, weight = said([1, 2], [0.9, 0.9]), _combined.Weight(1, 1)
    second = {rule.vocabulary[2]: 4.0}
    both = _combined.combine(rule, network, seen, evidence.__getitem__, weight, by_signs, weighed(**second))
    assert both.codes.tolist() == [3, 2]


def test_what_neither_is_sure_of_may_be_a_third_value() -> None:
    both = joined(said([1], [0.5]), chances([{3: 0.55, 1: 0.001}]))
    assert both.codes.tolist() == [3]


def test_no_certainty_of_the_network_rules_a_value_out() -> None:
    certain = np.zeros((1, VALUES))
    certain[0, 2] = 1.0
    both = joined(said([1], [0.99]), certain, 0.25)
    assert both.codes.tolist() == [1]


def test_what_only_one_finds_is_found() -> None:
    network = chances([{4: 0.9}, {4: 0.9}])
    assert joined(said([-1, 3], [0.0, 0.8]), network, seen=False).codes.tolist() == [-1, 3]
    assert joined(said([-1, -1], [0.0, 0.0]), network).codes.tolist() == [4, 4]


def test_every_rule_that_is_named_is_joined_with_its_network() -> None:
    assert {d.rule.name for d in COMBINED} == set(_combined.WEIGHTS)


@pytest.mark.parametrize("detector", COMBINED, ids=lambda d: d.name)
def test_the_card_of_a_combined_detector_belongs_to_it(detector: _combined.RuleAndNetwork) -> None:
    card = read_model_card(detector.model_card)
    mine = (detector.name, str(detector.version), detector.model_digest)
    assert (card.detector, card.version, card.model_sha256) == mine, "run scripts/renew_models.py --cards"
    assert card.notes["weight"] == detector.weight.as_dict(), "run scripts/renew_models.py --cards"


@pytest.mark.parametrize("detector", COMBINED, ids=lambda d: d.name)
def test_a_combined_detector_answers_the_same_in_any_batch(
    detector: _combined.RuleAndNetwork, punks: Punks
) -> None:
    whole = detector.detect(punks, Landmarks(punks))
    for i in range(0, len(punks), 9):
        one = punks[i : i + 1]
        alone = detector.detect(one, Landmarks(one))
        assert (alone.codes[0], alone.confidence[0]) == (whole.codes[i], whole.confidence[i])
