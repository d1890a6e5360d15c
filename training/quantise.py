"""The float reader as int8: a quarter of the size and half of the time, for a loss of a few tenths of a point.

Weights are rounded to int8, symmetric, with one scale a column; what goes into a matrix product is rounded to uint8
with one scale for the whole product, found at run time (dynamic quantisation). That scale is the weak place: in a trunk
of the BERT family one channel of the first token's state, and one or two hidden units of a feed-forward layer, are ten
to twenty times as large as the rest, which are then rounded to a handful of steps. Three remedies, each exact in float:

- the channels that go into an attention or feed-forward layer are divided by scales that the layer's weights take up
  (Xiao et al., "SmoothQuant", 2023); explicitly, since the same state also goes round the layer;
- a hidden unit far above the others is taken out of the int8 products and computed in float beside them (Dettmers et
  al., "LLM.int8()", 2022);
- each row of the word embeddings has its own scale, and the embeddings' layer norm stays in float.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper, numpy_helper

Array = np.ndarray[Any, np.dtype[Any]]
Feed = Mapping[str, Array]
Peaks = dict[str, Array]
"""Largest absolute value that went into each node, by channel: node name to (channels,)."""

STRENGTH = 0.65
"""How much of the unevenness the weights take up; 0 nothing, 1 all. SmoothQuant's alpha."""
FAR = 5.0
"""A hidden unit is computed in float where its peak is above this many times the layer's median peak."""
MOST_APART = 4
"""Hidden units of one layer that are computed in float at most."""
NARROW = 3
"""A product with no more columns stays in float: too few to be worth rounding."""
MICROSOFT = "com.microsoft"


