"""Passages per second of building a library, against a plain ``SentenceTransformer.encode`` call on the same texts.

Run:  python benchmarks/build_speed.py [FOLDER] [--passages 512] [--rounds 7]

FOLDER holds digests (default: ./seeds); where they give too few passages, they are repeated with the first words cut
off, so that no two texts are equal. Both sides run with default settings in one process, in turns, and change places
each round; a round gives one ratio, so that what else the machine does in the meantime meets both alike. Reported are
medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

from digestqa.digests import read_digest
from digestqa.encoders import DEFAULT_MODEL, load_passage_encoder
from digestqa.encoders.models import locate_model
from digestqa.encoders.quiet import quiet_model_libraries
from digestqa.errors import DigestQAError
from digestqa.passages import split_passages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digestqa.encoders.sentence_transformer import SentenceTransformerEncoder

TARGET_RATIO = 2.0


def passage_texts(folder: Path, count: int) -> list[str]:
    """Return ``count`` different texts as they are embedded when the digests of a folder are ingested."""
    texts: list[str] = []
    for path in sorted(path for path in folder.iterdir() if path.suffix in {".txt", ".md", ".html", ".json"}):
        try:
            texts.extend(passage.embedded_text for passage in split_passages(read_digest(path)))
        except DigestQAError as error:
            print(f"left out {path}: {error.message}")
    if not texts:
        raise SystemExit(f"no digests in {folder}")
    varied = list(texts)
    cut = 1
    while len(varied) < count:
        shorter = [" ".join(text.split()[cut:]) for text in texts]
        if not any(shorter):
            break
        varied.extend(text for text in shorter if text)
        cut += 1
    step = max(1, len(varied) // count)
    return varied[::step][:count]


def timed(encode: Callable[[list[str]], object], texts: list[str]) -> float:
    """Return seconds for one call."""
    started = time.perf_counter()
    encode(texts)
    return time.perf_counter() - started


def print_machine(encoder: SentenceTransformerEncoder) -> None:
    """Print processor, thread counts and versions."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    print(
        f"machine    {capabilities.get('cpu_name') or platform.processor()}, {os.cpu_count()} CPUs, {platform.system()}"
    )
    print(f"device     {encoder.model.device}, {torch.get_num_threads()} threads, precision {encoder.precision}")
    packages = ("torch", "sentence-transformers", "transformers", "tokenizers", "numpy")
    print(
        f"versions   Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in packages)
    )
    if hasattr(os, "getloadavg"):
        print(f"load       {os.getloadavg()[0]:.1f} before the run")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("seeds"))
    parser.add_argument("--passages", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--device", default=None)
    arguments = parser.parse_args()

    texts = passage_texts(arguments.folder, arguments.passages)
    encoder = load_passage_encoder(arguments.model, arguments.device)
    with quiet_model_libraries():
        from sentence_transformers import SentenceTransformer

        plain = SentenceTransformer(str(locate_model(arguments.model).folder), device=arguments.device)
    print_machine(encoder)
    lengths = [len(ids) for ids in plain.tokenizer(texts, truncation=True)["input_ids"]]
    print(
        f"passages   {len(texts)} from {arguments.folder}, tokens: mean {statistics.mean(lengths):.0f}, "
        f"median {statistics.median(lengths):.0f}, longest {max(lengths)}"
    )

    warm_up = texts[:32]
    expected = cast("NDArray[np.float32]", plain.encode(warm_up, normalize_embeddings=True))
    cosine = float((encoder.encode_passages(warm_up) * expected).sum(axis=1).min())
    plain_seconds: list[float] = []
    our_seconds: list[float] = []
    for round_number in range(arguments.rounds):
        sides = [(plain_seconds, plain.encode), (our_seconds, encoder.encode_passages)]
        for seconds, encode in sides if round_number % 2 == 0 else reversed(sides):
            seconds.append(timed(encode, texts))
        print(
            f"round {round_number + 1:2d}   plain {len(texts) / plain_seconds[-1]:8.1f}/s   "
            f"digestqa {len(texts) / our_seconds[-1]:8.1f}/s   ratio {plain_seconds[-1] / our_seconds[-1]:.2f}"
        )
    rates = [len(texts) / statistics.median(seconds) for seconds in (plain_seconds, our_seconds)]
    ratios = sorted(before / ours for before, ours in zip(plain_seconds, our_seconds, strict=True))
    print(f"plain      {rates[0]:8.1f} passages/s   SentenceTransformer.encode(texts)")
    print(f"digestqa   {rates[1]:8.1f} passages/s   smallest cosine {cosine:.6f}")
    ratio = statistics.median(ratios)
    print(
        f"ratio      {ratio:8.2f}              {ratios[0]:.2f} to {ratios[-1]:.2f}; target {TARGET_RATIO}: "
        f"{'reached' if ratio >= TARGET_RATIO else 'missed'}"
    )


if __name__ == "__main__":
    main()
