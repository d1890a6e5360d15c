from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from training.quantise import FAR, MOST_APART, Array, Feed, far_units, peaks, quantise, rounded_columns, scales_of

WIDTH, HIDDEN, WORDS, HEADS = 32, 64, 100, 4
LOUD_CHANNEL, LOUD_UNIT = 5, 7
MICROSOFT = "com.microsoft"


def loud_reader(path: Path) -> None:
    """One fused layer of a BERT whose first token has a loud channel and sets off a loud hidden unit."""
    rng = np.random.default_rng(3)
    held: list[onnx.TensorProto] = []

    def hold(name: str, *shape: int, size: float = 0.2) -> str:
        value = rng.normal(0, size, shape).astype(np.float32)
        if name.endswith("gain"):
            value = np.ones(shape, dtype=np.float32)
            value[LOUD_CHANNEL] = 8
        if name == "up":
            value[LOUD_CHANNEL] = 0.02 * rng.normal(size=HIDDEN)
            value[LOUD_CHANNEL, LOUD_UNIT] = 6
        held.append(numpy_helper.from_array(value, name))
        return name

    def node(kind: str, inputs: list[str], output: str, domain: str = MICROSOFT, **more: Any) -> onnx.NodeProto:
        return helper.make_node(kind, inputs, [output, *more.pop("also", [])], name=output, domain=domain, **more)

    nodes = [
        node("Cast", ["input_ids"], "ids", "", to=TensorProto.INT32),
        node("Cast", ["token_type_ids"], "types", "", to=TensorProto.INT32),
        node("Cast", ["attention_mask"], "mask", "", to=TensorProto.INT32),
        node(
            "EmbedLayerNormalization",
            ["ids", "types", hold("words", WORDS, WIDTH), hold("places", 64, WIDTH), hold("kinds", 2, WIDTH),
             hold("first.gain", WIDTH), hold("first.bias", WIDTH), "mask"],
            "first", also=["lengths"], epsilon=1e-12,
        ),
        node("Attention", ["first", hold("qkv", WIDTH, 3 * WIDTH), hold("qkv.bias", 3 * WIDTH), "lengths"], "attended",
             num_heads=HEADS),
        node("MatMul", ["attended", hold("back", WIDTH, WIDTH)], "mixed", ""),
        node("SkipLayerNormalization", ["mixed", "first", hold("second.gain", WIDTH), hold("second.bias", WIDTH),
             hold("back.bias", WIDTH)], "second", epsilon=1e-12),
        node("MatMul", ["second", hold("up", WIDTH, HIDDEN)], "wide", ""),
        node("BiasGelu", ["wide", hold("up.bias", HIDDEN)], "active"),
        node("MatMul", ["active", hold("down", HIDDEN, WIDTH)], "narrow", ""),
        node("SkipLayerNormalization", ["narrow", "second", hold("third.bias", WIDTH), hold("fourth.bias", WIDTH),
             hold("down.bias", WIDTH)], "third", epsilon=1e-12),
        node("MatMul", ["third", hold("head", WIDTH, 3)], "scores", ""),
    ]  # fmt: skip
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    outputs = [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", "sequence", 3])]
    graph = helper.make_graph(nodes, "reader", inputs, outputs, held)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), str(path))


def row(seed: int, length: int = 24) -> Feed:
    """The graph's inputs for one sequence of random words."""
    ids = np.random.default_rng(seed).integers(1, WORDS, (1, length))
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": (np.arange(length) > 8)[None] * 1}


def scores(path: Path, feed: Feed) -> Array:
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["scores"], dict(feed))[0])


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The float reader and the int8 one."""
    folder = tmp_path_factory.mktemp("reader")
    whole, small = folder / "float.onnx", folder / "int8.onnx"
    loud_reader(whole)
    quantise(whole, small, peaks(whole, [row(seed) for seed in range(8)]))
    return whole, small


def test_the_int8_reader_scores_as_the_float_one_does(graphs: tuple[Path, Path]) -> None:
    whole, small = graphs
    for seed in range(100, 105):
        wanted, got = scores(whole, row(seed)), scores(small, row(seed))
        assert np.abs(wanted - got).mean() < 0.02 * wanted.std()


def test_padding_is_not_attended_to(graphs: tuple[Path, Path]) -> None:
    feed = row(100)
    padded = {name: np.pad(value, ((0, 0), (0, 6))) for name, value in feed.items()}
    wanted, got = scores(graphs[0], feed), scores(graphs[1], padded)[:, :24]
    assert np.abs(wanted - got).mean() < 0.05 * wanted.std()


def test_every_wide_product_and_the_word_embeddings_become_int8_and_the_head_stays_float(
    graphs: tuple[Path, Path],
) -> None:
    graph = onnx.load(str(graphs[1])).graph
    held = {t.name: t for t in graph.initializer}
    large = [t for t in held.values() if np.prod(t.dims) > 4 * MOST_APART * HIDDEN]
    kinds = [n.op_type for n in graph.node]
    assert {t.data_type for t in large if t.name != "places"} == {TensorProto.INT8}
    assert kinds.count("MatMulInteger") == 3
    assert kinds.count("QAttention") == 1
    assert held["head"].data_type == TensorProto.FLOAT


def test_the_loud_hidden_unit_is_computed_in_float(graphs: tuple[Path, Path]) -> None:
    seen = peaks(graphs[0], [row(seed) for seed in range(8)])["narrow"]
    held = {t.name: numpy_helper.to_array(t) for t in onnx.load(str(graphs[1])).graph.initializer}
    assert far_units(seen).tolist() == [LOUD_UNIT]
    assert not held["wide.int8"][:, LOUD_UNIT].any()
    assert not held["narrow.int8"][LOUD_UNIT].any()


def test_no_more_than_a_few_hidden_units_are_computed_in_float() -> None:
    peak = np.ones(64)
    peak[:20] = 2 * FAR
    assert len(far_units(peak)) == MOST_APART


def test_scales_even_out_what_goes_in_and_change_no_product() -> None:
    rng = np.random.default_rng(1)
    given, weight = rng.normal(size=(10, 16)), rng.normal(size=(16, 8))
    given[:, 3] *= 30
    scales = scales_of(np.abs(given).max(axis=0), weight)
    even = given / scales
    assert np.allclose(even @ (weight * scales[:, None]), given @ weight, atol=1e-4)
    assert np.ptp(np.log(np.abs(even).max(axis=0))) < np.ptp(np.log(np.abs(given).max(axis=0)))


def test_a_column_of_zeros_stays_zero() -> None:
    whole, step = rounded_columns(np.array([[0.0, 1.0], [0.0, -2.0]]))
    assert whole.tolist() == [[0, 64], [0, -127]]
    assert np.isfinite(step).all()
