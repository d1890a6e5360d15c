"""A checkpoint out of a shipped reader, for a run that goes on from it: ``python -m training.restore MODEL OUT.pt``.

Checkpoints are not shipped; what `quantise.py` wrote holds the same weights, rounded to int8, with all that was done
to even them out. Undoing that gives float weights within half a step of those that were trained. The word vectors,
which no stage trains, are the trunk's own.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from .model import build
from .quantise import Array
from .trunk import packaged_trunk

PARTS = ("query", "key", "value")


def weights_of(path: Path) -> dict[str, Tensor]:
    """Float weights of an int8 reader by their names in `Reader`, without the word vectors.

    Raises:
        KeyError: the graph is not one that `quantise` wrote.
    """
    graph = onnx.load(str(path)).graph
    held = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    found = {name: held[name] for name in held if name.startswith(("trunk.", "head."))}
    weights_by_node = {node.name: node.input[1] for node in graph.node if len(node.input) > 1}
    found["head.weight"] = held[weights_by_node["/head/MatMul"]].T
    for number in range(sum(name.endswith("_qkv_bias") for name in held)):
        layer, node = f"trunk.encoder.layer.{number}", f"/trunk/encoder/layer.{number}"
        whole, bias = _product(held, f"Attention_{number}"), held[f"Attention_{number}_qkv_bias"]
        for part, weight, offset in zip(PARTS, np.split(whole, 3, 1), np.split(bias, 3), strict=True):
            found[f"{layer}.attention.self.{part}.weight"] = weight.T
            found[f"{layer}.attention.self.{part}.bias"] = offset
        found[f"{layer}.attention.output.dense.weight"] = _product(held, f"{node}/attention/output/dense/MatMul").T
        up, down = _product(held, f"{node}/intermediate/dense/MatMul"), _product(held, f"{node}/output/dense/MatMul")
        apart = f"{node}/output/dense/MatMul.apart"
        if f"{apart}.up" in held:
            # The order of the units in a layer means nothing, so that each may take any of the places left free.
            bias = held[f"Gelu_AddBias_{number}.bias"].copy()
            free = np.flatnonzero(~up.any(axis=0))[: held[f"{apart}.up"].shape[1]]
            up[:, free], bias[free], down[free] = held[f"{apart}.up"], held[f"{apart}.bias"], held[f"{apart}.down"]
            found[f"{layer}.intermediate.dense.bias"] = bias
        found[f"{layer}.intermediate.dense.weight"] = up.T
        found[f"{layer}.output.dense.weight"] = down.T
    return {name: torch.from_numpy(np.array(value, dtype=np.float32)) for name, value in found.items()}


def _product(held: dict[str, Array], name: str) -> Array:
    """The float weight of one int8 product, (inputs, outputs), its evening-out undone."""
    weight = held[f"{name}.int8"].astype(np.float32) * held[f"{name}.step"]
    even = held.get(f"{name}.even")
    return weight if even is None else np.asarray(weight * even[:, None])


def restore(reader: Path, checkpoint: Path) -> None:
    """Write the weights of an int8 reader as a checkpoint that `training.run --start` takes.

    Raises:
        KeyError: the graph is not one that `quantise` wrote.
        RuntimeError: it lacks weights that the reader has, or holds others.
    """
    model = build(packaged_trunk(), 0.0)
    words = {name: value for name, value in model.state_dict().items() if "word_embeddings" in name}
    model.load_state_dict(weights_of(reader) | words)
    torch.save({"model": model.state_dict()}, checkpoint)


def main() -> None:
    """Write the checkpoint."""
    parser = argparse.ArgumentParser(prog="training.restore", description=__doc__)
    parser.add_argument("reader", type=Path, help="reader.onnx, as shipped")
    parser.add_argument("checkpoint", type=Path, help="the file to write")
    args = parser.parse_args()
    restore(args.reader, args.checkpoint)


if __name__ == "__main__":
    main()