def products(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """The nodes whose weights become int8: attention inputs and the matrix products with a wide weight."""
    wide = {t.name for t in graph.initializer if len(t.dims) == 2 and min(t.dims) > NARROW}
    return [n for n in graph.node if n.op_type in ("Attention", "MatMul") and n.input[1] in wide]


def peaks(source: Path, feeds: Iterable[Feed]) -> Peaks:
    """Run the float graph over typical inputs and return what each product got at most, by channel."""
    model = onnx.load(str(source))
    read = {n.name: n.input[0] for n in products(model.graph)}
    for name in dict.fromkeys(read.values()):
        model.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    running = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found: Peaks = {}
    for feed in feeds:
        for name, got in zip(read, running.run(list(read.values()), dict(feed)), strict=True):
            highest = np.abs(got).max(axis=tuple(range(got.ndim - 1)))
            found[name] = np.maximum(found.get(name, 0.0), highest)
    return found


def quantise(source: Path, target: Path, seen: Peaks) -> None:
    """Write the fused float graph `source` as int8 to `target`; `seen` is what `peaks` found for it.

    Raises:
        KeyError: `seen` lacks a product of the graph.
    """
    model = onnx.load(str(source))
    _Rewriting(model.graph, seen).run()
    onnx.save(model, str(target))


def scales_of(peak: Array, weight: Array, strength: float = STRENGTH) -> Array:
    """What each input channel is divided by and the weight's rows multiplied, float32 (channels,), geometric mean 1."""
    rows = np.maximum(np.abs(weight).max(axis=1), 1e-5)
    raw = np.maximum(peak, 1e-3) ** strength / rows ** (1 - strength)
    return np.asarray(raw / np.exp(np.log(raw).mean()), dtype=np.float32)


def far_units(peak: Array) -> Array:
    """The hidden units that are computed in float, by number, largest first."""
    order = np.argsort(-peak, kind="stable")[:MOST_APART]
    return np.asarray(order[peak[order] > FAR * np.median(peak)])


def rounded_columns(weight: Array) -> tuple[Array, Array]:
    """Int8 weight and float32 scale of each column, (columns,)."""
    scale = np.abs(weight).max(axis=0) / 127
    scale[scale == 0] = 1
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


class _Rewriting:
    """One graph while its nodes are replaced."""

    def __init__(self, graph: onnx.GraphProto, seen: Peaks) -> None:
        self.graph, self.seen = graph, seen
        self.values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        self.made: list[onnx.NodeProto] = []
        self.mask = ""
        self.wanted = {n.name for n in products(graph)}
        by_output = {output: node for node in graph.node for output in node.output}
        # Of each feed-forward layer: the product up, the activation, the product down, and the units taken apart.
        self.up: dict[str, tuple[onnx.NodeProto, onnx.NodeProto, Array]] = {}
        self.down: dict[str, Array] = {}
        self.activation: dict[str, Array] = {}
        for node in graph.node:
            activation = by_output.get(node.input[0]) if node.name in self.wanted else None
            if activation is None or activation.op_type != "BiasGelu":
                continue
            units = far_units(seen[node.name])
            if len(units):
                self.up[by_output[activation.input[0]].name] = (activation, node, units)
                self.down[node.name] = self.activation[activation.name] = units

    def run(self) -> None:
        """Replace the nodes, and drop the weights that none needs any more."""
        for node in list(self.graph.node):
            if node.op_type == "EmbedLayerNormalization":
                self.embeddings(node)
            elif node.name in self.activation:
                bias = self.values[node.input[1]].copy()
                bias[self.activation[node.name]] = 0
                self.add("BiasGelu", [node.input[0], self.hold(f"{node.name}.bias", bias)], node.output, MICROSOFT)
            elif node.name in self.wanted:
                self.product(node)
            else:
                self.made.append(node)
        del self.graph.node[:]
        self.graph.node.extend(self.made)
        used = {name for node in self.made for name in node.input}
        kept = [t for t in self.graph.initializer if t.name in used]
        del self.graph.initializer[:]
        self.graph.initializer.extend(kept)

    def hold(self, name: str, value: Array) -> str:
        """Put a constant into the graph; returns its name."""
        self.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **more: Any) -> str:
        """Put a node into the graph; returns its first output."""
        self.made.append(helper.make_node(kind, inputs, outputs, name=f"{outputs[0]}.{kind}", domain=domain, **more))
        return outputs[0]

    def embeddings(self, node: onnx.NodeProto) -> None:
        """Word embeddings as int8 with a scale a row; the sum and its layer norm in float."""
        ids, types, words, positions, kinds, gain, bias, self.mask = node.input
        name = node.output[0]
        table = self.values[words]
        scale = np.abs(table).max(axis=1, keepdims=True) / 127
        scale[scale == 0] = 1
        whole = self.hold(f"{name}.int8", np.rint(table / scale).astype(np.int8))
        step = self.hold(f"{name}.step", scale.astype(np.float32))
        found = self.add("Cast", [self.add("Gather", [whole, ids], [f"{name}.rows"])], [f"{name}.float"], to=1)
        found = self.add("Mul", [found, self.add("Gather", [step, ids], [f"{name}.steps"])], [f"{name}.words"])
        found = self.add("Add", [found, self.add("Gather", [kinds, types], [f"{name}.kinds"])], [f"{name}.of_kind"])
        length = self.add("Shape", [ids], [f"{name}.length"], start=1, end=2)
        zero = self.hold(f"{name}.zero", np.zeros(1, dtype=np.int64))
        places = self.add("Slice", [positions, zero, length, zero], [f"{name}.places"])
        found = self.add("Add", [found, places], [f"{name}.sum"])
        epsilon = helper.get_node_attr_value(node, "epsilon")
        self.add("LayerNormalization", [found, gain, bias], node.output[:1], axis=-1, epsilon=epsilon)

    def product(self, node: onnx.NodeProto) -> None:
        """An int8 product in place of a float one, its input equalised, its far units apart."""
        name, given, out = node.name, node.input[0], node.output[0]
        weight, peak = self.values[node.input[1]].copy(), self.seen[name].copy()
        if name in self.up:
            weight[:, self.up[name][2]] = 0
        if name in self.down:
            weight[self.down[name]] = 0
        elif node.op_type == "Attention" or self.feeds_activation(out):
            scales = scales_of(peak, weight)
            given = self.add("Mul", [given, self.hold(f"{name}.even", 1 / scales)], [f"{name}.evened"])
            weight = weight * scales[:, None]
        whole, step = rounded_columns(weight)
        columns = self.hold(f"{name}.int8", whole)
        steps = self.hold(f"{name}.step", step)
        zeros = self.hold(f"{name}.zero", np.zeros(len(step), dtype=np.int8))
        x, x_step, x_zero = f"{name}.x", f"{name}.x_step", f"{name}.x_zero"
        self.add("DynamicQuantizeLinear", [given], [x, x_step, x_zero])
        if node.op_type == "Attention":
            heads = helper.get_node_attr_value(node, "num_heads")
            inputs = [x, columns, node.input[2], x_step, steps, self.mask or node.input[3], x_zero, zeros]
            self.add("QAttention", inputs, [out], MICROSOFT, num_heads=heads)
            return
        total = self.add("MatMulInteger", [x, columns, x_zero, zeros], [f"{name}.total"])
        total = self.add("Cast", [total], [f"{name}.float"], to=onnx.TensorProto.FLOAT)
        factor = self.add("Mul", [x_step, steps], [f"{name}.factor"])
        if name in self.down:
            total = self.add("Mul", [total, factor], [f"{name}.most"])
            self.add("Add", [total, f"{name}.apart"], [out])
        else:
            self.add("Mul", [total, factor], [out])
        if name in self.up:
            self.apart(node)

    def apart(self, node: onnx.NodeProto) -> None:
        """The far units of the layer that `node` begins, in float, from its input to their share of the output."""
        activation, down, units = self.up[node.name]
        name = down.name
        up = self.hold(f"{name}.apart.up", self.values[node.input[1]][:, units])
        bias = self.hold(f"{name}.apart.bias", self.values[activation.input[1]][units])
        back = self.hold(f"{name}.apart.down", self.values[down.input[1]][units])
        found = self.add("MatMul", [node.input[0], up], [f"{name}.apart.in"])
        found = self.add("BiasGelu", [found, bias], [f"{name}.apart.active"], MICROSOFT)
        self.add("MatMul", [found, back], [f"{name}.apart"])

    def feeds_activation(self, name: str) -> bool:
        """Whether the value goes into the activation of a feed-forward layer."""
        return any(n.op_type == "BiasGelu" and n.input[0] == name for n in self.graph.node)
