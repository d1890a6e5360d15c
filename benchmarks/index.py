"""Vector indexes side by side: disk, memory, time to build, to open and to search, and recall, over the same vectors.

Run:  python benchmarks/index.py [--size 1000000] [--folder DIR] [--data DATA] [--vectors P.npy Q.npy] [--write]

Two sets of vectors are made (benchmarks/index_vectors.py): of generated digests, of DATA (``digests/`` and
``qa.jsonl``), or from passages and questions that were embedded before. The truth is an exact search in single
precision. Every index but the flat ones only names candidates, which are scored again with the stored half-precision
vectors, a file of 768 bytes each that is not counted in "disk" but in "memory" as far as it is mapped (digestqa reads
it instead). Of the settings tried the quickest that reaches a recall of 0.98 is shown, or else the best. Each index is
built in one process and asked in another, by one thread. ``--folder`` keeps vectors and figures, so that a run that
was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.index_vectors import BLOCK, K, mixed, mixed_of, words, write_set
from benchmarks.machine import add_write_argument, describe, markdown_table, report

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.stored_vectors import OpenVectors

WANTED_RECALL = 0.98
OURS = "digestqa: codes, 1 bit a number"
SETTINGS: dict[str, tuple[tuple[int, int], ...]] = {
    # How many lists or links are looked at, and how many candidates are scored with the stored vectors.
    "flat, float32": ((0, 0),),
    "flat, float16": ((0, 0),),
    "flat, 8 bits a number": ((0, 20), (0, 40)),
    "lists (IVF), 8 bits a number": tuple((lists, 40) for lists in (16, 32, 64, 128, 256, 512)),
    "graph (HNSW), 8 bits a number": tuple((links, 40) for links in (64, 128, 256, 512)),
    "signs, 1 bit a number": tuple((0, candidates) for candidates in (1000, 2000, 4000, 8000)),
    "codes, 2 bits a number": tuple((0, candidates) for candidates in (100, 200, 400)),
    OURS: tuple((0, candidates) for candidates in (800, 1600, 2400)),
}
_TRAINED_ROWS = 65_536


def mapped(folder: Path) -> NDArray[np.float16]:
    """Return a set's stored vectors, mapped, of shape (vectors, dimension)."""
    import numpy as np

    dimension = np.load(folder / "questions.npy", mmap_mode="r").shape[1]
    return np.memmap(folder / "vectors.f16", dtype="<f2", mode="r").reshape(-1, dimension)


def blocks(vectors: NDArray[np.float16]) -> Iterator[NDArray[np.float32]]:
    """Yield vectors in single precision."""
    import numpy as np

    for start in range(0, len(vectors), BLOCK):
        yield vectors[start : start + BLOCK].astype(np.float32)


