"""Model files: opened only when they are what was shipped, and the same answers in any batch."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from punkdetect.detectors.learned import MODELS, read_heads
from punkdetect.errors import EnvironmentUnusableError
from punkdetect.inference import (
    Regression,
    parse_regression,
    read_model,
    softmax,
    write_regression,
)

NETWORK = next(head for head in read_heads() if head.kind == "network")


@pytest.fixture
def regression() -> Regression:
    rng = np.random.default_rng(0)
    table = np.sort(rng.normal(0, 3, (4, 21)), axis=1)
    return Regression(("a", "b", "c", "d"), table, rng.normal(0, 1, (4, 3)), rng.normal(0, 1, 3))


def test_a_changed_model_file_is_refused_before_anything_reads_it(tmp_path: Path) -> None:
    data = bytearray(NETWORK.file.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = tmp_path / "network.safetensors"
    damaged.write_bytes(data)
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from punkdetect.errors import EnvironmentUnusableError\n"
        "from punkdetect.inference import read_model\n"
        "from punkdetect.integer_network import parse_networks\n"
        "try:\n    parse_networks(read_model(Path(sys.argv[1]), sys.argv[2]))\n"
        "except EnvironmentUnusableError as error:\n    print(error.message)\n"
    )
    command = [sys.executable, "-c", script, str(damaged), NETWORK.sha256]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said == f"{damaged}: model file damaged: sha256 differs; install punkdetect again\n"


@pytest.mark.parametrize(
    "content", [b"", b"garbage", NETWORK.file.read_bytes()[:-1], pickle.dumps(print)],
    ids=["empty", "garbage", "cut", "pickle"],
)  # fmt: skip
def test_a_file_that_is_not_the_model_is_told_by_its_digest(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "network.safetensors"
    path.write_bytes(content)
    with pytest.raises(EnvironmentUnusableError, match="model file damaged: sha256 differs") as caught:
        read_model(path, NETWORK.sha256)
    assert caught.value.exit_code == 3


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnusableError, match=r"gone\.safetensors: cannot read this model file"):
        read_model(tmp_path / "gone.safetensors", "0" * 64)


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
    assert {f.suffix for f in files} == {".json", ".safetensors"}
    assert sum(f.stat().st_size for f in files) < 3 * 1024 * 1024
