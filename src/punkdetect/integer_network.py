"""Runs small networks of whole numbers, on pictures or on named numbers, and reads and writes their files.

Weights and activations are whole numbers of seven bits, so that every sum of products is exact in float32
however a matrix library orders it: the answers are the same for any batch, machine and number of threads. And
a matrix product takes a third of the time of OpenCV's `dnn` at this size. Knows bytes and arrays; must not
know what a trait is.

The file is in the safetensors format (https://github.com/huggingface/safetensors): eight bytes of length, a
header in JSON, plain numbers. Nothing of it can be run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from punkdetect.errors import EnvironmentUnusableError
from punkdetect.punks import FloatArray
from punkdetect.records import Record

CHUNK = 48
"""Portraits that pass through at once: their columns stay in the cache of one core. From 48 to 96 it makes no
difference, 32 take a tenth longer."""

LONG_CHUNK = 256
"""The same where no window is looked through: the weights are most of what is read then, and are read once
for each chunk."""

LARGEST = 127
"""Largest activation; the smallest is 0. Weights lie within this on both sides of 0."""

EXACT = 1 << 24
"""Whole numbers below this are exact in float32, and so is every sum that stays below it."""

FORMAT = "punkdetect/network/3"

STEPS = 32.0
"""Whole numbers from the middle of a named number's spread to its standard deviation."""

FEATURES = "features"
"""Where a file keeps the names of its inputs, with the middle and the spread of each."""

_DTYPES: dict[str, np.dtype[Any]] = {"I8": np.dtype("<i1"), "F32": np.dtype("<f4")}


class Layer(Record):
    """A convolution, or a matrix over everything; then `rint(clip(sums * scale + bias, 0, LARGEST))`.

    Parameters
    ----------
    weights : ndarray of int8, shape (size * size * C, O)
        Rows ordered by row of the window, column, channel.
    scale, bias : ndarray of float32, shape (O,)
    size, stride, padding : int
        Of the convolution's window; size 0: over everything, flattened.
    """

    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    size: int = 0
    stride: int = 1
    padding: int = 0


