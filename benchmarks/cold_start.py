"""What a new process costs: ``python benchmarks/cold_start.py [--digests 1000] [--runs 7] [--write]``.

Builds a library over generated digests, then runs, in turn, each as a new process: ``digestqa --help``,
``digestqa ask``, and the same search done with SentenceTransformer and a FAISS index. Prints medians of wall seconds
and the most resident memory, and the ratio of the two ways to ask. Linux and macOS.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.generated import write_shelf
from benchmarks.machine import ProcessCost, add_write_argument, describe, markdown_table, report, run_process

QUESTION = "how many people on the drug reached the primary outcome in heart failure?"

PLAIN = """
import sys
from pathlib import Path
import faiss, numpy
from sentence_transformers import SentenceTransformer
model = SentenceTransformer("model", local_files_only=True)
vectors = numpy.load(sys.argv[1])
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
print(index.search(model.encode([sys.argv[2]], normalize_embeddings=True), 5)[1].tolist())
"""


SAVE = """
from pathlib import Path
import numpy
from digestqa.encoders import load_passage_encoder
from digestqa.library import Library
load_passage_encoder().model.save("model", create_model_card=False)
with Library.open(Path("embeddings"), Path("seeds")) as library:
    numpy.save("vectors.npy", library.vectors(library.passage_ids()))
    print(f"{library.counts.digests:,} digests, {library.counts.passages:,} passages")
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digests", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=7)
    add_write_argument(parser)
    arguments = parser.parse_args()
    machine = describe()
    digestqa = [sys.executable, "-m", "digestqa"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # An installed package is compiled, whatever this shell says and however digestqa was installed here.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        write_shelf(folder / "seeds", arguments.digests)
        began = time.perf_counter()
        subprocess.run([*digestqa, "ingest", "--quiet"], cwd=folder, check=True)
        built = time.perf_counter() - began

        # In a process of its own: what this one imports would count in the resident set of those it starts.
        saved = subprocess.run([sys.executable, "-c", SAVE], cwd=folder, check=True, capture_output=True, text=True)
        commands = {
            "`digestqa --help`": [*digestqa, "--help"],
            "`digestqa ask`, trained reader": [*digestqa, "ask", QUESTION],
            "the same search through SentenceTransformer and FAISS": [
                *(sys.executable, "-c", PLAIN, str(folder / "vectors.npy"), QUESTION)
            ],
        }
        costs: dict[str, list[ProcessCost]] = {name: [] for name in commands}
        for run in range(arguments.runs + 1):
            for name, command in commands.items():
                cost = run_process(command, folder, allowed=(0, 1))
                if run:  # the first round warms the file cache
                    costs[name].append(cost)
    rows = [
        [
            name,
            f"{statistics.median(cost.elapsed_s for cost in found):.2f}",
            f"{min(cost.elapsed_s for cost in found):.2f}",
            f"{statistics.median(cost.processor_s for cost in found):.2f}",
            f"{statistics.median(cost.peak_mb for cost in found):.0f}",
            f"{statistics.median(cost.own_mb for cost in found):.0f}",
        ]
        for name, found in costs.items()
    ]
    head = ["process", "median, s", "least, s", "of processor, s", "resident, MB", "of it own, MB"]
    _, ours, plain = costs.values()
    ratio = statistics.median(a.elapsed_s / b.elapsed_s for a, b in zip(plain, ours, strict=True))
    told = (
        f"{markdown_table(head, rows)}\n\nThe library: {saved.stdout.strip()}, built in {built:.1f} s. "
        f"SentenceTransformer takes {ratio:.1f} times as long as `digestqa ask`, which also reads the passages and "
        "marks the answer."
    )
    report("cold_start", machine, told, arguments.write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
