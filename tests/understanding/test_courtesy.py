"""Words around what is asked."""

from __future__ import annotations

import pytest

from digestqa.understanding.courtesy import place_of_asking, plainly


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Hi, could you please list the studies for me?", "list the studies"),
        ("Tell me which trials there are, thanks!", "which trials there are"),
        ("I’d like  a summary", "a summary"),
        ("so what’s it about?", "what's it about"),
        ("tell me about it", "tell me about it"),
        ("softer doses?", "softer doses"),
        ("display", "display"),
    ],
)
def test_courtesy_is_left_out(question: str, plain: str) -> None:
    assert plainly(question) == plain


@pytest.mark.parametrize("question", ["please", "ok!", "…"])
def test_where_nothing_else_is_said_all_of_it_is_kept(question: str) -> None:
    assert place_of_asking(question) == (0, len(question))
