"""Writes a fitted network as ONNX bytes: batch normalisation folded into the convolutions, nothing else.

Needs torch's module to read and the `onnx` package to write. The file is plain numbers in a documented
format; no pickle in any form.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

OPSET = 13
"""Operator set that every OpenCV since 4.5 reads."""

Array = NDArray[np.float32]


def to_onnx(net: Any, channels: int, side: int) -> bytes:
    """Return the bytes of an ONNX file with input `pixels` (N, C, H, W) and output `logits` (N, K).

    Parameters
    ----------
    net : torch module
        Of convolutions, batch normalisations, rectifiers, a flattening and linear layers, in evaluation mode.
    channels, side : int
        C, and H = W.
    """
    from onnx import TensorProto, checker, helper, numpy_helper

    nodes: list[Any] = []
    weights: list[Any] = []
    name = "pixels"
    layers = [layer for layer in net if type(layer).__name__ != "Dropout"]

    def add(kind: str, tensors: list[Array], **attributes: Any) -> None:
        nonlocal name
        inputs = [name]
        for tensor in tensors:
            inputs.append(f"w{len(weights)}")
            weights.append(numpy_helper.from_array(tensor, inputs[-1]))
        name = f"x{len(nodes)}"
        nodes.append(helper.make_node(kind, inputs, [name], **attributes))

    for i, layer in enumerate(layers):
        kind = type(layer).__name__
        if kind == "Conv2d":
            weight, bias = _folded(layer, layers[i + 1])
            padding = [layer.padding[0], layer.padding[1]] * 2
            add("Conv", [weight, bias], strides=list(layer.stride), pads=padding, group=layer.groups)
        elif kind == "ReLU":
            add("Relu", [])
        elif kind == "Flatten":
            add("Flatten", [], axis=1)
        elif kind == "Linear":
            add("Gemm", [_numbers(layer.weight), _numbers(layer.bias)], transB=1)
        elif kind != "BatchNorm2d":
            raise ValueError(f"no ONNX for a layer of kind {kind}")
    graph = helper.make_graph(
        nodes,
        "punkdetect",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", channels, side, side])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", int(layers[-1].out_features)])],
        weights,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="punkdetect"
    )
    model.ir_version = 8  # what every reader of this operator set knows
    checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data


def _numbers(tensor: Any) -> Array:
    values: Array = tensor.detach().numpy().astype(np.float32)
    return values


def _folded(convolution: Any, following: Any) -> tuple[Array, Array]:
    """Weights and bias of a convolution together with the batch normalisation behind it."""
    weight = _numbers(convolution.weight)
    bias = np.zeros(len(weight), np.float32) if convolution.bias is None else _numbers(convolution.bias)
    if type(following).__name__ != "BatchNorm2d":
        return weight, bias
    scale = _numbers(following.weight) / np.sqrt(_numbers(following.running_var) + np.float32(following.eps))
    moved = (bias - _numbers(following.running_mean)) * scale + _numbers(following.bias)
    return weight * scale[:, None, None, None], moved
