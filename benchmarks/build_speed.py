"""Passages per second of building a library: beside a plain call, and beside what the processor can multiply.

Run:  python benchmarks/build_speed.py [FOLDER] [--passages 512] [--rounds 7] [--write]

FOLDER holds digests (default: ./seeds); where they give too few passages, they are repeated with the first words cut
off, so that no two texts are equal. Three things are measured in turns in one process, in another order each round, so
that what else the machine does meets all alike: ``SentenceTransformer.encode`` with default settings, digestqa's
encoder, and matrix products in the encoder's precision on all cores, of the model's own shapes and large ones, one
product a core and one over all cores. The quickest of them is the processor's rate. The model's arithmetic is counted
from its configuration and each passage's own number of tokens, attention included, padding not. Reported are medians.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from digestqa.digests import read_digest
from digestqa.encoders import DEFAULT_MODEL, load_passage_encoder
from digestqa.encoders.models import locate_model
from digestqa.encoders.quiet import quiet_model_libraries
from digestqa.encoders.tuned import lay_over
from digestqa.encoders.workers import WorkerPlan, compute_batches, plan_workers
from digestqa.errors import DigestQAError
from digestqa.passages import split_passages

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.machine import add_write_argument, describe, markdown_table, report

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from digestqa.encoders.sentence_transformer import SentenceTransformerEncoder

TARGET_RATIO = 2.5
TARGET_SHARE = 0.6
_TOKENS = 1024
_LARGE = (2048, 2048, 2048)
_SECONDS_PER_SHAPE = 0.2


@dataclass(frozen=True, slots=True)
class Sizes:
    """What decides a BERT's arithmetic."""

    layers: int
    hidden: int
    wide: int

    @classmethod
    def of(cls, model: SentenceTransformer) -> Sizes:
        """Read them from a model's configuration."""
        config: Any = model.transformers_model.config
        return cls(config.num_hidden_layers, config.hidden_size, config.intermediate_size)

    def operations(self, tokens: int) -> int:
        """Count multiplications and additions for one text: products with the weights, scores, and their mixtures."""
        weights = 4 * self.hidden * self.hidden + 2 * self.hidden * self.wide
        return self.layers * (2 * tokens * weights + 4 * tokens * tokens * self.hidden)

    def shapes(self) -> list[tuple[int, int, int]]:
        """Return the products of one layer over a batch: (rows, features in, features out)."""
        return [
            (_TOKENS, self.hidden, 3 * self.hidden),
            (_TOKENS, self.hidden, self.hidden),
            (_TOKENS, self.hidden, self.wide),
            (_TOKENS, self.wide, self.hidden),
        ]


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


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds for one call: by the clock, and of all processors."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def matrix_rate(shapes: Sequence[tuple[int, int, int]], dtype: torch.dtype) -> tuple[float, float]:
    """Return the most operations that products reach over some shapes: a second, all cores; a second of a processor."""
    import torch

    plan = plan_workers("cpu")
    best = best_of_processor = 0.0
    for rows, inner, columns in [*shapes, _LARGE]:
        operations = 2 * rows * inner * columns
        left, right = torch.randn(rows, inner).to(dtype), torch.randn(columns, inner).to(dtype)
        multiply = partial(_multiplied, left, right)
        times = max(1, int(_SECONDS_PER_SHAPE / 2 / (timed(partial(multiply, 3))[0] / 3)))
        a_core = timed(partial(_drained, multiply, [times] * plan.workers, plan))
        over_all = timed(partial(multiply, times))
        for (elapsed_s, processor_s), done in ((a_core, plan.workers * times), (over_all, times)):
            best = max(best, done * operations / elapsed_s)
            best_of_processor = max(best_of_processor, done * operations / processor_s)
    return best, best_of_processor


def _multiplied(left: torch.Tensor, right: torch.Tensor, times: int) -> None:
    import torch

    with torch.inference_mode():
        for _ in range(times):
            torch.nn.functional.linear(left, right)


def _drained(multiply: Callable[[int], None], times: Sequence[int], plan: WorkerPlan) -> None:
    for _ in compute_batches(multiply, times, plan):
        pass


