"""How often the right passage is found: ``python benchmarks/retrieval.py DATA [--scratch DIR] [--encoder NAME]``.

DATA holds ``digests/`` and ``qa.jsonl``. For each answerable question the passages are ranked by vectors alone, by full
text alone and by their fusion with several constants and weights; printed are recall@k of a passage that answers, as
``digestqa eval`` has it, and how often the first passage is of the right study. First the names in a question are taken
as written, then with their other names (full text) and long forms (vectors).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digestqa.conversation import resolve
from digestqa.encoders import load_query_encoder
from digestqa.evaluation.questions import EvalQuestion, read_questions
from digestqa.evaluation.rightness import cites, right_passages
from digestqa.library import Library, StoredPassage, ingest
from digestqa.retrieval import Aliases, named_studies
from digestqa.retrieval.aliases import spelled_out
from digestqa.retrieval.fusion import RRF_K, reciprocal_rank_fusion
from digestqa.retrieval.retriever import POOL, WEIGHTS
from digestqa.retrieval.terms import search_terms, words

DEPTHS = (1, 3, 5, 8, 12, 20)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question, its two rankings (passage ids, best first) and the passages that are right."""

    question: EvalQuestion
    dense: list[int]
    lexical: list[int]
    right_passages: frozenset[int]


def rankings(data: Path, library: Library, *, names: bool) -> tuple[list[Ranked], dict[int, StoredPassage]]:
    """Rank the passages for every answerable question, with the other names of what it names or as it is written."""
    files, identity = library.query_encoder_files, library.identity.encoder
    assert files is not None
    assert identity is not None
    encoder = load_query_encoder(*files, identity)
    passages = {passage.id: passage for passage in library.passages(library.passage_ids())}
    aliases = Aliases(library)
    ranked = []
    for question in read_questions(data / "qa.jsonl"):
        if not question.answerable:
            continue
        text = resolve(question.question, question.history).text
        known = named_studies(text, library).known
        within = library.passage_ids(known) if known else None
        mentions = aliases.mentions(text) if names else ()
        dense = library.search_vectors(encoder.encode_query(spelled_out(text, mentions)), POOL, within)
        lexical = library.search_text(search_terms(text, mentions) or words(text), POOL, within)
        ranked.append(
            Ranked(
                question,
                [hit.passage_id for hit in dense],
                [hit.passage_id for hit in lexical],
                right_passages(question, library),
            )
        )
    return ranked, passages


def show(
    name: str, rank: Callable[[Ranked], list[int]], ranked: list[Ranked], passages: dict[int, StoredPassage]
) -> None:
    """Print one line of figures."""
    orders = [(rank(item), item) for item in ranked]
    recall = [sum(bool(item.right_passages & set(order[:depth])) for order, item in orders) for depth in DEPTHS]
    firsts = [(passages[order[0]].digest, item.question) for order, item in orders if order]
    study = sum(cites(question.sources, digest.source, digest.path) for digest, question in firsts)
    figures = "  ".join(f"@{depth} {found / len(ranked):.3f}" for depth, found in zip(DEPTHS, recall, strict=True))
    print(f"{name:28s} {figures}  study@1 {study / len(ranked):.3f}")


def fused(k: int, weights: dict[str, float]) -> Callable[[Ranked], list[int]]:
    """Return a ranking by reciprocal rank fusion."""

    def rank(question: Ranked) -> list[int]:
        scores = reciprocal_rank_fusion({"dense": question.dense, "lexical": question.lexical}, weights, k)
        return sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))

    return rank


def main() -> int:
    """Rank and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--scratch", type=Path, help="folder of a library over DATA/digests, kept for the next time")
    parser.add_argument("--encoder", help="name or folder of another encoder")
    arguments = parser.parse_args()
    if not (arguments.data / "qa.jsonl").is_file():
        sys.exit(f"{arguments.data} has no qa.jsonl")
    with tempfile.TemporaryDirectory() as temporary:
        scratch = arguments.scratch or Path(temporary)
        ingest(scratch, arguments.data / "digests", encoder_name=arguments.encoder)
        with Library.open(scratch, arguments.data / "digests") as library:
            plain, passages = rankings(arguments.data, library, names=False)
            ranked, passages = rankings(arguments.data, library, names=True)
    print(f"{len(ranked)} answerable questions over {len(passages):,} passages; recall of a right passage at k")
    show("vectors, as written", lambda question: question.dense, plain, passages)
    show("full text, as written", lambda question: question.lexical, plain, passages)
    show("fused, as written", fused(RRF_K, WEIGHTS), plain, passages)
    show("vectors", lambda question: question.dense, ranked, passages)
    show("full text", lambda question: question.lexical, ranked, passages)
    for k in (10, 20, 60):
        for weight in (0.5, 0.75, 1.0, 1.25, 1.5):
            used = "  (used)" if (k, weight) == (RRF_K, WEIGHTS["lexical"]) else ""
            show(f"fused, k={k}, 1:{weight}{used}", fused(k, {"dense": 1.0, "lexical": weight}), ranked, passages)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
