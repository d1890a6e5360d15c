"""What is measured of a library in benchmarks/growth.py, each step in a process of its own."""

from __future__ import annotations

import contextlib
import itertools
import json
import multiprocessing
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.generated import write_library
from benchmarks.kept_vectors import KeptEncoder, exported, loader, write_small_encoder
from benchmarks.machine import describe, memory_mb, quantile, run_process
from benchmarks.study_pages import page, study

_FIRST_NEW_STUDY = 20_000_000
"""Studies that are taken up one by one come from far behind those of any generated library."""
_CATALOG = "rest of the catalog"
_FILES = (
    ("library.sqlite3*", _CATALOG),
    ("encoder-*", "query encoder"),
    ("*.faiss", "vector index"),
    ("vectors-*", "vectors"),
)
_TABLES = (
    ("full text", ("passages_fts",)),
    ("vectors", ("vectors",)),
    ("names", ("names",)),
    ("text and passages", ("digests", "texts", "passages", "sections")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One library of the benchmark.

    Attributes:
        folder: holds ``seeds/``, ``questions.jsonl``, ``embeddings/`` and ``figures.json``.
        passages: how many were asked for.
        vectors: folder that keeps vectors between runs, or None.
        encoder: a model's name or folder; None is the default.
        small: whether it is the small encoder.
    """

    folder: Path
    passages: int
    vectors: Path | None
    encoder: str | None
    small: bool

    @property
    def seeds(self) -> Path:
        """The digests' folder."""
        return self.folder / "seeds"

    @property
    def embeddings(self) -> Path:
        """The library's folder."""
        return self.folder / "embeddings"

    @property
    def options(self) -> list[str]:
        """What tells digestqa where the library is."""
        return ["--seeds", str(self.seeds), "--embeddings", str(self.embeddings)]

    def taking_up(self, *paths: str) -> list[str]:
        """The command that takes up the digests given, or all new ones of the folder."""
        return [sys.executable, "-m", "digestqa", "ingest", *paths, *self.options, "--quiet"]


def measured(place: Place, *, runs: int, questions: int, fresh: bool, tell: Callable[[str], None]) -> dict[str, Any]:
    """Return all figures of a library; what an earlier run measured is taken from its folder.

    Args:
        place: where it lies, or will.
        runs: new processes that ask, and digests that are taken up.
        questions: that are asked of loaded models.
        fresh: build and measure again.
        tell: is told what is done.
    """
    kept = place.folder / "figures.json"
    figures: dict[str, Any] = {}
    if kept.exists() and not fresh:
        figures = json.loads(kept.read_text(encoding="utf-8"))
    if not (place.folder / "library.json").exists():
        tell("writing the digests")
        shutil.rmtree(place.seeds, ignore_errors=True)
        write_library(place.folder, place.passages)
    described = json.loads((place.folder / "library.json").read_text(encoding="utf-8"))
    figures["digests"], figures["passages"] = described["digests"], described["passages"]
    figures["bytes_of_text"] = described["bytes_of_text"]
    figures.setdefault("machine", describe())
    steps: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("build", lambda: _apart(_build, place)),
        ("disk", lambda: disk(place.embeddings)),
        ("warm", lambda: _apart(_warm, place, questions)),
        ("cold", lambda: _cold(place, runs)),
        ("one_more", lambda: _one_more(place, runs)),
        ("one_found", lambda: _one_found(place, runs)),
    )
    for name, step in steps:
        if name not in figures:
            tell(name.replace("_", " "))
            figures[name] = step()
            kept.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return figures


def disk(embeddings: Path) -> dict[str, float]:
    """Return the megabytes of each part of a library."""
    parts: dict[str, float] = {}
    for file in sorted(path for path in embeddings.rglob("*") if path.is_file()):
        part = next((part for pattern, part in _FILES if file.match(pattern)), "other files")
        parts[part] = parts.get(part, 0.0) + file.stat().st_size / 1e6
    tables = _tables_mb(embeddings / "library.sqlite3")
    for part, names in _TABLES:
        size = sum(size for table, size in tables.items() if _is_of(table, names))
        parts[part] = parts.get(part, 0.0) + size
        parts[_CATALOG] -= size
    return {part: size for part, size in parts.items() if size >= 0.001} | {"all": sum(parts.values())}


def _is_of(table: str, tables: tuple[str, ...]) -> bool:
    # A full-text index keeps what it holds in tables of its own, named after it.
    return any(table == name or (name.endswith("_fts") and table.startswith(f"{name}_")) for name in tables)


def _tables_mb(catalog: Path) -> dict[str, float]:
    """Return the megabytes of each table and index; none where this SQLite cannot tell."""
    with contextlib.closing(sqlite3.connect(f"file:{catalog}?mode=ro", uri=True)) as connection:
        try:
            rows = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
        except sqlite3.OperationalError:
            return {}
        owners = dict(connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"))
    sizes: dict[str, float] = {}
    for name, size in rows:
        table = owners.get(name, name)
        sizes[table] = sizes.get(table, 0.0) + size / 1e6
    return sizes


def _apart(step: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """Run a step in a new process, so that what it takes of memory is its own."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sending, step, arguments))
    process.start()
    sending.close()
    try:
        result: dict[str, Any] = receiving.recv()
    except EOFError:
        process.join()
        raise SystemExit(f"{step.__name__} ended with {process.exitcode}") from None
    process.join()
    return result


def _send(sending: Any, step: Callable[..., dict[str, Any]], arguments: tuple[object, ...]) -> None:
    sending.send(step(*arguments))
    sending.close()


def _build(place: Place) -> dict[str, Any]:
    """Build the library from nothing."""
    from digestqa.library import ingest

    shutil.rmtree(place.embeddings, ignore_errors=True)
    if place.small and place.encoder is not None:
        write_small_encoder(Path(place.encoder))
    loaded: list[KeptEncoder] = []
    began = time.perf_counter()
    phases: list[tuple[str, float]] = []

    def on_progress(phase: str, done: int, total: int) -> None:
        if not phases or phase != phases[-1][0]:
            phases.append((phase, time.perf_counter()))

    report = ingest(
        place.embeddings,
        place.seeds,
        encoder_name=place.encoder,
        load_encoder=loader(place.vectors, loaded),
        export_encoder=exported,
        on_progress=on_progress,
    )
    elapsed_s = time.perf_counter() - began
    on_progress("", 0, 0)
    phases_s: dict[str, float] = {}
    for (phase, start), (_, end) in itertools.pairwise(phases):
        phases_s[phase] = phases_s.get(phase, 0.0) + end - start
    starting_s = sum(phases_s.get(phase, 0.0) for phase in ("loading", "exporting"))
    if report.refused:
        raise SystemExit(f"{len(report.refused)} files were refused: {report.refused[0]}")
    (encoder,) = loaded
    return {
        "elapsed_s": elapsed_s,
        "embedding_s": encoder.seconds,
        "starting_s": starting_s,
        "else_s": elapsed_s - encoder.busy_s - starting_s,
        "computed": encoder.computed,
        "kept": encoder.read,
        "peak_mb": memory_mb()[0],
        "phases_s": phases_s,
    }


def _warm(place: Place, questions: int) -> dict[str, Any]:
    """Ask a loaded assistant."""
    from digestqa.answering import Assistant
    from digestqa.library import Library
    from digestqa.opening import open_query_encoder, open_reader
    from digestqa.retrieval import Retriever

    asked = _questions(place, questions)
    # Some machines take back memory that nothing has read for minutes, and then the disk would be measured.
    for file in place.embeddings.iterdir():
        file.read_bytes()
    times_ms: list[float] = []
    own_mb, right, answerable = 0.0, 0, 0
    over_library_ms: list[float] = []
    with Library.open(place.embeddings, place.seeds) as library:
        encoder, _ = open_query_encoder(library)
        make_reader, _ = open_reader(None)
        assistant = Assistant(library, Retriever(library, encoder), make_reader(encoder), place.seeds)
        for question in asked[:5]:
            assistant.ask(question["question"])
        for question in asked:
            began = time.perf_counter()
            reply = assistant.ask(question["question"])
            times_ms.append((time.perf_counter() - began) * 1000)
            own_mb = max(own_mb, memory_mb()[1])
            if question["answers"]:
                answerable += 1
                cited = [answer.citation.source for answer in reply.answers[:1]] or [
                    citation.source for citation in reply.nearest[:1]
                ]
                right += cited == question["source"]
        for text in _over_library(asked):
            began = time.perf_counter()
            assistant.ask(text)
            over_library_ms.append((time.perf_counter() - began) * 1000)
    slowest = sorted(zip(times_ms, (question["question"] for question in asked), strict=True), reverse=True)[:5]
    return {
        "questions": len(asked),
        "p50_ms": quantile(times_ms, 0.5),
        "p95_ms": quantile(times_ms, 0.95),
        "over_library_ms": statistics.median(over_library_ms),
        "over_library_most_ms": max(over_library_ms),
        "peak_mb": memory_mb()[0],
        "own_mb": own_mb,
        "right_study": right / max(1, answerable),
        "slowest": slowest,
    }


def _cold(place: Place, runs: int) -> dict[str, Any]:
    """Ask in new processes; the first only warms the file cache."""
    asked = _questions(place, runs + 1)
    costs = [
        run_process([sys.executable, "-m", "digestqa", "ask", *place.options, question["question"]], allowed=(0, 1))
        for question in asked
    ][1:]
    return {
        "median_s": statistics.median(cost.elapsed_s for cost in costs),
        "most_s": max(cost.elapsed_s for cost in costs),
        "processor_s": statistics.median(cost.processor_s for cost in costs),
        "peak_mb": max(cost.peak_mb for cost in costs),
        "own_mb": max(cost.own_mb for cost in costs),
    }


def _one_more(place: Place, runs: int) -> dict[str, Any]:
    """Take up one new digest, given by its path, a few times."""
    with tempfile.TemporaryDirectory() as folder:
        return _costs_of_ingest([place.taking_up(str(path)) for path in _new_digests(place, runs, Path(folder))])


def _one_found(place: Place, runs: int) -> dict[str, Any]:
    """Find one new digest among all that lie in the folder and take it up, a few times."""
    return _costs_of_ingest(place.taking_up() for _ in _new_digests(place, runs, place.seeds / "new"))


def _new_digests(place: Place, count: int, folder: Path) -> Iterator[Path]:
    """Write digests that the library does not hold into a folder, one each time that the next is asked for."""
    folder.mkdir(exist_ok=True)
    for number in itertools.count(_FIRST_NEW_STUDY):
        made = study(number, layout="A")
        if not any(place.seeds.glob(f"*/{made.file_name}")) and not (place.seeds / made.file_name).exists():
            path = folder / made.file_name
            path.write_text(page(made), encoding="utf-8", newline="")
            yield path
            count -= 1
        if not count:
            return


def _costs_of_ingest(commands: Iterable[list[str]]) -> dict[str, Any]:
    costs = [run_process(command) for command in commands]
    return {
        "median_s": statistics.median(cost.elapsed_s for cost in costs),
        "most_s": max(cost.elapsed_s for cost in costs),
        "processor_s": statistics.median(cost.processor_s for cost in costs),
        "peak_mb": max(cost.peak_mb for cost in costs),
    }


def _over_library(asked: list[dict[str, Any]]) -> list[str]:
    """Return questions that count or list studies, about what some of the questions are about."""
    made = [study(int(question["id"][1:].split("-")[0])).facts for question in asked[:: max(1, len(asked) // 4)]]
    return ["how many studies are recruiting?", *(f"which studies tested {facts['compound']}?" for facts in made)] + [
        f"how many randomised trials of {facts['compound']} are there?" for facts in made
    ]


def _questions(place: Place, count: int) -> list[dict[str, Any]]:
    """Return so many questions, spread over the file; each comes again where it has fewer."""
    lines = (place.folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    spread = [json.loads(lines[number * len(lines) // count % len(lines)]) for number in range(count)]
    return spread
