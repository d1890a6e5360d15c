"""Which studies tested something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa import Assistant
from shelf import Shelf


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


@pytest.mark.parametrize("question", ["which trials tested zelanide?", "which studies gave furosemide?"])
def test_the_studies_called_after_a_thing_are_listed_with_how_it_was_given(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert [answer.citation.source for answer in reply.answers] == ["NCT90000002"]
    assert reply.answers[0].citation.section not in ("header", "footer")
    assert reply.counted == (1, 3)
    answer = reply.answers[0]
    assert Path(answer.citation.path).read_text()[answer.citation.start : answer.citation.end] == answer.quote


def test_how_it_was_given_comes_before_what_it_is(assistant: Assistant) -> None:
    assert assistant.ask("which trials tested zelanide?").answers[0].quote.startswith("Zelanide was given at 20 mg")


@pytest.mark.parametrize(
    "question",
    ["which trials tested potassium?", "which trials gave zelanide at 20 mg?", "which trial is double-blind?"],
)
def test_what_no_study_is_called_after_is_read_for(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).counted is None
