"""Retrieved passages become readable with what else their page has of the question, however many were retrieved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from digestqa import Assistant
from digestqa.answering import PageContext
from digestqa.retrieval import Filters
from shelf import Shelf


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


def test_what_is_told_of_a_page_does_not_depend_on_how_many_passages_were_retrieved(assistant: Assistant) -> None:
    question = "what did zelanide do to heart failure in adults, and why does it matter?"
    pages = PageContext(assistant.library)
    told = [
        {(passage.study, passage.start): passage.elsewhere for passage in pages.readable(question, found)}
        for found in (assistant.retriever.retrieve(question, Filters(), count) for count in (1, 3, 12))
    ]
    assert all(few.items() <= many.items() for few, many in pairwise(told))
    assert any(words for words in told[-1].values())


def test_words_are_told_only_where_the_passage_and_its_headline_lack_them(assistant: Assistant) -> None:
    question = "what did zelanide do to heart failure in adults, and why does it matter?"
    for passage in PageContext(assistant.library).readable(
        question, assistant.retriever.retrieve(question, Filters(), 12)
    ):
        seen = f"{passage.headline} {passage.section} {passage.text}".lower()
        assert not [word for word in passage.elsewhere if word in seen.split()]
        assert set(passage.elsewhere) <= {"zelanide", "heart", "failure", "adults", "matter"}


def test_what_the_footer_says_is_not_told(assistant: Assistant) -> None:
    question = "was it ingested with gemini-2.5-flash from clinicaltrials?"
    retrieved = assistant.retriever.retrieve("what did zelanide do?", Filters(), 12)
    told = {
        word for passage in PageContext(assistant.library).readable(question, retrieved) for word in passage.elsewhere
    }
    assert not told & {"ingested", "gemini-2.5-flash", "gemini"}


def test_of_a_long_page_no_more_than_its_first_passages_are_told(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "did zelanide cause dizziness?"
    retrieved = assistant.retriever.retrieve("when was zelanide given?", Filters(sources=("NCT90000002",)), 12)
    (digest,) = assistant.library.find_digests("NCT90000002")
    passages = assistant.library.digest_passages(digest.id)
    first = next(place for place, passage in enumerate(passages) if "dizziness" in passage.text)
    for most, told in ((first, False), (first + 1, True)):
        monkeypatch.setattr("digestqa.answering.page_context._PASSAGES_OF_A_PAGE", most)
        readable = PageContext(assistant.library).readable(question, retrieved)
        assert any("dizziness" in passage.elsewhere for passage in readable) is told


def test_the_first_passages_of_a_page_are_enough(assistant: Assistant) -> None:
    (digest,) = assistant.library.find_digests("NCT90000001")
    passages = assistant.library.digest_passages(digest.id)
    assert assistant.library.digest_passages(digest.id, most=2) == passages[:2]
    assert assistant.library.digest_passages(digest.id, most=400) == passages
