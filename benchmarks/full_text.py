"""Full-text search of a large library against scoring all: ``python benchmarks/full_text.py LIBRARY QUESTIONS``.

LIBRARY is an embeddings folder, QUESTIONS lines of JSON with a ``question`` and, if it is a follow-up, its ``history``.
Every question that stands alone is searched twice: as digestqa does in a large library (a few hundred passages are
scored) and by SQLite's ``bm25()`` over every passage that holds a word. Printed is how many of the full search's first
12, 20 and 60 passages are among as many of the other search's, and the processor time of both. Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from pathlib import Path

from digestqa.library import Library, text_search
from digestqa.retrieval import Aliases
from digestqa.retrieval.retriever import POOL
from digestqa.retrieval.terms import search_terms, words

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.machine import describe

DEPTHS = (12, 20, POOL)


def searched(library: Library, aliases: Aliases, question: str, scored_wholly: int) -> tuple[list[int], float]:
    """Return the passages found, best first, and the processor time in seconds."""
    text_search.SCORED_WHOLLY = scored_wholly
    terms = search_terms(question, aliases.mentions(question)) or words(question)
    began = time.process_time()
    hits = library.search_text(terms, POOL)
    return [hit.passage_id for hit in hits], time.process_time() - began


def main() -> int:
    """Search, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--most", type=int, default=100, metavar="N", help="questions at most (default 100)")
    parsed = parser.parse_args()
    lines = parsed.questions.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines if line.strip()]
    # A follow-up is never searched without the question before it.
    questions = sorted({str(each["question"]) for each in asked if not each.get("history")})
    random.Random(0).shuffle(questions)
    shares: dict[int, list[float]] = {depth: [] for depth in DEPTHS}
    chosen_s, whole_s, first = [], [], []
    with Library.open(parsed.library, Path("seeds")) as library:
        aliases = Aliases(library)
        for question in questions[: parsed.most]:
            chosen, chosen_time = searched(library, aliases, question, 0)
            whole, whole_time = searched(library, aliases, question, sys.maxsize)
            if not whole:
                continue
            chosen_s.append(chosen_time)
            whole_s.append(whole_time)
            first.append(chosen[:1] == whole[:1])
            for depth in DEPTHS:
                shares[depth].append(len({*chosen[:depth]}.intersection(whole[:depth])) / len(whole[:depth]))
        print(f"{describe()}\n\n{library.counts.passages:,} passages, {len(first)} questions")
    for depth in DEPTHS:
        print(f"of the first {depth:2d}: {statistics.mean(shares[depth]):.3f}")
    print(f"same first passage: {statistics.mean(first):.3f}")
    for name, times in (("a few hundred scored", chosen_s), ("all scored", whole_s)):
        slowest = statistics.quantiles(times, n=20)[-1]
        print(f"{name}: median {1000 * statistics.median(times):.0f} ms, 95 of 100 within {1000 * slowest:.0f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
