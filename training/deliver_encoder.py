"""Packs a trained encoder for shipping: ``python -m training.deliver_encoder ENCODER``.

ENCODER is the folder that ``training.encoder`` wrote. What was trained is written in half precision over the files in
``src/digestqa/encoders/model/``; the word vectors, which were not, stay where they came from. The vectors of the packed
encoder are compared with those of the trained one.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer

from digestqa.encoders import load_passage_encoder
from digestqa.encoders.models import PLAIN_MODEL
from digestqa.encoders.sentence_transformer import CHECK_TEXTS
from digestqa.encoders.tuned import FOLDER, KEPT, TUNED_MODEL, WEIGHTS_NAME

from .export import sha256
from .trunk import packaged_trunk


def pack(trained: Path, folder: Path) -> None:
    """Write the trained weights and their description.

    Raises:
        ValueError: the word vectors were trained too.
    """
    base = load_file(packaged_trunk() / "model.safetensors")
    tensors = load_file(trained / "model.safetensors")
    if not torch.equal(tensors.pop(KEPT), base[KEPT]):
        raise ValueError("the word vectors differ from the packaged ones: they are not shipped")
    folder.mkdir(exist_ok=True)
    named = {name: tensor.half().contiguous() for name, tensor in tensors.items() if not name.startswith("pooler.")}
    save_file(named, folder / WEIGHTS_NAME)
    described = {
        "format": 1,
        "name": TUNED_MODEL,
        "trained_from": {"name": PLAIN_MODEL, "weights_sha256": sha256(packaged_trunk() / "model.safetensors")},
        "files": {WEIGHTS_NAME: sha256(folder / WEIGHTS_NAME)},
        "date": datetime.now(UTC).date().isoformat(),
    }
    (folder / "encoder.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Pack, load what was packed, compare."""
    parser = argparse.ArgumentParser(prog="training.deliver_encoder", description=__doc__)
    parser.add_argument("encoder", type=Path)
    args = parser.parse_args()
    pack(args.encoder, FOLDER)
    packed = load_passage_encoder(TUNED_MODEL).in_float32().encode_passages(CHECK_TEXTS)
    trained = SentenceTransformer(str(args.encoder), device="cpu")
    trained.max_seq_length = 256
    cosines = (packed * trained.encode(list(CHECK_TEXTS), normalize_embeddings=True)).sum(axis=1)
    print(f"{(FOLDER / WEIGHTS_NAME).stat().st_size / 1e6:.1f} MB, smallest cosine to the trained {cosines.min():.6f}")


if __name__ == "__main__":
    main()
