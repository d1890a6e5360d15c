"""A plain simulation of the product's retrieval: MiniLM cosine and BM25, fused by reciprocal rank."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.feature_extraction.text import CountVectorizer
from tokenizers import Tokenizer

from .corpus import Place
from .model import build

Scores = np.ndarray[Any, np.dtype[np.float32]]

RRF_K = 60
NCT = re.compile(r"NCT\d{8}", re.IGNORECASE)


def embed(texts: Sequence[str], trunk: Path, max_length: int = 256, batch: int = 48) -> Scores:
    """Unit vectors (n, 384): masked mean of the trunk's last layer, the pooling that the trunk was trained with."""
    tokenizer = Tokenizer.from_file(str(trunk / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    model = build(trunk, 0.0).trunk.train(False)
    ids = [e.ids for e in tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    out = np.zeros((len(ids), model.config.hidden_size), np.float32)
    for first in range(0, len(order), batch):
        rows = order[first : first + batch]
        longest = max(len(ids[i]) for i in rows)
        tokens = torch.zeros(len(rows), longest, dtype=torch.long)
        mask = torch.zeros_like(tokens)
        for r, i in enumerate(rows):
            tokens[r, : len(ids[i])] = torch.tensor(ids[i])
            mask[r, : len(ids[i])] = 1
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = model(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        out[rows] = torch.nn.functional.normalize(mean, dim=-1).numpy()
    return out


def bm25(questions: Sequence[str], texts: Sequence[str], k1: float = 1.2, b: float = 0.75) -> Scores:
    """Okapi BM25 scores (questions, texts)."""
    vectorizer = CountVectorizer(token_pattern=r"(?u)[\w.%]*\w", stop_words="english")
    counts = vectorizer.fit_transform(texts).tocsr().astype(np.float32)
    length = np.asarray(counts.sum(1)).ravel()
    seen = np.asarray((counts > 0).sum(0)).ravel()
    idf = np.log(1 + (len(texts) - seen + 0.5) / (seen + 0.5))
    rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
    norm = k1 * (1 - b + b * length / length.mean())
    counts.data = counts.data * (k1 + 1) / (counts.data + norm[rows])
    asked = (vectorizer.transform(questions) > 0).astype(np.float32)
    return np.asarray((asked.multiply(idf).tocsr() @ counts.T).todense(), dtype=np.float32)


def fused(cosine: Scores, lexical: Scores) -> Scores:
    """Reciprocal-rank fusion of two score matrices (questions, places)."""
    total = np.zeros_like(cosine)
    for scores in (cosine, lexical):
        rank = np.empty_like(scores, dtype=np.int32)
        np.put_along_axis(rank, np.argsort(-scores, axis=1, kind="stable"), np.arange(scores.shape[1])[None], axis=1)
        total += 1.0 / (RRF_K + 1 + rank)
    return total


def cached_vectors(texts: Sequence[str], trunk: Path, cache: Path) -> Scores:
    """`embed`, kept in folder `cache` under a hash of the texts: runs over the same data share the vectors."""
    name = hashlib.sha256("\0".join([*texts, str(trunk.name)]).encode()).hexdigest()[:16]
    path = cache / f"vectors-{name}.npy"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(path, embed(texts, trunk))
    return np.asarray(np.load(path), dtype=np.float32)


def rank_places(questions: Sequence[str], places: Sequence[Place], trunk: Path, cache: Path) -> Scores:
    """Retrieval scores (questions, places); a study named by its NCT id is the scope, all else scores 0."""
    texts = [p.whole for p in places]
    cosine = cached_vectors(questions, trunk, cache) @ cached_vectors(texts, trunk, cache).T
    scores = fused(cosine, bm25(questions, texts))
    studies = np.array([p.study for p in places])
    for row, question in enumerate(questions):
        named = [m.upper() for m in NCT.findall(question)]
        inside = np.isin(studies, named)
        if inside.any():
            scores[row, ~inside] = 0.0
    return scores
