"""Networks of whole numbers: the same answers in any batch, files that can only hold numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from punkdetect.detectors._network_input import CHANNELS
from punkdetect.detectors.learned import read_heads
from punkdetect.errors import EnvironmentUnusableError
from punkdetect.inference import read_model
from punkdetect.integer_network import (
    LARGEST,
    Ensemble,
    Layer,
    Network,
    parse_described,
    parse_networks,
    write_described,
    write_networks,
)
from punkdetect.punks import SIDE

SHIPPED = next(head for head in read_heads() if head.kind == "network")


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return parse_networks(read_model(SHIPPED.file, SHIPPED.sha256))


@pytest.fixture(scope="module")
def network(ensemble: Ensemble) -> Network:
    return ensemble.members[0]


def inputs(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-127, 128, (n, SIDE, SIDE, CHANNELS)).astype(np.int8)


def test_a_network_answers_the_same_in_any_batch(network: Network) -> None:
    many = inputs(70, 1)
    alone = np.concatenate([network.run(many[i : i + 1]) for i in range(70)])
    assert np.array_equal(network.run(many), alone)
    assert np.array_equal(network.run(many[::-1]), alone[::-1])


def test_a_network_answers_batches_larger_than_a_chunk_in_their_order(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = inputs(23, 2)
    whole = network.run(many)
    monkeypatch.setattr("punkdetect.integer_network.CHUNK", 5)
    assert np.array_equal(network.run(many), whole)


def test_an_empty_batch_has_no_answers(network: Network) -> None:
    assert network.run(inputs(0, 3)).shape == (0, len(network.layers[-1].bias))


def test_every_sum_is_exact(network: Network) -> None:
    """What float32 gives is what 64-bit whole numbers give: nothing was rounded on the way."""
    layer = network.layers[0]
    many = inputs(3, 4).astype(np.int64)
    squares = many.reshape(3, 12, 2, 12, 2, CHANNELS).transpose(0, 1, 3, 2, 4, 5).reshape(3, 12, 12, -1)
    sums = (squares @ layer.weights.astype(np.int64)).astype(np.float32)
    expected = np.rint(np.clip(sums * layer.scale + layer.bias, 0, LARGEST))
    first = Network([layer, whole(expected.shape[-1])])
    only_sum = first.run(many.astype(np.int8))
    assert np.array_equal(only_sum[:, 0], expected.sum(axis=(1, 2, 3)))


def whole(channels: int) -> Layer:
    """A last layer that adds everything up."""
    cells = 12 * 12 * channels
    return Layer(np.ones((cells, 1), np.int8), np.ones(1, np.float32), np.zeros(1, np.float32))


@pytest.mark.parametrize("padding", [0, 1])
def test_a_convolution_sees_each_window_once(padding: int) -> None:
    """Against the sum over a window by hand."""
    rng = np.random.default_rng(5)
    weights = rng.integers(-9, 10, (4 * 4 * 2, 3)).astype(np.int8)
    picture = rng.integers(-20, 20, (1, 10, 10, 2)).astype(np.int8)
    convolution = Layer(weights, np.ones(3, np.float32), np.zeros(3, np.float32), 4, 2, padding)
    side = (10 + 2 * padding - 4) // 2 + 1
    last = np.eye(side * side * 3, dtype=np.int8)
    ones = np.ones(len(last), np.float32)
    got = Network([convolution, Layer(last, ones, 0 * ones)]).run(picture).reshape(side, side, 3)
    wide = np.pad(picture[0].astype(int), ((padding, padding), (padding, padding), (0, 0)))
    for row in range(side):
        for col in range(side):
            window = wide[2 * row : 2 * row + 4, 2 * col : 2 * col + 4].reshape(-1)
            assert np.array_equal(got[row, col], np.clip(window @ weights.astype(int), 0, LARGEST))


def test_weights_whose_sums_might_be_rounded_are_refused() -> None:
    heavy = np.full((2000, 1), 127, np.int8)
    with pytest.raises(ValueError, match="too large to be exact"):
        Network([Layer(heavy, np.ones(1, np.float32), np.zeros(1, np.float32))])


def test_an_ensemble_answers_the_mean_of_its_members(ensemble: Ensemble) -> None:
    many = inputs(5, 7)
    each = np.mean([member.run(many).astype(np.float64) for member in ensemble.members], axis=0)
    assert len(ensemble.members) > 1
    assert np.allclose(ensemble.run(many), each, atol=1e-4)
    alone = np.concatenate([ensemble.run(many[i : i + 1]) for i in range(5)])
    assert np.array_equal(ensemble.run(many), alone)


def test_an_ensemble_survives_being_written(ensemble: Ensemble) -> None:
    again = parse_networks(write_networks([member.layers for member in ensemble.members]))
    assert np.array_equal(again.run(inputs(5, 6)), ensemble.run(inputs(5, 6)))


@pytest.mark.parametrize(
    "data",
    [b"", b"no network at all" * 10, (2).to_bytes(8, "little") + b"{}", write_networks([])[:-1] + b"x"],
    ids=["empty", "text", "no header", "broken header"],
)
def test_bytes_that_are_no_network_are_a_plain_error(data: bytes) -> None:
    with pytest.raises(EnvironmentUnusableError, match="cannot read the model"):
        parse_networks(data)


def test_a_file_that_ends_too_soon_is_a_plain_error(network: Network) -> None:
    with pytest.raises(EnvironmentUnusableError, match="cannot read the model"):
        parse_networks(write_networks([network.layers])[:-100])


def test_the_file_is_what_others_read_as_safetensors(network: Network) -> None:
    """Its format's rules: a length, a JSON header, tensors that follow each other without gaps."""
    data = write_networks([network.layers, network.layers])
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    assert all(isinstance(text, str) for text in header.pop("__metadata__").values())
    end = 0
    for tensor in header.values():
        assert tensor["data_offsets"][0] == end
        end = tensor["data_offsets"][1]
    assert 8 + length + end == len(data)


def described_file() -> bytes:
    """One layer that says how unusual the first of two numbers is, and the second."""
    layer = Layer(np.eye(2, dtype=np.int8), np.ones(2, np.float32), np.zeros(2, np.float32))
    return write_described([[layer]], ("width", "height"), np.array([10.0, 0.0]), np.array([2.0, 1.0]))


def test_named_numbers_are_told_by_how_unusual_they_are() -> None:
    model = parse_described(described_file())
    assert model.names == ("width", "height")
    values = np.array([[10.0, 0.0], [12.0, -1.0], [1e9, -1e9]])
    assert model.logits(values).tolist() == [[0, 0], [32, -32], [LARGEST, -LARGEST]]
    assert model.logits(values[1:2]).tolist() == [[32, -32]]


def test_a_network_of_pictures_is_no_model_of_named_numbers() -> None:
    with pytest.raises(EnvironmentUnusableError, match="cannot read the model"):
        parse_described(write_networks([]))