def built(kind: str, vectors: NDArray[np.float16]) -> Any:
    """Return an index of a kind."""
    import faiss
    import numpy as np

    dimension, product = vectors.shape[1], faiss.METRIC_INNER_PRODUCT
    index: Any
    if kind.startswith("signs"):
        index = faiss.IndexBinaryFlat(dimension)
        for block in blocks(vectors):
            index.add(np.packbits(block > 0, axis=1))
        return index
    if kind == "flat, float32":
        index = faiss.IndexFlatIP(dimension)
    elif kind == "flat, float16":
        index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, product)
    elif kind.startswith("flat"):
        index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, product)
    elif kind.startswith("lists"):
        lists = int(4 * len(vectors) ** 0.5)
        index = faiss.index_factory(dimension, f"IVF{lists},SQ8", product)
        index.cp.niter, index.cp.max_points_per_centroid = 8, 32
    elif kind.startswith("graph"):
        index = faiss.index_factory(dimension, "HNSW32,SQ8", product)
        index.hnsw.efConstruction = 80
    elif kind.startswith("codes"):
        index = faiss.IndexPQFastScan(dimension, dimension // 2, 4, product)
    else:
        return None
    index.train(vectors[:: max(1, len(vectors) // _TRAINED_ROWS)].astype(np.float32))
    for block in blocks(vectors):
        index.add(block)
    return index


def build(kind: str, folder: Path, path: Path) -> None:
    """Build an index and write it to a file; the measured process."""
    import faiss
    import numpy as np

    if kind == OURS:
        from digestqa.library.code_index import CodeIndex
        from digestqa.library.index_rows import IndexRows

        ids = np.arange(len(mapped(folder)))
        with contextlib.closing(_stored(folder)) as stored, path.open("wb") as stream:
            CodeIndex.build(stored, IndexRows(ids, ids), mapped(folder).shape[1], 1).write(stream)
        return
    index = built(kind, mapped(folder))
    write = faiss.write_index_binary if kind.startswith("signs") else faiss.write_index
    write(index, str(path))


def _stored(folder: Path) -> OpenVectors:
    """Return a set's stored vectors as the product reads them."""
    from digestqa.library.stored_vectors import OpenVectors
    from digestqa.library.vector_files import VectorFile

    rows, dimension = mapped(folder).shape
    return OpenVectors(folder, [VectorFile(0, "vectors.f16", rows, 2 * dimension)])


class _Ours:
    """The product's index, asked as the others are."""

    def __init__(self, folder: Path, path: Path) -> None:
        from digestqa.library.facts import IndexRecord
        from digestqa.library.records import StoredFile
        from digestqa.library.vector_index import load_index

        rows, dimension = mapped(folder).shape
        record = IndexRecord(StoredFile(path.name, path.stat().st_size, 0, ""), 1, rows)
        self._index: Any = load_index(path.parent, record, dimension)
        self._stored = _stored(folder)

    def best(self, question: NDArray[np.float32], candidates: int) -> list[int]:
        from digestqa.library import code_index

        code_index.CANDIDATES, code_index.CANDIDATES_PER_RESULT = candidates, 0
        return [number for number, _ in self._index.search(self._stored, question, K, None, None)]


def ask(kind: str, folder: Path, path: Path) -> dict[str, Any]:
    """Open an index and ask it; the measured process."""
    import faiss
    import numpy as np

    faiss.omp_set_num_threads(1)
    stored, questions, truth = mapped(folder), np.load(folder / "questions.npy"), np.load(folder / "truth.npy")
    index: Any
    began = time.perf_counter()
    if kind == OURS:
        index = _Ours(folder, path)
    elif kind.startswith("signs"):
        index = faiss.read_index_binary(str(path))
    else:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP if kind.startswith("lists") else faiss.IO_FLAG_MMAP_IFC)
    opened_ms = (time.perf_counter() - began) * 1000
    tried: list[dict[str, Any]] = []
    for looked_at, candidates in SETTINGS[kind]:
        if kind.startswith("lists"):
            index.nprobe = looked_at
        if kind.startswith("graph"):
            index.hnsw.efSearch = looked_at
        hits, elapsed_ms = 0, []
        for question, right in zip(questions, truth, strict=True):
            began = time.perf_counter()
            if kind == OURS:
                found = np.array(index.best(question, candidates))
            else:
                query = np.packbits(question[None] > 0, axis=1) if kind.startswith("signs") else question[None]
                found = index.search(query, candidates or K)[1][0]
            if candidates and kind != OURS:
                found = np.sort(found[found >= 0])
                scores = stored[found].astype(np.float32) @ question
                found = found[np.argpartition(scores, -K)[-K:]]
            elapsed_ms.append((time.perf_counter() - began) * 1000)
            hits += len(set(found.tolist()) & set(right.tolist()))
        tried.append(
            {
                "setting": f"{looked_at or '–'} / {candidates or '–'}",
                "recall": hits / K / len(questions),
                "median_ms": statistics.median(elapsed_ms),
                "p95_ms": sorted(elapsed_ms)[int(0.95 * len(elapsed_ms))],
            }
        )
    enough = [one for one in tried if one["recall"] >= WANTED_RECALL]
    best = min(enough, key=lambda one: one["median_ms"]) if enough else max(tried, key=lambda one: one["recall"])
    return {**best, "opened_ms": opened_ms, **_resident()}


def _resident() -> dict[str, float]:
    """Return the process's resident memory in MB: all, and what no file backs."""
    with contextlib.suppress(OSError):
        lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        return {
            name: int(lines[key].split()[0]) * 1024 / 1e6 for name, key in (("all_mb", "VmRSS"), ("own_mb", "RssAnon"))
        }
    return {"all_mb": float("nan"), "own_mb": float("nan")}


def measured(kind: str, name: str, folder: Path) -> dict[str, Any]:
    """Build and ask one index over one set, or return what an earlier run found."""
    stem = "".join(letter if letter.isalnum() else "-" for letter in kind)
    note, path = folder / f"{stem}.json", folder / f"{stem}.index"
    if note.exists():
        found: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
        return found
    print(f"{name}: {kind}", file=sys.stderr)
    began = time.perf_counter()
    subprocess.run([sys.executable, __file__, "--build", kind, str(folder), str(path)], check=True)
    build_s = time.perf_counter() - began
    command = [sys.executable, __file__, "--ask", kind, str(folder), str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = {**json.loads(told), "build_s": build_s, "disk_mb": path.stat().st_size / 1e6}
    path.unlink()
    note.write_text(json.dumps(found), encoding="utf-8")
    return found


def table(figures: dict[str, dict[str, Any]]) -> str:
    """Return the figures of one set in Markdown."""
    head = ["index", "disk, MB", "memory, MB", "of it own, MB", "build, s", "open, ms", "median, ms", "p95, ms"]
    head += ["looked at / scored", f"recall@{K}"]
    rows = [
        [
            f"**{kind}**" if kind == OURS else kind,
            *(f"{found[key]:,.0f}" for key in ("disk_mb", "all_mb", "own_mb", "build_s", "opened_ms")),
            f"{found['median_ms']:.1f}",
            f"{found['p95_ms']:.1f}",
            found["setting"],
            f"{found['recall']:.3f}",
        ]
        for kind, found in figures.items()
    ]
    return markdown_table(head, rows)


def sets(arguments: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """Yield each set's name and the folder that it lies in, made if it is not there."""
    import numpy as np

    makers = {"mixed": mixed, "words": words}
    for name in arguments.sets.split(","):
        folder = arguments.folder / f"{name}-{arguments.size}"
        if not (folder / "truth.npy").exists():
            folder.mkdir(parents=True, exist_ok=True)
            print(f"{name}: making {arguments.size:,} vectors", file=sys.stderr)
            if arguments.vectors and name == "mixed":
                block, questions = mixed_of(np.load(arguments.vectors[0])), np.load(arguments.vectors[1])[:200]
            else:
                block, questions = makers[name](arguments.data)
            write_set(folder, block, questions, arguments.size)
        yield name, folder


def main(given: Sequence[str]) -> int:
    """Measure and print."""
    if given[:1] in (["--build"], ["--ask"]):
        work, kind, of_set, path = given
        if work == "--build":
            build(kind, Path(of_set), Path(path))
        else:
            print(json.dumps(ask(kind, Path(of_set), Path(path))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000, help="vectors of each set")
    parser.add_argument("--folder", type=Path, help="keep vectors and figures here")
    parser.add_argument("--data", type=Path, help="folder with digests/ and qa.jsonl")
    parser.add_argument("--vectors", type=Path, nargs=2, metavar="NPY", help="embedded passages and questions")
    parser.add_argument("--sets", default="mixed,words", help="mixed, words, or both")
    parser.add_argument("--kinds", help="only indexes whose names hold one of these words, with commas between them")
    add_write_argument(parser)
    arguments = parser.parse_args(given)
    machine = describe()
    with contextlib.ExitStack() as stack:
        if arguments.folder is None:
            arguments.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        told = []
        for name, folder in sets(arguments):
            kinds = [
                kind
                for kind in SETTINGS
                if arguments.kinds is None or any(word in kind for word in arguments.kinds.split(","))
            ]
            figures = {kind: measured(kind, name, folder) for kind in kinds}
            told.append(f"{arguments.size:,} vectors, *{name}*:\n\n{table(figures)}")
        report("index", machine, "\n\n".join(told), arguments.write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
