"""Reciprocal rank fusion of ranked lists."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

RRF_K = 10
"""How little the very first ranks count above the next; the paper's 60 finds fewer of the right passages here."""


def reciprocal_rank_fusion(
    rankings: Mapping[str, Sequence[Key]], weights: Mapping[str, float] | None = None, k: int = RRF_K
) -> dict[Key, float]:
    """Fuse rankings by the sum of ``weight / (k + rank)`` over the lists that hold an item.

    Args:
        rankings: by list name, items from best to worst, each item at most once a list.
        weights: by list name; 1.0 where none is given.
        k: the smoothing constant.

    Returns:
        Fused score by item, higher is better.

    Source: Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
    methods", SIGIR 2009.
    """
    fused: dict[Key, float] = {}
    for name, ranking in rankings.items():
        weight = 1.0 if weights is None else weights.get(name, 1.0)
        for rank, item in enumerate(ranking, start=1):
            fused[item] = fused.get(item, 0.0) + weight / (k + rank)
    return fused
