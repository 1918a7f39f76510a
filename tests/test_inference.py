"""Model files: opened only when they are what was shipped, and the same answers in any batch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from punkdetect.detectors._network_input import CHANNELS
from punkdetect.detectors.learned import MODELS, read_heads
from punkdetect.errors import EnvironmentUnusableError
from punkdetect.inference import (
    Network,
    Regression,
    parse_regression,
    read_model,
    softmax,
    write_regression,
)

NETWORK = next(head for head in read_heads() if head.kind == "network")


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(read_model(NETWORK.file, NETWORK.sha256))


@pytest.fixture
def regression() -> Regression:
    rng = np.random.default_rng(0)
    table = np.sort(rng.normal(0, 3, (4, 21)), axis=1)
    return Regression(("a", "b", "c", "d"), table, rng.normal(0, 1, (4, 3)), rng.normal(0, 1, 3))


def test_a_changed_model_file_is_refused_before_opencv_is_even_imported(tmp_path: Path) -> None:
    data = bytearray(NETWORK.file.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = tmp_path / "network.onnx"
    damaged.write_bytes(data)
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from punkdetect.errors import EnvironmentUnusableError\n"
        "from punkdetect.inference import Network, read_model\n"
        "try:\n    Network(read_model(Path(sys.argv[1]), sys.argv[2]))\n"
        "except EnvironmentUnusableError as error:\n    print(error.message, 'cv2' in sys.modules)\n"
    )
    command = [sys.executable, "-c", script, str(damaged), NETWORK.sha256]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said == f"{damaged}: model file damaged: sha256 differs; install punkdetect again False\n"


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnusableError, match=r"gone\.onnx: cannot read this model file"):
        read_model(tmp_path / "gone.onnx", "0" * 64)


def test_bytes_that_are_no_network_are_a_plain_error() -> None:
    with pytest.raises(EnvironmentUnusableError, match="cannot read the model"):
        Network(b"no network at all" * 10)


def test_a_network_answers_the_same_in_any_batch(network: Network) -> None:
    inputs = np.random.default_rng(1).uniform(-1, 1, (70, CHANNELS, 24, 24)).astype(np.float32)
    together = network.run(inputs)
    alone = np.concatenate([network.run(inputs[i : i + 1]) for i in range(70)])
    assert np.array_equal(together, alone)


def test_a_network_answers_batches_larger_than_a_chunk_in_their_order(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = np.random.default_rng(2).uniform(-1, 1, (23, CHANNELS, 24, 24)).astype(np.float32)
    whole = network.run(inputs)
    monkeypatch.setattr("punkdetect.inference.CHUNK", 5)
    assert np.array_equal(network.run(inputs), whole)


def test_an_empty_batch_has_no_answers(network: Network) -> None:
    assert len(network.run(np.zeros((0, CHANNELS, 24, 24), np.float32))) == 0


def test_a_regression_survives_being_written(regression: Regression) -> None:
    values = np.random.default_rng(3).normal(0, 3, (50, 4))
    again = parse_regression(write_regression(regression))
    assert again.names == regression.names
    assert np.allclose(again.logits(values), regression.logits(values), atol=1e-4)


def test_a_regression_answers_the_same_in_any_batch(regression: Regression) -> None:
    values = np.random.default_rng(4).normal(0, 3, (90, 4))
    alone = np.concatenate([regression.logits(values[i : i + 1]) for i in range(90)])
    assert np.array_equal(regression.logits(values), alone)


def test_ranks_grow_with_the_number_and_stay_between_0_and_1(regression: Regression) -> None:
    values = np.linspace(-100, 100, 301)[:, None].repeat(4, axis=1)
    ranks = regression.ranks(values)
    assert (np.diff(ranks, axis=0) >= 0).all()
    assert (ranks[0] == 0).all()
    assert (ranks[-1] == 1).all()


def test_a_number_that_most_portraits_share_gets_the_middle_of_its_ranks() -> None:
    table = np.array([[0.0] * 11 + list(range(1, 11))])
    model = Regression(("dots",), table, np.zeros((1, 2)), np.zeros(2))
    assert model.ranks(np.array([[0.0]]))[0, 0] == pytest.approx(0.25)


def test_a_higher_temperature_is_less_sure_of_the_same_answer() -> None:
    logits = np.random.default_rng(5).normal(0, 2, (40, 6))
    plain, cautious = softmax(logits), softmax(logits, 3.0)
    assert np.allclose(plain.sum(axis=1), 1)
    assert np.array_equal(plain.argmax(axis=1), cautious.argmax(axis=1))
    assert (cautious.max(axis=1) < plain.max(axis=1)).all()


def test_everything_that_ships_is_small_and_no_pickle() -> None:
    files = sorted(MODELS.iterdir())
    assert {f.suffix for f in files} == {".json", ".onnx"}
    assert sum(f.stat().st_size for f in files) < 3 * 1024 * 1024
