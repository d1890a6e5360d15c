"""Length-bucketed batches and their padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import torch
from torch import Tensor

from .examples import Feature

MAX_SPANS = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded model inputs, all (batch, sequence), with targets `spans` (batch, MAX_SPANS, 2)."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    allowed: Tensor
    spans: Tensor


def collate(features: Sequence[Feature]) -> Batch:
    """Pad to the longest feature of the batch, rounded up to 8: few distinct shapes keep kernel caches small."""
    n, longest = len(features), -(-max(len(f.ids) for f in features) // 8) * 8
    ids = torch.zeros(n, longest, dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    allowed = torch.zeros(n, longest, dtype=torch.bool)
    spans = torch.full((n, MAX_SPANS, 2), -1, dtype=torch.long)
    for row, f in enumerate(features):
        size = len(f.ids)
        ids[row, :size] = torch.tensor(f.ids)
        mask[row, :size] = 1
        types[row, f.second : size] = 1
        allowed[row, 0] = True
        allowed[row, f.passage : size - 1] = True
        for k, span in enumerate(f.spans[:MAX_SPANS]):
            spans[row, k, 0], spans[row, k, 1] = span
    return Batch(ids, mask, types, allowed, spans)


def bucketed(features: Sequence[Feature], size: int, rng: Random, pool: int = 60) -> Iterator[list[Feature]]:
    """Batches of `size` features of near-equal length, in random order.

    Sorting happens inside random pools of `pool` batches, so that batches stay mixed while padding stays low.
    """
    order = list(features)
    rng.shuffle(order)
    batches: list[list[Feature]] = []
    for first in range(0, len(order), size * pool):
        chunk = sorted(order[first : first + size * pool], key=lambda f: len(f.ids))
        batches.extend(chunk[i : i + size] for i in range(0, len(chunk), size))
    rng.shuffle(batches)
    yield from batches


def grouped(
    groups: Sequence[Sequence[Feature]], loose: Sequence[Feature], questions: int, rng: Random
) -> Iterator[list[Feature]]:
    """Steps of `questions` whole groups each, with the `loose` features spread evenly over the steps."""
    order = [g for g in groups if g]
    rng.shuffle(order)
    extra = list(loose)
    rng.shuffle(extra)
    steps = -(-len(order) // questions)
    for step in range(steps):
        mine = [f for g in order[step * questions : (step + 1) * questions] for f in g]
        yield mine + extra[len(extra) * step // steps : len(extra) * (step + 1) // steps]
