"""What an ingest costs when little or nothing has changed: seconds, processor time and memory.

Run:  python benchmarks/change.py [--files 10000] [--unchanged 100000] [--rounds 3] [--folder DIR] [--json FILE]
          [--write]

Pages are generated (benchmarks/generated.py). The smaller library has a vector for each passage: random ones, under the
real encoder's name, since embedding is not what is measured; its query encoder is the real one, and the text of the
changed file is embedded by it. The larger one holds words only. Each figure is of a whole process, ``digestqa ingest``,
from its start to its end; of several rounds the median. With --folder, what was built there is used again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.generated import write_shelf
from benchmarks.machine import ProcessCost, add_write_argument, describe, markdown_table, report, run_process

from digestqa.encoders.base import EncoderIdentity, ExportedQueryEncoder, OnProgress
from digestqa.library import ingest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TARGET_CHANGED_S = 1.5
TARGET_UNCHANGED_S = 8.0
_TICK_S = 3.0  # after this no file's time is near enough to the scan's to be doubted


class RandomEncoder:
    """Gives random vectors under the real encoder's name."""

    def __init__(self, real: ExportedQueryEncoder) -> None:
        self._real = real

    @property
    def identity(self) -> EncoderIdentity:
        """The real encoder's."""
        return self._real.identity

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimension), rows of unit length."""
        import numpy as np

        vectors = np.random.default_rng(len(texts)).standard_normal((len(texts), self.identity.dimension))
        rows: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return rows


def prepare(folder: Path, files: int, *, embed: bool) -> None:
    """Make a library of so many generated files, unless it is there, and let its files grow old."""
    # In a process of its own: a child begins with the memory of its parent, and would be reckoned to have used it.
    builder = multiprocessing.get_context("spawn").Process(target=build, args=(folder, files, embed))
    builder.start()
    builder.join()
    if builder.exitcode:
        raise SystemExit("the library could not be built")
    time.sleep(_TICK_S)
    run(folder, embed=embed)


def build(folder: Path, files: int, embed: bool) -> None:
    """Make a library of so many generated files, unless it is there."""
    seeds, embeddings = folder / "seeds", folder / "embeddings"
    if not seeds.exists():
        write_shelf(seeds, files)
    if not (embeddings / "library.sqlite3").exists():
        if embed:
            from digestqa.encoders import export_query_encoder, load_passage_encoder

            real = load_passage_encoder()

            def export(_: object) -> ExportedQueryEncoder:
                # The graph looks for its weights in the file that the library writes them to.
                return export_query_encoder(real, weights_name=f"encoder-{real.identity.weights_sha256[:8]}.weights")

            random = RandomEncoder(ExportedQueryEncoder(b"", b"", real.identity, 1.0))
            ingest(embeddings, seeds, load_encoder=lambda _: random, export_encoder=export)
        else:
            ingest(embeddings, seeds, no_embed=True)


def run(folder: Path, *, embed: bool) -> ProcessCost:
    """Run ``digestqa ingest`` over a library and measure it."""
    options = ["--seeds", str(folder / "seeds"), "--embeddings", str(folder / "embeddings"), "--quiet"]
    return run_process([sys.executable, "-m", "digestqa", "ingest", *options, *([] if embed else ["--no-embed"])])


def one_changed(folder: Path, number: int) -> ProcessCost:
    """Change one file and measure the ingest that takes it up."""
    file = sorted((folder / "seeds").iterdir())[number * 7 + 5]
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Results\n\n", f"Results\n\nNoted at {time.time_ns()}. ", 1), encoding="utf-8")
    return run(folder, embed=True)


def median(costs: Sequence[ProcessCost]) -> ProcessCost:
    """Return the median of each figure."""
    return ProcessCost(*(statistics.median(figures) for figures in zip(*map(astuple, costs), strict=True)))


def measured(folder: Path, files: int, unchanged: int, rounds: int) -> dict[str, tuple[int, ProcessCost]]:
    """Return (files, cost) by what was measured."""
    found: dict[str, tuple[int, ProcessCost]] = {}
    small, large = folder / "small", folder / "large"
    if files:
        prepare(small, files, embed=True)
        found["one file changed"] = (files, median([one_changed(small, number) for number in range(rounds)]))
        time.sleep(_TICK_S)
        run(small, embed=True)
        found["nothing changed, fewer files"] = (files, median([run(small, embed=True) for _ in range(rounds)]))
    if unchanged:
        prepare(large, unchanged, embed=False)
        found["nothing changed"] = (unchanged, median([run(large, embed=False) for _ in range(rounds)]))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000, help="of the library of which one is changed")
    parser.add_argument("--unchanged", type=int, default=100_000, help="of the library of which none is changed")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the libraries are built and kept (default: nowhere)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    add_write_argument(parser)
    parsed = parser.parse_args()
    machine = describe()
    with tempfile.TemporaryDirectory() as temporary:
        found = measured(parsed.folder or Path(temporary), parsed.files, parsed.unchanged, parsed.rounds)
    targets = {"one file changed": TARGET_CHANGED_S, "nothing changed": TARGET_UNCHANGED_S}
    rows = [
        [
            name,
            f"{files:,}",
            f"{cost.elapsed_s:.2f}" + (f" (at most {targets[name]})" if name in targets else ""),
            f"{cost.processor_s:.2f}",
            f"{cost.peak_mb:.0f}",
        ]
        for name, (files, cost) in found.items()
    ]
    head = ["`digestqa ingest`", "files", "seconds", "of processor", "peak MB"]
    report("change", machine, markdown_table(head, rows), parsed.write)
    if parsed.json:
        value = {name: {"files": files, **asdict(cost)} for name, (files, cost) in found.items()}
        parsed.json.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