def loaded(name: str, device: str | None) -> SentenceTransformer:
    """Load the model as one does without digestqa."""
    files = locate_model(name)
    with quiet_model_libraries():
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(files.folder), device=device)
    if files.overlay is not None:
        lay_over(model, files.overlay)
    return model


def smallest_cosine(encoder: SentenceTransformerEncoder, plain: SentenceTransformer, texts: list[str]) -> float:
    """Return the smallest cosine between the vectors of the two sides."""
    expected = cast("NDArray[np.float32]", plain.encode(texts, normalize_embeddings=True))
    return float((encoder.encode_passages(texts) * expected).sum(axis=1).min())


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("seeds"))
    parser.add_argument("--passages", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--device", default=None)
    add_write_argument(parser)
    arguments = parser.parse_args()
    machine = describe()

    import torch

    texts = passage_texts(arguments.folder, arguments.passages)
    encoder = load_passage_encoder(arguments.model, arguments.device)
    plain = loaded(arguments.model, arguments.device)
    lengths = [len(ids) for ids in plain.tokenizer(texts, truncation=True)["input_ids"]]
    sizes = Sizes.of(plain)
    operations = sum(map(sizes.operations, lengths))
    dtype = torch.bfloat16 if encoder.precision == "bf16" else torch.float32
    cosine = smallest_cosine(encoder, plain, texts)
    spent: dict[str, list[tuple[float, float]]] = {"plain": [], "ours": []}
    rates: list[tuple[float, float]] = []
    turns: list[Callable[[], None]] = [
        lambda: spent["plain"].append(timed(lambda: plain.encode(texts))),
        lambda: spent["ours"].append(timed(lambda: encoder.encode_passages(texts))),
        lambda: rates.append(matrix_rate(sizes.shapes(), dtype)),
    ]
    for number in range(arguments.rounds):
        for turn in range(3):
            turns[(number + turn) % 3]()
        plain_s, ours_s = spent["plain"][-1][0], spent["ours"][-1][0]
        print(
            f"round {number + 1}: plain {len(texts) / plain_s:.0f}/s, digestqa {len(texts) / ours_s:.0f}/s, "
            f"products {rates[-1][0] / 1e9:.0f} G/s, ratio {plain_s / ours_s:.2f}, "
            f"share {operations / ours_s / rates[-1][0]:.2f}, "
            f"of processor time {operations / spent['ours'][-1][1] / rates[-1][1]:.2f}",
            flush=True,
        )
    rows = []
    for name, side in (("`SentenceTransformer.encode(texts)`", "plain"), ("digestqa", "ours")):
        taken = statistics.median(elapsed_s for elapsed_s, _ in spent[side])
        by_clock, by_processor = (
            [operations / took[at] / reached[at] for took, reached in zip(spent[side], rates, strict=True)]
            for at in (0, 1)
        )
        rows.append(
            [
                name,
                f"{len(texts) / taken:,.0f}",
                f"{operations / taken / 1e9:,.0f}",
                f"{statistics.median(by_clock):.0%} ({min(by_clock):.0%} to {max(by_clock):.0%})",
                f"{statistics.median(by_processor):.0%} ({min(by_processor):.0%} to {max(by_processor):.0%})",
            ]
        )
    ratios = [before[0] / after[0] for before, after in zip(spent["plain"], spent["ours"], strict=True)]
    head = ["", "passages a second", "10⁹ operations a second", "of the matrix rate", "by processor time"]
    told = markdown_table(head, rows)
    told += (
        f"\n\n{len(texts)} passages of {statistics.mean(lengths):.0f} tokens on average, {max(lengths)} at most: "
        f"{operations / len(texts) / 1e9:.2f} × 10⁹ operations each. Matrix rate in {encoder.precision} on all cores: "
        f"{statistics.median(rate for rate, _ in rates) / 1e9:,.0f} × 10⁹ operations a second; digestqa is to reach "
        f"{TARGET_SHARE:.0%} of it. It is {statistics.median(ratios):.2f} times as fast as the plain call "
        f"({min(ratios):.2f} to {max(ratios):.2f}; target {TARGET_RATIO}); smallest cosine between the two "
        f"{cosine:.6f}. Where other work takes the cores in turns, the share by processor time is the one to go by."
    )
    report("build_speed", machine, told, arguments.write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
