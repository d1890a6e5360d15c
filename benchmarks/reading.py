"""What a warm question costs: ``python benchmarks/reading.py DATA [--scratch DIR] [--questions 60] [--write]``.

DATA holds ``digests/`` and ``qa.jsonl``. The models are loaded and warmed; then, for each of some questions spread over
the file, are timed: encoding it, finding its passages (which encodes it once more), and reading the best of them.
Printed are median and 95th percentile of each and of finding and reading together, in milliseconds, the same for
``Assistant.ask`` (which reads more passages and makes the citations), and the machine. Each question gets a reader that
keeps no vectors of the questions before it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.machine import add_write_argument, describe, markdown_table, quantile, report

from digestqa.answering import PASSAGES_READ, Assistant, PageContext
from digestqa.conversation import resolve
from digestqa.encoders import QueryEncoder
from digestqa.encoders.session import available_cores
from digestqa.evaluation.questions import EvalQuestion, read_questions
from digestqa.library import Library, ingest
from digestqa.opening import open_query_encoder, open_reader
from digestqa.reading import Reader
from digestqa.retrieval import Filters, Retriever

TARGET_MS = 100.0
"""Median of a warm question over 8 passages on 2 cores."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A library with its models, loaded once.

    Attributes:
        assistant: over the library.
        encoder: that of the assistant.
        apart: the same encoder again, for timing it alone: the assistant's keeps the vectors of the last questions.
        make_reader: makes a reader with nothing kept, of a model that is loaded.
    """

    assistant: Assistant
    encoder: QueryEncoder
    apart: QueryEncoder
    make_reader: Callable[[QueryEncoder], Reader]

    def steps(self, question: EvalQuestion, passages: int) -> dict[str, float]:
        """Return the milliseconds of each step."""
        text = resolve(question.question, question.history).text
        reader = self.make_reader(self.encoder)
        began = time.perf_counter()
        self.apart.encode_query(text)
        encoded = time.perf_counter()
        retrieved_passages = self.assistant.retriever.retrieve(text, Filters(), passages)
        found = PageContext(self.assistant.library).readable(text, retrieved_passages)
        retrieved = time.perf_counter()
        reader.read(text, found)
        ended = time.perf_counter()
        return {
            "encode": (encoded - began) * 1000,
            "encode and retrieve": (retrieved - encoded) * 1000,
            f"read {passages} passages": (ended - retrieved) * 1000,
            "whole": (ended - encoded) * 1000,
        }

    def asking(self, question: EvalQuestion) -> dict[str, float]:
        """Return the milliseconds from question to reply."""
        self.assistant.reader = self.make_reader(self.encoder)
        return {f"ask, {PASSAGES_READ} passages": self.assistant.ask(question.question).elapsed_ms}


def open_bench(library: Library, seeds: Path, reader: str | None) -> Bench:
    """Load the models."""
    encoder, _ = open_query_encoder(library)
    apart, _ = open_query_encoder(library)
    make_reader, _ = open_reader(reader)
    assistant = Assistant(library, Retriever(library, encoder), make_reader(encoder), seeds)
    return Bench(assistant, encoder, apart, make_reader)


def row(step: str, times_ms: list[float]) -> list[str]:
    """Return the figures of one step."""
    return [step, f"{statistics.median(times_ms):.1f}", f"{quantile(times_ms, 0.95):.1f}"]


def main() -> int:
    """Build or take up the library, time, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--scratch", type=Path, help="folder of a library over DATA/digests, kept for the next time")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passages", type=int, default=8)
    parser.add_argument("--reader", help="reader by name or path; the package's own by default")
    add_write_argument(parser)
    arguments = parser.parse_args()
    machine = describe()
    if not (arguments.data / "qa.jsonl").is_file():
        sys.exit(f"{arguments.data} has no qa.jsonl")
    every = read_questions(arguments.data / "qa.jsonl")
    questions = list(every[:: max(1, len(every) // arguments.questions)])[: arguments.questions]
    seeds = arguments.data / "digests"
    with tempfile.TemporaryDirectory() as temporary:
        scratch = arguments.scratch or Path(temporary)
        ingest(scratch, seeds)
        with Library.open(scratch, seeds) as library:
            bench = open_bench(library, seeds, arguments.reader)
            for question in questions[:3]:
                bench.asking(question)
            rounds = [question for _ in range(arguments.rounds) for question in questions]
            steps = [bench.steps(question, arguments.passages) for question in rounds]
            asked = [bench.asking(question) for question in rounds]
            reader = bench.assistant.reader.name
    every_step = {name: [times[name] for times in rows] for rows in (steps, asked) for name in rows[0]}
    rows = [row(name, times_ms) for name, times_ms in every_step.items()]
    median = statistics.median(every_step["whole"])
    told = (
        f"{markdown_table(['', 'median, ms', 'p95, ms'], rows)}\n\n{len(questions)} questions, "
        f"{arguments.rounds} rounds, reader {reader}, {available_cores()} threads. The whole was to take "
        f"at most {TARGET_MS:.0f} ms: {'met' if median <= TARGET_MS else 'missed'}."
    )
    report("reading", machine, told, arguments.write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
