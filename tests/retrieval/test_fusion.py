from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestqa.retrieval.fusion import reciprocal_rank_fusion

RANKINGS = st.lists(st.integers(0, 30), unique=True)


def test_an_item_high_in_both_lists_beats_the_top_of_either() -> None:
    fused = reciprocal_rank_fusion({"dense": [1, 2, 3], "lexical": [4, 2, 5]})
    assert max(fused, key=fused.__getitem__) == 2


def test_the_score_is_the_sum_of_reciprocal_ranks() -> None:
    fused = reciprocal_rank_fusion({"a": ["x"], "b": ["y", "x"]}, {"b": 2.0}, k=60)
    assert fused["x"] == pytest.approx(1 / 61 + 2 / 62)
    assert fused["y"] == pytest.approx(2 / 61)


@given(RANKINGS, RANKINGS)
def test_every_item_is_kept_and_order_within_one_list_holds(first: list[int], second: list[int]) -> None:
    fused = reciprocal_rank_fusion({"first": first, "second": second})
    assert set(fused) == set(first) | set(second)
    alone = reciprocal_rank_fusion({"first": first})
    assert sorted(alone, key=lambda item: -alone[item]) == first