class Network:
    """Layers in order; the last one's answers are not clipped or rounded.

    Parameters
    ----------
    layers : sequence of Layer

    Raises
    ------
    ValueError
        If a sum might be too large to be exact.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self._matrices = [layer.weights.astype(np.float32) for layer in layers]
        self._repeated: dict[tuple[int, int], tuple[NDArray[np.float32], NDArray[np.float32]]] = {}
        for i, matrix in enumerate(self._matrices):
            if np.abs(matrix).sum(axis=0).max() * (LARGEST + 1) >= EXACT:
                raise ValueError(f"sums of layer {i} may be too large to be exact")

    def run(self, inputs: NDArray[np.int8]) -> NDArray[np.float32]:
        """Return the network's answers.

        Parameters
        ----------
        inputs : ndarray of int8, shape (N, H, W, C)

        Returns
        -------
        ndarray of float32, shape (N, K)
            Each row is the same whatever the other rows are.
        """
        return Ensemble([self]).run(inputs)

    def answer(self, columns: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the answers, shape (N, K), to what `_columns` says of the first layer's inputs."""
        last = len(self.layers) - 1
        for i, matrix in enumerate(self._matrices):
            n, rows, cols, _ = columns.shape
            values = (columns.reshape(-1, len(matrix)) @ matrix).reshape(n, -1)
            scale, bias = self._at_each_place(i, rows * cols)
            values *= scale
            values += bias
            if i < last:
                np.clip(values, 0, LARGEST, out=values)
                following = self.layers[i + 1]
                wider, inside = _with_edge(values.reshape(n, rows, cols, -1), following.padding)
                np.rint(values.reshape(inside.shape), out=inside)
                columns = _columns(wider, following)
        return values

    def _at_each_place(self, i: int, places: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return a layer's scale and bias, repeated for each of its windows.

        A row for all of a portrait is multiplied three times as fast as a short row for each window.
        """
        if (i, places) not in self._repeated:
            layer = self.layers[i]
            self._repeated[i, places] = np.tile(layer.scale, places), np.tile(layer.bias, places)
        return self._repeated[i, places]


class Ensemble:
    """Several networks that answer the same; their answers' mean is given.

    Networks that were fitted to different portraits err on different ones, so that the mean is right more
    often than each.

    Parameters
    ----------
    members : sequence of Network
        Their first layers look through windows of one size.
    """

    def __init__(self, members: Sequence[Network]) -> None:
        self.members = tuple(members)

    def run(self, inputs: NDArray[np.int8]) -> NDArray[np.float32]:
        """Return the mean of the members' answers, shape (N, K), as `Network.run` does."""
        first = self.members[0].layers[0]
        out = np.empty((len(inputs), len(self.members[0].layers[-1].bias)), np.float32)
        many = CHUNK if first.size else LONG_CHUNK
        for start in range(0, len(inputs), many):
            chunk = inputs[start : start + many]
            wider, inside = _with_edge(chunk, first.padding)
            inside[...] = chunk
            columns = _columns(wider, first)  # all members look at the same
            answer = self.members[0].answer(columns)
            for member in self.members[1:]:
                answer += member.answer(columns)
            out[start : start + many] = answer
        out /= np.float32(len(self.members))
        return out


class DescribedEnsemble:
    """An ensemble whose inputs are named numbers: ones that describe something, as far as they are unusual.

    Parameters
    ----------
    names : tuple of str, length F
    middle, spread : ndarray of float64, shape (F,)
        Mean and standard deviation of each number where the networks were fitted.
    ensemble : Ensemble
    """

    def __init__(
        self, names: tuple[str, ...], middle: FloatArray, spread: FloatArray, ensemble: Ensemble
    ) -> None:
        self.names, self.middle, self.spread, self.ensemble = names, middle, spread, ensemble

    def logits(self, values: FloatArray) -> FloatArray:
        """Return the answers, shape (N, K), to numbers of shape (N, F); each row by itself."""
        return self.ensemble.run(to_whole(values, self.middle, self.spread)).astype(np.float64)


def to_whole(values: FloatArray, middle: FloatArray, spread: FloatArray) -> NDArray[np.int8]:
    """Return how unusual numbers are, in whole steps: (N, F) to (N, 1, 1, F)."""
    whole = np.empty(values.shape, np.int8)
    for start in range(0, len(values), CHUNK):  # what is worked on stays in the cache
        some = slice(start, start + CHUNK)
        steps = values[some] - middle
        steps /= spread
        steps *= STEPS
        np.rint(steps, out=steps)
        whole[some] = np.clip(steps, -LARGEST, LARGEST, out=steps)
    return whole[:, None, None]


def _with_edge(values: NDArray[Any], edge: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return room for values, shape (N, H, W, C), with an edge of zeros; and the part of it inside."""
    n, height, width, channels = values.shape
    if not edge:
        room = np.empty_like(values)
        return room, room
    room = np.zeros((n, height + 2 * edge, width + 2 * edge, channels), values.dtype)
    return room, room[:, edge:-edge, edge:-edge]


def _columns(values: NDArray[Any], layer: Layer) -> NDArray[np.float32]:
    """Return each window of a layer as one row: shape (N, rows, cols, size * size * C).

    The edge that the layer asks for is part of the values.
    """
    n, height, width, channels = values.shape
    if not layer.size:
        return values.reshape(n, 1, 1, -1).astype(np.float32, copy=False)
    size, stride = layer.size, layer.stride
    rows, cols = ((side - size) // stride + 1 for side in (height, width))
    step = values.strides
    windows = as_strided(
        values,
        (n, rows, cols, size, size, channels),
        (step[0], step[1] * stride, step[2] * stride, *step[1:]),
        writeable=False,
    )
    return windows.astype(np.float32, order="C").reshape(n, rows, cols, -1)


def write_networks(members: Sequence[Sequence[Layer]], more: Mapping[str, str] | None = None) -> bytes:
    """Return the layers of an ensemble's networks as the bytes of a safetensors file, with more metadata."""
    shapes = [[[layer.size, layer.stride, layer.padding] for layer in layers] for layers in members]
    header: dict[str, Any] = {
        "__metadata__": {
            "format": FORMAT,
            "layers": json.dumps(shapes),
            **(more or {}),
        }
    }
    parts: list[bytes] = []
    start = 0
    numbered = ((f"{m}.{i}", layer) for m, layers in enumerate(members) for i, layer in enumerate(layers))
    for place, layer in numbered:
        for name, dtype, tensor in (
            ("weights", "I8", layer.weights),
            ("scale", "F32", layer.scale),
            ("bias", "F32", layer.bias),
        ):
            part = np.ascontiguousarray(tensor, _DTYPES[dtype]).tobytes()
            offsets = [start, start + len(part)]
            header[f"{place}.{name}"] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": offsets}
            parts.append(part)
            start += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # tensors start at a multiple of eight bytes
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def write_described(
    members: Sequence[Sequence[Layer]], names: Sequence[str], middle: FloatArray, spread: FloatArray
) -> bytes:
    """Return an ensemble of named numbers as the bytes of a safetensors file."""
    features = list(zip(names, middle.tolist(), spread.tolist(), strict=True))
    return write_networks(members, {FEATURES: json.dumps(features)})


def parse_described(data: bytes) -> DescribedEnsemble:
    """Read an ensemble from the bytes of `write_described`, after their digest was checked.

    Raises
    ------
    EnvironmentUnusableError
        If they are no such file.
    """
    ensemble = parse_networks(data)
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        names, middle, spread = zip(*json.loads(header["__metadata__"][FEATURES]), strict=True)
        return DescribedEnsemble(names, np.array(middle, np.float64), np.array(spread, np.float64), ensemble)
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(error) from None


def _unreadable(error: Exception) -> EnvironmentUnusableError:
    return EnvironmentUnusableError(
        f"cannot read the model: {error or type(error).__name__}; install punkdetect again"
    )


def parse_networks(data: bytes) -> Ensemble:
    """Read an ensemble from the bytes of `write_networks`, after their digest was checked.

    Raises
    ------
    EnvironmentUnusableError
        If they are no such file.
    """
    try:
        end = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:end])
        if header["__metadata__"]["format"] != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")

        def tensor(name: str) -> NDArray[Any]:
            place = header[name]
            first, last = place["data_offsets"]
            flat = np.frombuffer(data[end + first : end + last], dtype=_DTYPES[str(place["dtype"])])
            return flat.reshape(place["shape"])

        def layer(place: str, shape: Sequence[int]) -> Layer:
            return Layer(
                tensor(f"{place}.weights"),
                tensor(f"{place}.scale"),
                tensor(f"{place}.bias"),
                *map(int, shape),
            )

        members = json.loads(header["__metadata__"]["layers"])
        return Ensemble(
            [
                Network([layer(f"{m}.{i}", shape) for i, shape in enumerate(shapes)])
                for m, shapes in enumerate(members)
            ]
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(error) from None
