"""What shipped can be trained further."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from tokenizers import Tokenizer

from training.examples import Encoder, Example
from training.export import onnx_logits
from training.model import build
from training.predict import torch_logits
from training.quantise import Array
from training.restore import restore
from training.trunk import packaged_trunk

SHIPPED = Path("src/digestqa/reading/model")
PAIRS = (
    ("how many were randomised to zelanide?", "Of 240 adults, 120 were randomised to zelanide and 120 to placebo."),
    ("why did the trial stop early?", "Enrolment ended in 2009. The sponsor closed the study after slow accrual."),
    ("what was the median overall survival?", "Thirty patients were treated with 5 mg daily for six cycles."),
)


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Array, Array]]:
    """Start logits of position 0 and the passage, by the shipped graph and by the restored weights."""
    checkpoint = tmp_path_factory.mktemp("restored") / "start.pt"
    restore(SHIPPED / "reader.onnx", checkpoint)
    encoder = Encoder(Tokenizer.from_file(str(SHIPPED / "tokenizer.json")), 384)
    features = [
        feature
        for question, passage in PAIRS
        for feature in encoder.read_features(Example("", question, passage, (), "", "Zelanide — Results: "), 0, 128)
    ]
    shipped = onnx_logits(SHIPPED / "reader.onnx")(features)
    restored = torch_logits(build(packaged_trunk(), 0.0, checkpoint))(features)
    read = [np.r_[0, feature.passage : len(feature.ids) - 1] for feature in features]
    return [(a[0][at], b[0][at]) for at, a, b in zip(read, shipped, restored, strict=True)]


def test_a_restored_reader_scores_every_token_almost_as_the_shipped_one_does(
    readings: list[tuple[Array, Array]],
) -> None:
    for shipped, restored in readings:
        assert np.abs(shipped - restored).mean() < 0.1
        assert shipped.max() - shipped.min() > 3


def test_a_restored_reader_reads_the_same_answers(readings: list[tuple[Array, Array]]) -> None:
    assert [int(restored.argmax()) for _, restored in readings] == [int(shipped.argmax()) for shipped, _ in readings]
    assert readings[-1][0].argmax() == 0


def test_a_graph_that_was_not_rounded_here_is_refused(tmp_path: Path) -> None:
    graph = onnx.load(str(SHIPPED / "reader.onnx"))
    for tensor in graph.graph.initializer:
        if tensor.name == "Attention_0.int8":
            tensor.name = "Attention_0.other"
    onnx.save(graph, str(tmp_path / "reader.onnx"))
    with pytest.raises(KeyError, match=r"Attention_0\.int8"):
        restore(tmp_path / "reader.onnx", tmp_path / "start.pt")
    assert not (tmp_path / "start.pt").exists()


def test_a_graph_without_a_head_is_refused(tmp_path: Path) -> None:
    graph = onnx.load(str(SHIPPED / "reader.onnx"))
    for node in graph.graph.node:
        if node.name == "/head/MatMul":
            node.name = "/other/MatMul"
    onnx.save(graph, str(tmp_path / "reader.onnx"))
    with pytest.raises(KeyError, match="/head/MatMul"):
        restore(tmp_path / "reader.onnx", tmp_path / "start.pt")
