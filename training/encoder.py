"""Fine-tunes the sentence encoder on the digests' questions, to see whether it pays.

python -m training.encoder --data DATA --out OUT

Each step takes questions, a passage that answers each, and one that ranks high and does not (multiple negatives ranking
loss with hard negatives; Henderson et al. 2017, Reimers and Gurevych 2019). Studies held out of the reader's training
are held out here too. OUT is a sentence-transformers folder: ``digestqa rebuild --model OUT`` and
``benchmarks/retrieval.py --encoder OUT`` take it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

from .corpus import Corpus, Question, held_studies, split_questions
from .paths import SPLIT_SEED
from .ranking import rank_places
from .trunk import packaged_trunk

Triple = tuple[str, str, str]
NEGATIVE_POOL = 8


class Triples:
    """(question, passage that answers, passage that does not), drawn anew each epoch."""

    def __init__(self, corpus: Corpus, questions: Sequence[Question], cache: Path) -> None:
        self._corpus = corpus
        self._asked = [(q, [g.place for g in gold]) for q in questions if q.answers and (gold := corpus.gold(q))]
        scores = rank_places([q.resolved for q, _ in self._asked], corpus.places, packaged_trunk(), cache)
        self._hard = [
            self._wrong(row, np.argsort(-line, kind="stable")[:60].tolist()) for row, line in enumerate(scores)
        ]

    def _wrong(self, row: int, ranked: Sequence[int]) -> list[int]:
        question, gold = self._asked[row]
        mine = {i for study in question.sources for i in self._corpus.of_study[study]}
        safe = [int(i) for i in ranked if i not in gold and not (i in mine and self._corpus.may_answer(i, question))]
        return safe[:NEGATIVE_POOL]

    def epoch(self, rng: Random, size: int) -> Iterator[list[Triple]]:
        """Batches of at most `size`, in random order."""
        places = self._corpus.places
        order = rng.sample(range(len(self._asked)), len(self._asked))
        for first in range(0, len(order), size):
            batch = []
            for row in order[first : first + size]:
                question, gold = self._asked[row]
                batch.append(
                    (question.resolved, places[rng.choice(gold)].whole, places[rng.choice(self._hard[row])].whole)
                )
            yield batch


def train(encoder: SentenceTransformer, triples: Triples, epochs: int, size: int, rate: float, seed: int) -> None:
    """AdamW, linear warmup over a tenth of the steps and linear fall, bf16 autocast, word embeddings frozen."""
    torch.manual_seed(seed)
    for name, parameter in encoder.named_parameters():
        parameter.requires_grad_("word_embeddings" not in name)
    loss_of = MultipleNegativesRankingLoss(encoder)
    optimizer = torch.optim.AdamW([p for p in encoder.parameters() if p.requires_grad], lr=rate)
    batches = [batch for epoch in range(epochs) for batch in triples.epoch(Random(seed + epoch), size)]
    warm = max(1, len(batches) // 10)
    began, losses = time.monotonic(), []
    encoder.train()
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = rate * min((step + 1) / warm, (len(batches) - step) / (len(batches) - warm))
        columns = [encoder.preprocess(list(texts)) for texts in zip(*batch, strict=True)]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(columns, torch.arange(len(batch)))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 20 == 0:
            mean = sum(losses[-20:]) / 20
            print(f"step {step + 1}/{len(batches)} loss {mean:.4f} {time.monotonic() - began:.0f} s", flush=True)


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(prog="training.encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with digests-train/")
    parser.add_argument("--out", type=Path, required=True, help="folder for the encoder")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--seed", type=int, default=17)
    args = parser.parse_args()
    corpus = Corpus(args.data / "digests-train")
    asked, _ = split_questions(corpus, held_studies(corpus, SPLIT_SEED), SPLIT_SEED)
    encoder = SentenceTransformer(str(packaged_trunk()), device="cpu")
    encoder.max_seq_length = 256
    train(encoder, Triples(corpus, asked, args.out.parent / "cache"), args.epochs, args.batch, args.rate, args.seed)
    encoder.save(str(args.out))


if __name__ == "__main__":
    main()
