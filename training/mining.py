"""Hard negatives by a reader's own mistakes: which passages of the study it would answer a near-miss question from.

Passages are ranked by the margin that an earlier reader gives its best span in them. Only questions that the study
does not answer are mined: over an answerable one the hardest passage is too often one that says the same again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from .corpus import Corpus, Question
from .examples import Encoder
from .export import onnx_logits
from .predict import predict

Mined = dict[str, dict[int, float]]
"""Margins by question id and place index."""


def mine(corpus: Corpus, questions: Sequence[Question], encoder: Encoder, reader: Path, cache: Path) -> Mined:
    """Margins of an ONNX reader over the study's passages of every near-miss question; kept in folder `cache`."""
    wanted = [q for q in questions if not q.answers and q.sources]
    pairs = [(q, i) for q in wanted for s in q.sources for i in corpus.of_study.get(s, [])]
    examples = [corpus.example(q.resolved, i, qid=q.qid) for q, i in pairs]
    told = "\0".join(
        [
            hashlib.sha256(reader.read_bytes()).hexdigest(),
            *(f"{e.qid} {e.question} {i} {e.prefix}" for e, (_, i) in zip(examples, pairs, strict=True)),
        ]
    )
    path = cache / f"mined-{hashlib.sha256(told.encode()).hexdigest()[:16]}.json"
    if not path.exists():
        found = predict(examples, encoder, onnx_logits(reader))
        cache.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([round(p.margin, 3) for p in found]), encoding="utf-8")
    mined: Mined = {}
    for (question, place), margin in zip(pairs, json.loads(path.read_text(encoding="utf-8")), strict=True):
        mined.setdefault(question.qid, {})[place] = margin
    return mined
