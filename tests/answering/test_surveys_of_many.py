"""A question over a large library is answered as one over a small library with the same digests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digestqa import Assistant
from digestqa.replies import Reply
from shelf import Shelf

QUESTIONS = (
    "which trials are recruiting?",
    "which studies have no results yet?",
    "which digests mention a dose?",
    "which trials are RCTs?",
    "which studies are about heart failure?",
    "which trials are about itching?",
    "how many digests were written by example-model-1?",
)


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


def told(reply: Reply) -> tuple[object, ...]:
    answers = [(answer.citation.source, answer.text, answer.quote) for answer in reply.answers]
    return reply.status, reply.counted, answers, reply.notes


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_counted_and_quoted_alike(assistant: Assistant, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small = told(assistant.ask(question))
    assert small[1] is not None
    monkeypatch.setattr("digestqa.answering.survey_finders.READ_WHOLLY", 0)
    monkeypatch.setattr("digestqa.library.digest_lookup.BLOCK", 1)
    assert told(assistant.ask(question)) == small


def test_of_very_many_digests_those_not_shown_are_counted_too(
    assistant: Assistant, built_shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = assistant.ask("which digests mention a dose?").counted
    monkeypatch.setattr("digestqa.answering.surveys.PLACED", 1)
    reply = assistant.ask("which digests mention a dose?")
    assert (reply.counted, len(reply.answers)) == (counted, 1)
