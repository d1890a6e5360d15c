"""Reading spans back from the logits, and SQuAD-style scores of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from digestqa.evaluation.rightness import exact_match, token_f1

from .batches import collate
from .examples import Encoder, Example, Feature
from .model import Reader

Array = np.ndarray[Any, np.dtype[np.float32]]
Logits = Callable[[Sequence[Feature]], list[tuple[Array, Array, float]]]
"""Features in; start and end logits, each (length,), and the answerable logit of each feature out."""

MAX_SPAN_TOKENS = 48


@dataclass(frozen=True, slots=True)
class Prediction:
    """Best span of a passage: characters [start, end), its margin over the null answer, the answerable logit."""

    start: int
    end: int
    margin: float
    answerable: float


def torch_logits(reader: Reader, batch: int = 48) -> Logits:
    """Logits by the torch model in bf16 autocast, batches sorted by length."""

    def run(features: Sequence[Feature]) -> list[tuple[Array, Array, float]]:
        reader.eval()
        order = sorted(range(len(features)), key=lambda i: len(features[i].ids))
        out: list[tuple[Array, Array, float]] = [(np.zeros(0, np.float32), np.zeros(0, np.float32), 0.0)] * len(order)
        for first in range(0, len(order), batch):
            rows = order[first : first + batch]
            b = collate([features[i] for i in rows])
            with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
                start, end, answerable = reader(b.input_ids, b.attention_mask, b.token_type_ids)
            for r, i in enumerate(rows):
                size = len(features[i].ids)
                out[i] = (start[r, :size].float().numpy(), end[r, :size].float().numpy(), float(answerable[r]))
        return out

    return run


def best_span(feature: Feature, start: Array, end: Array) -> tuple[int, int, float]:
    """Characters of the best span of one window and its margin: span logits minus the logits of position 0."""
    first = feature.passage
    s, e = start[first : first + len(feature.offsets)], end[first : first + len(feature.offsets)]
    if not len(s):
        return 0, 0, -1e9
    total = s[:, None] + e[None, :]
    near = np.triu(np.ones_like(total, dtype=bool)) & ~np.triu(np.ones_like(total, dtype=bool), MAX_SPAN_TOKENS)
    total = np.where(near, total, -np.inf)
    i, j = divmod(int(total.argmax()), total.shape[1])
    return feature.offsets[i][0], feature.offsets[j][1], float(total[i, j] - start[0] - end[0])


def predict(examples: Sequence[Example], encoder: Encoder, logits: Logits, stride: int = 128) -> list[Prediction]:
    """Best span of every example over all its windows."""
    encoder.warm(t for e in examples for t in (e.question, e.passage))
    features = [f for i, e in enumerate(examples) for f in encoder.read_features(e, i, stride)]
    best = [Prediction(0, 0, -1e9, -1e9)] * len(examples)
    for feature, (start, end, answerable) in zip(features, logits(features), strict=True):
        a, b, margin = best_span(feature, start, end)
        old = best[feature.index]
        if margin > old.margin:
            old = Prediction(a, b, margin, old.answerable)
        best[feature.index] = Prediction(old.start, old.end, old.margin, max(old.answerable, answerable))
    return best


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties half."""
    if not len(positive) or not len(negative):
        return float("nan")
    neg = np.sort(np.asarray(negative))
    pos = np.asarray(positive)
    below, upto = np.searchsorted(neg, pos, "left"), np.searchsorted(neg, pos, "right")
    return float((below + upto).mean() / 2 / len(neg))


def squad_figures(examples: Sequence[Example], predictions: Sequence[Prediction]) -> dict[str, float]:
    """EM and F1 at margin 0 and at the best threshold, F1 of the answerable alone, AUROC of the margin (all 0 to 1).

    The best-threshold figure is what SQuAD 2.0's own script calls best_f1.
    """
    f1 = np.zeros(len(examples))
    em = np.zeros(len(examples))
    has = np.array([bool(e.answers) for e in examples])
    margin = np.array([p.margin for p in predictions])
    for i, (e, p) in enumerate(zip(examples, predictions, strict=True)):
        if e.answers:
            text = e.passage[p.start : p.end]
            answers = [e.passage[a:b] for a, b in e.answers]
            f1[i], em[i] = token_f1(text, answers), exact_match(text, answers)

    def at(threshold: float) -> tuple[float, float]:
        given = margin > threshold
        return (
            float(np.where(has, np.where(given, em, 0), ~given).mean()),
            float(np.where(has, np.where(given, f1, 0), ~given).mean()),
        )

    em0, f10 = at(0.0)
    best = max((at(float(t)) for t in np.quantile(margin, np.linspace(0, 1, 201))), key=lambda x: x[1])
    answerable = [p.answerable for p in predictions]
    return {
        "n": float(len(examples)),
        "em": em0,
        "f1": f10,
        "best_em": best[0],
        "best_f1": best[1],
        "has_f1": float(f1[has].mean()) if has.any() else float("nan"),
        "has_em": float(em[has].mean()) if has.any() else float("nan"),
        "auroc": auroc(margin[has].tolist(), margin[~has].tolist()),
        "auroc_cls": auroc([a for a, h in zip(answerable, has, strict=True) if h],
                           [a for a, h in zip(answerable, has, strict=True) if not h]),
    }  # fmt: skip
