"""Turns a fitted network into whole numbers: normalisation folded in, weights and activations of 7 bits.

Needs torch's module to read, nothing to write. Knows layers; must not know traits or portraits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.integer_network import LARGEST, Layer

Array = NDArray[np.float32]

TOP = 6.0
"""Where the rectifier (ReLU6) cuts: the activation that becomes `LARGEST`."""


def to_layers(net: Any, unit: float, side: int) -> list[Layer]:
    """Return a network's layers in whole numbers.

    Parameters
    ----------
    net : torch module
        Of convolutions, each with its batch normalisation and ReLU6, a flattening, and linear layers with a
        ReLU6 between them, in evaluation mode.
    unit : float
        Whole number that the first layer's inputs have in place of 1.
    side : int
        Height and width of what the flattening flattens; 1 where nothing is flattened.
    """
    layers = list(net)
    out: list[Layer] = []
    step = 1 / unit  # what a whole number of the layer's input stands for
    for i, layer in enumerate(layers):
        kind = type(layer).__name__
        if kind == "Conv2d":
            weight, bias = _folded(layer, layers[i + 1])
            matrix = weight.transpose(2, 3, 1, 0).reshape(-1, len(weight))
            whole, scale = _whole(matrix)
            up = np.float32(LARGEST / TOP)
            shape = layer.kernel_size[0], layer.stride[0], layer.padding[0]
            out.append(Layer(whole, scale * np.float32(step) * up, bias * up, *shape))
            step = TOP / LARGEST
        elif kind == "Linear":
            weight, bias = _numbers(layer.weight), _numbers(layer.bias)
            # torch flattens channels first, the whole-numbered network channels last
            matrix = (
                weight.reshape(len(weight), -1, side, side).transpose(2, 3, 1, 0).reshape(-1, len(weight))
            )
            whole, scale = _whole(matrix)
            if type(layers[min(i + 1, len(layers) - 1)]).__name__ == "ReLU6":
                up = np.float32(LARGEST / TOP)
                out.append(Layer(whole, scale * np.float32(step) * up, bias * up))
                step = TOP / LARGEST
            else:
                out.append(Layer(whole, scale * np.float32(step), bias))
        elif kind not in ("BatchNorm2d", "ReLU6", "Flatten", "Dropout"):
            raise ValueError(f"no whole numbers for a layer of kind {kind}")
    return out


def _whole(matrix: Array) -> tuple[NDArray[np.int8], Array]:
    """Return weights as whole numbers, and what 1 of each column stands for."""
    scale = np.maximum(np.abs(matrix).max(axis=0) / LARGEST, 1e-12).astype(np.float32)
    return np.rint(matrix / scale).astype(np.int8), scale


def _numbers(tensor: Any) -> Array:
    values: Array = tensor.detach().numpy().astype(np.float32)
    return values


def _folded(convolution: Any, following: Any) -> tuple[Array, Array]:
    """Weights and bias of a convolution together with the batch normalisation behind it."""
    weight = _numbers(convolution.weight)
    scale = _numbers(following.weight) / np.sqrt(_numbers(following.running_var) + np.float32(following.eps))
    bias = _numbers(following.bias) - _numbers(following.running_mean) * scale
    return weight * scale[:, None, None, None], bias
